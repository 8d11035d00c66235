"""A plan that adds a tool which is not to be had is made again without it, and says so."""

import pytest

import trueup.steps
from trueup.errors import ApplyFailed, PlanRefused
from trueup.model.plan import Plan
from trueup.model.project import Project
from trueup.model.report import Outcome, Report
from trueup.model.settings import Settings
from trueup.model.tree import MemoryTree
from trueup.plan.plan import make
from trueup.read.project import of
from trueup.steps import Bench, Consent

APP = "from fastapi import FastAPI\napp = FastAPI()\n"
NONE_OF_IT = "the requirements cannot all be met: Because there are no versions of ruff and shop:dev depends on ruff"
SILENT = Consent(lambda _: None, lambda _: None)


def project() -> Project:
    tree = MemoryTree({"main.py": APP, "requirements.txt": "fastapi\n"})
    return of(tree, Settings(), "shop")


@pytest.fixture
def landed(monkeypatch: pytest.MonkeyPatch) -> list[Plan]:
    """The plans that were tried; one that holds ruff fails."""
    tried: list[Plan] = []

    def with_pins(_project: object, made: Plan, *_: object, **__: object) -> Report:
        tried.append(made)
        if '"ruff"' in made.pyproject:
            raise ApplyFailed(NONE_OF_IT)
        return Report("apply", "0", notes=("Applied.",))

    monkeypatch.setattr(trueup.steps, "with_pins", with_pins)
    return tried


@pytest.mark.parametrize(
    ("prefers", "python", "notes"),
    [
        ("3.13", "", ["Python 3.13 is what UV_PYTHON asks for; the project speaks for 3.12 (the image's Python (Dockerfile:1))."]),
        ("3.12", "", []),
        ("3.13", "3.11", []),
        ("", "", []),
    ],
)  # fmt: skip
def test_a_python_that_the_machine_chose_is_said(prefers: str, python: str, notes: list[str]) -> None:
    tree = MemoryTree({"main.py": APP, "requirements.txt": "fastapi\n", "Dockerfile": "FROM python:3.12\n"})
    asked = of(tree, Settings(prefers=prefers, python=python), "shop")
    assert list(trueup.steps.preferred(asked, make(Bench(asked), tree))) == notes


def test_what_is_not_to_be_had_is_left(landed: list[Plan]) -> None:
    before = project()
    report = trueup.steps.attempt(before, make(Bench(before), before.tree), SILENT, {}, lambda _: None, saved=False)
    assert ['"ruff"' in made.pyproject for made in landed] == [True, False]
    assert report.notes[-1] == "Applied."
    assert "left as it is: what it would add is not to be had" in report.notes[0]


def test_a_saved_plan_is_never_another(landed: list[Plan]) -> None:
    before = project()
    with pytest.raises(ApplyFailed, match="no versions of ruff"):
        trueup.steps.attempt(before, make(Bench(before), before.tree), SILENT, {}, lambda _: None, saved=True)
    assert len(landed) == 1


def failing(check: str, tried: list[Plan], monkeypatch: pytest.MonkeyPatch, *, moves_only: bool = True) -> None:
    """Let a check fail for every plan that moves, or for any."""

    def with_pins(_project: object, made: Plan, *_: object, **__: object) -> Report:
        tried.append(made)
        if made.moves or not moves_only:
            return Report("apply", "0", plan=made, outcomes=(Outcome(check, "failed", "a route lost"),), exit=5)
        return Report("apply", "0", plan=made, notes=("Applied.",))

    monkeypatch.setattr(trueup.steps, "with_pins", with_pins)


def tried_again(settings: Settings, consent: Consent = SILENT) -> Report:
    """What an apply comes to."""
    before = project()
    before.settings = settings
    made = make(Bench(before), before.tree)
    first = trueup.steps.attempt(before, made, consent, {}, lambda _: None, saved=False)
    landed = trueup.steps.unmoved(before, first, consent, {}, lambda _: None)
    assert before.settings == settings
    return landed


def test_where_the_move_breaks_the_program_all_else_lands(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[Plan] = []
    failing("inside", tried, monkeypatch)
    shown: list[Report] = []
    report = tried_again(Settings(), Consent(lambda _: None, shown.append))
    assert report.exit == 0
    assert "Nothing was moved" in report.notes[0]
    assert "inside: a route lost" in report.notes[0]
    assert [bool(made.moves) for made in tried] == [True, False]
    assert [item.plan for item in shown] == [tried[1]]
    assert "fastapi" in tried[1].pyproject


@pytest.mark.parametrize(
    ("check", "settings", "moves_only"),
    [("lock", Settings(), True), ("inside", Settings(package="shop"), True), ("inside", Settings(), False)],
)
def test_else_the_failure_stands(
    check: str, settings: Settings, moves_only: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(check, [], monkeypatch, moves_only=moves_only)
    report = tried_again(settings)
    assert report.exit == 5
    assert report.plan
    assert report.plan.moves


def test_only_what_was_shown_of_the_rest_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    failing("inside", [], monkeypatch)
    monkeypatch.setattr(trueup.steps, "edited", lambda _, made: ("moves",) if made.moves else ("stays",))
    assert "moves" not in tried_again(Settings()).notes
    assert "stays" in tried_again(Settings()).notes


def test_the_rest_takes_no_unsaved_edits_into_a_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    class Unsaved:
        def __init__(self, _: object, made: Plan) -> None:
            self.made = made

        def refuse_unsaved(self) -> None:
            assert not self.made.moves
            raise PlanRefused("uncommitted changes", "")

    tried: list[Plan] = []
    failing("inside", tried, monkeypatch)
    monkeypatch.setattr("trueup.steps.history.History", Unsaved)
    before = project()
    first = trueup.steps.attempt(before, make(Bench(before), before.tree), SILENT, {}, lambda _: None, saved=False)
    assert trueup.steps.unmoved(before, first, SILENT, {}, lambda _: None, commit=True) == first
    assert len(tried) == 1


def test_a_person_can_say_no_to_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    def no(_: Report) -> None:
        raise PlanRefused("not confirmed", "")

    tried: list[Plan] = []
    failing("tests", tried, monkeypatch)
    assert tried_again(Settings(), Consent(lambda _: None, no)).exit == 5
    assert len(tried) == 1
