"""The standard tables of pyproject.toml: PEP 621 metadata, PEP 735 groups, and uv's own.

Source: https://packaging.python.org/en/latest/specifications/pyproject-toml/
"""

from __future__ import annotations

from trueup.model.names import normal
from trueup.model.project import Manifest, Requirement, SourceLine
from trueup.read.manifests._pep508 import requirement
from trueup.read.manifests._requirement_files import resolve
from trueup.read.manifests._requirement_lines import lines, split_options
from trueup.read.manifests._toml import comment_of, line_of, load, noted, strings, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from trueup.model.document import Document, Route
    from trueup.model.tree import Tree

PATH = "pyproject.toml"
_STANDARD = ("project", "dependency-groups", "build-system")


def read(tree: Tree) -> Iterator[Manifest]:
    """The manifest of the standard tables, where any stands; a broken file is one with an error."""
    document = load(tree, PATH)
    if document is None:
        return
    if document.error:
        yield Manifest(PATH, "pyproject", error=document.error)
    elif any(name in document.data for name in _STANDARD) or table(document, "tool", "uv"):
        yield _Reader(tree, document).manifest()


# https://packaging.python.org/en/latest/specifications/pyproject-toml/
TYPES: tuple[tuple[Route, type, str], ...] = (
    (("project", "name"), str, "text"),
    (("project", "version"), str, "text"),
    (("project", "requires-python"), str, "text"),
    (("build-system", "requires"), list, "list"),
)


class _Reader:
    def __init__(self, tree: Tree, document: Document) -> None:
        self.tree = tree
        self.document = document
        self.requirements: list[Requirement] = []
        self.lines: list[SourceLine] = []
        self.groups: dict[str, tuple[str, ...]] = {}
        found = table(document, "tool", "uv", "sources")
        self.sources = {normal(name): source for name, source in found.items()}

    def manifest(self) -> Manifest:
        project = table(self.document, "project")
        self._types()
        self._array(("project", "dependencies"), "")
        for name in table(self.document, "project", "optional-dependencies"):
            self._array(("project", "optional-dependencies", name), name, is_extra=True)
        for name in table(self.document, "dependency-groups"):
            self.groups[name] = ()
            self._array(("dependency-groups", name), name)
        self._array(("tool", "uv", "dev-dependencies"), "dev")
        self._dynamic(project)
        return Manifest(
            PATH,
            "pyproject",
            tuple(self.requirements),
            tuple(self.lines),
            metadata=project,
            uv=table(self.document, "tool", "uv"),
            build=table(self.document, "build-system"),
            groups=self.groups,
        )

    def _types(self) -> None:
        """What must be a text, or a list, and is none: no tool reads it."""
        for route, kind, said in TYPES:
            found = self.document.get(*route)
            if found is not None and not isinstance(found, kind):
                self.lines.append(noted(self.document, route, kind="unreadable", reason=f"not a {said}"))

    def _array(self, route: Route, group: str, *, is_extra: bool = False) -> None:
        for position, item in enumerate(self._items(route)):
            at = (*route, position)
            if isinstance(item, str):
                self._requirement(at, item, group, is_extra)
            elif isinstance(item, dict) and isinstance(item.get("include-group"), str):
                included = (*self.groups.get(group, ()), item["include-group"])
                self.groups[group] = included
                self.lines.append(noted(self.document, at, kind="include", value=item["include-group"]))
            else:
                self.lines.append(noted(self.document, at, kind="unreadable", reason="not a requirement"))

    def _items(self, route: Route) -> list[Any]:
        found = self.document.get(*route)
        if found is not None and not isinstance(found, list):
            self.lines.append(noted(self.document, route, kind="unreadable", reason="not a list"))
        return found if isinstance(found, list) else []

    def _requirement(self, at: Route, text: str, group: str, is_extra: bool) -> None:
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
            self.lines.append(noted(self.document, at, kind="unreadable", value=text, reason=str(problem)))
            return
        source = self.sources.get(item.name)
        self.requirements.append(item._replace(source=source) if isinstance(source, dict) else item)

    def _dynamic(self, project: dict[str, Any]) -> None:
        """``dynamic`` dependencies that setuptools reads from requirements files."""
        dynamic = strings(project.get("dynamic"))
        tables = table(self.document, "tool", "setuptools", "dynamic")
        extras = tables.get("optional-dependencies")
        if "dependencies" in dynamic:
            self._files(("tool", "setuptools", "dynamic", "dependencies"), tables.get("dependencies"), "", False)
        if "optional-dependencies" in dynamic and isinstance(extras, dict):
            for name, value in extras.items():
                self._files(("tool", "setuptools", "dynamic", "optional-dependencies", name), value, name, True)

    def _files(self, route: Route, value: object, group: str, is_extra: bool) -> None:
        files = strings(value.get("file")) if isinstance(value, dict) else []
        for file in files:
            path = resolve("", file)
            if not self.tree.has(path):
                self.lines.append(noted(self.document, route, kind="unreadable", value=path, reason="no such file"))
                continue
            self.lines.append(noted(self.document, route, kind="include", value=path, to="project.dependencies"))
            for line in lines(self.tree.text(path)):
                try:
                    text = split_options(line.text)[0]
                    item = requirement(text, path, line.number, group=group, is_extra=is_extra, comment=line.comment)
                except ValueError:
                    continue
                self.requirements.append(item)
