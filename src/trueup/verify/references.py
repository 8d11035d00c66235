"""Do the files that build and start the project name modules, scripts and folders that are there?

Tests see little of that: an image whose ``COPY`` finds nothing does not build, a Procfile whose module moved starts
nothing.
"""

from __future__ import annotations

import re
from collections import Counter

from trueup.model.report import Outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.model.project import Dangling
    from trueup.verify import Context

ORDER = 48
NAME = "references"
ADVICE = True
SHOWN = 12  # places named in the evidence


def check(context: Context) -> Outcome | None:
    """With a before: passed when no file names more that is not there. Without: failed where something is sure to be
    missing, and not checked where something only seems to be."""
    named, before = context.named, context.named_before
    if not named.places and not (before and before.places):
        return None
    if before is None:
        bad = [item for item in named.dangling if item.sure]
    else:
        bad = new(named.dangling, Counter((context.moved(item.path), tail(item)) for item in before.dangling))
    said = f"{named.places} places that name a module, script or folder"
    if bad:
        message = f"{len(bad)} of {said} name nothing" + ("" if before is None else " now, and did not before")
        return Outcome(NAME, "failed", message, "\n".join(map(str, bad[:SHOWN])))
    evidence = "\n".join(map(str, named.dangling[:SHOWN]))
    if not named.dangling:
        return Outcome(NAME, "passed", f"{said} were looked up")
    left = f"{said} were looked up; {len(named.dangling)} may name nothing"
    return Outcome(NAME, "passed" if before else "unchecked", f"{left}, as before" if before else left, evidence)


def new(found: tuple[Dangling, ...], before: Counter[tuple[str, str]]) -> list[Dangling]:
    """Those that their file did not hold before, or not as often."""
    now = Counter((item.path, tail(item)) for item in found)
    return [item for item in found if now[item.path, tail(item)] > before[item.path, tail(item)]]


def tail(item: Dangling) -> str:
    """The end of what is named: a plan writes ``shop.gone:app`` for ``gone:app``, and ``src/shop/x`` for ``x``."""
    return re.split(r"[./]", item.text.strip("./"))[-1]
