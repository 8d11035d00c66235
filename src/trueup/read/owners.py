"""Which folders declare a project of their own, and which of them owns a file."""

from __future__ import annotations

import re

from trueup.errors import ProjectError
from trueup.model.pattern import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from trueup.model.tree import Tree

MANIFEST = lazy(
    r"requirements[\w.-]*\.(txt|in)|setup\.(py|cfg)|Pipfile|environment\.ya?ml|(poetry|pdm|uv)\.lock|pylock\.toml"
)
DECLARES = lazy(rb"^[ \t]*\[[ \t]*(project|tool[ \t]*\.[ \t]*(poetry|flit|pdm))\b|^project\.", re.MULTILINE)
SETUP = lazy(rb"\bsetup[ \t]*\(|\b(?:setuptools|distutils)\b")  # else setup.py is a module that sets something up
ASIDE = lazy(
    r"tests?|testing|\w+[_-]tests?|docs?|docs?_src|examples?|samples?|demos?|tutorials?|scripts?|tools?|benchmarks?"
    r"|\.\w+|e2e[_-]?\w*|fixtures|templates?|requirements|vendor|third_party"
)
TEMPLATE = lazy(r"\{[{%]")
READ_CAP = 1_000_000


def manifest_folders(tree: Tree) -> frozenset[str]:
    """The folders that declare a project (``""``: the top), those of tests, docs and templates left out."""
    return frozenset(folder_of(name) for name in tree.files() if is_manifest(tree, name))


def is_manifest(tree: Tree, name: str) -> bool:
    """Whether a file makes its folder a project; pyproject.toml only when it declares one, not only tools' settings."""
    base = name.rpartition("/")[2]
    if (base != "pyproject.toml" and not MANIFEST.fullmatch(base)) or aside(name) or TEMPLATE.search(name):
        return False
    return declares(base, content(tree, name))


def declares(name: str, data: bytes) -> bool:
    """Whether a file of this name and content declares a project, and is not only called so."""
    wanted = {"pyproject.toml": DECLARES, "setup.py": SETUP}.get(name)
    return MANIFEST.fullmatch(name) is not None if wanted is None else wanted.search(data) is not None


def owner(folders: Collection[str], name: str) -> str:
    """The nearest of ``folders`` above the file ``name``, else the top."""
    folder = folder_of(name)
    while folder and folder not in folders:
        folder = folder_of(folder)
    return folder


def content(tree: Tree, name: str) -> bytes:
    """The bytes of a file; nothing where it is too large or cannot be read."""
    try:
        return tree.read(name) if tree.entries[name].size <= READ_CAP else b""
    except ProjectError:
        return b""


def folder_of(name: str) -> str:
    """The folder of a path, ``""`` at the top."""
    return name.rpartition("/")[0]


def aside(name: str) -> bool:
    """Whether a path lies among tests, documentation, examples and the like."""
    return any(ASIDE.fullmatch(part) for part in name.lower().split("/")[:-1])
