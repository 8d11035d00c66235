"""An image has uv build the project before its code is there.

``uv sync`` installs the project, too, once it has a ``[build-system]``. In a layer that has only the manifest and the
lock, which is there to be cached, the backend finds no package, no readme or no licence, and the build of the image
ends. What installs the project, or puts it on the search path, once its code is there must stand behind. `pip install
.` is told of, too: without a ``[build-system]`` it made do with less; `uv pip install -r pyproject.toml` installs what
the project needs. So is a start by ``uv run``, which builds the project if nothing has, where the readme never comes.

Source: https://docs.astral.sh/uv/guides/integration/docker/#intermediate-layers

Flagged:

```
pyproject.toml
    [build-system]
    requires = ["uv_build"]
    build-backend = "uv_build"

    [project]
    name = "shop"
    version = "1.0"
uv.lock
    version = 1
Dockerfile
    FROM python:3.13-slim
    COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /uvx /bin/
    WORKDIR /app
    COPY pyproject.toml uv.lock ./
    RUN uv sync --locked
    COPY . .
    RUN uv sync --locked
src/shop/__init__.py
```

Fixed:

```
pyproject.toml
    [build-system]
    requires = ["uv_build"]
    build-backend = "uv_build"

    [project]
    name = "shop"
    version = "1.0"
uv.lock
    version = 1
Dockerfile
    FROM python:3.13-slim
    COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /uvx /bin/
    WORKDIR /app
    COPY pyproject.toml uv.lock ./
    RUN uv sync --no-install-project --locked
    COPY . .
    RUN uv sync --locked
src/shop/__init__.py
```
"""

from __future__ import annotations

import re

from trueup.model.operation import ReplaceText
from trueup.model.pattern import lazy
from trueup.model.readme import read_to_build
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.images import composed, dockerfiles, instructions, lacks_the_project
from trueup.rules.lookups import lines, table, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="error",
    help="the image does not build; trueup has that layer install the dependencies alone, where the code is found",
    no_fix="add --no-install-project there, and a second `uv sync` behind the COPY of the code, which installs it",
)

SYNC = "uv sync"
BUILDS = lazy(SYNC)
CODE = "its code"
WITHOUT = lazy(r"--no-install-(?:project|workspace|local)|--only-group|--(?:package|project|directory)\b|--help")
ALONE = lazy(r"(?:.*/)?(?:pyproject\.toml|uv\.(?:lock|toml)|\.python-version|LICEN[CS]E[\w.-]*|requirements[\w.-]*)\*?")
PIP = lazy(
    r"^RUN\b(?!.*\b(?:cd|clone)\b).*?\bpip3? install\b(?:(?![&|;]|\bpip3? install\b).)*?[ \t]"
    r"(?:-e[ \t]+|--editable[ \t=])?(?<!-[tdc] )(?<!--(?:target|prefix) )(?<!--root )"
    r"[\"']?\.(?:\[[\w,-]*\])?(?=$|[\s;&|\"'])",
    re.IGNORECASE,
)  # of the folder itself, and not one into which it installs
UV_PIP = lazy(
    r"(?P<before>\buv[ \t]+pip[ \t]+install\b(?:(?!\buv[ \t]+pip\b|[&|;]).)*?[ \t])"
    r"(?P<own>(?:(?:-e|--editable)[ \t=]+)?(?P<quote>[\"']?)\.(?:\[(?P<extras>[\w,-]*)\])?(?P=quote))(?=$|[\s;&|])"
)
LISTED = lazy(r"[ \t](?:-r|--requirements?)[ \t=]*(?:\./)?pyproject\.toml(?=$|[\s;&|])")
BOUND = lazy(r"--mount=type=bind,\S*?(?:source|src)=([^,\s]+)")
# which syncs again
STARTS = lazy(r"^[ \t]*(?:CMD|ENTRYPOINT)\b.*\buv[\"',\s]+run\b(?!.*--(?:no-sync|no-project|isolated))", re.MULTILINE)
ANY = lazy(r"^(?:CMD|ENTRYPOINT)\b")
RUNS = lazy(r"^(?![ \t]*#).*\buv[\"',\s]+run\b(?!.*--(?:no-sync|no-project|isolated))")
# A COPY of the manifest from the build context, alone or among others.
COPIES = lazy(
    r"^(?P<copy>[ \t]*(?i:COPY|ADD)[ \t]+(?:--(?!from)\S+[ \t]+)*)(?:[\w./*-]+[ \t]+)*?"
    r"(?P<lead>(?:[\w.-]+/)*)pyproject\.toml[ \t]+(?:[\w./*-]+[ \t]+)*?(?P<to>\S+)[ \t]*$",
    re.MULTILINE,
)
NEEDS_NO_CODE = ("hatchling.build", "pdm.backend")  # told which folders, they do not look whether these are there


@rule.checks
def built_too_early(project: Project) -> Iterator[Finding]:
    """The first such ``uv sync`` of each Dockerfile; what comes from a stage is not known, and not told."""
    backend = str(table(project, "build-system").get("build-backend", ""))
    if not backend or table(project, "tool", "uv").get("package") is False:
        return
    needed = wanted(project, backend)
    for path in dockerfiles(project):
        text = text_of(project, path)
        first = next(early(project, text, needed), None) if SYNC in text else None
        for number, missing in early(project, text, needed, PIP):
            message = f"`pip install .` builds the project before {missing} is there"
            starts = any(item.argv[0] in table(project, "project", "scripts") for item in project.commands)
            fixable = "PYTHONPATH" in text and own_at(text, number) > 0 and not starts
            yield rule.finding(Place(path, number), message, subject=f"pip install . {missing}", fixable=fixable)
        if not first:
            yield from started_without(project, path, needed)
        here = [
            (number, line) for number, line in lines(project, path) if first and number >= first[0] and SYNC in line
        ]
        if first and here:
            number, line = here[0]
            message = f"`{SYNC}` builds the project before {first[1]} is there"
            fixable = bool(is_found(text, len(here)) or copied(text, first)) and line.count(SYNC) == 1
            yield rule.finding(Place(path, number), message, subject=SYNC, fixable=fixable)


def started_without(project: Project, path: str, needed: set[str]) -> Iterator[Finding]:
    """A start by ``uv run`` in an image to which the readme never comes; code may come by a volume."""
    text = text_of(project, path)
    if "UV_NO_SYNC" in text or ("PYTHONPATH" in text and lacks_the_project(text)):  # which is told to run what it has
        return
    for number, missing in early(project, text, needed - {CODE}, starting(project), ("CMD", "ENTRYPOINT")):
        message = f"`uv run` builds the project when the container starts, and {missing} is not there"
        fixable = copied(text, (number, missing)) != ""
        yield rule.finding(Place(path, number), message, subject=f"uv run {missing}", fixable=fixable)


def starting(project: Project) -> re.Pattern[str]:
    """What starts an image by ``uv run``: its own words, or those of a service of the only image."""
    files = composed(project) if len(list(dockerfiles(project))) == 1 else []
    served = any(RUNS.search(line) for path in files for _, line in lines(project, path))
    return ANY if served else STARTS


def own_at(text: str, number: int) -> int:
    """The line of the instruction at ``number`` where ``uv pip install .`` stands; 0 where no single line has it."""
    every = text.splitlines()
    for at in range(number, len(every) + 1):
        if "--no-deps" not in every[at - 1] and UV_PIP.search(every[at - 1]):
            return at
        if not every[at - 1].rstrip().endswith("\\"):
            return 0
    return 0


def is_found(text: str, syncs: int) -> bool:
    """Whether the code is found where one sync leaves the project out: by other means, or by a later one."""
    return "PYTHONPATH" in text or syncs > 1 or STARTS.search(text) is not None


def copied(text: str, early: tuple[int, str]) -> str:
    """The instruction that brings a file as the manifest is brought; ``""`` where no COPY of it says how."""
    line, name = early
    if name == CODE:
        return ""
    copies = [found for found in COPIES.finditer(text) if text.count("\n", 0, found.start()) < line - 1]
    if not copies or copies[-1]["to"].startswith('"'):
        return ""
    found = copies[-1]
    to = found["to"].replace("pyproject.toml", name) if found["to"].endswith("pyproject.toml") else found["to"]
    to = f"{to.rstrip('/')}/{name}" if "/" in name and not to.endswith(name) else to
    return f"{found['copy']}{found['lead']}{name} {to}" if to.endswith((".", "/", name)) else ""


def wanted(project: Project, backend: str) -> set[str]:
    """What a backend must find to build a wheel, also an editable one: what is named, its code, or nothing."""
    named = set(read_to_build(project))
    if backend.startswith("setuptools."):
        settings = table(project, "tool", "setuptools")
        return {CODE} if {"package-dir", "packages"} & set(settings) else set()
    listed = backend == "pdm.backend" or table(project, "tool", "hatch", "build", "targets", "wheel")
    return named if backend in NEEDS_NO_CODE and listed else named | {CODE}


def early(
    project: Project,
    text: str,
    needed: set[str],
    what: re.Pattern[str] = BUILDS,
    keywords: tuple[str, ...] = ("RUN",),
) -> Iterator[tuple[int, str]]:
    """Where a Dockerfile builds the project, and what of that is ``needed`` for it is not there."""
    stages: dict[str, set[str]] = {}
    there, name = set[str](), ""
    for line, instruction in instructions(text):
        words = instruction.split() or [""]
        keyword = words[0].upper()
        if keyword == "FROM":
            stages[name] = there
            there, name = set(stages.get(words[1].lower(), ())) if len(words) > 1 else set[str](), words[-1].lower()
        elif keyword in ("COPY", "ADD"):
            origin = next((word[7:].lower() for word in words if word.startswith("--from=")), "")
            known = {*stages, *map(str, range(len(stages)))}
            there |= needed if origin in known - {""} else set() if origin else brought(project, words[1:-1], needed)
        elif keyword in keywords and what.search(instruction) and not WITHOUT.search(instruction):
            missing = sorted(needed - there - brought(project, BOUND.findall(instruction), needed))
            if missing:
                yield line, missing[0]


def brought(project: Project, sources: list[str], needed: set[str]) -> set[str]:
    """What of that is ``needed`` the sources of a COPY or of mounts bring; no code does a readme bring, nor a download,
    and no readme a folder that does not hold it."""
    found = set[str]()
    for source in (word.strip("[]\"',") for word in sources if not word.startswith("--")):
        plain = source.removeprefix("./").rstrip("*")
        readmes = {name for name in needed if plain and name.startswith(plain)}
        folder = plain.rstrip("/")
        there = needed & {CODE} if folder and project.tree.has_dir(folder) else needed
        there = needed & {CODE} if folder.endswith(".py") else set() if project.tree.has(folder) else there
        there = set() if "://" in source and ".git" not in source else there
        found |= readmes or (set() if ALONE.fullmatch(source) or re.match(r"(?i)readme", plain) else there)
    return found


@rule.fixes
def leave_it_out(project: Project, finding: Finding) -> Iterator[Operation]:
    """The option that has uv install the dependencies alone; or the readme, where nothing else would bring the code."""
    text = text_of(project, finding.path)
    if finding.subject.startswith("pip"):
        line = own_at(text, finding.line)
        found = UV_PIP.search(text.splitlines()[line - 1])
        if found:
            extras = "".join(f" --extra {name}" for name in (found["extras"] or "").split(",") if name)
            listed = LISTED.search(re.split("[&|;]", found.string[found.start() :])[0])
            said = f"{found['before'].rstrip()}{'' if listed else ' -r pyproject.toml'}{extras}"
            yield ReplaceText(rule.code, finding.path, line, found["before"] + found["own"], said)
        return
    syncs = sum(number >= finding.line and SYNC in line for number, line in lines(project, finding.path))
    starts = finding.subject != SYNC
    if is_found(text, syncs) and not starts:
        yield ReplaceText(rule.code, finding.path, finding.line, SYNC, f"{SYNC} --no-install-project")
        return
    backend = str(table(project, "build-system").get("build-backend", ""))
    what, keywords = (starting(project), ("CMD", "ENTRYPOINT")) if starts else (BUILDS, ("RUN",))
    needed = wanted(project, backend) - ({CODE} if starts else set())
    for line, missing in early(project, text, needed, what, keywords):
        run = text.splitlines()[line - 1].split(maxsplit=1)[0]
        yield ReplaceText(rule.code, finding.path, line, f"{run} ", f"{copied(text, (line, missing))}\n{run} ")
        return
