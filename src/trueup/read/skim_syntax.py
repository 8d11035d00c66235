"""What the statements of a file may be that asks for a second look, told without a parse.

Those of Python 2, of a template or a conflict; asynchronous tests; a main guard, settings, what a script depends on;
and which version of Python the syntax may need: never too old a one.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy
from trueup.read.formatted_strings import VERSION as FORMATTED
from trueup.read.formatted_strings import candidates
from trueup.read.skim_strings import DOUBLE, QUOTED, SINGLE, long_strings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.model.source import Import

# How such statements begin, each at the beginning of a line: one pass finds them all. They may also stand in a string.
# Newer syntax than that of 3.9: https://docs.python.org/3/whatsnew/.
SIGNS = lazy(
    rb"""\n[ \t]*+(?=[acdeimprt{>\#])(?:
    def[ \t\\\n]++\w++[ \t]*+(?P<function>\[)
    |class[ \t\\\n]++(?:(?P<config>Config)\b(?![ \t]*\[)|\w++[ \t]*+(?P<class>\[))
    |async[ \t\\\n]++def[ \t\\\n]++(?:(?P<test>test)|\w++[ \t]*+(?P<coroutine>\[))
    |type[ \t\\]++[A-Za-z_]\w*+[ \t]*+(?P<alias>[\[=])
    |except(?:[ \t]*+(?P<group>\*)|[ ][\w.]++[ \t]*+(?P<catch>,))
    |match\b(?![ \t]*[=.,)\]:+\-*/|&])(?P<match>)
    |raise[ ][\w.]++[ \t]*+(?P<raise>,)
    |print[ \t]++(?P<print>[\w"'%`]|>>)
    |exec[ \t]++(?P<exec>[\w"'])
    |if[ \t(\\\n]*+(?P<main>__name__|["']__main__)
    |elif[ \t(\\\n]*+(?P<also>__name__|["']__main__)
    |\#[ ]///[ ]script(?P<script>)
    |\{(?P<template>[%{])
    |>{7}(?P<conflict>[ ]))""",
    re.VERBOSE,
)
VERSIONS = {"function": "3.12", "class": "3.12", "coroutine": "3.12", "alias": "3.12", "group": "3.11", "match": "3.10"}
TOLD = {"main": "main", "also": "main", "config": "config", "script": "script"}
# What is also written behind a colon or a semicolon: of Python 2, and a type alias. Two patterns, since one that begins
# with a letter of its own is searched for several times as fast as one that begins with either.
BEHIND = rb"""[ \t]*(?:print[ \t]+(?:[\w"'%`]|>>)|raise[ ][\w.]+[ \t]*,|(?P<alias>type[ \t]+[A-Za-z_]\w*[ \t]*[\[=]))"""
INLINE = (lazy(b":" + BEHIND), lazy(b";" + BEHIND))
UNION = lazy(rb"""\|(?<=[\w\]"') \t\n]\|)(?:[ \t\n\\]|\#[^\n]*+)*[\w"'(]""")
# What begins a statement: one that can hold an annotation (`def`, or a name and a colon), and one that cannot.
MAKES = lazy(rb"[ \t]*(?:(?:async[ \t]+)?def\b|[\w.\[\]()]+[ \t]*:)")
WITHIN = lazy(rb"[;:][ \t]*[\w.]+[ \t]*:")
BEGINS = lazy(
    rb"[ \t]*(?:@|(?:def|async|class|return|raise|try|with|while|import|from|assert|del|pass|break|continue)\b)"
)
ASSIGNS = lazy(rb"[ \t]*[\w.]+[ \t]*[-+*/%@&|^]?=(?!=)")
OPENS, CLOSES = (b"(", b"[", b"{"), (b")", b"]", b"}")


class Signs(NamedTuple):
    """Where statements may begin that no Python 3 reads, asynchronous tests, and newer syntax: of which version.

    Places ascend; each may lie in a string of several lines.
    ``told``: what else the file may hold of ``TOLD``: a main guard, a class of settings, what a script depends on.
    """

    old: list[int]
    tests: list[int]
    newer: dict[int, str]
    told: set[str]


def signs(data: bytes) -> Signs:
    """The signs in a file that begins with the end of a line."""
    old: list[int] = []
    tests: list[int] = []
    told: set[str] = set()
    newer: dict[int, str] = {}
    for hit in SIGNS.finditer(data):
        kind = hit.lastgroup or ""
        if kind in VERSIONS:
            newer[hit.start() + 1] = VERSIONS[kind]
        elif kind in TOLD:
            told.add(TOLD[kind])
        else:
            (tests if kind == "test" else old).append(hit.start() + 1)
    for pattern in INLINE:
        for hit in pattern.finditer(data):
            if hit["alias"]:
                newer[hit.start() + 1] = VERSIONS["alias"]
            elif is_code(data, hit.start()):
                old.append(hit.start() + 1)
    return Signs(sorted(old), tests, dict(sorted(newer.items())), told)


def is_code(data: bytes, at: int) -> bool:
    """Whether a position is in no comment, and in no string that begins on its line."""
    line = data[data.rfind(b"\n", 0, at) + 1 : at + 1]
    code = QUOTED.sub(b"", line)
    return code[-1:] == line[-1:] and b'"' not in code and b"'" not in code


def newest_of(data: bytes, imports: tuple[Import, ...], newest: str) -> str:
    """The newest version of Python whose syntax a file may use, ``""`` where it is none after 3.9.

    ``newest``: that of its statements, as far as their beginning shows it.
    """
    if newest < FORMATTED and any(candidates(data)):
        return FORMATTED
    if newest or b"|" not in data:
        return newest
    future = any(item.module == "__future__" and ("annotations", None) in item.names for item in imports)
    if future and data.count(b"annotations") == 1:
        return ""
    return "3.10" if has_union(data) else ""


def has_union(data: bytes) -> bool:
    """Whether ``X | Y`` may stand in an annotation: behind a colon or an arrow of the same statement."""
    strings: list[tuple[int, int]] = []
    known = past = 0  # how far strings are known; the end of the one that holds the last hit
    for hit in UNION.finditer(data):
        at = hit.start()
        if at < past or not may_annotate(data, at):
            continue
        if at > known:  # once as far as the first, which mostly decides
            known = len(data) if known else at
            strings = long_strings(data, known)
        index = bisect_left(strings, (at,)) - 1
        if index < 0 or at >= strings[index][1]:
            return True
        past = strings[index][1]
    return False


def may_annotate(data: bytes, at: int) -> bool:
    """Whether a ``|`` may stand in an annotation, unless it is in a string."""
    begin = data.rfind(b"\n", 0, at) + 1
    line = data[begin : data.find(b"\n", at) + 1 or len(data)]
    if DOUBLE in line or SINGLE in line:
        return True
    code = QUOTED.sub(b"", line)
    if b"|" not in code:
        return False
    before = code.rpartition(b"|")[0]
    colon = b":" in before or b"->" in before
    if colon and (MAKES.match(code) or WITHIN.search(before)):
        return True
    if BEGINS.match(code) or (not colon and ASSIGNS.match(before) and is_balanced(before)):
        return MAKES.match(code) is not None and may_continue(data, begin, colon=colon)
    return not code.strip(b" \t\n|") or may_continue(data, begin, colon=colon)


def is_balanced(code: bytes) -> bool:
    """Whether no bracket is closed that was not opened."""
    return sum(map(code.count, OPENS)) >= sum(map(code.count, CLOSES))


def may_continue(data: bytes, begin: int, *, colon: bool) -> bool:
    """Whether the line at ``begin`` may stand in the brackets of a definition, or behind a backslash.

    ``colon``: it has one, or an arrow; else one must stand in the lines before it.
    """
    depth, end = 0, begin - 1
    for _ in range(60):
        if end <= 0:
            return False
        begin = data.rfind(b"\n", 0, end) + 1
        line = data[begin:end]
        if DOUBLE in line or SINGLE in line or line.endswith(b"\\"):
            return True
        code = QUOTED.sub(b"", line)
        colon = colon or b":" in code or b"->" in code
        depth += sum(map(code.count, OPENS)) - sum(map(code.count, CLOSES))
        if depth > 0 and MAKES.match(code):
            return colon
        if BEGINS.match(code):
            return False
        depth = min(depth, 0)
        end = begin - 1
    return True
