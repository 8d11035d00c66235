"""Commands in documents: blocks of code, indented or fenced, code within a sentence, and a server's command anywhere.

A document explains: what cannot be told from prose is no command.

Source: https://spec.commonmark.org (fenced and indented code, code spans); literal blocks and inline literals in
https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html
"""

from __future__ import annotations

import re
from functools import cache

from trueup.model.pattern import lazy
from trueup.text.shell import Command, basename, commands, spoken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

FENCE = lazy(r"^[ \t>]*(`{3,}|~{3,})[ \t]*\{?\.?([\w+-]*)[^\n`]*\n(.*?)^[ \t>]*\1[ \t]*\r?$", re.MULTILINE | re.DOTALL)
DIRECTIVE = lazy(
    r"^([ \t]*+)(?:\.\. (?:code-block|code|sourcecode|prompt):: *(\w+)[^\n]*|(?!\.\.[ \t])[^\n]*::[ \t]*)\n"
    r"((?:[ \t]*\n|\1[ \t]+[^\n]*\n?)+)",
    re.MULTILINE,
)
INDENTED = lazy(r"(?:\A|^[ \t]*\r?\n)((?:(?:[ ]{4}|\t)[^\n]*\S[^\n]*(?:\n|\Z))+)", re.MULTILINE)
SPAN = lazy(
    r"(?<![`\w\\])(`{1,2})(?!`)((?:(?:python3?|py)[ ](?:-u[ ])?(?:-m[ ][\w.]+|[\w./\\-]+\.py\b)"
    r"|(?:uvicorn|gunicorn|hypercorn|granian)[ ][^`\n]*?\w:\w|celery[ ]-A[ ]|(?:fastapi|streamlit)[ ](?:run|dev)[ ]"
    r"|pip3?[ ]install[ ][^`\n]*?(?:-r|--requirement|-e|--editable|\.(?=[`\[]))|pytest[ ][^`\n]*?\w[/.]"
    r"|(?:poetry|pipenv|pdm)[ ](?:install|sync|run|shell|add|update|lock)\b)[^`\n]*)\1(?!`)"
)
LINK = lazy(r"(?<!`)`(?!`)[^`\n]+`(?!`)")  # or a role's text: a single backtick of reStructuredText marks no code
SERVER = lazy(r"(?<![`\w/.-])((?:uvicorn|gunicorn|hypercorn)[ ](?:-[\w=.-]+[ ])*[\w.]+:\w+)")
POWERSHELL = ("powershell", "ps1", "pwsh", "ps")
BATCH = ("cmd", "bat", "batch", "dos")
POSIX = ("bash", "sh", "shell", "console", "zsh", "terminal", "shell-session", "shellsession", "fish")
FLAVOURS = dict.fromkeys(POSIX, "sh") | dict.fromkeys(POWERSHELL, "powershell") | dict.fromkeys(BATCH, "cmd")
PROGRAM = lazy(r"[A-Za-z_.~$%][\w.~$%:/\\(){}+-]*[\w)}]|\.|\w|\[{1,2}|\w+=.*", re.DOTALL)
PROGRAMS = """
python python3 py pip pip3 pipx uv uvx poetry pipenv pdm hatch rye conda mamba tox nox pytest coverage uvicorn gunicorn
hypercorn granian fastapi flask celery arq dramatiq alembic aerich ruff black isort mypy flake8 docker docker-compose
podman make just git cd source sudo export set npm cp mv mkdir rm curl apt apt-get brew pre-commit streamlit locust
sh bash chmod touch cat echo virtualenv pyenv http psql task invoke openssl kubectl helm heroku flyctl fly
"""
WORD = lazy(r"[\w.-]+")
FOR_A_SHELL = lazy(r"c|-\w*c|-command|.*\.exe")  # what runs the text behind it; and a program's other name
SHELL_PROGRAMS = frozenset(PROGRAMS.split())
PROSE = lazy(r"[.,:;!?]\s*$", re.MULTILINE)


def markdown(text: str) -> tuple[tuple[Command, ...], ...]:
    """The commands of each piece of code of a Markdown document, in its order."""
    found = [*_blocks(text, "```", FENCE), *_blocks(text, "~~~", FENCE)]
    spans = SPAN.search(text) or SERVER.search(text)
    indented = ("\n    " in text or "\n\t" in text) and _may_speak(text.lower())
    if spans or indented:
        rest = FENCE.sub(_blank, text)
        found += (piece for block in INDENTED.finditer(rest) for piece in _indented(text, *block.span(1)))
        found += _spans(text, INDENTED.sub(_blank, rest))
    return _ordered(found)


def restructured(text: str) -> tuple[tuple[Command, ...], ...]:
    """The same of reStructuredText; tildes underline headings there, and fences of backticks do occur."""
    found = [*_blocks(text, "::", DIRECTIVE), *_blocks(text, "```", FENCE)]
    if SPAN.search(text) or SERVER.search(text):
        rest = DIRECTIVE.sub(lambda block: block[0][: block.start(3) - block.start()] + _blank(block, 3), text)
        found += _spans(text, LINK.sub(_blank, FENCE.sub(_blank, rest)))
    return _ordered(found)


def _ordered(found: list[tuple[Command, ...]]) -> tuple[tuple[Command, ...], ...]:
    return tuple(sorted((piece for piece in found if piece), key=lambda piece: piece[0][0].start))


def _blank(match: re.Match[str], group: int = 0) -> str:
    return re.sub(r"[^\n]", " ", match[group])


def _indented(text: str, start: int, end: int) -> Iterator[tuple[Command, ...]]:
    """A block that is indented, if each of its lines is a command: what goes on with a list is, too."""
    piece = text[start:end]
    if not PROSE.search(piece) and _may_speak(spoken(piece).lower()):
        found = next(_read(text, "", start, end), ())
        if len(found) >= len(piece.strip().splitlines()):
            yield found


def _spans(text: str, rest: str) -> Iterator[tuple[Command, ...]]:
    """Commands within a sentence; ``rest`` is the text whose blocks are blank."""
    for pattern in (SPAN, SERVER):
        for match in pattern.finditer(rest):
            yield tuple(commands(text, *match.span(match.lastindex or 0)))
        rest = SPAN.sub(_blank, rest)


def _blocks(text: str, mark: str, block: re.Pattern[str]) -> Iterator[tuple[Command, ...]]:
    """The commands of the blocks that begin on a line with ``mark``."""
    at = text.find(mark)
    while at >= 0:
        match = block.match(text, text.rfind("\n", 0, at) + 1)
        if match:
            yield from _read(text, (match[2] or "").lower(), match.start(3), match.end(3))
        end = match.end() if match else text.find("\n", at)
        at = text.find(mark, end) if end >= 0 else -1


def _read(text: str, language: str, start: int, end: int) -> Iterator[tuple[Command, ...]]:
    """The commands of a block in a shell's language, or in none."""
    if language and language not in FLAVOURS:
        return
    piece = text[start:end]
    blank = spoken(piece)
    if not language and not _may_speak(blank.lower()):
        return
    copy = text if blank == piece else text[:start] + blank
    found = commands(copy, start, end, FLAVOURS.get(language, "sh"))
    yield tuple(words for words in found if _runs(words, language))


def _may_speak(text: str) -> bool:
    """Whether a text may hold a command. That a program is named at all is seen faster than where."""
    words = set(WORD.findall(text))
    named = not SHELL_PROGRAMS.isdisjoint(words) or any(map(FOR_A_SHELL.fullmatch, words))
    return named and _speaks().search(text) is not None


@cache
def _speaks() -> re.Pattern[str]:
    """What stands in every text of which a command can be told without knowing the language: a program's name where a
    command may begin, behind a variable's value, or words for a shell within."""
    names = "|".join(map(re.escape, sorted(SHELL_PROGRAMS)))
    begins = r"""(?:^|[;|(){}&'"])[ \t\r]*(?:[^\s;|(){}&'"]*[/\\])?"""
    program = rf"(?:{names})(?:\.exe)?(?![\w.-])"
    return re.compile(
        rf"""{begins}{program}|=[^\n]*?[ \t'"/\\]{program}|[ \t](?:-\w*c|/c|-command)[ \t]""", re.MULTILINE
    )


def _runs(words: Command, language: str) -> bool:
    """Whether a line of a document is a command and no output, tree or prose."""
    program = next((word.text for word in words if "=" not in word.text), words[0].text)
    if not language:
        return basename(program) in SHELL_PROGRAMS
    return bool(PROGRAM.fullmatch(program))
