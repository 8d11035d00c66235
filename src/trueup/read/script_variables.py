"""What a script keeps in a variable: the commands that are given ``$NAME`` say how its value names code."""

from __future__ import annotations

import re

from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy
from trueup.read.meanings import Candidate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

USED = lazy(r"[\"']?(?:\$(\w+)|\$[{(](\w+)[)}]|\{\{[ \t]*(\w+)[ \t]*\}\})[\"']?")
ASSIGNED = (
    # a shell's, a Makefile's, a justfile's
    lazy(r"""(?m)^[ \t]*(?:(?:export|readonly|local)[ \t]+)?(\w+)=(?:"([^"$`\n]*)"|'([^'\n]*)'|([^\s"'$`;&|()#]+))"""),
    lazy(r"""(?m)^(?:(?:export|override)[ \t]+)?(\w+)[ \t]*(?::{0,3}|\?|\+)=[ \t]*([^\s"'#][^\n#]*)"""),
    lazy(r"""(?m)^(?:export[ \t]+)?([\w-]+)[ \t]*:=[ \t]*(?:"([^"\n]*)"|'([^'\n]*)')"""),
)
WORD = lazy(r"[^\s\"']+")


class Use(NamedTuple):
    """How a command takes a variable: see ``Candidate``."""

    style: str
    kind: str
    base: str
    program: str
    doubt: str


class Variables:
    """Those of one file, while its commands are read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.uses: dict[str, set[Use]] = {}
        self.places: dict[str, set[int]] = {}

    def note(self, start: int, end: int, use: Use) -> None:
        """Note a word of a command, where it is a variable and nothing else."""
        if self.text.startswith("{{ ", max(start - 3, 0)) and self.text.startswith(" }}", end):
            start, end = start - 3, end + 3
        found = USED.fullmatch(self.text, start, end)
        if found:
            name = found[found.lastindex or 0]
            self.uses.setdefault(name, set()).add(use)
            if use.style:
                self.places.setdefault(name, set()).add(start)

    def is_used_otherwise(self, name: str) -> bool:
        """Whether the variable stands anywhere but as a whole word of a known command."""
        written = re.findall(rf"\$\{{?{name}\b|\$\({name}\)|\{{\{{[ \t]*{name}[ \t]*\}}\}}", self.text)
        return len(written) > len(self.places.get(name, ()))

    def candidates(self) -> Iterator[Candidate]:
        """The words of values, each as the commands take it that are given the variable."""
        for assigned in ASSIGNED if self.uses else ():
            for match in assigned.finditer(self.text):
                uses = self.uses.get(match[1], set())
                known = {(use.style, use.base): use for use in uses if use.style}
                if not known:
                    continue
                style, kind, base, program, doubt = min(
                    known.values(), key=lambda use: (use.style != "path", len(use.base), use)
                )
                sure = len(known) == 1 and all(use.style for use in uses) and not self.is_used_otherwise(match[1])
                doubt = doubt or ("" if sure else f"commands take {match[1]} differently")
                for word in WORD.finditer(self.text, *match.span(match.lastindex or 0)):
                    bare = style != "path" and ":" not in word[0]  # `worker` may be a service's name, too
                    unsure = doubt or (f"{match[1]} may mean something else, too" if bare else "")
                    yield Candidate(word.start(), word.end(), style, kind, base, "=" if unsure else program, unsure)
