"""pyproject.toml as text: what stands there stays, what is new goes where it belongs.

Every edit is checked: the text is parsed again and must say what was meant, else the plan is refused.
"""

from __future__ import annotations

import re

from trueup.errors import PlanRefused
from trueup.model.noun import NamedTuple
from trueup.text import toml
from trueup.text.toml_read import scan
from trueup.text.toml_write import value_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

Route = tuple[str, ...]


class Line(NamedTuple):
    """One item of an array: a string or an inline table, comment lines above and below, a comment behind."""

    value: str | dict[str, str]
    above: tuple[str, ...] = ()
    behind: str = ""
    below: tuple[str, ...] = ()


class Pyproject:
    """The file while it is being edited; ``text`` is its state."""

    def __init__(self, text: str) -> None:
        self.text = text

    def get(self, *route: str) -> Any:
        """The value at ``route``, ``None`` where there is none."""
        import tomllib

        found: Any = tomllib.loads(self.text)
        for step in route:
            found = found.get(step) if isinstance(found, dict) else None
        return found

    def set(self, route: Route, value: Any, comments: Sequence[str] = ()) -> None:
        """Set one key; missing tables are made."""
        try:
            self.text = toml.set_key(self.text, route, value, comments)
        except ValueError as problem:
            raise PlanRefused(f"pyproject.toml: {'.'.join(route)} cannot be written", str(problem)) from None

    def set_default(self, route: Route, value: Any, comments: Sequence[str] = ()) -> bool:
        """Set a key that is not there; whether it was set."""
        if self.get(*route) is not None:
            return False
        self.set(route, value, comments)
        return True

    def remove(self, route: Route) -> None:
        """Take out a key or table, where it is."""
        if self.get(*route) is not None:
            try:
                self.text = toml.remove_key(self.text, route)
            except ValueError as problem:
                raise PlanRefused(f"pyproject.toml: {'.'.join(route)} cannot be removed", str(problem)) from None

    def extend(self, route: Route, lines: Iterable[Line]) -> None:
        """Add items to an array, each on a line of its own with its comments; the array is made where missing."""
        new = list(lines)
        old = self.get(*route)
        if not new:
            return
        if not old:
            self._new_array(route, new)
            return
        for line in new:
            self.set(route, [*self.get(*route), line.value])
            self._comment_item(route, len(self.get(*route)) - 1, line)

    def replace(self, route: Route, old: str, new: str) -> None:
        """Change one string of an array."""
        items = [new if _same(item, old) else item for item in self.get(*route)]
        self.set(route, items)

    def discard(self, route: Route, value: str) -> None:
        """Take one string out of an array."""
        there = self.get(*route) or []
        if any(_same(item, value) for item in there):
            self.set(route, [item for item in there if not _same(item, value)])

    def drop_empty_headers(self, prefix: Route) -> None:
        """Take out the headers below ``prefix`` that hold no key and are implied by longer ones."""
        found = scan(self.text)
        for block in reversed(found.blocks):
            longer = any(len(other.route) > len(block.route) == len(prefix) for other in found.blocks)
            held = self.text[block.start : block.full].strip()
            if block.route == prefix and longer and held.startswith("[") and "\n" not in held:
                self._put(block.start, block.full, "")

    def _new_array(self, route: Route, lines: list[Line]) -> None:
        values = [line.value for line in lines]
        self.set(route, values)
        node = scan(self.text).nodes[route]
        newline = "\r\n" if "\r\n" in self.text else "\n"
        written = newline.join(["[", *(text for line in lines for text in _item_lines(line)), "]"])
        self._put(node.value, node.end, written)

    def _comment_item(self, route: Route, position: int, line: Line) -> None:
        """Put the comments of an item around it, where it has a line of its own."""
        if not (line.above or line.behind or line.below):
            return
        newline = "\r\n" if "\r\n" in self.text else "\n"
        node = scan(self.text).nodes[(*route, position)]
        start = self.text.rfind("\n", 0, node.start) + 1
        indent = self.text[start : node.start]
        if indent.strip():
            self._new_array_from(route)
            self._comment_item(route, position, line)
            return
        end = self.text.find("\n", node.end)
        above = "".join(f"{indent}{text}{newline}" for text in line.above)
        below = "".join(f"{newline}{indent}{text}" for text in line.below)
        item = self.text[start:end].rstrip("\r")
        item = f"{item.rstrip(',')},{'  ' + line.behind if line.behind else ''}"
        self._put(start, end, f"{above}{item}{below}" + ("\r" if newline == "\r\n" else ""))

    def _new_array_from(self, route: Route) -> None:
        """Give each item of an array a line of its own."""
        lines = [Line(value) for value in self.get(*route)]
        node = scan(self.text).nodes[route]
        newline = "\r\n" if "\r\n" in self.text else "\n"
        self._put(node.value, node.end, newline.join(["[", *(t for line in lines for t in _item_lines(line)), "]"]))

    def _put(self, start: int, end: int, text: str) -> None:
        import tomllib

        edited = self.text[:start] + text + self.text[end:]
        try:
            same = tomllib.loads(edited) == tomllib.loads(self.text)
        except tomllib.TOMLDecodeError:
            same = False
        if not same:
            raise PlanRefused("pyproject.toml: comments cannot be put in place")
        self.text = edited


def _item_lines(line: Line) -> list[str]:
    text = value_text(line.value, inline=True)
    behind = f"  {line.behind}" if line.behind else ""
    return [
        *(f"    {above}" for above in line.above),
        f"    {text},{behind}",
        *(f"    {below}" for below in line.below),
    ]


def _same(written: object, text: str) -> bool:
    """Whether an item of an array says the requirement ``text``, however it is spaced."""
    squeezed = (re.sub(r"[\s()]", "", one) for one in (str(written), text))
    return isinstance(written, str) and next(squeezed) == next(squeezed)
