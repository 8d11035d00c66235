"""Regular expressions that are compiled when they are first used: most audits need a third of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, AnyStr, cast

if TYPE_CHECKING:
    from typing import Any

OFFERED = ("match", "fullmatch", "search", "finditer", "findall", "split", "sub", "subn", "pattern", "flags", "groups")


class Lazy:
    """Stands for a ``re.Pattern``, and takes over its methods as soon as one of them is asked for."""

    def __init__(self, source: str | bytes, flags: int) -> None:
        self.source = source
        self.how = flags

    def __getattr__(self, name: str) -> Any:
        if name not in OFFERED:
            raise AttributeError(name)
        compiled = re.compile(self.source, self.how)
        self.__dict__.update({offered: getattr(compiled, offered) for offered in OFFERED})
        return self.__dict__[name]


def lazy(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """``re.compile``, but later."""
    return cast("re.Pattern[AnyStr]", Lazy(source, flags))
