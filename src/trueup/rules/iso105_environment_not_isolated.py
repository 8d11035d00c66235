"""The virtual environment is not the one that the project describes.

One that sees the system's packages (``include-system-site-packages = true``) runs with whatever the machine happens to
have, and nothing notices that a dependency is missing. One of another Python than the pinned one tests what nobody
deploys. One whose interpreter is gone, after an upgrade or a move of the folder, fails with errors that name no cause.

Source: https://docs.python.org/3/library/venv.html

Flagged:

```
main.py
    from fastapi import FastAPI

    app = FastAPI()
.venv/pyvenv.cfg (ignored)
    home = /usr/bin
    include-system-site-packages = true
    version = 3.12.1
```

Fixed:

```
main.py
    from fastapi import FastAPI

    app = FastAPI()
.venv/pyvenv.cfg (ignored)
    home = /usr/bin
    include-system-site-packages = false
    version = 3.12.1
```
"""

from __future__ import annotations

from trueup.model.python import admits, minor_of
from trueup.rules import Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Environment, Project

rule = Rule(
    __name__,
    severity="warning",
    help="what runs here is not what the manifest, the lock and the pin say",
    no_fix="an environment is made anew, not mended: delete it, then `uv sync`",
)


@rule.checks
def not_isolated(project: Project) -> Iterator[Finding]:
    """An environment that is broken, that sees the system's packages, or that is of another Python."""
    found = project.environment
    if found is None or "not followed" in found.broken:
        return
    if found.broken:
        yield rule.finding(found.path, f"{found.path} is broken: {found.broken}", subject="broken")
        return
    if found.system_site:
        yield rule.finding(found.path, f"{found.path} sees the packages of the system's Python", subject="system")
    wanted = other_python(project, found)
    if wanted:
        yield rule.finding(found.path, f"{found.path} is Python {minor_of(found.python)}, {wanted}", subject="python")


def other_python(project: Project, found: Environment) -> str:
    """Who says that the environment should be of another Python, and which; ``""`` where nobody does."""
    minor = minor_of(found.python)
    if not minor:
        return ""
    pins = [(minor_of(item.version), item.place) for item in project.evidence if item.what == "pin"]
    pins = [(version, place) for version, place in pins if version]
    if pins and minor not in [version for version, _ in pins]:
        return f"the pin is {pins[0][0]} ({pins[0][1]})"
    bounds = [item for item in project.evidence if item.what == "requires" and not admits(item.version, minor)]
    return f"requires-python is {bounds[0].version} ({bounds[0].place})" if bounds else ""
