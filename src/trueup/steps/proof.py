"""What ``verify`` has to know of a project, taken from its facts; and how its environment was made before."""

from __future__ import annotations

import os
from pathlib import Path

from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy
from trueup.model.python import python_for
from trueup.read.dangling import read_dangling
from trueup.read.systems import systems
from trueup.read.variables import named_by, variables, withheld
from trueup.rules import results
from trueup.rules.lookups import source_of, text_of
from trueup.rules.testing import djangos_commands, djangos_runner, djangos_settings
from trueup.tools.hermetic import withheld as not_given
from trueup.tools.uv import find_uv
from trueup.verify import Context
from trueup.verify import verify as run_checks
from trueup.verify.baseline import Old
from trueup.verify.django_tests import as_path
from trueup.verify.needs import HAND_OVER
from trueup.verify.papers import write
from trueup.verify.programs import others
from trueup.verify.start import Start

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from trueup.model.project import Project
    from trueup.model.report import Outcome
    from trueup.model.source import SourceFile
    from trueup.tools.uv import Uv
    from trueup.verify import Depth

RUNS = ("its build backend (uv lock, uv sync, uv build)", "its tests (python -m pytest)", "its entry point")
SERVER = lazy(r"\b(?:uvicorn|hypercorn|granian|gunicorn|daphne|waitress|wsgiref|HTTPServer|serve_forever)\b")
COMMANDS = lazy(
    r"\badd_subparsers\(|\.(?:group|add_command)\(|(?<!\bclick)\.command\(|\bTyper\(|\bfire\.Fire\("
)  # `@click.command()` alone is a program of one
ARGUMENTS = lazy(r"\b(?:argparse|optparse|click|typer|docopt|sys\.argv)\b")
STARTERS = ("__main__", "main", "serve", "server", "start", "run", "app", "api", "web", "asgi", "wsgi")
RUN = ("tests", "start", "wheel")  # checks that fail where the project's code lacks a variable


class Extent(NamedTuple):
    """How far ``verify`` goes: its depth, whom it asks for advisories (``Context.advisories``,
    ``Context.auditor``), the checks that must not stay unchecked (``None``: all that do not merely give advice),
    and the ``papers`` that are written afterwards, each into its file (``verify.papers``). ``try_env``: failing tests
    are tried with variables of the user's shell."""

    depth: Depth = "verify"
    advisories: str = ""
    auditor: tuple[str, ...] = ()
    demanded: tuple[str, ...] | None = None
    papers: tuple[tuple[str, Path], ...] = ()
    try_env: bool = False


def prove(
    project: Project,
    trust: Callable[[Sequence[str]], None],
    extent: Extent,
    *,
    env: Mapping[str, str],
    progress: Callable[[str], None],
) -> tuple[Outcome, ...]:
    """Run every check that concerns the project where it lies, and write the papers that are asked for."""
    trust(runs(project))
    facts = context(project, find_uv(), env=env, progress=progress)
    asked = facts._replace(depth=extent.depth, advisories=extent.advisories, auditor=extent.auditor)
    if extent.try_env:
        named = named_by(project, not_given(os.environ, env))
        asked = asked._replace(tried={name: os.environ[name] for name in named})
    outcomes = run_checks(asked)
    return (*outcomes, *(write(facts, name, target, outcomes) for name, target in extent.papers))


def runs(project: Project) -> tuple[str, ...]:
    """What of the project would run, for whoever is asked; and whose variables it may be given for that."""
    programs = sorted({program.app for program in read_dangling(project).programs} - {str(project.app)})
    files = dict.fromkeys(variable.path for variable in variables(project).values())
    more = [f"an import of what its files start: {', '.join(programs)}"] if programs else []
    more += [f"if need be with the variables of {', '.join(files)}"] if files else []
    runner = djangos_runner(project)
    return (*(text.replace("-m pytest", f"{runner} test") if runner else text for text in RUNS), *more)


def context(project: Project, uv: Uv, *, env: Mapping[str, str], progress: Callable[[str], None]) -> Context:
    """The facts that the checks ask for."""
    package = project.layout.package
    entries = [(path, entry) for path, entry in project.tree.entries.items() if not path.startswith("../")]
    return Context(
        root=Path(project.root),
        uv=uv,
        package=package,
        app=str(project.app) if project.app and project.kind == "application" else "",
        factory=bool(project.app and project.app.factory),
        flask=bool(project.app and project.app.framework == "flask"),
        manage=djangos_server(project),
        script=console_script(project),
        has_tests=has_tests(project),
        files=tuple(path for path in project.tree.all_files if not path.startswith("../")),
        links=tuple(path for path, entry in entries if entry.kind == "link" and not entry.ignored),
        ignored=tuple(path for path, entry in entries if entry.kind in ("file", "dir") and entry.ignored),
        runner=djangos_runner(project),
        test_args=args_of_tests(project, asked_tests(project)),
        python=python_for(project),
        systems=systems(project),
        hosts=project.settings.hosts,
        accepted=project.settings.accept,
        muted=project.settings.mute,
        named=read_dangling(project),
        env=env,
        offered={name: variable.value for name, variable in variables(project).items()},
        progress=progress,
    )


def not_handed(project: Project, outcomes: Sequence[Outcome], env: Mapping[str, str]) -> tuple[str, ...]:
    """A line for whom the project's code fails that works in a shell."""
    struck = any(item.check in RUN and (item.status == "failed" or HAND_OVER in item.message) for item in outcomes)
    return (withheld(project, not_given(os.environ, env)),) if struck else ()


def console_script(project: Project) -> str:
    """The console script that starts the application: one of its package that serves (``serves``).

    One that names a module that is not there starts nothing, before or after; one that wants a command of its own
    (``shop users add``) starts nothing by itself.
    """
    scripts = project.pyproject.get("project", "scripts", default={}) if project.pyproject else {}
    if not isinstance(scripts, dict) or project.kind != "application":
        return ""
    package = project.layout.package
    for name, target in scripts.items():
        module = str(target).partition(":")[0]
        if package and module.partition(".")[0] == package and serves(project, module):
            return str(name)
    return ""


def serves(project: Project, module: str) -> bool:
    """Whether a module speaks of a server, or of a function of a module that does, and wants no command of its own; or
    is called like one that starts something, and reads no arguments."""
    source = source_of(project, module)
    text = text_of(project, source.path) if source else ""
    if source is None or COMMANDS.search(text):
        return False
    if module.rpartition(".")[2] in STARTERS and not ARGUMENTS.search(text):
        return True
    return speaks(project, text) or any(
        speaks(project, text_of(project, other.path)) for other in imported(project, module, source)
    )


def speaks(project: Project, text: str) -> bool:
    """Whether a text names a server, or runs the application itself."""
    own = f"{project.app.attribute}.run(" if project.app else "serve_forever"
    return own in text or SERVER.search(text) is not None


def imported(project: Project, module: str, source: SourceFile) -> Iterator[SourceFile]:
    """The project's modules of which a module imports more than the application."""
    inside = module.split(".") if source.path.endswith("__init__.py") else module.split(".")[:-1]
    for item in source.imports:
        around = inside[: len(inside) - item.level + 1] if item.level else []
        names = [name for name, _ in item.names if not (project.app and name == project.app.attribute)]
        targets = [".".join(filter(None, (*around, item.module)))] if item.is_from and names else []
        targets += [".".join((*targets, name)) for name in names]
        yield from filter(None, (source_of(project, target) for target in targets))


def has_tests(project: Project) -> bool:
    """Whether pytest would find files of tests."""
    names = (path.rsplit("/", 1)[-1] for path in project.sources)
    return any(name.startswith("test_") or name.endswith("_test.py") or name == "tests.py" for name in names)


def djangos_server(project: Project) -> str:
    """The ``manage.py`` that starts the application; ``""`` where uvicorn does, or it is none of Django."""
    uvicorn = any(item.name == "uvicorn" for item in project.requirements)
    django = project.app is not None and project.app.framework == "django"
    return djangos_commands(project) if django and not uvicorn else ""


def asked_tests(project: Project) -> tuple[str, ...]:
    """The tests that the settings ask for; modules as paths, where a runner takes them, so that they follow a move."""
    runner = djangos_runner(project)
    asked = project.settings.tests
    return tuple(as_path(Path(project.root), runner, arg) for arg in asked) if runner else asked


def args_of_tests(project: Project, asked: tuple[str, ...]) -> tuple[str, ...]:
    """What the runner is given: the tests that are asked for, and the settings that the project's own commands name."""
    told = any(arg.startswith("--settings") for arg in asked)
    return asked if told or not djangos_runner(project) else (*asked, *djangos_settings(project))


def runs_anything(project: Project) -> bool:
    """Whether something can be compared with before: tests, an application, programs that files start."""
    return bool(has_tests(project) or project.app or read_dangling(project).programs)


HIDDEN = "DEP111"  # what code needs and nothing declares; people have it by chance


def old_environment(project: Project, as_of: str = "") -> Old:
    """How the environment was made before: from the requirements files, else from what is declared and locked.

    Pins of an old lock (poetry.lock and the like) stand beside the declared ranges, so that the tests run
    on the versions that the project ran on.
    """
    files = tuple(item.path for item in project.manifests if item.format == "requirements" and not item.error)
    declared = [
        item.text
        for manifest in project.manifests
        if manifest.format != "requirements"
        for item in manifest.requirements
    ]
    locked = [
        f"{package.name}=={package.version}" + (f" ; {package.marker}" if package.marker else "")
        for lock in project.old_locks
        for package in lock.packages
        if not package.source
    ]
    names = {item.name for item in project.requirements}
    imports = (name for file in project.sources.values() for item in file.imports for name in item.targets())
    runner = djangos_runner(project)
    tested = (
        () if runner else ("pytest", "httpx") if any("testclient" in name.lower() for name in imports) else ("pytest",)
    )
    found = results(project, HIDDEN)
    hidden = [] if isinstance(found, Exception) else [finding.subject for finding in found]
    added = (*(name for name in tested if has_tests(project) and name not in names), *dict.fromkeys(hidden))
    package = project.layout.package
    held = [f"{root}/{package}/__init__.py".lstrip("/") in project.sources for root in project.layout.roots]
    folder = project.layout.roots[0] if project.layout.kind in ("src-path", "two-names") else ""
    app = project.app if project.kind == "application" else None
    start = Start(str(app), app.factory, folder=folder, flask=app.framework == "flask") if app else None
    start = start._replace(manage=djangos_server(project)) if start else None
    return Old(
        tuple(declared + locked),
        files,
        added,
        install=project.layout.kind == "installed" or any(item.metadata.get("scripts") for item in project.manifests),
        tests=has_tests(project),
        declared=tuple(sorted({item.name for item in project.requirements})),
        start=start,
        as_of=as_of,
        runner=runner,
        programs=others(read_dangling(project).programs, str(app) if app else ""),
        package=package if package and project.kind == "library" and any(held) else "",
    )
