"""The Python that is declared, pinned or deployed gets no security fixes any more.

Known holes of the interpreter and its standard library stay open, and new releases of dependencies
stop supporting it, so that the newest version that installs is an old one.

Source: https://devguide.python.org/versions/

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    requires-python = ">=3.8"
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    requires-python = ">=3.15"
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```
"""

from __future__ import annotations

import time

from trueup.model.packages import facts
from trueup.model.python import KNOWN, admits, minor_of
from trueup.model.versions import is_specifier
from trueup.rules import Rule
from trueup.rules.lookups import is_application

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project, PythonEvidence

rule = Rule(
    __name__,
    severity="warning",
    help="holes in the interpreter stay open, and new releases of dependencies do not install",
    no_fix="which newer Python the program runs on is shown by its tests, not by its text",
)


@rule.checks
def past_its_end(project: Project) -> Iterator[Finding]:
    """Each place where an application pins, deploys or admits a version after the end of its support."""
    if not is_application(project):
        return
    today, told = time.strftime("%Y-%m-%d"), set()
    for item in project.evidence:
        minor = oldest(item)
        if minor and ends(minor) < today and (item.place, minor) not in told:
            told.add((item.place, minor))
            verb = "admits" if item.what == "requires" else "is"
            yield rule.finding(
                item.place, f"{verb} Python {minor}, whose support ended {ends(minor)}", subject=item.what
            )


def oldest(item: PythonEvidence) -> str:
    """The oldest minor version that a pin, an image, a platform or requires-python stands for."""
    if item.what == "requires":
        known = KNOWN if is_specifier(item.version) else ()
        return next((minor for minor in known if admits(item.version, minor)), "")
    return minor_of(item.version) if item.what in ("pin", "docker", "runtime") else ""


def ends(minor: str) -> str:
    """The day on which a version's support ends; far away where it is not known."""
    return str(facts("python_versions").get(minor, {}).get("end", "9999"))
