"""Lists of requirements that commands of the project hand to pip, whatever they are called."""

from __future__ import annotations

import posixpath
from functools import lru_cache

from trueup.model.command_line import CONSTRAINTS, constraint_files, pip_arguments, requirement_files
from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from trueup.model.tree import Tree

NAMED = lazy(
    r"(?:-[rc]|--requirements?|--constraints?)[ \t=\"',]*(?:[^\s\"',;]*/)?([\w.-]*\w\.(?:txt|in|pip))(?![\w.])",
    words=(".txt", ".in", ".pip"),
)


BOUND = lazy(r"(?m)^[A-Za-z][\w.-]*(?:\[[^\]\n]*\])?[ \t]*[=<>!~]=")


class Installed(NamedTuple):
    """The files that pip is told to install from, and those that it is told to keep to."""

    lists: frozenset[str] = frozenset()
    constraints: frozenset[str] = frozenset()


def installed_lists(tree: Tree, candidates: Iterable[str]) -> Installed:
    """Those of ``candidates`` at the top that a command names, and constraints below; of files that name none no
    command is read."""
    return _named(tree, frozenset(path for path in candidates if "/" not in path))


@lru_cache(maxsize=2)
def _named(tree: Tree, names: frozenset[str]) -> Installed:
    """The same, looked for once in all files of a tree."""
    from trueup.read.commands import scripts, source_text

    below = (path for path in tree.called(CONSTRAINTS) if "/" in path and not path.startswith("../"))
    deeper = [path for path in below if BOUND.search(source_text(tree, path))]  # documents are called so, too
    known = names.union(map(posixpath.basename, deeper))
    if not known:
        return Installed()
    from trueup.read.reference_kinds import shells_for

    lists, constraints = set[str](), set[str]()
    for path in tree.files():
        rows = shells_for(path)
        text = source_text(tree, path) if rows else ""
        if known.isdisjoint(NAMED.findall(text)):
            continue
        for script in scripts(path, text, rows):
            for words in script.commands:
                arguments = pip_arguments(tuple(word.text.strip("\"'") for word in words)) or []
                kept = constraint_files(arguments)
                lists |= named_in(names, requirement_files(arguments))
                constraints |= named_in(names, kept)
                constraints |= {path for path in deeper if any(map(f"/{path}".endswith, map(_whole, kept)))}
    return Installed(frozenset(lists), frozenset(constraints - lists))


def named_in(names: frozenset[str], files: list[str]) -> frozenset[str]:
    """Those of ``names`` that are among files as commands give them: in an image, or on the machine, anywhere."""
    return names & {posixpath.basename(file.replace("\\", "/")) for file in files}


def _whole(file: str) -> str:
    return f"/{posixpath.normpath(file).lstrip('/.')}"
