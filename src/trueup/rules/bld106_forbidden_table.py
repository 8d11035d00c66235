"""A table stands where the standard wants a list.

``[project.dependencies]`` and ``[dependency-groups.dev]`` look natural to those who come from
Poetry, and no tool reads them: uv stops with "invalid type: map, expected a sequence".

Source: https://peps.python.org/pep-0735/

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"

    [project.dependencies]
    fastapi = ">=0.115"
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = ["fastapi>=0.115"]
```
"""

from __future__ import annotations

from trueup.rules import Rule
from trueup.rules.lookups import table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="error",
    help="no tool reads the file at all",
    no_fix="the entries are in no standard's words: write them as a list of requirements (PEP 508)",
)


@rule.checks
def table_for_list(project: Project) -> Iterator[Finding]:
    """Dependencies, extras and groups that are tables."""
    document = project.pyproject
    if document is None:
        return
    routes: list[tuple[str, ...]] = [("project", "dependencies")]
    routes += [
        ("project", "optional-dependencies", name) for name in table(project, "project", "optional-dependencies")
    ]
    routes += [("dependency-groups", name) for name in table(project, "dependency-groups")]
    for route in routes:
        if isinstance(document.get(*route), dict):
            name = ".".join(route)
            yield rule.finding(document.at(*route), f"[{name}] is a table, the standard wants a list", subject=name)
