"""The program imports a distribution that no manifest declares.

It works as long as something else happens to bring it, or somebody installed it by hand, and fails
in the first fresh environment. Only import names in wide use that belong to one distribution beyond
doubt are judged; what a declared distribution or the lock brings is taken as present.

Source: https://packaging.python.org/en/latest/specifications/pyproject-toml/#dependencies-optional-dependencies

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = [
        "fastapi>=0.115",
    ]
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI
    from jose import jwt

    app = FastAPI()
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = [
        "fastapi>=0.115",
        "python-jose",
    ]
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI
    from jose import jwt

    app = FastAPI()
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.rules import Rule
from trueup.rules.imports import additions, missing
from trueup.rules.lookups import has_metadata, is_application

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    confidence="medium",
    help="it fails in the first fresh environment; trueup declares it",
)


@rule.checks
def undeclared(project: Project) -> Iterator[Finding]:
    """Third-party imports of an application that nothing declared explains."""
    if is_application(project):
        for name, item in missing(project).items():
            yield rule.finding(item.place, f"{name} is imported and not declared", subject=name)


@rule.fixes
def declare(project: Project, finding: Finding) -> Iterable[Operation]:
    """The distribution, in the group ``test`` when only tests import it."""
    return additions(project, rule.code, finding.subject) if has_metadata(project) else []
