"""The program imports what only a list for development declares.

It runs where the tools are installed, which is on every machine but the one that matters: an image, a wheel and
`uv sync --no-default-groups` have the runtime dependencies alone, and the program ends at its first import.

Source: https://packaging.python.org/en/latest/specifications/dependency-groups/

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = ["fastapi"]

    [dependency-groups]
    dev = ["pytest", "structlog==24.2.0"]
src/shop/__init__.py
src/shop/main.py
    import structlog
    from fastapi import FastAPI

    app = FastAPI()
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = ["fastapi", "structlog==24.2.0"]

    [dependency-groups]
    dev = ["pytest", "structlog==24.2.0"]
src/shop/__init__.py
src/shop/main.py
    import structlog
    from fastapi import FastAPI

    app = FastAPI()
```
"""

from __future__ import annotations

from trueup.model.names import requirement_name
from trueup.model.operation import AddRequirement
from trueup.model.packages import facts, tool
from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.imports import brought_by, importable_names, imported, needed_at, requires_unknown
from trueup.rules.lookups import declared, has_metadata, is_application

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project, Requirement

rule = Rule(
    __name__,
    severity="warning",
    confidence="medium",
    help="it is not there where only the runtime dependencies are installed; trueup declares it among these, too",
)

DEVELOPMENT = lazy(r"(?:dev|develop(?:ment)?|tests?|testing|lint(?:ing)?|docs?|typing|types|ci|local)")


@rule.checks
def only_there(project: Project) -> Iterator[Finding]:
    """Distributions of an application's own imports that are in such lists alone, and that nothing else brings."""
    if not is_application(project) or requires_unknown(project):
        return
    known, own, listed = facts("imports")["imports"], importable_names(project), declared(project)
    there = brought_by(item for item in project.requirements if not item.group)
    for module, (path, line) in imported(project, tests=False, sure=True).items():
        names = [requirement_name(item) for item in known.get(module, [])]
        name = names[0] if len(names) == 1 else ""
        held = listed.get(name, [])
        if not held or name in there or module in own or tool(name) is not None or not all(map(is_for_tools, held)):
            continue
        place = needed_at(project, module, Place(path, line), tests=False)
        if place:
            message = f"{name} is imported, and only {held[0].group} in {held[0].path} declares it"
            yield rule.finding(place, message, subject=name)


def is_for_tools(item: Requirement) -> bool:
    """Whether a requirement stands in a list for development."""
    return DEVELOPMENT.fullmatch(item.group.lower()) is not None


@rule.fixes
def declare(project: Project, finding: Finding) -> Iterator[Operation]:
    """The same requirement among those of the runtime."""
    held = declared(project).get(finding.subject, [])
    if held and has_metadata(project):
        yield AddRequirement(rule.code, held[0].text, "")
