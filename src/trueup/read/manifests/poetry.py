"""Poetry, 1 and 2: ``[tool.poetry]`` and what it adds to ``[project]``.

Source: https://python-poetry.org/docs/pyproject/ and dependency-specification.
"""

from __future__ import annotations

from trueup.model.names import normal
from trueup.model.project import Manifest, Requirement, SourceLine
from trueup.model.versions import EVERY_PATCH
from trueup.read.manifests import _poetry_metadata
from trueup.read.manifests._direct import without_credentials
from trueup.read.manifests._indexes import is_pypi
from trueup.read.manifests._pep508 import requirement, written
from trueup.read.manifests._poetry_markers import marker_of
from trueup.read.manifests._poetry_versions import of_python, specifier
from trueup.read.manifests._toml import (
    account,
    comment_of,
    comments,
    last_line,
    line_of,
    load,
    noted,
    strings,
    table,
    tables,
    unknown,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from trueup.model.document import Document, Route
    from trueup.model.tree import Tree

PATH = "pyproject.toml"
BASE = ("tool", "poetry")
_ENTRY_KEYS = {"version", "extras", "optional", "python", "platform", "markers", "source", "allow-prereleases"}
_ENTRY_KEYS |= {"git", "branch", "tag", "rev", "subdirectory", "path", "file", "url", "develop"}
_PRIORITY = {"default": "default", "secondary": "supplemental"}


def read(tree: Tree) -> Iterator[Manifest]:
    """The manifest of ``[tool.poetry]``, where it stands."""
    document = load(tree, PATH)
    if document is not None and not document.error and table(document, *BASE):
        yield _Reader(tree, document).manifest()


class _Reader:
    def __init__(self, tree: Tree, document: Document) -> None:
        self.tree = tree
        self.document = document
        self.poetry = table(document, *BASE)
        self.requirements: list[Requirement] = []
        self.lines: list[SourceLine] = []
        self.groups: dict[str, tuple[str, ...]] = {}
        self.default_groups: list[str] = []
        self.metadata: dict[str, object] = {}
        self.uv: dict[str, object] = {}
        self.read: list[Route] = []
        self.extras = self._extras()

    def manifest(self) -> Manifest:
        self._sources()
        self._entries((*BASE, "dependencies"), "")
        if "dev-dependencies" in self.poetry:
            self._group("dev", (*BASE, "dev-dependencies"), {})
        for name, group in table(self.document, *BASE, "group").items():
            if isinstance(group, dict):
                self._group(name, (*BASE, "group", name, "dependencies"), group)
        metadata, build, lines, read = _poetry_metadata.read(self.document)
        self.metadata = {**metadata, **self.metadata}
        if table(self.document, "tool", "poetry-dynamic-versioning").get("enable"):
            reason = "git gave the version (poetry-dynamic-versioning): hatch-vcs or uv-dynamic-versioning do that now"
            self._note((*BASE, "version"), kind="unreadable", reason=reason)
        self.lines += lines
        if self.default_groups:
            self.uv["default-groups"] = list(dict.fromkeys(self.default_groups))
        if self.poetry.get("package-mode") is False:
            self.uv["package"] = False
            self._note((*BASE, "package-mode"), to="tool.uv.package")
        self.lines += unknown(self.document, BASE, [*self.read, *read])
        taken = [item.comment for item in self.requirements]
        self.lines += comments(self.document, BASE, taken, elsewhere="project")
        return Manifest(
            PATH,
            "poetry",
            tuple(self.requirements),
            tuple(self.lines),
            self.metadata,
            uv=self.uv,
            build=build,
            groups=self.groups,
        )

    def _note(self, route: Route, *, kind: str = "metadata", value: str = "", to: str = "", reason: str = "") -> None:
        self.read.append(route)
        self.lines += account(self.document, route, kind=kind, value=value, to=to, reason=reason)

    # --- groups and extras

    def _extras(self) -> dict[str, list[str]]:
        """Package -> the extras that list it."""
        found: dict[str, list[str]] = {}
        known = {normal(name) for name in table(self.document, *BASE, "dependencies")}
        for extra, listed in table(self.document, *BASE, "extras").items():
            route = (*BASE, "extras", extra)
            names = [normal(name) for name in strings(listed)]
            missing = [name for name in names if name not in known]
            if missing:
                self._note(route, kind="unreadable", reason=f"{', '.join(missing)}: not among the dependencies")
            else:
                self._note(route, to=f"project.optional-dependencies.{extra}")
            if listed == []:  # it may be asked for, which uv refuses where there is none
                empty = self.metadata.setdefault("optional-dependencies", {})
                if isinstance(empty, dict):
                    empty[extra] = []
            for name in names:
                found.setdefault(name, []).append(extra)
        return found

    def _group(self, name: str, route: Route, options: dict[str, Any]) -> None:
        base = (*BASE, "group", name)
        included = strings(options.get("include-groups"))
        self.groups[name] = tuple(included)
        if included:
            self._note((*base, "include-groups"), to=f"dependency-groups.{name}")
        if "optional" in options:
            default = options["optional"] is not True
            reason = "" if default else "optional: not among the default groups"
            self._note((*base, "optional"), to="tool.uv.default-groups", reason=reason)
        if options.get("optional") is not True:
            self.default_groups.append(name)
        self._entries(route, name)

    def _entries(self, route: Route, group: str) -> None:
        for name, value in table(self.document, *map(str, route)).items():
            at = (*route, name)
            if normal(name) == "python" and not group:
                self._python(at, value)
                continue
            for part, entry in _parts(value):
                self._entry((*at, *part), at, name, entry, group)
            if isinstance(value, list):
                self._brackets(at)

    def _brackets(self, at: Route) -> None:
        """The lines on which several constraints of one package begin and end."""
        lines = self.document.source.splitlines()
        for number in {line_of(self.document, *at), last_line(self.document, *at)}:
            if not any(item.line <= number <= item.end for item in self.requirements):
                to = "project.dependencies"
                self.lines.append(SourceLine(PATH, number, lines[number - 1].strip(), "metadata", to=to))

    def _python(self, at: Route, value: object) -> None:
        meant = of_python(str(value))
        try:
            allowed = specifier(meant)
        except ValueError as problem:
            self._note(at, kind="unreadable", reason=str(problem))
            return
        if allowed:
            self.metadata["requires-python"] = allowed
        reason = "" if allowed else "any Python: nothing to say"
        self._note(at, to="project.requires-python", reason=reason if meant == str(value) else EVERY_PATCH)

    # --- one dependency

    def _entry(self, part: Route, at: Route, name: str, entry: dict[str, Any], group: str) -> None:
        self.read.append(at)
        odd = [key for key in entry if key not in _ENTRY_KEYS]
        optional = entry.get("optional") is True
        extras = self.extras.get(normal(name), [])
        if optional and not extras and not group:
            self._note(at, kind="option", reason="optional and in no extra: Poetry never installed it")
            return
        try:
            if odd:
                raise ValueError(f"trueup does not know {', '.join(odd)}")
            asked = tuple(strings(entry.get("extras")))
            text = written(name, asked, specifier(str(entry.get("version", ""))), marker_of(entry))
            source = self._source(entry)
        except ValueError as problem:
            self._note(at, kind="unreadable", reason=str(problem))
            return
        first = line_of(self.document, *part)
        item = requirement(text, PATH, first, group=group, comment=comment_of(self.document, *part), source=source)
        item = item._replace(url=str(source.get("git") or source.get("url") or source.get("path") or ""))
        end = noted(self.document, part).end
        places = [item] if not optional else []
        places += [item._replace(group=extra, is_extra=True) for extra in ([] if group else extras)]
        self.requirements += [place._replace(end=end) for place in places]
        if entry.get("allow-prereleases") is True:
            allowed = self.uv.setdefault("prerelease-package", {})
            if isinstance(allowed, dict):
                allowed[item.name] = "allow"
            self._note(at, to="tool.uv.prerelease-package")

    def _source(self, entry: dict[str, Any]) -> dict[str, object]:
        """What ``[tool.uv.sources]`` says for an entry; empty for one from the indexes."""
        match entry:
            case {"git": str(link)}:
                address, _ = without_credentials(link)
                source: dict[str, object] = {"git": address}
                for key in ("branch", "tag", "rev", "subdirectory"):
                    if key in entry:
                        source[key] = entry[key]
                return source
            case {"url": str(link)}:
                return {"url": without_credentials(link)[0]}
            case {"path": str(path)} | {"file": str(path)}:
                if path.startswith(("/", "~")) or ":" in path:
                    raise ValueError(f"{path} is a path of one machine")
                return {"path": path, "editable": True} if entry.get("develop") is True else {"path": path}
            case {"source": str(index)}:
                return {} if index.lower() == "pypi" else {"index": index}
        return {}

    # --- indexes

    def _sources(self) -> None:
        listed = tables(self.document.get(*BASE, "source"))
        self.read.append((*BASE, "source"))  # each table of the list is told by itself
        entries = [(number, item, _priority(item)) for number, item in enumerate(listed)]
        if not entries:
            return
        primary = [item for _, item, priority in entries if priority == "primary"]
        has_default = any(priority == "default" for _, _, priority in entries)
        last = primary[-1] if primary and not has_default else None
        indexes: list[dict[str, object]] = []
        if not primary and not has_default and any(priority == "supplemental" for _, _, priority in entries):
            indexes.append({"name": "pypi", "url": "https://pypi.org/simple"})
        for number, item, priority in entries:
            name, url = str(item.get("name", "")), str(item.get("url", ""))
            route = (*BASE, "source", number)
            self._note(route, to="tool.uv.index")
            if name.lower() == "pypi" and not url:
                url = "https://pypi.org/simple"
            if is_pypi(url) and len(entries) == 1:
                continue
            index: dict[str, object] = {"name": name, "url": without_credentials(url)[0]}
            if priority == "explicit":
                index["explicit"] = True
            if priority == "default" or item is last:
                index["default"] = True
            indexes.append(index)
        if indexes:
            self.uv["index"] = indexes


def _priority(item: dict[str, Any]) -> str:
    """A source's priority; Poetry before 1.5 had two flags for it."""
    if item.get("default") is True:
        return "default"
    if item.get("secondary") is True:
        return "supplemental"
    priority = str(item.get("priority", "primary")).lower()
    return _PRIORITY.get(priority, priority)


def _parts(value: object) -> list[tuple[Route, dict[str, Any]]]:
    """The entries of one dependency: a string, a table, or several tables."""
    if isinstance(value, str):
        return [((), {"version": value})]
    if isinstance(value, dict):
        return [((), value)]
    if isinstance(value, list):
        return [((number,), item) for number, item in enumerate(value) if isinstance(item, dict)]
    return [((), {"version": str(value)})]
