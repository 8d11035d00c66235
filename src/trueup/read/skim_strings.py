"""Which lines of a Python file lie in a string, told without a parse."""

from __future__ import annotations

import re

from trueup.model.pattern import lazy

# Strings over several lines, where a quote or a hash before one makes it hard to see.
LONG = lazy(
    rb"""(?:[^"'#\\]++|\#[^\n]*+|\\[\s\S]|"(?!"")(?:[^"\\\n]++|\\[\s\S])*+"|'(?!'')(?:[^'\\\n]++|\\[\s\S])*+')*+
    (?:(\"""(?:[^"\\]++|\\[\s\S]|"(?!""))*+\"""|\'\'\'(?:[^'\\]++|\\[\s\S]|'(?!''))*+\'\'\')|\Z)""",
    re.VERBOSE,
)
QUOTED = lazy(rb"""\"(?:[^"\\\n]++|\\.)*+"|'(?:[^'\\\n]++|\\.)*+'|\#[^\n]*""")
BACKSLASH = ord("\\")
DOUBLE, SINGLE = b'"""', b"'''"
NOWHERE = (1 << 60, 1 << 60)


class Unsure(Exception):
    """Only ``ast`` can tell."""


def outside(data: bytes, positions: list[int], known: list[tuple[int, int]] | None = None) -> list[bool]:
    """For each of some positions in ascending order whether it lies in no string of several lines.

    ``known``: what ``long_strings`` says of the file as far as the last of them, where that was asked before.
    """
    if not positions:
        return []
    strings = iter(long_strings(data, positions[-1]) if known is None else known)
    begin, end = next(strings, NOWHERE)
    found: list[bool] = []
    for at in positions:
        while end <= at:
            begin, end = next(strings, NOWHERE)
        found.append(at < begin)
    return found


def long_strings(data: bytes, last: int) -> list[tuple[int, int]]:
    """Where the strings in triple quotes begin and end, as far as ``last``."""
    found: list[tuple[int, int]] = []
    position = 0
    stop = last + len(DOUBLE)  # one that begins there still counts
    double, single = data.find(DOUBLE, 0, stop), data.find(SINGLE, 0, stop)
    while True:
        if 0 <= double < position:
            double = data.find(DOUBLE, position, stop)
        if 0 <= single < position:
            single = data.find(SINGLE, position, stop)
        begin = min(double, single) if double >= 0 and single >= 0 else max(double, single)
        if begin < 0:
            return found
        before = data[max(data.rfind(b"\n", 0, begin), position) : begin]
        end = data.find(data[begin : begin + 3], begin + 3)
        if found and data.rfind(b"\n", 0, begin) < position:
            return all_strings(data)
        if b'"' in before or b"'" in before or b"#" in before or end < 0 or data[end - 1] == BACKSLASH:
            return all_strings(data)
        position = end + 3
        found.append((begin, position))


def all_strings(data: bytes) -> list[tuple[int, int]]:
    """The same by reading every string and comment."""
    found: list[tuple[int, int]] = []
    position = 0
    while position < len(data):
        string = LONG.match(data, position)
        if string is None:
            raise Unsure
        position = string.end()
        if string[1]:
            found.append((string.start(1), position))
    return found
