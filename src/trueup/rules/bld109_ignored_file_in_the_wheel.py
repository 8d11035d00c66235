"""A file that git ignores lies in the package, and uv's build backend packs it.

``uv_build`` takes all that lies in the module's folder, whatever ``.gitignore`` says: a ``.env`` with passwords, a
local database, a log. They go into every wheel and sdist that is built on this machine. Byte code is left out by the
backend itself.

Source: https://docs.astral.sh/uv/concepts/build-backend/#file-inclusion-and-exclusion

Flagged:

```
pyproject.toml
    [build-system]
    requires = ["uv_build"]
    build-backend = "uv_build"

    [project]
    name = "shop"
    version = "1.0"
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
src/shop/.env (ignored)
    SECRET=1
```

Fixed:

```
pyproject.toml
    [build-system]
    requires = ["uv_build"]
    build-backend = "uv_build"

    [project]
    name = "shop"
    version = "1.0"

    [tool.uv.build-backend]
    wheel-exclude = [".env"]
    source-exclude = [".env"]
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
src/shop/.env (ignored)
    SECRET=1
```
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from trueup.rules import Rule
from trueup.rules.lookups import some, table, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    confidence="high",
    help="it goes into every wheel that is built on this machine",
    no_fix="move it out of the package, or name it in wheel-exclude and source-exclude of [tool.uv.build-backend]",
)

BYTE_CODE = ("__pycache__", ".pyc", ".pyo")


@rule.checks
def packed(project: Project) -> Iterator[Finding]:
    """Ignored files below the package of a project that ``uv_build`` packs."""
    if str(table(project, "build-system").get("build-backend", "")) != "uv_build":
        return
    settings = table(project, "tool", "uv", "build-backend")
    root = str(settings.get("module-root", "src")).strip("./")
    package = str(settings.get("module-name", "") or project.layout.package).replace(".", "/")
    folder = f"{root}/{package}/" if root else f"{package}/"
    left_out = words(settings.get("wheel-exclude"))
    ignored = [
        path
        for path, entry in project.tree.entries.items()
        if entry.ignored and entry.kind == "file" and path.startswith(folder) and not path.endswith(BYTE_CODE)
    ]
    found = [path for path in ignored if not any(matches(path, pattern) for pattern in left_out)]
    if package and found:
        yield rule.finding(found[0], f"git ignores it, and uv_build packs it: {some(found)}", subject=folder)


def matches(path: str, pattern: str) -> bool:
    """Whether a pattern of the backend may name a path; one without a slash names a file anywhere."""
    plain = pattern.strip("/")
    return any(fnmatchcase(part, plain) for part in path.split("/")) or fnmatchcase(path, plain)
