"""Compiled patterns are kept beside the compiled module: taken from there they are what ``re.compile`` makes."""

import importlib
import os
import pkgutil
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import source_hash
from pathlib import Path

import pytest

import trueup
from trueup.interfaces.patterns import Patterns, recalled
from trueup.model.pattern import Lazy, Worded


def product() -> Iterator[tuple[str | bytes, int]]:
    """Every lazy pattern that a module of the product holds by name."""
    for module in pkgutil.walk_packages(trueup.__path__, "trueup."):
        if ".demo" in module.name or module.name.endswith("__main__"):
            continue
        for value in vars(importlib.import_module(module.name)).values():
            held = value.lazy if isinstance(value, Worded) else value
            if isinstance(held, Lazy):
                yield held.source, held.how


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file in which two patterns are kept."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    path = tmp_path / "some.patterns"
    patterns = Patterns(str(path))
    patterns.compile(r"(?P<word>\w+)|(\d)", re.ASCII)
    patterns.compile(rb"(?i)b+", re.MULTILINE)
    patterns.keep()
    return path


def test_every_pattern_of_the_product_is_kept_as_it_is_compiled(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = set(product())
    assert len(wanted) > 300
    monkeypatch.setattr("trueup.interfaces.patterns.MOST", len(wanted) + 2)
    first = Patterns(str(kept))
    for source, flags in wanted:
        first.compile(source, flags)
    first.keep()
    second = Patterns(str(kept))
    for source, flags in wanted:
        again, fresh = second.compile(source, flags), re.compile(source, flags)
        assert (again, again.flags, again.groups, again.groupindex) == (
            fresh,
            fresh.flags,
            fresh.groups,
            fresh.groupindex,
        )
    assert not second.new
    assert list(kept.parent.iterdir()) == [kept]


def test_a_kept_pattern_matches(kept: Path) -> None:
    patterns = Patterns(str(kept))
    found = patterns.compile(r"(?P<word>\w+)|(\d)", re.ASCII).fullmatch("word")
    assert found
    assert (found["word"], found.lastgroup) == ("word", "word")
    assert patterns.compile(rb"(?i)b+", re.MULTILINE).findall(b"Bb a b") == [b"Bb", b"b"]
    assert not patterns.new


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data[:20] + bytes([data[20] ^ 1]) + data[21:],
        lambda data: source_hash(b"not marshal") + b"not marshal",
        lambda data: (
            source_hash(data[8:].replace(sys.version.encode(), b"x" * len(sys.version)))
            + data[8:].replace(sys.version.encode(), b"x" * len(sys.version))
        ),
    ],
    ids=["empty", "cut", "flipped", "other bytes", "another Python"],
)
def test_what_cannot_be_trusted_is_compiled(kept: Path, spoil: Callable[[bytes], bytes]) -> None:
    kept.write_bytes(spoil(kept.read_bytes()))
    patterns = Patterns(str(kept))
    assert patterns.compile("a+").fullmatch("aa")
    assert (patterns.known, patterns.new) == ({}, [("a+", 0)])


def test_nothing_is_left_where_the_file_cannot_be_replaced(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_source: str, _target: str) -> None:
        raise PermissionError

    before = kept.read_bytes()
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr("os.replace", refuse)
    patterns = Patterns(str(kept))
    patterns.compile("a+")
    patterns.keep()
    assert list(kept.parent.iterdir()) == [kept]
    assert kept.read_bytes() == before


def test_nothing_is_written_where_python_writes_no_bytecode(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = kept.read_bytes()
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    patterns = Patterns(str(kept))
    patterns.compile("a+")
    patterns.keep()
    assert kept.read_bytes() == before


def test_a_folder_that_is_not_there_is_no_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    patterns = Patterns(str(tmp_path / "nowhere" / "some.patterns"))
    assert patterns.compile("a+").fullmatch("aa")
    patterns.keep()
    assert not list(tmp_path.iterdir())


def test_a_python_that_makes_another_pattern_keeps_none(kept: Path) -> None:
    kept.unlink()
    patterns = Patterns(str(kept))
    patterns.make = lambda *entry: re.compile("another")
    assert patterns.compile("a+").fullmatch("aa")
    patterns.keep()
    assert Patterns(str(kept)).known == {}


def test_a_start_takes_them_from_beside_its_bytecode(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("import os\n", "utf-8")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(tmp_path / "bytecode")
    argv = [sys.executable, "-m", "trueup", "audit", "--format", "json", "--fail-on", "never", str(tmp_path)]
    first = subprocess.run(argv, capture_output=True, env=environment, check=True).stdout
    (written,) = (tmp_path / "bytecode").rglob("*.patterns")
    assert written.parent == next((tmp_path / "bytecode").rglob("pattern.*.pyc")).parent
    assert len(Patterns(str(written)).known) > 20
    assert subprocess.run(argv, capture_output=True, env=environment, check=True).stdout == first


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Patterns:
    """What every pattern is taken from."""
    compiler = importlib.import_module("re._compiler")
    monkeypatch.setattr(Lazy, "compile", staticmethod(re.compile))
    monkeypatch.setattr(compiler, "compile", compiler.compile)
    monkeypatch.setattr("trueup.interfaces.patterns.MOST", 1_000_000)  # as many may be kept already
    return recalled()


def test_all_patterns_are_asked_for_where_they_are_kept(asked: Patterns) -> None:
    assert Lazy("never asked for before (a|b)+", 0).fullmatch("never asked for before ab")
    assert re.search("nor asked for by that name", "", re.MULTILINE) is None
    with pytest.raises(re.error):
        re.search("nor one that is none (", "")
    found = [key for key in asked.new if "asked for" in str(key[0])]
    assert found == [("never asked for before (a|b)+", 0), ("nor asked for by that name", re.MULTILINE.value)]


def test_no_more_than_so_many_are_kept(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trueup.interfaces.patterns.MOST", 3)
    patterns = Patterns(str(kept))
    assert [patterns.compile(word).fullmatch(word) is None for word in ("first", "second")] == [False, False]
    assert patterns.new == [("first", 0)]
