"""The plain command lines of ``trueup audit``, read without argparse, whose import costs as much as Python itself.

Only what is surely the same is read here; all else is ``None``, and argparse decides. A test holds the two together.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence
else:
    Namespace = object

FORMATS = ("github", "json", "markdown", "sarif", "terminal")
LEVELS = ("critical", "error", "warning", "info", "never")
VALUES = {
    "--format": "format",
    "--output": "output",
    "--select": "select",
    "--ignore": "ignore",
    "--fail-on": "fail_on",
}
SWITCHES = {"-q": "quiet", "--quiet": "quiet", "-v": "verbose", "--verbose": "verbose", "--no-cache": "no_cache"}


class Asked(Namespace):
    """What was asked for: an ``argparse.Namespace`` by another name."""

    def __init__(self) -> None:
        self.verb = "audit"
        self.path = "."
        self.quiet = False
        self.verbose = False
        self.no_cache = False
        self.format = "terminal"
        self.output: str | None = None
        self.select = ""
        self.ignore = ""
        self.fail_on = "error"


def audit(arguments: Sequence[str]) -> Asked | None:
    """What ``audit [PATH] [OPTIONS]`` asks for, where every word is plain; else ``None``."""
    if not arguments or arguments[0] != "audit":
        return None
    asked = Asked()
    words = iter(arguments[1:])
    paths = []
    for word in words:
        name, equals, value = word.partition("=")
        if name in VALUES:
            value = value if equals else next(words, "")
            if not value or value.startswith("-"):
                return None
            setattr(asked, VALUES[name], value)
        elif word in SWITCHES:
            setattr(asked, SWITCHES[word], True)
        elif not word or word.startswith("-"):
            return None
        else:
            paths.append(word)
    if len(paths) > 1 or asked.format not in FORMATS or asked.fail_on not in LEVELS:
        return None
    asked.path = paths[0] if paths else "."
    return asked
