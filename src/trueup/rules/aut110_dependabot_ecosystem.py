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

from fnmatch import fnmatchcase

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
    no_fix="the entry watches other folders, too: give the project an entry of its own, for uv",
)

FILES = (".github/dependabot.yml", ".github/dependabot.yaml")
ECOSYSTEM = lazy(r"""^(\s*(?:-\s*)?package-ecosystem\s*:\s*["']?)pip(["']?\s*(?:#.*)?)$""")
UV = lazy(r"""^\s*(?:-\s*)?package-ecosystem\s*:\s*["']?uv\b""")
DIRECTORY = lazy(r"""^\s*(?:-\s*)?directory\s*:\s*["']?/?([^"'#]*?)/?["']?\s*(?:#.*)?$""")
ENTRY = lazy(r"\s*-?\s*package-ecosystem\b", words=("package-ecosystem",))
DIRECTORIES = lazy(r"""^\s*(?:-\s*)?directories\s*:\s*(?P<listed>\[.*\]|)\s*(?:#.*)?$""")
ITEM = lazy(r"""^\s*-\s+(?P<word>["']?/?[^"'#:\s]*["']?)\s*(?:#.*)?$""")
WORD = lazy(r"""[^\s"',\[\]]+""")


@rule.checks
def looks_after_pip(project: Project) -> Iterator[Finding]:
    """Entries for pip that watch the folder of a project with ``uv.lock``; one that watches others, too, is told."""
    if project.lock is None:
        return
    ups = "../" * (project.repository.count("/") + 1) if project.repository else ""
    for path in (f"{ups}{name}" for name in FILES):
        if any(UV.match(line) for _, line in lines(project, path)):
            continue  # it watches both: requirements files beside the lock
        for number, folders in watched(project, path):
            if any(is_ours(project, folder) for folder in folders):
                alone = len(folders) == 1 and "*" not in folders[0]
                message = "watches pip, and the project is locked by uv"
                yield rule.finding(Place(path, number), message, subject="pip", fixable=alone)


def watched(project: Project, path: str) -> Iterator[tuple[int, list[str]]]:
    """The lines of the entries for pip, each with the folders that it names."""
    number, folders, inside = 0, list[str](), False
    for at, line in lines(project, path):
        if ENTRY.match(line):
            yield from [(number, folders)] if number else []
            number, folders, inside = (at if ECOSYSTEM.match(line) else 0), [], False
        elif found := DIRECTORY.match(line):
            folders.append(found[1])
        elif found := DIRECTORIES.match(line):
            inside = True
            folders += WORD.findall(found["listed"])
        elif inside and (found := ITEM.match(line)):
            folders += WORD.findall(found["word"]) or [""]
        elif inside and line.strip() and not line.lstrip().startswith("#"):
            inside = False
    yield from [(number, folders)] if number else []


def is_ours(project: Project, folder: str) -> bool:
    """Whether a folder, or a pattern of folders, is that of the project, seen from the top of the repository."""
    plain = folder.strip("/")
    if "*" not in plain:
        return plain in (project.repository, ".")
    return ("**" in plain or bool(project.repository)) and fnmatchcase(project.repository, plain.replace("**/", "*"))


@rule.fixes
def watch_uv(project: Project, finding: Finding) -> Iterator[Operation]:
    """The ecosystem by its other name, in the line as it stands."""
    line = dict(lines(project, finding.path))[finding.line]
    yield ReplaceText(rule.code, finding.path, finding.line, line, ECOSYSTEM.sub(r"\g<1>uv\g<2>", line))
