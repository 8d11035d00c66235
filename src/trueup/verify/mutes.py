"""Advisories that the project ignores: which, why, and until when.

uv knows bare lists (``[tool.uv.audit]``), where a comment on the line says why, and ``until 2027-01-31`` in it how
long; ``[tool.trueup] mute`` says both in keys. An ignore past its last day counts no more.
Source: https://docs.astral.sh/uv/reference/settings/#audit
"""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, date, datetime
from types import MappingProxyType

from trueup.model.noun import NamedTuple
from trueup.tools.process import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import Any

    from trueup.verify.opinions import Known

KEYS = ("ignore", "ignore-until-fixed")
UNTIL = re.compile(r"\b(?:until|expires)\b[\s:=]*(\d{4}-\d{1,2}-\d{1,2})\b", re.IGNORECASE)
LONGEST = 120  # characters of a reason that are shown


class Mute(NamedTuple):
    """One ignored identifier; ``until`` is its last day, as it is written, ``until_fixed`` while no fix is known.

    ``uvs``: uv reads it, too.
    """

    id: str
    reason: str = ""
    until: str = ""
    until_fixed: bool = False
    uvs: bool = True

    def ended(self, today: date) -> str:
        """Why it counts no more; ``""`` while it does."""
        if not self.until:
            return ""
        try:
            last = date.fromisoformat(self.until)
        except ValueError:
            return f"its last day, {self.until!r}, is no date"
        return "" if today <= last else f"that ended on {last}"

    def names(self, known: Known) -> bool:
        """Whether it speaks of a vulnerability, by any of its names."""
        return self.id.lower() in {name.lower() for name in known.names}


class Sifted(NamedTuple):
    """What counts, and a line for each ignore."""

    counted: tuple[Known, ...]
    notes: tuple[str, ...]


def today() -> date:
    """The day by which an ignore ends."""
    return datetime.now(UTC).date()


def read(root: Path, muted: Mapping[str, Mapping[str, str]] = MappingProxyType({})) -> tuple[Mute, ...]:
    """What uv's settings of the project ignore, and what trueup's do. Raises ``ValueError``."""
    own = (Mute(name, row.get("reason", ""), row.get("until", ""), uvs=False) for name, row in muted.items())
    return (*of_uv(root), *own)


def of_uv(root: Path) -> Iterator[Mute]:
    """The lists of ``uv.toml``, else those of ``pyproject.toml``: uv reads one of the two."""
    alone = (root / "uv.toml").is_file()
    path, route = (root / "uv.toml", "audit") if alone else (root / "pyproject.toml", "tool.uv.audit")
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        return
    table: Any = tomllib.loads(text)
    for part in route.split("."):
        table = table.get(part, {}) if isinstance(table, dict) else {}
    for key in KEYS if isinstance(table, dict) else ():
        listed = table.get(key, [])
        for name in listed if isinstance(listed, list) else ():
            said = comment(text, str(name))
            until = UNTIL.search(said)
            yield Mute(str(name), said, until[1] if until else "", key == KEYS[1])


def comment(text: str, name: str) -> str:
    """What stands behind an identifier on its line, where that is a comment."""
    found = re.search(rf"""^[^#\n]*["']{re.escape(name)}["'][^#\n]*#(.*)$""", text, re.MULTILINE)
    return found[1].strip() if found else ""


def sift(known: Iterable[Known], mutes: Iterable[Mute], day: date, *, certain: bool = True) -> Sifted:
    """What the ignores leave, and what became of each of them; not ``certain``: not all that is known was heard."""
    found, silent, notes = tuple(known), set(), []
    for mute in mutes:
        named = [item for item in found if mute.names(item)]
        struck = [item for item in named if not (mute.until_fixed and item.fixes)]
        packages = ", ".join(dict.fromkeys(item.package for item in struck or named))
        ended = mute.ended(day)
        if not named and not certain:
            notes.append(f"ignored no more: {mute.id} ({ended})" if ended else f"ignored: {mute.id} ({reason(mute)})")
        elif not named:
            notes.append(f"ignored for nothing: {mute.id} (no locked package is struck by it)")
        elif ended or not struck:
            notes.append(f"ignored no more: {mute.id} ({packages}: {ended or 'there is a fix'})")
        else:
            silent.update(struck)
            notes.append(f"ignored: {mute.id} ({packages}: {reason(mute)})")
    return Sifted(tuple(item for item in found if item not in silent), tuple(notes))


def reason(mute: Mute) -> str:
    """Why it is ignored, and how long."""
    said = printable(" ".join(mute.reason.split()))[:LONGEST] or "no reason is given"
    ends = f", until {mute.until}" if mute.until and mute.until not in said else ""
    return said + ends
