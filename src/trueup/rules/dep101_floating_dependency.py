"""A dependency floats, and nothing locks it.

Without a version and without a lock, every installation resolves to what is newest that day: the
program that was tested is not the program that is deployed, and a broken or hijacked release arrives
unasked. Ranges in ``pyproject.toml`` are right as soon as a lock stands beside them.

Source: https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = ["fastapi"]
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = ["fastapi"]
uv.lock
    version = 1
    revision = 3
    requires-python = ">=3.12"
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```
"""

from __future__ import annotations

from trueup.model.names import requirement_name
from trueup.model.operation import RunTool
from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import (
    has_metadata,
    is_application,
    is_locked,
    is_tooling,
    locks_of_project_table,
    packaged,
    runtime,
    some,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="error",
    help="every installation may resolve to something else; trueup has uv write uv.lock, with the pinned versions",
)

PLUGIN = lazy(r"pytest-")
PINNED = lazy(r"==\s*[^*\s;]+\s*(?:;|$)")


@rule.checks
def floats_without_a_lock(project: Project) -> Iterator[Finding]:
    """Runtime requirements of an application that neither a pin nor a lock fixes, each told in the first file."""
    if not is_application(project):
        return
    if is_locked(project):
        yield from beside_the_lock(project)
        return
    told = {item.name for item in project.requirements if item.pin} | constrained(project)
    others = " and ".join(lock.path for lock in locks_of_project_table(project))
    for manifest in project.manifests:
        floating = [item for item in runtime(manifest) if not item.url and item.name not in told]
        told.update(item.name for item in floating)
        if floating:
            names = some([item.name for item in floating])
            floats, it = ("floats", "it") if len(floating) == 1 else ("float", "them")
            message = f"{names} {floats} and nothing locks {it}"
            if others:
                message = f"{names} {floats}: {others} locks {it} for its own tool alone"
            place = Place(manifest.path, floating[0].line)
            yield rule.finding(place, message, severity="warning" if packaged(project) else None)
    yield from plugins(project, told)


def plugins(project: Project, told: set[str]) -> Iterator[Finding]:
    """The first of pytest's plugins that the tests ask for in any version: what they do changes with the next one."""
    items = (item for manifest in project.manifests for item in manifest.requirements if item.group)
    loose = next((item for item in items if PLUGIN.match(item.name) and not item.url and item.name not in told), None)
    if loose:
        message = f"{loose.name} floats and nothing locks it"
        yield rule.finding(Place(loose.path, loose.line), message, subject=loose.name, severity="info")


def constrained(project: Project) -> set[str]:
    """What a list of constraints pins."""
    listed = (line.value for item in project.manifests if item.format == "constraints" for line in item.lines)
    return {requirement_name(text) for text in listed if PINNED.search(text)}


def beside_the_lock(project: Project) -> Iterator[Finding]:
    """What a list without versions asks for, and the ``uv.lock`` beside it does not hold: it is made of another."""
    lock = project.lock
    if lock is None or lock.pending or lock.error:
        return
    held = {package.name for package in lock.packages} | {item.name for item in project.requirements if item.pin}
    for manifest in project.manifests:
        if manifest.format == "requirements" and not is_tooling(manifest.path):
            floating = [item for item in runtime(manifest) if not item.url and item.name not in held]
            if floating:
                names = some([item.name for item in floating])
                floats, it = ("floats", "it") if len(floating) == 1 else ("float", "them")
                message = f"{names} {floats}: only {manifest.path} declares {it}, and {lock.path} does not hold {it}"
                yield rule.finding(Place(manifest.path, floating[0].line), message, severity="warning")


@rule.fixes
def lock(project: Project, _finding: Finding) -> Iterator[Operation]:
    """Lock, once there is a ``[project]`` table to lock."""
    if has_metadata(project):
        yield RunTool(rule.code, ("uv", "lock"), ("uv.lock",))
