"""``requires-python`` admits a Python that cannot parse a file of the package, or lacks a module that it imports.

pip and uv install it there, and the first import ends in a ``SyntaxError`` or an ``ImportError``: that version was
promised, and never tested. (Annotations such as ``int | None`` parse everywhere and are not looked at here.)

Source: https://packaging.python.org/en/latest/specifications/core-metadata/#requires-python

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    requires-python = ">=3.9"
src/shop/__init__.py
    def price(kind):
        match kind:
            case "book":
                return 1
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    requires-python = ">=3.10"
src/shop/__init__.py
    def price(kind):
        match kind:
            case "book":
                return 1
```
"""

from __future__ import annotations

from functools import lru_cache

from trueup.model.python import KNOWN, admits
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import is_tooling, numbers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project
    from trueup.model.source import SourceFile

rule = Rule(
    __name__,
    severity="error",
    help="it installs there, and the first import fails",
    no_fix="whether the promise or the code is to give way is yours to say",
)


@rule.checks
def cannot_parse(project: Project) -> Iterator[Finding]:
    """The file of the package with the newest syntax, where an older version is admitted by every bound."""
    bounds = [item for item in project.evidence if item.what == "requires"]
    oldest = next((minor for minor in KNOWN if all(admits(item.version, minor) for item in bounds)), "")
    if not bounds or not oldest:
        return
    inside = shipped(project)
    newer = [source for source in inside if needs_more(source, oldest)]
    sure = [source for source in newer if stem_of(source) not in imported_on_condition(project)]
    admitted = f"{bounds[0].version} ({bounds[0].place}) admits {oldest}"
    if sure:
        worst = max(sure, key=lambda source: (numbers(source.parses[0]), source.path))
        version, line = worst.parses
        message = f"this syntax came with Python {version}, and {admitted}"
        yield rule.finding(Place(worst.path, line), message, subject=version)
        return
    for item in project.evidence:
        source = project.sources.get(item.place.path) if item.what == "syntax" else None
        if source is None or source not in inside or numbers(item.version) <= numbers(oldest):
            continue
        imports = any(statement.line == item.place.line for statement in source.imports)
        if imports and stem_of(source) not in imported_on_condition(project):
            message = f"what is imported here came with Python {item.version}, and {admitted}"
            yield rule.finding(item.place, message, subject=item.version)


def stem_of(source: SourceFile) -> str:
    """The last part of a module's name."""
    return source.path.rsplit("/", 1)[-1].removesuffix(".py")


def needs_more(source: SourceFile, oldest: str) -> bool:
    """Whether a file's syntax is newer than a version; one that cannot have any newer is not parsed for it."""
    may = source.has("parses") or numbers(source.newest) > numbers(oldest)
    return may and numbers(source.parses[0]) > numbers(oldest)


def shipped(project: Project) -> list[SourceFile]:
    """The files of the packages that the project consists of: neither tests nor what serves the repository."""
    roots = tuple(
        f"{root}/{name}" if root else name for root in project.layout.roots for name in project.layout.packages
    )
    return [
        source
        for path, source in project.sources.items()
        if path.startswith(tuple(f"{root}/" for root in roots)) and not project.is_test(path) and not is_tooling(path)
    ]


@lru_cache(maxsize=1)
def imported_on_condition(project: Project) -> frozenset[str]:
    """The last parts of modules that are imported where a condition or an ``except`` may keep them out."""
    return frozenset(
        name.rsplit(".", 1)[-1]
        for source in project.sources.values()
        for item in source.imports
        if item.inside in ("if", "try", "function")
        for name in (item.module, *(name for name, _ in item.names))
    )
