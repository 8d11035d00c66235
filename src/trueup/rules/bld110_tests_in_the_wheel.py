"""The wheel holds the tests.

A top-level ``tests`` that setuptools finds, or that a list names, lands in ``site-packages`` beside the package, where
every other distribution with the same mistake overwrites it, and ``import tests`` gives whatever was installed last.
Tests inside an application's package are shipped to production, with what they need missing there. A library may ship
its tests within its package on purpose, and is not told.

Source: https://setuptools.pypa.io/en/latest/userguide/package_discovery.html#finding-simple-packages

Flagged:

```
setup.py
    from setuptools import find_packages, setup

    setup(name="shop", version="1.0", packages=find_packages())
shop/__init__.py
shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
tests/__init__.py
tests/test_main.py
    from shop.main import app


    def test_app():
        assert app
```

Fixed:

```
setup.py
    from setuptools import find_packages, setup

    setup(name="shop", version="1.0", packages=find_packages(exclude=["tests", "tests.*"]))
shop/__init__.py
shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
tests/__init__.py
tests/test_main.py
    from shop.main import app


    def test_app():
        assert app
```
"""

from __future__ import annotations

from trueup.rules import Rule
from trueup.rules.lookups import is_application, packaged, table, words
from trueup.rules.packing import finds, folders_below
from trueup.rules.testing import is_collected

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project
    from trueup.model.span import Place

rule = Rule(
    __name__,
    severity="info",
    help="they are installed where the program runs, a top-level `tests` over that of every other distribution",
    no_fix="move the tests beside the package, or exclude them; what else reads them there is not known",
)

LISTS = (("tool", "setuptools", "packages"), ("tool", "hatch", "build", "targets", "wheel", "packages"))
POETRY = ("tool", "poetry", "packages")
TESTS = ("tests", "test")


@rule.checks
def packed(project: Project) -> Iterator[Finding]:
    """Top-level tests that a search of setuptools finds, and tests inside the package of an application."""
    told = set[str]()
    for find in finds(project):
        for where in find.where:
            for folder, package in folders_below(project, where):
                there = find.namespaces or f"{folder}/__init__.py" in project.sources
                if package in TESTS and there and find.packs(package) and folder not in told:
                    told.add(folder)
                    yield rule.finding(find.place, f"setuptools packs {folder} into the wheel", subject=folder)
    for place, folder in listed(project):
        if folder not in told:
            told.add(folder)
            yield rule.finding(place, f"{folder} is listed as a package of the wheel", subject=folder)
    if is_application(project) and packaged(project) and not excludes(project):
        for folder in inside(project):
            yield rule.finding(folder, "tests lie in the package, and so in the wheel", subject=folder)


def listed(project: Project) -> Iterator[tuple[Place, str]]:
    """Top-level tests that a list names: of setuptools, hatchling or Poetry."""
    document = project.pyproject
    if document is None:
        return
    for route in LISTS:
        names = words(document.get(*route)) if document.get("build-system") else []
        yield from ((document.at(*route), name) for name in names if name.strip("./") in TESTS)
    for number, row in enumerate(document.get(*POETRY) or ()):
        if isinstance(row, dict) and row.get("include") in TESTS and row.get("format") in (None, "wheel"):
            yield document.at(*POETRY, number), str(row["include"])


def inside(project: Project) -> list[str]:
    """Folders of tests below the package."""
    start = f"src/{project.layout.package}/"
    found = set()
    for path in project.sources:
        parts = path.removeprefix(start).split("/")[:-1]
        if path.startswith(start) and is_collected(path) and set(parts).intersection(TESTS):
            first = next(number for number, part in enumerate(parts) if part in TESTS)
            found.add(start + "/".join(parts[: first + 1]))
    return sorted(found)


def excludes(project: Project) -> bool:
    """Whether any setting of the build backend leaves something with ``test`` in its name out."""
    hatch, uv = table(project, "tool", "hatch", "build"), table(project, "tool", "uv", "build-backend")
    wheel = table(project, "tool", "hatch", "build", "targets", "wheel")
    listed = [*words(hatch.get("exclude")), *words(wheel.get("exclude")), *words(wheel.get("include"))]
    listed += [*words(uv.get("wheel-exclude")), *words(uv.get("source-exclude"))]
    listed += [pattern for find in finds(project) for pattern in (*find.exclude, *find.include)]
    return any("test" in pattern for pattern in listed)
