"""SARIF 2.1.0 (OASIS), for code scanning services.

Fingerprints are made of a finding's identity, never of its line, so they survive edits.
"""

from __future__ import annotations

import json
from hashlib import sha256
from urllib.parse import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from trueup.model.finding import Finding
    from trueup.model.report import Report, Screen

LEVELS = {"critical": "error", "error": "error", "warning": "warning", "info": "note"}


def render(report: Report, _screen: Screen) -> str:
    """One run with its rules and results."""
    found = report.findings or ()
    rules = {item.code: item for item in found}
    driver = {
        "name": "trueup",
        "version": report.trueup,
        "rules": [rule(item) for _, item in sorted(rules.items())],
    }
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "utf16CodeUnits",
                "results": [result(item, sorted(rules)) for item in found],
            }
        ],
    }
    return json.dumps(log, indent=2, ensure_ascii=True)


def rule(item: Finding) -> dict[str, Any]:
    """The rule of a finding."""
    return {
        "id": item.code,
        "name": "".join(part.capitalize() for part in item.name.split("-")),
        "shortDescription": {"text": item.name.replace("-", " ")},
        "help": {"text": item.help or item.name},
        "defaultConfiguration": {"level": LEVELS[item.severity]},
        "properties": {"precision": item.confidence, "problem.severity": item.severity},
    }


def result(item: Finding, codes: list[str]) -> dict[str, Any]:
    """One result; a finding about the whole project has no location."""
    answer: dict[str, Any] = {
        "ruleId": item.code,
        "ruleIndex": codes.index(item.code),
        "level": LEVELS[item.severity],
        "message": {"text": item.message},
        "partialFingerprints": {"trueup/1": sha256("\0".join(item.identity).encode(errors="replace")).hexdigest()},
    }
    if item.path:
        place: dict[str, Any] = {"artifactLocation": {"uri": quote(item.path, errors="surrogateescape")}}
        if item.line:
            place["region"] = {"startLine": item.line}
        answer["locations"] = [{"physicalLocation": place}]
    return answer
