"""The scalars of a YAML file, read by lines: no anchors, no types, no escapes, never an error.

Compose files, workflows and pre-commit settings use a small part of YAML 1.2; what is beyond it
(complex keys, several documents with the same keys) is read as far as its indentation says.
"""

from __future__ import annotations

from trueup.model.pattern import lazy
from trueup.text.scalars import DEEPEST, SINGLE_LINE, STRING, Scalar, Step, flow

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

KEY = lazy(r"(\"[^\"\n]*\"|'[^'\n]*'|[^\s\-#\[\]{},&*!|>%@`\"'][^#\n]*?|-[^\s#\n][^#\n]*?|\*\S+)[ \t]*:(?=[ \t\r\n]|$)")
PROPERTIES = lazy(r"(?:[&!][^\s\[{\"']*[ \t]*)*")
BLOCK = lazy(r"([|>])[+\-0-9]*[ \t]*(?:#[^\n]*)?\r?(?=\n|$)")
COMMENT = lazy(r"[ \t]+#[^\n]*")


class _Level:
    __slots__ = ("column", "is_item", "step")

    def __init__(self, column: int, step: Step, *, is_item: bool) -> None:
        self.column, self.step, self.is_item = column, step, is_item


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[Scalar] = []
        self.levels: list[_Level] = []
        self.counts: dict[tuple[Step, ...], int] = {}

    @property
    def route(self) -> tuple[Step, ...]:
        return tuple(level.step for level in self.levels)

    def line(self, start: int, end: int) -> int:
        """Read the line ``text[start:end]``; give the position where the next one begins."""
        position = start
        while position < end and self.text[position] == " ":
            position += 1
        position = self.items(start, position, end)
        if len(self.levels) > DEEPEST or position >= end or self.text[position] == "#":
            return end + 1
        column = position - start
        key = KEY.match(self.text, position, end)
        if key:
            self.close(column, include=True)
            quoted = key[1][0] in "\"'"
            first, last = key.start(1) + quoted, key.end(1) - quoted
            name = self.text[first:last]
            self.found.append(Scalar(self.route, first, last, name, is_key=True))
            self.levels.append(_Level(column, name, is_item=False))
            position = key.end()
        elif not self.levels:
            return end + 1
        return self.value(start, position, end, column if key else self.levels[-1].column)

    def items(self, start: int, position: int, end: int) -> int:
        """Pass the dashes of list items."""
        while (
            len(self.levels) <= DEEPEST
            and self.text.startswith("-", position)
            and self.text[position + 1 : position + 2] in (" ", "\r", "\n", "")
        ):
            column = position - start
            self.close(column, include=False)
            if self.levels and self.levels[-1].is_item and self.levels[-1].column == column:
                self.levels.pop()
            route = self.route
            index = self.counts.get(route, -1) + 1
            self.counts[route] = index
            self.levels.append(_Level(column, index, is_item=True))
            position += 1
            while position < end and self.text[position] in " \r":
                position += 1
        return position

    def close(self, column: int, *, include: bool) -> None:
        """Leave the levels right of ``column`` (and at it, for a key)."""
        while self.levels and (self.levels[-1].column > column or (include and self.levels[-1].column == column)):
            self.levels.pop()

    def value(self, start: int, position: int, end: int, column: int) -> int:
        """Read what stands behind a key or a dash; give the position where the next line begins."""
        while position < end and self.text[position] in " \t":
            position += 1
        properties = PROPERTIES.match(self.text, position, end)
        position = properties.end() if properties else position
        if position >= end or self.text[position] in "#\r":
            return end + 1
        block = BLOCK.match(self.text, position)
        if block:
            return self.block(block, column)
        if self.text[position] in "[{":
            values, stop = flow(self.text, position, self.route, "yaml")
            self.found += values
            return self.next_line(max(stop, end))
        if self.text[position] in "\"'":
            match = SINGLE_LINE.match(self.text, position) or STRING.match(self.text, position)
            if match and match.lastgroup:
                first, last = match.span(match.lastgroup)
                self.add(first, last, self.text[position])
                return self.next_line(max(match.end(), end))
        return self.plain(position, end, column)

    def block(self, block: re.Match[str], column: int) -> int:
        """A ``|`` or ``>`` block: the lines indented deeper than ``column``."""
        first = position = self.next_line(block.end())
        last = first
        while position < len(self.text):
            stop = self.next_line(position)
            line = self.text[position:stop]
            if line.strip():
                if len(line) - len(line.lstrip(" ")) <= column:
                    break
                last = stop
            position = stop
        self.add(first, last, block[1])
        return max(last, first)

    def plain(self, position: int, end: int, column: int) -> int:
        """A plain scalar, with the deeper lines that continue it."""
        comment = COMMENT.search(self.text, position, end)
        last = comment.start() if comment else end
        following = end + 1
        while not comment and following < len(self.text):
            stop = self.next_line(following)
            line = self.text[following:stop]
            stripped = line.strip()
            indent = len(line) - len(line.lstrip(" "))
            begins = stripped[:1] == "#" or stripped[:2] in ("-", "- ") or KEY.match(line, indent)
            if not stripped or indent <= column or begins:
                break
            last, following = following + len(line.rstrip()), stop
        last = position + len(self.text[position:last].rstrip())
        self.add(position, last, "")
        return following

    def add(self, start: int, end: int, style: str) -> None:
        self.found.append(Scalar(self.route, start, end, self.text[start:end], style))

    def next_line(self, position: int) -> int:
        newline = self.text.find("\n", position)
        return len(self.text) if newline < 0 else newline + 1


def yaml_scalars(text: str) -> list[Scalar]:
    """Every scalar of a YAML file and every key, in the order of the file."""
    reader = _Reader(text)
    position = 0
    while position < len(text):
        newline = text.find("\n", position)
        end = len(text) if newline < 0 else newline
        if text.startswith(("---", "..."), position):
            reader.levels, reader.counts = [], {}
            position = end + 1
        else:
            position = reader.line(position, end)
    return reader.found
