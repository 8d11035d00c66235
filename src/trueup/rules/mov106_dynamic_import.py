"""A module is imported by a name that is only known when the program runs.

``import_module(f"plugins.{name}")`` can be followed; ``import_module(name)`` cannot: the name may come from a
setting, from a database, or from the names of files in a folder. After a move that gives modules other names it must
give the new ones, else it fails, or (where the old folder is still on the path) runs a second copy of the module under
the old name.

Source: https://docs.python.org/3/library/importlib.html#importlib.import_module

Flagged:

```
main.py
    import importlib
    import os

    from fastapi import FastAPI

    import routers

    app = FastAPI()
    for name in os.listdir("routers"):
        app.include_router(importlib.import_module(name).router)
routers/__init__.py
```

Fixed:

```
main.py
    import importlib
    import os

    from fastapi import FastAPI

    import routers

    app = FastAPI()
    for name in ["items", "users"]:
        app.include_router(importlib.import_module(f"routers.{name}").router)
routers/__init__.py
```
"""

from __future__ import annotations

import re

from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import renames, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    confidence="medium",
    help="the names it gets must be the new ones after the move; trueup tells it before anything moves",
    no_fix="where the name comes from is not known: look that it gives the new names",
)

IMPORTERS = ("importlib.import_module", "__import__")
KNOWN = lazy(r"""f?["'][\w.]+|(?:f["']\{)?[\w.]*\b__(?:name|package)__""")
WALKS = lazy(
    r"\bfor\s+([\w.,\s()]+?)\s+in\s+(?:pkgutil\.)?(?:walk_packages|iter_modules)\((?:[^()]|\([^()]*\))*?__name__"
)


@rule.checks
def name_at_run_time(project: Project) -> Iterator[Finding]:
    """Imports of application code by an expression that does not begin with a name, where modules get other names."""
    if not renames(project):
        return
    for path, source in project.sources.items():
        for call in source.calls_of(*IMPORTERS):
            unknown = not call.literal and not KNOWN.match(call.argument)
            if unknown and not project.is_test(path) and call.argument.split(".")[0] not in walked(project, path):
                message = (
                    f"imports {call.argument or 'a module'}, a name known only at run time: the move renames modules"
                )
                yield rule.finding(Place(path, call.line), message, subject=call.argument)


def walked(project: Project, path: str) -> set[str]:
    """The names that a loop over a package's modules binds, where it begins them with the package's own name."""
    return {name for loop in WALKS.finditer(text_of(project, path)) for name in re.findall(r"\w+", loop[1])}
