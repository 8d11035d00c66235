"""requirements.txt and its kin: every legal form of pip, each line accounted for.

Source: "Requirements File Format" in pip's documentation. A file that pip-compile made from a ``.in``
beside it is a lock, not a declaration.
"""

from __future__ import annotations

import posixpath

from trueup.model.pattern import lazy
from trueup.model.project import Lock, LockedPackage, Manifest, Requirement, SourceLine
from trueup.read.manifests._direct import direct, is_direct
from trueup.read.manifests._indexes import flat_index, index, is_pypi
from trueup.read.manifests._pep508 import requirement, written
from trueup.read.manifests._requirement_files import File, constraint_files, gather, groups, resolve
from trueup.read.manifests._requirement_lines import Line, Option, split_options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.tree import Tree

_DROPPED = {
    "--require-hashes": "uv.lock holds the hash of every file",
    "--prefer-binary": "uv prefers wheels",
    "--use-feature": "a switch of pip alone",
    "--global-option": "a switch of setup.py that uv does not pass on",
    "--install-option": "a switch of setup.py that uv does not pass on",
    "--hash": "uv.lock holds the hash of every file",
}
_QUOTES = ('"""', "'''")


def read(tree: Tree) -> Iterator[Manifest]:
    """Every requirements and constraints file that declares something."""
    files = gather(tree)
    named = groups(files)
    only_constrain = constraint_files(files)
    for path, file in files.items():
        if file.error:
            yield Manifest(path, "requirements", error=file.error)
        elif path in only_constrain:
            yield _constraints(file)
        elif not file.compiled or _has_options(file):
            yield _Reader(tree, file, files, named).manifest()


def read_lock(tree: Tree) -> Iterator[Lock]:
    """Compiled requirements files: what pip-compile fixed."""
    for path, file in gather(tree).items():
        if file.compiled:
            yield Lock(path, "pip-tools", tuple(locked(file)))


def locked(file: File) -> Iterator[LockedPackage]:
    """What a list in pip's form pins."""
    for line in file.lines:
        try:
            text, options = split_options(line.text)
            item = requirement(text, file.path, line.number) if text else None
        except ValueError:
            continue
        if item and item.pin:
            hashed = any(option.name == "--hash" for option in options)
            yield LockedPackage(item.name, item.pin, marker=item.marker, hashed=hashed)


def _has_options(file: File) -> bool:
    return any(line.text.startswith("-") and not line.text.startswith(("-r", "-c", "-e")) for line in file.lines)


NO_PACKAGE = "python is no package, and pip passed over it: requires-python says which Python it is"


def _constraints(file: File) -> Manifest:
    kept: list[str] = []
    noted: list[SourceLine] = []
    for line in file.lines:
        row = SourceLine(file.path, line.number, line.comment or line.text, "comment", line.comment, line.end)
        if line.text:
            if line.comment:
                noted.append(row)
            row = row._replace(text=line.text)
            try:
                item = requirement(split_options(line.text)[0], file.path, line.number)
                if item.name == "python":
                    row = row._replace(kind="python", value=item.text, reason=NO_PACKAGE)
                else:
                    kept.append(item.text)
                    row = row._replace(kind="constrained", value=item.text, to="tool.uv.constraint-dependencies")
            except ValueError as problem:
                row = row._replace(kind="unreadable", reason=str(problem))
        noted.append(row)
    return Manifest(file.path, "constraints", lines=tuple(noted), uv={"constraint-dependencies": kept} if kept else {})


INDEX = lazy(r"(?:-i|--index-url|--pypi-url)[ =]*(\S+)")


class _Reader:
    """Reads one requirements file; collects requirements, other lines, and settings for uv."""

    def __init__(self, tree: Tree, file: File, files: dict[str, File], named: dict[str, str]) -> None:
        self.tree = tree
        self.file = file
        self.files = files
        self.named = named
        self.group = named[file.path]
        self.requirements: list[Requirement] = []
        self.lines: list[SourceLine] = []
        self.includes: list[str] = []
        self.uv: dict[str, list[object] | object] = {}
        self.quote = ""

    def manifest(self) -> Manifest:
        for line in self.file.lines:
            self._line(line)
        return Manifest(
            self.file.path,
            "requirements",
            tuple(self.requirements),
            tuple(self.lines),
            uv=self.uv,
            groups={self.group: tuple(dict.fromkeys(self.includes))} if self.group else {},
        )

    def _note(self, line: Line, kind: str, value: str = "", *, to: str = "", reason: str = "") -> None:
        text = line.text if kind != "comment" else line.comment or line.text
        self.lines.append(SourceLine(self.file.path, line.number, text, kind, value, line.end, to, reason))

    def _line(self, line: Line) -> None:
        if self._is_prose(line):
            self._note(line, "comment", f"# {line.text}".rstrip())
            return
        if not line.text:
            self._note(line, "comment", line.comment)
            return
        try:
            text, options = split_options(line.text)
        except ValueError as problem:
            self._note(line, "unreadable", reason=str(problem))
            return
        if self.file.compiled and text:
            return
        if text:
            self._requirement(line, text)
        for option in options:
            self._option(line, option, behind_requirement=bool(text))

    def _is_prose(self, line: Line) -> bool:
        """Text between triple quotes: people write docstrings into requirements files, and pip then refuses them."""
        marks = [quote for quote in _QUOTES if line.text.count(quote) % 2]
        inside = bool(self.quote)
        if self.quote and self.quote in marks:
            self.quote = ""
        elif not self.quote and line.text.startswith(_QUOTES):
            self.quote = marks[0] if marks else ""
            return True
        return inside

    def _requirement(self, line: Line, text: str, *, editable: bool = False) -> None:
        try:
            if editable or is_direct(text):
                self._direct(line, text, editable)
                return
            item = requirement(text, self.file.path, line.number, group=self.group, comment=line.comment, end=line.end)
        except ValueError as problem:
            self._note(line, "unreadable", reason=str(problem))
            return
        self.requirements.append(item)

    def _direct(self, line: Line, text: str, editable: bool) -> None:
        found = direct(text, self.tree, posixpath.dirname(self.file.path), editable=editable)
        if found.itself:
            value = f".[{','.join(found.extras)}]" if found.extras else "."
            self._note(line, "editable", value, reason="uv sync installs the project itself, editable")
            return
        if found.problem:
            self._note(line, "unreadable", reason=found.problem)
            return
        self.requirements.append(
            requirement(
                written(found.name, found.extras, "", found.marker),
                self.file.path,
                line.number,
                group=self.group,
                comment=line.comment,
                end=line.end,
                source=found.source,
            )._replace(url=str(found.source.get("git") or found.source.get("url") or found.source.get("path")))
        )
        if found.note:
            self._note(line, "option", to=f"tool.uv.sources.{found.name}", reason=found.note)

    def _option(self, line: Line, option: Option, *, behind_requirement: bool) -> None:
        name, value = option
        if name in _DROPPED:
            if not behind_requirement or name != "--hash":
                self._note(line, "option", value, reason=_DROPPED[name])
        elif name == "--editable":
            self._requirement(line, value, editable=True)
        elif name in ("--requirement", "--constraint"):
            self._include(line, name, value)
        elif name in ("--index-url", "--pypi-url", "--extra-index-url", "--find-links"):
            self._index(line, name, value)
        else:
            self._setting(line, name, value)

    def _include(self, line: Line, name: str, value: str) -> None:
        kind = "include" if name == "--requirement" else "constraint"
        target = resolve(self.file.path, value)
        if "://" in value or not self.tree.has(target):
            why = "trueup reads no URLs" if "://" in value else "the file is not there"
            self._note(line, "unreadable", value, reason=f"{value}: {why}")
            return
        stem = f"{target.rpartition('.')[0]}.in"
        source = stem if stem in self.files else target
        if kind == "constraint":
            known = source in self.named and source not in constraint_files(self.files)
            reason = "uv.lock resolves both files together" if known else ""
            self._note(line, kind, source, to="tool.uv.constraint-dependencies", reason=reason)
            return
        group = self.named.get(source, "")
        if group and group != self.group:
            self.includes.append(group)
        self._note(line, kind, source, to=f"dependency-groups.{group}" if group else "project.dependencies")

    def _index(self, line: Line, name: str, value: str) -> None:
        if "${" in value.rpartition("@")[2]:
            self._note(line, "unreadable", reason="uv expands no variables in the address of an index")
            return
        if name == "--find-links":
            self._add("index", flat_index(value))
            self._note(line, "find-links", value, to="tool.uv.index")
            return
        if is_pypi(value) and not (name == "--extra-index-url" and self._replaces_pypi()):
            self._note(line, "index", value, reason="PyPI is uv's default index")
            return
        default = name != "--extra-index-url"
        table, note = index(value, default=default)
        if not default:
            order = "uv takes the first index that has a package, pip took the best version of all"
            note = f"{order}; {note}" if note else order
        self._add("index", table)
        self._note(line, "index" if default else "extra-index", str(table["url"]), to="tool.uv.index", reason=note)

    def _replaces_pypi(self) -> bool:
        """Whether the file makes another index the first one, so that PyPI counts only where it is named, too."""
        chosen = (INDEX.match(line.text) for line in self.file.lines)
        return any(found and not is_pypi(found[1]) for found in chosen)

    def _setting(self, line: Line, name: str, value: str) -> None:
        all_key, one_key = {"--no-binary": ("no-binary", "no-binary-package")}.get(
            name, ("no-build", "no-build-package")
        )
        match name:
            case "--no-index":
                self.uv["no-index"] = True
                to = "no-index"
            case "--pre":
                self.uv["prerelease"] = "allow"
                to = "prerelease"
            case "--trusted-host":
                to = "allow-insecure-host"
                self._add(to, value)
            case "--no-binary" | "--only-binary" if value == ":all:":
                self.uv[all_key] = True
                to = all_key
            case "--no-binary" | "--only-binary" if value != ":none:":
                to = one_key
                for package in value.split(","):
                    self._add(one_key, package.strip())
            case _:
                self._note(line, "option", value, reason="uv has no such setting for one package here")
                return
        self._note(line, "option", value, to=f"tool.uv.{to}")

    def _add(self, key: str, value: object) -> None:
        listed = self.uv.setdefault(key, [])
        if isinstance(listed, list) and value not in listed:
            listed.append(value)
