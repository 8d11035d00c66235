"""Nothing locks what is installed.

A manifest says what is acceptable, a lock says what it is: every distribution, those that others
bring included, with version and hash, for every platform. Without one, two installations of the
same commit differ. trueup has ``uv lock`` write it, and the versions that the old files pinned are
the versions in it. A library is only told, since its users resolve for themselves.

Source: https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = ["fastapi>=0.115"]
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
    dependencies = ["fastapi>=0.115"]
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

from trueup.model.operation import RunTool
from trueup.rules import Rule
from trueup.rules.lookups import has_manifest, has_metadata, is_application, is_locked, locks_of_project_table, packaged

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
    help="two installations of one commit differ; trueup has uv write uv.lock with the versions that are pinned now",
)


@rule.checks
def no_lock(project: Project) -> Iterator[Finding]:
    """A project without any lock in force: a packaged one is warned, a library told."""
    if is_locked(project):
        rye = next((lock.path for lock in project.old_locks if lock.format == "rye"), "")
        if rye and project.lock is None and is_application(project) and has_metadata(project):
            message = f"{rye} fixes what Rye installs, and uv reads another lock"
            yield rule.finding("uv.lock", message, severity="info", subject="uv.lock")
        return
    if is_application(project) and has_manifest(project):
        severity: Severity | None = "warning" if packaged(project) else "error"
        message = "no lock file fixes what is installed"
        others = " and ".join(lock.path for lock in locks_of_project_table(project))
        if others:
            message = f"{others} fixes what its own tool installs, and nothing else"
        yield rule.finding("uv.lock", message, severity=severity, subject="uv.lock")
    elif project.kind == "library" and has_metadata(project):
        message = "no lock file fixes the development environment"
        yield rule.finding("uv.lock", message, severity="info", fixable=False, subject="uv.lock")


@rule.fixes
def lock(project: Project, _finding: Finding) -> Iterator[Operation]:
    """Lock, once there is a ``[project]`` table to lock."""
    if has_metadata(project) and is_application(project):
        yield RunTool(rule.code, ("uv", "lock"), ("uv.lock",))
