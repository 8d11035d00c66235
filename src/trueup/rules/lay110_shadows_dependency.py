"""A module of the project has the name of a package that it depends on.

``celery.py`` beside ``main.py`` hides the installed ``celery`` from everything that starts in that folder,
itself included: ``from celery import Celery`` then imports the file that says it. Started from elsewhere, or once the
project is installed, the dependency wins and hides the module. Inside a package the name is free:
``shop/celery.py`` is ``shop.celery``.

Source: https://docs.python.org/3/tutorial/modules.html#the-module-search-path

Flagged:

```
main.py
    from fastapi import FastAPI

    import redis

    app = FastAPI()
redis.py
    CACHE = {}
requirements.txt
    fastapi==0.115.0
    redis==5.0.0
```

Fixed:

```
main.py
    from fastapi import FastAPI

    import cache

    app = FastAPI()
cache.py
    CACHE = {}
requirements.txt
    fastapi==0.115.0
    redis==5.0.0
```
"""

from __future__ import annotations

from trueup.model.packages import import_names
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import is_application

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="error",
    confidence="medium",
    help="which of the two an import finds depends on where Python is started; rename the module",
    no_fix="a rename changes what other code imports: it is yours to choose the name",
)


@rule.checks
def same_name(project: Project) -> Iterator[Finding]:
    """Modules at the top of an application that the code imports under the name of a declared dependency."""
    if not is_application(project):
        return
    foreign = {
        name: item.name
        for item in project.requirements
        if item.name != project.name and not {"path", "workspace"} & set(item.source)
        for name in import_names(item.name)
    }
    imported = {
        name.split(".")[0]
        for source in project.sources.values()
        for statement in source.imports
        if not statement.level
        for name in statement.targets()
    }
    for root in project.layout.roots:
        prefix = f"{root}/" if root else ""
        for name in sorted(foreign.keys() & imported):
            for path in (f"{prefix}{name}.py", f"{prefix}{name}/__init__.py"):
                if project.tree.has(path):
                    message = f"{path} has the name of a module of the dependency {foreign[name]}"
                    yield rule.finding(Place(path), message, subject=path)
