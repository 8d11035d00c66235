"""Rye: what ``[tool.rye]`` adds to ``[project]``, and the locks that it writes in pip's form.

Source: https://rye.astral.sh/guide/pyproject/ and https://rye.astral.sh/guide/sync/#lockfiles
"""

from __future__ import annotations

import re

from trueup.model.project import NO_RUNNER, Lock, Manifest, Requirement, SourceLine
from trueup.read.manifests._declared import declared
from trueup.read.manifests._indexes import flat_index, index, is_pypi
from trueup.read.manifests._requirement_files import load as load_list
from trueup.read.manifests._toml import account, comment_of, comments, line_of, load, strings, table, tables, unknown
from trueup.read.manifests.requirements import locked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from trueup.model.document import Document, Route
    from trueup.model.tree import Tree

PATH = "pyproject.toml"
BASE = ("tool", "rye")
LOCKS = ("requirements.lock", "requirements-dev.lock")
DEV = "dev-dependencies"
# Switches of which uv has no like, or that are how it always is.
UNNEEDED = ("managed", "lock-with-sources", "generate-hashes", "universal", "all-features", "pre", "default-requires")


def read(tree: Tree) -> Iterator[Manifest]:
    """The manifest of ``[tool.rye]``, where there is one."""
    document = load(tree, PATH)
    if document is not None and not document.error and table(document, *BASE):
        yield _Reader(document, tree).manifest()


def read_lock(tree: Tree) -> Iterator[Lock]:
    """The two locks of Rye: with what development needs, and without."""
    for path in LOCKS:
        if tree.has(path):
            yield Lock(path, "rye", tuple(locked(load_list(tree, path, set()))))


class _Reader:
    def __init__(self, document: Document, tree: Tree) -> None:
        self.document, self.tree = document, tree
        self.found = table(document, *BASE)
        self.requirements: list[Requirement] = []
        self.lines: list[SourceLine] = []
        self.uv: dict[str, Any] = {}
        self.read: list[Route] = []

    def manifest(self) -> Manifest:
        for number, text in enumerate(strings(self.found.get(DEV))):
            self._requirement((*BASE, DEV, number), text)
        groups: dict[str, tuple[str, ...]] = {}
        if DEV in self.found:
            groups["dev"] = ()
            self._note(DEV, to="dependency-groups.dev")
        for key in UNNEEDED:
            if key in self.found:
                self._note(key, reason="a switch of Rye's alone")
        if self.found.get("virtual") is True:
            self.uv["package"] = False
        if "virtual" in self.found:
            self._note("virtual", to="tool.uv.package")
        self._sources()
        for name in table(self.document, *BASE, "scripts"):
            self._note("scripts", name, kind="unreadable", reason=NO_RUNNER)
        self.lines += unknown(self.document, BASE, self.read)
        taken = [item.comment for item in self.requirements]
        self.lines += comments(self.document, BASE, taken, stays=(*BASE, "scripts"))
        return Manifest(PATH, "rye", tuple(self.requirements), tuple(self.lines), uv=self.uv, groups=groups)

    def _note(self, *route: str | int, kind: str = "metadata", to: str = "", reason: str = "") -> None:
        self.read.append((*BASE, *route))
        self.lines += account(self.document, (*BASE, *route), kind=kind, to=to, reason=reason)

    def _requirement(self, at: Route, text: str) -> None:
        line, comment = line_of(self.document, *at), comment_of(self.document, *at)
        try:
            self.requirements.append(declared(text, self.tree, PATH, line, group="dev", comment=comment))
        except ValueError as problem:
            self._note(*at[len(BASE) :], kind="unreadable", reason=str(problem))

    def _sources(self) -> None:
        self.read.append((*BASE, "sources"))  # each table of the list is told by itself
        for number, item in enumerate(tables(self.found.get("sources"))):
            url, name = str(item.get("url", "")), str(item.get("name", ""))
            found, note = index(url, name=name, default=name == "default" and not is_pypi(url))
            if item.get("type") == "find-links":
                found = {**flat_index(url), "name": found["name"]}
            variable = f"UV_INDEX_{re.sub(r'[^A-Z0-9]', '_', str(found['name']).upper())}"
            if "username" in item or "password" in item:
                note = f"credentials go into {variable}_USERNAME and {variable}_PASSWORD"
            if item.get("verify-ssl") is False:
                more = "its certificate was not looked at: `allow-insecure-host` of uv, if that must stay so"
                note = f"{note}; {more}" if note else more
            if not is_pypi(url):
                self.uv.setdefault("index", []).append(found)
            self._note("sources", number, to="tool.uv.index", reason=note)
