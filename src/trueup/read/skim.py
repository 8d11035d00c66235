"""The imports of a Python file, without a parse: a regular expression that steps over strings and comments.

Whatever is not surely read as ``ast`` would read it is left to ``ast``, for the whole file: the answer is then
``None``. Facts that ask for more than imports (what a file defines and calls) are not known here at all; whether a
file uses newer syntax is known only where it surely does not.
"""

from __future__ import annotations

import re
from keyword import kwlist

from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy
from trueup.model.source import Import
from trueup.read.skim_blocks import Blocks
from trueup.read.skim_strings import BACKSLASH, DOUBLE, QUOTED, SINGLE, Unsure, long_strings, outside
from trueup.read.skim_syntax import newest_of, signs
from trueup.read.skim_words import words_in

FROM = lazy(rb"from[ \t.]")
SPACE = rb"(?:[ \t]|\\\n)"
NAMED = rb"[\w.]+(?:" + SPACE + rb"+as" + SPACE + rb"+\w+)?"
NAMES = NAMED + rb"(?:" + SPACE + rb"*," + SPACE + rb"*" + NAMED + rb")*"
IMPORT = lazy(
    rb"(?:import[ \t]+(?P<modules>" + NAMES + rb")"
    rb"|from[ \t]*(?P<dots>\.*)[ \t]*(?P<module>[\w.]*)[ \t]+import" + SPACE + rb"*"
    rb"(?:(?<=[ \t\n])(?P<names>" + NAMES + rb")|(?P<star>\*)|\((?P<listed>[^()]*)\)))[ \t]*(?:\#[^\n]*)?(?=\n|\Z)"
)
COMMENT = lazy(rb"#[^\n]*")
KEYWORDS = frozenset(kwlist)
NEWLINE = ord("\n")

# What is not surely told from text: imports behind `:` and `;`, Python 2, a file that declares its encoding.
INLINE = lazy(rb"[:;][ \t]*(?:from[ \t.]+[\w.]*[ \t]*)?\Z")
CONTINUED = b"\\\n"
BEHIND = lazy(rb"[:;][ \t]*(?:from[ \t.]+[\w.]*[ \t]*)?import\b")
CODING = lazy(rb"(?:[^\n]*\n)?[ \t\f]*#[^\n]*?coding[:=][ \t]*+(?!utf-?8\b)", re.IGNORECASE)


class Skimmed(NamedTuple):
    """What a file surely says; ``newest`` and ``words``: see ``SourceFile``. ``guarded``: it may have a main guard."""

    imports: tuple[Import, ...]
    async_tests: bool
    newest: str
    words: frozenset[str]
    guarded: bool


def skim(data: bytes) -> Skimmed | None:
    """The facts of a file that Python surely can read; ``None`` where that, or one of them, is not sure."""
    data = b"\n" + data.removeprefix(b"\xef\xbb\xbf")
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if b"\0" in data or b"\f" in data or (b"coding" in data[:400] and CODING.match(data, 1)):
        return None
    found = signs(data)
    try:
        if not data.isascii():
            data.decode()
        if any(outside(data, found.old)):  # none that this Python reads
            return None
        imports = statements(data)
        async_tests = any(outside(data, found.tests))
        newer = zip(found.newer.values(), outside(data, [*found.newer]), strict=True)
        newest = max((version for version, is_code in newer if is_code), default="")
        newest = newest_of(data, imports, newest)
    except (Unsure, UnicodeDecodeError):
        return None
    return Skimmed(imports, async_tests, newest, words_in(data, imports, found.told), "main" in found.told)


def statements(data: bytes) -> tuple[Import, ...]:
    """The imports."""
    starts, doubts = candidates(data)
    strings = long_strings(data, starts[-1]) if starts else []
    found: list[Import] = []
    begun = line = 0
    blocks: Blocks | None = None
    for start, is_code in zip(starts, outside(data, starts, strings), strict=True):
        if not is_code:
            continue
        begin = start - 1 if data[start - 1] == NEWLINE else data.rfind(b"\n", 0, start)
        if data[begin - 1] == BACKSLASH:
            raise Unsure
        inside = ""
        if begin + 1 < start:
            blocks = blocks or Blocks(data, strings)
            inside = blocks.around(start, data[begin + 1 : start])
        line += data.count(b"\n", begun, start)
        begun = start
        found.append(import_at(data, start, line, inside))
    if doubts:
        refuse_inline(data, doubts)
    return tuple(found)


def candidates(data: bytes) -> tuple[list[int], list[int]]:
    """Where lines begin like an import, in a string or not; and where one may stand behind a colon or a semicolon."""
    starts: list[int] = []
    doubts: list[int] = []
    at = data.find(b"import")
    while at >= 0:
        after = data[at + 6 : at + 7]
        begin = data.rfind(b"\n", 0, at) + 1
        before = data[begin:at].lstrip(b" \t")
        if after.isalnum() or after == b"_" or after > b"\x7f":
            pass
        elif not before or FROM.match(before):
            start = at - len(before)
            if not starts or starts[-1] != start:
                starts.append(start)
        elif (b":" in before or b";" in before) and INLINE.search(before):
            doubts.append(at)
        elif data.startswith(CONTINUED, max(begin - 2, 0)):
            starts.append(at)  # `from` may stand on the line before: that is for `statements` to doubt
        at = data.find(b"import", at + 6)
    return starts, doubts


def import_at(data: bytes, start: int, line: int, inside: str) -> Import:
    """The import statement that begins at ``start``."""
    end = data.find(b"\n", start)
    text = data[start : end if end >= 0 else len(data)]
    known = MEMO.get(text)
    if known is None:
        found = IMPORT.match(data, start)
        if found is None:
            raise Unsure
        known = read_import(found)
        if found.end() == end and len(MEMO) < 20_000:
            MEMO[text] = known
    return Import(line, *known, inside)


Parts = tuple[str, int, tuple[tuple[str, str | None], ...], bool]
MEMO: dict[bytes, Parts] = {}


def read_import(found: re.Match[bytes]) -> Parts:
    """The parts of a statement."""
    if not found[0].isascii() and not COMMENT.sub(b"", found[0]).isascii():
        raise Unsure
    if found["modules"]:
        return "", 0, names_in(found["modules"], dotted=True), False
    module, level = found["module"].decode(), len(found["dots"])
    if module:
        names_in(found["module"], dotted=True)
    if not module and not level:
        raise Unsure
    if found["star"]:
        return module, level, (("*", None),), True
    listed = found["names"]
    if listed is None:
        listed = COMMENT.sub(b"", found["listed"]).strip().removesuffix(b",")
    return module, level, names_in(listed, dotted=False), True


def names_in(text: bytes, *, dotted: bool) -> tuple[tuple[str, str | None], ...]:
    """The names of a list, each with what it is called here."""
    found: list[tuple[str, str | None]] = []
    words: list[str] = []
    for part in text.replace(b"\\\n", b" ").decode("ascii", "replace").split(","):
        match part.split():
            case [name]:
                found.append((name, None))
            case [name, "as", alias]:
                found.append((name, alias))
                words.append(alias)
            case _:
                raise Unsure
        words += name.split(".") if dotted else (name,)
    if not all(map(str.isidentifier, words)) or not KEYWORDS.isdisjoint(words):
        raise Unsure
    return tuple(found)


def refuse_inline(data: bytes, doubts: list[int]) -> None:
    """Doubt where an import stands behind a colon or a semicolon, unless that is in a string or a comment."""
    for at, is_code in zip(doubts, outside(data, doubts), strict=True):
        begin = data.rfind(b"\n", 0, at) + 1
        line = data[begin : data.find(b"\n", at) + 1 or len(data)]
        if is_code and (DOUBLE in line or SINGLE in line or BEHIND.search(QUOTED.sub(b"", line))):
            raise Unsure
