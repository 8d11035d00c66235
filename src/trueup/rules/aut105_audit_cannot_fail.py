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
from trueup.rules.audits import ACTION, is_audit
from trueup.rules.lookups import lines, text_of
from trueup.rules.workflows import WORKFLOW, YAML, steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    help="it is green whatever is found, and when nothing could be audited",
    no_fix="which audit looks, and what of its findings is accepted, is yours to say",
)

SWALLOWED = lazy(
    r"\|\|\s*(?:true|:|exit\s+0|echo\b)|--continue-on-error\b|--exit-zero\b",
    words=("||", "--continue-on-error", "--exit-zero"),
)
CONTINUED = lazy(r"^[ \t]*continue-on-error[ \t]*:[ \t]*true\b", re.MULTILINE, words=("continue-on-error",))
AUDITS = lazy(r"audit|safety|osv-scanner")
GITLAB = lazy(r"\.gitlab-ci\.ya?ml")
JOB = lazy(r"^[^\s#:][^:\n]*:[ \t]*\n(?:(?:[ \t#][^\n]*)?\n)+", re.MULTILINE)
ALLOWED = lazy(r"^[ \t]+(?P<key>allow_failure)[ \t]*:[ \t]*true\b", re.MULTILINE)


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
    yield from allowed_to_fail(project)
    yield from whole_jobs(project)


def whole_jobs(project: Project) -> Iterator[Finding]:
    """Jobs of GitHub's workflows that audit and go on whatever comes of it."""
    for path in project.tree.called(YAML):
        text = text_of(project, path) if WORKFLOW.search(path) else ""
        document = project.document(path) if CONTINUED.search(text) and AUDITS.search(text) else None
        jobs = document.get("jobs") if document else None
        for name, job in jobs.items() if isinstance(jobs, dict) else ():
            steps_of = job.get("steps") if isinstance(job, dict) and job.get("continue-on-error") is True else None
            audits = [step for step in steps_of or () if isinstance(step, dict) and audits_in(step)]
            if document and audits:
                place = document.at("jobs", name, "continue-on-error")
                yield rule.finding(place, "the audit's failure is passed over", subject=f"job {name}")


def audits_in(step: dict[str, Any]) -> bool:
    """Whether a step runs an audit."""
    lines_of = str(step.get("run", "")).splitlines()
    return any(map(is_audit, lines_of)) or ACTION.search(str(step.get("uses", ""))) is not None


def allowed_to_fail(project: Project) -> Iterator[Finding]:
    """Jobs of GitLab that audit and may fail: a job begins at the left margin."""
    for path in project.tree.called(GITLAB):
        text = text_of(project, path) if "allow_failure" in text_of(project, path) else ""
        for job in JOB.finditer(text):
            allowed = ALLOWED.search(job[0])
            if allowed and any(is_audit(line) for line in job[0].splitlines()):
                place = Place(path, text.count("\n", 0, job.start() + allowed.start("key")) + 1)
                yield rule.finding(place, "the audit's failure is passed over", subject="allow_failure")


def reports_itself(project: Project, path: str, step: str) -> bool:
    """Whether a later step looks at the outcome of this one."""
    found = re.search(r"\bid[ \t]*:[ \t]*([\w-]+)", step)
    return found is not None and any(
        f"steps.{found[1]}.outcome" in line or f"steps.{found[1]}.outputs" in line for _, line in lines(project, path)
    )
