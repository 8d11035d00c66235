"""Settings of a tool stand in a file of their own although ``pyproject.toml`` can hold them.

Five files with five precedence rules, of which some silently win over others: one table in one file
is what everybody finds. trueup moves the settings that are in force and removes the file.

Source: https://packaging.python.org/en/latest/guides/writing-pyproject-toml/

Flagged:

```
pytest.ini
    [pytest]
    testpaths = tests
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
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
    testpaths = ["tests"]
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```
"""

from __future__ import annotations

from trueup.model.operation import ConsolidateConfig
from trueup.rules import Rule
from trueup.rules.lookups import declared, is_application, some

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    help="whoever reads pyproject.toml does not see it, and some files silently win over it; trueup moves it there",
)

# Files that hold one tool's settings; shared files with the sections that pyproject.toml could hold.
OWN_FILES = {
    "pytest.ini": "pytest",
    ".pytest.ini": "pytest",
    ".coveragerc": "coverage",
    "mypy.ini": "mypy",
    ".mypy.ini": "mypy",
    "ruff.toml": "ruff",
    ".ruff.toml": "ruff",
    ".isort.cfg": "isort",
    ".pylintrc": "pylint",
    "pylintrc": "pylint",
    "pyrightconfig.json": "pyright",
    ".pydocstyle": "pydocstyle",
    ".pydocstyle.ini": "pydocstyle",
    ".pydocstylerc": "pydocstyle",
    ".pydocstylerc.ini": "pydocstyle",
}
SECTIONS = ("tool:pytest", "pytest", "coverage:", "mypy", "isort", "pylint.", "tool:isort")


@rule.checks
def scattered(project: Project) -> Iterator[Finding]:
    """An application's settings files, and sections of ``setup.cfg`` and ``tox.ini`` that belong elsewhere."""
    if not is_application(project):
        return
    for path, tool in OWN_FILES.items():
        if project.tree.has(path):
            yield rule.finding(path, f"{tool} settings stand outside pyproject.toml", subject=path)
    for path in ("setup.cfg", "tox.ini"):
        document = project.document(path)
        data = document.data if document and isinstance(document.data, dict) else {}
        sections = [name for name in data if name.startswith(SECTIONS) and name != "pytest-watch"]
        if document and sections:
            message = f"{some([f'[{name}]' for name in sections])} outside pyproject.toml"
            yield rule.finding(document.at(sections[0]), message, subject=path)
    if project.tree.has(".flake8"):
        used = "flake8" in declared(project) or any("flake8" in command.argv for command in project.commands)
        what = "which flake8 does not read" if used else "and nobody runs flake8"
        message = f"flake8 settings stand outside pyproject.toml, {what}"
        yield rule.finding(".flake8", message, subject=".flake8", severity="info", fixable=not used)
    if project.tree.has(".bumpversion.cfg") and "bump-my-version" in declared(project):
        message = "the settings of bump-my-version stand outside pyproject.toml"
        yield rule.finding(".bumpversion.cfg", message, subject=".bumpversion.cfg")


@rule.fixes
def consolidate(_project: Project, finding: Finding) -> Iterator[Operation]:
    """Move them."""
    yield ConsolidateConfig(rule.code, finding.path)
