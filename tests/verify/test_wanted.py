"""Variables of the shell that failing tests need are found by trying, and never shown."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from trueup.tools.uv import Uv
from trueup.verify import Context, tests, wanted
from trueup.verify.runner import SuiteRun

SHELL = {"A": "value-of-a", "B": "value-of-b", "C": "value-of-c"}


def test_the_tests_are_run_again_with_what_is_offered(project: Callable[..., Context]) -> None:
    needs = "import os\ndef test_a():\n    assert os.environ['A'] == 'value-of-a'\ndef test_bad():\n    assert False\n"
    context = project({"tests/test_needs.py": needs})
    assert tests.check(context).message == "1 passed, 2 failed"
    outcome = tests.check(context._replace(tried=SHELL))
    assert outcome[1:3] == (
        "failed",
        "1 passed, 2 failed; tests/test_needs.py::test_a passes with A of your shell: --env A",
    )
    assert not re.search("value-of-[bc]", outcome.message + outcome.evidence)


Ran = dict[str, str]


@pytest.mark.parametrize(
    ("needs", "offered", "first", "said"),
    [
        ({"t::a": "A"}, "ABC", {"t::a": "failed", "t::z": "failed"}, "t::a passes with A of your shell: --env A"),
        ({"t::a": "AB"}, "ABC", {"t::a": "failed"}, "t::a passes with A, B of your shell: --env A --env B"),
        ({"t::a": "A", "t::b": "C"}, "ABC", {"t::a": "failed", "t::b": "error"}, "t::a, t::b pass with A, C of"),
        ({"t::a": "A"}, "BC", {"t::a": "failed"}, "none of B, C of your shell mends one"),
        ({"t::a": ""}, "AB", {"t::a": "failed"}, "t::a passes the second time, with no variable of your shell"),
        ({"t::a": "A", "t::b": "A"}, "AB", {"t::(collection)": "error"}, "t::a, t::b pass with A of your shell"),
        ({f"t::{x}": "A" for x in "abcde"}, "AB", {}, "t::a, t::b, t::c and 2 more pass with A of your shell"),
        ({"t::a": "A"}, "ABCDEFGHIJKLMNOPQ", {"t::a": "failed"}, "17 are too many to tell which"),
        ({"t::a": "A"}, "", {"t::a": "failed"}, ""),
        ({"t::a": "A"}, "A", {"t::a": "passed"}, ""),
    ],
)
def test_what_a_test_fails_without_is_needed(
    needs: Ran, offered: str, first: Ran, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def again(
        _by: str, _venv: Path, _python: Path, _root: Path, environ: Mapping[str, str], _args: tuple[str, ...]
    ) -> SuiteRun:
        return SuiteRun({name: "passed" if set(of) <= set(environ) else "failed" for name, of in needs.items()}, 1)

    monkeypatch.setattr(wanted, "run_suite", again)
    context = Context(tmp_path, Uv("uv", "0.13.0", {}), tried=dict.fromkeys(offered, "x"))
    found = wanted.wanted(context, SuiteRun(first, 1), ())
    assert said in found
    assert bool(found) is bool(said)
