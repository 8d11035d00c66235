"""setup.py, read and never run.

Source: https://setuptools.pypa.io/en/latest/references/keywords.html. What only running the code would
give is said to be unreadable, and the file then stays.
"""

from __future__ import annotations

import ast
import re
import warnings

from trueup.model.project import Manifest, Requirement, SourceLine
from trueup.read.manifests._pep508 import requirement
from trueup.read.manifests._setuptools import (
    BUILD,
    COMPILED,
    add_entry_points,
    people,
    simple,
    split_extra,
    with_marker,
)
from trueup.read.manifests._static import Static
from trueup.read.manifests._static_values import Named, Text, Unreadable
from trueup.text.encodings import decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from trueup.model.tree import Tree

PATH = "setup.py"
_PEOPLE = ("author", "author_email", "maintainer", "maintainer_email")
_LISTS = {"install_requires": "", "tests_require": "test"}
_CHORES = (
    "publish",
    "upload",
    "test",
    "pytest",
    "tox",
    "clean",
    "coverage",
    "lint",
    "flake8",
    "tag",
    "release",
    "docs",
)
# `_MissingDynamic` of https://github.com/pypa/setuptools/blob/main/setuptools/config/_apply_pyprojecttoml.py
_IN_PROJECT = frozenset(
    (
        *("description", "keywords", "classifiers", "license", "url", "download_url", "project_urls", *_PEOPLE),
        *("python_requires", "install_requires", "extras_require", "entry_points"),
    )
)
_ASKED_NO_MORE = "beside [project] setuptools leaves out what setup.py says of it: write it there"
_SERVED = "code that only setup.py needed"


def read(tree: Tree) -> Iterator[Manifest]:
    """``setup.py`` at the project's root, where it calls ``setup()``."""
    if not tree.has(PATH):
        return
    try:
        source = decode(tree.read(PATH))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        yield Manifest(PATH, "setup.py", error=f"cannot be parsed: {str(problem).partition(chr(10))[0]}")
        return
    call = next((found for statement in module.body if (found := _setup_call(statement))), None)
    if call is None:
        if _setup_inside(module):
            reason = "setup() is called inside other code; only running it would say with what"
            line = SourceLine(PATH, 1, "setup.py", "unreadable", reason=reason, end=source.count("\n") + 1)
            yield Manifest(PATH, "setup.py", lines=(line,))
        return
    yield _Reader(tree, source, module, call).manifest()


def _setup_call(statement: ast.stmt) -> ast.Call | None:
    """The ``setup(...)`` that a top-level statement is, or guards by ``__name__``."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Name(id="setup") | ast.Attribute(attr="setup")) as call):
            return call
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__")), body=body):
            return next((found for inner in body if (found := _setup_call(inner))), None)
    return None


def _setup_inside(module: ast.Module) -> bool:
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setup"
        for node in ast.walk(module)
    )


class _Reader:
    def __init__(self, tree: Tree, source: str, module: ast.Module, call: ast.Call) -> None:
        self.tree = tree
        self.source = source.splitlines()
        self.comments = _comments(source)
        self.module = module
        self.call = call
        self.static = Static(tree, PATH)
        self.metadata: dict[str, Any] = {}
        self.build: dict[str, Any] = {"backend": "setuptools"}
        self.requirements: list[Requirement] = []
        self.lines: list[SourceLine] = []
        self.groups: dict[str, tuple[str, ...]] = {}
        self.travelling: list[tuple[int, int]] = []

    def manifest(self) -> Manifest:
        before = [line for line in self.module.body if line.lineno < self.call.lineno]
        self.static.run(before)
        keywords = self._keywords()
        for key, (value, node) in keywords.items():
            self._keyword(key, value, node)
        people({key: value for key, (value, _) in keywords.items() if key in _PEOPLE}, self.metadata)
        self._other_statements()
        self._remarks()
        return Manifest(
            PATH,
            "setup.py",
            tuple(self.requirements),
            tuple(self.lines),
            self.metadata,
            build=self.build,
            groups=self.groups,
        )

    def _keywords(self) -> dict[str, tuple[Any, ast.expr]]:
        """Every keyword with its value (or why it has none), ``**kwargs`` spelt out."""
        found: dict[str, tuple[Any, ast.expr]] = {}
        for word in self.call.keywords:
            value = self._value(word.value)
            if word.arg is not None:
                found[word.arg] = (value, word.value)
            elif isinstance(value, dict):
                found |= {str(key): (inner, word.value) for key, inner in value.items()}
            else:
                self._note(word.value, kind="unreadable", reason=f"**{ast.unparse(word.value)}: {value}")
        return found

    def _value(self, node: ast.expr) -> Any:
        try:
            return self.static.value(node)
        except Unreadable as reason:
            return reason
        except (TypeError, ValueError, AttributeError, LookupError, RecursionError) as problem:
            return Unreadable(str(problem) or type(problem).__name__)

    def _note(self, node: ast.stmt | ast.expr, *, kind: str = "metadata", to: str = "", reason: str = "") -> None:
        end = node.end_lineno or node.lineno
        text = self.source[node.lineno - 1].strip()
        self.lines.append(SourceLine(PATH, node.lineno, text, kind, "", end, to, reason))

    # --- keywords

    def _keyword(self, key: str, value: Any, node: ast.expr) -> None:
        if key in COMPILED:
            if key == "cmdclass" and isinstance(node, ast.Dict) and _are_chores(node):
                self._note(node, kind="option", reason="a chore that setup.py no longer does: uv publish, pytest")
            elif value not in ({}, [], None):
                self._note(node, kind="unreadable", reason=f"{key}: setuptools still needs setup.py for it")
                self.build["keeps"] = True
            else:
                self._note(node, kind="option", reason="empty")
            return
        if isinstance(value, Unreadable):
            self._unreadable(key, value, node)
        elif value is None:
            self._note(node, kind="option", reason="empty")
        else:
            self._known(key, value, node)

    def _known(self, key: str, value: Any, node: ast.expr) -> None:
        """A keyword whose value is known; one of a form that setuptools does not take either is left where it is."""
        try:
            said = simple(key, value, self.metadata)
            if said:
                self._note(node, kind=said.kind, to=said.to, reason=said.reason)
            else:
                self._structured(key, value, node)
        except Unreadable as reason:
            self._unreadable(key, reason, node)
        except (TypeError, ValueError, AttributeError):
            self._unreadable(key, Unreadable("of no form that is known"), node)

    def _structured(self, key: str, value: Any, node: ast.expr) -> None:
        """A keyword that is more than one value."""
        if key in _LISTS:
            self._requirements(_listed(value), _LISTS[key], node)
            if key == "tests_require":
                self.groups["test"] = ()
        elif key == "extras_require" and isinstance(value, dict):
            self._extras(value, node)
        elif key in _PEOPLE:
            self._note(node, to=f"project.{key.partition('_')[0]}s")
        elif key in ("long_description", "long_description_content_type"):
            self._readme(key, value, node)
        elif key == "entry_points":
            self._note(node, to="project.scripts", reason=add_entry_points(value, self.metadata))
        elif key in BUILD:
            self.build[key] = _described(value)
            self._note(node, to="wheel")
        elif key == "use_scm_version" and (value is True or _is_plain(value)):
            self.metadata["dynamic"] = ["version"]
            given = value if isinstance(value, dict) else {}
            self.build["scm"] = {
                str(name): str(item) if isinstance(item, str) else item for name, item in given.items()
            }
            self._note(node, to="project.dynamic", reason="setuptools_scm reads it from git, as before")
        elif key == "setup_requires":
            self._setup_requires(value, node)
        else:
            self._note(node, kind="unreadable", reason=f"{key}: no standard form")

    def _unreadable(self, key: str, value: Unreadable, node: ast.expr) -> None:
        """A keyword whose value only running the code gives."""
        if key in ("long_description", "long_description_content_type"):
            self._note(node, kind="option", to="project.readme", reason=f"the readme beside it is taken ({value})")
        elif key == "version" and (found := self._version_of_package()):
            self.metadata["version"] = found
            self._note(node, to="project.version")
        else:
            lost = f"; {_ASKED_NO_MORE}" if key in _IN_PROJECT else ""
            self._note(node, kind="unreadable", reason=f"{key}: {value}{lost}")
            self.build["keeps"] = True

    def _version_of_package(self) -> str:
        """``__version__`` of the one file named in setup.py that sets it plainly."""
        found = set()
        for path in self.tree.files():
            name = path.rpartition("/")[2]
            if path.count("/") <= 2 and name in (
                "__init__.py",
                "__version__.py",
                "_version.py",
                "version.py",
                "__about__.py",
            ):
                text = re.search(
                    r"""^__version__\s*(?::\s*str\s*)?=\s*["']([^"'\n]+)["']""", self.tree.text(path), re.MULTILINE
                )
                found |= {text[1]} if text else set()
        return found.pop() if len(found) == 1 else ""

    def _readme(self, key: str, value: Any, node: ast.expr) -> None:
        files = [file for file in getattr(value, "files", ()) if re.search(r"\.(md|rst|txt)$|README", file)]
        if key == "long_description_content_type" or not files:
            self._note(
                node, kind="option", to="project.readme", reason="" if files else "the backend knows it by suffix"
            )
            return
        self.metadata["readme"] = files[0]
        several = f"PEP 621 knows one readme; {', '.join(files[1:])} left out" if len(files) > 1 else ""
        self._note(node, to="project.readme", reason=several)

    def _extras(self, value: dict[Any, Any], node: ast.expr) -> None:
        for key, listed in value.items():
            extra, marker = split_extra(str(key))
            if isinstance(listed, Unreadable):
                self._note(node, kind="unreadable", reason=f"extra {key}: {listed}")
                continue
            items = [with_marker_text(item, marker) for item in _listed(listed)]
            self._requirements(items, extra, node, is_extra=bool(extra))
        if not value:
            self._note(node, kind="option", reason="empty")

    def _setup_requires(self, value: Any, node: ast.expr) -> None:
        tools = [str(item) for item in _listed(value)]
        self.build["requires"] = tools
        self._note(node, to="build-system.requires")

    def _requirements(self, items: list[Any], group: str, node: ast.expr, *, is_extra: bool = False) -> None:
        first, last = node.lineno, node.end_lineno or node.lineno
        self.travelling.append((first, last))
        where = "project.dependencies"
        if group:
            where = f"project.optional-dependencies.{group}" if is_extra else f"dependency-groups.{group}"
        self.lines += [SourceLine(PATH, first, self.source[first - 1].strip(), "metadata", "", last, where)]
        for item in items:
            text = str(item).strip()
            if not text or text.startswith(("#", "-")):
                continue
            line = getattr(item, "line", 0) or first
            try:
                found = requirement(
                    re.split(r"\s+#", text)[0], PATH, line, group=group, is_extra=is_extra, comment=self._behind(line)
                )
            except ValueError as problem:
                self._note(node, kind="unreadable", reason=str(problem))
                continue
            self.requirements.append(found)

    # --- the rest of the file

    def _behind(self, line: int) -> str:
        """The comment behind the code of a line."""
        text, alone = self.comments.get(line, ("", False))
        return "" if alone else text

    def _other_statements(self) -> None:
        """Every line that is no keyword: it served the call, or does what a tool of today does."""
        for statement in self.module.body:
            if statement.lineno <= self.call.lineno <= (statement.end_lineno or statement.lineno):
                self._frame(statement)
            else:
                self._note(statement, kind="option", reason=_SERVED)

    def _frame(self, statement: ast.stmt) -> None:
        told = {number for line in self.lines for number in range(line.line, line.end + 1)}
        for number in range(statement.lineno, (statement.end_lineno or statement.lineno) + 1):
            if number not in told and self.source[number - 1].strip():
                self.lines.append(SourceLine(PATH, number, self.source[number - 1].strip(), "option", reason=_SERVED))

    def _remarks(self) -> None:
        """Whole-line comments: those among requirements travel."""
        for number, (text, alone) in self.comments.items():
            if alone:
                travels = any(first <= number <= last for first, last in self.travelling)
                reason = "" if travels else "it speaks of setup.py"
                self.lines.append(SourceLine(PATH, number, text, "comment", text, number, "", reason))


def _is_plain(value: Any) -> bool:
    """Whether the options of setuptools_scm are plain texts, which TOML can hold."""
    return isinstance(value, dict) and all(isinstance(item, str | bool) for item in value.values())


def _are_chores(commands: ast.Dict) -> bool:
    """Whether ``cmdclass`` only adds commands that people no longer give to setup.py."""
    names = [key.value for key in commands.keys if isinstance(key, ast.Constant)]
    return len(names) == len(commands.keys) and all(name in _CHORES for name in names)


def with_marker_text(item: Any, marker: str) -> Text:
    """A requirement that also needs ``marker``, on the line it was written on."""
    return Text(with_marker(str(item), marker), getattr(item, "line", 0))


def _listed(value: Any) -> list[Any]:
    """Requirements as setuptools takes them: a list, or text with one a line."""
    if isinstance(value, str):
        return [Text(line, getattr(value, "line", 0)) for line in str(value).splitlines()]
    return list(value) if isinstance(value, list | tuple) else []


def _described(value: Any) -> Any:
    """A build fact as plain data; ``find_packages(...)`` as a table."""
    if isinstance(value, Named):
        where = str(value.arguments[0]) if value.arguments else str(value.keywords.get("where", "."))
        return {
            "find": value.name,
            "where": where,
            **{
                key: [str(item) for item in value.keywords[key]]
                for key in ("include", "exclude")
                if key in value.keywords
            },
        }
    if isinstance(value, dict):
        return {str(key): _described(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_described(inner) for inner in value]
    return str(value) if isinstance(value, str) else value


def _comments(source: str) -> dict[int, tuple[str, bool]]:
    """Line -> its comment, and whether it stands alone there."""
    import io
    import tokenize

    found: dict[int, tuple[str, bool]] = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                found[token.start[0]] = (token.string.rstrip(), not token.line[: token.start[1]].strip())
    except (tokenize.TokenError, IndentationError, SyntaxError):
        return found
    return found
