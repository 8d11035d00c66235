"""An operation (what) to changes (bytes): the closed table of all operations."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from trueup.model.change import Run
from trueup.model.operation import (
    AddRequirement,
    AppendLine,
    ConsolidateConfig,
    ConvertManifests,
    CreateFile,
    Operation,
    Relocate,
    RemoveFile,
    RemoveKey,
    ReplaceText,
    RewriteCommands,
    RunTool,
    SetKey,
)
from trueup.plan.lowered import Lowered

if TYPE_CHECKING:
    from trueup.model.project import Project
    from trueup.model.tree import Tree


def lower(project: Project, tree: Tree, operation: Operation) -> Lowered:
    """The changes that make ``operation`` true on ``tree``.

    ``project`` gives facts as read at the start of the phase, ``tree`` the bytes as they are now.
    Raises ``PlanRefused`` when it cannot be done without loss.
    """
    lowered = _lowered(project, tree, operation)
    if isinstance(operation, (AddRequirement, ConvertManifests, SetKey, RemoveKey)):
        from trueup.plan.exported_lists import without_the_project
        from trueup.plan.image_tools import kept_out

        for kept in (kept_out, without_the_project):  # each on what the one before has written
            more = kept(project, tree, lowered.changes)
            lowered = lowered._replace(changes=(*lowered.changes, *more))
    return lowered


def _lowered(project: Project, tree: Tree, operation: Operation) -> Lowered:
    match operation:
        case Relocate():
            from trueup.plan.relocate import relocate

            return relocate(project, tree, operation)
        case ConvertManifests():
            from trueup.plan.convert import convert

            return convert(project, tree, operation)
        case ConsolidateConfig():
            from trueup.plan.configs import consolidate

            return consolidate(project, tree, operation)
        case RewriteCommands():
            from trueup.plan.rewrite_commands import rewrite_commands

            return rewrite_commands(project, tree, operation)
        case RunTool(_, argv, writes):
            return Lowered((Run(argv, writes),))
        case SetKey() | RemoveKey() | AddRequirement() | CreateFile() | AppendLine() | ReplaceText() | RemoveFile():
            from trueup.plan.edits import lower_edit

            return lower_edit(tree, operation)
        case _:
            assert_never(operation)
