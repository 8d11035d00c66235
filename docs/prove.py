"""Run the scripts of docs/departures.md, each in an empty folder, and look for what they are to show."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

PAGE = Path(__file__).parent / "departures.md"


def scripts() -> list[tuple[str, str, list[str]]]:
    """(heading, script, expected texts) of every fenced bash block."""
    sections = re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    return [
        (heading, script, re.findall(r"^# shows: (.+)$", script, re.M))
        for heading, body in sections
        for script in re.findall(r"^```bash\n(.*?)^```", body, re.M | re.S)
    ]


def main() -> int:
    """Say for each script whether it showed what it should."""
    failed = 0
    env = {key: value for key, value in os.environ.items() if not key.startswith(("VIRTUAL_ENV", "PYTHON"))}
    chosen = [row for row in scripts() if not sys.argv[1:] or sys.argv[1] in row[0]]
    for heading, script, expected in chosen:
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                ["bash", "-c", script], cwd=folder, env=env, capture_output=True, text=True, timeout=300, check=False
            )
        output = done.stdout + done.stderr
        missing = [text for text in expected if text not in output]
        failed += bool(missing)
        print("NO " if missing else "ok ", heading)
        for text in missing:
            print(f"    does not show: {text}\n{output[-1500:]}")
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
