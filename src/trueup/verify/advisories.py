"""Are there known vulnerabilities in what ``uv.lock`` fixes? Asks ``uv audit``, or a folder of advisories offline.

A service that does not answer, or answers anything but advisories, is said to be so: that is not clean. ``uv audit``
is a preview, counts what the service does not know as clean, and takes a short answer for a clean one.
Source: https://docs.astral.sh/uv/reference/cli/ and https://google.github.io/osv.dev/post-v1-querybatch/
"""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from trueup.model.indexes import host_of
from trueup.model.noun import NamedTuple
from trueup.model.report import Outcome
from trueup.tools.process import printable
from trueup.tools.uv import UvError
from trueup.verify import osv
from trueup.verify.sources import entries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from trueup.verify import Context

ORDER = 70
NAME = "advisories"
DEPTH = "verify"
ADVICE = True
SHOWN = 20
TIMEOUT = 90.0  # seconds for the whole audit
PATIENCE = 15.0  # seconds for one answer
SERVICE = "https://api.osv.dev"
OFF = "off"
OWN = ("editable", "virtual")
BATCH = 1000  # questions that a service takes at once


class Locked(NamedTuple):
    """What is locked: name and version of what came from PyPI, the names of what did not, and what is muted.

    ``muted`` are identifiers that the project told uv to ignore, or trueup until a day; ``until_fixed`` while no fix
    is known; ``expired`` says which day is over.
    """

    covered: tuple[tuple[str, str], ...]
    others: tuple[str, ...]
    muted: frozenset[str] = frozenset()
    until_fixed: frozenset[str] = frozenset()
    expired: tuple[str, ...] = ()


class Found(NamedTuple):
    """What was learned: a line for each vulnerability, remarks, what is in doubt, and whom it was asked of."""

    vulnerable: tuple[str, ...]
    remarks: tuple[str, ...]
    doubts: tuple[str, ...]
    source: str


def check(context: Context) -> Outcome:
    """Passed when nothing is known against any locked package of PyPI, muted advisories aside."""
    if context.advisories == OFF:
        return Outcome(NAME, "unchecked", "switched off")
    try:
        locked = read(context.root, context.muted)
    except (OSError, ValueError) as problem:
        return Outcome(NAME, "unchecked", f"there is no lock that can be read: {problem}")
    if not locked.covered:
        return Outcome(NAME, "unchecked", f"no locked package comes from PyPI{uncovered(locked)}")
    local = context.advisories and "://" not in context.advisories
    try:
        found = from_folder(Path(context.advisories), locked) if local else from_service(context, locked)
    except UvError as problem:
        why = "it did not end in time" if problem.kind == "timeout" else problem.explanation
        return Outcome(NAME, "unchecked", f"uv audit did not get an answer: {why}", problem.output)
    except OSError as problem:
        return Outcome(NAME, "unchecked", f"{context.advisories} cannot be read: {problem.strerror or problem}")
    return judged(locked, found)


def read(root: Path, until: Mapping[str, str] = MappingProxyType({})) -> Locked:
    """The locked packages, and what the project mutes (``until``: up to a day). Raises ``OSError``, ``ValueError``."""
    covered, others = [], []
    for entry in entries(tomllib.loads((root / "uv.lock").read_text("utf-8"))):
        name, _, version = entry.name.partition(" ")
        if entry.kind == "registry" and host_of(entry.place) == "pypi.org":
            covered.append((name, version))
        elif entry.kind not in OWN:
            others.append(entry.name)
    today = date.today().isoformat()
    alive = {name for name, day in until.items() if today <= day}
    over = tuple(f"{name} was muted until {day}" for name, day in until.items() if name not in alive)
    told_uv = muted(root, "ignore")
    return Locked(tuple(covered), tuple(others), told_uv | alive, muted(root, "ignore-until-fixed"), over)


def muted(root: Path, key: str) -> frozenset[str]:
    """Identifiers that the project tells uv to ignore."""
    found: list[str] = []
    for name, path in (("pyproject.toml", ("tool", "uv", "audit")), ("uv.toml", ("audit",))):
        try:
            table: Any = tomllib.loads((root / name).read_text("utf-8-sig"))
        except FileNotFoundError:
            continue
        for part in path:
            table = table.get(part, {}) if isinstance(table, dict) else {}
        listed = table.get(key, []) if isinstance(table, dict) else []
        found += [str(item) for item in listed] if isinstance(listed, list) else []
    return frozenset(found)


def from_service(context: Context, locked: Locked) -> Found:
    """What ``uv audit`` says. Raises ``UvError``."""
    service = context.advisories or SERVICE
    said = context.uv.audit(context.root, service=context.advisories, timeout=TIMEOUT, patience=PATIENCE)
    vulnerable = [line(item) for item in said["vulnerabilities"] if not names_of(item) & locked.muted]
    states = [status(item) for item in said.get("adverse_statuses", [])]
    bad = [text for text in states if " is quarantined" in text]
    doubts = [] if vulnerable or bad else short_answer(service, locked.covered)
    remarks = [text for text in states if text not in bad]
    return Found((*vulnerable, *bad), tuple(remarks), tuple(doubts), host_of(service))


def names_of(item: Mapping[str, Any]) -> set[str]:
    """What one vulnerability of uv's JSON is called."""
    return {str(name) for name in (item.get("display_id"), item.get("id"), *item.get("aliases", [])) if name}


def line(item: Mapping[str, Any]) -> str:
    """One vulnerability of uv's JSON."""
    package = item.get("dependency", {})
    name = f"{package.get('name', '?')} {package.get('version', '?')}"
    names = dict.fromkeys([item.get("display_id") or item.get("id", "?"), *item.get("aliases", [])])
    return described(name, list(names), item.get("fix_versions", []), item.get("summary") or "")


def described(package: str, names: Iterable[str], fixes: Iterable[str], summary: str) -> str:
    """``idna 3.6: GHSA-x (CVE-1), fixed in 3.7: what it is``."""
    first, *more = names
    others = f" ({', '.join(more)})" if more else ""
    fixed = f"fixed in {', '.join(fixes)}" if fixes else "not fixed in any version"
    text = f"{package}: {first}{others}, {fixed}" + (f": {summary}" if summary else "")
    return " ".join(printable(text).split())[:300]


def status(item: Mapping[str, Any]) -> str:
    """A project of which its index says that it is archived, deprecated or quarantined."""
    package = item.get("dependency", {})
    why = f" ({item['reason']})" if item.get("reason") else ""
    return printable(f"{package.get('name', '?')} is {str(item.get('status', '?')).lower()}{why}")


def short_answer(service: str, covered: tuple[tuple[str, str], ...]) -> list[str]:
    """A doubt where the service answers fewer questions than it is asked: uv takes what is missing for clean.

    Where the service does not answer us (a proxy, its certificate) there is nothing to add to what uv heard.
    """
    import http.client
    from urllib.request import Request, urlopen

    asked = [{"package": {"name": name, "ecosystem": "PyPI"}, "version": version} for name, version in covered[:BATCH]]
    body = json.dumps({"queries": asked}).encode()
    url = f"{service.rstrip('/')}/v1/querybatch"
    request = Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - http or https, by the caller
    try:
        with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            results = json.load(answer)["results"]
    except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException):
        return []
    if isinstance(results, list) and len(results) == len(asked):
        return []
    number = len(results) if isinstance(results, list) else 0
    return [f"{host_of(service)} answered {number} of {len(asked)} questions"]


def from_folder(folder: Path, locked: Locked) -> Found:
    """What a folder of OSV files (or the zip of them) knows. Raises ``OSError``."""
    export = osv.load(folder)
    name = folder.name or str(folder)
    doubts = [f"{export.broken} files of {name} cannot be read"] if export.broken else []
    if not export.records:
        return Found((), (), (f"{name} holds no advisory for PyPI", *doubts), name)
    hits: list[str] = []
    for package, version in locked.covered:
        result = osv.match(export, package, version)
        doubts += [f"{package} {version}: {reason}" for reason in result.doubts]
        for hit in result.hits:
            quiet = hit.names & locked.muted or (not hit.fixes and hit.names & locked.until_fixed)
            if not quiet:
                names = [hit.id, *sorted(hit.names - {hit.id})]
                hits.append(described(f"{package} {version}", names, hit.fixes, hit.summary))
    return Found(tuple(hits), (), tuple(doubts), f"{name}, as of {export.newest[:10] or 'an unknown day'}")


def judged(locked: Locked, found: Found) -> Outcome:
    """The outcome, with all that it does not say."""
    silenced = ", ".join(sorted(locked.muted | locked.until_fixed))
    notes = [*([f"the project mutes {silenced}"] if silenced else []), *locked.expired]
    tail = "".join(f"; {note}" for note in [*found.remarks[:3], *notes]) + uncovered(locked)
    evidence = "\n".join([*found.vulnerable, *found.doubts, *found.remarks][:SHOWN])
    if found.vulnerable:
        more = f"; and {len(found.vulnerable) - 3} more" if len(found.vulnerable) > 3 else ""
        return Outcome(NAME, "failed", "; ".join(found.vulnerable[:3]) + more + tail, evidence)
    if found.doubts:
        return Outcome(NAME, "unchecked", "; ".join(found.doubts[:3]) + tail, evidence)
    message = f"nothing is known against {len(locked.covered)} packages ({found.source}){tail}"
    return Outcome(NAME, "passed", message, evidence)


def uncovered(locked: Locked) -> str:
    """What no advisory of PyPI speaks of."""
    if not locked.others:
        return ""
    more = f" and {len(locked.others) - 3} more" if len(locked.others) > 3 else ""
    return f"; not covered, as they are not from PyPI: {', '.join(locked.others[:3])}{more}"
