"""Where a line of a rewritten text stood before."""

from __future__ import annotations

import pytest

from trueup.text.same_lines import line_before


@pytest.mark.parametrize(
    ("old", "new", "numbers"),
    [
        ("abcd", "abcd", [1, 2, 3, 4]),
        ("abcd", "xabBcdz", [1, 1, 2, 3, 3, 4, 4]),  # what is new stands where the next line stood
        ("abcd", "aBCd", [1, 2, 3, 4]),
        ("abcd", "axyzd", [1, 2, 3, 3, 4]),
        ("ab", "xy", [1, 2]),
    ],
)
def test_a_line_has_the_number_of_what_stood_there(old: str, new: str, numbers: list[int]) -> None:
    before, after = ("".join(f"{line}\n" for line in text).encode() for text in (old, new))
    assert [line_before(before, after, number + 1) for number in range(len(new))] == numbers
