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
NAME = bytes(code for code in range(256) if code > 0x7F or chr(code).isalnum() or code in b"_.")
DEFINES = lazy(rb"[ \t]*+(?:async[ \t\\\n]++)?\Z")
PIECES = lazy(
    rb"""\"""|\'\'\'|"(?:[^"\\\n]++|\\[\s\S])*+"|'(?:[^'\\\n]++|\\[\s\S])*+'|\#[^\n]*+|\\\n|[()\[\]{}:;=,|\n]"""
)
HEAD = frozenset((b":", b"\n"))  # what ends the head of a function, and the annotation of a variable
ANNOTATION = frozenset((b"\n", b"=", b";", b","))
LONGEST = 20_000  # bytes of either
NEAR = 400  # bytes from the beginning of a line to a definition, or of a name


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
        if data[at + 3 : at + 4] not in (b" ", b"\t", b"\\"):
            continue
        begin = data.rfind(b"\n", max(0, at - NEAR), at)
        begin = data.rfind(b"\n", max(0, begin - NEAR), begin) if data[begin - 1] == BACKSLASH else begin
        if begin >= 0 and DEFINES.match(data, begin + 1, at):
            index = bisect_left(strings, (at,)) - 1
            if index < 0 or at >= strings[index][1]:
                break
    return at


def is_target(data: bytes, colon: int) -> bool:
    """Whether a colon stands behind what can be annotated, where a statement may begin."""
    before = data[max(0, colon - NEAR) : colon].rstrip(b" \t\\\n")
    name = before.rstrip(NAME)
    return before[-1:] in (b"]", b")") or (name != before and name.rstrip(b" \t")[-1:] in (b"\n", b";", b":"))


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
