from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.apply.ground import digest
from trueup.apply.journal import stores
from trueup.apply.rollback import rollback, unfinished
from trueup.apply.transaction import Transaction
from trueup.errors import ApplyFailed, PlanRefused, ToolError
from trueup.model.change import Change, Move, Remove, Run, Write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CHANGES: tuple[Change, ...] = (
    Move("app", "src/app"),
    Move("main.py", "src/app/main.py"),
    Write("src/app/main.py", b"from app import x\n"),
    Write("src/app/deep/new.py", b"", 0o755),
    Write("pyproject.toml", b"[project]\n"),
    Remove("requirements.txt"),
    Move("jobs/daily.py", "src/app/daily.py"),
    Remove("old"),
    Move("lib", "lib/lib"),
    Write("../compose.yml", b"new\n"),
    Run(("uv", "lock"), ("uv.lock",)),
    Write(".gitignore", b"*.db\n"),
)


STRIDE = 3
"""Every how many calls of the system the disaster strikes; the property test strikes anywhere."""


def build(top: Path) -> Path:
    """A project in ``backend`` of a repository, with one of everything that a tree can hold."""
    root = top / "shop" / "backend"
    for path, text in {
        "app/__init__.py": "", "app/x.py": "x = 1\n", "app/.env": "SECRET=1\n", "app/__pycache__/x.pyc": "old",
        "main.py": "import app.x\n", "pyproject.toml": "# mine\r\n", "requirements.txt": "fastapi\n", "lib/y.py": "",
        "jobs/daily.py": "", "jobs/__pycache__/daily.pyc": "", "old/a/b.txt": "b", ".venv/pyvenv.cfg": "home = /usr\n",
        ".venv/bin/python": "#!", "uv.lock": "version = 1\n", "../compose.yml": "build: .\n", "../.git/HEAD": "ref",
    }.items():  # fmt: skip
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, newline="")
    for empty in ("app/uploads", "old/empty", "kept"):
        (root / empty).mkdir()
    (root / "app" / "same.py").symlink_to("x.py")
    (root / "old" / "way").symlink_to(top)
    (root / "pyproject.toml").chmod(0o600)
    (root / "app" / "uploads").chmod(0o750)
    for number, place in enumerate(sorted(root.parent.rglob("*"), reverse=True)):
        os.utime(place, ns=(number, 10**18 + number * 10**9), follow_symlinks=False)
    return root


def lock(run: Run, root: Path) -> None:
    """What uv would do: write the lock, and build results beside the code."""
    assert run.argv == ("uv", "lock")
    (root / "uv.lock").write_text("version = 2\n")
    (root / "src" / "shop.egg-info").mkdir()
    (root / "src" / "shop.egg-info" / "PKG-INFO").write_text("made")
    (root / "src" / "app" / "_version.py").write_text("1")


def apply(root: Path) -> None:
    """The whole of it, as a caller does it; what kills it does not pass through here."""
    with Transaction(root, root.parent) as transaction:
        transaction.begin("plan")
        transaction.perform(CHANGES, lambda run: lock(run, root))
        transaction.protect(".venv")
        (root / ".venv").mkdir()
        (root / ".venv" / "pyvenv.cfg").write_text("home = /new\n")
        transaction.commit()


def times(root: Path) -> dict[Path, int]:
    """The time stamps of all that a rollback can restore; the root's own changes with the journal."""
    return {place: place.lstat().st_mtime_ns for place in root.rglob("*") if ".trueup" not in place.parts}


@pytest.fixture(scope="module", autouse=True)
def _quick_disk() -> Iterator[None]:
    """Waiting for the disk itself changes nothing that a test could see."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _descriptor: None)
        yield


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("original"))


def fresh(original: Path, top: Path) -> Path:
    """A new copy of the project."""
    shutil.rmtree(top, ignore_errors=True)
    shutil.copytree(original.parent, top / "shop", symlinks=True)
    return top / "shop" / "backend"


class Killed(BaseException):
    """Stands for what no program sees coming."""


class Fault:
    """The system stops, or says no, at the n-th call; a write that is stopped is torn in the middle."""

    CALLS = ("mkdir", "rename", "replace", "unlink", "rmdir", "open", "write", "fsync", "chmod", "utime", "ftruncate")

    def __init__(self, patch: pytest.MonkeyPatch, at: int, *, kills: bool = True) -> None:
        self.left = at
        self.kills = kills
        self.happened = False
        for name in self.CALLS:
            patch.setattr(os, name, self.watched(name, getattr(os, name)))

    def watched(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            self.left -= 1
            if self.left == 0 or (self.left < 0 and self.kills):
                if name == "write" and self.left == 0 and len(args[1]) > 1:
                    real(args[0], bytes(args[1])[: len(args[1]) // 2])
                self.happened = True
                raise Killed if self.kills else OSError(errno.ENOSPC, "No space left on device")
            return real(*args, **kwargs)

        return call


def interrupted(work: Callable[[], object], at: int) -> bool:
    """Whether ``work`` was stopped at its n-th call of the system, not finished before."""
    with pytest.MonkeyPatch.context() as patch:
        Fault(patch, at)
        try:
            work()
        except Killed:
            return True
    return False


def calls_of(work: Callable[[], object]) -> int:
    """How often it calls the system."""
    with pytest.MonkeyPatch.context() as patch:
        fault = Fault(patch, 10**9)
        work()
    return 10**9 - fault.left


def test_an_apply_and_its_rollback(original: Path, tmp_path: Path) -> None:
    root = fresh(original, tmp_path)
    before, stamps = digest(root.parent), times(root)
    apply(root)
    assert (root / "src" / "app" / "main.py").read_bytes() == b"from app import x\n"
    assert (root / "src" / "app" / ".env").exists()
    assert (root / "lib" / "lib" / "y.py").exists()
    assert not (root / "jobs").exists()
    assert (root / ".trueup" / "0001" / "venv-before" / "bin" / "python").exists()
    done = rollback(root)
    assert done.plan == "plan"
    assert done.steps > len(CHANGES)
    assert [path for path, _ in done.set_aside] == ["src/app/_version.py"]
    assert digest(root.parent) == before
    assert times(root) == stamps
    assert not unfinished(root)


def test_the_store_is_private_and_ignores_itself(original: Path, tmp_path: Path) -> None:
    root = fresh(original, tmp_path)
    apply(root)
    store = root / ".trueup"
    assert (store / ".gitignore").read_bytes() == b"*\n"
    for private in (store, store / "0001", store / "0001" / "journal"):
        assert not private.stat().st_mode & 0o077 or os.name == "nt"
    assert (root.parent / ".git" / "HEAD").read_text() == "ref"


def test_killed_anywhere_it_can_be_rolled_back(original: Path, tmp_path: Path) -> None:
    before = digest(original.parent)
    for at in count(1, STRIDE):
        root = fresh(original, tmp_path / "copy")
        if not interrupted(lambda root=root: apply(root), at):  # type: ignore[misc] # bound at once
            break
        if unfinished(root):
            with pytest.raises(PlanRefused, match="interrupted"):
                Transaction(root).begin("another")
        if stores(root):
            rollback(root, root.parent)
        assert digest(root.parent) == before, at
        assert not unfinished(root)
    assert at > 100


def test_a_rollback_killed_anywhere_can_be_gone_on_with(original: Path, tmp_path: Path) -> None:
    before = digest(original.parent)
    done = fresh(original, tmp_path / "done")
    apply(done)
    for at in count(1, STRIDE):
        root = fresh(done, tmp_path / "copy")
        if not interrupted(lambda root=root: rollback(root), at):  # type: ignore[misc] # bound at once
            break
        if stores(root):
            rollback(root)
        assert digest(root.parent) == before, at
    assert at > 100


@settings(max_examples=60)
@given(st.integers(1, 150), st.lists(st.integers(1, 250), max_size=4))
def test_killed_again_and_again_it_can_be_rolled_back(original: Path, first: int, more: list[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = fresh(original, Path(folder))
        before = digest(root.parent)
        interrupted(lambda: apply(root), first)
        for at in more:
            if stores(root):
                interrupted(lambda: rollback(root), at)
        if stores(root):
            rollback(root)
        assert digest(root.parent) == before


def test_whatever_fails_is_undone_at_once(original: Path, tmp_path: Path) -> None:
    before = digest(original.parent)
    for at in count(1, STRIDE):
        root = fresh(original, tmp_path / "copy")
        with pytest.MonkeyPatch.context() as patch:
            fault = Fault(patch, at, kills=False)
            said = outcome(lambda root=root: apply(root))  # type: ignore[misc] # bound at once
        if said == "done":
            if not fault.happened:
                break
            rollback(root)
        assert said == "done" or "No space left on device" in said
        assert digest(root.parent) == before, at
        assert not unfinished(root)
    assert at > 100


def outcome(work: Callable[[], object]) -> str:
    """What is told at the end of ``work``."""
    try:
        work()
    except (ApplyFailed, OSError) as failure:
        return str(failure)
    return "done"


CHILD = """
import os, signal, sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
spec = spec_from_file_location("scene", sys.argv[1])
scene = module_from_spec(spec)
sys.modules["scene"] = scene
spec.loader.exec_module(scene)
left = int(sys.argv[3])
def watched(real):
    def call(*args, **kwargs):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
        return real(*args, **kwargs)
    return call
for name in scene.Fault.CALLS:
    setattr(os, name, watched(getattr(os, name)))
scene.apply(Path(sys.argv[2]))
"""


@pytest.mark.parametrize("at", [12, 35, 60, 85])
def test_a_process_that_is_really_killed(original: Path, tmp_path: Path, at: int) -> None:
    root = fresh(original, tmp_path)
    before = digest(root.parent)
    command = [sys.executable, "-c", CHILD, __file__, str(root), str(at)]
    assert subprocess.run(command, check=False).returncode in (-getattr(signal, "SIGKILL", 0), signal.SIGTERM)
    assert unfinished(root)
    rollback(root)
    assert digest(root.parent) == before


def test_leaving_the_block_undoes_what_is_not_committed(original: Path, tmp_path: Path) -> None:
    root = fresh(original, tmp_path)
    before = digest(root.parent)

    def stopped(_run: Run) -> None:
        assert digest(root.parent) != before
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Transaction(root, root.parent) as transaction:
        begun(transaction).perform(CHANGES, stopped)
    assert digest(root.parent) == before
    assert not (root / ".trueup").exists()


def test_the_time_of_a_directory_that_takes_the_name_of_another_is_put_back(tmp_path: Path) -> None:
    for path in ("one/a", "two/a"):
        (tmp_path / path).parent.mkdir()
        (tmp_path / path).write_text(path)
    os.utime(tmp_path / "one", ns=(10**18, 10**18))
    with Transaction(tmp_path) as transaction:
        transaction.begin("plan")
        transaction.perform((Remove("two/a"), Move("one", "two"), Move("two/a", "one")))
        transaction.commit()
    rollback(tmp_path)
    assert (tmp_path / "one").stat().st_mtime_ns == 10**18


def begun(transaction: Transaction) -> Transaction:
    transaction.begin("plan")
    return transaction


def test_what_a_tool_raises_passes_through(original: Path, tmp_path: Path) -> None:
    root = fresh(original, tmp_path)
    before = digest(root.parent)

    def uv(_run: Run) -> None:
        (root / "uv.lock").write_text("half")
        raise ToolError("uv says no")

    with Transaction(root, root.parent) as transaction:
        transaction.begin("plan")
        with pytest.raises(ToolError, match="uv says no"):
            transaction.perform(CHANGES, uv)
    assert digest(root.parent) == before


def test_a_refused_change_undoes_those_before_it(original: Path, tmp_path: Path) -> None:
    root = fresh(original, tmp_path)
    before = digest(root.parent)
    transaction = Transaction(root)
    transaction.begin("plan")
    with pytest.raises(PlanRefused, match="is there already"):
        transaction.perform([Move("app", "src/app"), Move("lib", "kept")])
    assert digest(root.parent) == before
    with pytest.raises(PlanRefused, match="no transaction is open"):
        transaction.commit()


def test_a_tool_may_make_what_was_not_there(original: Path, tmp_path: Path) -> None:
    root = fresh(original, tmp_path)
    (root / "uv.lock").unlink()
    shutil.rmtree(root / ".venv")
    (root / "link").symlink_to("kept")
    before = digest(root.parent)
    transaction = Transaction(root)
    transaction.begin("plan")
    transaction.protect("uv.lock", ".venv", "link", "unused")
    (root / "uv.lock").write_text("new")
    (root / ".venv").mkdir()
    (root / ".venv" / "pyvenv.cfg").write_text("")
    (root / "link").mkdir()
    (root / "link" / "made").write_text("")
    transaction.commit()
    assert [path for path, _ in rollback(root).set_aside] == ["link"]
    assert digest(root.parent) == before


def test_two_applies_are_undone_one_after_the_other(original: Path, tmp_path: Path) -> None:
    root = fresh(original, tmp_path)
    seen: list[str] = []
    rounds: list[list[Change]] = [[Move("app", "src/app")], [Write("src/app/x.py", b"x = 2\n"), Remove("src/app/.env")]]
    for changes in rounds:
        seen.append(digest(root))
        with Transaction(root) as transaction:
            transaction.begin("plan")
            transaction.perform(changes)
            transaction.commit()
    while seen:
        rollback(root)
        assert digest(root) == seen.pop()


@settings(max_examples=40)
@given(st.data())
def test_any_changes_are_undone(
    some_cases: st.SearchStrategy[Any], make_on_disk: Callable[..., Path], data: st.DataObject
) -> None:
    tree, changes = data.draw(some_cases)
    with tempfile.TemporaryDirectory() as folder:
        root = make_on_disk(tree, Path(folder))
        before, stamps = digest(root), times(root)
        with Transaction(root) as transaction:
            transaction.begin("plan")
            transaction.perform(changes)
            transaction.commit()
        rollback(root)
        assert (digest(root), times(root)) == (before, stamps)


def test_directories_that_may_not_be_read_move_along(
    original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = fresh(original, tmp_path)
    before = digest(root.parent)
    real = os.listdir

    def guarded(path: Any = ".") -> list[str]:
        if Path(path).name == "uploads":
            raise PermissionError(errno.EACCES, "denied")
        return real(path)

    with monkeypatch.context() as patch, Transaction(root) as transaction:
        patch.setattr(os, "listdir", guarded)
        transaction.begin("plan")
        transaction.perform([Move("app", "src/app")])
        transaction.commit()
        rollback(root)
    assert digest(root.parent) == before
