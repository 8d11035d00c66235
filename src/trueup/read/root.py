"""Which folder is the project: the one that owns the application and its manifest.

Half of the public FastAPI projects live in a sub-folder (``backend/``) of their repository.
"""

from __future__ import annotations

from functools import cached_property

from trueup.errors import ProjectError
from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy
from trueup.model.tree import is_template
from trueup.read.disk import DiskTree
from trueup.read.git import read_small, repository_of
from trueup.read.owners import above, aside, content, declares, is_package, manifest_folders, owner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

MAKES = (b"API(", b"ask(", b"ette(", b"star(", b"uart(", b"anic(", b"DJANGO_SETTINGS_MODULE")
APPLICATION = lazy(rb"\b(FastAPI|Flask|Starlette|Litestar|Quart|Sanic)\(|DJANGO_SETTINGS_MODULE")


class Root(NamedTuple):
    """``project`` and ``repository`` are resolved folders; ``reason`` says why it is not simply the one asked for."""

    project: Path
    repository: Path | None
    reason: str
    tree: DiskTree | None = None  # the project's files, where they were read already


def find_root(path: Path) -> Root:
    """The project at, in or around ``path``; ``ProjectError`` where there is none."""
    path = checked(path)
    repository = repository_of(path)
    tree = DiskTree(path, repository)
    python = [name for name in tree.files() if name.endswith(".py")]
    template = any(name.endswith(".py") and is_template(name) for name in tree.entries)
    if not python and not template:
        raise no_python(tree, path)
    owned = Owned(tree, python)
    if template and "" not in owned.manifests:
        raise ProjectError(f"{path} is a template of projects, not a project", "make a project from it first")
    project, reason = chosen(owned, path, repository)
    return Root(project, repository, reason, tree if project == path else None)


def checked(path: Path) -> Path:
    """``path`` resolved; ``ProjectError`` where it is no folder with something in it."""
    hint = "name the project's folder"
    try:
        found = path.resolve()
        if any(found.iterdir()):
            return found
    except FileNotFoundError:
        raise ProjectError(f"{path} does not exist", hint) from None
    except NotADirectoryError:
        raise ProjectError(f"{path} is not a folder", hint) from None
    except (OSError, RuntimeError) as problem:  # RuntimeError: links in a circle, before Python 3.13
        raise ProjectError(f"{path} cannot be listed: {problem}", "mend its permissions") from problem
    raise ProjectError(f"{path} is empty", hint)


def no_python(tree: DiskTree, path: Path) -> ProjectError:
    """The error for a folder without Python files of its own."""
    if any(name.endswith(".py") for name, entry in tree.entries.items() if entry.ignored):
        return ProjectError(f"{path} holds only Python files that git ignores", "name the project's folder")
    return ProjectError(f"{path} holds no Python file", "name the project's folder")


PYPROJECT, WORKSPACE = "pyproject.toml", b"[tool.uv.workspace]"


class Owned:
    """Which folders of ``tree`` declare a project, and which of them own code and applications (``""``: the top)."""

    def __init__(self, tree: DiskTree, python: list[str]) -> None:
        self.tree = tree
        self.manifests = manifest_folders(tree)
        self.python = [name for name in python if not aside(name)]
        self.code = {owner(self.manifests, name) for name in self.python}

    @cached_property
    def applications(self) -> set[str]:
        """The folders that own an application, for which all code is looked through."""
        return {owner(self.manifests, name) for name in self.python if makes_application(content(self.tree, name))}


def makes_application(data: bytes) -> bool:
    """Whether a file seems to make an application."""
    return any(word in data for word in MAKES) and APPLICATION.search(data) is not None


def chosen(owned: Owned, path: Path, repository: Path | None) -> tuple[Path, str]:
    """The folder, and why, where it is not simply ``path``."""
    if "" in owned.manifests and owned.code == {""}:
        return path, ""  # whoever owns applications, it can only be the top
    if "" in owned.manifests and "" in (owned.applications or owned.code):
        return path, ""
    members = (owned.code & owned.manifests) - {""}
    together = len(members) > 1 and owned.tree.has(PYPROJECT) and WORKSPACE in content(owned.tree, PYPROJECT)
    owners = sorted(members if together else (owned.applications or owned.code) & owned.manifests)
    outer = [folder for folder in owners if all(f"{each}/".startswith(f"{folder}/") for each in owners)]
    if outer and "" not in owned.applications and not (together and len(owners) > 1):
        return imported_from(owned.tree, path, outer[0])  # what lies in it are parts of it
    if len(owners) > 1:
        return path, "several projects lie in it: " + ", ".join(owners)
    return around(path, repository, bool(owned.applications))


def imported_from(tree: DiskTree, path: Path, folder: str) -> tuple[Path, str]:
    """The folder itself; or, where it is imported as a package, the one from which it is imported.

    The packages of ``src/`` are imported from it, and belong to the folder above.
    """
    if not is_package(tree, folder):
        return path / folder, f"{folder}/ owns the code and its manifest"
    name = folder.rpartition("/")[2]
    return path / above(folder), f"{folder}/ is itself the package: it is imported as {name}"


def around(path: Path, repository: Path | None, has_application: bool) -> tuple[Path, str]:
    """``path`` itself, or the folder of the repository around it that declares the project it belongs to."""
    is_part = (path / "__init__.py").is_file() or path.name == "src"
    if repository is None or path == repository or (has_application and not is_part):
        return path, ""
    for folder in path.parents:
        if declares_project(folder):
            return folder, f"{path.relative_to(folder).as_posix()}/ belongs to it"
        if folder == repository:
            break
    return path, ""


def declares_project(folder: Path) -> bool:
    """Whether a manifest stands in a folder."""
    read = ("pyproject.toml", "setup.py")
    names = [item.name for item in folder.iterdir()]
    return any(declares(name, read_small(folder / name) if name in read else b"") for name in names)
