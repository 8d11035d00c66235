"""Compiled regular expressions, kept beside the compiled module that they are written in.

To compile the two hundred that an audit of a small project asks for takes nearly as long as to start Python. They are
kept as Python keeps what it compiles: in ``__pycache__``, found there only by the Python that wrote it, and not written
where ``PYTHONDONTWRITEBYTECODE`` is set or the folder is read-only. The standard library offers no way to do so; what
is used of its inside is tried, held against ``re.compile`` when it is kept, and left alone where anything differs.
"""

from __future__ import annotations

import marshal
import os
import re
import sys
from contextlib import suppress
from importlib import import_module
from importlib.util import source_hash

from trueup.model import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Key = tuple[str | bytes, int]

DIGEST = 8
ENDING = ".patterns"


class Patterns:
    """What is known of patterns in the file at ``path``, and what was asked for beyond it."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.new: list[Key] = []
        self.known: dict[Key, tuple[Any, ...]] = {}
        try:
            import _sre  # type: ignore[import-not-found]

            self.make: Any = _sre.compile
            self.stamp = (sys.version, _sre.MAGIC, _sre.CODESIZE)
            with open(path, "rb") as file:  # noqa: PTH123 - pathlib would cost as much as this saves
                data = file.read()
            if source_hash(data[DIGEST:]) == data[:DIGEST]:
                stamp, known = marshal.loads(data[DIGEST:])  # noqa: S302 - as trusted as the bytecode it lies beside
                self.known = known if stamp == self.stamp else {}
        except Exception:  # noqa: BLE001 - whatever it is, `re.compile` does as well
            self.known = {}

    def compile(self, source: str | bytes, flags: int = 0) -> re.Pattern[Any]:
        """As ``re.compile``."""
        entry = self.known.get((source, int(flags)))
        if entry is None:
            self.new.append((source, int(flags)))
            return re.compile(source, flags)
        found: re.Pattern[Any] = self.make(*entry)
        return found

    def keep(self) -> None:
        """Write down what was new; where that cannot be, nothing is said."""
        if not self.new or sys.dont_write_bytecode:
            return
        scratch = f"{self.path}.{os.getpid()}"
        try:
            known = self.known | {key: entry for key in self.new if (entry := self.entry(*key))}
            data = marshal.dumps((self.stamp, known))
            with open(scratch, "wb") as file:  # noqa: PTH123 - as above
                file.write(source_hash(data) + data)
            os.replace(scratch, self.path)  # noqa: PTH105 - as above
        except Exception:  # noqa: BLE001 - as above
            with suppress(OSError):  # Windows replaces no file that another process reads
                os.unlink(scratch)  # noqa: PTH108 - as above

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
        return entry if self.make(*entry) == re.compile(source, flags) else ()


def recalled() -> Patterns:
    """Let all lazy patterns be taken from where they are kept."""
    spec = pattern.__spec__
    cached = spec.cached if spec else None
    patterns = Patterns((cached or "").removesuffix(".pyc") + ENDING)
    pattern.Lazy.compile = patterns.compile
    return patterns
