"""Tests that pass from the root only are named."""

from collections.abc import Callable
from pathlib import Path

from trueup.tools.uv import Uv
from trueup.verify import Context, elsewhere
from trueup.verify.environment import MISSING

Make = Callable[..., Context]
OPENS = "def test_{0}():\n    open('pyproject.toml').close()\n"


def test_without_tests_or_environment_nothing_is_run(tmp_path: Path) -> None:
    context = Context(tmp_path, Uv("uv", "0.13.9", {}), package="shop")
    assert elsewhere.check(context)[1:3] == ("unchecked", MISSING)
    assert elsewhere.check(context._replace(has_tests=False)).message == "the project has no tests"


def test_tests_that_find_all_by_their_own_place_pass(project: Make) -> None:
    test = (
        "from pathlib import Path\ndef test_it():\n    assert (Path(__file__).parents[1] / 'pyproject.toml').exists()\n"
    )
    context = project({"tests/test_place.py": test})
    assert elsewhere.check(context)[1:3] == ("passed", "as from the root: 2 passed")
    assert elsewhere.check(context._replace(test_args=("tests/test_place.py",))).message == "as from the root: 1 passed"


def test_tests_that_pass_from_the_root_only_are_named(project: Make) -> None:
    files = {f"tests/test_{name}.py": OPENS.format(name) for name in "abcd"}
    context = project({**files, "tests/test_bad.py": "def test_bad():\n    assert False\n"})
    outcome = elsewhere.check(context._replace(test_args=("-p", "no:randomly", "tests")))
    named = ", ".join(f"tests/test_{name}.py::test_{name}" for name in "abc")
    assert outcome[1:3] == ("failed", f"4 of 6 tests pass from the root only: {named} and 1 more")


def test_a_test_that_fails_once_only_is_not_named(project: Make, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    once = f"import os, pathlib\ndef test_once():\n    if not os.path.exists('pyproject.toml'):\n        mark = pathlib.Path({str(mark)!r})\n        seen = mark.exists()\n        mark.touch()\n        assert seen\n"
    assert elsewhere.check(project({"tests/test_once.py": once})).status == "passed"
    assert mark.exists()


def test_without_a_test_that_passes_nothing_is_compared(project: Make) -> None:
    context = project({"tests/test_shop.py": "def test_it():\n    assert False\n"})
    assert elsewhere.check(context)[1:3] == ("unchecked", "from the root no test passes: 1 failed")
