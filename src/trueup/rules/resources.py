"""Files that code reckons with by literal paths, from ``__file__`` or from a package.

No judgement here. An expression counts only where all of it is known: literals, ``__file__``, names of the module that
were set once, and what ``pathlib``, ``os.path`` and ``importlib.resources`` make of them.
"""

from __future__ import annotations

import ast
import warnings
from functools import lru_cache
from posixpath import isabs, join, normpath

from trueup.model.noun import NamedTuple
from trueup.rules.lookups import own_code, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.project import Project

SPEAKS = ("__file__", "resources", "pkgutil", "PackageLoader")  # one stands in every file that holds such a path
SAME = frozenset({"resolve", "absolute", "expanduser", "as_posix", "open", "read_text", "read_bytes"})
WRAPS = frozenset({"Path", "PurePath", "str", "fspath", "abspath", "realpath", "normpath", "expanduser", "open"})
JOINS = frozenset({"join", "joinpath", "Path", "PurePath"})
OF_PACKAGE = frozenset({"get_data", "resource_filename", "resource_string", "resource_stream", "PackageLoader"})
OF_RESOURCES = frozenset({"open_text", "open_binary", "read_text", "read_binary", "path", "is_resource"})


class Known(NamedTuple):
    """A path that is known, relative to the project's root; ``named``: a literal is part of it, and it does not only
    climb."""

    path: str
    named: bool = True


class Use(NamedTuple):
    """A file or folder (``target``) that code in ``path`` finds from its own place."""

    target: str
    path: str
    line: int


@lru_cache(maxsize=1)
def uses(project: Project) -> tuple[Use, ...]:
    """What all code of the program reckons with; neither tests nor scripts of the repository."""
    found: list[Use] = []
    for path in own_code(project):
        text = text_of(project, path)
        if any(word in text for word in SPEAKS):
            found += reckoned(project, path, text)
    return tuple(found)


def reckoned(project: Project, path: str, text: str) -> list[Use]:
    """What one file reckons with; nothing where it cannot be parsed, or an expression is nested too deeply."""
    try:
        return list(Reckoning(project, path, text).found())
    except (SyntaxError, ValueError, RecursionError):
        return []


class Reckoning:
    """One file while its paths are worked out."""

    def __init__(self, project: Project, path: str, text: str) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.module = ast.parse(text)
        self.project = project
        self.path = path
        self.names: dict[str, Known] = {}
        self.read_constants()

    def read_constants(self) -> None:
        """Note the names of the module that are set once, to a path that is known."""
        times: dict[str, int] = {}
        for node in ast.walk(self.module):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                times[node.id] = times.get(node.id, 0) + 1
        for statement in self.module.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if times[name] == 1:
                    known = self.known(value)
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if times[name] == 1:
                    known = self.known(value)
                case _:
                    continue
            if known:
                self.names[name] = known

    def found(self) -> Iterator[Use]:
        """Every use in the file; of an expression only the whole."""
        pending: list[ast.AST] = [self.module]
        while pending:
            node = pending.pop()
            known = self.known(node) if isinstance(node, ast.expr) else None
            if known and not isinstance(node, ast.Name):
                if known.named:
                    yield Use(known.path, self.path, node.lineno)  # type: ignore[attr-defined]
                continue
            pending += ast.iter_child_nodes(node)

    def known(self, node: ast.AST | None) -> Known | None:
        """The path that an expression gives, where all of it is known."""
        match node:
            case ast.Name(id="__file__"):
                return Known(self.path, named=False)
            case ast.Name(id=name):
                return self.names.get(name)
            case ast.Attribute(attr="parent", value=value):
                return up(self.known(value), 1)
            case ast.Subscript(value=ast.Attribute(attr="parents", value=value), slice=ast.Constant(value=int(number))):
                return up(self.known(value), number + 1)
            case ast.BinOp(left=left, op=ast.Div() | ast.Add() as how, right=ast.Constant(value=str(text))):
                first = self.known(left)
                slash = isinstance(how, ast.Div) or text.startswith("/")
                return joined(first, [text.lstrip("/")]) if slash else None
            case ast.JoinedStr(values=[ast.FormattedValue(value=value), ast.Constant(value=str(text))]):
                return joined(self.known(value), [text.lstrip("/")]) if text.startswith("/") else None
            case ast.Call():
                return self.known_call(node)
            case _:
                return None

    def known_call(self, node: ast.Call) -> Known | None:
        """The path that a call gives."""
        name = called(node)
        texts = [item.value for item in node.args if isinstance(item, ast.Constant) and isinstance(item.value, str)]
        if name == "dirname" and len(node.args) == 1:
            return up(self.known(node.args[0]), 1)
        if name == "files" and len(node.args) <= 1:
            return self.package(node.args[0] if node.args else None)
        if name in OF_PACKAGE or (name in OF_RESOURCES and len(node.args) == 2):
            rest = texts[-1:] if len(node.args) == 2 else ["templates"]
            return joined(self.package(node.args[0] if node.args else None), rest) if rest else None
        if name in SAME and isinstance(node.func, ast.Attribute):
            return self.known(node.func.value)
        if name == "joinpath" and isinstance(node.func, ast.Attribute) and len(texts) == len(node.args):
            return joined(self.known(node.func.value), texts)
        if name in JOINS and len(node.args) > 1:
            rest = texts if isinstance(node.args[0], ast.Name | ast.Call | ast.Attribute | ast.Subscript) else texts[1:]
            return joined(self.known(node.args[0]), rest) if len(rest) == len(node.args) - 1 else None
        if name in WRAPS and node.args:
            return self.known(node.args[0])
        return None

    def package(self, node: ast.expr | None) -> Known | None:
        """The folder of a package of the project that is named, or that the file belongs to."""
        match node:
            case ast.Name(id="__package__" | "__name__") | None:
                return up(Known(self.path, named=False), 1)
            case ast.Constant(value=str(name)):
                for root in self.project.layout.roots:
                    folder = join(root, *name.split("."))
                    if f"{folder}/__init__.py" in self.project.sources:
                        return Known(folder, named=False)
        return None


def called(node: ast.Call) -> str:
    """The last part of the name that is called."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def up(known: Known | None, levels: int) -> Known | None:
    """The folder so many levels above."""
    return known._replace(path=normpath(join(known.path, *[".."] * levels)), named=False) if known else None


def joined(known: Known | None, pieces: list[str]) -> Known | None:
    """A path below, where the pieces are plain."""
    if known is None or not pieces or any(isabs(piece) or "{" in piece for piece in pieces):
        return None
    path = normpath(join(known.path, *pieces))
    return Known(path, named=not all(set(piece) <= set("./") for piece in pieces))


def is_there(project: Project, path: str) -> bool:
    """Whether git has a file of that path, or a folder with one."""
    prefix = f"{path}/"
    return any(name == path or name.startswith(prefix) for name in project.tree.files())
