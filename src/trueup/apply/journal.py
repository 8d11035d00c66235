"""The journal: what is about to happen to the disk, written down and on the disk before it happens.

Each apply has a numbered directory in ``.trueup/``, readable by its owner alone, ignored by git through
a ``.gitignore`` of its own::

    .trueup/.gitignore          *
    .trueup/0001/journal        one JSON object a line
    .trueup/0001/3              what the third step took away
    .trueup/0001/venv-before    the old environment, moved aside

A line is whole or it does not count: the step that a torn last line announces was never begun. Every
record holds what undoing it needs, and undoing may be done twice, so that it may be interrupted too.
"""

from __future__ import annotations

import json
import os
import re
import stat
from base64 import b64decode, b64encode
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from trueup.apply.ground import NO_FOLLOW, STORE, State, is_link, names_in, read_regular, status_of
from trueup.apply.perform import delete, write_all
from trueup.errors import RollbackIncomplete
from trueup.model.noun import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

FORMAT = 1
NUMBERED = re.compile(r"[0-9]{4,9}")
Kind = TypeVar("Kind")


class Begun(NamedTuple):
    """The first line. ``generated`` are the caches and build results that were there before."""

    plan: str
    generated: tuple[str, ...] = ()
    format: int = FORMAT


class Made(NamedTuple):
    """A directory is made. ``around`` holds the time stamps of directories that this step is the first to change."""

    path: str
    around: Mapping[str, int] = {}


class Wrote(NamedTuple):
    """A file is written by way of ``temporary``; ``content`` is what it held, ``after`` what it holds then.

    Without ``temporary`` a tool writes it, and what it holds afterwards is not known.
    """

    path: str
    temporary: str
    before: State
    content: bytes
    after: State
    around: Mapping[str, int] = {}


class Shifted(NamedTuple):
    """Something is renamed; ``held`` is all that it is and holds (the path in it, ``""`` for itself)."""

    source: str
    target: str
    held: Mapping[str, State]
    around: Mapping[str, int] = {}


class Dropped(NamedTuple):
    """Something is taken away: renamed to ``aside`` in the store."""

    path: str
    aside: str
    around: Mapping[str, int] = {}


class Committed(NamedTuple):
    """All is done. ``found`` are the files that tools wrote; ``extra`` is what came into being besides the plan."""

    found: Mapping[str, State] = {}
    extra: tuple[str, ...] = ()


class Recorded(NamedTuple):
    """What was done is in git, too: the commits after ``parent`` up to ``last``."""

    parent: str
    last: str


class Undoing(NamedTuple):
    """A rollback has begun: the first ``left`` records are still to undo; one more than there are: it clears up."""

    left: int


Record: TypeAlias = Begun | Made | Wrote | Shifted | Dropped | Committed | Recorded | Undoing
KINDS: dict[str, Callable[..., Record]] = {
    kind.__name__.lower(): kind for kind in (Begun, Made, Wrote, Shifted, Dropped, Committed, Recorded, Undoing)
}


def encode(record: Record) -> bytes:
    """One line."""
    fields = {
        name: b64encode(value).decode() if isinstance(value, bytes) else value
        for name, value in record._asdict().items()
    }
    return json.dumps({"do": type(record).__name__.lower(), **fields}).encode() + b"\n"


def decode(line: bytes) -> Record:
    """The record of one line; ``ValueError`` where it is none."""
    try:
        fields = json.loads(line)
        kind = KINDS[fields.pop("do")]
        return kind(**{name: FIELDS[name](value) for name, value in fields.items()})
    except (TypeError, KeyError, AttributeError, RecursionError) as problem:
        raise ValueError(str(problem)) from problem


def exactly(kind: type[Kind]) -> Callable[[Any], Kind]:
    """A field that must be of this type already."""

    def check(value: Any) -> Kind:
        if type(value) is not kind:
            raise TypeError(f"{value!r} is no {kind.__name__}")
        return value

    return check


def state(value: Any) -> State:
    """A state."""
    kind, mode, mtime, sha = value
    return State(text(kind), number(mode), number(mtime), text(sha))


text, number = exactly(str), exactly(int)
FIELDS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("plan", "path", "temporary", "source", "target", "aside", "parent", "last"), text),
    **dict.fromkeys(("generated", "extra"), lambda value: tuple(map(text, value))),
    **dict.fromkeys(("before", "after"), state),
    **dict.fromkeys(("held", "found"), lambda value: {text(path): state(each) for path, each in value.items()}),
    "around": lambda value: {text(path): number(each) for path, each in value.items()},
    "content": lambda value: b64decode(value, validate=True),
    "format": number,
    "left": number,
}


class Journal:
    """An open journal; ``store`` is its directory."""

    def __init__(self, store: Path) -> None:
        self.store = store
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | NO_FOLLOW
        self._descriptor = os.open(store / "journal", flags, 0o600)
        self._end = read_regular(store / "journal").rfind(b"\n") + 1
        os.ftruncate(self._descriptor, self._end)

    def write(self, record: Record) -> None:
        """Append a record; it is on the disk itself when this returns. ``OSError`` where that cannot be."""
        line = encode(record)
        try:
            write_all(self._descriptor, line)
            os.fsync(self._descriptor)
        except OSError:
            with suppress(OSError):
                os.ftruncate(self._descriptor, self._end)
            raise
        self._end += len(line)

    def close(self) -> None:
        """Close the file; once is enough."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def create(root: Path) -> Journal:
    """A new journal in a new numbered directory of the project's ``.trueup``; ``OSError`` where that cannot be."""
    top = root / STORE
    refuse_link(top)
    with suppress(FileExistsError):
        top.mkdir(0o700)
    ignore = top / ".gitignore"
    if status_of(ignore) is None:
        ignore.write_bytes(b"*\n")
    last = max((int(name) for name in names_in(top) if NUMBERED.fullmatch(name)), default=0)
    store = top / f"{last + 1:04}"
    store.mkdir(0o700)
    try:
        journal = Journal(store)
    except OSError:
        discard(store)
        raise
    for folder in (store, top, root):
        sync_directory(folder)
    return journal


def add(root: Path, record: Record) -> None:
    """Append a record to the journal of the last apply, where there is one; ``OSError`` where that cannot be."""
    for store in stores(root)[-1:]:
        with closing(Journal(store)) as journal:
            journal.write(record)


def discard(store: Path) -> None:
    """Remove a journal that is undone, after all that it speaks of; then ``.trueup``, where nothing else is in it."""
    for name in sorted(names_in(store) - {"journal"}):
        delete(store / name)
    delete(store / "journal")
    store.rmdir()
    if names_in(store.parent) <= {".gitignore"}:
        delete(store.parent)


def stores(root: Path) -> list[Path]:
    """The directories of all applies that can be undone, oldest first."""
    top = root / STORE
    refuse_link(top)
    if status_of(top) is None:
        return []
    numbered = sorted((name for name in names_in(top) if NUMBERED.fullmatch(name)), key=int)
    return [top / name for name in numbered if holds_journal(top / name)]


def holds_journal(store: Path) -> bool:
    """Whether a real directory holds a real journal."""
    status, inside = status_of(store), status_of(store / "journal")
    return bool(status and not is_link(status) and inside and stat.S_ISREG(inside.st_mode))


def refuse_link(top: Path) -> None:
    """The store must be a directory of this project."""
    status = status_of(top)
    if status is not None and (is_link(status) or not stat.S_ISDIR(status.st_mode)):
        raise RollbackIncomplete(f"{top} is no directory of trueup's", "remove it; nothing was changed")


def read(store: Path) -> list[Record]:
    """The records of a journal, in order; a torn last line does not count.

    Raises ``RollbackIncomplete`` where a line before it is damaged, ``OSError`` where it cannot be read.
    """
    lines = read_regular(store / "journal").split(b"\n")
    records = []
    for number, line in enumerate(lines[:-1], 1):
        try:
            records.append(decode(line))
        except ValueError as problem:
            raise RollbackIncomplete(
                f"line {number} of the journal {store / 'journal'} is damaged", "nothing was changed"
            ) from problem
    if any(isinstance(record, Begun) and record.format != FORMAT for record in records):
        raise RollbackIncomplete(f"{store / 'journal'} was written by another version of trueup", "use that version")
    return records


def is_committed(records: Sequence[Record]) -> bool:
    """Whether the apply went through."""
    return any(isinstance(record, Committed) for record in records)


def sync_directory(folder: Path) -> None:
    """Let the names in a directory be on the disk itself, where the system can (Windows cannot)."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
