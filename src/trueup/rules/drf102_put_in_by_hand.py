"""pip put distributions into the environment that uv keeps.

Nothing of the project knows of them: no requirement, no lock. The next ``uv sync`` takes them out, or sets back their
versions, and no other checkout has them.

Source: https://packaging.python.org/en/latest/specifications/recording-installed-packages/#the-installer-file

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
.venv/lib/python3.12/site-packages/rich-14.0.0.dist-info/INSTALLER (ignored)
    pip
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
```
"""

from __future__ import annotations

from trueup.rules import Rule
from trueup.rules.environments import foreign, locked_environment
from trueup.rules.lookups import some

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="info",
    help="no other checkout has them, and the next `uv sync` takes them out",
    no_fix="`uv add` what the project needs, and let `uv sync` take out the rest",
)


@rule.checks
def by_pip(project: Project) -> Iterator[Finding]:
    """What pip installed in an environment that a lock of uv fixes."""
    environment = locked_environment(project)
    if environment is not None:
        names = [item.name for item in foreign(project, environment) if item.installer == "pip"]
        if names:
            yield rule.finding(environment.path, f"pip, not uv, installed {some(names)}", subject="pip")
