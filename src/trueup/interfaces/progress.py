"""What is being done, on standard error: one living line on a terminal, one line a step elsewhere."""

from __future__ import annotations

import sys
import time

from trueup.report import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO


class Progress:
    """Call it with a few words when a step begins, ``done()`` at the end."""

    def __init__(self, *, quiet: bool = False, stream: TextIO | None = None, alive: bool | None = None) -> None:
        self.quiet = quiet
        self.stream = stream or sys.stderr
        self.alive = self.stream.isatty() if alive is None else alive
        self._step = ""
        self._since = 0.0

    def __call__(self, step: str) -> None:
        """A step begins; the one before is over."""
        self.done()
        self._step, self._since = printable(step), time.monotonic()
        if not self.quiet and self.alive:
            self._write(f"\r\x1b[K… {self._step}")

    def done(self) -> None:
        """The step under way, if any, is over: say how long it took."""
        if self._step and not self.quiet:
            took = f"{self._step} ({time.monotonic() - self._since:.1f} s)"
            self._write(f"\r\x1b[K  {took}\n" if self.alive else f"trueup: {took}\n")
        self._step = ""

    def _write(self, text: str) -> None:
        encoding = self.stream.encoding or "ascii"
        try:
            self.stream.write(text.encode(encoding, "replace").decode(encoding))
            self.stream.flush()
        except OSError:  # nobody listens, or there is no room: no reason to stop
            self.quiet = True
