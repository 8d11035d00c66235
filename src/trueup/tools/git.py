"""git, for what trueup asks of it: when the last commit was made, and two commits of what an apply changed.

Every call names the repository, and switches off what a repository's own configuration could run.
Source: https://git-scm.com/docs/git-commit-tree and the manual of each plumbing command.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from trueup.errors import ToolError
from trueup.tools.process import run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SAFE = (
    *("--no-optional-locks", "-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}"),
    *("-c", "safe.bareRepository=explicit", "-c", "core.quotePath=false", "-c", "commit.gpgSign=false"),
)
ZERO = "0" * 40
TIMEOUT = 120.0


class Git:
    """One repository, whose work tree is ``top``; paths are relative to it. Raises ``ToolError``."""

    def __init__(self, top: Path) -> None:
        program = shutil.which("git")
        if program is None:
            raise ToolError("git is not on the PATH", "install git, or leave --commit out")
        if not (top / ".git").is_dir():
            raise ToolError(f"{top} is no git repository of its own", "leave --commit out")
        self.top = top
        self.program = program

    def call(self, *args: str, index: Path | None = None, said: bytes | None = None) -> str:
        """What git answers to one command; ``index`` stands in for the repository's own."""
        environ: Mapping[str, str] = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        more = {"GIT_INDEX_FILE": str(index)} if index else {}
        where = (f"--git-dir={self.top / '.git'}", f"--work-tree={self.top}")
        argv = [self.program, *where, *SAFE, *args]
        done = run(argv, self.top, env={**environ, **more, "GIT_TERMINAL_PROMPT": "0"}, timeout=TIMEOUT, input=said)
        if not done.ok:
            raise ToolError(f"git {args[0]} failed: {done.tail(2)}")
        return done.stdout

    def committed(self) -> str:
        """When the last commit was made, as RFC 3339 has it; ``""`` where there is none."""
        try:
            return self.call("show", "--no-patch", "--no-show-signature", "--format=%cI", "HEAD").strip()
        except ToolError:
            return ""

    def changed(self, paths: Iterable[str]) -> list[str]:
        """Which of ``paths`` (files or folders) hold changes that are not committed."""
        listed = self.call("status", "--porcelain", "-z", "--untracked-files=no", "--", *paths)
        return [entry[3:] for entry in listed.split("\0") if entry[3:]]

    def commit(self, moves: Iterable[tuple[str, str]], paths: Iterable[str], messages: tuple[str, str]) -> str:
        """Two commits on HEAD, the pure moves and then everything else in ``paths``; the last one's name.

        The repository's index keeps what else is staged in it.
        """
        head = self.call("rev-parse", "HEAD").strip()
        touched = sorted({*paths, *(path for move in moves for path in move)})
        with tempfile.TemporaryDirectory(prefix="trueup-index-") as scratch:
            index = Path(scratch, "index")
            self.call("read-tree", head, index=index)
            for source, target in moves:
                self.call("update-index", "-z", "--index-info", index=index, said=self._moved(index, source, target))
            first = self._written(index, head, messages[0])
            listed = b"".join(path.encode(errors="surrogateescape") + b"\0" for path in sorted(paths))
            self.call("update-index", "--add", "--remove", "-z", "--stdin", index=index, said=listed)
            last = self._written(index, first, messages[1])
        self.call("update-ref", "-m", "trueup apply", "HEAD", last, head)
        self.call("reset", "-q", "HEAD", "--", *touched)
        return last

    def _moved(self, index: Path, source: str, target: str) -> bytes:
        """What ``update-index`` is told of the tracked files at and below ``source``."""
        lines: list[str] = []
        for entry in self.call("ls-files", "-s", "-z", "--", source, index=index).split("\0"):
            mode, _, rest = entry.partition(" ")
            blob, _, path = rest.partition("\t")
            if path:
                path_after = target + path[len(source) :]
                lines += [f"0 {ZERO}\t{path}\0", f"{mode} {blob.split()[0]} 0\t{path_after}\0"]
        return "".join(lines).encode(errors="surrogateescape")

    def _written(self, index: Path, parent: str, message: str) -> str:
        """A commit of the index, or ``parent`` where it holds nothing new."""
        tree = self.call("write-tree", index=index).strip()
        if tree == self.call("rev-parse", f"{parent}^{{tree}}").strip():
            return parent
        return self.call("commit-tree", tree, "-p", parent, "-m", message).strip()
