"""``pyrightconfig.json`` becomes ``[tool.pyright]``: the same keys, and the comments above them."""

from __future__ import annotations

import re

from trueup.errors import PlanRefused
from trueup.model.change import Change, Remove, Write
from trueup.model.plan import LedgerRow
from trueup.plan.config_file import keep, tell_dead
from trueup.plan.config_namers import rename
from trueup.plan.config_tools import PYPROJECT, has_table
from trueup.plan.config_values import Setting, apply
from trueup.plan.edits import gone_lines, read_text
from trueup.plan.lowered import Lowered
from trueup.text.lines import split
from trueup.text.syntax import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.model.document import Document
    from trueup.model.operation import ConsolidateConfig
    from trueup.model.project import Project
    from trueup.model.tree import Tree

TARGET = ("tool", "pyright")


def consolidate_pyright(project: Project, tree: Tree, operation: ConsolidateConfig) -> Lowered:
    """Move ``pyrightconfig.json``, which wins over pyproject.toml (pyright's documentation, "Configuration")."""
    from trueup.text import toml

    path = operation.path
    source = read_text(tree, path).text
    document = parse(path, source)
    if document.error or not isinstance(document.data, dict) or not document.data:
        return keep(operation.code, path, document.error or "it holds no settings")
    namers = rename(project, tree, path, ("-p", "--project"))
    if namers.blocked:
        return keep(operation.code, path, f"{namers.blocked[0]}:{namers.blocked[1]} names it")
    old = read_text(tree, PYPROJECT)
    try:
        text = toml.remove_key(old.text, TARGET) if has_table(old.text, TARGET) else old.text
        rows = [
            LedgerRow(PYPROJECT, line, gone, "dropped", reason=f"not in force: pyright reads {path}")
            for line, gone in gone_lines(old.text, text)
        ]
        text = apply(text, _settings(document, source))
    except ValueError as problem:
        raise PlanRefused(f"{PYPROJECT} cannot take the settings of {path}: {problem}") from None
    moved = [
        LedgerRow(path, number, line.strip(), "moved", f"{PYPROJECT} [tool.pyright]")
        for number, line in enumerate(split(source), 1)
        if line.strip()
    ]
    changes: tuple[Change, ...] = (Write(PYPROJECT, old.bytes(text)), Remove(path), *namers.changes)
    told = tell_dead(operation.code, old.text, TARGET, f"pyright read {path}", document.data) if rows else ()
    return Lowered(changes, (*moved, *rows), questions=tuple(told))


def _settings(document: Document, source: str) -> list[Setting]:
    """Every top-level key; a comment goes with the key that it is beside or above, else with the last one."""
    lines = {key: document.at(key).line for key in document.data}
    above: dict[str, list[str]] = {key: [] for key in document.data}
    for number, text in _comments(source):
        owner = next((key for key, line in lines.items() if line >= number), list(lines)[-1])
        above[owner].append(text)
    return [Setting((*TARGET, key), value, tuple(above[key])) for key, value in document.data.items()]


def _comments(source: str) -> list[tuple[int, str]]:
    """The comments with their lines, as TOML writes them."""
    found = []
    for piece in re.finditer(r'"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*.*?\*/', source, re.DOTALL):
        if piece[0][0] == "/":
            number = source.count("\n", 0, piece.start()) + 1
            texts = re.sub(r"^/[/*]+|\*/$", "", piece[0]).strip().splitlines()
            found += [(number, "# " + text.strip(" *\t")) for text in texts]
    return found
