"""``.dockerignore`` hides from the build what the image needs, or leaves in what it must not have.

A file that a pattern leaves out is there neither for ``COPY`` nor in what ``COPY . .`` brings: the build stops at the
lock, at the list of requirements or at the readme that the build backend reads, or the image lacks the code. Where all
is copied and nothing leaves out ``.venv``, the developer's environment goes into the image.

Source: https://docs.docker.com/build/concepts/context/#dockerignore-files

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
uv.lock
    version = 1
.dockerignore
    *
    !src
    !pyproject.toml
Dockerfile
    FROM python:3.13-slim
    COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /bin/
    COPY pyproject.toml uv.lock ./
    RUN uv sync --locked --no-install-project
src/shop/__init__.py
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
uv.lock
    version = 1
.dockerignore
    *
    !src
    !pyproject.toml
    !uv.lock
Dockerfile
    FROM python:3.13-slim
    COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /bin/
    COPY pyproject.toml uv.lock ./
    RUN uv sync --locked --no-install-project
src/shop/__init__.py
```
"""

from __future__ import annotations

import re

from trueup.model.operation import AppendLine
from trueup.model.pattern import lazy
from trueup.model.readme import read_to_build
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.images import dockerfiles, hiding, instructions, leaves_out
from trueup.rules.lookups import is_application, table, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="error",
    confidence="medium",
    help="the image does not build, or lacks what it runs; trueup lets in what the build of the project reads",
    no_fix="what is to be kept out is yours to say: a line `.venv` keeps that out, `!` in front of a path lets it in",
)

COPIES = lazy(r"^(?:COPY|ADD)\s+(?P<words>.+)$", re.IGNORECASE)
LISTED = lazy(r"(?:^|\s)-r\s*(?P<file>[\w./-]+\.(?:txt|in))")
# Where a Dockerfile lies whose context is the root.
OF_ROOT = lazy(r"(?:\.?docker(?:files?)?/|deploy(?:ment)?/|build/|infra/|ops/|containers?/)*[^/]+", re.IGNORECASE)
SPEAKS = lazy(r"\b(?:python|pip3?|uv|poetry|pdm|pipenv)\b", re.IGNORECASE)
UV = lazy(r"\buv\b")
WHOLE = (".", "./", "*", "./*")


@rule.checks
def hidden(project: Project) -> Iterator[Finding]:
    """The first thing that each Dockerfile needs of the project's root and does not get."""
    for path in dockerfiles(project):
        own = f"{path}.dockerignore"
        ignore = own if project.tree.has(own) else ".dockerignore"
        text = text_of(project, path)
        if not OF_ROOT.fullmatch(path) or not SPEAKS.search(text):
            continue
        hides = hiding(text_of(project, ignore))
        lost = next(((line, name) for line, name in wanted(project, path) if is_lost(project, name, hides)), None)
        if lost and project.tree.has(ignore):
            line, name = lost
            message = f"the image needs {name}, and {ignore} leaves it out"
            yield rule.finding(Place(path, line), message, subject=name, fixable=name in builds(project))
        copied = next((line for line, words in copies(project, path) if set(words[:-1]) & {*WHOLE}), 0)
        kept_out = any(leaves_out(project, path, name) for name in (".venv", "venv", "env"))
        if copied and is_application(project) and not kept_out and not UV.search(text):
            message = "copies everything, and no .dockerignore leaves out .venv"
            hint = "the developer's environment, made for another machine, goes into the image"
            place = Place(path, copied)
            yield rule.finding(place, message, subject=".venv", severity="info", help=hint, fixable=False)


def is_lost(project: Project, name: str, hides: Callable[[str], bool]) -> bool:
    """Whether a file is hidden, or all that lies in a folder: a pattern may let in again what is below it."""
    return hides(name) and (project.tree.has(name) or all(map(hides, project.tree.under(name))))


def copies(project: Project, path: str) -> Iterator[tuple[int, list[str]]]:
    """What is copied from the build context: sources, and the place at the end."""
    for line, instruction in instructions(text_of(project, path)):
        found = COPIES.match(instruction)
        if found and "--from=" not in found["words"]:
            words = [word.strip("[]\"',") for word in found["words"].split() if not word.startswith("--")]
            yield line, [word for word in words if word]


def wanted(project: Project, path: str) -> Iterator[tuple[int, str]]:
    """Files and folders that are there, that are copied by name or with all, and that the build then reads."""
    text = text_of(project, path)
    for line, words in copies(project, path):
        for word in words[:-1]:
            plain = word.removeprefix("./").rstrip("/")
            if word in WHOLE:
                yield from ((line, name) for name in read_later(project, text))
            elif project.tree.has(plain) or project.tree.has_dir(plain):
                yield line, plain


def read_later(project: Project, text: str) -> Iterator[str]:
    """What the build of an image reads of a context that is copied as a whole."""
    names = [found["file"].removeprefix("./") for found in LISTED.finditer(text)]
    if re.search(r"\buv\s+sync\b", text):
        names += ["pyproject.toml", "uv.lock"]
    installs = re.search(
        r"\buv\s+sync\b(?![^\n]*--no-install-project)|\bpip3?\s+install\s+(?:-\S+\s+)*\.(?:\s|$)", text
    )
    if installs and table(project, "build-system"):
        names += sorted(builds(project).difference(names))
    names += [f"{root}/{package}" if root else package for root, package in packages(project)]
    yield from (name for name in names if project.tree.has(name) or project.tree.has_dir(name))


def builds(project: Project) -> set[str]:
    """The files, none of them a secret, that every build of the project reads."""
    return {"pyproject.toml", "uv.lock", *read_to_build(project)}


@rule.fixes
def let_in(project: Project, finding: Finding) -> Iterator[Operation]:
    """The file named behind the patterns, of which the last one that matches decides."""
    own = f"{finding.path}.dockerignore"
    yield AppendLine(rule.code, own if project.tree.has(own) else ".dockerignore", f"!{finding.subject}")


def packages(project: Project) -> list[tuple[str, str]]:
    """The folder on the import path and the package of the application."""
    layout = project.layout
    return [(root, layout.package) for root in layout.roots if layout.package and is_application(project)]
