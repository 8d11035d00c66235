"""``[project]``: merged from what the sources say, never overwritten."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from trueup.model.python import python_for
from trueup.plan.merge import travelling

if TYPE_CHECKING:
    from trueup.plan.convert import Conversion

KEYS = (
    *("name", "version", "description", "readme", "requires-python", "license", "license-files", "authors"),
    *("maintainers", "keywords", "classifiers", "dynamic", "scripts", "gui-scripts", "entry-points", "urls"),
)
README = re.compile(r"README(\.(md|rst|txt))?", re.IGNORECASE)


def write_metadata(conversion: Conversion) -> None:
    """Every key of ``[project]`` that is not there yet; what is there wins, and the ledger says so."""
    file, notes = conversion.file, conversion.accounts.notes
    wanted = _wanted(conversion)
    comments = [text for source in conversion.sources for text in travelling(source).remarks]
    for key in (key for key in KEYS if key in wanted):
        there = file.get("project", key)
        if there is None:
            file.set(("project", key), wanted[key], comments)
            comments = []
        elif isinstance(there, dict) and isinstance(wanted[key], dict):
            for name, value in wanted[key].items():
                file.set_default(("project", key, name), value)
        elif there != wanted[key]:
            reason = f"[project] says {there!r}, which stays"
            notes["project", key] = ("merged", f"pyproject.toml project.{key}", reason)


def _wanted(conversion: Conversion) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for source in conversion.sources:
        for key, value in source.metadata.items():
            found.setdefault(key, value)
    dynamic = conversion.file.get("project", "dynamic") or found.get("dynamic") or []
    gone = {source.format for source in conversion.sources}
    if "version" in dynamic and "poetry" in gone and found.get("version"):  # Poetry gave it, and goes
        dynamic = [key for key in dynamic if key != "version"]
        if dynamic:
            conversion.file.set(("project", "dynamic"), dynamic)
        else:
            conversion.file.remove(("project", "dynamic"))
        conversion.accounts.notes["project", "dynamic"] = ("merged", "pyproject.toml project.version", "Poetry gave it")
    for key in dynamic:
        found.pop(key, None)
    found.setdefault("name", conversion.project.name)
    if "version" not in dynamic:
        found.setdefault("version", "0.1.0")
    _readme(conversion, found, dynamic)
    _licence(conversion, found)
    if "requires-python" not in found and conversion.file.get("project", "requires-python") is None:
        found["requires-python"] = f">={python_for(conversion.project)}"
    return found


def _readme(conversion: Conversion, found: dict[str, Any], dynamic: list[str]) -> None:
    """The readme that is there: a backend refuses to build without the one that is named."""
    named = str(found.pop("readme", ""))
    if conversion.tree.has(named):
        found["readme"] = named
        return
    there = next((path for path in conversion.tree.files() if README.fullmatch(path)), None)
    if there and "readme" not in dynamic:
        found["readme"] = there


def _licence(conversion: Conversion, found: dict[str, Any]) -> None:
    """An SPDX expression forbids licence classifiers (PEP 639)."""
    listed = found.get("classifiers") or []
    if "license" in found and any(item.startswith("License ::") for item in listed):
        found["classifiers"] = [item for item in listed if not item.startswith("License ::")]
        reason = "without its licence: an SPDX expression forbids the classifier (PEP 639)"
        conversion.accounts.notes["project", "classifiers"] = ("moved", "pyproject.toml project.classifiers", reason)
