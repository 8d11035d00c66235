"""Two commits of an apply: history follows the move, and nothing else of the user's is touched."""

import subprocess
from pathlib import Path

import pytest

from trueup import steps
from trueup.apply.transaction import Transaction
from trueup.errors import PlanRefused, ToolError
from trueup.model.change import Move, Write
from trueup.model.operation import Relocate
from trueup.model.plan import Plan, Step
from trueup.read.project import load
from trueup.steps.history import History, still_there
from trueup.tools.git import Git

OLD = "import models\n" + "".join(f"line{number} = {number}\n" for number in range(4))


def git(top: Path, *args: str) -> str:
    switches = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    done = subprocess.run(["git", *switches, *args], cwd=top, capture_output=True, text=True, check=True)
    return done.stdout


def changes(folder: str = "") -> list[Move | Write]:
    return [
        Move("main.py", "src/shop/main.py"),
        Move("pkg", "src/shop/pkg"),
        Write("src/shop/main.py", OLD.replace("import models", "from shop import models").encode()),
        Write("pyproject.toml", b"[project]\nname = 'shop'\nversion = '1'\n"),
    ]


@pytest.fixture(params=["", "backend/"])
def project(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository before an apply; the project may lie in a folder of it."""
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "A")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "a@example.org")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    root = tmp_path / "repo" / str(request.param)
    for path, text in {
        "main.py": OLD,
        "pkg/a.py": "A = 1\n",
        "notes.txt": "n\n",
        "requirements.txt": "fastapi\n",
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    git(tmp_path / "repo", "init", "-q")
    git(tmp_path / "repo", "config", "user.name", "A")
    git(tmp_path / "repo", "config", "user.email", "a@example.org")
    git(tmp_path / "repo", "add", "-A")
    git(tmp_path / "repo", "commit", "-qm", "start")
    return root


def applied(root: Path) -> History:
    """An apply of ``changes``, with its history made ready before."""
    made = Plan(steps=(Step(Relocate("X", "shop", ()), tuple(changes())),), pyproject="x")
    history = History(load(root), made)
    history.refuse_unsaved()
    (root / "src/shop").mkdir(parents=True)
    (root / "main.py").rename(root / "src/shop/main.py")
    (root / "pkg").rename(root / "src/shop/pkg")
    for change in changes():
        if isinstance(change, Write):
            (root / change.path).write_bytes(change.content)
    (root / "uv.lock").write_text("version = 1\n")
    return history


def test_history_follows_the_move(project: Path) -> None:
    (project / "notes.txt").write_text("mine\n")
    (project / "staged.txt").write_text("mine\n")
    git(project, "add", "staged.txt")
    said = applied(project).commit()
    assert said.startswith("Committed as ")
    log = git(project, "log", "--follow", "--format=%s", "src/shop/main.py").splitlines()
    assert log == ["Make the environment declared, locked and installable", "Move the code into src/", "start"]
    assert "R100" in git(project, "show", "-M", "--name-status", "--format=", "HEAD~1")
    status = git(project, "status", "--porcelain").splitlines()
    assert sorted(line[:2] + line.rpartition("/")[2].rpartition(" ")[2] for line in status) == [
        " Mnotes.txt",
        "A staged.txt",
    ]


def test_a_rollback_tells_of_the_commits_that_it_leaves(project: Path) -> None:
    start = git(project, "rev-parse", "HEAD").strip()
    made = Plan(steps=(Step(Relocate("X", "shop", ()), tuple(changes())),), pyproject="x")
    history = History(load(project), made)
    with Transaction(project, project if (project / ".git").exists() else project.parent) as transaction:
        transaction.begin("")
        transaction.perform([*changes(), Write("uv.lock", b"version = 1\n")])
        transaction.commit()
    history.commit()
    commits = git(project, "log", "-2", "--reverse", "--format=%h").split()
    (_, said) = steps.rollback(str(project)).notes
    assert said.startswith(f"Rollback puts back files; {', '.join(commits)} stay in git: `git reset {start[:12]}`")
    assert not (project / ".trueup").exists()
    git(project, "reset", "-q", start)
    assert git(project, "status", "--porcelain") == ""
    assert git(project, "rev-parse", "HEAD").strip() == start


def test_of_commits_it_is_told_what_is_still_to_be_done(project: Path) -> None:
    top = project if (project / ".git").exists() else project.parent
    start = git(top, "rev-parse", "HEAD").strip()
    applied(project).commit()
    last = git(top, "rev-parse", "HEAD").strip()
    assert still_there(top, last, last) == ""
    git(top, "commit", "-q", "--allow-empty", "-m", "more")
    assert still_there(top, start, last).endswith(
        "stay in git: a commit of the files as they are now reverts what they did."
    )
    git(top, "reset", "-q", start)
    assert still_there(top, start, last) == ""  # taken back already
    assert "up to 000000000000 it leaves in git" in still_there(top, start, "0" * 40)  # git knows no such commit


def test_changes_of_the_users_in_what_moves_are_refused(project: Path) -> None:
    (project / "pkg/a.py").write_text("A = 2\n")
    with pytest.raises(PlanRefused, match="uncommitted changes along"):
        applied(project)


def test_a_commit_that_fails_is_told(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history = applied(project)
    monkeypatch.setattr(history.git, "program", "false")
    assert history.commit().startswith("Applied, but not committed: ")


def test_the_time_of_the_last_commit_is_known(project: Path, tmp_path: Path) -> None:
    top = tmp_path / "repo"
    assert Git(top).committed() == git(top, "log", "-1", "--format=%cI").strip()
    git(tmp_path, "init", "-q", "empty")
    assert Git(tmp_path / "empty").committed() == ""
    assert project.exists()


def test_without_a_repository_or_git_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ToolError, match="no git repository"):
        Git(tmp_path)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ToolError, match="git is not on the PATH"):
        Git(tmp_path)
