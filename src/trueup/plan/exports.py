"""Lists that another manager once exported of its lock, and that nothing installs from: they add nothing."""

from __future__ import annotations

import re

from trueup.model.command_line import pip_arguments, requirement_files
from trueup.model.packages import import_names
from trueup.plan.uv_commands import made_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable

    from trueup.model.project import Manifest, Project
    from trueup.model.tree import Tree
    from trueup.plan.groups import Grouping

MARKED = re.compile(r"\bpython_(?:full_)?version\b")  # as `poetry export` writes behind most lines


def stale_exports(project: Project, tree: Tree, sources: Iterable[Manifest], needed: Container[str]) -> frozenset[str]:
    """The lists of which every line is pinned, and most for some Pythons, as Poetry exports them; and that no command
    reads, and nobody else (``needed``)."""
    installed = {
        name.rpartition("/")[2]
        for command in project.commands
        for name in requirement_files(pip_arguments(command.argv) or [])
        if not tree.has(command.path) or name.rpartition("/")[2] not in made_in(tree.text(command.path))
    }
    return frozenset(
        source.path
        for source in sources
        if source.format == "requirements"
        and source.path not in needed
        and source.path.rpartition("/")[2] not in installed
        and _is_export(source)
    )


def _is_export(source: Manifest) -> bool:
    marked = sum(bool(MARKED.search(item.marker)) for item in source.requirements)
    return 2 * marked > len(source.requirements) and all(item.pin for item in source.requirements)


def is_known(name: str, grouping: Grouping, locked: Collection[str]) -> bool:
    """Whether the code imports what a distribution brings, and none that is locked brings that, too."""
    brought = {module for other in locked for module in import_names(other)}
    return any(module not in brought and grouping.imports(module) for module in import_names(name))
