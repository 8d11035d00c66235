"""The environment holds a file that runs whenever its Python starts, and no package brought it.

A ``.pth`` file's ``import`` lines, ``sitecustomize.py`` and ``usercustomize.py`` run before the first line of the
program, in every program of the environment. One that nobody's ``RECORD`` lists was put there by hand, by a tool long
gone, or by somebody else.

Source: https://docs.python.org/3/library/site.html

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = ["httpx"]
uv.lock
    version = 1

    [[package]]
    name = "httpx"
    version = "0.28.1"
    source = { registry = "https://pypi.org/simple" }
.venv/pyvenv.cfg (ignored)
    home = /usr/bin
.venv/lib/python3.12/site-packages/httpx-0.28.1.dist-info/INSTALLER (ignored)
    uv
.venv/lib/python3.12/site-packages/httpx-0.28.1.dist-info/RECORD (ignored)
    httpx/__init__.py,,
.venv/lib/python3.12/site-packages/local.pth (ignored)
    import os; os.environ["DEBUG"] = "1"
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = ["httpx"]
uv.lock
    version = 1

    [[package]]
    name = "httpx"
    version = "0.28.1"
    source = { registry = "https://pypi.org/simple" }
.venv/pyvenv.cfg (ignored)
    home = /usr/bin
.venv/lib/python3.12/site-packages/httpx-0.28.1.dist-info/INSTALLER (ignored)
    uv
.venv/lib/python3.12/site-packages/httpx-0.28.1.dist-info/RECORD (ignored)
    httpx/__init__.py,,
```
"""

from __future__ import annotations

from trueup.rules import Rule
from trueup.rules.environments import locked_environment
from trueup.rules.lookups import some

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    confidence="high",
    help="it changes every program of this environment, and is in no other",
    no_fix="look at it; `uv sync --reinstall` does not take it out, a new environment does",
)


@rule.checks
def strays(project: Project) -> Iterator[Finding]:
    """Start-up files of the environment that no distribution lists."""
    environment = locked_environment(project)
    if environment and environment.strays:
        listed = list(environment.strays)
        yield rule.finding(environment.path, f"no package brought {some(listed)}", subject=listed[0])
