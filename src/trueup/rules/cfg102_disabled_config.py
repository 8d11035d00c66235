"""Settings in ``pyproject.toml`` are not in force, because another file wins.

An empty ``pytest.ini`` is enough: pytest then reads nothing of ``[tool.pytest.ini_options]``.
coverage prefers ``.coveragerc``, mypy ``mypy.ini``, ruff ``ruff.toml``. The table looks right, is
maintained, and does nothing.

Source: https://docs.pytest.org/en/stable/reference/customize.html

Flagged:

```
pytest.ini
    [pytest]
    addopts = -q
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"

    [tool.pytest.ini_options]
    testpaths = ["tests"]
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

    [tool.pytest.ini_options]
    addopts = "-q"
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```
"""

from __future__ import annotations

from trueup.model.operation import ConsolidateConfig
from trueup.rules import Rule
from trueup.rules.lookups import is_application, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="error",
    help="the table is maintained and does nothing; trueup merges the two, the file that is in force first",
)

# tool = (the files that win over pyproject.toml, the tables that then do nothing), from each tool's documentation
WINNERS = {
    "pytest": (("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini"), ("pytest",)),
    "coverage": ((".coveragerc",), ("coverage",)),
    "mypy": (("mypy.ini", ".mypy.ini"), ("mypy",)),
    "ruff": ((".ruff.toml", "ruff.toml"), ("ruff",)),
}


@rule.checks
def disabled(project: Project) -> Iterator[Finding]:
    """Each file that stands beside a table of pyproject.toml which it puts out of force."""
    for tool, (files, tables) in WINNERS.items():
        dead = [name for name in tables if table(project, "tool", name)]
        winner = next((path for path in files if project.tree.has(path)), None)
        if dead and winner:
            name = "pytest.ini_options" if table(project, "tool", "pytest", "ini_options") else dead[0]
            message = f"{winner} puts [tool.{name if tool == 'pytest' else dead[0]}] in pyproject.toml out of force"
            yield rule.finding(winner, message, subject=tool, fixable=is_application(project))


@rule.fixes
def merge(_project: Project, finding: Finding) -> Iterator[Operation]:
    """Merge the file into the table."""
    yield ConsolidateConfig(rule.code, finding.path)
