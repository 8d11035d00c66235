"""Files that are nested deeper than any settings, and instructions without words."""

import pytest

from trueup.text.docker import instructions, shell_commands
from trueup.text.scalars import DEEPEST, json_scalars, scalars


@pytest.mark.parametrize(
    ("syntax", "text"),
    [
        ("json", '{"a":' * 20_000),
        ("json", "[" * 100_000),
        ("yaml", "a: " + "[" * 20_000),
        ("yaml", "a:\n" + "- " * 20_000),
        ("toml", "a = " + "[" * 20_000),
    ],
)
def test_what_is_nested_too_deeply_is_read_as_far_as_that(syntax: str, text: str) -> None:
    found = list(scalars(syntax, text))
    assert len(found) <= DEEPEST + 2
    assert all(len(item.route) <= DEEPEST + 2 for item in found)


def test_what_is_nested_as_deeply_as_may_be_is_read() -> None:
    assert [item.text for item in json_scalars("[" * DEEPEST + '"x"' + "]" * DEEPEST)] == ["x"]


def test_an_instruction_without_words_runs_nothing() -> None:
    text = 'FROM python\nCMD []\nENTRYPOINT []\nRUN [ ]\nCMD ["a"]\n'
    found = [list(shell_commands(text, item)) for item in instructions(text) if item.keyword != "FROM"]
    assert [[word.text for word in command] for commands in found for command in commands] == [["a"]]


def test_words_of_an_instruction_are_no_keywords_of_a_shell() -> None:
    text = 'FROM python\nCOPY do if /app/\nRUN if [ "$A" ]; then a; fi\n'
    copy, run = [item for item in instructions(text) if item.keyword != "FROM"]
    assert [word.text for word in copy.words] == ["do", "if", "/app/"]
    assert [words[0].text for words in shell_commands(text, run)] == ["[", "a", "fi"]
    assert not run.json


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ('a = {b = "x"}', ("a", "b")),
        ("a = { b='x' }", ("a", "b")),
        ('a = { "" = "x" }', ("a", "")),
        ('a = {"b " = "x"}', ("a", "b ")),
    ],
)
def test_a_key_of_an_inline_table_ends_where_its_word_does(text: str, route: tuple[str, ...]) -> None:
    assert [item.route for item in scalars("toml", text) if item.text == "x"] == [route]
