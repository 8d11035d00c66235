"""``.gitignore`` does not name the project's virtual environment.

The next ``git add .`` puts it into the repository. (An environment made by uv ignores itself; one
made by an older ``python -m venv`` does not, and neither does an image's build context.)

Source: https://docs.astral.sh/uv/concepts/projects/layout/#the-project-environment

Flagged:

```
main.py
    from fastapi import FastAPI

    app = FastAPI()
.gitignore
    __pycache__/
```

Fixed:

```
main.py
    from fastapi import FastAPI

    app = FastAPI()
.gitignore
    __pycache__/
    .venv/
```
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from trueup.model.operation import AppendLine
from trueup.rules import Rule
from trueup.rules.lookups import is_application, lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="info",
    help="the next `git add .` can put it into the repository; trueup ignores it",
)


@rule.checks
def unnamed(project: Project) -> Iterator[Finding]:
    """An application none of whose ignore files has a pattern for ``.venv``."""
    if not is_application(project):
        return
    files = [path for path in (".gitignore", *project.tree.outer()) if path.rsplit("/", 1)[-1] == ".gitignore"]
    patterns = [line.strip().removeprefix("**/").strip("/") for path in files for _, line in lines(project, path)]
    if not any(fnmatchcase(".venv", pattern) for pattern in patterns):
        yield rule.finding(".gitignore", "no pattern keeps .venv out of git", subject=".venv")


@rule.fixes
def ignore(_project: Project, _finding: Finding) -> Iterator[Operation]:
    """uv's name for the environment."""
    yield AppendLine(rule.code, ".gitignore", ".venv/")
