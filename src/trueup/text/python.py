"""Python's own references to modules: import statements rewritten so that every binding stays what it was."""

from __future__ import annotations

import ast

from trueup.model.pattern import lazy
from trueup.model.span import splice
from trueup.text.python_imports import File, import_edits, package_of, written
from trueup.text.python_lines import rename_certain_lines
from trueup.text.python_meaning import difference
from trueup.text.python_names import Doubt, ModuleNames, RefusedError, Rewrite, UnparsableError
from trueup.text.python_scopes import Identifiers
from trueup.text.python_source import parse, source_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.span import Edit
    from trueup.text.python_source import Source

FAILS = "fails today outside a package"
__all__ = ["Doubt", "ModuleNames", "Rewrite", "rename_imports"]

RELATIVE = lazy(rb"\bfrom[ \t\f\\\r\n]*\.")


def rename_imports(source: bytes, names: ModuleNames, *, module: str = "", is_package: bool = False) -> Rewrite:
    """Import statements of a file under the new names of its modules.

    ``module`` is the file's own old dotted name (``""`` outside own code), ``is_package`` says that it
    is an ``__init__.py``; both matter for relative imports only. Whatever name a statement binds, it
    binds to the same module or member afterwards; order, style, comments and line ends stay. A file
    whose result would mean something else is refused: ``error`` then says why, and there are no edits.
    """
    moved = module and names.new(module) != module
    if not names.mentioned(source) and not (moved and RELATIVE.search(source)):
        return Rewrite()
    try:
        parsed = source_of(source)
        file = File(parsed, names, Identifiers(parsed), module, is_package, names.parts)
        return Rewrite(_edits(file, parsed), tuple(_doubts(file, parsed)))
    except UnparsableError as problem:
        return rename_certain_lines(source, names, str(problem))
    except RefusedError as problem:
        return Rewrite(error=str(problem))


def _edits(file: File, source: Source) -> tuple[Edit, ...]:
    edits = sorted(set(import_edits(file, source.tree)))
    if edits and (why := _wrong(file, source, edits)):
        raise RefusedError(why)
    return tuple(edits)


def _doubts(file: File, source: Source) -> Iterator[Doubt]:
    """Relative imports that climb out of their top-level package fail today, and will not afterwards."""
    for node in file.uses.nodes if file.module and RELATIVE.search(source.data) else ():
        if isinstance(node, ast.ImportFrom) and package_of(file, node) is None:
            text = "from " + "." * node.level + (node.module or "")
            if found := written(file, node):
                yield Doubt(node.lineno, text, f"{FAILS}; afterwards it finds {found!r}")


def _wrong(file: File, source: Source, edits: list[Edit]) -> str:
    try:
        return difference(file, source.tree, parse(splice(source.data, edits)), edits)
    except UnparsableError as problem:
        return f"the result would not parse: {problem}"
