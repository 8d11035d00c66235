"""Edits of TOML that leave every other byte as it is.

Each edit replaces a span that the scanner found, then the text is parsed again and its data must be
what the edit promised; anything else is a ``ValueError`` and no edit.
"""

from __future__ import annotations

import copy

from trueup.text import toml_splice
from trueup.text.toml_write import key_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from trueup.model.document import Route


def has_key(source: str, route: Route) -> bool:
    """Whether ``route`` stands in ``source``; raises ``ValueError`` where that is no TOML."""
    return _lookup(_data(source), route) is not _MISSING


def set_key(source: str, route: Route, value: Any, comments: Sequence[str] = ()) -> str:
    """``source`` with ``value`` at ``route``; missing tables are made, and ``comments`` put above a new key.

    A list that replaces a list keeps the lines (and comments) of the items that stay, a position behind
    its last item appends; a table that replaces a table is set key by key. Comments inside a replaced
    value move above it. Raises ``ValueError`` where the source is no TOML, the route leads through
    something that is no table, or TOML cannot hold the value.
    """
    data = _data(source)
    old = _lookup(data, route)
    if old is not _MISSING and _same(old, value):
        return source
    if route[-1] == 0 and _lookup(data, route[:-1]) is _MISSING:
        return set_key(source, route[:-1], [value], comments)
    expected = _with(data, route, value)
    if old is _MISSING:
        edited = toml_splice.insert(source, route, value, comments)
    elif isinstance(old, dict) and isinstance(value, dict):
        edited = _set_table(source, route, old, value)
    elif isinstance(old, list) and isinstance(value, list | tuple):
        edited = _set_array(source, route, old, list(value))
    else:
        edited = toml_splice.replace(source, route, value)
    newline = toml_splice.newline_of(source)
    if toml_splice.newline_of(edited) != newline:  # the last line that showed the file's newline was replaced
        edited = edited.replace("\n", newline)
    return _checked(edited, expected)


def remove_key(source: str, route: Route) -> str:
    """``source`` without the key, table or item at ``route``, its own line and end-of-line comment included.

    Raises ``ValueError`` where there is no such key.
    """
    data = _data(source)
    if not route or _lookup(data, route) is _MISSING:
        raise ValueError(f"there is no {key_text(*map(str, route))}")
    if isinstance(route[-1], int) and len(_lookup(data, route[:-1])) == 1 and toml_splice.is_header(source, route):
        route = route[:-1]  # the last [[table]] takes the array with it
    return _checked(toml_splice.remove(source, route), _without(data, route))


def append_to_array(source: str, route: Route, value: Any) -> str:
    """``source`` with one more item at the end of the array at ``route``, which is made where it is missing."""
    old = _lookup(_data(source), route)
    if old is _MISSING:
        return set_key(source, route, [value])
    if not isinstance(old, list):
        raise ValueError(f"{key_text(*map(str, route))} is no array")
    return set_key(source, route, [*old, value])


def _set_table(source: str, route: Route, old: dict[str, Any], value: dict[str, Any]) -> str:
    for key in sorted(old.keys() - value.keys()):
        source = toml_splice.remove(source, (*route, key), keep_comments=True)
    for key, item in value.items():
        source = set_key(source, (*route, key), item)
    return source


def _set_array(source: str, route: Route, old: list[Any], value: list[Any]) -> str:
    """Keep the lines of the items that stay; only a changed order writes the array anew."""
    if toml_splice.is_header(source, (*route, 0)) and not all(isinstance(item, dict) for item in value):
        return toml_splice.replace(source, route, value)
    if len(old) == len(value):
        for position, item in enumerate(value):
            source = set_key(source, (*route, position), item)
        return source
    stay: list[Any] = []
    gone: list[int] = []
    for position, item in enumerate(old):
        if len(stay) < len(value) and _same(item, value[len(stay)]):
            stay.append(item)
        else:
            gone.append(position)
    if old and not stay:
        return toml_splice.replace(source, route, value)
    for position in reversed(gone):
        source = toml_splice.remove(source, (*route, position), keep_comments=True)
    for position in range(len(stay), len(value)):
        source = toml_splice.insert(source, (*route, position), value[position])
    return source


class _Missing:
    """Stands for a key that is not there; ``None`` is no value of TOML, but a caller may pass it."""


_MISSING = _Missing()


def _data(source: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(source)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _lookup(data: Any, route: Route) -> Any:
    for step in route:
        there = isinstance(step, int) and step < len(data) if isinstance(data, list) else isinstance(data, dict)
        if not there or (isinstance(data, dict) and step not in data):
            return _MISSING
        data = data[step]
    return data


def _with(data: dict[str, Any], route: Route, value: Any) -> dict[str, Any]:
    new = copy.deepcopy(data)
    at: Any = new
    for step in route[:-1]:
        at = at.setdefault(step, {}) if isinstance(at, dict) else _lookup(at, (step,))
    if not isinstance(at, dict) and not (isinstance(at, list) and isinstance(route[-1], int)):
        raise ValueError(f"{key_text(*map(str, route))} leads through something that is no table")
    parent: Any = at
    item = list(value) if isinstance(value, tuple) else value
    if isinstance(parent, list) and route[-1] == len(parent):
        parent.append(item)
    else:
        parent[route[-1]] = item
    return new


def _without(data: dict[str, Any], route: Route) -> dict[str, Any]:
    new = copy.deepcopy(data)
    del _lookup(new, route[:-1])[route[-1]]
    return new


def _same(one: Any, other: Any) -> bool:
    """Equality that tells ``1`` from ``true`` and ``1.0``, and takes ``nan`` for itself."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and (one == other or (one != one and other != other))  # nan differs from itself


def _checked(edited: str, expected: dict[str, Any]) -> str:
    if not _same(_pruned(_data(edited)), _pruned(expected)):
        raise ValueError("the edit would change something else")
    return edited


def _pruned(data: Any) -> Any:
    """``data`` without empty tables: a table that only longer headers imply goes with the last of them."""
    if isinstance(data, list):
        return [_pruned(item) for item in data]
    if not isinstance(data, dict):
        return data
    pruned = {key: _pruned(value) for key, value in data.items()}
    return {key: value for key, value in pruned.items() if value != {}}
