"""Paths reckoned from ``__file__``, so that they name after a move what they name today.

Only Python moves by default, so a chain that climbs to the project's root has to climb further. What
is reckoned from one chain may move in part: then no number of steps is right, and a person is asked.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import islice
from posixpath import dirname, join, normpath, relpath

from trueup.model.noun import NamedTuple
from trueup.model.span import Edit
from trueup.text.naming import glob_matches
from trueup.text.python_loads import loads
from trueup.text.python_names import Doubt, Rewrite, UnparsableError
from trueup.text.python_paths import Chain, Piece, Use, chains

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.project import Project
    from trueup.plan.moves import Mover
    from trueup.text.python_loads import Load

ELSEWHERE = 0  # stands for the line of a use in another file
LEAD = re.compile(r"^(?:%s|\{\w*\})?/*")
DJANGO = "django.conf.settings."
FURTHEST = 8
"""Steps that a chain may be made longer by; no project is nested deeper."""

PLACES = re.compile(
    rb"\binspect\.get(?:source)?file\([^)\n]*\)|\b__spec__\.origin|\bsys\.path\[0\](?![ \t]*=)"
    rb"|\bsys\.modules\[__name__\]\.__file__|(?:dirname|Path|abspath)\(sys\.argv\[0\]\)|(?<![\w.])(?P<module>[A-Za-z_]\w*)\.__(?:file|path)__"
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
        uses = [*chain.uses, *far(mover, path, chain)]
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
                apart = parted(mover, path, chain) if home == path else None
                why = "what is reckoned from here moves in part, or out of reach"
                doubts += apart.doubts if apart else [Doubt(chain.line, "__file__", why)]
                edits += apart.edits if apart else ()
            else:
                edits += chain.climb(more)
                edits += fitted(
                    mover, base(home, chain.levels), base(mover.new(home), chain.levels + more), chain, doubts
                )
        else:
            here = base(home, chain.levels)
            edits += fitted(mover, here, here, chain, doubts)
    for item in borrowed(mover, path, data):
        if isinstance(item, Edit):
            edits.append(item)
        else:
            doubts.append(item)
    return Rewrite(tuple(edits), (*doubts, *others(mover, path, data, followed(found))))


def parted(
    mover: Mover, path: str, chain: Chain, levels: int = 0, before: int = 0, names: tuple[str, ...] = ()
) -> Rewrite | None:
    """What becomes of a chain where what is reckoned from its name moves along, and what climbs on from that stays:
    each climbs as far as it needs, ``None`` where that does not do.

    ``levels`` above the file it begins, and what it begins at climbs ``before`` steps further. Where a loop climbs step
    by step, one of the ``names`` that led to it keeps it.
    """
    if not (levels or chain.further) or chain.name in names:
        return None
    whole, away = chain._replace(levels=levels + chain.levels), [*elsewhere(mover, path, chain)]
    more = steps(mover, path, whole, [*chain.own, *away]) if chain.own or away else before
    if more is None or more < before or (more > before and not chain.style):
        return None
    new = mover.new(path)
    if any(target(new, whole.levels + more + use.ups, use.pieces) != wanted(mover, path, whole, use) for use in away):
        return None
    doubts: list[Doubt] = []
    edits = chain.climb(more - before)
    edits += fitted(
        mover, base(path, whole.levels), base(new, whole.levels + more), chain._replace(uses=chain.own), doubts
    )
    for other in chain.further:
        inner = parted(mover, path, other, whole.levels, more, (*names, chain.name) if chain.name else names)
        if inner is None:
            return None
        edits += inner.edits
        doubts += inner.doubts
    return Rewrite(tuple(edits), tuple(doubts))


def home_of(mover: Mover, path: str, origin: str) -> str:
    """The file from whose place a chain climbs; ``""`` where its module is none of the project's.

    A module may be called as it will be: the imports of a file are rewritten before its paths.
    """
    place = origin.replace(".", "/")
    roots = (f"{root}/" if root else "" for root in (*mover.project.layout.roots, ""))
    files = [name for root in (*roots, "src/") for name in (f"{root}{place}.py", f"{root}{place}/__init__.py")]
    there = [name for name in files if mover.tree.has(name) or mover.tree.has_dir(name.removesuffix("/__init__.py"))]
    there += [old for name in files if (old := moved(mover).get(name))]
    return next(iter(there), "") if origin else path


@lru_cache(maxsize=1)
def moved(mover: Mover) -> dict[str, str]:
    """Where each Python file that moves will lie, and lies."""
    return {new: old for old in mover.project.sources if (new := mover.new(old)) != old}


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


def followed(found: list[Chain]) -> set[int]:
    """The lines of which every chain climbs, and is joined to what is known."""
    unknown = {chain.line for chain in found if not chain.levels or not all(use.pieces for use in chain.uses)}
    return {chain.line for chain in found} - unknown


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
    """How many directories further the chain must climb for every use to name what it names today; or, where what is
    joined to it can be said anew, for itself to be what it is today."""
    new = mover.new(path)
    for more in range(FURTHEST):
        if all(
            target(new, chain.levels + more + use.ups, use.pieces) == wanted(mover, path, chain, use) for use in uses
        ):
            return more
    there = base(path, chain.levels)
    stays = not mover.is_moved(there) and all(
        is_plain(use) if use.pieces else not any(moved_texts(mover, base(there, use.ups), base(there, use.ups), use))
        for use in uses
    )
    same = (more for more in range(FURTHEST) if base(new, chain.levels + more) == there)
    return next(same, None) if stays else None


def is_plain(use: Use) -> bool:
    """Whether what is joined first can be said anew: here, or in the file that joins it."""
    first = use.pieces[0]
    return bool(first.start or use.line == ELSEWHERE) and normpath(first.text).split("/")[0] not in (".", "..")


def moved_texts(mover: Mover, old: str, new: str, use: Use) -> Iterator[str]:
    """What an expression whose parts are not followed says of things in the folder ``old`` that are not in ``new``."""
    for said in use.near:
        text = LEAD.sub("", said)
        place = normpath(join(old, text))
        if "\n" in text or normpath(text) == "." or mover.new(place) == normpath(join(new, text)):
            continue
        if mover.tree.exists(place) or ("/" in text and mover.tree.has_dir(dirname(place))):
            yield said


def wanted(mover: Mover, path: str, chain: Chain, use: Use) -> str:
    """Where what a use names is after the move."""
    return mover.new(target(path, chain.levels + use.ups, use.pieces))


def fitted(mover: Mover, old: str, new: str, chain: Chain, doubts: list[Doubt]) -> Iterator[Edit]:
    """The edits of what is joined to a chain, whose folder was ``old`` and is ``new``, where it would name another."""
    for use in chain.uses:
        edit = refitted(mover, base(old, use.ups), base(new, use.ups), use.pieces)
        if isinstance(edit, Edit):
            yield edit
        elif edit:
            doubts.append(Doubt(use.line, use.pieces[0].text, edit))


def refitted(mover: Mover, old: str, new: str, pieces: tuple[Piece, ...]) -> Edit | str:
    """The edit of the first literal of several; ``""`` where there is none to make, or why there can be none."""
    if not pieces:
        return ""
    first, rest = pieces[0], "".join(f"/{piece.text.strip('/')}" for piece in pieces[1:])
    wanted = mover.new(normpath(join(old, first.text.lstrip("/") + rest)))
    if wanted == normpath(join(new, first.text.lstrip("/") + rest)):
        return ""
    if not first.start or not wanted.endswith(rest):
        return "it names what moves, and cannot be rewritten here"
    lead = "/" if first.text.startswith("/") else ""
    return Edit(first.start, first.end, (lead + relpath(wanted.removesuffix(rest), new)).encode())


class Kept(NamedTuple):
    """A folder that a file reckons and keeps by a name: what it is today, and afterwards."""

    path: str
    old: str
    new: str


@lru_cache(maxsize=1)
def kept(mover: Mover) -> dict[str, list[Kept]]:
    """What files that move keep, by the name."""
    found: dict[str, list[Kept]] = {}
    for path in mover.project.sources:
        if not mover.is_moved(path) or b"__file__" not in (data := mover.tree.read(path)):
            continue
        try:
            named = [chain for chain in chains(data) if chain.name and not chain.origin and not chain.local]
        except UnparsableError:
            continue
        for chain in named:
            more = steps(mover, path, chain, [*chain.uses, *elsewhere(mover, path, chain)])
            if more is not None and (chain.style or not more):
                there = base(mover.new(path), chain.levels + more)
                found.setdefault(chain.name, []).append(Kept(path, base(path, chain.levels), there))
    return found


def borrowed(mover: Mover, path: str, data: bytes) -> Iterator[Edit | Doubt]:
    """The edits of literals that are joined to a folder which another file keeps by a name, and comes from there."""
    for name, places in kept(mover).items():
        places = [place for place in places if place.path != path]
        for load in read(mover, path, data, name) if places else ():
            known = [place for place in places if comes_from(mover, load, name, place.path)]
            for use in load.uses:
                yield from said_anew(mover, known or places, use, sure=bool(known) and not load.changed)


def said_anew(mover: Mover, places: list[Kept], use: Use, *, sure: bool) -> Iterator[Edit | Doubt]:
    """What becomes of one use of a folder which one of ``places`` keeps; a question, where that is not sure."""
    folders = {(base(place.old, use.ups), base(place.new, use.ups)) for place in places}
    found = {refitted(mover, old, new, use.pieces) for old, new in folders}
    edits = [edit for edit in found if isinstance(edit, Edit)]
    text = use.pieces[0].text if use.pieces else ""
    if sure and len(found) == 1 and edits:
        yield edits[0]
    elif found != {""} and (sure or any(is_there(mover, old, use) for old, _ in folders)):
        yield Doubt(use.line, text, "it may name what moves, and which folder it is in is open")
    elif sure and not use.pieces:
        said = (said for old, new in folders for said in moved_texts(mover, old, new, use))
        yield from (Doubt(use.line, text, "a path of what moves is put together here") for text in islice(said, 1))


def is_there(mover: Mover, folder: str, use: Use) -> bool:
    """Whether there is what a use names from ``folder``."""
    place = target(folder, 0, use.pieces)
    return mover.tree.has(place) or mover.tree.has_dir(place)


def elsewhere(mover: Mover, path: str, chain: Chain) -> Iterator[Use]:
    """Uses of a chain's variable in files that import it: ``BASE_DIR / "x"``, ``settings.BASE_DIR.parent / "x"``."""
    if not chain.name or chain.local:
        return
    for other in mover.project.sources:
        for load in read(mover, other, mover.tree.read(other), chain.name) if other != path else ():
            if comes_from(mover, load, chain.name, path):
                yield from (Use(ELSEWHERE, use.ups, use.pieces) for use in load.uses if use.pieces)


def far(mover: Mover, path: str, chain: Chain) -> Iterator[Use]:
    """The same, and uses of what climbs on from the variable and is kept: ``ROOT = HERE.parent``."""
    yield from elsewhere(mover, path, chain)
    for other in chain.further:
        yield from (use._replace(ups=use.ups + other.levels) for use in far(mover, path, other))


def read(mover: Mover, path: str, data: bytes, name: str) -> list[Load]:
    """Where a file reads a name of another one."""
    if not has_from_elsewhere(data, name):
        return []
    root = next((f"{root}/" for root in mover.project.layout.roots if root and path.startswith(f"{root}/")), "")
    try:
        return loads(data, name, dirname(path.removeprefix(root)).replace("/", "."))
    except UnparsableError:
        return []


def comes_from(mover: Mover, load: Load, name: str, place: str) -> bool:
    """Whether what is read is of the file ``place``: a constant of which no import says that has it from nowhere else
    where no other file gives it a value."""
    if load.loose:
        return name.isupper() and givers(mover, name) == [place]
    return any(stands_for(mover, stands, place) for stands in load.stands)


@lru_cache(maxsize=256)
def givers(mover: Mover, name: str) -> list[str]:
    """The files that may give a value to a name, or to an attribute, a key or an argument that is called so."""
    given = re.compile(rb"\b%b\b[\"']?[ \t]*(?::|=(?!=))|\bdef[ \t]+%b\b" % (2 * (re.escape(name.encode()),)))
    return [path for path in mover.project.sources if given.search(mover.tree.read(path))]


def stands_for(mover: Mover, stands: str, place: str) -> bool:
    """Whether a dotted name stands for one of the file ``place``: of itself, or of a file that has it from there."""
    if stands.startswith(DJANGO):
        return "settings" in place
    stem = place.removesuffix(".py").removesuffix("/__init__").rpartition("/")[2]
    parts = stands.split(".")
    for end in range(len(parts) - 1, 0, -1):
        if file := home_of(mover, "", ".".join(parts[:end])):
            text = mover.tree.text(file) if mover.tree.has(file) else ""
            return file == place or re.search(rf"\b{re.escape(stem)}\b", text) is not None
    return False


@lru_cache(maxsize=65536)
def has_from_elsewhere(data: bytes, name: str) -> bool:
    """The cheap first question: whether a file may read a name of another one."""
    return name.encode() in data and imports(name).search(data.decode("utf-8", "replace")) is not None


@cache
def imports(name: str) -> re.Pattern[str]:
    """How a file has a name of another: it imports it, or all names, or asks for it as an attribute."""
    name = re.escape(name)
    return re.compile(rf"\bimport\b(?:[^\n(]*\b{name}\b|[ \t]*\*|[ \t]*\([^)]*\b{name}\b)|[\w)\]]\.{name}\b")
