"""To which namespace of a Python file each name in it belongs: the module's, or that of a class, a function, a lambda
or a comprehension.

Source: https://docs.python.org/3/reference/executionmodel.html#naming-and-binding
"""

from __future__ import annotations

import ast
from functools import lru_cache

from trueup.text.python_source import children

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.text.python_source import Source

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
OPENING = frozenset((*FUNCTIONS, *COMPREHENSIONS, ast.ClassDef))
NAMING: dict[type[ast.AST], str] = {
    ast.arg: "arg",
    ast.MatchMapping: "rest",
    **dict.fromkeys((ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef), "name"),
    **dict.fromkeys((ast.ExceptHandler, ast.MatchAs, ast.MatchStar), "name"),
}
NOTED = frozenset((*NAMING, ast.Name, ast.alias, ast.Global, ast.Nonlocal))


class Namespace:
    """What stands in ``node``, and in none within it: ``bound`` are its names, by the nodes that give them a value."""

    def __init__(self, node: ast.AST, around: Namespace | None) -> None:
        self.node = node
        self.around = around
        self.bound: dict[str, list[ast.AST]] = {}
        self.elsewhere: dict[str, bool] = {}  # names of a namespace around; whether they are the module's

    @property
    def is_local(self) -> bool:
        """Whether it is within a function."""
        return isinstance(self.node, FUNCTIONS) or (self.around is not None and self.around.is_local)


class Names:
    """All names of a file: where they are read, and in which namespaces they are bound."""

    def __init__(self, source: Source) -> None:
        self.module = Namespace(source.tree, None)
        self.loads: dict[str, list[ast.Name]] = {}
        self._inner: dict[ast.AST, Namespace] = {source.tree: self.module}
        outer: dict[ast.AST, Namespace] = {}
        opened: list[Namespace] = []
        for node, parent in source.parents.items():
            here = self._inner[node] = outer.pop(node) if node in outer else self._inner[parent]
            kind = type(node)
            if kind in NOTED:
                self._note(node, parent, here)
            if kind in OPENING:
                self._inner[node] = Namespace(node, here)
                opened.append(self._inner[node])
                outer.update(dict.fromkeys(_outside(node), here))
        for space in opened:
            for name in space.elsewhere.keys() & space.bound.keys():
                self._home(space, name).bound.setdefault(name, []).extend(space.bound.pop(name))

    def _note(self, node: ast.AST, parent: ast.AST, here: Namespace) -> None:
        """Take down what a node reads or binds."""
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load):
                self.loads.setdefault(node.id, []).append(node)
                return
            while isinstance(parent, ast.NamedExpr) and isinstance(here.node, COMPREHENSIONS) and here.around:
                here = here.around  # of ``:=``, which binds in what is around all comprehensions
            here.bound.setdefault(node.id, []).append(node)
        elif isinstance(node, ast.alias):
            here.bound.setdefault(bound_by(node), []).append(node)
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            here.elsewhere.update(dict.fromkeys(node.names, isinstance(node, ast.Global)))
        elif name := getattr(node, NAMING[type(node)]):
            here.bound.setdefault(name, []).append(node)

    def _home(self, space: Namespace, name: str) -> Namespace:
        """The namespace that a name belongs to which ``space`` says is not its own."""
        around = self.module if space.elsewhere[name] else space.around
        while around and around.around and (name not in around.bound or isinstance(around.node, ast.ClassDef)):
            around = around.around
        return around or self.module

    def homes(self, node: ast.AST, name: str) -> tuple[Namespace, ...]:
        """The namespaces that a name may belong to where ``node`` stands, the nearest first: what the body of a class
        reads may be its own, or of what is around it."""
        start = space = self._inner[node]
        found: tuple[Namespace, ...] = ()
        while space.around is not None:
            if space.elsewhere.get(name):
                break
            in_class = isinstance(space.node, ast.ClassDef)
            if name in space.bound and (space is start or not in_class):
                found = (*found, space)
                if not in_class:
                    return found
            space = space.around
        return (*found, self.module)


@lru_cache(maxsize=2)
def names_of(source: Source) -> Names:
    """The names of a file, worked out once."""
    return Names(source)


def bound_by(alias: ast.alias) -> str:
    """The name that an import binds."""
    return alias.asname or alias.name.partition(".")[0]


def _outside(node: ast.AST) -> Iterator[ast.AST]:
    """What belongs to a function, a class or a comprehension, and is reckoned before and outside it."""
    match node:
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            yield node.generators[0].iter
        case ast.ClassDef():
            yield from (*node.decorator_list, *node.bases, *node.keywords)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
            for part in children(node.args):
                outer = part.annotation if isinstance(part, ast.arg) else part
                yield from (outer,) if outer else ()
            if not isinstance(node, ast.Lambda):
                yield from (*node.decorator_list, *((node.returns,) if node.returns else ()))
