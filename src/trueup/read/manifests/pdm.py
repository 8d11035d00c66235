"""PDM: what ``[tool.pdm]`` adds to ``[project]``.

Source: https://pdm-project.org/en/latest/reference/pep621/ and reference/configuration. What the build
backend reads (``build``, ``version``) is the backend's and stays.
"""

from __future__ import annotations

from trueup.model.names import normal
from trueup.model.project import NO_RUNNER, Lock, LockedPackage, Manifest, Requirement, SourceLine
from trueup.read.manifests._declared import declared
from trueup.read.manifests._indexes import flat_index, index, is_pypi
from trueup.read.manifests._toml import account, comment_of, comments, line_of, load, strings, table, tables, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from trueup.model.document import Document, Route
    from trueup.model.tree import Tree

PATH = "pyproject.toml"
BASE = ("tool", "pdm")
_BACKEND = ("build", "version")


def read(tree: Tree) -> Iterator[Manifest]:
    """The manifest of ``[tool.pdm]``, where it says more than the build backend needs."""
    document = load(tree, PATH)
    if document is not None and not document.error and set(table(document, *BASE)) - {*_BACKEND}:
        yield _Reader(tree, document).manifest()


class _Reader:
    def __init__(self, tree: Tree, document: Document) -> None:
        self.tree = tree
        self.document = document
        self.requirements: list[Requirement] = []
        self.lines: list[SourceLine] = []
        self.uv: dict[str, Any] = {}
        self.groups: dict[str, tuple[str, ...]] = {}
        self.read: list[Route] = []

    def manifest(self) -> Manifest:
        for group, listed in table(self.document, *BASE, "dev-dependencies").items():
            self.groups[group] = ()
            self.read.append((*BASE, "dev-dependencies", group))
            for number, text in enumerate(strings(listed)):
                self._requirement((*BASE, "dev-dependencies", group, number), text, group)
        if self.groups:
            self.uv["default-groups"] = list(self.groups)
        self._sources()
        self._settings()
        for key in _BACKEND:
            if key in table(self.document, *BASE):
                self._note((*BASE, key), kind="kept", to=".".join((*BASE, key)), reason="the build backend reads it")
        self.lines += unknown(self.document, BASE, self.read)
        taken = [item.comment for item in self.requirements]
        self.lines += comments(self.document, BASE, taken, elsewhere="project", stays=(*BASE, "scripts"))
        return Manifest(PATH, "pdm", tuple(self.requirements), tuple(self.lines), uv=self.uv, groups=self.groups)

    def _note(self, route: Route, *, kind: str = "metadata", to: str = "", reason: str = "") -> None:
        self.read.append(route)
        self.lines += account(self.document, route, kind=kind, to=to, reason=reason)

    def _requirement(self, at: Route, text: str, group: str) -> None:
        line, comment = line_of(self.document, *at), comment_of(self.document, *at)
        try:
            self.requirements.append(declared(text, self.tree, PATH, line, group=group, comment=comment))
        except ValueError as problem:
            self._note(at, kind="unreadable", reason=str(problem))

    def _sources(self) -> None:
        indexes: list[dict[str, object]] = []
        self.read.append((*BASE, "source"))  # each table of the list is told by itself
        for number, item in enumerate(tables(self.document.get(*BASE, "source"))):
            url, name = str(item.get("url", "")), str(item.get("name", ""))
            if item.get("type") == "find_links":
                indexes.append(flat_index(url))
                self._note((*BASE, "source", number), to="tool.uv.index")
                continue
            found, note = index(url, name=name, default=name == "pypi" and not is_pypi(url))
            if not (name == "pypi" and is_pypi(url)):
                indexes.append(found)
            self._note((*BASE, "source", number), to="tool.uv.index", reason=note)
        if indexes:
            self.uv["index"] = indexes

    def _settings(self) -> None:
        found = table(self.document, *BASE)
        overrides = table(self.document, *BASE, "resolution", "overrides")
        if overrides:
            self.uv["override-dependencies"] = [_override(name, str(version)) for name, version in overrides.items()]
            self._note((*BASE, "resolution", "overrides"), to="tool.uv.override-dependencies")
        if table(self.document, *BASE, "resolution").get("allow-prereleases") is True:
            self.uv["prerelease"] = "allow"
            self._note((*BASE, "resolution", "allow-prereleases"), to="tool.uv.prerelease")
        if isinstance(found.get("distribution"), bool):
            if found["distribution"] is False:
                self.uv["package"] = False
            self._note((*BASE, "distribution"), to="tool.uv.package")
        for name in table(self.document, *BASE, "scripts"):
            self._note((*BASE, "scripts", name), kind="unreadable", reason=NO_RUNNER)


def _override(name: str, version: str) -> str:
    return f"{name}{version if version[:1] in tuple('<>=!~') else f'=={version}'}"


def read_lock(tree: Tree) -> Iterator[Lock]:
    """``pdm.lock``, where there is one."""
    document = load(tree, "pdm.lock")
    if document is None:
        return
    if document.error:
        yield Lock("pdm.lock", "pdm", error=document.error)
        return
    listed = tables(document.get("package"))
    requires = str(document.get("metadata", "requires_python", default=""))
    yield Lock("pdm.lock", "pdm", tuple(dict.fromkeys(map(_package, listed))), requires)


def _package(item: dict[str, Any]) -> LockedPackage:
    where = next((str(item[key]) for key in ("path", "url") if key in item), "")
    source = f"git+{item['git']}" if "git" in item else where
    files = tables(item.get("files"))
    hashed = bool(files) and all("hash" in file for file in files)
    return LockedPackage(
        normal(str(item.get("name", ""))), str(item.get("version", "")), source, str(item.get("marker", "")), hashed
    )
