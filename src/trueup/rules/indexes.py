"""The package indexes that a project configures, each with its place; no judgement here."""

from __future__ import annotations

import re

from trueup.model.command_line import pip_arguments
from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules.lookups import automation_files, lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.document import Document, Route
    from trueup.model.project import Project


class Index(NamedTuple):
    """A configured index. ``key`` is what configures it; ``explicit``: only what names it asks it.

    ``spoken``: a command or a variable says it, each for itself.
    """

    url: str
    place: Place
    key: str
    name: str = ""
    explicit: bool = False
    default: bool = False
    spoken: bool = False


OPTION = lazy(
    r"^\s*(?P<key>--index-url|--extra-index-url|--pypi-url|--find-links|-i|-f)"
    r"(?:[ \t]*=[ \t]*|[ \t]+)[\"']?(?P<url>[^\s\"'#]+)",
    words=("-i", "-f", "--pypi-url"),
)
REQUIREMENTS = lazy(
    r"(.*/)?([^/]*(requirements?|reqs?|constraints?)[^/]*\.(txt|in|pip)|requirements/[^/]+\.(txt|in))", re.I
)
FILES = lazy(r".*\.(txt|in|pip)|pyproject\.toml|uv\.toml|Pipfile|pip\.conf|pip\.ini", re.IGNORECASE)
PIP = ("pip.conf", "pip.ini")
PIP_KEY = lazy(
    r"^\s*(?P<key>index-url|extra-index-url|find-links)\s*[=:]\s*(?P<url>\S+)?", words=("index-url", "find-links")
)
OPTIONS = {
    **dict.fromkeys(("-i", "--index-url", "--pypi-url"), "--index-url"),
    "--extra-index-url": "--extra-index-url",
    **dict.fromkeys(("-f", "--find-links"), "--find-links"),
}
VARIABLE = lazy(
    r"^[^#\n]*?\b(?P<key>(?:PIP|UV)_(?:EXTRA_)?INDEX_URL|UV_(?:DEFAULT_)?INDEX)\b[\"']?\s*[=: ]\s*[\"']?(?P<url>\w+://(?:\$\{\{[^}\n]*\}\}|[^\s\"'])+)",
    words=("_INDEX",),
)
# What tests read, and nobody installs from.
EXAMPLES = lazy(r"(?:^|/)tests?/(?:[^/]+/)*(?:fixtures?|data|test_?data|samples?|examples?|projects)/", words=("test",))


def indexes(project: Project) -> dict[str, list[Index]]:
    """By path: the indexes of uv's, Poetry's, PDM's, Pipenv's and pip's settings, of commands and of variables."""
    found: dict[str, list[Index]] = {}
    for path in project.tree.called(FILES):
        if path.startswith("../") or EXAMPLES.search(path):
            continue
        name = path.rsplit("/", 1)[-1]
        listed: list[Index] = []
        if path in ("pyproject.toml", "uv.toml", "Pipfile"):
            document = project.document(path)
            listed = list(in_tables(document)) if document else []
        elif name in PIP or REQUIREMENTS.fullmatch(path):
            listed = list(in_lines(project, path, PIP_KEY if name in PIP else OPTION))
        if listed:
            found[path] = listed
    for path, index in (*in_variables(project), *in_commands(project)):
        found.setdefault(path, []).append(index)
    return found


def in_variables(project: Project) -> Iterator[tuple[str, Index]]:
    """``PIP_INDEX_URL`` and its kin where an image, CI or a script sets them."""
    for path in automation_files(project):
        for number, line in lines(project, path):
            named = VARIABLE.search(line)
            if named:
                default = "EXTRA" not in named["key"] and named["key"] != "UV_INDEX"
                yield path, Index(named["url"], Place(path, number), named["key"], default=default, spoken=True)


def in_commands(project: Project) -> Iterator[tuple[str, Index]]:
    """What pip is told on the command line, where it installs for the project."""
    for command in project.commands:
        arguments = pip_arguments(command.argv) if command.where not in ("readme", "notebook") else None
        for before, word in zip(["", *(arguments or ())], arguments or (), strict=False):
            key, _, url = word.partition("=")
            key, url = (before, word) if before in OPTIONS else (key, url)
            if key in OPTIONS and "://" in url and not EXAMPLES.search(command.path):
                name = OPTIONS[key]
                place = Place(command.path, command.line)
                yield command.path, Index(url, place, name, default=name == "--index-url", spoken=True)


def in_tables(document: Document) -> Iterator[Index]:
    """uv's settings, Poetry's and PDM's sources, and those of a Pipfile."""
    base: Route = ("tool", "uv") if document.path == "pyproject.toml" else ()
    arrays: tuple[Route, ...] = (
        ((*base, "index"), ("tool", "poetry", "source"), ("tool", "pdm", "source"))
        if document.path != "Pipfile"
        else (("source",),)
    )
    for route in arrays:
        rows = document.get(*route)
        for number, row in enumerate(rows if isinstance(rows, list) else ()):
            if isinstance(row, dict) and isinstance(row.get("url"), str):
                explicit = row.get("explicit") is True or row.get("priority") in ("explicit", "supplemental")
                default = row.get("default") is True or row.get("priority") == "primary"
                place = document.at(*route, number, "url")
                yield Index(row["url"], place, ".".join(map(str, route)), str(row.get("name", "")), explicit, default)
    if document.path == "Pipfile":
        return
    for table in (base, (*base, "pip")):
        for key in ("index-url", "extra-index-url", "find-links"):
            value = document.get(*table, key)
            for url in [value] if isinstance(value, str) else value if isinstance(value, list) else ():
                if isinstance(url, str):
                    where = ".".join(map(str, (*table, key)))
                    yield Index(url, document.at(*table, key), where, default=key == "index-url")


def in_lines(project: Project, path: str, pattern: re.Pattern[str]) -> Iterator[Index]:
    """Options of pip, one a line; in its own settings a key may go on with indented lines."""
    key = ""
    for number, line in lines(project, path):
        found = pattern.match(line)
        if found:
            key = found["key"]
        elif pattern is OPTION or not re.match(r"\s+\S", line) or not key:
            key = ""
            continue
        url = found["url"] if found else line.strip()
        if url and "://" in url:
            yield Index(url, Place(path, number), key, default=key in ("-i", "--index-url", "index-url"))
