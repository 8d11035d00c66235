"""What an indented import stands in (``Import.inside``), told from the lines before it."""

from __future__ import annotations

from bisect import bisect_left

from trueup.model.pattern import lazy
from trueup.read.skim_strings import BACKSLASH, Unsure, outside

# Lines that may begin a block.
BLOCKS = lazy(rb"\n([ \t]*)((?:import|from|async|def|class|if|elif|else|try|except|finally|for|while|with)\b)")
ASYNC_DEF = lazy(rb"async[ \t]+def\b")
LINE = lazy(rb"""(?:[^\n"'#\\]++|"(?:[^"\\\n]++|\\[^\n])*+"|'(?:[^'\\\n]++|\\[^\n])*+')*+""")
HEADER = lazy(rb"\n( *)(?:async +)?def ")
# By how many blanks a line may begin: one that begins with fewer, or as many.
LEFT_OF = tuple(lazy(rb"\n {0,%d}[^ \n)#]" % count) for count in range(13))
LONGEST = 60  # lines of a condition
ENDS = lazy(rb"\\?\n|#|\Z")
OPENS, CLOSES = (b"(", b"[", b"{"), (b")", b"]", b"}")
MARGIN = (b"\ndef ", b"\nclass ", b"\nasync def ")
ALWAYS = (b"def", b"class", b"try", b"except", b"finally", b"while", b"with")  # never within an expression
# Names, attributes and words between them: one of which is the variable.
TYPING = lazy(rb"(?:el)?if[ \t]+[\w. \t]*(?<=[. \t])TYPE_CHECKING(?=[ \t:])[\w. \t]*:")


class Blocks:
    """The lines of a file that may begin a block, and what that makes of an import within (``Import.inside``).

    Read piece by piece, for imports in ascending order: nothing that stands before the function or the class at the
    left margin in which an import is, or behind which, can be around it. ``strings``: see ``long_strings``.
    """

    def __init__(self, data: bytes, strings: list[tuple[int, int]]) -> None:
        self.data = data
        self.strings = strings
        self.types = b"TYPE_CHECKING" in data
        self.read = 0
        self.words: list[bytes] = []
        self.starts: list[int] = []
        self.columns: list[int] = []

    def reach(self, position: int) -> None:
        """Read the lines as far as a position."""
        margin = max(self.data.rfind(word, self.read, position) for word in MARGIN)
        if margin > self.read and all(outside(self.data, [margin + 1], self.strings)) and self.begins(margin):
            self.words, self.starts, self.columns = [], [], []
            self.read = margin
        found = list(BLOCKS.finditer(self.data, self.read, position))
        places = outside(self.data, [line.start(2) for line in found], self.strings)
        lines = [line for line, is_code in zip(found, places, strict=True) if is_code and self.begins(line.start())]
        self.words += [line[2] for line in lines]
        self.starts += [line.start(2) for line in lines]
        self.columns += [self.column(line[1]) for line in lines]
        self.read = self.data.rfind(b"\n", 0, position)

    def begins(self, end: int) -> bool:
        """Whether a new line begins a statement, or a part of one: not where the line that ends here goes on."""
        if self.data[end - 1] != BACKSLASH:
            return True
        if b"#" in self.data[self.data.rfind(b"\n", 0, end) + 1 : end]:
            raise Unsure
        return False

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
        if self.is_in_function(position, space):
            return "function"
        self.reach(position)
        low = high = self.column(space)
        chain: list[int] = []
        doubt = False
        for index in range(bisect_left(self.starts, position) - 1, -1, -1):
            column = self.columns[index]
            if not low:
                break
            if column >= high:
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

    def is_in_function(self, position: int, space: bytes) -> bool:
        """Whether a statement surely stands in the function whose header is the nearest before it: nothing between
        them begins as far to the left as that does, but for the end of its brackets."""
        begin = self.data.rfind(b"\n", 0, self.data.rfind(b"def ", 0, position) + 1)
        header = HEADER.match(self.data, begin) if begin >= 0 else None
        if header is None or len(header[1]) >= len(space) or b"\t" in space or (self.types and header[1]):
            return False
        left = LEFT_OF[len(header[1])] if len(header[1]) < len(LEFT_OF) else None
        if left is None or left.search(self.data, header.end(), position):
            return False
        return self.begins(begin) and all(outside(self.data, [begin + 1], self.strings))

    def is_function(self, index: int) -> bool:
        """Whether a line begins a function."""
        word = self.words[index]
        return word == b"def" or (word == b"async" and ASYNC_DEF.match(self.data, self.starts[index]) is not None)

    def is_header(self, index: int) -> bool | None:
        """Whether a line surely begins a block whose statements follow it; ``None``: that is not sure."""
        word = self.words[index]
        if word in ALWAYS or self.is_function(index):
            return True
        at, depth = self.starts[index], 0
        for _ in range(LONGEST):
            line = LINE.match(self.data, at)
            if line is None or not ENDS.match(self.data, line.end()):
                return None
            text = line[0].rstrip()
            if word in (b"import", b"from"):
                return False
            depth += sum(map(text.count, OPENS)) - sum(map(text.count, CLOSES))
            goes_on = depth > 0 or self.data.startswith(b"\\", line.end())
            if depth < 0 or (not goes_on and b":" not in text):
                return False  # within brackets
            if not goes_on:
                is_clause = text.endswith(b":") and not text.endswith(b"lambda:")
                return True if is_clause and (word != b"else" or text == b"else:") else None
            at = self.data.find(b"\n", line.end()) + 1 or len(self.data)
        return None

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
