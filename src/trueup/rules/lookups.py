"""Questions that several rules ask of a project; no judgement here."""

from __future__ import annotations

import re
from functools import lru_cache

from trueup.errors import TrueupError
from trueup.model.names import normal
from trueup.model.operation import Relocate
from trueup.model.pattern import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from trueup.model.operation import Operation
    from trueup.model.project import Lock, Manifest, Project, Requirement
    from trueup.model.source import Call, SourceFile

AUTOMATION = lazy(
    r"(^|/)((?i:[^/]*dockerfile[^/]*)|Containerfile|Procfile|Makefile|makefile|[Jj]ustfile|tox\.ini|noxfile\.py"
    r"|[^/]*compose[^/]*\.ya?ml|[^/]+\.(sh|bash|ps1|bat)|\.gitlab-ci\.yml|azure-pipelines\.yml|\.?devcontainer\.json)$"
    r"|(^|/)\.github/(workflows|actions)/.*\.ya?ml$|(^|/)\.circleci/config\.yml$"
)
AUTOMATION_NAMES = lazy(
    r".*file.*|tox\.ini|noxfile\.py|.*\.(ya?ml|sh|bash|ps1|bat|[Dd]ockerfile)|\.?devcontainer\.json", re.IGNORECASE
)
DEEPER = lazy(r".+/(requirements[^/]*\.(txt|in)|pyproject\.toml|Pipfile|setup\.(py|cfg)|environment\.ya?ml)")
ABSOLUTE = lazy(r"[/\\\\~$]|[A-Za-z]:|\w+://")
SERVERS = ("uvicorn", "hypercorn", "granian", "gunicorn", "daphne", "mangum", "fastapi-cli", "uvicorn-worker")
BRINGS_EVERYTHING = ("all", "standard", "standard-no-fastapi-cloud-cli")
NO_MANIFEST = {  # keys that stay where nothing is declared any more
    "pdm": {"scripts", "build", "version"},
    "rye": {"scripts", "workspace", "excluded-dependencies"},
}


def is_application(project: Project) -> bool:
    """Whether the target of an application is meant for it; a library keeps its own way."""
    return project.kind == "application"


def is_asgi(project: Project) -> bool:
    """Whether a FastAPI (or Starlette) application was found."""
    return project.app is not None and project.app.framework in ("fastapi", "starlette")


def table(project: Project, *route: str) -> dict[str, Any]:
    """A table of pyproject.toml; empty where there is none, or where something else stands there."""
    found = project.pyproject.get(*route) if project.pyproject else None
    return found if isinstance(found, dict) else {}


def has_metadata(project: Project) -> bool:
    """Whether pyproject.toml has a ``[project]`` table (PEP 621)."""
    return bool(table(project, "project"))


def installed(project: Project) -> bool:
    """Whether the code lies in a real src layout."""
    return project.layout.kind == "installed"


def packaged(project: Project) -> bool:
    """Whether the project says all that is needed to build and install it from a src layout."""
    return installed(project) and has_metadata(project) and bool(table(project, "build-system"))


@lru_cache(maxsize=1)
def relocation(project: Project) -> Relocate | None:
    """The move that would give the project an installed layout, where it needs no decision."""
    from trueup.model.relocation import propose

    proposal = propose(project)
    return proposal if isinstance(proposal, Relocate) else None


def renames(project: Project) -> bool:
    """Whether the move that would be made gives modules other names."""
    proposal = relocation(project)
    return proposal is not None and bool(proposal.modules)


def is_renamed(project: Project, path: str) -> bool:
    """Whether it gives the module that a file is another name."""
    proposal, name = relocation(project), module_of(project, path)
    return proposal is not None and any(name == old or name.startswith(f"{old}.") for old, _ in proposal.modules)


def module_of(project: Project, path: str) -> str:
    """The dotted name of a file today."""
    stem = path.removesuffix(".py").removesuffix("/__init__")
    inside = [root for root in project.layout.roots if root and stem.startswith(f"{root}/")]
    return stem[len(max(inside, key=len)) + 1 if inside else 0 :].replace("/", ".")


def moves(project: Project, code: str) -> list[Operation]:
    """That move as an operation of the rule ``code``; empty where there is none."""
    proposal = relocation(project)
    return [] if proposal is None else [proposal._replace(code=code)]


def will_be_installed(project: Project) -> bool:
    """Whether the layout is installed, or trueup can make it so."""
    return installed(project) or relocation(project) is not None


def is_locked(project: Project) -> bool:
    """Whether a lock fixes the versions: uv's own or a workspace's, or that of the manager in charge.

    A ``poetry.lock`` that stands beside a manifest Poetry no longer reads fixes nothing.
    """
    if project.lock is not None or any(path.endswith("/uv.lock") for path in project.tree.outer()):
        return True
    in_charge = managers(project)
    return any(lock.format in (*in_charge, "pip-tools", "rye") for lock in project.old_locks)


def managers(project: Project) -> set[str]:
    """The formats of the manifests that stand in the project, and the managers that its build backend speaks for."""
    formats = {manifest.format for manifest in project.manifests} - {"pdm", "rye"}
    locked = {lock.format for lock in project.old_locks}
    formats |= {
        name for name, keys in NO_MANIFEST.items() if name in locked or set(table(project, "tool", name)) - keys
    }
    if "poetry" in str(table(project, "build-system").get("build-backend", "")):
        formats.add("poetry")
    return formats


def locks_of_project_table(project: Project) -> tuple[Lock, ...]:
    """The locks that Poetry 2 or PDM made from ``[project]`` alone; none where uv's is there, or a list says more."""
    formats = {manifest.format: manifest for manifest in project.manifests}
    direct = formats.get("pyproject")
    backend = str(table(project, "build-system").get("build-backend", ""))
    if project.lock is not None or direct is None or not direct.requirements:
        return ()
    return tuple(
        lock
        for lock in project.old_locks
        if lock.format in ("poetry", "pdm")
        and not lock.error
        and lock.format not in formats
        and (lock.format in backend or "requirements" not in formats)
    )


def has_manifest(project: Project) -> bool:
    """Whether a manifest says anything: an empty list declares nothing, nor do a Pipfile without packages and
    constraints alone."""
    said = (item for item in project.manifests if not item.is_empty)
    return any(item.format not in ("pipfile", "constraints") or item.requirements or item.error for item in said)


def manifest_sources(project: Project) -> tuple[str, ...]:
    """The manifests of an application that are not the ``[project]`` table, and would be converted into it."""
    if not is_application(project):
        return ()
    found = [item.path for item in project.manifests if item.format != "pyproject" and not item.error]
    found += [lock.path for lock in locks_of_project_table(project)]
    return tuple(dict.fromkeys(path for path in found if path == "setup.py" or not is_tooling(path)))


def manifest_deeper(project: Project) -> str:
    """A manifest below the project's root, which is not read as the project's; ``""`` where there is none."""
    return next((path for path in manifests_deeper(project) if not is_tooling(path)), "")


def manifests_deeper(project: Project) -> Iterator[str]:
    """Every manifest below the root; a module called setup.py is none."""
    found = (path for path in project.tree.files() if DEEPER.fullmatch(path))
    return (path for path in found if not path.endswith("/setup.py") or is_task(project, path))


def conversion(project: Project, code: str) -> list[Operation]:
    """The conversion of all those manifests, as an operation of the rule ``code``; empty where there are none."""
    from trueup.model.operation import ConvertManifests

    sources = manifest_sources(project)
    return [ConvertManifests(code, sources)] if sources else []


def declared(project: Project) -> dict[str, list[Requirement]]:
    """Every declared requirement by normalised name, whatever its group."""
    found: dict[str, list[Requirement]] = {}
    for item in project.requirements:
        found.setdefault(item.name, []).append(item)
    return found


def runtime(manifest: Manifest) -> list[Requirement]:
    """The runtime requirements of a manifest."""
    return [item for item in manifest.requirements if not item.group]


def extras_of(project: Project, name: str) -> set[str]:
    """All extras with which a distribution is asked for."""
    return {normal(extra) for item in declared(project).get(name, ()) for extra in item.extras}


def has_fastapi_standard(project: Project) -> bool:
    """Whether ``fastapi`` is declared with an extra that brings server, client and forms."""
    return bool(extras_of(project, "fastapi") & set(BRINGS_EVERYTHING))


def fixed_version(project: Project, name: str) -> tuple[int, ...]:
    """The version that a lock or a pin fixes, as numbers; ``()`` where none does."""
    return numbers(project.fixed.get(name, ""))


def version_of(project: Project, name: str) -> tuple[int, ...]:
    """The version that a lock or a pin fixes, else the floor of what is declared, as numbers; ``()`` when none is."""
    if fixed := fixed_version(project, name):
        return fixed
    items = declared(project).get(name, ())
    said = re.findall(r"(?:>=|~=|\^|==)\s*([\d.]+)", ",".join(item.specifier for item in items))
    return numbers(said[0]) if said else ()


def numbers(version: str) -> tuple[int, ...]:
    """``(3, 12, 4)`` of ``3.12.4rc1``."""
    found = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in found[0].split(".")) if found else ()


def chosen_python(project: Project) -> str:
    """The minor version that the project gets: asked for, else what the evidence speaks for."""
    from trueup.model.python import python_for

    return python_for(project)


def is_tooling(path: str) -> bool:
    """Whether a Python file serves the repository, not the program: docs, build and task scripts."""
    beside = path.split("/")[0] in ("docs", "doc", "examples", "benchmarks")
    return beside or path == "setup.py" or path.rpartition("/")[2] in ("noxfile.py", "fabfile.py", "dodo.py")


def is_task(project: Project, path: str) -> bool:
    """Whether a file is a tool's: tasks of invoke, ``setup.py`` of a part. Modules bear these names, too."""
    if path.rpartition("/")[2] == "setup.py":
        imported = (name.split(".")[0] for item in project.sources[path].imports for name in item.targets())
        return any(name in ("setuptools", "distutils", "skbuild") for name in imported)
    return path == "tasks.py" and path in project.layout.stays


def automation_files(project: Project) -> Iterator[str]:
    """Files that build, start or test the project: Dockerfiles, compose files, CI, scripts."""
    return (path for path in project.tree.called(AUTOMATION_NAMES) if AUTOMATION.search(path))


def own_code(project: Project) -> Iterator[str]:
    """The Python files of the program itself: neither tests nor tooling."""
    return (
        path for path in project.sources if not (project.is_test(path) or is_tooling(path) or is_task(project, path))
    )


def relative_arguments(project: Project, *names: str) -> Iterator[tuple[str, Call]]:
    """Calls of the program's own code whose literal argument is a path from the working directory."""
    for path in own_code(project):
        yield from ((path, call) for call in project.sources[path].calls_of(*names) if is_relative(call))


def is_relative(call: Call) -> bool:
    """Whether the argument of a call is a literal path from the working directory."""
    return call.literal and bool(call.argument) and not ABSOLUTE.match(call.argument)


def lines(project: Project, path: str) -> Iterator[tuple[int, str]]:
    """The lines of a text file with their numbers; none where it cannot be read."""
    yield from enumerate(text_of(project, path).splitlines(), 1)


def found_in(project: Project, path: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, re.Match[str]]]:
    """The lines of a text file in which a pattern without anchors is found, with their numbers."""
    if pattern.search(text_of(project, path)):  # most files hold none, and are not taken apart
        yield from ((number, found) for number, line in lines(project, path) if (found := pattern.search(line)))


def text_of(project: Project, path: str) -> str:
    """The text of a file; ``""`` where there is none, or where it cannot be read."""
    try:
        return project.tree.text(path) if project.tree.has(path) else ""
    except TrueupError:
        return ""


def some(names: list[str], shown: int = 3) -> str:
    """``a, b, c and 4 more``."""
    head = ", ".join(names[:shown])
    return f"{head} and {len(names) - shown} more" if len(names) > shown else head


def source_of(project: Project, module: str) -> SourceFile | None:
    """The file of a dotted module of the project."""
    path = module.replace(".", "/")
    for root in project.layout.roots:
        prefix = f"{root}/" if root else ""
        for candidate in (f"{prefix}{path}.py", f"{prefix}{path}/__init__.py"):
            if candidate in project.sources:
                return project.sources[candidate]
    return None


def lock_is_checked(project: Project) -> bool:
    """Whether CI or a commit hook anywhere fails on a stale ``uv.lock``."""
    for command in project.commands:
        if command.where in ("ci", "make", "just", "tox", "shell", "pre-commit") and command.argv[:1] == ("uv",):
            verb = command.argv[1:2]
            if "--locked" in command.argv or (verb == ("lock",) and {"--check", "--locked"}.intersection(command.argv)):
                return True
    for path in (*project.tree.files(), *project.tree.outer()):
        checks = path.endswith(".pre-commit-config.yaml") or ".github/workflows/" in path
        if checks and re.search(r"UV_LOCKED|\bid:\s*uv-lock\b", text_of(project, path)):
            return True
    return False


def words(value: object) -> list[str]:
    """The words of a setting that may be a string or a list of strings."""
    if isinstance(value, str):
        return value.split()
    return [str(item) for item in value] if isinstance(value, list) else []
