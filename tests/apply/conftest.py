"""Random trees with random changes that make sense on them, and a disk to try them on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import strategies as st

from trueup.model.change import Change, Move, Remove, Write, apply_to_path
from trueup.model.tree import MemoryTree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PLAIN = ["a", "b.py", "app", "src", "with space", "it's", "$HOME", "-dash", "ünï", "`tick`", "[x]", "semi;colon", "%d"]
NAMES = PLAIN if os.name == "nt" else [*PLAIN, 'q"uote', "back\\slash", "new\nline", "*", "bad\udcff", "esc\x1b"]
CONTENTS = [
    b"",
    b"x = 1\n",
    b"no end",
    b"crlf\r\n",
    "grüße\n".encode(),
    b"\xff\xfe",
    b"EOF\n'@\n",
    b"\xef\xbb\xbfbom\n",
    b"\0",
]
MODES = [0o644, 0o755, 0o600]


class Case(NamedTuple):
    """A tree and changes to it, each of which is possible when its turn comes."""

    tree: MemoryTree
    changes: tuple[Change, ...]


def clashes(path: str, paths: set[str]) -> bool:
    """Whether ``path`` cannot be made beside ``paths``: it is there, is a directory, or lies below a file."""
    return any(f"{old}/".startswith(f"{path}/") or f"{path}/".startswith(f"{old}/") for old in paths)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    path = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3).map("/".join)
    paths: set[str] = set()
    for name in draw(st.lists(path, min_size=1, max_size=7)):
        if not clashes(name, paths):
            paths.add(name)
    tree = MemoryTree({name: draw(st.sampled_from(CONTENTS)) for name in sorted(paths)})
    tree.entries = {name: entry._replace(mode=draw(st.sampled_from(MODES))) for name, entry in tree.entries.items()}
    changes: list[Change] = []
    for _ in range(draw(st.integers(0, 5))):
        change = draw(st.sampled_from([draw_write, draw_move, draw_remove]))(draw, paths, draw(path))
        if change is not None:
            changes.append(change)
            paths = {new for old in paths if (new := apply_to_path(old, change))}
            paths |= {change.path} if isinstance(change, Write) else set()
    return Case(tree, tuple(changes))


def draw_write(draw: st.DrawFn, paths: set[str], fresh: str) -> Change | None:
    """Write an old or a new file."""
    path = draw(st.sampled_from([*sorted(paths), fresh]))
    if path not in paths and clashes(path, paths):
        return None
    return Write(path, draw(st.sampled_from(CONTENTS)), draw(st.sampled_from(MODES)))


def draw_member(draw: st.DrawFn, paths: set[str]) -> str | None:
    """A file or a directory."""
    parts = [path.split("/") for path in sorted(paths)]
    members = sorted({"/".join(names[:count]) for names in parts for count in range(1, len(names) + 1)})
    return draw(st.sampled_from(members)) if members else None


def draw_move(draw: st.DrawFn, paths: set[str], fresh: str) -> Change | None:
    """Move a file or directory to a free place, or a directory into itself."""
    source = draw_member(draw, paths)
    if source is None or source == fresh:
        return None
    inside = fresh.startswith(source + "/") and source not in paths
    rest = {path for path in paths if not f"{path}/".startswith(source + "/")}
    if clashes(fresh, paths if not inside else rest):
        return None
    return Move(source, fresh)


def draw_remove(draw: st.DrawFn, paths: set[str], _fresh: str) -> Change | None:
    """Remove a file or directory."""
    path = draw_member(draw, paths)
    return Remove(path) if path else None


@pytest.fixture(scope="session")
def some_cases() -> st.SearchStrategy[Case]:
    return cases()


def on_disk(tree: MemoryTree, root: Path) -> Path:
    for path, entry in tree.entries.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(tree.read(path))
        place.chmod(entry.mode)
    return root


@pytest.fixture(scope="session")
def make_on_disk() -> Callable[[MemoryTree, Path], Path]:
    """Make a tree's files below a directory that is there."""
    return on_disk
