"""Filters of warnings that name modules: ``ignore::DeprecationWarning:app.db``.

Source: https://docs.python.org/3/library/warnings.html#describing-warning-filters
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.text.python_names import ModuleNames
    from trueup.text.python_strings import Literal

WARNING = re.compile(r"\w*:[^:]*:(?P<category>\w*(?:\.\w+)*)(?::\^?(?P<module>\w+(?:\\?\.\w+)*).*)?")
PATTERN = re.compile(r"\^?(?P<module>\w+(?:\\?\.\w+)*)(?:\W.*)?")  # of a module's name: `^app\.db`, `app.*`


def filter_of(item: Literal) -> re.Match[str] | None:
    """A filter of warnings in one text, or the pattern of modules of one."""
    return (PATTERN if item.keyword == "module" or item.position == 3 else WARNING).fullmatch(item.text)


def renamed(names: ModuleNames, found: re.Match[str]) -> str | None:
    """A filter with its class and its module, which is a regular expression, by their new names."""
    text = found.string
    for field in sorted(found.groupdict(), key=found.start, reverse=True):
        name = (found[field] or "").replace("\\.", ".")
        if names.module_of(name):
            new = names.new(name).replace(".", "\\." if "\\" in found[field] else ".")
            text = text[: found.start(field)] + new + text[found.end(field) :]
    return text if text != found.string else None
