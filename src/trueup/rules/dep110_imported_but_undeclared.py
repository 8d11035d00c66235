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

from trueup.model.names import normal
from trueup.rules import Rule
from trueup.rules.imports import additions, missing
from trueup.rules.lookups import declared, has_manifest, has_metadata, is_application

TYPE_CHECKING = False
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


LIBRARY = "it fails for whoever installs the library alone; declare it, or import it where it may be missing"


@rule.checks
def undeclared(project: Project) -> Iterator[Finding]:
    """Third-party imports of an application that nothing declared explains; of a library, those of what is shipped."""
    if project.kind == "library" and has_sibling(project):
        return
    if not has_manifest(project) and not project.old_locks and project.settings.wants("DEP104"):
        return  # a project without any manifest is an application, and DEP104 names them all
    for name, item in missing(project).items() if project.kind in ("application", "library") else ():
        if is_application(project):
            yield rule.finding(item.place, f"{name} is imported and not declared", subject=name)
        elif not item.group and is_shipped(project, item.place.path):
            said = f"{name} is imported and not declared"
            yield rule.finding(item.place, said, subject=name, fixable=False, help=LIBRARY)


def has_sibling(project: Project) -> bool:
    """Whether another distribution of the same family is required: nobody here knows what it brings."""
    family = normal(project.name).split("-")[0]
    return any(name != normal(project.name) and name.split("-")[0] == family for name in declared(project))


def is_shipped(project: Project, path: str) -> bool:
    """Whether a file is part of the packages that a library ships: no template or data in a folder of one."""
    for root in project.layout.roots:
        *folders, name = path[len(root) + 1 if root else 0 :].split("/")
        above = ["/".join(filter(None, (root, *folders[: depth + 1]))) for depth in range(len(folders))]
        packed = all(f"{folder}/__init__.py" in project.sources for folder in above)
        if path.startswith(root) and packed and (*folders, name.removesuffix(".py"))[0] in project.layout.packages:
            return True
    return False


@rule.fixes
def declare(project: Project, finding: Finding) -> Iterable[Operation]:
    """The distribution, in the group ``test`` when only tests import it."""
    wanted = has_metadata(project) and is_application(project)
    return additions(project, rule.code, finding.subject) if wanted else []
