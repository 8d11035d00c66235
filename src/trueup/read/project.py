"""Reads a project: wires the readers to ``model.project.Project``, and remembers what they said."""

from __future__ import annotations

from trueup.errors import ProjectError
from trueup.model.document import Document
from trueup.model.project import Project
from trueup.model.python import choose_python
from trueup.model.report import Summary
from trueup.model.source import SourceFile
from trueup.read.disk import DiskTree
from trueup.read.python_margin import SIZE_CAP, TOO_LARGE
from trueup.read.root import find_root
from trueup.read.settings import read_settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from trueup.model.command_line import CommandLine
    from trueup.model.project import App, Environment, Layout, Lock, Manifest, PythonEvidence, Reference
    from trueup.model.settings import Settings
    from trueup.model.tree import Tree
    from trueup.model.words import ProjectKind

LAYOUTS: dict[str, str] = {
    "loose": "loose modules at the root",
    "package": "one package at the root",
    "packages": "several packages at the root",
    "mixed": "one package and modules at the root",
    "src-package": "src itself is the package",
    "src-path": "a bare folder on the import path",
    "two-names": "one file under two import names",
    "installed": "installed src layout",
    "workspace": "several projects in one repository",
    "module": "a single module",
    "namespace": "namespace package at the root",
    "scripts": "unrelated scripts",
    "template": "a template of projects",
    "none": "no Python",
}
FRAMEWORKS = {"fastapi": "FastAPI", "flask": "Flask", "starlette": "Starlette", "django": "Django"}

IGNORE = b"trueup: ignore["


class Cache:
    """What parsing gave, by content: an imagined tree parses only what changed."""

    def __init__(self) -> None:
        self.sources: dict[tuple[int, int], SourceFile] = {}  # by length and hash: one process's own
        self.documents: dict[tuple[str, str], Document] = {}


class Facts:
    """``model.reader.Reader`` on any tree; readers are imported when the first rule asks for what they know."""

    def __init__(self, tree: Tree, cache: Cache, folder: Path | None = None) -> None:
        self.tree = tree
        self.cache = cache
        self.folder = folder  # the project on disk, where it has one

    def kind(self, project: Project) -> ProjectKind:
        """What the project is."""
        from trueup.read.application import project_kind

        return project_kind(project)

    def name(self, project: Project) -> str:
        """The distribution's name."""
        from trueup.read.application import project_name

        return project_name(project)

    def document(self, path: str) -> Document | None:
        """A file parsed by its syntax; ``None`` where there is none."""
        from trueup.text.syntax import parse

        if not self.tree.has(path):
            return None
        try:
            text = self.tree.text(path)
        except ProjectError as problem:
            return Document(path, "", {}, error=problem.message)
        if (path, text) not in self.cache.documents:
            self.cache.documents[path, text] = parse(path, text)
        return self.cache.documents[path, text]

    def sources(self) -> Mapping[str, SourceFile]:
        """Every Python file of the project."""
        return {path: self._source(path) for path in self.tree.files() if path.endswith((".py", ".pyw"))}

    def _source(self, path: str) -> SourceFile:
        if self.tree.entries[path].size > SIZE_CAP:
            return SourceFile(path, error=TOO_LARGE)
        try:
            data = self.tree.read(path)
        except ProjectError as problem:
            return SourceFile(path, error=problem.message)
        key = len(data), hash(data)
        found = self.cache.sources.get(key)
        if found is None:
            found = self._skimmed(path, data) or whole(path, data)
            self.cache.sources[key] = found
        return found.at(path)

    def _skimmed(self, path: str, data: bytes) -> SourceFile | None:
        """The file without a parse, where that is possible: it is read again when a rule asks for more of it."""
        from trueup.read.skim import skim

        def rest() -> SourceFile:
            now = self.tree.read(path)
            if (len(now), hash(now)) != key:
                raise ProjectError(f"{path} changed while it was read", "run it again")
            return whole(path, now)

        key, found = (len(data), hash(data)), skim(data)
        if found is None:
            return None
        facts = {"marked": IGNORE in data, "shebang": shebang(data)}
        facts |= {} if found.newest else {"floor": ("", 0), "parses": ("", 0)}
        facts |= {} if found.guarded else {"main_guard": 0}
        source = SourceFile(path, rest, found.words, imports=found.imports, async_tests=found.async_tests, **facts)
        source.newest = found.newest
        return source

    def nested(self) -> tuple[str, ...]:
        """The folders of nested projects."""
        from trueup.read.owners import nested_folders

        return nested_folders(self.tree)

    def nearer(self, project: Project, path: str) -> Mapping[str, str]:
        """What a file finds before the root."""
        from trueup.read.nearer import read_nearer

        return read_nearer(project, path)

    def layout(self, project: Project) -> Layout:
        """How code is laid out."""
        from trueup.read.layout import read_layout

        return read_layout(project)

    def app(self, project: Project) -> App | None:
        """The web application."""
        from trueup.read.application import find_app

        return find_app(project)

    def manifests(self) -> tuple[Manifest, ...]:
        """All manifests."""
        from trueup.read.manifests import read_manifests

        return read_manifests(self.tree)

    def lock(self) -> Lock | None:
        """``uv.lock``."""
        from trueup.read.manifests import read_lock

        return read_lock(self.tree)

    def host(self) -> str:
        """Where the repository lives."""
        from trueup.read import git

        tree = self.tree.real
        if isinstance(tree, DiskTree) and tree.repository:
            return git.host_of(git.read_small(git.config_file(tree.repository)).decode("utf-8", "replace"))
        return git.host_of(tree.text(git.CONFIG)) if tree.has(git.CONFIG) else ""

    def old_locks(self) -> tuple[Lock, ...]:
        """Locks of other tools."""
        from trueup.read.manifests import read_old_locks

        return read_old_locks(self.tree)

    def evidence(self, project: Project) -> tuple[PythonEvidence, ...]:
        """What says which Python."""
        from trueup.read.evidence import read_evidence

        return read_evidence(project)

    def commands(self, project: Project) -> tuple[CommandLine, ...]:
        """Shell commands outside Python."""
        from trueup.read.commands import read_commands

        return read_commands(self.tree, project.repository)

    def speaking(self) -> tuple[str, ...]:
        """Files in which code may be named: those that a row of the table speaks of."""
        from trueup.read.reference_files import rows_for
        from trueup.read.reference_kinds import reference_rows, shells_for

        rows = reference_rows()
        return tuple(path for path in self.tree.files() if rows_for(path, rows) or shells_for(path))

    def references(self, project: Project) -> tuple[Reference, ...]:
        """Texts that name own code."""
        from trueup.read.references import read_references

        return read_references(project)

    def environment(self) -> Environment | None:
        """The virtual environment on disk, which no imagined change touches; of a tree in memory what it holds."""
        from trueup.read.environment import environment_in, read_environment

        return read_environment(self.folder, self.tree) if self.folder else environment_in(self.tree)


def whole(path: str, data: bytes) -> SourceFile:
    """A file with all its facts; the parser is imported with the first."""
    from trueup.read.python_source import read_source

    found = read_source(path, data)
    found.marked = IGNORE in data
    return found


def shebang(data: bytes) -> str:
    """The first line of a file, where it says who runs it."""
    return data.split(b"\n", 1)[0].decode("utf-8", "replace").strip() if data.startswith(b"#!") else ""


def load(path: Path, settings: Settings | None = None) -> Project:
    """The project at or around ``path`` (see ``root.find_root``).

    ``settings`` win over ``[tool.trueup]``, which is read when none are given. Raises ``ProjectError``
    where there is no project, ``UsageError`` where the settings are wrong.
    """
    found = find_root(path)
    tree = found.tree or DiskTree(found.project, found.repository)
    below = found.project.relative_to(found.repository).as_posix() if found.repository else ""
    facts = Facts(tree, Cache(), found.project)
    settings = settings or read_settings(facts.document("pyproject.toml"))
    return Project(tree, settings, facts, str(found.project), "" if below == "." else below, found.reason)


def of(tree: Tree, settings: Settings | None = None, root: str = ".") -> Project:
    """The project that a tree in memory holds; ``root`` is shown, and gives the name where none is declared."""
    facts = Facts(tree, Cache())
    return Project(tree, settings or read_settings(facts.document("pyproject.toml")), facts, root)


def over(project: Project, tree: Tree) -> Project:
    """The same project on another tree, as a rule: on what a plan imagines."""
    reader = project.reader
    known = reader if isinstance(reader, Facts) else Facts(tree, Cache())
    facts = Facts(tree, known.cache, known.folder)
    imagined = Project(tree, project.settings, facts, project.root, project.repository, project.reason)
    imagined.former = project.fixed
    imagined.was = project.was or project.kind
    imagined.pins = project.pins or tuple(item for item in project.evidence if item.what in ("pin", "compiled"))
    return imagined


def summary(project: Project) -> Summary:
    """The project in words."""
    from trueup.read.application import manager

    app, layout = project.app, project.layout
    return Summary(
        root=project.root,
        name=project.name,
        kind=project.kind,
        layout=LAYOUTS["mixed" if is_mixed(layout) else layout.kind],
        manager=manager(project),
        app=str(app) if app else "",
        python=python_in_words(project),
        repository=project.repository,
        framework=FRAMEWORKS.get(app.framework, "") if app else "",
    )


def is_mixed(layout: Layout) -> bool:
    """Whether one package lies at the root, and modules beside it."""
    return layout.kind == "packages" and sum(not member.endswith(".py") for member in layout.members) == 1


def python_in_words(project: Project) -> str:
    """Which Python it is, and whether anything pins it; syntax alone says neither."""
    said = [item for item in project.evidence if item.what != "syntax"]
    if not said:
        return "Python not pinned"
    version, _ = choose_python(said)
    return f"Python {version}" if any(item.what == "pin" for item in said) else f"Python {version}, not pinned"
