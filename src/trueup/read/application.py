"""The web application, and what kind of project it makes of the folder."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import zip_longest

from trueup.model.command_line import PYTHON
from trueup.model.names import normal, valid
from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy
from trueup.model.project import App
from trueup.read import zones
from trueup.read.factories import callers, must_be_given, serves_itself
from trueup.read.modules import Modules, base_of, dotted_name, join, modules_of
from trueup.read.owners import aside, manifest_folders, owner
from trueup.read.python_margin import APPLICATIONS
from trueup.text.shell import basename

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trueup.model.project import Project
    from trueup.model.source import SourceFile
    from trueup.model.words import ProjectKind

TARGET = lazy(r"(?:[\w./]+/)?([A-Za-z_][\w.]*):([A-Za-z_]\w*)(\(\))?")
SERVERS = lazy(r"uvicorn|gunicorn|hypercorn|granian|daphne|fastapi|flask|FLASK_APP|waitress-serve")
CELERY = lazy(r"(?:^|\s)(?:-A[ =]?|--app[ =])([A-Za-z_][\w.]*)")
STARTS = ("dockerfile", "compose", "procfile", "systemd", "supervisor", "platform", "kubernetes")
RUNNERS = ("uv", "poetry", "pipenv", "pdm", "rye")  # they run programs in the environment
VALUED = ("--env-file", "--directory", "--project", "--python", "-p", "--with", "--group", "--extra", "--package")
FILES = ("main", "app", "api", "server", "asgi", "wsgi", "__init__")  # where frameworks look, in this order
NAMES = ("app", "application", "api", "create_app", "make_app", "build_app", "get_app")


class Candidate(NamedTuple):
    """An application object or factory: ``made_in`` is the file where the framework's class is called."""

    path: str
    attribute: str
    framework: str
    factory: bool
    made_in: str


class Found(NamedTuple):
    """The application; ``named``: a command or setting names it; ``module``: by this name, if it is its own."""

    candidate: Candidate
    named: bool
    module: str = ""


def find_app(project: Project) -> App | None:
    """The application that commands and settings name, else the likeliest object, else the likeliest factory.

    An object that is only imported counts as an alias for the place where it is made.
    """
    found = find_candidate(project)
    layout = project.layout
    if found is None or layout.kind in ("scripts", "template", "workspace"):
        return None
    path, attribute = found.candidate.path, found.candidate.attribute
    modules = modules_of(project)
    importable = found.module and any(modules.find(root, found.module) == path for root in layout.roots)
    module = found.module if importable else name_of(path, layout.roots)
    line = line_of(project, path, attribute)
    given = found.candidate.factory and must_be_given(project.tree, path, attribute)
    return App(module, attribute, path, line, found.candidate.factory, found.candidate.framework, given)


def name_of(path: str, roots: tuple[str, ...]) -> str:
    """The dotted name of a file below the deepest of the import roots that holds it."""
    inside = [root for root in roots if not root or path.startswith(root + "/")]
    return dotted_name(path, max(inside, key=len, default=""))


def line_of(project: Project, path: str, attribute: str) -> int:
    """Where a top-level name is bound, 1-based; 0 where that is not plain."""
    text = project.tree.text(path)
    match = re.search(rf"^(?:async[ \t]+def[ \t]+|def[ \t]+)?{attribute}\b[ \t]*[:=(]", text, re.MULTILINE)
    return text.count("\n", 0, match.start()) + 1 if match else 0


@lru_cache(maxsize=1)
def find_candidate(project: Project) -> Found | None:
    """The application, told without knowing the layout; remembered for the project that was asked of last."""
    modules = modules_of(project)
    known = candidates(project, modules)
    for module, attribute in named(project) if known else ():
        if found := resolve(project, modules, known, module, attribute):
            return found
    placed = [item for item in known if item.path.startswith("src/")]
    known = [item for item in known if not placed or item in placed or imports_own(project, modules, item.path)]
    return Found(min(known, key=rank), named=False) if known else None


def imports_own(project: Project, modules: Modules, path: str) -> bool:
    """Whether a file imports another of the project: one beside ``src`` that does not is no part of what is in it."""
    imports = project.sources[path].imports
    names = (name for item in imports if not item.level for name in item.targets())
    found = (modules.root_of(name, path, ("src",)) for name in names)
    return any(item.level for item in imports) or any(root is not None for root in found)


def candidates(project: Project, modules: Modules) -> list[Candidate]:
    """Every application object and factory outside tests, those of the project itself before those of others in it."""
    makers = callers(project)
    found = [
        item
        for path, source in project.sources.items()
        if not zones.is_test(path) and (source.may("application") or path in makers)
        for item in in_file(path, source, project.sources, modules)
    ]
    folders = manifest_folders(project.tree)
    own = [item for item in found if not owner(folders, item.path)]
    shipped = is_distribution(project)  # which may carry examples and templates of applications inside its package
    return [item for item in own or found if not zones.is_aside(item.path) and not (shipped and aside(item.path))]


def in_file(path: str, source: SourceFile, sources: Mapping[str, SourceFile], modules: Modules) -> Iterator[Candidate]:
    """The candidates of one file."""
    frameworks = set(APPLICATIONS.values())
    for name, what in source.defines.items():
        if what in frameworks:
            yield Candidate(path, name, what, False, path)
        elif name in source.made:
            place = made_elsewhere(path, source.made[name], sources, modules)
            if place:
                yield Candidate(path, name, framework_of(sources[place[0]].factories[place[1]]), False, place[0])
    for name, maker in source.factories.items():
        yield Candidate(path, name, framework_of(maker), True, path)


def made_elsewhere(
    path: str, maker: str, sources: Mapping[str, SourceFile], modules: Modules
) -> tuple[str, str] | None:
    """The own factory that ``maker`` (a dotted name as ``SourceFile.made`` has it) means: its file and name."""
    for _ in range(4):  # a factory may be handed on by a few __init__.py
        place, function = file_of(path, maker, modules), maker.rpartition(".")[2]
        if place not in sources:
            return None
        if function in sources[place].factories:
            return place, function
        path, maker = place, origin_of(sources[place], function)
        if not maker:
            return None
    return None


def file_of(path: str, name: str, modules: Modules) -> str:
    """The file in which ``name`` (dotted, dots in front where relative) is found as seen from ``path``, or ``""``."""
    module = name.rpartition(".")[0]
    level = len(name) - len(name.lstrip("."))
    if level:
        base = base_of(path, level)
        inside = name[level:].rpartition(".")[0]
        return modules.find(base, inside) if inside else join(base, "__init__.py")
    if not module:
        return path
    root = modules.root_of(module, path, ("src",))
    return modules.find(root, module) if root is not None else ""


def origin_of(source: SourceFile, name: str) -> str:
    """The dotted name that an imported name stands for, dots in front where it is relative; ``""`` if not imported."""
    for statement in source.imports:
        for original, alias in statement.names:
            if statement.is_from and (alias or original) == name:
                module = "." * statement.level + statement.module
                return f"{module}{'' if module.endswith('.') else '.'}{original}"
    return ""


def framework_of(maker: str) -> str:
    """The framework whose class or function a dotted name ends with."""
    return APPLICATIONS[maker.rsplit(".", 1)[-1]]


def rank(item: Candidate) -> tuple[object, ...]:
    """Smallest for the likeliest: an object before a factory, FastAPI before others, usual names, near the root."""
    stem = item.path.rpartition("/")[2].removesuffix(".py")
    return (
        item.factory,
        item.framework not in ("fastapi", "starlette"),
        NAMES.index(item.attribute) if item.attribute in NAMES else len(NAMES),
        item.path.count("/") - (stem == "__init__"),
        FILES.index(stem) if stem in FILES else len(FILES),
        item.path,
    )


def named(project: Project) -> Iterator[tuple[str, str]]:
    """``(module, attribute)`` pairs that settings, server commands and ``uvicorn.run`` name, best first."""
    document = project.pyproject
    entrypoint = document.get("tool", "fastapi", "entrypoint") if document else None
    texts = [entrypoint] if isinstance(entrypoint, str) else []
    for command in project.commands:
        if SERVERS.search(command.text):
            texts += command.argv or command.text.split()
    for source in project.sources.values():
        if not zones.is_test(source.path):
            texts += [call.argument for call in source.calls_of("uvicorn.run") if call.literal]
    for text in texts:
        match = TARGET.fullmatch(text.strip("\"'"))
        if match:
            yield match[1], match[2]


def resolve(project: Project, modules: Modules, known: list[Candidate], module: str, attribute: str) -> Found | None:
    """The candidate that ``module:attribute`` means from any folder that could be on the path; the module itself, where
    that imports the object and does something to it, such as to add routes."""
    sources = project.sources
    roots = sorted({""} | modules.folders, key=lambda folder: (folder.count("/") + bool(folder), folder))
    for root in roots:
        path = modules.find(root, module)
        if path not in sources:
            continue
        for item in known:
            if item.path == path and item.attribute == attribute:
                return Found(item, True, module)
        if sources[path].defines.get(attribute) == "function":
            return Found(Candidate(path, attribute, known[0].framework, True, path), True, module)
        origin = origin_of(sources[path], attribute)
        place = file_of(path, origin, modules) if origin else ""
        for item in known:
            if place and item.path == place and item.attribute == origin.rpartition(".")[2]:
                uses = re.search(rf"(?m)^@?{re.escape(attribute)}\.\w", project.tree.text(path))
                return Found(item._replace(path=path, attribute=attribute), True, module) if uses else Found(item, True)
    return None


def project_kind(project: Project) -> ProjectKind:
    """What the project is, from its layout, application and manifests."""
    kind = project.layout.kind
    if kind == "workspace" or kind == "scripts":
        return kind
    if kind == "template" or not project.sources:
        return "none"
    return "library" if is_library(project, find_candidate(project)) else "application"


def is_library(project: Project, app: Found | None) -> bool:
    """Whether a project is made to be installed by others: a distribution that starts no application of its own.

    One that is called ``src`` is none: templates for data science make it so, and no two of them can be installed.
    """
    if project.was is not None:  # a plan that gives it a build backend makes no library of it
        return project.was == "library"
    if any(manifest.metadata.get("name") == "src" for manifest in project.manifests):
        return False
    if not is_distribution(project) or is_started(project):
        return False
    if app is None or app.named or not app.candidate.factory:
        return app is None
    return not serves_itself(project) or must_be_given(project.tree, app.candidate.path, app.candidate.attribute)


def is_started(project: Project) -> bool:
    """Whether an image, a Procfile, a unit or a platform starts a file or a module of the project: a bot, a worker."""
    modules = modules_of(project)
    found = (place for argv in started(project) for place in meant(argv, modules))
    return any(not zones.is_aside(path) and not zones.is_test(path) for path in found)


def started(project: Project) -> Iterator[tuple[str, ...]]:
    """What is started there; ``ENTRYPOINT ["python", "-m"]`` with the ``CMD`` that follows it."""
    commands = [command for command in project.commands if command.where in STARTS]
    for command, after in zip_longest(commands, commands[1:]):
        half = PYTHON.fullmatch(basename(command.argv[0])) and all(word.startswith("-") for word in command.argv[1:])
        together = half and after is not None and after.path == command.path
        yield (*command.argv, *after.argv) if together else command.argv


def meant(argv: tuple[str, ...], modules: Modules) -> Iterator[str]:
    """The files that a command starts: ``python -m bot``, ``celery -A run.celery``, ``gunicorn run:app``."""
    argv = unwrapped(argv)
    program, words = basename(argv[0]), argv[1:]
    named: list[str] = []
    if PYTHON.fullmatch(program):
        plain = [word for word in words if word == "-m" or not word.startswith("-")]
        path = plain[0].removeprefix("./") if plain else ""
        if path in modules.files and path != "setup.py":
            yield path
        named = plain[1:2] if path == "-m" else []
    elif program == "celery":
        text = " ".join(words)
        named = [found[1] for found in CELERY.finditer(text)]
        named += [module.rpartition(".")[0] for module in named]
    elif SERVERS.fullmatch(program):
        named = [found[1] for found in map(TARGET.fullmatch, words) if found]
    yield from filter(None, (modules.find(root, module) for module in named if module for root in ("", "src")))


def unwrapped(argv: tuple[str, ...]) -> tuple[str, ...]:
    """``uv run -m bot`` and ``poetry run python bot.py`` as what they start."""
    if basename(argv[0]) not in RUNNERS or argv[1:2] != ("run",):
        return argv
    words = argv[2:]
    while words and words[0].startswith("-") and words[0] not in ("-m", "--module"):
        words = words[2 if words[0] in VALUED else 1 :]
    if words and (words[0].endswith(".py") or words[0].startswith("-")):
        return ("python", words[0].replace("--module", "-m"), *words[1:])
    return words or argv


def is_distribution(project: Project) -> bool:
    """Whether the project is made to be built and installed: a build backend, or a ``setup.py``."""
    document = project.pyproject
    poetry = document.get("tool", "poetry", default={}) if document else {}
    unpackaged = isinstance(poetry, dict) and poetry.get("package-mode") is False
    built = bool(document and document.get("build-system")) and not unpackaged
    return built or project.tree.has("setup.py") or (project.tree.has("setup.cfg") and declares_metadata(project))


def declares_metadata(project: Project) -> bool:
    """Whether ``setup.cfg`` names a distribution."""
    document = project.document("setup.cfg")
    return bool(document and document.get("metadata", "name"))


def project_name(project: Project) -> str:
    """The declared name, else one made of the folder's; a valid name of a distribution (PEP 508), never empty."""
    declared = [manifest.metadata.get("name") for manifest in project.manifests]
    names = [name for name in declared if isinstance(name, str) and name]
    folders = [part for part in re.split(r"[\\/]", project.root) if part not in ("", ".", "src")]
    for name in (*names, *folders[-1:]):
        plain = valid(name)
        if plain and name in names:
            return plain
        if plain:  # uv takes a dependency of the project's own name for the project
            taken = normal(plain) in {item.name for item in project.requirements}
            return f"{normal(plain)}-app" if taken else normal(plain)
    return "project"


MANAGERS: tuple[tuple[str, str], ...] = (
    ("uv", "uv"),
    ("poetry", "poetry"),
    ("pdm", "pdm"),
    ("rye", "rye"),
    ("pipenv", "pipenv"),
    ("conda", "conda"),
    ("pip-tools", "pip-tools"),
    ("requirements", "pip requirements.txt"),
    ("setup", "setup.py"),
    ("pep621", "PEP 621"),
)
HIDES = {"uv": {"pep621"}, "pdm": {"pep621"}, "rye": {"pep621"}, "poetry": {"pep621"}, "pip-tools": {"requirements"}}


def manager(project: Project) -> str:
    """What manages the dependencies, all that are present joined with `` + ``; ``none`` where nothing does."""
    present = {name for name, words in signs(project).items() if words}
    hidden = {other for name in present for other in HIDES.get(name, ())}
    return " + ".join(words for name, words in MANAGERS if name in present - hidden) or "none"


def signs(project: Project) -> dict[str, bool]:
    """Which managers left a sign, at the root or where the application's own manifest lies."""
    tree, document = project.tree, project.pyproject
    tool = (document.get("tool") if document else None) or {}
    folders = {"", owner(manifest_folders(tree), project.app.path) if project.app else ""}
    empty = {manifest.path for manifest in project.manifests if manifest.is_empty}
    files = {
        path.rpartition("/")[2] for path in tree.files() if path.rpartition("/")[0] in folders and path not in empty
    }
    around = {path.rpartition("/")[2] for path in tree.outer()}
    formats = {manifest.format for manifest in project.manifests if not manifest.is_empty}
    return {
        "uv": "uv.lock" in files | around or bool(set(tool.get("uv", ())) - {"pip"}),
        "poetry": "poetry.lock" in files or "poetry" in tool,
        "pdm": "pdm.lock" in files or "pdm" in tool,
        "rye": "requirements.lock" in files or "rye" in tool,
        "pipenv": "Pipfile" in files,
        "conda": any(re.fullmatch(r"(conda-)?environment[\w-]*\.ya?ml", name) for name in files),
        "pip-tools": any(re.fullmatch(r"requirements[\w.-]*\.in", name) for name in files),
        "requirements": "requirements" in formats
        or any(re.fullmatch(r".*requirements.*\.txt", name) for name in files),
        "setup": "setup.py" in files,
        "pep621": bool(document and document.get("project")),
    }
