"""A pattern's words are part of all that it matches: without them it is not even compiled."""

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup.model.pattern import Worded, lazy
from trueup.read import zones
from trueup.rules import catalogue

WORDED = {
    f"{module.__name__}.{name}": value
    for module in (*(sys.modules[rule.module] for rule in catalogue()), zones)
    for name, value in vars(module).items()
    if isinstance(value, Worded)
}


def test_there_are_such_patterns() -> None:
    assert len(WORDED) > 10


@pytest.mark.parametrize("name", WORDED)
def test_every_match_holds_a_word(name: str) -> None:
    worded = WORDED[name]

    @given(st.from_regex(re.compile(worded.lazy.source, worded.lazy.how)))
    def holds(text: str) -> None:
        assert any(word in text for word in worded.words)
        assert worded.search(text)

    holds()


def test_a_pattern_with_words_answers_as_one_without() -> None:
    pattern = lazy(r"a+(b)$", re.MULTILINE, words=("ab",))
    plain = re.compile(r"a+(b)$", re.MULTILINE)
    assert pattern.pattern == plain.pattern
    for text in ("aab", "x\nab\nab", "ba", ""):
        for method in ("match", "search", "fullmatch"):
            found, wanted = (getattr(item, method)(text) for item in (pattern, plain))
            assert (found and found.span()) == (wanted and wanted.span())
        assert pattern.findall(text) == plain.findall(text)
        assert [item.span() for item in pattern.finditer(text)] == [item.span() for item in plain.finditer(text)]
    assert pattern.match("xaab", 1)
    assert not pattern.match("xaab", 0)
