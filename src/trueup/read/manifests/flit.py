"""Flit before PEP 621: ``[tool.flit.metadata]``.

Source: https://flit.pypa.io/en/stable/pyproject_toml.html#old-style-metadata
"""

from __future__ import annotations

from trueup.model.project import Manifest, Requirement, SourceLine
from trueup.read.manifests._metadata import licence, person
from trueup.read.manifests._pep508 import requirement
from trueup.read.manifests._toml import account, comment_of, comments, line_of, load, strings, table, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from trueup.model.document import Document, Route
    from trueup.model.tree import Tree

PATH = "pyproject.toml"
BASE = ("tool", "flit")
_PLAIN = {
    "dist-name": "name",
    "requires-python": "requires-python",
    "classifiers": "classifiers",
    "description-file": "readme",
}
_PEOPLE = ("author", "author-email", "maintainer", "maintainer-email")


def read(tree: Tree) -> Iterator[Manifest]:
    """The manifest of the old ``[tool.flit]`` tables."""
    document = load(tree, PATH)
    if document is not None and not document.error and table(document, *BASE, "metadata"):
        yield _Reader(document).manifest()


class _Reader:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.found = table(document, *BASE, "metadata")
        self.metadata: dict[str, Any] = {"dynamic": ["version", "description"]}
        self.requirements: list[Requirement] = []
        self.lines: list[SourceLine] = []
        self.groups: dict[str, tuple[str, ...]] = {}
        self.read: list[Route] = []
        self.build: dict[str, Any] = {"backend": "flit"}

    def manifest(self) -> Manifest:
        self._metadata()
        self._array((*BASE, "metadata", "requires"), "")
        for name in ("dev-requires", "requires-extra"):
            value = self.found.get(name)
            if isinstance(value, list):
                self.groups["dev"] = ()
                self._array((*BASE, "metadata", name), "dev")
            for extra in value if isinstance(value, dict) else ():
                self._array((*BASE, "metadata", name, extra), extra, is_extra=True)
        self._points()
        if table(self.document, *BASE, "sdist"):
            self._note((*BASE, "sdist"), kind="kept", reason="the build backend reads it")
        self.lines += unknown(self.document, BASE, self.read)
        taken = [item.comment for item in self.requirements]
        self.lines += comments(self.document, BASE, taken, elsewhere="project")
        return Manifest(
            PATH,
            "flit",
            tuple(self.requirements),
            tuple(self.lines),
            self.metadata,
            build=self.build,
            groups=self.groups,
        )

    def _note(self, route: Route, *, kind: str = "metadata", to: str = "", reason: str = "") -> None:
        self.read.append(route)
        self.lines += account(self.document, route, kind=kind, to=to, reason=reason)

    def _metadata(self) -> None:
        base = (*BASE, "metadata")
        if isinstance(self.found.get("module"), str):
            self.build["module"] = self.found["module"]
            self.metadata["name"] = self.found["module"]
            self._note((*base, "module"), to="tool.flit.module")
        for key, standard in _PLAIN.items():
            if key in self.found:
                self.metadata[standard] = self.found[key]
                self._note((*base, key), to=f"project.{standard}")
        for key in ("author", "maintainer"):
            listed = person(self.found.get(key), self.found.get(f"{key}-email"))
            if listed:
                self.metadata[f"{key}s"] = listed
        for key in _PEOPLE:
            if key in self.found:
                self._note((*base, key), to=f"project.{key.partition('-')[0]}s")
        self._texts(base)

    def _texts(self, base: Route) -> None:
        """Licence, keywords and links, which the standard writes otherwise."""
        if isinstance(self.found.get("license"), str):
            self.metadata["license"] = licence(self.found["license"])
            self._note((*base, "license"), to="project.license")
        if isinstance(self.found.get("keywords"), str):
            self.metadata["keywords"] = [word.strip() for word in self.found["keywords"].split(",") if word.strip()]
            self._note((*base, "keywords"), to="project.keywords")
        urls = {"Homepage": self.found["home-page"]} if isinstance(self.found.get("home-page"), str) else {}
        urls |= {
            name: link for name, link in table(self.document, *map(str, base), "urls").items() if isinstance(link, str)
        }
        if urls:
            self.metadata["urls"] = urls
        for key in ("home-page", "urls"):
            if key in self.found:
                self._note((*base, key), to="project.urls")

    def _array(self, route: Route, group: str, *, is_extra: bool = False) -> None:
        listed = strings(self.document.get(*route))
        self.read.append(route)
        for number, text in enumerate(listed):
            at = (*route, number)
            try:
                item = requirement(
                    text,
                    PATH,
                    line_of(self.document, *at),
                    group=group,
                    is_extra=is_extra,
                    comment=comment_of(self.document, *at),
                )
            except ValueError as problem:
                self._note(at, kind="unreadable", reason=str(problem))
                continue
            self.requirements.append(item)
        if self.document.get(*route) is not None:
            where = f"dependency-groups.{group}" if group else "project.dependencies"
            self._note(route, to=f"project.optional-dependencies.{group}" if is_extra else where)

    def _points(self) -> None:
        for key, standard in (("scripts", "scripts"), ("entrypoints", "entry-points")):
            found = table(self.document, *BASE, key)
            if found:
                self.metadata[standard] = found
                self._note((*BASE, key), to=f"project.{standard}")
