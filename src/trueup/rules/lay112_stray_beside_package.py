"""Code lies in ``src/`` beside the package, and the build does not pack it.

In the checkout ``src`` is on the import path, so that both import; the wheel holds the package alone. What imports the
stray module works until it is installed.

Source: https://packaging.python.org/en/latest/discussions/src-layout-vs-flat-layout/

Flagged:

```
pyproject.toml
    [build-system]
    requires = ["uv_build>=0.9"]
    build-backend = "uv_build"

    [project]
    name = "shop"
    version = "1.0"
src/helpers.py
    def price(): ...
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    from helpers import price

    app = FastAPI()
```

Fixed:

```
pyproject.toml
    [build-system]
    requires = ["uv_build>=0.9"]
    build-backend = "uv_build"

    [project]
    name = "shop"
    version = "1.0"
src/shop/__init__.py
src/shop/helpers.py
    def price(): ...
src/shop/main.py
    from fastapi import FastAPI

    from shop.helpers import price

    app = FastAPI()
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import has_metadata, table, words
from trueup.rules.packing import finds, imported_modules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    help="it imports in the checkout and is missing from the wheel",
    no_fix="whether it belongs into the package, into the wheel beside it or to the scripts is yours to say",
)

HATCH = ("tool", "hatch", "build", "targets", "wheel")
TESTS = ("tests", "test", "testing", "conftest")


@rule.checks
def stray(project: Project) -> Iterator[Finding]:
    """Top-level modules and packages in ``src`` that the build leaves out; worse where what is packed imports one."""
    packed = packed_tops(project)
    if packed is None:
        return
    imports = imported_modules(project, "src")
    for top, path in tops(project).items():
        if top in packed or top in TESTS:
            continue
        used = [file for module, file in imports.items() if module.split(".")[0] == top and top_in_src(file) in packed]
        message = f"the wheel does not hold {path}" + (f", which {used[0]} imports" if used else "")
        yield rule.finding(Place(path), message, subject=top, severity=None if used else "info")


def tops(project: Project) -> dict[str, str]:
    """Everything in ``src`` that can be imported, with its path."""
    found: dict[str, str] = {}
    for path in project.sources:
        top = top_in_src(path)
        if top.isidentifier() and top != "__init__":
            found[top] = "/".join(path.split("/")[:2])
    return found


def top_in_src(path: str) -> str:
    """The top-level import name of a file in ``src``; ``""`` for any other."""
    parts = path.split("/")
    return parts[1].removesuffix(".py") if parts[0] == "src" and len(parts) > 1 else ""


def packed_tops(project: Project) -> set[str] | None:
    """The import names that the wheel holds; ``None`` where that is not plain, or nothing of it is in ``src``."""
    backend = str(table(project, "build-system").get("build-backend", ""))
    if not has_metadata(project):
        return None
    name = str(table(project, "project").get("name", "")).replace("-", "_").replace(".", "_").lower()
    found: set[str] | None = None
    if backend == "uv_build":
        said = table(project, "tool", "uv", "build-backend")
        if str(said.get("module-root", "src")).strip("./") == "src":
            found = {module.split(".")[0] for module in words(said.get("module-name")) or [name]}
    elif backend == "hatchling.build":
        keys = {*table(project, "tool", "hatch", "build"), *table(project, *HATCH)}
        if keys <= {"packages", "targets", "exclude"}:
            listed = words(table(project, *HATCH).get("packages")) or [f"src/{name}"]
            found = {top_in_src(folder.strip("/")) for folder in listed} - {""}
    elif backend.startswith("setuptools."):
        searches = finds(project)
        modules = words(table(project, "tool", "setuptools").get("py-modules"))
        if len(searches) == 1 and searches[0].where == ("src",):
            folders = (top for top, path in tops(project).items() if not path.endswith(".py"))
            found = {top for top in folders if searches[0].packs(top)} | set(modules)
    there = tops(project)
    return found if found and any(top in there for top in found) else None
