"""CI takes a tool in whatever version there is that day.

``astral-sh/setup-uv`` without ``version`` installs the newest uv, and an action from a branch (``@main``) is whatever
was pushed there last, with the secrets of the run in its reach. In an application ``pip install uv``, uv's installer
and ``actions/setup-python`` without a version count, too. A run that was green fails tomorrow, or does something
else, and no commit says why.

Source: https://docs.astral.sh/uv/guides/integration/github/

Flagged:

```
main.py
    print()
.github/workflows/ci.yml
    jobs:
      test:
        runs-on: ubuntu-latest
        steps:
          - uses: astral-sh/setup-uv@v7
          - run: uv sync --locked
```

Fixed:

```
main.py
    print()
.github/workflows/ci.yml
    jobs:
      test:
        runs-on: ubuntu-latest
        steps:
          - uses: astral-sh/setup-uv@v7
            with:
              version: "0.13.9"
          - run: uv sync --locked
```
"""

from __future__ import annotations

from trueup.model.command_line import pip_arguments
from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import is_application
from trueup.rules.workflows import steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="info",
    help="a run that was green fails tomorrow, or does something else, and no commit says why",
    no_fix="which version was tested is not known here",
)

INSTALLER = lazy(r"astral\.sh/uv/install\.", words=("astral.sh",))
NUMBER = lazy(r"\s+(?:-\s+)?[\"']?\d\.\d+")
BRANCH = lazy(
    r"(?P<action>[\w.-]+/[\w./-]+)@(?:main|master|develop|trunk|HEAD)", words=("@m", "@develop", "@trunk", "@HEAD")
)


@rule.checks
def moving(project: Project) -> Iterator[Finding]:
    """setup-uv without a version here or in uv's settings, and actions from a branch, each once in a file."""
    required = requires_version(project)
    told = set[tuple[str, str]]()
    for step in steps(project, "uses"):
        used = step.value("uses")
        place = Place(step.path, step.line_of(r"\buses[ \t]*:"))
        found = BRANCH.fullmatch(used)
        version = step.value("version") or step.value("version-file")
        unversioned = used.startswith("astral-sh/setup-uv@") and not required and version in ("", "latest")
        if not (found or unversioned) or (step.path, used) in told:
            continue
        told.add((step.path, used))
        if found:
            yield rule.finding(place, f"{used} is whatever was pushed there last", subject=found["action"])
        if unversioned:
            yield rule.finding(place, f"{used} installs the newest uv", subject="uv version")
    if is_application(project):
        yield from by_command(project, required=required)
        yield from any_python(project)


def by_command(project: Project, *, required: bool) -> Iterator[Finding]:
    """Commands that install the newest uv."""
    told = set[str]()
    for command in () if required else project.commands:
        pip = pip_arguments(command.argv)
        newest = pip is not None and "uv" in pip
        if command.where == "ci" and command.path not in told and (newest or INSTALLER.search(command.text)):
            told.add(command.path)
            place = Place(command.path, command.line)
            yield rule.finding(place, f"`{command.text[:60]}` installs the newest uv", subject="uv command")


def any_python(project: Project) -> Iterator[Finding]:
    """setup-python that says no minor version: it is the newest, or the one of the machine."""
    pinned = any(
        path.rpartition("/")[2] == ".python-version" for path in (*project.tree.files(), *project.tree.outer())
    )
    told = set[str]()
    for step in steps(project, "actions/setup-python@"):
        if not step.value("uses").startswith("actions/setup-python@") or step.path in told:
            continue
        inline = step.line_of(r"\bwith[ \t]*:[ \t]*\{.*\bpython-version")
        version, file = step.value("python-version"), inline or step.value("python-version-file")
        several = any(NUMBER.match(line) for line in step.lines)  # a list below the key
        if not (file or several or (pinned and not version)) and version in ("", "3", "3.x", "x"):
            told.add(step.path)
            named = f'python-version "{version}"' if version else "setup-python without a version"
            place = Place(step.path, step.line_of(r"\buses[ \t]*:"))
            yield rule.finding(place, f"{named} is another Python next year", subject="python version")


def requires_version(project: Project) -> bool:
    """Whether uv's settings, which the action reads, say which version."""
    for path, route in (("pyproject.toml", ("tool", "uv")), ("uv.toml", ())):
        for place in (path, *(name for name in project.tree.outer() if name.endswith(f"/{path}"))):
            document = project.document(place)
            if document and document.get(*route, "required-version"):
                return True
    return False
