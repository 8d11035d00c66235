"""What the statements of a file may be that asks for a second look, told without a parse.

Those of Python 2, of a template or a conflict; asynchronous tests; a main guard, settings, what a script depends on;
and which version of Python the syntax may need: never too old a one.
"""

from __future__ import annotations

import re

from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy
from trueup.model.source import postpones_annotations
from trueup.read.formatted_strings import VERSION as FORMATTED
from trueup.read.formatted_strings import candidates
from trueup.read.skim_strings import QUOTED
from trueup.read.skim_unions import has_union

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
    return "3.10" if not postpones_annotations(imports) and has_union(data) else ""
