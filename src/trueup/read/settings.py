"""``[tool.trueup]`` as settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trueup.errors import UsageError
from trueup.model.finding import SEVERITIES
from trueup.model.pattern import lazy
from trueup.model.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trueup.model.document import Document

PROFILES = ("robust", "report")
CODE = lazy(r"[A-Z]{3}\d{3}|[A-Z]{1,3}|[A-Z]{3}\d{1,2}")
PYTHON = lazy(r"3\.\d+")
DAY = lazy(r"\d{4}-\d\d-\d\d")


def read_settings(document: Document | None) -> Settings:
    """The settings in a parsed ``pyproject.toml``; ``UsageError`` names the key and its place where one is wrong."""
    table = document.get("tool", "trueup", default={}) if document else {}
    if not document or not table:
        return Settings()
    if not isinstance(table, dict):
        raise UsageError(f"{document.at('tool', 'trueup')}: tool.trueup is not a table")
    values: dict[str, Any] = {}
    for key, value in table.items():
        check = CHECKS.get(key)
        where = f"{document.at('tool', 'trueup', key)}: tool.trueup.{key}"
        if check is None:
            raise UsageError(f"{where} is no setting of trueup", "there are " + ", ".join(CHECKS))
        problem = check(value)
        if problem:
            raise UsageError(f"{where} {problem}")
        values[key.replace("-", "_")] = tuple(value) if isinstance(value, list) else value
    return Settings(**values)


def codes(value: Any) -> str:
    """What is wrong with a list of code prefixes, or nothing."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        return 'is not a list of codes, such as ["LAY", "DEP101"]'
    wrong = [item for item in value if not CODE.fullmatch(item)]
    return f"holds {wrong[0]!r}, which is no code or beginning of one" if wrong else ""


def severities(value: Any) -> str:
    """What is wrong with a table from code to severity, or nothing."""
    if not isinstance(value, dict):
        return 'is not a table from code to severity, such as {LAY101 = "warning"}'
    wrong = [key for key, severity in value.items() if severity not in SEVERITIES]
    return f"gives {wrong[0]} no severity: there are {', '.join(SEVERITIES)}" if wrong else ""


def codes_by_path(value: Any) -> str:
    """What is wrong with a table from a pattern of paths to codes, or nothing."""
    if not isinstance(value, dict):
        return 'is not a table from paths to codes, such as {"tests/**" = ["LAY106"]}'
    problems = (f"{pattern!r} {problem}" for pattern, listed in value.items() if (problem := codes(listed)))
    return next(problems, "")


def package(value: Any) -> str:
    """What is wrong with an import name, or nothing."""
    return "" if isinstance(value, str) and value.isidentifier() else "is not an import name"


def python(value: Any) -> str:
    """What is wrong with a version of Python, or nothing."""
    return "" if isinstance(value, str) and PYTHON.fullmatch(value) else 'is not a version of Python, such as "3.12"'


def words(value: Any) -> str:
    """What is wrong with a list of words, or nothing."""
    fits = isinstance(value, list) and all(isinstance(item, str) for item in value)
    return "" if fits else 'is not a list of arguments, such as ["tests/unit"]'


def hosts(value: Any) -> str:
    """What is wrong with a list of hosts, or nothing."""
    return "" if not words(value) else 'is not a list of hosts, such as ["files.example.com"]'


def profile(value: Any) -> str:
    """What is wrong with a profile, or nothing."""
    return "" if value in PROFILES else f"is not one of {', '.join(PROFILES)}"


def switch(value: Any) -> str:
    """What is wrong with a switch, or nothing."""
    return "" if isinstance(value, bool) else "is neither true nor false"


def advisories(value: Any) -> str:
    """What is wrong with a list of ignored advisories, or nothing."""
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        return 'is not a list of advisories, such as [{id = "CVE-2026-1", reason = "never called", until = 2027-01-31}]'
    for item in value:
        odd = [key for key in item if key not in ("id", "reason", "until")]
        if odd or not all(isinstance(item.get(key), str) and item[key] for key in ("id", "reason")):
            named = ", ".join(odd) or item.get("id", "?")
            return f"has an entry that needs an id and a reason, and may have until, nothing else: {named}"
        if not DAY.fullmatch(str(item.get("until", "0000-00-00"))):
            return f"gives {item['id']} a last day that is none, such as 2027-01-31"
    return ""


CHECKS: Mapping[str, Any] = {
    "select": codes,
    "ignore": codes,
    "severity": severities,
    "package": package,
    "python": python,
    "profile": profile,
    "tests": words,
    "keep-task-names": switch,
    "hosts": hosts,
    "accept": words,
    "per-path-ignore": codes_by_path,
    "ignore-advisories": advisories,
}
