"""The rules as text: a list, and a page each."""

from __future__ import annotations

import json
import textwrap

from trueup.errors import UsageError
from trueup.rules import catalogue


def listing(style: str) -> str:
    """All rules, one a line, or as JSON."""
    if style == "json":
        rows = [
            {
                "code": rule.code,
                "name": rule.name,
                "severity": rule.severity,
                "fixable": rule.fix is not None,
                "help": rule.help,
            }
            for rule in catalogue()
        ]
        return json.dumps({"schema": "trueup/1", "verb": "rules", "rules": rows}, indent=2) + "\n"
    lines = [f"{rule.code}  {rule.severity:8}  {'fix' if rule.fix else '   '}  {rule.name}" for rule in catalogue()]
    return (
        "\n".join(
            [*lines, "", f"{len(lines)} rules; `trueup explain CODE` shows one, `fix` marks what `plan` resolves."]
        )
        + "\n"
    )


def page(code: str) -> str:
    """A rule's documentation, as its file has it."""
    for rule in catalogue():
        if code.upper() in (rule.code, rule.name.upper()):
            fix = (
                "`trueup plan` resolves it" if rule.fix else f"no automatic fix: {rule.no_fix or 'it needs a decision'}"
            )
            head = (
                f"{rule.code} {rule.name}\n{rule.severity}, confidence {rule.confidence}, since {rule.since}; {fix}\n"
            )
            return f"{head}\n{textwrap.dedent(rule.documentation).strip()}\n"
    raise UsageError(f"there is no rule {code}", "`trueup rules` lists them")
