"""A linter, formatter or type checker is told another Python than ``requires-python`` admits.

What it lets pass and what it suggests is for a Python that the project does not run on; a ``target-version`` of ruff
above the floor has it write what the floor cannot parse. ruff and black read ``requires-python`` where nothing is told.

Source: https://docs.astral.sh/ruff/settings/#target-version

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    requires-python = ">=3.12"

    [tool.ruff]
    target-version = "py38"
src/shop/__init__.py
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    requires-python = ">=3.12"
src/shop/__init__.py
```
"""

from __future__ import annotations

from trueup.model.python import KNOWN, admits, minor_of
from trueup.model.versions import is_specifier
from trueup.rules import Rule
from trueup.rules.lookups import numbers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.document import Document, Route
    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="info",
    help="what is let pass and suggested is for a Python that the project does not run on",
    no_fix="either the tool or the bound is outdated, and which is yours to say",
)

SETTINGS: tuple[tuple[str, Route], ...] = (
    ("pyproject.toml", ("tool", "ruff", "target-version")),
    ("ruff.toml", ("target-version",)),
    (".ruff.toml", ("target-version",)),
    ("pyproject.toml", ("tool", "black", "target-version")),
    ("pyproject.toml", ("tool", "mypy", "python_version")),
    ("mypy.ini", ("mypy", "python_version")),
    ("setup.cfg", ("mypy", "python_version")),
    ("pyproject.toml", ("tool", "pyright", "pythonVersion")),
    ("pyrightconfig.json", ("pythonVersion",)),
)
TOOLS = {"ruff.toml": "ruff", ".ruff.toml": "ruff", "pyrightconfig.json": "pyright"}
WRITES = "what ruff writes and suggests for it the oldest admitted Python may not parse"


@rule.checks
def told_another(project: Project) -> Iterator[Finding]:
    """Each setting whose version the bounds exclude, and ruff's where it is above the oldest that they admit."""
    found = [(path, route, versions(project.document(path), route)) for path, route in SETTINGS]
    if not any(said for _, _, said in found):
        return
    bounds = [item for item in project.evidence if item.what == "requires" and is_specifier(item.version)]
    oldest = next((minor for minor in KNOWN if all(admits(item.version, minor) for item in bounds)), "")
    if not bounds or not oldest:
        return
    for path, route, said in found:
        document = project.document(path)
        tool = TOOLS.get(path) or str(route[-2])
        outside = [minor for minor in said if not all(admits(item.version, minor) for item in bounds)]
        bound = f"{bounds[0].version} ({bounds[0].place})"
        if document and outside:
            message = f"{tool} is told Python {outside[0]}, and {bound} excludes it"
            yield rule.finding(document.at(*route), message, subject=tool)
        elif document and tool == "ruff" and said and numbers(said[0]) > numbers(oldest):
            message = f"ruff is told Python {said[0]}, and {bound} admits {oldest}"
            yield rule.finding(document.at(*route), message, subject=tool, help=WRITES)


def versions(document: Document | None, route: Route) -> list[str]:
    """The versions that a setting names, one or a list of them."""
    value = document.get(*route) if document else None
    listed = value if isinstance(value, list) else [value]
    return [minor for minor in (minor_of(str(item)) for item in listed) if minor]
