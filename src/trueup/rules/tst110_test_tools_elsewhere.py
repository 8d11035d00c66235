"""What the tests need is listed for tox or nox only.

``uv sync`` then makes an environment in which the tests cannot run, and the lock does not fix the versions that they
run with. tox and nox keep their lists; the dependency group holds the same names, so that everybody has them.

Source: https://packaging.python.org/en/latest/specifications/dependency-groups/

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = ["fastapi"]

    [dependency-groups]
    test = ["pytest"]
tox.ini
    [testenv]
    deps =
        pytest
        respx>=0.21
        django42: Django>=4.2
        -rrequirements.txt
    commands = pytest {posargs}
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
tests/test_main.py
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = ["fastapi"]

    [dependency-groups]
    test = ["pytest", "respx>=0.21"]
tox.ini
    [testenv]
    deps =
        pytest
        respx>=0.21
        django42: Django>=4.2
        -rrequirements.txt
    commands = pytest {posargs}
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
tests/test_main.py
```
"""

from __future__ import annotations

from trueup.model.names import requirement_name
from trueup.model.operation import AddRequirement
from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import declared, has_metadata, is_application, lines
from trueup.rules.testing import test_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    confidence="medium",
    help="the tests cannot run in the project's own environment; trueup adds them to the group of the tests",
)

PLAIN = lazy(r"[A-Za-z][\w.-]*(?:\[[\w,. -]+\])?\s*(?:[<>=!~]=?=?[\w.*,<>=!~ ]*)?")
TESTS = lazy(r"\s*def (\w*tests?\w*)\(")
INSTALL = lazy(r"session\.install\((.*)\)")
QUOTED = lazy(r"""["']([^"']*)["']""")


@rule.checks
def only_there(project: Project) -> Iterator[Finding]:
    """Plain requirements of tox's ``testenv`` and of nox's test sessions that no manifest declares."""
    if not is_application(project) or not test_files(project):
        return
    there = declared(project).keys() | {project.name}
    for place, text in (*of_tox(project), *of_nox(project)):
        if PLAIN.fullmatch(text) and requirement_name(text) not in there:
            there = there | {requirement_name(text)}
            yield rule.finding(place, f"{text} is listed for {place.path} only", subject=text)


def of_tox(project: Project) -> Iterator[tuple[Place, str]]:
    """What ``testenv`` installs in every environment."""
    document = project.document("tox.ini")
    deps = document.get("testenv", "deps") if document else None
    listed = [line.strip() for line in deps.splitlines()] if isinstance(deps, str) else []
    for number, line in lines(project, "tox.ini"):
        if line.strip() in listed and line.strip():
            yield Place("tox.ini", number), line.strip()


def of_nox(project: Project) -> Iterator[tuple[Place, str]]:
    """What sessions for tests install by name."""
    testing = False
    for number, line in lines(project, "noxfile.py"):
        if line.lstrip().startswith("def "):
            testing = TESTS.match(line) is not None
        found = INSTALL.search(line) if testing else None
        words = QUOTED.findall(found[1]) if found else []
        options = {position + 1 for position, word in enumerate(words) if word.startswith("-")}
        yield from ((Place("noxfile.py", number), word) for at, word in enumerate(words) if at not in options)


@rule.fixes
def declare(project: Project, finding: Finding) -> Iterator[Operation]:
    """The same requirement in the group of the tests."""
    if has_metadata(project):
        yield AddRequirement(rule.code, finding.subject, "test")
