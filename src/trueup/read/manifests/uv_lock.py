"""uv.lock: what uv fixed, and from what it was made."""

from __future__ import annotations

from trueup.model.indexes import host_of
from trueup.model.names import normal
from trueup.model.project import Lock, LockedPackage
from trueup.read.manifests._pep508 import written
from trueup.read.manifests._toml import load, strings, tables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from trueup.model.tree import Tree

PATH = "uv.lock"
_OWN = ("editable", "virtual", "directory")


def read_lock(tree: Tree) -> Iterator[Lock]:
    """``uv.lock``, where there is one; the project's own entries are not packages but say its requirements."""
    entry = tree.entries.get(PATH)
    if entry is None:
        return
    if entry.pending:
        yield Lock(PATH, "uv", pending=True)
        return
    document = load(tree, PATH)
    if document is None or document.error:
        yield Lock(PATH, "uv", error=document.error if document else "not a regular file")
        return
    entries = tables(document.get("package"))
    own = [item for item in entries if _is_own(item)]
    yield Lock(
        PATH,
        "uv",
        tuple(_package(item) for item in entries if not _is_own(item)),
        str(document.get("requires-python", default="")),
        tuple(text for item in own for text in _requirements(item)),
    )


def _is_own(item: dict[str, Any]) -> bool:
    source = item.get("source")
    return isinstance(source, dict) and any(source.get(key) == "." for key in _OWN)


def _package(item: dict[str, Any]) -> LockedPackage:
    source = item.get("source")
    where = next((str(value) for value in source.values()), "") if isinstance(source, dict) else ""
    files = tables([item.get("sdist"), *_list(item.get("wheels"))])
    markers = " or ".join(f"({marker})" for marker in strings(item.get("resolution-markers")))
    return LockedPackage(
        normal(str(item.get("name", ""))),
        str(item.get("version", "")),
        where,
        markers,
        all("hash" in file for file in files),
        tuple(_hosts(source, files)),
    )


def _hosts(source: object, files: list[dict[str, Any]]) -> Iterator[str]:
    """The host of the index or address, then those of the files, each once; none for git and for local folders."""
    places = [source[key] for key in ("registry", "url") if key in source] if isinstance(source, dict) else []
    urls = [*places, *(file["url"] for file in files if "url" in file)] if places else []
    yield from dict.fromkeys(host for host in (host_of(str(url)) for url in urls) if host)


def _requirements(item: dict[str, Any]) -> Iterator[str]:
    """What the project's entry was made from, runtime and groups, as PEP 508."""
    metadata = item.get("metadata")
    found = metadata if isinstance(metadata, dict) else {}
    groups = found.get("requires-dev")
    listed = [found.get("requires-dist"), *(groups.values() if isinstance(groups, dict) else [])]
    for entry in (entry for entries in listed for entry in tables(entries)):
        extras = tuple(strings(entry.get("extras")))
        yield written(str(entry.get("name")), extras, str(entry.get("specifier", "")), str(entry.get("marker", "")))


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
