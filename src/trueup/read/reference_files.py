"""Which rows of ``reference_kinds`` are about a file."""

from __future__ import annotations

import re

from trueup.text.documents import explains
from trueup.text.naming import WILD, glob_regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.read.reference_kinds import Row

EXAMPLES = (".example", ".sample", ".dist", ".template", ".tmpl")


def rows_for(path: str, rows: tuple[Row, ...]) -> list[Row]:
    """The rows whose files include ``path``; ``../`` before it does not count."""
    plain = path
    while plain.startswith("../"):
        plain = plain[3:]
    return _rows_of(plain, rows) or (_rows_of(copy_of(plain), rows) if plain.endswith(EXAMPLES) else [])


def _rows_of(path: str, rows: tuple[Row, ...]) -> list[Row]:
    return _finder(rows).rows_of(path, path.rsplit("/", 1)[-1])


def copy_of(path: str) -> str:
    """The path of the file that users copy an example to (``settings.yml.example``); another's as it is."""
    plain = path.rpartition(".")[0] if path.endswith(EXAMPLES) else path
    return path if explains(plain) else plain


class Finder:
    """Rows by how the patterns of their files end, or else begin: of most paths nothing else is asked."""

    def __init__(self, rows: tuple[Row, ...]) -> None:
        self.rows = rows
        self.names: dict[str, list[int]] = {}
        self.by_tail: dict[str, dict[str, list[int]]] = {}
        self.by_head: dict[str, dict[str, list[int]]] = {}
        for at, row in enumerate(rows):
            for pattern in row.files:
                self.add(pattern, at)
        self.tails, self.heads = tuple(self.by_tail), tuple(self.by_head)

    def add(self, pattern: str, at: int) -> None:
        """Note a pattern of the row at this place."""
        wild = WILD.search(pattern)
        if wild is None:
            self.names.setdefault(pattern, []).append(at)
        elif tail := re.split(r"[*?\]}]", pattern)[-1]:
            self.by_tail.setdefault(tail, {}).setdefault(pattern, []).append(at)
        else:
            self.by_head.setdefault(pattern[: wild.start()], {}).setdefault(pattern, []).append(at)

    def rows_of(self, path: str, name: str) -> list[Row]:
        """The rows that are about a path, in their order."""
        found = {*self.names.get(name, ()), *self.names.get(path, ())}
        groups: list[dict[str, list[int]]] = []
        if path.endswith(self.tails):
            groups += (patterns for tail, patterns in self.by_tail.items() if path.endswith(tail))
        if name.startswith(self.heads):
            groups += (patterns for head, patterns in self.by_head.items() if name.startswith(head))
        for patterns in groups:
            for pattern, places in patterns.items():
                if _fits(pattern, path, name):
                    found.update(places)
        return [self.rows[at] for at in sorted(found)] if found else []


_FINDERS: dict[int, Finder] = {}


def _finder(rows: tuple[Row, ...]) -> Finder:
    found = _FINDERS.get(id(rows))
    if found is None or found.rows is not rows:
        found = _FINDERS[id(rows)] = Finder(rows)
    return found


def _fits(pattern: str, path: str, name: str) -> bool:
    if "/" in pattern or "**" in pattern:
        return glob_regex(pattern).fullmatch(path) is not None
    first, *rest = pattern.split("*")
    if not rest or not name.startswith(first):
        return name == pattern
    at = len(first)
    for part in rest[:-1]:
        at = name.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return name.endswith(rest[-1]) and len(name) - len(rest[-1]) >= at
