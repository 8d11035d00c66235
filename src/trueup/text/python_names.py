"""The nouns of rewriting Python: which modules get other names, and what a rewriting came to."""

from __future__ import annotations

from functools import cached_property

from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trueup.model.span import Edit


WORD = lazy(rb"[A-Za-z0-9_]+")


class RefusedError(Exception):
    """A file that cannot be rewritten with certainty; the message says why, in one line."""


class UnparsableError(RefusedError):
    """A file that the running Python cannot parse."""


class Doubt(NamedTuple):
    """Something on ``line`` (1-based) that names own code, perhaps: ``text`` is what stands there."""

    line: int
    text: str
    why: str


class Rewrite(NamedTuple):
    """What to change in one file. Where ``error`` says why the file is refused, there are no edits."""

    edits: tuple[Edit, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    error: str = ""


class ModuleNames:
    """``renames`` maps an old dotted prefix to the new one (``{"main": "shop.main"}``), the longest wins.

    ``known`` are all modules and packages of the project under their old dotted names, moved or not;
    ``acyclic`` those of them that surely lie in no import cycle. The first part of a new name should be
    a name that no module uses for anything else: then the plainest statements can be written.
    """

    def __init__(
        self, renames: Mapping[str, str], known: frozenset[str] = frozenset(), acyclic: frozenset[str] = frozenset()
    ) -> None:
        self.renames = renames
        self.known = known
        self.acyclic = acyclic

    def new(self, name: str) -> str:
        """The new name of a module, or of anything inside it."""
        for head in prefixes(name):
            if head in self.renames:
                return self.renames[head] + name[len(head) :]
        return name

    def module_of(self, name: str) -> str:
        """The longest known module that ``name`` is, or lies in; ``""`` where it is not own code."""
        return next((head for head in prefixes(name) if head in self.known or head in self.renames), "")

    @cached_property
    def parts(self) -> frozenset[str]:
        """Every known module and every package above one."""
        return frozenset(head for name in (*self.known, *self.renames) for head in prefixes(name))

    @cached_property
    def new_parts(self) -> frozenset[str]:
        """The same afterwards."""
        return frozenset(head for part in self.parts for head in prefixes(self.new(part)))

    @cached_property
    def all_parts(self) -> frozenset[str]:
        """The same before, and what will be one and keeps its name."""
        return self.parts | {part for part in self.new_parts if self.new(part) == part}

    @cached_property
    def _words(self) -> frozenset[bytes]:
        return frozenset(name.rpartition(".")[2].encode() for name in self.renames)

    def mentioned(self, source: bytes) -> bool:
        """Whether any renamed module's last name stands anywhere in ``source``: the cheap first question."""
        return not all(map(bytes.isascii, self._words)) or not self._words.isdisjoint(WORD.findall(source))


def prefixes(name: str) -> Iterator[str]:
    """``a.b.c``, ``a.b``, ``a``."""
    while name:
        yield name
        name = name.rpartition(".")[0]


def top(name: str) -> str:
    """The first part of a dotted name."""
    return name.partition(".")[0]
