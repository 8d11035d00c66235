'''A development tool stands among the runtime dependencies.

Linters, type checkers and test tools that are installed where the program runs make the image
larger, widen what an attacker can use, and bring constraints of their own into the resolution. They
belong to a dependency group (PEP 735), which no wheel and no production install carries.

Source: https://peps.python.org/pep-0735/

Flagged:

```
requirements.txt
    fastapi==0.115.6
    ruff==0.8.4
main.py
    from fastapi import FastAPI

    app = FastAPI()
```

Fixed:

```
requirements.txt
    fastapi==0.115.6
requirements-dev.txt
    ruff==0.8.4
main.py
    from fastapi import FastAPI

    app = FastAPI()
```
'''

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import imported, is_application, manifest_sources, conversion, runtime, some

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    help="what only tests and checks the program need not be installed where it runs; trueup moves it to a group",
)

TOOLS = re.compile(
    r"autoflake|autopep8|bandit|basedpyright|black|build|bump2version|bumpversion|commitizen|coverage|factory-boy"
    r"|fakeredis|flake8(-.*)?|freezegun|hypothesis|interrogate|ipdb|isort|mccabe|mkdocs(-.*)?|mock|mongomock|moto|mypy"
    r"|nox|pdbpp|pep8|pip-audit|pip-tools|poethepoet|pre-commit|prek|pudb|pycodestyle|pydocstyle|pyflakes|pylint(-.*)?"
    r"|pyright|pytest(-.*)?|pyupgrade|requests-mock|respx|responses|ruff|safety|sphinx(-.*)?|taskipy|testcontainers|time-machine"
    r"|tox|twine|ty|types-.*|vcrpy|vulture|yapf|[a-z0-9-]+-stubs"
)


@rule.checks
def tools_among_runtime(project: Project) -> Iterator[Finding]:
    """Known tools among an application's runtime requirements that its own code does not import."""
    if not is_application(project):
        return
    used = imported(project, tests=False)
    for manifest in project.manifests:
        tools = [
            item for item in runtime(manifest) if TOOLS.fullmatch(item.name) and item.name.replace("-", "_") not in used
        ]
        if tools:
            names = [item.name for item in tools]
            message = f"{some(names)} {'is a development tool' if len(names) == 1 else 'are development tools'} among the runtime dependencies"
            place = Place(manifest.path, tools[0].line)
            yield rule.finding(place, message, fixable=manifest.path in manifest_sources(project))


@rule.fixes
def convert(project: Project, _finding: Finding) -> Iterable[Operation]:
    """The conversion sorts them into groups."""
    return conversion(project, rule.code)
