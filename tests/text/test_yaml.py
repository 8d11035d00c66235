"""YAML as data: 1.2, harmless, and with lines."""

import math

import pytest

from trueup.text.yaml import LARGEST, parse

WORKFLOW = """\
on: [push]
jobs:
  test:
    strategy:
      matrix: &matrix
        python: ["3.11", 3.12]
    steps:
      - uses: actions/checkout@v4
      - name: x
        run: |
          pytest
  more:
    <<: *matrix
    extra: !reference [a, b]
"""


def test_on_is_a_key_and_unknown_tags_are_ignored() -> None:
    data, line = parse(WORKFLOW)
    assert data["on"] == ["push"]
    assert data["jobs"]["more"] == {"python": ["3.11", 3.12], "extra": ["a", "b"]}
    assert line("", ("jobs", "test", "steps", 1, "run")) == 10
    assert line("", ("jobs", "test", "strategy", "matrix", "python", 1)) == 6
    assert line("", ("jobs", "absent", 3)) == 2
    assert line("", ("absent",)) == 0


def test_scalars_are_those_of_yaml_1_2() -> None:
    data, _ = parse("a: yes\nb: 0o17\nc: .inf\nd: ~\ne: True\nf: 2026-01-02\ng: 1_000\nh: 0x1F\ni: .nan\nj: !!int x\n")
    assert math.isnan(data.pop("i"))
    assert data == {
        "a": "yes",
        "b": 15,
        "c": math.inf,
        "d": None,
        "e": True,
        "f": "2026-01-02",
        "g": 1000,
        "h": 31,
        "j": "x",
    }


def test_several_documents_are_a_list_and_none_is_an_empty_mapping() -> None:
    data, line = parse("a: 1\n---\nb:\n  c: 2\n")
    assert data == [{"a": 1}, {"b": {"c": 2}}]
    assert line("", (1, "b", "c")) == 4
    assert line("", (1,)) == 3
    assert line("", (2,)) == line("", ()) == 0
    assert parse("")[0] == parse("# nothing\n---\n")[0] == {}


def test_odd_keys_and_duplicates_do_no_harm() -> None:
    data, line = parse("? [a, b]\n: 1\nx: 1\nx: 2\n")
    assert data == {"['a', 'b']": 1, "x": 2}
    assert line("", ("x",)) == 4
    assert parse("a: &a {b: 1}\nc:\n  <<: [*a, 3]\n  d: {}\n")[0]["c"] == {"b": 1, "d": {}}


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("a: [1\n", "line 2: expected"),
        ("a: b: c\n", "line 1: mapping values"),
        ("a: *b\n", "line 1: found undefined alias"),
        ("a: \x00", "unacceptable character"),
        ("x" * (LARGEST + 1), "larger than"),
        (
            "a: &a [1,1,1,1,1,1,1,1,1]\n"
            + "".join(f"{c}: &{c} [{', '.join(['*' + p] * 9)}]\n" for p, c in zip("abcdefg", "bcdefgh", strict=True)),
            "aliases",
        ),
    ],
)
def test_what_cannot_be_read_is_a_value_error(source: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse(source)
