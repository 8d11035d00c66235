"""The environment holds other versions than ``uv.lock``, or distributions that the lock does not have.

What runs and passes its tests here is not what the lock installs elsewhere. ``uv run`` repairs versions before it
starts, but leaves in place what the lock does not have; so an import of that works here and nowhere else.

Source: https://docs.astral.sh/uv/concepts/projects/sync/#handling-of-extraneous-packages

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

    [[package]]
    name = "shop"
    version = "1.0"
    source = { virtual = "." }
.venv/pyvenv.cfg (ignored)
    home = /usr/bin
.venv/lib/python3.12/site-packages/httpx-0.27.0.dist-info/INSTALLER (ignored)
    uv
.venv/lib/python3.12/site-packages/rich-14.0.0.dist-info/INSTALLER (ignored)
    uv
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

    [[package]]
    name = "shop"
    version = "1.0"
    source = { virtual = "." }
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
    severity="warning",
    help="what runs here is not what the lock installs elsewhere",
    no_fix="`uv sync` makes the environment what the lock says, and takes out what it does not have",
)


@rule.checks
def drifted(project: Project) -> Iterator[Finding]:
    """Installed versions that are none of the locked ones, and installed distributions that are not locked."""
    environment = locked_environment(project)
    if environment is None or project.lock is None:
        return
    locked: dict[str, set[str]] = {}
    for package in project.lock.packages:
        locked.setdefault(package.name, set()).add(package.version)
    others = [
        f"{item.name} {item.version} (locked: {', '.join(sorted(locked[item.name]))})"
        for item in foreign(project, environment)
        if item.name in locked and not item.editable and not fits(item.version, locked[item.name])
    ]
    more = [item.name for item in foreign(project, environment) if item.name not in locked]
    if others:
        yield rule.finding(environment.path, f"other versions than in uv.lock: {some(others)}", subject="versions")
    if more:
        yield rule.finding(environment.path, f"installed and not in uv.lock: {some(more)}", subject="more")


def fits(version: str, locked: set[str]) -> bool:
    """Whether an installed version is one of the locked ones; a version that the lock does not tell may be any."""
    from packaging.version import InvalidVersion, Version

    if "" in locked:
        return True
    try:
        return Version(version) in {Version(item) for item in locked}
    except InvalidVersion:
        return version in locked
