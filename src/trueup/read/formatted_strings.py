"""Formatted strings that only Python 3.12 reads: their own quote, or a backslash, within the braces.

Source: https://peps.python.org/pep-0701/
"""

from __future__ import annotations

from trueup.model.pattern import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator

VERSION = "3.12"
# Up to the quote or the backslash in braces that are not closed yet; a backslash behind a colon may be of a format.
BODY = rb"(?:[^%b{}\\\n]|\{\{|\}\}|\\N\{[^}\n]*\}|\\[^\n]|\{[^{}%b\\\n]*\})*+\{(?:[^{}%b\n\\]*%b|[^{}%b\n\\:!]*\\)"
WORD = lazy(rb"[A-Za-z0-9_](?<![rR])\Z|[A-Za-z0-9_][rR]\Z|[\"'`][rR]?\Z")  # of which the letter may be the end
PATTERNS = tuple(lazy(b"f%b(?!%b)" % (quote, quote * 2) + BODY % ((quote,) * 5) + rb"(?!\n)") for quote in (b'"', b"'"))


def candidates(data: bytes) -> Iterator[int]:
    """Where such a string may begin: these bytes may also stand in another string, or between two of them."""
    for pattern in PATTERNS:
        for match in pattern.finditer(data):
            if not WORD.search(data, max(0, match.start() - 2), match.start()):
                yield match.start()


def first_line(module: ast.Module, data: bytes) -> int:
    """The line of the first of them, ``0`` where there is none."""
    from ast import JoinedStr, walk

    places = set()
    for at in candidates(data):
        line, column = data.count(b"\n", 0, at) + 1, at - data.rfind(b"\n", 0, at) - 1
        places |= {(line, column), (line, column - 1)}  # a raw one begins with another letter
    nodes = walk(module) if places else ()
    return min(
        (node.lineno for node in nodes if isinstance(node, JoinedStr) and (node.lineno, node.col_offset) in places),
        default=0,
    )
