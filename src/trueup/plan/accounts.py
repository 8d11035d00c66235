"""Accounts of source lines: what the readers said of each line, turned into its fate."""

from __future__ import annotations

import re

from trueup.errors import PlanRefused
from trueup.model.plan import LedgerRow
from trueup.model.project import NO_RUNNER
from trueup.plan.ledger import rows, unaccounted
from trueup.plan.merge import generated
from trueup.plan.pyproject_writer import Pyproject
from trueup.text.encodings import decode
from trueup.text.toml_read import scan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from trueup.model.change import Change
    from trueup.model.project import Lock, Manifest, SourceLine
    from trueup.model.tree import Tree
    from trueup.plan.merge import Merged

PATH = "pyproject.toml"
PIPFILE = "Pipfile"
_HEADING = re.compile(r"\s*\[+[^\]]+\]+\s*(#.*)?")


class Accounts:
    """Accounts of one conversion; ``notes`` say what became of a key of pyproject.toml that is gone."""

    def __init__(self, tree: Tree, sources: list[Manifest]) -> None:
        self.sources = sources
        self.texts = {item.path: _text(tree, item.path) for item in sources}
        self.base = _text(tree, PATH) if tree.has(PATH) else ""
        self.notes: dict[tuple[str, ...], tuple[str, str, str]] = {}
        self.needed: dict[str, str] = {}

    def is_settled(self, path: str) -> bool:
        """Whether nothing in a file still needs a person, or another reader."""
        lines = [line for source in self.sources if source.path == path for line in source.lines]
        unsettled = (line for line in lines if line.kind == "unreadable")
        return path not in self.needed and all(path == PIPFILE and line.reason == NO_RUNNER for line in unsettled)

    def rest(self, path: str) -> str:
        """What stays of a file: the lines of other tools, and Pipenv's scripts; empty where nothing of worth does."""
        lines = [line for source in self.sources if source.path == path for line in source.lines]
        if any(line.reason == NO_RUNNER for line in lines):
            return _only(self.texts[path], "scripts")
        if not any(line.kind == "kept" for line in lines):
            return ""
        gone = {
            number for line in lines if line.kind != "kept" for number in range(line.line, max(line.line, line.end) + 1)
        }
        kept = [text for number, text in enumerate(self.texts[path].splitlines(True), 1) if number not in gone]
        return "".join(kept).lstrip("\r\n")

    def kept_keys(self, source: Manifest, table: tuple[str, ...]) -> list[tuple[str | int, ...]]:
        """The keys below ``table`` that must stay: nobody could read them, or another tool still does."""
        numbers = {line.line for line in source.lines if line.kind in ("unreadable", "kept")}
        return [
            route
            for route, node in scan(self.base).nodes.items()
            if node.kind == "key" and route[: len(table)] == table and node.line in numbers
        ]

    def ledger(
        self,
        merged: Merged,
        file: Pyproject,
        broken: Iterable[Manifest],
        locks: Iterable[Lock],
        changes: Iterable[Change],
    ) -> tuple[LedgerRow, ...]:
        """A row for every line of every source; raises ``PlanRefused`` where one would have none."""
        found = [row for fate in merged.fates for row in self._rows(fate.requirement, fate.fate, fate.to, fate.reason)]
        written = file.text
        for source in self.sources:
            for line in source.lines:
                found += self._line(line, written)
        for path, reason in self.needed.items():
            found.append(LedgerRow(path, 0, path, "needs-you", "", f"the file stays: {reason}"))
        for manifest in broken:
            found.append(LedgerRow(manifest.path, 0, manifest.path, "needs-you", "", manifest.error))
        for lock in locks:
            found.append(
                LedgerRow(lock.path, 0, lock.path, "moved", "uv.lock", "its versions are the versions of uv.lock")
            )
        found += self._headings(found)
        if any(True for _ in changes) and self.base:
            found += self._standard(found, file)
        texts = {path: text for path, text in self.texts.items() if path != PATH}
        missing = unaccounted({**texts, **({PATH: self.base} if written != self.base else {})}, found)
        if missing:
            path, number, text = missing[0]
            raise PlanRefused(
                f"{path}:{number}: {text.strip()!r} would be lost", "mend the line; if it is right, report it"
            )
        order = {path: number for number, path in enumerate(dict.fromkeys([PATH, *self.texts]))}
        return tuple(
            sorted(dict.fromkeys(found), key=lambda row: (order.get(row.path, len(order)), row.path, row.line))
        )

    def _rows(self, item: object, fate: str, to: str, reason: str) -> list[LedgerRow]:
        path, line, end = getattr(item, "path"), getattr(item, "line"), getattr(item, "end")  # noqa: B009 - two nouns share the names
        source = self.texts.get(path, self.base if path == PATH else "")
        where = to if to in ("", "uv.lock", PATH) else f"{PATH} {to}"
        return rows(path, source.splitlines(), line, end, LedgerRow(path, line, "", fate, where, reason))

    def _line(self, line: SourceLine, written: str) -> list[LedgerRow]:
        if line.kind == "unreadable":
            return self._rows(line, "needs-you", "", line.reason)
        if line.kind == "comment":
            return self._comment(line, written)
        if line.kind == "kept":
            return self._rows(line, "kept", line.to, line.reason)
        if line.to:
            known = self.notes.get(tuple(line.to.split("."))) or self.notes.get((line.kind, line.value))
            fate, to, reason = known or ("moved", line.to, line.reason)
            return self._rows(line, fate, to.removeprefix(f"{PATH} "), reason or line.reason)
        if line.kind == "editable":
            return self._rows(line, "merged", "project", line.reason)
        return self._rows(line, "dropped", "", line.reason)

    def _comment(self, line: SourceLine, written: str) -> list[LedgerRow]:
        if line.reason:
            return self._rows(line, "dropped", "", line.reason)
        if generated(line):
            return self._rows(line, "dropped", "", "a tool wrote it into the file that goes")
        if line.value in written:
            return self._rows(line, "moved", PATH, "")
        return self._rows(line, "dropped", "", line.reason or "it speaks of the file that goes")

    def _headings(self, told: list[LedgerRow]) -> list[LedgerRow]:
        """Headings of TOML and INI files: their keys are told one by one."""
        seen = {(row.path, row.line) for row in told}
        formats = {item.path: item.format for item in self.sources}
        return [
            LedgerRow(path, number, line.strip(), "dropped", "", "a heading; its keys are told one by one")
            for path, text in self.texts.items()
            if path != PATH and formats[path] in ("pipfile", "setup.cfg")
            for number, line in enumerate(text.splitlines(), 1)
            if (path, number) not in seen and _HEADING.fullmatch(line)
        ]

    def _standard(self, told: list[LedgerRow], file: Pyproject) -> list[LedgerRow]:
        """The lines of pyproject.toml that no reader of another format told of."""
        seen = {row.line for row in told if row.path == PATH}
        left = file.text.splitlines()
        found = []
        nodes = sorted(
            (n.line, self.base.count("\n", 0, n.end) + 1, r)
            for r, n in scan(self.base).nodes.items()
            if n.kind == "key"
        )
        for number, line in enumerate(self.base.splitlines(), 1):
            if not line.strip() or number in seen:
                continue
            if line in left:
                found.append(LedgerRow(PATH, number, line.strip(), "kept", PATH))
                continue
            route = next((route for first, last, route in nodes if first <= number <= last), ())
            fate = self._changed(line, tuple(map(str, route)), file)
            if fate:
                found.append(LedgerRow(PATH, number, line.strip(), *fate))
        return found

    def _changed(self, line: str, route: tuple[str, ...], file: Pyproject) -> tuple[str, str, str] | None:
        known = next((note for at, note in self.notes.items() if route[: len(at)] == at), None)
        if known:
            return known
        if route and file.get(*route) is not None:
            return ("merged", f"{PATH} {'.'.join(route)}", "written anew with what joined it")
        if _HEADING.fullmatch(line):
            return ("dropped", "", "a heading; its keys are told one by one")
        comment = line.strip()
        return ("moved", PATH, "") if comment.startswith("#") and comment in file.text else None


def _only(text: str, name: str) -> str:
    """A TOML file with one table alone."""
    file = Pyproject(text)
    for key in {route[0] for route in scan(text).nodes if route[:1] != (name,)}:
        file.remove((str(key),))
    return file.text.lstrip("\r\n")


def _text(tree: Tree, path: str) -> str:
    try:
        return decode(tree.read(path))
    except ValueError:
        return ""
