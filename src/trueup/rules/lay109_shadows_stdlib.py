"""A module of the project has the name of one of the standard library.

Whether ``import queue`` finds ``queue.py`` or the standard module depends on how Python is started
(``python main.py``, ``-m``, a console script), and on what it has loaded by then. With the project
installed, its root or ``src`` comes behind the standard library; a ``types.py`` beside an editable
installation can even break the start of Python itself. trueup moves nothing before it is renamed.

Source: https://docs.python.org/3/tutorial/modules.html#the-module-search-path

Flagged:

```
main.py
    from fastapi import FastAPI

    import queue

    app = FastAPI()
queue.py
    SIZE = 3
```

Fixed:

```
main.py
    from fastapi import FastAPI

    import waiting

    app = FastAPI()
waiting.py
    SIZE = 3
```
"""

from __future__ import annotations

from trueup.model.relocation import shadowing
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
    confidence="high",
    help="which of the two an import finds depends on how Python is started; rename the module",
    no_fix="a rename changes what other code imports: it is yours to choose the name",
)


@rule.checks
def same_name(project: Project) -> Iterator[Finding]:
    """Modules at the root of an application that the code imports under the name of a standard one."""
    for path in shadowing(project) if is_application(project) else ():
        yield rule.finding(Place(path), f"{path} has the name of a module of the standard library", subject=path)
