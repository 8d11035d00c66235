"""Files that explain: what they show is not run, and what they say is their author's."""

from __future__ import annotations

import re

from trueup.model.pattern import lazy

DOCUMENTS = (
    *(".md", ".markdown", ".mdx", ".rst"),
    *(".mdc", ".cursorrules", ".windsurfrules", ".clinerules", ".cursor/rules"),  # what editors' assistants are told
)
# By name, or as text among documents; lists and rules of robots are no text.
PLAIN = lazy(
    r"(?:.*/)?(?:[^/]+\.(?:adoc|asciidoc)|(?:read-?me|install|contributing)(?:\.txt)?"
    r"|docs?/(?:[^/]+/)*(?![^/]*(?:req|constraint|robots|wordlist|cmakelists))[^/]+\.txt)",
    re.IGNORECASE,
)
RECORD = lazy(
    r"(?:.*/)?(?:changelog|changes|updates|history|news|release[-_]?notes)(?:[-_.][^/]*)?\.(?:md|markdown|mdx|rst)",
    re.IGNORECASE,
)


def explains(path: str) -> bool:
    """Whether a file is a document for people, by its name alone."""
    return path.endswith(DOCUMENTS) or bool(PLAIN.fullmatch(path))


def is_record(path: str) -> bool:
    """Whether a document says what was so: a changelog has no command to be run."""
    return bool(RECORD.fullmatch(path))
