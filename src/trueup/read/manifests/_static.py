"""What a setup.py would compute, read without running it.

A small interpreter of straight-line code: literals, names, concatenation, files that are read whole,
``if`` over the platform or Python version. Everything else is ``Unreadable``, with a reason; nothing
is imported, no process starts, and no regular expression of the project runs.
"""

from __future__ import annotations

import ast
import posixpath

from trueup.read.manifests._static_markers import marker_of
from trueup.read.manifests._static_values import (
    LARGEST,
    Handle,
    Named,
    Text,
    Unreadable,
    added,
    filled,
    formatted,
    joined,
    readable,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from trueup.model.tree import Tree

STEPS = 20_000


class Static:
    """The state of a module while its statements are read in order; ``names`` holds values or ``Unreadable``."""

    def __init__(self, tree: Tree, path: str) -> None:
        self.tree = tree
        self.path = path
        self.names: dict[str, Any] = {}
        self.functions: dict[str, ast.FunctionDef | ast.Lambda] = {}
        self.steps = 0
        self.readers: dict[type[ast.expr], Callable[[Any], Any]] = {
            ast.Constant: self._constant,
            ast.Name: self._variable,
            ast.List: self._list,
            ast.Tuple: self._list,
            ast.Set: self._list,
            ast.Dict: self._dict,
            ast.BinOp: self._operation,
            ast.JoinedStr: self._template,
            ast.FormattedValue: self._field,
            ast.IfExp: self._choice,
            ast.Subscript: self._subscript,
            ast.Attribute: self._attribute,
            ast.ListComp: self._comprehension,
            ast.GeneratorExp: self._comprehension,
            ast.Call: self._call,
        }

    # --- statements

    def run(self, body: list[ast.stmt]) -> None:
        """Read statements; a name whose value cannot be read is remembered as such."""
        for statement in body:
            self._statement(statement)

    def _statement(self, statement: ast.stmt) -> None:
        match statement:
            case ast.FunctionDef(name=name):
                self.functions[name] = statement
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
                self._assignment(statement)
            case ast.Expr(value=ast.Call() as call):
                self._call_statement(call)
            case ast.With(items=items, body=body):
                for item in items:
                    self._open(item)
                self.run(body)
            case ast.If(test=test, body=body, orelse=orelse):
                self._branch(test, body, orelse)
            case ast.Try(body=body):
                self.run(body)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                self._import(module, names)
            case _:
                for name in _assigned(statement):
                    self.names[name] = Unreadable(f"line {statement.lineno} computes it")

    def _assignment(self, statement: ast.Assign | ast.AnnAssign | ast.AugAssign) -> None:
        match statement:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._assign(target, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._assign(target, value)
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=value):
                self.names[name] = self._try(lambda: added(self._name(name), self.value(value)))

    def _open(self, item: ast.withitem) -> None:
        if isinstance(item.optional_vars, ast.Name):
            self.names[item.optional_vars.id] = self._try(lambda: self.value(item.context_expr))

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            if isinstance(value, ast.Lambda):
                self.functions[target.id] = value
            self.names[target.id] = self._try(lambda: self.value(value))
        elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            held = self.names.get(target.value.id)
            key = self._try(lambda: self.value(target.slice))
            if isinstance(held, dict) and isinstance(key, str):
                held[key] = self._try(lambda: self.value(value))
        else:
            for name in _names_in(target):
                self.names[name] = Unreadable("it is unpacked from another value")

    def _call_statement(self, call: ast.Call) -> None:
        match call:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id=name), attr="append" | "extend" as how), args=[argument]
            ):

                def grown() -> Any:
                    value = self.value(argument)
                    return added(self._name(name), [value] if how == "append" else value)

                self.names[name] = self._try(grown)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="update"), args=[argument]):
                self.names[name] = self._try(lambda: {**self._name(name), **self.value(argument)})
            case ast.Call(func=ast.Name(id="exec"), args=[code, *rest]):
                self._exec(code, rest)

    def _exec(self, code: ast.expr, rest: list[ast.expr]) -> None:
        """``exec(open("pkg/version.py").read(), about)``: the names that file assigns."""
        source = self._try(lambda: self.value(code))
        inner = Static(self.tree, self.path)
        if isinstance(source, Text):
            try:
                inner.run(ast.parse(str(source)).body)
            except (SyntaxError, ValueError, RecursionError):
                return
        if rest and isinstance(rest[0], ast.Name):
            held = self.names.get(rest[0].id)
            self.names[rest[0].id] = {**(held if isinstance(held, dict) else {}), **inner.names}
        else:
            self.names.update(inner.names)

    def _import(self, module: str, names: list[ast.alias]) -> None:
        """Names of an own module: ``from pkg import __version__``."""
        base = module.replace(".", "/")
        path = next((path for path in (f"{base}.py", f"{base}/__init__.py") if self.tree.has(path)), None)
        if path is None:
            return
        inner = Static(self.tree, path)
        try:
            inner.run([line for line in ast.parse(self.tree.text(path)).body if not isinstance(line, ast.ImportFrom)])
        except (SyntaxError, ValueError, RecursionError):
            return
        for alias in names:
            self.names[alias.asname or alias.name] = inner.names.get(alias.name, Unreadable(f"imported from {module}"))

    def _branch(self, test: ast.expr, body: list[ast.stmt], orelse: list[ast.stmt]) -> None:
        """Both sides of an ``if``; what they add to a list gets a marker."""
        marker = marker_of(test)
        before = dict(self.names)
        self.run(body)
        then, self.names = self.names, dict(before)
        self.run(orelse)
        other, self.names = self.names, dict(before)
        for name in then.keys() | other.keys():
            self.names[name] = joined(then.get(name), other.get(name), marker)

    # --- expressions

    def _try(self, compute: Callable[[], Any]) -> Any:
        try:
            return compute()
        except Unreadable as reason:
            return reason
        except (TypeError, ValueError, AttributeError, LookupError, RecursionError) as problem:
            return Unreadable(str(problem) or type(problem).__name__)

    def _name(self, name: str) -> Any:
        if name not in self.names:
            raise Unreadable(f"{name} is not set plainly")
        if isinstance(self.names[name], Unreadable):
            raise self.names[name]
        return self.names[name]

    def value(self, node: ast.expr) -> Any:
        """The value of an expression; raises ``Unreadable``."""
        self.steps += 1
        if self.steps > STEPS:
            raise Unreadable("too much is computed")
        read = self.readers.get(type(node))
        if read is None:
            raise Unreadable(f"line {node.lineno} is computed")
        return read(node)

    def _constant(self, node: ast.Constant) -> Any:
        return Text(node.value, node.lineno) if isinstance(node.value, str) else node.value

    def _variable(self, node: ast.Name) -> Any:
        return Text(self.path) if node.id == "__file__" else self._name(node.id)

    def _list(self, node: ast.List | ast.Tuple | ast.Set) -> Any:
        return self._items(node.elts)

    def _operation(self, node: ast.BinOp) -> Any:
        left, right = self.value(node.left), self.value(node.right)
        match node.op:
            case ast.Add():
                return added(left, right)
            case ast.Div():
                return Text(posixpath.join(str(left), str(right)))
            case ast.Mod() if isinstance(left, str):
                return formatted(left, right)
        raise Unreadable(f"line {node.lineno} is computed")

    def _template(self, node: ast.JoinedStr) -> Any:
        return Text("".join(str(self.value(part)) for part in node.values), node.lineno)

    def _field(self, node: ast.FormattedValue) -> Any:
        if node.conversion != -1 or node.format_spec is not None:
            raise Unreadable(f"line {node.lineno} is computed")
        return self.value(node.value)

    def _choice(self, node: ast.IfExp) -> Any:
        then, other = self._try(lambda: self.value(node.body)), self._try(lambda: self.value(node.orelse))
        return readable(joined(then, other, marker_of(node.test)))

    def _subscript(self, node: ast.Subscript) -> Any:
        return readable(self.value(node.value)[self.value(node.slice)])

    def _attribute(self, node: ast.Attribute) -> Any:
        if node.attr != "parent":
            raise Unreadable(f"line {node.lineno} is computed")
        return Text(posixpath.dirname(str(self.value(node.value))))

    def _items(self, items: list[ast.expr]) -> list[Any]:
        found: list[Any] = []
        for item in items:
            value = self.value(item.value if isinstance(item, ast.Starred) else item)
            conditional = isinstance(item, ast.IfExp) and isinstance(value, list)
            found += value if isinstance(item, ast.Starred) or conditional else [value]
        return found

    def _dict(self, node: ast.Dict) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                found |= self.value(value)
            else:
                found[self.value(key)] = self._try(lambda value=value: self.value(value))  # type: ignore[misc]  # the loop's own value
        return found

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp) -> list[Any]:
        """Lines of a file, stripped and sifted: comments and blanks go, the rest stays."""
        loop = node.generators[0]
        if len(node.generators) > 1 or not isinstance(loop.target, ast.Name):
            raise Unreadable(f"line {node.lineno} is computed")
        source = self.value(loop.iter)
        items = self._read(source).splitlines() if isinstance(source, Handle) else source
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise Unreadable(f"line {node.lineno} is computed")
        files = tuple(dict.fromkeys(file for item in items for file in getattr(item, "files", ())))
        plain = isinstance(node.elt, ast.Name) or (
            isinstance(node.elt, ast.Call)
            and isinstance(node.elt.func, ast.Attribute)
            and node.elt.func.attr in ("strip", "rstrip")
            and not node.elt.args
        )
        if not plain:
            raise Unreadable(f"line {node.lineno} is computed")
        return [Text(item.strip(), node.lineno, files) for item in items if item.strip()]

    # --- calls

    def _call(self, node: ast.Call) -> Any:
        name = ast.unparse(node.func) if isinstance(node.func, ast.Name | ast.Attribute) else ""
        short = name.rpartition(".")[2]
        if short in ("find_packages", "find_namespace_packages"):
            arguments = [self.value(argument) for argument in node.args]
            return Named(short, arguments, {word.arg: self.value(word.value) for word in node.keywords if word.arg})
        if name in ("os.path.join", "join", "path.join"):
            return Text(posixpath.join(*(str(self.value(argument)) for argument in node.args)))
        if name in ("os.path.dirname", "dirname", "path.dirname"):
            return Text(posixpath.dirname(str(self.value(node.args[0]))))
        if name in ("os.path.abspath", "os.path.realpath", "abspath", "pathlib.Path", "Path", "str", "list", "tuple"):
            return self.value(node.args[0]) if node.args else Text("")
        if name in ("open", "io.open", "codecs.open"):
            return Handle(str(self.value(node.args[0])))
        if name == "dict" and not node.args:
            return {word.arg: self._try(lambda word=word: self.value(word.value)) for word in node.keywords}  # type: ignore[misc]  # the loop's own word
        if name in self.functions:
            return self._function(self.functions[name], node)
        if isinstance(node.func, ast.Attribute):
            return self._method(node.func, node)
        raise Unreadable(f"line {node.lineno} calls {name or 'something'}")

    def _method(self, function: ast.Attribute, node: ast.Call) -> Any:
        held = self.value(function.value)
        arguments = [self.value(argument) for argument in node.args]
        match held, function.attr:
            case Handle(), "read":
                return self._read(held)
            case Handle(), "readlines":
                return self._lines(self._read(held))
            case str(), "read_text":
                return self._read(Handle(held))
            case str(), "splitlines":
                return self._lines(held)
            case str(), "split":
                if arguments and arguments[0] not in ("\n", ",", " "):
                    raise Unreadable(f"line {node.lineno} is computed")
                return [Text(part, node.lineno, getattr(held, "files", ())) for part in held.split(*arguments[:1])]
            case str(), "strip" | "rstrip" | "lstrip":
                return Text(getattr(held, function.attr)(*arguments), node.lineno, getattr(held, "files", ()))
            case str(), "joinpath":
                return Text(posixpath.join(held, *map(str, arguments)))
            case str(), "resolve" | "absolute" | "decode" | "encode":
                return held
            case str(), "format" if all(isinstance(argument, str) for argument in arguments) and "{}" in held:
                return Text(filled(held, arguments), node.lineno)
            case str(), "join" if arguments and isinstance(arguments[0], list):
                return Text(held.join(map(str, arguments[0])), node.lineno)
        raise Unreadable(f"line {node.lineno} calls .{function.attr}()")

    def _function(self, function: ast.FunctionDef | ast.Lambda, node: ast.Call) -> Any:
        """A function of the file itself, with its arguments."""
        inner = Static(self.tree, self.path)
        inner.steps = self.steps + 1
        inner.names, inner.functions = dict(self.names), {}
        arguments = [self.value(item) for item in node.args if not isinstance(item, ast.Starred)]
        parameters = function.args
        inner.names.update(zip((parameter.arg for parameter in parameters.args), arguments, strict=False))
        if parameters.vararg:
            inner.names[parameters.vararg.arg] = arguments[len(parameters.args) :]
        if isinstance(function, ast.Lambda):
            return inner.value(function.body)
        for statement in function.body:
            answer = inner._answer(statement)
            if answer is not None:
                return readable(answer)
        raise Unreadable(f"{function.name}() returns nothing plain")

    def _answer(self, statement: ast.stmt) -> Any:
        """What ``return`` gives, inside ``with`` too; ``None`` where the statement does not return."""
        if isinstance(statement, ast.Return) and statement.value is not None:
            return self.value(statement.value)
        if isinstance(statement, ast.With):
            self._statement(ast.With(items=statement.items, body=[], lineno=statement.lineno, col_offset=0))
            for inner in statement.body:
                answer = self._answer(inner)
                if answer is not None:
                    return answer
            return None
        self._statement(statement)
        return None

    def _read(self, handle: Handle) -> Text:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(self.path), handle.path)).removeprefix("./")
        if not self.tree.has(path):
            raise Unreadable(f"{path} is not there")
        return Text(self.tree.text(path)[:LARGEST], 0, (path,))

    def _lines(self, text: str) -> list[Text]:
        return [Text(line, 0, getattr(text, "files", ())) for line in text.splitlines()]


def _assigned(statement: ast.stmt) -> set[str]:
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _names_in(target: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}
