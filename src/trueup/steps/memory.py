"""The last audit of each project, kept in the user's cache folder: asked again about the same files, it answers.

Nothing is written into a project. A file that is broken, of another version, or not ours is as good as none. Kept
only by an installed trueup: while its own sources are edited, its answers change without its version. The variable
``TRUEUP_CACHE_DIR`` names another folder, and keeps in any case.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
import tempfile
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

DIGEST = 32
CRASHED = "TRU999"
CAP = 50_000_000


class Memory:
    """What is known of one project as it lies there; ``key`` is empty where nothing may be kept."""

    def __init__(self, project: Project, tree: DiskTree, asked: Settings) -> None:
        self.folder = folder()
        self.key = stamp(project, tree, asked) if self.folder else b""
        name = hashlib.blake2b(project.root.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
        self.path = Path(self.folder, f"{name}.audit")

    def recall(self) -> Report | None:
        """The report of the same files and the same question."""
        if not self.key:
            return None
        try:
            data = self.path.read_bytes()
            if len(data) > CAP or digest(data[DIGEST:]) != data[:DIGEST]:
                return None
            key, summary, findings = marshal.loads(data[DIGEST:])  # noqa: S302 - held against its digest
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
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.path.parent)
        except OSError:
            return
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(digest(data) + data)
            Path(name).replace(self.path)
        except OSError:
            with suppress(OSError):
                Path(name).unlink()


def digest(data: bytes) -> bytes:
    """What tells that data is whole."""
    return hashlib.blake2b(data, digest_size=DIGEST).digest()


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
