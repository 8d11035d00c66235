"""Lines of a rewritten file that still need what is taken away: each is told."""

from __future__ import annotations

import re

from trueup.model.command_line import STANDS_FOR
from trueup.plan.uv_commands import is_manifest, made_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.tree import Tree

MANAGED = re.compile(rb"\b(?:poetry|pipenv|pdm|rye)\s+(?:install|sync|run|export|update|add|config|build)\b")
LEFT_OVER = re.compile(
    rb"(?:uses:[ \t]*[\w./-]*|cache:[ \t]*[\"']?)(poetry|pipenv|pdm|rye)(?:[\w./-]*@|[\"']?[ \t]*[},\r]*$)"
)
COMMENT = re.compile(rb"(?:^|(?<=\s))#.*")
SPOKEN = re.compile(
    rb"(?<!`)`(pip3? install(?: [^`\n]*)? -r[^`\n]*"
    rb"|(?:poetry|pipenv|pdm|rye) (?:install|sync|run|shell|add|update)\b[^`\n]*)`(?!`)"
)
WORD = re.compile(rb"[\w./*-]+")
SENTENCE = "a sentence says "


def left(tree: Tree, before: bytes, after: bytes, told: set[int], below: str = "") -> Iterator[tuple[int, str]]:
    """Lines that stay as they were, and still need what is taken away: another manager, or a file of its.

    ``below``: the file lies around the project, which is there; what lies in other folders stays.
    """
    kept = set(after.splitlines())
    made = made_in(after.decode("utf-8", "replace"))
    names = {path.rpartition("/")[2] for path in tree.files()}
    for number, line in enumerate(before.splitlines(), 1):
        if number in told or line not in kept or not after.strip():
            continue
        text = COMMENT.sub(b"", line)
        if found := LEFT_OVER.search(text):
            yield number, f"{found[1].decode()} is still set up here, and nothing needs it any more"
        elif found := MANAGED.search(text):
            yield number, f"`{found[0].decode()}` stays, and what it needs goes: rewrite it by hand"
        elif held := STANDS_FOR.match(text.decode("utf-8", "replace")):
            if re.search(rf"\$[({{]?{held['name']}\b".encode(), after):
                yield number, f"{held['name']} stands for {held['manager']}, which goes: rewrite what uses it by hand"
        elif found := next((word for word in WORD.finditer(text) if _is_list(tree, word[0], below)), None):
            name = found[0].decode("latin-1").rpartition("/")[2].rstrip("*")
            if name not in names and name not in made:
                yield number, f"{name} is still named, and goes: rewrite it by hand"
    old = set(before.splitlines())
    for number, line in enumerate(after.splitlines(), 1):  # what was rewritten in part
        for found in WORD.finditer(COMMENT.sub(b"", line)) if line not in old else ():
            name = found[0].decode("latin-1").rpartition("/")[2].rstrip("*")
            if is_manifest(name) and name not in names and name not in made and number not in told:
                yield number, f"{name} is named in what is written here, and goes: rewrite it by hand"


def in_sentences(data: bytes) -> Iterator[tuple[int, str]]:
    """What a document has its reader do by another manager without a block of code, told at the first of them."""
    if found := SPOKEN.search(data):
        text = found[1].decode("utf-8", "replace")
        yield data.count(b"\n", 0, found.start()) + 1, f"{SENTENCE}`{text}`: say it anew by hand"


def _is_list(tree: Tree, word: bytes, below: str) -> bool:
    """Whether a word may name a list of the project's."""
    path = word.decode("latin-1")
    folder = path.lstrip("./").rpartition("/")[0]
    beside = below and folder and not path.startswith("/")
    return is_manifest(path) and (not beside or f"{folder}/".startswith(f"{below}/") or tree.has_dir(folder))
