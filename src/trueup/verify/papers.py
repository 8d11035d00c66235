"""Papers that are written on request, out of ``uv.lock``: a bill of materials (SBOM), and the lock for other tools.

They are no check: nothing is proven by them, they are no part of an apply, and no report holds them. An existing file
is replaced at once or not at all, never through a symbolic link.
Source: https://cyclonedx.org/docs/1.5/json/ and https://packaging.python.org/en/latest/specifications/pylock-toml/
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import tomllib
from contextlib import suppress
from pathlib import Path

from trueup.errors import UsageError
from trueup.model.noun import NamedTuple
from trueup.model.report import Outcome
from trueup.tools.uv import UvError
from trueup.verify.lock import interpreter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from trueup.tools.uv import Export
    from trueup.verify import Context

NEEDED = ("lock", "lock sources")  # where one of these failed, a paper would tell what is not so


class Paper(NamedTuple):
    """A kind of paper: uv's name of the form, a file name that uv takes for it, whether the groups that a sync
    installs belong into it, and what counts its packages (``None``: it is no such paper)."""

    form: Export
    file: str
    default_groups: bool
    counted: Callable[[bytes], int | None]


def components(data: bytes) -> int | None:
    """How many components a CycloneDX document names."""
    table: Any = json.loads(data)
    right = isinstance(table, dict) and (table.get("bomFormat"), table.get("specVersion")) == ("CycloneDX", "1.5")
    return len(table.get("components", [])) if right else None


def packages(data: bytes) -> int | None:
    """How many packages a ``pylock.toml`` names."""
    table = tomllib.loads(data.decode("utf-8"))
    return len(table.get("packages", [])) if str(table.get("lock-version", "")).startswith("1.") else None


PAPERS = {
    "sbom": Paper("cyclonedx1.5", "sbom.json", default_groups=False, counted=components),
    "pylock": Paper("pylock.toml", "pylock.toml", default_groups=True, counted=packages),
}


def refuse(name: str, target: Path) -> None:
    """Raise ``UsageError`` where a paper cannot or must not be written."""
    if name == "pylock" and not re.fullmatch(r"pylock(\.[^.]+)?\.toml", target.name):
        raise UsageError(f"{target.name} is no name of a lock", "PEP 751 knows pylock.toml and pylock.NAME.toml")
    if reason := impossible(target):
        raise UsageError(f"the {name} cannot be written to {target}: {reason}", "name a file that may be replaced")


def impossible(target: Path) -> str:
    """Why a file must not be written; ``""`` where it may."""
    if target.is_symlink():
        return "it is a symbolic link"
    if target.exists() and not target.is_file():
        return "it is no file"
    return "" if target.parent.is_dir() else "its folder is not there"


def write(context: Context, name: str, target: Path, outcomes: Iterable[Outcome]) -> Outcome:
    """Have uv make a paper, see that it is one, and put it where it was asked for."""
    paper = PAPERS[name]
    failed = [outcome.check for outcome in outcomes if outcome.check in NEEDED and outcome.status == "failed"]
    if failed:
        return Outcome(name, "unchecked", f"not written, since {' and '.join(failed)} failed")
    context.progress(name)
    with tempfile.TemporaryDirectory(prefix="trueup-paper-") as scratch:
        made = Path(scratch, paper.file)
        try:
            groups, python = paper.default_groups, interpreter(context)
            context.uv.export_to(context.root, paper.form, made, default_groups=groups, python=python)
            data = made.read_bytes()
            count = paper.counted(data)
        except UvError as problem:
            lacks = "invalid value" in problem.output and paper.form in problem.output
            why = f"uv {context.uv.version} does not know {paper.form}" if lacks else str(problem)
            return Outcome(name, "unchecked", f"not written: {why}", problem.output)
        except (OSError, ValueError, TypeError, RecursionError) as problem:
            return Outcome(name, "unchecked", f"not written: what uv made cannot be read: {problem}")
    if count is None:
        return Outcome(name, "unchecked", f"not written: what uv made is no {paper.form}")
    try:
        put(data, target)
    except OSError as problem:
        return Outcome(name, "unchecked", f"not written: {problem.strerror or problem}")
    return Outcome(name, "passed", f"{count} packages, {paper.form}, written to {target}")


def put(data: bytes, target: Path) -> None:
    """Write a file beside its place, and put it there at once. Raises ``OSError``."""
    if reason := impossible(target):
        raise OSError(reason)
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with beside.open("xb") as file:
            file.write(data)
        if target.exists():
            shutil.copymode(target, beside)
        beside.replace(target)
    except OSError:
        with suppress(OSError):
            beside.unlink()
        raise
