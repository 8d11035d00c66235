"""Trees of files drawn as text, as the rules' documentation draws them.

A name stands at the margin, its content below it, indented by four spaces; a name alone is an empty
file. Behind a name, in brackets, what text cannot show: ``requirements.txt (utf-16)`` is written in
that encoding, ``.venv/pyvenv.cfg (ignored)`` is a file that git ignores, ``models/user.py (tracked)`` one that git
tracks though a pattern of ``.gitignore`` names it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trueup.model.tree import MemoryTree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NAME = re.compile(r"(?P<path>\S.*?)(?: \((?P<note>[\w-]+)\))?\s*")
FENCE = re.compile(r"^(?P<fence>`{3,})[^\n`]*\n(?P<drawn>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^# (?P<title>.+: (?:flagged|clean).*)$", re.MULTILINE)


def tree(text: str) -> MemoryTree:
    """The tree that ``text`` draws."""
    files: dict[str, bytes] = {}
    notes: dict[str, str] = {}
    for path, note, content in drawn(text):
        files[path] = content.encode("utf-8" if note in ("", "ignored", "tracked") else note)
        notes[path] = note
    made = MemoryTree(files)
    made.entries = {
        path: entry._replace(ignored=notes[path] == "ignored", overruled=notes[path] == "tracked")
        for path, entry in made.entries.items()
    }
    return made


def drawn(text: str) -> Iterator[tuple[str, str, str]]:
    """Path, note and content of every file; blank lines before the next name belong to nobody."""
    path, note, lines = "", "", list[str]()
    for line in [*text.splitlines(), "end"]:
        if line.startswith("    ") or not line.strip():
            lines.append(line[4:])
            continue
        if path:
            while lines and not lines[-1]:
                lines.pop()
            yield path, note, "".join(f"{kept}\n" for kept in lines)
        found = NAME.fullmatch(line)
        assert found is not None, line
        path, note, lines = found["path"], found["note"] or "", []


def contents(held: Mapping[str, bytes]) -> dict[str, str]:
    """Path -> text, for comparisons that fail readably."""
    return {path: data.decode("utf-8", "backslashreplace") for path, data in sorted(held.items())}


def example(page: str, label: str) -> str:
    """The first fenced block behind ``label:`` in a page of documentation."""
    _, found, rest = page.partition(f"\n{label}:\n")
    block = FENCE.search(rest)
    assert found, f"the page has no {label}:"
    assert block, f"nothing is drawn behind {label}:"
    return block["drawn"]


def cases(page: str) -> Iterator[tuple[str, str]]:
    """Heading and text of every section of a Markdown page."""
    headings = list(HEADING.finditer(page))
    for heading, following in zip(headings, [*headings[1:], None], strict=True):
        yield heading["title"].strip(), page[heading.end() : following.start() if following else len(page)]


def blocks(text: str) -> list[str]:
    """The fenced blocks of a text."""
    return [block["drawn"] for block in FENCE.finditer(text)]
