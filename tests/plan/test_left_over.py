"""What a rewritten file goes on saying, line by line."""

from __future__ import annotations

from time import process_time

import pytest

from trueup.plan.jobs import Jobs
from trueup.plan.left_over import Kept

JOB = "job-{}:\n  before_script:\n    - pip install x\n    - {}\n  script:\n    - pytest\n"


def stays(before: str, after: str) -> list[int]:
    path, data = ".gitlab-ci.yml", before.encode()
    return [number for number, _, _ in Kept(data, after.encode(), {}, Jobs(path, data)).lines()]


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ("a\nb\nc\n", "a\nB\nc\n", [1, 3]),
        ("a\nb\na\nb\n", "a\na\nb\n", [1, 2]),
        ("a\nb\nc\nb\n", "a\nx\nc\nb\n", [1, 3, 4]),
        ("a\nb\n", "b\na\n", [2]),
        ("a\nb\nc\nd\n", "b\nc\nd\na\n", [2, 3, 4]),
        ("a\na\na\n", "a\n", [1]),
        ("a\n", "", []),
        ("a\nb\n", "a\nb\n", [1, 2]),
    ],
)
def test_which_lines_stay(before: str, after: str, lines: list[int]) -> None:
    assert stays(before, after) == lines


def test_a_file_of_many_jobs_alike_takes_no_square_of_its_length() -> None:
    many = range(1500)
    before, after = ("".join(JOB.format(at, said) for at in many) for said in ("poetry install", "uv sync"))
    begin = process_time()
    found = stays(before, after)
    assert len(found) == 5 * len(many)
    assert process_time() - begin < 3
