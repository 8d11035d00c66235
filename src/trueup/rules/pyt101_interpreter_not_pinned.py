"""Nothing pins the interpreter.

Without ``.python-version`` the program runs on whatever the machine has: the system's Python here,
another minor release in CI, a third in the image. uv reads the pin, fetches that interpreter where
it is missing, and builds the environment with it.

Source: https://docs.astral.sh/uv/concepts/python-versions/#python-version-files

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
.python-version
    3.13
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```
"""

from __future__ import annotations

from trueup.model.operation import CreateFile
from trueup.rules import Rule
from trueup.rules.lookups import chosen_python, is_application

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    help="it runs on whatever Python the machine has; trueup writes .python-version from what the project says",
)


@rule.checks
def no_pin(project: Project) -> Iterator[Finding]:
    """An application without a version file, here or in the repository around it."""
    if not is_application(project):
        return
    files = [".python-version", ".python-versions"]
    around = [
        path
        for path in project.tree.outer()
        if path.lstrip("./").removeprefix("/") in ("python-version", "python-versions")
    ]
    if not around and not any(project.tree.has(name) for name in files):
        others = [item.place.path for item in project.evidence if item.what == "pin"]
        said = (
            f"only {others[0]} pins the interpreter, which uv does not read"
            if others
            else "nothing pins the interpreter"
        )
        yield rule.finding(".python-version", said, subject="python")


@rule.fixes
def pin(project: Project, _finding: Finding) -> Iterator[Operation]:
    """The version that the evidence speaks for."""
    yield CreateFile(rule.code, ".python-version", f"{chosen_python(project)}\n")
