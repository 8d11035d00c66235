"""What single change would let contradicting requirements be met."""

import sys
from pathlib import Path

import pytest
from wheels import make_wheel, offline_uv

from trueup.apply.solvable import bounded, single_changes, without_bound
from trueup.model.names import requirement_name
from trueup.tools.uv import Uv, UvError

MANIFEST = """[project]
name = "shop"
version = "1"
requires-python = ">=3.11"
dependencies = [{}]
"""


@pytest.fixture
def uv(tmp_path: Path) -> Uv:
    """The real uv, which knows ``lib`` in two versions, and what wants the older and the newer."""
    for version in ("1.0", "2.0"):
        make_wheel(tmp_path / "house", "lib", version)
    make_wheel(tmp_path / "house", "old", "1.0", "lib<2")
    make_wheel(tmp_path / "house", "old", "2.0")
    make_wheel(tmp_path / "house", "new", "1.0", "lib>=2")
    return offline_uv(tmp_path / "house", tmp_path / "cache")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (["lib>=2", "old<2"], ["without the bound of lib (lib>=2)", "without the bound of old (old<2)"]),
        (["new==1.0", "old==1.0"], ["without the bound of old (old==1.0)"]),
        (["lib>=3"], ["without the bound of lib (lib>=3)"]),
        (["lib>=3", "old>=3"], []),
    ],
)
def test_a_bound_is_taken_away_once(tmp_path: Path, uv: Uv, wanted: list[str], found: list[str]) -> None:
    text = MANIFEST.format(", ".join(f'"{item}"' for item in wanted))
    (tmp_path / "pyproject.toml").write_text(text, "utf-8")
    with pytest.raises(UvError) as problem:
        uv.lock(tmp_path, python=sys.executable)
    said = f"{problem.value.message} {problem.value.explanation} {' '.join(map(requirement_name, wanted))}"
    assert single_changes(tmp_path, uv, python=sys.executable, explanation=said) == found
    assert (tmp_path / "pyproject.toml").read_text("utf-8") == text
    assert not (tmp_path / "uv.lock").exists()


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("lib>=2", "lib"),
        ("Lib[a, b] == 1.0 ; os_name == 'nt'", "Lib[a, b]; os_name == 'nt'"),
        ("lib", "lib"),
        ("lib @ https://example.com/lib.whl", "lib @ https://example.com/lib.whl"),
        ("", ""),
    ],
)
def test_a_bound_is_what_stands_behind_the_name(text: str, plain: str) -> None:
    assert without_bound(text) == plain


def test_only_bounds_of_the_project_are_asked() -> None:
    data = {
        "project": {"dependencies": ["a", "b>1"], "optional-dependencies": {"x": ["c<2"]}},
        "dependency-groups": {"dev": ["d==1", {"include-group": "test"}]},
    }
    assert list(bounded(data)) == ["b>1", "c<2", "d==1"]
