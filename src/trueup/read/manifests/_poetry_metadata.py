"""The metadata and package files of ``[tool.poetry]``."""

from __future__ import annotations

from trueup.read.manifests._metadata import licence, people
from trueup.read.manifests._toml import account, strings, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from trueup.model.document import Document, Route
    from trueup.model.project import SourceLine

BASE = ("tool", "poetry")
_PLAIN = ("name", "version", "description", "keywords", "classifiers")
_URLS = {"homepage": "Homepage", "repository": "Repository", "documentation": "Documentation"}
_BUILD = ("packages", "include", "exclude", "build")
Found = tuple[dict[str, object], dict[str, object], list["SourceLine"], list["Route"]]


def read(document: Document) -> Found:
    """Metadata (PEP 621 keys), what the wheel holds, the account of each key, and the routes that were read."""
    reader = _Reader(document)
    reader.plain()
    reader.people_and_licence()
    reader.links()
    reader.scripts()
    reader.files()
    return reader.metadata, reader.build, reader.lines, reader.routes


class _Reader:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.poetry = table(document, *BASE)
        self.metadata: dict[str, object] = {}
        self.build: dict[str, object] = {"backend": "poetry"}
        self.lines: list[SourceLine] = []
        self.routes: list[Route] = [(*BASE, "requires-poetry"), (*BASE, "requires-plugins")]
        for route in self.routes:
            if document.get(*route) is not None:
                self.lines += account(document, route, kind="option", reason="Poetry is no longer asked")

    def _note(self, *keys: str, kind: str = "metadata", to: str = "", reason: str = "") -> None:
        self.routes.append((*BASE, *keys))
        self.lines += account(self.document, (*BASE, *keys), kind=kind, to=to, reason=reason)

    def plain(self) -> None:
        """Keys that are called the same on both sides."""
        for key in _PLAIN:
            if self.poetry.get(key):
                self.metadata[key] = self.poetry[key]
            if key in self.poetry:
                self._note(key, to=f"project.{key}", reason="" if self.poetry[key] else "empty")
        if "readme" in self.poetry:
            files = strings(self.poetry["readme"])
            if files:
                self.metadata["readme"] = files[0]
            several = f"PEP 621 knows one readme; {', '.join(files[1:])} left out" if len(files) > 1 else ""
            self._note("readme", kind="unreadable" if several else "metadata", to="project.readme", reason=several)

    def people_and_licence(self) -> None:
        """Authors, maintainers, licence."""
        for key in ("authors", "maintainers"):
            if key in self.poetry:
                self.metadata[key] = people(strings(self.poetry[key]))
                self._note(key, to=f"project.{key}")
        if isinstance(self.poetry.get("license"), str):
            self.metadata["license"] = licence(self.poetry["license"])
            self._note("license", to="project.license")

    def links(self) -> None:
        """Homepage and the like are entries of ``project.urls``."""
        urls = {label: self.poetry[key] for key, label in _URLS.items() if isinstance(self.poetry.get(key), str)}
        urls |= {name: link for name, link in table(self.document, *BASE, "urls").items() if isinstance(link, str)}
        if urls:
            self.metadata["urls"] = urls
        for key in (*_URLS, "urls"):
            if key in self.poetry:
                self._note(key, to="project.urls")

    def scripts(self) -> None:
        """Scripts and plugins; a script that is a file has no place in the standard."""
        found: dict[str, str] = {}
        for name, value in table(self.document, *BASE, "scripts").items():
            match value:
                case str() | {"callable": str()} | {"reference": str(), "type": "console"}:
                    found[name] = value if isinstance(value, str) else value.get("callable") or value["reference"]
                    extras = "its extras are left out" if isinstance(value, dict) and value.get("extras") else ""
                    self._note("scripts", name, to=f"project.scripts.{name}", reason=extras)
                case _:
                    self._note(
                        "scripts", name, kind="unreadable", reason="a script that is a file has no standard form"
                    )
        plugins = {
            group: dict(entries)
            for group, entries in table(self.document, *BASE, "plugins").items()
            if isinstance(entries, dict)
        }
        for group in plugins:
            self._note("plugins", group, to=f"project.{_ENTRY_TABLES.get(group, 'entry-points')}")
        found |= plugins.pop("console_scripts", {})
        gui = plugins.pop("gui_scripts", {})
        self.metadata |= {
            key: value for key, value in (("scripts", found), ("gui-scripts", gui), ("entry-points", plugins)) if value
        }

    def files(self) -> None:
        """What the wheel and the source archive hold."""
        for key in _BUILD:
            if key not in self.poetry:
                continue
            value: Any = self.poetry[key]
            self.build[key] = value
            if key == "build":
                self._note(key, kind="unreadable", reason="a build script has no standard form")
            else:
                self._note(key, to="wheel")


_ENTRY_TABLES = {"console_scripts": "scripts", "gui_scripts": "gui-scripts"}
