"""The lines of a requirements file, joined and split as pip does it.

Source: "Requirements File Format" in pip's documentation. A line that ends in a backslash goes on,
unless it is a comment; a comment begins at the line's start or behind white space; a requirement
ends where its first option begins.
"""

from __future__ import annotations

from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_COMMENT = lazy(r"(?:^|(?<!\s)\s+)#.*$")
_OPTION_BEGINS = lazy(r"(?:^|\s)-")
_SHORT = {
    "-i": "--index-url",
    "-r": "--requirement",
    "-c": "--constraint",
    "-e": "--editable",
    "-f": "--find-links",
    "-C": "--config-settings",
}
_FLAGS = ("--no-index", "--pre", "--prefer-binary", "--require-hashes")
_VALUED = (
    "--config-settings",
    "--constraint",
    "--editable",
    "--extra-index-url",
    "--find-links",
    "--global-option",
    "--hash",
    "--index-url",
    "--install-option",
    "--no-binary",
    "--only-binary",
    "--pypi-url",
    "--requirement",
    "--trusted-host",
    "--use-feature",
)


class Line(NamedTuple):
    """One logical line: ``number`` to ``end`` are its physical lines, ``comment`` what follows ``#`` (with it)."""

    number: int
    end: int
    text: str
    comment: str = ""


class Option(NamedTuple):
    """One option of a line, spelt out (``-r`` is ``--requirement``); flags have no value."""

    name: str
    value: str = ""


def lines(source: str) -> Iterator[Line]:
    """The logical lines of ``source`` that hold anything, comments included."""
    for number, end, text in _joined(source):
        found = _COMMENT.search(text)
        comment = found[0].strip() if found else ""
        content = _COMMENT.sub("", text).strip()
        if content or comment:
            yield Line(number, end, content, comment)


def _joined(source: str) -> Iterator[tuple[int, int, str]]:
    first, parts = 0, list[str]()
    number = 0
    for number, raw in enumerate(source.splitlines(), start=1):
        first = first if parts else number
        is_comment = raw.lstrip().startswith("#")
        if raw.endswith("\\") and not is_comment:
            parts.append(raw.strip("\\"))
            continue
        yield first, number, "".join([*parts, f" {raw}" if is_comment else raw])
        parts = []
    if parts:
        yield first, number, "".join(parts)


def split_options(text: str) -> tuple[str, list[Option]]:
    """The requirement part of a logical line, and its options.

    ``--hash`` and the like stand behind a requirement. Words behind ``-e PATH`` (a marker) are joined to
    its value. Raises ``ValueError`` for an option that pip does not know, or one without its value.
    """
    begins = _OPTION_BEGINS.search(text)
    if begins is None:
        return text, []
    words = _words(text[begins.start() :].strip())
    options: list[Option] = []
    while words:
        word = words.pop(0)
        if not word.startswith("-"):
            if not options:
                raise ValueError(f"unexpected {word!r}")
            options[-1] = options[-1]._replace(value=f"{options[-1].value} {word}")
            continue
        name, value = _named(word)
        if name in _VALUED and value is None:
            if not words:
                raise ValueError(f"{name} needs a value")
            value = words.pop(0)
        options.append(Option(name, value or ""))
    return text[: begins.start()].strip(), options


def _words(text: str) -> list[str]:
    """Words as a shell splits them; quotes inside a marker survive."""
    if ";" in text:
        return text.split()
    import shlex

    return shlex.split(text)


def _named(word: str) -> tuple[str, str | None]:
    """An option's full name, and the value that is glued to it (``-rfile``, ``--requirement=file``)."""
    if not word.startswith("--"):
        name = _SHORT.get(word[:2])
        if name is None:
            raise ValueError(f"unknown option {word}")
        return name, word[2:].removeprefix("=") or None
    spelt, equals, value = word.partition("=")
    candidates = [name for name in (*_VALUED, *_FLAGS) if name == spelt] or [
        name for name in (*_VALUED, *_FLAGS) if name.startswith(spelt)
    ]
    if len(candidates) != 1:
        raise ValueError(f"unknown option {spelt}")
    return candidates[0], value if equals else None
