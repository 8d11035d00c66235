"""The text side of TOML edits: where a span is replaced, a line put in, a table placed.

Nothing here knows whether the result is right; ``toml`` parses it again and compares.
"""

from __future__ import annotations

import re

from trueup.text.toml_read import scan
from trueup.text.toml_write import WIDTH, key_text, value_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from trueup.model.document import Route
    from trueup.text.toml_read import Node, Scan

# Where new tables stand in pyproject.toml, and new keys in [project].
_TABLES = ("build-system", "project", "dependency-groups", "", "tool")
_PROJECT = (
    *("name", "version", "description", "readme", "requires-python", "license", "license-files", "authors"),
    *("maintainers", "keywords", "classifiers", "dynamic", "dependencies", "optional-dependencies"),
)
# A table put in one of these is one line of it, save for these tables of [project].
_INLINE_PARENTS = (("project",), ("dependency-groups",), ("tool", "uv", "sources"))
_PROJECT_TABLES = ("scripts", "gui-scripts", "urls", "entry-points", "optional-dependencies")
_LINE = ("key", "table", "element")  # kinds of nodes that own whole lines


def replace(source: str, route: Route, value: Any) -> str:
    """Put ``value`` where the value of ``route`` stands; comments inside the old value move above it."""
    found = scan(source)
    node = found.nodes[route]
    if node.kind not in ("key", "inner", "item"):
        inside = [text for span in _spans(source, route) for text in _comments(found, *span)]
        return insert(remove(source, route), route, value, inside)
    text = value_text(value, newline_of(source), inline=node.kind != "key")
    edited = source[: node.value] + text + source[node.end :]
    return _put(edited, _statement(found, route).start, _comments(found, node.value, node.end))


def insert(source: str, route: Route, value: Any, comments: Sequence[str] = ()) -> str:
    """Put ``value`` at ``route``, which is not there; ``comments`` stand above it."""
    found = scan(source)
    depth = max(length for length in range(len(route)) if length == 0 or route[:length] in found.nodes)
    while depth and (
        (kind := found.nodes[route[:depth]].kind) == "dotted"
        or (kind == "implied" and route[: depth + 1] in found.nodes)  # a dotted key of a table above goes on in it
    ):
        depth -= 1
    anchor, rest = route[:depth], route[depth:]
    node = found.nodes.get(anchor)
    if node and node.kind in ("key", "inner", "item"):
        edited = _insert_inside(source, anchor, rest, value)
        return _put(edited, _statement(found, anchor).start, comments)
    if node and node.kind == "array":
        lines = list(_table_lines(route[:-1], value, comments, "[[{}]]"))
        return _put_table(source, _behind(found, source, anchor), lines)
    dotted_part = route[: depth + 1] in found.nodes
    if _wants_header(route, value) and not dotted_part:
        lines = list(_value_tables(route, value, comments))
        return _put_table(source, _place(found, source, route), lines)
    if dotted_part or (len(rest) == 1 and (node is None or node.kind != "implied")):
        return _insert_line(source, found, anchor, rest, value, comments)
    lines = [_header(route[:-1], "[{}]"), *_key_lines((route[-1],), value, comments, newline_of(source))]
    return _put_table(source, _place(found, source, route[:-1]), lines)


def remove(source: str, route: Route, *, keep_comments: bool = False) -> str:
    """Take out the lines of ``route``; ``keep_comments`` leaves the comments among them as lines of their own."""
    found = scan(source)
    node = found.nodes[route]
    if node.kind in ("inner", "item"):
        return _remove_inside(source, found, route, node, keep_comments)
    if node.kind == "dotted" and not _spans(source, route):  # { a.b = 1, a.c = 2 }
        for inner in [at for at, part in found.nodes.items() if part.kind == "inner" and at[: len(route)] == route]:
            source = remove(source, inner, keep_comments=keep_comments) if inner in scan(source).nodes else source
        return source
    for start, end in reversed(_spans(source, route)):
        kept = _comments(found, start, end) if keep_comments else []
        left = "".join(line + newline_of(source) for line in kept)
        before, after = source[:start], source[end:]
        blank = newline_of(source)
        if not left and before.endswith("\n" + blank) and (not after or after.startswith(blank)):
            before = before.removesuffix(blank)
        if not before and after.startswith(blank):
            after = after.removeprefix(blank)
        source = before + left + after
    return source


def is_header(source: str, route: Route) -> bool:
    """Whether ``route`` is a table with a header of its own."""
    node = scan(source).nodes.get(route)
    return node is not None and node.kind in ("table", "element")


def newline_of(source: str) -> str:
    """The newline that ``source`` uses."""
    return "\r\n" if "\r\n" in source else "\n"


# --- arrays and inline tables


def _insert_inside(source: str, anchor: Route, rest: Route, value: Any) -> str:
    node = scan(source).nodes[anchor]
    if isinstance(rest[0], int):
        return _append(source, anchor, rest[0], value_text(value, inline=True))
    inner = source[node.value : node.end - 1].rstrip()
    pair = f"{key_text(*map(str, rest))} = {value_text(value, inline=True)}"
    return source[: node.value] + (f"{{ {pair}" if inner == "{" else f"{inner}, {pair}") + " }" + source[node.end :]


def _append(source: str, array: Route, count: int, text: str) -> str:
    """Put an item behind the last one: on a line of its own where the last one has one."""
    nodes = scan(source).nodes
    node = nodes[array]
    newline = newline_of(source)
    if count == 0:
        end = node.end - 1
        indent = _indent(source, end)
        if "\n" not in source[node.value : end]:
            return source[: node.value] + f"[{text}]" + source[node.end :]
        return source[:end].rstrip(" \t") + f"{indent}    {text},{newline}{indent}" + source[end:]
    last = nodes[(*array, count - 1)]
    comma = re.match(r"(?:\s|#[^\n]*)*(,?)", source[last.end : node.end])
    behind = last.end + (comma.end() if comma and comma[1] else 0)
    alone = not source[source.rfind("\n", 0, last.start) + 1 : last.start].strip()
    if not alone:
        start = source.rfind("\n", 0, node.value) + 1
        if node.kind == "key" and "\n" not in source[start : node.end] and node.end - start + len(text) > WIDTH:
            items = [source[nodes[(*array, i)].start : nodes[(*array, i)].end] for i in range(count)]
            lines = "".join(f"    {item},{newline}" for item in [*items, text])
            return source[: node.value] + f"[{newline}{lines}]" + source[node.end :]
        return source[: last.end] + f", {text}" + source[last.end :]
    if behind == last.end:
        source = source[:behind] + "," + source[behind:]
        behind += 1
    rest_of_line = source[behind : line_end(source, behind)]
    if rest_of_line.strip() and not rest_of_line.lstrip().startswith("#"):
        return source[:behind] + newline + _indent(source, last.start) + text + source[behind:]
    return _put(source, line_end(source, behind), [f"{_indent(source, last.start)}{text},"])


def _remove_inside(source: str, found: Scan, route: Route, node: Node, keep_comments: bool) -> str:
    """Take an item or an inner key out, with the comma behind it (else the one before it)."""
    start, end = node.start, node.end
    line_start = source.rfind("\n", 0, start) + 1
    behind = re.match(r"[ \t]*,[ \t]*", source[end:])
    if behind:
        end += behind.end()
    elif node.kind == "inner" or source[line_start:start].strip():
        before = re.search(r",[ \t]*$", source[:start])
        start = before.start() if before else start
    tail = re.match(r"[ \t]*(#[^\r\n]*)?\r?\n", source[end:])
    kept = _comments(found, node.start, node.end) if keep_comments else []
    if tail and not source[line_start:start].strip():
        if tail[1] and keep_comments:
            kept.append(tail[1])
        start, end = line_start, end + tail.end()
    edited = source[:start] + source[end:]
    return _put(edited, _statement(found, route).start, kept)


# --- lines and tables


def _insert_line(source: str, found: Scan, block: Route, keys: Route, value: Any, comments: Sequence[str]) -> str:
    """A new line in the table ``block``: behind its dotted siblings, else in the order of [project], else last."""
    own = next(b for b in found.blocks if b.route == block)
    siblings = [
        node
        for route, node in found.nodes.items()
        if node.kind == "key" and route[: len(block) + 1] == (*block, keys[0]) and own.start <= node.start < own.full
    ]
    if not siblings and block == ("project",) and keys[0] in _PROJECT:
        before = [("project", key) for key in _PROJECT[: _PROJECT.index(str(keys[0]))]]
        siblings = [node for route in before if (node := found.nodes.get(route)) and node.kind == "key"]
    lines = _key_lines(keys, value, comments, newline_of(source))
    if siblings:
        last = max(siblings, key=lambda node: node.end)
        indent = _indent(source, last.start)
        return _put(source, line_end(source, last.end), [indent + line for line in lines])
    if block or own.full:
        return _put(source, own.full, lines)
    first = _lead(source, found.blocks[1].start) if len(found.blocks) > 1 else len(source)
    return _put_table(source, first, lines)


def _key_lines(keys: Route, value: Any, comments: Sequence[str], newline: str) -> list[str]:
    return [*comments, f"{key_text(*map(str, keys))} = {value_text(value, newline)}"]


def _header(route: Route, form: str) -> str:
    return form.format(key_text(*(step for step in route if isinstance(step, str))))


def _wants_header(route: Route, value: Any) -> bool:
    """Whether a new value is a table (or tables) of its own rather than one line."""
    if isinstance(value, list | tuple):
        return route[0] == "tool" and bool(value) and all(isinstance(item, dict) for item in value)
    if not isinstance(value, dict) or any(isinstance(step, int) for step in route[-1:]):
        return False
    return route[:-1] not in _INLINE_PARENTS or (route[0] == "project" and route[-1] in _PROJECT_TABLES)


def _value_tables(route: Route, value: Any, comments: Sequence[str]) -> Iterator[str]:
    if isinstance(value, dict):
        yield from _table_lines(route, value, comments, "[{}]")
        return
    for position, item in enumerate(value):
        yield from [""] if position else []
        yield from _table_lines(route, item, () if position else comments, "[[{}]]")


def _table_lines(route: Route, value: dict[str, Any], comments: Sequence[str], form: str) -> Iterator[str]:
    """The lines of a new table: its header, its plain keys, then its own tables."""
    tables = {key: item for key, item in value.items() if _wants_header((*route, key), item)}
    implied = tables and len(tables) == len(value) and form == "[{}]"
    yield from comments
    yield from [] if implied else [_header(route, form)]
    for key, item in value.items():
        if key not in tables:
            yield f"{key_text(key)} = {value_text(item)}"
    for position, (key, item) in enumerate(tables.items()):
        yield from [] if implied and not position else [""]
        yield from _value_tables((*route, key), item, ())


def _place(found: Scan, source: str, route: Route) -> int:
    """Where the new table ``route`` goes: before its own sub-tables, behind its kin, else in the family's order."""
    headers = found.blocks[1:]
    below = [block for block in headers if block.route[: len(route)] == route]
    if below:
        return _lead(source, below[0].start)
    for length in range(len(route), 1 if route[0] == "tool" else 0, -1):
        if any(block.route[:length] == route[:length] for block in headers):
            return _behind(found, source, route[:length])
    ranked = [block for block in headers if _rank(block.route) <= _rank(route)]
    if ranked:
        return _behind(found, source, ranked[-1].route)
    return _lead(source, headers[0].start) if headers else len(source)


def _rank(route: Route) -> int:
    return _TABLES.index(str(route[0])) if route[0] in _TABLES else _TABLES.index("")


def _behind(found: Scan, source: str, route: Route) -> int:
    """The offset behind the last table that begins with ``route``: where the comments of the next one begin."""
    last = max(at for at, block in enumerate(found.blocks) if block.route[: len(route)] == route)
    if last + 1 == len(found.blocks):
        return len(source)
    return max(_lead(source, found.blocks[last + 1].start), found.blocks[last].full)


def _spans(source: str, route: Route) -> list[tuple[int, int]]:
    """The whole lines that hold ``route``: headers with their keys, and dotted keys elsewhere, in order."""
    found = scan(source)
    blocks = [(block.start, block.full) for block in found.blocks if route and block.route[: len(route)] == route]
    keys = [
        (node.start, line_end(source, node.end))
        for at, node in found.nodes.items()
        if node.kind == "key" and at[: len(route)] == route
    ]
    outside = [span for span in keys if not any(start <= span[0] < end for start, end in blocks)]
    return sorted(blocks + outside)


def _statement(found: Scan, route: Route) -> Node:
    """The node of the line that ``route`` is part of."""
    return next(found.nodes[route[:length]] for length in range(len(route), 0, -1) if _owns_line(found, route[:length]))


def _owns_line(found: Scan, route: Route) -> bool:
    return route in found.nodes and found.nodes[route].kind in _LINE


def _comments(found: Scan, start: int, end: int) -> list[str]:
    return [text for at, text in found.comments if start <= at < end]


def line_end(source: str, offset: int) -> int:
    """The offset behind the line on which ``offset`` stands, its newline included."""
    return source.find("\n", offset) + 1 or len(source)


def _indent(source: str, offset: int) -> str:
    """The blanks at the start of the line on which ``offset`` stands."""
    start = source.rfind("\n", 0, offset) + 1
    return source[start : len(source) - len(source[start:].lstrip(" \t"))]


def _lead(source: str, start: int) -> int:
    """Where the comment lines directly above the line at ``start`` begin."""
    while start:
        above = source.rfind("\n", 0, start - 1) + 1
        if not source[above:start].lstrip().startswith("#"):
            break
        start = above
    return start


def _put(source: str, at: int, lines: Iterable[str]) -> str:
    """Insert whole lines at a line's start, ending the line before where the file lacks its last newline."""
    newline = newline_of(source)
    before, text = source[:at], _joined(lines, newline)
    if text and before and not before.endswith("\n"):
        before += newline
    return before + text + source[at:]


def _put_table(source: str, at: int, lines: Iterable[str]) -> str:
    """Insert lines with a blank line around them."""
    newline = newline_of(source)
    before, after = source[:at], source[at:]
    if before and not before.endswith("\n"):
        before += newline
    if before.strip() and not re.search(r"\n\r?\n$", before):
        before += newline
    if after and not after.startswith(("\n", "\r")):
        after = newline + after
    return before + _joined(lines, newline) + after


def _joined(lines: Iterable[str], newline: str) -> str:
    return "".join(line + "\n" for line in lines).replace("\r\n", "\n").replace("\n", newline)
