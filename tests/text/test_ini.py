"""The tolerant INI reader, compared with the strict ones where they agree."""

import configparser

from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.text.ini import line_of, parse, read

SOURCE = """\
# top
[tool:pytest]
addopts =
    -ra
    # quiet
    -q

    --strict-markers
testpaths = tests

; about mypy
[mypy]
strict: True
[mypy-a.*,b.*]
ignore_missing_imports = True
"""


def test_values_are_those_of_configparser() -> None:
    strict = configparser.RawConfigParser()
    strict.read_string(SOURCE)
    data, _ = parse(SOURCE)
    assert data == {name: dict(strict.items(name)) for name in strict.sections()}
    assert data["tool:pytest"]["addopts"] == "\n-ra\n-q\n\n--strict-markers"


def test_lines_and_comments_are_known() -> None:
    ini = read(SOURCE)
    pytest_section = ini.named("tool:pytest")
    assert pytest_section is not None
    addopts = pytest_section.get("addopts")
    assert addopts is not None
    assert (addopts.first, addopts.last, addopts.comments) == (3, 8, ((5, "# quiet"),))
    assert [line.number for line in addopts.lines] == [3, 4, 6, 7, 8]
    assert ini.comments == ((1, "# top"),)
    assert pytest_section.comments == ((11, "; about mypy"),)
    assert line_of(SOURCE, ("mypy", "strict")) == 13
    assert line_of(SOURCE, ("mypy", "absent")) == 12
    assert line_of(SOURCE, ("absent",)) == 0


def test_what_strict_readers_refuse_is_kept_aside() -> None:
    ini = read("\ufeffa = 1\n[s]\nb = 1\nb = 2\njust words\n= 3\n[s]\nc = %(x\n[unclosed\n")
    assert [section.name for section in ini.sections] == ["", "s", "s"]
    assert [line.text for line in ini.bad] == ["just words", "= 3", "[unclosed"]
    assert parse("[s]\nb = 1\nb = 2\n[s]\nc = 3\n")[0] == {"s": {"b": "2", "c": "3"}}
    assert line_of("[s]\nb = 1\nb = 2\n", ("s", "b")) == 3


def test_windows_newlines_and_no_last_newline() -> None:
    assert parse("[s]\r\na = 1\r\n  2\r\nb = 3")[0] == {"s": {"a": "1\n2", "b": "3"}}


@settings(max_examples=200)
@given(
    st.lists(
        st.sampled_from(["[a]", "[b c]", "x = 1", "y: 2", "  deeper", "\tdeep", "# c", "  ; c", "", "z =", "  k = v"]),
        max_size=12,
    )
)
def test_agrees_with_configparser_wherever_that_reads(lines: list[str]) -> None:
    source = "\n".join(lines) + "\n"
    strict = configparser.RawConfigParser(strict=False)
    try:
        strict.read_string(source)
    except configparser.Error:
        return
    data, _ = parse(source)
    assert data == {name: dict(strict.items(name)) for name in strict.sections()}
