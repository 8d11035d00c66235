"""Edits of TOML: what they change, and that they change nothing else."""

import copy
import datetime as dt
import math
import tomllib
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from trueup.text.toml import append_to_array, has_key, remove_key, set_key
from trueup.text.toml_read import scan

PYPROJECT = """\
# top
[build-system]
requires = ["hatchling"]

[project]
name = "shop"  # the name
version = "1"
dependencies = [
    "fastapi",  # web
    # database
    "sqlalchemy"
]

# about ruff
[tool.ruff]
line-length = 100
lint.select = ["E"]

[[tool.uv.index]]
name = "one"
url = "https://one"
"""


def test_set_replaces_only_the_value() -> None:
    edited = set_key(PYPROJECT, ("project", "name"), "store")
    assert edited == PYPROJECT.replace('"shop"', '"store"')


def test_set_of_the_same_value_changes_nothing() -> None:
    assert set_key(PYPROJECT, ("tool", "ruff", "lint", "select"), ["E"]) is PYPROJECT


def test_new_project_keys_stand_in_their_order() -> None:
    edited = set_key(PYPROJECT, ("project", "requires-python"), ">=3.12", ["# from the Dockerfile"])
    assert 'version = "1"\n# from the Dockerfile\nrequires-python = ">=3.12"\ndependencies' in edited


def test_new_dotted_key_stands_behind_its_siblings() -> None:
    edited = set_key(PYPROJECT, ("tool", "ruff", "lint", "ignore"), ["E501"])
    assert 'lint.select = ["E"]\nlint.ignore = ["E501"]\n\n[[tool.uv.index]]' in edited


def test_new_tables_stand_with_their_kin() -> None:
    edited = set_key(PYPROJECT, ("project", "scripts", "shop"), "shop.main:run")
    edited = set_key(edited, ("dependency-groups", "dev"), ["ruff", "mypy"])
    edited = set_key(edited, ("tool", "ruff", "format"), {"quote-style": "single"})
    edited = set_key(edited, ("tool", "coverage"), {"run": {"branch": True}, "report": {"fail_under": 85}})
    headers = [line for line in edited.splitlines() if line.startswith("[")]
    assert headers == [
        *("[build-system]", "[project]", "[project.scripts]", "[dependency-groups]", "[tool.ruff]"),
        *("[tool.ruff.format]", "[[tool.uv.index]]", "[tool.coverage.run]", "[tool.coverage.report]"),
    ]
    assert '\n]\n\n[project.scripts]\nshop = "shop.main:run"\n\n[dependency-groups]\n' in edited
    assert "\n\n# about ruff\n[tool.ruff]\n" in edited


def test_a_table_goes_before_its_own_sub_tables_and_the_project_before_tools() -> None:
    edited = set_key("# top\n\n# about\n[tool.a.b]\nx = 1\n", ("tool", "a", "y"), 2)
    assert edited == "# top\n\n[tool.a]\ny = 2\n\n# about\n[tool.a.b]\nx = 1\n"
    assert set_key("[tool.a]\n", ("project", "name"), "x") == '[project]\nname = "x"\n\n[tool.a]\n'


def test_root_keys_stand_before_the_first_table() -> None:
    assert set_key("# licence\n\n[a]\n", ("x",), 1) == "# licence\n\nx = 1\n\n[a]\n"
    assert set_key("y = 0\n[a]\n", ("x",), 1) == "y = 0\nx = 1\n[a]\n"
    assert set_key("", ("x", "y"), 1) == "[x]\ny = 1\n"


def test_arrays_of_tables_grow_shrink_and_are_made() -> None:
    one, two = {"name": "one", "url": "https://one"}, {"name": "two", "url": "https://two"}
    edited = set_key(PYPROJECT, ("tool", "uv", "index"), [one, two])
    assert edited == PYPROJECT + '\n[[tool.uv.index]]\nname = "two"\nurl = "https://two"\n'
    assert set_key(edited, ("tool", "uv", "index"), [one]) == PYPROJECT
    assert set_key(edited, ("tool", "uv", "index"), [two]).count("[[tool.uv.index]]") == 1
    made = set_key("[tool.mypy]\nstrict = true\n", ("tool", "mypy", "overrides"), [{"module": "a"}, {"module": "b"}])
    assert made.endswith(
        'strict = true\n\n[[tool.mypy.overrides]]\nmodule = "a"\n\n[[tool.mypy.overrides]]\nmodule = "b"\n'
    )


def test_append_keeps_the_lines_of_the_array() -> None:
    edited = append_to_array(PYPROJECT, ("project", "dependencies"), "httpx")
    assert '    # database\n    "sqlalchemy",\n    "httpx",\n]' in edited
    assert append_to_array('a = ["x"]  # why\n', ("a",), "y") == 'a = ["x", "y"]  # why\n'
    assert append_to_array('a = ["x",]\n', ("a",), "y") == 'a = ["x", "y",]\n'
    assert append_to_array("a = [ # none yet\n]\n", ("a",), 1) == "a = [ # none yet\n    1,\n]\n"
    assert append_to_array("a = []\n", ("a",), 1) == "a = [1]\n"
    assert append_to_array('a = [\n  "x", # c\n  "y"]\n', ("a",), "z") == 'a = [\n  "x", # c\n  "y",\n  "z"]\n'
    assert append_to_array("", ("tool", "a"), 1) == "[tool]\na = [1]\n"


def test_a_long_array_is_broken_into_lines() -> None:
    edited = append_to_array(f'[a]\nb = ["{"x" * 40}"]\n', ("a", "b"), "y" * 40)
    assert edited == f'[a]\nb = [\n    "{"x" * 40}",\n    "{"y" * 40}",\n]\n'


def test_items_that_stay_keep_their_comments() -> None:
    edited = set_key(PYPROJECT, ("project", "dependencies"), ["sqlalchemy"])
    assert '# web\ndependencies = [\n    # database\n    "sqlalchemy"\n]' in edited
    edited = set_key(PYPROJECT, ("project", "dependencies"), ["fastapi>=0.100", "sqlalchemy"])
    assert edited == PYPROJECT.replace('"fastapi"', '"fastapi>=0.100"')


def test_inline_tables_are_edited_inside() -> None:
    source = "[a]\nb = { c = 1 }  # why\ne = {}\n"
    assert set_key(source, ("a", "b", "d"), "x") == source.replace("{ c = 1 }", '{ c = 1, d = "x" }')
    assert set_key(source, ("a", "b", "d", "f"), 2) == source.replace("{ c = 1 }", "{ c = 1, d.f = 2 }")
    assert set_key(source, ("a", "e", "g"), True) == source.replace("{}", "{ g = true }")
    assert remove_key("a = { b = 1, c = 2 }\n", ("a", "b")) == "a = { c = 2 }\n"
    assert remove_key("a = { b = 1, c = 2 }\n", ("a", "c")) == "a = { b = 1 }\n"


def test_remove_takes_the_line_or_the_table() -> None:
    assert remove_key(PYPROJECT, ("project", "name")) == PYPROJECT.replace('name = "shop"  # the name\n', "")
    without = remove_key(PYPROJECT, ("tool", "ruff"))
    assert "# about ruff\n\n[[tool.uv.index]]" in without
    assert remove_key("a.b = 1\nc = 2\na.d = 3\n", ("a",)) == "c = 2\n"
    assert remove_key("[a]\nx = 1\n\n[b]\ny = 1\n\n[c]\n", ("b",)) == "[a]\nx = 1\n\n[c]\n"
    assert remove_key('a = [\n  "x",  # one\n  "y",\n]\n', ("a", 0)) == 'a = [\n  "y",\n]\n'
    assert remove_key("[[a.b]]\nx = 1\n\n[c]\n", ("a", "b", 0)) == "[c]\n"
    assert remove_key("t = { a.b = [1], a.c = 2, d = 3 }\n", ("t", "a")) == "t = { d = 3 }\n"
    with pytest.raises(ValueError, match=r"there is no tool\.x"):
        remove_key(PYPROJECT, ("tool", "x"))


def test_a_table_becomes_a_value_and_a_value_a_table() -> None:
    assert set_key("[a]\nx = 1 # one\n[b]\n", ("a",), 5) == "# one\na = 5\n\n[b]\n"
    assert set_key("[t]\na = 1\n", ("t", "a"), {"b": [1, 2]}) == "[t]\na = { b = [1, 2] }\n"
    assert set_key("[a]\nx = 1 # one\ny = 2\n", ("a",), {"y": 3}) == "[a]\n# one\ny = 3\n"


def test_comments_inside_a_replaced_value_move_above_it() -> None:
    source = "[t]\na = [\n  1, # one\n]\n"
    assert set_key(source, ("t", "a"), "x") == '[t]\n# one\na = "x"\n'


def test_windows_newlines_stay() -> None:
    source = "[a]\r\nb = 1\r\n\r\n[c]\r\nd = [\r\n  1,\r\n]\r\n"
    edited = append_to_array(set_key(source, ("tool", "x"), {"y": ["1", "2"]}), ("c", "d"), 2)
    edited = set_key(edited, ("a", "text"), "two\nlines")
    assert "\n" not in edited.replace("\r\n", "")
    assert tomllib.loads(edited)["a"] == {"b": 1, "text": "two\nlines"}


def test_a_last_line_without_newline_is_ended_first() -> None:
    assert set_key("[a]\nb = 1", ("a", "c"), 2) == "[a]\nb = 1\nc = 2\n"
    assert set_key("[a]\nb = 1", ("c", "d"), 2) == "[a]\nb = 1\n\n[c]\nd = 2\n"


@pytest.mark.parametrize(
    ("source", "route"),
    [("a = 1", ("a", "b")), ("a = [1]", ("a", "b")), ("a = ", ("a",)), ("[[a]]", ("a", "b")), ("[" * 9000, ("a",))],
)
def test_what_cannot_be_done_is_a_value_error(source: str, route: tuple[str, ...]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - tomllib words some of them
        set_key(source, route, 1)


def test_none_is_no_value_of_toml() -> None:
    with pytest.raises(ValueError, match="no form"):
        set_key("", ("a",), None)
    with pytest.raises(ValueError, match="no array"):
        append_to_array("a = 1", ("a",), 1)


def test_has_key() -> None:
    assert has_key(PYPROJECT, ("tool", "uv", "index", 0, "url"))
    assert not has_key(PYPROJECT, ("tool", "uv", "index", 1))
    assert not has_key(PYPROJECT, ("project", "name", "x"))


# --- any document

KEYS = st.sampled_from(["a", "b", "c", "tool", "d e", "f.g", ""])
SCALARS: st.SearchStrategy[Any] = (
    st.booleans()
    | st.integers(-9, 9)
    | st.floats(allow_nan=True)
    | st.text("ab \"'\\\n\t#[]{}=,é\x00\r", max_size=6)
    | st.just(dt.datetime(2026, 1, 2, 3, 4, 5))
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=5
)
TEXTS = st.sampled_from(
    [
        *("1", '"x"', "'y'", "true", "1.5", "[]", "{}", "[1, 2]", "[1, 2,]", "{ a = 1 }", "{a=1,b.c=[2]}"),
        *("[\n  1, # one\n  2 # two\n]", "[ # none\n]", "[\n  1,\n\n  # two\n  2,\n  ]", "[[1], [\n2]]"),
        *('"""\n# no comment\n"""', "'''\n[x]\n'''", "[{a = 1}, {b = [2]}]", "[1,\n 2]", "1979-05-27T07:32:00Z", "nan"),
    ]
)
DOTTED = st.lists(st.sampled_from(["a", "b", "c", "tool", '"d e"', "'f.g'"]), min_size=1, max_size=3).map(".".join)
PIECES = (
    st.builds("{} = {}{}".format, DOTTED, TEXTS, st.sampled_from(["", "  # why", " #"]))
    | st.builds("{}[{}]{}".format, st.sampled_from(["", "  "]), DOTTED, st.sampled_from(["", " # table"]))
    | st.builds("[[{}]]".format, DOTTED)
    | st.builds("  {} = {}".format, DOTTED, TEXTS)
    | st.sampled_from(["", "# alone", "    # deeper"])
)


def document(pieces: list[str], newline: str) -> str:
    """The pieces that make a valid document one after another."""
    source = ""
    for piece in pieces:
        try:
            tomllib.loads(source + piece + "\n")
        except tomllib.TOMLDecodeError:
            continue
        source += piece + "\n"
    return source.replace("\n", newline)


DOCUMENTS = st.builds(document, st.lists(PIECES, max_size=12), st.sampled_from(["\n", "\r\n"]))


def routes(value: Any, above: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every route of a document."""
    items: list[tuple[Any, Any]] = []
    if isinstance(value, dict | list):
        items = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
    return [route for key, item in items for route in [(*above, key), *routes(item, (*above, key))]]


def plain(value: Any) -> Any:
    """A value whose parts compare by type as well, and without empty tables, which a new key may imply."""
    if isinstance(value, dict):
        parts = {key: plain(item) for key, item in value.items()}
        return {key: part for key, part in parts.items() if part != {}}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return (type(value).__name__, "nan" if isinstance(value, float) and math.isnan(value) else value)


def comments(source: str) -> list[str]:
    """The texts of all comments, sorted."""
    return sorted(text for _, text in scan(source).comments)


def test_nan_is_the_same_as_nan_alone() -> None:
    assert set_key("a = nan\n", ("a",), 0.0) == "a = 0.0\n"
    assert set_key("a = nan # why\n", ("a",), float("nan")) == "a = nan # why\n"


def test_a_dotted_key_that_goes_on_in_a_table_which_a_header_implies() -> None:
    source = "[[c.'f.g'.a]]\n[c]\n'f.g'.b.a = 1\n"
    assert set_key(source, ("c", "f.g", "b", "b"), 2) == source + '"f.g".b.b = 2\n'


@settings(max_examples=250)
@given(DOCUMENTS, st.data())
def test_set_gives_exactly_the_data_and_loses_no_comment(source: str, data: st.DataObject) -> None:
    before = tomllib.loads(source)
    known = [()] + [route for route in routes(before) if isinstance(at(before, route), dict)]
    route = data.draw(st.sampled_from(known)) + tuple(data.draw(st.lists(KEYS, min_size=1, max_size=3)))
    value = data.draw(VALUES)
    expected = copy.deepcopy(before)
    place: Any = expected
    for step in route[:-1]:
        assume(isinstance(place, dict))
        place = place.setdefault(step, {})
    assume(isinstance(place, dict))
    place[route[-1]] = value
    edited = set_key(source, route, value)
    assert plain(tomllib.loads(edited)) == plain(expected)
    assert not [text for text in comments(source) if comments(edited).count(text) < comments(source).count(text)]
    assert ("\r\n" in source) <= ("\n" not in edited.replace("\r\n", ""))


@settings(max_examples=150)
@given(DOCUMENTS, st.data())
def test_remove_takes_one_thing_away(source: str, data: st.DataObject) -> None:
    before = tomllib.loads(source)
    assume(before)
    route = data.draw(st.sampled_from(routes(before)))
    expected = copy.deepcopy(before)
    assume(isinstance(route[-1], str) or len(at(before, route[:-1])) > 1)
    del at(expected, route[:-1])[route[-1]]
    assert plain(tomllib.loads(remove_key(source, route))) == plain(expected)


@settings(max_examples=150)
@given(DOCUMENTS)
def test_every_route_has_its_line(source: str) -> None:
    lines = source.splitlines()
    for route in routes(tomllib.loads(source)):
        node = scan(source).nodes[route]
        assert 1 <= node.line <= len(lines)
        if isinstance(route[-1], str):
            assert route[-1] in lines[node.line - 1]


def at(data: Any, route: tuple[str | int, ...]) -> Any:
    """The value at a route."""
    for step in route:
        data = data[step]
    return data


def test_a_position_behind_the_last_item_appends() -> None:
    made = set_key("", ("tool", "m", "o", 0), {"a": 1}, ["# one"])
    assert set_key(made, ("tool", "m", "o", 1), {"a": 2}, ["# two"]) == (
        "# one\n[[tool.m.o]]\na = 1\n\n# two\n[[tool.m.o]]\na = 2\n"
    )
    assert set_key("a = [1]\n", ("a", 1), 2) == "a = [1, 2]\n"
