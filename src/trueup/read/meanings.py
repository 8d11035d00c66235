"""The styles of ``reference_kinds``: into which pieces a value falls, and what a piece means."""

from __future__ import annotations

import re
from posixpath import normpath

from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy
from trueup.read.own import Meaning
from trueup.text.naming import CROSSING, WILD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from trueup.read.own import Own

FROM_THE_TOP = ("vercel",)  # settings in which `/` begins what lies in the project
WHOLE = lazy(r"(?s).+")
CLIMBS = lazy(r"\.\.(?:[/\\]+[\w.-]+)*(?![$*?{\[])")  # as far as it holds no pattern
OF_FILES = frozenset(("", "path", "root", "glob", "mounted", "mention", "chdir", "source", "script", "slashed", "run"))
BEFORE_COLON = lazy(r"(?:\$\{[^}]*\}|[^:])*")
LIST = lazy(r"[^\s,;\"']+")
MODULES = lazy(r"(?<![\w/\\])[^\W\d][\w.]*(?::[A-Za-z_]\w*)?(?:\.?\*)?(?![\w/\\])")
SEARCH_PATH = lazy(r"(?:\$\([^)]*\)|\$\{[^}]*\}|[^\s,;:\"'])+")
REGEX = lazy(
    r"(?<=\^)[\w-]+(?:/[\w-]+)*(?:\\\.py(?=\$|\Z|\||\))|(?=/|\Z|\$))"
    r"|(?:(?<=\^\()|(?<=\^\(\?:)|(?<=\|)|(?<=\|\^))[\w-]+(?:/[\w-]+)*(?:\\\.py(?=\$|\Z|\||\))|(?=[/|)]))"
    r"|(?<![\w/.-])src/[\w-]+(?:/[\w-]+)*"
)
CLAUSE = lazy(r"(?P<name>[\w.]+)(?P<bound>\s+as\s+\w+)?")
IMPORTS = lazy(
    r"\bfrom\s+[\w.]+(?=\s+import\b)"
    r"|(?:^(?:\\*[\"'])?|[\n;:]|\\n)\s*(?P<import>import\s+)(?P<names>[\w.]+(?:\s+as\s+\w+)?(?:\s*,\s*[\w.]+(?:\s+as\s+\w+)?)*)"
)
SECTION = lazy(r"(?<=^mypy-)[\w.*]+|(?<=,)[\w.*]+")
VERSIONED = lazy(r"(?<=^bumpversion:file:)\S+|(?<=^bumpversion:glob:)\S+")
WARNING = lazy(r"(?m)^[ \t]*\w*:[^:\n]*:(\w*(?:\.\w+)*)(?::\^?(\w+(?:\.\w+)*))?")

EXTRACTION = lazy(r"(?<=: )\S+|(?<=:)[^\s:]\S*")  # Babel: https://babel.pocoo.org/en/latest/messages.html

DATABASE = lazy(r"sqlite(?:\+\w+)?:///(?P<file>[^/:?#\s][^:?#\s]*)")

# ``python - <<EOF``: what follows, up to that word, is Python source.
FED = lazy(
    r"\b(?:(?:python|pypy)[\d.]*(?:[ \t]+-\w*)*(?:[ \t]+-[ \t][^\n]*?)?|manage\.py[ \t]+shell[^\n]*?)[ \t]*<<-?[ \t]*"
    r"([\"']?)(\w+)\1[^\n]*\n(?P<source>(?s:.*?))\n[ \t]*\2\b",
    words=("<<",),
)

QUOTED = lazy(r"[\"']([^\"'\n]+)[\"']")

PIECES = {
    "module": MODULES,
    "path": LIST,
    "root": SEARCH_PATH,
    "source": LIST,
    "glob": LIST,
    "regex": REGEX,
    "section": SECTION,
    "versioned": VERSIONED,
    "extraction": EXTRACTION,
    "poetry": LIST,
}


class Candidate(NamedTuple):
    """A piece of a file that may name code: in which style, of which row, relative to which directory.

    ``program`` is whose argument it is: ``?`` of an unknown one, ``=`` the value of a variable, ``""`` none.
    """

    start: int
    end: int
    style: str
    kind: str
    base: str = ""
    program: str = ""
    doubt: str = ""


def pieces(style: str, text: str) -> Iterator[tuple[int, str]]:
    """The pieces of a value with their offsets: the names of a list, the directories of a search path."""
    if style == "inline":
        yield from _imports(text)
        return
    if style == "warnings":
        for match in WARNING.finditer(text):
            yield from ((match.start(field), match[field]) for field in (1, 2) if match[field])
        return
    if style == "joined":
        yield 0, "/".join(QUOTED.findall(text))
        return
    for match in PIECES.get(style, WHOLE).finditer(text):
        yield match.start(), match[0]


def _imports(text: str) -> Iterator[tuple[int, str]]:
    """What Python source imports: ``from a.b`` with its first word, the names behind ``import`` one by one.

    A name alone in its statement comes with ``import``, and one that is bound as another with that; not where the
    source goes on with ``a`` of ``import a.b``.
    """
    for match in IMPORTS.finditer(text):
        if not match["import"]:
            yield match.start(), match[0]
            continue
        clauses = list(CLAUSE.finditer(text, *match.span("names")))
        for clause in clauses:
            start, end = clause.span("name")
            head, dot, _ = clause["name"].partition(".")
            used = dot and re.search(rf"(?<![\w.]){re.escape(head)}\b", text[:start] + text[end:])
            alone = len(clauses) == 1 and not clause["bound"] and not used
            start = match.start("import") if alone else start
            yield start, text[start : clause.end()]


def fed(text: str, kind: str) -> Iterator[Candidate]:
    """The source that scripts hand to Python in a heredoc."""
    for match in FED.finditer(text):
        yield Candidate(*match.span("source"), "inline", kind, "", "python")


def meaning_of(own: Own, candidate: Candidate, piece: str) -> Meaning | None:
    """What a piece of a value names, if it is own code."""
    read = STYLES.get(candidate.style)
    found = read(own, candidate, piece) if read else None
    return _climbing(own, candidate, piece, found) or found


def _climbing(own: Own, candidate: Candidate, piece: str, found: Meaning | None) -> Meaning | None:
    """``../data`` from a folder of code: what lies there is to be found from wherever the folder goes.

    ``found``: what else is meant, such as a folder of the import path, or code that an image is given.
    """
    climbs = CLIMBS.match(piece) if candidate.base and candidate.style in OF_FILES else None
    if climbs is None or not own.is_member(candidate.base):
        return None
    there = normpath(f"{candidate.base}/{climbs[0]}".replace("\\", "/"))
    if found and (found.note == "root" or (candidate.style == "mounted" and own.moves(there))):
        return None
    sure = candidate.style in ("path", "root", "glob", "mounted") or there in (".", "..") or own.exists(there)
    return Meaning(0, climbs.end(), "path", candidate.base, note="up") if sure else None


def _outside(own: Own, base: str) -> bool:
    """Whether ``base`` is a folder of another project in the repository."""
    return base.startswith("../") and base != "/".join([".."] * len(own.repository))


def _module(own: Own, candidate: Candidate, piece: str) -> Meaning | None:
    if _outside(own, candidate.base) or piece.endswith(".py"):
        return None
    return own.module(piece)


def _path(own: Own, candidate: Candidate, piece: str) -> Meaning | None:
    if candidate.kind in FROM_THE_TOP and piece.startswith("/"):
        found = _path(own, candidate, piece[1:])
        return found._replace(start=found.start + 1, end=found.end + 1) if found else None
    found = _any_path(own, candidate, piece)
    return found if found and found.target not in own.package_folders else None


def _any_path(own: Own, candidate: Candidate, piece: str) -> Meaning | None:
    """A path, with ``:attribute``, ``::test`` or a line number behind it; a pattern where it has wildcards."""
    drive = re.match(r"[A-Za-z]:[/\\]", piece)
    before = piece if drive else BEFORE_COLON.match(piece)[0]  # type: ignore[index]
    if WILD.search(before):
        if piece.startswith("/"):
            return None  # a place in an image or on a machine
        return own.glob(before, candidate.base)
    return own.path(before, candidate.base)


def _shape(own: Own, candidate: Candidate, piece: str) -> Meaning | None:
    """A word of which nothing is known but what it looks like."""
    module = None if _outside(own, candidate.base) else own.module(piece, sure=False)
    if module:
        return module
    found = _path(own, candidate, piece) if "/" in piece or "\\" in piece or "." in piece else None
    if found and ("$" in piece or (found.style != "glob" and not own.exists(found.target))):
        return found._replace(doubt="it may be a path, or a name: nothing is there that is called so")
    if found or candidate.program != "?" or "/" in candidate.base:
        return found
    bare = own.path(piece, candidate.base)
    return bare._replace(doubt=f"{piece} may name the folder, or something else") if bare else None


def _script(own: Own, candidate: Candidate, piece: str) -> Meaning | None:
    found = own.path(piece, candidate.base)
    if not found:
        return None
    runs = found.target in own.files or f"{found.target}/__main__.py" in own.files
    runs = runs and (found.target.endswith(".py") or found.target in own.folders)
    return found._replace(style="command" if runs else "path")


def _slashed(own: Own, candidate: Candidate, piece: str) -> Meaning | None:
    return _path(own, candidate, piece) if "/" in piece or "\\" in piece else None


def _run(own: Own, candidate: Candidate, piece: str) -> Meaning | None:
    is_file = "/" in piece or "\\" in piece or piece.endswith(".py")
    return _script(own, candidate, piece) if is_file else None


def _package(own: Own, candidate: Candidate, piece: str) -> Meaning | None:
    found = own.path(piece, candidate.base)
    return found._replace(note="package") if found and found.target in own.folders else found


def _source(own: Own, candidate: Candidate, piece: str) -> Meaning | None:
    if "/" in piece or "\\" in piece or piece.startswith("."):
        return _path(own, candidate, piece)
    return _module(own, candidate, piece)


def _appref(own: Own, candidate: Candidate, piece: str) -> Meaning | None:
    return _path(own, candidate, piece) if "/" in piece or ".py" in piece else _module(own, candidate, piece)


def _root(own: Own, candidate: Candidate, piece: str) -> Meaning | None:
    return own.root(piece, candidate.base)


def _mounted(own: Own, candidate: Candidate, piece: str) -> Meaning | None:
    """A folder that an image is given: code, or the one around modules that is on the import path."""
    if found := _path(own, candidate, piece):
        return found
    root = own.root(piece, candidate.base)
    if not root or root.target in ("", "src") or not piece[: root.end].endswith(root.target):
        return None
    return root._replace(start=root.end - len(root.target), note="")


def _glob(own: Own, candidate: Candidate, piece: str) -> Meaning | None:
    pattern = piece.split(":")[0]
    first = pattern.lstrip("!").split("/")[0]
    if first == "**" or (WILD.search(first) and candidate.kind in CROSSING):
        return None
    return own.glob(pattern, candidate.base)


def _ignore(own: Own, candidate: Candidate, piece: str) -> Meaning | None:
    """A pattern without a slash inside means any depth: it means the same after a move."""
    pattern = re.sub(r"(?<!\\)\s.*", "", piece)
    if "/" not in pattern.lstrip("!").rstrip("/").split(":")[0]:
        return None
    return _glob(own, candidate, pattern)


def _regex(own: Own, candidate: Candidate, piece: str) -> Meaning | None:
    """A folder, or a module with its suffix, before which an expression has a backslash."""
    stem = piece.removesuffix("\\.py")
    if stem == piece:
        return own.path(piece, candidate.base)
    found = own.path(f"{stem}.py", candidate.base)
    return found and found._replace(end=len(stem), style="stem")


def _handler(own: Own, candidate: Candidate, piece: str) -> Meaning | None:
    if "/" not in piece:  # from where, and with src on the path or not, is the platform's to say
        found = own.module(piece)
        return found and found._replace(doubt="the platform looks for this file, and must find src on its path")
    return own.path(piece.rpartition(".")[0], candidate.base)


def _up(own: Own, candidate: Candidate, piece: str) -> Meaning | None:
    """``cd ..`` out of a folder of code: as far as today, from wherever that lies."""
    base = candidate.base
    if not base or not own.is_member(base):
        return None
    return Meaning(0, len(piece.rstrip("/\\")), "path", base, note="up")


def _database(own: Own, candidate: Candidate, piece: str) -> Meaning | None:
    """The file of ``sqlite:///./app/shop.db``."""
    match = DATABASE.match(piece)
    found = own.path(match["file"], candidate.base) if match else None
    return (
        found and match and found._replace(start=match.start("file") + found.start, end=match.start("file") + found.end)
    )


def _image(own: Own, candidate: Candidate, piece: str) -> Meaning | None:
    """A place in an image (``/code/app/uploads``), whole, that mirrors code of the project."""
    place = piece.rpartition("=")[2]
    found = own.path(place, "") if place.startswith("/") else None
    return found and found._replace(start=len(piece) - len(place), end=len(piece))


def _chdir(own: Own, candidate: Candidate, piece: str) -> Meaning | None:
    if not piece.startswith("/"):
        return _path(own, candidate, piece)
    found = _image(own, candidate, piece)
    return found and found._replace(note="image")


def _poetry(own: Own, candidate: Candidate, piece: str) -> Meaning | None:
    found = own.path(piece, candidate.base)
    return found._replace(note="poetry") if found else None


def _inline(own: Own, candidate: Candidate, piece: str) -> Meaning | None:
    """An import of own code in ``python -c``; where it binds the name itself, what does so is meant as a whole."""
    lead = re.match(r"(?:from|import)\s+", piece)
    found = CLAUSE.search(piece, lead.end() if lead else 0)
    named = own.module(found["name"]) if found else None
    if not found or not named:
        return None
    start = found.start()
    if not (found["bound"] or "." in found["name"] or piece.startswith("from")):
        return named._replace(end=len(piece), note="bound")
    doubt = "" if start or found["bound"] else "Python source on a command line"
    return named._replace(start=start, end=start + named.end, doubt=doubt)


def _mention(own: Own, candidate: Candidate, piece: str) -> Meaning | None:
    found = _path(own, candidate, piece.rstrip("."))
    if not found or found.style == "glob":
        return None
    return found if own.exists(found.target) or own.exists(found.target.rpartition("/")[0]) else None


def _joined(own: Own, candidate: Candidate, piece: str) -> Meaning | None:
    """A path in pieces, which stands nowhere as a whole."""
    target = own.resolve(piece, candidate.base)
    found = _mention(own, candidate._replace(base=""), target) if target else None
    return found and found._replace(start=0, end=len(piece))


STYLES: dict[str, Callable[[Own, Candidate, str], Meaning | None]] = {
    "mounted": _mounted,
    "": _shape,
    "module": _module,
    "program": _module,
    "section": _module,
    "path": _path,
    "versioned": _path,
    "chdir": _chdir,
    "up": _up,
    "root": _root,
    "source": _source,
    "appref": _appref,
    "glob": _glob,
    "ignore": _ignore,
    "line": _glob,
    "extraction": _glob,
    "mention": _mention,
    "joined": _joined,
    "regex": _regex,
    "script": _script,
    "run": _run,
    "slashed": _slashed,
    "package": _package,
    "handler": _handler,
    "database": _database,
    "image": _image,
    "poetry": _poetry,
    "inline": _inline,
    "warnings": _module,
}
