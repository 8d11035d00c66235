"""GitHub workflow commands: one annotation a finding or failed check.

Escaping follows GitHub's "Workflow commands for GitHub Actions": ``%``, CR and LF in messages, and
``:`` and ``,`` as well in properties.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.report import printable

if TYPE_CHECKING:
    from trueup.model.report import Report, Screen

LEVELS = {"critical": "error", "error": "error", "warning": "warning", "info": "notice"}
STATUS = {"failed": "error", "unchecked": "warning", "passed": "notice"}


def render(report: Report, _screen: Screen) -> str:
    """One workflow command a line; a line of text when there is nothing to say."""
    lines = []
    prefix = f"{report.project.repository}/" if report.project and report.project.repository else ""
    for item in report.findings or ():
        place = f"file={value(prefix + item.path)},line={item.line or 1}," if item.path else ""
        lines.append(
            f"::{LEVELS[item.severity]} {place}title={value(f'{item.code} {item.name}')}::{data(item.message)}"
        )
    for outcome in report.outcomes or ():
        level = STATUS[outcome.status]
        lines.append(f"::{level} title={value(f'{outcome.check}: {outcome.status}')}::{data(outcome.message)}")
    return "\n".join(lines or [f"trueup {report.verb}: nothing to report"])


def data(text: str) -> str:
    """Escape a message."""
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def value(text: str) -> str:
    """Escape a property."""
    return data(text).replace(":", "%3A").replace(",", "%2C")
