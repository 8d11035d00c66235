"""Which file a dotted name means, and how the project's own files import each other."""

from __future__ import annotations

import sys
from functools import lru_cache

from trueup.model.noun import NamedTuple
from trueup.read import zones

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from trueup.model.project import Project
    from trueup.model.source import Import, SourceFile


class Modules:
    """The Python files of a project as an importer would find them; paths as in ``Project.sources``."""

    def __init__(self, paths: Iterable[str], near: Callable[[str], Mapping[str, str]] | None = None) -> None:
        self.near = near or (lambda _: {})
        self.files = frozenset(paths)
        direct = {path.rpartition("/")[0] for path in self.files} - {""}
        self.folders = frozenset(direct.union(*map(parents, direct)))
        self.names = {path.rpartition("/")[2].removesuffix(".py") for path in (*self.files, *self.folders)}
        self._found: dict[tuple[str, str], str] = {}
        self._roots: dict[tuple[str, str, tuple[str, ...]], list[tuple[str, str, bool]]] = {}

    def find(self, root: str, dotted: str) -> str:
        """The file that ``dotted`` means below ``root``, or the folder of a namespace package, or ``""``."""
        key = root, dotted
        found = self._found.get(key)
        if found is None:
            base = join(root, dotted.replace(".", "/"))
            places = (path for path in (f"{base}/__init__.py", f"{base}.py") if path in self.files)
            found = self._found[key] = next(places, base if base in self.folders else "")
        return found

    def relative(self, path: str, level: int, module: str) -> str:
        """The file or folder that ``from ..module import`` means in ``path``, or ``""``."""
        return self.find(base_of(path, level), module) if module else base_of(path, level)

    def root_of(self, dotted: str, path: str, elsewhere: tuple[str, ...]) -> str | None:
        """The folder from which ``path`` can import ``dotted``: the root, one around ``path``, one of ``elsewhere``, or
        a package, which is rarely one, its own before another; ``None`` where no file of the project is meant.
        What is ``near`` (see ``read.nearer``) comes before all."""
        top = dotted.partition(".")[0]
        if top not in self.names:
            return None
        if (folder := self.near(path).get(top)) is not None:
            return folder
        at_root = self.find("", dotted)
        if at_root and at_root != path:
            return ""
        for root, found, is_package in self._roots_of(dotted, path.rpartition("/")[0], elsewhere):
            itself = found == path and (is_package or not path.endswith("/__init__.py"))
            if not itself:  # `from bot import x` in bot/__init__.py means bot/, not bot/bot.py
                return root
        return None

    def _roots_of(self, dotted: str, folder: str, elsewhere: tuple[str, ...]) -> list[tuple[str, str, bool]]:
        """Where a file in ``folder`` finds ``dotted``, best first: the root, the file, whether that is a package's.

        A folder without ``__init__.py`` comes behind modules, wherever they are found, as it does in Python.
        """
        known = self._roots.get((dotted, folder, elsewhere))
        if known is not None:
            return known
        around = [above for above in (folder, *parents(folder)) if above and "." not in above]
        packages = [above for above in around if f"{above}/__init__.py" in self.files]
        bare = [above for above in around if above not in packages]
        unlike = (other for other in elsewhere if packages)
        far = [other for other in unlike if f"{other}/__init__.py" in self.files or zones.is_test(f"{other}/x.py")]
        roots = ("", *bare, *(other for other in elsewhere if other not in far), *packages, *far)
        hits = [(root, found, root in packages) for root in roots if (found := self.find(root, dotted))]
        hits.sort(key=lambda hit: hit[1] in self.folders)
        self._roots[dotted, folder, elsewhere] = hits
        return hits


@lru_cache(maxsize=1)
def modules_of(project: Project) -> Modules:
    """Those of a project; remembered for the one that was asked of last."""
    return Modules(project.sources, project.nearer)


class Link(NamedTuple):
    """One import of an own file or package.

    ``target`` is the file (or the folder of a namespace package), ``root`` the folder from which it is
    imported under ``name`` (``None`` where the import is relative), ``package`` a folder that is thereby
    used as a package, or ``""``.
    """

    importer: str
    target: str
    root: str | None
    name: str
    package: str


def links(
    sources: Iterable[SourceFile], modules: Modules, foreign: Collection[str], elsewhere: Sequence[str]
) -> Iterator[Link]:
    """How the files import each other.

    ``foreign`` are import names of dependencies; ``elsewhere`` folders that a file outside them may have
    on its path.
    """
    files = {source.path: source for source in sources}
    for source in files.values():
        outside = tuple(folder for folder in elsewhere if not source.path.startswith(folder + "/"))
        conditional = any(item.inside == "try" for item in source.imports)
        relative = [item for item in source.imports if item.level] if conditional else []
        beside = {link.target for item in relative for link in relative_links(source.path, item, modules)}
        own = source.path.rpartition("/")[0]
        own = own if f"{own}/__init__.py" in modules.files else ""
        for statement in source.imports:
            if statement.level:
                yield from relative_links(source.path, statement, modules)
                continue
            for dotted in absolute(statement):
                root = root_of_import(dotted, source.path, modules, foreign, outside)
                root = root_of_namesake(statement, dotted, files, modules) if root == "" else root
                if statement.inside == "try" and root and modules.find(root, dotted) in beside:
                    continue  # `except ImportError: from utils import x` behind `from .utils import x`
                if root and root == own and for_a_script(source, statement):
                    continue
                if root is not None and not lacks(statement, modules.find(root, dotted), root, files, modules):
                    yield from absolute_links(source.path, statement, dotted, root, modules)


def root_of_namesake(statement: Import, dotted: str, files: Mapping[str, SourceFile], modules: Modules) -> str:
    """The folder ``api`` where ``from api import app`` means ``api/api.py``: a folder without a file has no names."""
    namesake = files.get(f"{dotted}/{dotted}.py")
    if namesake is None or not statement.is_from or modules.find("", dotted) != dotted:
        return ""
    names = [name for name, _ in statement.names]
    inside = any(modules.find("", f"{dotted}.{name}") for name in names)
    return dotted if not inside and all(map(namesake.may_define, names)) else ""


def for_a_script(source: SourceFile, statement: Import) -> bool:
    """Whether an import in a module of a package is for the case that the file itself is started."""
    guarded = statement.inside == "if" and 0 < source.main_guard < statement.line
    return statement.inside == "try" or guarded


def lacks(statement: Import, target: str, root: str, files: Mapping[str, SourceFile], modules: Modules) -> bool:
    """Whether a module beside the importer, in a package, is not what is meant: it has not the names that are taken.

    A distribution that nobody knows may have its name (``graphql`` of graphql-core). ``root`` is where it was found.
    """
    found = files.get(target)
    if found is None or not root or f"{root}/__init__.py" not in modules.files or not statement.is_from:
        return False
    return not has_names(statement, found, root, modules)


def has_names(statement: Import, found: SourceFile, root: str, modules: Modules) -> bool:
    """Whether a module, found from ``root``, may have the names that are taken from it."""
    names = (name for name, _ in statement.names if statement.is_from and name != "*")
    taken = [name for name in names if not modules.find(root, f"{statement.module}.{name}")]
    return bool(found.error) or all(map(found.may_define, taken))


def root_of_import(
    dotted: str, path: str, modules: Modules, foreign: Collection[str], elsewhere: tuple[str, ...]
) -> str | None:
    """The folder from which ``path`` imports the own module ``dotted``; ``None`` where it is not an own one."""
    top = dotted.split(".")[0]
    if top in sys.stdlib_module_names or top == "__main__":  # the program that runs, whatever its file is called
        return None
    root = modules.root_of(dotted, path, elsewhere)
    return None if top in foreign and (root or is_bare(modules, top)) else root


def absolute_links(path: str, statement: Import, dotted: str, root: str, modules: Modules) -> Iterator[Link]:
    """The module that an import names, and each submodule that it takes from it."""
    package = join(root, dotted.split(".")[0])
    package = package if package in modules.folders else ""
    yield Link(path, modules.find(root, dotted), root, dotted, package)
    if statement.is_from:
        for name, _ in statement.names:
            target = modules.find(root, f"{dotted}.{name}") if name in modules.names else ""
            if target:
                yield Link(path, target, root, f"{dotted}.{name}", package)


def relative_links(path: str, statement: Import, modules: Modules) -> Iterator[Link]:
    """The module that a relative import names, and each submodule that it takes from it."""
    base = base_of(path, statement.level)
    target = modules.relative(path, statement.level, statement.module)
    if statement.module and target:
        yield Link(path, target, None, "", base)
    for name, _ in statement.names:
        submodule = f"{statement.module}.{name}" if statement.module else name
        target = modules.find(base, submodule) if name in modules.names else ""
        if target:
            yield Link(path, target, None, "", base)


def is_bare(modules: Modules, folder: str) -> bool:
    """Whether a folder at the root has no ``__init__.py``: an installed package of its name wins over it."""
    return folder in modules.folders and f"{folder}/__init__.py" not in modules.files


def absolute(statement: Import) -> Iterator[str]:
    """The dotted modules that an absolute import surely names."""
    if statement.is_from:
        yield statement.module
    else:
        yield from (name for name, _ in statement.names)


def base_of(path: str, level: int) -> str:
    """The folder that ``level`` leading dots mean in ``path``."""
    folder = path
    for _ in range(level):
        folder = folder.rpartition("/")[0]
    return folder


def parents(path: str) -> list[str]:
    """The folders above ``path``, nearest first, without the root."""
    found: list[str] = []
    folder = path.rpartition("/")[0]
    while folder:
        found.append(folder)
        folder = folder.rpartition("/")[0]
    return found


def join(folder: str, name: str) -> str:
    """``folder/name``, or ``name`` at the root."""
    return f"{folder}/{name}" if folder else name


def dotted_name(path: str, root: str) -> str:
    """The name under which ``path`` is imported from ``root``."""
    name = path[len(root) :].lstrip("/").removesuffix(".py")
    return (name.removesuffix("/__init__") if name != "__init__" else "").replace("/", ".")
