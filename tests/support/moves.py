"""A relocation in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.model.operation import Relocate
from trueup.model.relocation import propose
from trueup.model.tree import MemoryTree, Overlay
from trueup.plan.relocate import relocate
from trueup.read.project import of

if TYPE_CHECKING:
    from trueup.plan.lowered import Lowered

MANIFEST = '[project]\nname = "shop"\nversion = "1"\n'


def moved(files: dict[str, str], ignored: tuple[str, ...] = ()) -> tuple[Overlay, Lowered]:
    """The tree after the move that trueup proposes, and what lowering it gave; git does not track ``ignored``."""
    tree = MemoryTree({"pyproject.toml": MANIFEST, **files})
    tree.entries = {path: entry._replace(ignored=path in ignored) for path, entry in tree.entries.items()}
    project = of(tree)
    proposal = propose(project)
    assert isinstance(proposal, Relocate), proposal
    lowered = relocate(project, tree, proposal)
    return Overlay(tree, lowered.changes), lowered
