"""CI uses ``--frozen`` (or sets ``UV_FROZEN``) where a check of the lock is meant.

``--frozen`` installs what the lock says without looking whether the manifest still agrees: a
dependency that was added and not locked is simply not installed, and the run is green until
something imports it. ``--locked`` fails instead.

Source: https://docs.astral.sh/uv/concepts/projects/sync/#automatic-lock-and-sync

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
          - run: uv sync --frozen
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
```
"""

from __future__ import annotations

from trueup.model.operation import ReplaceText
from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import is_application, lines, lock_is_checked
from trueup.rules.workflows import YAML

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
    help="a stale lock passes, where `--locked` fails; trueup writes that",
)

PIPELINE = lazy(r"(^|/)\.github/(workflows|actions)/.+\.ya?ml$|(^|/)\.gitlab-ci\.yml$|(^|/)\.circleci/config\.yml$")
VARIABLE = lazy(r"\s*(?:-\s+)?UV_FROZEN\s*:\s*[\"']?(?:1|true|True|TRUE)\b", words=("UV_FROZEN",))


@rule.checks
def frozen(project: Project) -> Iterator[Finding]:
    """``uv sync`` and ``uv run`` with ``--frozen`` in CI that checks the lock nowhere; a library is warned."""
    others = project.lock is None and not is_application(project)  # it is checked out beside this one
    if lock_is_checked(project) or others:
        return
    for path in project.tree.called(YAML):
        for number, line in lines(project, path) if PIPELINE.search(path) else ():
            if VARIABLE.match(line):
                mends = is_application(project)
                severity: Severity | None = None if mends else "warning"
                message = "UV_FROZEN: nothing checks the lock"
                yield rule.finding(Place(path, number), message, subject="UV_FROZEN", severity=severity, fixable=mends)
    for command in project.commands:
        if command.where == "ci" and command.argv[:1] == ("uv",) and "--frozen" in command.argv:
            here = dict(lines(project, command.path)).get(command.line, "")
            yield rule.finding(
                Place(command.path, command.line),
                f"`{command.text[:60]}` does not check the lock",
                subject=command.text[:60],
                severity=None if is_application(project) else "warning",
                fixable=is_application(project) and here.count("--frozen") == 1,
            )


@rule.fixes
def check_it(_project: Project, finding: Finding) -> Iterator[Operation]:
    """The flag, or the variable, that fails."""
    old, new = ("UV_FROZEN", "UV_LOCKED") if finding.subject == "UV_FROZEN" else ("--frozen", "--locked")
    yield ReplaceText(rule.code, finding.path, finding.line, old, new)
