"""Is every declared dependency still there, from where it came, at the version of before, and the same file?"""

from __future__ import annotations

import tomllib

from trueup.model.report import Outcome
from trueup.verify.installed import SEEDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from trueup.verify import Context

ORDER = 15
NAME = "packages"
SHOWN = 20


def check(context: Context) -> Outcome | None:
    """Failed when a distribution that the old manifests list, and that was installed, is not in the lock, or when
    one that came from a repository, a file or a folder comes from an index now, or when no file of a version has a
    hash that they fix; ``accepted`` ones may.

    Other versions are told, not failed: what was pinned and could not stay is said by the lock's own notes.
    """
    before = context.baseline
    if before is None or not (before.packages or before.reason):
        return None
    try:
        lock = tomllib.loads((context.root / "uv.lock").read_text("utf-8"))
        locked = versions(lock)
    except (OSError, ValueError) as problem:
        return Outcome(NAME, "unchecked", f"uv.lock cannot be read: {problem}")
    other = {name: version for name, version in others(lock, context.fixed) if name not in context.accepted}
    if other:
        told = ", ".join(f"{name} {version}" for name, version in other.items())
        message = f"uv.lock has no file with a hash that the old manifests fix: {told}"
        return Outcome(NAME, "failed", f"{message}; --accept {','.join(other)} lets that be")
    if not before.packages:
        return Outcome(NAME, "unchecked", f"before, {before.reason}")
    lost = [name for name in before.declared if name in before.packages and name not in locked]
    elsewhere = [name for name in before.direct if name in from_index(lock)]
    for names, what in ((lost, "declared before, and not in uv.lock"), (elsewhere, "from an index now")):
        refused = [name for name in names if name not in context.accepted]
        if refused:
            told = ", ".join(f"{name} ({before.direct[name]})" if name in before.direct else name for name in refused)
            return Outcome(NAME, "failed", f"{what}: {told}; --accept {','.join(refused)} lets that be")
    both = [name for name in before.packages if name in locked]
    moved = [name for name in both if locked[name] and before.packages[name] not in locked[name]]
    evidence = [f"{name} {before.packages[name]} -> {', '.join(sorted(locked[name]))}" for name in moved[:SHOWN]]
    evidence += [f"accepted: {name}" for name in (*lost, *elsewhere)]
    new = sorted(name for name in locked if locked[name] and name not in before.packages)
    evidence += [f"not installed before: {', '.join(new[:SHOWN])}"] if new else []
    message = f"{len(before.declared)} declared dependencies are locked, {len(both) - len(moved)} packages as before"
    message += f", {len(moved)} at another version" if moved else ""
    gone = sorted(name for name in before.packages if name not in locked and name not in SEEDS)
    if gone:
        more = f" and {len(gone) - 3} more" if len(gone) > 3 else ""
        message += f"; installed before, and not locked: {', '.join(gone[:3])}{more}"
        evidence.append(f"not locked any more: {', '.join(gone[:SHOWN])}")
    return Outcome(NAME, "passed", message, "\n".join(evidence))


def others(lock: dict[str, Any], fixed: Mapping[tuple[str, str], frozenset[str]]) -> Iterator[tuple[str, str]]:
    """Name and version of what is locked as other files than those whose hashes are fixed, by the same kind of hash."""
    for package in lock.get("package", []):
        key = (package["name"], package.get("version", ""))
        files = [package.get("sdist", {}), *package.get("wheels", [])]
        hashes = {str(file["hash"]) for file in files if "hash" in file}
        kinds = {digest.partition(":")[0] for digest in hashes}
        wanted = {digest for digest in fixed.get(key, ()) if digest.partition(":")[0] in kinds}
        if wanted and not wanted & hashes:
            yield key


def from_index(lock: dict[str, Any]) -> set[str]:
    """What a ``uv.lock`` takes from a package index."""
    return {package["name"] for package in lock.get("package", []) if "registry" in package.get("source", {})}


def versions(lock: dict[str, Any]) -> dict[str, set[str]]:
    """Name -> the versions that a ``uv.lock`` fixes; none for what has no static version."""
    found: dict[str, set[str]] = {}
    for package in lock.get("package", []):
        found.setdefault(package["name"], set()).update([package["version"]] if "version" in package else [])
    return found
