"""``[project]``: merged from what the sources say, never overwritten."""

from __future__ import annotations

import re

from trueup.model.names import valid
from trueup.model.python import floor_for
from trueup.model.readme import value_for
from trueup.plan.merge import travelling

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

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
    remarks = [remark for source in conversion.sources for remark in travelling(source).remarks]
    written = [key for key in KEYS if key in wanted and file.get("project", key) in (None, "")]
    first = next(iter(written), "")
    for key in (key for key in KEYS if key in wanted):
        there = file.get("project", key)
        if key in written:  # PDM takes an empty name or version for none
            over = [text for at, text in remarks if at == key or (key == first and at not in written)]
            file.set(("project", key), wanted[key], over)
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
    if any(source.format == "poetry" for source in conversion.sources):
        dynamic = _given_by_poetry(conversion, found, dynamic)
    for key in dynamic:
        found.pop(key, None)
    _name(conversion, found)
    if "version" not in dynamic and not found.get("version") and not conversion.file.get("project", "version"):
        dynamic = _versioned(conversion, found, dynamic)
    _readme(conversion, found, dynamic)
    _licence(conversion, found)
    if "requires-python" not in found and conversion.file.get("project", "requires-python") is None:
        found["requires-python"] = f">={floor_for(conversion.project)}"
    return found


def _name(conversion: Conversion, found: dict[str, Any]) -> None:
    """The name that is given, in the letters that [project] takes."""
    given = found.setdefault("name", conversion.project.name)
    found["name"] = valid(given) or conversion.project.name
    if found["name"] != given:
        reason = f"as {found['name']}: [project] takes letters, digits and .-_ between them"
        conversion.accounts.notes["project", "name"] = ("moved", "pyproject.toml project.name", reason)


def _versioned(conversion: Conversion, found: dict[str, Any], dynamic: list[str]) -> list[str]:
    """What is dynamic where nobody says the version: git where setuptools_scm is asked for; else one is made up."""
    if re.search(r"setuptools[-_]scm", str(conversion.file.get("build-system", "requires"))):
        found["dynamic"] = listed = [*dynamic, "version"]
        conversion.file.set_default(("tool", "setuptools_scm"), {})
        return listed
    found["version"] = "0.1.0"
    builds = [source.path for source in conversion.sources if source.build and source.uv.get("package") is not False]
    if builds:
        conversion.asked.append(("no version can be read: 0.1.0 is made up", builds[0]))
    return dynamic


def _given_by_poetry(conversion: Conversion, found: dict[str, Any], dynamic: list[str]) -> list[str]:
    """What is still dynamic where ``[tool.poetry]``, which gave some of it, goes."""
    given = [key for key in dynamic if found.get(key) or key == "dependencies"]
    left = [key for key in dynamic if key not in given]
    if given and left:
        conversion.file.set(("project", "dynamic"), left)
    elif given:
        conversion.file.remove(("project", "dynamic"))
    if given:
        to = ", ".join(f"project.{key}" for key in given)
        conversion.accounts.notes["project", "dynamic"] = ("merged", f"pyproject.toml {to}", "Poetry gave it")
    return left


def _readme(conversion: Conversion, found: dict[str, Any], dynamic: list[str]) -> None:
    """The readme that is there: a backend refuses to build without the one that is named."""
    named = str(found.pop("readme", ""))
    outside = named.startswith("..")
    if conversion.tree.has(named) and not outside:
        found["readme"] = value_for(named, conversion.tree.read(named).decode(errors="replace"))
        return
    there = next((path for path in conversion.tree.files() if README.fullmatch(path)), None)
    if there and not _is_utf8(conversion.tree.read(there)):
        conversion.asked.append(
            ("its text is not UTF-8: no build could read it as the readme, and none is named", there)
        )
        there = None
    if there and "readme" not in dynamic:
        found["readme"] = value_for(there, conversion.tree.text(there))
    if named:
        reason = f"{named} lies outside, where a build may not find it" if outside else f"{named} is not there"
        to = "pyproject.toml project.readme" if there else ""
        conversion.accounts.notes["project", "readme"] = ("merged" if there else "dropped", to, reason)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _licence(conversion: Conversion, found: dict[str, Any]) -> None:
    """An SPDX expression forbids licence classifiers (PEP 639)."""
    listed = found.get("classifiers") or []
    if "license" in found and any(item.startswith("License ::") for item in listed):
        found["classifiers"] = [item for item in listed if not item.startswith("License ::")]
        reason = "without its licence: an SPDX expression forbids the classifier (PEP 639)"
        conversion.accounts.notes["project", "classifiers"] = ("moved", "pyproject.toml project.classifiers", reason)
