"""mypy or deptry does not find the package in ``src/``.

mypy that is told modules (``-p``, ``packages``), tests alone, or ``--explicit-package-bases`` looks for the package in
the working directory and among what is installed, where one without ``py.typed`` counts for nothing. It refuses, or,
where missing imports are ignored, takes all that comes from the package for ``Any`` and is content; ``mypy_path`` names
the folder.
deptry takes for the project's own what lies in the folder that it is given, and a package below for a dependency that
nothing declares; ``known_first_party`` names it.

Source: https://mypy.readthedocs.io/en/stable/running_mypy.html#mapping-file-paths-to-modules and
https://deptry.com/usage/#known-first-party

Flagged:

```
Makefile
    types:
        mypy . --explicit-package-bases
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"

    [tool.mypy]
    strict = true
src/shop/__init__.py
src/shop/main.py
    x = 1
```

Fixed:

```
Makefile
    types:
        mypy . --explicit-package-bases
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"

    [tool.mypy]
    strict = true
    mypy_path = "src"
src/shop/__init__.py
src/shop/main.py
    x = 1
```
"""

from __future__ import annotations

import re

from trueup.model.operation import SetKey
from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import table, text_of, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    help="mypy then checks no types across modules, deptry finds what is none; trueup names the package's place",
)

ROUTE = ("tool", "mypy", "mypy_path")
MODULES = ("-p", "--package", "-m", "--module")
VALUED = ("--config-file", "--python-version", "--platform", "--exclude", "--follow-imports", "--cache-dir")
IN_SRC = lazy(r"(?:\./)?src(?:/|$)|\./?$|[${]")
OTHER_FILE = lazy(r"--config-file[ =](?!\S*pyproject\.toml)", words=("--config-file",))
OTHERS = ("mypy.ini", ".mypy.ini")


@rule.checks
def missed(project: Project) -> Iterator[Finding]:
    """The first command of each tool that does not find the one package in ``src/``."""
    package = project.layout.package
    if project.layout.roots != ("src",) or not package or not project.tree.has_dir(f"src/{package}"):
        return
    told = set[str]()
    for command in project.commands:
        names = [word.replace("\\", "/").rpartition("/")[2] for word in command.argv]
        tool = next((name for name in CHECKS if name in names), "")
        elsewhere_run = command.where == "readme" or command.folder not in ("", ".")
        if not tool or tool in told or elsewhere_run or {"install", "add"} & set(names):
            continue
        why = "" if OTHER_FILE.search(command.text) else CHECKS[tool](project, command.argv[names.index(tool) + 1 :])
        if why:
            told.add(tool)
            fixable = tool != "mypy" or (project.tree.has(f"src/{package}/__init__.py") and not elsewhere(project))
            more = "" if fixable else ": name `src` in its mypy_path"
            message = f"{tool} does not find {package} in src/: {why}{more}"
            yield rule.finding(Place(command.path, command.line), message, subject=tool, fixable=fixable)


def sees(settings: dict[str, Any]) -> bool:
    """Whether the settings name the folder, or are not known."""
    said = settings.get("mypy_path")
    listed = re.split(r"[,:;]", said) if isinstance(said, str) else words(said)
    return any(item.strip().rstrip("/").rpartition("/")[2] == "src" for item in listed)


def elsewhere(project: Project) -> bool:
    """Whether mypy reads its settings from another file than pyproject.toml."""
    in_cfg = not table(project, "tool", "mypy") and "[mypy]" in text_of(project, "setup.cfg")
    return in_cfg or any(project.tree.has(name) for name in OTHERS)


def mypy_misses(project: Project, given: tuple[str, ...]) -> str:
    """Why these arguments of mypy do not find what lies in ``src/``; ``""`` where they do."""
    settings = table(project, "tool", "mypy")
    if sees(settings) or any("MYPYPATH" in text_of(project, path) for path in {item.path for item in project.commands}):
        return ""
    if "--explicit-package-bases" in given or settings.get("explicit_package_bases") is True:
        return "its bases are the working directory and mypy_path"
    if project.tree.has(f"src/{project.layout.package}/py.typed") or any(map(IN_SRC.match, given)):
        return ""
    if any(word.split("=")[0] in MODULES for word in given):
        return "it is installed without py.typed"
    pairs = zip(("", *given), given, strict=False)
    paths = [word.rstrip("/") for before, word in pairs if not word.startswith("-") and before not in VALUED]
    if not paths:  # what the settings list counts then
        if any(map(settings.get, ("packages", "modules"))):
            return "it is installed without py.typed"
        said = settings.get("files")
        paths = [word.strip().rstrip("/") for word in (said.split(",") if isinstance(said, str) else words(said))]
        if any(map(IN_SRC.match, paths)):
            return ""
    there = [word for word in paths if project.tree.has(word) or project.tree.has_dir(word)]
    return f"only {there[0]} is given" if there else ""


def deptry_misses(project: Project, given: tuple[str, ...]) -> str:
    """The same of deptry."""
    known = words(table(project, "tool", "deptry").get("known_first_party"))
    named = any(word.split("=")[0] in ("--known-first-party", "-kf", "--config") for word in given)
    folder = next((word for word in given if word in (".", "./")), "")
    return f"only what lies in {folder} itself is its own" if folder and not named and not known else ""


CHECKS: dict[str, Callable[[Project, tuple[str, ...]], str]] = {"mypy": mypy_misses, "deptry": deptry_misses}


@rule.fixes
def name_it(project: Project, finding: Finding) -> Iterator[Operation]:
    """The folder behind those that are named already; the package."""
    if finding.subject == "deptry":
        yield SetKey(rule.code, "pyproject.toml", ("tool", "deptry", "known_first_party"), [project.layout.package])
        return
    said = table(project, "tool", "mypy").get("mypy_path")
    here = "$MYPY_CONFIG_FILE_DIR/src" if project.repository else "src"
    joined: Any = [*said, here] if isinstance(said, list) else f"{said}:{here}" if said else here
    yield SetKey(rule.code, "pyproject.toml", ROUTE, joined)
