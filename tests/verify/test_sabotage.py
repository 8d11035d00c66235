"""What breaks one thing is noticed by its own check alone; the whole table is ``./dev sabotage``."""

from pathlib import Path

import pytest
from sabotage import HEALTHY, SABOTAGES, Row, Sabotage, broken, mistakes, server, table

from trueup.tools.uv import Uv
from trueup.verify import checks

FEW = ("healthy: what only looks broken", "lock sources: a hash taken out", "installed files: a stray start-up file")


@pytest.mark.parametrize("title", FEW)
def test_a_check_notices_what_is_its_own_and_nothing_else(title: str, tmp_path: Path, uv: Uv) -> None:
    (one,) = [one for one in (*HEALTHY, *SABOTAGES) if one.title == title]
    with server() as alive:
        row = broken(one, tmp_path, uv, alive, "verify")
    assert row.wrong == (), row.messages
    assert [name for name, status in row.statuses.items() if status == "failed"] == ([one.check] if one.check else [])


def test_every_check_is_broken_in_two_ways_or_more() -> None:
    counted = {check.NAME: sum(one.check == check.NAME for one in SABOTAGES) for check in checks()}
    assert [name for name, count in counted.items() if count < 2] == []
    assert sum(counted.values()) == len(SABOTAGES)
    assert len({one.title for one in SABOTAGES}) == len(SABOTAGES)


@pytest.mark.parametrize(
    ("statuses", "wrong"),
    [
        ({"lock": "failed", "wheel": "unchecked"}, []),
        ({"lock": "passed", "wheel": "passed"}, ["lock"]),
        ({"lock": "unchecked", "wheel": "passed"}, ["lock"]),
        ({"lock": "failed", "wheel": "failed"}, ["wheel"]),
        ({"lock": "failed", "tests": "unchecked"}, ["tests"]),
        ({"wheel": "passed"}, ["lock"]),
    ],
)
def test_the_table_notices_a_check_that_is_wrong(statuses: dict[str, str], wrong: list[str]) -> None:
    one = Sabotage("lock", "no lock", lambda _: None, blind=("wheel",))
    assert list(mistakes(one, statuses)) == wrong
    drawn = table([Row(one.title, statuses, {}, tuple(wrong))])
    assert ("wrong: " in drawn) is bool(wrong)
    assert "lock: no lock" in drawn
