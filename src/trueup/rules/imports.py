"""What a project imports, and what brings it; no judgement here."""

from __future__ import annotations

import posixpath
import re
import sys
from functools import lru_cache

from trueup.model.names import normal, requirement_name
from trueup.model.noun import NamedTuple
from trueup.model.operation import AddRequirement
from trueup.model.packages import TAKEN, facts
from trueup.model.pattern import lazy
from trueup.model.project import ALONE, ASIDE, NESTED, NO_NAME
from trueup.model.span import Place
from trueup.rules.lookups import is_task, is_tooling, manifest_deeper, manifests_deeper, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from trueup.model.project import Project, Requirement

RUNNERS = ("setup.py", "noxfile.py", "fabfile.py", "dodo.py", "tasks.py", "conftest.py", "manage.py")
INLINE = lazy(r"^# /// script\s*$", re.MULTILINE, words=("# /// script",))
ANSWERED = lazy(r"except\b.*\b(?:ImportError|ModuleNotFoundError)\b", words=("ImportError", "ModuleNotFoundError"))
COMPUTED = ("install_requires:", "setup()", "**")


def present(project: Project) -> set[str]:
    """Names of all distributions that an environment made from the manifests surely has.

    With a lock: what it holds. Without: what is declared, and what that is known to bring.
    """
    locks = [lock for lock in (project.lock, *project.old_locks) if lock is not None]
    return brought_by(project.requirements, {package.name for lock in locks for package in lock.packages})


def brought_by(requirements: Iterable[Requirement], there: Iterable[str] = ()) -> set[str]:
    """The names of requirements, those in wide use that they are known to bring, and what is ``there``."""
    known, found, pending = facts("imports"), set(there), list[str]()
    for item in requirements:
        pending.append(item.name)
        for extra in item.extras:
            pending += known["extras"].get(f"{item.name}[{normal(extra)}]", ())
    while pending:
        name = pending.pop()
        if name not in found or name in known["brings"]:
            pending += [brought for brought in known["brings"].get(name, ()) if brought not in found]
        found.add(name)
    return found


def imported(project: Project, *, tests: bool, sure: bool = False) -> dict[str, tuple[str, int]]:
    """Top-level names that the project's files import, each with the first place (path, line).

    ``tests`` chooses between test code and all other code; what is not part of the program (docs, build
    scripts) counts as neither. ``sure`` leaves out what may well be missing: what stands in a ``try``, and what
    only a script at the root imports that has nothing to do with the program, or one that declares it itself.
    """
    found: dict[str, tuple[str, int]] = {}
    for path, source in project.sources.items():
        nested = project.layout.stays.get(path.partition("/")[0]) == NESTED
        if project.is_test(path) != tests or is_tooling(path) or is_task(project, path) or nested:
            continue
        if sure and project.stranger_home(path):
            continue  # which declares what it needs itself
        if sure and is_lonely(project, path) and is_script(project, path):
            continue
        if sure and source.may("/// script") and INLINE.search(text_of(project, path)):
            continue
        for statement in source.imports:
            if statement.level == 0 and statement.inside not in (("typing", "try") if sure else ("typing",)):
                for target in statement.targets():
                    found.setdefault(target.partition(".")[0], (path, statement.line))
    return found


def is_script(project: Project, path: str) -> bool:
    """Whether a file is a program of its own beside the project's, without a manifest of its own."""
    if not may_be_script(project, path):
        return False
    source = project.sources[path]
    if source.error or any(statement.level for statement in source.imports):
        return False
    if not source.main_guard and project.layout.stays.get(path.split("/")[0]) != ASIDE:
        return False
    return not any(
        posixpath.dirname(other) and path.startswith(posixpath.dirname(other) + "/")
        for other in manifests_deeper(project)
    )


def may_be_script(project: Project, path: str) -> bool:
    """The same by its place alone, for which no file is read."""
    aside = is_tooling(path) or is_lonely(project, path)
    if project.kind == "library":
        aside = path.split("/")[0] in project.layout.stays
    return aside and not project.is_test(path) and path.rpartition("/")[2] not in RUNNERS


def is_lonely(project: Project, path: str) -> bool:
    """Whether a file at the root of an application, or in a folder for scripts there, has nothing to do with it, and no
    command starts it."""
    top = path.split("/")[0]
    why = project.layout.stays.get(top) if project.app is not None else None
    if why not in ((ALONE, NO_NAME) if top == path else (ASIDE,)):
        return False
    if why == ASIDE and imports_own(project, path):
        return False
    return not any(word.removeprefix("./") == path for command in project.commands for word in command.argv)


def imports_own(project: Project, path: str) -> bool:
    """Whether a file imports anything of the project."""
    own = own_names(project)
    return any(
        statement.level or any(target.split(".")[0] in own for target in statement.targets())
        for statement in project.sources[path].imports
    )


@lru_cache(maxsize=1)
def own_names(project: Project) -> frozenset[str]:
    """Every name under which a file or folder of the project could be imported."""
    found = set[str]()
    for path in project.sources:
        *folders, name = path.split("/")
        found.update(folders)
        found.add(name.rpartition(".")[0])
    return frozenset(found)


def importable_names(project: Project) -> set[str]:
    """Names under which code of the project can be imported from outside of its packages.

    A module of a regular package is imported through that package, unless the folder itself is on the import path.
    """
    roots, found, seen = set(project.layout.roots), set[str](), set[str]()
    for path in project.sources:
        folder, _, name = path.rpartition("/")
        if is_open(project, folder, roots):
            found.add(name.rpartition(".")[0])
        while folder and folder not in seen:
            seen.add(folder)
            parent, _, part = folder.rpartition("/")
            # A folder without __init__.py comes after the installed package of that name.
            taken = part in TAKEN and f"{folder}/__init__.py" not in project.sources
            if not taken and is_open(project, parent, roots):
                found.add(part)
            folder = parent
    return found


def is_open(project: Project, folder: str, roots: set[str]) -> bool:
    """Whether what lies in a folder is imported by its own name: it is the root, one of ``roots`` or no package."""
    return not folder or folder in roots or f"{folder}/__init__.py" not in project.sources


def is_stdlib(module: str) -> bool:
    """Whether a top-level module is part of Python (or was, until a version that is in use)."""
    return module in sys.stdlib_module_names or module in ("distutils", "imp", "asyncore", "asynchat", "smtpd")


class Missing(NamedTuple):
    """A distribution that is imported and that nothing declares or brings: what to declare, where, why."""

    requirement: str
    group: str
    place: Place


def missing(project: Project) -> dict[str, Missing]:
    """Every undeclared distribution by name; those that only tests import belong to the group ``test``.

    Only import names that belong to one distribution beyond doubt are judged, and nothing where a
    manifest lies deeper than the one that would be read.
    """
    if (not project.manifests and manifest_deeper(project)) or requires_unknown(project):
        return {}
    known, own, there = facts("imports")["imports"], importable_names(project), present(project)
    found: dict[str, Missing] = {}
    for tests, group in ((False, ""), (True, "test")):
        for module, (path, line) in imported(project, tests=tests, sure=True).items():
            candidates = known.get(module, [])
            names = [requirement_name(item) for item in candidates]
            surely = names and module not in own and not there.intersection(names)
            place = needed_at(project, module, Place(path, line), tests=tests) if surely else None
            if place and not is_beside(project, path, module):
                found.setdefault(names[0], Missing(candidates[0], group, place))
    return found


def needed_at(project: Project, module: str, first: Place, *, tests: bool) -> Place | None:
    """The first place of an import that does not expect it to fail; ``None`` where all of them do."""
    if not is_guarded(project, first):
        return first
    for path, source in project.sources.items():
        if project.is_test(path) == tests and not is_tooling(path):
            for item in source.imports:
                if item.level or item.inside in ("typing", "try"):
                    continue
                named = any(target.partition(".")[0] == module for target in item.targets())
                place = Place(path, item.line)
                if named and not is_guarded(project, place):
                    return place
    return None


def is_guarded(project: Project, place: Place) -> bool:
    """Whether an import within a function stands in a ``try`` that answers its failure."""
    lines = text_of(project, place.path).splitlines()
    depth = indent(lines[place.line - 1]) if place.line <= len(lines) else 0
    for number in range(place.line - 2, -1, -1):
        line = lines[number]
        if depth and line.strip() and not line.lstrip().startswith("#") and indent(line) < depth:
            depth = indent(line)
            after = (other for other in lines[place.line :] if other.strip() and indent(other) <= depth)
            answer = next(after, "").strip() if line.strip().startswith("try:") else ""
            if ANSWERED.match(answer):
                return True
    return False


def indent(line: str) -> int:
    """How far a line is indented."""
    return len(line) - len(line.lstrip())


def requires_unknown(project: Project) -> bool:
    """Whether a manifest could not be read, or only running it would say what it requires."""
    return any(
        manifest.error or any(line.kind == "unreadable" and line.reason.startswith(COMPUTED) for line in manifest.lines)
        for manifest in project.manifests
    )


def is_beside(project: Project, path: str, module: str) -> bool:
    """Whether another file of that name lies beside a file, which imports it where it runs as a script."""
    beside = f"{path.rpartition('/')[0]}/{module}"
    there = beside + ".py" in project.sources or f"{beside}/__init__.py" in project.sources
    return there and path != beside + ".py"


def additions(project: Project, code: str, name: str = "") -> list[AddRequirement]:
    """The requirements that would declare what is missing (or only ``name`` of it), for the rule ``code``."""
    found = missing(project)
    return [AddRequirement(code, item.requirement, item.group) for key, item in found.items() if name in ("", key)]
