"""The four changes on a real directory: each is broken into steps, each step done in one call of the system.

``steps`` says what a change comes to on the disk as it is now; it is lazy, so that each step is seen
done before the next is thought of. ``perform`` does them outright (in a stage); the transaction
writes each into its journal first.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from trueup.apply.ground import NO_FOLLOW, Ground, is_link, is_there, names_in, status_of, walk
from trueup.errors import ApplyFailed, PlanRefused
from trueup.model.change import Change, Move, Remove, Run, Write
from trueup.model.noun import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


TEMPORARY = ".trueup-"
"""How the names of temporary files begin."""


class Make(NamedTuple):
    """Make a directory whose parent is there."""

    path: Path


class Put(NamedTuple):
    """Let the file hold ``content``, at once, by way of the file ``temporary`` beside it."""

    path: Path
    temporary: Path
    content: bytes
    mode: int


class Shift(NamedTuple):
    """Rename a file or directory; the target is not there, its parent is."""

    source: Path
    target: Path


class Drop(NamedTuple):
    """Take away a file or a directory with all that is in it."""

    path: Path


Step: TypeAlias = Make | Put | Shift | Drop


def perform(
    root: Path,
    changes: Iterable[Change],
    *,
    repository: Path | None = None,
    run: Callable[[Run], None] | None = None,
) -> None:
    """Make the changes on the directory ``root``, one after another; nothing is undone on failure.

    ``../`` paths may not leave ``repository``. ``run`` gets each ``Run``; without it they are passed over.
    Raises ``PlanRefused`` where a change is unsafe, ``ApplyFailed`` where the system says no.
    """
    ground = Ground(root, repository)
    for change in changes:
        with failures_told(describe(change)):
            for step in steps(ground, change):
                do(step)
        if run and isinstance(change, Run):
            run(change)


def steps(ground: Ground, change: Change) -> Iterator[Step]:
    """What a change comes to; ask for the next step only when the one before is done."""
    match change:
        case Write(path, content, mode):
            yield from write(ground, path, content, mode)
        case Move(source, target):
            yield from move(ground, source, target)
        case Remove(path):
            place = ground.locate(path)
            if status_of(place) is not None:
                yield Drop(place)
                yield from emptied(ground, place.parent)
        case Run():
            pass


def write(ground: Ground, path: str, content: bytes, mode: int) -> Iterator[Step]:
    """A whole file; one that is there keeps its mode."""
    place = ground.locate(path)
    status = status_of(place)
    if status is not None and (is_link(status) or not stat.S_ISREG(status.st_mode)):
        raise PlanRefused(f"{path} cannot be written: it is a link, a directory or a device")
    yield from parents(ground, place)
    yield Put(place, beside(place), content, stat.S_IMODE(status.st_mode) if status else mode)


def move(ground: Ground, source: str, target: str) -> Iterator[Step]:
    """A file or a whole directory; a directory may move into itself (``src`` to ``src/shop``)."""
    origin = ground.locate(source)
    if status_of(origin) is None:
        raise PlanRefused(f"{source} cannot be moved: it is not there")
    goal = ground.locate(target, besides=origin)
    if origin not in goal.parents and is_there(goal):
        raise PlanRefused(f"{source} cannot be moved: {target} is there already")
    refuse_torn_links(ground, origin, goal)
    start = origin
    if origin in goal.parents:
        start = beside(origin)
        yield Shift(origin, start)
    yield from parents(ground, goal)
    yield Shift(start, goal)
    yield from emptied(ground, origin.parent)


def parents(ground: Ground, place: Path) -> Iterator[Step]:
    """The directories above ``place`` that are not there yet, from the top."""
    missing = []
    for folder in place.parents:
        if ground.is_fixed(folder) or status_of(folder) is not None:
            break
        missing.append(folder)
    yield from map(Make, reversed(missing))


def emptied(ground: Ground, folder: Path) -> Iterator[Step]:
    """``folder`` and those above it, as long as nothing is left in them but compiled Python.

    A directory that holds ``__pycache__`` alone would still be imported, as a namespace package.
    """
    while not ground.is_fixed(folder) and status_of(folder) is not None:
        if not all(name == "__pycache__" or name.endswith(".pyc") for name in names_in(folder)):
            break
        yield Drop(folder)
        folder = folder.parent


def refuse_torn_links(ground: Ground, origin: Path, goal: Path) -> None:
    """Refuse to move a relative link away from what it points to."""
    for place in (origin, *walk(origin, strict=False)):
        if not place.is_symlink():
            continue
        target = Path(os.readlink(place))  # noqa: PTH115 - as it is written
        moved = goal / place.relative_to(origin)
        before, after = (Path(os.path.normpath(here.parent / target)) for here in (place, moved))
        if before != after and before != origin and origin not in before.parents:
            raise PlanRefused(
                f"the link {ground.name(place)} -> {target} would point elsewhere as {ground.name(moved)}"
            )


def beside(place: Path) -> Path:
    """A new name in the same directory."""
    return place.with_name(f"{TEMPORARY}{secrets.token_hex(8)}")


def do(step: Step) -> None:
    """Do one step; ``OSError`` where the system says no."""
    match step:
        case Make(path):
            path.mkdir()
        case Put():
            put(step)
        case Shift(source, target):
            source.rename(target)
        case Drop(path):
            delete(path)


def put(step: Put) -> None:
    """Write the temporary file, to the disk itself, and rename it over the old one, whose attributes it takes."""
    try:
        descriptor = os.open(step.temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_FOLLOW, 0o600)
        try:
            write_all(descriptor, step.content)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        inherit(step.path, step.temporary)
        step.temporary.chmod(step.mode)
        step.temporary.replace(step.path)
    except OSError:
        step.temporary.unlink(missing_ok=True)
        raise


def write_all(descriptor: int, content: bytes) -> None:
    """Write all of ``content``, in as many goes as the system needs."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def inherit(old: Path, new: Path) -> None:
    """Give ``new`` the owner and the extended attributes of ``old``, where there is one."""
    status = status_of(old)
    if status is None:
        return
    shutil.copystat(old, new, follow_symlinks=False)
    os.utime(new)
    unlock(old, status)
    if (status.st_uid, status.st_gid) != (new.stat().st_uid, new.stat().st_gid):
        with suppress(OSError):
            os.chown(new, status.st_uid, status.st_gid)


def unlock(place: Path, status: os.stat_result) -> None:
    """Take Windows' read-only attribute away, which forbids replacing and removing."""
    if getattr(status, "st_file_attributes", 0) & stat.FILE_ATTRIBUTE_READONLY:
        place.chmod(stat.S_IWRITE | stat.S_IREAD)


def delete(place: Path) -> None:
    """Remove whatever lies at ``place``; a link goes, not what it points to; what is not there is no error."""
    status = status_of(place)
    if status is None:
        return
    if is_link(status) or not stat.S_ISDIR(status.st_mode):
        unlock(place, status)
        place.unlink()
        return
    try:
        shutil.rmtree(place)
    except PermissionError:
        for inside in (place, *walk(place)):
            if not inside.is_symlink():
                inside.chmod(inside.stat().st_mode | stat.S_IRWXU)
        shutil.rmtree(place)


@contextmanager
def failures_told(what: str) -> Iterator[None]:
    """Turn what the system says into ``ApplyFailed``, one line that names ``what`` was being done."""
    try:
        yield
    except OSError as problem:
        raise ApplyFailed(f"{what} failed: {reason(problem)}", HINTS.get(problem.errno or 0, "")) from problem


HINTS = {
    errno.ENOSPC: "make room on the disk",
    errno.EDQUOT: "make room in your quota",
    errno.EACCES: "check the permissions, and close programs that have the file open",
    errno.EPERM: "check the permissions and attributes of the file",
    errno.EROFS: "the file system is mounted read-only",
    errno.EXDEV: "it lies on another file system; move it by hand first",
}


def reason(problem: OSError) -> str:
    """Why the system said no, in its words."""
    return problem.strerror or type(problem).__name__


def describe(change: Change) -> str:
    """A change in words."""
    match change:
        case Write(path):
            return f"writing {path}"
        case Move(source, target):
            return f"moving {source} to {target}"
        case Remove(path):
            return f"removing {path}"
        case Run(argv):
            return f"running {' '.join(argv)}"
