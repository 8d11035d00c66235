"""A container builds the project each time it starts.

``uv run`` brings the environment into line before it runs anything. Where every ``uv sync`` of an image leaves the
project out, that is the project itself: its backend is fetched when the container starts, and the start fails where
there is no network, or where the readme is not in the image. ``--no-sync`` runs what the image was built with.

Source: https://docs.astral.sh/uv/reference/cli/#uv-run--no-sync

Flagged:

```
pyproject.toml
    [build-system]
    requires = ["hatchling"]
    build-backend = "hatchling.build"

    [project]
    name = "shop"
    version = "1.0"
    readme = "README.md"
uv.lock
    version = 1
Dockerfile
    FROM python:3.13-slim
    COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /uvx /bin/
    WORKDIR /app
    COPY pyproject.toml uv.lock ./
    RUN uv sync --locked --no-install-project
    COPY src src
    ENV PYTHONPATH=/app/src
    CMD ["uv", "run", "uvicorn", "shop.main:app"]
src/shop/__init__.py
README.md
    Shop
```

Fixed:

```
pyproject.toml
    [build-system]
    requires = ["hatchling"]
    build-backend = "hatchling.build"

    [project]
    name = "shop"
    version = "1.0"
    readme = "README.md"
uv.lock
    version = 1
Dockerfile
    FROM python:3.13-slim
    COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /uvx /bin/
    WORKDIR /app
    COPY pyproject.toml uv.lock ./
    RUN uv sync --locked --no-install-project
    COPY src src
    ENV PYTHONPATH=/app/src
    CMD ["uv", "run", "--no-sync", "uvicorn", "shop.main:app"]
src/shop/__init__.py
README.md
    Shop
```
"""

from __future__ import annotations

from trueup.model.operation import ReplaceText
from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.images import NO_SYNC, composed, dockerfiles, lacks_the_project
from trueup.rules.lookups import lines, table, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    help="the start needs the network and all that the build needs; trueup adds --no-sync where the code is found",
    no_fix="add --no-sync there, or a `uv sync` behind the COPY of the code, which installs it",
)

RUN = lazy(r"""\buv(?P<gap>["']?,?[ \t]+["']?)run\b(?P<quote>["']?)""")


@rule.checks
def built_when_started(project: Project) -> Iterator[Finding]:
    """Every line with ``uv run`` of an image without the project, and of the scripts that it or its services name."""
    if not table(project, "build-system") or table(project, "tool", "uv").get("package") is False:
        return
    images = list(dockerfiles(project))
    for path in images:
        text = text_of(project, path)
        if not lacks_the_project(text):
            continue
        services = composed(project) if len(images) == 1 else []
        words = (word for item in project.commands if item.path in services for word in item.argv)
        started = {word.rpartition("/")[2] for word in words}
        names = {file: file.rpartition("/")[2] for file in project.tree.files() if file.endswith(".sh")}
        scripts = (file for file, name in names.items() if name in text or name in started)
        for file in (path, *scripts, *services):
            for number, line in lines(project, file):
                found = None if line.lstrip().startswith("#") else RUN.search(line)
                if found and not any(word in line for word in NO_SYNC):
                    message = "`uv run` builds the project when the container starts: no `uv sync` of the image did"
                    fixable = "PYTHONPATH" in text
                    subject = line[found.start() :].strip()  # what stands before may be a secret
                    yield rule.finding(Place(file, number), message, subject=subject, fixable=fixable)


@rule.fixes
def run_it_as_it_is(project: Project, finding: Finding) -> Iterator[Operation]:
    """The option behind each ``uv run`` of the line, in a list or in a command."""
    line = dict(lines(project, finding.path))[finding.line]
    found = list(RUN.finditer(line))
    old = line[found[0].start() : found[-1].end()]
    listed = found[0]["quote"]
    option = f", {listed}--no-sync{listed}" if listed else " --no-sync"
    yield ReplaceText(rule.code, finding.path, finding.line, old, RUN.sub(lambda each: each[0] + option, old))
