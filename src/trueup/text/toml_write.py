"""Values as TOML text."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from trueup.model.pattern import lazy

WIDTH = 88  # an array that is longer stands on several lines

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_SPECIAL = lazy(r'["\\\x00-\x1f\x7f]')


def key_text(*keys: str) -> str:
    """A dotted key, each part quoted where it must be."""
    return ".".join(key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _string(key) for key in keys)


def value_text(value: Any, newline: str = "\n", *, inline: bool = False) -> str:
    """``value`` as TOML; an array of more than one item, or a long one, has a line for each unless ``inline``.

    Raises ``ValueError`` for what TOML cannot hold.
    """
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return repr(value)
        case str():
            return _string(value) if inline else _text(value, newline)
        case dict():
            pairs = (f"{key_text(key)} = {value_text(item, inline=True)}" for key, item in value.items())
            return "{ " + ", ".join(pairs) + " }" if value else "{}"
        case list() | tuple():
            return _array([value_text(item, inline=True) for item in value], newline, inline=inline)
        case dt.date() | dt.time():
            return value.isoformat()
    raise ValueError(f"TOML has no form for {value!r}")


def _array(items: list[str], newline: str, *, inline: bool) -> str:
    short = "[" + ", ".join(items) + "]"
    if inline or not items or (len(items) == 1 and len(short) <= WIDTH):
        return short
    return "[" + newline + "".join(f"    {item},{newline}" for item in items) + "]"


def _text(value: str, newline: str) -> str:
    if "\n" not in value or "\r" in value:
        return _string(value)
    # Escaped, never raw, at the end: a last quotation mark would touch the closing ones.
    lines = [_SPECIAL.sub(_escape, line) for line in value.split("\n")]
    return '"""' + newline + newline.join(lines) + '"""'


def _string(value: str) -> str:
    if "\\" in value and not re.search(r"['\x00-\x1f\x7f]", value):
        return f"'{value}'"
    return '"' + _SPECIAL.sub(_escape, value) + '"'


def _escape(found: re.Match[str]) -> str:
    return _ESCAPES.get(found[0]) or f"\\u{ord(found[0]):04x}"
