"""The plan's commands as a PowerShell script."""

from __future__ import annotations

from trueup.report.bash import script

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.model.report import Report, Screen


def render(report: Report, _screen: Screen) -> str:
    """A script that stops at the first failure; run it in the project's root."""
    return script(report, "powershell", ["$ErrorActionPreference = 'Stop'", "Set-StrictMode -Version Latest"])
