"""Lists that another manager once exported of its lock, and that nothing installs from: they add nothing."""

from __future__ import annotations

import re
from posixpath import basename

from trueup.model.command_line import pip_arguments, requirement_files
from trueup.model.lists import made_in
from trueup.model.packages import import_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable

    from trueup.model.project import Manifest, Project, Requirement
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


def exported_versions(project: Project, manifests: Iterable[Manifest], grouping: Grouping) -> dict[str, dict[str, str]]:
    """The versions that Poetry's exports give, by their paths, where no lock does: of lists that hold what the
    manifests declare (but for what came later), at versions which these allow, and so are exports of just these.

    What the code imports, or a command starts, and no manifest declares is none of them: the list alone asks for it.
    """
    every = [manifest for manifest in manifests if manifest.format == "poetry" or manifest.format == "pyproject"]
    lists = [manifest for manifest in manifests if manifest.format == "requirements" and _is_export(manifest)]
    declared = {item.name for manifest in every for item in manifest.requirements}
    runtime = [
        item
        for manifest in every
        for item in manifest.requirements
        if not (item.group or item.is_extra or item.marker or item.source)
    ]
    started = {basename(word) for command in project.commands for word in command.argv}
    found = {}
    for source in lists:
        pinned = {item.name: item.pin for item in source.requirements}
        there = [item for item in runtime if item.name in pinned]
        if runtime and 4 * len(there) >= 3 * len(runtime) and all(_admits(item, pinned[item.name]) for item in there):
            own = {name for name in pinned if name in started or is_known(name, grouping, declared)} - declared
            marked = {item.name for item in source.requirements if MARKED.search(item.marker)}
            found[source.path] = {
                name: pin for name, pin in pinned.items() if name in declared or (name in marked and name not in own)
            }
    return found


def _admits(item: Requirement, version: str) -> bool:
    from packaging.specifiers import SpecifierSet

    return SpecifierSet(item.specifier).contains(version, prereleases=True)


def is_known(name: str, grouping: Grouping, locked: Collection[str]) -> bool:
    """Whether the code imports what a distribution brings, and none that is locked brings that, too."""
    brought = {module for other in locked for module in import_names(other)}
    return any(module not in brought and grouping.imports(module) for module in import_names(name))
