"""Which folders declare a project of their own, and which of them owns a file."""

from __future__ import annotations

import re
from collections import Counter

from trueup.errors import ProjectError
from trueup.model.pattern import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from trueup.model.tree import Tree

MANIFEST = lazy(
    r"requirements[\w.-]*\.(txt|in)|setup\.(py|cfg)|Pipfile|environment\.ya?ml|(poetry|pdm|uv)\.lock|pylock\.toml"
)
INSTALLED = lazy(r"setup\.(py|cfg)|Pipfile")
PYPROJECT = lazy(r"pyproject\.toml")
DECLARES = lazy(rb"^[ \t]*\[[ \t]*(project|tool[ \t]*\.[ \t]*(poetry|flit|pdm))\b|^project\.", re.MULTILINE)
# Else setup.py is a module that sets something up, maybe by a function of this name.
SETUP = lazy(rb"\b(?:setuptools|distutils)\b|\A(?!(?s:.*)\bdef[ \t]+setup\b)(?s:.*)\bsetup[ \t]*\(")
ASIDE = lazy(
    r"tests?|testing|\w+[_-]tests?|docs?|docs?_src|examples?|samples?|demos?|tutorials?|scripts?|tools?|benchmarks?"
    r"|\.\w+|e2e[_-]?\w*|fixtures|templates?|requirements|vendor|third_party"
)
READ_CAP = 1_000_000


LIST = lazy(r"requirements[\w.-]*\.(txt|in)")
PLACED = lazy(
    rb"^[ \t]*(?:-e|--editable|-f|--find-links|\.|file:|(?:-[rc]|--requirement|--constraint)[ =]*[^\n#]*/)", re.M
)
# What starts an application, beside a folder of code.
CALLER = lazy(r"(?i:procfile|makefile|justfile|.*(?:docker|container)file.*|.*\.(?:sh|bat|ps1|ya?ml|toml))")
IMAGE = lazy(r"(?i:.*(docker|container)file.*)")


def manifest_folders(tree: Tree) -> frozenset[str]:
    """The folders that declare a project (``""``: the top), those of tests, docs and templates left out.

    A list of requirements in a package belongs to the folder from which the package is imported.
    """
    declaring = manifest_paths(tree)
    lend = lending(tree, declaring)
    return frozenset(_home(tree, folder) if folder in lend else folder for folder in map(folder_of, declaring))


def _home(tree: Tree, folder: str) -> str:
    """The folder from which a package is imported, and that which it lies in, if that is one, too."""
    home = above(folder)
    return _home(tree, home) if home and tree.has(f"{home}/__init__.py") else home


def nested_folders(tree: Tree) -> tuple[str, ...]:
    """The folders below the top that declare a project; among docs and the like only what can be installed."""
    named = {*tree.called(PYPROJECT), *tree.called(INSTALLED)}
    inside = (path for path in named if not path.startswith("../") and aside(path))
    built = {folder_of(path) for path in inside if declares(path.rpartition("/")[2], content(tree, path))}
    return tuple(sorted((manifest_folders(tree) | built) - {""}))


def lists_in_packages(tree: Tree) -> list[str]:
    """The lists of requirements in packages directly at the top or in ``src/``, where nothing else declares there."""
    declaring = manifest_paths(tree)
    if any("/" not in path for path in declaring):
        return []
    lend = {folder for folder in lending(tree, declaring, built=True) if not above(folder)}
    return [path for path in declaring if folder_of(path) in lend]


def lending(tree: Tree, declaring: Iterable[str], *, built: bool = False) -> set[str]:
    """The packages whose manifests, which are lists of requirements, are those of the folder above.

    Not where several folders in it have lists, for these are services of their own; where an image is built in the
    folder, unless ``built``; or where a list names another place, which it would not find from above.
    """
    lists: dict[str, list[str]] = {}
    for path in declaring:
        lists.setdefault(folder_of(path), []).append(path)
    plain = [folder for folder, paths in lists.items() if folder and all(map(is_list, paths))]
    homes = Counter(map(above, plain))
    return {
        folder
        for folder in plain
        if homes[above(folder)] == 1
        and not any(PLACED.search(content(tree, path)) for path in lists[folder])
        and (built or not is_built_in(tree, folder))
        and must_be_package(tree, folder)
    }


def is_built_in(tree: Tree, folder: str) -> bool:
    """Whether an image is described in the folder, and so is likely built from what the folder holds."""
    return any(folder_of(path) == folder for path in tree.called(IMAGE))


def is_list(path: str) -> bool:
    """Whether a manifest is a list of requirements."""
    return LIST.fullmatch(path.rpartition("/")[2]) is not None


def above(folder: str) -> str:
    """The folder from which a package is imported, or to which the ``src/`` that it lies in belongs."""
    found = folder_of(folder)
    return folder_of(found) if found.rpartition("/")[2] == "src" else found


RELATIVE = lazy(rb"^[ \t]*from[ \t]+\.", re.MULTILINE)


def must_be_package(tree: Tree, folder: str) -> bool:
    """Whether a folder's files can only be imported from the folder above: by its name, or by their own imports."""
    if not folder or not folder.rpartition("/")[2].isidentifier():
        return False
    beside = (path for path in tree.files() if folder_of(path) == folder and path.endswith(".py"))
    begun = tree.has(f"{folder}/__init__.py") and any(RELATIVE.search(content(tree, path)) for path in beside)
    return begun or is_package(tree, folder)


def is_package(tree: Tree, folder: str) -> bool:
    """Whether a folder's own files import it, by its name, from the folder above, or what starts it there does."""
    name = folder.rpartition("/")[2]
    if not name.isidentifier() or name == "src":
        return False
    python = [path for path in tree.files() if path.startswith(f"{folder}/") and path.endswith(".py")]
    if f"{folder}/{name}" in map(folder_of, python):
        return False
    statement = re.compile(rf"^[ \t]*(?:from|import)[ \t]+{re.escape(name)}\b".encode(), re.MULTILINE)
    started = re.compile(rf"(?<![\w./-]){re.escape(name)}(?:\.\w+)+:\w".encode())
    callers = [
        path for path in tree.files() if folder_of(path) == above(folder) and CALLER.fullmatch(path.rpartition("/")[2])
    ]
    return any(statement.search(content(tree, path)) for path in python) or any(
        started.search(content(tree, path)) for path in callers
    )


def manifest_paths(tree: Tree) -> list[str]:
    """The files that make their folder a project; pyproject.toml only where it declares one, not tools' settings."""
    named = {*tree.called(PYPROJECT), *tree.called(MANIFEST)}
    inside = sorted(path for path in named if not path.startswith("../") and not aside(path))
    return [path for path in inside if declares(path.rpartition("/")[2], content(tree, path))]


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
