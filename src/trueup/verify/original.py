"""Are the installed files the ones in the locked wheels? The lock is installed once more, past uv's cache, aside.

``installed files`` holds each file against the RECORD beside it; who rewrites both is seen here alone. uv holds what
it downloads against the hash in ``uv.lock``, so the second environment is what the lock says. What is built on this
machine, and has no wheel in the lock, is not compared.
"""

from __future__ import annotations

import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from trueup.model.names import normal
from trueup.model.report import Outcome
from trueup.tools.uv import UvError, venv_python
from trueup.verify.environment import MISSING
from trueup.verify.installed import SHOWN, distributions, is_script, record, site_packages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trueup.verify import Context

ORDER = 24
NAME = "original files"
DEPTH = "deep"
ADVICE = True

Files = dict[str, str]


def check(context: Context) -> Outcome:
    """Passed when every package that has a wheel in the lock consists of the same files, with the same hashes."""
    if not venv_python(context.venv).exists():
        return Outcome(NAME, "unchecked", MISSING)
    packed = with_wheels(context.root)
    if not packed:
        return Outcome(NAME, "unchecked", "uv.lock names no wheel of a package index")
    with tempfile.TemporaryDirectory(prefix="trueup-again-", ignore_cleanup_errors=True) as scratch:
        again = Path(scratch, "venv")
        try:
            context.uv.sync_aside(context.root, again, python=str(venv_python(context.venv)))
        except UvError as problem:
            return Outcome(
                NAME, "unchecked", f"the lock could not be installed again: {problem.explanation}", problem.output
            )
        return compared(files_of(context.venv, packed), files_of(again, packed))


def with_wheels(root: Path) -> set[str]:
    """The locked packages that come from an index, as a wheel. None where there is no lock that can be read."""
    try:
        packages = tomllib.loads((root / "uv.lock").read_text("utf-8")).get("package", [])
        return {normal(item["name"]) for item in packages if "registry" in item["source"] and item.get("wheels")}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return set()


def files_of(venv: Path, wanted: set[str]) -> dict[str, Files]:
    """The files of each package by their path, with the hash that its RECORD gives; scripts name their interpreter,
    and are left out."""
    found: dict[str, Files] = {}
    for place in site_packages(venv):
        for item in distributions(place):
            rows = record(item) if item.name in wanted else None
            if rows is not None:
                kept = {row.path: row.digest for row in rows if not is_script(place / row.path)}
                found[f"{item.name} {item.version}"] = kept
    return found


def compared(here: Mapping[str, Files], again: Mapping[str, Files]) -> Outcome:
    """The outcome; a package of an extra or a group that was not installed again is told."""
    both = here.keys() & again.keys()
    wrong = [line for name in sorted(both) for line in differences(name, here[name], again[name])]
    dark = sorted(here.keys() - again.keys())
    if wrong:
        more = f"; and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        return Outcome(NAME, "failed", "; ".join(wrong[:3]) + more, "\n".join(wrong[:SHOWN]))
    if dark:
        return Outcome(NAME, "unchecked", f"not installed again: {', '.join(dark[:5])}", "\n".join(dark[:SHOWN]))
    count = sum(len(here[name]) for name in both)
    return Outcome(NAME, "passed", f"{count} files of {len(both)} packages are those of the locked wheels")


def differences(name: str, here: Files, again: Files) -> Iterator[str]:
    """What of a package is not in its wheel, is missing, or is other than there."""
    for path in sorted(here.keys() | again.keys()):
        if path not in again:
            yield f"{name}: {path} is not in the locked wheel"
        elif path not in here:
            yield f"{name}: {path} is missing"
        elif here[path] != again[path]:
            yield f"{name}: {path} is not what the locked wheel holds"
