"""Commands in documents: in blocks of code, indented or fenced, and alone in an item of a list, which a reader copies
whole; and within a sentence.

A document explains: what cannot be told from prose is no command, and a sentence is its author's to say anew.

Source: https://spec.commonmark.org (fenced and indented code, code spans); literal blocks and inline literals in
https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html
"""

from __future__ import annotations

import re

from trueup.model.pattern import lazy
from trueup.text.shell import Command, basename, commands, spoken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Piece = tuple[tuple[Command, ...], bool]  # and whether it stands within a sentence
    Block = tuple[int, int, str]  # where its text begins and ends, and its language

FENCE = lazy(r"^[ \t>]*(`{3,}|~{3,})[ \t]*\{?\.?([\w+-]*)[^\n`]*\n(.*?)^[ \t>]*\1[ \t]*\r?$", re.MULTILINE | re.DOTALL)
DIRECTIVE = lazy(
    r"^([ \t]*+)(?:\.\. (?:code-block|code|sourcecode|prompt):: *(\w+)[^\n]*|(?!\.\.[ \t])[^\n]*::[ \t]*)\n"
    r"((?:[ \t]*\n|\1[ \t]+[^\n]*\n?)+)",
    re.MULTILINE,
)
INDENTED = lazy(r"(?:(?:[ ]{4}|\t)[^\n]*\S[^\n]*(?:\n|\Z))+")
SPAN = lazy(
    r"(?<![`\w\\])(`{1,2})(?!`)((?:(?:python3?|py)[ ](?:-u[ ])?(?:-m[ ][\w.]+|[\w./\\-]+\.py\b)"
    r"|(?:uvicorn|gunicorn|hypercorn|granian)[ ][^`\n]*?\w:\w|celery[ ]-A[ ]|(?:fastapi|streamlit)[ ](?:run|dev)[ ]"
    r"|pip3?[ ]install[ ][^`\n]*?(?:-r|--requirement|-e|--editable|\.(?=[`\[]))|pytest[ ][^`\n]*?\w[/.]"
    r"|(?:poetry|pipenv|pdm|rye)[ ](?:install|sync|run|shell|add|update|lock)\b)[^`\n]*)\1(?!`)"
)
CODE = lazy(r"`(?:py|pip|uvicorn|gunicorn|hypercorn|granian|celery|fastapi|streamlit|poetry|pdm)")
LITERAL = lazy(r"``(?:py|pip|uvicorn|gunicorn|hypercorn|granian|celery|fastapi|streamlit|poetry|pdm)")
SERVER = lazy(r"(?<![`\w/.-])((?:uvicorn|gunicorn|hypercorn)[ ](?:-[\w=.-]+[ ])*[\w.]+:\w+)")
POWERSHELL = ("powershell", "ps1", "pwsh", "ps")
BATCH = ("cmd", "bat", "batch", "dos")
POSIX = ("bash", "sh", "shell", "console", "zsh", "terminal", "shell-session", "shellsession", "fish", "commandline")
FLAVOURS = dict.fromkeys(POSIX, "sh") | dict.fromkeys(POWERSHELL, "powershell") | dict.fromkeys(BATCH, "cmd")
PROGRAM = lazy(r"[A-Za-z_.~$%][\w.~$%:/\\(){}+-]*[\w)}]|\.|\w|\[{1,2}|\w+=.*", re.DOTALL)
PROGRAMS = """
python python3 py pip pip3 pipx uv uvx poetry pipenv pdm hatch rye conda mamba tox nox pytest coverage uvicorn gunicorn
hypercorn granian fastapi flask celery arq dramatiq alembic aerich ruff black isort mypy flake8 docker docker-compose
podman make just git cd source sudo export set npm cp mv mkdir rm curl apt apt-get brew pre-commit streamlit locust
sh bash chmod touch cat echo virtualenv pyenv http psql task invoke openssl kubectl helm heroku flyctl fly
pylint pyright basedpyright mutmut vulture bandit pyreverse pdoc pdoc3 pycodestyle pydocstyle autopep8 autoflake yapf
interrogate radon xenon pip-audit sphinx-build sphinx-apidoc mkdocs lint-imports deptry django-admin daphne taskiq
py.test pytest-watch ptw nose2 cosmic-ray pytype pyre pybabel bumpversion bump2version bumpver cz twine watchmedo
"""
# What stands behind a program's name where a sentence speaks of it, and no program is told.
SENTENCES = """
is are was were isn't will would can cannot could may might must should has have had does do and or the a an that which
who this these our your its it to of not also only needs requires uses gets comes runs sure you we if
"""
WORD = lazy(r"[\w.-]+")
FOR_A_SHELL = lazy(r"c|-\w*c|-command|.*\.exe")  # what runs the text behind it; and a program's other name
SHELL_PROGRAMS = frozenset(PROGRAMS.split())
SAYS = frozenset(SENTENCES.split())
NAMES = "|".join(map(re.escape, sorted(SHELL_PROGRAMS)))
NAMED = rf"(?:{NAMES})(?:\.exe)?(?![\w.-])"
# What stands in every text of which a command can be told without knowing the language: a program's name where a
# command may begin, behind a variable's value, or words for a shell within.
SPEAKS = lazy(
    r"""(?:^|[;|(){}&'"])[ \t\r]*(?:[^\s;|(){}&'"]*[/\\])?"""
    rf"""{NAMED}|=[^\n]*?[ \t'"/\\]{NAMED}|[ \t](?:-\w*c|/c|-command)[ \t]""",
    re.MULTILINE,
)
# Where a block is indented and begins with a program; an item of a list may stand in it.
BEGINS = lazy(rf"(?:\A|\n[ \t]*\r?\n)((?:[ ]{{4}}|\t)[ \t]*(?:[$>*+-][ ])?(?:[^\s`]*[/\\])?{NAMED})")
MARK = lazy(r"^([ \t]+)[*+-](?=[ ]+\S)", re.MULTILINE)
LISTED = lazy(r"[ \t]*(?:[*+-]|\d+[.)])[ \t]|[ \t]")  # what a list goes on below
ITEM = lazy(r"^[ \t>]*(?:[*+-]|\d+[.)])[ \t]+(`{1,2})(?!`)(?P<code>[^`\s]+[ ][^`\n]*)\1[ \t]*\r?$", re.MULTILINE)
PROSE = lazy(r"[.,:;!?]\s*$", re.MULTILINE)


def markdown(text: str) -> list[Piece]:
    """The commands of each piece of code of a Markdown document, in its order."""
    fences = [*_blocks(text, "```", FENCE), *_blocks(text, "~~~", FENCE)]
    indented = [block for block in _indented(text) if not _within(block[0], fences)]
    found = [piece for start, end, language in (*fences, *indented) for piece in _read(text, language, start, end)]
    items = list(_items(text, [*fences, *indented]))
    found += (piece for start, end, _ in items for piece in _read(text, "", start, end))
    return _ordered(found, list(_spans(text, CODE, [*fences, *indented, *items])))


def restructured(text: str) -> list[Piece]:
    """The same of reStructuredText; tildes underline headings there, and fences of backticks do occur."""
    blocks = [*_blocks(text, "::", DIRECTIVE), *_blocks(text, "```", FENCE)]
    found = [piece for start, end, language in blocks for piece in _read(text, language, start, end)]
    return _ordered(found, list(_spans(text, LITERAL, blocks)))


def _ordered(blocks: list[tuple[Command, ...]], spans: list[tuple[Command, ...]]) -> list[Piece]:
    found = [(piece, inline) for pieces, inline in ((blocks, False), (spans, True)) for piece in pieces if piece]
    return sorted(found, key=lambda item: item[0][0][0].start)


def _items(text: str, blocks: list[Block]) -> Iterator[Block]:
    """What stands within backticks, and is all that an item of a list holds."""
    for found in ITEM.finditer(text):
        if not _within(found.start("code"), blocks) and any(_read(text, "", *found.span("code"))):
            yield *found.span("code"), ""


def _within(at: int, blocks: Iterable[Block]) -> bool:
    return any(start <= at < end for start, end, _ in blocks)


def _spans(text: str, marks: re.Pattern[str], blocks: list[Block]) -> Iterator[tuple[Command, ...]]:
    """Commands within a sentence, outside of blocks; ``marks`` finds, fast, where one may begin."""
    taken = list(blocks)
    starts = [match.start() - (text[match.start() - 1 : match.start()] == "`") for match in marks.finditer(text)]
    spans = [match for at in starts if (match := SPAN.match(text, at))]
    spans += SERVER.finditer(text) if "corn " in text else ()
    for match in spans:
        if not _within(match.start(match.lastindex or 0), taken):
            taken.append((*match.span(), ""))
            yield tuple(commands(text, *match.span(match.lastindex or 0)))


def _indented(text: str) -> Iterator[Block]:
    """Indented blocks of which each line is a command: what goes on with a list is indented, too."""
    for begin in BEGINS.finditer(text):
        start = begin.start(1)
        block = INDENTED.match(text, start)
        end = block.end() if block else start
        lines = text[start:end].strip().splitlines()
        if MARK.match(text, start) and LISTED.match(text, text.rfind("\n", 0, begin.start()) + 1):
            continue  # a list within another, whose items are prose
        if lines and not PROSE.search(text, start, end):
            found = [words for piece in _read(text, "", start, end) for words in piece]
            if len(found) >= len(lines):
                yield start, end, ""


def _blocks(text: str, mark: str, block: re.Pattern[str]) -> Iterator[Block]:
    """The blocks that begin on a line with ``mark``."""
    at = text.find(mark)
    while at >= 0:
        match = block.match(text, text.rfind("\n", 0, at) + 1)
        if match:
            yield *match.span(3), (match[2] or "").lower()
        end = match.end() if match else text.find("\n", at)
        at = text.find(mark, end) if end >= 0 else -1


def _read(text: str, language: str, start: int, end: int) -> Iterator[tuple[Command, ...]]:
    """The commands of a block in a shell's language, or in none."""
    if language and language not in FLAVOURS:
        return
    piece = MARK.sub(r"\1 ", text[start:end]) if MARK.match(text, start) else text[start:end]
    if not language and not _names_a_program(piece.lower()):
        return
    blank = spoken(piece)
    if not language and not SPEAKS.search(blank.lower()):
        return
    copy = text if blank == text[start:end] else text[:start] + blank
    found = commands(copy, start, end, FLAVOURS.get(language, "sh"))
    yield tuple(words for words in found if _runs(words, language))


def _names_a_program(text: str) -> bool:
    """Whether a text may hold a command: that a program is named at all is seen faster than where."""
    words = set(WORD.findall(text))
    return not SHELL_PROGRAMS.isdisjoint(words) or any(map(FOR_A_SHELL.fullmatch, words))


def _runs(words: Command, language: str) -> bool:
    """Whether a line of a document is a command and no output, tree or prose."""
    plain = [word.text for word in words if "=" not in word.text] or [words[0].text]
    program, *rest = plain
    if not language:
        says = basename(program) != "echo" and rest[:1] and rest[0].lower() in SAYS
        return basename(program) in SHELL_PROGRAMS and not says
    return bool(PROGRAM.fullmatch(program))
