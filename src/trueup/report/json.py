"""The contract: one JSON document a verb. Keys are added over time; none changes its meaning.

Text is ASCII (``\\u`` escapes), so that no terminal or log can be steered by it.
"""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.plan import Plan
    from trueup.model.report import Report, Screen

SCHEMA = "trueup/1"


def render(report: Report, _screen: Screen) -> str:
    """The document as indented JSON."""
    return json.dumps(document(report), indent=2, ensure_ascii=True)


def document(report: Report) -> dict[str, Any]:
    """The report as plain data; what a verb has nothing for is absent."""
    data: dict[str, Any] = {"schema": SCHEMA, "verb": report.verb, "trueup": report.trueup}
    if report.project is not None:
        data["project"] = report.project._asdict()
    if report.findings is not None:
        data["findings"] = [finding(item) for item in report.findings]
        data["summary"] = dict(report.counts)
    if report.plan is not None:
        data["plan"] = plan(report.plan)
    if report.ledger is not None:
        data["ledger"] = [row._asdict() for row in report.ledger]
    if report.outcomes is not None:
        data["outcomes"] = [{**outcome._asdict(), "seconds": round(outcome.seconds, 3)} for outcome in report.outcomes]
    if report.notes:
        data["notes"] = list(report.notes)
    return {**data, "exit": report.exit}


def finding(item: Finding) -> dict[str, Any]:
    """One finding; ``line`` and ``column`` are 1-based, 0 where the whole file is meant."""
    return item._asdict()


def operation(item: Operation) -> dict[str, Any]:
    """One operation with its kind (``Relocate``, ``SetKey`` ...)."""
    return {"kind": type(item).__name__, **item._asdict()}


def plan(item: Plan) -> dict[str, Any]:
    """A plan without its bytes; ``plan --output`` keeps those."""
    return {
        "package": item.package,
        "python": item.python,
        "tree": item.tree,
        "pyproject": item.pyproject,
        "commands": {shell: [command._asdict() for command in lines] for shell, lines in item.commands.items()},
        "moves": [{"from": source, "to": target} for source, target in item.moves],
        "operations": [operation(step.operation) for step in item.steps],
        "resolves": [finding(found) for found in item.resolves],
        "leaves": [{**finding(left.finding), "reason": left.reason} for left in item.leaves],
        "adds": [finding(found) for found in item.adds],
        "questions": [question._asdict() for question in item.questions],
        "pins": [pin._asdict() for pin in item.pins],
    }
