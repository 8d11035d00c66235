"""The nouns of rewriting Python: which modules get other names, and what a rewriting came to."""

from __future__ import annotations

from trueup.model.noun import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trueup.model.span import Edit


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


class ModuleNames(NamedTuple):
    """``renames`` maps an old dotted prefix to the new one (``{"main": "shop.main"}``), the longest wins.

    ``known`` are all modules and packages of the project under their old dotted names, moved or not;
    ``acyclic`` those of them that surely lie in no import cycle. The first part of a new name should be
    a name that no module uses for anything else: then the plainest statements can be written.
    """

    renames: Mapping[str, str]
    known: frozenset[str] = frozenset()
    acyclic: frozenset[str] = frozenset()

    def new(self, name: str) -> str:
        """The new name of a module, or of anything inside it."""
        for head in prefixes(name):
            if head in self.renames:
                return self.renames[head] + name[len(head) :]
        return name

    def module_of(self, name: str) -> str:
        """The longest known module that ``name`` is, or lies in; ``""`` where it is not own code."""
        return next((head for head in prefixes(name) if head in self.known or head in self.renames), "")

    def closed(self) -> frozenset[str]:
        """Every known module and every package above one."""
        return frozenset(head for name in (*self.known, *self.renames) for head in prefixes(name))

    def mentioned(self, source: bytes) -> bool:
        """Whether any renamed module's last name stands anywhere in ``source``: the cheap first question."""
        words = [name.rpartition(".")[2] for name in self.renames]
        return any(not word.isascii() or word.encode() in source for word in words)


def prefixes(name: str) -> Iterator[str]:
    """``a.b.c``, ``a.b``, ``a``."""
    while name:
        yield name
        name = name.rpartition(".")[0]


def top(name: str) -> str:
    """The first part of a dotted name."""
    return name.partition(".")[0]
