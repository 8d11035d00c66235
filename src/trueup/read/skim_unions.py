"""Whether a file may write ``X | Y`` in an annotation, which Python evaluates from 3.10 on; told without a parse.

Source: https://peps.python.org/pep-0604/
"""

from __future__ import annotations

from bisect import bisect_left

from trueup.model.pattern import lazy
from trueup.read.skim_strings import BACKSLASH, long_strings, outside

UNION = lazy(rb"""\|(?<=[\w\]})"' \t\n\x80-\xff]\|)(?:[ \t\n\\]|\#[^\n]*+)*[\w"'([{\x80-\xff]""")
# A colon behind what may be a variable, an attribute or an item; not where the annotation is one name.
COLON = lazy(rb":(?<=[\w\]) \t\n\x80-\xff]:)(?!=|[ \t]*+[\w.]*+[ \t]*+[\n=,#])")
TARGET = lazy(rb"(?:[\n;:][ \t]*+[\w.\x80-\xff]++|[\])])(?:[ \t]|\\\n)*+\Z")
DEFINES = lazy(rb"[ \t]*+(?:async[ \t\\\n]++)?\Z")
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
    strings = long_strings(data, hits[-1])
    heads = [head_between(data, first, at, strings) for first, at in zip([0, *hits], hits, strict=False)]
    if any(head >= 0 and may_hold(data, head, HEAD) for head in heads):
        return True
    colons = [found.end() for found in COLON.finditer(data, 0, hits[-1])]
    code = outside(data, colons, strings)
    return any(
        is_code and is_target(data, colon - 1) and may_hold(data, colon, ANNOTATION)
        for colon, is_code in zip(colons, code, strict=True)
    )


def head_between(data: bytes, first: int, at: int, strings: list[tuple[int, int]]) -> int:
    """Where the last definition of a function between two places begins, in no string; -1 where there is none."""
    while (at := data.rfind(b"def", first, at)) >= 0:
        begin = data.rfind(b"\n", 0, at) + 1
        begin = data.rfind(b"\n", 0, max(begin - 2, 0)) + 1 if data.startswith(b"\\\n", max(begin - 2, 0)) else begin
        if data[at + 3 : at + 4] in (b" ", b"\t", b"\\") and DEFINES.match(data, begin, at):
            index = bisect_left(strings, (at,)) - 1
            if index < 0 or at >= strings[index][1]:
                break
    return at


def is_target(data: bytes, colon: int) -> bool:
    """Whether a colon stands behind what can be annotated, where a statement may begin."""
    begin = data.rfind(b"\n", 0, colon)
    begin = data.rfind(b"\n", 0, begin) if data[begin - 1] == BACKSLASH else begin
    return TARGET.search(data, max(begin, 0), colon) is not None


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
