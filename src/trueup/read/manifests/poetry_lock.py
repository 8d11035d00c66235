"""poetry.lock: what Poetry fixed."""

from __future__ import annotations

from trueup.model.names import normal
from trueup.model.project import Lock, LockedPackage
from trueup.read.manifests._toml import load, tables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from trueup.model.tree import Tree

PATH = "poetry.lock"


def read_lock(tree: Tree) -> Iterator[Lock]:
    """``poetry.lock``, where there is one; markers are there since Poetry 2."""
    document = load(tree, PATH)
    if document is None:
        return
    if document.error:
        yield Lock(PATH, "poetry", error=document.error)
        return
    packages = tuple(_package(document.data, item) for item in tables(document.get("package")))
    yield Lock(PATH, "poetry", packages, str(document.get("metadata", "python-versions", default="")))


def _package(data: dict[str, Any], item: dict[str, Any]) -> LockedPackage:
    name = str(item.get("name", ""))
    source = item.get("source")
    where = str(source.get("url", "")) if isinstance(source, dict) else ""
    files = item.get("files") or _old_files(data, name)
    hashed = bool(files) and all(isinstance(file, dict) and "hash" in file for file in files)
    return LockedPackage(normal(name), str(item.get("version", "")), where, _marker(item.get("markers")), hashed)


def _old_files(data: dict[str, Any], name: str) -> Any:
    """Before version 2 of the format the hashes stood in a table of their own."""
    metadata = data.get("metadata")
    files = metadata.get("files") if isinstance(metadata, dict) else None
    return files.get(name, []) if isinstance(files, dict) else []


def _marker(value: object) -> str:
    """One marker, or one for each group: the package is needed where any of them holds."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        said = list(dict.fromkeys(str(marker) for marker in value.values()))
        return said[0] if len(said) == 1 else " or ".join(f"({marker})" for marker in said)
    return ""
