"""A plan: what would be done, all of it, reviewable and bound to the bytes it was made from."""

from collections.abc import Mapping

from trueup.model.change import Change
from trueup.model.finding import Finding
from trueup.model.noun import NamedTuple
from trueup.model.operation import Operation


class LedgerRow(NamedTuple):
    """The one fate of one line of a source: kept, moved, merged, dropped or needs-you.

    ``to`` says where it lives now (``pyproject.toml project.dependencies``), ``reason`` why.
    """

    path: str
    line: int
    text: str
    fate: str
    to: str = ""
    reason: str = ""


class Question(NamedTuple):
    """Something only a person can decide; ``answer_with`` is the flag or setting that answers it."""

    code: str
    text: str
    answer_with: str = ""
    path: str = ""
    line: int = 0


class Pin(NamedTuple):
    """A version that the old manifests or locks fixed, to be the version in ``uv.lock``."""

    name: str
    version: str
    marker: str = ""
    path: str = ""
    line: int = 0


class Left(NamedTuple):
    """A finding that stays after the plan, and why."""

    finding: Finding
    reason: str


class Command(NamedTuple):
    """One command of the written-out sequence; ``phase`` is one of ``plan.commands.PHASES``."""

    phase: str
    command: str
    why: str


class Step(NamedTuple):
    """One operation with the changes that it was lowered to."""

    operation: Operation
    changes: tuple[Change, ...]


class Plan(NamedTuple):
    """``seen`` maps every file that the plan read or touches to its SHA-256 (``""``: must not be there).

    ``resolves`` are findings of today that the imagined tree does not have; ``adds`` those it has and
    today's has not.
    """

    package: str = ""
    python: str = ""
    steps: tuple[Step, ...] = ()
    seen: Mapping[str, str] = {}
    ledger: tuple[LedgerRow, ...] = ()
    pins: tuple[Pin, ...] = ()
    questions: tuple[Question, ...] = ()
    resolves: tuple[Finding, ...] = ()
    leaves: tuple[Left, ...] = ()
    adds: tuple[Finding, ...] = ()
    tree: str = ""
    pyproject: str = ""
    commands: Mapping[str, tuple[Command, ...]] = {}

    @property
    def changes(self) -> tuple[Change, ...]:
        """All changes in order."""
        return tuple(change for step in self.steps for change in step.changes)

    @property
    def moves(self) -> tuple[tuple[str, str], ...]:
        """Every relocation as (from, to)."""
        from trueup.model.change import Move

        return tuple((change.source, change.target) for change in self.changes if isinstance(change, Move))

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.steps
