"""Where what a plan asks about stands in the files of today, which are open before its reader."""

from __future__ import annotations

from trueup.model.change import Move
from trueup.text.same_lines import line_before

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from trueup.model.change import Change
    from trueup.model.tree import Tree


def line_today(tree: Tree, imagined: Tree, changes: Sequence[Change], path: str, number: int) -> int:
    """The number that a line of an imagined file has in ``tree``, of which the ``changes`` made that; of a file that is
    not there it stays."""
    origin = path
    for change in reversed(changes):
        if isinstance(change, Move) and (origin == change.target or origin.startswith(f"{change.target}/")):
            origin = change.source + origin[len(change.target) :]
    if not number or not tree.has(origin) or not imagined.has(path):
        return number
    before, after = tree.read(origin), imagined.read(path)
    return number if before == after else line_before(before, after, number)
