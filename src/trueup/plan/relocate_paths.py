"""Paths reckoned from ``__file__``, so that they name after a move what they name today.

Only Python moves by default, so a chain that climbs to the project's root has to climb further. What
is reckoned from one chain may move in part: then no number of steps is right, and a person is asked.
"""

from __future__ import annotations

import re
from functools import lru_cache
from posixpath import dirname, join, normpath, relpath

from trueup.model.span import Edit
from trueup.text.naming import glob_matches
from trueup.text.python_names import Doubt, Rewrite, UnparsableError
from trueup.text.python_paths import Chain, Piece, Use, chains

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.project import Project
    from trueup.plan.moves import Mover

FURTHEST = 8
"""Steps that a chain may be made longer by; no project is nested deeper."""

PLACES = re.compile(
    rb"\binspect\.get(?:source)?file\([^)\n]*\)|\b__spec__\.origin|\bsys\.path\[0\](?![ \t]*=)"
    rb"|(?:dirname|Path|abspath)\(sys\.argv\[0\]\)|(?<![\w.])(?P<module>[A-Za-z_]\w*)\.__(?:file|path)__"
)


def rename_paths(mover: Mover, path: str, data: bytes) -> Rewrite:
    """The edits of one Python file, which lies at ``path`` before the move."""
    try:
        found = chains(data)
    except UnparsableError:
        return Rewrite(doubts=(Doubt(0, "__file__", "not parsed: check the paths it reckons from"),))
    edits: list[Edit] = []
    doubts: list[Doubt] = []
    for chain in found:
        home = home_of(mover, path, chain.origin)
        if not home:
            continue
        uses = [*chain.uses, *elsewhere(mover, path, chain)]
        if chain.odd and mover.is_moved(home):
            doubts.append(Doubt(chain.line, "__file__", "where it lies is made into another path here"))
        if mover.is_moved(home):
            more = steps(mover, home, chain, uses)
            host = hosts(mover.project).get(home, home)
            if steps(mover, host, chain, uses) != more:
                doubts.append(
                    Doubt(chain.line, "__file__", f"include() of {host} runs this text, and it is that file's")
                )
            elif more is None or (more and not chain.style):
                doubts.append(
                    Doubt(chain.line, "__file__", "what is reckoned from here moves in part, or out of reach")
                )
            elif more:
                edits += chain.climb(more)
        else:
            for use in chain.uses:
                edits += renamed(mover, base(home, chain.levels + use.ups), use, doubts)
    return Rewrite(tuple(edits), (*doubts, *others(mover, path, data, {chain.line for chain in found})))


def home_of(mover: Mover, path: str, origin: str) -> str:
    """The file from whose place a chain climbs; ``""`` where its module is none of the project's."""
    place = origin.replace(".", "/")
    roots = (f"{root}/" if root else "" for root in (*mover.project.layout.roots, ""))
    files = (name for root in roots for name in (f"{root}{place}.py", f"{root}{place}/__init__.py"))
    there = (name for name in files if mover.tree.has(name) or mover.tree.has_dir(name.removesuffix("/__init__.py")))
    return next(there, "") if origin else path


@lru_cache(maxsize=1)
def hosts(project: Project) -> dict[str, str]:
    """The settings that django-split-settings includes, and the file that does: its ``__file__`` is theirs."""
    found: dict[str, str] = {}
    for path in project.sources:
        if "split_settings" in (text := project.tree.text(path)):
            for pattern in re.findall(r"[\"']([^\"'\n]+\.py)[\"']", text):
                whole = normpath(join(dirname(path), pattern))
                found |= {other: path for other in project.sources if other != path and glob_matches(whole, other)}
    return found


def others(mover: Mover, path: str, data: bytes, known: set[int]) -> Iterator[Doubt]:
    """Other ways to the place of a file that moves, on lines that are not ``known``: its own, or that of a module."""
    own = {name for old, _ in mover.moves for name in (old.rpartition("/")[2].removesuffix(".py"),)}
    for found in PLACES.finditer(data):
        module = found["module"].decode() if found["module"] else ""
        if module in own if module else mover.is_moved(path):
            line = data.count(b"\n", 0, found.start()) + 1
            if line in known and module:
                continue
            yield Doubt(line, found[0].decode(), "it is a place of code that moves: check what is made of it")


def base(path: str, levels: int) -> str:
    """The directory ``levels`` above a file; ``..`` above the project's root."""
    return normpath(join(path, *[".."] * levels))


def target(path: str, levels: int, pieces: tuple[Piece, ...]) -> str:
    """What a chain names from ``path``; ``.`` is the project's root."""
    return normpath(join(base(path, levels), *(piece.text.lstrip("/") for piece in pieces)))


def steps(mover: Mover, path: str, chain: Chain, uses: list[Use]) -> int | None:
    """How many directories further the chain must climb for every use to name what it names today."""
    new = mover.new(path)
    for more in range(FURTHEST):
        if all(
            target(new, chain.levels + more + use.ups, use.pieces) == wanted(mover, path, chain, use) for use in uses
        ):
            return more
    return None


def wanted(mover: Mover, path: str, chain: Chain, use: Use) -> str:
    """Where what a use names is after the move."""
    return mover.new(target(path, chain.levels + use.ups, use.pieces))


def renamed(mover: Mover, folder: str, use: Use, doubts: list[Doubt]) -> Iterator[Edit]:
    """The edit of the first literal of a use in a file that stays, where what it names moves."""
    if not use.pieces:
        return
    first, *rest = use.pieces
    whole = normpath(join(folder, *(piece.text.lstrip("/") for piece in use.pieces)))
    if mover.new(whole) == whole:
        return
    head = normpath(join(folder, first.text.lstrip("/")))
    if first.start and normpath(join(mover.new(head), *(piece.text for piece in rest))) == mover.new(whole):
        lead = "/" if first.text.startswith("/") else ""
        yield Edit(first.start, first.end, (lead + relpath(mover.new(head), folder)).encode())
    else:
        doubts.append(Doubt(use.line, first.text, "it names what moves, and cannot be rewritten here"))


def elsewhere(mover: Mover, path: str, chain: Chain) -> Iterator[Use]:
    """Uses of a chain's variable in files that import it: ``BASE_DIR / "x"``, ``settings.BASE_DIR.parent / "x"``."""
    if not chain.name:
        return
    name = re.escape(chain.name)
    imported = re.compile(rf"\bimport\b[^\n]*\b{name}\b|\w\.{name}\b|^\s+{name},?\s*$", re.MULTILINE)
    joined = re.compile(rf"\b{name}((?:\.parent)*)\s*(?:/|,|\+)\s*[rf]?[\"']([^\"'{{}}]+)[\"']")
    for other in mover.project.sources:
        if other == path:
            continue
        text = mover.tree.text(other)
        if chain.name in text and imported.search(text):
            for match in joined.finditer(text):
                yield Use(0, match[1].count(".parent"), (Piece(match[2].lstrip("/")),))
