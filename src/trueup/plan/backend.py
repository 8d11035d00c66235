"""How the project is built, and what its wheel holds.

An application gets hatchling with its packages named. A library keeps the backend that it has; where
only setup.py or setup.cfg said what the wheel holds, setuptools is told the same in pyproject.toml.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from trueup.model.project import Project
    from trueup.model.tree import Tree
    from trueup.plan.convert import Conversion

HATCHLING = {"requires": ["hatchling"], "build-backend": "hatchling.build"}
SETUPTOOLS = "setuptools>=77"  # the first that takes an SPDX licence
FLIT = {"requires": ["flit_core>=3.12,<4"], "build-backend": "flit_core.buildapi"}
BASE = ("tool", "setuptools")
WHEEL = ("tool", "hatch", "build", "targets", "wheel", "packages")
_LISTS = {"package_data": "package-data", "exclude_package_data": "exclude-package-data"}


def is_replaced(conversion: Conversion) -> bool:
    """Whether ``[build-system]`` names a backend that cannot build from ``[project]`` as the sources had it."""
    backend = str((conversion.file.get("build-system") or {}).get("build-backend", ""))
    formats = {source.format for source in conversion.sources}
    return "poetry" in backend or ("flit" in formats and backend.startswith("flit"))


def write_build(conversion: Conversion) -> None:
    """``[build-system]``, and what the wheel holds; nothing where there is no package to build."""
    file, project = conversion.file, conversion.project
    said: dict[str, Any] = {}
    for source in conversion.sources:
        said = {**source.build, **said}
    old = file.get("build-system")
    keeps = bool(said.get("keeps"))
    packages = packages_of(project, conversion.tree)
    if said.get("backend") == "flit":
        _flit(conversion, said)
    elif old is not None or keeps:
        _stay(conversion, said)
    elif project.kind == "application":
        buildable = project.layout.kind == "installed" or conversion.was_built
        if packages and buildable:
            _hatchling(conversion, list(packages))
        else:
            conversion.accounts.notes["wheel",] = ("dropped", "", "the code is not laid out to be built")
    elif said.get("backend") == "setuptools":
        file.set(("build-system",), {"requires": [SETUPTOOLS], "build-backend": "setuptools.build_meta"})
        _setuptools(conversion, said)
    elif said.get("backend") == "poetry" and conversion.was_built:
        _hatchling(conversion, poetry_packages(said, project, conversion.tree), said)


def packages_of(project: Project, tree: Tree) -> tuple[str, ...]:
    """The package directories as they lie now: those under ``src``, else those at the root that are packages."""
    if tree.has("src/__init__.py"):
        return ("src",)
    inside = sorted({path.split("/")[1] for path in tree.under("src") if path.count("/") > 1 and path.endswith(".py")})
    found = tuple(f"src/{name}" for name in inside if name.isidentifier())
    found = tuple(path for path in found if path not in ("src/test", "src/tests")) or found
    return found or tuple(name for name in project.layout.packages if tree.has(f"{name}/__init__.py"))


def poetry_packages(said: dict[str, Any], project: Project, tree: Tree) -> list[str]:
    """What ``[tool.poetry] packages`` names, else the package that has the project's name."""
    listed = [item for item in said.get("packages") or [] if isinstance(item, dict)]
    found = [str(item.get("include", "")) for item in listed]
    roots = [str(item.get("from", "")).strip("/") for item in listed]
    paths = [f"{root}/{name}" if root else name for root, name in zip(roots, found, strict=True)]
    if listed:
        return [re.sub(r"/\*\*.*$", "", path) for path in paths]
    name = re.sub(r"[-.]+", "_", project.name)
    return [path for path in (f"src/{name}", name, f"{name}.py") if tree.has(path) or tree.has_dir(path)][:1]


def _hatchling(conversion: Conversion, packages: list[str], said: dict[str, Any] | None = None) -> None:
    file, notes = conversion.file, conversion.accounts.notes
    file.set(("build-system",), HATCHLING)
    file.set_default(WHEEL, packages)
    exclude = [item for item in (said or {}).get("exclude") or [] if isinstance(item, str)]
    if exclude:
        file.set_default(("tool", "hatch", "build", "exclude"), exclude)
    reason = "hatchling packs every file of the package that git does not ignore"
    notes["wheel",] = ("moved", f"pyproject.toml {'.'.join(WHEEL)}", reason)


def _flit(conversion: Conversion, said: dict[str, Any]) -> None:
    conversion.file.set(("build-system",), FLIT)
    if said.get("module") and said["module"] != conversion.file.get("project", "name"):
        conversion.file.set(("tool", "flit", "module", "name"), said["module"])
    else:
        conversion.accounts.notes["tool", "flit", "module"] = ("merged", "pyproject.toml project.name", "")


def _stay(conversion: Conversion, said: dict[str, Any]) -> None:
    """The backend that is there builds on; setuptools then reads pyproject.toml what setup.py told it."""
    file = conversion.file
    if file.get("build-system") is None:
        file.set(("build-system",), {"requires": [SETUPTOOLS], "build-backend": "setuptools.build_meta"})
    if "setuptools" in str(file.get("build-system", "build-backend") or "setuptools"):
        if said.get("backend") == "setuptools":
            _setuptools(conversion, said)
    else:
        conversion.accounts.notes["wheel",] = ("dropped", "", "another build backend decides what the wheel holds")


def _setuptools(conversion: Conversion, said: dict[str, Any]) -> None:
    """``[tool.setuptools]``: the same packages and files as before."""
    file = conversion.file
    for need in said.get("requires") or []:
        there = file.get("build-system", "requires") or []
        if need.strip() and need not in there:
            file.set(("build-system", "requires"), [*there, need])
    packages = said.get("packages")
    if isinstance(packages, dict):
        _find(conversion, packages)
    elif isinstance(packages, list):
        file.set_default((*BASE, "packages"), packages)
    for key, standard in (("package_dir", "package-dir"), ("py_modules", "py-modules")):
        if said.get(key):
            file.set_default((*BASE, standard), said[key])
    for key, standard in _LISTS.items():
        found = said.get(key)
        if isinstance(found, dict) and found:
            file.set_default((*BASE, standard), {name or "*": patterns for name, patterns in found.items()})
    if set(said) - {"backend", "keeps", "requires", "version", "scm"}:
        # Without a word, setup.py packs no data files and pyproject.toml does.
        file.set_default((*BASE, "include-package-data"), bool(said.get("include_package_data")))
    if said.get("version"):
        file.set_default((*BASE, "dynamic", "version"), said["version"])
    if "scm" in said:
        file.set_default(("tool", "setuptools_scm"), said["scm"])
    conversion.accounts.notes["wheel",] = ("moved", "pyproject.toml tool.setuptools", "")


def _find(conversion: Conversion, packages: dict[str, Any]) -> None:
    where = str(packages.get("where", "."))
    if where == "." and any(path.endswith(".py") for path in conversion.tree.under("src")):
        where = "src"
    table: dict[str, Any] = {"where": [where]}
    table |= {key: packages[key] for key in ("include", "exclude") if packages.get(key)}
    if packages.get("find") == "find_packages":
        table["namespaces"] = False
    conversion.file.set_default((*BASE, "packages", "find"), table)
