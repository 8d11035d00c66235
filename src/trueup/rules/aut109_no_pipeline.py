"""A project on GitLab has tests and a lock, and no pipeline that asks for either.

What holds on one machine is then believed of all. The pipeline that trueup writes asks the same as the workflow that
it writes on GitHub (AUT108), in an image of the pinned Python, with uv pinned by version.

Source: https://docs.astral.sh/uv/guides/integration/gitlab/

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    requires-python = ">=3.12"
uv.lock
    version = 1
.gitlab/CODEOWNERS
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
.gitlab/CODEOWNERS
    * @me
.gitlab-ci.yml
    # Written by trueup: what holds here holds on a clean machine.
    default:
      image: python:3.12-slim

    checks:
      script:
        - pip install uv==0.13.9
        - uv lock --check
        - uv sync --locked
        - uv run --locked python -m pytest
        - uv audit --locked --preview-features audit-command
        - uv build
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
from trueup.model.python import python_for
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
    help="nothing asks on a clean machine whether the tests pass; trueup writes a pipeline that does",
)

PATH = ".gitlab-ci.yml"
PIPELINE = """\
# Written by trueup: what holds here holds on a clean machine.
default:
  image: python:{python}-slim

checks:
  script:
    - pip install uv=={version}
    - uv lock --check
    - uv sync --locked
    - uv run --locked python -m pytest
    - uv audit --locked --preview-features audit-command
    - uv build
"""


@rule.checks
def nothing_asks(project: Project) -> Iterator[Finding]:
    """An application with tests and a lock and no automation at all, on GitLab or with ``.gitlab``."""
    here = project.tree.has_dir(".gitlab") or (project.host == "gitlab" and not project.tree.has_dir(".github"))
    if here and not project.tree.has(PATH) and asked_nowhere(project):
        yield rule.finding(".gitlab", "no pipeline runs the tests or checks the lock", subject="pipeline")


@rule.fixes
def write_pipeline(project: Project, _finding: Finding) -> Iterator[Operation]:
    """The checks of a true project, on every push."""
    text = PIPELINE.format(python=python_for(project), version=facts("uv")["version"])
    yield CreateFile(rule.code, PATH, text)
