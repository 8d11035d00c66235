"""Dependencies or metadata of the application stand outside ``[project]``.

``requirements.txt``, ``setup.py``, Pipfile, ``[tool.poetry]`` and conda files each say a part, in a
format that only their own tool reads. The ``[project]`` table (PEP 621) with dependency groups
(PEP 735) says all of it in one that every tool reads. trueup converts them and gives every line of
the old files a fate: kept, moved, merged, dropped with a reason, or handed to you.

Source: https://peps.python.org/pep-0621/

Flagged:

```
requirements.txt
    fastapi==0.115.6
    uvicorn==0.34.0
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```

Fixed:

```
pyproject.toml
    [build-system]
    requires = ["hatchling"]
    build-backend = "hatchling.build"

    [project]
    name = "shop"
    version = "0.1.0"
    requires-python = ">=3.12"
    dependencies = [
        "fastapi==0.115.6",
        "uvicorn==0.34.0",
    ]

    [tool.hatch.build.targets.wheel]
    packages = ["src/shop"]
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```
"""

from __future__ import annotations

from trueup.model.project import NO_RUNNER
from trueup.rules import Rule
from trueup.rules.lookups import conversion, has_manifest, manifest_sources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Manifest, Project

rule = Rule(
    __name__,
    severity="warning",
    help="only one tool reads it; trueup converts it into [project] and gives every line a fate",
)


@rule.checks
def other_manifests(project: Project) -> Iterator[Finding]:
    """Every manifest of an application that is not the ``[project]`` table; lists that include each other are one."""
    formats = {lock.path: lock.format for lock in project.old_locks}
    locks = set(formats)
    formats |= {manifest.path: manifest.format for manifest in project.manifests}
    others = [manifest for manifest in project.manifests if manifest.format != "pyproject"]
    nothing = not has_manifest(project) and not project.old_locks  # DEP104 tells that, where it is wanted
    sources = () if nothing and project.settings.wants("DEP104") else manifest_sources(project)
    for chain in chains(project, sources):
        path = chain[0]
        message = f"dependencies or metadata stand in {', '.join(chain)} ({formats[path]}), not in [project]"
        if path in locks:
            message = f"the versions are fixed in {path}, which uv does not read"
        elif all(map(runs_scripts, (item for item in others if item.path == path))):
            message = f"scripts stand in {path} ({formats[path]}), which uv does not run"
        yield rule.finding(path, message, subject=formats[path])


def runs_scripts(manifest: Manifest) -> bool:
    """Whether a manifest names scripts and nothing else."""
    said = manifest.requirements or manifest.metadata or manifest.uv or manifest.groups or manifest.error
    return (
        not said
        and manifest.format in ("pdm", "rye")
        and all(line.reason == NO_RUNNER or line.kind in ("comment", "kept") for line in manifest.lines)
    )


def chains(project: Project, paths: Iterable[str]) -> list[list[str]]:
    """The files, with those together that bring each other along (``-r``, ``-c``); the nearest to the root first."""
    brings = {
        manifest.path: {line.value for line in manifest.lines if line.kind in ("include", "constraint")}
        for manifest in project.manifests
        if manifest.format in ("requirements", "constraints")
    }
    found: list[list[str]] = []
    for path in paths:
        near = [
            chain
            for chain in found
            if any(path in brings.get(other, ()) or other in brings.get(path, ()) for other in chain)
        ]
        found = [chain for chain in found if chain not in near]
        found.append([*(other for chain in near for other in chain), path])
    return [sorted(chain, key=lambda path: (path.count("/"), len(path), path)) for chain in found]


@rule.fixes
def convert(project: Project, _finding: Finding) -> Iterable[Operation]:
    """One conversion of all of them."""
    return conversion(project, rule.code)
