import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent  # the project's root, where VERSION lies


class Settings:
    title = os.environ.get("SHOP_TITLE", "Shop")
    version = (BASE_DIR / "VERSION").read_text().strip() if (BASE_DIR / "VERSION").exists() else "unknown"


settings = Settings()
