"""Dependabot looks after ``pip`` in a project that uv locks.

With ``package-ecosystem: "pip"`` it edits requirements files and the manifest, and leaves ``uv.lock`` as it was: every
update it offers fails ``uv lock --check``. The ecosystem ``uv`` updates both.

Source: https://docs.astral.sh/uv/guides/integration/dependency-bots/

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
uv.lock
    version = 1
.github/dependabot.yml
    version: 2
    updates:
      - package-ecosystem: "pip"  # weekly is enough
        directory: "/"
        schedule: {interval: weekly}
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
uv.lock
    version = 1
.github/dependabot.yml
    version: 2
    updates:
      - package-ecosystem: "uv"  # weekly is enough
        directory: "/"
        schedule: {interval: weekly}
```
"""

from __future__ import annotations

import re

from trueup.model.operation import ReplaceText
from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    confidence="high",
    help="its updates leave uv.lock behind; trueup names the ecosystem uv",
)

FILES = (".github/dependabot.yml", ".github/dependabot.yaml")
ECOSYSTEM = lazy(r"""^(\s*(?:-\s*)?package-ecosystem\s*:\s*["']?)pip(["']?\s*(?:#.*)?)$""")
UV = lazy(r"""^\s*(?:-\s*)?package-ecosystem\s*:\s*["']?uv\b""")
DIRECTORY = lazy(r"""^\s*(?:-\s*)?directory\s*:\s*["']?/?([^"'#]*?)/?["']?\s*(?:#.*)?$""")


@rule.checks
def looks_after_pip(project: Project) -> Iterator[Finding]:
    """Entries for pip that watch the folder of a project with ``uv.lock``."""
    if project.lock is None:
        return
    ups = "../" * (project.repository.count("/") + 1) if project.repository else ""
    for path in (f"{ups}{name}" for name in FILES):
        waiting = 0
        if any(UV.match(line) for _, line in lines(project, path)):
            continue  # it watches both: requirements files beside the lock
        for number, line in lines(project, path):
            if re.match(r"\s*-?\s*package-ecosystem", line):
                waiting = number if ECOSYSTEM.match(line) else 0
            elif waiting and (found := DIRECTORY.match(line)) and found[1] in (project.repository, "."):
                yield rule.finding(Place(path, waiting), "watches pip, and the project is locked by uv", subject="pip")
                waiting = 0


@rule.fixes
def watch_uv(project: Project, finding: Finding) -> Iterator[Operation]:
    """The ecosystem by its other name, in the line as it stands."""
    line = dict(lines(project, finding.path))[finding.line]
    yield ReplaceText(rule.code, finding.path, finding.line, line, ECOSYSTEM.sub(r"\g<1>uv\g<2>", line))
