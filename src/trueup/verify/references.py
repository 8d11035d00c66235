"""Do the files that build and start the project name modules, scripts and folders that are there?

Tests see little of that: an image whose ``COPY`` finds nothing does not build, a Procfile whose module moved starts
nothing.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from trueup.model.report import Outcome

if TYPE_CHECKING:
    from trueup.model.project import Dangling
    from trueup.verify import Context

ORDER = 48
NAME = "references"
SHOWN = 12  # places named in the evidence


def check(context: Context) -> Outcome | None:
    """With a before: passed when no file names more that is not there. Without: when nothing sure is missing."""
    named, before = context.named, context.named_before
    if not named.places and not (before and before.places):
        return None
    if before is None:
        bad = [item for item in named.dangling if item.sure]
    else:
        bad = new(named.dangling, Counter(context.moved(item.path) for item in before.dangling))
    said = f"{named.places} places that name a module, script or folder"
    if bad:
        message = f"{len(bad)} of {said} name nothing" + ("" if before is None else " now, and did not before")
        return Outcome(NAME, "failed", message, "\n".join(map(str, bad[:SHOWN])))
    left = f"; {len(named.dangling)} may name nothing" if named.dangling else ""
    as_before = ", as before" if left and before else ""
    evidence = "\n".join(map(str, named.dangling[:SHOWN]))
    return Outcome(NAME, "passed", f"{said} were looked up{left}{as_before}", evidence)


def new(found: tuple[Dangling, ...], before: Counter[str]) -> list[Dangling]:
    """Those of files that hold more of them than before: their texts may have been rewritten."""
    now = Counter(item.path for item in found)
    return [item for item in found if now[item.path] > before[item.path]]
