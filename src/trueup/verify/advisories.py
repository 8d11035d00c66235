"""Are there known vulnerabilities in what ``uv.lock`` fixes? Asks ``uv audit``, ``pip-audit``, or a folder offline.

Clean is what all that were asked call clean; what the project ignores is told, and counts again when its day is past.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from trueup.model.indexes import host_of
from trueup.model.noun import NamedTuple
from trueup.model.report import Outcome
from trueup.verify import mutes
from trueup.verify.opinions import Found, Known, ask
from trueup.verify.sources import entries

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
    return judged(locked, [ask(who, context, locked.covered) for who in context.auditors])


def read(context: Context) -> Locked:
    """The locked packages, and what the project ignores. Raises ``OSError``, ``ValueError``."""
    covered, others = [], []
    for entry in entries(tomllib.loads((context.root / "uv.lock").read_text("utf-8"))):
        name, _, version = entry.name.partition(" ")
        if entry.kind == "registry" and host_of(entry.place) == "pypi.org":
            covered.append((name, version))
        elif entry.kind not in OWN:
            others.append(entry.name)
    return Locked(tuple(covered), tuple(others), mutes.read(context.root, context.ignored_advisories))


def judged(locked: Locked, opinions: Sequence[Found]) -> Outcome:
    """The outcome, with all that it does not say."""
    known, alone = joined(opinions)
    certain = not any(found.doubts or found.hidden for found in opinions)
    left = mutes.sift(known, locked.muted, mutes.today(), certain=certain)
    doubts = [text for found in opinions for text in found.doubts] + list(lost(locked.muted, opinions))
    remarks = [text for found in opinions for text in found.remarks] + alone
    bad = [item.line for item in left.counted] + [text for found in opinions for text in found.bad]
    tail = "".join(f"; {note}" for note in [*remarks[:3], *left.notes]) + uncovered(locked)
    said = [found.evidence for found in opinions if found.evidence]
    evidence = "\n".join([*bad[:SHOWN], *doubts[:SHOWN], *remarks[:SHOWN], *left.notes, *said])
    if bad:
        more = f"; and {len(bad) - 3} more" if len(bad) > 3 else ""
        return Outcome(NAME, "failed", "; ".join(bad[:3]) + more + tail, evidence)
    if doubts:
        return Outcome(NAME, "unchecked", "; ".join(doubts[:3]) + tail, evidence)
    source = " and ".join(found.source for found in opinions)
    message = f"nothing is known against {len(locked.covered)} packages ({source})"
    if left.notes and known:
        message = f"nothing that is not ignored is known against {len(locked.covered)} packages ({source})"
    return Outcome(NAME, "passed", message + tail, evidence)


def joined(opinions: Sequence[Found]) -> tuple[list[Known], list[str]]:
    """The vulnerabilities that anybody knows, each once, and a remark for each that not all of them know."""
    known: list[Known] = []
    knowers: list[list[str]] = []
    for found in opinions:
        for item in found.known:
            twin = next((i for i, other in enumerate(known) if same(other, item)), None)
            if twin is None:
                known.append(item)
                knowers.append([found.source])
            else:
                names = dict.fromkeys((*known[twin].names, *item.names))
                known[twin] = known[twin]._replace(names=tuple(names), fixes=known[twin].fixes or item.fixes)
                knowers[twin].append(found.source)
    answered = [found.source for found in opinions if not found.doubts]
    several = len(answered) > 1
    rows = zip(known, knowers, strict=True)
    alone = [
        f"{item.names[0]} is known to {', '.join(who)} alone" for item, who in rows if several and len(set(who)) == 1
    ]
    return known, alone


def same(one: Known, other: Known) -> bool:
    """Whether two speak of one vulnerability of one package."""
    return one.package == other.package and bool({*one.names} & {*other.names})


def lost(muted: Sequence[Mute], opinions: Sequence[Found]) -> list[str]:
    """Doubts where uv itself left out what is ignored: what an ignore past its day hides is not known then."""
    if not any(found.hidden for found in opinions):
        return []
    ended = [mute.id for mute in muted if mute.uvs and mute.ended(mutes.today())]
    return [f"uv left out {name}, whose ignore has ended" for name in ended]


def uncovered(locked: Locked) -> str:
    """What no advisory of PyPI speaks of."""
    if not locked.others:
        return ""
    more = f" and {len(locked.others) - 3} more" if len(locked.others) > 3 else ""
    return f"; not covered, as they are not from PyPI: {', '.join(locked.others[:3])}{more}"
