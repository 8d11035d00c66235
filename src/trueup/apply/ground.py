"""Where changes may touch the disk: inside the project or its repository, never through a link."""

from __future__ import annotations

import os
import stat
import unicodedata
from contextlib import suppress
from hashlib import file_digest, sha256
from pathlib import Path

from trueup.errors import PlanRefused
from trueup.model.noun import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

STORE = ".trueup"
"""The directory in the project's root that holds what is needed to undo an apply."""
RESERVED = frozenset({".git", "git~1", STORE})
"""Names that no change may touch; ``git~1`` is what Windows may call ``.git``."""
ODD_CHARACTERS = "\0" if os.sep == "/" else "\0\\:"
"""Characters that are no part of a file's name here; on Windows ``:`` opens a drive or a stream."""
MODES = 0o7777 if os.name == "posix" else stat.S_IWRITE
"""The permission bits that this system keeps."""
JUNCTION = 0xA0000003
"""The reparse tag of a Windows junction, a link by another name."""
NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""Flags with which every file is opened: no link is followed, no pipe waited for, no line end translated."""


class State(NamedTuple):
    """What a path holds: ``none``, ``file``, ``dir``, ``link`` or ``other``.

    ``mtime`` in nanoseconds; ``sha`` is the SHA-256 of a file's bytes, or of where a link points to.
    """

    kind: str = "none"
    mode: int = 0
    mtime: int = 0
    sha: str = ""

    def same(self, other: State) -> bool:
        """Whether names, bytes and modes agree; times do not count."""
        return self[:1] + self[3:] == other[:1] + other[3:] and not (self.mode ^ other.mode) & MODES


class Ground:
    """A project's root in its repository; turns the model's paths into places on disk, and refuses unsafe ones.

    ``repository`` is the folder that ``../`` paths may not leave; without one they are refused.
    """

    def __init__(self, root: Path, repository: Path | None = None) -> None:
        self.root = Path(os.path.abspath(root))  # noqa: PTH100 - Path.resolve would follow links
        top = Path(os.path.abspath(repository)) if repository else self.root  # noqa: PTH100 - as above
        if top != self.root and top not in self.root.parents:
            raise PlanRefused(f"the project {self.root} does not lie in the repository {top}")
        self._below = self.root.relative_to(top).parts
        self._fixed = {self.root, *self.root.parents}

    def locate(self, path: str, besides: Path | None = None) -> Path:
        """The place of ``path``; ``PlanRefused`` where it leaves the ground, lies behind a link or has a twin.

        A twin differs only in case or Unicode form; ``besides`` may be one: it is about to be renamed.
        """
        here, names = self._start(path)
        for name in names:
            folder, here = here, here / name
            status = status_of(folder)
            if status is None:
                continue
            if folder not in self._fixed and is_link(status):
                raise PlanRefused(f"{path} lies behind the link {self.name(folder)}", "links are never followed")
            if not stat.S_ISDIR(status.st_mode):
                raise PlanRefused(f"{path} cannot be: {self.name(folder)} is not a directory")
            self._refuse_twin(path, here, besides)
        return here

    def name(self, place: Path) -> str:
        """The model's path of a place: relative to the root, with ``/``."""
        return os.path.relpath(place, self.root).replace(os.sep, "/")

    def is_fixed(self, place: Path) -> bool:
        """Whether a place is the root or a directory above it, which no change may remove."""
        return place in self._fixed

    def _start(self, path: str) -> tuple[Path, list[str]]:
        """The directory that ``path`` starts from, and its names."""
        names = path.split("/")
        climbs = next((count for count, name in enumerate(names) if name != ".."), len(names))
        names = names[climbs:]
        if not names or any(is_odd(name) for name in names):
            raise PlanRefused(f"{path!r} is not a path that a plan may touch")
        if climbs > len(self._below) or (climbs and names[0] == self._below[-climbs]):
            raise PlanRefused(f"{path} leaves the project and its repository")
        return (self.root.parents[climbs - 1] if climbs else self.root), names

    def _refuse_twin(self, path: str, place: Path, besides: Path | None) -> None:
        """Refuse a name whose neighbour differs only in case or Unicode form: elsewhere the two are one file."""
        found = names_in(place.parent)
        if place.name in found:
            return
        for name in found:
            if spelling(name) == spelling(place.name) and place.with_name(name) != besides:
                twin = self.name(place.with_name(name))
                raise PlanRefused(
                    f"{path} differs only in case from {twin}, which is there", "rename one of them first"
                )


def is_odd(name: str) -> bool:
    """Whether one name of a path is none that a change may bear."""
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        return True
    plain = name.rstrip(". ").casefold()
    return plain in ("", *RESERVED) or any(character in ODD_CHARACTERS for character in name)


def spelling(name: str) -> str:
    """What a file system that ignores case and Unicode form sees of a name."""
    return unicodedata.normalize("NFC", name).casefold()


def names_in(folder: Path) -> frozenset[str]:
    """The names in a directory."""
    return frozenset(os.listdir(folder))  # noqa: PTH208 - names are wanted


def status_of(place: Path) -> os.stat_result | None:
    """What lies at a place, links not followed; ``None`` for nothing."""
    try:
        return place.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None


def is_there(place: Path) -> bool:
    """Whether something bears exactly this name; a file system may take another spelling for it."""
    return status_of(place) is not None and place.name in names_in(place.parent)


def is_link(status: os.stat_result) -> bool:
    """Whether it is a symbolic link or a Windows junction."""
    return stat.S_ISLNK(status.st_mode) or getattr(status, "st_reparse_tag", 0) == JUNCTION


def read_regular(place: Path) -> bytes:
    """The bytes of a regular file, never through a link; ``OSError`` where it cannot be read."""
    with os.fdopen(os.open(place, os.O_RDONLY | NO_FOLLOW), "rb") as file:
        return file.read()


def hash_of(place: Path) -> str:
    """The SHA-256 of a regular file's bytes."""
    with os.fdopen(os.open(place, os.O_RDONLY | NO_FOLLOW), "rb") as file:
        return file_digest(file, "sha256").hexdigest()


def state_of(place: Path) -> State:
    """What a place holds now; nothing is followed."""
    status = status_of(place)
    if status is None:
        return State()
    mode, mtime = stat.S_IMODE(status.st_mode), status.st_mtime_ns
    if is_link(status):
        target = os.readlink(place)  # noqa: PTH115 - as it is written
        return State("link", 0, mtime, sha256(os.fsencode(target)).hexdigest())
    if stat.S_ISREG(status.st_mode):
        return State("file", mode, mtime, hash_of(place))
    return State("dir" if stat.S_ISDIR(status.st_mode) else "other", mode, mtime)


def glance(place: Path) -> State:
    """As ``state_of``; a file that may not be read has an empty ``sha``."""
    try:
        return state_of(place)
    except PermissionError:
        status = place.lstat()
        return State("file", stat.S_IMODE(status.st_mode), status.st_mtime_ns)


def walk(top: Path, skip: frozenset[str] = frozenset(), *, strict: bool = True) -> Iterator[Path]:
    """Everything below ``top`` (not itself), each directory before what is in it, by name; links are not followed.

    Without ``strict``, directories that may not be read are passed over.
    """
    pending = [top]
    while pending:
        here = pending.pop()
        if here != top:
            yield here
        status = status_of(here)
        if status is not None and stat.S_ISDIR(status.st_mode) and not is_link(status):
            with suppress(*() if strict else (PermissionError,)):
                pending += [here / name for name in sorted(names_in(here) - skip, reverse=True)]


def digest(root: Path, skip: frozenset[str] = frozenset({".git", STORE})) -> str:
    """One hash of names, bytes, modes and links of all below ``root``, empty directories too, times not.

    Names in ``skip`` do not count, wherever they stand. ``OSError`` where something cannot be read.
    """
    total = sha256()
    for place in walk(root, skip):
        state = state_of(place)
        name = os.fsencode(place.relative_to(root).as_posix())
        total.update(
            b"%d:%s %s %o %s\n" % (len(name), name, state.kind.encode(), state.mode & MODES, state.sha.encode())
        )
    return total.hexdigest()
