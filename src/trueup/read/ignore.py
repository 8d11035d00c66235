"""What git ignores, read from ``.gitignore`` files; git itself is never run.

The patterns are translated here and not by a library: a pattern decides about the entry that it
names, and only a directory that is ignored takes its content with it. A matcher that lets patterns
match below the entry gets re-included directories wrong.
Source: https://git-scm.com/docs/gitignore, and wildmatch.c of git for what the page leaves open.
"""

from __future__ import annotations

import re

from trueup.model.pattern import lazy

CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": r" \t",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": r"\x21-\x7e",
    "lower": "a-z",
    "print": r"\x20-\x7e",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\s",
    "upper": "A-Z",
    "xdigit": "a-fA-F0-9",
}
NEVER = r"(?!)"
SPECIAL = lazy(r"[*?\[\\]")
UNESCAPED_END = lazy(r"(?<!\\)(?<![^\\] )((?:\\\\)*) +$")


class IgnoreFile:
    """The rules of one ``.gitignore``; ``text`` is its content."""

    def __init__(self, text: str) -> None:
        rules = [rule for line in text.removeprefix("\ufeff").split("\n") if (rule := parse(line.removesuffix("\r")))]
        self.rules = [(re.compile(pattern, re.DOTALL), keep, only_dirs) for pattern, keep, only_dirs in rules]
        self.any = re.compile("|".join(f"(?:{pattern})" for pattern, _, _ in rules) or NEVER, re.DOTALL)

    def decide(self, path: str, is_dir: bool) -> bool | None:
        """Whether ``path`` (relative to the file's directory) is ignored; ``None``: nothing is said of it."""
        if not self.any.fullmatch(path):
            return None
        for pattern, keep, only_dirs in reversed(self.rules):
            if (is_dir or not only_dirs) and pattern.fullmatch(path):
                return not keep
        return None


class Ignores:
    """All ignore files of a repository; the deepest that speaks of a path decides."""

    def __init__(self) -> None:
        self.files: dict[str, IgnoreFile] = {}

    def add(self, directory: str, text: str) -> None:
        """Add the ignore file of ``directory`` (``""``: the top)."""
        file = IgnoreFile(text)
        if file.rules:
            self.files[directory] = file
        else:
            self.files.pop(directory, None)

    def ignored(self, path: str, is_dir: bool) -> bool:
        """Whether git ignores ``path``, whose parents it does not ignore."""
        directory = path if self.files else ""
        while directory:
            directory = directory.rpartition("/")[0]
            file = self.files.get(directory)
            decision = file.decide(path[len(directory) :].lstrip("/"), is_dir) if file else None
            if decision is not None:
                return decision
        return False


def parse(line: str) -> tuple[str, bool, bool] | None:
    """A line as (regular expression on the relative path, is it ``!``, directories only); ``None``: no pattern."""
    line = UNESCAPED_END.sub(r"\1", line) if line.endswith(" ") else line
    if not line or line.startswith("#"):
        return None
    keep = line.startswith("!")
    line = line[keep:]
    only_dirs = line.endswith("/")
    line = line[: len(line) - only_dirs]
    if not line:
        return None
    if "/" not in line:
        return f"(?:.*/)?{translate(line)}", keep, only_dirs
    return translate(line.removeprefix("/"), whole=True), keep, only_dirs


def translate(glob: str, whole: bool = False) -> str:
    """A glob of git as a regular expression; one that git never matches becomes ``NEVER``.

    ``whole``: it is matched against a path and not against a name.
    """
    parts: list[str] = []
    position = 0
    while position < len(glob):
        char = glob[position]
        if char == "*":
            part, position = stars(glob, position, whole)
        elif char == "?":
            part, position = "[^/]", position + 1
        elif char == "[":
            part, position = bracket(glob, position + 1)
        elif char == "\\":
            part, position = (re.escape(glob[position + 1]) if position + 1 < len(glob) else NEVER), position + 2
        else:
            part, position = re.escape(char), position + 1
        parts.append(part)
    return "".join(parts)


def stars(glob: str, start: int, whole: bool) -> tuple[str, int]:
    """A run of stars at ``start``: two between slashes cross directories, all others stay within a name.

    As git takes off the plain beginning of a pattern before it matches, two stars after it count as
    standing after a slash: ``a**/b`` matches ``ab``.
    """
    end = len(glob) - len(glob[start:].lstrip("*"))
    opens = glob[start - 1 : start] == "/" or not SPECIAL.search(glob, 0, start)
    if end - start < 2 or not whole or not opens:
        return "[^/]*", end
    if end == len(glob):
        return ".*", end
    if glob[end] == "/":
        return "(?:.*/)?", end + 1
    return "[^/]*", end


def bracket(glob: str, start: int) -> tuple[str, int]:
    """A set of characters whose ``[`` stands before ``start``."""
    position = start
    negated = glob[position : position + 1] in ("!", "^")
    position += negated
    items: list[str] = []
    first = True
    while first or glob[position : position + 1] != "]":
        first = False
        named = re.compile(r"\[:(\w*):\]").match(glob, position)
        if named:
            if named[1] not in CLASSES:
                return NEVER, len(glob)
            items.append(CLASSES[named[1]])
            position = named.end()
            continue
        low, position = literal(glob, position)
        if glob[position : position + 1] == "-" and glob[position + 1 : position + 2] not in ("", "]"):
            high, position = literal(glob, position + 1)
            items.append(f"{re.escape(low)}-{re.escape(high)}" if low <= high else "")
        else:
            items.append(re.escape(low))
        if position >= len(glob):
            return NEVER, len(glob)
    chosen = "".join(items)
    body = f"[{'^' if negated else ''}{chosen}]" if chosen else ("." if negated else NEVER)
    return f"(?!/){body}", position + 1


def literal(glob: str, position: int) -> tuple[str, int]:
    """The character at ``position``, with a backslash taken off; the empty string at the end."""
    if glob[position : position + 1] == "\\":
        position += 1
    return glob[position : position + 1], position + 1
