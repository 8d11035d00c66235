"""Which folder is the project: the one that owns the application and its manifest.

Half of the public FastAPI projects live in a sub-folder (``backend/``) of their repository.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from trueup.errors import ProjectError
from trueup.read.disk import DiskTree
from trueup.read.git import repository_of

if TYPE_CHECKING:
    from pathlib import Path

# Files that make a folder a project of its own; pyproject.toml only when it declares one, see `declares`.
MANIFEST = re.compile(
    r"requirements[\w.-]*\.(txt|in)|setup\.(py|cfg)|Pipfile|environment\.ya?ml|(poetry|pdm|uv)\.lock|pylock\.toml"
)
DECLARES = re.compile(rb"^[ \t]*\[[ \t]*(project|tool[ \t]*\.[ \t]*(poetry|flit|pdm))\b|^project\.", re.MULTILINE)
APPLICATION = re.compile(rb"\b(FastAPI|Flask|Starlette|Litestar|Quart|Sanic)\(|DJANGO_SETTINGS_MODULE")
ASIDE = re.compile(
    r"tests?|testing|\w+[_-]tests?|docs?|docs?_src|examples?|samples?|demos?|tutorials?|scripts?|tools?|benchmarks?"
    r"|\.\w+|e2e[_-]?\w*|fixtures|templates?|requirements|vendor|third_party"
)
TEMPLATE = re.compile(r"\{[{%]")
READ_CAP = 1_000_000


class Root(NamedTuple):
    """``project`` and ``repository`` are resolved folders; ``reason`` says why it is not simply the one asked for."""

    project: Path
    repository: Path | None
    reason: str


def find_root(path: Path) -> Root:
    """The project at, in or around ``path``; ``ProjectError`` where there is none."""
    path = checked(path)
    repository = repository_of(path)
    tree = DiskTree(path, path)
    python = [name for name in tree.files() if name.endswith(".py")]
    if not python:
        raise no_python(tree, path)
    if all(TEMPLATE.search(name) for name in python):
        raise ProjectError(f"{path} is a template of projects, not a project", "make a project from it first")
    project, reason = chosen(Candidates(tree, python), path, repository)
    return Root(project, repository, reason)


def checked(path: Path) -> Path:
    """``path`` resolved; ``ProjectError`` where it is no folder with something in it."""
    if not path.exists():
        raise ProjectError(f"{path} does not exist", "name the project's folder")
    if not path.is_dir():
        raise ProjectError(f"{path} is not a folder", "name the project's folder")
    path = path.resolve()
    try:
        empty = not any(path.iterdir())
    except OSError as problem:
        raise ProjectError(f"{path} cannot be listed: {problem.strerror}", "mend its permissions") from problem
    if empty:
        raise ProjectError(f"{path} is empty", "name the project's folder")
    return path


def no_python(tree: DiskTree, path: Path) -> ProjectError:
    """The error for a folder without Python files of its own."""
    if any(name.endswith(".py") for name, entry in tree.entries.items() if entry.ignored):
        return ProjectError(f"{path} holds only Python files that git ignores", "name the project's folder")
    return ProjectError(f"{path} holds no Python file", "name the project's folder")


class Candidates:
    """What each folder below ``tree`` owns. ``""`` is the top."""

    def __init__(self, tree: DiskTree, python: list[str]) -> None:
        self.tree = tree
        self.manifests = {folder_of(name) for name in tree.files() if self._is_manifest(name)}
        code = [name for name in python if not aside(name)]
        self.code = {self.owner(name) for name in code}
        applications = [name for name in code if self._is_application(name)]
        self.applications = {self.owner(name) for name in applications}

    def owner(self, name: str) -> str:
        """The nearest folder above ``name`` with a manifest, else the top."""
        folder = folder_of(name)
        while folder and folder not in self.manifests:
            folder = folder_of(folder)
        return folder

    def _is_manifest(self, name: str) -> bool:
        if aside(name) or TEMPLATE.search(name):
            return False
        base = name.rpartition("/")[2]
        if base == "pyproject.toml":
            return DECLARES.search(self._read(name)) is not None
        return MANIFEST.fullmatch(base) is not None

    def _is_application(self, name: str) -> bool:
        return APPLICATION.search(self._read(name)) is not None

    def _read(self, name: str) -> bytes:
        try:
            return self.tree.read(name) if self.tree.entries[name].size <= READ_CAP else b""
        except ProjectError:
            return b""


def chosen(candidates: Candidates, path: Path, repository: Path | None) -> tuple[Path, str]:
    """The folder, and why, where it is not simply ``path``."""
    if "" in candidates.manifests and "" in (candidates.applications or candidates.code):
        return path, ""
    owners = sorted((candidates.applications or candidates.code) & candidates.manifests)
    if len(owners) == 1 and "" not in candidates.applications:
        return imported_from(candidates, path, owners[0])
    if len(owners) > 1:
        return path, "workspace: " + ", ".join(owners)
    return around(path, repository, bool(candidates.applications))


def imported_from(candidates: Candidates, path: Path, owner: str) -> tuple[Path, str]:
    """The owner; or, where it is itself imported as a package, the folder that it is imported from."""
    folder, _, name = owner.rpartition("/")
    if not name.isidentifier() or name == "src":
        pattern = None
    else:
        pattern = re.compile(rf"^[ \t]*(?:from|import)[ \t]+{name}\b".encode(), re.MULTILINE)
    files = [file for file in candidates.tree.files() if file.startswith(owner + "/") and file.endswith(".py")]
    read = candidates._read
    if pattern and any(pattern.search(read(file)) for file in files):
        return path / folder, f"{owner}/ is itself the package: it is imported as {name}"
    return path / owner, f"{owner}/ owns the code and its manifest"


def around(path: Path, repository: Path | None, has_application: bool) -> tuple[Path, str]:
    """``path`` itself, or the folder of the repository around it that declares the project it belongs to."""
    inside_package = (path / "__init__.py").is_file()
    if repository is None or path == repository or (has_application and not inside_package):
        return path, ""
    for folder in path.parents:
        if declares_project(folder):
            return folder, f"{path.relative_to(folder).as_posix()}/ belongs to it"
        if folder == repository:
            break
    return path, ""


def declares_project(folder: Path) -> bool:
    """Whether a manifest stands in a folder."""
    from trueup.read.git import read_small

    if any(MANIFEST.fullmatch(item.name) for item in folder.iterdir()):
        return True
    return DECLARES.search(read_small(folder / "pyproject.toml")) is not None


def folder_of(name: str) -> str:
    """The folder of a path, ``""`` at the top."""
    return name.rpartition("/")[0]


def aside(name: str) -> bool:
    """Whether a path lies among tests, documentation, examples and the like."""
    return any(ASIDE.fullmatch(part) for part in name.lower().split("/")[:-1])
