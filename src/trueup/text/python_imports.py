"""Import statements under new names: the edits that keep every binding, order, comment and line."""

from __future__ import annotations

import ast
from functools import partial

from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy
from trueup.model.span import Edit
from trueup.text.python_names import RefusedError, top
from trueup.text.python_scopes import blocks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.text.python_names import ModuleNames
    from trueup.text.python_scopes import Block, Identifiers
    from trueup.text.python_source import Lines

GAP = rb"(?:[ \t\f]|\\(?:\r\n?|\n))"
NAME = rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*"
FROM = lazy(rb"from(%(g)s*)((?:\.%(g)s*)*(?:%(n)s(?:%(g)s*\.%(g)s*%(n)s)*)?)%(g)s*import\b" % {b"g": GAP, b"n": NAME})
PRAGMA = lazy(rb"#\s*(?:noqa|type:|pylint|pyright|mypy|ruff|isort|flake8|pragma|nosec|fmt|yapf)")


class File(NamedTuple):
    """What the rewriting of one file needs to know. ``module`` is its old dotted name, ``""`` outside own code."""

    lines: Lines
    names: ModuleNames
    uses: Identifiers
    module: str = ""
    is_package: bool = False
    parts: frozenset[str] = frozenset()  # every known module, and every package above one


class Binding(NamedTuple):
    """What becomes of one ``import old [as name]``.

    ``clauses`` stand for it in an ``import`` list; ``lines`` where it is a statement of its own.
    ``binds`` is (name, module) bound by the last of two clauses, if there are two.
    """

    clauses: tuple[str, ...]
    lines: tuple[str, ...]
    binds: tuple[str, str] | None = None


def import_edits(file: File, tree: ast.Module) -> Iterator[Edit]:
    """The edits of all import statements and of the uses that follow them.

    Raises ``RefusedError`` where a statement cannot be rewritten with certainty.
    """
    for old in sorted(filter(partial(replaced, file), file.names.renames)):
        for name in file.uses.loads(old):
            yield Edit(*file.lines.span(name), file.lines.encode(file.names.new(old)))
    for block in blocks(tree):
        bound: dict[str, str] = {}
        for statement in block.statements:
            match statement:
                case ast.Import(names=aliases):
                    yield from _import(file, statement, block, bound)
                    bound |= {alias.asname or top(alias.name): _bound(file, alias) for alias in aliases}
                case _:
                    bound.clear()
                    if isinstance(statement, ast.ImportFrom):
                        yield from _from(file, statement)


def replaced(file: File, old: str) -> bool:
    """Whether a renamed top-level package is called by its new name in all the file."""
    new = file.names.new(old)
    return "." not in old + new and old != new and file.uses.replaceable(old, new)


def _bound(file: File, alias: ast.alias) -> str:
    return file.names.new(alias.name if alias.asname else top(alias.name))


def _import(file: File, statement: ast.Import, block: Block, bound: dict[str, str]) -> Iterator[Edit]:
    start, end = file.lines.span(statement)
    bindings = [_binding(file, alias, block) for alias in statement.names]
    if not any(bindings):
        return
    if parent := _common_parent(file, statement, block):
        yield Edit(start, start, file.lines.encode(f"from {parent} "))
    elif len(bindings) == 1 and (binding := bindings[0]):
        yield _statement(file, statement, binding, bound)
    else:
        for alias, binding in zip(statement.names, bindings, strict=True):
            if binding:
                yield Edit(*file.lines.span(alias), file.lines.encode(", ".join(binding.clauses)))
    if not file.lines.data[start:end].startswith(b"import"):
        raise RefusedError(f"line {statement.lineno}: no import statement stands where the parser says")


def _binding(file: File, alias: ast.alias, block: Block) -> Binding | None:
    """``None`` where nothing changes."""
    old, name = alias.name, alias.asname
    head = top(old)
    new, new_head = file.names.new(old), file.names.new(head)
    if new == old and (name or new_head == head):
        return None
    if name or "." not in old:
        name = name or (new if replaced(file, old) else old)
        clause = clause_of(new, name)
        return Binding((clause,), (f"import {clause}" if "." in old or reloads(file) else statement_of(new, name),))
    if new != new_head + old[len(head) :]:
        raise RefusedError(f"line {alias.lineno}: {head!r} and {old!r} part ways, and {old!r} is bound as one name")
    if replaced(file, head):
        return Binding((new,), (f"import {new}",))
    clear = file.names.new(top(new)) == top(new) and file.uses.free(top(new)) and not block.in_class
    loading = new if clear else f"{new} as {head}"
    return Binding(
        (loading, clause_of(new_head, head)), (f"import {loading}", statement_of(new_head, head)), (head, new_head)
    )


def clause_of(module: str, name: str) -> str:
    return module if module == name else f"{module} as {name}"


def statement_of(module: str, name: str) -> str:
    """The statement that binds a module as ``name``."""
    parent, _, last = module.rpartition(".")
    return f"from {parent} import {clause_of(last, name)}" if parent else f"import {clause_of(module, name)}"


def _common_parent(file: File, statement: ast.Import, block: Block) -> str:
    """``shop`` for ``import models, schemas as s``, which then need only ``from shop`` before them.

    ``from shop import a, b`` binds neither name before both are loaded: that shows where ``b`` may fail
    inside ``try``, and where ``b`` imports this very module. And it takes what ``shop`` holds already,
    even after somebody removed it from ``sys.modules``.
    """
    seen_halfway = block.guarded or (file.module and file.module not in file.names.acyclic)
    if reloads(file) or (len(statement.names) > 1 and seen_halfway):
        return ""
    parents = set()
    for alias in statement.names:
        parent, _, last = file.names.new(alias.name).rpartition(".")
        parents.add(parent if last == alias.name else "")
    return parents.pop() if len(parents) == 1 else ""


def reloads(file: File) -> bool:
    """Whether the file handles ``sys.modules`` itself."""
    return b"sys.modules" in file.lines.data


def _statement(file: File, statement: ast.Import, binding: Binding, bound: dict[str, str]) -> Edit:
    """One clause alone in its statement: one line for another, or two."""
    start, end = file.lines.span(statement)
    texts = binding.lines
    if binding.binds:
        name, module = binding.binds
        if bound.get(name) == module and top(module) != name and " as " not in texts[0]:
            texts = texts[:1]
    if len(texts) == 1:
        return Edit(start, end, file.lines.encode(texts[0]))
    around = file.lines.alone(start, end)
    if around is None:
        return Edit(*file.lines.span(statement.names[0]), file.lines.encode(", ".join(binding.clauses)))
    comment = around.comment if PRAGMA.search(around.comment) else b""
    first, second = (file.lines.encode(text) for text in texts)
    return Edit(start, end, first + comment + around.newline + around.indent + second)


def _from(file: File, statement: ast.ImportFrom) -> Iterator[Edit]:
    package = package_of(file, statement)
    if package is None or statement.module == "__future__":
        return
    targets = [_from_target(file, package, alias) for alias in statement.names]
    parents = {parent for parent, _ in targets}
    if len(parents) > 1:
        raise RefusedError(f"line {statement.lineno}: the names imported from {package!r} go to different packages")
    parent = parents.pop()
    if not parent:
        start, end = file.lines.span(statement)
        if not statement.level:  # which runs the package, too
            raise RefusedError(
                f"line {statement.lineno}: {f'{package}.{statement.names[0].name}'!r} becomes a top-level module"
            )
        if b"#" in file.lines.data[start:end]:
            raise RefusedError(f"line {statement.lineno}: a comment stands among what becomes top-level modules")
        pairs = zip(statement.names, targets, strict=True)
        clauses = ", ".join(clause_of(name, alias.asname or alias.name) for alias, (_, name) in pairs)
        yield Edit(start, end, file.lines.encode(f"import {clauses}"))
        return
    if parent != written(file, statement):
        start, _ = file.lines.span(statement)
        match = FROM.match(file.lines.data, start)
        if not match:
            raise RefusedError(f"line {statement.lineno}: no import statement stands where the parser says")
        before, after = b"" if match[1] else b" ", b" " if match[0].endswith(match[2] + b"import") else b""
        yield Edit(match.start(2), match.end(2), before + file.lines.encode(parent) + after)
    for alias, (_, name) in zip(statement.names, targets, strict=True):
        if name != alias.name:
            text = f"{name} as {alias.asname or alias.name}"
            yield Edit(*file.lines.span(alias), file.lines.encode(text))


def _from_target(file: File, package: str, alias: ast.alias) -> tuple[str, str]:
    """Where ``from package import name`` finds the name afterwards: (package, name); a top-level module in none."""
    new = file.names.new(package)
    full = f"{package}.{alias.name}"
    if full in file.parts and file.names.new(full) != f"{new}.{alias.name}":
        parent, _, last = file.names.new(full).rpartition(".")
        return parent, last
    return new, alias.name


def package_of(file: File, statement: ast.ImportFrom) -> str | None:
    """The old absolute name of what a ``from`` imports from; ``None`` where it is not known."""
    return absolute(file.module, file.is_package, statement)


def written(file: File, statement: ast.ImportFrom) -> str | None:
    """What the statement as it stands will import from once its own file has its new name."""
    return absolute(file.names.new(file.module), file.is_package, statement)


def absolute(module: str, is_package: bool, statement: ast.ImportFrom) -> str | None:
    """A ``from`` statement's module as an absolute name, seen from ``module``."""
    if not statement.level:
        return statement.module
    parts = module.split(".") if module else []
    climb = statement.level - is_package
    if climb >= len(parts) and not (climb == 0 and parts):
        return None
    base = parts[: len(parts) - climb]
    return ".".join([*base, statement.module] if statement.module else base)
