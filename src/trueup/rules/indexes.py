"""The package indexes that a project configures, each with its place; no judgement here."""

from __future__ import annotations

import re

from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules.lookups import lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.document import Document, Route
    from trueup.model.project import Project


class Index(NamedTuple):
    """A configured index. ``key`` is what configures it; ``explicit``: only what names it asks it."""

    url: str
    place: Place
    key: str
    name: str = ""
    explicit: bool = False
    default: bool = False


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
# What tests read, and nobody installs from.
EXAMPLES = lazy(r"(?:^|/)tests?/(?:[^/]+/)*(?:fixtures?|data|test_?data|samples?|examples?|projects)/", words=("test",))


def indexes(project: Project) -> dict[str, list[Index]]:
    """By path: the indexes of pyproject.toml, uv.toml, Pipfile, pip.conf, and of requirements files."""
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
    return found


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
