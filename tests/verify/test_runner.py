"""Each test's outcome is read by its id, and what is worse than before is found."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup.tools.uv import Uv
from trueup.verify.runner import Broken, SuiteRun, compare, lost, read_report, run_tests, why_nothing

HERE = Path(sys.prefix)
SUITE = """
import pytest

class TestA:
    class TestB:
        def test_in(self): pass
    @pytest.mark.parametrize("x", ["a::b", "c.d/e"])
    def test_p(self, x): assert x

def test_fails(): assert 0

@pytest.mark.xfail
def test_expected(): assert 0

@pytest.mark.skip
def test_skipped(): pass

@pytest.fixture
def bad():
    yield
    raise ValueError

def test_teardown(bad): pass

def test_both(bad): assert 0
"""


def suite(root: Path, **files: str) -> None:
    """Write test files."""
    (root / "tests").mkdir(exist_ok=True)
    for name, text in files.items():
        (root / "tests" / f"{name}.py").write_text(text, "utf-8")


def run(root: Path, *args: str, timeout: float = 60) -> SuiteRun:
    """The tests of ``root``, by the interpreter that runs these."""
    environ = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return run_tests(HERE, Path(sys.executable), root, environ, args, timeout)


def test_warnings_are_read_without_places_and_numbers(tmp_path: Path) -> None:
    warns = "import warnings\nclass OldWarning(UserWarning): pass\ndef test_{0}():\n    warnings.warn('item {1} at 0x7f', {2})\n"
    suite(tmp_path, test_a=warns.format("a", 1, "OldWarning"), test_b=warns.format("b", 2, "DeprecationWarning"))
    assert run(tmp_path).warnings == ("DeprecationWarning: item N at N", "OldWarning: item N at N")
    assert run(tmp_path, "--disable-warnings").warnings == ()


def test_warnings_of_own_files_are_known_without_what_moves(tmp_path: Path) -> None:
    foreign = "import warnings\ndef old():\n    warnings.warn('far', DeprecationWarning)\n"
    test = (
        "import sys, warnings\nsys.path.insert(0, 'site-packages')\nimport foreign\n"
        "def test_a():\n    foreign.old()\n"
        "    warnings.warn('shop.main.old is gone (from: src/shop/main.py)', DeprecationWarning)\n"
        "    warnings.warn('by chance', RuntimeWarning)\n"
    )
    suite(tmp_path, test_a=test)
    (tmp_path / "site-packages").mkdir()
    (tmp_path / "site-packages" / "foreign.py").write_text(foreign, "utf-8")
    tested = run(tmp_path)
    assert len(tested.warnings) == 3
    assert tested.own == ("DeprecationWarning: old is gone (from: py)",)
    other = test.replace("shop.main.old", "main.old").replace("src/shop/main.py", "main.py")
    suite(tmp_path, test_a=other)
    assert run(tmp_path).own == tested.own


def test_every_outcome_has_the_id_that_pytest_gives(tmp_path: Path) -> None:
    suite(tmp_path, test_a=SUITE, test_broken="import nowhere_to_be_found")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --lf -x --strict-config\n", "utf-8")
    tested = run(tmp_path)
    assert tested.outcomes == {
        "tests/test_a.py::TestA::TestB::test_in": "passed",
        "tests/test_a.py::TestA::test_p[a::b]": "passed",
        "tests/test_a.py::TestA::test_p[c.d/e]": "passed",
        "tests/test_a.py::test_fails": "failed",
        "tests/test_a.py::test_expected": "skipped",
        "tests/test_a.py::test_skipped": "skipped",
        "tests/test_a.py::test_teardown": "error",
        "tests/test_a.py::test_both": "error",
        "tests/test_broken.py::(collection)": "error",
    }
    assert (tested.code, tested.problem, tested.needed) == (1, "", "")
    assert "2 failed, 4 passed" in tested.tail
    assert tested.count("passed") == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pytest.ini", "tests"]
    assert not list(tmp_path.rglob("__pycache__"))


def test_the_arguments_are_handed_on(tmp_path: Path) -> None:
    suite(tmp_path, test_a="def test_a(): pass\ndef test_b(): pass\n")
    assert list(run(tmp_path, "-k", "test_b").outcomes) == ["tests/test_a.py::test_b"]


@pytest.mark.parametrize(
    ("files", "args", "code", "problem"),
    [
        ({"a": ""}, (), 5, "no tests were collected"),
        ({"conftest": "import os; os.environ['SHOP_KEY']", "test_a": ""}, (), 4, "pytest refused to start"),
        ({"test_a": ""}, ("--no-such-option",), 4, "pytest refused to start"),
    ],
)
def test_a_run_without_outcomes_says_why(
    tmp_path: Path, files: dict[str, str], args: tuple[str, ...], code: int, problem: str
) -> None:
    suite(tmp_path, **files)
    tested = run(tmp_path, *args)
    assert (tested.outcomes, tested.code) == ({}, code)
    assert problem in tested.problem
    assert ("SHOP_KEY" in tested.needed) is ("conftest" in files)


def test_tests_that_do_not_end_are_ended(tmp_path: Path) -> None:
    suite(tmp_path, test_a="import time\ndef test_a(): time.sleep(60)\n")
    assert run(tmp_path, timeout=1.5).problem.startswith("the tests did not end: they were stopped after 2 s")


def test_a_run_that_is_cut_short_is_no_measure(tmp_path: Path) -> None:
    suite(tmp_path, test_a="import pytest\ndef test_a(): pass\ndef test_b(): pytest.exit('no more')\n")
    done = run(tmp_path)
    assert "passed" in done.outcomes.values()
    assert done.problem.startswith("pytest was interrupted after ")


def test_without_pytest_that_is_the_problem() -> None:
    said = "/x/python: No module named pytest"
    assert why_nothing(1, False, 9, said).startswith("pytest is not in the environment")
    assert why_nothing(3, False, 9, "") == "pytest had an internal error"
    assert why_nothing(-11, False, 9, "") == "pytest ended with -11 and no report"


def test_a_report_that_is_cut_off_has_no_outcomes(tmp_path: Path) -> None:
    (tmp_path / "report.xml").write_text("<testsuites><testcase", "utf-8")
    assert read_report(tmp_path / "report.xml", tmp_path) == ({}, {})


def test_a_test_that_is_imported_is_called_after_the_file_that_was_collected(tmp_path: Path) -> None:
    suite(
        tmp_path,
        test_a="def test_b(): pass\nclass TestC:\n    def test_d(self): pass\n",
        test_all="from test_a import *",
    )
    expected = {f"tests/{name}.py::{test}" for name in ("test_a", "test_all") for test in ("test_b", "TestC::test_d")}
    assert set(run(tmp_path).outcomes) == expected


def test_a_coroutine_that_nothing_ran_says_nothing_of_what_it_needs(tmp_path: Path) -> None:
    suite(tmp_path, test_a="async def test_a():\n    import nothing_of_the_kind\n")
    before = run(tmp_path, "-p", "no:anyio", "-p", "no:asyncio")
    assert before.reasons == {"tests/test_a.py::test_a": "not run"}
    after = before._replace(reasons={"tests/test_a.py::test_a": "ModuleNotFoundError"})
    assert lost(before, after) == ()
    assert lost(before._replace(reasons={"tests/test_a.py::test_a": "ValueError"}), after)


@pytest.mark.parametrize(
    ("was", "now", "bad"),
    [
        ("passed", "passed", False),
        ("passed", "failed", True),
        ("passed", "error", True),
        ("passed", "skipped", True),
        ("passed", None, True),
        ("failed", "failed", False),
        ("failed", "error", False),
        ("failed", "passed", False),
        ("failed", None, True),
        ("error", "failed", False),
        ("error", None, True),
        ("skipped", "failed", True),
        ("skipped", "passed", False),
        ("skipped", None, True),
    ],
)
def test_worse_is_worse_and_as_bad_is_not(was: str, now: str | None, bad: bool) -> None:
    broken = compare({"t.py::a": was}, {"t.py::a": now} if now else {})
    assert broken == ((Broken("t.py::a", was, now or "missing"),) if bad else ())


def test_files_that_cannot_be_imported_any_more_are_found_and_those_that_can_again_are_fine() -> None:
    broken = compare({"a.py::(collection)": "error"}, {"b.py::(collection)": "error", "a.py::t": "failed"})
    assert [str(item) for item in broken] == ["b.py::(collection): imported -> error"]


OUTCOMES = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["passed", "failed", "error", "skipped"]))


@given(OUTCOMES)
def test_nothing_is_worse_than_itself(outcomes: dict[str, str]) -> None:
    assert compare(outcomes, outcomes) == ()


@given(OUTCOMES, OUTCOMES)
def test_a_test_that_passed_and_does_not_is_always_found(before: dict[str, str], after: dict[str, str]) -> None:
    lost = {name for name, was in before.items() if was == "passed" and after.get(name) != "passed"}
    assert lost <= {item.name for item in compare(before, after)}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("import nowhere", "ModuleNotFoundError"),
        ("assert 0", "Failed"),
        ("open('nowhere')", "FileNotFoundError"),
        ("raise ConnectionRefusedError('x: NameError')", "ConnectionRefusedError"),
        ("import pytest; pytest.fail('no')", "Failed"),
    ],
)
def test_why_a_test_failed_is_kept(tmp_path: Path, uv: Uv, body: str, kind: str) -> None:
    (tmp_path / "test_a.py").write_text(f"def test_it():\n    {body}\ndef test_good():\n    pass\n", "utf-8")
    run = run_tests(tmp_path, Path(sys.executable), tmp_path, uv.environ)
    assert run.outcomes == {"test_a.py::test_it": "failed", "test_a.py::test_good": "passed"}
    assert dict(run.reasons) == {"test_a.py::test_it": kind}


def test_another_reason_counts_where_something_is_lost() -> None:
    before = SuiteRun(
        {"t.py::a": "failed", "t.py::b": "error"}, 1, reasons={"t.py::a": "OSError", "t.py::b": "NameError"}
    )
    after = before._replace(reasons={"t.py::a": "ModuleNotFoundError", "t.py::b": "ImportError"})
    assert [str(item) for item in lost(before, after)] == ["t.py::a: failed (OSError) -> failed (ModuleNotFoundError)"]
    assert lost(before, before) == ()
