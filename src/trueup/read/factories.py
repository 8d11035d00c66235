"""Which files may call a factory of an application, and what that must be given."""

from __future__ import annotations

import re

from trueup.read import zones

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.model.project import Project
    from trueup.model.source import SourceFile
    from trueup.model.tree import Tree


def serves_itself(project: Project) -> bool:
    """Whether a file that is started makes its application only then, and serves it."""
    return any(
        0 < source.main_guard < call.line and not zones.is_aside(source.path) and not zones.is_test(source.path)
        for source in project.sources.values()
        for call in source.calls_of("uvicorn.run")
    )


def must_be_given(tree: Tree, path: str, name: str) -> bool:
    """Whether a function at the top of a file has arguments that it cannot be called without."""
    import ast

    from trueup.text.python_names import UnparsableError
    from trueup.text.python_source import parse

    try:
        body = parse(tree.read(path)).body
    except UnparsableError:
        return False
    functions = (node for node in body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
    made = (node.args for node in functions if node.name == name)
    return any(len(each.posonlyargs + each.args) > len(each.defaults) or None in each.kw_defaults for each in made)


def callers(project: Project) -> frozenset[str]:
    """The files that import a factory of the project, or a module that has one, and that hold its name.

    Told by names alone, which are looked for in few files: a name may be another's of the same name, and is no call
    where the file only hands it on.
    """
    sources = [source for source in project.sources.values() if not zones.is_test(source.path)]
    makes = [source for source in sources if source.may("application")]
    names = {name for source in makes for name in source.factories}
    if not names:
        return frozenset()
    having = {source.path for source in makes if source.factories}
    size = 0
    while len(names) + len(having) > size:  # factories are handed on, and under other names
        size = len(names) + len(having)
        for source in sources:
            brought = [(original, alias) for original, alias in _from(source) if original in names]
            names |= {alias for _, alias in brought if alias}
            having |= {source.path} if brought else set()
    wanted = names | {_module(path) for path in having}
    called = re.compile("|".join(map(re.escape, sorted(names))).encode())
    found = (source.path for source in sources if source.path in having or not wanted.isdisjoint(_bound(source)))
    return frozenset(path for path in found if called.search(project.tree.read(path)))


def _from(source: SourceFile) -> list[tuple[str, str | None]]:
    return [pair for statement in source.imports if statement.is_from for pair in statement.names]


def _bound(source: SourceFile) -> set[str]:
    """The names that imports bring, and each part of a dotted one."""
    return {part for statement in source.imports for name, _ in statement.names for part in name.split(".")}


def _module(path: str) -> str:
    """The last part of the name by which a file is imported."""
    return path.removesuffix(".py").removesuffix("/__init__").rpartition("/")[2]
