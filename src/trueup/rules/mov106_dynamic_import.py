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
    from trueup.model.source import Call

rule = Rule(
    __name__,
    severity="warning",
    confidence="medium",
    help="the names it gets must be the new ones after the move; trueup tells it before anything moves",
    no_fix="where the name comes from is not known: look that it gives the new names",
)

IMPORTERS = ("importlib.import_module", "__import__")
KNOWN = lazy(r"""f?["'][\w.]+|(?:f["']\{)?[\w.]*\b__(?:name|package)__""")
# A loop over a package's modules that begins their names with the package's own, to the end of its first line.
WALKS = lazy(
    r"(?m)^([ \t]*)(?:async[ \t]+)?for\s+([\w.,\s()]+?)\s+in\s+(?:pkgutil\.)?(?:walk_packages|iter_modules)\("
    r"(?:[^()]|\([^()]*\))*?__name__(?:\s*\+\s*[\"']\.|\}\.)[^:]*:[^\n]*\n?",
    words=("walk_packages", "iter_modules"),
)


@rule.checks
def name_at_run_time(project: Project) -> Iterator[Finding]:
    """Imports of application code by an expression that does not begin with a name, where modules get other names."""
    if not renames(project):
        return
    for path, source in project.sources.items():
        for call in source.calls_of(*IMPORTERS):
            unknown = not call.literal and not KNOWN.match(call.argument)
            if unknown and not project.is_test(path) and not is_walked(text_of(project, path), call):
                message = (
                    f"imports {call.argument or 'a module'}, a name known only at run time: the move renames modules"
                )
                yield rule.finding(Place(path, call.line), message, subject=call.argument)


def is_walked(text: str, call: Call) -> bool:
    """Whether a call stands in such a loop, and takes a name that the loop binds."""
    for loop in WALKS.finditer(text):
        if call.argument.split(".")[0] not in re.findall(r"\w+", loop[2]):
            continue
        head = text.count("\n", 0, loop.end()) + (not loop[0].endswith("\n"))
        body = re.compile(rf"(?:{loop[1]}[ \t]+[^\n]*\n?|[ \t]*\n)*").match(text, loop.end())
        if head <= call.line <= head + len(body[0].splitlines() if body else ()):
            return True
    return False
