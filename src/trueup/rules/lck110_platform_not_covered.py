"""The lock is made for some platforms only, and the project is built or tested on another.

``[tool.uv] environments`` narrows what ``uv.lock`` is resolved for. Where none of its markers holds, ``uv sync`` stops:
in the image, or on the runner, after all that worked on the machine of who wrote it.

Source: https://docs.astral.sh/uv/concepts/resolution/#limited-resolution-environments

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"

    [tool.uv]
    environments = ["sys_platform == 'darwin'"]
uv.lock
    version = 1
src/shop/__init__.py
Dockerfile
    FROM python:3.12-slim
    RUN uv sync --locked
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"

    [tool.uv]
    environments = ["sys_platform == 'darwin'", "sys_platform == 'linux'"]
uv.lock
    version = 1
src/shop/__init__.py
Dockerfile
    FROM python:3.12-slim
    RUN uv sync --locked
```
"""

from __future__ import annotations

from trueup.model.pattern import lazy
from trueup.rules import Rule
from trueup.rules.images import dockerfiles
from trueup.rules.lookups import lines, table, words
from trueup.rules.workflows import runners

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="error",
    confidence="high",
    help="uv refuses to sync where no marker of the lock holds",
    no_fix="add the platform's marker to [tool.uv] environments and lock again",
)

PLATFORMS = {
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    "macos": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    "windows": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
}
SYNCS = lazy(r"\buv (?:sync|run)\b")


@rule.checks
def uncovered(project: Project) -> Iterator[Finding]:
    """Platforms of images and runners for which no marker of ``environments`` can hold."""
    markers = words(table(project, "tool", "uv").get("environments"))
    if not isinstance(table(project, "tool", "uv").get("environments"), list) or not markers:
        return
    told = set[str]()
    for platform, path in platforms(project):
        if platform not in told and not any(may_hold(marker, PLATFORMS[platform]) for marker in markers):
            told.add(platform)
            yield rule.finding(path, f"uv.lock is not made for {platform}", subject=platform)


def platforms(project: Project) -> Iterator[tuple[str, str]]:
    """The platforms on which uv is asked to sync, each with a file that says so."""
    for path in dockerfiles(project):
        if any(SYNCS.search(line) for _, line in lines(project, path)):
            yield "linux", path
    for path, runner in runners(project):
        if any(SYNCS.search(line) for _, line in lines(project, path)):
            for platform, name in (("linux", "ubuntu"), ("macos", "macos"), ("windows", "windows")):
                if runner.startswith(name):
                    yield platform, path


def may_hold(marker: str, values: dict[str, str]) -> bool:
    """Whether a marker holds for a platform on some Python and some machine; one that cannot be read may."""
    from packaging.markers import InvalidMarker, Marker

    machines = ("x86_64", "aarch64", "arm64", "AMD64")
    try:
        found = Marker(marker)
    except InvalidMarker:
        return True
    versions = [f"3.{minor}" for minor in range(9, 16)]
    given = [
        {**values, "platform_machine": machine, "python_version": version, "python_full_version": f"{version}.0"}
        for machine in machines
        for version in versions
    ]
    return any(found.evaluate(environment) for environment in given)
