"""CI audits the dependencies, and cannot fail at it.

``pip-audit || true`` and ``continue-on-error: true`` end well whatever is found, and also when nothing could be audited
at all. Everybody sees a green tick named "security".

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepscontinue-on-error

Flagged:

```
main.py
    print()
.github/workflows/ci.yml
    jobs:
      audit:
        runs-on: ubuntu-latest
        steps:
          - run: uvx pip-audit || true
```

Fixed:

```
main.py
    print()
.github/workflows/ci.yml
    jobs:
      audit:
        runs-on: ubuntu-latest
        steps:
          - run: uvx pip-audit
```
"""

from __future__ import annotations

import re

from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import lines
from trueup.rules.workflows import steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    help="it is green whatever is found, and when nothing could be audited",
    no_fix="what is known and accepted is ignored by its name, and what then fails is yours to look at",
)

AUDIT = lazy(
    r"\b(?:pip-audit|uv\s+(?:--\S+\s+)*audit|safety\s+(?:--\S+\s+)*(?:check|scan)|osv-scanner)\b(?!\s*(?:==|>=|@))",
    words=("audit", "safety", "osv-scanner"),
)
INSTALL = lazy(r"\binstall\b|\badd\b|\bname\s*:")
SWALLOWED = lazy(
    r"\|\|\s*(?:true|:|exit\s+0|echo\b)|--continue-on-error\b|--exit-zero\b",
    words=("||", "--continue-on-error", "--exit-zero"),
)
ACTION = lazy(r"pypa/gh-action-pip-audit@|google/osv-scanner|pyupio/safety")


@rule.checks
def swallowed(project: Project) -> Iterator[Finding]:
    """Audits whose failure the command or the step swallows, each once in a file."""
    told = set[tuple[str, int]]()
    for command in project.commands:
        line = dict(lines(project, command.path)).get(command.line, "") if is_audit(command.text) else ""
        if (
            command.where == "ci"
            and SWALLOWED.search(line.partition(" #")[0])
            and (command.path, command.line) not in told
        ):
            told.add((command.path, command.line))
            place = Place(command.path, command.line)
            yield rule.finding(place, f"`{command.text[:60]}` cannot fail", subject=command.text[:60])
    for step in steps(project, "continue-on-error"):
        text = " ".join(step.lines)
        at = step.line_of(r"\bcontinue-on-error[ \t]*:")
        audits = ACTION.search(step.value("uses")) or any(is_audit(line) for line in step.lines)
        if step.value("continue-on-error") == "true" and audits and not reports_itself(project, step.path, text):
            yield rule.finding(Place(step.path, at), "the audit's failure is passed over", subject="continue-on-error")


def is_audit(text: str) -> bool:
    """Whether a line runs an audit, and does not only install or name the tool."""
    return AUDIT.search(text) is not None and not INSTALL.search(text)


def reports_itself(project: Project, path: str, step: str) -> bool:
    """Whether a later step looks at the outcome of this one."""
    found = re.search(r"\bid[ \t]*:[ \t]*([\w-]+)", step)
    return found is not None and any(
        f"steps.{found[1]}.outcome" in line or f"steps.{found[1]}.outputs" in line for _, line in lines(project, path)
    )
