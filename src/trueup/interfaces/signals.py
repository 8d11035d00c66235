"""Signals that end a command: all of them take the way of Ctrl-C, so that nothing is left half done or running."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager

from trueup.errors import Interrupted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# What `docker stop`, systemd, `timeout` and CI send, a closed terminal, and Ctrl-Break of Windows.
ENDING = ("SIGTERM", "SIGHUP", "SIGBREAK")


@contextmanager
def ending() -> Iterator[None]:
    """Within it, the first such signal raises ``Interrupted``; later ones are ignored while that is cleared up."""
    known = [getattr(signal, name) for name in ENDING if hasattr(signal, name)]
    known = [number for number in known if signal.getsignal(number) not in (signal.SIG_IGN, None)]  # nohup
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ended(number: int, _frame: object) -> None:
        for other in known:
            signal.signal(other, signal.SIG_IGN)
        raise Interrupted(signal.Signals(number).name, 128 + number)

    before = {number: signal.signal(number, ended) for number in known}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
