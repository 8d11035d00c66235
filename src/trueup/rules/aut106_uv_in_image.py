"""A Dockerfile uses uv in a way that its own guide warns of.

``uv sync`` without ``--locked`` resolves anew where the lock is stale, so that two builds differ. The image of uv
without a tag is another uv next month, and so is what ``pip install uv`` or the installer without a version brings.
``COPY . .`` without ``.venv`` in ``.dockerignore`` puts the developer's environment, with its absolute paths, over
the one in the image. ``uv run`` as the command that starts may install once more, at every start, from the network,
and without ``--no-dev`` it surely installs the groups that ``uv sync --no-dev`` left out.

Source: https://docs.astral.sh/uv/guides/integration/docker/

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
uv.lock
    version = 1
.dockerignore
    .venv
Dockerfile
    FROM python:3.13-slim
    COPY --from=ghcr.io/astral-sh/uv:latest /uv /uvx /bin/
    WORKDIR /app
    COPY . .
    RUN uv sync
    CMD ["/app/.venv/bin/uvicorn", "shop.main:app"]
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
    .venv
Dockerfile
    FROM python:3.13-slim
    COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /uvx /bin/
    WORKDIR /app
    COPY . .
    RUN uv sync --locked
    CMD ["/app/.venv/bin/uvicorn", "shop.main:app"]
```
"""

from __future__ import annotations

import re

from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.images import dockerfiles, instructions, lacks_the_project, leaves_out
from trueup.rules.lookups import table, text_of, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project
    from trueup.model.words import Severity

rule = Rule(
    __name__,
    severity="warning",
    help="two builds of one commit differ, or the image runs what nobody tested",
    no_fix="which uv was tested, and what is copied before the lock is there, is yours to say",
)

UV_IMAGE = lazy(r"(?:--from=|^FROM\s+(?:--\S+\s+)*)(?P<image>ghcr\.io/astral-sh/uv(?::latest)?)(?:\s|$)", re.I)
COPIES_ALL = lazy(r"^(?:COPY|ADD)\s+(?:--(?!from)\S+\s+)*\./?\s+\S+", re.I)
NEWEST = lazy(
    r"astral\.sh/uv/install\.|\bpip[\d.]*\s+install\s+(?:(?!&&|\bpip[\d.]*\s+install)[^;|])*?(?<=[\s\"'])uv(?=[\s\"']|$)",
    words=("astral.sh/uv/install.", "install"),
)
STARTS = lazy(r"^(?:CMD|ENTRYPOINT)\b[\s\[\"']*(?:\S*/)?uv[\s\"',]+run\b(?!.*--no-sync)", re.I)
LEFT_OUT = lazy(r"--no-(?:dev|default-groups)\b", words=("--no-d",))
CHECKS = {"--locked", "--frozen", "--check", "--help", "--dry-run"}


@rule.checks
def against_the_guide(project: Project) -> Iterator[Finding]:
    """The six ways, each once in a file."""
    for path in dockerfiles(project):
        text = text_of(project, path)
        if not re.search(r"\buv\b", text):
            continue
        told = set[str]()
        for line, subject, message in (*in_instructions(project, path), *syncs(project, path, text)):
            if subject not in told:
                told.add(subject)
                severity: Severity | None = "info" if subject == "uv run" else None
                yield rule.finding(Place(path, line), message, subject=subject, severity=severity)


def in_instructions(project: Project, path: str) -> Iterator[tuple[int, str, str]]:
    """Line, subject and message for single instructions."""
    text = text_of(project, path)
    own = "UV_PROJECT_ENVIRONMENT" not in text and not re.search(r"uv\s+pip\s+(install|sync)\b.*--system", text)
    built = table(project, "build-system") and table(project, "tool", "uv").get("package") is not False
    for line, instruction in instructions(text):
        image = UV_IMAGE.search(instruction)
        if image:
            yield line, "uv image", f"{image['image']} is another uv next month"
        if NEWEST.search(instruction):
            yield line, "uv newest", "installs the newest uv"
        if STARTS.match(instruction) and "UV_NO_SYNC" not in text and not (built and lacks_the_project(text)):
            if brings_back(project, text, instruction):
                yield line, "uv run groups", "`uv run` installs at the start the groups that `uv sync` left out"
            else:
                yield line, "uv run", "`uv run` may install at every start"
        if own and COPIES_ALL.match(instruction) and "uv sync" in text and not leaves_out(project, path):
            yield line, ".venv", "copies everything, and no .dockerignore leaves out .venv"


def brings_back(project: Project, text: str, start: str) -> bool:
    """Whether default groups are left out by every ``uv sync`` of an image and not where it starts."""
    by_default = table(project, "tool", "uv").get("default-groups", ["dev"])
    groups = set(table(project, "dependency-groups"))
    groups |= {"dev"} if table(project, "tool", "uv").get("dev-dependencies") else set()
    has_any = bool(groups) if by_default == "all" else bool(groups.intersection(words(by_default)))
    runs = [each for _, each in instructions(text) if each.upper().startswith("RUN ") and "uv sync" in each]
    left_out = bool(runs) and all(LEFT_OUT.search(each) for each in runs)
    return has_any and left_out and not LEFT_OUT.search(start) and "UV_NO_DEV" not in text


def syncs(project: Project, path: str, text: str) -> Iterator[tuple[int, str, str]]:
    """Each ``uv sync`` that checks nothing."""
    if re.search(r"\bUV_(LOCKED|FROZEN)\s*[= ]\s*[\"']?(1|true)", text):
        return
    for command in project.commands:
        argv = list(command.argv)
        at = next((at for at, word in enumerate(argv) if word.rsplit("/", 1)[-1] == "uv"), -1)
        if command.path == path and at >= 0 and argv[at + 1 : at + 2] == ["sync"] and not CHECKS.intersection(argv):
            when = "where the lock is stale" if project.lock else "at every build"
            yield command.line, "uv sync", f"`{command.text[:60]}` resolves anew {when}"
