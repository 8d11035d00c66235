"""Compiled regular expressions, kept beside the bytecode.

To compile the three hundred that an audit of a small project asks for takes longer than to start Python. The standard
library offers no way to keep them; what is used of its inside is tried, held against ``re.compile`` when it is kept,
and left alone where anything differs.
"""

from __future__ import annotations

import re
import sys
from importlib import import_module

from trueup.interfaces import kept
from trueup.model import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from trueup.model.pattern import Compile

    Key = tuple[str | bytes, int]

ENDING = ".patterns"
MOST = 600  # patterns that are kept: some are of one project alone, and all are read at every start


class Patterns:
    """What is known of patterns in the file at ``path``, and what was asked for beyond it."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.anew: Compile = re.compile
        self.new: list[Key] = []
        self.known: dict[Key, tuple[Any, ...]] = {}
        try:
            import _sre  # type: ignore[import-not-found]

            self.make: Any = _sre.compile
            self.stamp: tuple[Any, ...] = (sys.version, _sre.MAGIC, _sre.CODESIZE)
        except (ImportError, AttributeError):  # another Python's: ``re.compile`` does as well
            self.stamp = ()
        else:
            self.known = kept.read(path, self.stamp) or {}

    def compile(self, source: str | bytes, flags: int = 0) -> re.Pattern[Any]:
        """As ``re.compile``."""
        entry = self.known.get((source, int(flags)))
        if entry is None:
            found = self.anew(source, flags)
            if len(self.known) + len(self.new) < MOST:
                self.new.append((source, int(flags)))
            return found
        made: re.Pattern[Any] = self.make(*entry)
        return made

    def keep(self) -> None:
        """Write down what was new."""
        if not self.new or sys.dont_write_bytecode:
            return
        try:
            new = {key: entry for key in self.new if (entry := self.entry(*key))}
        except Exception:  # noqa: BLE001 - the inside of ``re`` is another
            return
        if new:
            kept.write(self.path, self.stamp, self.known | new)

    def entry(self, source: str | bytes, flags: int) -> tuple[Any, ...]:
        """What makes the pattern anew: the arguments of CPython's ``_sre.compile``; empty where it makes another."""
        parse, compiler = import_module("re._parser").parse, import_module("re._compiler")
        parsed = parse(source, flags)
        code = [int(word) for word in compiler._code(parsed, flags)]  # noqa: SLF001 - there is no other way
        names = dict(parsed.state.groupdict)
        by_number: list[str | None] = [None] * parsed.state.groups
        for name, number in names.items():
            by_number[number] = name
        entry = (source, int(flags | parsed.state.flags), code, parsed.state.groups - 1, names, tuple(by_number))
        return entry if self.make(*entry) == self.anew(source, flags) else ()


def recalled() -> Patterns:
    """Let patterns be taken from where they are kept: the lazy ones, and what ``re`` itself is asked for."""
    patterns = Patterns(kept.beside(pattern, ENDING))
    pattern.Lazy.compile = patterns.compile
    compiler: Any = getattr(re, "_compiler", None)
    if patterns.stamp and hasattr(compiler, "compile"):
        patterns.anew, compiler.compile = compiler.compile, patterns.compile
    return patterns
