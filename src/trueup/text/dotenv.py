"""Env files: the variables that docker, python-dotenv and uv hand over."""

from __future__ import annotations

import re

from trueup.errors import UsageError
from trueup.model.pattern import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

ASSIGNMENT = lazy(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)\s*=[ \t]*(.*)", re.DOTALL)
QUOTED = lazy(r"""("(?:[^"\\]|\\.)*"|'[^']*')[ \t]*(?:\#.*)?""", re.DOTALL)
UNESCAPED = {"n": "\n", "t": "\t", "r": "\r"}


def read_env_file(path: Path) -> dict[str, str]:
    """What ``parse`` gives for a file. Raises ``UsageError`` where it cannot be read, too."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else "it is not UTF-8"
        raise UsageError(f"the env file {path} cannot be read: {reason}") from problem
    return parse(text, str(path))


def parse(text: str, place: str) -> dict[str, str]:
    """``KEY=VALUE`` lines of an env file, as docker and python-dotenv write them; nothing is expanded.

    Comments, ``export``, single and double quotes (also over several lines) are understood. Raises
    ``UsageError`` with ``place`` and the line, and never with the value.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    values: dict[str, str] = {}
    number = 0
    while number < len(lines):
        begun, line = number + 1, lines[number].lstrip()  # blanks at its end may stand in quotes
        number += 1
        if not line or line.startswith("#"):
            continue
        match = ASSIGNMENT.fullmatch(line)
        if match is None:
            raise UsageError(f"{place}:{begun}: not KEY=VALUE")
        name, value = match.groups()
        if value[:1] in ("'", '"'):
            while QUOTED.fullmatch(value.rstrip()) is None and number < len(lines):
                value += "\n" + lines[number]
                number += 1
        values[name] = env_value(value, f"{place}:{begun}")
    return values


def env_value(value: str, place: str) -> str:
    """The value of one assignment, without its quotes or comment."""
    if value[:1] not in ("'", '"'):
        return re.split(r"(?:^|\s)#", value, maxsplit=1)[0].strip()
    match = QUOTED.fullmatch(value.rstrip())
    if match is None:
        raise UsageError(f"{place}: the quote is not closed, or something follows it")
    inner = match[1][1:-1]
    if value.startswith("'"):
        return inner
    return re.sub(r"\\(.)", lambda found: UNESCAPED.get(found[1], found[1]), inner, flags=re.DOTALL)
