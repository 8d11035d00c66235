"""A project as the readers see it: facts, no judgement. Rules take this and nothing else.

``Project`` is lazy: a fact is read when the first rule asks for it, once.
"""

from __future__ import annotations

from functools import cached_property

from trueup.model.noun import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from trueup.model.command_line import CommandLine
    from trueup.model.document import Document
    from trueup.model.reader import Reader
    from trueup.model.settings import Settings
    from trueup.model.source import SourceFile
    from trueup.model.span import Place
    from trueup.model.tree import Tree
    from trueup.model.words import LayoutKind, ProjectKind, Style


NESTED = "a project of its own"  # why a folder at the root stays


class App(NamedTuple):
    """The application object: ``module`` is its dotted name as the project imports it today.

    ``given``: it is a factory with arguments, which no server can call.
    """

    module: str
    attribute: str
    path: str
    line: int
    factory: bool = False
    framework: str = "fastapi"
    given: bool = False

    def __str__(self) -> str:
        return f"{self.module}:{self.attribute}"


NO_NAME = "not an importable name"
NO_RUNNER = "uv has no task runner; a script needs a home"  # why a manager's own script gets none
ALONE = "it imports nothing of the project, and nothing imports it"
ASIDE = "not part of the application"  # a folder at the root that is called scripts, tools, notebooks ...
TESTS = frozenset(("tests", "test", "testing"))


class Layout(NamedTuple):
    """How code is laid out.

    ``roots`` are the directories on the import path (``""`` the root). ``members`` are the paths that
    hold application code and would move (``main.py``, ``routers``), ``packages`` the top-level import
    names. ``stays`` says for each Python file or directory at the root that does not move, why.
    ``package`` is the one import package, where there is one.
    """

    kind: LayoutKind
    roots: tuple[str, ...] = ("",)
    members: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    package: str = ""
    stays: Mapping[str, str] = {}
    reason: str = ""


class Requirement(NamedTuple):
    """One declared dependency.

    ``name`` is normalised (PEP 503); ``text`` is PEP 508 where the format can be expressed so, else
    the source's own line; ``specifier`` the version part (``==1.2``, ``""`` when it floats);
    ``group`` is ``""`` for runtime, else the group or extra it stands in; ``pin`` the exact version
    where it fixes one.
    """

    name: str
    text: str
    specifier: str
    path: str
    line: int
    group: str = ""
    extras: tuple[str, ...] = ()
    marker: str = ""
    url: str = ""
    pin: str = ""
    comment: str = ""
    is_extra: bool = False  # the group is a published extra, not a development group
    end: int = 0  # the last line, where it spans several
    source: Mapping[str, object] = {}  # what [tool.uv.sources] would say: git, tag, path, editable, url, index ...


class SourceLine(NamedTuple):
    """One meaningful line of a manifest that is not a requirement: an option, an include, a key."""

    path: str
    line: int
    text: str
    kind: str  # "include", "constraint", "index", "editable", "option", "metadata", "unreadable", "comment", ...
    value: str = ""
    end: int = 0  # the last line, where it spans several
    to: str = ""  # where it lives in pyproject.toml, as a dotted key
    reason: str = ""  # why it has no place there


class Manifest(NamedTuple):
    """One file that declares dependencies or metadata. ``metadata`` uses PEP 621 keys where it can."""

    path: str
    format: str  # "requirements", "pyproject", "poetry", "setup.py", "setup.cfg", "pipfile", "pdm", "conda", ...
    requirements: tuple[Requirement, ...] = ()
    lines: tuple[SourceLine, ...] = ()
    metadata: Mapping[str, object] = {}
    error: str = ""
    uv: Mapping[str, object] = {}  # what [tool.uv] would say: index, constraint-dependencies, package ...
    build: Mapping[str, object] = {}  # what the wheel holds: packages, py-modules, include, backend ...
    groups: Mapping[str, tuple[str, ...]] = {}  # every group of this file, with the groups it includes

    @property
    def is_empty(self) -> bool:
        """Whether it is a list in which nothing stands but comments."""
        said = self.requirements or self.error or self.uv or any(line.kind != "comment" for line in self.lines)
        return self.format in ("requirements", "constraints") and not said


class LockedPackage(NamedTuple):
    """One package that a lock fixes. ``hosts`` are those that its files come from, its index or address first."""

    name: str
    version: str
    source: str = ""  # index URL, git URL, path
    marker: str = ""
    hashed: bool = True
    hosts: tuple[str, ...] = ()


class Lock(NamedTuple):
    """A lock file. ``pending`` when a tool is still to write it. ``requirements`` are what it was made from."""

    path: str
    format: str  # "uv", "poetry", "pipfile", "pdm", "pip-tools"
    packages: tuple[LockedPackage, ...] = ()
    requires_python: str = ""
    requirements: tuple[str, ...] = ()
    pending: bool = False
    error: str = ""


class PythonEvidence(NamedTuple):
    """One place that says which Python: ``what`` is pin, requires, docker, ci, runtime, classifier, tox, compiled or
    syntax."""

    what: str
    version: str
    place: Place


class Reference(NamedTuple):
    """A piece of text, outside import statements, that names own code.

    ``start`` and ``end`` are byte offsets of exactly the part that names it; ``target`` is a dotted
    module (style ``module``) or a path in the project (``path``, ``glob``). ``doubt`` is empty when it
    surely names own code, else why that is not certain: doubt is reported, never edited.
    """

    path: str
    line: int
    start: int
    end: int
    text: str
    style: Style
    target: str
    kind: str  # the row of read/reference_kinds.py
    doubt: str = ""


class Dangling(NamedTuple):
    """A place that names what is not there; ``why`` is said behind the text. ``sure``: it cannot be meant otherwise."""

    path: str
    line: int
    text: str
    why: str
    sure: bool = True

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}: {self.why}"


class Program(NamedTuple):
    """What a file has a server or a worker import: ``module`` or ``module:attribute``, from ``folder`` (``""``: the
    root). ``source`` is the file of the module. A ``script`` is started by Python itself, and runs until it is stopped:
    a bot, a consumer."""

    app: str
    folder: str
    source: str
    script: bool = False


class Named(NamedTuple):
    """How many places name a module, script or folder of the project, and those of them that name nothing;
    ``programs`` are what servers and workers are told, each once."""

    places: int
    dangling: tuple[Dangling, ...] = ()
    programs: tuple[Program, ...] = ()


class Distribution(NamedTuple):
    """One distribution installed in the project's environment."""

    name: str
    version: str
    installer: str = ""
    editable: bool = False
    direct_url: str = ""


class Environment(NamedTuple):
    """The project's virtual environment, read from its files, never run.

    ``strays`` are files that run whenever its Python starts, and that no distribution lists.
    """

    path: str
    python: str = ""  # version from pyvenv.cfg
    home: str = ""
    system_site: bool = False
    distributions: tuple[Distribution, ...] = ()
    broken: str = ""
    tracked: bool = False
    strays: tuple[str, ...] = ()


class Project:
    """Everything a rule may know."""

    def __init__(
        self, tree: Tree, settings: Settings, reader: Reader, root: str = ".", repository: str = "", reason: str = ""
    ) -> None:
        self.tree = tree
        self.settings = settings
        self.root = root  # absolute path, for display only
        self.repository = repository  # the project's root relative to the repository's ("" when they are one)
        self.reason = reason  # why this folder is taken for the project, "" when it was plain
        self.reader = reader
        self._nearer: dict[str, Mapping[str, str]] = {}
        self.former: Mapping[str, str] = {}  # of an imagined tree: the versions that the real one fixes
        self.was: ProjectKind | None = None  # of an imagined tree: what the real one is
        self.pins: tuple[PythonEvidence, ...] = ()  # of an imagined tree: what says the Python of the real one

    @cached_property
    def fixed(self) -> Mapping[str, str]:
        """The versions that locks and pins fix, by distribution; a lock wins, then the first that says one."""
        locks = [lock for lock in (self.lock, *self.old_locks) if lock is not None]
        found: dict[str, str] = {}
        for lock in locks:
            for package in lock.packages:
                found.setdefault(package.name, package.version)
        for item in self.requirements:
            if item.pin:
                found.setdefault(item.name, item.pin)
        return {**self.former, **found}

    @cached_property
    def kind(self) -> ProjectKind:
        """What it is: application, library, workspace, scripts or none."""
        return self.reader.kind(self)

    @cached_property
    def name(self) -> str:
        """The distribution's name: declared, else from the directory, normalised, never empty."""
        return self.reader.name(self)

    @cached_property
    def sources(self) -> Mapping[str, SourceFile]:
        """Every Python file inside the project by path."""
        return self.reader.sources()

    @cached_property
    def nested(self) -> tuple[str, ...]:
        """The folders below the top that declare a project of their own."""
        return self.reader.nested()

    def home_of(self, path: str) -> str:
        """The folder of the nested project that a file lies in, ``""`` where it is in none."""
        return max((folder for folder in self.nested if path.startswith(f"{folder}/")), key=len, default="")

    def stranger_home(self, path: str) -> str:
        """The same, where that project is not the one in which the application lies."""
        home = self.home_of(path)
        return "" if home and self.app is not None and self.app.path.startswith(f"{home}/") else home

    def names_nearer(self, path: str, name: str) -> bool:
        """Whether a file of such a project means that project's own where it names a file or a module."""
        home = self.stranger_home(path) if (name := name.removeprefix("./")) else ""
        paths = {f"{stem}{end}" for stem in (name, name.replace(".", "/")) for end in ("", ".py")} if home else ()
        around = path.split("/")[:-1]
        folders = ["/".join(around[:depth]) for depth in range(len(home.split("/")), len(around) + 1)]
        places = [f"{folder}/{end}" for folder in folders for end in paths]
        return any(self.tree.has(place) or self.tree.has_dir(place) for place in places)

    def nearer(self, path: str) -> Mapping[str, str]:
        """The top-level names that a file imports from nearer than the root, and from where."""
        if path not in self._nearer:
            self._nearer[path] = self.reader.nearer(self, path)
        return self._nearer[path]

    @cached_property
    def layout(self) -> Layout:
        """How code is laid out."""
        return self.reader.layout(self)

    @cached_property
    def app(self) -> App | None:
        """The web application, where one is found."""
        return self.reader.app(self)

    @cached_property
    def manifests(self) -> tuple[Manifest, ...]:
        """All manifests present; none of them "wins"."""
        return self.reader.manifests()

    @cached_property
    def lock(self) -> Lock | None:
        """``uv.lock``, where there is one."""
        return self.reader.lock()

    @cached_property
    def old_locks(self) -> tuple[Lock, ...]:
        """Locks of other tools (poetry.lock, Pipfile.lock, pdm.lock)."""
        return self.reader.old_locks()

    @cached_property
    def host(self) -> str:
        """Where the repository lives by its remotes: ``github``, ``gitlab``, or ``""``."""
        return self.reader.host()

    @cached_property
    def evidence(self) -> tuple[PythonEvidence, ...]:
        """All that says which Python the project runs on."""
        return self.reader.evidence(self)

    @cached_property
    def commands(self) -> tuple[CommandLine, ...]:
        """Shell commands found outside Python."""
        return self.reader.commands(self)

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """Texts outside import statements that name own code."""
        return self.reader.references(self)

    @cached_property
    def speaking(self) -> tuple[str, ...]:
        """Paths of the files outside Python in which own code may be named."""
        return self.reader.speaking()

    @cached_property
    def environment(self) -> Environment | None:
        """The project's ``.venv``, where there is one."""
        return self.reader.environment()

    def document(self, path: str) -> Document | None:
        """A parsed file by path; ``None`` where there is none."""
        return self.reader.document(path)

    @property
    def pyproject(self) -> Document | None:
        """``pyproject.toml``, parsed."""
        return self.document("pyproject.toml")

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """The declared dependencies of all manifests."""
        return tuple(item for manifest in self.manifests for item in manifest.requirements)

    def is_test(self, path: str) -> bool:
        """Whether a Python file is a test or test support."""
        parts = path.split("/")
        name = parts[-1]
        return (
            not TESTS.isdisjoint(parts[:-1])
            or name.startswith(("test_", "tests_", "tests-"))
            or name.endswith("_test.py")
            or name == "conftest.py"
        )
