"""How long an audit takes, as ratios within one run: ``./dev bench [ROUNDS [FILES [FOLDER ...]]]``.

Whole processes in interleaved pairs; a ratio is the median of the pairs' ratios. ``trueup audit --format json`` on the
demo's application, grown to 27 files, and on the standard library of the running Python (many files), against
``python -c pass`` and against a bare ``ast.parse`` of the same files; its peak memory against that of the same bare
parse; its growth from FILES/10 to FILES generated files (default: 4,000), which must be at most eleven fold; and once
more where nothing changed, against the first time. Each FOLDER, such as an unpacked source distribution, is one more
project of many files; it and the application are also given to ``ruff analyze graph``, deptry and sp-repo-review
(processor time, ``uv`` installs them).
Ratios only: seconds differ from machine to machine. ``PYTHONDONTWRITEBYTECODE`` is dropped: else every start compiles.
"""

import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

PARSE = """
import ast, pathlib, sys, warnings
warnings.simplefilter("ignore")
for path in pathlib.Path(sys.argv[1]).rglob("*.py"):
    try:
        ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        pass
"""
# Runs a command line and writes the largest memory of its process: Linux and macOS.
PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
MODULE = '''"""Module {number}."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from app.part{folder} import module{other}

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMIT = {number}


class Thing{number}:
    """Something."""

    def values(self, limit: int = LIMIT) -> Iterator[str]:
        """Some text."""
        for value in range(limit):
            yield json.dumps({{"value": value, "other": module{other}.__name__}})
'''
DEMO = Path(__file__).parent.parent / "src" / "trueup" / "data" / "demo"
PYTHON = [sys.executable, "-c"]
TRUEUP = [sys.executable, "-m", "trueup"]
PASS = [*PYTHON, "pass"]
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


class Pair(NamedTuple):
    """Two command lines, the time of the first to be told in times of the second."""

    what: str
    first: list[str]
    second: list[str]
    unit: str


def app(folder: Path) -> Path:
    """The demo's application, grown to 27 files by more routers."""
    root = folder / "app"
    shutil.copytree(DEMO, root, ignore=shutil.ignore_patterns("__pycache__"))
    for number in range(27 - count(root)):
        shutil.copy(root / "routers" / "items.py", root / "routers" / f"items_{number}.py")
    return root


def library(folder: Path) -> Path:
    """The standard library as a project."""
    left_out = shutil.ignore_patterns("__pycache__", "test", "tests", "site-packages", "idlelib", "lib2to3")
    root = folder / "library"
    shutil.copytree(sysconfig.get_path("stdlib"), root / "src" / "library", ignore=left_out, symlinks=True)
    (root / "pyproject.toml").write_text('[project]\nname = "library"\nversion = "1"\n', "utf-8")
    return root


def generated(folder: Path, files: int) -> Path:
    """A project with so many modules, a hundred to a folder, that import one another."""
    root = folder / f"generated{files}"
    for number in range(files):
        part = root / "app" / f"part{number // 100}"
        if not number % 100:
            part.mkdir(parents=True)
            (part / "__init__.py").touch()
        other = number - 1 if number % 100 else number
        text = MODULE.format(number=number, folder=number // 100, other=other)
        (part / f"module{number}.py").write_text(text, "utf-8")
    (root / "app" / "__init__.py").touch()
    (root / "pyproject.toml").write_text('[project]\nname = "app"\nversion = "1"\n', "utf-8")
    return root


def audit(project: Path) -> list[str]:
    """The command line that audits a project."""
    return [*TRUEUP, "audit", str(project), "--format", "json", "--no-cache"]


def seconds(argv: list[str], folder: Path | None = None) -> float:
    """One whole process, started in a folder."""
    begun = time.perf_counter()
    quiet = subprocess.DEVNULL
    subprocess.run(argv, stdout=quiet, stderr=quiet, check=False, env=ENVIRONMENT, cwd=folder)
    return time.perf_counter() - begun


def cpu(argv: list[str], folder: Path) -> float:
    """The processor time of one whole process, with all that it starts."""
    before = children()
    seconds(argv, folder)
    return children() - before


def children() -> float:
    """The processor time of all processes that have ended; where there is ``resource``, not in whole ticks."""
    try:
        import resource
    except ImportError:  # Windows
        times = os.times()
        return times.children_user + times.children_system
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def installed_peers(folder: Path) -> list[tuple[str, list[str]]]:
    """Others that read every import, each by its own way of starting."""
    home = folder / "peers"
    subprocess.run(["uv", "venv", "-q", "--python", sys.executable, str(home)], check=True)
    wanted = ["ruff", "deptry", "sp-repo-review[cli]"]
    subprocess.run(["uv", "pip", "install", "-q", "--python", str(home), *wanted], check=True)
    place = home / ("Scripts" if os.name == "nt" else "bin")
    return [
        ("ruff", [str(place / "ruff"), "analyze", "graph", "--isolated"]),
        ("deptry", [str(place / "deptry")]),
        ("sp-repo-review", [str(place / "repo-review")]),
    ]


def compare(project: Path, rounds: int, peers: list[tuple[str, list[str]]]) -> None:
    """One more project: processor time against a bare parse and against others, which look into the folder they are
    started in; one that breaks off with a traceback is no measure, and is said to."""
    ours = audit(project)
    others = [("ast.parse", [*PYTHON, PARSE, "."]), *((name, [*argv, "."]) for name, argv in peers)]
    failed = [name for name, argv in others if b"Traceback" in errors(argv, project)]
    ratios: dict[str, list[float]] = {name: [] for name, _ in others}
    for _ in range(rounds):
        for name, argv in others:
            ratios[name].append(cpu(ours, project) / cpu(argv, project))
    notes = {name: f"{statistics.median(ratios[name]):.2f} x {name}" for name, _ in others}
    said = ", ".join(note + (", which fails here" if name in failed else "") for name, note in notes.items())
    print(f"{project.name}, {count(project)} files: {said} (processor time)", flush=True)


def errors(argv: list[str], folder: Path) -> bytes:
    """What a process says of its troubles."""
    return subprocess.run(argv, capture_output=True, check=False, env=ENVIRONMENT, cwd=folder).stderr


def memory(argv: list[str]) -> int:
    """The peak of one whole process, in the unit of the platform."""
    done = subprocess.run([*PYTHON, PEAK, *argv], capture_output=True, text=True, check=True, env=ENVIRONMENT)
    return int(done.stdout)


def main() -> None:
    """Print a table of ratios."""
    rounds = int(sys.argv[1]) if sys.argv[1:] else 5
    files = int(sys.argv[2]) if sys.argv[2:] else 4_000
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        small, large = app(folder), library(folder)
        few, many = generated(folder, files // 10), generated(folder, files)
        bare = [*PYTHON, PARSE]
        pairs = [
            Pair("--version", [*TRUEUP, "--version"], PASS, "x python -c pass"),
            Pair("--help", [*TRUEUP, "--help"], PASS, "x python -c pass"),
            Pair(f"audit, {count(small)} files", audit(small), PASS, "x python -c pass"),
            Pair(f"audit, {count(large)} files", audit(large), [*bare, str(large)], "x ast.parse of the same files"),
            Pair(f"audit, {count(many)} files", audit(many), audit(few), "x that of a tenth of the files"),
            Pair(f"again, {count(large)} files", audit(large)[:-1], audit(large), "x the first time"),
        ]
        ENVIRONMENT["TRUEUP_CACHE_DIR"] = str(folder / "cache")
        time.sleep(3)  # what changed a moment ago is not kept
        for pair in pairs:
            seconds(pair.first)  # compiles, and warms the disk's cache
        ratios: dict[str, list[float]] = {pair.what: [] for pair in pairs}
        for _ in range(rounds):
            for pair in pairs:
                ratios[pair.what].append(seconds(pair.first) / seconds(pair.second))
        peak = memory(audit(large)) / memory([*bare, str(large)])
        others = installed_peers(folder) if sys.argv[3:] else []
        for project in [small, *(Path(name).resolve() for name in sys.argv[3:])] if others else []:
            compare(project, rounds, others)
    print(f"medians of {rounds} interleaved pairs")
    for pair in pairs:
        print(f"{pair.what:24} {statistics.median(ratios[pair.what]):6.2f} {pair.unit}")
    print(f"{'memory, ' + pairs[3].what:24} {peak:6.2f} x ast.parse of the same files")


def count(project: Path) -> int:
    """The Python files of a project."""
    return sum(1 for _ in project.rglob("*.py"))


if __name__ == "__main__":
    main()
