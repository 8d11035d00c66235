"""``readme`` names a file that is not there, or one whose name does not say what it holds.

The build backend reads it and stops: neither ``uv sync`` nor ``uv build`` gets past it, nor does ``poetry install``
without ``--no-root``. A file without ``.md``, ``.rst`` or ``.txt`` needs its ``content-type`` beside it.

Source: https://packaging.python.org/en/latest/specifications/pyproject-toml/#readme

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    readme = "README.md"
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    readme = "README.md"
README.md
    # shop
```
"""

from __future__ import annotations

from trueup.model.operation import CreateFile, RemoveKey, SetKey
from trueup.model.readme import is_known, value_for
from trueup.rules import Rule
from trueup.rules.lookups import table, text_of, words
from trueup.rules.packing import backend_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project
    from trueup.model.words import Severity

rule = Rule(
    __name__,
    severity="error",
    help="the build stops there, and `uv sync` with it; trueup writes one with the project's name, or names none",
)

OUTSIDE = ("/", "..")
README = ("project", "readme")
REFUSE = ("hatchling", "setuptools", "flit_core")
NO_SDIST = ("uv_build", "poetry")  # they read it in the tree; pdm-backend packs it
LOST = "`uv sync` does with it, a build by way of the sdist stops: a readme of its own lies in the project"
TYPED = ("hatchling", "setuptools", "uv_build", "pdm")  # flit and Poetry take any name
POETRY: Severity = "warning"  # `poetry install --no-root` does without


@rule.checks
def missing(project: Project) -> Iterator[Finding]:
    """A readme that the tree does not have, or that the backend does not take: for its place, or for its name."""
    yield from untyped(project)
    poetry, there = table(project, "tool", "poetry"), project.tree.entries
    for route, severity in (("project",), None), (("tool", "poetry"), POETRY):
        if not project.pyproject or (severity and not builds_with_poetry(project, poetry)):
            continue
        readme = table(project, *route).get("readme")
        named = readme.get("file") if isinstance(readme, dict) else readme
        for path in words(named):
            place = project.pyproject.at(*route, "readme")
            if path.startswith(OUTSIDE):
                backend = backend_of(project).partition(".")[0]
                if not severity and backend in REFUSE:
                    message = f"{path} lies outside of the project, where {backend} does not take it"
                    yield rule.finding(place, message, subject=path)
                elif not severity and backend in NO_SDIST:
                    message = f"{path} lies outside of the project, and in no sdist, from which nothing can be built"
                    yield rule.finding(place, message, subject=path, fixable=False, severity="warning", help=LOST)
            elif path.removeprefix("./") not in there:
                there_is = same_but_for_case(project, path.removeprefix("./"))
                fixable = bool(there_is) or path.lower().endswith((".md", ".txt"))
                hint = f"; {there_is} is" if there_is else ""
                subject = path.removeprefix("./")
                said = severity or (None if backend_of(project) else "warning")  # nothing is built yet
                yield rule.finding(place, f"{path} is not there{hint}", subject=subject, fixable=fixable, severity=said)


def builds_with_poetry(project: Project, poetry: dict[str, Any]) -> bool:
    """Whether Poetry builds a distribution of the project."""
    return poetry.get("package-mode") is not False and "poetry" in backend_of(project)


def same_but_for_case(project: Project, path: str) -> str:
    """The file that is called so in other letters: where case does not count, one of the two would be the other."""
    return next((name for name in project.tree.files() if name.lower() == path.lower()), "")


def untyped(project: Project) -> Iterator[Finding]:
    """A readme whose name alone has to say what it holds, and does not."""
    readme, backend = table(project, "project").get("readme"), backend_of(project).partition(".")[0]
    if not project.pyproject or not isinstance(readme, str) or backend not in TYPED or is_known(readme):
        return
    if project.tree.has(readme.removeprefix("./")):
        message = f"{backend} cannot tell by its name what {readme} holds"
        yield rule.finding(project.pyproject.at(*README), message, subject=readme)


@rule.fixes
def write_one(project: Project, finding: Finding) -> Iterator[Operation]:
    """A readme that says the name; one that lies outside is left out, and the type of one that is there is said."""
    if finding.subject.startswith(OUTSIDE):
        yield RemoveKey(rule.code, "pyproject.toml", ("project", "readme"))
        return
    if project.tree.has(path := finding.subject.removeprefix("./")):
        yield SetKey(rule.code, "pyproject.toml", README, value_for(path, text_of(project, path)))
        return
    if there := same_but_for_case(project, finding.subject):
        route = ("project", "readme", "file") if isinstance(table(project, "project").get("readme"), dict) else README
        yield SetKey(rule.code, "pyproject.toml", route, there)
        return
    mark = "# " if finding.subject.lower().endswith(".md") else ""
    yield CreateFile(rule.code, finding.subject, f"{mark}{table(project, 'project').get('name', project.name)}\n")
