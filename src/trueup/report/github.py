"""GitHub workflow commands: one annotation a finding or failed check.

Escaping follows GitHub's "Workflow commands for GitHub Actions": ``%``, CR and LF in messages, and
``:`` and ``,`` as well in properties.
"""

from __future__ import annotations

from trueup.report import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.model.finding import Finding
    from trueup.model.plan import Question
    from trueup.model.report import Report, Screen

LEVELS = {"critical": "error", "error": "error", "warning": "warning", "info": "notice"}
STATUS = {"failed": "error", "unchecked": "warning", "passed": "notice"}


def render(report: Report, _screen: Screen) -> str:
    """One workflow command a line; a line of text when there is nothing to say."""
    prefix = f"{report.project.repository}/" if report.project and report.project.repository else ""
    lines = [
        annotation(item, prefix) for item in (*(report.findings or ()), *(left.finding for left in report.dangers))
    ]
    for question in report.plan.questions if report.plan else ():
        title = value(f"{question.code} for you to look at")
        lines.append(f"::warning {place(prefix, question)}title={title}::{data(question.text)}")
    for outcome in report.outcomes or ():
        level = STATUS[outcome.status]
        lines.append(f"::{level} title={value(f'{outcome.check}: {outcome.status}')}::{data(outcome.message)}")
    return "\n".join(lines or [f"trueup {report.verb}: nothing to report"])


def place(prefix: str, item: Finding | Question) -> str:
    """The properties that say where."""
    return f"file={value(prefix + item.path)},line={item.line or 1}," if item.path else ""


def annotation(item: Finding, prefix: str) -> str:
    """A finding as a command."""
    title = value(f"{item.code} {item.name}")
    return f"::{LEVELS[item.severity]} {place(prefix, item)}title={title}::{data(item.message)}"


def data(text: str) -> str:
    """Escape a message."""
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def value(text: str) -> str:
    """Escape a property."""
    return data(text).replace(":", "%3A").replace(",", "%2C")
