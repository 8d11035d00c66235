"""The small operations: one key, one requirement, one line, one file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from trueup.errors import PlanRefused
from trueup.model.change import Remove, Write
from trueup.model.operation import (
    AddRequirement,
    AppendLine,
    CreateFile,
    RemoveFile,
    RemoveKey,
    ReplaceText,
    SetKey,
)
from trueup.model.plan import LedgerRow, Question
from trueup.plan.lowered import Lowered
from trueup.text.lines import Text, append, decode, split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from trueup.model.tree import Tree

PYPROJECT = "pyproject.toml"
# A heading over nothing; over nothing of another tool's it may say that this is where its settings are looked for.
EMPTY = re.compile(r"(?m)^\[tool\.uv\][ \t]*(?:\r?\n)+(?=\[|\Z)")
SmallEdit: TypeAlias = SetKey | RemoveKey | AddRequirement | CreateFile | AppendLine | ReplaceText | RemoveFile


def lower_edit(tree: Tree, operation: SmallEdit) -> Lowered:
    """The changes of one small operation; none where the tree already says so.

    Raises ``PlanRefused`` where it cannot be done, or would overwrite something.
    """
    match operation:
        case SetKey():
            return set_key(tree, operation)
        case RemoveKey():
            return remove_key(tree, operation)
        case AddRequirement():
            return add_requirement(tree, operation)
        case CreateFile():
            return create_file(tree, operation)
        case AppendLine():
            return append_line(tree, operation)
        case ReplaceText():
            return replace_text(tree, operation)
        case RemoveFile():
            return remove_file(tree, operation)


def set_key(tree: Tree, operation: SetKey) -> Lowered:
    """Set a key; a file that is missing is created."""
    from trueup.text import toml

    return _edited(tree, operation.path, lambda text: toml.set_key(text, operation.route, operation.value))


def remove_key(tree: Tree, operation: RemoveKey) -> Lowered:
    """Remove a key where it stands; the ledger says which lines went with it."""
    from trueup.text import toml

    if not tree.has(operation.path):
        return Lowered()
    path, route = operation.path, operation.route

    def removed(text: str) -> str:
        after = toml.remove_key(text, route) if toml.has_key(text, route) else text
        return EMPTY.sub("", after) if route[:-1] == ("tool", "uv") else after

    lowered = _edited(tree, path, removed)
    reason = f"{'.'.join(route)} is no longer wanted ({operation.code})"
    before = read_text(tree, path).text
    rows = [
        LedgerRow(path, line, text, "dropped", reason=reason)
        for change in lowered.changes
        if isinstance(change, Write)
        for line, text in gone_lines(before, decode(change.content).text)
    ]
    return lowered._replace(ledger=tuple(rows))


def add_requirement(tree: Tree, operation: AddRequirement) -> Lowered:
    """Add a requirement unless its name already stands in the list (or in a group which that includes)."""
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    from trueup.text import toml

    try:
        name = canonicalize_name(Requirement(operation.requirement).name)
    except InvalidRequirement as problem:
        raise PlanRefused(f"cannot add {operation.requirement!r}: {problem}") from None
    data = _toml_data(tree, PYPROJECT)
    route: tuple[str, ...] = ("project", "dependencies")
    if operation.group:
        route = ("dependency-groups", _group(data, operation.group))
        listed = _group_items(data, route[1], set())
    else:
        _refuse_without_dependencies(data, operation.requirement)
        listed = iter(data["project"].get("dependencies", []))
    if name in {_name(item) for item in listed}:
        return Lowered()
    new = operation.group and route[1] not in data.get("dependency-groups", {})

    def edit(text: str) -> str:
        text = toml.append_to_array(text, route, operation.requirement)
        return _installed_unasked(data, text, route[1]) if new else text

    return _edited(tree, PYPROJECT, edit)


def _installed_unasked(data: dict[str, Any], text: str, group: str) -> str:
    """A new group made one that ``uv sync`` installs: ``dev`` includes it, or it is a default group."""
    from trueup.text import toml

    tool = data.get("tool", {})
    uv = tool.get("uv", {}) if isinstance(tool, dict) else {}
    default = uv.get("default-groups", ["dev"]) if isinstance(uv, dict) else ["dev"]
    if default == "all" or group in default:
        return text
    if "dev" in default:
        return toml.append_to_array(text, ("dependency-groups", "dev"), {"include-group": group})
    return toml.append_to_array(text, ("tool", "uv", "default-groups"), group)


def create_file(tree: Tree, operation: CreateFile) -> Lowered:
    """Create a file; one that holds the same already is fine, any other is not overwritten."""
    content = operation.content.encode()
    if operation.path not in tree.entries and not tree.has_dir(operation.path):
        return Lowered((Write(operation.path, content, operation.mode),))
    if tree.has(operation.path) and tree.read(operation.path) == content:
        return Lowered()
    raise PlanRefused(f"{operation.path} exists and says something else", "move it aside, or keep it")


def append_line(tree: Tree, operation: AppendLine) -> Lowered:
    """Add a line unless it stands there already."""
    old = read_text(tree, operation.path)
    if operation.line.strip() in (line.strip() for line in split(old.text)):
        return Lowered()
    return _written(operation.path, old, append(old.text, operation.line))


def replace_text(tree: Tree, operation: ReplaceText) -> Lowered:
    """Replace a text that stands exactly once on its line."""
    path, number = operation.path, operation.line
    old = read_text(tree, path)
    lines = split(old.text)
    count = lines[number - 1].count(operation.old) if 0 < number <= len(lines) else 0
    if count != 1:
        raise PlanRefused(f"{path}:{number} holds {operation.old!r} {count} times, not once")
    lines[number - 1] = lines[number - 1].replace(operation.old, operation.new)
    written = _written(path, old, "".join(lines))
    asked = (Question(operation.code, operation.asks, "", path, number),) if operation.asks else ()
    return written._replace(questions=asked)


def remove_file(tree: Tree, operation: RemoveFile) -> Lowered:
    """Remove a file or a directory that is there."""
    if operation.path not in tree.entries and not tree.has_dir(operation.path):
        return Lowered()
    row = LedgerRow(operation.path, 0, "", "dropped", reason=operation.reason)
    return Lowered((Remove(operation.path),), (row,))


def read_text(tree: Tree, path: str) -> Text:
    """The file decoded, or an empty one where it is missing."""
    return decode(tree.read(path)) if tree.has(path) else Text("")


def gone_lines(before: str, after: str) -> Iterator[tuple[int, str]]:
    """The lines (1-based number, text) of ``before`` that ``after`` lacks, blank ones aside."""
    from difflib import SequenceMatcher

    old, new = split(before), split(after)
    for tag, start, end, _, _ in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag in ("delete", "replace"):
            yield from ((at + 1, old[at].strip()) for at in range(start, end) if old[at].strip())


def _edited(tree: Tree, path: str, edit: Callable[[str], str]) -> Lowered:
    old = read_text(tree, path)
    try:
        return _written(path, old, edit(old.text))
    except ValueError as problem:
        raise PlanRefused(f"{path} cannot be edited: {problem}") from None


def _written(path: str, old: Text, new: str) -> Lowered:
    return Lowered() if new == old.text else Lowered((Write(path, old.bytes(new)),))


def _toml_data(tree: Tree, path: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(read_text(tree, path).text)
    except (ValueError, RecursionError) as problem:
        raise PlanRefused(f"{path} cannot be edited: {problem}") from None


def _refuse_without_dependencies(data: dict[str, Any], requirement: str) -> None:
    project = data.get("project")
    if not isinstance(project, dict):
        raise PlanRefused(f"{PYPROJECT} has no [project] table that could list {requirement}")
    if "dependencies" in project.get("dynamic", ()):
        raise PlanRefused(f"the dependencies of {PYPROJECT} are dynamic: {requirement} belongs where they are listed")


def _group(data: dict[str, Any], wanted: str) -> str:
    """The group as it is spelt in the file; PEP 735 compares names as PEP 503 does."""
    from packaging.utils import canonicalize_name

    groups = data.get("dependency-groups", {})
    return next((name for name in groups if canonicalize_name(name) == canonicalize_name(wanted)), wanted)


def _group_items(data: dict[str, Any], group: str, seen: set[str]) -> Iterator[str]:
    """The requirements of a group and of those that it includes."""
    seen.add(group)
    for item in data.get("dependency-groups", {}).get(group, []):
        if isinstance(item, dict) and _group(data, str(item.get("include-group"))) not in seen:
            yield from _group_items(data, _group(data, str(item.get("include-group"))), seen)
        elif isinstance(item, str):
            yield item


def _name(requirement: object) -> str:
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    try:
        return canonicalize_name(Requirement(str(requirement)).name)
    except InvalidRequirement:
        return ""
