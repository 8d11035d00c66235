"""YAML 1.2 as plain data with lines; unknown tags are ignored, ``on`` stays a key.

Files are read, never written back: edits of YAML are edits of text.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from trueup.model.document import Route

LARGEST = 300_000  # characters; the parser reads some 80,000 a second
MOST_NODES = 200_000  # counted with every alias spelt out: a "billion laughs" file stops here


def parse(source: str) -> tuple[Any, Callable[[str, Route], int]]:
    """The data of ``source`` (several documents: a list of them; none: an empty mapping) and where each route stands.

    Raises ``ValueError`` with the line of a syntax error, for a file that is too large, and for
    aliases that would blow up.
    """
    nodes = compose(source)
    reader = _Reader()
    documents = [reader.value(node) for node in nodes]
    if len(documents) == 1:
        return ({} if documents[0] is None else documents[0]), lambda _source, route: _line(nodes[0], route)
    return (documents or {}), lambda _source, route: _line_in_stream(nodes, route)


def compose(source: str) -> list[Any]:
    """The node graph of every document of ``source``; ``ValueError`` says which line is wrong."""
    if len(source) > LARGEST:
        raise ValueError(f"larger than {LARGEST:,} characters")
    if re.search(r"(?:[\[{]\s*){60}", source):  # the parser takes seconds to give up on these
        raise RecursionError
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    yaml = YAML(typ="safe", pure=True)
    yaml.allow_duplicate_keys = True
    try:
        return list(yaml.compose_all(source.removeprefix("\ufeff")))
    except YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        what = getattr(problem, "problem", None) or str(problem).partition("\n")[0]
        raise ValueError(f"line {mark.line + 1}: {what}" if mark else str(what)) from None
    except (AttributeError, LookupError, TypeError, AssertionError) as problem:  # defects of the parser on odd input
        raise ValueError(f"cannot be parsed ({problem})") from None


class _Reader:
    """Turns nodes into data; a node met again through an alias is the same object."""

    def __init__(self) -> None:
        self.seen: dict[int, tuple[Any, int]] = {}
        self.size = 0

    def value(self, node: Any) -> Any:
        known = self.seen.get(id(node))
        if known:
            self._count(known[1])
            return known[0]
        before = self.size
        self._count(1)
        data: Any
        match node.value:
            case str(text):
                data = _scalar(node.tag, text)
            case list(items) if items and isinstance(items[0], tuple):
                data = self._mapping(items)
            case list(items):
                data = {} if type(node).__name__ == "MappingNode" else [self.value(item) for item in items]
        self.seen[id(node)] = (data, self.size - before)
        return data

    def _mapping(self, items: list[tuple[Any, Any]]) -> dict[Any, Any]:
        merged: dict[Any, Any] = {}
        own: dict[Any, Any] = {}
        for key, node in items:
            value = self.value(node)
            if str(key.tag).endswith(":merge"):
                for base in reversed(value if isinstance(value, list) else [value]):
                    merged.update(base if isinstance(base, dict) else {})
            else:
                own[_key(self.value(key))] = value
        return {**merged, **own}

    def _count(self, nodes: int) -> None:
        self.size += nodes
        if self.size > MOST_NODES:
            raise ValueError(f"more than {MOST_NODES:,} values, aliases spelt out")


def _key(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | None) else repr(value)


def _scalar(tag: Any, text: str) -> Any:
    match str(tag).rpartition(":")[2]:
        case "null":
            return None
        case "bool":
            return text.lower() == "true"
        case "int":
            return _number(text, lambda plain: int(plain, 0 if plain.lstrip("+-")[:2].lower() in ("0x", "0o") else 10))
        case "float":
            return _number(text, lambda plain: float(plain.lower().replace(".inf", "inf").replace(".nan", "nan")))
    return text


def _number(text: str, convert: Callable[[str], float]) -> float | str:
    try:
        return convert(text.replace("_", ""))
    except ValueError:
        return text


def _line_in_stream(nodes: list[Any], route: Route) -> int:
    if not route or not isinstance(route[0], int) or not 0 <= route[0] < len(nodes):
        return 0
    node = nodes[route[0]]
    return _line(node, route[1:]) or int(node.start_mark.line) + 1


def _line(node: Any, route: Route) -> int:
    """The line of the deepest part of ``route``; 0 where nothing of it stands there."""
    line = 0
    for step in route:
        entry = _child(node, step)
        if entry is None:
            break
        mark, node = entry
        line = mark.start_mark.line + 1
    return line


def _child(node: Any, step: str | int) -> tuple[Any, Any] | None:
    """The node that marks the place of ``step`` (a key or an item) and the node of its value."""
    items = node.value if isinstance(node.value, list) else []
    if not items or isinstance(items[0], tuple):
        matches = [pair for pair in items if _key(_Reader().value(pair[0])) == step]
        return matches[-1] if matches else None
    if isinstance(step, int) and -len(items) <= step < len(items):
        return items[step], items[step]
    return None
