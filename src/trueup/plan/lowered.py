"""What lowering one operation gives."""

from trueup.model.change import Change
from trueup.model.noun import NamedTuple
from trueup.model.plan import LedgerRow, Pin, Question


class Lowered(NamedTuple):
    """Changes of bytes, in order, with what must be told: the fate of source lines, pins to keep, open questions."""

    changes: tuple[Change, ...] = ()
    ledger: tuple[LedgerRow, ...] = ()
    pins: tuple[Pin, ...] = ()
    questions: tuple[Question, ...] = ()
