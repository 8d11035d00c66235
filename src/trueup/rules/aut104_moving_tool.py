"""CI takes a tool in whatever version there is that day.

``astral-sh/setup-uv`` without ``version`` installs the newest uv, and an action from a branch (``@main``) is whatever
was pushed there last, with the secrets of the run in its reach. A run that was green fails tomorrow, or does something
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

from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
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

BRANCH = lazy(r"(?P<action>[\w.-]+/[\w./-]+)@(?:main|master|develop|trunk|HEAD)", words=("@",))


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


def requires_version(project: Project) -> bool:
    """Whether uv's settings, which the action reads, say which version."""
    for path, route in (("pyproject.toml", ("tool", "uv")), ("uv.toml", ())):
        for place in (path, *(name for name in project.tree.outer() if name.endswith(f"/{path}"))):
            document = project.document(place)
            if document and document.get(*route, "required-version"):
                return True
    return False
