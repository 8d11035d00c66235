"""What a manifest made from imports cannot say, for whoever has to say it: texts with the paths and lines."""

from __future__ import annotations

from trueup.model.command_line import pip_arguments, requirement_files
from trueup.model.lists import made_in
from trueup.model.names import normal
from trueup.model.packages import facts, tool
from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules.imports import importable_names, imported, is_beside, is_stdlib, missing, needed_at, own_names
from trueup.rules.lookups import lines, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.project import Project

PIN = lazy(r"[A-Za-z][\w.-]*(?:\[[\w., -]*\])?[ \t]*==[ \t]*\d[\w.!+*-]*(?:[ \t]*;.*)?", words=("==",))
LARGEST = 1_000_000  # bytes
ELSE = "the dependencies are those that the code imports; `uv add` what else is needed of it"
Unsaid = tuple[str, str, int]


def unsaid(project: Project) -> tuple[Unsaid, ...]:
    """Imports of which nobody knows the distribution, lists that are installed from and are not there, and files that
    may be lists and are not read as such."""
    return (*unknown_imports(project), *unseen_lists(project), *unread_lists(project))


def unknown_imports(project: Project) -> Iterator[Unsaid]:
    """Each foreign module that no distribution in wide use has, where it is imported first."""
    known, own = facts("imports")["imports"], importable_names(project) | own_names(project)
    told, brings = set[str](), facts("imports")["brings"]
    declared = list(missing(project))
    for name in declared:  # which grows by what each of them brings
        declared += [brought for brought in brings.get(name, ()) if brought not in declared]
    for tests in (False, True):
        for module, (path, line) in imported(project, tests=tests, sure=True).items():
            known_here = module in own or module in told or is_stdlib(module) or normal(module) in declared
            foreign = not known_here and not known.get(module) and not (tests and tool(module))
            place = needed_at(project, module, Place(path, line), tests=tests) if foreign else None
            if place and not is_beside(project, path, module):
                told.add(module)
                text = f"what `import {module}` comes from is not known, and nothing declares it: `uv add` it"
                yield text, place.path, place.line


def unseen_lists(project: Project) -> Iterator[Unsaid]:
    """Each list that a command hands to pip, of which the project has none by this name, and that no command makes."""
    there = {path.rpartition("/")[2] for path in project.tree.all_files}
    told = set[str]()
    for command in project.commands:
        for named in requirement_files(pip_arguments(command.argv) or []):
            name = named.rpartition("/")[2]
            made = made_in(text_of(project, command.path))
            if name not in {*there, *told, *made} and "$" not in named and "://" not in named:
                told.add(name)
                text = f"{name} was never seen: the dependencies are those that the code imports, of any version"
                yield f"{text}, and what else it listed is missing", command.path, command.line


def unread_lists(project: Project) -> Iterator[Unsaid]:
    """Constraints, and files at the top that hold nothing but pins, each of which may be all that was installed."""
    for manifest in project.manifests:
        if manifest.format == "constraints":
            yield f"{manifest.path} declares nothing: {ELSE}", manifest.path, 0
    read = {manifest.path for manifest in project.manifests}
    for path in project.tree.files():
        named = "/" not in path and path.endswith((".txt", ".pip")) and path not in read
        if named and holds_pins(project, path):
            yield f"{path} may be a list of requirements, and is not called so: {ELSE}", path, 0


def holds_pins(project: Project, path: str) -> bool:
    """Whether a file, no larger than a list is, holds pins and nothing else."""
    small = project.tree.entries[path].size <= LARGEST
    said = (line.partition("#")[0].strip() for _, line in lines(project, path)) if small else iter(())
    pins = (PIN.fullmatch(line) is not None for line in said if line)
    return next(pins, False) and all(pins)
