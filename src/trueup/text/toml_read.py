"""TOML as data (``tomllib``), and a scanner that says where each key, value and table stands.

The scanner takes text that ``tomllib`` accepted; it is iterative, so that depth is no danger.
"""

from __future__ import annotations

import re
from functools import lru_cache

from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from trueup.model.document import Route

TOKENS = lazy(
    r'''(?P<string>"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')'''
    r"""|(?P<newline>\n)|(?P<mark>[\[\]{}=,.])|(?P<bare>[^\s\[\]{}=,.\#"']+)"""
    r"""|(?P<comment>\#[^\r\n]*)|(?P<blank>[ \t\r]+|.)""",
    re.DOTALL,
)


class Node(NamedTuple):
    """Where one route stands.

    ``kind`` is ``table`` or ``element`` (a header ``[x]`` or ``[[x]]``), ``key`` (a line of its own),
    ``dotted`` (a table that dotted keys imply), ``implied`` (a table that only longer headers imply),
    ``array`` (of tables), ``inner`` (in an inline table) or ``item`` (of an array). ``start`` is where
    its line (``item``, ``inner``: its text) begins; ``value`` to ``end`` is the text of its value
    (headers: of the header). Offsets count characters.
    """

    kind: str
    line: int
    start: int
    value: int
    end: int


class Block(NamedTuple):
    """A header with the keys below it, the first one being the root without a header.

    ``start`` is where the header's line begins, ``full`` where the line of its last key ends: a new key
    goes there. ``route`` holds indices of arrays of tables.
    """

    route: Route
    start: int
    full: int


class Scan(NamedTuple):
    """A scanned source; ``comments`` are the offsets and texts of all comments."""

    nodes: dict[Route, Node]
    blocks: list[Block]
    comments: list[tuple[int, str]]


def parse(source: str) -> tuple[dict[str, Any], Callable[[str, Route], int]]:
    """The data of ``source`` and where each route stands; raises ``ValueError`` with the line of an error."""
    import tomllib

    try:
        return tomllib.loads(source.removeprefix("\ufeff")), line_of
    except tomllib.TOMLDecodeError as problem:
        said = str(problem)
    place = re.search(r" \(at line (\d+), column \d+\)$", said)
    if place:
        raise ValueError(f"line {place[1]}: {said[: place.start()]}")
    last = source.rstrip("\n").count("\n") + 1
    raise ValueError(f"line {last}: {said.removesuffix(' (at end of document)')}")


def line_of(source: str, route: Route) -> int:
    """The line of the deepest part of ``route`` that stands in ``source``; 0 where none does.

    A table's line is that of its header (else of the first key that implies it); an item of an array
    stands where its value begins.
    """
    nodes = scan(source.removeprefix("\ufeff")).nodes
    for length in range(len(route), 0, -1):
        if route[:length] in nodes:
            return nodes[route[:length]].line
    return 0


@lru_cache(8)
def scan(source: str) -> Scan:
    """Where everything stands in ``source``, which must be valid TOML without a byte order mark."""
    return _Scanner(source).result


class _Token(NamedTuple):
    kind: str
    text: str
    line: int
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class _Open:
    """An array or inline table whose end has not come; ``fresh`` before each item or key."""

    __slots__ = ("count", "fresh", "is_array", "route")

    def __init__(self, route: Route, is_array: bool) -> None:
        self.route = route
        self.is_array = is_array
        self.fresh = True
        self.count = 0


class _Scanner:
    def __init__(self, source: str) -> None:
        self.source = source
        self.result = Scan({}, [Block((), 0, 0)], [])
        self.nodes = self.result.nodes
        self.elements: dict[Route, int] = {}  # arrays of tables: the index of the last one opened
        self.tokens = self._tokenize()
        at = 0
        while at < len(self.tokens):
            token = self.tokens[at]
            if token.kind == "newline":
                at += 1
            elif token.text == "[" and token.kind == "mark":
                at = self._header(at)
            else:
                at = self._statement(at)

    def _tokenize(self) -> list[_Token]:
        tokens: list[_Token] = []
        line = 1
        for found in TOKENS.finditer(self.source):
            kind = str(found.lastgroup)
            if kind == "comment":
                self.result.comments.append((found.start(), found[0]))
            elif kind != "blank":
                tokens.append(_Token(kind, found[0], line, found.start()))
            line += found[0].count("\n")
        return tokens

    def _line_start(self, offset: int) -> int:
        return self.source.rfind("\n", 0, offset) + 1

    def _line_end(self, offset: int) -> int:
        """The offset behind the line (its newline included) on which ``offset`` stands."""
        return self.source.find("\n", offset) + 1 or len(self.source)

    def _header(self, at: int) -> int:
        first = self.tokens[at]
        repeated = self.tokens[at + 1].text == "["
        keys, at = self._keys(at + (2 if repeated else 1))
        at += 1 if repeated else 0
        start, end = self._line_start(first.start), self.tokens[at - 1].end
        node = Node("table", first.line, start, first.start, end)
        route: Route = ()
        for key in keys[:-1]:
            route = self._entered((*route, key))
            self.nodes.setdefault(route, node._replace(kind="implied"))
        route = (*route, keys[-1])
        if repeated:
            self.nodes.setdefault(route, node._replace(kind="array"))
            self.elements[route] = self.elements.get(route, -1) + 1
            route = self._entered(route)
            node = node._replace(kind="element")
        self.nodes[route] = node
        self.result.blocks.append(Block(route, start, self._line_end(end)))
        return at

    def _entered(self, route: Route) -> Route:
        return (*route, self.elements[route]) if route in self.elements else route

    def _statement(self, at: int) -> int:
        first = self.tokens[at]
        block = self.result.blocks[-1]
        keys, at = self._keys(at)
        start = self._line_start(first.start)
        end_at, end = self._value(at, block.route + keys)
        for length in range(1, len(keys)):
            self.nodes.setdefault(block.route + keys[:length], Node("dotted", first.line, start, first.start, end))
        self.nodes[block.route + keys] = Node("key", first.line, start, self.tokens[at].start, end)
        self.result.blocks[-1] = block._replace(full=self._line_end(end))
        return end_at

    def _keys(self, at: int) -> tuple[tuple[str, ...], int]:
        """The dotted key that begins at a token, and the position behind the ``=`` or ``]`` that ends it."""
        keys: list[str] = []
        while self.tokens[at].kind != "mark" or self.tokens[at].text == ".":
            kind, text = self.tokens[at][:2]
            if kind != "mark":
                keys.append(_unquoted(text) if kind == "string" else text)
            at += 1
        return tuple(keys), at + 1

    def _value(self, at: int, route: Route) -> tuple[int, int]:
        """Walk a value, noting its items and inner keys; the position behind its line, and its end."""
        open_: list[_Open] = []
        end = 0
        while at < len(self.tokens):
            token = self.tokens[at]
            at += 1
            if token.kind == "newline":
                if not open_:
                    break
                continue
            if token.kind == "mark" and token.text == ",":
                open_[-1].fresh = True
                continue
            if token.kind == "mark" and token.text in "]}":
                route = open_.pop().route
            elif open_ and open_[-1].fresh and not open_[-1].is_array:
                route, at = self._inner(open_[-1], at - 1)
                continue
            else:
                if open_ and open_[-1].fresh:
                    route = self._item(open_[-1], token)
                if token.kind == "mark" and token.text in "[{":
                    open_.append(_Open(route, token.text == "["))
            end = token.end
            if route in self.nodes:
                self.nodes[route] = self.nodes[route]._replace(end=end)
        return at, end

    def _inner(self, table: _Open, at: int) -> tuple[Route, int]:
        table.fresh = False
        first = self.tokens[at]
        keys, at = self._keys(at)
        value = self.tokens[at].start
        for length in range(1, len(keys) + 1):
            kind = "inner" if length == len(keys) else "dotted"
            self.nodes.setdefault(table.route + keys[:length], Node(kind, first.line, first.start, value, value))
        return table.route + keys, at

    def _item(self, array: _Open, token: _Token) -> Route:
        array.fresh = False
        route = (*array.route, array.count)
        array.count += 1
        self.nodes[route] = Node("item", token.line, token.start, token.start, token.end)
        return route


def _unquoted(text: str) -> str:
    import tomllib

    return next(iter(tomllib.loads(f"{text} = 0")))
