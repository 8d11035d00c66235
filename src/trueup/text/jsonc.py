"""JSON as editors write it: comments, trailing commas, and (JSON5) bare keys."""

from __future__ import annotations

import json
import re

from trueup.model.pattern import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from trueup.model.document import Route

_STRING = r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'"""
_COMMENTS = lazy(_STRING + r"|//[^\n]*|/\*.*?\*/", re.DOTALL)
_COMMAS = lazy(_STRING + r"|,(?=\s*[\]}])", re.DOTALL)


def parse(source: str) -> tuple[Any, Callable[[str, Route], int]]:
    """The data of ``source`` and where each route stands; raises ``ValueError`` with the line of an error."""
    text = source.removeprefix("\ufeff")
    try:
        return json.loads(text), _line
    except json.JSONDecodeError:
        text = _plain(text)
    try:
        return json.loads(text), _line
    except json.JSONDecodeError as problem:
        if re.search(r"[{,]\s*[A-Za-z_$][\w$]*\s*:", text):  # JSON5: its keys and quotes are YAML's flow style
            return _as_yaml(text)
        raise ValueError(f"line {problem.lineno}: {problem.msg}") from None


def _line(source: str, route: Route) -> int:
    """The line of ``route``; JSON is YAML's flow style, whose parser keeps the lines."""
    try:
        locate = _as_yaml(_plain(source.removeprefix("\ufeff")))[1]
    except (ValueError, RecursionError):
        return 0
    return locate(source, route)


def _as_yaml(text: str) -> tuple[Any, Callable[[str, Route], int]]:
    from trueup.text.yaml import parse as parse_yaml

    return parse_yaml(text.replace("\t", " "))


def _plain(text: str) -> str:
    """``text`` without comments and trailing commas; every line stays where it is."""

    def blank(found: re.Match[str]) -> str:
        piece = found[0]
        return piece if piece[0] in "\"'" else re.sub(r"[^\n]", " ", piece)

    return _COMMAS.sub(blank, _COMMENTS.sub(blank, text))
