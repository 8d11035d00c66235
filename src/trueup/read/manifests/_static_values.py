"""Values of a setup.py that is read and not run, and how two of them become one."""

from __future__ import annotations

from typing import Any

from trueup.read.manifests._static_markers import negated

LARGEST = 200_000  # characters of any value


class Unreadable(Exception):
    """A value that only running the code would give."""


class Text(str):
    """A string that knows the line it was written on, and the files it was read from."""

    __slots__ = ("files", "line")
    line: int
    files: tuple[str, ...]

    def __new__(cls, value: str, line: int = 0, files: tuple[str, ...] = ()) -> Text:
        made = super().__new__(cls, value)
        made.line, made.files = line, files
        return made


class Named:
    """A call whose meaning is its name: ``find_packages("src", exclude=[...])``."""

    def __init__(self, name: str, arguments: list[Any], keywords: dict[str, Any]) -> None:
        self.name = name
        self.arguments = arguments
        self.keywords = keywords


class Handle:
    """An opened file."""

    def __init__(self, path: str) -> None:
        self.path = path


def readable(value: Any) -> Any:
    """``value``, unless it is unreadable: then that is raised."""
    if isinstance(value, Unreadable):
        raise value
    return value


def added(one: Any, other: Any) -> Any:
    """Two strings or two lists in a row; raises ``Unreadable`` for anything else."""
    if isinstance(one, str) and isinstance(other, str):
        files = (*getattr(one, "files", ()), *getattr(other, "files", ()))
        if len(one) + len(other) > LARGEST:
            raise Unreadable("too long")
        return Text(str(one) + str(other), getattr(one, "line", 0), tuple(dict.fromkeys(files)))
    if isinstance(one, list) and isinstance(other, list):
        return [*one, *other]
    raise Unreadable("unlike values are added")


def joined(then: Any, other: Any, marker: str) -> Any:
    """One value for both sides of a condition: equal, or a list whose further items bear the marker."""
    if type(then) is type(other) and then == other:
        return then
    one, two = (value if isinstance(value, list) else [value] for value in (then, other))
    strings = all(isinstance(item, str) for item in (*one, *two))
    if marker and strings and (isinstance(then, list) or isinstance(other, list) or isinstance(then, str)):
        both = [item for item in one if item in two]
        first = [_marked(item, marker) for item in one if item not in both]
        return [*both, *first, *(_marked(item, negated(marker)) for item in two if item not in both)]
    return Unreadable("it depends on a condition that no marker expresses")


def _marked(item: str, marker: str) -> Text:
    text, semicolon, old = str(item).partition(";")
    both = f"({old.strip()}) and ({marker})" if semicolon else marker
    return Text(f"{text.strip()} ; {both}", getattr(item, "line", 0), getattr(item, "files", ()))


def formatted(pattern: Any, values: Any) -> Text:
    """``"%s" % value``, and nothing more of that language."""
    given = values if isinstance(values, list) else [values]
    if pattern.count("%s") != len(given) or pattern.count("%") != len(given):
        raise Unreadable("a format that is not plain")
    return Text(filled(pattern.replace("%s", "{}"), given), getattr(pattern, "line", 0))


def filled(pattern: str, values: list[Any]) -> str:
    """``pattern`` with its ``{}`` filled in order."""
    parts = pattern.split("{}")
    if len(parts) != len(values) + 1 or any("{" in part for part in parts):
        raise Unreadable("a format that is not plain")
    return "".join(part + str(value) for part, value in zip(parts, [*values, ""], strict=True))[:LARGEST]
