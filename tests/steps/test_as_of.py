"""The old environment is made as of the last commit, unless no test passes so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from trueup.model.plan import Pin, Plan
from trueup.read.project import load
from trueup.steps import landing
from trueup.steps.proof import RUNS, runs
from trueup.tools.uv import Uv
from trueup.verify.baseline import Baseline

if TYPE_CHECKING:
    from pathlib import Path

    from trueup.verify.baseline import Old

UV = Uv("uv", "0.13.0", {})
GREEN, RED = {"t.py::a": "passed"}, {"t.py::a": "failed"}


@pytest.mark.parametrize(
    ("then", "today", "environ", "day"),
    [
        (GREEN, GREEN, {}, "2024-01-02"),
        (RED, GREEN, {}, ""),
        (RED, RED, {}, "2024-01-02"),
        (GREEN, GREEN, {"UV_EXCLUDE_NEWER": "2020-01-01"}, ""),
    ],
)
def test_the_day_is_that_of_the_last_commit(
    then: dict[str, str],
    today: dict[str, str],
    environ: dict[str, str],
    day: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def record(_: Path, old: Old, *_args: Any, **_more: Any) -> Baseline:
        return Baseline(then if old.as_of else today, as_of=old.as_of[:10])

    monkeypatch.setattr(landing, "record", record)
    monkeypatch.setattr(landing, "last_commit", lambda _: "2024-01-02T03:04:05+00:00")
    (tmp_path / "test_t.py").write_text("def test_a(): ...\n", "utf-8")
    uv = Uv(UV.executable, UV.version, environ)
    assert landing.baseline(load(tmp_path), "3.12", uv, {}, lambda _: None).as_of == day


def test_a_day_that_the_project_sets_itself_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landing, "record", lambda _root, old, *_args, **_more: Baseline(as_of=old.as_of))
    monkeypatch.setattr(landing, "last_commit", lambda _: "2024-01-02T03:04:05+00:00")
    (tmp_path / "test_t.py").touch()
    for name, text in (("pyproject.toml", '[tool.uv]\nexclude-newer = "2020-01-01"\n'), ("uv.toml", "")):
        (tmp_path / name).write_text(text, "utf-8")
        assert landing.baseline(load(tmp_path), "3.12", UV, {}, lambda _: None).as_of == ""
        (tmp_path / name).unlink()


def test_what_the_old_environment_was_given_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landing, "record", lambda *_args, **_more: Baseline(GREEN, packages={"a": "1"}))
    for text, given in (("", "pytest"), ("from starlette.testclient import TestClient\n", "pytest, httpx")):
        (tmp_path / "test_t.py").write_text(text, "utf-8")
        before = landing.baseline(load(tmp_path), "3.12", UV, {}, lambda _: None)
        assert before.notes == (f"The old environment was given what nothing declares, too: {given}.",)
    monkeypatch.setattr(landing, "record", lambda *_args, **_more: Baseline(reason="no network"))
    assert landing.baseline(load(tmp_path), "3.12", UV, {}, lambda _: None).notes == ()


def test_the_variables_of_the_shell_that_it_was_not_given_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "test_t.py").write_text("import os\ndef test_a():\n    assert os.environ['OF_SHELL']\n", "utf-8")
    monkeypatch.setenv("OF_SHELL", "hunter2")
    monkeypatch.setattr(landing, "record", lambda *_args, **_more: Baseline(RED, packages={}))
    (said,) = landing.baseline(load(tmp_path), "3.12", UV, {}, lambda _: None).notes
    assert "(its files name OF_SHELL)" in said
    (said,) = landing.baseline(load(tmp_path), "3.12", UV, {"OF_SHELL": "x"}, lambda _: None).notes
    assert "its files" not in said
    monkeypatch.setattr(landing, "record", lambda *_args, **_more: Baseline(GREEN))
    assert landing.baseline(load(tmp_path), "3.12", UV, {}, lambda _: None).notes == ()


def test_the_variables_that_it_was_given_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[dict[str, str]] = []

    def record(*_: Any, **more: Any) -> Baseline:
        given.append(more["env"])
        return Baseline(GREEN if "SECRET_KEY" in more["env"] else RED, code=1)

    monkeypatch.setattr(landing, "record", record)
    (tmp_path / "test_t.py").touch()
    compose = "services: {web: {build: ., environment: {SECRET_KEY: hunter2}}}\n"
    (tmp_path / "compose.yml").write_text(compose, "utf-8")
    before = landing.baseline(load(tmp_path), "3.12", UV, {}, lambda _: None)
    assert given == [{}, {"SECRET_KEY": "hunter2"}]
    assert before.given == ("SECRET_KEY",)
    assert "SECRET_KEY (compose.yml)" in before.notes[-1]
    assert "hunter2" not in str(before.notes)
    given.clear()
    assert landing.baseline(load(tmp_path), "3.12", UV, {"SECRET_KEY": "mine"}, lambda _: None).given == ()
    assert given == [{"SECRET_KEY": "mine"}]


def test_variables_that_help_nothing_are_not_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[Any] = []

    def record(*_: Any, **more: Any) -> Baseline:
        tried.append(more["env"])
        return Baseline(RED, code=1)

    monkeypatch.setattr(landing, "record", record)
    (tmp_path / "test_t.py").touch()
    (tmp_path / "compose.yml").write_text("services: {web: {environment: {A: b}}}\n", "utf-8")
    before = landing.baseline(load(tmp_path), "3.12", UV, {}, lambda _: None)
    assert (before.given, tried) == ((), [{}, {"A": "b"}])
    assert "compose.yml" not in str(before.notes)


def test_whoever_is_asked_knows_whose_variables_may_be_given(tmp_path: Path) -> None:
    (tmp_path / "main.py").touch()
    assert runs(load(tmp_path)) == RUNS
    (tmp_path / "compose.yml").write_text("services: {web: {environment: {A: hunter2}}}\n", "utf-8")
    assert runs(load(tmp_path))[-1] == "if need be with the variables of compose.yml"


def test_whoever_is_asked_knows_what_programs_are_imported(tmp_path: Path) -> None:
    for name in ("main.py", "bot.py"):
        (tmp_path / name).write_text("if __name__ == '__main__':\n    pass\n", "utf-8")
    (tmp_path / "Procfile").write_text("web: python main.py\nbot: python bot.py\n", "utf-8")
    assert runs(load(tmp_path))[-1] == "an import of what its files start: bot, main"


def test_a_project_without_a_repository_has_no_such_day(tmp_path: Path) -> None:
    (tmp_path / "a.py").touch()
    assert landing.last_commit(load(tmp_path)) == ""


def test_what_nothing_pins_is_locked_as_it_was_then() -> None:
    before = Baseline(
        packages={"a": "1", "own": "3"}, indexed={"a": "1", "b": "2"}, as_of="2024-01-02", notes=("c is gone",)
    )
    plan = Plan(pins=(Pin("a", "1"),))
    assert [(pin.name, pin.version) for pin in landing.resolved(plan, before)] == [("b", "2")]
    assert landing.resolved(plan, before._replace(as_of="")) == landing.resolved(plan, None) == []
    assert landing.day_of(None) == ()
    assert landing.day_of(before._replace(as_of="")) == ("c is gone",)
    assert landing.day_of(before)[1].startswith("What no manifest pins is locked as of the last commit (2024-01-02): ")
