"""An audit of files that did not change is answered from before."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from trueup import steps
from trueup.model.finding import Finding
from trueup.model.settings import Settings
from trueup.read import stamp
from trueup.steps import memory

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from trueup.model.project import Project
    from trueup.model.report import Report

    Audit = Callable[..., Report]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project, whose files count as old, and a folder for what is kept."""
    monkeypatch.setattr(stamp, "MOMENT", -10_000_000_000)
    monkeypatch.setenv("TRUEUP_CACHE_DIR", str(tmp_path / "cache"))
    root = tmp_path / "shop"
    (root / ".git" / "info").mkdir(parents=True)
    (root / "main.py").write_text("from fastapi import FastAPI\napp = FastAPI()\n", "utf-8")
    (root / "requirements.txt").write_text("fastapi\n", "utf-8")
    packages = root / ".venv" / "lib" / "python3.12" / "site-packages"
    (packages / "fastapi-0.115.0.dist-info").mkdir(parents=True)
    (root / ".venv" / "pyvenv.cfg").write_text("home = /usr/bin\n", "utf-8")
    return root


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which projects were judged."""
    asked: list[str] = []
    real = steps.judged

    def judged(project: Project) -> tuple[Finding, ...]:
        asked.append(project.root)
        return real(project)

    monkeypatch.setattr(steps, "judged", judged)
    return asked


def test_nothing_changed_and_nothing_is_judged(root: Path, judged: list[str]) -> None:
    first = steps.audit(str(root), Settings())
    assert steps.audit(str(root), Settings()) == first
    assert len(judged) == 1
    assert first.findings
    assert steps.audit(str(root), Settings(), fresh=True) == first
    assert len(judged) == 2


CHANGES: dict[str, Callable[[Path], object]] = {
    "a file": lambda root: (root / "main.py").write_text("x = 1\n", "utf-8"),
    "a file of the same size": lambda root: (root / "requirements.txt").write_text("flaskkk\n", "utf-8"),
    "a new file": lambda root: (root / "new.py").touch(),
    "a file gone": lambda root: (root / "requirements.txt").unlink(),
    "a mode": lambda root: (root / "main.py").chmod(0o755),
    "excludes": lambda root: (root / ".git" / "info" / "exclude").write_text("requirements.txt\n", "utf-8"),
    "index": lambda root: (root / ".git" / "index").write_bytes(b"x"),
    "environment": lambda root: (root / ".venv" / "pyvenv.cfg").write_text("home = /bin\n", "utf-8"),
    "package": lambda root: (root / ".venv/lib/python3.12/site-packages/rich-1.dist-info").mkdir(),
    "installer": lambda root: (root / ".venv/lib/python3.12/site-packages/fastapi-0.115.0.dist-info/INSTALLER").touch(),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_changed_is_judged_again(what: str, root: Path, judged: list[str]) -> None:
    steps.audit(str(root), Settings())
    CHANGES[what](root)
    steps.audit(str(root), Settings())
    assert len(judged) == 2


def test_another_question_and_another_version_are_judged(
    root: Path, judged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps.audit(str(root), Settings())
    assert len(steps.audit(str(root), Settings(select=("LAY",))).findings or ()) == 1
    monkeypatch.setattr(stamp, "__version__", "99")
    steps.audit(str(root), Settings(select=("LAY",)))
    assert len(judged) == 3


def test_what_changed_a_moment_ago_is_not_kept(
    root: Path, judged: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(stamp, "MOMENT", 10_000_000_000)
    steps.audit(str(root), Settings())
    steps.audit(str(root), Settings())
    assert len(judged) == 2
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("broken", [b"", b"x" * 100, "cut", "flipped"])
def test_a_broken_file_is_as_good_as_none(broken: bytes | str, root: Path, judged: list[str], tmp_path: Path) -> None:
    first = steps.audit(str(root), Settings())
    (kept,) = (tmp_path / "cache").iterdir()
    data = kept.read_bytes()
    changed = {"cut": data[:-1], "flipped": data[:-1] + bytes([data[-1] ^ 1])}.get(str(broken), broken)
    kept.write_bytes(changed if isinstance(changed, bytes) else b"")
    assert steps.audit(str(root), Settings()) == first
    assert len(judged) == 2
    assert kept.read_bytes() == data


def test_a_folder_that_cannot_be_written_is_no_trouble(
    root: Path, judged: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("TRUEUP_CACHE_DIR", str(tmp_path / "file"))
    first = steps.audit(str(root), Settings())
    assert steps.audit(str(root), Settings()) == first
    assert len(judged) == 2


def test_a_rule_that_crashed_is_asked_again(root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    crash = Finding("TRU999", "rule-crashed", "error", "high", "no", "")
    monkeypatch.setattr(steps, "judged", lambda _: (crash,))
    assert steps.audit(str(root), Settings()).findings == (crash,)
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize(
    ("platform", "environ", "wanted"),
    [
        ("linux", {"XDG_CACHE_HOME": "/c"}, ("", "c", "trueup")),
        ("linux", {"HOME": "/h", "USERPROFILE": "/h"}, ("", "h", ".cache", "trueup")),
        ("darwin", {"HOME": "/h", "USERPROFILE": "/h"}, ("", "h", "Library", "Caches", "trueup")),
        ("win32", {"LOCALAPPDATA": "/l"}, ("", "l", "trueup", "Cache")),
    ],
)
def test_the_folder_is_the_platforms(
    platform: str, environ: dict[str, str], wanted: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TRUEUP_CACHE_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    assert memory.folder() == ""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(memory, "__file__", "/x/site-packages/trueup/steps/memory.py")
    assert memory.folder().replace(os.sep, "/") == "/".join(wanted)
