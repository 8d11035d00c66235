"""The imports of a Python file, without a parse: a regular expression that steps over strings and comments.

Whatever is not surely read as ``ast`` would read it is left to ``ast``, for the whole file: the answer is then
``None``. Facts that ask for more than imports (what a file defines and calls) are not known here at all; whether a
file uses newer syntax is known only where it surely does not.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from keyword import kwlist
from typing import TYPE_CHECKING

from trueup.model.noun import NamedTuple
from trueup.model.project import Import
from trueup.read.python_margin import APPLICATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

# Lines that may begin a statement worth knowing; and, where imports are indented, those that may begin a block.
STARTS = re.compile(rb"\n([ \t]*)(import\b|from\b|async[ \t]+def[ \t]+test)")
BLOCKS = re.compile(rb"\n([ \t]*)((?:import|from|async|def|class|if|elif|else|try|except|finally|for|while|with)\b)")
# Strings over several lines, where a quote or a hash before one makes it hard to see.
LONG = re.compile(
    rb"""(?:[^"'#\\]++|\#[^\n]*+|\\[\s\S]|"(?!"")(?:[^"\\\n]++|\\[\s\S])*+"|'(?!'')(?:[^'\\\n]++|\\[\s\S])*+')*+
    (?:(\"""(?:[^"\\]++|\\[\s\S]|"(?!""))*+\"""|\'\'\'(?:[^'\\]++|\\[\s\S]|'(?!''))*+\'\'\')|\Z)""",
    re.VERBOSE,
)

NAMES = rb"[\w.]+(?:[ \t]+as[ \t]+\w+)?(?:[ \t]*,[ \t]*[\w.]+(?:[ \t]+as[ \t]+\w+)?)*"
IMPORT = re.compile(
    rb"(?:import[ \t]+(?P<modules>" + NAMES + rb")"
    rb"|from[ \t]*(?P<dots>\.*)[ \t]*(?P<module>[\w.]*)[ \t]+import[ \t]*"
    rb"(?:(?<=[ \t])(?P<names>" + NAMES + rb")|(?P<star>\*)|\((?P<listed>[^()]*)\)))[ \t]*(?:\#[^\n]*)?(?=\n|\Z)"
)
NAME = re.compile(r"([^\W\d]\w*(?:\.[^\W\d]\w*)*)(?:\s+as\s+([^\W\d]\w*))?", re.ASCII)
COMMENT = re.compile(rb"#[^\n]*")
KEYWORDS = frozenset(kwlist)

# What is not surely told from text: imports behind `:` and `;`, Python 2, a file that declares its encoding.
INLINE = re.compile(rb"[:;][ \t]*(?:from[ \t.]+[\w.]*[ \t]*)?\Z")
# Python 2, templates and conflicts: a word that must be there, and how it must stand.
OLD = (
    (b"print ", re.compile(rb"""\n[ \t]*print[ \t]+(?:[\w"'%`]|>>)""")),
    (b"exec ", re.compile(rb"""\n[ \t]*exec[ \t]+[\w"']""")),
    (b"raise ", re.compile(rb"raise [\w.]+[ \t]*,")),
    (b"except ", re.compile(rb"except [\w.]+[ \t]*,")),
    (b"{%", re.compile(rb"\n[ \t]*\{%")),
    (b"{{", re.compile(rb"\n[ \t]*\{\{")),
    (b"\n<<<<<<< ", re.compile(rb"\n>>>>>>> ")),
)
CODING = re.compile(rb"\A(?:[^\n]*\n)?[ \t\f]*#[^\n]*?coding[:=][ \t]*(?!utf-?8\b)", re.IGNORECASE)
# Newer syntax than that of 3.9: https://docs.python.org/3/whatsnew/. It may also stand in a string.
NEWER = (
    (re.compile(rb"type[ \t\\]+[A-Za-z_]\w*[ \t]*[\[=]"), "3.12"),
    (re.compile(rb"def[ \t]+\w+[ \t]*\["), "3.12"),
    (re.compile(rb"class[ \t]+\w+[ \t]*\["), "3.12"),
    (re.compile(rb"except[ \t]*\*"), "3.11"),
    (re.compile(rb"\n[ \t]*match\b(?![ \t]*[=.,)\]:+\-*/|&])"), "3.10"),
)
UNION = re.compile(rb"""\|(?<=[\w\]"') \t\n]\|)(?:[ \t\n]|\#[^\n]*)*[\w"'(]""")
QUOTED = re.compile(rb"""\"(?:[^"\\\n]++|\\.)*+"|'(?:[^'\\\n]++|\\.)*+'|\#[^\n]*""")
# What begins a statement: one that can hold an annotation (`def`, or a name and a colon), and one that cannot.
MAKES = re.compile(rb"[ \t]*(?:(?:async[ \t]+)?def\b|[\w.\[\]()]+[ \t]*:)")
BEGINS = re.compile(
    rb"[ \t]*(?:@|(?:def|async|class|return|raise|try|with|while|import|from|assert|del|pass|break|continue)\b)"
)
ASYNC, BACKSLASH = b"a\\"
DOUBLE, SINGLE = b'"""', b"'''"
NOWHERE = (1 << 60, 1 << 60)
ASYNC_DEF = re.compile(rb"async[ \t]+def\b")
LINE = re.compile(rb"""(?:[^\n"'#\\]++|"(?:[^"\\\n]++|\\[^\n])*+"|'(?:[^'\\\n]++|\\[^\n])*+')*+""")
OPENS, CLOSES = (b"(", b"[", b"{"), (b")", b"]", b"}")
ALWAYS = (b"def", b"class", b"try", b"except", b"finally", b"while", b"with")  # never within an expression
TYPING = re.compile(rb"(?:el)?if[ \t]+(?:not[ \t]+)?(?:[A-Za-z_]\w*\.)*TYPE_CHECKING[ \t]*:")


SPOKEN = {
    "uvicorn.run": b"uvicorn",
    "site.addsitedir": b"addsitedir",
    "importlib.import_module": b"import_module",
    "__import__": b"__import__",
}
MAKERS = tuple(name.encode() for name in APPLICATIONS)
BENT = {"sys.path.insert", "sys.path.append", "sys.path.extend"}
PATH = re.compile(rb"sys(?:[\s\\]|#[^\n]*)*\.(?:[\s\\]|#[^\n]*)*path")
NOTHING: frozenset[str] = frozenset()


class Skimmed(NamedTuple):
    """What a file surely says; ``newest`` and ``words``: see ``SourceFile``."""

    imports: tuple[Import, ...]
    async_tests: bool
    newest: str
    words: frozenset[str]


class Unsure(Exception):
    """Only ``ast`` can tell."""


def skim(data: bytes) -> Skimmed | None:
    """The facts of a file that Python surely can read; ``None`` where that, or one of them, is not sure."""
    data = b"\n" + data.removeprefix(b"\xef\xbb\xbf")
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if b"\0" in data or b"\f" in data or (b"coding" in data[:400] and CODING.match(data, 1)) or is_old(data):
        return None
    try:
        if not data.isascii():
            data.decode()
        imports, async_tests = statements(data)
    except (Unsure, UnicodeDecodeError):
        return None
    return Skimmed(imports, async_tests, newest_of(data, imports), words_in(data, imports))


def words_in(data: bytes, imports: tuple[Import, ...]) -> frozenset[str]:
    """Of which calls and applications a file may speak: no line holds one without these words."""
    found = {name for name, word in SPOKEN.items() if word in data}
    if any(word in data for word in MAKERS):
        found.add("application")
    if b"sys" in data and (PATH.search(data) or any(map(names_sys, imports))):
        found |= BENT
    return frozenset(found) if found else NOTHING


def names_sys(statement: Import) -> bool:
    """Whether an import gives ``sys``, or ``sys.path``, another name."""
    if statement.is_from:
        return statement.module == "sys" and not statement.level
    return any(name == "sys" and alias for name, alias in statement.names)


def is_old(data: bytes) -> bool:
    """Whether a file may be none that this Python reads."""
    return any(word in data and pattern.search(data) for word, pattern in OLD)


def newest_of(data: bytes, imports: tuple[Import, ...]) -> str:
    """The newest version of Python whose syntax a file may use, ``""`` where it is none after 3.9."""
    for newer, version in NEWER:
        if newer.search(data):
            return version
    if b"|" not in data or not has_union(data):
        return ""
    future = any(item.module == "__future__" and ("annotations", None) in item.names for item in imports)
    return "" if future and data.count(b"annotations") == 1 else "3.10"


def has_union(data: bytes) -> bool:
    """Whether ``X | Y`` may stand in an annotation: behind a colon or an arrow of the same statement."""
    hits = [hit.start() for hit in UNION.finditer(data)]
    strings = long_strings(data, len(data)) if hits else []
    begins = [begin for begin, _ in strings]
    for at in hits:
        index = bisect_left(begins, at) - 1
        if index >= 0 and at < strings[index][1]:
            continue
        begin = data.rfind(b"\n", 0, at) + 1
        line = data[begin : data.find(b"\n", at) + 1 or len(data)]
        if DOUBLE in line or SINGLE in line:
            return True
        code = QUOTED.sub(b"", line)
        before = code.rpartition(b"|")[0]
        colon = b":" in before or b"->" in before
        if not code.strip(b" \t\n|") or (colon and MAKES.match(code)) or may_continue(data, begin, colon=colon):
            return True
    return False


def may_continue(data: bytes, begin: int, *, colon: bool) -> bool:
    """Whether the line at ``begin`` may stand in the brackets of a definition, or behind a backslash.

    ``colon``: it has one, or an arrow; else one must stand in the lines before it.
    """
    depth, end = 0, begin - 1
    for _ in range(60):
        if end <= 0:
            return False
        begin = data.rfind(b"\n", 0, end) + 1
        line = data[begin:end]
        if DOUBLE in line or SINGLE in line or line.endswith(b"\\"):
            return True
        code = QUOTED.sub(b"", line)
        colon = colon or b":" in code or b"->" in code
        depth += sum(map(code.count, OPENS)) - sum(map(code.count, CLOSES))
        if depth > 0 and MAKES.match(code):
            return colon
        if BEGINS.match(code):
            return False
        depth = min(depth, 0)
        end = begin - 1
    return True


def statements(data: bytes) -> tuple[tuple[Import, ...], bool]:
    """The imports, and whether there are asynchronous tests."""
    found: list[Import] = []
    async_tests = False
    begun = line = 0
    blocks: Blocks | None = None
    last = max(data.rfind(b"import") + 6, data.rfind(b"def test") + 8 if b"async" in data else 0)
    for start in outside(data, list(STARTS.finditer(data, 0, last))):
        position, word = start.start(2), start[2]
        if word[0] == ASYNC:
            async_tests = True
            continue
        inside = ""
        if start[1]:
            blocks = blocks or Blocks(data, last)
            inside = blocks.around(position, start[1])
        line += data.count(b"\n", begun, position)
        begun = position
        found.append(import_at(data, position, line, inside))
    refuse_inline(data, found)
    return tuple(found), async_tests


def outside(data: bytes, lines: list[re.Match[bytes]]) -> Iterator[re.Match[bytes]]:
    """Those lines that do not lie in a string."""
    strings = iter(long_strings(data, lines[-1].start()) if lines else ())
    begin, end = next(strings, NOWHERE)
    for line in lines:
        at = line.start()
        while end <= at:
            begin, end = next(strings, NOWHERE)
        if at < begin:
            if data[at - 1] == BACKSLASH:
                raise Unsure
            yield line


def long_strings(data: bytes, last: int) -> list[tuple[int, int]]:
    """Where the strings in triple quotes begin and end, as far as ``last``."""
    found: list[tuple[int, int]] = []
    position = 0
    double, single = data.find(DOUBLE), data.find(SINGLE)
    while True:
        if 0 <= double < position:
            double = data.find(DOUBLE, position)
        if 0 <= single < position:
            single = data.find(SINGLE, position)
        begin = min(double, single) if double >= 0 and single >= 0 else max(double, single)
        if begin < 0 or begin > last:
            return found
        before = data[max(data.rfind(b"\n", 0, begin), position) : begin]
        end = data.find(data[begin : begin + 3], begin + 3)
        if found and data.rfind(b"\n", 0, begin) < position:
            return all_strings(data)
        if b'"' in before or b"'" in before or b"#" in before or end < 0 or data[end - 1] == BACKSLASH:
            return all_strings(data)
        position = end + 3
        found.append((begin, position))


def all_strings(data: bytes) -> list[tuple[int, int]]:
    """The same by reading every string and comment."""
    found: list[tuple[int, int]] = []
    position = 0
    while position < len(data):
        string = LONG.match(data, position)
        if string is None:
            raise Unsure
        position = string.end()
        if string[1]:
            found.append((string.start(1), position))
    return found


class Blocks:
    """The lines of a file that may begin a block, and what that makes of an import within (``Import.inside``)."""

    def __init__(self, data: bytes, last: int) -> None:
        self.data = data
        self.types = b"TYPE_CHECKING" in data
        lines = list(outside(data, list(BLOCKS.finditer(data, 0, last))))
        self.words = [line[2] for line in lines]
        self.starts = [line.start(2) for line in lines]
        self.columns = [self.column(line[1]) for line in lines]

    def column(self, space: bytes) -> int:
        """The column that white space reaches; blanks and tabs in one line only Python counts."""
        if b"\t" in space:
            if b" " in space:
                raise Unsure
            return len(space) * 8
        return len(space)

    def around(self, position: int, space: bytes) -> str:
        """What the statement at a position stands in.

        A line of an expression may begin like a block (``if`` of a comprehension). Where that is not sure, the
        statement may stand in it (``low``) or not (``high``): the answer must be the same.
        """
        low = high = self.column(space)
        chain: list[int] = []
        doubt = False
        for index in range(bisect_left(self.starts, position) - 1, -1, -1):
            column = self.columns[index]
            if column >= high or not low:
                continue
            sure = self.is_header(index)
            if sure is False:
                continue
            if column >= low:
                raise Unsure
            low = column
            if sure is None:
                doubt = True
                continue
            if self.is_function(index) and not self.types:
                return "function"
            high = column
            chain.append(index)
        if doubt:
            raise Unsure
        inside = ""
        for index in reversed(chain):
            inside = self.within(index, inside)
        return inside

    def is_function(self, index: int) -> bool:
        """Whether a line begins a function."""
        word = self.words[index]
        return word == b"def" or (word == b"async" and ASYNC_DEF.match(self.data, self.starts[index]) is not None)

    def is_header(self, index: int) -> bool | None:
        """Whether a line surely begins a block whose statements follow it; ``None``: that is not sure."""
        word = self.words[index]
        if word in ALWAYS or self.is_function(index):
            return True
        line = LINE.match(self.data, self.starts[index])
        if line is None or self.data[line.end() : line.end() + 1] not in (b"\n", b"#", b""):
            return None
        text = line[0].rstrip()
        if word in (b"import", b"from"):
            return False
        depth = sum(map(text.count, OPENS)) - sum(map(text.count, CLOSES))
        if depth < 0 or (depth == 0 and b":" not in text):
            return False  # within brackets
        return True if depth == 0 and text.endswith(b":") and (word != b"else" or text == b"else:") else None

    def within(self, index: int, outer: str) -> str:
        """What the statements of a block stand in, which itself stands in ``outer``."""
        word = self.words[index]
        if outer in ("function", "typing"):
            return outer
        if self.is_function(index):
            return "function"
        if word in (b"try", b"except", b"finally"):
            return "try"
        if word == b"if":
            return "typing" if self.checks_types(index) else "if"
        if word in (b"elif", b"else"):
            return self.clause(index, outer)
        return outer

    def clause(self, index: int, outer: str) -> str:
        """The same for ``elif`` and ``else``: what went before decides."""
        before: list[int] = []
        for other in range(index - 1, -1, -1):
            if self.columns[other] > self.columns[index]:
                continue
            if self.columns[other] < self.columns[index] or not self.is_header(other):
                raise Unsure
            before.append(other)
            if self.words[other] != b"elif":
                break
        first = self.words[before[-1]] if before else b""
        if first == b"if":
            conditions = [self.checks_types(other) for other in before]
            outer = outer if all(conditions) else "if"
            own = self.words[index] == b"elif"
            return outer if not own else "typing" if self.checks_types(index) else "if"
        if self.words[index] == b"else" and first in (b"except", b"for", b"while", b"async"):
            return "try" if first == b"except" else outer
        raise Unsure

    def checks_types(self, index: int) -> bool:
        """Whether a condition names ``TYPE_CHECKING``."""
        line = LINE.match(self.data, self.starts[index]) if self.types else None
        if line is None or b"TYPE_CHECKING" not in line[0]:
            return False
        if not TYPING.fullmatch(line[0].rstrip()):
            raise Unsure
        return True


def import_at(data: bytes, start: int, line: int, inside: str) -> Import:
    """The import statement that begins at ``start``."""
    found = IMPORT.match(data, start)
    if found is None or inside == "?":
        raise Unsure
    text = found[0]
    known = MEMO.get(text)
    if known is None:
        known = read_import(found)
        if len(text) < 100 and len(MEMO) < 20_000:
            MEMO[text] = known
    module, level, names, is_from = known
    return Import(line, module, level, names, is_from, inside)


Parts = tuple[str, int, tuple[tuple[str, str | None], ...], bool]
MEMO: dict[bytes, Parts] = {}


def read_import(found: re.Match[bytes]) -> Parts:
    """The parts of a statement."""
    if not found[0].isascii() and not COMMENT.sub(b"", found[0]).isascii():
        raise Unsure
    if found["modules"]:
        return "", 0, tuple(names_in(found["modules"], dotted=True)), False
    module, level = found["module"].decode(), len(found["dots"])
    if module and (not NAME.fullmatch(module) or KEYWORDS.intersection(module.split("."))):
        raise Unsure
    if not module and not level:
        raise Unsure
    if found["star"]:
        return module, level, (("*", None),), True
    listed = found["names"]
    if listed is None:
        listed = COMMENT.sub(b"", found["listed"]).strip().removesuffix(b",")
    return module, level, tuple(names_in(listed, dotted=False)), True


def names_in(text: bytes, *, dotted: bool) -> Iterator[tuple[str, str | None]]:
    """The names of a list, each with what it is called here."""
    for part in text.decode("ascii", "replace").split(","):
        name = NAME.fullmatch(part.strip())
        if name is None or ("." in name[1] and not dotted) or KEYWORDS.intersection((*name[1].split("."), name[2])):
            raise Unsure
        yield name[1], name[2]


def refuse_inline(data: bytes, found: list[Import]) -> None:
    """Doubt where an import may stand behind a colon or a semicolon."""
    if data.count(b"import") == len(found):
        return
    position = data.find(b"import")
    while position >= 0:
        before = data[data.rfind(b"\n", 0, position) : position]
        if (b":" in before or b";" in before) and INLINE.search(before):
            raise Unsure
        if (
            before.endswith((b"\n", b" ", b"\t"))
            and not before.strip()
            and data[position - len(before) - 1] == BACKSLASH
        ):
            raise Unsure
        position = data.find(b"import", position + 6)
