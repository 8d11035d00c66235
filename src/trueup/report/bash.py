"""The plan's commands as a Bash script."""

from __future__ import annotations

from trueup.report import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from trueup.model.plan import Command
    from trueup.model.report import Report, Screen


def render(report: Report, _screen: Screen) -> str:
    """A script that stops at the first failure; run it in the project's root."""
    return script(report, "bash", ["#!/usr/bin/env bash", "set -euo pipefail"])


def script(report: Report, shell: str, head: list[str]) -> str:
    """The commands of one shell, grouped by phase."""
    commands: Iterable[Command] = report.plan.commands.get(shell, ()) if report.plan else ()
    lines = [*head]
    if report.project and report.project.repository:
        lines.append(f"# run this in {printable(report.project.repository)}/ of the repository")
    phase = ""
    for command in commands:
        if command.phase != phase:
            phase = command.phase
            lines += ["", f"# {phase}"]
        if command.why:
            lines.append(f"#   {printable(command.why)}".replace("\n", " "))
        lines.append(command.command)
    if not phase:
        lines.append("# nothing to do: the plan is empty")
    return "\n".join(lines)
