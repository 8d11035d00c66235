"""What a project asks not to be told: ``per-path-ignore`` in ``[tool.trueup]``, and comments on the line of a finding.

A comment stands at the end of the line; one that has a line to itself speaks of the line below it. In Markdown it is
``<!-- trueup: ignore[CODE] -->``, which above a fenced block speaks of the whole block.
"""

from __future__ import annotations

import io
import re
from functools import lru_cache

from trueup.errors import TrueupError
from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy
from trueup.model.span import Place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

MARKER = b"trueup: ignore["
IN_HASH = lazy(r"(?:^|(?<=\s))#\s*trueup: ignore\[(?P<codes>[^\]\n]*)\]")
IN_MARKUP = lazy(r"(?<!`)<!--\s*trueup: ignore\[(?P<codes>[^\]\n]*)\]\s*-->")
FENCE = lazy(r"\s*(`{3,}|~{3,})")
PYTHON = (".py", ".pyw", ".pyi")
MARKUP = (".md", ".markdown")
SPEAKS = lazy(
    r""".*\.(?:pyw?|md|markdown|toml|ya?ml|txt|in|cfg|ini|sh|bash|zsh|ps1|conf|service|mk|dockerfile)|\.env[^/]*
    |(?:Dockerfile|Containerfile|Procfile|Makefile|GNUmakefile|makefile|[Jj]ustfile)[^/]*
    |\.(?:git|docker)ignore|\.python-version|Pipfile""",
    re.VERBOSE | re.IGNORECASE,
)
PLAIN = (".txt", ".in")
LIST = lazy(r".*(?:require|constraint|depend).*|runtime\.txt|MANIFEST\.in", re.IGNORECASE)
SIZE_CAP = 1_000_000


class Ignore(NamedTuple):
    """One code that is not to be told: in the lines ``first`` to ``last`` of a file, or under a pattern of paths."""

    code: str
    place: Place
    pattern: str = ""
    first: int = 0
    last: int = 0

    def covers(self, finding: Finding) -> bool:
        """Whether a finding is one that it speaks of."""
        if not finding.code.startswith(self.code):
            return False
        if self.pattern:
            return matches(self.pattern, finding.path)
        return finding.code == self.code and finding.path == self.place.path and self.first <= finding.line <= self.last


def is_ignored(project: Project, finding: Finding) -> bool:
    """Whether the project asks not to be told a finding."""
    return any(item.covers(finding) for item in (*by_path(project), *in_file(project, finding.path)))


@lru_cache(maxsize=1)
def by_path(project: Project) -> tuple[Ignore, ...]:
    """What the table ``per-path-ignore`` asks for, in its order."""
    document = project.pyproject
    return tuple(
        Ignore(code, document.at("tool", "trueup", "per-path-ignore", pattern) if document else Place(""), pattern)
        for pattern, codes in project.settings.per_path_ignore.items()
        for code in codes
    )


def in_comments(project: Project) -> Iterator[Ignore]:
    """What the comments of all files ask for; of plain text, those that declare something."""
    declaring = {item.path for item in project.requirements}
    for path in project.tree.called(SPEAKS):
        if not path.endswith(PLAIN) or path in declaring or LIST.search(path):
            yield from in_file(project, path)


def in_file(project: Project, path: str) -> tuple[Ignore, ...]:
    """What the comments of one file ask for."""
    source = project.sources.get(path)
    speaks = source.marked if source else SPEAKS.fullmatch(path.rpartition("/")[2])
    if not speaks:
        return ()
    known = _known(project)
    if path not in known:
        known[path] = _read(project, path)
    return known[path]


@lru_cache(maxsize=1)
def _known(_project: Project) -> dict[str, tuple[Ignore, ...]]:
    return {}


def _read(project: Project, path: str) -> tuple[Ignore, ...]:
    entry = project.tree.entries.get(path)
    if entry is None or entry.kind != "file" or entry.size > SIZE_CAP:
        return ()
    try:
        data = project.tree.read(path)
    except TrueupError:
        return ()
    if MARKER not in data:
        return ()
    text = data.decode("utf-8", "replace")
    if path.lower().endswith(MARKUP):
        return tuple(_in_markup(path, text.splitlines()))
    comments = python_comments(text) if path.endswith(PYTHON) else None
    return tuple(_in_hashes(path, text.splitlines(), comments))


def _in_hashes(path: str, lines: list[str], comments: set[int] | None) -> Iterator[Ignore]:
    """Comments that begin with ``#``; in Python only those on the lines ``comments``, for a string may hold one."""
    for number, line in enumerate(lines, 1):
        found = IN_HASH.search(line)
        if found and (comments is None or number in comments):
            last = number + 1 if not line[: found.start()].strip() else number
            while last > number and last < len(lines) and _is_marker_alone(lines[last - 1]):
                last += 1
            for code in codes_of(found["codes"]):
                yield Ignore(code, Place(path, number), "", number, last)


def _is_marker_alone(line: str) -> bool:
    found = IN_HASH.search(line)
    return found is not None and not line[: found.start()].strip()


def _in_markup(path: str, lines: list[str]) -> Iterator[Ignore]:
    """Comments of Markdown, outside of fenced blocks."""
    ends = fenced(lines)
    inside = {number for first, last in ends.items() for number in range(first, last + 1)}
    for number, line in enumerate(lines, 1):
        for found in IN_MARKUP.finditer(line) if number not in inside else ():
            alone = not IN_MARKUP.sub("", line).strip()
            below = number + 1
            while alone and below <= len(lines) and not IN_MARKUP.sub("", lines[below - 1]).strip():
                below += 1
            last = ends.get(below, below) if alone else number
            for code in codes_of(found["codes"]):
                yield Ignore(code, Place(path, number), "", number, last)


def fenced(lines: list[str]) -> dict[int, int]:
    """The first line of each fenced block with its last."""
    found: dict[int, int] = {}
    first, fence = 0, ""
    for number, line in enumerate(lines, 1):
        mark = FENCE.match(line)
        if mark and not first:
            first, fence = number, mark[1]
        elif mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]):
            found[first] = number
            first = 0
    if first:
        found[first] = len(lines)
    return found


def python_comments(text: str) -> set[int] | None:
    """The lines of a Python file that end in a comment; ``None`` where it cannot be taken apart."""
    import tokenize

    try:
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        return {token.start[0] for token in tokens if token.type == tokenize.COMMENT}
    except (tokenize.TokenError, SyntaxError):
        return None


def codes_of(text: str) -> list[str]:
    """``LAY106, DEP101`` as a list; a code that stands twice stands twice."""
    return [code.strip() for code in text.split(",") if code.strip()]


@lru_cache(maxsize=256)
def glob(pattern: str) -> re.Pattern[str]:
    """What a pattern matches: ``*`` within one part of a path, ``**`` across parts; a folder's name all below it."""
    tokens = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern.removeprefix("./").rstrip("/"))
    return re.compile("".join(tokens.get(part) or re.escape(part) for part in parts) + "(?:/.*)?", re.DOTALL)


def matches(pattern: str, path: str) -> bool:
    """Whether a pattern of ``per-path-ignore``, read from the project's root, matches a path."""
    return glob(pattern).fullmatch(path) is not None
