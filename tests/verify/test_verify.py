"""The checks are found, run in order, timed, and none of them can hide another."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from trueup.errors import ToolError
from trueup.model.report import Outcome
from trueup.tools.uv import Uv, UvError
from trueup.verify import Check, Context, checks, open_questions, timed, verify, without_values

Make = Callable[..., Context]
NAMES = [
    "lock",
    "lock sources",
    "platforms",
    "packages",
    "environment",
    "installed files",
    "original files",
    "tests",
    "start",
    "inside",
    "migrations",
    "programs",
    "scripts",
    "references",
    "wheel",
    "sdist",
    "start outside the tree",
    "tests outside the tree",
    "advisories",
    "pip-audit",
    "clean checkout",
    "working directory",
    "network",
]


def test_the_checks_are_found_in_their_order() -> None:
    assert [check.NAME for check in checks()] == NAMES


def test_a_true_project_passes_every_check(project: Make) -> None:
    said: list[str] = []
    context = project()._replace(progress=said.append)
    outcomes = verify(context)
    told = [
        (outcome.check, outcome.status) for outcome in outcomes if outcome.check != "platforms"
    ]  # asks other Pythons
    assert told == [
        ("lock", "passed"),
        ("lock sources", "passed"),
        ("environment", "passed"),
        ("installed files", "passed"),
        ("tests", "passed"),
        ("start", "passed"),
        ("wheel", "passed"),
        ("sdist", "passed"),
        ("start outside the tree", "passed"),
        ("tests outside the tree", "passed"),
        ("advisories", "unchecked"),
    ], outcomes
    assert [text for text in said if ":" not in text] == [name for name in NAMES[:-3] if name != "original files"]
    assert all(0 < outcome.seconds < 60 for outcome in outcomes)
    assert not (context.root / "left-by-the-build").exists()
    assert not (context.root / ".pytest_cache").exists()


@pytest.mark.parametrize(
    ("demanded", "open_ones"),
    [
        (None, ("tests",)),
        ((), ()),
        (("advisories",), ("advisories",)),
        (("lock", "tests", "advisories"), ("tests", "advisories")),
    ],
)
def test_a_check_that_only_advises_counts_when_it_is_demanded(
    demanded: tuple[str, ...] | None, open_ones: tuple[str, ...]
) -> None:
    outcomes = [
        Outcome("lock", "passed", ""),
        Outcome("tests", "unchecked", ""),
        Outcome("advisories", "unchecked", ""),
        Outcome("wheel", "failed", ""),
    ]
    assert open_questions(outcomes, demanded) == open_ones


def test_an_apply_asks_only_what_compares_before_and_after(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [stub(Outcome(name, "passed", "")) for name in ("first", "second", "third")]
    for check, depth in zip(made[1:], ("verify", "deep"), strict=True):
        check.DEPTH = depth  # type: ignore[attr-defined]
    monkeypatch.setattr("trueup.verify.checks", lambda: tuple(made))
    asked = [context()._replace(depth=depth) for depth in ("apply", "verify", "deep")]
    assert [[outcome.check for outcome in verify(one)] for one in asked] == [
        ["first"],
        ["first", "second"],
        ["first", "second", "third"],
    ]


def stub(answer: object) -> Check:
    """A check that answers, or raises, what is given."""

    def check(_context: Context) -> Outcome | None:
        if isinstance(answer, Exception):
            raise answer
        return cast("Outcome | None", answer)

    return cast("Check", SimpleNamespace(NAME="stub", ORDER=1, check=check))


def context(**env: str) -> Context:
    """A context for checks that look at nothing."""
    return Context(Path(), Uv("uv", "0.13.0", {"A": "b"}), env=env)


@pytest.mark.parametrize(
    ("problem", "message", "evidence"),
    [
        (UvError("network", "no network", "connect", output="said"), "no network: connect", "said"),
        (ToolError("uv is gone"), "uv is gone", ""),
        (ValueError("odd"), "the check itself failed: ValueError: odd", ""),
    ],
)
def test_a_check_that_cannot_be_made_is_unchecked(problem: Exception, message: str, evidence: str) -> None:
    outcome = timed(stub(problem), context())
    assert outcome is not None
    assert outcome[:4] == ("stub", "unchecked", message, evidence)


def test_a_check_that_does_not_concern_the_project_has_no_outcome() -> None:
    assert timed(stub(None), context()) is None


def test_values_handed_over_are_never_shown() -> None:
    told = Outcome("stub", "failed", "at postgres://u:hunter2@db", "hunter2 refused; test")
    outcome = timed(stub(told), context(URL="postgres://u:hunter2@db", PASSWORD="hunter2", MODE="test"))
    assert outcome is not None
    assert (outcome.message, outcome.evidence) == ("at <URL>", "<PASSWORD> refused; test")
    assert without_values("nothing", {}) == "nothing"


@pytest.mark.parametrize(
    ("env", "text", "shown"),
    [
        ({"URL": "postgresql://u:s3cr@t@db/x"}, "no entry for s3cr@t", "no entry for <URL>"),
        ({"URL": "postgresql://u:s3cr%40t@db/x"}, "u s3cr@t s3cr%40t", "u <URL> <URL>"),
        ({"PIN": "4711"}, "PIN 4711, not 47110", "PIN <PIN>, not 47110"),
        ({"PORT": "8000"}, "port 8000", "port 8000"),
        ({"API_KEY": "-----BEGIN\nabcdefgh\n"}, "at abcdefgh!", "at <API_KEY>!"),
        ({"PASSWORD": "password"}, "test_wrong_password password", "test_wrong_<PASSWORD> <PASSWORD>"),
        ({"DB_NAME": "client_db"}, "my_client_db_api: client_db", "my_client_db_api: <DB_NAME>"),
        ({"TOKEN": "abcdef"}, "b'x\\nabcdef1'", "b'x\\n<TOKEN>1'"),
        ({"TOKEN": "a\\1b(c"}, "a\\1b(c", "<TOKEN>"),
        ({"TOKEN": "abcdefghij"}, "E  bad abcdefg...", "E  bad <TOKEN>..."),
        ({"TOKEN": "abcdefghij"}, "abc... abcd", "abc... abcd"),
    ],
)
def test_parts_of_values_are_hidden_as_words(env: dict[str, str], text: str, shown: str) -> None:
    assert without_values(text, env) == shown


def test_the_environment_of_the_project_has_what_the_user_handed_over() -> None:
    assert context(A="c", B="d").environ == {"A": "c", "B": "d"}
    assert sys.executable


SETTINGS = """import os
import shop
KEY = os.environ["SHOP_KEY"]
"""


def test_a_check_that_wants_a_variable_is_made_again_with_what_is_offered(project: Make) -> None:
    context = project({"tests/test_key.py": f"{SETTINGS}def test_key():\n    assert KEY == 'hunter2'\n"})
    context = context._replace(test_args=("tests/test_key.py",))
    bare = {outcome.check: outcome for outcome in verify(context)}
    assert bare["tests"].status == "failed"
    assert "SHOP_KEY" in bare["tests"].message
    outcomes = {outcome.check: outcome for outcome in verify(context._replace(offered={"SHOP_KEY": "hunter2"}))}
    assert outcomes["tests"].status == "passed"
    assert "given SHOP_KEY" in outcomes["tests"].message
    assert outcomes["tests outside the tree"].status == "passed"
    wrong = {outcome.check: outcome for outcome in verify(context._replace(offered={"SHOP_KEY": "another"}))}
    assert wrong["tests"].message == bare["tests"].message
    assert "hunter2" not in str(outcomes)
