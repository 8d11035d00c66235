"""Settings of an INI section as the settings of a TOML table: types, and the comments that travel."""

from __future__ import annotations

import re
import shlex

from trueup.model.noun import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from trueup.model.document import Route
    from trueup.text.ini import Item, Line

_TRUTHS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_NUMBER = re.compile(r"-?([2-9]|[1-9]\d+)|-?(0|[1-9]\d*)\.\d+")  # 0 and 1 may be truths


class Comment(NamedTuple):
    """A comment in a list: on a line before the item at a position, or behind that item on its own line."""

    position: int
    text: str
    behind: bool = False


Comments = tuple[Comment, ...]


class Setting(NamedTuple):
    """One key of pyproject.toml, and the comments around it.

    ``item_comments`` are the comments before the items of a list, or behind them; ``below`` those behind
    the last key of its section.
    """

    route: Route
    value: Any
    comments: tuple[str, ...] = ()
    item_comments: Comments = ()
    below: tuple[str, ...] = ()


def setting(types: Mapping[str, Any], section: str, key: str, item: Item, route: Route) -> Setting:
    """One key of an INI file as a setting at ``route``; ``types`` is a row of ``data/config_files.py``."""
    parts = [line.text for line in item.lines]
    notes = [""] * len(parts)
    if types.get("inline_comments"):
        parts, notes = without_comments(parts, "#;")
    if types.get("percent"):
        parts = [part.replace("%%", "%") for part in parts]
    cut = _cutter(types, section, key)
    if cut:
        items, comments = listed(item, parts, cut, notes)
        return Setting(route, items, item_comments=comments)
    above = comments_of(item, notes)
    if named(types, "one_line", key):
        return Setting(route, " ".join(part for part in parts if part), above)
    text = "\n".join(parts).strip()
    if section.startswith("mypy.plugins."):  # django-stubs takes the quotes off, which TOML has of its own
        text = re.sub(r"^([\"'])(.*)\1$", r"\2", text)
    return Setting(route, _plain(types, key, text), above)


def comment_text(line: Line) -> str:
    """An INI comment as a TOML comment."""
    return "#" + line.text[1:] if line.text.startswith(";") else line.text


def without_comments(parts: Iterable[str], marks: str) -> tuple[list[str], list[str]]:
    """Lines of a value without the comments behind a blank and one of ``marks``, and those comments."""
    found = [(part, re.search(rf"(?:^|\s+)([{marks}].*)$", part)) for part in parts]
    notes = [f"#{match[1][1:]}" if match else "" for _, match in found]
    return [part[: match.start()] if match else part for part, match in found], notes


def comments_of(item: Item, notes: Iterable[str]) -> tuple[str, ...]:
    """The comments of a value that is no list: those on lines of their own, and those behind its lines."""
    behind = [(line.number, text) for line, text in zip(item.lines, notes, strict=True) if text]
    return tuple(text for _, text in sorted([*((line.number, comment_text(line)) for line in item.comments), *behind]))


def commas(part: str) -> list[str]:
    """The items of one line of a list."""
    return [word.strip() for word in part.split(",") if word.strip()]


def named(types: Mapping[str, Any], kind: str, key: str) -> bool:
    """Whether a key is among those of a kind, which are regular expressions."""
    return any(re.fullmatch(pattern, key) for pattern in types.get(kind, ()))


def listed(
    item: Item, parts: list[str], cut: Callable[[str], list[str]], notes: list[str]
) -> tuple[list[str], Comments]:
    """The items of a list over several lines, and the comments between them; ``notes`` are those behind the lines."""
    items: list[str] = []
    comments: list[Comment] = []
    waiting = list(item.comments)
    for line, part, note in zip(item.lines, parts, notes, strict=True):
        while waiting and waiting[0].number < line.number:
            comments.append(Comment(len(items), comment_text(waiting.pop(0))))
        found = cut(part)
        if note:
            gone = part.strip(" \t,") if not found else ""  # it speaks of what the list does not hold any more
            text = f"# {gone}: {note.lstrip('# ')}" if gone else note
            comments.append(Comment(len(items), text, behind=len(found) == 1))
        items += found
    return items, tuple(comments)


def apply(source: str, found: Iterable[Setting]) -> str:
    """``source`` with every setting set; what stands there already is replaced. Raises ``ValueError`` as ``toml``."""
    from trueup.text import toml

    for one in found:
        if toml.has_key(source, one.route):
            source = toml.remove_key(source, one.route)
        source = toml.set_key(source, one.route, one.value, one.comments)
        source = _comment(source, one)
    return source


def _cutter(types: Mapping[str, Any], section: str, key: str) -> Callable[[str], list[str]] | None:
    if section.rpartition(":")[2] in types.get("list_sections", ()) or named(types, "lines", key):
        return lambda part: [part] if part else []
    if named(types, "commas", key):
        return commas
    return _words if named(types, "words", key) else None


def _words(part: str) -> list[str]:
    try:
        return shlex.split(part)
    except ValueError:
        return [part]


def _plain(types: Mapping[str, Any], key: str, text: str) -> Any:
    truth = named(types, "booleans", key)
    guess = types.get("guess", False) and not named(types, "strings", key)
    if text.lower() in _TRUTHS and (guess or truth):
        return _TRUTHS[text.lower()]
    if truth and text in ("0", "1"):
        return text == "1"
    if guess and _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    return text


def _comment(source: str, one: Setting) -> str:
    """Put comments before and behind the items of a list (above the key where it is one line), and below the key."""
    from trueup.text.lines import newline_of
    from trueup.text.toml_read import scan

    newline = newline_of(source)
    for position, text, behind in one.item_comments:
        nodes = scan(source).nodes
        array = nodes[one.route]
        item = nodes.get((*one.route, position))
        start = source.rfind("\n", 0, item.start if item else array.end - 1) + 1
        single = start <= array.value
        if item and behind and not single:
            end = source.find("\n", item.end)
            end -= source[end - 1] == "\r"
            source = f"{source[:end]}  {text}{source[end:]}"
            continue
        start = array.start if single else start
        source = source[:start] + ("" if single else "    ") + text + newline + source[start:]
    if one.below:
        end = source.find("\n", scan(source).nodes[one.route].end) + 1
        source = source[:end] + "".join(text + newline for text in one.below) + source[end:]
    return source
