"""setup.cfg: setuptools' declarative form.

Source: https://setuptools.pypa.io/en/latest/userguide/declarative_config.html
"""

from __future__ import annotations

import re

from trueup.model.project import Manifest, Requirement, SourceLine
from trueup.read.manifests._pep508 import requirement
from trueup.read.manifests._setuptools import BUILD, add_entry_points, people, simple, split_extra, with_marker
from trueup.text.encodings import decode
from trueup.text.ini import read as read_ini

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from trueup.model.tree import Tree
    from trueup.text.ini import Ini, Item, Line, Section

PATH = "setup.cfg"
_OWN = ("metadata", "options")
_RENAMED = {
    "home_page": "url",
    "summary": "description",
    "classifier": "classifiers",
    "license_file": "license_files",
    "description_file": "long_description",
    "author_mail": "author_email",
    "license_expression": "license",
}
_COMMANDS = ("bdist_wheel", "aliases", "wheel", "sdist", "egg_info", "upload", "upload_docs", "build_sphinx", "install")
_PEOPLE = ("author", "author_email", "maintainer", "maintainer_email")


def read(tree: Tree) -> Iterator[Manifest]:
    """``setup.cfg``, where it has metadata or options of setuptools."""
    if not tree.has(PATH):
        return
    try:
        found = read_ini(decode(tree.read(PATH)))
    except ValueError as problem:
        yield Manifest(PATH, "setup.cfg", error=str(problem))
        return
    if any(section.name.partition(".")[0] in _OWN for section in found.sections):
        yield _Reader(tree, found).manifest()


class _Reader:
    def __init__(self, tree: Tree, file: Ini) -> None:
        self.tree = tree
        self.file = file
        self.metadata: dict[str, Any] = {}
        self.build: dict[str, Any] = {"backend": "setuptools"}
        self.requirements: list[Requirement] = []
        self.lines: list[SourceLine] = []
        self.groups: dict[str, tuple[str, ...]] = {}
        self.said: dict[str, str] = {}

    def manifest(self) -> Manifest:
        for section in self.file.sections:
            self._section(section)
        stays = any(line.kind == "kept" for line in self.lines)
        self._comments(self.file.comments, kind="kept" if stays else "comment")
        people(self.said, self.metadata)
        return Manifest(
            PATH,
            "setup.cfg",
            tuple(self.requirements),
            tuple(self.lines),
            self.metadata,
            build=self.build,
            groups=self.groups,
        )

    def _section(self, section: Section) -> None:
        readers = {
            "metadata": self._metadata,
            "options": self._options,
            "options.extras_require": self._extra,
            "options.entry_points": self._entry_point,
            "options.packages.find": self._find,
            "options.package_data": self._data,
            "options.exclude_package_data": self._data,
            "options.data_files": self._no_form,
        }
        reader = readers.get(section.name)
        heading = SourceLine(PATH, section.first, f"[{section.name}]", "option")
        if reader is None:
            # Another tool's settings, or a command of setup.py: not this reader's to convert.
            gone = section.name in _COMMANDS
            reason = "a command of setup.py" if gone else "the settings of another tool"
            last = section.last
            self.lines.append(heading._replace(kind="option" if gone else "kept", end=last, reason=reason))
            return
        self.lines.append(heading._replace(reason="a heading; its keys are told one by one"))
        for item in section.items:
            reader(section, item)
        self._comments(section.comments)

    def _comments(self, found: tuple[Line, ...], kind: str = "comment") -> None:
        for number, text in found:
            self.lines.append(SourceLine(PATH, number, text, kind, text, reason="it speaks of setup.cfg"))

    def _note(self, item: Item, *, kind: str = "metadata", to: str = "", reason: str = "") -> None:
        text = f"{item.key} = {item.value.partition(chr(10))[0]}".strip()
        self.lines.append(SourceLine(PATH, item.first, text, kind, "", item.last, to, reason))

    # --- sections

    def _metadata(self, _section: Section, item: Item) -> None:
        key = item.key.replace("-", "_").lower()
        key = _RENAMED.get(key, key)
        value: Any = item.value
        if key in _PEOPLE:
            self.said[key] = value
            self._note(item, to=f"project.{key.partition('_')[0]}s")
        elif key == "version":
            self._version(item)
        elif key in ("long_description", "long_description_content_type"):
            self._readme(item, key)
        elif key == "license_files":
            self.metadata["license-files"] = value.replace(",", "\n").split()
            self._note(item, to="project.license-files")
        elif key == "project_urls":
            pairs = [line.partition("=") for line in value.splitlines() if "=" in line]
            self.metadata.setdefault("urls", {}).update({name.strip(): link.strip() for name, _, link in pairs})
            self._note(item, to="project.urls")
        else:
            self._plain(item, key, self._text(value) if key == "description" else value)

    def _plain(self, item: Item, key: str, value: Any) -> None:
        said = simple(key, value, self.metadata)
        if said is None or value is None:
            self._note(item, kind="unreadable", reason=f"{item.key}: no standard form")
        else:
            self._note(item, kind=said.kind, to=said.to, reason=said.reason)

    def _text(self, value: str) -> str | None:
        """``file: README.md`` is the file's text, for a value that must be one line."""
        if not value.startswith("file:"):
            return value
        path = value.removeprefix("file:").strip()
        return self.tree.text(path).strip() if self.tree.has(path) else None

    def _version(self, item: Item) -> None:
        if not item.value.startswith(("attr:", "file:")):
            self.metadata["version"] = item.value
            self._note(item, to="project.version")
            return
        self.metadata["dynamic"] = ["version"]
        how, _, where = item.value.partition(":")
        self.build["version"] = {how: where.strip()}
        self._note(item, to="project.dynamic", reason="the build backend reads it from there, as before")

    def _readme(self, item: Item, key: str) -> None:
        if key == "long_description_content_type":
            self._note(item, kind="option", reason="the backend knows it by the readme's suffix")
            return
        value = re.sub(r"^file:\s*", "", item.value)
        files = [path.strip() for path in re.split(r"[,\n]", value) if path.strip()]
        if item.value.startswith("file:") or item.key.replace("-", "_").lower() == "description_file":
            self.metadata["readme"] = files[0] if files else ""
            several = f"PEP 621 knows one readme; {', '.join(files[1:])} left out" if len(files) > 1 else ""
            self._note(item, to="project.readme", reason=several)
        else:
            self._note(item, kind="unreadable", reason="the text of a readme; put it into a file")

    def _options(self, _section: Section, item: Item) -> None:
        key = item.key.replace("-", "_").lower()
        listed = [part.strip() for part in re.split(r"[\n;,]" if key != "install_requires" else r"\n", item.value)]
        listed = [part for part in listed if part]
        if key in ("install_requires", "tests_require"):
            self._requirements(item, "test" if key == "tests_require" else "", is_extra=False)
        elif key == "setup_requires":
            self.build["requires"] = item.value.split("\n")
            self._note(item, to="build-system.requires")
        elif key == "package_dir":
            pairs = [part.partition("=") for part in listed]
            self.build[key] = {name.strip(): place.strip() for name, _, place in pairs}
            self._note(item, to="wheel")
        elif key == "packages" and item.value.startswith("find"):
            found = self.build.get(key) if isinstance(self.build.get(key), dict) else {}
            how = "find_namespace_packages" if "namespace" in item.value else "find_packages"
            self.build[key] = {"where": ".", **(found or {}), "find": how}
            self._note(item, to="wheel")
        elif key in BUILD:
            self.build[key] = item.value.lower() in ("true", "1", "yes") if key.startswith("include") else listed
            self._note(item, to="wheel")
        elif key in ("scripts", "data_files", "cmdclass", "ext_modules"):
            self._no_form(_section, item)
        else:
            self._plain(item, key, item.value)

    def _extra(self, _section: Section, item: Item) -> None:
        extra, marker = split_extra(item.key)
        self._requirements(item, extra, is_extra=bool(extra), marker=marker)

    def _entry_point(self, _section: Section, item: Item) -> None:
        lines = {item.key: [line.text.partition(" #")[0].strip() for line in item.lines]}
        found: dict[str, Any] = {}
        reason = add_entry_points(lines, found)
        for key, value in found.items():
            self.metadata.setdefault(key, {}).update(value)
        self._note(item, to=f"project.{next(iter(found), 'scripts')}", reason=reason)

    def _find(self, _section: Section, item: Item) -> None:
        packages = self.build.setdefault("packages", {"find": "find_packages", "where": "."})
        if isinstance(packages, dict):
            packages[item.key] = (
                item.value if item.key == "where" else [line for line in item.value.split("\n") if line]
            )
            self._note(item, to="wheel")
        else:
            self._note(item, kind="option", reason="packages are listed by name, which wins")

    def _data(self, section: Section, item: Item) -> None:
        key = section.name.removeprefix("options.")
        patterns = [part.strip() for part in re.split(r"[,\n]", item.value) if part.strip()]
        self.build.setdefault(key, {})[item.key] = patterns
        self._note(item, to="wheel")

    def _no_form(self, _section: Section, item: Item) -> None:
        self.build["keeps"] = True
        self._note(item, kind="unreadable", reason=f"{item.key}: no standard form")

    def _requirements(self, item: Item, group: str, *, is_extra: bool, marker: str = "") -> None:
        if group and not is_extra:
            self.groups[group] = ()
        where = f"dependency-groups.{group}" if group else "project.dependencies"
        self._note(item, to=f"project.optional-dependencies.{group}" if is_extra else where)
        comments = {comment.number: comment.text for comment in item.comments}
        self.lines += [SourceLine(PATH, number, text, "comment", text) for number, text in comments.items()]
        if item.value.startswith("file:"):
            self._note(item, kind="unreadable", reason=f"{item.key}: reads a file")
            return
        for line in item.lines:
            text, _, comment = line.text.partition(" #")
            if not text.strip():
                continue
            try:
                found = requirement(
                    with_marker(text, marker),
                    PATH,
                    line.number,
                    group=group,
                    is_extra=is_extra,
                    comment=f"#{comment}" if comment else "",
                )
            except ValueError as problem:
                self.lines.append(SourceLine(PATH, line.number, line.text, "unreadable", reason=str(problem)))
                continue
            self.requirements.append(found)
