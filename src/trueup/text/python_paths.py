"""Paths that a Python file reckons from its own place: ``Path(__file__).parent.parent / "data"`` and its kin; and from
that of a module it names: ``Path(app.__file__).parent``, ``files("app") / ".."``.

Sources: ``pathlib``, ``os.path`` and ``importlib.resources`` in the standard library's reference.
"""

from __future__ import annotations

import ast
from functools import cached_property

from trueup.model.noun import NamedTuple
from trueup.model.span import Edit
from trueup.text.python_namespaces import Names, bound_by, names_of
from trueup.text.python_source import Source, source_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

SAME = frozenset({"resolve", "absolute", "expanduser", "as_posix"})  # methods that give the same place
WRAPS = frozenset({"Path", "PurePath", "PosixPath", "str", "fspath", "abspath", "realpath", "normpath", "expanduser"})
JOINS = frozenset({"join", "joinpath", "Path"})
APART = frozenset({"with_name", "with_stem", "with_suffix", "replace", "split", "rsplit", "partition", "rpartition"})
FILES = ("importlib.resources.files", "importlib_resources.files")
CONSTANTS = {"pardir": "..", "curdir": "."}  # of os and os.path


class Piece(NamedTuple):
    """A literal part of a path, with the bytes of its text between the quotes; ``start`` 0: not to be edited."""

    text: str
    start: int = 0
    end: int = 0


class Use(NamedTuple):
    """What is reckoned from a chain: ``ups`` further directories up, then ``pieces``; at ``line``."""

    line: int
    ups: int = 0
    pieces: tuple[Piece, ...] = ()
    near: tuple[str, ...] = ()  # where nothing is followed: the literals that stand in the same expression


class Chain(NamedTuple):
    """One expression that climbs from ``__file__``: ``levels`` 1 is the file's own directory.

    ``origin`` is the module whose file it climbs from, ``""`` for that in which it stands.
    ``name`` is the variable that keeps it, ``""`` where none does; ``uses`` are what the file makes of it.
    ``style`` is how it climbs last: parent, parents or dirname, ``""`` where it does not. ``further`` are expressions
    that climb on from the variable, whose uses are among these, too; ``own`` are the others.
    """

    line: int
    levels: int
    style: str
    start: int
    end: int
    function: str = ""
    name: str = ""
    uses: tuple[Use, ...] = ()
    origin: str = ""
    odd: bool = False  # what is made of it is not followed: ``with_name``, ``split``
    local: bool = False  # a function keeps it, for itself
    own: tuple[Use, ...] = ()
    further: tuple[Chain, ...] = ()

    def climb(self, more: int) -> list[Edit]:
        """The edits that make it climb ``more`` directories further."""
        match self.style:
            case "parent":
                return [Edit(self.end, self.end, b".parent" * more)]
            case "parents":
                return [Edit(self.start, self.end, str(self.levels - 1 + more).encode())]
            case "dirname":
                opened = f"{self.function}(".encode() * more
                return [Edit(self.start, self.start, opened), Edit(self.end, self.end, b")" * more)]
            case _:
                return []


def chains(data: bytes) -> list[Chain]:
    """Every chain of a file, with its uses in the same file. Raises ``UnparsableError``."""
    there = b"__file__" in data or (b"resources" in data and b"import" in data)
    return Climber(source_of(data)).found() if there else []


class Climber:
    """One file while its chains are read."""

    def __init__(self, source: Source, package: str = "") -> None:
        self.source = source
        self.parents = source.parents
        self.texts: dict[ast.AST, tuple[str, ...]] = {}
        statements = (node for node in source.nodes if isinstance(node, (ast.Import, ast.ImportFrom)))
        self.imports = dict(pair for node in statements for pair in _imported(node, package))
        self.modules = {bound_by(alias): stands for alias, stands in self.imports.items()}

    @cached_property
    def names(self) -> Names:
        """Where the file's names are bound and read."""
        return names_of(self.source)

    def found(self) -> list[Chain]:
        """The chains in the order in which they stand."""
        files = [node for node in self.source.nodes if isinstance(node, ast.expr) and self._origin(node) is not None]
        tops = [self._top(node) for node in files]
        made = [(top, self._chain(top)) for top in dict.fromkeys(tops)]
        return sorted((self._used(top, chain, ()) for top, chain in made), key=lambda chain: chain.start)

    def _used(self, top: ast.expr, chain: Chain, seen: tuple[str, ...]) -> Chain:
        """A chain with what is made of it, and the expressions that climb on from its name."""
        new = chain.name not in ("", *seen)
        seen = (*seen, chain.name)
        tops = {node: self._top(node) for node in self._loads(top, chain.name)} if new else {}
        climbing = ((last, self._chain(last)) for last in tops.values())
        further = tuple(self._used(last, other, seen) for last, other in climbing if other.levels)
        uses = tuple(self.uses(top, chain.name))
        own = tuple(use for node, last in tops.items() if node is last for use in self.use(node, seen))
        return chain._replace(uses=uses, own=own if tops else uses, further=further)

    def _origin(self, node: ast.AST) -> str | None:
        """The module whose place ``node`` is, ``""`` for the file's own; ``None`` where it is no such place."""
        match node:
            case ast.Name(id="__file__"):
                return ""
            case ast.Attribute(attr="__file__", value=ast.Name(id=name)):
                return self.modules.get(name)
            case ast.Call(args=[only]) if self._is_files(node.func):
                match only:
                    case ast.Constant(value=str(module)):
                        return module
                    case ast.Name(id="__package__"):
                        return ""
                    case ast.Name(id=name):
                        return self.modules.get(name)
        return None

    def _is_files(self, function: ast.expr) -> bool:
        """Whether a function is ``importlib.resources.files``."""
        called = dotted(function)
        first, dot, rest = called.partition(".")
        return f"{self.modules.get(first, first)}{dot}{rest}" in FILES

    def _top(self, node: ast.expr) -> ast.expr:
        """The outermost expression that only climbs from ``node``."""
        while (outer := self._outer(node)) is not None:
            node = outer
        return node

    def _outer(self, node: ast.expr) -> ast.expr | None:
        """The expression around ``node`` that is the same path, or one above it."""
        parent = self.parents.get(node)
        match parent:
            case ast.Attribute(attr="parent"):
                return parent
            case ast.Attribute(attr="parents") if isinstance(index := self.parents.get(parent), ast.Subscript):
                return index if _number(index.slice) is not None else None
            case ast.Attribute(attr=name) if name in SAME and isinstance(call := self.parents.get(parent), ast.Call):
                return call
            case ast.Call(args=[only]) if only is node and (callee(parent) in WRAPS or callee(parent) == "dirname"):
                return parent
            case _:
                return None

    def _chain(self, top: ast.expr) -> Chain:
        levels, last = 0, top
        node: ast.expr | None = top
        style, start, end, function = "", 0, 0, ""
        while node is not None and (origin := self._origin(node)) is None:
            step = _step(node)
            if step and not style:
                last, style = node, _style(node)
            levels += step
            node = _inner(node)
        levels += isinstance(node, ast.Call)  # files() gives the directory
        if style:
            start, end = self.source.span(last.slice if isinstance(last, ast.Subscript) else last)
        if style == "dirname" and isinstance(last, ast.Call):
            first, after = self.source.span(last.func)
            function = self.source.data[first:after].decode("utf-8", "replace")
        name = self.name(top)
        return Chain(
            top.lineno,
            levels,
            style,
            start,
            end,
            function,
            name,
            (),
            origin or "",
            self._is_odd(top),
            bool(name) and self.names.homes(top, name)[0].is_local,
        )

    def _is_odd(self, node: ast.expr) -> bool:
        """Whether another place is made of a path by taking its text apart, or its last name away."""
        match self.parents.get(node):
            case ast.Attribute(attr="parents" | "parts" as name) as ways:
                around = self.parents.get(ways)
                if isinstance(around, ast.Call) and callee(around) in ("list", "tuple"):
                    return isinstance(self.parents.get(around), ast.Subscript)
                counted = (ast.Slice, ast.UnaryOp) if name == "parents" else ast.Slice
                return isinstance(around, ast.Subscript) and isinstance(around.slice, counted)
            case ast.Attribute(attr=name) as method:
                called = self.parents.get(method)
                return name in APART and isinstance(called, ast.Call) and called.func is method
            case ast.Call(args=[first, *_]) as call:
                return first is node and callee(call) == "split"
            case _:
                return False

    def name(self, node: ast.expr) -> str:
        match self.parents.get(node):
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                return name
            case _:
                return ""

    def uses(self, top: ast.expr, name: str, seen: tuple[str, ...] = ()) -> Iterator[Use]:
        """What the file makes of a chain; the chain itself where it is not kept, or not used."""
        places: list[ast.expr] = [top]
        if name:
            places = self._loads(top, name) or places
        for place in places:
            yield from self.use(place, (*seen, name))

    def _loads(self, top: ast.expr, name: str) -> list[ast.expr]:
        """Where the name that keeps an expression is read."""
        home = self.names.homes(top, name)[0]
        return [node for node in self.names.loads.get(name, ()) if home in self.names.homes(node, name)]

    def use(self, place: ast.expr, seen: tuple[str, ...]) -> Iterator[Use]:
        ups, node = 0, place
        while (outer := self._outer(node)) is not None:
            ups += _step(outer)
            node = outer
        name = self.name(node)
        if node is not place and name and name not in seen:  # ROOT = BASE.parent: what ROOT is used for counts
            loads = [use for use in self.uses(node, name, seen) if use.pieces or use.ups]
            if loads:
                yield from (use._replace(ups=use.ups + ups) for use in loads)
                return
        pieces: list[Piece] = []
        while (joined := self._joined(node)) is not None:
            node, more = joined
            pieces += more
        name = self.name(node) if pieces else ""
        if name and name not in seen:  # ROOT = join(HERE, ".."): what ROOT is joined with counts, too
            for use in self.uses(node, name, seen):
                yield Use(use.line, ups, (*pieces, *[Piece("..")] * use.ups, *use.pieces))
            return
        yield Use(place.lineno, ups, tuple(pieces), () if pieces else self._near(node))

    def _near(self, node: ast.AST) -> tuple[str, ...]:
        """The literals of the expression in which a node stands."""
        while isinstance(around := self.parents.get(node), (ast.expr, ast.keyword)):
            node = around
        if node not in self.texts:
            found = (each.value for each in ast.walk(node) if isinstance(each, ast.Constant))
            self.texts[node] = tuple(value for value in found if isinstance(value, str))
        return self.texts[node]

    def _joined(self, node: ast.expr) -> tuple[ast.expr, list[Piece]] | None:
        """The expression that joins literals to ``node``, and those literals."""
        parent = self.parents.get(node)
        match parent:
            case ast.BinOp(left=left, op=ast.Div() | ast.Add(), right=ast.Constant(value=str())) if left is node:
                return parent, [self._piece(parent.right)]
            case ast.Call(args=[first, *rest]) if first is node and rest and callee(parent) in JOINS:
                return self._literals(parent, rest)
            case ast.Attribute(attr="joinpath") if isinstance(call := self.parents.get(parent), ast.Call):
                return self._literals(call, call.args)
            case ast.FormattedValue() if isinstance(text := self.parents.get(parent), ast.JoinedStr):
                return self._formatted(text, parent)
            case ast.Call(args=[only]) if only is node and callee(parent) in WRAPS:
                return parent, []
            case ast.Attribute(attr=name) if name in SAME and isinstance(call := self.parents.get(parent), ast.Call):
                return call, []
            case _:
                return None

    def _literals(self, call: ast.Call, arguments: list[ast.expr]) -> tuple[ast.expr, list[Piece]] | None:
        pieces = []
        for argument in arguments:
            if (isinstance(argument, ast.Name) and argument.id in CONSTANTS) or (
                isinstance(argument, ast.Attribute) and argument.attr in CONSTANTS
            ):
                pieces.append(Piece(CONSTANTS[argument.id if isinstance(argument, ast.Name) else argument.attr]))
                continue
            if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
                break
            pieces.append(self._piece(argument))
        return (call, pieces) if pieces else None

    def _formatted(self, text: ast.JoinedStr, value: ast.FormattedValue) -> tuple[ast.expr, list[Piece]] | None:
        position = text.values.index(value)
        following = text.values[position + 1 : position + 2]
        if following and isinstance(following[0], ast.Constant) and isinstance(following[0].value, str):
            return text, [Piece(following[0].value.lstrip("/"))]
        return None

    def _piece(self, node: ast.expr) -> Piece:
        value = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
        start, end = self.source.span(node)
        written = self.source.data[start:end]
        encoded = value.encode(self.source.encoding, "replace")
        if value and written[:1] in (b'"', b"'") and written[1:-1] == encoded:
            return Piece(value, start + 1, end - 1)
        return Piece(value)


def _imported(node: ast.Import | ast.ImportFrom, package: str) -> Iterator[tuple[ast.alias, str]]:
    """What an import binds, and the dotted names that it stands for; relative ones only in a package."""
    if isinstance(node, ast.Import):
        yield from ((item, item.name if item.asname else bound_by(item)) for item in node.names)
        return
    parts = package.split(".") if package else []
    above = parts[: len(parts) - node.level + 1] if node.level else []
    module = ".".join([*above, *([node.module] if node.module else [])])
    if module and (above or not node.level):
        yield from ((item, f"{module}.{item.name}") for item in node.names)


def is_stored(node: ast.Name | ast.Attribute | ast.Subscript) -> bool:
    return not isinstance(node.ctx, ast.Load)


def dotted(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(attr=name, value=value) if inner := dotted(value):
            return f"{inner}.{name}"
        case ast.Call(func=function):
            return dotted(function)
        case _:
            return ""


def callee(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _number(node: ast.expr) -> int | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, int) else None


def _step(node: ast.expr) -> int:
    """How many directories ``node`` is above the expression in it."""
    match node:
        case ast.Attribute(attr="parent"):
            return 1
        case ast.Subscript(slice=index):
            return (_number(index) or 0) + 1
        case ast.Call() if callee(node) == "dirname":
            return 1
        case _:
            return 0


def _style(node: ast.expr) -> str:
    match node:
        case ast.Attribute():
            return "parent"
        case ast.Subscript():
            return "parents"
        case _:
            return "dirname"


def _inner(node: ast.expr) -> ast.expr | None:
    """The path that ``node`` wraps or climbs from."""
    match node:
        case ast.Attribute(value=value):
            return value
        case ast.Subscript(value=ast.Attribute(value=value)):
            return value
        case ast.Call(func=ast.Attribute(attr=name, value=value), args=[]) if name in SAME:
            return value
        case ast.Call(args=[only]):
            return only
        case _:
            return None
