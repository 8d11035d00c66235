"""Nothing declares what the program needs.

The program runs only where somebody once installed the right things by hand. trueup writes a
``pyproject.toml`` with the distributions that the imports name beyond doubt; the versions are then
the newest, since nothing says which were meant.

Source: https://packaging.python.org/en/latest/specifications/pyproject-toml/

Flagged:

```
main.py
    from fastapi import FastAPI

    app = FastAPI()
```

Fixed:

```
main.py
    from fastapi import FastAPI

    app = FastAPI()
pyproject.toml
    [project]
    name = "shop"
    version = "0.1.0"
    requires-python = ">=3.12"
    dependencies = ["fastapi"]
```
"""

from __future__ import annotations

from trueup.model.operation import ConvertManifests
from trueup.rules import Rule
from trueup.rules.imports import additions, imported, is_stdlib, missing, own_names
from trueup.rules.lookups import has_manifest, is_application, manifest_deeper, manifest_sources
from trueup.rules.unsaid import unsaid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project
    from trueup.model.words import Severity

rule = Rule(
    __name__,
    severity="error",
    help="the program runs only where somebody installed the right things by hand; trueup writes a pyproject.toml",
)


@rule.checks
def nothing_declared(project: Project) -> Iterator[Finding]:
    """An application without a manifest that says anything; a warning only where it imports nothing foreign."""
    if not is_application(project) or has_manifest(project) or project.old_locks:
        return
    deeper = manifest_deeper(project)
    if deeper:
        message = f"no manifest at the project's root; {deeper} lies deeper"
        yield rule.finding(deeper, message, subject="dependencies", fixable=False)
        return
    foreign = set(imported(project, tests=False)) - own_names(project)
    severity: Severity = "error" if any(not is_stdlib(name) for name in foreign) else "warning"
    message, needed = "no file declares the dependencies", ", ".join(sorted(missing(project)))
    if needed:
        message += f": the code imports {needed}"
    yield rule.finding("pyproject.toml", message, subject="dependencies", severity=severity)


@rule.fixes
def write_one(project: Project, _finding: Finding) -> Iterator[Operation]:
    """A ``[project]`` table out of nothing, and in it what the imports name; an empty list goes."""
    yield ConvertManifests(rule.code, manifest_sources(project), unsaid(project))
    yield from additions(project, rule.code)
