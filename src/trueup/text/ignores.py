"""Ignore files as pathspec reads them, without the lines that no path can match."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


def spec_of(text: str) -> GitIgnoreSpec:
    """What a file of patterns hides; a pattern that is none (``[z-a]``) matches nothing in git, and counts as nothing.

    Source: https://git-scm.com/docs/gitignore#_pattern_format
    """
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(line for line in text.splitlines() if is_pattern(line))


def is_pattern(line: str) -> bool:
    """Whether a line can be read at all."""
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except (re.error, ValueError):
        return False
    return True
