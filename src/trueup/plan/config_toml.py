"""``ruff.toml`` becomes ``[tool.ruff]``: the same text under longer headers."""

from __future__ import annotations

import re
from posixpath import normpath

from trueup.errors import PlanRefused
from trueup.model.change import Change, Remove, Write
from trueup.model.plan import LedgerRow
from trueup.plan.config_file import keep, tell_dead
from trueup.plan.config_namers import rename
from trueup.plan.config_tools import PYPROJECT, has_table
from trueup.plan.edits import gone_lines, read_text
from trueup.plan.lowered import Lowered
from trueup.text.lines import newline_of, split
from trueup.text.toml_read import parse, scan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.model.operation import ConsolidateConfig
    from trueup.model.project import Project
    from trueup.model.tree import Tree

TARGET = ("tool", "ruff")
FILES = (".ruff.toml", "ruff.toml")
LARGEST = 200_000
READERS = (".toml", ".json", ".yaml", ".yml", ".sh", ".ini", ".cfg")
WRITERS = (".py", ".md", ".rst", "Makefile", "justfile")


def consolidate_ruff(project: Project, tree: Tree, operation: ConsolidateConfig) -> Lowered:
    """Move ``ruff.toml``, which wins over pyproject.toml (ruff's documentation, "Config file discovery")."""
    from trueup.text import toml

    path = operation.path
    source = read_text(tree, path).text
    if all(tree.has(name) for name in FILES):
        return keep(operation.code, path, f"ruff reads {FILES[0]} where both are there")
    try:
        data, _ = parse(source)
    except ValueError as problem:
        return keep(operation.code, path, str(problem))
    if by := named_by_path(tree, path):
        return keep(operation.code, path, f"{by} names it")
    namers = rename(project, tree, path, ("--config",))
    if namers.blocked:
        return keep(operation.code, path, f"{namers.blocked[0]}:{namers.blocked[1]} names it")
    if normpath(str(data.get("extend"))) == PYPROJECT:
        return keep(operation.code, path, f"it extends {PYPROJECT}")
    old = read_text(tree, PYPROJECT)
    dead = "not in force: ruff reads " + path
    rest = toml.remove_key(old.text, TARGET) if has_table(old.text, TARGET) else old.text
    rows = [LedgerRow(PYPROJECT, line, gone, "dropped", reason=dead) for line, gone in gone_lines(old.text, rest)]
    newline = newline_of(old.text or source)
    joined = newline.join(
        [*([rest.rstrip(), ""] if rest.strip() else []), *under(source).replace("\r\n", "\n").split("\n"), ""]
    )
    if parse(joined)[0].get("tool", {}).get("ruff") != data:
        raise PlanRefused(f"{PYPROJECT} cannot take the settings of {path}")
    moved = [
        LedgerRow(path, number, line.strip(), "moved", f"{PYPROJECT} [tool.ruff]")
        for number, line in enumerate(split(source), 1)
        if line.strip()
    ]
    changes: tuple[Change, ...] = (Write(PYPROJECT, old.bytes(joined)), Remove(path), *namers.changes)
    told = tell_dead(operation.code, old.text, TARGET, f"ruff read {path}", data) if rows else ()
    return Lowered(changes, (*moved, *rows), questions=tuple(told))


def under(source: str) -> str:
    """The text with ``tool.ruff`` before each name in a header, and a header for the keys that have none."""
    source = source.removeprefix("\ufeff").strip("\r\n")
    found = scan(source)
    heads = {node.value: node for node in found.nodes.values() if node.kind in ("table", "element")}
    for start in sorted(heads, reverse=True):
        inside = start + len(re.match(r"\[+\s*", source[start:])[0])  # type: ignore[index]
        source = f"{source[:inside]}{'.'.join(TARGET)}.{source[inside:]}"
    keys = [
        node.start for route, node in found.nodes.items() if node.kind == "key" and node.start < min([*heads, 1 << 30])
    ]
    if not keys and heads:
        return source
    first = min(keys, default=len(source))
    while first and source[: first - 1].rpartition("\n")[2].startswith("#"):
        first = source.rfind("\n", 0, first - 1) + 1
    return f"{source[:first]}[{'.'.join(TARGET)}]\n{source[first:]}"


def named_by_path(tree: Tree, name: str) -> str:
    """The first file that names it from another folder, where no name of pyproject.toml is put in."""
    pattern = re.compile(rf"/{re.escape(name)}(?![\w.-])")
    joined = re.compile(rf"(?:\.\.|[}}\])])/{re.escape(name)}(?![\w.-])")
    for path in tree.files():
        said = path.endswith(READERS)
        reads = (said or path.endswith(WRITERS)) and path != name and tree.entries[path].size <= LARGEST
        if reads and (pattern if said else joined).search(tree.read(path).decode(errors="replace")):
            return path
    return ""
