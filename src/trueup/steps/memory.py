"""The last audit of each project, kept in the user's cache folder: asked again about the same files, it answers.

Nothing is written into a project. A file that is broken, of another version, or not ours is as good as none. Kept
only by an installed trueup: while its own sources are edited, its answers change without its version. The variable
``TRUEUP_CACHE_DIR`` names another folder, and keeps in any case. A sum tells whether a file is whole, no more: a
digest's module alone would cost a small audit more than the rules do.
"""

from __future__ import annotations

import marshal
import os
import sys
import time
import zlib
from contextlib import suppress
from pathlib import Path

from trueup import __version__
from trueup.model.finding import Finding
from trueup.model.report import Report, Summary
from trueup.read.stamp import stamp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from trueup.model.project import Project
    from trueup.model.settings import Settings
    from trueup.read.disk import DiskTree

SUM = 4  # bytes
CRASHED = "TRU999"
CAP = 50_000_000


class Memory:
    """What is known of one project as it lies there; ``key`` is empty where nothing may be kept."""

    def __init__(self, project: Project, tree: DiskTree, asked: Settings) -> None:
        self.folder = folder()
        self.key = stamp(project, tree, asked) if self.folder else b""
        name = checksum(project.root.encode("utf-8", "surrogateescape")).hex()  # that of another only forgets it
        self.path = Path(self.folder, f"{name}.audit")

    def recall(self) -> Report | None:
        """The report of the same files and the same question."""
        if not self.key:
            return None
        try:
            data = self.path.read_bytes()
            if len(data) > CAP or checksum(data[SUM:]) != data[:SUM]:
                return None
            key, summary, findings = marshal.loads(data[SUM:])  # noqa: S302 - held against its sum
            if key != self.key:
                return None
            return Report("audit", __version__, Summary(*summary), tuple(Finding(*item) for item in findings))
        except (OSError, ValueError, EOFError, TypeError):
            return None

    def keep(self, report: Report) -> None:
        """Remember a report; where that cannot be, nothing is said."""
        if not self.key or report.project is None or report.findings is None:
            return
        if any(finding.code == CRASHED for finding in report.findings):
            return  # the next time may go well
        plain: tuple[Any, ...] = (self.key, tuple(report.project), tuple(tuple(item) for item in report.findings))
        data = marshal.dumps(plain)
        unfinished = Path(f"{self.path}.{os.getpid()}.{time.time_ns()}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with open(unfinished, "xb", opener=private) as file:
                file.write(checksum(data) + data)
            unfinished.replace(self.path)
        except OSError:
            with suppress(OSError):
                unfinished.unlink()


def private(path: str, flags: int) -> int:
    """Opens a file for its owner alone."""
    return os.open(path, flags, 0o600)


def checksum(data: bytes) -> bytes:
    """What tells that data is whole."""
    return zlib.crc32(data).to_bytes(SUM)


def folder() -> str:
    """The folder that reports are kept in; ``""``: none."""
    if asked := os.environ.get("TRUEUP_CACHE_DIR"):
        return asked
    if "site-packages" not in Path(__file__).parts:
        return ""
    home = os.path.expanduser("~")  # noqa: PTH111 - Path.home raises where there is none
    if sys.platform == "win32":
        return os.path.join(os.environ.get("LOCALAPPDATA") or home, "trueup", "Cache")  # noqa: PTH118
    if sys.platform == "darwin":
        return os.path.join(home, "Library", "Caches", "trueup")  # noqa: PTH118
    return os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache"), "trueup")  # noqa: PTH118
