"""Something is used that imports a distribution of its own only when it is used.

``fastapi.Form`` needs python-multipart, ``pydantic.EmailStr`` needs email-validator,
``Jinja2Templates`` needs jinja2: FastAPI and pydantic do not depend on them, no import statement
names them, and the program stops at start or at the first request.

Source: https://fastapi.tiangolo.com/tutorial/request-forms/

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = [
        "fastapi>=0.115",
    ]
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI, Form

    app = FastAPI()
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = [
        "fastapi>=0.115",
        "python-multipart",
    ]
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI, Form

    app = FastAPI()
```
"""

from __future__ import annotations

from trueup.model.names import requirement_name
from trueup.model.operation import AddRequirement
from trueup.model.packages import facts
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.imports import present
from trueup.rules.lookups import declared, fixed_version, has_manifest, has_metadata, is_application, numbers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    confidence="medium",
    help="the program stops at start or at the first request that needs it; trueup declares it",
)


@rule.checks
def hidden(project: Project) -> Iterator[Finding]:
    """Names an application imports that need a distribution which nothing declares."""
    if not is_application(project) or not has_manifest(project):
        return
    yield from undeclared(project)
    needs, there, told = facts("imports")["needs"], present(project), set[str]()
    for path, source in project.sources.items():
        if project.is_test(path):
            continue
        for statement in source.imports:
            for name, _ in statement.names if statement.is_from else ():
                wanted = needs.get(f"{statement.module}.{name}")
                if wanted and requirement_name(wanted) not in there and wanted not in told:
                    told.add(wanted)
                    yield rule.finding(
                        Place(path, statement.line), f"{name} needs {wanted}, which nothing declares", subject=wanted
                    )


def undeclared(project: Project) -> Iterator[Finding]:
    """Declared distributions of a version whose own code imports something that nothing declares."""
    there, listed = present(project), declared(project)
    for name, (until, wanted) in facts("imports")["undeclared"].items():
        version = fixed_version(project, name)
        if name in listed and version and version < numbers(until) and requirement_name(wanted) not in there:
            item = listed[name][0]
            message = f"{name} {'.'.join(map(str, version))} needs {wanted}, and does not say so"
            yield rule.finding(Place(item.path, item.line), message, subject=wanted)


@rule.fixes
def declare(project: Project, finding: Finding) -> Iterator[Operation]:
    """The distribution among the runtime dependencies."""
    if has_metadata(project):
        yield AddRequirement(rule.code, finding.subject)
