"""There are tests, and nothing declares the tool that runs them.

``uv run pytest`` then silently falls back to a pytest on the PATH, with another interpreter and
other packages: a green run that proves nothing.

Source: https://docs.pytest.org/en/stable/explanation/goodpractices.html

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = ["fastapi>=0.115"]
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
tests/test_main.py
    from shop.main import app


    def test_app():
        assert app
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = ["fastapi>=0.115"]

    [dependency-groups]
    test = ["pytest"]
    dev = [{ include-group = "test" }]
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
tests/test_main.py
    from shop.main import app


    def test_app():
        assert app
```
"""

from __future__ import annotations

from trueup.model.operation import AddRequirement
from trueup.rules import Rule
from trueup.rules.lookups import declared, has_metadata, is_application
from trueup.rules.testing import djangos_runner, test_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    help="`uv run pytest` falls back to whatever pytest is on the PATH; trueup adds it to the group test",
)


@rule.checks
def pytest_undeclared(project: Project) -> Iterator[Finding]:
    """Test files that need pytest, in an application where neither pytest nor a plugin of it is declared.

    Tests that unittest runs by itself are told more quietly: pytest is then only what compares before and after.
    Those that Django's own runner sets up need none.
    """
    if not is_application(project) or any(name.startswith("pytest") for name in declared(project)):
        return
    if djangos_runner(project):
        return
    plain = [path for path in project.sources if path.rsplit("/", 1)[-1] == "tests.py"]
    files = [*test_files(project), *plain]
    needing = [path for path in files if needs_pytest(project, path)]
    others = [path for path in files if "unittest" in tops(project, path)]
    if needing:
        verb = "files need" if len(needing) > 1 else "file needs"
        yield rule.finding(needing[0], f"{len(needing)} test {verb} pytest, which nothing declares", subject="pytest")
    elif others:
        message = "unittest runs the tests, and nothing declares pytest"
        yield rule.finding(others[0], message, subject="pytest", severity="info")


def needs_pytest(project: Project, path: str) -> bool:
    """Whether a test file imports pytest, or holds test functions, which unittest does not run."""
    if "pytest" in tops(project, path):
        return True
    defines = project.sources[path].defines
    return any(name.startswith("test") and what in ("function", "coroutine") for name, what in defines.items())


def tops(project: Project, path: str) -> set[str]:
    """The top-level modules that a file imports."""
    return {target.split(".")[0] for statement in project.sources[path].imports for target in statement.targets()}


@rule.fixes
def declare(project: Project, _finding: Finding) -> Iterator[Operation]:
    """pytest in the group ``test``."""
    if has_metadata(project):
        yield AddRequirement(rule.code, "pytest", "test")
