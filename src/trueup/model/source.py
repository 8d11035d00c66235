"""One Python file as the readers see it: what it imports, defines and calls."""

from __future__ import annotations

from trueup.model.noun import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any


class Import(NamedTuple):
    """One import statement: ``import a.b as c`` has names ``(("a.b", "c"),)`` and module ``""``;
    ``from ..a import b`` has module ``a``, level 2, names ``(("b", None),)``."""

    line: int
    module: str
    level: int
    names: tuple[tuple[str, str | None], ...]
    is_from: bool
    inside: str = ""  # "" at module level, else what it stands in: "function", "try", "if", "typing"

    def targets(self) -> tuple[str, ...]:
        """The dotted module names that it surely imports (``from`` gives its module only)."""
        if self.is_from:
            return (self.module,) if self.module else ()
        return tuple(name for name, _ in self.names)


def postpones_annotations(imports: Iterable[Import]) -> bool:
    """Whether a file with these imports leaves its annotations unevaluated (https://peps.python.org/pep-0563/)."""
    return any(item.module == "__future__" and not item.level and "annotations" in dict(item.names) for item in imports)


class Call(NamedTuple):
    """A call that says how the application runs; ``argument`` is its first literal or dotted argument."""

    name: str  # "uvicorn.run", "sys.path.insert", "load_dotenv", ...
    line: int
    argument: str
    literal: bool
    keywords: tuple[str, ...] = ()


# The facts of a Python file, and what they are where it says nothing.
FACTS: dict[str, Any] = {
    "imports": (),
    "defines": {},
    "calls": (),
    "main_guard": 0,
    "async_tests": False,
    "error": "",
    "made": {},
    "factories": {},
    "floor": ("", 0),
    "parses": ("", 0),
    "shebang": "",
    "marked": False,
}


class SourceFile:
    """What one Python file says. ``error`` is why it could not be parsed.

    With an ``error``, what stands at the left margin was still read, line by line: it is likely, not
    certain. ``defines`` maps each top-level name to what it is: function, coroutine, class, import,
    value, or the framework of the application that it is (fastapi, flask, starlette, django ...).
    ``main_guard`` is the line of ``if __name__ == "__main__"``, or 0.
    ``made`` says for a top-level name which call made its value (``{"app": "fastapi.FastAPI"}``),
    ``factories`` for a top-level function which application it makes. ``floor`` is the newest version
    of Python whose syntax it uses, with a line, where that is newer than 3.9; ``parses`` the same without
    annotations, which every version parses and an older one fails to evaluate. ``shebang`` is its first
    line, where that begins with ``#!``. ``marked``: it holds an ignore.

    ``rest`` reads the whole file when a fact is asked for that was not given; ``words`` then says of which calls
    and applications the file may speak, and ``newest`` which floor it may have.
    """

    __slots__ = ("path", "rest", "words", "newest", *FACTS)
    path: str
    words: frozenset[str]
    newest: str
    imports: tuple[Import, ...]
    defines: Mapping[str, str]
    calls: tuple[Call, ...]
    main_guard: int
    async_tests: bool
    error: str
    made: Mapping[str, str]
    factories: Mapping[str, str]
    floor: tuple[str, int]
    parses: tuple[str, int]
    shebang: str
    marked: bool

    def __init__(
        self,
        path: str,
        rest: Callable[[], SourceFile] | None = None,
        words: frozenset[str] = frozenset(),
        **facts: Any,
    ) -> None:
        self.path = path
        self.rest = rest
        self.words = words
        self.newest = ""
        for name, value in (facts if rest else {**FACTS, **facts}).items():
            setattr(self, name, value)

    def __getattr__(self, name: str) -> Any:
        """A fact that is not there yet: all of them are, afterwards."""
        rest = object.__getattribute__(self, "rest")
        if name not in FACTS or rest is None:
            raise AttributeError(name)
        whole = rest()
        self.rest = None
        for fact in FACTS:
            setattr(self, fact, getattr(whole, fact))
        return getattr(self, name)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SourceFile):
            return NotImplemented
        return self.path == other.path and all(getattr(self, fact) == getattr(other, fact) for fact in FACTS)

    __hash__ = None  # type: ignore[assignment]  # equal by facts that may still be read

    def __repr__(self) -> str:
        return f"SourceFile({self.path!r}, {', '.join(f'{fact}={getattr(self, fact)!r}' for fact in FACTS)})"

    def at(self, path: str) -> SourceFile:
        """The same file by another path."""
        if path == self.path:
            return self
        known = {fact: object.__getattribute__(self, fact) for fact in FACTS if self.rest is None or self.has(fact)}
        other = SourceFile(path, self.rest, self.words, **known)
        other.newest = self.newest
        return other

    def may(self, word: str) -> bool:
        """Whether it can hold what a word stands for: ``application``, or the name of a call."""
        return self.rest is None or word in self.words

    def may_define(self, name: str) -> bool:
        """Whether a name is defined at its top level, or may be: by ``import *`` or ``__getattr__``."""
        star = any(imported == "*" for statement in self.imports for imported, _ in statement.names)
        return name in self.defines or star or "__getattr__" in self.defines

    def calls_of(self, *names: str) -> tuple[Call, ...]:
        """Its calls of these names."""
        if not any(map(self.may, names)):
            return ()
        return tuple(call for call in self.calls if call.name in names)

    def has(self, fact: str) -> bool:
        """Whether a fact is there without reading more."""
        try:
            object.__getattribute__(self, fact)
        except AttributeError:
            return False
        return True
