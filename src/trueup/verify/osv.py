"""A folder of OSV files, as https://osv.dev exports them, and what they say of one version of a package.

Source: https://ossf.github.io/osv-schema/
"""

from __future__ import annotations

import json
import zipfile

from packaging.version import InvalidVersion, Version

from trueup.model.names import normal
from trueup.model.noun import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import Any

ECOSYSTEM = "PyPI"
LARGEST = 5_000_000  # bytes of one advisory
MANY = 500_000  # files of an export


class Export(NamedTuple):
    """The advisories by normalised name of the package; ``newest`` is the last change of any, ``broken`` a number."""

    records: Mapping[str, list[Mapping[str, Any]]]
    newest: str
    broken: int


class Hit(NamedTuple):
    """An advisory that speaks of the version; ``names`` are all that it is known by."""

    id: str
    names: frozenset[str]
    fixes: tuple[str, ...]
    summary: str


class Result(NamedTuple):
    """What is known of one version, and what could not be compared."""

    hits: tuple[Hit, ...]
    doubts: tuple[str, ...]


def load(place: Path) -> Export:
    """Every advisory for PyPI at ``place``, a folder or a zip. Raises ``OSError``."""
    records: dict[str, list[Mapping[str, Any]]] = {}
    newest, broken = "", 0
    for data in texts(place):
        if len(data) > LARGEST:
            broken += 1
            continue
        try:
            record = json.loads(data)
            named = {normal(item["package"]["name"]) for item in affected(record)}
            newest = max(newest, str(record.get("modified", ""))) if named else newest
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            broken += 1
            continue
        for name in named if not record.get("withdrawn") else ():
            records.setdefault(name, []).append(record)
    return Export(records, newest, broken)


def texts(place: Path) -> Iterator[bytes]:
    """The JSON files of a folder, whatever their depth, or of a zip. Raises ``OSError``."""
    if place.is_file():
        try:
            with zipfile.ZipFile(place) as archive:
                for item in archive.infolist()[:MANY]:
                    if item.filename.endswith(".json"):
                        yield b" " * (LARGEST + 1) if item.file_size > LARGEST else archive.read(item)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as problem:
            raise OSError(f"it is neither a folder nor a zip ({problem})") from problem
        return
    if not place.is_dir():
        raise FileNotFoundError(2, "no such folder", str(place))
    for path in sorted(place.rglob("*.json")):
        yield path.read_bytes()


def affected(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The parts of an advisory that speak of packages of PyPI."""
    return [item for item in record.get("affected") or [] if item.get("package", {}).get("ecosystem") == ECOSYSTEM]


def match(export: Export, name: str, version: str) -> Result:
    """What the export says of a version. An advisory known by several names counts once."""
    found = export.records.get(normal(name), [])
    try:
        wanted = Version(version)
    except InvalidVersion:
        return Result((), (f"{version!r} is no version that can be compared",) if found else ())
    hits: list[Hit] = []
    doubts = []
    for record in found:
        parts = [item for item in affected(record) if normal(item["package"]["name"]) == normal(name)]
        try:
            struck = [item for item in parts if strikes(item, wanted)]
            fixes = tuple(str(fix) for fix in sorted({fix for item in struck for fix in fixed(item, wanted)}))
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            doubts.append(f"{record.get('id', '?')} cannot be compared ({problem})")
            continue
        if struck:
            names = frozenset(map(str, [record.get("id", "?"), *(record.get("aliases") or [])]))
            hits.append(Hit(str(record.get("id", "?")), names, fixes, str(record.get("summary") or "")))
    return Result(tuple(merged(hits)), tuple(doubts))


def strikes(item: Mapping[str, Any], wanted: Version) -> bool:
    """Whether a version is affected. Raises ``ValueError`` where nothing of it can be compared."""
    listed = item.get("versions") or []
    ranges = [row for row in item.get("ranges") or [] if row.get("type") in ("ECOSYSTEM", "SEMVER")]
    if not listed and not ranges:
        raise ValueError("it names no versions")
    if str(wanted) in listed or any(same(text, wanted) for text in listed):
        return True
    return any(within(row.get("events") or [], wanted) for row in ranges)


def same(text: str, wanted: Version) -> bool:
    """Whether a listed version is this one; very old ones have no order, and are compared as text."""
    try:
        return Version(text) == wanted
    except InvalidVersion:
        return text == str(wanted)


def within(events: list[Mapping[str, str]], wanted: Version) -> bool:
    """Whether a version lies in a range of events: the last one at or before it decides."""
    inside = False
    for version, kind in sorted(map(event, events), key=lambda item: (item[0], item[1] != "last_affected")):
        if kind == "introduced" and version <= wanted:
            inside = True
        elif (kind in ("fixed", "limit") and version <= wanted) or (kind == "last_affected" and version < wanted):
            inside = False
    return inside


def event(item: Mapping[str, str]) -> tuple[Version, str]:
    """One event as its version and kind; ``0`` stands before every version."""
    ((kind, text),) = item.items()
    return Version("0.dev0" if text == "0" else text), kind


def fixed(item: Mapping[str, Any], wanted: Version) -> Iterator[Version]:
    """The versions above this one that an advisory calls fixed."""
    for row in item.get("ranges") or []:
        for found in row.get("events") or [] if row.get("type") in ("ECOSYSTEM", "SEMVER") else []:
            if "fixed" in found and Version(found["fixed"]) > wanted:
                yield Version(found["fixed"])


def merged(hits: list[Hit]) -> list[Hit]:
    """Advisories that share a name as one, with the fixes of all."""
    found: list[Hit] = []
    for hit in hits:
        twin = next((other for other in found if other.names & hit.names), None)
        if twin is None:
            found.append(hit)
        else:
            fixes = tuple(map(str, sorted({Version(fix) for fix in (*twin.fixes, *hit.fixes)})))
            found[found.index(twin)] = Hit(twin.id, twin.names | hit.names, fixes, twin.summary or hit.summary)
    return found
