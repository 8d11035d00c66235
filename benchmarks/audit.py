"""How long an audit takes, as ratios within one run: ``./dev bench [ROUNDS]``.

Whole processes, interleaved, medians: ``trueup audit --format json`` on the demo's small application and on the
standard library of the running Python (as a project of many files), against ``python -c pass`` and against a bare
``ast.parse`` of the same files. Ratios only: seconds differ from machine to machine.
"""

import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

PARSE = """
import ast, pathlib, sys, warnings
warnings.simplefilter("ignore")
for path in pathlib.Path(sys.argv[1]).rglob("*.py"):
    try:
        ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        pass
"""
DEMO = Path(__file__).parent.parent / "src" / "trueup" / "data" / "demo"


def trees(folder: Path) -> dict[str, Path]:
    """The projects that are audited, by name."""
    app, library = folder / "app", folder / "library"
    shutil.copytree(DEMO, app, ignore=shutil.ignore_patterns("__pycache__"))
    left_out = shutil.ignore_patterns("__pycache__", "test", "tests", "site-packages", "idlelib", "lib2to3")
    shutil.copytree(sysconfig.get_path("stdlib"), library / "src" / "library", ignore=left_out, symlinks=True)
    (library / "pyproject.toml").write_text('[project]\nname = "library"\nversion = "1"\n', "utf-8")
    return {"app": app, "library": library}


def seconds(argv: list[str]) -> float:
    """One whole process."""
    begun = time.perf_counter()
    subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - begun


def main() -> None:
    """Print a table of ratios."""
    rounds = int(sys.argv[1]) if sys.argv[1:] else 5
    python, trueup = [sys.executable, "-c"], [sys.executable, "-m", "trueup"]
    with tempfile.TemporaryDirectory() as scratch:
        commands = {"pass": [*python, "pass"], "--version": [*trueup, "--version"], "--help": [*trueup, "--help"]}
        sizes = {}
        for name, path in trees(Path(scratch)).items():
            commands[f"{name}: audit"] = [*trueup, "audit", str(path), "--format", "json"]
            commands[f"{name}: ast.parse"] = [*python, PARSE, str(path)]
            sizes[name] = sum(1 for _ in path.rglob("*.py"))
        taken: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(rounds):
            for name, argv in commands.items():
                taken[name].append(seconds(argv))
    middle = {name: statistics.median(times) for name, times in taken.items()}
    print(f"medians of {rounds} interleaved rounds")
    for name in ("--version", "--help"):
        print(f"{name:12} {middle[name] / middle['pass']:6.2f} x python -c pass")
    for name, files in sizes.items():
        audit, bare = middle[f"{name}: audit"], middle[f"{name}: ast.parse"]
        line = f"{name:12} {audit / middle['pass']:6.2f} x python -c pass, {audit / bare:5.2f} x ast.parse"
        print(line, f"of {files} files")


if __name__ == "__main__":
    main()
