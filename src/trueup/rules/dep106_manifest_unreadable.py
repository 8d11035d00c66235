"""A manifest cannot be read as it stands.

A file that is not UTF-8 (PowerShell's ``>`` writes UTF-16), a line that no installer understands, or
broken TOML: one tool guesses, the next one stops, a third silently leaves the line out.

Source: https://pip.pypa.io/en/stable/reference/requirements-file-format/

Flagged:

```
requirements.txt (utf-16)
    fastapi==0.115.6
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```

Fixed:

```
pyproject.toml
    [build-system]
    requires = ["hatchling"]
    build-backend = "hatchling.build"

    [project]
    name = "shop"
    version = "0.1.0"
    requires-python = ">=3.12"
    dependencies = [
        "fastapi==0.115.6",
    ]

    [tool.hatch.build.targets.wheel]
    packages = ["src/shop"]
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```
"""

from __future__ import annotations

from trueup.model.command_line import REQUIREMENTS
from trueup.model.project import NO_RUNNER
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import conversion, manifest_sources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project
    from trueup.model.words import Severity

rule = Rule(
    __name__,
    severity="error",
    help="what one tool guesses, another refuses or silently leaves out",
)


NAMES = ("pyproject.toml", "Pipfile", "setup.py", "setup.cfg")
NO_LISTS = ("setup.py", "setup.cfg", "conda")  # what only setuptools or conda can read is no defect of theirs


@rule.checks
def unreadable(project: Project) -> Iterator[Finding]:
    """Manifests with an error, with a line that nobody can read, in another encoding than UTF-8, or that are links."""
    seen = set()
    for path, entry in project.tree.entries.items():
        if entry.kind == "link" and not entry.ignored and (path in NAMES or REQUIREMENTS.fullmatch(path)):
            message = "it is a link, and no link is followed: what it declares is not known"
            yield rule.finding(path, message, subject="link", severity="warning", fixable=False)
    if project.pyproject and project.pyproject.error:
        seen.add("pyproject.toml")
        encoding = foreign_encoding(project, "pyproject.toml")
        why = f"the file is {encoding}, and TOML is UTF-8" if encoding else project.pyproject.error
        yield rule.finding("pyproject.toml", why, subject="syntax", fixable=False)
    for manifest in project.manifests:
        if manifest.path in seen:
            continue
        seen.add(manifest.path)
        if manifest.error:
            yield rule.finding(manifest.path, manifest.error, subject="syntax", fixable=False)
            continue
        lists = manifest.format not in NO_LISTS
        bad = [line for line in manifest.lines if lists and line.kind == "unreadable" and line.reason != NO_RUNNER]
        if bad:
            place = Place(manifest.path, bad[0].line)
            more = f" and {len(bad) - 1} more" if len(bad) > 1 else ""
            reason = f": {bad[0].reason}" if bad[0].reason else ""
            yield rule.finding(
                place, f"`{bad[0].text.strip()[:60]}`{more} cannot be read{reason}", subject="line", fixable=False
            )
        encoding = foreign_encoding(project, manifest.path)
        if encoding:
            fixable = manifest.path in manifest_sources(project)
            message = f"the file is {encoding}, not UTF-8"
            severity: Severity = "error" if manifest.path == "pyproject.toml" else "warning"  # uv refuses it
            yield rule.finding(manifest.path, message, subject="encoding", severity=severity, fixable=fixable)


def foreign_encoding(project: Project, path: str) -> str:
    """What a manifest is written in, where that is not UTF-8."""
    data = project.tree.read(path) if project.tree.has(path) else b""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:64]:
        return "UTF-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "in an old encoding"
    return ""


@rule.fixes
def convert(project: Project, finding: Finding) -> Iterable[Operation]:
    """A readable file in a foreign encoding is converted with the others."""
    return conversion(project, rule.code) if finding.subject == "encoding" else []
