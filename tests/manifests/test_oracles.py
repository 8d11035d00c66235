"""Bounds and markers against somebody else's judgement: what poetry-core allows, what packaging evaluates, what pip reads."""

import contextlib
import itertools
from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.markers import Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version
from poetry.core.constraints.version import Version as PoetryVersion
from poetry.core.constraints.version import parse_constraint

from trueup.model.tree import MemoryTree
from trueup.read.manifests._poetry_versions import specifier
from trueup.read.manifests.poetry import read
from trueup.read.manifests.requirements import read as read_requirements

NUMBER = st.integers(0, 4)
RELEASE = st.lists(NUMBER, min_size=1, max_size=3).map(lambda parts: ".".join(map(str, parts)))
TERM = st.builds("{}{}".format, st.sampled_from(["^", "~", "", "=", "==", ">=", "<=", ">", "<", "!="]), RELEASE)
WILD = RELEASE.map(lambda text: ".".join(text.split(".")[:2]) + ".*")
SIDE = st.lists(TERM, min_size=1, max_size=2).map(",".join) | WILD | st.just("*")
CONSTRAINT = st.lists(SIDE, min_size=1, max_size=2).map(" || ".join)
GRID = [".".join(map(str, parts)) for parts in itertools.product(range(6), range(6), range(5))]


@settings(max_examples=400)
@given(CONSTRAINT)
def test_a_bound_allows_what_poetry_allows(constraint: str) -> None:
    """Final releases only: of prereleases the two have different ideas by design."""
    with contextlib.suppress(ValueError):  # what PEP 440 cannot say is refused, never bent
        written = SpecifierSet(specifier(constraint))
        theirs = parse_constraint(constraint)
        for version in GRID:
            assert written.contains(version) == theirs.allows(PoetryVersion.parse(version)), (constraint, str(written))


@pytest.mark.parametrize(
    ("constraint", "written"),
    [("^1.2.3", ">=1.2.3,<2"), ("~1.2", ">=1.2,<1.3"), ("^0.0.3", ">=0.0.3,<0.0.4"), ("*", ""), ("1.*", "==1.*")],
)
def test_bounds_that_others_got_wrong(constraint: str, written: str) -> None:
    assert SpecifierSet(specifier(constraint)) == SpecifierSet(written)


PYTHONS = ["3.8", "3.9", "3.10", "3.11", "3.12", "3.13"]
PYTHON = st.builds("{}{}".format, st.sampled_from(["^", "~", ">=", "<", "=="]), st.sampled_from(PYTHONS))


@settings(max_examples=200)
@given(PYTHON, st.sampled_from(["", "linux", "win32", "darwin|linux"]))
def test_a_marker_holds_where_poetry_installs(python: str, platform: str) -> None:
    """``python`` and ``platform`` of a dependency, evaluated over a grid of environments."""
    entry = f'a = {{version = "^1", python = "{python}"' + (f', platform = "{platform}"' if platform else "") + "}"
    text = f'[tool.poetry]\nname = "shop"\nversion = "1"\n\n[tool.poetry.dependencies]\n{entry}\n'
    (manifest,) = read(MemoryTree({"pyproject.toml": text}))
    (item,) = manifest.requirements
    theirs = parse_constraint(python)
    for minor, system in itertools.product(PYTHONS, ["linux", "win32", "darwin"]):
        environment = {"python_version": minor, "python_full_version": f"{minor}.0", "sys_platform": system}
        expected = theirs.allows(PoetryVersion.parse(minor)) and (not platform or system in platform.split("|"))
        assert Marker(item.marker).evaluate(environment) == expected, (entry, item.marker)


def test_the_grid_is_one() -> None:
    assert len({Version(text) for text in GRID}) == len(GRID)


NAMES = st.sampled_from(["requests", "Django", "zope.interface", "ruamel.yaml", "typing_extensions"])
EXTRAS = st.sampled_from(["", "[a]", "[a, b]", " [a]"])
BOUNDS = st.sampled_from(["", "==1.0", " == 1.0", ">=1,<2", " >= 1.0 , < 2", "~=1.4", "!=1.5", "===1.0", "==1.*"])
MARKERS = st.sampled_from(
    ["", "; python_version >= '3.9'", ' ; sys_platform == "win32"', "; extra == 'x' or os_name=='nt'"]
)
TAILS = st.sampled_from(["", "  # why", "\t# why", " --hash=sha256:" + "0" * 64, " \\\n    --hash=sha256:" + "1" * 64])
LINES = st.builds("{}{}{}{}{}".format, NAMES, EXTRAS, BOUNDS, MARKERS, TAILS)
OTHER = st.sampled_from(["", "# a comment", "   ", "-i https://example.com/simple", "--no-binary :all:", "\\"])


@settings(max_examples=300)
@given(st.lists(LINES | OTHER, max_size=6), st.sampled_from(["\n", "\r\n"]))
def test_a_line_says_what_pip_reads_in_it(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], newline: str
) -> None:
    text = newline.join(line.replace("\n", newline) for line in lines) + newline
    path = tmp_path_factory.getbasetemp() / "requirements.txt"
    path.write_bytes(text.encode())
    theirs, legal = [], True
    for item in import_module("pip._internal.req.req_file").parse_requirements(str(path), session=None):
        try:
            theirs.append(Requirement(item.requirement))
        except InvalidRequirement:
            legal = False
    (manifest,) = read_requirements(MemoryTree({"requirements.txt": text}))
    if legal:  # what pip refuses when it installs is told, not converted
        assert sorted(map(normal, theirs)) == sorted(normal(Requirement(item.text)) for item in manifest.requirements)


def normal(item: Requirement) -> str:
    """A requirement however it is written."""
    return f"{canonicalize_name(item.name)} {sorted(item.extras)} {item.specifier} {item.marker}"
