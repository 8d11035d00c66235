"""Console scripts, asked for their help before and after."""

from collections.abc import Callable, Mapping

import pytest

from trueup.verify import Context, scripts
from trueup.verify.baseline import Baseline
from trueup.verify.scripts import Help, Scripts, ask, check, compared, reworded

GOOD = {"serve": Help(0)}
MAIN = "import argparse\ndef main():\n    p = argparse.ArgumentParser('shop', description={!r})\n    p.parse_args()\n"


@pytest.mark.parametrize(
    ("before", "now", "status", "message"),
    [
        (GOOD, GOOD, "passed", "as before: serve --help"),
        (GOOD, {}, "failed", "serve: it is gone"),
        (GOOD, {"serve": Help(1, "ImportError: no")}, "failed", "serve --help: ImportError: no"),
        (GOOD, {"serve": Help(None, "it did not end")}, "failed", "serve --help: it did not end"),
        ({"serve": Help(1, "no")}, {"serve": Help(1, "no")}, "unchecked", "before, serve --help: no"),
        ({"serve": Help(1, "no")}, {}, "failed", "serve: it is gone"),
        ({"serve": Help(None, "x")}, {"serve": Help(1, "no")}, "failed", "serve --help: no; before, it went on"),
        ({"serve": Help(None, "x")}, {"serve": Help(None, "x")}, "unchecked", "before, serve --help: x"),
        ({"serve": Help(None, "x")}, {"serve": Help(0)}, "unchecked", "before, serve --help: x"),
        (
            {"serve": Help(0, text="usage: serve\n--port")},
            {"serve": Help(0, text="usage: serve\n--host")},
            "failed",
            "serve --help says another thing than before: +--host",
        ),
        ({"serve": Help(0, text="a\nb c")}, {"serve": Help(0, text="a b\nc")}, "passed", "as before: serve --help"),
        ({**GOOD, "other": Help(2)}, {**GOOD, "other": Help(2)}, "passed", "as before: serve --help"),
    ],
)
def test_a_script_is_what_it_was(
    before: Mapping[str, Help], now: Mapping[str, Help], status: str, message: str
) -> None:
    outcome = compared(before, now, reworded(before, now))
    assert (outcome.status, outcome.message) == (status, message)


def test_the_scripts_of_the_project_are_asked_and_no_others(project: Callable[..., Context]) -> None:
    context = project()
    assert ask(context.root, context.venv, context.environ) == Scripts(GOOD)
    assert check(context) is None
    outcome = check(context._replace(baseline=Baseline(scripts=Scripts(GOOD))))
    assert outcome is not None
    assert outcome.status == "passed"


@pytest.mark.parametrize(
    ("says", "version", "status", "said"),
    [
        ("serves", "2.0", "passed", "as before: serve --help"),
        ("serves no more", "2.0", "failed", "serve --help says another thing than before: +serves no more"),
        ("serves no more", "1.0", "unchecked", "the help of serve differs, and so do versions (lib)"),
        ("serves at {id([])}{object()}", "2.0", "passed", "as before: serve --help"),
        ("reads src/shop/serves", "2.0", "passed", "as before: serve --help"),
    ],
)
def test_what_a_help_says_is_compared(
    says: str, version: str, status: str, said: str, project: Callable[..., Context]
) -> None:
    was = "reads serves" if says.startswith("reads") else "serves"
    text = MAIN.format(says).replace("description='serves at", "description=f'serves at")
    context = project({"src/shop/serve.py": text})
    usage = "usage: shop [-h]\n{}\noptions:\n-h, --help show this help message and exit"
    answers = {"serve": Help(0, text=usage.format(was))}
    outcome = check(context._replace(baseline=Baseline(scripts=Scripts(answers), packages={"lib": version})))
    assert outcome is not None
    assert (outcome.status, said in outcome.message) == (status, True), outcome


def test_scripts_that_cannot_be_listed_are_not_taken_for_none(
    project: Callable[..., Context], monkeypatch: pytest.MonkeyPatch
) -> None:
    context = project()
    monkeypatch.setattr(scripts, "LIST", "raise ValueError('no metadata')")
    silent = Scripts(problem="the console scripts cannot be listed: ValueError: no metadata")
    assert ask(context.root, context.venv, context.environ) == silent
    statuses = [check(context._replace(baseline=Baseline(scripts=before))) for before in (silent, Scripts(GOOD))]
    assert [outcome and outcome.status for outcome in statuses] == ["unchecked", "failed"]


def test_a_script_that_fails_says_why(project: Callable[..., Context]) -> None:
    context = project({"src/shop/serve.py": "def main():\n    raise ValueError('no help')\n"})
    assert ask(context.root, context.venv, context.environ) == Scripts({"serve": Help(1, "ValueError: no help")})


def test_without_an_environment_nothing_is_asked(project: Callable[..., Context]) -> None:
    outcome = check(project(sync=False)._replace(baseline=Baseline(scripts=Scripts(GOOD))))
    assert outcome is not None
    assert outcome.status == "unchecked"
