"""What a repository's own files say: where its data lies, what is tracked. git is never run."""

from __future__ import annotations

import os

from trueup.model.pattern import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

URL = lazy(r"(?m)^[ \t]*url[ \t]*=[ \t]*(\S+)")
HOST = lazy(r"(?:\w+://)?(?:[^/@]*@)?(?:(?:www|ssh|altssh)\.)?([\w.-]+)[:/]")
CONFIG = ".git/config"
INDEX_CAP = 256_000_000
TEXT_CAP = 1_000_000
HASH = 20  # bytes of an object's name; repositories with SHA-256 names are not understood, and say so by None
FIXED = 40 + HASH + 2  # stat data, name, flags


def repository_of(path: Path) -> Path | None:
    """The folder at or above ``path`` that holds ``.git`` (a directory, or the file of a worktree or submodule)."""
    for folder in (path, *path.parents):
        if os.path.lexists(folder / ".git"):
            return folder
    return None


def read_small(path: Path, cap: int = TEXT_CAP) -> bytes:
    """The content of a regular file of at most ``cap`` bytes, else nothing."""
    try:
        if not path.is_file() or path.stat().st_size > cap:
            return b""
        return path.read_bytes()
    except OSError:
        return b""


def data_directory(repository: Path) -> Path:
    """Where the repository keeps its index (gitrepository-layout): ``.git``, or where the file ``.git`` points."""
    place = repository / ".git"
    pointer = read_small(place).decode("utf-8", "replace")
    if pointer.startswith("gitdir:"):
        return repository / pointer.removeprefix("gitdir:").strip()
    return place


def exclude_file(repository: Path) -> Path:
    """``info/exclude``, which is shared by all worktrees of a repository."""
    data = data_directory(repository)
    common = read_small(data / "commondir").decode("utf-8", "replace").strip()
    return data / common / "info" / "exclude"


def config_file(repository: Path) -> Path:
    """``config``, which is shared by all worktrees of a repository, too."""
    return exclude_file(repository).parent.parent / "config"


def host_of(config: str) -> str:
    """Where a repository lives by its remotes: ``github``, ``gitlab``, or ``""`` where they say neither."""
    hosts = {found[1].lower() for found in map(HOST.match, URL.findall(config)) if found}
    return next((name for name in ("github", "gitlab") if f"{name}.com" in hosts), "")


def exclude_text(repository: Path) -> str:
    """What ``info/exclude`` says."""
    return read_small(exclude_file(repository)).decode("utf-8", "replace")


def tracked(repository: Path) -> frozenset[str] | None:
    """The paths in the index, relative to the repository; ``None`` where it cannot be read."""
    found = entries(repository)
    return None if found is None else frozenset(found)


def unsaved(repository: Path, paths: Iterable[str]) -> list[str]:
    """Which of ``paths`` are tracked files whose content is not the one in the index: edits that git does not have.

    Line ends that git would convert do not count; neither does what is staged and not committed.
    """
    known = entries(repository) or {}
    found = []
    for path in sorted(set(paths) & known.keys()):
        data = read_small(repository / path, INDEX_CAP)
        if known[path] not in (blob(data), blob(data.replace(b"\r\n", b"\n"))):
            found.append(path)
    return found


def blob(data: bytes) -> bytes:
    """The name of a blob (gitformat-objects)."""
    import hashlib

    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).digest()


def entries(repository: Path) -> dict[str, bytes] | None:
    """The paths in the index, relative to the repository, with the names of their blobs; ``None`` if unreadable.

    Source: gitformat-index, versions 2 to 4.
    """
    data = read_small(data_directory(repository) / "index", INDEX_CAP)
    version, count = int.from_bytes(data[4:8]), int.from_bytes(data[8:12])
    if data[:4] != b"DIRC" or version not in (2, 3, 4):
        return None
    found: dict[str, bytes] = {}
    name, position = b"", 12
    for _ in range(count):
        extended = version > 2 and len(data) > position + FIXED and data[position + FIXED - 2] & 0x40
        start = position + FIXED + (2 if extended else 0)
        keep = 0
        if version == 4:
            strip, start = offset(data, start)
            keep = max(len(name) - strip, 0)
        end = data.find(b"\0", start)
        if end < 0:
            return None
        name = name[:keep] + data[start:end]
        found[os.fsdecode(name)] = data[position + FIXED - HASH - 2 : position + FIXED - 2]
        position = end + 1 if version == 4 else end + 8 - (end - position) % 8
    return found


def offset(data: bytes, position: int) -> tuple[int, int]:
    """A variable-width number of index version 4, and where it ends."""
    value = 0
    for index in range(position, min(position + 9, len(data))):
        value = (value << 7) | (data[index] & 0x7F)
        if not data[index] & 0x80:
            return value, index + 1
        value += 1
    return 0, len(data)
