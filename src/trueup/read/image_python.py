"""The Python that an image gets put in where it does not begin as one of Python's."""

from __future__ import annotations

import re

from trueup.model.packages import facts
from trueup.model.pattern import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = lazy(r"(?i:.*(docker|container)file.*)")
COMMENT = lazy(r"^[ \t]*#[^\n]*", re.MULTILINE)
# ``python3.11``, ``python3.11-venv``, ``/usr/bin/python3.11``; conda's ``python=3.11``.
NAMED = lazy(
    r"(?<![\w.-])(?:/usr/(?:local/)?bin/)?python(3\.\d{1,2})(?=$|[\s;&|\"',]|-(?:venv|dev|minimal|distutils|full)\b)"
    r"|(?<![\w.-])python={1,2}(3\.\d{1,2})(?![\d])",
    re.MULTILINE,
)
FROM = lazy(
    r"^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*[^\s\"'$]*?(debian|ubuntu|alpine|rockylinux|almalinux|amazonlinux)[:-]?([\w.]+)",
    re.MULTILINE | re.IGNORECASE,
)
OWN = lazy(r"\b(?:install|add)\b(?:(?!\b(?:install|add)\b)[^\n\\&;|]|\\\n)*\bpython3(?![\w.=~])")
PIP = lazy(r"(?<![\w.-])(?:pip3?|poetry|pipenv|pdm)(?![\w.-])")
BRINGS_ONE = lazy(r"(?<![\w.-])(?:uv|pyenv|conda|mamba|micromamba|asdf|mise|rye|hatch)(?![\w.-])")


def installed(text: str) -> Iterator[tuple[str, int]]:
    """The versions that a Dockerfile installs by name, else that of its distribution's own package; with the offset."""
    text = COMMENT.sub(lambda comment: " " * len(comment[0]), text)
    named = [(match[1] or match[2], match.start()) for match in NAMED.finditer(text)]
    yield from named
    if named or not (OWN.search(text) and PIP.search(text)) or BRINGS_ONE.search(text):
        return
    for match in FROM.finditer(text):
        releases = facts("distributions")[match[1].lower()]
        release = match[2].lower()
        version = releases.get(release) or releases.get(".".join(release.split(".")[:2]))
        if version:
            yield version, match.start(2)
