"""Every kind of file that names code: what a move makes of it, and what it leaves to a person."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
import trees

from trueup.model.operation import Relocate
from trueup.model.relocation import propose
from trueup.model.tree import MemoryTree, Overlay
from trueup.plan.relocate import relocate
from trueup.read.project import of

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).parent / "kinds.md"
SECTION = re.compile(r"(?m)^# (?=PKG|LOOSE)")
PROJECTS = {
    "PKG": {
        "app/__init__.py": "",
        "app/main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
        "app/core/__init__.py": "",
        "tests/test_main.py": "from app.main import app\n",
    },
    "LOOSE": {
        "main.py": "from fastapi import FastAPI\nfrom routers import items\napp = FastAPI()\n",
        "routers/__init__.py": "",
        "routers/items.py": "X = 1\n",
        "tests/test_main.py": "from main import app\n",
    },
}
MANIFEST = {"pyproject.toml": '[project]\nname = "shop"\nversion = "1"\n'}


class Case(NamedTuple):
    """One section; ``told`` are the questions, a line each."""

    title: str
    before: str
    after: str
    told: str


def cases() -> Iterator[Case]:
    for part in SECTION.split(PAGE.read_text("utf-8"))[1:]:
        title, _, body = part.partition("\n")
        blocks = [block["drawn"] for block in trees.FENCE.finditer(body)]
        yield Case(title, *[*blocks, "", ""][:3])


def moved(case: Case) -> tuple[str, str]:
    """The files of the case afterwards, drawn as the page draws them, and the questions."""
    files: dict[str, bytes | str] = {**MANIFEST, **PROJECTS[case.title.split()[0]], **trees.tree(case.before).contents}
    tree = MemoryTree(files)
    project = of(tree, root="shop")
    proposal = propose(project)
    assert isinstance(proposal, Relocate)
    lowered = relocate(project, tree, proposal)
    after = Overlay(tree, lowered.changes)
    drawn = []
    for path in trees.tree(case.before).contents:
        new = next(
            (target + path[len(source) :] for source, target in proposal.moves if path.startswith(source + "/")), path
        )
        lines = "".join(f"    {line}\n" if line else "\n" for line in after.text(new).splitlines())
        drawn.append(f"{new}\n{lines}")
    told = [f"{question.path}:{question.line} {question.text}\n" for question in lowered.questions]
    return "".join(drawn), "".join(told)


ALL = [pytest.param(case, id=case.title) for case in cases()]


@pytest.mark.parametrize("case", ALL)
def test_a_kind_follows_the_move(case: Case) -> None:
    assert moved(case) == (case.after, case.told)


def write() -> None:
    """The page with what comes out now."""
    parts = [SECTION.split(PAGE.read_text("utf-8"))[0]]
    for case in cases():
        after, told = moved(case)
        fence = "````" if "```" in case.before else "```"
        blocks = "\n".join(f"{fence}\n{block}{fence}\n" for block in (case.before, after, told))
        parts.append(f"# {case.title}\n\n{blocks}\n")
    PAGE.write_text("".join(parts).rstrip("\n") + "\n", "utf-8")


if __name__ == "__main__":
    write()
