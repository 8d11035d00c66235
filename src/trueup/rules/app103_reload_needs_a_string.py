"""``uvicorn.run`` gets an application object and is asked to reload or to use workers.

Both start new processes, which have to import the application by name; with an object uvicorn says
"You must pass the application as an import string" and exits.

Source: https://www.uvicorn.org/deployment/#running-programmatically

Flagged:

```
main.py
    import uvicorn
    from fastapi import FastAPI

    app = FastAPI()

    if __name__ == "__main__":
        uvicorn.run(app, workers=2)
```

Fixed:

```
main.py
    import uvicorn
    from fastapi import FastAPI

    app = FastAPI()

    if __name__ == "__main__":
        uvicorn.run("main:app", workers=2)
```
"""

from __future__ import annotations

import re

from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import lines, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="error",
    help="uvicorn exits instead of serving",
    no_fix="the import string depends on where the program is started from",
)

OFF = lazy(r"\breload\s*=\s*False|\bworkers\s*=\s*(1\b|None)")


@rule.checks
def object_with_processes(project: Project) -> Iterator[Finding]:
    """``uvicorn.run`` with a name instead of a string, and with ``reload`` or ``workers`` switched on."""
    for path, source in project.sources.items():
        for call in source.calls_of("uvicorn.run"):
            asked = [name for name in ("reload", "workers") if name in call.keywords]
            if not call.literal and call.argument and asked and may_be_application(project, path, call.argument):
                here = " ".join(text for number, text in lines(project, path) if call.line <= number < call.line + 15)
                if sum(1 for _ in OFF.finditer(here)) < len(asked):
                    message = f"uvicorn.run({call.argument}, {'=..., '.join(asked)}=...) needs an import string"
                    yield rule.finding(Place(path, call.line), message, subject=call.argument)


def may_be_application(project: Project, path: str, argument: str) -> bool:
    """Whether what is served is an application: a name that is no text, or what another thing calls one."""
    owner, _, name = argument.rpartition(".")
    known = {"app", "application", "api", project.app.attribute if project.app else ""}
    return name in known if owner else not is_text(project, path, argument)


def is_text(project: Project, path: str, name: str) -> bool:
    """Whether a file says of a name, as a parameter's type or by what is assigned to it, that it is a text."""
    said = rf"\b{re.escape(name)}\s*(?::\s*(?:Annotated\[\s*)?str\b|(?::[^=\n]*)?=\s*[frFR]{{0,2}}[\"'])"
    return name.isidentifier() and re.search(said, text_of(project, path)) is not None
