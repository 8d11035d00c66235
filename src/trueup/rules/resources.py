"""Files that code reckons with by literal paths: from the working directory, from ``__file__``, from a package.

No judgement here. An expression counts only where all of it is known: literals, ``__file__``, names of the module that
were set once, and what ``pathlib``, ``os.path`` and ``importlib.resources`` make of them.
"""

from __future__ import annotations

import ast
import re
import warnings
from functools import lru_cache
from posixpath import isabs, join, normpath
from typing import TYPE_CHECKING, NamedTuple

from trueup.model.pattern import lazy
from trueup.rules.lookups import is_tooling, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.project import Project

SPEAKS = lazy(
    r"env_file|dotenv|StaticFiles|Jinja2Templates|FileSystemLoader|PackageLoader|FileResponse|fileConfig|__file__"
    r"|sqlite[\w+]*:///|resources|pkgutil|pkg_resources|read_(?:csv|excel|text|bytes)"
    r"|\b(?:open|Config)\(\s*[rRbB]?[\"']|chdir"
)
SAME = frozenset({"resolve", "absolute", "expanduser", "as_posix", "open", "read_text", "read_bytes"})
WRAPS = frozenset({"Path", "PurePath", "str", "fspath", "abspath", "realpath", "normpath", "expanduser", "open"})
JOINS = frozenset({"join", "joinpath", "Path", "PurePath"})
OPENERS = {  # what takes a path: its position and keyword
    "StaticFiles": (0, "directory"),
    "Jinja2Templates": (0, "directory"),
    "FileSystemLoader": (0, "searchpath"),
    "FileResponse": (0, "path"),
    "fileConfig": (0, "fname"),
    "open": (0, "file"),
    "read_csv": (0, "filepath_or_buffer"),
    "read_excel": (0, "io"),
}
SETTINGS = {  # what reads a file of variables
    "load_dotenv": (0, "dotenv_path"),
    "dotenv_values": (0, "dotenv_path"),
    "SettingsConfigDict": (9, "env_file"),
    "ConfigDict": (9, "env_file"),
}
OF_PACKAGE = frozenset({"get_data", "resource_filename", "resource_string", "resource_stream", "PackageLoader"})
OF_RESOURCES = frozenset({"open_text", "open_binary", "read_text", "read_binary", "path", "is_resource"})
NO_PATH = lazy(r"://|\n")
SQLITE = re.compile(r"sqlite(?:\+\w+)?:///(?P<path>[^/:?{%$][^:?{%$]*)(?:\?.*)?")


class Known(NamedTuple):
    """A path that is known: from the working directory (``cwd``) or relative to the project's root (``file``).

    ``named``: a literal is part of it, and it does not only climb.
    """

    anchor: str
    path: str
    named: bool = True


class Use(NamedTuple):
    """A file that code reckons with; ``kind`` is env, sqlite, cwd, file or chdir, ``by`` what takes the path."""

    kind: str
    target: str
    path: str
    line: int
    by: str = ""


@lru_cache(maxsize=1)
def uses(project: Project) -> tuple[Use, ...]:
    """What all code of the program reckons with; neither tests nor scripts of the repository."""
    found: list[Use] = []
    for path, source in project.sources.items():
        if project.is_test(path) or is_tooling(path):
            continue
        text = text_of(project, path)
        if SPEAKS.search(text) and not source.error:
            found += Reckoning(project, path, text).found()
    return tuple(found)


def changes_directory(project: Project) -> bool:
    """Whether the program chooses its working directory itself."""
    return any(use.kind == "chdir" for use in uses(project))


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
            yield from self.use_of(node)
            known = self.known(node) if isinstance(node, ast.expr) and not isinstance(node, ast.Constant) else None
            if known and known.anchor == "file" and not isinstance(node, ast.Name):
                if known.named:
                    yield Use("file", known.path, self.path, node.lineno)  # type: ignore[attr-defined]
                continue
            pending += ast.iter_child_nodes(node)

    def use_of(self, node: ast.AST) -> Iterator[Use]:
        """What one node says of files that are looked for from the working directory."""
        match node:
            case ast.Constant(value=str(text)) if found := SQLITE.fullmatch(text):
                yield Use("sqlite", normpath(found["path"]), self.path, node.lineno, text)
            case ast.Call() if called(node) == "chdir":
                yield Use("chdir", "", self.path, node.lineno)
            case ast.Call():
                yield from self.of_call(node)
            case ast.ClassDef(name="Config", body=body):
                for item in body:
                    match item:
                        case ast.Assign(targets=[ast.Name(id="env_file")], value=value):
                            yield from self.env_files(value, "env_file")
            case ast.Assign(targets=[ast.Name(id="model_config")], value=ast.Dict(keys=keys, values=values)):
                for key, value in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == "env_file":
                        yield from self.env_files(value, "env_file")

    def of_call(self, node: ast.Call) -> Iterator[Use]:
        """What one call takes as a path from the working directory."""
        name = called(node)
        if name in SETTINGS:
            value = argument(node, *SETTINGS[name])
            yield from self.env_files(value, name) if value else ()
        elif name == "Config" and node.args and isinstance(node.func, ast.Name):
            yield from (use for use in self.env_files(node.args[0], name) if "env" in use.target)
        elif name in ("read_text", "read_bytes", "open") and isinstance(node.func, ast.Attribute) and reads(node, 0):
            known = self.known(node.func.value)
            if known and known.anchor == "cwd" and not isinstance(node.func.value, ast.Constant):
                yield Use("cwd", known.path, self.path, node.lineno, name)
        elif name in OPENERS and (name != "open" or (isinstance(node.func, ast.Name) and reads(node, 1))):
            value = argument(node, *OPENERS[name])
            listed = value.elts if isinstance(value, ast.List) else [value] if value else []
            for known in map(self.known, listed):
                if known and known.anchor == "cwd":
                    yield Use("cwd", known.path, self.path, node.lineno, name)
        for item in node.keywords:
            if item.arg == "_env_file":
                yield from self.env_files(item.value, "_env_file")

    def env_files(self, value: ast.expr, by: str) -> Iterator[Use]:
        """Files of variables that are looked for from the working directory."""
        for item in value.elts if isinstance(value, (ast.Tuple, ast.List)) else [value]:
            known = self.known(item)
            if known and known.anchor == "cwd":
                yield Use("env", known.path, self.path, item.lineno, by)

    def known(self, node: ast.AST | None) -> Known | None:
        """The path that an expression gives, where all of it is known."""
        match node:
            case ast.Constant(value=str(text)):
                return Known("cwd", normpath(text)) if text and not (isabs(text) or NO_PATH.search(text)) else None
            case ast.Name(id="__file__"):
                return Known("file", self.path, named=False)
            case ast.Name(id=name):
                return self.names.get(name)
            case ast.Attribute(attr="parent", value=value):
                return up(self.known(value), 1)
            case ast.Subscript(value=ast.Attribute(attr="parents", value=value), slice=ast.Constant(value=int(number))):
                return up(self.known(value), number + 1)
            case ast.BinOp(left=left, op=ast.Div() | ast.Add() as how, right=ast.Constant(value=str(text))):
                first = self.known(left)
                slash = isinstance(how, ast.Div) or text.startswith("/")
                return joined(first, [text.lstrip("/")]) if slash and first and first.anchor == "file" else None
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
            case ast.Name(id="__package__") | None:
                return up(Known("file", self.path, named=False), 1)
            case ast.Name(id="__name__"):
                return up(Known("file", self.path, named=False), 1)
            case ast.Constant(value=str(name)):
                for root in self.project.layout.roots:
                    folder = join(root, *name.split("."))
                    if f"{folder}/__init__.py" in self.project.sources:
                        return Known("file", folder, named=False)
        return None


def reads(node: ast.Call, position: int) -> bool:
    """Whether a file is opened for reading only."""
    mode = argument(node, position, "mode")
    return mode is None or (isinstance(mode, ast.Constant) and not set(str(mode.value)) & set("wax+"))


def argument(node: ast.Call, position: int, keyword: str) -> ast.expr | None:
    """An argument by its position or keyword."""
    if position < len(node.args):
        return node.args[position]
    return next((item.value for item in node.keywords if item.arg == keyword), None)


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
    return Known(known.anchor, path, named=not all(set(piece) <= set("./") for piece in pieces))


def is_there(project: Project, path: str) -> bool:
    """Whether git has a file of that path, or a folder with one."""
    prefix = f"{path}/"
    return any(name == path or name.startswith(prefix) for name in project.tree.files())
