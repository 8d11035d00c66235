"""Source files that something else still reads, so that they must stay."""

from __future__ import annotations

import ast
import re
from fnmatch import fnmatchcase
from posixpath import dirname, normpath

from trueup.model.lists import made_in
from trueup.model.packages import facts
from trueup.text.ignores import spec_of
from trueup.text.python_names import UnparsableError
from trueup.text.python_source import TELLS, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trueup.model.tree import Tree

HOOKS = ".pre-commit-config.yaml"
HOOK = re.compile(r"(?m)^[ \t]*-[ \t]+(?:id|repo|name):")
EXPORTS = re.compile(r"\buv[- ]export\b|\bcompile\b[^\n]*\bpyproject\.toml\b")
COMMENTED = re.compile(r"(?m)^[ \t]*[#;].*$")
INCLUDES = re.compile(r"(?m)^[ \t]*(?:-[rc]|--requirement|--constraint)[ \t=]*([^\s#]+)")


def still_read(tree: Tree, sources: Iterable[str], converted: Iterable[str]) -> dict[str, str]:
    """Source -> who reads it, for files that go otherwise; ``converted`` are files that go with them.

    Dockerfiles, workflows and scripts are not asked here: their commands are rewritten.
    """
    wanted, going = set(sources), set(converted)
    found: dict[str, str] = {}
    for reader, path in readers(tree):
        if path not in going:
            always = reader.get("always")
            if always in wanted:
                found.setdefault(str(always), f"{reader['who']} reads it ({path})")
            text = COMMENTED.sub("", tree.text(path))
            for source in sorted(wanted - found.keys()) if not reader.get("hidden") else ():
                if _names(text, source) and (not path.endswith(".py") or _names(_said(text), source)):
                    found[source] = f"{reader['who']} reads it ({path})"
    for source in made_by_hooks(tree, wanted):
        found.setdefault(source, f"a hook of pre-commit makes it ({HOOKS})")
    for source in (staying := list(found)):
        for name in INCLUDES.findall(tree.text(source) if tree.has(source) else ""):
            included = normpath(f"{dirname(source)}/{name}".lstrip("/"))
            if included in wanted and included not in found:
                found[included] = f"{source} includes it"
                staying.append(included)
    return found


def made_by_hooks(tree: Tree, sources: Iterable[str]) -> Iterator[str]:
    """The lists that a hook of pre-commit writes, from the lock or from pyproject.toml, whenever those change."""
    text = tree.text(HOOKS) if tree.has(HOOKS) else ""
    written = {name for hook in HOOK.split(text) if EXPORTS.search(hook) for name in made_in(hook)}
    return (source for source in sources if source.rpartition("/")[2] in written)


def readers(tree: Tree, *, alone: bool = False) -> Iterator[tuple[dict[str, str], str]]:
    """The rows of ``data/platforms.py`` that are about this project, each with its file; or those alone that say that
    they install what they read and not the project."""
    for reader in (row for row in facts("platforms")["reader"] if row.get("alone") or not alone):
        if not any(fnmatchcase(path, reader.get("beside", "*")) for path in tree.files()):
            continue
        for path in tree.files():
            if fnmatchcase(path, reader["file"]):
                text = tree.text(path)
                shown = reader.get("hidden") and not _hides_the_manifest(text, reader["always"])
                if reader.get("holds", "") in text and reader.get("lacks", "\0") not in text and not shown:
                    yield reader, path


def _hides_the_manifest(text: str, source: str) -> bool:
    """Whether patterns keep what uv reads from a platform, and not the list that it installs from then."""
    hides = spec_of(text).match_file
    return not hides(source) and (hides("pyproject.toml") or hides("uv.lock"))


def packed_from(tree: Tree, lock: str) -> str:
    """The file of a Serverless project whose plugin packs what a lock lists, or its manifest; ``""`` for none."""
    if not lock.endswith(("Pipfile.lock", "poetry.lock")):
        return ""
    files = (path for path in tree.files() if fnmatchcase(path, "serverless.y*ml"))
    return next((path for path in files if "serverless-python-requirements" in tree.text(path)), "")


def _said(text: str) -> str:
    """The strings of a Python file, without comments, docstrings and messages, which only speak of what they name."""
    try:
        nodes = list(ast.walk(parse(text.encode())))
    except UnparsableError:
        return text
    spoken = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    spoken |= {id(part) for node in nodes for part in _parts(_telling(node))}
    strings = (node for node in nodes if isinstance(node, ast.Constant) and id(node) not in spoken)
    return "\n".join(node.value for node in strings if isinstance(node.value, str))


def _telling(node: ast.AST) -> ast.AST | None:
    """The call, if a node is one or raises one, that tells a person something."""
    match node:
        case ast.Raise(exc=raised):
            return raised
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in TELLS or name == "exit":
            return node
        case _:
            return None


def _parts(node: ast.AST | None) -> Iterator[ast.AST]:
    """What a node is made of, without the calls within it: ``print(open(name).read())`` reads before it tells."""
    for part in ast.iter_child_nodes(node) if node else ():
        if not isinstance(part, ast.Call):
            yield part
            yield from _parts(part)


def _names(text: str, source: str) -> bool:
    before = r"(?:(?<![\w/.-])|(?<=\s-[rc]))"
    return source in text and re.search(rf"{before}{re.escape(source)}(?![\w.-])", text) is not None
