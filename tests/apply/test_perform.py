from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.apply.ground import MODES
from trueup.apply.perform import delete, perform, put, steps, unlock
from trueup.errors import ApplyFailed, PlanRefused
from trueup.model.change import Change, Move, Remove, Run, Write
from trueup.model.tree import Overlay

if TYPE_CHECKING:
    from collections.abc import Callable


def files(root: Path) -> dict[str, tuple[bytes, int]]:
    found = (path for path in root.rglob("*") if path.is_file())
    return {p.relative_to(root).as_posix(): (p.read_bytes(), p.stat().st_mode & MODES) for p in found}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@settings(max_examples=60)
@given(st.data())
def test_the_disk_becomes_what_the_overlay_imagined(
    some_cases: st.SearchStrategy[Any], make_on_disk: Callable[..., Path], data: st.DataObject
) -> None:
    tree, changes = data.draw(some_cases)
    imagined = Overlay(tree, changes)
    with tempfile.TemporaryDirectory() as folder:
        root = make_on_disk(tree, Path(folder))
        perform(root, changes)
        assert files(root) == {
            path: (imagined.read(path), entry.mode & MODES) for path, entry in imagined.entries.items()
        }
        folders = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_dir()}
        assert folders == {parent for path in imagined.entries for parent in ancestors(path)}


def ancestors(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A project ``shop/backend`` in the repository ``shop``; something precious beside it."""
    (tmp_path / "precious").write_text("mine")
    project = tmp_path / "shop" / "backend"
    (project / "app" / "static").mkdir(parents=True)
    (project / "app" / "main.py").write_text("app = 1\n")
    (project.parent / "compose.yml").write_text("build: .\n")
    return project


@pytest.mark.parametrize(
    "path",
    ["/etc/x", "a//b", "", ".", "..", "a/../b", "./a", ".git/hooks/x", "app/.GIT/x", "git~1/x", ".git./x", ".trueup/x",
     "../../precious", "../backend/app/main.py", "a\0b", "a/", "lone\ud800"],
)  # fmt: skip
def test_paths_that_no_change_may_touch(shop: Path, path: str) -> None:
    for change in (Write(path, b"bad"), Remove(path), Move("app/main.py", path), Move(path, "z")):
        with pytest.raises(PlanRefused):
            perform(shop, [change], repository=shop.parent)
    assert (shop.parent.parent / "precious").read_text() == "mine"
    assert (shop / "app" / "main.py").exists()


def test_the_repository_around_the_project_can_be_written(shop: Path) -> None:
    perform(shop, [Write("../compose.yml", b"new"), Write("../ci/x.yml", b"")], repository=shop.parent)
    assert (shop.parent / "compose.yml").read_bytes() == b"new"
    assert (shop.parent / "ci" / "x.yml").exists()


def test_outer_paths_need_a_repository(shop: Path) -> None:
    with pytest.raises(PlanRefused, match="leaves"):
        perform(shop, [Write("../compose.yml", b"new")])
    with pytest.raises(PlanRefused, match="does not lie in"):
        perform(shop, [], repository=shop / "app")


def test_links_are_never_written_through(shop: Path, tmp_path: Path) -> None:
    (shop / "way").symlink_to(tmp_path, target_is_directory=True)
    (shop / "name").symlink_to(tmp_path / "precious")
    for change in (
        Write("way/precious", b"bad"),
        Write("name", b"bad"),
        Move("app/main.py", "way/x"),
        Move("way/precious", "x"),
        Remove("way/precious"),
    ):
        with pytest.raises(PlanRefused, match="link"):
            perform(shop, [change])
    assert (tmp_path / "precious").read_text() == "mine"


def test_removing_a_link_leaves_what_it_points_to(shop: Path, tmp_path: Path) -> None:
    (shop / "way").symlink_to(tmp_path, target_is_directory=True)
    perform(shop, [Remove("way")])
    assert not (shop / "way").is_symlink()
    assert (tmp_path / "precious").exists()


def test_a_relative_link_is_not_moved_away_from_its_target(shop: Path) -> None:
    (shop / "app" / "readme").symlink_to("../README.md")
    with pytest.raises(PlanRefused, match=r"app/readme -> ../README.md would point elsewhere as src/app/readme"):
        perform(shop, [Move("app", "src/app")])
    perform(shop, [Move("app", "other")])
    assert (shop / "other" / "readme").readlink() == Path("../README.md")


def test_links_within_a_moved_directory_move_along(shop: Path) -> None:
    (shop / "app" / "start.py").symlink_to("main.py")
    (shop / "app" / "hosts").symlink_to("/etc/hosts")
    perform(shop, [Move("app", "src/app")])
    assert (shop / "src" / "app" / "start.py").read_text() == "app = 1\n"


def test_nothing_is_overwritten_by_a_move(shop: Path) -> None:
    (shop / "main.py").write_text("other")
    with pytest.raises(PlanRefused, match=r"main.py is there already"):
        perform(shop, [Move("app/main.py", "main.py")])
    with pytest.raises(PlanRefused, match="it is not there"):
        perform(shop, [Move("gone", "x")])
    with pytest.raises(PlanRefused, match="not a directory"):
        perform(shop, [Write("main.py/x", b"")])
    with pytest.raises(PlanRefused, match="cannot be written"):
        perform(shop, [Write("app", b"")])
    assert (shop / "main.py").read_text() == "other"


@pytest.mark.parametrize("change", [Move("app", "src/app"), Write("SRC/app/x.py", b""), Write("src/APP", b"")])
def test_names_that_differ_only_in_case_are_refused_everywhere(shop: Path, change: Change) -> None:
    (shop / "src" / "App").mkdir(parents=True)
    with pytest.raises(PlanRefused, match="differs only in case from src"):
        perform(shop, [change])
    perform(shop, [Move("app", "src/App/app")])


def test_only_the_case_of_a_name_can_be_changed(shop: Path) -> None:
    perform(shop, [Move("app", "App")])
    assert "App" in names(shop)
    assert "app" not in names(shop)


def test_a_directory_moves_into_itself(shop: Path) -> None:
    perform(shop, [Move("app", "app/static/api")])
    assert (shop / "app" / "static" / "api" / "main.py").exists()
    assert names(shop / "app") == ["static"]
    assert names(shop / "app" / "static" / "api") == ["main.py", "static"]


def test_compiled_leftovers_go_with_the_last_module(shop: Path) -> None:
    for cache in (shop / "app" / "__pycache__", shop / "pkg" / "sub" / "__pycache__"):
        cache.mkdir(parents=True)
        (cache / "main.pyc").write_bytes(b"")
    (shop / "pkg" / "sub" / "x.py").write_text("")
    perform(shop, [Move("pkg/sub/x.py", "src/x.py"), Move("app/main.py", "src/main.py")])
    assert not (shop / "pkg").exists()
    assert (shop / "app" / "static").is_dir()


def test_an_existing_file_keeps_its_mode_a_new_one_gets_its_own(shop: Path) -> None:
    main = shop / "app" / "main.py"
    main.chmod(0o640)
    perform(shop, [Write("app/main.py", b"new", 0o755), Write("run.sh", b"", 0o755)])
    assert main.stat().st_mode & MODES == 0o640 & MODES
    assert (shop / "run.sh").stat().st_mode & MODES == 0o755 & MODES
    assert names(shop / "app") == ["main.py", "static"]


def test_runs_go_to_the_caller_in_their_turn(shop: Path) -> None:
    seen = []
    changes: list[Change] = [Write("a", b""), Run(("uv", "lock")), Remove("a")]
    perform(shop, changes, run=lambda run: seen.append((run.argv, (shop / "a").exists())))
    assert seen == [(("uv", "lock"), True)]
    perform(shop, changes)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Write("x", b"1"), "writing x failed: No space left on device: make room on the disk"),
        (Move("app", "src/app"), "moving app to src/app failed: No space left on device: make room on the disk"),
    ],
)
def test_what_the_system_says_is_told_in_one_line(
    shop: Path, monkeypatch: pytest.MonkeyPatch, change: Change, said: str
) -> None:
    def full(*_args: object, **_kwargs: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for name in ("fsync", "mkdir"):
        monkeypatch.setattr(os, name, full)
    with pytest.raises(ApplyFailed) as failure:
        perform(shop, [change])
    assert str(failure.value) == said
    assert names(shop) == ["app"]


def test_a_failure_of_unknown_cause_is_told_by_its_kind(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "rmtree", lambda _path: (_ for _ in ()).throw(OSError("odd")))
    with pytest.raises(ApplyFailed, match="removing app failed: OSError"):
        perform(shop, [Remove("app")])


def test_the_owner_is_kept(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(os, "chown", lambda path, uid, gid: asked.append((Path(path).parent, uid, gid)), raising=False)
    old, real = shop / "app" / "main.py", Path.lstat

    def somebody_elses(path: Path) -> os.stat_result:
        status = real(path)
        return os.stat_result((*status[:4], 4711, 4712, *status[6:])) if path == old else status

    (step,) = steps_of(shop, Write("app/main.py", b"new"))
    monkeypatch.setattr(Path, "lstat", somebody_elses)
    put(step)
    assert asked == [(shop / "app", 4711, 4712)]
    assert old.read_bytes() == b"new"


def steps_of(root: Path, change: Change) -> list[Any]:
    from trueup.apply.ground import Ground

    return list(steps(Ground(root), change))


def test_read_only_files_are_unlocked_where_that_forbids_replacing(tmp_path: Path) -> None:
    class Status:
        st_file_attributes = stat.FILE_ATTRIBUTE_READONLY

    place = tmp_path / "x"
    place.write_text("")
    place.chmod(0o444)
    unlock(place, Status())  # type: ignore[arg-type] # as Windows has it
    assert place.stat().st_mode & stat.S_IWRITE


def test_read_only_directories_can_be_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    top = tmp_path / "top"
    (top / "in").mkdir(parents=True)
    (top / "in" / "x").write_text("")
    (top / "in" / "link").symlink_to(tmp_path)
    (top / "in").chmod(0o500)
    real, calls = shutil.rmtree, []

    def strict(path: Path) -> None:
        calls.append(path)
        if not (top / "in").stat().st_mode & stat.S_IWUSR:
            raise PermissionError(errno.EACCES, "denied")
        real(path)

    monkeypatch.setattr(shutil, "rmtree", strict)
    delete(top)
    assert not top.exists()
    assert len(calls) == 2
    delete(top)


def test_a_file_that_cannot_be_made_leaves_nothing_behind(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (step,) = steps_of(shop, Write("app/main.py", b"new"))
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(PermissionError(13, "in use")))
    with pytest.raises(PermissionError):
        put(step)
    assert names(shop / "app") == ["main.py", "static"]
    assert (shop / "app" / "main.py").read_text() == "app = 1\n"
