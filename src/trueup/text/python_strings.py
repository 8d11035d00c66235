"""String literals of a Python file with what stands around them: which call takes them, under which key."""

from __future__ import annotations

import ast

from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy
from trueup.text.python_namespaces import names_of
from trueup.text.python_scopes import annotation_strings
from trueup.text.python_source import Source, source_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

OPENING = lazy(rb"[a-zA-Z]{0,2}(?:\"\"\"|'''|\"|')")
BROKEN_OFF = lazy(r"[\w.]+\.|\w+/")
JOINS = frozenset({"join", "joinpath"})
WORKING_DIRECTORY = frozenset({"Path.cwd", "pathlib.Path.cwd", "os.getcwd", "getcwd"})
IMPORTERS = frozenset({"import_module", "__import__"})
LISTS = (ast.List, ast.Tuple, ast.BinOp)  # what may be added up
INSIDE = (ast.List, ast.Tuple, ast.Set, ast.Starred, ast.IfExp, ast.BoolOp, ast.Dict)


class Literal(NamedTuple):
    """One string. ``start`` and ``end`` are the bytes between its quotes, 0 where they are not its plain text.

    ``call`` is the dotted name of the call that takes it (``monkeypatch.setattr``), ``sys.modules[]`` of what it is
    a subscript of, or ``__name__==`` where it is compared with the name of a module; ``position`` is its place among
    the arguments (-1: by ``keyword``), through any lists and dicts; ``import_module`` takes what the variable keeps
    that it is handed, too.
    ``keys`` are the keys above it in dicts and the variable that keeps it, the innermost first; ``is_key`` says that it
    is a key itself. ``joined`` says that something stands before it in a path, so that it is not relative to the
    working directory. ``open`` says that more follows which only the running program knows: ``"services."`` of
    ``f"services.{name}"``. ``alone`` says that the call has no other argument; ``among`` are all texts of the list
    that it stands in.
    """

    text: str
    line: int
    start: int
    end: int
    call: str = ""
    position: int = -1
    keyword: str = ""
    keys: tuple[str, ...] = ()
    is_key: bool = False
    joined: bool = False
    open: bool = False
    alone: bool = False
    among: tuple[str, ...] = ()


def literals(data: bytes) -> list[Literal]:
    """String literals but docstrings and annotations, and what f-strings begin with. Raises ``UnparsableError``."""
    return list(Reader(source_of(data)).found())


class Reader:
    """One file while its strings are read."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.parents = source.parents
        self.imports = any(name.encode() in source.data for name in IMPORTERS)

    def found(self) -> Iterator[Literal]:
        """The literals in the order of the tree."""
        names = {id(node) for node in annotation_strings(self.source.nodes)}  # they follow what the imports bind
        for node in self.source.nodes:
            if id(node) in names:
                continue
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
                parent = self.parents[node]
                if isinstance(parent, ast.JoinedStr):
                    if len(parent.values) == 1:
                        yield self._literal(parent, node.value)
                    elif node in parent.values[:2]:  # what is put in may come first
                        yield self._beginning(parent, node.value if parent.values[0] is node else "")
                elif made := self._formatted(parent):
                    yield self._beginning(made, node.value.partition("{")[0], node)
                elif isinstance(parent, ast.BinOp) and parent.left is node and is_broken_off(parent, node.value):
                    yield self._beginning(parent, node.value.partition("%")[0], node)
                elif not isinstance(parent, ast.Expr | ast.FormattedValue):
                    yield self._literal(node, node.value)

    def _formatted(self, parent: ast.AST) -> ast.Call | None:
        """The call of ``format`` that ``parent``, an attribute of a text, is part of."""
        call = self.parents.get(parent)
        is_format = isinstance(parent, ast.Attribute) and parent.attr == "format"
        return call if is_format and isinstance(call, ast.Call) and call.func is parent else None

    def _beginning(self, whole: ast.expr, text: str, node: ast.expr | None = None) -> Literal:
        """What ``whole`` begins with, which stands plainly behind the first quote of ``node``."""
        begin, end = self.source.span(node or whole)
        opening = OPENING.match(self.source.data, begin, end)
        start = opening.end() if opening else 0
        encoded = text.encode(self.source.encoding, "replace")
        plain = bool(start) and self.source.data.startswith(encoded, start) and b"\\" not in encoded
        return self._literal(whole, text)._replace(
            start=start if plain else 0, end=start + len(encoded) if plain else 0, open=True
        )

    def _literal(self, node: ast.expr, text: str) -> Literal:
        start, end = self._inside(node, text)
        keys, is_key, top = self._above(self._continued(node))
        call, position, keyword = ("Path", 0, "") if self._is_below_cwd(node) else self._taken(top)
        taker = self.parents[top]
        alone = isinstance(taker, ast.Call) and len(taker.args) == 1 and not taker.keywords
        joined = self._joined(node)
        among = tuple(texts_of(self.parents[node]))
        return Literal(
            text, node.lineno, start, end, call, position, keyword, keys, is_key, joined, False, alone, among
        )

    def _continued(self, node: ast.expr) -> ast.expr:
        """The sum that a text begins, where the next part begins with a full stop: ``"services" + "." + name``."""
        match self.parents[node]:
            case ast.BinOp(left=left, op=ast.Add(), right=ast.Constant(value=str(after))) as whole if (
                left is node and after.startswith(".")
            ):
                while isinstance(above := self.parents[whole], ast.BinOp) and above.left is whole:
                    whole = above
                return whole
        return node

    def _inside(self, node: ast.expr, text: str) -> tuple[int, int]:
        first, last = self.source.span(node)
        written = self.source.data[first:last]
        opening = OPENING.match(written)
        prefix = len(opening[0].rstrip(b"\"'")) if opening else 0
        encoded = text.encode(self.source.encoding, "replace")
        for width in (3, 1):
            begin = first + prefix + width
            quote = written[prefix : prefix + width]
            if quote in (b'"' * width, b"'" * width) and written[prefix + width : -width] == encoded:
                return begin, last - width
        return 0, 0

    def _above(self, node: ast.expr) -> tuple[tuple[str, ...], bool, ast.expr]:
        """Keys and variable above a literal, whether it is a key, and the outermost container that it stands in."""
        keys: list[str] = []
        here: ast.expr = node
        parent = self.parents[here]
        is_key = isinstance(parent, ast.Dict) and any(key is node for key in parent.keys)
        while isinstance(parent, INSIDE) or (isinstance(parent, ast.BinOp) and isinstance(here, LISTS)):
            if isinstance(parent, ast.Dict):
                key = next((key for key, value in zip(parent.keys, parent.values, strict=True) if value is here), None)
                if isinstance(key, ast.Constant):
                    keys.append(str(key.value))
            here, parent = parent, self.parents[parent]
        match parent:
            case ast.Assign(targets=[ast.Name(id=name) | ast.Attribute(attr=name)]):
                keys.append(name)
            case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
                keys += [dotted(target).rpartition(".")[2]] if isinstance(target, ast.Name | ast.Attribute) else []
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name))) if name.isupper():  # SETTING.append("a")
                keys.append(name)
            case ast.keyword(arg=str(name)):
                keys.append(name)
            case _:
                pass
        return tuple(keys), is_key, here

    def _taken(self, node: ast.expr) -> tuple[str, int, str]:
        """The call that takes an expression, and as what."""
        parent = self.parents[node]
        if isinstance(parent, ast.keyword):
            call = self.parents[parent]
            return (dotted(call.func) if isinstance(call, ast.Call) else ""), -1, parent.arg or ""
        if isinstance(parent, ast.Call) and node in parent.args:
            name = dotted(parent.func)
            name = "__module__.startswith" if name == "__name__.startswith" else name  # that of this module
            return name, parent.args.index(node), ""
        if isinstance(parent, ast.Subscript) and parent.slice is node:
            return dotted(parent.value) + "[]", 0, ""
        if isinstance(parent, ast.Compare) and dotted(parent.comparators[0]) == "sys.modules":
            return "sys.modules[]", 0, ""
        if isinstance(parent, ast.Compare):
            others = [dotted(side).rpartition(".") for side in (parent.left, *parent.comparators) if side is not node]
            if any(last == "__module__" or (last == "__name__" and not owner) for owner, _, last in others):
                return "__name__==", 0, ""
        return ("import_module", 0, "") if self.imports and self._is_imported(node) else ("", -1, "")

    def _is_imported(self, node: ast.expr) -> bool:
        """Whether the variable that keeps an expression is handed to what imports."""
        match self.parents[node]:
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                names = names_of(self.source)
                home = names.homes(node, name)[0]
                loads = (load for load in names.loads.get(name, ()) if home in names.homes(load, name))
                return any(is_importing(self.parents[load], load) for load in loads)
            case _:
                return False

    def _is_below_cwd(self, node: ast.expr) -> bool:
        """Whether it is the first piece behind ``Path.cwd()`` or ``os.getcwd()``: relative to the working directory."""
        match self.parents[node]:
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return right is node and is_cwd(left)
            case ast.Call(func=ast.Attribute(value=value, attr="joinpath"), args=[first, *_]):
                return first is node and is_cwd(value)
            case ast.Call(args=[first, second, *_]) as call if dotted(call.func).rpartition(".")[2] in JOINS:
                return second is node and is_cwd(first)
            case _:
                return False

    def _joined(self, node: ast.expr) -> bool:
        if self._is_below_cwd(node):
            return False
        match self.parents[node]:
            case ast.BinOp(right=right):
                return right is node
            case ast.Call(func=ast.Attribute(attr="joinpath")):
                return True
            case ast.Call(args=[first, *_]) as call if dotted(call.func).rpartition(".")[2] in (*JOINS, "Path"):
                return first is not node
            case _:
                return False


def is_broken_off(operation: ast.BinOp, text: str) -> bool:
    """Whether what stands left in ``text % x`` or ``text + x`` is no whole name or path by itself."""
    if isinstance(operation.op, ast.Mod):
        return "%" in text
    return isinstance(operation.op, ast.Add) and BROKEN_OFF.fullmatch(text) is not None


def is_importing(call: ast.AST, name: ast.Name) -> bool:
    """Whether a call imports the module of that name."""
    if not isinstance(call, ast.Call) or call.args[:1] != [name]:
        return False
    return dotted(call.func).rpartition(".")[2] in IMPORTERS


def is_cwd(node: ast.expr) -> bool:
    """Whether an expression is the working directory."""
    return isinstance(node, ast.Call) and not node.args and dotted(node.func) in WORKING_DIRECTORY


def texts_of(node: ast.AST) -> Iterator[str]:
    """The texts of a list, tuple or set; those of a call where they are a command (``run("python", "-m", "x")``)."""
    inside = node.elts if isinstance(node, ast.List | ast.Tuple | ast.Set) else ()
    given = node.args if isinstance(node, ast.Call) else ()
    found = [item.value for item in (*inside, *given) if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    yield from found if inside or "-m" in found else ()


def dotted(node: ast.expr) -> str:
    """``mock.patch.dict`` as it is written; what is no name in it is left out (``().run``), of a text ``str`` stays."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        parts.append(node.id)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        parts.append("str")
    return ".".join(reversed(parts))
