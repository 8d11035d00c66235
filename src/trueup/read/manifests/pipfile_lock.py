"""Pipfile.lock: what Pipenv fixed."""

from __future__ import annotations

from trueup.model.names import normal
from trueup.model.project import Lock, LockedPackage
from trueup.read.manifests._toml import load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from trueup.model.tree import Tree

PATH = "Pipfile.lock"


def read_lock(tree: Tree) -> Iterator[Lock]:
    """``Pipfile.lock``, where there is one; a package that stands in several categories counts once."""
    document = load(tree, PATH)
    if document is None:
        return
    if document.error:
        yield Lock(PATH, "pipfile", error=document.error)
        return
    if not isinstance(document.data, dict):
        yield Lock(PATH, "pipfile", error="it is no table")
        return
    meta = document.get("_meta", "requires", "python_version", default="")
    categories = [value for key, value in document.data.items() if key != "_meta" and isinstance(value, dict)]
    packages: dict[str, LockedPackage] = {}  # of two pins of one package, that of the run time, which comes first
    for name, entry in (pair for category in categories for pair in category.items()):
        if isinstance(entry, dict):
            packages.setdefault(normal(name), _package(name, entry))
    yield Lock(PATH, "pipfile", tuple(packages.values()), str(meta))


def _package(name: str, entry: dict[str, Any]) -> LockedPackage:
    where = next((str(entry[key]) for key in ("git", "path", "file") if key in entry), "")
    version = str(entry.get("version", "")).removeprefix("==")
    return LockedPackage(normal(name), version, f"git+{where}" if "git" in entry else where, "", "hashes" in entry)
