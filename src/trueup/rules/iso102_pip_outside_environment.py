"""``pip install`` runs where no virtual environment is active.

What is installed comes from no lock and goes into whichever Python is first on the PATH: the
image's, the runner's, the system's. ``uv sync --locked`` makes the project's own environment from
the lock, the same everywhere. In a Dockerfile uv's cache is mounted, which needs BuildKit (Docker's
default since 23.0); the plan says so. Notebooks and documents are only told, and so is a program that runs pip itself:
the environment that uv makes has no pip.

Source: https://peps.python.org/pep-0668/

Flagged:

```
main.py
    from fastapi import FastAPI

    app = FastAPI()
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
requirements.txt
    fastapi==0.115.6
Dockerfile
    FROM python:3.13-slim
    WORKDIR /app
    COPY . .
    RUN pip install -r requirements.txt
    CMD ["uvicorn", "main:app"]
```

Fixed:

```
main.py
    from fastapi import FastAPI

    app = FastAPI()
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
requirements.txt
    fastapi==0.115.6
Dockerfile
    FROM python:3.13-slim
    COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /uvx /bin/
    ENV UV_PROJECT_ENVIRONMENT=/opt/venv UV_PYTHON_DOWNLOADS=never UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy
    ENV PATH="/opt/venv/bin:$PATH"
    WORKDIR /app
    COPY . .
    RUN --mount=type=cache,target=/root/.cache/uv uv sync --locked --no-default-groups --no-install-project
    CMD ["uvicorn", "main:app"]
```
"""

from __future__ import annotations

import re

from trueup.model.command_line import is_of_environment, named_at, pip_arguments
from trueup.model.names import requirement_name
from trueup.model.operation import RewriteCommands
from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import has_metadata, is_application, lines, own_code, text_of
from trueup.rules.notebooks import cell_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.command_line import CommandLine
    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project
    from trueup.model.source import SourceFile
    from trueup.model.words import Severity

rule = Rule(
    __name__,
    severity="warning",
    help="what is installed comes from no lock and goes into whichever Python is first; trueup says it in uv",
)

# What makes or manages environments is rightly installed outside of them.
INSTALLERS = {
    *("pip", "setuptools", "wheel", "uv", "poetry", "poetry-core", "pipenv", "pdm", "hatch", "virtualenv", "pipx"),
    *("tox", "tox-uv", "tox-gh", "tox-gh-actions", "nox", "build", "twine", "flit", "pip-tools", "pre-commit"),
    *("poetry-plugin-export", "poetry-plugin-shell", "poetry-dynamic-versioning", "poetry-plugin-up", "keyring"),
}
PLACES = ("dockerfile", "compose", "ci", "shell", "make", "just", "procfile", "devcontainer", "platform", "readme")
TASKS = lazy(r"(?:^|/)(?:tasks\.json|package\.json|Taskfile\.ya?ml)$")  # Other runners of tasks enter an environment.
SYSTEM = lazy(r"^[^#\n]*\bUV_SYSTEM_PYTHON\s*[=:]\s*[\"']?(?:1|true|True|TRUE)", words=("UV_SYSTEM_PYTHON",))
IN_NOTEBOOKS = "what is installed comes from no lock: `uv add` it, to a group where only notebooks need it"
ENVIRONMENT = lazy(
    r"\bactivate\b|-m\s+venv\b|\bvirtualenv\s|\buv\s+venv\b|\bVIRTUAL_ENV\b|\bconda\s+(create|activate)"
    r"|^\s*\([\w.-]+\)\s*[^\s()]*\s*[$#>%]",  # the prompt of an environment
    words=("activate", "venv", "virtualenv", "VIRTUAL_ENV", "conda", "("),
)
# In Python: a list of words, or a text that a shell is given; what is only said to people stands in no such call.
RUN_BY_CODE = lazy(
    r"""[\[,]\s*["'](?:-m["'],\s*["'])?pip3?["'],\s*["']install["']"""
    r"""|\b(?:os\.(?:system|popen)|subprocess\.\w+)\(\s*[rf]?["'](?:[^"'\n]*[\s;&])?pip3?\s+install\b""",
    words=("pip",),
)
COMMENT = lazy(r"(?m)^[ \t]*#.*$")
BY_CODE = "what is installed comes from no lock, and the environment that uv makes has no pip: declare what is needed"
NAMED = lazy(r"\$[({]?(\w+)[)}]?")
BARE = r"py(?:thon)?[\d.]*(?:[ \t]-m[ \t]+pip)?|pip[\d.]*"
VALUE = r"""(?m)^[ \t]*(?:export[ \t]+)?{name}[ \t]*[:?]{{0,3}}=[ \t]*["']?({bare})["']?[ \t]*$"""


@rule.checks
def outside(project: Project) -> Iterator[Finding]:
    """The first such command in each file of an application; a README is only told."""
    if not is_application(project):
        return
    told = set[str]()
    for written in project.commands:
        if written.path in told or not is_read(written):
            continue
        command = spelled_out(project, written) if written.text.startswith("$") else written
        if not installs_for_project(project, command):
            continue
        if not inside_environment(project, command):
            told.add(command.path)
            severity: Severity | None = "info" if command.where == "readme" else None
            message = f"`{command.text[:70]}` installs outside an environment"
            place = Place(command.path, command.line)
            fixable = command is written
            yield rule.finding(place, message, subject="pip install", severity=severity, fixable=fixable)
    yield from by_code(project)
    for cell in cell_lines(project):
        arguments = pip_arguments(cell.argv)
        if cell.path not in told and arguments and names_more(arguments):
            told.add(cell.path)
            where = "outside an environment" if cell.sign == "!" else "past the lock"
            message = f"`{cell.sign}{cell.text[:70]}` installs {where}"
            place = Place(cell.path, cell.line)
            yield rule.finding(place, message, subject="pip install", severity="info", fixable=False, help=IN_NOTEBOOKS)


def by_code(project: Project) -> Iterator[Finding]:
    """The program's own files in which Python runs pip and makes no environment before."""
    for path in own_code(project):
        source = project.sources[path]
        text = text_of(project, path) if source.may("pip") and names_runner(source) else ""
        text = COMMENT.sub("", text) if RUN_BY_CODE.search(text) else ""
        found = RUN_BY_CODE.search(text)
        if found and "venv" not in text:
            place = Place(path, text.count("\n", 0, found.end()) + 1)
            message = "the program runs `pip install` itself"
            yield rule.finding(place, message, subject="pip install", fixable=False, help=BY_CODE)


def names_runner(source: SourceFile) -> bool:
    """Whether a file imports what runs programs."""
    return any(name in ("os", "subprocess") for item in source.imports for name in item.targets())


def spelled_out(project: Project, command: CommandLine) -> CommandLine:
    """``$(PIP) install`` with the value that the same file gives, where that is pip or Python and nothing else."""
    named = NAMED.fullmatch(command.argv[0]) if command.argv else None
    given = re.search(VALUE.format(name=named[1], bare=BARE), text_of(project, command.path)) if named else None
    return command._replace(argv=(*given[1].split(), *command.argv[1:])) if given else command


def is_read(command: CommandLine) -> bool:
    """Whether a command stands where what the project needs is installed."""
    return command.where in PLACES or (command.where == "tasks" and TASKS.search(command.path) is not None)


def installs_for_project(project: Project, command: CommandLine) -> bool:
    """Whether a command has pip install more than the tools that manage environments."""
    arguments = pip_arguments(command.argv)
    if is_of_environment(command.argv):
        return False
    if arguments is None:
        if command.argv[:3] not in (("uv", "pip", "install"), ("uv", "pip", "sync")):
            return False
        return "--system" in command.argv or any(SYSTEM.search(text) for _, text in lines(project, command.path))
    return names_more(arguments)


def names_more(arguments: list[str]) -> bool:
    """Whether what pip installs is more than the tools that manage environments."""
    if any(word.startswith(("-r", "--requirement", "-e", "--editable")) for word in arguments):
        return True
    return any(requirement_name(arguments[at]) not in INSTALLERS for at in named_at(arguments))


def inside_environment(project: Project, command: CommandLine) -> bool:
    """Whether the file makes or enters an environment before, or in the same line."""
    before = [text for number, text in lines(project, command.path) if number <= command.line]
    return any(ENVIRONMENT.search(text) for text in before)


@rule.fixes
def rewrite(project: Project, finding: Finding) -> Iterator[Operation]:
    """The commands of that file, once there is a manifest that uv reads."""
    if has_metadata(project):
        yield RewriteCommands(rule.code, finding.path)
