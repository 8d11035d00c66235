"""What is known of a project's code before its layout gets a name."""

from __future__ import annotations

from collections import Counter
from functools import cached_property

from trueup.errors import ProjectError
from trueup.model.packages import TAKEN, import_names
from trueup.model.pattern import lazy
from trueup.model.project import ALONE, NESTED, NO_NAME
from trueup.read import zones
from trueup.read.application import Found, find_candidate, in_file, is_library
from trueup.read.modules import Link, absolute, absolute_links, is_bare, links, modules_of, parents
from trueup.read.owners import manifest_folders, owner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trueup.model.project import Project
    from trueup.model.source import Import

QUOTED = lazy(rb"[\"']([A-Za-z_]\w*)\.([A-Za-z_]\w*)[\"']")
# Flask's and Celery's settings, by a module's name.
SRC = lazy(rb"[\"']src\.[A-Za-z_]", words=(b"src.",))
LOADED = lazy(rb"\.\s*from_object\(\s*[\"']([A-Za-z_]\w*)[\w.]*[\"']", words=(b"from_object",))
FILES = frozenset(("csv", "db", "env", "html", "json", "log", "md", "py", "sh", "sql", "toml", "txt", "yaml", "yml"))
CALLED = lazy(
    r"(?:^|\s)(?:(?:-A[ =]?|--app[ =]|\S*py(?:thon)?[\d.]*(?:\.exe)?[ ]-m[ ]"
    r"|(?:arq|dramatiq|huey_consumer(?:\.py)?)[ ])([A-Za-z_]\w*)(?=[.:\s]|$)"
    r"|([A-Za-z_]\w*)(?:\.\w+)*:[A-Za-z_]\w*(?=\s|$))"
)


class Survey:
    """The parts of the project at its root, sorted into code and what stays; every fact is worked out once.

    A *top* is the first part of a path: a Python file at the root (``main.py``), or a folder with Python
    somewhere in it (``app``).
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self.sources = project.sources
        self.modules = modules_of(project)
        named = {name for item in project.requirements for name in import_names(item.name)}
        self.foreign = (TAKEN | named) - {project.name.replace("-", "_").lower()}
        self.tops = sorted({top_of(path) for path in self.sources})

    @cached_property
    def app(self) -> Found | None:
        """The application, without its dotted name."""
        return find_candidate(self.project)

    @cached_property
    def is_library(self) -> bool:
        """Whether the project is a distribution without an application object."""
        return is_library(self.project, self.app)

    @cached_property
    def declared(self) -> frozenset[str]:
        """Folders that declare a project (``""``: the top)."""
        return manifest_folders(self.project.tree)

    @cached_property
    def nested(self) -> list[str]:
        """Folders that declare a project of their own and hold code, the outermost of each."""
        folders = sorted(self.declared - {""})
        holding = [folder for folder in folders if any(path.startswith(folder + "/") for path in self.sources)]
        return [folder for folder in holding if not any(other in parents(folder) for other in holding)]

    @cached_property
    def projects(self) -> list[str]:
        """The nested projects, where all code lies in them; else those with an application, where several have one and
        nothing at the root is a project; all, where one of them has it and nothing outside uses them."""
        nested = [folder for folder in self.nested if not zones.is_aside(folder + "/x.py")]
        code = [path for path in self.sources if not zones.is_aside(path) and top_of(path) not in self.fixed]
        inside = all(any(path.startswith(folder + "/") for folder in nested) for path in code)
        if inside or "" in self.declared:
            return nested if inside else []
        made = (path for path in code if self.sources[path].may("application"))
        applications = (path for path in made if any(in_file(path, self.sources[path], self.sources, self.modules)))
        owners = {owner(nested, path) for path in applications}
        if not owners or "" in owners or len(nested) < 2:
            return []
        pairs = ((owner(nested, link.importer), owner(nested, link.target)) for link in self.links)
        used = any(target and not importer for importer, target in pairs)
        return sorted(owners) if len(owners) > 1 else [] if used else nested

    @cached_property
    def fixed(self) -> Mapping[str, str]:
        """Tops that stay whatever imports them: why."""
        found = {top: self._fixed(top) for top in self.tops}
        return {top: why for top, why in found.items() if why}

    def _fixed(self, top: str) -> str:
        if top in self.sources:
            stem = top.rpartition(".")[0]
            return zones.magic(top, self.sources[top]) or ("" if stem.isidentifier() else NO_NAME)
        if top.startswith("."):
            return "a hidden folder"
        if f"{top}/env.py" in self.sources and self.project.tree.has(f"{top}/script.py.mako"):
            return "Alembic's migrations: alembic.ini names the folder"
        if why := zones.magic_folder(top, self.sources) or self._functions(top):
            return why
        if top in self.others and not top.isidentifier():
            return NESTED  # whatever has it on its path: it can be no package
        if is_bare(self.modules, top) and (top in self.foreign or self._tries(top)):
            return f"the installed package {top} has the same name, and wins"
        return ""

    @cached_property
    def links(self) -> list[Link]:
        """How the files import each other."""
        folders = [top for top in self.tops if top not in self.sources and top not in self.fixed]
        elsewhere = sorted(folders, key=lambda top: (top != "src", top))
        return list(links(self.sources.values(), self.modules, self.foreign, elsewhere))

    @cached_property
    def importers(self) -> Mapping[str, frozenset[str]]:
        """For each top the tops of the files that import something in it."""
        found: dict[str, set[str]] = {}
        for link in self.links:
            found.setdefault(top_of(link.target), set()).add(top_of(link.importer))
        for path, source in self.sources.items():
            for name in LOADED.findall(self._bytes(path)) if source.may("from_object") else ():
                found.setdefault(f"{name.decode()}.py", set()).add(top_of(path))
        return {top: frozenset(others) for top, others in found.items()}

    def packages_used(self, folder: str) -> list[Link]:
        """The imports that use ``folder`` as a package."""
        return [link for link in self.links if link.package == folder]

    @cached_property
    def split_folder(self) -> str:
        """The folder that is on the import path beside (or instead of) the root, or ``""``."""
        roots: Counter[str] = Counter()
        app = self.app.candidate.path if self.app else ""
        for link in self.links:
            if not link.root:
                continue
            speaks = zones.is_test(link.importer) or not zones.is_aside(link.importer)
            speaks = speaks and not zones.is_test(link.target)  # helpers of tests, which pytest finds beside them
            if not speaks or not self._can_be_root(link.root):
                continue
            inside = link.importer.startswith(link.root + "/")
            if not (app and inside and self._is_of_a_script(link, app)):
                roots[link.root] += 1
        direct = {root: count for root, count in roots.items() if "/" not in root}
        deep = {root: count for root, count in roots.items() if not self.packages_used(top_of(root))}
        chosen = direct or deep
        return max(chosen, key=lambda root: (root == "src", chosen[root], root)) if chosen else ""

    def _is_of_a_script(self, link: Link, app: str) -> bool:
        """Whether an import within a folder is a script's: the application lies elsewhere, or in the package in which
        the file lies that nothing imports, and whose folder Python puts on the path where it is started."""
        if not app.startswith(f"{link.root}/"):
            return True
        beside = link.importer.rpartition("/")[0] == link.root and f"{link.root}/__init__.py" in self.sources
        return beside and link.importer not in self.imported and link.importer != app

    @cached_property
    def imported(self) -> frozenset[str]:
        """The files that others import."""
        return frozenset(link.target for link in self.links if link.target != link.importer)

    def _can_be_root(self, folder: str) -> bool:
        inside = any(folder == other or folder.startswith(other + "/") for other in self.others)
        aside = zones.is_test(folder + "/x.py") or zones.is_aside(folder + "/x.py") or top_of(folder) in self.fixed
        return not aside and not inside

    @cached_property
    def others(self) -> list[str]:
        """Nested projects that are not where the application lies."""
        path = self.app.candidate.path if self.app else ""
        return [folder for folder in self.nested if not path.startswith(folder + "/")]

    @cached_property
    def called(self) -> frozenset[str]:
        """Top-level names that a command outside takes for a module: ``celery -A tasks``, ``main:app``."""
        lines = [" ".join(command.argv) for command in self.project.commands]
        return frozenset(found[1] or found[2] for line in lines for found in CALLED.finditer(line))

    @cached_property
    def quoted(self) -> Mapping[str, frozenset[str]]:
        """What texts in code name in top-level modules of other files: ``{"class": "handlers.Mine"}``."""
        found: dict[str, set[str]] = {}
        for path in self.sources:
            for module, name in QUOTED.findall(self._bytes(path)):
                if path != f"{module.decode()}.py":
                    found.setdefault(module.decode(), set()).add(name.decode())
        return {module: frozenset(names) for module, names in found.items()}

    @cached_property
    def says_src(self) -> bool:
        """Whether a text in a script, or a command, names a module of ``src`` as one of a package of that name."""
        lines = (" ".join(command.argv) for command in self.project.commands)
        return any(SRC.search(self._bytes(path)) for path in self.scripts) or any(
            " src." in f" {line}" for line in lines
        )

    def is_quoted(self, module: str) -> bool:
        """Whether a text in code names something that a top-level module defines; ``"seed.json"`` is a file's name."""
        defined = self.sources[f"{module}.py"].may_define
        return any(map(defined, self.quoted.get(module, frozenset()) - FILES))

    def _bytes(self, path: str) -> bytes:
        try:
            return self.project.tree.read(path) if not zones.is_test(path) else b""
        except ProjectError:
            return b""

    def belongs(self, top: str) -> bool:
        """Whether a top at the root is part of what lies in ``src``: it holds the application, or is imported there."""
        return self.holds_app(top) or "src" in self.importers.get(top, frozenset())

    def holds_app(self, top: str) -> bool:
        """Whether the application lies in a top."""
        return self.app is not None and top_of(self.app.candidate.path) == top

    @cached_property
    def stays(self) -> Mapping[str, str]:
        """Tops that stay: why."""
        found = dict(self.fixed)
        doubtful = {top: why for top in self.tops if top not in found and (why := self._aside(top))}
        while True:
            code = {top for top in self.tops if top not in found and top not in doubtful and self._is_part(top)}
            sure = {top for top in code if self.holds_app(top) or top in self.importers}  # no runner of tests
            wanted = {
                top
                for top in doubtful
                if self.importers.get(top, frozenset()) & (sure if zones.file_aside(top) else code)
            }
            if not wanted:
                break
            doubtful = {top: why for top, why in doubtful.items() if top not in wanted}
        found.update(doubtful)
        lonely = {top: why for top in self.tops if top not in found and (why := self._lonely(top))}
        if len(found) + len(lonely) < len(self.tops):
            found.update(lonely)
        return found

    def _tries(self, top: str) -> bool:
        """Whether what lies in a folder does without ``import`` of its name, which is then that of something else:
        nothing imports what is in the folder by it."""
        inside = [source for path, source in self.sources.items() if top_of(path) == top]
        tried = [source.path for source in inside if any(top in tries(item) for item in source.imports)]
        if not tried or any(link.target != top for link in self._sure(top)):
            return False
        from trueup.read.missing import does_without

        return any(does_without(self._bytes(path), top) for path in tried)

    def _sure(self, top: str) -> Iterator[Link]:
        """What is imported by the name of a folder and under no condition, as if that were a package."""
        for path, source in self.sources.items():
            for item in source.imports:
                for name in absolute(item) if not item.level and item.inside != "try" else ():
                    if name.partition(".")[0] == top:
                        yield from absolute_links(path, item, name, "", self.modules)

    def _functions(self, top: str) -> str:
        """Why a folder stays that Azure makes a function of, or whose files Vercel makes functions of, as long as no
        ``builds`` names others.

        Sources: https://learn.microsoft.com/azure/azure-functions/functions-reference-python#folder-structure and
          https://vercel.com/docs/functions/runtimes/python
        """
        tree = self.project.tree
        if tree.has(f"{top}/function.json") and tree.has("host.json"):
            return "Azure makes a function of it here"
        found = top == "api" and top not in self.sources and tree.has("vercel.json")
        return "Vercel makes functions of it here" if found and '"builds"' not in tree.text("vercel.json") else ""

    def _is_part(self, top: str) -> bool:
        """Whether a top is more than a script that nothing imports; without an application, each could be its start."""
        return self.app is None or top not in self.sources or self.holds_app(top) or top in self.importers

    def _aside(self, top: str) -> str:
        """Why a top stays unless the code imports it, or nothing."""
        if self.holds_app(top):
            return ""
        if top in self.others:
            return NESTED
        return zones.file_aside(top) if top in self.sources else zones.folder_aside(top)

    def _lonely(self, top: str) -> str:
        """Why a top is no part of the application: nothing imports it, nor is it made to be imported."""
        importers = self.importers.get(top, frozenset()) - {top}
        if importers or self.holds_app(top) or f"{top}/__init__.py" in self.sources or top == "__init__.py":
            return ""
        if top not in self.sources:
            return "nothing imports it"
        if self.is_library:
            return "a script beside what is shipped: nothing imports it"
        others = {top_of(link.target) for link in self.links if link.importer == top}
        starts = self.app is not None and bool(self.sources[top].calls_of("uvicorn.run"))
        name = top.removesuffix(".py")
        if others - self.fixed.keys() or starts or name in self.called or (self.app and self.is_quoted(name)):
            return ""
        return ALONE

    @cached_property
    def members(self) -> list[str]:
        """Tops that hold the project's code."""
        return [top for top in self.tops if top not in self.stays]

    @cached_property
    def scripts(self) -> list[str]:
        """Members that are modules which only start or use the others: no code imports them."""
        return [top for top in self.members if self._is_script(top)]

    def _is_script(self, top: str) -> bool:
        importers = self.importers.get(top, frozenset()) - {top}
        code = {other for other in importers if other not in self.stays}
        return top in self.sources and top != "__init__.py" and not code and not self.holds_app(top)

    @cached_property
    def scattered(self) -> list[str]:
        """All files that are code by their place, whether anything imports them or not."""
        aside = {top for top in self.tops if self._aside(top) or self.fixed.get(top, NO_NAME) != NO_NAME}
        return [path for path in self.sources if top_of(path) not in aside]

    @cached_property
    def groups(self) -> Mapping[str, set[str]]:
        """For each of those files, all that hang together with it by imports."""
        group = {path: {path} for path in self.scattered}
        for link in self.links:
            one, other = group.get(link.importer), group.get(link.target)
            if one is not None and other is not None and one is not other:
                small, large = sorted((one, other), key=len)
                large |= small
                group.update(dict.fromkeys(small, large))
        return group

    @cached_property
    def starts(self) -> list[str]:
        """Those files that nothing else imports."""
        return [path for path in self.scattered if path not in self.imported and not path.endswith("__init__.py")]


def top_of(path: str) -> str:
    """The first part of a path."""
    return path.partition("/")[0]


def tries(item: Import) -> list[str]:
    """The modules that an import statement only tries, by their whole names."""
    return [name for name, _ in item.names] if item.inside == "try" and not item.is_from else []
