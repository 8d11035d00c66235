"""Where something stands in a file."""

from trueup.model.noun import NamedTuple


class Place(NamedTuple):
    """A place a person can go to: a path relative to the project's root, a 1-based line and column (0: the file)."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


class Span(NamedTuple):
    """Bytes ``start`` to ``end`` (exclusive) of a file."""

    start: int
    end: int


class Edit(NamedTuple):
    """Replace the bytes of a span by ``text``."""

    start: int
    end: int
    text: bytes


def shortened(source: bytes, edit: Edit) -> Edit:
    """The same edit without the end of its span that it leaves as it is."""
    old, new = source[edit.start : edit.end], edit.text
    same = 0
    while same < min(len(old), len(new)) and old[-same - 1] == new[-same - 1]:
        same += 1
    return Edit(edit.start, edit.end - same, edit.text[: len(edit.text) - same])


def splice(source: bytes, edits: "list[Edit]") -> bytes:
    """Apply edits to ``source``; they are given in any order and must not overlap (``ValueError``).

    An edit given twice counts once.
    """
    parts: list[bytes] = []
    position = 0
    for edit in sorted(set(edits)):
        if edit.start < position or edit.end < edit.start or edit.end > len(source):
            raise ValueError(f"edit {edit} overlaps another or leaves the file")
        parts += [source[position : edit.start], edit.text]
        position = edit.end
    parts.append(source[position:])
    return b"".join(parts)
