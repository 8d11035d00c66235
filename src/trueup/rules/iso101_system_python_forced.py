"""A command installs into the system's Python by force.

``--break-system-packages``, in a command, a variable or pip's settings, ``sudo pip``, and an EXTERNALLY-MANAGED that is
taken away overwrite what the operating system's own tools import.
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

from trueup.model.command_line import WRAPPERS, is_of_environment, pip_arguments
from trueup.model.operation import RewriteCommands
from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import automation_files, has_metadata, is_application, lines
from trueup.rules.notebooks import cell_lines

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

REWRITTEN = ("--break-system-packages", "sudo pip")
ON = ("1", "true", "yes", "on")
SETTINGS = lazy(r"pip\.(?:conf|ini)")
SETTING = lazy(r"^\s*break-system-packages\s*[=:]\s*(1|true|yes|on)\b", re.IGNORECASE)
VARIABLE = lazy(r"^(?!\s*#).*\bPIP_BREAK_SYSTEM_PACKAGES\b\s*[=: ]\s*[\"']?(1|true|yes|on)", re.IGNORECASE)


@rule.checks
def by_force(project: Project) -> Iterator[Finding]:
    """Commands and variables that override PEP 668; in documents they are only told."""
    for command in project.commands:
        document = command.where == "readme"
        if document and project.is_test(command.path):
            continue
        pip = pip_arguments(command.argv) is not None
        sudo = pip and command.argv[0] == "sudo" and not is_of_environment(command.argv)
        what = forced(command.argv) or ("sudo pip" if sudo else "sudo setup.py" if sets_up(command.argv) else "")
        if what:
            severity: Severity | None = "info" if document else None
            yield rule.finding(
                Place(command.path, command.line),
                f"{what}: `{command.text[:80]}`",
                subject=command.text[:80],
                severity=severity,
                fixable=is_application(project) and what in REWRITTEN,
            )
    for cell in cell_lines(project):
        what = forced(cell.argv) or ("sudo pip" if cell.argv[:1] == ("sudo",) and pip_arguments(cell.argv) else "")
        if what:
            message = f"{what}: `{cell.sign}{cell.text[:80]}`"
            subject = f"{cell.sign}{cell.text[:80]}"
            yield rule.finding(Place(cell.path, cell.line), message, subject=subject, severity="warning", fixable=False)
    for path in automation_files(project):
        for number, line in lines(project, path):
            if VARIABLE.search(line):
                message = "PIP_BREAK_SYSTEM_PACKAGES overrides PEP 668"
                yield rule.finding(Place(path, number), message, subject="PIP_BREAK_SYSTEM_PACKAGES", fixable=False)
                break
    for path in project.tree.called(SETTINGS):
        for number, line in lines(project, path):
            if SETTING.match(line):
                message = "break-system-packages overrides PEP 668"
                yield rule.finding(Place(path, number), message, subject="break-system-packages", fixable=False)
    yield from in_tables(project)


def in_tables(project: Project) -> Iterator[Finding]:
    """The settings of uv's pip interface."""
    for path, route in (("pyproject.toml", ("tool", "uv", "pip")), ("uv.toml", ("pip",))):
        document = project.document(path)
        if document and document.get(*route, "break-system-packages") is True:
            place = document.at(*route, "break-system-packages")
            message = "break-system-packages overrides PEP 668"
            yield rule.finding(place, message, subject="break-system-packages", fixable=False)


def sets_up(argv: tuple[str, ...]) -> bool:
    """Whether ``setup.py`` installs into the system's Python, or lays a link there."""
    names = [word.rpartition("/")[2] for word in argv]
    return argv[:1] == ("sudo",) and "setup.py" in names and bool({"install", "develop"}.intersection(names))


def forced(argv: tuple[str, ...]) -> str:
    """How a command overrides the mark of the system's Python, if it does."""
    if "--break-system-packages" in argv:
        return "--break-system-packages"
    if "config" in argv and "set" in argv and "break-system-packages" in argv[-2] and argv[-1].lower() in ON:
        return "break-system-packages"
    takes = next((word for word in argv if word not in WRAPPERS), "") in ("rm", "mv", "unlink")
    return "EXTERNALLY-MANAGED is taken away" if takes and any("EXTERNALLY-MANAGED" in word for word in argv) else ""


@rule.fixes
def rewrite(project: Project, finding: Finding) -> Iterator[Operation]:
    """The commands of that file, once there is a manifest that uv reads."""
    if has_metadata(project):
        yield RewriteCommands(rule.code, finding.path)
