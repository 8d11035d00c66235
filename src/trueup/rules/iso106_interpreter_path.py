r"""A script, task or setting names an interpreter by its path on one machine.

``/usr/bin/python3.8`` is gone with the next release of the system, ``C:\Python312\python.exe`` is where one person
installed it, and both run outside the project's environment. ``uv run`` finds the project's own interpreter
everywhere; on Windows ``py -3.12`` at least finds one by its version.

Source: https://peps.python.org/pep-0773/

Flagged:

```
main.py
    from fastapi import FastAPI

    app = FastAPI()
run.sh
    /usr/bin/python3.8 main.py
```

Fixed:

```
main.py
    from fastapi import FastAPI

    app = FastAPI()
run.sh
    uv run --locked python main.py
```
"""

from __future__ import annotations

import itertools
import re

from trueup.model.command_line import WRAPPERS
from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.command_line import CommandLine
    from trueup.model.finding import Finding
    from trueup.model.project import Project
    from trueup.model.words import Severity

    Found = tuple[Place, str]

rule = Rule(
    __name__,
    severity="warning",
    help="it runs on machines that have it there, and outside the project's environment",
    no_fix="`uv run` needs a project around it: what is to run this is yours to say",
)

UNIX = lazy(
    r"/usr/(?:local/)?bin/python[\d.]*|/opt/(?:homebrew|local)/bin/python[\d.]*"
    r"|/usr/local/(?:opt|Cellar)/python[^\s\"']*/bin/python[\d.]*"
    r"|/Library/Frameworks/Python\.framework/[^\s\"']*/python[\d.]*"
    r"|(?:/home/[\w.-]+|/Users/[\w.-]+|/root|~|\$HOME)/(?:\.pyenv|\.?(?:mini|ana)conda\d?|miniforge\d?)"
    r"/[^\s\"']*bin/python[\d.]*",
    words=("/python",),
)
WINDOWS = lazy(r"[A-Za-z]:[\\/](?:[^\\/\s\"'<>|]+(?: [^\\/\s\"'<>|]+)*[\\/])*python[\d.]*(?:w|\.exe|w\.exe)?", re.I)
SPEAKS = lazy(
    r"(settings|launch|pyrightconfig)\.json|mypy\.ini|.*\.(code-workspace|sh|bash|bat|cmd|mk)|([Mm]|GNUm)akefile"
)
EDITORS = lazy(r"\.vscode/[^/]+$|pyrightconfig\.json$")
OWN = lazy(r"venv|virtualenvs|[\\/]\.?env[\\/]", re.I)
# Inside an image the path is what the image has.
PLACES = (
    "ci",
    "shell",
    "make",
    "just",
    "systemd",
    "supervisor",
    "tasks",
    "tox",
    "nox",
    "pre-commit",
    "procfile",
    "vscode",
)
SETTING = lazy(
    r"""["'](?:python\.(?:defaultInterpreterPath|pythonPath)|pythonPath|python)["']\s*:\s*["'](?P<path>[^"']+)["']"""
)
VARIABLE = lazy(r"""^\s*(?:export\s+|set\s+)?\w*PY\w*\s*[:?]?=\s*["']?(?P<path>[^\s"']+)""", re.I)
ASKS = ("-p", "--python")


@rule.checks
def hard_coded(project: Project) -> Iterator[Finding]:
    """Each such path once in a file; a shebang without a version is only told."""
    told = set[tuple[str, str]]()
    for place, path in (*in_commands(project), *in_lines(project)):
        if (place.path, path) not in told:
            told.add((place.path, path))
            hint = "; `py -3.x`, or better `uv run`, finds one" if WINDOWS.fullmatch(path) else ""
            yield rule.finding(place, f"`{path}` is an interpreter on one machine{hint}", subject=path)
    for name, source in project.sources.items():
        path = source.shebang.removeprefix("#!").strip().partition(" ")[0]
        if names_interpreter(path):
            severity: Severity = "warning" if re.search(r"\d\.\d|:", path) else "info"
            message = f"the script runs on `{path}`, in no environment"
            yield rule.finding(Place(name, 1), message, subject=path, severity=severity)


def names_interpreter(text: str) -> bool:
    """Whether a text is the path of an interpreter that is not in an environment."""
    whole = UNIX.fullmatch(text) or WINDOWS.fullmatch(text.replace("\\\\", "\\"))
    return whole is not None and not OWN.search(text)


def in_commands(project: Project) -> Iterator[Found]:
    """The program of a command, and what ``-p`` asks for when an environment is made."""
    for command in project.commands:
        if command.where in PLACES:
            words = [word for word in command.argv if word not in WRAPPERS]
            while words and re.match(r"\w+=", words[0]):
                words = words[1:]
            asked = [after for word, after in itertools.pairwise(words) if word in ASKS]
            asked += [word.partition("=")[2] for word in words if word.startswith("--python=")]
            asked += words[1:] if command.path.rpartition("/")[2] == "crontab" else []
            for word in (*words[:1], *asked):
                if names_interpreter(word) and not is_image(project, command):
                    yield Place(command.path, command.line), word


def is_image(project: Project, command: CommandLine) -> bool:
    """Whether a job of CI runs in a container, or a script builds an image."""
    container = command.where == "ci" and any(
        re.match(r"\s*(container|image)\s*:", text) for _, text in lines(project, command.path)
    )
    return container or "docker" in command.path.lower()


def in_lines(project: Project) -> Iterator[Found]:
    """Variables of Makefiles and scripts, and the settings of editors."""
    for path in project.tree.called(SPEAKS):
        is_json = path.endswith(".json")
        if (is_json and not EDITORS.search(path)) or "docker" in path.lower():
            continue
        pattern = SETTING if is_json or path.endswith(".code-workspace") else VARIABLE
        for number, line in lines(project, path):
            for found in pattern.finditer(line):
                if names_interpreter(found["path"]):
                    yield Place(path, number), found["path"].replace("\\\\", "\\")
