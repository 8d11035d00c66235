"""A project on GitHub has tests and a lock, and no workflow that asks for either.

What holds on one machine is then believed of all. The workflow that trueup writes asks on a clean machine, for
every push and pull request, that the lock is fresh, that the environment comes from it, that the tests pass, that no
known vulnerability is locked, and that the wheel builds; its action is pinned by commit, uv by version.

Source: https://docs.astral.sh/uv/guides/integration/github/

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    requires-python = ">=3.12"
uv.lock
    version = 1
.github/CODEOWNERS
    * @me
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
tests/test_main.py
    def test_it(): ...
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    requires-python = ">=3.12"
uv.lock
    version = 1
.github/CODEOWNERS
    * @me
.github/workflows/checks.yml
    # Written by trueup: what holds here holds on a clean machine.
    name: checks

    on:
      push:
      pull_request:

    permissions:
      contents: read

    jobs:
      checks:
        runs-on: ubuntu-24.04
        steps:
          - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683  # v4.2.2
            with:
              persist-credentials: false
          - run: pipx install uv==0.13.9
          - run: uv lock --check
          - run: uv sync --locked
          - run: uv run --locked python -m pytest
          - run: uv audit --locked --preview-features audit-command
          - run: uv build
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
tests/test_main.py
    def test_it(): ...
```
"""

from __future__ import annotations

from trueup.model.operation import CreateFile
from trueup.model.packages import facts
from trueup.rules import Rule
from trueup.rules.testing import asked_nowhere

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="info",
    confidence="high",
    help="nothing asks on a clean machine whether the tests pass; trueup writes a workflow that does",
)

PATH = ".github/workflows/checks.yml"
WORKFLOW = """\
# Written by trueup: what holds here holds on a clean machine.
name: checks

on:
  push:
  pull_request:

permissions:
  contents: read

jobs:
  checks:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683  # v4.2.2
        with:
          persist-credentials: false
      - run: pipx install uv=={version}
      - run: uv lock --check
      - run: uv sync --locked
      - run: uv run --locked python -m pytest
      - run: uv audit --locked --preview-features audit-command
      - run: uv build
"""


@rule.checks
def nothing_asks(project: Project) -> Iterator[Finding]:
    """An application with tests and a lock and no automation at all, on GitHub or with ``.github``."""
    here = project.tree.has_dir(".github") or (project.host == "github" and not project.tree.has_dir(".gitlab"))
    if here and not project.tree.has_dir(".github/workflows") and asked_nowhere(project):
        yield rule.finding(".github", "no workflow runs the tests or checks the lock", subject="workflow")


@rule.fixes
def write_workflow(_project: Project, _finding: Finding) -> Iterator[Operation]:
    """The checks of a true project, on every push."""
    yield CreateFile(rule.code, PATH, WORKFLOW.format(version=facts("uv")["version"]))
