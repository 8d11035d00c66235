"""The proof after the rewriting: the new tree means what the old one meant, with the modules renamed, and no more."""

from __future__ import annotations

import ast
from bisect import bisect_right
from typing import TYPE_CHECKING, Any, TypeAlias

from trueup.model.noun import NamedTuple
from trueup.text.python_imports import File, absolute, replaced
from trueup.text.python_names import prefixes, top

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from trueup.model.span import Edit

LOST = "statements would be lost or added"
Run: TypeAlias = list[ast.Import | ast.ImportFrom]


class Meaning(NamedTuple):
    """What a run of import statements does: the modules it loads, in order, and what each name is bound to."""

    loads: tuple[str, ...]
    binds: dict[str, tuple[str, str]]  # name -> (module, attribute or "")


def difference(file: File, old: ast.Module, new: ast.Module, edits: Sequence[Edit]) -> str:
    """The first place where ``new`` is not ``old`` with its modules renamed; ``""`` if there is none."""
    swaps = {name: file.names.new(name) for name in file.names.renames if replaced(file, name)}
    left, right = _segments(old.body), _segments(new.body)
    if len(left) != len(right):
        return LOST
    waiting: list[tuple[Any, Any]] = list(_touched(file, left, right, edits))
    while waiting:
        before, after = waiting.pop()
        match before, after:
            case (_Imports(), _Imports()):
                if why := _imports_differ(file, before.run, after.run, swaps):
                    return why
            case (list(), list()):
                left, right = _segments(before), _segments(after)
                if len(left) != len(right):
                    return LOST
                waiting += zip(left, right, strict=True)
            case (ast.Name(id=name), ast.Name(id=now)) if swaps.get(name, name) == now:
                waiting.append((before.ctx, after.ctx))
            case (ast.AST(), ast.AST()) if type(before) is type(after) and not isinstance(before, ast.Name):
                waiting += [(getattr(before, field, None), getattr(after, field, None)) for field in before._fields]
            case _ if type(before) is not type(after) or repr(before) != repr(after):
                return f"line {getattr(before, 'lineno', 0)}: other code would change"
    return ""


def _touched(file: File, left: list[Any], right: list[Any], edits: Sequence[Edit]) -> Iterator[tuple[Any, Any]]:
    """The top-level segments that an edit falls into; those whose text is the same mean the same."""
    starts = sorted(edit.start for edit in edits)
    for before, after in zip(left, right, strict=True):
        last = before.run[-1] if isinstance(before, _Imports) else before
        end = file.lines.span(last)[1]
        passed = bisect_right(starts, end)
        if passed or type(before) is not type(after):
            yield before, after
        del starts[:passed]


class _Imports(NamedTuple):
    run: Run


def _segments(items: list[Any]) -> list[Any]:
    """A list with each run of consecutive import statements as one item."""
    segments: list[Any] = []
    for item in items:
        if not isinstance(item, ast.Import | ast.ImportFrom):
            segments.append(item)
        elif segments and isinstance(segments[-1], _Imports):
            segments[-1].run.append(item)
        else:
            segments.append(_Imports([item]))
    return segments


def _imports_differ(file: File, before: Run, after: Run, swaps: dict[str, str]) -> str:
    new = file.names.new
    new_parts = file.names.new_parts
    parts = file.names.all_parts

    def was(node: ast.ImportFrom) -> str | None:
        return absolute(file.module, file.is_package, node)

    def becomes(node: ast.ImportFrom) -> str | None:
        return absolute(new(file.module), file.is_package, node) if was(node) is not None else None

    old_meaning, now = meaning(before, was, parts), meaning(after, becomes, new_parts)
    meant = Meaning(
        tuple(_without_implied(new(name) for name in old_meaning.loads)),
        {swaps.get(name, name): (new(module), rest) for name, (module, rest) in old_meaning.binds.items()},
    )
    tops = {top(name) for name in now.loads}
    extra = {name for name in now.binds.keys() - meant.binds.keys() if name in tops and now.binds[name] == (name, "")}
    binds = {name: value for name, value in now.binds.items() if name not in extra}
    if meant.loads == tuple(_without_implied(iter(now.loads))) and meant.binds == binds:
        return ""
    return f"line {before[0].lineno}: the imports would not bind what they bind now"


def meaning(run: Run, package: Callable[[ast.ImportFrom], str | None], parts: frozenset[str]) -> Meaning:
    """What the import statements of ``run`` load and bind; ``parts`` are the names that are modules."""
    loads: list[str] = []
    binds: dict[str, tuple[str, str]] = {}
    stars = 0
    for statement in run:
        for alias in statement.names:
            if isinstance(statement, ast.Import):
                loads.append(alias.name)
                binds[alias.asname or top(alias.name)] = (alias.name if alias.asname else top(alias.name), "")
                continue
            source = package(statement) or "." * statement.level + (statement.module or "")
            full = f"{source}.{alias.name}"
            is_module = full in parts
            loads.append(full if is_module else source)
            stars += alias.name == "*"
            name = alias.asname or (f"*{stars}" if alias.name == "*" else alias.name)
            binds[name] = (full, "") if is_module else (source, alias.name)
    return Meaning(tuple(loads), binds)


def _without_implied(loads: Iterator[str]) -> Iterator[str]:
    """Loading ``a.b`` loads ``a`` too, and a second time nothing."""
    done: set[str] = set()
    for name in loads:
        if name not in done:
            yield name
        done |= set(prefixes(name))
