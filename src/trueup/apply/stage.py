"""The stage: a true copy of the project, where a plan is tried before the user's tree changes.

A copy of bytes, or of the file system's own making (reflink), never a hard link, through which a test
could write into the original.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from trueup.apply.ground import NO_FOLLOW, is_link, status_of
from trueup.apply.perform import delete, failures_told, reason
from trueup.errors import ApplyFailed, ProjectError
from trueup.model.noun import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from trueup.model.tree import Tree

FICLONE = 0x40049409
"""The ioctl of Linux by which btrfs, XFS and others let two files share blocks until one is written."""
LARGEST_IGNORED = 8 << 20
"""Bytes of the largest file that git ignores and that is copied all the same: a test may need it."""
ALL_IGNORED = 64 << 20
"""Bytes of all such files together."""
MOST_IGNORED = 5000
CACHES = re.compile(
    r"__pycache__|__pypackages__|node_modules|site-packages|.*\.egg-info|.*\.dist-info"
    r"|\.(git|hg|svn|tox|nox|eggs|cache|mypy_cache|ruff_cache|pytest_cache|hypothesis|trueup)"
)
ENVIRONMENTS = frozenset({"pyvenv.cfg", "conda-meta"})
"""Names in a directory that show that it is an environment."""
SHOWN = 5


class Ignored(NamedTuple):
    """A file that git ignores, with its size in bytes."""

    path: str
    size: int


class Stage:
    """The copy. ``root`` is the project in it, ``repository`` the folder that ``../`` paths may not leave.

    ``files`` and ``size`` (bytes) count what was copied; ``ignored`` are those of them that git ignores;
    ``notes`` say in words what was left out. A context manager; ``close`` removes it.
    """

    def __init__(self, home: Path, root: Path, repository: Path) -> None:
        self.home = home
        self.root = root
        self.repository = repository
        self.files = 0
        self.size = 0
        self.ignored: list[Ignored] = []
        self.notes: list[str] = []

    @classmethod
    def create(cls, tree: Tree, root: Path, repository: Path | None = None) -> Stage:
        """Copy what ``tree`` lists, the tree of ``root`` in ``repository``, into a new private directory.

        The last part of the copy's path is the project's own name. Raises ``ProjectError`` where a file of
        the project cannot be read, ``ApplyFailed`` where the copy cannot be made.
        """
        top = absolute(repository or root)
        home = Path(tempfile.mkdtemp(prefix="trueup-"))
        copy = home / (top.name or "project")
        stage = cls(home, copy / absolute(root).relative_to(top), copy)
        try:
            with failures_told("copying the project"):
                Copying(absolute(root), top, stage).everything(tree)
        except BaseException:
            stage.close()
            raise
        return stage

    def __enter__(self) -> Stage:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove the copy; what cannot be removed is left to the system, which cleans temporary files."""
        with suppress(OSError):
            delete(self.home)


class Copying:
    """The making of one stage. ``left_out`` says why each file is not in it, with its size."""

    def __init__(self, root: Path, top: Path, stage: Stage) -> None:
        self.root = root
        self.top = top
        self.stage = stage
        self.left_out: dict[str, list[str]] = {}
        self._real = {top, *top.parents}
        self._room = ALL_IGNORED

    def everything(self, tree: Tree) -> None:
        """The project's own files, links that stay inside, its directories, and what git ignores where it is small."""
        files = [path for path, entry in tree.entries.items() if entry.kind == "file" and not entry.ignored]
        own = [path for path in files if not is_git(path)]
        self.refuse_lack_of_room(sum(tree.entries[path].size for path in own))
        for folder, _ in folders(self.root):
            (self.stage.root / folder.relative_to(self.root)).mkdir(parents=True, exist_ok=True)
        for path in own:
            self.copy_own(path)
        for path, entry in tree.entries.items():
            if entry.kind == "link":
                self.copy_link(path)
            elif entry.kind == "other":
                self.leave(path, "not readable, or no file")
        for size, path in sorted(self.ignored(tree)):
            self.copy_ignored(path, size)
        self.stage.notes += [told(why, paths) for why, paths in self.left_out.items()]
        if status_of(self.top / ".git") is not None:
            self.stage.notes.append(".git is not copied: what asks git for a version or a revision finds none")

    def refuse_lack_of_room(self, size: int) -> None:
        """Say so before half of it is copied."""
        free = shutil.disk_usage(self.stage.home).free
        if size + ALL_IGNORED > free:
            needed = f"{megabytes(size + ALL_IGNORED)}, and {self.stage.home.parent} has {megabytes(free)}"
            raise ApplyFailed(f"a copy of the project needs {needed}", "make room, or let TMPDIR name a larger place")

    def copy_own(self, path: str) -> None:
        """A file that must be there."""
        try:
            source = self.open(path)
        except OSError as problem:
            raise ProjectError(f"{path} cannot be read: {reason(problem)}", "mend the file") from problem
        with source:
            self.copy(source, path)

    def copy_ignored(self, path: str, size: int) -> None:
        """A file that git ignores: where it is small, and there is room for it among its kind."""
        if size > LARGEST_IGNORED:
            self.leave(f"{path} ({megabytes(size)})", f"ignored by git, and larger than {megabytes(LARGEST_IGNORED)}")
            return
        self._room -= size
        if len(self.stage.ignored) >= MOST_IGNORED or self._room < 0:
            self.leave(path, f"ignored by git, and more than {MOST_IGNORED} files or {megabytes(ALL_IGNORED)} of them")
            return
        try:
            source = self.open(path)
        except OSError as problem:
            self.leave(path, f"ignored by git, and not readable: {reason(problem)}")
            return
        with source:
            self.copy(source, path)
        self.stage.ignored.append(Ignored(path, size))

    def copy_link(self, path: str) -> None:
        """A link, when it stays in the repository: then always a relative one, so that it stays in the copy."""
        place = self.place(path)
        target = Path(os.path.normpath(place.parent / os.readlink(place)))  # noqa: PTH115 - as it is written
        if (target != self.top and self.top not in target.parents) or is_environment(target):
            self.leave(path, "links that lead out of it, or to an environment")
            return
        copy = self.stage.root / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        try:
            copy.symlink_to(os.path.relpath(target, place.parent), target_is_directory=target.is_dir())
        except OSError as problem:
            self.leave(path, f"links that this system does not make: {reason(problem)}")

    def ignored(self, tree: Tree) -> Iterator[tuple[int, str]]:
        """Size and path of the files that git ignores, and of those in directories that the tree does not look into."""
        for path, entry in tree.entries.items():
            if entry.kind == "file" and entry.ignored and not is_git(path):
                yield entry.size, path
            elif entry.kind == "dir" and not path.startswith("../"):
                for folder, entries in folders(self.root / path):
                    for each in entries:
                        if each.is_file(follow_symlinks=False) and not is_git(each.name):
                            yield each.stat().st_size, (folder / each.name).relative_to(self.root).as_posix()

    def open(self, path: str) -> IO[bytes]:
        """The original, open for reading; ``OSError`` where it is no regular file, or lies behind a link."""
        place = self.place(path)
        file = os.fdopen(os.open(place, os.O_RDONLY | NO_FOLLOW), "rb")
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            file.close()
            raise OSError(errno.EINVAL, "it is no regular file")
        return file

    def place(self, path: str) -> Path:
        """Where ``path`` lies; ``OSError`` where that is behind a link."""
        place = Path(os.path.normpath(self.root / path))
        for folder in place.parents:
            if folder in self._real:
                break
            if is_link(folder.lstat()):
                raise OSError(errno.ELOOP, f"it lies behind the link {folder}")
            self._real.add(folder)
        return place

    def copy(self, source: IO[bytes], path: str) -> None:
        """The bytes, mode and times of an open file, to its path in the stage."""
        status = os.fstat(source.fileno())
        copy = self.stage.root / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_FOLLOW, 0o600), "wb") as target:
            if not clone(source.fileno(), target.fileno()):
                shutil.copyfileobj(source, target)
            self.stage.size += target.seek(0, os.SEEK_END)
        copy.chmod(stat.S_IMODE(status.st_mode))
        os.utime(copy, ns=(status.st_atime_ns, status.st_mtime_ns))
        self.stage.files += 1

    def leave(self, path: str, why: str) -> None:
        """Note what is not copied."""
        self.left_out.setdefault(why, []).append(path)


def absolute(folder: Path) -> Path:
    """An absolute path, links in it as they are."""
    return Path(os.path.abspath(folder))  # noqa: PTH100 - Path.resolve would follow links


def is_git(path: str) -> bool:
    """Whether it is git's: in a worktree ``.git`` is a file, through which git would reach the original."""
    return ".git" in path.split("/")


def is_environment(folder: Path) -> bool:
    """Whether a directory is a virtual or conda environment."""
    return any(status_of(folder / name) for name in ENVIRONMENTS)


def folders(top: Path) -> Iterator[tuple[Path, list[os.DirEntry[str]]]]:
    """``top`` and the directories below it, each with what is in it; no environments, no caches, no ``.git``."""
    pending = [top]
    while pending:
        here = pending.pop()
        entries: list[os.DirEntry[str]] = []
        with suppress(OSError), os.scandir(here) as found:
            entries = list(found)
        if not any(entry.name in ENVIRONMENTS for entry in entries):
            yield here, entries
            pending += [
                here / entry.name
                for entry in entries
                if entry.is_dir(follow_symlinks=False) and not CACHES.fullmatch(entry.name)
            ]


def clone(source: int, target: int) -> bool:
    """Let ``target`` share the blocks of ``source``, both open files; whether the file system could."""
    try:
        from fcntl import ioctl
    except ImportError:  # Windows
        return False
    try:
        ioctl(target, FICLONE, source)
    except OSError:
        return False
    return True


def megabytes(size: int) -> str:
    """A size in words."""
    return f"{size / (1 << 20):.1f} MB"


def told(why: str, paths: list[str]) -> str:
    """What was left out, in one line."""
    more = f" and {len(paths) - SHOWN} more" if len(paths) > SHOWN else ""
    return f"not in the copy ({why}): {', '.join(paths[:SHOWN])}{more}"
