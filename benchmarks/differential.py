"""What others say of the same projects: ``python benchmarks/differential.py [FOLDER ...]``.

**undeclared** and **unused** distributions are compared with deptry (DEP001 and DEP003, DEP002) and FawltyDeps, the
``[project]`` table with validate-pyproject. Each runs by ``uvx``, in the newest version that PyPI has. Without folders,
source distributions of ten applications and tools from PyPI go into a temporary folder. deptry and FawltyDeps judge a
module by the distributions that are installed beside them: names that they can only guess are compared by what
trueup's own table says (``src/trueup/data/imports.toml``). A row names what is told by one side only.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from lexer import fetch

from trueup.model.names import normal
from trueup.model.packages import facts

PROJECTS = ("datasette", "httpbin", "mkdocs", "pelican", "pgcli", "poetry", "salt-lint", "sphinx", "twine", "visidata")
TIMEOUT = 300


class Told(NamedTuple):
    """Distributions, normalised, that somebody calls undeclared and unused; ``None``: nothing could be told."""

    undeclared: frozenset[str] | None = None
    unused: frozenset[str] | None = None


def said_by(argv: list[str], cwd: Path) -> tuple[int, str]:
    """Exit code and output of a tool."""
    try:
        done = subprocess.run(argv, cwd=cwd, capture_output=True, text=True, check=False, timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        return 124, ""
    return done.returncode, done.stdout


def distribution(module: str) -> str:
    """The distribution that brings a module, as far as trueup knows."""
    listed = facts("imports")["imports"].get(module)
    return normal(listed[0] if listed else module)


def trueup(folder: Path) -> Told:
    """DEP110 and DEP112."""
    argv = [sys.executable, "-m", "trueup", "audit", str(folder), "--format=json", "--select=DEP110,DEP112"]
    try:
        found: list[dict[str, Any]] = json.loads(said_by([*argv, "--fail-on=never"], folder)[1])["findings"]
    except (ValueError, KeyError):
        return Told()
    by = {
        code: frozenset(normal(item["subject"]) for item in found if item["code"] == code)
        for code in ("DEP110", "DEP112")
    }
    return Told(by["DEP110"], by["DEP112"])


def deptry(folder: Path) -> Told:
    """DEP001 (missing) and DEP003 (transitive); DEP002 (unused)."""
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch, "report.json")
        code, _ = said_by(["uvx", "-q", "deptry", ".", "--json-output", str(report)], folder)
        if code not in (0, 1) or not report.exists():
            return Told()
        found: list[dict[str, Any]] = json.loads(report.read_text("utf-8"))
    rows = [(item["error"]["code"], item["module"]) for item in found]
    missing = {distribution(module) for code, module in rows if code in ("DEP001", "DEP003")}
    return Told(frozenset(missing), frozenset(normal(module) for code, module in rows if code == "DEP002"))


def fawltydeps(folder: Path) -> Told:
    """Its two lists."""
    code, said = said_by(["uvx", "-q", "fawltydeps", "--json", "--check"], folder)
    try:
        found = json.loads(said)
    except ValueError:
        return Told()
    if code not in (0, 3, 4):
        return Told()
    missing = {distribution(item["name"]) for item in found["undeclared_deps"] or []}
    return Told(frozenset(missing), frozenset(normal(item["name"]) for item in found["unused_deps"] or []))


def metadata(folder: Path) -> tuple[str, str]:
    """What validate-pyproject and trueup's BLD rules say of the ``[project]`` table: valid or not, and which rules."""
    if not (folder / "pyproject.toml").is_file():
        return "-", "-"
    code, _ = said_by(["uvx", "-q", "validate-pyproject", "pyproject.toml"], folder)
    argv = [sys.executable, "-m", "trueup", "audit", str(folder), "--format=json", "--select=BLD", "--fail-on=never"]
    try:
        found = json.loads(said_by(argv, folder)[1])["findings"]
    except (ValueError, KeyError):
        return "valid" if code == 0 else "invalid", "?"
    codes = sorted({item["code"] for item in found if item["severity"] in ("critical", "error")})
    return "valid" if code == 0 else "invalid", " ".join(codes) or "nothing"


def row(name: str, ours: frozenset[str] | None, theirs: frozenset[str] | None) -> str:
    """Who says what, as one line."""
    if ours is None or theirs is None:
        return f"  {name:32} could not be compared"
    only, others = sorted(ours - theirs), sorted(theirs - ours)
    text = f"  {name:32} both {len(ours & theirs)}"
    text += f"; only trueup: {', '.join(only)}" if only else ""
    return text + (f"; only the other: {', '.join(others)}" if others else "")


def show(folder: Path) -> None:
    """A project's rows."""
    print(folder.name, flush=True)
    ours, by_deptry, by_fawltydeps = trueup(folder), deptry(folder), fawltydeps(folder)
    print(row("undeclared, deptry", ours.undeclared, by_deptry.undeclared))
    print(row("undeclared, FawltyDeps", ours.undeclared, by_fawltydeps.undeclared))
    print(row("unused, deptry", ours.unused, by_deptry.unused))
    print(row("unused, FawltyDeps", ours.unused, by_fawltydeps.unused))
    valid, codes = metadata(folder)
    print(f"  {'[project], validate-pyproject':32} {valid}; trueup: {codes}", flush=True)


def main() -> None:
    """Every project."""
    if sys.argv[1:]:
        for name in sys.argv[1:]:
            show(Path(name).resolve())
        return
    with tempfile.TemporaryDirectory() as scratch:
        for name in PROJECTS:
            folder = fetch(name, Path(scratch))
            show(next((path for path in folder.iterdir() if path.is_dir()), folder))


if __name__ == "__main__":
    main()
