"""Whom ``advisories`` asks, and what they know: ``uv audit``, or a folder of advisories.

A service that does not answer, or answers anything but advisories, is in doubt: that is not clean. ``uv audit`` is a
preview, counts what the service does not know as clean, and takes a short answer for a clean one.
Source: https://docs.astral.sh/uv/reference/cli/ and https://google.github.io/osv.dev/post-v1-querybatch/
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from trueup.model.indexes import host_of
from trueup.model.noun import NamedTuple
from trueup.tools.process import printable
from trueup.tools.uv import UvError
from trueup.verify import osv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from trueup.verify import Context

TIMEOUT = 90.0  # seconds for the whole audit
PATIENCE = 15.0  # seconds for one answer
SERVICE = "https://api.osv.dev"
BATCH = 1000  # questions that a service takes at once
Packages = tuple[tuple[str, str], ...]  # name and version


class Known(NamedTuple):
    """A vulnerability of a locked package, ``idna 3.6``, by all its names."""

    package: str
    names: tuple[str, ...]
    fixes: tuple[str, ...] = ()
    summary: str = ""

    @property
    def line(self) -> str:
        """``idna 3.6: GHSA-x (CVE-1), fixed in 3.7: what it is``."""
        first, *more = self.names
        others = f" ({', '.join(more)})" if more else ""
        fixed = f"fixed in {', '.join(self.fixes)}" if self.fixes else "not fixed in any version"
        text = f"{self.package}: {first}{others}, {fixed}" + (f": {self.summary}" if self.summary else "")
        return " ".join(printable(text).split())[:300]


class Found(NamedTuple):
    """What was learned: vulnerabilities, what is bad without being one, remarks, doubts, and whom it was asked of.

    ``hidden``: what the project ignores was left out already.
    """

    known: tuple[Known, ...] = ()
    bad: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    source: str = ""
    evidence: str = ""
    hidden: bool = False


def ask(context: Context, covered: Packages) -> Found:
    """What ``uv audit`` or a folder says; what stops it from answering is a doubt."""
    try:
        if context.advisories and "://" not in context.advisories:
            return from_folder(Path(context.advisories), covered)
        return from_uv(context, covered)
    except UvError as problem:
        why = "it did not end in time" if problem.kind == "timeout" else problem.explanation
        return Found(doubts=(f"uv audit did not get an answer: {why}",), evidence=problem.output)
    except OSError as problem:
        return Found(doubts=(f"{context.advisories} cannot be read: {problem.strerror or problem}",))


def from_uv(context: Context, covered: Packages) -> Found:
    """What ``uv audit`` says, asked without settings, so that it leaves nothing out; with them where it must have them
    (a proxy, certificates). Raises ``UvError``."""
    service = context.advisories or SERVICE
    hear = partial(context.uv.audit, context.root, service=context.advisories, timeout=TIMEOUT, patience=PATIENCE)
    hidden = False
    try:
        said = hear(configured=False)
    except UvError as problem:
        if problem.kind == "timeout":
            raise
        said = hear()
        hidden = True
    known = tuple(vulnerability(item) for item in said["vulnerabilities"])
    states = [status(item) for item in said.get("adverse_statuses", [])]
    bad = tuple(text for text in states if " is quarantined" in text)
    remarks = tuple(text for text in states if text not in bad)
    doubts = tuple(short_answer(service, covered))
    return Found(known, bad, remarks, doubts, host_of(service), hidden=hidden)


def vulnerability(item: Mapping[str, Any]) -> Known:
    """One vulnerability of uv's JSON."""
    package = item.get("dependency", {})
    names = dict.fromkeys(
        [item.get("display_id") or item.get("id", "?"), item.get("id", "?"), *item.get("aliases", [])]
    )
    title = f"{package.get('name', '?')} {package.get('version', '?')}"
    return Known(title, tuple(map(str, names)), tuple(item.get("fix_versions", [])), item.get("summary") or "")


def status(item: Mapping[str, Any]) -> str:
    """A project of which its index says that it is archived, deprecated or quarantined."""
    package = item.get("dependency", {})
    why = f" ({item['reason']})" if item.get("reason") else ""
    return printable(f"{package.get('name', '?')} is {str(item.get('status', '?')).lower()}{why}")


def short_answer(service: str, covered: Packages) -> list[str]:
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


def from_folder(folder: Path, covered: Packages) -> Found:
    """What a folder of OSV files (or the zip of them) knows. Raises ``OSError``."""
    export = osv.load(folder)
    name = folder.name or str(folder)
    doubts = [f"{export.broken} files of {name} cannot be read"] if export.broken else []
    if not export.records:
        return Found(doubts=(f"{name} holds no advisory for PyPI", *doubts), source=name)
    known: list[Known] = []
    for package, version in covered:
        result = osv.match(export, package, version)
        doubts += [f"{package} {version}: {reason}" for reason in result.doubts]
        for hit in result.hits:
            names = (hit.id, *sorted(hit.names - {hit.id}))
            known.append(Known(f"{package} {version}", names, hit.fixes, hit.summary))
    return Found(tuple(known), doubts=tuple(doubts), source=f"{name}, as of {export.newest[:10] or 'an unknown day'}")
