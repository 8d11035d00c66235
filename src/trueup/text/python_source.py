"""Python source as bytes and tree: from the tree's lines and columns to byte offsets, in every encoding."""

from __future__ import annotations

import ast
import warnings
from bisect import bisect_right
from functools import cached_property, lru_cache

from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy
from trueup.text.python_names import RefusedError, UnparsableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST = 1_000_000  # bytes; beyond that a parse takes seconds and a gigabyte
BOM = b"\xef\xbb\xbf"
LINE_END = lazy(rb"\r\n?|\n")
COOKIE = lazy(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
NO_NODES = frozenset(
    {"ctx", "op", "ops", "id", "attr", "kind", "arg", "asname", "level", "module", "simple", "conversion"}
)
# What code calls to tell a person something: the built-in ``print``, warnings, loggers and click.
TELLS = frozenset(("print", "echo", "warn", "warning", "info", "debug", "error", "exception", "critical"))
UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError, UnicodeError, LookupError)


class Alone(NamedTuple):
    """What stands around a statement that has its line for itself."""

    indent: bytes
    comment: bytes  # with the blanks before it
    newline: bytes


class Lines:
    """Bytes of a Python file, cut into the lines that Python sees: ``\\n``, ``\\r\\n`` and lone ``\\r`` end one."""

    def __init__(self, data: bytes, encoding: str = "utf-8") -> None:
        self.data = data
        self.encoding = encoding
        first = len(BOM) if data.startswith(BOM) else 0
        self.starts = [first, *(match.end() for match in LINE_END.finditer(data, first))]

    def line_of(self, offset: int) -> int:
        """The 1-based line of a byte offset."""
        return bisect_right(self.starts, offset)

    def line(self, number: int) -> bytes:
        """A line's bytes, its end included."""
        end = self.starts[number] if number < len(self.starts) else len(self.data)
        return self.data[self.starts[number - 1] : end]

    def offset(self, line: int, column: int) -> int:
        """The byte offset of a place of the tree, whose columns count the UTF-8 bytes of the decoded line."""
        start = self.starts[line - 1]
        if self.encoding == "utf-8":
            return start + column
        text = self.line(line).decode(self.encoding)
        return start + len(text.encode()[:column].decode().encode(self.encoding))

    def span(self, node: ast.expr | ast.stmt | ast.alias) -> tuple[int, int]:
        """First and last (exclusive) byte of a node."""
        start = self.offset(node.lineno, node.col_offset)
        return start, self.offset(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)

    def alone(self, start: int, end: int) -> Alone | None:
        """What surrounds the statement from ``start`` to ``end`` if nothing else shares its one line."""
        number = self.line_of(start)
        line, first = self.line(number), self.starts[number - 1]
        body = line.rstrip(b"\r\n")
        before, after = line[: start - first], body[end - first :]
        continued = number > 1 and self.line(number - 1).rstrip(b"\r\n").endswith(b"\\")
        if before.strip(b" \t\f") or end > first + len(body) or continued:
            return None
        if after.strip(b" \t\f") and not after.lstrip(b" \t\f").startswith(b"#"):
            return None
        comment = after.rstrip(b" \t\f")
        return Alone(before, comment, line[len(body) :] or self.newline())

    def newline(self) -> bytes:
        """The line end that the file uses first."""
        match = LINE_END.search(self.data)
        return match[0] if match else b"\n"

    def encode(self, text: str) -> bytes:
        """``text`` as the file writes it."""
        try:
            return text.encode(self.encoding)
        except UnicodeError:
            raise RefusedError(f"{text!r} cannot be written in {self.encoding}") from None


class Source(Lines):
    """A file that this Python can parse: ``tree`` is its syntax. ``UnparsableError`` where it cannot."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data, encoding_of(data))
        self.tree = parse(data)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """All nodes but contexts and operators, in the order of ``ast.walk``."""
        return [self.tree, *self.parents]

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """Each of them but the module -> the one around it."""
        found: dict[ast.AST, ast.AST] = {}
        waiting: list[ast.AST] = [self.tree]
        for node in waiting:
            inside = list(children(node))
            found.update(dict.fromkeys(inside, node))
            waiting += inside
        return found


@lru_cache(maxsize=2)
def source_of(data: bytes) -> Source:
    """A file, read once for all who ask one after another; nobody may change its tree."""
    return Source(data)


def children(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes directly within another, but for contexts and operators."""
    for field in node._fields:
        if field in NO_NODES:
            continue
        value = getattr(node, field, None)
        if isinstance(value, ast.AST):
            yield value
        elif isinstance(value, list):
            yield from (item for item in value if isinstance(item, ast.AST))


@lru_cache(maxsize=4)
def parse(data: bytes | str) -> ast.Module:
    """The syntax tree, which nobody may change; ``UnparsableError`` with the parser's reason."""
    if len(data) > LARGEST:
        raise UnparsableError(f"larger than {LARGEST} bytes")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(data)
    except UNREADABLE as error:
        line = error.lineno if isinstance(error, SyntaxError) and error.lineno else 0
        reason = error.msg if isinstance(error, SyntaxError) else (str(error) or type(error).__name__)
        raise UnparsableError(f"line {line}: {reason}" if line else reason) from None


def encoding_of(data: bytes) -> str:
    """The encoding by byte order mark or cookie (PEP 263); ``UnparsableError`` where bytes do not survive it."""
    name = cookie(data)
    try:
        if data.decode(name).encode(name) != data and name != "utf-8":
            raise UnparsableError(f"bytes do not survive {name}")
    except (LookupError, UnicodeError) as error:
        raise UnparsableError(f"not readable as {name}: {error}") from None
    return name


def cookie(data: bytes) -> str:
    """The declared encoding, ``utf-8`` for all its spellings and by default."""
    if data.startswith(BOM):
        return "utf-8"
    for line in LINE_END.split(data[:1000], maxsplit=2)[:2]:
        if match := COOKIE.match(line):
            name = match[1].decode("ascii", "replace").lower().replace("_", "-")
            return "utf-8" if name == "utf8" or name.startswith("utf-8") else name
        if line.strip(b" \t\f") and not line.lstrip(b" \t\f").startswith(b"#"):
            break
    return "utf-8"
