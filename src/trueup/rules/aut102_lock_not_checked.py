"""CI installs with uv and nowhere checks that the lock is current.

Plain ``uv sync`` repairs a stale lock on the runner and goes on: what is tested is then not what is
committed, and nobody is told.

Source: https://docs.astral.sh/uv/guides/integration/github/#syncing-and-running

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
uv.lock
    version = 1
    revision = 3
    requires-python = ">=3.13"
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
.github/workflows/ci.yml
    jobs:
      test:
        runs-on: ubuntu-latest
        steps:
          - run: uv sync
          - run: uv run python -m pytest
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
uv.lock
    version = 1
    revision = 3
    requires-python = ">=3.13"
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
.github/workflows/ci.yml
    jobs:
      test:
        runs-on: ubuntu-latest
        steps:
          - run: uv sync --locked
          - run: uv run python -m pytest
```
"""

from __future__ import annotations

from trueup.model.operation import ReplaceText
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import is_application, lines, lock_is_checked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    help="what is tested may not be what is committed; trueup adds --locked to that command",
)


@rule.checks
def unchecked(project: Project) -> Iterator[Finding]:
    """The first ``uv sync`` (else ``uv run``) in the CI of an application that has a lock."""
    if not is_application(project) or project.lock is None or lock_is_checked(project):
        return
    used = [item for item in project.commands if item.where == "ci" and item.argv[:1] == ("uv",)]
    used = [item for item in used if item.argv[1:2] in (("sync",), ("run",)) and "--frozen" not in item.argv]
    used.sort(key=lambda item: item.argv[1] != "sync")
    if used:
        first = used[0]
        here = dict(lines(project, first.path)).get(first.line, "")
        message = f"`{first.text[:60]}` repairs a stale lock instead of failing"
        fixable = here.count(f"uv {first.argv[1]}") == 1
        yield rule.finding(Place(first.path, first.line), message, subject=first.argv[1], fixable=fixable)


@rule.fixes
def check_it(_project: Project, finding: Finding) -> Iterator[Operation]:
    """The flag that fails, behind the verb."""
    old = f"uv {finding.subject}"
    yield ReplaceText(rule.code, finding.path, finding.line, old, f"{old} --locked")
