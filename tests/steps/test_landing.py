"""What is looked at once more before anything lands."""

import shutil
import subprocess
from pathlib import Path

import pytest

from trueup.errors import PlanRefused
from trueup.model.settings import Settings
from trueup.plan.file import verify_unchanged
from trueup.plan.plan import make
from trueup.read import project as reader
from trueup.steps import Bench, landing
from trueup.steps.landing import PinsDoNotFit, land, on_disk, transact
from trueup.tools.uv import Uv
from trueup.verify.baseline import Baseline

GIT = shutil.which("git") or "git"
FILES = {"main.py": "from fastapi import FastAPI\napp = FastAPI()\n", "requirements.txt": "fastapi\n"}


@pytest.mark.parametrize(
    ("path", "text"), [("main.py", "# mine\n"), ("requirements.txt", "fastapi\nrequests\n"), ("pyproject.toml", "")]
)
def test_an_edit_made_during_the_proof_is_never_overwritten(tmp_path: Path, path: str, text: str) -> None:
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, "utf-8")
    project = reader.load(tmp_path, Settings())
    made = make(Bench(project), project.tree)
    (tmp_path / path).write_text(text, "utf-8")
    with pytest.raises(PlanRefused, match=f"changed since the plan was made: {path}"):
        transact(project, made, made.changes, "", Uv("no-uv", "0.11.0", {}), lambda _: None)
    assert (tmp_path / path).read_text("utf-8") == text
    assert sorted(item.name for item in tmp_path.iterdir()) == sorted({*FILES, path})


def test_what_is_tracked_though_ignored_has_not_changed(tmp_path: Path) -> None:
    files = {**FILES, ".gitignore": "build/\n", "web/build/index.html": "<p>\n"}
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, "utf-8")
    for arguments in (("init", "-q"), ("add", "-f", ".")):
        subprocess.run([GIT, *arguments], cwd=tmp_path, check=True)
    project = reader.load(tmp_path, Settings())
    made = make(Bench(project), project.tree)
    assert "web/build/index.html" in made.seen
    verify_unchanged(made, on_disk(project))


def test_where_nothing_runs_for_want_of_what_python_took_away_an_older_one_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, content in {**FILES, "test_a.py": "import main\n"}.items():
        (tmp_path / name).write_text(content, "utf-8")
    project = reader.load(tmp_path, Settings())
    made = make(Bench(project), project.tree)
    monkeypatch.setattr(landing, "find_uv", lambda: Uv("no-uv", "0.11.0", {}))
    monkeypatch.setattr(landing, "interpreter", lambda *_: ("3.12", ()))
    monkeypatch.setattr(landing, "record", lambda *_, **__: Baseline(evidence="No module named 'six.moves'"))
    with pytest.raises(
        PinsDoNotFit, match=r"No module named 'six\.moves': what is pinned was made for an older Python"
    ):
        land(project, made, lambda _: None, env={}, progress=lambda _: None, strict=True)
