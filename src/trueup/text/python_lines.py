"""Files that the running Python cannot parse: newer or older syntax, templates.

Only whole logical lines outside strings and brackets that are import statements by themselves are
rewritten; if any other import of a moved module is left, the file is refused.
"""

from __future__ import annotations

import re

from trueup.model.pattern import lazy
from trueup.model.span import Edit, splice
from trueup.text.python_imports import File, import_edits
from trueup.text.python_meaning import difference
from trueup.text.python_names import Doubt, RefusedError, Rewrite, UnparsableError
from trueup.text.python_scopes import Identifiers
from trueup.text.python_source import BOM, LARGEST, Alone, Lines, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.text.python_names import ModuleNames

TOKEN = lazy(
    rb"""(?P<comment>\#[^\r\n]*)
    |(?P<string>\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''
        |"(?!"")(?:\\(?:\r\n|.)|[^"\\\r\n])*"|'(?!'')(?:\\(?:\r\n|.)|[^'\\\r\n])*')
    |(?P<open>[(\[{])
    |(?P<close>[)\]}])
    |(?P<joined>\\(?:\r\n?|\n))
    |(?P<newline>\r\n?|\n)
    |(?P<quote>["'])
    |(?P<code>[^\#"'(\[{)\]}\\\r\n]+|\\)""",
    re.VERBOSE | re.DOTALL,
)
BLANKED = lazy(rb"[^\r\n]")
STATEMENT = lazy(rb"[ \t\f]*(?=(?:from|import)\b)")
IMPORT = lazy(rb"\b(?:from|import)[ \t\f\\\r\n]+([A-Za-z_][\w.]*)")


class Words(Identifiers):
    """Without a tree, every word of the file counts as an identifier."""

    def __init__(self, code: bytes) -> None:
        self.code = code

    def replaceable(self, old: str, new: str) -> bool:
        return False

    def free(self, name: str) -> bool:
        return not re.search(rb"\b%s\b" % re.escape(name.encode()), self.code)


class Snippet(Lines):
    """One logical line by itself: where it stands is not known, so nothing may be put on a line of its own."""

    def alone(self, start: int, end: int) -> Alone | None:
        return None


def rename_certain_lines(source: bytes, names: ModuleNames, problem: str) -> Rewrite:
    """``rename_imports`` for a file that does not parse because of ``problem``."""
    try:
        edits = _edits(source, names)
    except RefusedError as refusal:
        return Rewrite(error=f"{refusal} (and this Python cannot parse the file: {problem})")
    if not edits:
        return Rewrite()
    line = Lines(source).line_of(edits[0].start)
    why = f"this Python cannot parse the file ({problem}): its import lines were rewritten one by one"
    return Rewrite(tuple(edits), (Doubt(line, "", why),))


def _edits(source: bytes, names: ModuleNames) -> list[Edit]:
    if len(source) > LARGEST:
        raise RefusedError("too large to look at")
    code, lines = _logical_lines(source)
    words, parts = Words(code), names.parts
    edits: list[Edit] = []
    done = bytearray(code)
    for start, end in lines:
        if match := STATEMENT.match(code, start, end):
            try:
                edits += _line_edits(source, match.end(), end, names, words, parts)
            except UnparsableError:
                continue
            done[start:end] = BLANKED.sub(b" ", done[start:end])
    for match in IMPORT.finditer(done):
        if names.new(match[1].decode()) != match[1].decode():
            line = Lines(source).line_of(match.start())
            raise RefusedError(f"line {line}: an import that is no statement of its own")
    return edits


def _line_edits(
    source: bytes, start: int, end: int, names: ModuleNames, words: Words, parts: frozenset[str]
) -> Iterator[Edit]:
    """The edits of the logical line from ``start`` to ``end``, proved by themselves."""
    text = source[start:end]
    tree = parse(text)
    file = File(Snippet(text), names, words, parts=parts)
    edits = list(import_edits(file, tree))
    if edits and (why := difference(file, tree, parse(splice(text, edits)), edits)):
        raise RefusedError(why)
    return (Edit(start + edit.start, start + edit.end, edit.text) for edit in edits)


def _logical_lines(source: bytes) -> tuple[bytes, list[tuple[int, int]]]:
    """The code with strings and comments blanked out, and the spans of its logical lines."""
    code = bytearray(source)
    lines: list[tuple[int, int]] = []
    start = len(BOM) if source.startswith(BOM) else 0
    depth = 0
    for match in TOKEN.finditer(source, start):
        kind = match.lastgroup
        if kind in ("comment", "string"):
            code[match.start() : match.end()] = BLANKED.sub(b" ", match[0])
        elif kind in ("open", "close"):
            depth += 1 if kind == "open" else -1
        elif kind == "newline" and depth <= 0:
            lines.append((start, match.start()))
            start, depth = match.end(), 0
        elif kind == "quote":
            raise RefusedError(f"line {Lines(source).line_of(match.start())}: a quote that nothing closes")
    if depth > 0:
        raise RefusedError("a bracket that nothing closes")
    return bytes(code), [*lines, (start, len(source))]
