"""``[tool.uv]``: where packages come from, and which groups are installed by default."""

from __future__ import annotations

from urllib.parse import urlsplit

from trueup.model.names import normal
from trueup.model.packages import facts
from trueup.plan.pyproject_writer import Line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from trueup.plan.convert import Conversion
    from trueup.plan.merge import Merged

BASE = ("tool", "uv")
_LISTS = (
    *("constraint-dependencies", "override-dependencies", "allow-insecure-host"),
    *("no-binary-package", "no-build-package", "environments"),
)
TESTS = ("test", "tests", "testing")
_FLAGS = ("no-index", "no-binary", "no-build", "prerelease")


def write_settings(conversion: Conversion, merged: Merged) -> None:
    """Everything the sources say about indexes, constraints and origins; what stands there already stays."""
    said = [source.uv for source in conversion.sources]
    _default_groups(conversion, merged)
    if any(settings.get("package") is False for settings in said) and conversion.project.layout.kind != "installed":
        conversion.file.set_default((*BASE, "package"), False)
    for key in _FLAGS:
        value = next((settings[key] for settings in said if key in settings), None)
        if value is not None:
            conversion.file.set_default((*BASE, key), value)
    _constraints(conversion)
    for key in _LISTS:
        _union(conversion, (*BASE, key), [item for settings in said for item in _list(settings.get(key))])
    for settings in said:
        for name, how in _table(settings.get("prerelease-package")).items():
            conversion.file.set_default((*BASE, "prerelease-package", name), how)
    _sources(conversion, merged)
    _indexes(conversion, merged, [item for settings in said for item in _list(settings.get("index"))])


def _default_groups(conversion: Conversion, merged: Merged) -> None:
    file = conversion.file
    groups = file.get("dependency-groups") or {}
    if not any(item.is_new and item.group and not item.is_extra for item in merged.items):
        return
    wanted = [name for source in conversion.sources for name in _list(source.uv.get("default-groups"))]
    included = {entry["include-group"] for entry in groups.get("dev", []) if isinstance(entry, dict)}
    around = [name for name, items in groups.items() if name in TESTS and {"include-group": "dev"} in items]
    names = [name for name in (*around, "dev", *wanted) if name in groups and name not in included]
    if names and file.get(*BASE, "default-groups") is None:
        file.set((*BASE, "default-groups"), list(dict.fromkeys(names)))


def _constraints(conversion: Conversion) -> None:
    """The lines of constraints files, each with the comments above and behind it."""
    route = (*BASE, "constraint-dependencies")
    for source in (item for item in conversion.sources if item.format == "constraints"):
        comments = [line for line in source.lines if line.kind == "comment" and line.value]
        above: list[str] = []
        found: list[Line] = []
        for line in sorted(
            (item for item in source.lines if item.kind in ("comment", "constrained")), key=lambda item: item.line
        ):
            if line.kind == "constrained":
                behind = next((item.value for item in comments if item.line == line.line), "")
                found.append(Line(line.value, tuple(above), behind))
                above = []
            elif not any(other.kind == "constrained" and other.line == line.line for other in source.lines):
                above += [line.value] if line.value else []
        conversion.asked += [
            (f"{line.text}: {line.reason}", line.path) for line in source.lines if line.kind == "python"
        ]
        if found and above:
            found[-1] = found[-1]._replace(below=tuple(above))
        there = conversion.file.get(*route) or []
        conversion.file.extend(route, (line for line in found if line.value not in there))


def _union(conversion: Conversion, route: tuple[str, ...], wanted: list[Any]) -> None:
    there = conversion.file.get(*route)
    if there is not None and not isinstance(there, list):
        return
    new = [item for item in dict.fromkeys(wanted) if item not in (there or [])]
    if new:
        conversion.file.set(route, [*(there or []), *new])


def _sources(conversion: Conversion, merged: Merged) -> None:
    """``[tool.uv.sources]``: one place a package, or several told apart by markers."""
    places: dict[str, list[dict[str, Any]]] = {}
    known = set(map(normal, _table(conversion.file.get(*BASE, "sources"))))
    for item in merged.items:
        if item.requirement.source and (item.is_new or item.requirement.name not in known):
            marker = {"marker": item.requirement.marker} if item.requirement.marker else {}
            place = {**item.requirement.source, **marker}
            listed = places.setdefault(item.requirement.name, [])
            if any(other.get("marker") == place.get("marker") for other in listed if other != place):
                merged.refuse(item.requirement, "another group takes it from elsewhere, and uv takes it from one place")
            elif place not in listed:
                listed.append(place)
    for name, listed in places.items():
        value: Any = listed[0] if len(listed) == 1 else listed
        if len(listed) == 1 and not _has_other(merged, name):
            value = {key: part for key, part in listed[0].items() if key != "marker"}
        conversion.file.set_default((*BASE, "sources", name), value)


def _has_other(merged: Merged, name: str) -> bool:
    return sum(item.requirement.name == name for item in merged.items) > 1


def _indexes(conversion: Conversion, merged: Merged, wanted: list[dict[str, Any]]) -> None:
    """``[[tool.uv.index]]``; one that serves only a few packages is ``explicit``, with those packages naming it."""
    there = _list(conversion.file.get(*BASE, "index"))
    urls = {str(item.get("url", "")).rstrip("/") for item in there if isinstance(item, dict)}
    new: list[dict[str, Any]] = []
    for index in wanted:
        if str(index["url"]).rstrip("/") in urls:
            continue
        urls.add(str(index["url"]).rstrip("/"))
        served = _serves(merged, str(index["url"]))
        if served and not index.get("default"):
            index = {**index, "explicit": True}
            only = ("moved", "tool.uv.index", f"only {', '.join(served)} comes from there")
            conversion.accounts.notes["extra-index", str(index["url"])] = only
            for name in served:
                conversion.file.set_default((*BASE, "sources", name), {"index": index["name"]})
        new.append(index)
    if new:
        conversion.file.set((*BASE, "index"), [*there, *new])


def _serves(merged: Merged, url: str) -> list[str]:
    """The requirements that only this index is meant for; empty where that is not known."""
    host = urlsplit(url).hostname or ""
    known = facts("tools").get("index", {}).get(host, [])
    return [name for name in dict.fromkeys(item.requirement.name for item in merged.items) if name in known]


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
