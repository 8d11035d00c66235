"""The fate of every line: rows for what was read, and the check that none is missing."""

from __future__ import annotations

import re

from trueup.model.plan import LedgerRow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SECRET = re.compile(r"(://)[^/@\s\"']+@")
_HASH = re.compile(r"--hash=\S+")


def masked(text: str) -> str:
    """``text`` without the credentials of a URL."""
    return _SECRET.sub(r"\1***@", text)


def rows(path: str, source: list[str], line: int, end: int, row: LedgerRow) -> list[LedgerRow]:
    """One row for each of the lines ``line`` to ``end`` of a file, the first one with the whole story."""
    found = [row._replace(path=path, line=line, text=masked(_text(source, line)) if line else row.text)]
    for number in range(line + 1, max(line, end) + 1):
        if not _text(source, number):
            continue
        reason = "uv.lock holds the hashes" if _HASH.search(_text(source, number)) else f"goes on from line {line}"
        found.append(LedgerRow(path, number, masked(_text(source, number)), row.fate, row.to, reason))
    return found


def unaccounted(sources: Mapping[str, str], ledger: Iterable[LedgerRow]) -> list[tuple[str, int, str]]:
    """The lines (path, number, text) of ``sources`` that say something and have no fate.

    A row with line 0 speaks for a whole file.
    """
    told = {(row.path, row.line) for row in ledger}
    return [
        (path, number, line)
        for path, text in sources.items()
        if (path, 0) not in told
        for number, line in enumerate(text.splitlines(), 1)
        if line.replace("\\", "").strip() and (path, number) not in told
    ]


def _text(source: list[str], line: int) -> str:
    return source[line - 1].strip() if 0 < line <= len(source) else ""
