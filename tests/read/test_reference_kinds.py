"""The files of a row: what is compared without a regular expression is compared as with one."""

import re
import warnings

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trueup.read.reference_files import rows_for
from trueup.read.reference_kinds import Row, command_rows, reference_rows
from trueup.text.naming import glob_regex

PATTERNS = sorted({pattern for row in (*reference_rows(), *command_rows()) for pattern in row.files})
PIECES = ["Dockerfile", "compose", "docker-", ".", "yml", "yaml", "log", "ging", "scripts", "/", "a", "json", ".github"]


def matching(rows: tuple[Row, ...], path: str) -> list[Row]:
    """The rows by the regular expressions of their patterns."""
    path = re.sub(r"^(\.\./)+", "", path)
    name = path.rsplit("/", 1)[-1]
    return [
        row
        for row in rows
        if any(glob_regex(item).fullmatch(path if "/" in item or "**" in item else name) for item in row.files)
    ]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
@example("Dockerfile../compose")
@example("../.github/workflows/log.yml")
def test_any_path(path: str) -> None:
    for rows in (reference_rows(), command_rows()):
        assert rows_for(path, rows) == matching(rows, path)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_each_pattern_finds_what_it_is_made_for(pattern: str) -> None:
    for rows in (reference_rows(), command_rows()):
        for filled in ("", "x", "prod.x", "log"):
            path = pattern.replace("{scripts,script,bin,docker,.docker,deploy,compose}", "bin").replace("**", "a/b")
            path = path.replace("*", filled)
            assert rows_for(path, rows) == matching(rows, path)


def test_a_class_of_characters_is_taken_as_it_is_written() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for pattern, path in (("a[+--]b", "a,b"), ("[a&&b]", "&"), ("[[x]", "["), ("[!a]", "b"), ("[a||b~~]", "~")):
            assert glob_regex(pattern).fullmatch(path), pattern
