"""The build configuration names a package that is not there, or none where one has to be named.

hatchling, Poetry and flit find a package by themselves only when it bears the distribution's name; otherwise the
build stops. A list that names a missing folder builds a wheel without the code. An editable installation
hides both. setuptools takes every folder at the root for a package, and stops where it finds several; what its lists
name lies at the root, if ``package-dir`` says nothing else.

Source: https://hatch.pypa.io/latest/plugins/builder/wheel/

Flagged:

```
pyproject.toml
    [build-system]
    requires = ["hatchling"]
    build-backend = "hatchling.build"

    [project]
    name = "my-shop"
    version = "1.0"
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
    name = "my-shop"
    version = "1.0"

    [tool.hatch.build.targets.wheel]
    packages = ["src/shop"]
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```
"""

from __future__ import annotations

from trueup.model.operation import RemoveKey, SetKey
from trueup.rules import Rule
from trueup.rules.lookups import has_metadata, installed, some, table, text_of, will_be_installed, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="error",
    help="the wheel is built without the code, or not at all; trueup names the package",
)

WHEEL = ("tool", "hatch", "build", "targets", "wheel")
MODULE = ("tool", "uv", "build-backend")
SETUPTOOLS = ("tool", "setuptools")
FIND = (*SETUPTOOLS, "packages", "find")
SELECTS = (
    "packages",
    "only-include",
    "include",
    "force-include",
    "bypass-selection",
    "only-packages",
    "hooks",
    "sources",
)
# What setuptools leaves out of its discovery.
NEITHER = frozenset(
    (
        *("test", "tests", "example", "examples", "build", "tasks", "fabfile"),
        *("benchmark", "benchmarks", "exercise", "exercises"),
    )
)
NO_MODULES = NEITHER | {"setup", "conftest", "toxfile", "noxfile", "pavement", "dodo", "conanfile", "manage"}
NO_PACKAGES = NEITHER | frozenset(
    (
        *("ci", "bin", "debian", "doc", "docs", "documentation", "manpages", "news", "newsfragments", "changelog"),
        *("unit_test", "unit_tests", "scripts", "tools", "util", "utils", "python", "dist", "venv", "env"),
        *("requirements", "site_scons", "htmlcov"),
    )
)
AMBIGUOUS = "the build stops, and `uv sync` with it: a src layout, or `packages` in [tool.setuptools], says which"


@rule.checks
def names_nothing(project: Project) -> Iterator[Finding]:
    """Missing packages in the lists of hatchling, setuptools and uv_build; a package hatchling cannot find."""
    document = project.pyproject
    backend = str(table(project, "build-system").get("build-backend", ""))
    if document and backend.startswith("poetry.core") and not poetry_finds(project):
        message = f"Poetry finds no package called {project_name(project)} and none is named"
        place = document.at("build-system", "build-backend")
        yield rule.finding(place, message, subject="packages", severity="warning", fixable=False)
    if document and backend.startswith("poetry.core"):
        for number, name in poetry_loses(project):
            place = document.at("tool", "poetry", "packages", number)
            message = f"the wheel is to hold {name}, which is not there"
            yield rule.finding(place, message, subject=name, severity="warning", fixable=False)
    if document is None or not has_metadata(project):
        return
    if backend.startswith("flit_core") and not flit_finds(project):
        module = flit_module(project)
        place = document.at("build-system", "build-backend")
        yield rule.finding(place, f"flit finds no module called {module}", subject="module", fixable=False)
    of_src = in_src(project) if backend.startswith("setuptools.") else {}
    if of_src and not any(of_src.values()):
        message = "the wheel is to hold nothing, and the package lies in src"
        yield rule.finding(document.at(*SETUPTOOLS, next(iter(of_src))), message, subject="nothing")
    for route, folder in listed(project, backend):
        fixable = backend in ("hatchling.build", "uv_build") and installed(project) and "force-include" not in route
        fixable = fixable or bool(of_src)
        everything = folder.strip("./") == ""
        around = fixable and (everything or folder in project.layout.roots)
        if around or not (everything or project.tree.has_dir(folder) or project.tree.has(folder)):
            why = "the folder around the package, not the package" if around else "not there"
            message = f"the wheel is to hold {folder}, which is {why}"
            yield rule.finding(document.at(*route), message, subject=folder, fixable=fixable)
    if backend.startswith("setuptools.") and looks_beside_src(project):
        message = "setuptools looks for packages at the root, and they lie in src"
        yield rule.finding(document.at(*FIND), message, subject="where")
    several = discovered(project) if backend.startswith("setuptools.") or not backend else []
    if len(several) > 1:
        message = f"setuptools finds several packages at the root, {some(several)}, and none is named"
        place = document.at("build-system")
        yield rule.finding(place, message, subject="discovery", fixable=False, help=AMBIGUOUS)
    if backend == "hatchling.build" and not selects(project) and not found_by_name(project):
        message = f"hatchling finds no package called {project_name(project)} and none is named"
        place = document.at("build-system", "build-backend")
        yield rule.finding(place, message, subject="packages", fixable=will_be_installed(project))


def listed(project: Project, backend: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every folder that the build configuration names, with the key that names it."""
    if backend == "hatchling.build":
        for folder in words(table(project, *WHEEL).get("packages")):
            yield (*WHEEL, "packages"), folder.rstrip("/")
        hooks = "hooks" in {**table(project, "tool", "hatch", "build"), **table(project, *WHEEL)}  # they may make it
        for path in () if hooks else table(project, *WHEEL, "force-include"):
            if not path.startswith(("/", "..", "~")) and "$" not in path:
                yield (*WHEEL, "force-include", path), path.removeprefix("./").rstrip("/")
    elif backend.startswith("setuptools."):
        tables = table(project, "tool", "setuptools")
        where: Any = tables.get("package-dir")
        root = where.get("", "") if isinstance(where, dict) else ""
        mapped = where if isinstance(where, dict) else {}
        for name in words(tables.get("packages")):
            parent = mapped.get(name.split(".")[0])
            if parent is None:
                yield ("tool", "setuptools", "packages"), "/".join(filter(None, (root, *name.split("."))))
        for name in words(tables.get("py-modules")):
            path = "/".join(filter(None, (root, *name.split("."))))
            if not project.tree.has_dir(path):  # a package, which is packed as one
                yield ("tool", "setuptools", "py-modules"), f"{path}.py"
    elif backend == "uv_build":
        tables = table(project, *MODULE)
        root = str(tables.get("module-root", "src"))
        names = words(tables.get("module-name")) or [project_name(project)]
        for name in names:
            yield (*MODULE, "module-name"), "/".join(filter(None, (root, *name.split("."))))


def looks_beside_src(project: Project) -> bool:
    """Whether ``packages.find`` is told where to look, or by its default looks, and not in ``src``."""
    there = "find" in table(project, *FIND[:-1])
    where = [item.strip("./") for item in words(table(project, *FIND).get("where"))]
    return installed(project) and there and "src" not in where


def in_src(project: Project) -> dict[str, Any]:
    """What ``[tool.setuptools]`` is to say of code that lies in ``src``, by key; ``None`` for a key that goes."""
    settings, tree = table(project, *SETUPTOOLS), project.tree
    lists = {key: words(settings[key]) for key in ("packages", "py-modules") if isinstance(settings.get(key), list)}
    if not installed(project) or not lists:
        return {}
    if not any(lists.values()):
        return dict.fromkeys(lists)
    said: dict[str, Any] = {}
    modules, packages = lists.get("py-modules", []), lists.get("packages", [])
    folders = [name for name in modules if tree.has_dir(f"src/{name}") and not tree.has_dir(name)]
    if folders:
        said["py-modules"] = [name for name in modules if name not in folders] or None
    if folders or packages == [project.layout.package]:
        inside = [
            path.rpartition("/")[0][4:] for path in project.sources if path.startswith("src/") and path.count("/") > 1
        ]
        below = {path.replace("/", ".") for path in inside if path.split("/")[0] in (*folders, *packages)}
        said["packages"] = list(dict.fromkeys((*packages, *folders, *sorted(below))))
    return said | mapped_to_src(project, [*packages, *modules])


def mapped_to_src(project: Project, names: list[str]) -> dict[str, Any]:
    """The ``package-dir`` that finds them: all in ``src``, or some of them there."""
    said = table(project, *SETUPTOOLS, "package-dir")
    tops = [top for top in dict.fromkeys(name.split(".")[0] for name in names) if top not in said]

    def within(folder: str) -> list[str]:
        paths = ((top, "/".join(filter(None, (folder, top)))) for top in tops)
        return [top for top, path in paths if project.tree.has_dir(path) or project.tree.has(f"{path}.py")]

    here, there = within(str(said.get("", "")).strip("./")), within("src")
    missing = [top for top in there if top not in here]
    if not missing:
        return {}
    mapping = {top: f"src/{top}" for top in missing} if here else {"": "src"}
    return {"package-dir": {**said, **mapping}}


def discovered(project: Project) -> list[str]:
    """What setuptools takes for packages, or else for modules, at the root; nothing where it is told what to take.

    Source: https://setuptools.pypa.io/en/latest/userguide/package_discovery.html#flat-layout
    """
    settings = table(project, "tool", "setuptools")
    told = {"packages", "py-modules", "package-dir", "ext-modules"} & set(settings)
    told |= {name for name in ("setup.py",) if project.tree.has(name)}
    in_cfg = "[options" in text_of(project, "setup.cfg") or table(project, "tool", "uv").get("package") is False
    if told or in_cfg or not table(project, "build-system") or project.tree.has_dir("src"):
        return []
    tops = {path.partition("/")[0] for path in project.tree.files() if "/" in path}
    folders = sorted(name for name in tops if name.isidentifier() and name not in NO_PACKAGES and name[0] != "_")
    modules = [path.removesuffix(".py") for path in project.sources if "/" not in path]
    return folders or sorted(name for name in modules if name not in NO_MODULES and name[0] not in "._")


def selects(project: Project) -> bool:
    """Whether anything tells hatchling what to ship."""
    build = table(project, "tool", "hatch", "build")
    return any(key in found for key in SELECTS for found in (table(project, *WHEEL), build))


def found_by_name(project: Project) -> bool:
    """Where hatchling looks of itself: the name as package, below src, as module, as namespace package."""
    name = project_name(project)
    tree = project.tree
    if any(tree.has(path) for path in (f"{name}/__init__.py", f"src/{name}/__init__.py", f"{name}.py")):
        return True
    return any(path.endswith(f"/{name}/__init__.py") and path.count("/") == 2 for path in tree.files())


def poetry_finds(project: Project) -> bool:
    """Whether Poetry has something to build: what ``packages`` names, or the name as package or module.

    ``package-mode = false`` and ``poetry install --no-root`` do without, so that nothing is said of an error.
    Source: https://python-poetry.org/docs/pyproject/#packages
    """
    settings, name = table(project, "tool", "poetry"), project_name(project)
    tree = project.tree
    there = any(tree.has_dir(f"{root}{name}") or tree.has(f"{root}{name}.py") for root in ("", "src/"))
    return there or not name or settings.get("package-mode") is False or bool({"packages", "include"} & set(settings))


def poetry_loses(project: Project) -> Iterator[tuple[int, str]]:
    """Packages that Poetry's list names and that are not there, each with its place in the list."""
    listed = table(project, "tool", "poetry").get("packages")
    for number, row in enumerate(listed if isinstance(listed, list) else ()):
        include = row.get("include") if isinstance(row, dict) else None
        if not isinstance(include, str) or "*" in include:
            continue
        path = "/".join(filter(None, (str(row.get("from", "")).strip("./"), include.removeprefix("./").rstrip("/"))))
        if ".." not in path and not project.tree.has_dir(path) and not project.tree.has(path):
            yield number, path


def flit_module(project: Project) -> str:
    """The module that flit packs: what is named, or the distribution's name."""
    named = table(project, "tool", "flit", "module").get("name") or table(project, "project").get("name", "")
    return str(named).replace("-", "_")


def flit_finds(project: Project) -> bool:
    """Whether it is there. Source: https://flit.pypa.io/en/stable/pyproject_toml.html#module-section"""
    stem, tree = flit_module(project).replace(".", "/"), project.tree
    return any(tree.has_dir(f"{root}{stem}") or tree.has(f"{root}{stem}.py") for root in ("", "src/"))


def project_name(project: Project) -> str:
    """The distribution's name as a module name."""
    named = table(project, "project").get("name") or table(project, "tool", "poetry").get("name", "")
    return str(named).replace("-", "_").replace(".", "_").lower()


@rule.fixes
def name_the_package(project: Project, _finding: Finding) -> Iterator[Operation]:
    """hatchling's list, or where setuptools and uv_build look, once the package lies below src."""
    if looks_beside_src(project):
        yield SetKey(rule.code, "pyproject.toml", (*FIND, "where"), ["src"])
    for key, value in in_src(project).items():
        place = (rule.code, "pyproject.toml", (*SETUPTOOLS, key))
        yield RemoveKey(*place) if value is None else SetKey(*place, value)
    backend = table(project, "build-system").get("build-backend")
    packages = [name for name in project.layout.packages or (project.layout.package,) if name]
    if installed(project) and packages and backend == "hatchling.build":
        yield SetKey(rule.code, "pyproject.toml", (*WHEEL, "packages"), [f"src/{name}" for name in packages])
    if installed(project) and packages and backend == "uv_build":
        yield SetKey(rule.code, "pyproject.toml", (*MODULE, "module-root"), "src")
        named = words(table(project, *MODULE).get("module-name"))
        if not set(named) & set(packages):
            yield SetKey(rule.code, "pyproject.toml", (*MODULE, "module-name"), packages[0])
