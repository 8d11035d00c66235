"""CI installs what a lock fixes, and nothing audits it.

A version that is fixed stays, and so does a vulnerability that becomes known in it. ``uv audit`` asks the advisories
for all that ``uv.lock`` holds, and fails where there is one. A bot that keeps the lock fresh (Dependabot, Renovate)
does as well.

Source: https://docs.astral.sh/uv/reference/cli/#uv-audit

Flagged:

```
main.py
    from fastapi import FastAPI

    app = FastAPI()
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = ["fastapi"]
uv.lock
    version = 1
.github/workflows/ci.yml
    on: push
    jobs:
      test:
        runs-on: ubuntu-24.04
        steps:
          - run: pip install uv==0.13.9 && uv sync --locked
          - run: uv run --locked python -m pytest
```

Fixed:

```
main.py
    from fastapi import FastAPI

    app = FastAPI()
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = ["fastapi"]
uv.lock
    version = 1
.github/workflows/ci.yml
    on: push
    jobs:
      test:
        runs-on: ubuntu-24.04
        steps:
          - run: pip install uv==0.13.9 && uv sync --locked
          - run: uv audit --locked --preview-features audit-command
          - run: uv run --locked python -m pytest
```
"""

from __future__ import annotations

import re

from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.audits import ACTION, AUDIT
from trueup.rules.lookups import is_application, is_locked, text_of
from trueup.rules.workflows import step_behind, takes_a_step

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="info",
    help="a vulnerability that is known stays until somebody looks; trueup adds the step where uv installs",
)

COMMAND = "uv audit --locked --preview-features audit-command"
SINCE = (0, 11)  # of uv, which audits
BOTS = lazy(r"dependabot\.ya?ml|renovate\.json5?|\.renovaterc(?:\.json5?)?")
INSTALLS = lazy(r"(?:uv|poetry|pdm|pipenv) (?:sync|install)\b|.*\bpip[\d.]* install .*-r\b")
AUDITING = lazy(
    r".*\.(?:ya?ml|sh|toml|mk|ini)|[Mm]akefile|[Jj]ustfile|noxfile\.py|Jenkinsfile|\.gitlab-ci\.yml", re.IGNORECASE
)


@rule.checks
def never(project: Project) -> Iterator[Finding]:
    """The CI of an application that installs what is locked, where nothing audits it and no bot looks after it."""
    if not is_application(project) or not is_locked(project) or project.tree.called(BOTS):
        return
    installs = [item for item in project.commands if item.where == "ci" and INSTALLS.match(item.text)]
    spoken = (text_of(project, path) for path in project.tree.called(AUDITING)) if installs else ()
    if not installs or any(AUDIT.search(text) or ACTION.search(text) for text in spoken):
        return
    first = next((item for item in installs if takes_a_step(project, item, SINCE)), None)
    told = first or installs[0]
    message = f"{told.path.rsplit('/', 1)[-1]} installs what is locked, and nothing audits it"
    yield rule.finding(Place(told.path, told.line), message, subject="none", fixable=first is not None)


@rule.fixes
def audit_it(project: Project, finding: Finding) -> Iterator[Operation]:
    """The audit as the next step."""
    yield from step_behind(project, finding, COMMAND)
