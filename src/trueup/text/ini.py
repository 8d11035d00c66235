"""INI as its many readers take it: tolerant, with the lines of every section and key.

The grammar is that of ``configparser`` and ``iniconfig`` where they agree: ``[section]``, ``key = value``
or ``key: value``, deeper lines continue a value, lines that begin with ``#`` or ``;`` are comments.
What neither understands is kept aside as ``bad``; nothing is interpolated.
"""

from __future__ import annotations

from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from trueup.model.document import Route

_HEADER = lazy(r"\[([^\]]+)\]")
_KEY = lazy(r"([^\s=:][^=:]*?)\s*[=:]\s*(.*)$")


class Line(NamedTuple):
    """One line of a value or a comment: its 1-based number and its stripped text."""

    number: int
    text: str


class Item(NamedTuple):
    """A key with its value. ``comments`` are the whole-line comments inside the value; ``last`` is its last line."""

    key: str
    lines: tuple[Line, ...]
    comments: tuple[Line, ...]
    first: int
    last: int

    @property
    def value(self) -> str:
        """The value as ``configparser`` gives it: stripped lines joined by newlines."""
        return "\n".join(line.text for line in self.lines).rstrip()


class Section(NamedTuple):
    """A section: its header's line, its items, the comments between them and behind the header, and its last line."""

    name: str
    first: int
    last: int
    items: tuple[Item, ...]
    comments: tuple[Line, ...]

    def get(self, key: str) -> Item | None:
        """The last item called ``key``."""
        return next((item for item in reversed(self.items) if item.key == key), None)


class Ini(NamedTuple):
    """A file: its sections in order, comments before the first one, and lines that no reader understands."""

    sections: tuple[Section, ...]
    comments: tuple[Line, ...]
    bad: tuple[Line, ...]

    def named(self, name: str) -> Section | None:
        """The first section called ``name``."""
        return next((section for section in self.sections if section.name == name), None)


def parse(source: str) -> tuple[dict[str, dict[str, str]], Callable[[str, Route], int]]:
    """Section -> key -> value, a later duplicate winning; keys before any section stand under ``""``."""
    data: dict[str, dict[str, str]] = {}
    for section in read(source).sections:
        data.setdefault(section.name, {}).update({item.key: item.value for item in section.items})
    return data, line_of


def line_of(source: str, route: Route) -> int:
    """The line of a section (one step) or of a key (two steps); 0 where the section is not there."""
    line = 0
    for section in read(source).sections:
        if route and section.name == route[0]:
            line = line or section.first
            for item in section.items:
                if len(route) > 1 and item.key == route[1]:
                    line = item.first
    return line


def read(source: str) -> Ini:
    """Every section, key and comment of ``source`` with its lines."""
    reader = _Reader()
    for number, line in enumerate(source.removeprefix("\ufeff").split("\n"), 1):
        reader.take(number, line.rstrip())
    return reader.result()


class _Building:
    """An item, or section, being read."""

    def __init__(self, name: str, first: int, indent: int = 0) -> None:
        self.name = name
        self.first = first
        self.last = first
        self.indent = indent
        self.items: list[_Building] = []
        self.lines: list[Line] = []
        self.comments: list[Line] = []


class _Reader:
    def __init__(self) -> None:
        self.sections: list[_Building] = []
        self.before: list[Line] = []
        self.bad: list[Line] = []
        self.waiting: list[Line] = []  # comments of which it is not yet known whether the value goes on
        self.item: _Building | None = None

    def take(self, number: int, line: str) -> None:
        text = line.strip()
        indent = len(line) - len(line.lstrip())
        if not text:
            return
        if text[0] in "#;":
            self.waiting.append(Line(number, text))
        elif self.item and indent > self.item.indent:
            self._continue(self.item, Line(number, text))
        else:
            self._settle()
            self._begin(number, text, indent)

    def _continue(self, item: _Building, line: Line) -> None:
        item.comments += self.waiting
        self.waiting = []
        gap = line.number - item.lines[-1].number - 1 - sum(c.number > item.lines[-1].number for c in item.comments)
        item.lines += [Line(line.number - 1, "")] * gap
        item.lines.append(line)
        item.last = line.number

    def _begin(self, number: int, text: str, indent: int) -> None:
        header = _HEADER.match(text)
        if header:
            self.sections.append(_Building(header[1].strip(), number))
            self.item = None
            behind = text[header.end() :].strip()
            self.sections[-1].comments += [Line(number, behind)] if behind[:1] in ("#", ";") else []
            return
        key = _KEY.match(text)
        if key is None:
            self.bad.append(Line(number, text))
            return
        if not self.sections:
            self.sections.append(_Building("", number))
        self.item = _Building(key[1].strip(), number, indent)
        self.item.lines.append(Line(number, key[2].strip()))
        self.sections[-1].items.append(self.item)

    def _settle(self) -> None:
        """Comments that no continuation followed belong to the section (or to the file's head)."""
        (self.sections[-1].comments if self.sections else self.before).extend(self.waiting)
        self.waiting = []

    def result(self) -> Ini:
        self._settle()
        sections = tuple(
            Section(
                section.name,
                section.first,
                max([section.first, *(i.last for i in section.items), *(c.number for c in section.comments)]),
                tuple(
                    Item(item.name, tuple(item.lines), tuple(item.comments), item.first, item.last)
                    for item in section.items
                ),
                tuple(section.comments),
            )
            for section in self.sections
        )
        return Ini(sections, tuple(self.before), tuple(self.bad))
