"""Which syntax a file has, and that nothing makes the parser raise."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.text.syntax import LARGEST, known, parse


@pytest.mark.parametrize(
    ("path", "source", "route", "line"),
    [
        ("pyproject.toml", "[a]\nb = [\n  1,\n  { c = 2 },\n]\n", ("a", "b", 1, "c"), 4),
        ("Pipfile", '[packages]\nx = "*"\n', ("packages", "x"), 2),
        ("x/setup.cfg", "[a]\nb = 1\n", ("a", "b"), 2),
        (".coveragerc", "[run]\n", ("run",), 1),
        (".github/workflows/ci.yml", "a:\n  - b\n", ("a", 0), 2),
        ("Pipfile.lock", '{\n\t"a": [\n\t\t1]}', ("a", 0), 3),
        (".vscode/settings.json", '{\n  // one\n  "a": "//",\n  /* two\n */ "b": [1,], // three\n}\n', ("b", 0), 5),
        ("renovate.json5", "{\n  a: 'x', // y\n  b: [1,],\n}\n", ("b",), 3),
    ],
)
def test_data_and_lines(path: str, source: str, route: tuple[str | int, ...], line: int) -> None:
    document = parse(path, source)
    assert document.error == ""
    assert document.get(*route) is not None
    assert document.at(*route).line == line


def test_a_part_that_is_missing_is_where_its_parent_is() -> None:
    document = parse("a.toml", "\ufeff[[t]]\n[[t]]\nx.y = 1\n[t.u]\n")
    assert [document.at(*route).line for route in [("t", 1, "x"), ("t", 1, "u", "z"), ("t", 0), ("q",)]] == [3, 4, 1, 0]


@pytest.mark.parametrize(
    ("path", "source", "error", "line"),
    [
        ("a.toml", "a = 1\nb = \n", "line 2: Invalid value", 2),
        ("a.toml", "a = [1\n\n", "line 1: Unclosed array", 1),
        ("a.toml", "a = " + "[" * 9000, "nested too deeply", 0),
        ("a.toml", "a = " + "9" * 5000, "Exceeds the limit", 0),
        ("a.json", "{\n1: 2}", "line 2: Expecting property name", 2),
        ("a.json", "[" * 90000, "nested too deeply", 0),
        ("a.json5", "{a: [}", "line 1: ", 1),
        ("a.yaml", "[" * 2000, "nested too deeply", 0),
        ("a.yaml", "a: b: c", "line 1: mapping values", 1),
        ("a.md", "", "not a syntax", 0),
        ("a.ini", " " * (LARGEST + 1), "larger than", 0),
    ],
)
def test_errors_are_one_line(path: str, source: str, error: str, line: int) -> None:
    document = parse(path, source)
    assert document.data == {}
    assert document.error.startswith(error)
    assert "\n" not in document.error
    assert document.at("a").line == line


LOCK = """[[package]]
name = "a"  # what
sdist = {
  url = "https://x/{1}",  # where
  hash = "sha256:1",
}
wheels = [
  {
    url = "y" },
]
"""


def test_a_lock_may_be_of_a_newer_toml_and_large() -> None:
    package = {"name": "a", "sdist": {"url": "https://x/{1}", "hash": "sha256:1"}, "wheels": [{"url": "y"}]}
    assert parse("uv.lock", LOCK).data == {"package": [package]}
    assert parse("pyproject.toml", LOCK).error
    assert parse("uv.lock", LOCK + "x = {\n").error == parse("a.toml", LOCK + "x = {\n").error
    assert parse("uv.lock", "x = \n").error == "line 1: Invalid value"
    assert parse("uv.lock", "x = 1\n" + "#" * LARGEST).data == {"x": 1}


def test_known() -> None:
    assert [known(p) for p in ("a/.flake8", "pylintrc", "uv.lock", "Dockerfile", "x.py")] == [
        True,
        True,
        True,
        False,
        False,
    ]


TEXT = st.text(st.sampled_from("a1 \n\t=:[]{}\"'#,.-&*|>!%\\\x00\r\ufeffé"), max_size=40)


@settings(max_examples=300)
@given(st.sampled_from(["a.toml", "a.ini", "a.yaml", "a.json", "a.json5"]), TEXT)
def test_no_input_makes_it_raise(path: str, source: str) -> None:
    document = parse(path, source)
    assert document.at("a", 0, "b").line <= source.count("\n") + source.count("\r") + 2  # YAML ends lines at both


def test_json_that_yaml_cannot_read_has_data_but_no_lines() -> None:
    document = parse("a.json", '{"a": "\x7f"}')
    assert document.data == {"a": "\x7f"}
    assert document.at("a").line == 0
