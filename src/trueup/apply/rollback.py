"""Undo an apply: its journal backwards, each record once or twice, to the exact tree of before.

What nobody foresaw (a file that somebody made where an old one belongs) is moved into the store, never
removed, and told.
"""

from __future__ import annotations

import os
import re
import shutil
from contextlib import closing, suppress

from trueup.apply import journal as pages
from trueup.apply.ground import STORE, Ground, State, is_there, names_in, state_of, status_of, walk
from trueup.apply.journal import Dropped, Made, Shifted, Undoing, Wrote
from trueup.apply.perform import TEMPORARY, Put, delete, put, reason
from trueup.apply.trace import edited, is_generated
from trueup.errors import PlanRefused, RollbackIncomplete, TrueupError, UsageError
from trueup.model.noun import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from trueup.apply.journal import Record

SHOWN = 5


class RolledBack(NamedTuple):
    """What a rollback did: how many steps it undid, of which plan (its digest), and what it moved into the store.

    ``recorded`` are the commits that the apply made, which it leaves: the one before them, and the last.
    """

    plan: str
    steps: int
    set_aside: tuple[tuple[str, str], ...] = ()
    recorded: tuple[str, str] | None = None


def unfinished(root: Path) -> bool:
    """Whether an apply was interrupted here, so that a rollback must come first."""
    found = pages.stores(root)
    if not found:
        return False
    records = pages.read(found[-1])
    return not pages.is_committed(records) or any(isinstance(record, Undoing) for record in records)


def rollback(root: Path, repository: Path | None = None, *, force: bool = False) -> RolledBack:
    """Undo the last apply on ``root``, finished or not; ``../`` paths may not leave ``repository``.

    Without ``repository`` it is the folder at or above ``root`` that holds ``.git``. Raises ``UsageError``
    where there is nothing to undo; ``PlanRefused``, with nothing touched, where a link stands in the way,
    or where files changed since, unless ``force``: then these are copied into the store first;
    ``RollbackIncomplete`` where something could not be put back: the journal is kept, and calling this
    again goes on.
    """
    ground = Ground(root, repository or repository_of(root))
    found = pages.stores(ground.root)
    if not found:
        raise UsageError("there is nothing to roll back", f"no apply has left a journal in {ground.root / STORE}")
    store = found[-1]
    records = pages.read(store)
    changed = [] if any(isinstance(record, Undoing) for record in records) else edited(ground, records)
    if changed and not force:
        more = f" and {len(changed) - SHOWN} more" if len(changed) > SHOWN else ""
        names = ", ".join(changed[:SHOWN]) + more
        raise PlanRefused(f"changed since the apply: {names}", "undo your edits, or use --force: they are kept aside")
    return retreat(ground, store, changed)


def repository_of(root: Path) -> Path | None:
    """The folder at or above ``root`` that holds ``.git``."""
    top = root.absolute()
    return next((folder for folder in (top, *top.parents) if status_of(folder / ".git")), None)


def retreat(ground: Ground, store: Path, changed: Sequence[str] = ()) -> RolledBack:
    """Undo the journal in ``store`` and remove it; ``changed`` are files to keep a copy of."""
    back: Retreat | None = None
    try:
        records = pages.read(store)
        if not any(isinstance(record, pages.Begun) for record in records) and names_in(store) - {"journal"}:
            raise PlanRefused("the journal is empty, and what it kept cannot be put where it was")
        back = Retreat(ground, store, [record for record in records if not isinstance(record, Undoing)])
        with closing(back.journal):
            back.walk_back(
                min((record.left for record in records if isinstance(record, Undoing)), default=None), changed
            )
    except (OSError, TrueupError) as problem:
        said = (
            f"{problem.filename or (back.at if back else store)}: {reason(problem)}"
            if isinstance(problem, OSError)
            else str(problem)
        )
        hint = f"mend that and run `trueup rollback` again; the journal is kept in {store}"
        raise RollbackIncomplete(f"not all could be put back: {said}", hint) from problem
    if back.lost:
        kept = retire(store)
        hint = f"they were removed since the apply; all else is as before; the journal is kept in {kept}"
        raise RollbackIncomplete(f"could not be put back: {', '.join(back.lost)}", hint)
    pages.discard(store)
    begun = next((record for record in records if isinstance(record, pages.Begun)), pages.Begun(""))
    recorded = next(((item.parent, item.last) for item in records if isinstance(item, pages.Recorded)), None)
    steps = sum(not isinstance(item, pages.Recorded) for item in back.records)
    return RolledBack(begun.plan, steps, tuple(back.set_aside), recorded)


def retire(store: Path) -> Path:
    """Take a journal that cannot be undone any further out of the way of the next apply."""
    return store.rename(store.with_name(f"incomplete-{store.name}"))


class Retreat:
    """The way back through one journal. Each record may be undone again when that was interrupted."""

    def __init__(self, ground: Ground, store: Path, records: Sequence[Record]) -> None:
        self.ground = ground
        self.store = store
        self.records = records
        self.journal = pages.Journal(store)
        self.set_aside: list[tuple[str, str]] = []
        self.lost: list[str] = []
        self.at = ""  # what is being put back

    def walk_back(self, left: int | None, changed: Sequence[str]) -> None:
        """Undo the records, last first; ``left`` of them where that was begun before, ``None`` where it was not."""
        count = len(self.records)
        if left is None or left > count:
            self.keep_copies(changed)
            self.note(count + 1)
            self.clear_up()
            left = count
        for record in reversed(self.records[:left]):
            self.at = getattr(record, "path", "") or getattr(record, "source", "")
            self.note(left)
            self.undo(record)
            left -= 1

    def clear_up(self) -> None:
        """Take out of the way what came into being besides the plan."""
        for record in self.records:
            if isinstance(record, pages.Committed):
                for path in record.extra:
                    self.clear_away(self.ground.locate(path))

    def note(self, left: int) -> None:
        """Write into the journal how many records are still to undo; a full disk is no reason not to go on."""
        with suppress(OSError):
            self.journal.write(Undoing(left))

    def undo(self, record: Record) -> None:
        """Undo one record, if its step was done and is not undone yet."""
        match record:
            case Wrote():
                self.unwrite(record)
            case Made(path):
                self.unmake(self.ground.locate(path))
            case Shifted(source, target, held):
                self.unshift(self.ground.locate(source), self.ground.locate(target), held)
            case Dropped(path, aside):
                self.undrop(self.ground.locate(path), aside)
            case _:
                return
        for path, mtime in record.around.items():
            with suppress(FileNotFoundError):
                os.utime(self.ground.locate(path), ns=(mtime, mtime), follow_symlinks=False)
        for path in (record.source, record.target) if isinstance(record, Shifted) else (record.path,):
            pages.sync_directory(self.ground.locate(path).parent)

    def unwrite(self, record: Wrote) -> None:
        """The old bytes, mode and time; or no file where there was none."""
        place = self.ground.locate(record.path)
        temporary = self.ground.locate(record.temporary) if record.temporary else place.with_name(UNDOING)
        delete(temporary)
        now = state_of(place)
        if now.kind == "dir" and not is_environment(place):
            place.rename(self.shelf(place))
        if record.before.kind == "none":
            delete(place)
            return
        if not now.same(record.before):
            place.parent.mkdir(parents=True, exist_ok=True)
            put(Put(place, temporary, record.content, record.before.mode))
        if now.mtime != record.before.mtime or not now.same(record.before):
            os.utime(place, ns=(record.before.mtime, record.before.mtime))

    def unmake(self, place: Path) -> None:
        """No directory, where it was made; what somebody put into it is kept."""
        if state_of(place).kind == "dir":
            for name in sorted(names_in(place)):
                self.clear_away(place / name)
            place.rmdir()

    def unshift(self, source: Path, target: Path, held: Mapping[str, State]) -> None:
        """Back to the old name, without what came into it meanwhile."""
        if is_there(target):
            for found in walk(target, strict=False):
                if found.relative_to(target).as_posix() not in held:
                    self.clear_away(found)
            self.back(target, source)
        if not is_there(source):
            self.lost.append(self.ground.name(source))
            return
        for path in held:
            if not is_generated(path) and status_of(source / path) is None:
                self.lost.append(self.ground.name(source / path))

    def undrop(self, place: Path, aside: str) -> None:
        """Back out of the store."""
        if not ASIDE.fullmatch(aside):
            raise PlanRefused(f"the journal names {aside!r}, which is not in its store")
        if is_there(self.store / aside):
            self.back(self.store / aside, place)
        elif not is_there(place):
            self.lost.append(self.ground.name(place))

    def back(self, here: Path, old: Path) -> None:
        """Rename ``here`` to its old name; what somebody made there meanwhile is kept."""
        if is_there(old):
            self.clear_away(old)
        old.parent.mkdir(parents=True, exist_ok=True)
        here.rename(old)

    def keep_copies(self, changed: Sequence[str]) -> None:
        """Copies of files that somebody changed, before they are put back."""
        for path in changed:
            place = self.ground.locate(path)
            if state_of(place).kind == "file":
                shutil.copy2(place, self.shelf(place))

    def clear_away(self, place: Path) -> None:
        """Remove what tools make again; keep all else in the store."""
        if is_generated(place.name) or is_empty(place):
            delete(place)
        elif is_there(place):
            place.rename(self.shelf(place))

    def shelf(self, place: Path) -> Path:
        """A free name in the store's neighbourhood, told as where ``place`` went."""
        name = self.ground.name(place)
        folder = self.store.with_name(f"kept-{self.store.name}")
        shelf = folder / name.replace("../", "outer/")
        while is_there(shelf):
            shelf = shelf.with_name(shelf.name + "~")
        shelf.parent.mkdir(parents=True, exist_ok=True)
        self.set_aside.append((name, self.ground.name(shelf)))
        return shelf


UNDOING = f"{TEMPORARY}undo"
ASIDE = re.compile(r"[0-9]+|venv-before")


def is_empty(place: Path) -> bool:
    """Whether a directory holds no file but what tools make again."""
    if state_of(place).kind != "dir":
        return False
    files = (found for found in walk(place) if state_of(found).kind != "dir")
    return all(is_generated(found.relative_to(place).as_posix()) for found in files)


def is_environment(place: Path) -> bool:
    """Whether a directory is a virtual environment, which a tool makes again."""
    return status_of(place / "pyvenv.cfg") is not None
