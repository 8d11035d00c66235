"""The versions that the old manifests and locks fixed, which uv.lock is to keep."""

from __future__ import annotations

from collections import Counter

from trueup.model.plan import Pin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trueup.model.project import Lock, Manifest, Project


def pins(project: Project, sources: Iterable[Manifest], locks: Iterable[Lock]) -> tuple[Pin, ...]:
    """One pin for each package; a lock is believed before a requirements line. None where uv.lock is there already."""
    if project.lock is not None and not project.lock.error:
        return ()
    found: dict[tuple[str, str], Pin] = {}
    locked: set[str] = set()
    for pin in _from_locks(locks):
        locked.add(pin.name)
        found.setdefault((pin.name, pin.marker), pin)
    for source in sources:
        for item in source.requirements:
            if item.pin and item.name not in locked:
                pin = Pin(item.name, item.pin, item.marker, item.path, item.line)
                found.setdefault((item.name, item.marker), pin)
    return tuple(found.values())


def _from_locks(locks: Iterable[Lock]) -> Iterator[Pin]:
    """Pins of index packages; of a package with two versions those that say when they hold."""
    for lock in locks:
        times = Counter(package.name for package in lock.packages)
        for package in lock.packages:
            several = times[package.name] > 1
            if package.version and not _is_direct(package.source) and (package.marker or not several):
                yield Pin(package.name, package.version, package.marker if several else "", lock.path)


def _is_direct(source: str) -> bool:
    """Whether a package came from a repository, a file or a directory: uv takes it from there again."""
    return source.startswith(("git+", ".", "/", "file:")) or source.endswith(".git")
