"""Is every declared dependency still there, and at the version of before?"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from trueup.model.report import Outcome

if TYPE_CHECKING:
    from trueup.verify import Context

ORDER = 15
NAME = "packages"
SHOWN = 20


def check(context: Context) -> Outcome | None:
    """Failed when a distribution that the old manifests list, and that was installed, is not in the lock.

    Other versions are told, not failed: what was pinned and could not stay is said by the lock's own notes.
    """
    before = context.baseline
    if before is None or not before.packages:
        return None
    try:
        locked = versions((context.root / "uv.lock").read_text("utf-8"))
    except (OSError, ValueError) as problem:
        return Outcome(NAME, "unchecked", f"uv.lock cannot be read: {problem}")
    lost = [name for name in before.declared if name in before.packages and name not in locked]
    if lost:
        return Outcome(NAME, "failed", f"declared before, and not in uv.lock: {', '.join(lost)}")
    both = [name for name in before.packages if name in locked]
    moved = [name for name in both if locked[name] and before.packages[name] not in locked[name]]
    evidence = [f"{name} {before.packages[name]} -> {', '.join(sorted(locked[name]))}" for name in moved[:SHOWN]]
    message = f"{len(before.declared)} declared dependencies are locked, {len(both) - len(moved)} packages as before"
    said = f"{message}, {len(moved)} at another version" if moved else message
    return Outcome(NAME, "passed", said, "\n".join(evidence))


def versions(text: str) -> dict[str, set[str]]:
    """Name -> the versions that a ``uv.lock`` fixes; none for what has no static version."""
    found: dict[str, set[str]] = {}
    for package in tomllib.loads(text).get("package", []):
        found.setdefault(package["name"], set()).update([package["version"]] if "version" in package else [])
    return found
