"""Lists of requirements that commands of the project hand to pip, whatever they are called."""

from __future__ import annotations

import posixpath
from functools import lru_cache

from trueup.model.command_line import CONSTRAINTS, constraint_files, pip_arguments, requirement_files
from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trueup.model.tree import Tree

NAMED = lazy(
    r"(?:-[rc]|--requirements?|--constraints?)[ \t=\"',]*(?:[^\s\"',;]*[/\\])?([\w.-]*\w\.(?:txt|in|pip))(?![\w.])",
    words=(".txt", ".in", ".pip"),
)
MOUNTED = lazy(r"type=bind,(?:source|src)=([^\s,]+),(?:target|dst|destination)=([^\s,]+)", words=("type=bind",))
FAR = lazy(r"[/$%]")
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
    from trueup.read.commands import placed, scripts, source_text

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
        for script, runs in placed(path, text, scripts(path, text, rows)):
            image = text if script.where == "dockerfile" else ""
            for words, folder in runs:
                arguments = pip_arguments(tuple(word.text.strip("\"'") for word in words)) or []
                lists |= {meant(tree, path, folder, file, image) for file in requirement_files(arguments)}
                constraints |= {meant(tree, path, folder, file, image) for file in constraint_files(arguments)}
    return Installed(names & lists, (names.union(deeper) & constraints) - lists)


def meant(tree: Tree, path: str, folder: str, file: str, image: str) -> str:
    """The file of the project that a command in the file ``path`` means, ``""`` for none: that which it names from the
    folder that it runs in; or, as one may lie anywhere on a machine or in an ``image``, as much of it as is there."""
    said = posixpath.normpath(posixpath.join(folder, file.replace("\\", "/")))
    folders = (posixpath.dirname(path), "")
    sources = (*_copied(image, said), said) if image else ()
    places = [posixpath.join(where, source) for source in sources for where in folders] if image else [said]
    if there := next(filter(tree.has, places), ""):
        return there
    around = posixpath.dirname(said)
    if around and any(tree.has_dir(posixpath.join(where, around)) for where in folders):
        return ""
    parts = said.split("/")
    ends = ["/".join(parts[at:]) for at in range(len(parts))]
    if said.startswith("/"):
        ends.append(ends.pop(1))  # the folder of an image is hardly the project's that is called so, too
    return next(filter(tree.has, (posixpath.join(where, end) for end in ends for where in folders)), "")


def _copied(image: str, said: str) -> Iterator[str]:
    """What is copied, or mounted, from the build context to the place in an image that is named."""
    from trueup.text.docker import copied

    pairs: list[tuple[str, str]] = MOUNTED.findall(image)
    for item in copied(image):
        *sources, to = [word.text for word in item.words] or [""]
        pairs += [(source, place) for source in sources for place in (to, f"{to}/{posixpath.basename(source)}")]
    for source, to in pairs:
        place = posixpath.normpath(to)
        short, long = sorted((place, said), key=len)
        if place == said or (FAR.match(long) and not FAR.match(short) and long.endswith(f"/{short}")):
            yield source.removeprefix("./").lstrip("/")
