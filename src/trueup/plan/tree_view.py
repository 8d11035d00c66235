"""The new layout drawn as a tree: what moved, what is new, what was changed and what is gone."""

from __future__ import annotations

from trueup.model.change import Move, Write, apply_to_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trueup.model.change import Change
    from trueup.model.tree import Tree

SHOWN = 12
"""Entries of one directory that are drawn one by one when none of them has a mark."""

Node = dict[str, "Node"]


def tree_view(before: Tree, after: Tree, changes: Sequence[Change]) -> str:
    """The project as it will be: ``+`` new, ``~`` changed, ``-`` removed, ``<- old`` moved; no ignored files."""
    marks = dict(_marks(before, after, changes))
    paths = {*_shown(after), *marks}
    root: Node = {}
    for path in paths:
        node = root
        for part in path.split("/"):
            node = node.setdefault(part, {})
    return "\n".join(_drawn(root, "", "", marks))


def _shown(tree: Tree) -> Iterable[str]:
    return (path for path, entry in tree.entries.items() if not entry.ignored and not path.startswith("../"))


def _marks(before: Tree, after: Tree, changes: Sequence[Change]) -> Iterable[tuple[str, str]]:
    now = {path: _followed(path, changes) for path in before.entries}
    written = {
        _followed(change.path, changes[index:]) for index, change in enumerate(changes) if isinstance(change, Write)
    }
    for change in changes:
        if isinstance(change, Move) and (change.target in after.entries or after.has_dir(change.target)):
            yield change.target, f"<- {change.source}"
    for path in (*_shown(before), *before.outer()):
        moved = now[path]
        if moved is None:
            yield path, "- removed"
        elif moved in written and before.has(path) and after.read(moved) != before.read(path):
            yield moved, "~ changed" if moved == path else f"<- {path}, what it names rewritten"
    for path in after.entries.keys() - set(now.values()):
        if not after.entries[path].ignored:
            yield path, "+ new, known after uv ran" if after.entries[path].pending else "+ new"


def _followed(path: str, changes: Iterable[Change]) -> str | None:
    current: str | None = path
    for change in changes:
        current = apply_to_path(current, change) if current is not None else None
    return current


def _drawn(node: Node, path: str, indent: str, marks: dict[str, str]) -> Iterable[str]:
    names = sorted(node, key=lambda name: (not node[name], name))
    hidden = 0
    if len(names) > SHOWN:
        told = [name for name in names if _is_marked(node[name], f"{path}{name}", marks)]
        plain = [name for name in names if name not in told]
        keep = set(told) | set(plain[: max(SHOWN - len(told), 3)])
        hidden = len(names) - len(keep)
        names = [name for name in names if name in keep]
    for position, name in enumerate(names):
        last = position == len(names) - 1 and not hidden
        here = f"{path}{name}"
        mark = f"  {marks[here]}" if here in marks else ""
        inside = node[name]
        yield f"{indent}{'└── ' if last else '├── '}{name}{'/' if inside else ''}{mark}"
        if inside:
            yield from _drawn(inside, f"{here}/", indent + ("    " if last else "│   "), marks)
    if hidden:
        yield f"{indent}└── ... {hidden} more, as they were"


def _is_marked(node: Node, path: str, marks: dict[str, str]) -> bool:
    return path in marks or any(_is_marked(inside, f"{path}/{name}", marks) for name, inside in node.items())
