from __future__ import annotations

import errno
import json
import os
import shutil
from typing import TYPE_CHECKING

import pytest

from trueup.apply.ground import State, digest
from trueup.apply.journal import Begun, Dropped, Journal, Wrote, create, decode, encode, stores
from trueup.apply.rollback import rollback, unfinished
from trueup.apply.transaction import Transaction
from trueup.errors import PlanRefused, RollbackIncomplete, UsageError
from trueup.model.change import Change, Move, Remove, Write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    for path, text in {"app/main.py": "x = 1\n", "app/x.py": "", "reqs.txt": "fastapi\n", "setup.cfg": "[a]\n"}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


CHANGES: list[Change] = [
    Move("app", "src/app"),
    Write("src/app/main.py", b"x = 2\n"),
    Remove("reqs.txt"),
    Write("setup.cfg", b"[b]\n"),
    Write("new.toml", b"n\n"),
]


def applied(root: Path, changes: list[Change] = CHANGES) -> str:
    """The digest of before."""
    before = digest(root)
    with Transaction(root) as transaction:
        transaction.begin("plan")
        transaction.perform(changes)
        transaction.commit()
    return before


def write(path: str) -> Callable[[Path], object]:
    """What writes somebody's file."""

    def do(root: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("mine")

    return do


EDITS: dict[str, Callable[[Path], object]] = {
    "src/app/main.py": write("src/app/main.py"),
    "src/app/x.py": write("src/app/x.py"),
    "src/app/added.py": write("src/app/added.py"),
    "src/added.py": write("src/added.py"),
    "setup.cfg": lambda root: (root / "setup.cfg").unlink(),
    "new.toml": lambda root: (root / "new.toml").chmod(0o400),
    "reqs.txt": write("reqs.txt"),
    "app": write("app/again.py"),
    "app ": write("app"),
}


@pytest.mark.parametrize("path", EDITS)
def test_what_somebody_changed_since_is_refused_and_nothing_is_touched(shop: Path, path: str) -> None:
    applied(shop)
    EDITS[path](shop)
    now = digest(shop)
    with pytest.raises(PlanRefused, match=f"changed since the apply: {path.strip()}: undo"):
        rollback(shop)
    assert digest(shop) == now
    assert not unfinished(shop)


@pytest.mark.parametrize("path", [path for path in EDITS if path != "src/app/x.py"])
def test_with_force_the_tree_is_as_before_and_the_edits_are_kept(shop: Path, path: str) -> None:
    before = applied(shop)
    EDITS[path](shop)
    done = rollback(shop, force=True)
    assert digest(shop) == before
    for _, kept in done.set_aside:
        assert kept.startswith(".trueup/kept-0001/")
        found = [place for place in (shop / kept, *(shop / kept).rglob("*")) if place.is_file()]
        assert all(place.read_text() in ("mine", "n\n") for place in found)
        assert found
    assert done.set_aside or path == "setup.cfg"


def test_a_long_list_of_edits_is_cut(shop: Path) -> None:
    applied(shop)
    for number in range(8):
        write(f"src/{number}.py")(shop)
    with pytest.raises(PlanRefused, match=r"src/0.py, .*src/4.py and 3 more: undo your edits"):
        rollback(shop)


def test_an_edited_file_that_was_only_moved_keeps_its_edit(shop: Path) -> None:
    applied(shop)
    write("src/app/x.py")(shop)
    rollback(shop, force=True)
    assert (shop / "app" / "x.py").read_text() == "mine"


def test_what_was_removed_since_cannot_be_put_back(shop: Path) -> None:
    applied(shop)
    (shop / "src" / "app" / "x.py").unlink()
    with pytest.raises(PlanRefused, match=r"src/app/x.py"):
        rollback(shop)
    with pytest.raises(RollbackIncomplete, match=r"could not be put back: app/x.py: .*incomplete-0001"):
        rollback(shop, force=True)
    assert (shop / "app" / "main.py").read_text() == "x = 1\n"
    assert (shop / "reqs.txt").exists()
    assert (shop / ".trueup" / "incomplete-0001" / "journal").exists()
    assert not unfinished(shop)


def test_a_whole_directory_removed_since(shop: Path) -> None:
    applied(shop)
    shutil.rmtree(shop / "src")
    (shop / ".trueup" / "0001" / "1").unlink()
    with pytest.raises(RollbackIncomplete, match=r"could not be put back: reqs.txt, app/x.py:"):
        rollback(shop, force=True)
    assert (shop / "app" / "main.py").read_text() == "x = 1\n"
    assert (shop / "setup.cfg").read_text() == "[a]\n"


def test_what_tools_generated_since_is_no_obstacle(shop: Path) -> None:
    before = applied(shop)
    for path in (
        "src/app/__pycache__/x.pyc",
        "src/shop.egg-info/PKG-INFO",
        "app/__pycache__/x.pyc",
        "src/.mypy_cache/x",
    ):
        write(path)(shop)
    assert rollback(shop).set_aside == ()
    assert digest(shop) == before


def test_a_link_in_the_way_is_not_followed(shop: Path, tmp_path: Path) -> None:
    applied(shop)
    (shop / "src").rename(tmp_path / "elsewhere")
    (shop / "src").symlink_to(tmp_path / "elsewhere")
    for force in (False, True):
        with pytest.raises(PlanRefused, match="behind the link src"):
            rollback(shop, force=force)
    assert (tmp_path / "elsewhere" / "app" / "main.py").read_text() == "x = 2\n"
    assert not unfinished(shop)
    (shop / "src").unlink()
    (tmp_path / "elsewhere").rename(shop / "src")
    rollback(shop)
    assert (shop / "app" / "main.py").read_text() == "x = 1\n"


def test_the_system_says_no_and_later_yes(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = applied(shop)

    def busy(*_args: object, **_kwargs: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "app")

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", busy)
        with pytest.raises(
            RollbackIncomplete, match="app: Permission denied: mend that and run `trueup rollback` again"
        ):
            rollback(shop)
    assert unfinished(shop)
    rollback(shop)
    assert digest(shop) == before


def test_an_interrupted_apply_is_refused_where_somebody_edited_since(shop: Path) -> None:
    transaction = Transaction(shop)
    transaction.begin("plan")
    transaction.perform(CHANGES)
    write("setup.cfg")(shop)
    with pytest.raises(PlanRefused, match=r"setup.cfg"):
        rollback(shop)
    write("new.toml")(shop)
    with pytest.raises(PlanRefused, match=r"setup.cfg, new.toml"):
        rollback(shop)


def test_nothing_to_roll_back(shop: Path) -> None:
    with pytest.raises(UsageError, match="nothing to roll back"):
        rollback(shop)
    applied(shop)
    rollback(shop)
    with pytest.raises(UsageError, match="nothing to roll back"):
        rollback(shop)


def test_outer_files_are_put_back_within_the_repository_alone(shop: Path) -> None:
    (shop.parent / ".git").mkdir()
    before = digest(shop.parent)
    with Transaction(shop, shop.parent) as transaction:
        transaction.begin("plan")
        transaction.perform([Write("../ci.yml", b"")])
        transaction.commit()
    rollback(shop)
    assert digest(shop.parent) == before
    (shop.parent / ".git").rmdir()
    journal = create(shop)
    journal.write(Wrote("../../evil", "", State(), b"", State()))
    journal.close()
    with pytest.raises(PlanRefused, match="leaves the project"):
        rollback(shop, force=True)


@pytest.mark.parametrize("aside", ["../../../precious", "/etc", "x"])
def test_a_journal_cannot_fetch_from_outside_its_store(shop: Path, aside: str) -> None:
    (shop.parent / "precious").write_text("mine")
    journal = create(shop)
    journal.write(Dropped("reqs.bak", aside))
    journal.close()
    with pytest.raises(RollbackIncomplete, match="not in its store"):
        rollback(shop)
    assert (shop.parent / "precious").exists()


@pytest.mark.parametrize(
    "line",
    [b"", b"{", b"[]", b"3", b'{"do": "fly"}', b'{"do": "made"}', b'{"do": "made", "path": 3}', b"\xff", b"[" * 9999,
     b'{"do": "made", "path": "a", "around": []}', b'{"do": "made", "path": "a", "more": 1}',
     b'{"do": "wrote", "path": "a", "temporary": "", "before": ["none"], "content": "", "after": ["", 0, 0, ""]}',
     b'{"do": "wrote", "path": "a", "temporary": "", "before": ["", 0, 0, ""], "content": "?"}'],
)  # fmt: skip
def test_a_damaged_journal_is_said_and_nothing_is_touched(shop: Path, line: bytes) -> None:
    applied(shop)
    now = digest(shop)
    journal = shop / ".trueup" / "0001" / "journal"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join([*lines[:2], line + b"\n", *lines[2:]]))
    with pytest.raises(RollbackIncomplete, match=r"line 3 of the journal .* is damaged: nothing was changed"):
        rollback(shop)
    assert digest(shop) == now


def test_an_empty_journal_whose_store_holds_files_is_damaged(shop: Path) -> None:
    applied(shop)
    after = digest(shop)
    (stores(shop)[-1] / "journal").write_bytes(b"")
    with pytest.raises(RollbackIncomplete, match="the journal is empty"):
        rollback(shop)
    assert digest(shop) == after
    assert len(list(stores(shop)[-1].iterdir())) > 1


def test_what_cannot_be_put_back_is_named(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    applied(shop)

    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    with monkeypatch.context() as context:
        context.setattr(os, "utime", refused)
        with pytest.raises(RollbackIncomplete, match=r"setup.cfg: Operation not permitted"):
            rollback(shop)
    rollback(shop)


def test_a_torn_last_line_does_not_count_and_is_written_over(shop: Path) -> None:
    before = digest(shop)
    transaction = Transaction(shop)
    transaction.begin("plan")
    transaction.perform([Move("app", "lib")])
    with (shop / ".trueup" / "0001" / "journal").open("ab") as file:
        file.write(b'{"do": "sh')
    rollback(shop)
    assert digest(shop) == before


def test_another_versions_journal_is_left_alone(shop: Path) -> None:
    journal = create(shop)
    journal.write(Begun("plan", format=2))
    journal.close()
    with pytest.raises(RollbackIncomplete, match="another version"):
        rollback(shop)


def test_a_store_that_is_a_link_is_refused(shop: Path, tmp_path: Path) -> None:
    (shop / ".trueup").symlink_to(tmp_path)
    with pytest.raises(RollbackIncomplete, match="is no directory of trueup's"):
        Transaction(shop).begin("plan")
    (shop / ".trueup").unlink()
    (shop / ".trueup" / "0001").mkdir(parents=True)
    (shop / ".trueup" / "0002").symlink_to(tmp_path)
    (tmp_path / "journal").write_text("")
    assert stores(shop) == []
    assert applied(shop)
    assert [store.name for store in stores(shop)] == ["0003"]


def test_a_journal_that_cannot_be_opened_leaves_no_store(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "ftruncate", lambda *_: (_ for _ in ()).throw(OSError(errno.EIO, "I/O error")))
    with pytest.raises(OSError, match="I/O error"):
        create(shop)
    assert not (shop / ".trueup").exists()


def test_a_line_that_could_not_be_written_is_taken_back(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = create(shop)
    journal.write(Begun("plan"))
    real = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
        with pytest.raises(OSError, match="full"):
            journal.write(Begun("torn"))
    assert real is os.write
    journal.write(Begun("whole"))
    journal.close()
    journal.close()
    text = (shop / ".trueup" / "0001" / "journal").read_text()
    assert [json.loads(line)["plan"] for line in text.splitlines()] == ["plan", "whole"]


def test_records_come_back_as_they_were() -> None:
    state = State("file", 0o644, 5, "ab")
    for record in (
        Begun("p", ("a",)),
        Wrote("bad\udcff", "t", state, b"\0\xff", State(), {"d": 1}),
        Dropped("a", "1"),
    ):
        assert decode(encode(record)) == record


def test_an_open_journal_file_is_appended_to(shop: Path) -> None:
    create(shop).close()
    journal = Journal(shop / ".trueup" / "0001")
    journal.write(Begun("plan"))
    journal.close()
    assert not unfinished(shop) or stores(shop)
