"""A command uses a manifest or a manager that the project no longer has.

``poetry install`` in a project without Poetry's table, ``pip install -r requirements.txt`` where the
file is gone: the README misleads, the image does not build. It is what conversions leave behind. What tox installs,
what ``setup.py`` opens, what a hook of pre-commit calls and what a cache of CI hangs on is looked at, too. So is a list
that stays, for a platform, and that people install from before they start the project, which it does not bring.

Source: https://docs.astral.sh/uv/guides/migration/pip-to-project/

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
run.sh
    #!/bin/sh
    pip install -r requirements.txt
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
run.sh
    #!/bin/sh
    uv sync
```
"""

from __future__ import annotations

import posixpath
import re
from itertools import pairwise

from trueup.model.command_line import (
    ASSIGNED,
    STANDS_FOR,
    as_pip,
    is_within,
    of_setup,
    pip_arguments,
    requirement_files,
)
from trueup.model.hooks import CONFIG, hooks_of_managers
from trueup.model.operation import RewriteCommands
from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import (
    automation_files,
    has_metadata,
    installed,
    is_application,
    lines,
    managers,
    table,
    text_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.command_line import CommandLine
    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project
    from trueup.model.words import Severity

rule = Rule(
    __name__,
    severity="error",
    help="it fails, or the image does not build; trueup says it in uv where uv has the like, and tells the rest",
)

MANAGERS = {"poetry": "poetry", "pipenv": "pipfile", "pdm": "pdm", "rye": "rye"}
SET_UP = lazy(
    r"\s*(?:-\s+)?(?:uses:\s*[\"']?[\w.-]+/(?:[\w-]*(?:setup|install)|actions)-(?P<action>poetry|pipenv|pdm|rye)(?:-action)?@\S+"
    r"|cache:\s*[\"']?(?P<cache>poetry|pipenv|pdm)[\"']?)\s*(?:#.*)?",
    words=("uses:", "cache:"),
)
BY_HAND = ("readme", "shell", "make", "just")
ITSELF = lazy(r"(?m)^[ \t]*(?:-e[ \t]+|--editable[ \t=]+)?\.(?:\[[\w,-]*\])?[ \t]*$")
FOUND = lazy(
    r"PYTHONPATH|\binstall\b[^\n]*[ \t][\"']?\.(?:\[[\w,-]*\])?[\"']?(?=\s|$)|--app-dir|\bcd[ \t]+src\b|\buv sync\b"
)
VERBS = ("run", "install", "sync", "update", "add")
COPIED = lazy(r"^\s*(?:COPY|ADD)\s+(?:--\S+\s+)*(.+)$", re.IGNORECASE)
MANIFEST = lazy(
    r"[\w./-]*\b(requirements[\w.-]*\.txt|requirements/[\w.-]+\.(?:txt|in)|Pipfile(?:\.lock)?|poetry\.lock|pdm\.lock|requirements(?:-dev)?\.lock"
    r"|environment\.ya?ml)"
)
# setup-python stops where none is found, a key over nothing is the same for ever
KEYED = lazy(r"\bhashFiles\(\s*['\"](?P<file>[^'\"*]+)['\"]\s*\)", words=("hashFiles",))
PATHS = lazy(
    r"(?<!\s)\s*cache-dependency-path\s*:\s*[\"']?(?P<file>[^\s\"'|>*#]+)[\"']?\s*$", words=("cache-dependency-path",)
)
LISTED = lazy(r"^(?:deps\s*=)?\s*(?:[\w{},-]+:\s*)?-r\s*(?:\{tox_?[iI]ni_?dir\}/|\{tox_root\}/)?(?P<file>[^\s{}]+)\s*$")


@rule.checks
def left_behind(project: Project) -> Iterator[Finding]:
    """The first such line in each file of an application that has a ``[project]`` table; documents are warned."""
    if not is_application(project):
        return
    if not has_metadata(project):
        yield from never_there(project)
        return
    told = set[str]()
    found = [*stale_commands(project), *stale_names(project), *stale_copies(project), *stale_hooks(project)]
    found += lists_without_the_project(project)
    for path, number, what, document in sorted(found):
        if path not in told:
            told.add(path)
            severity: Severity | None = "warning" if document else None
            yield rule.finding(Place(path, number), what, subject=what, severity=severity)
    for path, number, what in stale_set_ups(project):
        if path not in told:
            told.add(path)
            yield rule.finding(Place(path, number), what, subject=what, severity="warning")
    for path, number, what in (*stale_lists(project), *stale_caches(project)):
        if path not in told:
            told.add(path)
            yield rule.finding(Place(path, number), what, subject=what, fixable=False)


def never_there(project: Project) -> Iterator[Finding]:
    """What images copy before any conversion, where nothing says that it is made: the image does not build."""
    for path, number, what, _ in stale_copies(project):
        name = posixpath.basename(what.rpartition(": ")[2].removesuffix(" is not there"))
        others = (".gitignore", *(other for other in automation_files(project) if other != path))
        if not any(name in text_of(project, other) for other in others):
            yield rule.finding(Place(path, number), what, subject=what, fixable=False)


def foreign_managers(project: Project) -> set[str]:
    """The managers that cannot do anything here; Poetry 2 reads ``[project]``."""
    in_charge = managers(project)
    reads_project = {"poetry"} if project.lock is None and table(project, "project") else set[str]()
    return {name for name, format_ in MANAGERS.items() if format_ not in in_charge} - reads_project


def stale_commands(project: Project) -> Iterator[tuple[str, int, str, bool]]:
    """Commands of managers that are not in charge, and installations from files that are gone."""
    foreign = foreign_managers(project)
    for command in project.commands:
        manager = manager_of(command.argv)
        document = command.where == "readme"
        if manager in foreign and command.argv[-1] not in ("--version", "--help"):
            if is_of_another(project, command):
                continue
            if not (command.argv[0] == "pip" or "install" in command.argv[:1]):
                yield command.path, command.line, f"`{command.text[:60]}`: the project does not use {manager}", document
            continue
        if calls_setup(project, command):
            yield command.path, command.line, f"`{command.text[:60]}`: setup.py is not there", document
        for file in files_read(command):
            here = bool(project.repository) and command.folder == "."
            there = posixpath.normpath(posixpath.join(command.folder, file))
            if is_gone(project, command.path, file, inside=here) and not project.tree.has(there):
                yield command.path, command.line, f"`{command.text[:60]}`: {file} is not there", document


def lists_without_the_project(project: Project) -> Iterator[tuple[str, int, str, bool]]:
    """``pip install -r requirements.txt`` before a start of the code in ``src``, which that list does not install."""
    package, lists = project.layout.package, {"requirements.txt", "./requirements.txt"}
    listed = text_of(project, "requirements.txt")
    if not (package and installed(project) and project.tree.has("uv.lock") and table(project, "build-system")):
        return
    named = re.compile(rf"(?<![\w./-]){re.escape(package)}(?:[.:]\w|$)")
    for command in project.commands if listed and not ITSELF.search(listed) else ():
        if command.where not in BY_HAND or "/" in command.path or not lists.intersection(files_read(command)):
            continue
        later = [item for item in project.commands if item.path == command.path and item.start > command.start]
        starts = any(named.match(word) for item in later for word in item.argv[1:])
        if starts and not FOUND.search(text_of(project, command.path)):
            text = f"`{command.text[:60]}`: it does not install the project, which is started then"
            yield command.path, command.line, text, command.where == "readme"


def calls_setup(project: Project, command: CommandLine) -> bool:
    """Whether ``setup.py`` is run in the project's folder, where none is; what an image has there is not known."""
    here = command.folder == "." and command.where != "dockerfile" and not project.tree.has("setup.py")
    return here and of_setup(command.argv) is not None


def is_of_another(project: Project, command: CommandLine) -> bool:
    """Whether a manager is called where another project of the tree lies, which may have it."""
    pairs = zip(command.argv, command.argv[1:], strict=False)
    told = (word for option, word in pairs if option in ("-C", "--directory", "--project"))
    folder = posixpath.normpath(posixpath.join(command.folder, *told))
    folders = {folder, posixpath.dirname(command.path)} - {".", ""}
    return any(project.tree.has(f"{folder}/{name}") for folder in folders for name in ("pyproject.toml", "Pipfile"))


def manager_of(argv: tuple[str, ...]) -> str:
    """The manager that a command calls, by itself or in a container; ``""`` for none."""
    called = set([word for word in argv if not ASSIGNED.match(word)][:2])
    if is_within(argv):
        called |= {word for word, verb in pairwise(argv) if verb in VERBS}
    return next((name for name in MANAGERS if name in called), "")


def stale_names(project: Project) -> Iterator[tuple[str, int, str, bool]]:
    """``POETRY := $(shell command -v poetry)``: names that stand for managers that are not in charge."""
    foreign = foreign_managers(project)
    for path in automation_files(project):
        if not any(map(text_of(project, path).__contains__, foreign)):
            continue
        for number, line in lines(project, path):
            named = STANDS_FOR.match(line)
            if named and named["manager"] in foreign:
                yield (
                    path,
                    number,
                    f"{named['name']} stands for {named['manager']}, which the project does not use",
                    False,
                )


def stale_set_ups(project: Project) -> Iterator[tuple[str, int, str]]:
    """Managers that are not in charge, and that a workflow sets up, by an action or by pip, and calls no more."""
    foreign = foreign_managers(project)
    theirs = {command.path for command in project.commands if command.also or is_of_another(project, command)}
    theirs |= {path for path in project.tree.outer() if path not in {command.path for command in project.commands}}
    for path in (path for path in automation_files(project) if ".github/" in path and foreign and path not in theirs):
        for number, line in lines(project, path):
            found = SET_UP.fullmatch(line)
            manager = (found["action"] or found["cache"]) if found else ""
            if manager in foreign:
                yield path, number, f"`{line.strip(' -')[:60]}`: the project does not use {manager}"
    for command in project.commands:
        words = pip_arguments(command.argv) or () if command.where == "ci" and command.path not in theirs else ()
        manager = next((name for word in words if (name := re.split(r"[=<>~]", word)[0]) in foreign), "")
        if manager:
            yield command.path, command.line, f"`{command.text[:60]}`: the project does not use {manager}"


def stale_hooks(project: Project) -> Iterator[tuple[str, int, str, bool]]:
    """Hooks of pre-commit that call managers that are not in charge."""
    foreign = foreign_managers(project)
    for path in (CONFIG, *project.tree.outer()):
        text = text_of(project, path) if foreign and path.replace("../", "") == CONFIG else ""
        for number, hook, manager in hooks_of_managers(text, project.repository, project.tree):
            if manager in foreign:
                yield path, number, f"the hook {hook}: the project does not use {manager}", False


def files_read(command: CommandLine) -> list[str]:
    """The requirements files that a pip command reads."""
    arguments = pip_arguments(as_pip(command.argv) or command.argv)
    if arguments is None:
        return []
    named = requirement_files(arguments)
    return [name for name in named if MANIFEST.fullmatch(name)]


def stale_copies(project: Project) -> Iterator[tuple[str, int, str, bool]]:
    """``COPY`` and ``ADD`` of manifests that are gone."""
    for path in (path for path in automation_files(project) if "ockerfile" in path.rsplit("/", 1)[-1]):
        for number, line in lines(project, path):
            copied = COPIED.match(line)
            sources = copied[1].split()[:-1] if copied and "--from" not in line else []
            for source in sources:
                if MANIFEST.fullmatch(source) and is_gone(project, path, source):
                    yield path, number, f"`{line.strip()[:60]}`: {source} is not there", False


def stale_lists(project: Project) -> Iterator[tuple[str, int, str]]:
    """Lists that tox installs, and that ``setup.py`` opens, and that are gone."""
    for number, line in lines(project, "tox.ini"):
        named = LISTED.match(line)
        if named and MANIFEST.fullmatch(named["file"]) and is_gone(project, "tox.ini", named["file"]):
            yield "tox.ini", number, f"`{line.strip()[:60]}`: {named['file']} is not there"
    source = project.sources.get("setup.py")
    for call in source.calls if source else ():
        opens = call.name == "open" and call.literal and MANIFEST.fullmatch(call.argument)
        if opens and is_gone(project, "setup.py", call.argument):
            yield "setup.py", call.line, f"it opens {call.argument}, which is not there"


def stale_caches(project: Project) -> Iterator[tuple[str, int, str]]:
    """Manifests that a cache of a workflow hangs on, and that are gone."""
    for path in (path for path in automation_files(project) if ".github/" in path):
        text = text_of(project, path)
        for number, line in enumerate(text.splitlines(), 1) if KEYED.search(text) or PATHS.search(text) else ():
            for named in (*KEYED.finditer(line), *PATHS.finditer(line)):
                file = named["file"].removeprefix("./")
                if MANIFEST.fullmatch(file) and is_gone(project, path, file):
                    yield path, number, f"`{line.strip()[:60]}`: {file} is not there"


def is_gone(project: Project, path: str, name: str, *, inside: bool = False) -> bool:
    """Whether a file that ``path`` names is nowhere it could be meant to be; ``inside``: it is named in the project."""
    if path.startswith("../") and not inside:
        folder = f"{project.repository.rsplit('/', 1)[-1]}/"
        if not project.repository or folder not in name:
            return False
        name = name.partition(folder)[2]
    base = posixpath.basename(name)
    places = {name.removeprefix("./"), base, posixpath.join(posixpath.dirname(path), base)}
    made_here = any(base in line and re.search(r"export|>|compile", line) for _, line in lines(project, path))
    return not made_here and not any(project.tree.has(place) for place in places)


@rule.fixes
def rewrite(_project: Project, finding: Finding) -> Iterator[Operation]:
    """The commands of that file."""
    yield RewriteCommands(rule.code, finding.path)
