"""``[tool.trueup]`` as settings."""

from __future__ import annotations

from trueup.errors import UsageError
from trueup.model.finding import SEVERITIES
from trueup.model.pattern import lazy
from trueup.model.settings import Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from trueup.model.document import Document

PROFILES = ("robust", "report")
CODE = lazy(r"[A-Z]{3}\d{3}|[A-Z]{1,3}|[A-Z]{3}\d{1,2}")
DAY = lazy(r"\d{4}-\d\d-\d\d")
PYTHON = lazy(r"3\.\d+")


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
        value = {name: muted(entry) for name, entry in value.items()} if key == "mute" else value
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


def mutes(value: Any) -> str:
    """What is wrong with a table from the identifier of an advisory to a day, or to a reason and a day, or nothing."""
    if not isinstance(value, dict):
        return 'is not a table from advisories to days, such as {"GHSA-x" = "2027-01-31"}'
    for name, entry in value.items():
        odd = [key for key in entry if key not in ("reason", "until")] if isinstance(entry, dict) else []
        if odd or not isinstance(muted(entry)["reason"], str):
            return f"may give {name} a reason and a last day (until), nothing else"
        if not DAY.fullmatch(muted(entry)["until"]):
            return f"gives {name} no day, such as 2027-01-31"
    return ""


def muted(entry: Any) -> dict[str, Any]:
    """Why an advisory does not count, and its last day."""
    table = entry if isinstance(entry, dict) else {"until": entry}
    return {"reason": table.get("reason", ""), "until": str(table.get("until"))}


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
    "mute": mutes,
    "per-path-ignore": codes_by_path,
}
