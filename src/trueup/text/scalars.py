"""The strings of a TOML, JSON, YAML or INI file with their routes and their places, read by lines.

Made for finding what a setting names, where a parser would lose the place: it accepts files that a
parser refuses, evaluates nothing (no escapes, anchors, types) and never raises.
"""

from __future__ import annotations

import re

from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

Step = str | int
DEEPEST = 100  # levels; nobody nests settings deeper, and each level makes the route of all below it longer


class Scalar(NamedTuple):
    """``text`` stands from ``start`` to ``end`` (quotes are outside); ``route`` has keys and list positions.

    ``is_key``: the text is itself a key, and the route is that of the table it stands in. ``style`` is
    the quote, ``|`` or ``>`` for a block of lines, or empty.
    """

    route: tuple[Step, ...]
    start: int
    end: int
    text: str
    style: str = ""
    is_key: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The route without list positions."""
        return tuple(step for step in self.route if isinstance(step, str))


class _Open:
    """A list or a table that the flow reader is in."""

    __slots__ = ("index", "key", "kind", "route")

    def __init__(self, kind: str, route: tuple[Step, ...]) -> None:
        self.kind, self.route, self.index = kind, route, 0
        self.key: str | None = None

    def here(self) -> tuple[Step, ...]:
        return (*self.route, self.index if self.kind == "[" else self.key or "")


PLAIN = lazy(r"[^\s,\[\]{}\"'#:=][^,\[\]{}\n#:=]*(?:[:=](?=[^\s\"'\[{])[^,\[\]{}\n#]*)?")
SKIP = {"json": lazy(r"(?:\s+|//[^\n]*|/\*.*?\*/)+", re.DOTALL), "": lazy(r"(?:\s+|#[^\n]*)+")}
STRING = lazy(r'"""(?P<a>.*?)"""|\'\'\'(?P<b>.*?)\'\'\'|"(?P<c>(?:[^"\\]|\\.)*)"|\'(?P<d>[^\']*)\'', re.DOTALL)
SINGLE_LINE = lazy(r"\"(?P<c>(?:[^\"\\\n]|\\.)*)\"|'(?P<d>[^'\n]*)'")


def flow(text: str, start: int, route: tuple[Step, ...] = (), syntax: str = "") -> tuple[list[Scalar], int]:
    """The scalars of the list or table that opens at ``start``, and the position behind it."""
    found: list[Scalar] = []
    stack: list[_Open] = []
    skip = SKIP.get(syntax, SKIP[""])
    position = start
    while position < len(text):
        blank = skip.match(text, position)
        position = blank.end() if blank else position
        character = text[position : position + 1]
        if character in ("[", "{"):
            if len(stack) > DEEPEST:
                return found, len(text)
            stack.append(_Open(character, stack[-1].here() if stack else route))
            position += 1
        elif not stack or not character:
            break
        elif character in "]}":
            stack.pop()
            position += 1
            if not stack:
                break
        elif character == ",":
            stack[-1].index, stack[-1].key = stack[-1].index + 1, None
            position += 1
        else:
            position = _item(text, position, stack[-1], found)
    return found, position


def _item(text: str, position: int, top: _Open, found: list[Scalar]) -> int:
    """Read a string or a plain word in a list or table; anything else is passed over."""
    match = STRING.match(text, position) or PLAIN.match(text, position)
    if match is None:
        return position + 1
    span = _inside(match)
    value = text[span[0] : span[1]] if match.lastgroup else text[span[0] : span[1]].rstrip()
    if top.kind == "{" and top.key is None:
        top.key = value
        found.append(Scalar(top.route, span[0], span[0] + len(value), value, is_key=True))
    else:
        found.append(Scalar(top.here(), span[0], span[0] + len(value), value))
    return match.end()


def _inside(match: re.Match[str]) -> tuple[int, int]:
    return match.span(match.lastgroup) if match.lastgroup else match.span()


def json_scalars(text: str) -> list[Scalar]:
    """Every string of a JSON file; comments and trailing commas are accepted."""
    blank = SKIP["json"].match(text)
    return flow(text, blank.end() if blank else 0, syntax="json")[0]


HEADER = lazy(r"[ \t]*\[\[?\s*([^\[\]\n]+?)\s*\]?\][ \t]*(?:#[^\n]*)?\r?$", re.MULTILINE)
ASSIGNMENT = lazy(
    r"[ \t]*((?:[\w-]+|\"[^\"\n]*\"|'[^'\n]*')(?:[ \t]*\.[ \t]*(?:[\w-]+|\"[^\"\n]*\"|'[^'\n]*'))*)[ \t]*=[ \t]*"
)
KEY = lazy(r"[\w-]+|\"[^\"\n]*\"|'[^'\n]*'")


def toml_scalars(text: str) -> Iterator[Scalar]:
    """Every string of a TOML file, and every key."""
    table: tuple[Step, ...] = ()
    position = 0
    while position < len(text):
        header, assignment = HEADER.match(text, position), ASSIGNMENT.match(text, position)
        if header:
            keys = list(_keys(text, header.start(1), header.end(1), ()))
            yield from keys
            table = tuple(key.text for key in keys)
        elif assignment:
            keys = list(_keys(text, assignment.start(1), assignment.end(1), table))
            yield from keys
            route = (*table, *(key.text for key in keys))
            values, position = _toml_value(text, assignment.end(), route)
            yield from values
        newline = text.find("\n", position)
        position = len(text) if newline < 0 else newline + 1


def _keys(text: str, start: int, end: int, table: tuple[Step, ...]) -> Iterator[Scalar]:
    route = table
    for match in KEY.finditer(text, start, end):
        quoted = match[0][0] in "\"'"
        first, last = match.start() + quoted, match.end() - quoted
        yield Scalar(route, first, last, text[first:last], match[0][0] if quoted else "", is_key=True)
        route = (*route, text[first:last])


def _toml_value(text: str, position: int, route: tuple[Step, ...]) -> tuple[list[Scalar], int]:
    if text[position : position + 1] in ("[", "{"):
        return flow(text, position, route)
    match = STRING.match(text, position)
    if match is None:
        return [], position
    start, end = _inside(match)
    return [Scalar(route, start, end, text[start:end], text[position])], match.end()


SECTION = lazy(r"\[([^\]\n]+)\]")
OPTION = lazy(r"([^\s=:#;\[][^=:\n]*?)[ \t]*[=:][ \t]*")


def ini_scalars(text: str) -> Iterator[Scalar]:
    """The lines of every value of an INI file (route: section, option), and the names of its sections."""
    section, option = "", ""
    position = 0
    for line in text.splitlines(keepends=True):
        content = line.strip()
        start = position + len(line) - len(line.lstrip())
        position += len(line)
        if not content or content[0] in "#;":
            continue
        heading = SECTION.match(text, start)
        found = OPTION.match(text, start, start + len(content))
        if heading and line[0] == "[":
            section, option = heading[1], ""
            yield Scalar((), start + 1, start + 1 + len(section), section, is_key=True)
        elif line[0] in " \t" and option:
            yield Scalar((section, option), start, start + len(content), content)
        elif found:
            option = found[1]
            value = text[found.end() : start + len(content)]
            yield Scalar((section, option), found.end(), found.end() + len(value), value)


def scalars(syntax: str, text: str) -> Iterator[Scalar]:
    """The scalars of ``text`` in ``syntax``: toml, json, ini or yaml."""
    if syntax == "yaml":
        from trueup.text.yaml_lines import yaml_scalars

        return iter(yaml_scalars(text))
    return iter({"toml": toml_scalars, "json": json_scalars, "ini": ini_scalars}[syntax](text))
