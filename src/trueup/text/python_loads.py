"""Where a Python file reads a name of another file, and what it joins to it: ``settings.BASE_DIR / "data"``.

Source: https://docs.python.org/3/reference/executionmodel.html#naming-and-binding
"""

from __future__ import annotations

import ast
from functools import lru_cache

from trueup.model.noun import NamedTuple
from trueup.text.python_namespaces import FUNCTIONS, bound_by
from trueup.text.python_paths import Climber, Use, callee, dotted, is_stored
from trueup.text.python_source import source_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.text.python_namespaces import Namespace

CHANGES = frozenset(
    ("setattr", "delattr", "setitem", "patch", "object", "multiple", "dict", "settings", "override_settings")
)  # of tests: pytest's `monkeypatch`, `unittest.mock`, Django


class Load(NamedTuple):
    """A place where a name of another file is read: what it stands for by the imports, nothing where they leave it
    open."""

    stands: tuple[str, ...]
    uses: tuple[Use, ...]
    changed: bool  # the file gives it another value itself: ``setattr(settings, "BASE_DIR", tmp_path)``
    loose: bool  # an attribute of something that no import gives: ``self.app.config.BASE_DIR``


@lru_cache(maxsize=4096)
def loads(data: bytes, name: str, package: str) -> list[Load]:
    """Where a file of ``package`` reads a name of another file. Raises ``UnparsableError``."""
    return list(Reader(source_of(data), package).loads(name))


class Reader(Climber):
    """One file while its loads are read."""

    def loads(self, name: str) -> Iterator[Load]:
        """Where a name of another file is read, by itself or as an attribute."""
        changed = any(_changes(node, name) for node in self.source.nodes)
        named = {bound_by(alias) for alias, stands in self.imports.items() if stands.endswith((f".{name}", ".*"))}
        named |= {name} if "*" in named else set()
        for node in self.source.nodes:
            match node:
                case ast.Name(id=bound, ctx=ast.Load()) if bound in named:
                    found = self._sources(node, bound)
                    if not any(stands.endswith(f".{name}") for stands in found):
                        continue
                    alone: tuple[str, ...] = (bound,)
                case ast.Attribute(attr=attr, value=value, ctx=ast.Load()) if attr == name:
                    first, dot, rest = dotted(value).partition(".")
                    sources = self._sources(node, first) if first else []
                    found = [stands and f"{stands}{dot}{rest}.{name}" for stands in sources]
                    alone = ()
                case _:
                    continue
            stands = tuple(found) if all(found) else ()
            alias = self.name(node)
            uses = self.uses(node, alias) if alias else self.use(node, alone)
            yield Load(stands, tuple(uses), changed, not stands and not alone)

    def _sources(self, place: ast.AST, name: str) -> list[str]:
        """What a name stands for by the imports, where ``place`` is; ``""`` among it where it may be something else."""
        found: list[str] = []
        homes = self.names.homes(place, name)
        bound = [(node, home) for home in homes for node in home.bound.get(name, ())]
        for node, home in bound:
            match node:
                case ast.alias():
                    found.append(self.imports.get(node, ""))
                case ast.arg() if isinstance(default := _default(home.node, node), ast.Name):
                    found += self._sources(default, default.id)
                case ast.arg():  # which may be handed what has its name outside
                    found += [*self._sources(self.parents[home.node], name), ""]
                case _ if not self._is_second(node, home) and not self._is_same(node):
                    found.append("")
        if not bound:
            stars = (stands for stands in self.imports.values() if stands.endswith(".*"))
            found = [f"{stands.removesuffix('*')}{name}" for stands in stars]
        return list(dict.fromkeys(found))

    def _is_second(self, node: ast.AST, home: Namespace) -> bool:
        """Whether a value is given only where something fails: ``except ImportError: BASE_DIR = None``."""
        while node is not home.node and not isinstance(node, ast.ExceptHandler):
            node = self.parents[node]
        return isinstance(node, ast.ExceptHandler)

    def _is_same(self, node: ast.AST) -> bool:
        """Whether a name keeps its own value, maybe in another form: ``ROOT = str(ROOT)``."""
        tops = (self._top(load) for load in self.names.loads.get(getattr(node, "id", ""), ()))
        return any(self.parents[top] is self.parents[node] and not self._chain(top).levels for top in tops)


def _default(function: ast.AST, argument: ast.arg) -> ast.expr | None:
    """The default of an argument."""
    if not isinstance(function, FUNCTIONS):
        return None
    given = function.args
    plain = [*given.posonlyargs, *given.args]
    named = [*plain[len(plain) - len(given.defaults) :], *given.kwonlyargs]
    defaults = zip(named, [*given.defaults, *given.kw_defaults], strict=True)
    return next((default for each, default in defaults if each is argument), None)


def _changes(node: ast.AST, name: str) -> bool:
    """Whether a node gives a name of another file another value."""
    match node:
        case ast.Attribute(attr=attr):
            return attr == name and is_stored(node)
        case ast.Subscript(value=ast.Call() | ast.Attribute(attr="__dict__"), slice=ast.Constant(value=text)):
            return text == name and is_stored(node)
        case ast.Call() if callee(node) in CHANGES:
            texts = (each.value for part in node.args for each in ast.walk(part) if isinstance(each, ast.Constant))
            told = [text.rpartition(".")[2] for text in texts if isinstance(text, str)]
            return name in (*told, *(item.arg for item in node.keywords))
        case _:
            return False
