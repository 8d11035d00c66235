"""A tree of files, on disk or imagined, read through one interface.

Paths are relative to the project's root and use ``/``. In a repository whose project lies in a
sub-folder, the files around it that speak of the project (compose files, workflows) are there too,
as ``../docker-compose.yml``: see ``Tree.outer``.
"""

from __future__ import annotations

from functools import cached_property

from trueup.model.change import Change, Move, Remove, Run, Write
from trueup.model.noun import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Mapping


class Entry(NamedTuple):
    """A file of a tree, or a directory that is not looked into.

    ``kind`` is ``file``, ``link``, ``other`` (device, socket, unreadable) or ``dir``: a directory that
    git ignores, a virtual environment or another repository, which stands as one entry (no trailing
    slash, nothing below it) so that a move knows of it. All other directories are only parts of paths.
    ``size`` in bytes; ``mode`` the permission bits; ``ignored`` whether git ignores it; ``pending``
    whether its content is known only after a tool ran (``uv.lock``); ``overruled`` whether git tracks it though a
    pattern of an ignore file names it.
    """

    kind: str = "file"
    size: int = 0
    mode: int = 0o644
    ignored: bool = False
    pending: bool = False
    overruled: bool = False


class Tree:
    """The interface; ``entries`` maps every path to its entry, sorted, ignored files included."""

    entries: Mapping[str, Entry]  # set once

    @property
    def real(self) -> Tree:
        """The tree without what is only imagined."""
        return self

    def read(self, path: str) -> bytes:
        """The bytes of the regular file at ``path``; ``KeyError`` where there is none."""
        raise KeyError(path)

    def text(self, path: str) -> str:
        """The file as text: UTF-8, else Latin-1 so that nothing is lost; a byte order mark is dropped."""
        data = self.read(path)
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return data.decode("latin-1")

    def files(self) -> tuple[str, ...]:
        """Paths of regular files inside the project that git does not ignore, without those of templates."""
        return self._files[0]

    def outer(self) -> tuple[str, ...]:
        """Paths of files of the repository around the project (``../...``)."""
        return self._files[1]

    @cached_property
    def all_files(self) -> tuple[str, ...]:
        """All of both, and those of templates: nothing says what they are, but they are kept, moved and compared."""
        return tuple(path for path, entry in self.entries.items() if entry.kind == "file" and not entry.ignored)

    @cached_property
    def _files(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        found = [path for path in self.all_files if not is_template(path)]
        outer = tuple(path for path in found if path.startswith("../"))
        return tuple(path for path in found if not path.startswith("../")) if outer else tuple(found), outer

    def called(self, names: re.Pattern[str]) -> tuple[str, ...]:
        """Paths, inside the project and then around it, of the files whose last part matches wholly."""
        key = names.pattern, names.flags
        if key not in self._called:
            found = [path for name, paths in self._by_name.items() if names.fullmatch(name) for path in paths]
            self._called[key] = tuple(sorted(found, key=lambda path: (path.startswith("../"), path)))
        return self._called[key]

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in (*self.files(), *self.outer()):
            found.setdefault(path.rpartition("/")[2], []).append(path)
        return found

    @cached_property
    def _called(self) -> dict[tuple[str, int], tuple[str, ...]]:
        return {}

    def has(self, path: str) -> bool:
        """Whether a regular file is there (ignored or not)."""
        entry = self.entries.get(path)
        return entry is not None and entry.kind == "file"

    def has_dir(self, path: str) -> bool:
        """Whether ``path`` is a directory: anything lies under it, or it is one that is not looked into."""
        return path.rstrip("/") in self._folders

    def exists(self, path: str) -> bool:
        """Whether a regular file or a directory is there."""
        return self.has(path) or self.has_dir(path)

    @cached_property
    def _folders(self) -> frozenset[str]:
        found = {path for path, entry in self.entries.items() if entry.kind == "dir"}
        for path in self.entries:
            folder = path.rpartition("/")[0]
            while folder and folder not in found:
                found.add(folder)
                folder = folder.rpartition("/")[0]
        return frozenset(found)

    def under(self, directory: str) -> tuple[str, ...]:
        """Paths of the regular, not ignored files below ``directory`` (``""``: all)."""
        prefix = directory.rstrip("/") + "/" if directory else ""
        return tuple(path for path in self.files() if path.startswith(prefix))


def is_template(path: str) -> bool:
    """Whether a path waits for names to be filled in (``{{cookiecutter.slug}}/main.py``): no file of this project."""
    return "{" in path and ("{{" in path or "{%" in path)


class MemoryTree(Tree):
    """A tree held in memory; ``new`` and tests start from it."""

    def __init__(self, files: Mapping[str, bytes | str] | None = None) -> None:
        self.contents = {
            path: data.encode() if isinstance(data, str) else data for path, data in sorted((files or {}).items())
        }
        self.entries = {path: Entry(size=len(data)) for path, data in self.contents.items()}

    def read(self, path: str) -> bytes:
        return self.contents[path]


class Overlay(Tree):
    """A tree as it will be after ``changes``, without touching the one below."""

    def __init__(self, below: Tree, changes: Iterable[Change] = ()) -> None:
        self.below = below
        self.changes: list[Change] = []
        self.origin: dict[str, str] = {path: path for path in below.entries}
        self.written: dict[str, bytes] = {}
        if isinstance(below, Overlay):  # one on top of others reads as fast as one alone
            self.below, self.origin, self.written = below.below, dict(below.origin), dict(below.written)
        entries = dict(below.entries)
        for change in changes:
            self.changes.append(change)
            self._interpret(change, entries)
        self.entries = dict(sorted(entries.items()))

    @property
    def real(self) -> Tree:
        """The tree without what is only imagined."""
        return self.below.real

    def _interpret(self, change: Change, entries: dict[str, Entry]) -> None:
        match change:
            case Write(path, content, mode):
                old = entries.get(path)
                entries[path] = Entry(size=len(content), mode=old.mode if old else mode)
                self.written[path] = content
                self.origin.pop(path, None)
            case Move(source, target):
                for path in [name for name in entries if name == source or name.startswith(source + "/")]:
                    new = target + path[len(source) :]
                    entries[new] = entries.pop(path)
                    if path in self.written:
                        self.written[new] = self.written.pop(path)
                    if path in self.origin:
                        self.origin[new] = self.origin.pop(path)
            case Remove(gone):
                for path in [name for name in entries if name == gone or name.startswith(gone + "/")]:
                    del entries[path]
                    self.written.pop(path, None)
                    self.origin.pop(path, None)
            case Run(_, writes):
                for path in writes:
                    entries[path] = Entry(pending=True)

    def read(self, path: str) -> bytes:
        if path in self.written:
            return self.written[path]
        if self.entries[path].pending:
            return b""
        return self.below.read(self.origin[path])
