"""Whether a file may write ``X | Y`` in an annotation, which Python evaluates from 3.10 on; told without a parse.

Source: https://peps.python.org/pep-0604/
"""

from __future__ import annotations

from bisect import bisect_left

from trueup.model.pattern import lazy
from trueup.read.skim_strings import outside

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

UNION = lazy(rb"""\|(?<=[\w\]"') \t\n]\|)(?:[ \t\n\\]|\#[^\n]*+)*[\w"'(]""")
DEFINES = lazy(rb"\n[ \t]*+(?:async[ \t\\\n]++)?def[ \t\\\n]")
# A name, an attribute or an item with a colon, where a statement may begin; not where the annotation is one name.
DECLARES = lazy(
    rb"(?<=[\n;:])[ \t]*+\(*(?:[\w.\x80-\xff]++(?:\[[^\n]{0,200}?\])?|[\])])[\])]*+(?:[ \t]|\\\n)*+:"
    rb"(?!=|[ \t]*+[\w.]*+[ \t]*+[\n=,#])"
)
PIECES = lazy(
    rb"""\"""|\'\'\'|"(?:[^"\\\n]++|\\[\s\S])*+"|'(?:[^'\\\n]++|\\[\s\S])*+'|\#[^\n]*+|\\\n|[()\[\]{}:;=,|\n]"""
)
HEAD = frozenset((b":", b"\n"))  # what ends the head of a function, and the annotation of a variable
ANNOTATION = frozenset((b"\n", b"=", b";", b","))
LONGEST = 20_000


def has_union(data: bytes) -> bool:
    """Whether an annotation may hold one: too often rather than too rarely."""
    hits = [hit.start() for hit in UNION.finditer(data)]
    if not hits:
        return False
    defined = in_code(data, DEFINES, hits[-1])
    heads = [defined[index] for index in sorted({bisect_left(defined, at) - 1 for at in hits} - {-1})]
    return any(may_hold(data, start, HEAD) for start in heads) or any(
        may_hold(data, start, ANNOTATION) for start in in_code(data, DECLARES, hits[-1])
    )


def in_code(data: bytes, pattern: re.Pattern[bytes], last: int) -> list[int]:
    """Where what is found before a place ends, in no string."""
    ends = [found.end() for found in pattern.finditer(data, 0, last)]
    return [end for end, is_code in zip(ends, outside(data, ends), strict=True) if is_code]


def may_hold(data: bytes, start: int, ends: frozenset[bytes]) -> bool:
    """Whether a ``|`` stands in the code from ``start`` to one of ``ends``, or to the end of a bracket that was open
    before; also where that end is not sure."""
    depth = 0
    for piece in PIECES.finditer(data, start, start + LONGEST):
        text = piece[0]
        if text == b"|":
            return True
        if text in (b"(", b"[", b"{"):
            depth += 1
        elif text in (b")", b"]", b"}"):
            depth -= 1
        elif text in (b'"""', b"'''"):
            return True
        if depth < 0 or (not depth and text in ends):
            return False
    return True
