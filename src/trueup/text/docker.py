"""Dockerfiles as instructions with their places (Dockerfile reference, docs.docker.com)."""

from __future__ import annotations

import re
from itertools import pairwise

from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy
from trueup.text.shell import Command, Word, commands, cut

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

KEYWORD = lazy(r"[ \t]*([A-Za-z]+)(?=[ \t]|\\\r?\n)")
HEREDOC = lazy(r"<<-?[ \t]*([\"']?)(\w+)\1", words=("<<",))
JSON_STRING = lazy(r'"((?:[^"\\\n]|\\{1,2}[ \t]*\r?\n|\\.)*)"')  # a line may go on inside of one
FLAG = lazy(r"--[\w-]+(=\S*)?$")


class Instruction(NamedTuple):
    """One instruction: its arguments stand from ``start`` to ``end``; a heredoc's body is part of them.

    ``words`` are the arguments behind the flags (``--from=builder``), of the JSON form too.
    """

    keyword: str
    line: int
    begin: int
    start: int
    end: int
    words: Command
    flags: tuple[str, ...] = ()
    json: bool = False
    heredoc: bool = False


def instructions(text: str) -> Iterator[Instruction]:
    """The instructions of a Dockerfile in order; what is none is skipped."""
    position, line = 0, 1
    while position < len(text):
        end, body_end = _logical_end(text, position)
        found = KEYWORD.match(text, position, end)
        if found:
            yield _instruction(text, found, body_end or end, line, bool(body_end))
        line += text.count("\n", position, end + 1)
        position = end + 1


def copied(text: str) -> Iterator[Instruction]:
    """The instructions that take something from the build context."""
    for item in instructions(text):
        if item.keyword in ("COPY", "ADD") and not any(flag.startswith("--from=") for flag in item.flags):
            yield item


def shell_commands(text: str, instruction: Instruction) -> Iterator[Command]:
    """The commands that RUN, CMD, ENTRYPOINT or HEALTHCHECK starts, in shell, JSON or heredoc form."""
    words = instruction.words
    if not instruction.json:
        start = _behind_flags(text, instruction)
        if instruction.keyword == "HEALTHCHECK" and words:
            start = words[0].end
        yield from commands(text, start, instruction.end)
    elif len(words) == 1 and " " in words[0].text:
        yield from commands(text, words[0].start, words[0].end)
    elif words:
        yield words
        for before, word in pairwise(words):
            if before.text in ("-c", "-lc", "-ec"):
                yield from commands(text, word.start, word.end)


def _behind_flags(text: str, instruction: Instruction) -> int:
    if instruction.heredoc:
        newline = text.find("\n", instruction.start, instruction.end)
        return instruction.start if newline < 0 else newline
    return instruction.words[0].start - len(instruction.words[0].quote) if instruction.words else instruction.end


def _logical_end(text: str, start: int) -> tuple[int, int]:
    """Where the instruction that begins at ``start`` ends (at a newline or the end), and its heredoc's body (or 0)."""
    position = start
    while True:
        newline = text.find("\n", position)
        stop = len(text) if newline < 0 else newline
        line = text[position:stop].strip()
        comment = line.startswith("#") or (not line and position > start)
        if newline < 0 or (comment and position == start) or not (comment or line.endswith("\\")):
            break
        position = stop + 1
    heredoc = HEREDOC.search(text, start, stop) if not text[start:stop].lstrip().startswith("#") else None
    if heredoc is None:
        return stop, 0
    closing = re.compile(rf"^\t*{heredoc[2]}\r?$", re.MULTILINE).search(text, stop)
    return (closing.end(), closing.start()) if closing else (stop, 0)


def _instruction(text: str, found: re.Match[str], end: int, line: int, heredoc: bool) -> Instruction:
    start = found.end()
    keyword = found[1].upper()
    stripped = text[start:end].strip()
    flagged = next(iter(cut(text, start, end)), ())
    flags = tuple(word.text for word in _flags(flagged))
    begin_of_rest = flagged[len(flags)].start if len(flagged) > len(flags) else start
    json = bool(re.match(r'\[\s*("|\])', text[begin_of_rest:end]))
    words: Command = flagged[len(flags) :]
    if json:
        words = tuple(Word(m.start(1), m.end(1), m[1], '"') for m in JSON_STRING.finditer(text, begin_of_rest, end))
    elif not stripped:
        words = ()
    return Instruction(keyword, line, found.start(1), start, end, words, flags, json, heredoc)


def _flags(words: Command) -> Iterator[Word]:
    for word in words:
        if not FLAG.match(word.text):
            return
        yield word
