"""The TOML of lock files, which no one but their tool reads: TOML 1.1 is accepted, too.

uv reads inline tables that go over several lines, and a formatter may have made them; ``tomllib`` does so from
Python 3.15 on. Source: https://toml.io/en/v1.1.0#inline-table
"""

from __future__ import annotations

from trueup.text import toml_read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from trueup.model.document import Route


def parse(source: str) -> tuple[dict[str, Any], Callable[[str, Route], int]]:
    """What ``toml_read.parse`` gives; raises ``ValueError`` with the line of an error."""
    try:
        return toml_read.parse(source)
    except ValueError as problem:
        joined = on_one_line(source)
        if joined == source:
            raise
        try:
            return toml_read.parse(joined)
        except ValueError:
            raise problem from None


def on_one_line(source: str) -> str:
    """Inline tables without line ends, comments and a last comma."""
    found: list[str] = []
    opened: list[str] = []
    for token in toml_read.TOKENS.finditer(source):
        text = token[0]
        if text in ("{", "["):
            opened.append(text)
        elif text in ("}", "]") and opened:
            if opened.pop() == "{":
                while found and (not found[-1].strip() or found[-1] == ","):
                    found.pop()
        elif "{" in opened and token.lastgroup in ("newline", "comment"):
            text = " "
        found.append(text)
    return "".join(found)
