"""What the checks are told of a project."""

from pathlib import Path

import pytest

from trueup.read import project as reader
from trueup.steps.proof import console_script

APP = "from fastapi import FastAPI\n\napp = FastAPI()\n"
SERVES = "import uvicorn\n\n\ndef main():\n    uvicorn.run('shop.main:app')\n"
MANIFEST = '[project]\nname = "shop"\nversion = "1.0"\ndependencies = ["fastapi"]\n\n[project.scripts]\nshop = "{}"\n'


@pytest.mark.parametrize(
    ("target", "files", "script"),
    [
        ("shop.serve:main", {"serve.py": SERVES}, "shop"),
        ("shop.main:start", {"main.py": f"import uvicorn\n{APP}def start():\n    uvicorn.run(app)\n"}, "shop"),
        ("shop.main:start", {"main.py": f"{APP}def start():\n    app.run()\n"}, "shop"),
        ("shop.__main__:main", {"__main__.py": "from shop.serve import main\n", "serve.py": SERVES}, "shop"),
        ("shop.__main__:main", {"__main__.py": "from . import serve\nmain = serve.main\n", "serve.py": SERVES}, "shop"),
        ("shop:main", {"__init__.py": "from .serve import main\n", "serve.py": SERVES}, "shop"),
        (
            "shop.cli:main",
            {"cli.py": "import argparse\n\n\ndef main():\n    argparse.ArgumentParser().parse_args()\n"},
            "",
        ),
        ("shop.dump:main", {"dump.py": "from shop.main import app\n\n\ndef main():\n    print(app.openapi())\n"}, ""),
        ("shop.cli:cli", {"cli.py": "import uvicorn, click\n\n\n@click.group()\ndef cli():\n    ...\n"}, ""),
        (
            "shop.cli:cli",
            {"cli.py": "import uvicorn, click\n\n\n@click.command()\ndef cli():\n    uvicorn.run('shop.main:app')\n"},
            "shop",
        ),
        ("shop.__main__:main", {"__main__.py": "def main():\n    print('bye')\n"}, "shop"),
        ("shop.__main__:main", {"__main__.py": "import sys\n\n\ndef main():\n    print(sys.argv)\n"}, ""),
        ("shop.seed:main", {"seed.py": "def main():\n    print('bye')\n"}, ""),
        ("shop.gone:main", {}, ""),
        ("other.serve:main", {}, ""),
    ],
)
def test_the_console_script_that_starts_the_application(
    target: str, files: dict[str, str], script: str, tmp_path: Path
) -> None:
    guarded = f"{APP}\nif __name__ == '__main__':\n    import uvicorn\n    uvicorn.run(app)\n"
    package = tmp_path / "src" / "shop"
    package.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text(MANIFEST.format(target), "utf-8")
    for name, text in {"__init__.py": "", "main.py": guarded, **files}.items():
        (package / name).write_text(text, "utf-8")
    assert console_script(reader.load(tmp_path)) == script
