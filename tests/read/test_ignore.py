"""Our reading of .gitignore against git's own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.read.ignore import IgnoreFile, Ignores, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDERS = ("", "d/", "e/", "foo/", "d/d/", "d/foo/", "foo/e/")
PATHS = [folder + name for folder in FOLDERS for name in ("a", "ab", "a.py", "b.txt")]
PARTS = ["a", "*", "**", "d", "e", "*.py", "foo", "?", "[ab]", "a*", "\\a", "[!a]", "d?", "[a-d]", "[]a]", "[^/]"]
PARTS += ["x[", "**a", "a**", "***", "[[:alpha:]]", "[[:nope:]]", "[!", "a\\", "[z-a]", "*[!p]*", "?**?", "[\\a]"]


@st.composite
def patterns(draw: st.DrawFn) -> str:
    """A line of a .gitignore, likely to touch ``PATHS``."""
    body = "/".join(draw(st.lists(st.sampled_from(PARTS), min_size=1, max_size=3)))
    before, after = (
        draw(st.sampled_from(["", "/", "!", "!/", "#", " "])),
        draw(st.sampled_from(["", "", "/", " ", "\r"])),
    )
    return before + body + after


@pytest.fixture(scope="module")
def repository() -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        subprocess.run(["git", "init", "-q", folder], check=True)
        for path in PATHS:
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
        yield Path(folder)


def ignored_by_git(repository: Path) -> set[str]:
    """What git says; no settings of the machine count."""
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", "-C", str(repository), "check-ignore", "--no-index", "--stdin", "-z"]
    answer = subprocess.run(command, input="\0".join(PATHS).encode(), capture_output=True, env=environment, check=False)
    return set(filter(None, answer.stdout.decode().split("\0")))


def ignored_by_us(files: dict[str, str]) -> set[str]:
    ignores = Ignores()
    for folder, text in files.items():
        ignores.add(folder, text)

    def ignored(path: str, is_dir: bool) -> bool:
        above = path.rpartition("/")[0]
        return (above != "" and ignored(above, True)) or ignores.ignored(path, is_dir)

    return {path for path in PATHS if ignored(path, False)}


@settings(max_examples=120)
@given(top=st.lists(patterns(), max_size=5), inner=st.lists(patterns(), max_size=2))
def test_agrees_with_git(repository: Path, top: list[str], inner: list[str]) -> None:
    files = {"": "\n".join(top) + "\n", "d": "\n".join(inner) + "\n"}
    for folder, text in files.items():
        (repository / folder / ".gitignore").write_bytes(text.encode())
    assert ignored_by_us(files) == ignored_by_git(repository)


@pytest.mark.parametrize(
    ("text", "path", "is_dir", "expected"),
    [
        ("*.py\n!keep.py\n", "keep.py", False, False),
        ("*.py\n!keep.py\n", "a/x.py", False, True),
        ("!keep.py\n*.py\n", "keep.py", False, True),
        ("build/\n", "build", False, None),
        ("build/\n", "build", True, True),
        ("/app/.env\n", "app/.env", False, True),
        ("/app/.env\n", "src/app/.env", False, None),
        ("a/**/b\n", "a/b", False, True),
        ("a/**/b\n", "a/x/y/b", False, True),
        ("a/**\n", "a", True, None),
        ("\ufeff*.log\r\n", "x.log", False, True),
        ("\\#x\n", "#x", False, True),
        ("a\\ \n", "a ", False, True),
    ],
)
def test_says(text: str, path: str, is_dir: bool, expected: bool | None) -> None:
    assert IgnoreFile(text).decide(path, is_dir) is expected


@pytest.mark.parametrize("line", ["", "# a comment", "/", "   "])
def test_no_pattern(line: str) -> None:
    assert parse(line) is None


def test_the_deepest_file_decides() -> None:
    ignores = Ignores()
    ignores.add("", "*.db\n")
    ignores.add("data", "!keep.db\n")
    assert ignores.ignored("data/x.db", False)
    assert not ignores.ignored("data/keep.db", False)
    assert not ignores.ignored("data/x.txt", False)
