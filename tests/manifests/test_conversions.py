"""Every case of the pages beside this file: what goes in, what comes out, and the fate of every line.

A section has a tree (as ``tests/support/trees.py`` draws it), ``pyproject.toml`` afterwards, and the ledger: one
row a line of a source, ``path:line fate to``, with the reason behind ``#``. A tree without Python is that of an
application that imports httpx and uvicorn. ``python tests/manifests/test_conversions.py`` writes the pages anew:
read what it changed before you believe it.
"""

from __future__ import annotations

import contextlib
import random
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
import trees
from packaging.requirements import Requirement

from trueup.errors import TrueupError
from trueup.model.change import Remove
from trueup.model.operation import ConvertManifests
from trueup.model.tree import MemoryTree, Overlay
from trueup.plan.convert import convert
from trueup.read.project import of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.plan.lowered import Lowered

HERE = Path(__file__).parent
SECTION = re.compile(r"(?m)^# (?=\d)")
APP = {"main.py": "from fastapi import FastAPI\nimport httpx, uvicorn\napp = FastAPI()\n"}
NOTHING = "(none)\n"


class Case(NamedTuple):
    """One section of a page."""

    title: str
    tree: str
    manifest: str
    ledger: str


def cases(page: Path) -> Iterator[Case]:
    for part in SECTION.split(page.read_text("utf-8"))[1:]:
        title, _, body = part.partition("\n")
        blocks = [block["drawn"] for block in trees.FENCE.finditer(body)]
        yield Case(title, *[*blocks, "", ""][:3])


def converted(case: Case) -> tuple[MemoryTree, Lowered]:
    tree = trees.tree(case.tree)
    if not any(path.endswith(".py") for path in tree.entries):
        tree = MemoryTree({**APP, **tree.contents})
    return tree, convert(of(tree, root="shop"), tree, ConvertManifests("X", ()))


def manifest(tree: MemoryTree, lowered: Lowered) -> str:
    after = Overlay(tree, lowered.changes)
    return after.text("pyproject.toml") if after.has("pyproject.toml") else NOTHING


def ledger(lowered: Lowered) -> str:
    rows = [
        f"{row.path}:{row.line} {row.fate} {row.to.removeprefix('pyproject.toml ')}".rstrip()
        + (f"  # {row.reason}" if row.reason else "")
        for row in lowered.ledger
    ]
    gone = [f"removed {change.path}" for change in lowered.changes if isinstance(change, Remove)]
    pins = [f"pinned {pin.name} {pin.version} {pin.marker}".rstrip() for pin in lowered.pins]
    return "".join(f"{line}\n" for line in [*rows, *gone, *pins])


PAGES = sorted(HERE.glob("*.md"))
ALL = [pytest.param(case, id=f"{page.stem}-{case.title}") for page in PAGES for case in cases(page)]


@pytest.mark.parametrize("case", ALL)
def test_conversion(case: Case) -> None:
    tree, lowered = converted(case)
    assert manifest(tree, lowered) == case.manifest
    assert ledger(lowered) == case.ledger


@pytest.mark.parametrize("case", ALL)
def test_what_is_written_is_legal(case: Case) -> None:
    data = tomllib.loads(case.manifest) if case.manifest != NOTHING else {}
    project = data.get("project", {})
    listed = [
        *project.get("dependencies", []),
        *(x for v in project.get("optional-dependencies", {}).values() for x in v),
    ]
    listed += [item for group in data.get("dependency-groups", {}).values() for item in group if isinstance(item, str)]
    assert [str(Requirement(text).name) for text in listed if not Requirement(text).name] == []


@pytest.mark.parametrize("case", ALL)
def test_a_second_time_there_is_nothing_to_convert(case: Case) -> None:
    tree, lowered = converted(case)
    after = Overlay(tree, lowered.changes)
    again = convert(of(after, root="shop"), after, ConvertManifests("X", ()))
    assert [change for change in again.changes if isinstance(change, Remove)] == []
    assert manifest(tree, lowered) == manifest(tree, again._replace(changes=(*lowered.changes, *again.changes)))


def test_every_case_has_its_number() -> None:
    """Numbers of the catalogue of conversions; those of settings and of code have tests of their own."""
    elsewhere = {49, *range(79, 86), *range(144, 153)}
    told: set[int] = set()
    for page in PAGES:
        for case in cases(page):
            first, _, last = case.title.split()[0].partition("-")
            told |= set(range(int(first), int(last or first) + 1))
    assert told == set(range(1, 144)) - elsewhere


@pytest.mark.parametrize("seed", range(20))
def test_no_broken_manifest_ends_in_a_traceback(seed: int) -> None:
    """Fifty broken files a seed: bytes lost, doubled, swapped, or made strange; each is read, or refused in words."""
    chance = random.Random(seed)
    pool = [case for page in PAGES for case in cases(page)]
    for _ in range(50):
        tree = trees.tree(chance.choice(pool).tree)
        broken = {path: damaged(data, chance) for path, data in tree.contents.items()}
        imagined = MemoryTree({**APP, **broken})
        with contextlib.suppress(TrueupError):
            project = of(imagined, root="shop")
            lowered = convert(project, imagined, ConvertManifests("X", ()))
            written = Overlay(imagined, lowered.changes)
            if written.has("pyproject.toml"):
                tomllib.loads(written.text("pyproject.toml"))


def damaged(data: bytes, chance: random.Random) -> bytes:
    """A few random edits."""
    text = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(text))
        match chance.randint(0, 4):
            case 0:
                del text[at : at + chance.randint(1, 12)]
            case 1:
                text[at:at] = text[max(0, at - 9) : at]
            case 2:
                text[at:at] = chance.choice(
                    [b"\x00", b"\xff", b"\r", b"[", b'"', b"=", b"\\", b"\xe2\x80\xae", b"{{", b";", b"@"]
                )
            case 3:
                text = text[:at]
            case _:
                text[at:at] = b"x" * 300
    return bytes(text)


def write() -> None:
    """The pages with what comes out now."""
    for page in PAGES:
        head = SECTION.split(page.read_text("utf-8"))[0]
        parts = [head]
        for case in cases(page):
            tree, lowered = converted(case)
            blocks = (case.tree, manifest(tree, lowered), ledger(lowered))
            parts.append(f"# {case.title}\n\n" + "\n".join(f"```\n{block}```\n" for block in blocks) + "\n")
        page.write_text("".join(parts).rstrip("\n") + "\n", "utf-8")


if __name__ == "__main__":
    write()
