"""Facts of one Python file, from one parse; the file is never imported.

``ast`` of the running Python decides. What it rejects (newer syntax, Python 2, templates) is read
line by line at the left margin, with ``error`` saying so.
"""

from __future__ import annotations

import ast
import warnings
from bisect import bisect_left

from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy
from trueup.model.source import Call, Import, SourceFile, postpones_annotations
from trueup.read.formatted_strings import first_line
from trueup.read.python_margin import APPLICATIONS, SIZE_CAP, TOO_LARGE, tolerant
from trueup.read.python_syntax import floor_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

# A call worth knowing: its dotted name, or (from "." on) the end of it -> name told, argument's position and keyword.
CALLS: dict[str, tuple[str, int, str]] = {
    "uvicorn.run": ("uvicorn.run", 0, "app"),
    "uvicorn.Config": ("uvicorn.run", 0, "app"),
    "sys.path.insert": ("sys.path.insert", 1, ""),
    "sys.path.append": ("sys.path.append", 0, ""),
    "sys.path.extend": ("sys.path.extend", 0, ""),
    "site.addsitedir": ("site.addsitedir", 0, ""),
    "os.chdir": ("os.chdir", 0, "path"),
    "os.getcwd": ("os.getcwd", 0, ""),
    "open": ("open", 0, "file"),
    "importlib.import_module": ("importlib.import_module", 0, "name"),
    "__import__": ("__import__", 0, "name"),
    ".load_dotenv": ("load_dotenv", 0, "dotenv_path"),
    ".StaticFiles": ("StaticFiles", 0, "directory"),
    ".Jinja2Templates": ("Jinja2Templates", 0, "directory"),
    ".create_engine": ("create_engine", 0, "url"),
    ".create_async_engine": ("create_async_engine", 0, "url"),
    ".SettingsConfigDict": ("SettingsConfigDict", 0, "env_file"),
    ".SQLAlchemyJobStore": ("SQLAlchemyJobStore", 0, "url"),
    ".FastAPI": ("FastAPI", 0, "title"),
}
# Words without which no line holds a call or an application of the tables above.
INTERESTING = lazy(
    rb"\b(?:uvicorn|run(?=\()|sys\.path|path\.(?:insert|append|extend)|addsitedir|chdir|getcwd|open|import_module|__import__|env_file|"
    + "|".join([*(key[1:] for key in CALLS if key.startswith(".")), *APPLICATIONS]).encode()
    + rb")\b"
)
BLOCKS = ("body", "handlers", "orelse", "finalbody", "cases")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def read_source(path: str, data: bytes) -> SourceFile:
    """The facts of a file whose content is ``data``; never raises: what cannot be read is its ``error``."""
    if len(data) > SIZE_CAP:
        return SourceFile(path, error=TOO_LARGE)
    found = parsed(path, data)
    if data.startswith(b"#!"):
        found.shebang = data.split(b"\n", 1)[0].decode("utf-8", "replace").strip()
    return found


def parsed(path: str, data: bytes) -> SourceFile:
    """What the parser, or else the left margin, says."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes in the project's strings
            module = ast.parse(data)
        return Reading(module, data).source_file(path)
    except SyntaxError as problem:
        where = f"line {problem.lineno}: " if problem.lineno else ""
        return tolerant(path, data, f"{where}{problem.msg}")
    except (ValueError, RecursionError, MemoryError) as problem:
        return tolerant(path, data, str(problem) or type(problem).__name__)


class Statement(NamedTuple):
    """A statement, what it stands in (see ``Import.inside``), and whether it runs when the module is imported."""

    node: ast.stmt
    inside: str
    top: bool


class Reading:
    """One pass over the statements of a module; a second one over expressions where a word promises something."""

    def __init__(self, module: ast.Module, data: bytes) -> None:
        self.imports: list[Import] = []
        self.defines: dict[str, str] = {}
        self.origins: dict[str, str] = {}  # local name -> dotted name that it stands for
        self.made: dict[str, str] = {}
        self.factories: dict[str, str] = {}
        self.calls: list[Call] = []
        self.main_guard = 0
        self.async_tests = False
        self.hits = lines_with(INTERESTING, data)
        statements = list(statements_of(module))
        for statement in statements:
            self.imports_of(statement)
        for statement in statements:
            self.facts_of(statement)
        self.calls.sort(key=lambda call: call.line)
        lazy = postpones_annotations(self.imports)
        nodes = [statement.node for statement in statements]
        line = first_line(module, data)
        self.floor = floor_of(nodes, lazy, line)
        self.parses = self.floor if lazy or not self.floor[1] else floor_of(nodes, True, line)

    def source_file(self, path: str) -> SourceFile:
        """What was found, as the noun."""
        return SourceFile(
            path,
            imports=tuple(self.imports),
            defines=self.defines,
            calls=tuple(self.calls),
            main_guard=self.main_guard,
            async_tests=self.async_tests,
            made=self.made,
            factories=self.factories,
            floor=self.floor,
            parses=self.parses,
        )

    def imports_of(self, statement: Statement) -> None:
        """Note an import, and what its names stand for."""
        node, inside, top = statement
        if isinstance(node, ast.Import):
            names = tuple((alias.name, alias.asname) for alias in node.names)
            self.imports.append(Import(node.lineno, "", 0, names, False, inside))
            self.origins.update({asname: name for name, asname in names if asname})
        elif isinstance(node, ast.ImportFrom):
            names = tuple((alias.name, alias.asname) for alias in node.names)
            self.imports.append(Import(node.lineno, node.module or "", node.level, names, True, inside))
            prefix = "." * node.level + (node.module or "")
            separator = "" if prefix.endswith(".") else "."
            self.origins.update({asname or name: prefix + separator + name for name, asname in names})
        else:
            return
        if top:
            self.defines.update({(asname or name.split(".")[0]): "import" for name, asname in names if name != "*"})

    def facts_of(self, statement: Statement) -> None:
        """Note what a statement defines and calls, and whether it is a main guard or an asynchronous test."""
        node, _, top = statement
        interesting = self.is_hit(node)
        if interesting:
            for part in own_expressions(node):
                self.calls += filter(None, map(self.call_of, ast.walk(part)))
            if isinstance(node, ast.ClassDef) and node.name == "Config":
                self.calls += settings_in(node)
        if isinstance(node, ast.AsyncFunctionDef) and node.name.startswith("test"):
            self.async_tests = True
        if not top:
            return
        if isinstance(node, FUNCTIONS):
            self.defines[node.name] = "coroutine" if isinstance(node, ast.AsyncFunctionDef) else "function"
            if interesting:
                self.factory(node)
        elif isinstance(node, ast.ClassDef):
            self.defines[node.name] = "class"
        elif isinstance(node, ast.If) and not self.main_guard and is_main_guard(node.test):
            self.main_guard = node.lineno
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            self.assigned(node)

    def is_hit(self, node: ast.stmt) -> bool:
        """Whether one of the interesting words stands in the lines of a statement, its decorators included."""
        first = min([node.lineno, *(part.lineno for part in getattr(node, "decorator_list", ()))])
        index = bisect_left(self.hits, first)
        return index < len(self.hits) and self.hits[index] <= (node.end_lineno or node.lineno)

    def assigned(self, node: ast.Assign | ast.AnnAssign) -> None:
        """Note the names that an assignment binds, and the call that made them."""
        maker = self.dotted(node.value.func) if isinstance(node.value, ast.Call) else ""
        for name in bound_by(node):
            if name in self.made and self.hands_on(node.value, name):
                continue
            self.defines[name] = APPLICATIONS.get(maker.rsplit(".", 1)[-1], "value")
            if maker:
                self.made[name] = maker

    def hands_on(self, value: ast.expr | None, name: str) -> bool:
        """Whether a value is the application that a name holds already, or wraps it (``app = CORSMiddleware(app)``)."""
        if self.made[name].rsplit(".", 1)[-1] not in APPLICATIONS:
            return False
        inside = [*value.args, *(item.value for item in value.keywords)] if isinstance(value, ast.Call) else [value]
        return any(isinstance(item, ast.Name) and item.id == name for item in inside)

    def factory(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """Note a function in whose body an application is made, or which promises one, when it returns something."""
        inner = list(ast.walk(node))
        if not any(isinstance(part, ast.Return) and part.value is not None for part in inner):
            return
        makers = [self.dotted(part.func) for part in inner if isinstance(part, ast.Call)]
        given = [item.annotation for item in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
        if node.returns is not None and not any(
            self.dotted(item) == self.dotted(node.returns) for item in given if item
        ):
            makers.append(self.dotted(node.returns))  # one that is given an application hands it on
        for maker in makers:
            if maker.rsplit(".", 1)[-1] in APPLICATIONS:
                self.factories.setdefault(node.name, maker)

    def dotted(self, node: ast.expr) -> str:
        """``a.b.c`` with its first part replaced by what was imported under that name; ``""`` for anything else."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and not parts:
            return node.value if node.value.isidentifier() else ""  # an annotation in quotes
        if not isinstance(node, ast.Name):
            return ""
        return ".".join([self.origins.get(node.id, node.id), *reversed(parts)])

    def call_of(self, node: ast.AST) -> Call | None:
        """The call as a fact, if the table knows it."""
        if not isinstance(node, ast.Call):
            return None
        name = self.dotted(node.func)
        known = CALLS.get(name) or CALLS.get("." + name.rsplit(".", 1)[-1])
        if not known:
            return None
        told, position, keyword = known
        keywords = {item.arg: item.value for item in node.keywords if item.arg}
        argument = node.args[position] if position < len(node.args) else keywords.get(keyword)
        literal = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        return Call(told, node.lineno, text_of(argument), literal, tuple(keywords))


def settings_in(node: ast.ClassDef) -> Iterator[Call]:
    """The file of variables that ``class Config`` of pydantic's settings names, as if it were handed to a call."""
    for part in node.body:
        if isinstance(part, (ast.Assign, ast.AnnAssign)) and "env_file" in bound_by(part):
            literal = isinstance(part.value, ast.Constant) and isinstance(part.value.value, str)
            yield Call("Config.env_file", part.lineno, text_of(part.value), literal, ("env_file",))


def statements_of(module: ast.Module) -> list[Statement]:
    """All statements in the order of the file, without recursion."""
    found: list[Statement] = []
    pending = [Statement(node, "", True) for node in reversed(module.body)]
    while pending:
        statement = pending.pop()
        found.append(statement)
        pending += reversed(list(inner_statements(statement)))
    return found


def inner_statements(statement: Statement) -> list[Statement]:
    """The statements directly within a compound one."""
    node, inside, top = statement
    found: list[Statement] = []
    where = placed(node, inside)
    top = top and not isinstance(node, (*FUNCTIONS, ast.ClassDef))
    started = isinstance(node, ast.If) and is_main_guard(node.test)  # and not imported
    for field in BLOCKS:
        for child in getattr(node, field, ()):
            if isinstance(child, ast.stmt):
                here = inside if isinstance(node, ast.If) and field == "orelse" and where == "typing" else where
                found.append(Statement(child, here, top and not (started and field == "body")))
            elif isinstance(child, (ast.ExceptHandler, ast.match_case)):
                found += [Statement(inner, where, top) for inner in child.body]
    return found


def own_expressions(node: ast.stmt) -> Iterator[ast.AST]:
    """The parts of a statement that are not statements themselves."""
    for field, value in ast.iter_fields(node):
        if field not in BLOCKS:
            yield from (part for part in (value if isinstance(value, list) else [value]) if isinstance(part, ast.AST))
        elif field in ("handlers", "cases"):
            for part in value:
                yield from (inner for _, inner in ast.iter_fields(part) if isinstance(inner, ast.expr))


def lines_with(pattern: re.Pattern[bytes], data: bytes) -> list[int]:
    """The 1-based lines on which a pattern is found, as Python counts lines."""
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    lines, line, position = [], 1, 0
    for match in pattern.finditer(data):
        line += data.count(b"\n", position, match.start())
        position = match.start()
        lines.append(line)
    return lines


def placed(node: ast.stmt, inside: str) -> str:
    """What the statements within ``node`` stand in; a function, and a check for types, are never left again."""
    if inside in ("function", "typing"):
        return inside
    if isinstance(node, FUNCTIONS):
        return "function"
    if isinstance(node, (ast.Try, ast.TryStar)):
        return "try"
    if isinstance(node, ast.If):
        names = {part.id for part in ast.walk(node.test) if isinstance(part, ast.Name)}
        names |= {part.attr for part in ast.walk(node.test) if isinstance(part, ast.Attribute)}
        return "typing" if "TYPE_CHECKING" in names else "if"
    return "if" if isinstance(node, ast.Match) else inside


def bound_by(node: ast.stmt) -> list[str]:
    """The plain names that an assignment binds."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    found: list[str] = []
    for target in targets:
        parts = target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
        found += [part.id for part in parts if isinstance(part, ast.Name)]
    return found


def is_main_guard(test: ast.expr) -> bool:
    """Whether a condition is ``__name__ == "__main__"``."""
    if not isinstance(test, ast.Compare) or len(test.comparators) != 1:
        return False
    sides = (test.left, test.comparators[0])
    names = {side.id for side in sides if isinstance(side, ast.Name)}
    values = {side.value for side in sides if isinstance(side, ast.Constant)}
    return names == {"__name__"} and values == {"__main__"}


def text_of(argument: ast.expr | None) -> str:
    """A literal's own text, a dotted name, or the source of an expression (at most 200 characters)."""
    if argument is None:
        return ""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    try:
        return ast.unparse(argument)[:200]
    except RecursionError:
        return ""
