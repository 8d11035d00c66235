"""What is read of a repository's own files."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from trueup.read import git


def run(folder: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True, text=True).stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with names of many lengths, some sharing a beginning."""
    run(tmp_path, "init", "-q")
    for name in ("a.py", "app/main.py", "app/models/user.py", "app/models/user_group.py", "ünï/x", "x" * 200):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x = 1\n", encoding="utf-8")
    run(tmp_path, "add", ".")
    return tmp_path


@pytest.mark.parametrize("version", ["2", "3", "4"])
def test_tracked_equals_ls_files(repository: Path, version: str) -> None:
    (repository / "later.py").touch()
    run(repository, "update-index", "--index-version", version)
    run(repository, "add", "--intent-to-add", "later.py")  # an extended entry: version 3
    listed = run(repository, "ls-files", "-z").split("\0")
    assert git.tracked(repository) == frozenset(filter(None, listed))


def test_index_that_cannot_be_read(repository: Path) -> None:
    index = repository / ".git" / "index"
    for data in (b"", b"DIRC", b"DIRC\0\0\0\x09\0\0\0\x01", index.read_bytes()[:80]):
        index.write_bytes(data)
        assert not git.tracked(repository)
    index.unlink()
    assert git.tracked(repository) is None


def test_version_4_that_ends_too_early(repository: Path) -> None:
    run(repository, "update-index", "--index-version", "4")
    index = repository / ".git" / "index"
    index.write_bytes(index.read_bytes()[:12] + b"\xff" * 70)
    assert git.tracked(repository) is None


def test_repository_of(repository: Path) -> None:
    assert git.repository_of(repository / "app") == repository
    assert git.repository_of(Path(repository.anchor)) is None


def test_worktree(repository: Path, tmp_path: Path) -> None:
    """The file ``.git`` of a worktree leads to its index, and on to the exclude file that all share."""
    run(repository, "-c", "user.name=x", "-c", "user.email=x", "commit", "-qm", "x")
    worktree = repository / "worktree"
    run(repository, "worktree", "add", "-q", str(worktree))
    (repository / ".git" / "info").mkdir(exist_ok=True)
    (repository / ".git" / "info" / "exclude").write_text("*.secret\n", encoding="utf-8")
    assert git.tracked(worktree) == git.tracked(repository)
    assert git.exclude_text(worktree) == git.exclude_text(repository) == "*.secret\n"


def test_read_small_refuses(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"x" * 20)
    assert git.read_small(tmp_path / "large", cap=10) == b""
    assert git.read_small(tmp_path) == b""
    assert git.read_small(tmp_path / "large") == b"x" * 20


def test_read_small_gives_nothing_for_what_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()

    def fail(path: Path) -> bytes:
        raise PermissionError(path)

    monkeypatch.setattr(Path, "read_bytes", fail)
    assert git.read_small(tmp_path / "file") == b""


def test_edits_that_git_does_not_have_are_found(tmp_path: Path) -> None:
    for name in ("same.py", "edited.py", "crlf.py", "gone.py"):
        (tmp_path / name).write_bytes(b"a\nb\n")
    run(tmp_path, "init", "-q")
    run(tmp_path, "add", "-A")
    (tmp_path / "edited.py").write_bytes(b"a\nc\n")
    (tmp_path / "crlf.py").write_bytes(b"a\r\nb\r\n")
    (tmp_path / "new.py").write_bytes(b"x\n")
    assert git.unsaved(tmp_path, ["same.py", "edited.py", "crlf.py", "new.py", "nowhere.py"]) == ["edited.py"]
    assert git.unsaved(tmp_path / "elsewhere", ["same.py"]) == []


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("git@github.com:acme/shop.git", "github"),
        ("https://user:token@GitHub.com/acme/shop", "github"),
        ("ssh://git@ssh.github.com:443/acme/shop.git", "github"),
        ("https://gitlab.com/acme/shop.git", "gitlab"),
        ("https://git.example.com/mirrors/github.com/shop", ""),
        ("git@notgithub.com:acme/shop.git", ""),
        ("/srv/git/github.com/shop", ""),
    ],
)
def test_where_a_repository_lives(url: str, host: str) -> None:
    assert git.host_of(f'[remote "origin"]\n\turl = {url}\n') == host
