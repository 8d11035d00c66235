"""Changes on the user's tree: all of them, or none; and what was done can be undone later.

Every step is written into the journal, with what undoing it needs, before it is done. So whatever
stops it (a failure, Ctrl-C, a kill, a power cut) can be rolled back to the exact tree of before.
"""

from __future__ import annotations

from contextlib import contextmanager
from hashlib import sha256

from trueup.apply import journal as pages
from trueup.apply.ground import Ground, State, is_there, names_in, read_regular, state_of
from trueup.apply.journal import Begun, Committed, Dropped, Made, Shifted, Wrote
from trueup.apply.perform import Drop, Make, Put, Shift, Step, describe, do, failures_told, steps
from trueup.apply.rollback import retreat, unfinished
from trueup.apply.trace import by_products, generated, held
from trueup.errors import PlanRefused
from trueup.model.change import Run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from types import TracebackType

    from trueup.model.change import Change


class Transaction:
    """One apply on the project at ``root``; ``../`` paths may not leave ``repository``.

    A context manager: what was begun and not committed when the block is left, however, is rolled back::

        with Transaction(root, repository) as transaction:
            transaction.begin(digest(plan))
            transaction.perform(plan.changes)
            transaction.protect(".venv")        # moved aside
            ...                                  # uv makes a new one
            transaction.commit()
    """

    def __init__(self, root: Path, repository: Path | None = None) -> None:
        self.ground = Ground(root, repository)
        self._journal: pages.Journal | None = None
        self._noticed: set[Path] = set()
        self._taken = 0

    def __enter__(self) -> Transaction:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.roll_back()

    def begin(self, plan: str) -> None:
        """Open the journal for the plan with this digest.

        Raises ``PlanRefused`` where an earlier apply was interrupted, ``ApplyFailed`` where nothing can be written.
        """
        if unfinished(self.ground.root):
            raise PlanRefused("an apply was interrupted here, and is not undone", "run `trueup rollback` first")
        with self._undone_on_failure(), failures_told("opening the journal"):
            before = tuple(generated(self.ground.root))
            self._journal = pages.create(self.ground.root)
            self._journal.write(Begun(plan, before))

    def perform(self, changes: Iterable[Change], run: Callable[[Run], None] | None = None) -> None:
        """Make the changes, one after another; ``run`` gets each ``Run``, whose ``writes`` are protected first.

        Whatever fails, everything since ``begin`` is undone. Raises ``PlanRefused`` where a change is
        unsafe, ``ApplyFailed`` where the system says no, and what ``run`` raises.
        """
        with self._undone_on_failure():
            for change in changes:
                with failures_told(describe(change)):
                    for step in steps(self.ground, change):
                        self._do(step)
                if run and isinstance(change, Run):
                    self.protect(*change.writes)
                    with failures_told(describe(change)):
                        run(change)

    def protect(self, *paths: str) -> None:
        """Prepare for a tool that writes ``paths`` itself; everything is undone where that fails.

        A file's bytes are kept. A directory or link is moved aside, ``.venv`` to ``venv-before`` in the
        store, and put back by a rollback.
        """
        for path in paths:
            with self._undone_on_failure(), failures_told(f"keeping {path}"):
                self._protect(path)

    def commit(self) -> None:
        """Say that all is done. The journal stays, so that ``rollback`` can undo it later."""
        journal = self._open()
        with self._undone_on_failure(), failures_told("closing the journal"):
            for folder in self._noticed:
                pages.sync_directory(folder)
            records = pages.read(journal.store)
            tools = [record.path for record in records if isinstance(record, Wrote) and not record.temporary]
            states = {path: state_of(self.ground.locate(path)) for path in tools}
            found = {path: state for path, state in states.items() if state.kind == "file"}
            journal.write(Committed(found, tuple(by_products(self.ground, records))))
        journal.close()
        self._journal = None

    def roll_back(self) -> None:
        """Undo everything since ``begin``; nothing where nothing is open.

        Raises ``RollbackIncomplete`` where something cannot be put back; the journal is then kept.
        """
        journal, self._journal = self._journal, None
        if journal is not None:
            journal.close()
            retreat(self.ground, journal.store)

    @contextmanager
    def _undone_on_failure(self) -> Iterator[None]:
        try:
            yield
        except Exception:
            self.roll_back()
            raise

    def _open(self) -> pages.Journal:
        if self._journal is None:
            raise PlanRefused("no transaction is open")
        return self._journal

    def _do(self, step: Step) -> None:
        """Write the step into the journal, then do it."""
        name = self.ground.name
        match step:
            case Make(path):
                self._open().write(Made(name(path), self._around(path)))
            case Put(path, temporary, content, mode):
                after = State("file", mode, 0, sha256(content).hexdigest())
                self._write(path, name(temporary), after)
            case Shift(source, target):
                self._open().write(Shifted(name(source), name(target), held(source), self._around(source, target)))
                self._forget(source, target)
            case Drop(path):
                self._set_aside(path)
                return
        do(step)

    def _protect(self, path: str) -> None:
        place = self.ground.locate(path)
        if state_of(place).kind not in ("none", "file"):
            self._set_aside(place)
        self._write(place, "", State())

    def _write(self, place: Path, temporary: str, after: State) -> None:
        """Note that a file is about to be written, with what it holds now."""
        before = state_of(place)
        content = read_regular(place) if before.kind == "file" else b""
        self._open().write(Wrote(self.ground.name(place), temporary, before, content, after, self._around(place)))

    def _set_aside(self, place: Path) -> None:
        """Rename something into the store."""
        store = self._open().store
        free = str(len(names_in(store)))
        aside = "venv-before" if place.name == ".venv" and not is_there(store / "venv-before") else free
        self._open().write(Dropped(self.ground.name(place), aside, self._around(place)))
        place.rename(store / aside)
        self._forget(place)

    def _forget(self, *places: Path) -> None:
        """What is at a place from now on is another directory than the one whose time stamp is known."""
        self._noticed -= {folder for folder in self._noticed for place in places if folder.is_relative_to(place)}

    def _around(self, *places: Path) -> dict[str, int]:
        """The time stamps of the directories that hold ``places``, of those not noticed before."""
        folders = {place.parent for place in places if not self.ground.is_fixed(place.parent)} - self._noticed
        self._noticed |= folders
        return {self.ground.name(folder): folder.stat().st_mtime_ns for folder in folders}
