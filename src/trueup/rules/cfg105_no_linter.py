"""No linter checks the code.

Undefined names, unused imports and unreachable code are found when a request runs into them. ruff
finds them in a second, from one table in ``pyproject.toml``.

Source: https://docs.astral.sh/ruff/configuration/

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    requires-python = ">=3.13"
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    requires-python = ">=3.13"

    [dependency-groups]
    dev = ["ruff"]

    [tool.ruff.lint]
    select = [
        "E4",
        "E7",
        "E9",
        "F",
        "I",
    ]
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```
"""

from __future__ import annotations

import re

from trueup.model.operation import AddRequirement, SetKey
from trueup.rules import Rule
from trueup.rules.lookups import declared, has_metadata, is_application, table, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="info",
    help="mistakes are found when a request runs into them; trueup declares ruff",
)

LINTERS = {
    *("ruff", "flake8", "pylint", "pyflakes", "prospector", "wemake-python-styleguide", "pylama"),
    *("pyproject-flake8", "pflake8", "flake9", "flakeheaven", "flakehell"),
}
RULES = {("lint", "select"): ["E4", "E7", "E9", "F", "I"]}
REPORT = {("line-length",): 88, ("lint", "select"): ["E", "F", "I"]}
FILES = ("ruff.toml", ".ruff.toml", ".flake8", ".pylintrc", "pylintrc")


@rule.checks
def nobody_looks(project: Project) -> Iterator[Finding]:
    """An application that neither declares nor configures nor runs a linter."""
    if not is_application(project) or LINTERS.intersection(declared(project)):
        return
    ruff = bool(table(project, "tool", "ruff"))
    configured = any(path in project.tree.entries for path in FILES)  # a link, too: a submodule may hold the file
    others = any(table(project, "tool", name) for name in ("pylint", "flake8", "flakeheaven", "flakehell", "pylama"))
    if not ruff and (others or configured):
        return
    hooks = text_of(project, ".pre-commit-config.yaml")
    runs = any(LINTERS.intersection(command.argv) for command in project.commands)
    if not runs and not re.search("|".join(LINTERS), hooks):
        message = "ruff has its settings, and nothing installs it" if ruff else "no linter checks the code"
        yield rule.finding("pyproject.toml", message, subject="linter")


def dev_items(project: Project) -> list[object]:
    """The items of the group ``dev``."""
    found = table(project, "dependency-groups").get("dev")
    return found if isinstance(found, list) else []


@rule.fixes
def declare_ruff(project: Project, _finding: Finding) -> Iterator[Operation]:
    """ruff in the group ``dev``, and its rules in pyproject.toml.

    Where ``dev`` holds nothing but other groups, or will, ruff gets one, too: what reads TOML for pytest 6 takes no
    list of texts and tables.
    """
    if has_metadata(project):
        own = any(isinstance(item, str) for item in dev_items(project))
        tested = any(map(project.is_test, project.sources))
        yield AddRequirement(rule.code, "ruff", "lint" if tested and not own else "dev")
    if has_metadata(project) and not table(project, "tool", "ruff"):
        for route, value in (REPORT if project.settings.profile == "report" else RULES).items():
            yield SetKey(rule.code, "pyproject.toml", ("tool", "ruff", *route), value)
