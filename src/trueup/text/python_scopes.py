"""Which identifiers a file uses and how, in which blocks its imports stand, and which strings are annotations."""

from __future__ import annotations

import ast
from functools import cached_property

from trueup.model.noun import NamedTuple
from trueup.text.python_names import top

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from trueup.text.python_source import Source

BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
TYPE_CALLS = frozenset(
    {"cast", "TypeVar", "ForwardRef", "NewType", "TypeAliasType", "ParamSpec", "TypedDict", "NamedTuple"}
)
NAME_LISTS = frozenset({"__all__", "__slots__", "__match_args__"})
REFLECTION = frozenset({"globals", "locals", "vars", "eval", "exec", "*"})


class Block(NamedTuple):
    """One list of statements; ``guarded`` inside ``try`` or ``with``, ``in_class`` directly in a class body."""

    statements: list[ast.stmt]
    guarded: bool = False
    in_class: bool = False


def blocks(tree: ast.Module) -> Iterator[Block]:
    """Every list of statements of a file."""
    waiting = [Block(tree.body)]
    while waiting:
        block = waiting.pop()
        yield block
        for statement in block.statements:
            if hasattr(statement, "body") or hasattr(statement, "cases"):
                waiting += _inner(statement, block)


def _inner(node: ast.AST, block: Block) -> Iterator[Block]:
    for field in BLOCKS:
        children: list[ast.stmt] = getattr(node, field, [])
        if field in ("handlers", "cases"):
            for child in children:
                yield from _inner(child, block)
        elif isinstance(node, FUNCTIONS):
            yield Block(children)
        elif isinstance(node, ast.ClassDef):
            yield Block(children, block.guarded, in_class=True)
        elif children:
            opens = field == "body" and isinstance(node, ast.Try | ast.TryStar | ast.With | ast.AsyncWith)
            yield Block(children, block.guarded or opens, block.in_class)


class Identifiers:
    """How the identifiers of a file are used."""

    def __init__(self, source: Source) -> None:
        self.tree = source.tree
        self.nodes = source.nodes

    @cached_property
    def kinds(self) -> Mapping[str, set[str]]:
        """Identifier -> ``import`` (bound by a plain ``import name[.x]`` outside a class), ``load``, ``other``."""
        members = {id(each) for block in blocks(self.tree) if block.in_class for each in block.statements}
        kinds: dict[str, set[str]] = {}
        for node in self.nodes:
            for name, kind in _identifiers(node, id(node) in members):
                kinds.setdefault(name, set()).add(kind)
        return kinds

    def loads(self, name: str) -> list[ast.Name]:
        """The places where ``name`` is read."""
        return [node for node in self.nodes if isinstance(node, ast.Name) and node.id == name]

    def free(self, name: str) -> bool:
        """Whether a plain ``import name.x`` can be added anywhere without hiding what ``name`` means there."""
        return self.kinds.get(name, set()) <= {"import"}

    def replaceable(self, old: str, new: str) -> bool:
        """Whether every ``old`` of the file is the imported module, and could as well be called ``new``."""
        return (
            "import" in (kinds := self.kinds.get(old, set()))
            and "other" not in kinds
            and self.free(new)
            and REFLECTION.isdisjoint(self.kinds)
            and not any(old in str(string.value) for string in annotation_strings(self.nodes))
        )


def _identifiers(node: ast.AST, in_class: bool) -> Iterator[tuple[str, str]]:
    match node:
        case ast.Name(id=name, ctx=context):
            yield name, "load" if isinstance(context, ast.Load) else "other"
        case ast.Import(names=aliases):
            for alias in aliases:
                plain = alias.asname is None and not in_class
                yield alias.asname or top(alias.name), "import" if plain else "other"
        case ast.ImportFrom(names=aliases):
            for alias in aliases:
                yield alias.asname or alias.name, "other"
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            for name in names:
                yield name, "other"
        case ast.alias():  # told by the statement
            pass
        case ast.arg(arg=name):
            yield name, "other"
        case ast.MatchMapping(rest=str(name)):
            yield name, "other"
        case _ if isinstance(defined := getattr(node, "name", None), str):  # def, class, except, match, type parameters
            yield defined, "other"


def annotation_strings(nodes: Iterable[ast.AST]) -> list[ast.Constant]:
    """The strings that are names or expressions where they stand: annotations, ``cast``, bounds, ``__all__``."""
    roots: list[ast.AST] = []
    for node in nodes:
        match node:
            case ast.arg(annotation=ast.expr() as root) | ast.AnnAssign(annotation=root):
                roots.append(root)
            case ast.FunctionDef(returns=ast.expr() as root) | ast.AsyncFunctionDef(returns=ast.expr() as root):
                roots.append(root)
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in TYPE_CALLS:
                roots.append(node)
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=root)
                | ast.AugAssign(target=ast.Name(id=name), value=root)
            ):
                roots += [root] if name in NAME_LISTS else []
            case _:
                pass
    found = {id(string): string for root in roots for string in _strings(root)}
    return list(found.values())


def _strings(root: ast.AST) -> Iterator[ast.Constant]:
    waiting = [root]
    while waiting:
        match waiting.pop():
            case ast.Constant(value=str()) as string:
                yield string
            case ast.Subscript(value=ast.Name(id="Literal") | ast.Attribute(attr="Literal")):
                pass
            case node:
                waiting += ast.iter_child_nodes(node)
