from __future__ import annotations

import errno
import os
import shutil
import sys
import tempfile
from collections import namedtuple
from typing import TYPE_CHECKING, Any

import pytest

from trueup.apply import stage as staging
from trueup.apply.stage import Stage
from trueup.errors import ApplyFailed, ProjectError
from trueup.model.tree import Entry, MemoryTree

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where stages are made."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


FILES = {"app/main.py": "x = 1\n", "run.sh": "#!/bin/sh\n", "../compose.yml": "build: .\n"}


@pytest.fixture
def backend(tmp_path: Path) -> Path:
    root = tmp_path / "shop" / "backend"
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    (root / "run.sh").chmod(0o755)
    os.utime(root / "run.sh", ns=(10**18, 10**18))
    return root


def tree_of(root: Path, **more: Entry) -> MemoryTree:
    """The tree of the files that a test knows, with more entries."""
    tree = MemoryTree(FILES)
    tree.entries = {**tree.entries, **{path.replace("__", "."): entry for path, entry in more.items()}}
    return tree


def put(place: Path, content: bytes = b"") -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)


def test_a_stage_is_a_true_copy_with_the_projects_own_names(backend: Path, scratch: Path) -> None:
    with Stage.create(tree_of(backend), backend, backend.parent) as stage:
        assert stage.root.parts[-2:] == ("shop", "backend")
        assert stage.repository == stage.root.parent
        assert stage.files == 3
        assert stage.size == sum(map(len, FILES.values()))
        for path, text in FILES.items():
            copy, original = (stage.root / path).stat(), (backend / path).stat()
            assert (stage.root / path).read_text() == text
            assert (copy.st_mode, copy.st_mtime_ns) == (original.st_mode, original.st_mtime_ns)
            assert (copy.st_nlink, copy.st_ino == original.st_ino) == (1, False)
        assert not stage.home.stat().st_mode & 0o077 or os.name == "nt"
        (stage.root / "run.sh").write_text("changed")
    assert (backend / "run.sh").read_text() == "#!/bin/sh\n"
    assert list(scratch.iterdir()) == []


def test_a_project_that_is_its_own_repository(backend: Path) -> None:
    tree = MemoryTree({"run.sh": FILES["run.sh"]})
    with Stage.create(tree, backend) as stage:
        assert stage.root.name == "backend"
        assert stage.repository == stage.root


def test_small_ignored_files_come_along_large_ones_are_told(backend: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "LARGEST_IGNORED", 100)
    monkeypatch.setattr(staging, "ALL_IGNORED", 150)
    for path, size in {".env": 10, "big.db": 101, "data/a.db": 90, "data/b.db": 95}.items():
        put(backend / path, b"x" * size)
    for path in ("data/.venv/pyvenv.cfg", "data/node_modules/x.js", "data/.git", "venv/pyvenv.cfg", "venv/x"):
        put(backend / path)
    entries = {
        "__env": Entry(size=10, ignored=True),
        "big__db": Entry(size=101, ignored=True),
        "data": Entry("dir", ignored=True),
        "venv": Entry("dir"),
    }
    with Stage.create(tree_of(backend, **entries), backend, backend.parent) as stage:
        assert stage.ignored == [(".env", 10), ("data/a.db", 90)]
        assert sorted(path.name for path in (stage.root / "data").iterdir()) == ["a.db"]
        assert not (stage.root / "venv").exists()
        assert stage.notes == [
            "not in the copy (ignored by git, and more than 5000 files or 0.0 MB of them): data/b.db",
            "not in the copy (ignored by git, and larger than 0.0 MB): big.db (0.0 MB)",
        ]


def test_directories_come_along_even_when_empty(backend: Path) -> None:
    (backend / "uploads" / "tmp").mkdir(parents=True)
    put(backend / "app" / "__pycache__" / "x.pyc")
    with Stage.create(tree_of(backend), backend, backend.parent) as stage:
        assert (stage.root / "uploads" / "tmp").is_dir()
        assert not (stage.root / "app" / "__pycache__").exists()


def test_links_stay_inside_the_copy(backend: Path, tmp_path: Path) -> None:
    targets = {
        "near": "run.sh",
        "up": "../compose.yml",
        "absolute": str(backend / "app"),
        "out": "../../precious",
        "far": "/etc/hosts",
        "env": "real-env",
    }
    put(tmp_path / "precious", b"mine")
    put(backend / "real-env" / "pyvenv.cfg")
    for name, target in targets.items():
        (backend / name).symlink_to(target)
    links = {name: Entry("link") for name in targets}
    with Stage.create(tree_of(backend, **links, odd=Entry("other")), backend, backend.parent) as stage:
        assert (stage.root / "near").read_text() == "#!/bin/sh\n"
        assert (stage.root / "up").read_text() == "build: .\n"
        assert (stage.root / "absolute").resolve() == (stage.root / "app").resolve()
        assert stage.notes == [
            "not in the copy (links that lead out of it, or to an environment): out, far, env",
            "not in the copy (not readable, or no file): odd",
        ]


def test_a_system_without_links_tells_them(backend: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (backend / "near").symlink_to("run.sh")

    def denied(*_args: object, **_kwargs: object) -> None:
        raise OSError(1314, "A required privilege is not held by the client")

    monkeypatch.setattr(os, "symlink", denied)
    with Stage.create(tree_of(backend, near=Entry("link")), backend, backend.parent) as stage:
        assert len(stage.notes) == 1
        assert "does not make: A required privilege is not held by the client): near" in stage.notes[0]


def test_git_is_told_and_never_copied(backend: Path) -> None:
    put(backend / ".git", b"gitdir: /somewhere/real")
    put(backend.parent / ".git" / "HEAD", b"ref")
    entries = {"__git": Entry(size=5)}
    with Stage.create(tree_of(backend, **entries), backend, backend.parent) as stage:
        assert not (stage.root / ".git").exists()
        assert not (stage.repository / ".git").exists()
        assert stage.notes == [".git is not copied: what asks git for a version or a revision finds none"]


def test_a_long_list_is_cut(backend: Path) -> None:
    entries = {f"odd{number}": Entry("other") for number in range(7)}
    with Stage.create(tree_of(backend, **entries), backend, backend.parent) as stage:
        assert stage.notes == ["not in the copy (not readable, or no file): odd0, odd1, odd2, odd3, odd4 and 2 more"]


def test_a_file_that_became_a_link_is_not_followed(backend: Path, scratch: Path) -> None:
    (backend / "run.sh").unlink()
    (backend / "run.sh").symlink_to("/etc/hosts")
    with pytest.raises(ProjectError, match=r"run.sh cannot be read"):
        Stage.create(tree_of(backend), backend, backend.parent)
    (backend / "run.sh").unlink()
    os.mkfifo(backend / "run.sh") if hasattr(os, "mkfifo") else (backend / "run.sh").mkdir()
    with pytest.raises(ProjectError, match=r"run.sh cannot be read"):
        Stage.create(tree_of(backend), backend, backend.parent)
    shutil.move(backend / "app", backend / "real")
    (backend / "app").symlink_to("real")
    with pytest.raises(ProjectError, match=r"app/main.py cannot be read: it lies behind the link"):
        Stage.create(MemoryTree({"app/main.py": ""}), backend, backend.parent)
    assert list(scratch.iterdir()) == []


def test_an_ignored_file_that_is_gone_is_told(backend: Path) -> None:
    with Stage.create(tree_of(backend, gone=Entry(size=1, ignored=True)), backend, backend.parent) as stage:
        assert stage.notes == [
            "not in the copy (ignored by git, and not readable: No such file or directory): gone",
        ]


def test_no_room_is_said_before_copying(backend: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1, 1, 1 << 20))
    with pytest.raises(ApplyFailed, match=r"needs 64.0 MB, and .*scratch has 1.0 MB: make room"):
        Stage.create(tree_of(backend), backend, backend.parent)
    assert list(scratch.iterdir()) == []


def test_a_disk_that_fills_up_is_said(backend: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", full)
    with pytest.raises(ApplyFailed, match="copying the project failed: No space left on device: make room"):
        Stage.create(tree_of(backend), backend, backend.parent)
    assert list(scratch.iterdir()) == []


def test_blocks_are_shared_where_the_file_system_can(backend: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = []

    class Fcntl:
        @staticmethod
        def ioctl(target: int, request: int, source: int) -> int:
            shared.append(request)
            os.write(target, os.read(source, 1 << 20))
            return 0

    monkeypatch.setitem(sys.modules, "fcntl", Fcntl)
    monkeypatch.setattr(shutil, "copyfileobj", None)
    with Stage.create(tree_of(backend), backend, backend.parent) as stage:
        assert (stage.root / "run.sh").read_text() == "#!/bin/sh\n"
        assert stage.size == sum(map(len, FILES.values()))
    assert shared == [0x40049409] * 3


def test_without_fcntl_bytes_are_copied(backend: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    absent: Any = None
    monkeypatch.setitem(sys.modules, "fcntl", absent)
    with Stage.create(tree_of(backend), backend, backend.parent) as stage:
        assert (stage.root / "run.sh").read_text() == "#!/bin/sh\n"
