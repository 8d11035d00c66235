"""The tests come out as before, or are green where nothing is known of before."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from trueup.model.report import Outcome
from trueup.tools.uv import Uv, venv_python
from trueup.verify import Context, Memory, tests
from trueup.verify.baseline import Baseline
from trueup.verify.runner import SuiteRun

Make = Callable[..., Context]


@pytest.fixture
def judge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Outcome]:
    """The check, with runs of the tests that are made up."""
    python = venv_python(tmp_path / ".venv")
    python.parent.mkdir(parents=True)
    python.touch()

    def judged(
        *runs: SuiteRun,
        before: Baseline | None = None,
        moved: Callable[[str], str] | None = None,
        accepted: tuple[str, ...] = (),
    ) -> Outcome:
        answers: Iterator[SuiteRun] = iter(runs)
        monkeypatch.setattr(tests, "run_suite", lambda *_: next(answers))
        context = Context(tmp_path, Uv("uv", "0.13.0", {}), baseline=before, accepted=accepted)
        outcome = tests.check(context._replace(moved=moved) if moved else context)
        assert next(answers, None) is None
        return outcome

    return judged


Judge = Callable[..., Outcome]
GREEN = SuiteRun({"t.py::a": "passed", "t.py::b": "skipped"}, 0)
RED = SuiteRun({"t.py::a": "failed", "t.py::b": "passed"}, 1, tail="AssertionError")
NOTHING = SuiteRun({}, 4, problem="pytest refused to start", needed="it needs environment variables (KEY)")
NONE = SuiteRun({}, 5, problem="no tests were collected")
NO_PYTEST = SuiteRun({}, 1, problem="pytest is not in the environment")


def test_a_project_without_tests_or_environment_is_unchecked(tmp_path: Path) -> None:
    context = Context(tmp_path, Uv("uv", "0.13.0", {}))
    assert tests.check(context._replace(has_tests=False))[1:3] == ("unchecked", "the project has no tests")
    assert tests.check(context).status == "unchecked"


@pytest.mark.parametrize(
    ("tested", "status", "message"),
    [
        (GREEN, "passed", "1 passed, 1 skipped"),
        (RED, "failed", "1 passed, 1 failed"),
        (GREEN._replace(code=1), "failed", "every test passed, but pytest ended with 1"),
        (NOTHING, "failed", "pytest refused to start; it needs environment variables (KEY)"),
        (NONE, "unchecked", "no tests were collected"),
        (NO_PYTEST, "unchecked", "pytest is not in the environment"),
    ],
)
def test_without_a_baseline_green_is_asked_for(judge: Judge, tested: SuiteRun, status: str, message: str) -> None:
    assert judge(tested)[1:3] == (status, message)


def test_what_failed_is_named(judge: Judge) -> None:
    assert judge(RED).evidence == "t.py::a: failed\n\nAssertionError"
    many = SuiteRun({f"t.py::{number}": "failed" for number in range(20)}, 1)
    assert "... and 8 more" in judge(many).evidence


@pytest.mark.parametrize(
    ("before", "tested", "status", "message"),
    [
        (Baseline(reason="no old environment"), GREEN, "passed", "1 passed, 1 skipped; before, no old environment"),
        (Baseline(reason="the old environment could not be made: x"), GREEN, "unchecked", "so nothing was compared"),
        (Baseline(reason="no old environment"), RED, "unchecked", "so nothing was compared"),
        (Baseline({"t.py::a": "error"}, 1), RED, "unchecked", "before, 0 of 1 tests passed, so nothing was compared"),
        (Baseline({"t.py::a": "error"}, 1), NOTHING, "unchecked", "before, 0 of 1 tests passed"),
        (Baseline({"t.py::a": "passed"}), NOTHING, "failed", "pytest refused to start"),
        (Baseline({"t.py::a": "passed"}), NO_PYTEST, "failed", "pytest is not in the environment; 1 passed before"),
        (Baseline({"t.py::a": "passed"}), NONE, "failed", "no tests were collected; 1 passed before"),
        (Baseline(reason="x"), NONE, "unchecked", "no tests were collected"),
        (
            Baseline(reason="pytest refused to start; it needs environment variables (KEY)"),
            NOTHING,
            "unchecked",
            "it needs environment variables (KEY), as before",
        ),
    ],
)
def test_where_nothing_can_be_compared_that_is_said(
    judge: Judge, before: Baseline, tested: SuiteRun, status: str, message: str
) -> None:
    outcome = judge(tested, before=before)
    assert outcome.status == status
    assert message in outcome.message


def test_tests_that_are_all_skipped_prove_nothing(judge: Judge) -> None:
    outcome = judge(SuiteRun({"t.py::a": "skipped"}, 0))
    assert outcome[1:3] == ("unchecked", "no test ran: 1 skipped")


def test_what_failed_before_may_fail(judge: Judge) -> None:
    outcome = judge(RED, before=Baseline(RED.outcomes, 1))
    assert outcome[1:3] == ("passed", "as before: 1 passed, 1 failed")


def test_what_passed_before_may_not_fail(judge: Judge) -> None:
    before = Baseline({"t.py::a": "passed", "t.py::b": "passed"})
    outcome = judge(RED, RED, before=before)
    assert outcome[1:3] == ("failed", "1 of 2 tests came out worse than before")
    assert outcome.evidence.startswith("t.py::a: passed -> failed")


def test_a_test_that_fails_once_and_passes_once_is_called_flaky(judge: Judge) -> None:
    before = Baseline({"t.py::a": "passed", "t.py::b": "skipped"})
    again = SuiteRun({"t.py::a": "passed", "t.py::b": "skipped"}, 0)
    outcome = judge(RED, again, before=before)
    assert outcome[1:3] == ("passed", "as before: 1 passed, 1 skipped; 1 flaky (t.py::a)")


def test_a_test_that_passes_only_after_it_ran_is_broken(project: Make, tmp_path: Path) -> None:
    leaves = "import os\ndef test_it():\n    there = os.path.exists('left')\n    open('left', 'w').close()\n    assert there\n"
    context = project({"tests/test_shop.py": leaves})
    before = Baseline({"tests/test_shop.py::test_it": "passed"})
    outcome = tests.check(context._replace(baseline=before, memory=Memory(tmp_path, {}, {}, {})))
    assert outcome[1:3] == ("failed", "1 of 1 tests came out worse than before")
    assert not any(tmp_path.glob("*/shop/.venv"))


def test_what_only_one_person_has_is_not_there(project: Make, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "bin").mkdir(parents=True)
    (home / "probe").touch()
    reads = (
        "import os, pathlib\ndef test_home():\n    assert (pathlib.Path.home() / 'probe').exists()\n"
        "def test_leaves():\n    assert not any(pathlib.Path.home().iterdir())\n    (pathlib.Path.home() / 'x').touch()\n"
        "def test_variable():\n    assert os.environ['SHOP_MODE'] == 'x'\n"
        "def test_path():\n    assert 'home' + os.sep + 'bin' in os.environ['PATH']\n"
        "def test_given():\n    assert os.environ['GIVEN'] == 'y'\n"
    )
    context = project({"tests/test_mine.py": reads})
    uv = context.uv
    path = f"{home / 'bin'}{os.pathsep}{uv.environ['PATH']}"
    mine = {**uv.environ, "HOME": str(home), "USERPROFILE": str(home), "SHOP_MODE": "x", "PATH": path}
    alone = context._replace(
        uv=Uv(uv.executable, uv.version, mine), env={"GIVEN": "y"}, memory=Memory(tmp_path, {}, {}, {})
    )
    for outcome in (tests.check(alone), tests.check(alone)):  # each run has a home folder of its own
        assert outcome[1:3] == ("failed", "3 passed, 3 failed")
        assert "test_leaves" not in outcome.evidence
    handed = alone._replace(
        env={"GIVEN": "y", "SHOP_MODE": "x", "HOME": str(home), "USERPROFILE": str(home), "PATH": path}
    )
    assert tests.check(handed).message == "5 passed, 1 failed"


def test_new_warnings_are_told(judge: Judge) -> None:
    before = Baseline({"t.py::a": "passed", "t.py::b": "skipped"}, warnings=("UserWarning: old",))
    now = GREEN._replace(warnings=("DeprecationWarning: x is gone", "UserWarning: old"))
    outcome = judge(now, before=before)
    assert outcome[1:4] == ("passed", "as before: 1 passed, 1 skipped; 1 new warning", "DeprecationWarning: x is gone")
    assert judge(now, before=before._replace(warnings=now.warnings)).evidence == ""


def test_new_warnings_of_own_files_are_a_difference(judge: Judge) -> None:
    before = Baseline({"t.py::a": "passed", "t.py::b": "skipped"}, warnings=("UserWarning: shop.old",))
    now = GREEN._replace(own=("DeprecationWarning: x is gone", "UserWarning: old"))
    again = GREEN._replace(warnings=("DeprecationWarning: shop.x is gone",))
    outcome = judge(now, again, before=before)
    assert outcome.status == "failed"
    assert "1 new warning of the project's own files: DeprecationWarning: x is gone; --accept" in outcome.message
    assert judge(now, GREEN, before=before).status == "passed"  # the second time it was not there
    assert judge(now, before=before._replace(warnings=now.own)).status == "passed"
    assert judge(now, before=before, accepted=("warnings",)).status == "passed"
    more = now._replace(outcomes={**now.outcomes, "t.py::c": "passed"})
    assert judge(more, before=before).status == "passed"  # a test that could not run before may warn


def test_flaky_beside_broken_is_told_too(judge: Judge) -> None:
    before = Baseline({"t.py::a": "passed", "t.py::b": "passed"})
    outcome = judge(SuiteRun({"t.py::a": "failed", "t.py::b": "error"}, 1), RED, before=before)
    assert outcome[1:3] == ("failed", "1 of 2 tests came out worse than before; 1 flaky (t.py::b)")


def test_a_test_that_is_gone_is_not_run_again(judge: Judge) -> None:
    before = Baseline({"t.py::a": "passed", "t.py::gone": "passed"})
    outcome = judge(SuiteRun({"t.py::a": "passed"}, 0), before=before)
    assert outcome.status == "failed"
    assert "t.py::gone: passed -> missing" in outcome.evidence


def test_tests_are_found_where_they_moved_to(judge: Judge) -> None:
    before = Baseline({"app/t.py::a": "passed"})
    after = SuiteRun({"src/app/t.py::a": "passed"}, 0)
    assert judge(after, before=before, moved=lambda path: f"src/{path}").status == "passed"


def test_an_exit_code_that_is_new_is_a_difference(judge: Judge) -> None:
    before = Baseline(GREEN.outcomes, 0)
    outcome = judge(GREEN._replace(code=1), before=before)
    assert outcome.status == "failed"
    assert "but pytest ended with 1 (before: 0)" in outcome.message
    assert judge(GREEN._replace(code=1), before=before._replace(code=1)).status == "passed"


def test_the_projects_own_interpreter_runs_them(project: Make) -> None:
    where = "def test_where():\n    import lib, sys\n    assert '.venv' in sys.prefix and lib.__version__ == '2.0'\n"
    outcome = tests.check(project({"tests/test_shop.py": where}))
    assert outcome[1:3] == ("passed", "1 passed")


def test_a_suite_that_hung_before_is_not_run_again(tmp_path: Path) -> None:
    (tmp_path / ".venv/bin").mkdir(parents=True)
    venv_python(tmp_path / ".venv").parent.mkdir(parents=True, exist_ok=True)
    venv_python(tmp_path / ".venv").touch()
    before = Baseline(reason="the tests did not end", hung=True)
    outcome = tests.check(Context(tmp_path, Uv("uv", "0.13.0", {}), baseline=before))
    assert (outcome.status, outcome.message) == (
        "unchecked",
        "before, the tests did not end, so they were not run again",
    )
