"""How a text names a module, a path or a glob, and how it names the same thing after a move.

``moves`` are (old path, new path) of files and directories, ``modules`` (old, new) dotted prefixes; the
longest that fits decides. Every ``rename_*`` gives ``None`` where nothing changes, and keeps the way the
text is written: quotes, a leading ``./`` or ``/``, a trailing ``/``, Windows backslashes.
"""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from posixpath import normpath, relpath

from trueup.model.pattern import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Pairs = Sequence[tuple[str, str]]

DOTTED = lazy(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
# Tools whose ``*`` matches ``/`` too: a pattern that begins with it means the same after a move.
CROSSING = ("ruff", "flake8", "coverage", "isort", "black", "codecov", "vulture", "ty", "mypy")
WILD = lazy(r"[*?\[{]")


def dotted_prefix(text: str) -> str:
    """The dotted name at the start of ``text``: ``app.main`` of ``app.main:app``, ``app`` of ``app.*``."""
    found = DOTTED.match(text)
    return found[0] if found else ""


def rename_module(text: str, modules: Pairs) -> str | None:
    """``main:app`` as ``shop.main:app`` where ``modules`` has ``("main", "shop.main")``."""
    name = dotted_prefix(text)
    renamed = _replace_prefix(name, modules, ".")
    return None if not name or renamed == name else renamed + text[len(name) :]


def moved(path: str, moves: Pairs) -> str:
    """Where ``path`` is afterwards."""
    return _replace_prefix(path, moves, "/")


def _replace_prefix(name: str, pairs: Pairs, separator: str) -> str:
    fitting = [pair for pair in pairs if name == pair[0] or name.startswith(pair[0] + separator)]
    if not fitting:
        return name
    old, new = max(fitting, key=lambda pair: len(pair[0]))
    return new + name[len(old) :]


def rename_path(text: str, moves: Pairs, base: str = "") -> str | None:
    """``./app/main.py`` as ``./src/app/main.py``; ``base`` is the directory that ``text`` is relative to.

    Where the base itself moves, the answer is relative to where it is afterwards.
    """
    lead, core, tail = _parts(text)
    plain = core.replace("\\", "/")
    if not plain or plain.startswith("..") or WILD.search(plain):
        return None
    old = normpath(f"{base}/{plain}" if base else plain)
    new_base = moved(base, moves) if base else ""
    renamed = relpath(moved(old, moves), new_base or ".")
    if renamed == normpath(plain):
        return None
    return lead + (renamed.replace("/", "\\") if "\\" in core and "/" not in core else renamed) + tail


def _parts(text: str) -> tuple[str, str, str]:
    """What stands before a path (quote, ``!``, ``./``, ``/``), the path, and what stands behind it."""
    found = re.match(r"(!?[\"']?(?:(?:\.[/\\])+|/)?)(.*?)([/\\]*[\"']?)$", text, re.DOTALL)
    return (found[1], found[2], found[3]) if found else ("", text, "")


def rename_glob(text: str, moves: Pairs, files: Iterable[str] = (), base: str = "") -> str | None:
    """``/app/.env`` as ``/src/app/.env``, ``app/**`` as ``src/app/**``, ``!app/x`` as ``!src/app/x``.

    The pattern is one that is matched from ``base``. Where its first wildcard comes before anything that
    moves (``*.py``), ``files`` (all paths before the move) decide: it is rewritten when everything it
    matched moves to one place; ``None`` else, so the caller must look whether it still matches.
    """
    lead, core, tail = _parts(text)
    if not WILD.search(core):
        return rename_path(text, moves, base)
    new_base = (moved(base, moves) if base else "") or "."
    literal, rest = _literal_directory(core)
    old = f"{base}/{literal}".strip("/") if base and literal else base or literal
    if literal and moved(old, moves) != old:
        return lead + relpath(moved(old, moves), new_base) + "/" + rest + tail
    matching = [path for path in files if glob_matches(f"{base}/{core}" if base else core, path)]
    targets = {_directory_after(path, old, moves) for path in matching}
    if len(targets) != 1 or (target := targets.pop()) is None or target == old:
        return None
    new = relpath(target, new_base) if target else "."
    return lead + ("" if new == "." else new + "/") + rest + tail


def _literal_directory(pattern: str) -> tuple[str, str]:
    """``app/db`` and ``*.py`` of ``app/db/*.py``."""
    before = pattern[: match.start()] if (match := WILD.search(pattern)) else pattern
    directory, slash, _ = before.rpartition("/")
    return directory, pattern[len(directory) + len(slash) :]


def _directory_after(path: str, directory: str, moves: Pairs) -> str | None:
    """What takes the place of ``directory`` when ``path`` moves; ``None`` when that is no directory's move."""
    rest = path[len(directory) + 1 :] if directory else path
    after = moved(path, moves)
    if after == rest:
        return ""
    return after[: -len(rest) - 1] if after.endswith("/" + rest) else None


def glob_matches(pattern: str, path: str) -> bool:
    """Whether ``pattern``, matched from the root, matches ``path`` or a directory above it.

    ``*`` stays within a component and ``**`` does not; a pattern that names a directory matches all below.
    """
    return glob_regex(pattern.strip("/") + "{,/**}").fullmatch(path) is not None


@lru_cache(maxsize=1024)
def glob_regex(pattern: str) -> re.Pattern[str]:
    """The regular expression that matches what ``pattern`` matches; nothing where it is malformed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # `--` and `&&` in a class may mean more one day
            return re.compile(_glob_to_regex(pattern), re.DOTALL)
    except re.error:  # unbalanced braces, a range that runs backwards
        return re.compile(r"(?!)")


def _glob_to_regex(pattern: str) -> str:
    tokens = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]", "{": "(?:", "}": ")", ",": "|"}
    parts = re.split(r"(\*\*/|\*\*|\*|\?|\[[^\]]*\]|[{},])", pattern)
    braces = "{" in pattern and "}" in pattern
    regex = ""
    for part in parts:
        if part in tokens and (braces or part not in "{},"):
            regex += tokens[part]
        elif part.startswith("[") and part.endswith("]") and len(part) > 2:
            regex += "[" + part[1:-1].replace("\\", "\\\\").replace("[", "\\[").replace("!", "^", 1) + "]"
        else:
            regex += re.escape(part)
    return regex
