"""A folder of the package has no ``__init__.py``, and setuptools leaves it out of the wheel.

``find_packages`` (and ``packages.find`` with ``namespaces = false``) takes only folders with an ``__init__.py``. In the
checkout, and with an editable installation, the folder imports as a namespace package; installed from a wheel the
program stops with ``ModuleNotFoundError``.

Source: https://setuptools.pypa.io/en/latest/userguide/package_discovery.html#finding-simple-packages

Flagged:

```
pyproject.toml
    [build-system]
    requires = ["setuptools"]
    build-backend = "setuptools.build_meta"

    [project]
    name = "shop"
    version = "1.0"

    [tool.setuptools.packages.find]
    where = ["src"]
    namespaces = false
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    from shop.routers import items

    app = FastAPI()
src/shop/routers/items.py
```

Fixed:

```
pyproject.toml
    [build-system]
    requires = ["setuptools"]
    build-backend = "setuptools.build_meta"

    [project]
    name = "shop"
    version = "1.0"

    [tool.setuptools.packages.find]
    where = ["src"]
    namespaces = false
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    from shop.routers import items

    app = FastAPI()
src/shop/routers/__init__.py
src/shop/routers/items.py
```
"""

from __future__ import annotations

from trueup.model.operation import CreateFile
from trueup.rules import Rule
from trueup.rules.packing import finds, folders_below, imported_modules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    help="it imports in the checkout and is missing from the wheel; trueup adds the __init__.py",
)


@rule.checks
def not_packed(project: Project) -> Iterator[Finding]:
    """Folders below a package that something imports from, which a search for packages does not take."""
    for find in finds(project):
        if find.namespaces:
            continue
        for where in find.where:
            imports = imported_modules(project, where)
            for folder, package in folders_below(project, where):
                parent = folder.rpartition("/")[0]
                regular = f"{parent}/__init__.py" in project.sources
                used = any(module == package or module.startswith(f"{package}.") for module in imports)
                if used and regular and f"{folder}/__init__.py" not in project.sources and find.packs(package):
                    message = f"{folder} has no __init__.py, and setuptools leaves it out of the wheel"
                    yield rule.finding(folder, message, subject=folder)


@rule.fixes
def add_init(_project: Project, finding: Finding) -> Iterator[Operation]:
    """An empty ``__init__.py``: its parent is a package already, so imports keep their meaning."""
    yield CreateFile(rule.code, f"{finding.subject}/__init__.py", "")
