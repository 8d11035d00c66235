"""Report to text, one file a format: ``render(report, screen) -> str``; the file's name is the format's."""

from __future__ import annotations

import os
from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.model.report import Report, Screen
    from trueup.model.span import Place


def formats() -> tuple[str, ...]:
    """The names of all formats, in alphabetical order."""
    names = os.listdir(os.path.dirname(__file__))  # noqa: PTH120, PTH208 - pathlib would cost more than the help
    return tuple(sorted(name[:-3] for name in names if name.endswith(".py") and name[0].isalpha()))


def render(name: str, report: Report, screen: Screen | None = None) -> str:
    """The report as text in the format ``name``; ends with a newline."""
    from trueup.model.report import Screen

    text: str = import_module(f"{__name__}.{name}").render(report, screen or Screen())
    return text if text.endswith("\n") else text + "\n"


def printable(text: str) -> str:
    """Text safe for a terminal or a document: control, bidirectional and undecodable characters are escaped.

    File names, manifests and tool output are not trusted: an escape sequence in one must not reach
    the reader's terminal. Newlines and tabs stay.
    """
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char in "\n\t" else char.encode("unicode_escape", "surrogatepass").decode()
        for char in text
    )


def where(place: Place | object) -> str:
    """``path:line`` of anything that has both, on one line."""
    path = printable(str(getattr(place, "path", ""))).replace("\n", "\\n")
    line = getattr(place, "line", 0)
    return f"{path}:{line}" if line else path
