"""Questions that several rules ask of a project; no judgement here."""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from trueup.model.operation import Relocate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.operation import Operation
    from trueup.model.project import Manifest, Project, Requirement

AUTOMATION = re.compile(
    r"(^|/)(Dockerfile[^/]*|[^/]*\.Dockerfile|Containerfile|Procfile|Makefile|makefile|[Jj]ustfile|tox\.ini|noxfile\.py"
    r"|[^/]*compose[^/]*\.ya?ml|[^/]+\.(sh|bash|ps1|bat)|\.gitlab-ci\.yml|azure-pipelines\.yml|devcontainer\.json)$"
    r"|(^|/)\.github/(workflows|actions)/.*\.ya?ml$|(^|/)\.circleci/config\.yml$"
)
OPTIONAL_SERVERS = ("uvicorn", "hypercorn", "granian", "gunicorn", "daphne", "mangum", "nonecorn", "robyn")
BRINGS_EVERYTHING = ("all", "standard", "standard-no-fastapi-cloud-cli")


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


def moves(project: Project, code: str) -> list[Operation]:
    """That move as an operation of the rule ``code``; empty where there is none."""
    proposal = relocation(project)
    return [] if proposal is None else [proposal._replace(code=code)]


def will_be_installed(project: Project) -> bool:
    """Whether the layout is installed, or trueup can make it so."""
    return installed(project) or relocation(project) is not None


def normal(name: str) -> str:
    """A distribution's name as PEP 503 normalises it."""
    return re.sub(r"[-_.]+", "-", name).lower()


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


def version_of(project: Project, name: str) -> tuple[int, ...]:
    """The version that a lock or a pin fixes, else the floor of what is declared, as numbers; ``()`` when none is."""
    locks = [lock for lock in (project.lock, *project.old_locks) if lock is not None]
    said = [package.version for lock in locks for package in lock.packages if package.name == name]
    items = declared(project).get(name, ())
    said += [item.pin for item in items if item.pin]
    said += re.findall(r"(?:>=|~=|\^|==)\s*([\d.]+)", ",".join(item.specifier for item in items))
    return numbers(said[0]) if said else ()


def numbers(version: str) -> tuple[int, ...]:
    """``(3, 12, 4)`` of ``3.12.4rc1``."""
    found = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in found[0].split(".")) if found else ()


def test_files(project: Project) -> list[str]:
    """Files that pytest collects by default."""
    return [path for path in project.sources if is_collected(path)]


def is_collected(path: str) -> bool:
    """Whether pytest's default ``python_files`` matches."""
    name = path.rsplit("/", 1)[-1]
    return name.endswith(".py") and (name.startswith("test_") or name.endswith("_test.py"))


def imported(project: Project, *, tests: bool) -> dict[str, tuple[str, int]]:
    """Top-level names that the project's files import, each with the first place (path, line).

    ``tests`` chooses between test code and all other code; what is not part of the program (docs, build
    scripts) counts as neither.
    """
    found: dict[str, tuple[str, int]] = {}
    for path, source in project.sources.items():
        if project.is_test(path) != tests or is_tooling(path):
            continue
        for statement in source.imports:
            if statement.level == 0 and statement.inside != "typing":
                for target in statement.targets():
                    found.setdefault(target.split(".")[0], (path, statement.line))
    return found


def is_tooling(path: str) -> bool:
    """Whether a Python file serves the repository, not the program: docs, build and task scripts."""
    parts = path.split("/")
    return parts[0] in ("docs", "doc", "examples", "benchmarks") or parts[-1] in (
        "setup.py",
        "noxfile.py",
        "fabfile.py",
        "dodo.py",
        "tasks.py",
    )


def is_stdlib(module: str) -> bool:
    """Whether a top-level module is part of Python (or was, until a version that is in use)."""
    return module in sys.stdlib_module_names or module in ("distutils", "imp", "asyncore", "asynchat", "smtpd")


def automation_files(project: Project) -> Iterator[str]:
    """Files that build, start or test the project: Dockerfiles, compose files, CI, scripts."""
    for path in (*project.tree.files(), *project.tree.outer()):
        if AUTOMATION.search(path):
            yield path


def lines(project: Project, path: str) -> Iterator[tuple[int, str]]:
    """The lines of a text file with their numbers; none where it cannot be read."""
    try:
        text = project.tree.text(path)
    except (KeyError, OSError):
        return
    yield from enumerate(text.splitlines(), 1)


def some(names: list[str], shown: int = 3) -> str:
    """``a, b, c and 4 more``."""
    head = ", ".join(names[:shown])
    return f"{head} and {len(names) - shown} more" if len(names) > shown else head


def groups_with(project: Project, name: str) -> list[str]:
    """The dependency groups (PEP 735) of pyproject.toml that name a distribution themselves."""
    found = []
    for group, items in table(project, "dependency-groups").items():
        entries = items if isinstance(items, list) else []
        texts = [item for item in entries if isinstance(item, str)]
        if any(normal(re.split(r"[^A-Za-z0-9._-]", text, maxsplit=1)[0]) == name for text in texts):
            found.append(group)
    return found


def pytest_settings(project: Project) -> tuple[str, dict[str, Any]]:
    """The file whose pytest settings are in force, and the settings; ``("", {})`` where none is.

    The order is pytest's: pytest.toml, pytest.ini (even when empty), pyproject.toml, tox.ini, setup.cfg.
    """
    for path in ("pytest.ini", ".pytest.ini"):
        document = project.document(path)
        if document is not None:
            found = document.get("pytest", default={})
            return path, found if isinstance(found, dict) else {}
    native = table(project, "tool", "pytest")
    if native:
        return "pyproject.toml", native.get("ini_options", native)
    for path, section in (("tox.ini", "pytest"), ("setup.cfg", "tool:pytest")):
        document = project.document(path)
        if document is not None and isinstance(document.get(section), dict):
            return path, document.get(section)
    return "", {}


def words(value: object) -> list[str]:
    """The words of a setting that may be a string or a list of strings."""
    if isinstance(value, str):
        return value.split()
    return [str(item) for item in value] if isinstance(value, list) else []
