"""``readme`` names a file that is not there.

The build backend reads it and stops: neither ``uv sync`` nor ``uv build`` gets past it.

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

from trueup.model.operation import CreateFile, RemoveKey
from trueup.rules import Rule
from trueup.rules.lookups import table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="error",
    help="the build stops there, and `uv sync` with it; trueup writes one with the project's name, or names none",
)

OUTSIDE = ("/", "..")


@rule.checks
def missing(project: Project) -> Iterator[Finding]:
    """A readme that the tree does not have, or that lies outside of a project that is built."""
    readme = table(project, "project").get("readme")
    path = readme.get("file") if isinstance(readme, dict) else readme
    if not isinstance(path, str):
        return
    place = project.pyproject.at("project", "readme") if project.pyproject else "pyproject.toml"
    if path.startswith(OUTSIDE):
        if table(project, "build-system"):
            yield rule.finding(place, f"{path} lies outside of the project, where no backend takes it", subject=path)
    elif path.removeprefix("./") not in project.tree.entries:
        fixable = path.lower().endswith((".md", ".txt"))
        yield rule.finding(place, f"{path} is not there", subject=path.removeprefix("./"), fixable=fixable)


@rule.fixes
def write_one(project: Project, finding: Finding) -> Iterator[Operation]:
    """A readme that says the name; one that lies outside is left out."""
    if finding.subject.startswith(OUTSIDE):
        yield RemoveKey(rule.code, "pyproject.toml", ("project", "readme"))
        return
    mark = "# " if finding.subject.lower().endswith(".md") else ""
    yield CreateFile(rule.code, finding.subject, f"{mark}{table(project, 'project').get('name', project.name)}\n")
