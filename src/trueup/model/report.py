"""One answer of one verb; ``report/*.py`` turn it into text, ``report/json.py`` defines the contract."""

from __future__ import annotations

from trueup.model.finding import SEVERITIES
from trueup.model.noun import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from trueup.model.finding import Finding
    from trueup.model.plan import LedgerRow, Left, Plan
    from trueup.model.words import Status


class Outcome(NamedTuple):
    """What one check of ``verify`` found. ``unchecked`` is never green: ``message`` says why.

    ``evidence`` is a few lines of proof (a command's last output, a list of differences); ``seconds`` wall time.
    """

    check: str
    status: Status
    message: str
    evidence: str = ""
    seconds: float = 0.0


class Summary(NamedTuple):
    """The project in one line."""

    root: str
    name: str
    kind: str
    layout: str
    manager: str
    app: str
    python: str
    repository: str = ""  # where the project lies in its repository, "" when they are one
    framework: str = ""  # of the application: FastAPI, Flask ...


class Report(NamedTuple):
    """``exit`` is the exit code that the command line returns."""

    verb: str
    trueup: str
    project: Summary | None = None
    findings: tuple[Finding, ...] | None = None
    plan: Plan | None = None
    ledger: tuple[LedgerRow, ...] | None = None
    outcomes: tuple[Outcome, ...] | None = None
    notes: tuple[str, ...] = ()
    exit: int = 0

    @property
    def counts(self) -> Mapping[str, int]:
        """Findings by severity, and how many of them ``plan`` resolves."""
        found = self.findings or ()
        numbers = {severity: sum(f.severity == severity for f in found) for severity in SEVERITIES}
        return {**{str(name): count for name, count in numbers.items()}, "fixable": sum(f.fixable for f in found)}

    @property
    def dangers(self) -> tuple[Left, ...]:
        """What a plan leaves and no later audit tells again: the dangers of the move itself."""
        again = {item.code for item in self.findings or ()}
        return tuple(left for left in (self.plan.leaves if self.plan else ()) if left.finding.code not in again)


class Screen(NamedTuple):
    """What the reader's terminal can show."""

    width: int = 100
    colour: bool = False
    unicode: bool = True
    verbose: bool = False
