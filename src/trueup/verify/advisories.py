"""Are there known vulnerabilities in what ``uv.lock`` fixes? Asks ``uv audit``, or a folder of advisories offline.

What the project ignores is told, and counts again when its day is past.
"""

from __future__ import annotations

import tomllib

from trueup.model.indexes import host_of
from trueup.model.noun import NamedTuple
from trueup.model.report import Outcome
from trueup.verify import mutes
from trueup.verify.opinions import Found, ask
from trueup.verify.sources import entries

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from trueup.verify import Context
    from trueup.verify.mutes import Mute

ORDER = 70
NAME = "advisories"
DEPTH = "verify"
ADVICE = True
SHOWN = 20
OFF = "off"
OWN = ("editable", "virtual")


class Locked(NamedTuple):
    """What is locked: name and version of what came from PyPI, the names of what did not, and what is ignored."""

    covered: tuple[tuple[str, str], ...]
    others: tuple[str, ...]
    muted: tuple[Mute, ...] = ()


def check(context: Context) -> Outcome:
    """Passed when nothing is known against any locked package of PyPI, ignored advisories aside."""
    if context.advisories == OFF:
        return Outcome(NAME, "unchecked", "switched off")
    try:
        locked = read(context)
    except (OSError, ValueError) as problem:
        return Outcome(NAME, "unchecked", f"there is no lock that can be read: {problem}")
    if not locked.covered:
        return Outcome(NAME, "unchecked", f"no locked package comes from PyPI{uncovered(locked)}")
    return judged(locked, ask(context, locked.covered))


def read(context: Context) -> Locked:
    """The locked packages, and what the project ignores. Raises ``OSError``, ``ValueError``."""
    covered, others = [], []
    for entry in entries(tomllib.loads((context.root / "uv.lock").read_text("utf-8"))):
        name, _, version = entry.name.partition(" ")
        if entry.kind == "registry" and host_of(entry.place) == "pypi.org":
            covered.append((name, version))
        elif entry.kind not in OWN:
            others.append(entry.name)
    return Locked(tuple(covered), tuple(others), mutes.read(context.root, context.muted))


def judged(locked: Locked, found: Found) -> Outcome:
    """The outcome, with all that it does not say."""
    left = mutes.sift(found.known, locked.muted, mutes.today(), certain=not (found.doubts or found.hidden))
    bad = [*(item.line for item in left.counted), *found.bad]
    doubts = [*found.doubts, *lost(locked.muted, found)]
    tail = "".join(f"; {note}" for note in [*found.remarks[:3], *left.notes]) + uncovered(locked)
    said = [found.evidence] if found.evidence else []
    evidence = "\n".join([*bad[:SHOWN], *doubts[:SHOWN], *found.remarks[:SHOWN], *left.notes, *said])
    if bad:
        more = f"; and {len(bad) - 3} more" if len(bad) > 3 else ""
        return Outcome(NAME, "failed", "; ".join(bad[:3]) + more + tail, evidence)
    if doubts:
        return Outcome(NAME, "unchecked", "; ".join(doubts[:3]) + tail, evidence)
    nothing = "nothing that is not ignored" if found.known else "nothing"
    message = f"{nothing} is known against {len(locked.covered)} packages ({found.source}){tail}"
    return Outcome(NAME, "passed", message, evidence)


def lost(muted: Sequence[Mute], found: Found) -> list[str]:
    """Doubts where uv itself left out what is ignored: what an ignore past its day hides is not known then."""
    ended = [mute.id for mute in muted if mute.uvs and mute.ended(mutes.today())] if found.hidden else []
    return [f"uv left out {name}, whose ignore has ended" for name in ended]


def uncovered(locked: Locked) -> str:
    """What no advisory of PyPI speaks of."""
    if not locked.others:
        return ""
    more = f" and {len(locked.others) - 3} more" if len(locked.others) > 3 else ""
    return f"; not covered, as they are not from PyPI: {', '.join(locked.others[:3])}{more}"
