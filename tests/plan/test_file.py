from __future__ import annotations

import datetime as dt
import json
import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.errors import PlanRefused, ProjectError, UsageError
from trueup.model.change import Move, Remove, Run, Write
from trueup.model.finding import Finding
from trueup.model.operation import Operation, RunTool, SetKey
from trueup.model.plan import Command, LedgerRow, Left, Pin, Plan, Question, Step
from trueup.model.tree import Entry, MemoryTree
from trueup.plan.file import HINTS, digest, load, plan_of, save, text_of, verify_unchanged

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SCALARS = st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | st.text(max_size=5)
MOMENTS = st.datetimes(timezones=st.just(dt.UTC) | st.none()) | st.times()
TIMES = MOMENTS.map(lambda moment: moment.replace(fold=0)) | st.dates()  # TOML knows no fold
VALUES = st.recursive(
    SCALARS | TIMES,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.lists(inner, max_size=2).map(tuple)
        | st.dictionaries(st.text(max_size=5) | st.sampled_from(["tuple", "date"]), inner, max_size=2)
    ),
    max_leaves=4,
)
TEXT = st.text(max_size=6) | st.just("bad\udcff")
for noun in (Finding, SetKey):  # their modules import for the type checker alone what their hints name
    hints = {
        name: VALUES if hint is Any else st.from_type(hint)
        for name, hint in get_type_hints(noun, localns=HINTS).items()
    }
    st.register_type_strategy(noun, st.builds(noun, **hints))
CHANGES: st.SearchStrategy[Any] = st.sampled_from([Write, Move, Remove, Run]).flatmap(st.from_type)
OPERATIONS: st.SearchStrategy[Any] = st.sampled_from(get_args(Operation)).flatmap(st.from_type)
PLANS = st.builds(
    Plan,
    package=TEXT,
    steps=st.lists(st.builds(Step, OPERATIONS, st.lists(CHANGES, max_size=3).map(tuple)), max_size=3).map(tuple),
    seen=st.dictionaries(TEXT, TEXT, max_size=3),
    ledger=st.lists(st.from_type(LedgerRow), max_size=2).map(tuple),
    pins=st.lists(st.from_type(Pin), max_size=2).map(tuple),
    questions=st.lists(st.from_type(Question), max_size=2).map(tuple),
    resolves=st.lists(st.from_type(Finding), max_size=2).map(tuple),
    leaves=st.lists(st.from_type(Left), max_size=2).map(tuple),
    commands=st.dictionaries(TEXT, st.lists(st.from_type(Command), max_size=2).map(tuple), max_size=2),
)
SMALL = Plan(
    package="shop",
    steps=(
        Step(SetKey("X1", "pyproject.toml", ("a",), {"b": (1, dt.date(2026, 1, 2))}), (Write("a", b"\xff\r\n"),)),
        Step(RunTool("X2", ("uv", "lock")), (Run(("uv", "lock"), ("uv.lock",)), Move("a", "b"))),
    ),
    seen={"a": "0" * 64},
    leaves=(Left(Finding("X1", "x", "error", "high", "m", "p"), "why"),),
)


@settings(max_examples=60)
@given(PLANS)
def test_a_plan_comes_back_exactly(plan: Plan) -> None:
    back = plan_of(json.loads(text_of(plan)))
    assert back == plan
    assert repr(back) == repr(plan)
    assert digest(back) == digest(plan)


def test_a_saved_plan_is_loaded(tmp_path: Path) -> None:
    save(SMALL, tmp_path / "plan.json")
    assert load(tmp_path / "plan.json") == SMALL
    data = json.loads((tmp_path / "plan.json").read_bytes())
    assert data["trueup-plan"] == 1
    assert data["steps"][0]["operation"]["is"] == "SetKey"
    assert data["steps"][0]["changes"] == [{"is": "Write", "path": "a", "content": {"base64": "/w0K"}, "mode": 0o644}]


def test_text_stays_readable() -> None:
    content = "\ufeffgrüße\r\n".encode()
    plan = Plan(steps=(Step(RunTool("X", ()), (Write("a", content),)),))
    assert json.loads(text_of(plan))["steps"][0]["changes"][0]["content"] == {"text": "\ufeffgrüße\r\n"}
    assert plan_of(json.loads(text_of(plan))) == plan


def test_the_digest_sees_every_difference() -> None:
    assert digest(SMALL) != digest(SMALL._replace(python="3.12"))
    assert digest(SMALL) == digest(SMALL._replace(seen=dict(SMALL.seen)))


def test_fields_with_a_default_may_be_missing() -> None:
    assert plan_of({"trueup-plan": 1}) == Plan()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Expecting value"),
        ("[]", 'it has no key "trueup-plan"'),
        ("{}", 'it has no key "trueup-plan"'),
        ('{"trueup-plan": 2}', "another version of trueup wrote it"),
        ('{"trueup-plan": 1, "package": 3}', "package: text was expected"),
        ('{"trueup-plan": 1, "steps": {}}', "steps: a list was expected"),
        ('{"trueup-plan": 1, "steps": [3]}', "steps[0]: an object was expected"),
        ('{"trueup-plan": 1, "steps": [{"operation": {}}]}', "steps[0].changes: it is missing"),
        (
            '{"trueup-plan": 1, "steps": [{"operation": {"is": ["x"]}, "changes": []}]}',
            "[0].operation.is: one of Re",
        ),
        ('{"trueup-plan": 1, "more": 1}', "more: no such field"),
        ('{"trueup-plan": 1, "seen": {"a": null}}', "seen.a: text was expected"),
        ('{"trueup-plan": 1, "pins": [{"name": "a", "version": "1", "line": true}]}', "pins[0].line: a number was"),
        ("[" * 100_000, "RecursionError|recursion"),
        ("1" * 5000, "digit"),
    ],
)
def test_what_is_no_plan_is_said_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "plan.json").write_text(text)
    with pytest.raises(UsageError) as problem:
        load(tmp_path / "plan.json")
    assert any(word in str(problem.value) for word in said.split("|")), str(problem.value)
    assert "\n" not in str(problem.value)
    assert "plan.json is not a plan of trueup" in problem.value.message


@pytest.mark.parametrize(
    ("where", "value", "said"),
    [
        (("steps", 0, "changes", 0, "content"), {"text": "a", "base64": ""}, "changes[0].content: text or base64"),
        (("steps", 0, "changes", 0, "content"), {"base64": "?"}, "not a plan"),
        (("steps", 0, "operation", "value"), {"set": 1}, "operation.value: a value of TOML was expected"),
        (("steps", 0, "operation", "value"), {"date": 3}, "operation.value: text was expected"),
        (("steps", 0, "operation", "value"), {"date": "?"}, "Invalid isoformat"),
        (("leaves", 0, "finding", "severity"), "bad", "severity: one of critical, error, warning, info was"),
        (("leaves", 0, "finding", "severity"), [], "severity: one of critical"),
    ],
)
def test_what_is_wrong_inside_is_named(tmp_path: Path, where: tuple[Any, ...], value: Any, said: str) -> None:
    data = json.loads(text_of(SMALL))
    inside = data
    for step in where[:-1]:
        inside = inside[step]
    inside[where[-1]] = value
    (tmp_path / "plan.json").write_text(json.dumps(data))
    with pytest.raises(UsageError) as problem:
        load(tmp_path / "plan.json")
    assert said in str(problem.value)


def test_fixed_rows_have_their_length() -> None:
    data = {"is": "Relocate", "code": "X", "package": "p", "moves": [["a"]]}
    with pytest.raises(ValueError, match=r"moves\[0\]: 2 items were expected"):
        plan_of({"trueup-plan": 1, "steps": [{"operation": data, "changes": []}]})


@settings(max_examples=150)
@given(st.data())
def test_whatever_happens_to_the_file_there_is_one_clear_line(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    raw = text_of(SMALL).encode()
    start = data.draw(st.integers(0, len(raw)))
    junk = st.binary(max_size=4) | st.sampled_from([b"null", b"{}", b"[]", b'""', b"1", b"1e999", b"NaN", b'{"is": 1}'])
    broken = raw[:start] + data.draw(junk) + raw[start + data.draw(st.integers(0, 40)) :]
    path = tmp_path_factory.getbasetemp() / "fuzzed.json"
    path.write_bytes(data.draw(st.sampled_from([broken, raw[:start]])))
    said = refusal(lambda: load(path), UsageError)
    assert "\n" not in said


def refusal(work: Callable[[], object], kind: type[Exception]) -> str:
    """What is said where ``work`` refuses; nothing but ``kind`` may come out of it."""
    try:
        work()
    except kind as problem:
        return str(problem)
    return "nothing: it is a plan"


def scalars(data: Any) -> list[tuple[Any, Any]]:
    """Every place in parsed JSON: its container and its key."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [place for key, each in items for place in ((data, key), *scalars(each))]


@settings(max_examples=150)
@given(st.data())
def test_wrong_values_anywhere_are_said(data: st.DataObject) -> None:
    parsed = json.loads(text_of(SMALL))
    inside, key = data.draw(st.sampled_from(scalars(parsed)))
    inside[key] = data.draw(st.sampled_from([None, 1, 1.5, True, "x", [], {}, [[]], {"is": "Write"}, {"text": 1}]))
    assert refusal(lambda: plan_of(parsed), ValueError)


def test_files_that_cannot_be_reached(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        load(tmp_path / "none.json")
    with pytest.raises(UsageError, match=r"cannot be written to .*: No such file"):
        save(SMALL, tmp_path / "no" / "plan.json")


def test_a_plan_holds_no_foreign_values() -> None:
    with pytest.raises(TypeError, match="a plan cannot hold set"):
        text_of(Plan(steps=(Step(SetKey("X", "p", ("a",), {1}), ()),)))


def seen_by(files: dict[str, str], **more: str) -> dict[str, str]:
    return {path: sha256(text.encode()).hexdigest() for path, text in files.items()} | more


FILES = {"app/a.py": "1", "b": "2"}


@pytest.mark.parametrize(
    ("files", "named"),
    [
        (FILES, ""),
        ({**FILES, "other": ""}, ""),
        ({**FILES, "b": "3"}, "b"),
        ({"b": "2"}, "app/a.py"),
        ({**FILES, "new": ""}, "new"),
        ({**FILES, "new/x": ""}, "new"),
        ({**FILES, "app/more.py": ""}, "app/more.py"),
        ({**FILES, "tests/more.py": ""}, ""),
        ({**FILES, "app/{{name}}/x.py": ""}, "app/{{name}}/x.py"),
    ],
)
def test_a_plan_is_bound_to_what_it_saw(files: dict[str, str], named: str) -> None:
    steps = (Step(RunTool("X", ()), (Move("app", "src/app"), Move("tests", "old"))),)
    plan = Plan(steps=steps, seen=seen_by(FILES, new=""))
    if not named:
        verify_unchanged(plan, MemoryTree(files))
        return
    with pytest.raises(PlanRefused, match=re.escape(f"changed since the plan was made: {named}: make the plan anew")):
        verify_unchanged(plan, MemoryTree(files))


def test_many_changes_are_cut() -> None:
    plan = Plan(seen={str(number): "0" for number in range(7)})
    with pytest.raises(PlanRefused, match="0, 1, 2, 3, 4 and 2 more"):
        verify_unchanged(plan, MemoryTree())


def test_what_became_a_link_or_unreadable_has_changed() -> None:
    class Broken(MemoryTree):
        def read(self, path: str) -> bytes:
            raise ProjectError(f"{path} cannot be read")

    with pytest.raises(PlanRefused, match=r"app/a.py, b"):
        verify_unchanged(Plan(seen=seen_by(FILES)), Broken(FILES))
    tree = MemoryTree(FILES)
    tree.entries = {**tree.entries, "b": Entry("link")}
    with pytest.raises(PlanRefused, match="made: b"):
        verify_unchanged(Plan(seen=seen_by(FILES)), tree)
