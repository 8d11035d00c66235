"""Regular expressions that are compiled when they are first needed: most audits need a third of them."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, AnyStr

    Compile = Callable[[str | bytes, int], re.Pattern[Any]]

OFFERED = ("match", "fullmatch", "search", "finditer", "findall", "split", "sub", "subn", "pattern", "flags", "groups")


class Lazy:
    """Stands for a ``re.Pattern``, and takes over its methods as soon as one of them is asked for.

    ``compile`` is how all of them are compiled; whoever knows a faster way than ``re.compile`` says so here.
    """

    compile: Compile = staticmethod(re.compile)

    def __init__(self, source: str | bytes, flags: int) -> None:
        self.source = source
        self.how = flags

    def __getattr__(self, name: str) -> Any:
        if name not in OFFERED:
            raise AttributeError(name)
        compiled = Lazy.compile(self.source, self.how)
        self.__dict__.update({offered: getattr(compiled, offered) for offered in OFFERED})
        return self.__dict__[name]


class Worded:
    """A pattern that matches no text without one of its words: it is compiled when a text first holds one."""

    def __init__(self, source: str | bytes, flags: int, words: tuple[str | bytes, ...]) -> None:
        self.pattern = source
        self.words: tuple[Any, ...] = words
        self.lazy = Lazy(source, flags)

    def may(self, text: Any) -> bool:
        """Whether a text holds one of the words."""
        for word in self.words:  # noqa: SIM110 - `any` takes twice as long, thousands of times
            if word in text:
                return True
        return False

    def match(self, text: Any, *span: int) -> Any:
        """As ``re.Pattern.match``."""
        return self.lazy.match(text, *span) if self.may(text) else None

    def fullmatch(self, text: Any, *span: int) -> Any:
        """As ``re.Pattern.fullmatch``."""
        return self.lazy.fullmatch(text, *span) if self.may(text) else None

    def search(self, text: Any, *span: int) -> Any:
        """As ``re.Pattern.search``."""
        return self.lazy.search(text, *span) if self.may(text) else None

    def finditer(self, text: Any, *span: int) -> Any:
        """As ``re.Pattern.finditer``."""
        return self.lazy.finditer(text, *span) if self.may(text) else iter(())

    def findall(self, text: Any, *span: int) -> Any:
        """As ``re.Pattern.findall``."""
        return self.lazy.findall(text, *span) if self.may(text) else []


def lazy(source: AnyStr, flags: int = 0, *, words: tuple[AnyStr, ...] = ()) -> re.Pattern[AnyStr]:
    """``re.compile``, but later; ``words``: some one of them, as it is written here, is part of every match."""
    pattern: Any = Worded(source, flags, words) if words else Lazy(source, flags)
    found: re.Pattern[AnyStr] = pattern
    return found
