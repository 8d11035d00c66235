"""TOML manifests: data with lines, and the comments that belong to them."""

from __future__ import annotations

from functools import lru_cache

from trueup.model.project import SourceLine
from trueup.text.syntax import parse
from trueup.text.toml_read import scan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from trueup.model.document import Document, Route
    from trueup.model.tree import Tree

_parse = lru_cache(16)(parse)


def load(tree: Tree, path: str) -> Document | None:
    """The parsed file; ``None`` where there is none. A broken one has ``error`` set."""
    return _parse(path, tree.text(path)) if tree.has(path) else None


def table(document: Document, *route: str) -> dict[str, Any]:
    """A table; empty where there is none, or something else stands there."""
    found = document.get(*route)
    return found if isinstance(found, dict) else {}


def strings(value: object) -> list[str]:
    """The strings of a value that should be a list of them."""
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def tables(value: object) -> list[dict[str, Any]]:
    """The tables of a value that should be an array of tables."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def line_of(document: Document, *route: str | int) -> int:
    """The line on which ``route`` stands."""
    return document.at(*route).line


def last_line(document: Document, *route: str | int) -> int:
    """The line on which the value of ``route`` ends, or the last key of a table with a heading of its own."""
    node = scan(document.source).nodes.get(route)
    if node and node.kind in ("table", "element") and (below := document.get(*route)):
        return max(last_line(document, *leaf) for leaf in leaves(below, route))
    return document.source.count("\n", 0, node.end) + 1 if node else line_of(document, *route)


def comment_of(document: Document, *route: str | int) -> str:
    """The comment behind the value of ``route`` on its last line, with its ``#``; ``""`` where there is none."""
    found = scan(document.source)
    node = found.nodes.get(route)
    if node is None:
        return ""
    end = document.source.find("\n", node.end)
    stop = end if end >= 0 else len(document.source)
    behind = [text for at, text in found.comments if node.end <= at < stop]
    return behind[0].rstrip() if behind else ""


def comments(
    document: Document, prefix: Route, taken: Iterable[str] = (), *, elsewhere: str = "", stays: Route = ()
) -> Iterator[SourceLine]:
    """The comments of the tables that begin with ``prefix`` (those directly above a header with it).

    Comments ``taken`` by a requirement are left out. In tables that hold no packages a comment goes
    ``elsewhere`` (the table of pyproject.toml that gets it); in the one that ``stays`` it stays, too.
    """
    source, found, gone = document.source, scan(document.source), set(taken)
    blocks = [block for block in found.blocks if block.route[: len(prefix)] == prefix]
    for at, text in found.comments:
        block = next((item for item in blocks if _lead(source, item.start) <= at < item.full), None)
        comment = text.rstrip()
        alone = not source[source.rfind("\n", 0, at) + 1 : at].strip()
        if block is None or (not alone and comment in gone):
            continue
        kept = stays and block.route[: len(stays)] == stays
        listed = kept or any("dependencies" in str(key) or "packages" in str(key) for key in block.route)
        kind, to = "kept" if kept else "comment", "" if listed else elsewhere
        yield SourceLine(document.path, source.count("\n", 0, at) + 1, comment, kind, comment, 0, to)


def _lead(source: str, start: int) -> int:
    while start:
        above = source.rfind("\n", 0, start - 1) + 1
        if not source[above:start].lstrip().startswith("#"):
            break
        start = above
    return start


def leaves(value: object, route: Route = ()) -> Iterator[Route]:
    """The routes of all keys below a table that are not tables themselves."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, (*route, key))
    else:
        yield route


def noted(
    document: Document,
    route: Route,
    *,
    kind: str = "metadata",
    value: str = "",
    to: str = "",
    reason: str = "",
) -> SourceLine:
    """The account of one key."""
    first, last = line_of(document, *route), last_line(document, *route)
    text = document.source.splitlines()[first - 1].strip() if first else ".".join(map(str, route))
    return SourceLine(document.path, first, text, kind, value, last, to, reason)


def account(document: Document, route: Route, **said: str) -> list[SourceLine]:
    """The account of a key, or of every key below a table; ``said`` as in ``noted``."""
    found = (key for leaf in leaves(document.get(*route), route) for key in written(document, leaf))
    return [noted(document, key, **said) for key in found]


def written(document: Document, leaf: Route) -> Iterator[Route]:
    """The keys of an array of tables with headings of their own (``[[a.b]]``); of anything else the key itself."""
    value, node = document.get(*leaf), scan(document.source).nodes.get(leaf)
    if tables(value) and tables(value) == value and (node is None or node.kind != "key"):
        for number, item in enumerate(value):
            for inner in leaves(item, (*leaf, number)):
                yield from written(document, inner)
    else:
        yield leaf


def unknown(document: Document, base: Route, known: Iterable[Route]) -> Iterator[SourceLine]:
    """Keys below ``base`` that no one in ``known`` (routes, or beginnings of routes) has read."""
    seen = tuple(known)
    for leaf in leaves(document.get(*base, default={}), base):
        empty = document.get(*leaf) == {}  # an empty table says nothing
        if leaf != base and not empty and not any(leaf[: len(route)] == route for route in seen):
            for key in written(document, leaf):
                yield noted(document, key, kind="unreadable", reason="trueup does not know this key")
