"""What a file beside the program finds before the project's root: in its own folder, or in a project of its own."""

from __future__ import annotations

from trueup.read import zones
from trueup.read.modules import absolute, has_names, modules_of, parents

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trueup.model.project import Project
    from trueup.model.source import Import


def read_nearer(project: Project, path: str) -> Mapping[str, str]:
    """The top-level names that a file imports from nearer than the root, and the folder that each is found in.

    A test and a script have their own folder on the import path before any other, where it is no package; a project of
    its own has its folders. A name counts where all that is imported by it is there.
    """
    folders = list(near_folders(project, path))
    found: dict[str, set[str]] = {}
    for statement in project.sources[path].imports if folders else ():
        for dotted in absolute(statement) if not statement.level else ():
            there = (folder for folder in folders if is_there(project, path, statement, folder, dotted))
            found.setdefault(dotted.partition(".")[0], set()).add(next(there, ""))
    return {name: min(places) for name, places in found.items() if len(places) == 1 and "" not in places}


def near_folders(project: Project, path: str) -> Iterator[str]:
    """The folders that a file has on the import path before the root, nearest first."""
    files = modules_of(project).files
    if home := project.home_of(path):
        yield from (folder for folder in parents(path) if f"{folder}/".startswith(f"{home}/"))
        yield f"{home}/src"
    elif zones.is_test(path) or zones.is_aside(path):
        yield from (folder for folder in parents(path)[:1] if f"{folder}/__init__.py" not in files)


def is_there(project: Project, path: str, statement: Import, folder: str, dotted: str) -> bool:
    """Whether an import of another module finds that in a folder, and in it the names that are taken."""
    modules = modules_of(project)
    target = modules.find(folder, dotted)
    found = project.sources.get(target)
    return target != path and found is not None and has_names(statement, found, folder, modules)
