"""One INI file from which sections are cut: what goes, what stays, and the fate of every line."""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import reduce
from operator import getitem

from trueup.model.change import Change, Remove, Write
from trueup.model.noun import NamedTuple
from trueup.model.plan import LedgerRow, Question
from trueup.plan.config_values import comment_text
from trueup.plan.lowered import Lowered
from trueup.text import ini
from trueup.text.lines import decode, split
from trueup.text.toml_read import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from trueup.model.tree import Tree


class KeepError(Exception):
    """Something stays where it is; the message says why, ``line`` where."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


def keep(code: str, path: str, reason: str, line: int = 0) -> Lowered:
    """Nothing changes: a question says why."""
    row = LedgerRow(path, 0, "", "needs-you", reason=reason)
    return Lowered((), (row,), questions=(Question(code, f"{path} stays: {reason}", path=path, line=line),))


def tell_dead(code: str, source: str, target: tuple[str, ...], why: str, now: Mapping[str, Any]) -> Iterator[Question]:
    """What stands in a table that was not in force and goes, and is not in that which is ``now``: by its keys."""
    data, line_of = parse(source)
    known = set(_keys_of(now))
    only = ", ".join(key for key in _keys_of(reduce(getitem, target, data)) if key not in known)
    if only:
        text = f"[{'.'.join(target)}] was not in force, as {why}, and goes; only there stood {only}"
        yield Question(code, text, "put it back where it was meant", "pyproject.toml", line_of(source, target))


def _keys_of(table: Mapping[str, Any], before: str = "") -> Iterator[str]:
    """The dotted names of all that is no table; of the tables in a list each by its first text."""
    for key, value in table.items():
        if isinstance(value, dict) and value:
            yield from _keys_of(value, f"{before}{key}.")
        elif isinstance(value, list) and value and all(isinstance(each, dict) and each for each in value):
            for each in value:
                yield from _keys_of(
                    each, f"{before}{key}[{next((said for said in each.values() if isinstance(said, str)), '')}]."
                )
        else:
            yield f"{before}{key}"


class Region(NamedTuple):
    """A section with its lines ``start`` to ``end`` (0-based, exclusive), the comments above its header included."""

    section: ini.Section
    start: int
    end: int


class ConfigFile:
    """A file while sections are being taken out of it."""

    def __init__(self, tree: Tree, path: str, first: Tree | None = None) -> None:
        self.path = path
        self.old = decode(tree.read(path))
        self.lines = split(self.old.text)
        self.numbers = self._numbers(first)
        self.ini = ini.read(self.old.text)
        self.regions = self._regions()
        self.cut: list[Region] = []
        self.rows: list[LedgerRow] = []
        self.whole = False  # the file goes, whatever is left in it

    def _numbers(self, first: Tree | None) -> list[int]:
        """The line number of each line in the file as it was in the ``first`` tree, before others cut it."""
        if first is None or not first.has(self.path) or first.read(self.path) == self.old.bytes(self.old.text):
            return list(range(1, len(self.lines) + 1))
        numbers = [0] * len(self.lines)
        before = split(decode(first.read(self.path)).text)
        for old, new, size in SequenceMatcher(None, before, self.lines, autojunk=False).get_matching_blocks():
            numbers[new : new + size] = range(old + 1, old + size + 1)
        return numbers

    def _regions(self) -> list[Region]:
        sections = self.ini.sections
        leads = [self._lead(section.first - 1) for section in sections]
        return [Region(s, leads[at], [*leads, len(self.lines)][at + 1]) for at, s in enumerate(sections)]

    def _lead(self, header: int) -> int:
        while header and self.lines[header - 1].startswith(("#", ";")):
            header -= 1
        return header

    def comments(self, region: Region) -> list[ini.Line]:
        """The comments of a region that stand outside of its values."""
        every = [*self.ini.comments, *(line for section in self.ini.sections for line in section.comments)]
        return [line for line in every if region.start < line.number <= region.end]

    def bad(self, region: Region) -> list[ini.Line]:
        """The lines of a region that no reader understands."""
        return [line for line in self.ini.bad if region.start < line.number <= region.end]

    def take(self, region: Region, row: LedgerRow) -> None:
        """Cut a region; every line of it that has no row yet gets one like ``row``."""
        self.cut.append(region)
        self.tell(region.start + 1, region.end, row)

    def tell(self, first: int, last: int, row: LedgerRow) -> None:
        """A row like ``row`` for each of the lines ``first`` to ``last`` that has none yet."""
        told = {known.line for known in self.rows}
        for text, number in zip(self.lines[first - 1 : last], self.numbers[first - 1 : last], strict=True):
            if text.strip() and number not in told:
                self.rows.append(row._replace(path=self.path, line=number, text=text.strip()))

    @property
    def left(self) -> str:
        """The text without the cut regions."""
        gone = {at for region in self.cut for at in range(region.start, region.end)}
        kept = [line for at, line in enumerate(self.lines) if at not in gone]
        if len(self.lines) - 1 in gone:
            while kept and not kept[-1].strip():
                kept.pop()
        return "".join(kept)

    @property
    def empties(self) -> bool:
        """Whether nothing but comments is left."""
        return self.whole or all(not line.strip() or line[0] in "#;" for line in split(self.left))

    def head(self, row: LedgerRow) -> list[str]:
        """The comments that are left in a file that goes; each gets a row like ``row``."""
        left = [line for line in self.ini.comments if not any(r.start < line.number <= r.end for r in self.cut)]
        for line in left:
            self.tell(line.number, line.number, row)
        return [comment_text(line) for line in left]

    @property
    def changes(self) -> tuple[Change, ...]:
        """What happens to the file."""
        if not self.cut and not self.whole:
            return ()
        if self.empties:
            return (Remove(self.path),)
        return (Write(self.path, self.old.bytes(self.left)),)
