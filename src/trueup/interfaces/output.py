"""What goes out: reports to standard output or a file, one line of trouble to standard error."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from trueup.errors import UsageError
from trueup.report import printable, render

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from typing import TextIO

    from trueup.model.report import Report, Screen

OURS = ("# trueup ", "::", "trueup ")  # how reports begin
WIDEST = 10_000  # columns


def open_streams() -> None:
    """Let output that the caller closed (``>&-``) go nowhere."""
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - open until the end
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123


def complain(message: str, hint: str = "") -> None:
    """One line on standard error."""
    line = f"trueup: {message}" + (f": {hint}" if hint else "")
    encoding = sys.stderr.encoding or "ascii"
    text = printable(" ".join(line.split()))
    with suppress(OSError):
        sys.stderr.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
        sys.stderr.flush()


def screen(stream: TextIO, *, verbose: bool = False) -> Screen:
    """What ``stream`` can show; honours NO_COLOR (no-color.org), FORCE_COLOR and TERM=dumb."""
    from trueup.model.report import Screen

    colour = stream.isatty() and os.environ.get("TERM") != "dumb"
    if os.environ.get("FORCE_COLOR"):
        colour = True
    if os.environ.get("NO_COLOR"):
        colour = False
    try:
        "·…→├✓".encode(stream.encoding or "ascii")
        fancy = True
    except UnicodeEncodeError:
        fancy = False
    return Screen(width=columns(), colour=colour, unicode=fancy, verbose=verbose)


def columns() -> int:
    """How wide the terminal is, as ``shutil.get_terminal_size`` says, whose import is not cheap."""
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and int(said):
        return min(int(said), WIDEST)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or 100 if sys.__stdout__ else 100
    except (AttributeError, ValueError, OSError):
        return 100


def refuse_nowhere() -> None:
    """Raise ``UsageError`` where the working directory was removed: relative paths mean nothing there."""
    try:
        os.getcwd()  # noqa: PTH109 - pathlib is not loaded yet
    except OSError:
        raise UsageError("the working directory is not there any more", "go to one that is") from None


def refuse_output(asked: Namespace) -> None:
    """Raise ``UsageError``, before anything is done, where ``--output`` names what cannot be, or is no report."""
    if not getattr(asked, "output", None):
        return
    from pathlib import Path

    target = Path(asked.output)
    try:
        if target.is_dir() or not target.parent.is_dir():
            raise UsageError(f"cannot write {target}", "name a file in a folder that is there")
        begins = target.read_bytes()[:4000].decode("utf-8", "replace") if target.is_file() else ""
    except OSError as problem:
        raise UsageError(f"cannot write {target}: {problem.strerror}", "name a file that can be written") from None
    known = begins.startswith(OURS) or (begins.startswith("{") and "trueup" in begins) or " \u00b7 " in begins[:400]
    if begins.strip() and not known:
        raise UsageError(f"{target} is there, and is no report of trueup", "name another file, or remove it first")


def answer(report: Report, asked: Namespace) -> int:
    """Write the report where it was asked for; the exit code is the report's."""
    if getattr(asked, "output", None):
        from pathlib import Path

        from trueup.model.report import Screen

        target = Path(asked.output)
        try:
            target.write_text(render(asked.format, report, Screen(verbose=asked.verbose)), encoding="utf-8", newline="")
        except OSError as problem:
            raise UsageError(f"cannot write {target}: {problem.strerror}", "name a file that can be written") from None
    else:
        try:
            emit(render(asked.format, report, screen(sys.stdout, verbose=asked.verbose)))
        except BrokenPipeError:  # nobody reads on; what was found stays what it is
            silence()
    return report.exit


def emit(text: str) -> None:
    """Write to standard output; what its encoding lacks is escaped."""
    encoding = sys.stdout.encoding or "ascii"
    try:
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as problem:
        silence()
        raise UsageError(f"cannot write to standard output: {problem.strerror}", "make room where it goes") from None


def silence() -> None:
    """Let standard output go nowhere: what is left of it would fail once more when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
