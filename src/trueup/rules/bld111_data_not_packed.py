"""Code reads a data file of its package, and setuptools leaves that file out of the wheel.

setuptools packs modules; other files only where ``package-data`` or ``MANIFEST.in`` names them. In the checkout, and
with an editable installation, the file is there; installed from a wheel the program stops with ``FileNotFoundError``
when it is first read.

Source: https://setuptools.pypa.io/en/latest/userguide/datafiles.html

Flagged:

```
pyproject.toml
    [build-system]
    requires = ["setuptools"]
    build-backend = "setuptools.build_meta"

    [project]
    name = "shop"
    version = "1.0"
src/shop/__init__.py
src/shop/main.py
    from importlib.resources import files

    SCHEMA = files("shop").joinpath("sql/schema.sql").read_text()
src/shop/sql/schema.sql
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

    [tool.setuptools.package-data]
    shop = ["sql/schema.sql"]
src/shop/__init__.py
src/shop/main.py
    from importlib.resources import files

    SCHEMA = files("shop").joinpath("sql/schema.sql").read_text()
src/shop/sql/schema.sql
```
"""

from __future__ import annotations

from trueup.model.operation import SetKey
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import has_metadata, some, table, words
from trueup.rules.packing import backend_of, finds
from trueup.rules.packing_data import packed_data

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project
    from trueup.rules.packing_data import PackedData

rule = Rule(
    __name__,
    severity="warning",
    help="it is there in the checkout and missing where the wheel is installed; trueup lists it as package data",
)

MODULES = (".py", ".pyc", ".pyx", ".pxd", ".so")
DATA = ("tool", "setuptools", "package-data")


@rule.checks
def not_packed(project: Project) -> Iterator[Finding]:
    """Files in a packed package that its code names, and folders of which the wheel would hold nothing."""
    packed = packed_data(project)
    if packed.unsure or not is_left(project, packed):
        return  # before any code is looked into
    from trueup.rules.resources import uses

    told = set[str]()
    for use in uses(project):
        top = top_of(project, use.path)
        if not top or not use.target.startswith(f"{top}/") or use.target in told:
            continue
        there = data_at(project, use.target)
        if not there or not is_packed(project, use.path, top):
            continue
        if not any(packed.holds(path, top) for path in there):
            told.add(use.target)
            message = f"reads {use.target}, which the wheel does not hold: {some(there)}"
            message = message if use.target not in there else f"reads {use.target}, which the wheel does not hold"
            yield rule.finding(Place(use.path, use.line), message, subject=use.target, fixable=can_fix(project))


def is_left(project: Project, packed: PackedData) -> bool:
    """Whether there is data of a package that the wheel may lack."""
    tops: dict[str, str] = {}
    for path in project.tree.files():
        folder = "" if path.endswith(MODULES) else path.rpartition("/")[0]
        if folder and folder not in tops:
            package = folder
            while package and f"{package}/__init__.py" not in project.sources:
                package = package.rpartition("/")[0]  # data lies in folders that are no packages, too
            tops[folder] = top_of(project, f"{package}/__init__.py") if package else ""
        if folder and tops[folder] and not packed.holds(path, tops[folder]):
            return True
    return False


def top_of(project: Project, path: str) -> str:
    """The folder of the outermost package around a file; ``""`` for a file in none."""
    folder, found = path.rpartition("/")[0], ""
    while folder and f"{folder}/__init__.py" in project.sources:
        folder, found = folder.rpartition("/")[0], folder
    return found


def data_at(project: Project, target: str) -> list[str]:
    """The file, or the files below the folder, that are no modules."""
    prefix = f"{target}/"
    names = (path for path in project.tree.files() if path == target or path.startswith(prefix))
    return [path for path in names if not path.endswith(MODULES)]


def is_packed(project: Project, path: str, top: str) -> bool:
    """Whether the package of a file is one that the searches find, or that is listed; searched by itself, it is."""
    parent = top.rpartition("/")[0]
    package = path.rpartition("/")[0].removeprefix(f"{parent}/" if parent else "").replace("/", ".")
    searches = finds(project)
    if searches:
        return any(parent in find.where and find.packs(package) for find in searches)
    listed = words(table(project, "tool", "setuptools").get("packages"))
    for manifest in project.manifests:
        if manifest.format in ("setup.py", "setup.cfg"):
            listed += words(manifest.build.get("packages"))
    if listed:
        return package in listed
    return parent in ("", "src") and backend_of(project).startswith("setuptools.") and has_metadata(project)


def can_fix(project: Project) -> bool:
    """Whether pyproject.toml is where setuptools is told, and no other file says it too."""
    others = any(manifest.build.get("package_data") for manifest in project.manifests)
    return has_metadata(project) and backend_of(project).startswith("setuptools.") and not others


@rule.fixes
def list_it(project: Project, finding: Finding) -> Iterator[Operation]:
    """The file, or all below the folder, as data of the outermost package."""
    top = top_of(project, finding.path)
    package = top.rpartition("/")[2]
    plain = finding.subject in data_at(project, finding.subject)
    pattern = finding.subject.removeprefix(f"{top}/") + ("" if plain else "/**/*")
    said = words(table(project, *DATA).get(package))
    if top and pattern not in said:
        yield SetKey(rule.code, "pyproject.toml", (*DATA, package), [*said, pattern])
