"""A workflow calls actions by their tags.

Who owns an action can move ``v4`` to any commit, and so can whoever takes the account over: the next run executes it
with the secrets of the repository. A commit cannot be moved. trueup names the commits that it knows of the release
line which the workflow asks for, and leaves the other actions.

Source: https://docs.github.com/en/actions/reference/security/secure-use#using-third-party-actions

Flagged:

```
main.py
    from fastapi import FastAPI

    app = FastAPI()
.github/workflows/ci.yml
    jobs:
      test:
        runs-on: ubuntu-24.04
        steps:
          - uses: actions/checkout@v4
          - run: make test
```

Fixed:

```
main.py
    from fastapi import FastAPI

    app = FastAPI()
.github/workflows/ci.yml
    jobs:
      test:
        runs-on: ubuntu-24.04
        steps:
          - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683  # v4.2.2
          - run: make test
```
"""

from __future__ import annotations

from trueup.model.noun import NamedTuple
from trueup.model.operation import ReplaceText
from trueup.model.packages import facts
from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import is_application, lines, text_of
from trueup.rules.workflows import WORKFLOW, YAML

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="info",
    help="who can move the tag can run code in the workflow; trueup names the commit, where it is known",
    no_fix="which commit the tag stands for is not known here",
)

USES = lazy(
    r"[ \t]*(?:-[ \t]+)?uses:[ \t]*(?P<action>[\w.-]+/[\w./-]+)@v(?P<line>\d+)(?:\.\d+)*(?P<rest>[ \t]*(?:#.*)?)",
    words=("uses:",),
)
RELEASE = lazy(r"[ \t]*#[ \t]*v?\d+(?:\.\d+)*[ \t]*")


class Use(NamedTuple):
    """One call of an action by a tag; ``commit`` is what it would be called by in the place of ``written``, where that
    is known."""

    line: int
    called: str
    commit: str
    written: str


@rule.checks
def by_tag(project: Project) -> Iterator[Finding]:
    """The workflows of an application that call actions by ``@v4`` or ``@v4.2``, each told once."""
    if not is_application(project):
        return
    for path in project.tree.called(YAML):
        found = uses(project, path) if WORKFLOW.search(path) and "uses:" in text_of(project, path) else []
        if found:
            names = list(dict.fromkeys(item.called for item in found))
            more = f" and {len(names) - 1} more are tags" if len(names) > 1 else " is a tag"
            fixable = any(item.commit for item in found)
            message = f"{names[0]}{more}, which can be moved to other code"
            yield rule.finding(Place(path, found[0].line), message, subject="tags", fixable=fixable)


def uses(project: Project, path: str) -> list[Use]:
    """The calls by a tag in a workflow; no commit is known for a tag that says more than the release line."""
    found = []
    for number, line in lines(project, path):
        if "uses:" in line and (match := USES.fullmatch(line)):
            called = line[match.start("action") : match.start("rest")]
            known = facts("actions")["commits"].get(match["action"], {}).get(match["line"])
            whole = known and called.endswith(f"@v{match['line']}")
            old = RELEASE.fullmatch(match["rest"])  # of that commit it would not be true
            written = called + match["rest"] if old else called
            remark = f"  # {known[1]}" if known and (old or not match["rest"].strip()) else ""
            found.append(Use(number, called, f"{match['action']}@{known[0]}{remark}" if whole else "", written))
    return found


@rule.fixes
def by_commit(project: Project, finding: Finding) -> Iterator[Operation]:
    """The commits that are known, each with its version behind it."""
    for item in uses(project, finding.path):
        if item.commit:
            yield ReplaceText(rule.code, finding.path, item.line, item.written, item.commit)
