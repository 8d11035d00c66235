"""A layout move: files move, and whatever names them is rewritten; what is not certain becomes a question."""

from __future__ import annotations

import re

from trueup.model.change import Change, Move, Remove, Write
from trueup.plan.lowered import Lowered
from trueup.plan.moves import Mover
from trueup.plan.relocate_docker import dockerfiles, image_places, placements, rewrite_dockerfile
from trueup.plan.relocate_expressions import tell_expressions
from trueup.plan.relocate_ignores import check_ignores
from trueup.plan.relocate_images import tell_addresses
from trueup.plan.relocate_leftovers import tell_documents, tell_leftovers
from trueup.plan.relocate_platforms import tell_platforms
from trueup.plan.relocate_python import rewrite_python, tell_made_names
from trueup.plan.relocate_references import rewrite_references
from trueup.plan.relocate_services import rewrite_services
from trueup.plan.relocate_tests import tell_bereft, tell_left, tell_tests, tell_untested

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from trueup.model.operation import Relocate
    from trueup.model.project import Project
    from trueup.model.tree import Tree

# Variables, secrets, databases and settings of one machine: what lies where the application runs, and in no commit.
LOCAL = re.compile(
    r"\.env(?:\.[\w-]+)*|[\w-]+\.(?:env|db|sqlite3?|pem|key|crt|p12|pfx|secret)"
    r"|(?:local[\w-]*|[\w-]+_local)\.py|credentials?[\w-]*\.\w+|(?=[\w-]*secret)[\w-]+\.(?:json|ya?ml|toml|ini|txt)",
    re.ASCII,
)


def relocate(project: Project, tree: Tree, operation: Relocate) -> Lowered:
    """The changes that move code and keep everything that names it working.

    Moves come first and are pure, writes of rewritten files follow, so that history can be kept in two
    commits. Raises ``PlanRefused`` where application code cannot be rewritten with certainty, or where an
    ignored file would be seen by git.
    """
    mover = Mover(project, tree, operation)
    mover.placements = placements(mover)
    mover.images = image_places(mover)
    contents = rewrite_references(mover)
    contents |= rewrite_services(mover, contents)
    contents |= rewrite_python(mover, contents)
    for path in dockerfiles(mover):
        contents[path] = rewrite_dockerfile(mover, path, contents.get(path, tree.read(path)))
    tell_made_names(mover, contents)
    tell_leftovers(mover, contents)
    tell_platforms(mover)
    tell_tests(mover)
    tell_left(mover)
    tell_bereft(mover)
    tell_untested(mover)
    tell_addresses(mover)
    tell_expressions(mover, contents)
    _tell_untracked(mover, contents)
    tell_documents(mover, contents)
    writes: list[Write] = [
        Write(mover.new(path), content, tree.entries[path].mode)
        for path, content in contents.items()
        if content != tree.read(path)
    ]
    writes += [Write(path, b"") for path in mover.parents]
    moves = [Move(old, new) for old, new in mover.moves if old != new]
    changes: list[Change] = [*_leftovers(mover), *moves, *sorted(writes, key=lambda write: write.path)]
    changes += check_ignores(mover, changes)
    _tell_links(mover)
    return Lowered(tuple(changes), questions=tuple(mover.questions))


def _leftovers(mover: Mover) -> list[Change]:
    """Bytecode of modules that leave a folder one by one; left alone, the folder could still be imported."""
    removed: list[Change] = []
    folders = {old.rpartition("/")[0] for old, _ in mover.moves if old.endswith(".py")}
    stems = {old.removesuffix(".py") for old, _ in mover.moves if old.endswith(".py")}
    for folder in sorted(folders):
        cache = f"{folder}/__pycache__".lstrip("/")
        inside = [path for path in mover.files if path.startswith(cache + "/")]
        names = [path[len(cache) + 1 :].split(".")[0] for path in inside]
        if inside and all(f"{folder}/{name}".lstrip("/") in stems for name in names):
            removed.append(Remove(cache))
    return removed


def _tell_untracked(mover: Mover, contents: Mapping[str, bytes]) -> None:
    """Files whose path is another now, and which no commit brings to their new place."""
    folders = {new: old for old, new in mover.moves if new.startswith("src/")}
    pattern = re.compile(rb"(%b)/([\w.-]+(?:/[\w.-]+)*)" % b"|".join(re.escape(new.encode()) for new in folders))
    told: set[str] = set()
    images = dockerfiles(mover)  # which may bring it themselves
    for path, content in contents.items() if folders else ():
        for found in pattern.finditer(content):
            folder, parts = found[1].decode(), found[2].decode().split("/")
            while parts and not LOCAL.fullmatch(parts[-1]):
                parts.pop()
            new, old = "/".join((folder, *parts)), "/".join((folders[folder], *parts))
            entry = mover.tree.entries.get(old)
            if not parts or old in told or path in images or new.encode() in mover.tree.read(path):
                continue
            if entry is None or entry.ignored:
                told.add(old)
                line = content.count(b"\n", 0, found.start()) + 1
                mover.ask(f"{old} is not in the repository: wherever it lies, it must be moved to {new}", path, line)


def _tell_links(mover: Mover) -> None:
    for path, entry in mover.tree.entries.items():
        if entry.kind == "link" and mover.is_moved(path):
            mover.ask("a symbolic link moves: check that its target is still where it points", path)
