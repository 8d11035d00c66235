"""Pipfile: Pipenv's declarations.

Source: https://pipenv.pypa.io/en/latest/pipfile.html. A package without ``index`` comes from the first
source, so the others serve only those that name them.
"""

from __future__ import annotations

import re

from trueup.model.project import NO_RUNNER, Manifest, Requirement, SourceLine
from trueup.read.manifests._direct import archive_name, git_reference, local_name, without_credentials
from trueup.read.manifests._indexes import index, is_pypi
from trueup.read.manifests._pep508 import requirement, written
from trueup.read.manifests._toml import account, comment_of, comments, last_line, line_of, load, strings, table, tables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from trueup.model.document import Document, Route
    from trueup.model.tree import Tree

PATH = "Pipfile"
_OTHER = ("source", "requires", "scripts", "pipenv")
_MARKERS = (
    *("os_name", "sys_platform", "platform_machine", "platform_python_implementation", "platform_release"),
    *("platform_system", "platform_version", "python_version", "python_full_version", "implementation_name"),
    "implementation_version",
)
_KEYS = {"version", "extras", "markers", "git", "ref", "subdirectory", "editable", "path", "file", "index", *_MARKERS}
MAJOR = re.compile(r"3(?:\.\*)?")
_PIPENV = {
    "allow_prereleases": "prerelease",
    "disable_pip_input": "",
    "sort_pipfile": "",
    "install_search_all_sources": "",
}


def read(tree: Tree) -> Iterator[Manifest]:
    """The Pipfile, where there is one that declares anything: scripts alone are no manifest."""
    document = load(tree, PATH)
    if document is None or (set(document.data) == {"scripts"} and not document.error):
        return
    if document.error:
        yield Manifest(PATH, "pipfile", error=document.error)
    else:
        yield _Reader(tree, document).manifest()


class _Reader:
    def __init__(self, tree: Tree, document: Document) -> None:
        self.tree = tree
        self.document = document
        self.requirements: list[Requirement] = []
        self.lines: list[SourceLine] = []
        self.metadata: dict[str, object] = {}
        self.uv: dict[str, Any] = {}
        self.groups: dict[str, tuple[str, ...]] = {}

    def manifest(self) -> Manifest:
        self._sources()
        for name, value in self.document.data.items():
            if isinstance(value, dict) and name not in _OTHER:
                group = {"packages": "", "dev-packages": "dev"}.get(name, name)
                if group:
                    self.groups[group] = ()
                for package, entry in value.items():
                    self._entry((name, package), package, entry, group)
            elif name not in _OTHER:
                self._note((name,), kind="unreadable", reason="trueup does not know this key")
        self._requires()
        for name in table(self.document, "scripts"):
            self._note(("scripts", name), kind="unreadable", reason=NO_RUNNER)
        self._pipenv()
        taken = [item.comment for item in self.requirements]
        self.lines += comments(self.document, (), taken, elsewhere="project", stays=("scripts",))
        return Manifest(
            PATH, "pipfile", tuple(self.requirements), tuple(self.lines), self.metadata, uv=self.uv, groups=self.groups
        )

    def _note(self, route: Route, *, kind: str = "metadata", value: str = "", to: str = "", reason: str = "") -> None:
        self.lines += account(self.document, route, kind=kind, value=value, to=to, reason=reason)

    # --- packages

    def _entry(self, route: Route, package: str, value: object, group: str) -> None:
        entry: dict[str, Any] = value if isinstance(value, dict) else {"version": str(value)}
        name, extras = _split(package)
        extras = tuple(dict.fromkeys([*extras, *strings(entry.get("extras"))]))
        if entry.get("path") in (".", "./"):
            self._note(route, kind="editable", value=".", reason="uv sync installs the project itself, editable")
            return
        try:
            odd = [key for key in entry if key not in _KEYS]
            if odd:
                raise ValueError(f"trueup does not know {', '.join(odd)}")
            source = self._source(entry)
            text = written(_name(self.tree, name, source), extras, _specifier(entry), _marker(entry))
            item = requirement(
                text,
                PATH,
                line_of(self.document, *route),
                group=group,
                comment=comment_of(self.document, *route),
                end=last_line(self.document, *route),
                source=source,
            )
        except ValueError as problem:
            self._note(route, kind="unreadable", reason=str(problem))
            return
        where = source.get("git") or source.get("url") or source.get("path")
        self.requirements.append(item._replace(url=str(where or "")))

    def _source(self, entry: dict[str, Any]) -> dict[str, object]:
        match entry:
            case {"git": str(link)}:
                source = {"git": without_credentials(link)[0], **git_reference(str(entry.get("ref", "")))}
                if "subdirectory" in entry:
                    source["subdirectory"] = entry["subdirectory"]
                return source
            case {"path": str(path)} | {"file": str(path)} if "://" not in path:
                if path.startswith(("/", "~")):
                    raise ValueError(f"{path} is a path of one machine")
                path = path.removeprefix("./")
                return {"path": path, "editable": True} if entry.get("editable") is True else {"path": path}
            case {"file": str(link)} | {"path": str(link)}:
                return {"url": without_credentials(link)[0]}
            case {"index": str(name)} if name in self.named:
                return {"index": name}
        return {}

    # --- indexes and settings

    def _sources(self) -> None:
        self.named: set[str] = set()
        indexes: list[dict[str, object]] = []
        for number, item in enumerate(tables(self.document.get("source"))):
            url, name = str(item.get("url", "")), str(item.get("name", ""))
            found, note = index(url, name=name, default=number == 0)
            if item.get("verify_ssl") is False:
                from urllib.parse import urlsplit

                parts = urlsplit(str(found["url"]))
                self.uv.setdefault("allow-insecure-host", []).append(parts.netloc)
            if number == 0 and is_pypi(url):
                self._note(("source", 0), reason="PyPI is uv's default index", kind="index")
                continue
            if number:
                found["explicit"] = True
                self.named.add(name)
            indexes.append(found)
            self._note(("source", number), to="tool.uv.index", kind="index", reason=note)
        if indexes:
            self.uv["index"] = indexes

    def _requires(self) -> None:
        for key, value in table(self.document, "requires").items():
            found = re.match(r"(\d+\.\d+)", str(value))
            if key in ("python_version", "python_full_version") and found:
                self.metadata.setdefault("requires-python", f">={found[1]}")
                exact = (
                    "Pipenv meant this version alone: .python-version pins its minor release"
                    if key == "python_full_version"
                    else ""
                )
                self._note(("requires", key), to="project.requires-python", reason=exact)
            elif key == "python_version" and MAJOR.fullmatch(str(value)):
                self._note(("requires", key), kind="option", reason="any Python 3 will do")
            else:
                self._note(("requires", key), kind="unreadable", reason="trueup does not know this key")

    def _pipenv(self) -> None:
        for key, value in table(self.document, "pipenv").items():
            if key == "allow_prereleases" and value is True:
                self.uv["prerelease"] = "allow"
                self._note(("pipenv", key), to="tool.uv.prerelease")
            elif key in _PIPENV:
                self._note(("pipenv", key), kind="option", reason="a switch of Pipenv alone")
            else:
                self._note(("pipenv", key), kind="unreadable", reason="trueup does not know this key")


def _split(package: str) -> tuple[str, tuple[str, ...]]:
    found = re.fullmatch(r"([^\[]+)\[([^\]]*)\]", package)
    return (found[1], tuple(part.strip() for part in found[2].split(","))) if found else (package, ())


def _name(tree: Tree, name: str, source: dict[str, object]) -> str:
    """Pipenv writes a hash as the name of a bare file or path; its own name is in the file's."""
    if re.fullmatch(r"[0-9a-f]{7,}", name) and ("url" in source or "path" in source):
        place = str(source.get("url") or source.get("path"))
        return archive_name(place) or local_name(tree, place) or name
    return name


def _specifier(entry: dict[str, Any]) -> str:
    version = str(entry.get("version", "")).strip()
    if version in ("", "*"):
        return ""
    return version if version[0] in "<>=!~" else f"=={version}"


def _marker(entry: dict[str, Any]) -> str:
    parts = [" ".join(str(entry.get("markers", "")).split())]
    parts += [f"{key} {' '.join(str(entry[key]).split())}" for key in _MARKERS if key in entry]
    kept = [part for part in parts if part]
    return kept[0] if len(kept) == 1 else " and ".join(f"({part})" if " or " in part else part for part in kept)
