from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from trueup.apply.ground import JUNCTION, digest, glance, is_link, state_of, walk

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "a" / "empty").mkdir(parents=True)
    (tmp_path / "a" / "x").write_bytes(b"1")
    (tmp_path / "way").symlink_to("a")
    return tmp_path


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("bytes", lambda root: (root / "a" / "x").write_bytes(b"2")),
        ("mode", lambda root: (root / "a" / "x").chmod(0o444)),
        ("name", lambda root: (root / "a" / "x").rename(root / "a" / "y")),
        ("empty directory", lambda root: (root / "a" / "empty").rmdir()),
        ("place", lambda root: (root / "a" / "empty").rename(root / "empty")),
        ("link", lambda root: ((root / "way").unlink(), (root / "way").symlink_to("b"))),
        ("link to file", lambda root: ((root / "way").unlink(), (root / "way").write_bytes(b"a"))),
    ],
)
def test_the_digest_sees(tree: Path, what: str, change: object) -> None:
    before = digest(tree)
    assert callable(change)
    change(tree)
    assert digest(tree) != before, what


def test_the_digest_does_not_see_times_nor_what_is_not_the_projects(tree: Path) -> None:
    before = digest(tree)
    os.utime(tree / "a" / "x", ns=(1, 1))
    (tree / ".trueup").mkdir()
    (tree / ".git").mkdir()
    (tree / ".git" / "HEAD").write_text("")
    assert digest(tree) == before


def test_odd_names_do_not_confuse_the_digest(tmp_path: Path) -> None:
    for folder, names in (("one", ["a", "b"]), ("two", ["a b"])):
        (tmp_path / folder).mkdir()
        for name in names:
            (tmp_path / folder / name).write_bytes(b"")
    assert digest(tmp_path / "one") != digest(tmp_path / "two")


def test_walking_follows_no_link_and_stops_at_what_may_not_be_read(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [place.relative_to(tree).as_posix() for place in walk(tree)] == ["a", "a/empty", "a/x", "way"]
    monkeypatch.setattr(os, "listdir", lambda _path: (_ for _ in ()).throw(PermissionError()))
    assert list(walk(tree, strict=False)) == []
    with pytest.raises(PermissionError):
        list(walk(tree))


def test_a_file_that_may_not_be_read_still_has_a_mode(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = state_of(tree / "a" / "x")
    monkeypatch.setattr(os, "open", lambda *_: (_ for _ in ()).throw(PermissionError()))
    assert glance(tree / "a" / "x") == full._replace(sha="")


def test_a_junction_is_a_link() -> None:
    class Status:
        st_mode = 0o40755
        st_reparse_tag = JUNCTION

    assert is_link(Status())  # type: ignore[arg-type] # as Windows has it
