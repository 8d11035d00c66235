"""What caches and filters of CI hang on: the lock, in the place of lists and locks that are gone.

``setup-python`` stops where the file of ``cache-dependency-path`` is not there; a cache whose key is the hash of
nothing is never renewed; a workflow for changes of ``requirements.txt`` never runs again.
Sources: https://github.com/actions/setup-python#caching-packages-dependencies and
https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#hashfiles
"""

from __future__ import annotations

import re
from posixpath import join

from trueup.model.lists import made_in
from trueup.plan.uv_commands import is_manifest
from trueup.text.naming import glob_matches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.model.tree import Tree

CI = re.compile(
    r"(?:^|/)(?:\.(?:github|gitea|forgejo)/(?:workflows|actions)/|\.gitlab-ci|\.circleci/|(?:azure|bitbucket)-.*\.ya?ml$)"
)
HASHED = re.compile(rb"\bhashFiles\([^)\n]*\)|\bchecksum[ \t]+[\"'][^\"'\n]*[\"']")
KEYED = re.compile(rb"[ \t]*(?:-[ \t]+)?(?:cache-dependency-path:|(?:paths|paths-ignore|files|changes):[ \t]*\[)[^\n]*")
ITEM = re.compile(rb"[ \t]*-[ \t]+(?P<quote>[\"']?)[\w./*-]+(?P=quote)[ \t]*(?:#.*)?")
BLOCK = re.compile(rb"([ \t]*)cache-dependency-path:[ \t]*[|>]")
WORD = re.compile(rb"(?<![\w./*@-])[\w.*-]+(?:/[\w.*-]+)*(?![\w./*@-])")
LISTS = re.compile(r"requirements?[\w.-]*\*[\w.*-]*")  # requirements*.txt
LOCK = "uv.lock"


def on_the_lock(tree: Tree, path: str, data: bytes, below: str) -> bytes:
    """The bytes of a CI file; ``below`` is where the project lies in its repository, from whose top paths are named."""
    if not CI.search(path):
        return data

    made = made_in(data.decode("utf-8", "replace"))

    def said(found: re.Match[bytes]) -> bytes:
        word = found[0].decode()
        stays = word.rpartition("/")[2] in made or not _is_gone(tree, word, below)
        return found[0] if stays else join(_folder(word), LOCK).encode()

    lines, block = [], None
    for line in data.splitlines(keepends=True):
        inside = block is not None and line.startswith((block[1] + b" ", block[1] + b"\t"))
        block = block if inside else BLOCK.match(line)
        keyed = inside or KEYED.match(line) or ITEM.fullmatch(line.rstrip(b"\r\n"))
        lines.append(WORD.sub(said, line) if keyed else HASHED.sub(lambda part: WORD.sub(said, part[0]), line))
    return b"".join(lines)


def _folder(word: str) -> str:
    """Where the lock lies: a folder of lists goes with them."""
    folder = word.rpartition("/")[0]
    return folder.rpartition("/")[0] if folder.rpartition("/")[2] == "requirements" else folder


def _is_gone(tree: Tree, word: str, below: str) -> bool:
    """Whether a path or a pattern is one of the project's manifests, and no file is called so."""
    name = word.rpartition("/")[2]
    if not (is_manifest(word) or LISTS.fullmatch(name)) or name.endswith((".yml", ".yaml")):
        return False
    inside = word.removeprefix("./")
    if below and not inside.startswith("**"):
        if not inside.startswith(f"{below}/"):
            return False
        inside = inside.removeprefix(f"{below}/")
    folder = _folder(inside)
    everywhere = (*tree.files(), *(path.removeprefix("../") for path in tree.outer()))
    return folder in ("", "**") and not any(glob_matches(inside, file) or file == word for file in everywhere)
