"""A command installs into the system's Python by force.

``--break-system-packages`` and ``sudo pip`` overwrite what the operating system's own tools import.
PEP 668 put the "externally managed environment" error there to prevent just that; the flag says that
the damage is accepted. A project installs into its own environment, and tools go to ``uv tool``.

Source: https://peps.python.org/pep-0668/

Flagged:

```
main.py
    from fastapi import FastAPI

    app = FastAPI()
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
requirements.txt
    fastapi==0.115.6
setup.sh
    #!/bin/sh
    pip install --break-system-packages -r requirements.txt
```

Fixed:

```
main.py
    from fastapi import FastAPI

    app = FastAPI()
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
requirements.txt
    fastapi==0.115.6
setup.sh
    #!/bin/sh
    uv sync
```
"""

from __future__ import annotations

import re

from trueup.model.command_line import is_of_environment, pip_arguments
from trueup.model.operation import RewriteCommands
from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import automation_files, has_metadata, is_application, lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project
    from trueup.model.words import Severity

rule = Rule(
    __name__,
    severity="error",
    help="it overwrites what the operating system's own tools import; trueup says it in uv where uv has the like",
)

VARIABLE = lazy(r"^(?!\s*#).*\bPIP_BREAK_SYSTEM_PACKAGES\b\s*[=: ]\s*[\"']?(1|true|yes|on)", re.IGNORECASE)


@rule.checks
def by_force(project: Project) -> Iterator[Finding]:
    """Commands and variables that override PEP 668; in documents they are only told."""
    for command in project.commands:
        document = command.where == "readme"
        if document and project.is_test(command.path):
            continue
        pip = pip_arguments(command.argv) is not None
        flag = "--break-system-packages" in command.argv
        if flag or (pip and command.argv[0] == "sudo" and not is_of_environment(command.argv)):
            what = "--break-system-packages" if flag else "sudo pip"
            severity: Severity | None = "info" if document else None
            yield rule.finding(
                Place(command.path, command.line),
                f"{what}: `{command.text[:80]}`",
                subject=command.text[:80],
                severity=severity,
                fixable=is_application(project),
            )
    for path in automation_files(project):
        for number, line in lines(project, path):
            if VARIABLE.search(line):
                message = "PIP_BREAK_SYSTEM_PACKAGES overrides PEP 668"
                yield rule.finding(Place(path, number), message, subject="PIP_BREAK_SYSTEM_PACKAGES", fixable=False)
                break


@rule.fixes
def rewrite(project: Project, finding: Finding) -> Iterator[Operation]:
    """The commands of that file, once there is a manifest that uv reads."""
    if has_metadata(project):
        yield RewriteCommands(rule.code, finding.path)
