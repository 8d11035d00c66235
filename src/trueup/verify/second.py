"""What does pip-audit say of the locked packages? A second opinion, where it is asked for (``--pip-audit``).

It is given an export of ``uv.lock`` with hashes, without the project itself, and installs nothing (``--disable-pip``).
Packages that it skips, and anything but its JSON, are no clean answer.
Source: https://github.com/pypa/pip-audit#usage
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trueup.model.report import Outcome
from trueup.tools.process import run
from trueup.verify.advisories import described, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from trueup.verify import Context

ORDER = 72
NAME = "pip-audit"
DEPTH = "verify"
ADVICE = True
SHOWN = 20
TIMEOUT = 300.0
SWITCHES = ("--format=json", "--progress-spinner=off", "--disable-pip", "--require-hashes")


def check(context: Context) -> Outcome | None:
    """Passed when it knows of nothing against any of them, and skipped none."""
    if not context.auditor:
        return None
    try:
        muted = read(context.root, context.muted).muted
        listed = context.uv.export(context.root, default_groups=True)
    except (OSError, ValueError) as problem:
        return Outcome(NAME, "unchecked", f"there is no lock that can be read: {problem}")
    with tempfile.TemporaryDirectory(prefix="trueup-audit-") as scratch:
        file = Path(scratch, "requirements.txt")
        file.write_text(listed, "utf-8")
        quiet = [f"--ignore-vuln={name}" for name in sorted(muted)]
        done = run(
            [*context.auditor, *SWITCHES, *quiet, "-r", str(file)],
            context.root,
            env=context.uv.environ,
            timeout=TIMEOUT,
        )
    if done.timed_out:
        return Outcome(NAME, "unchecked", f"it did not end in {TIMEOUT:.0f} s")
    try:
        packages = json.loads(done.stdout)["dependencies"] if done.code in (0, 1) else None
        return judged(packages, muted) if packages is not None else silent(done.tail(1), done.tail())
    except (ValueError, KeyError, TypeError, AttributeError):
        return silent(done.tail(1), done.tail())


def silent(why: str, evidence: str) -> Outcome:
    """No answer that can be read."""
    return Outcome(NAME, "unchecked", f"it gave no answer: {why or 'nothing'}", evidence)


def judged(packages: Iterable[Mapping[str, Any]], muted: Iterable[str]) -> Outcome:
    """The outcome of its JSON."""
    lines, skipped, count = [], [], 0
    for item in packages:
        if "skip_reason" in item:
            skipped.append(f"{item['name']}: {item['skip_reason']}")
            continue
        count += 1
        for found in item["vulns"]:
            names = dict.fromkeys([found["id"], *found.get("aliases", [])])
            fixes = found.get("fix_versions") or []
            lines.append(described(f"{item['name']} {item['version']}", list(names), fixes, ""))
    tail = f"; the project mutes {', '.join(sorted(muted))}" if muted else ""
    evidence = "\n".join([*lines, *skipped][:SHOWN])
    if lines:
        more = f"; and {len(lines) - 3} more" if len(lines) > 3 else ""
        return Outcome(NAME, "failed", "; ".join(lines[:3]) + more + tail, evidence)
    if skipped:
        return Outcome(NAME, "unchecked", f"it skipped {'; '.join(skipped[:3])}{tail}", evidence)
    if not count:
        return Outcome(NAME, "unchecked", "it looked at no package")
    return Outcome(NAME, "passed", f"nothing is known against {count} packages{tail}")
