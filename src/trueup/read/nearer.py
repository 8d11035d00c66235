"""What a file beside the program finds before the project's root: in its own folder, or in a project of its own."""

from __future__ import annotations

from functools import lru_cache
from itertools import takewhile
from posixpath import normpath

from trueup.model.pattern import lazy
from trueup.read import zones
from trueup.read.modules import absolute, has_names, modules_of, parents

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trueup.model.project import Project
    from trueup.model.source import Import

# Where pytest reads its settings, the first that has some before the others.
SETTINGS = {
    **dict.fromkeys(("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini"), ""),
    "pyproject.toml": "[tool.pytest",
    "tox.ini": "[pytest]",
    "setup.cfg": "[tool:pytest]",
}
IMPORTLIB = lazy(r"(?m)^[^#;\n]*--import-mode[=\s\"',]+importlib\b", words=("--import-mode",))
PYTHONPATH = lazy(r"(?m)^[ \t]*pythonpath[ \t]*=[ \t]*(\[[^\]]*\]|[^\n]*(?:\n[ \t]+[^\n]*)*)", words=("pythonpath",))
WORD = lazy(r"[^\s\"',\[\]]+")


def read_nearer(project: Project, path: str) -> Mapping[str, str]:
    """The top-level names that a file imports from nearer than the root, and the folder that each is found in.

    A test and a script have their own folder on the import path before any other, where it is no package; a project of
    its own has its folders. A name counts where all that is imported by it is there.
    """
    folders = list(near_folders(project, path))
    found: dict[str, set[str]] = {}
    for statement in project.sources[path].imports if folders else ():
        for dotted in absolute(statement) if not statement.level else ():
            there = (folder for folder in folders if is_there(project, path, statement, folder, dotted))
            found.setdefault(dotted.partition(".")[0], set()).add(next(there, ""))
    return {name: min(places) for name, places in found.items() if len(places) == 1 and "" not in places}


def near_folders(project: Project, path: str) -> Iterator[str]:
    """The folders that a file has on the import path before the root, nearest first."""
    files = modules_of(project).files
    if home := project.home_of(path):
        yield from (folder for folder in parents(path) if f"{folder}/".startswith(f"{home}/"))
        yield f"{home}/src"
    elif zones.is_test(path) or zones.is_aside(path):
        near = (folder for folder in parents(path)[:1] if f"{folder}/__init__.py" not in files)
        yield from (folder for folder in near if not zones.is_test(path) or pytest_adds(project, folder))


def pytest_adds(project: Project, folder: str) -> bool:
    """Whether pytest has a folder of tests on the import path before the root: unless it is told to import by file,
    and then where a setting or the folder's conftest.py adds it."""
    conftest = project.sources.get(f"{folder}/conftest.py")
    bends = conftest is not None and any("sys.path" in item.name for item in conftest.calls)
    first = added(project)
    return bends or first is None or folder in first


@lru_cache(maxsize=1)
def added(project: Project) -> list[str] | None:
    """The folders that pytest's settings add to the import path before the root; ``None`` where it adds each itself."""
    there = ((project.tree.text(path), mark) for path, mark in SETTINGS.items() if project.tree.has(path))
    text = next((text for text, mark in there if mark in text), "")
    if not IMPORTLIB.search(text):
        return None
    said = (normpath(word) for value in PYTHONPATH.findall(text) for word in WORD.findall(value))
    return list(takewhile(lambda folder: folder != ".", said))


def is_there(project: Project, path: str, statement: Import, folder: str, dotted: str) -> bool:
    """Whether an import of another module finds that in a folder, and in it the names that are taken."""
    modules = modules_of(project)
    target = modules.find(folder, dotted)
    found = project.sources.get(target)
    return target != path and found is not None and has_names(statement, found, folder, modules)
