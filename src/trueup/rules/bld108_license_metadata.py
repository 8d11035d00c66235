"""The licence is declared in a way that PEP 639 has ended.

Beside a licence expression (``license = "MIT"``) a classifier ``License :: ...`` says the same again, and setuptools
refuses to build. The table ``license = {text = "..."}`` (or ``{file = ...}``) is deprecated: an expression and
``license-files`` say both, and tools can read them.

Source: https://peps.python.org/pep-0639/

Flagged:

```
pyproject.toml
    [build-system]
    requires = ["setuptools>=77"]
    build-backend = "setuptools.build_meta"

    [project]
    name = "shop"
    version = "1.0"
    license = "MIT"
    classifiers = ["License :: OSI Approved :: MIT License"]
src/shop/__init__.py
```

Fixed:

```
pyproject.toml
    [build-system]
    requires = ["setuptools>=77"]
    build-backend = "setuptools.build_meta"

    [project]
    name = "shop"
    version = "1.0"
    license = "MIT"
    classifiers = []
src/shop/__init__.py
```
"""

from __future__ import annotations

from trueup.model.python import admits
from trueup.rules import Rule
from trueup.rules.lookups import table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    help="setuptools refuses both together, and tools read licence expressions only",
    no_fix="which licence is meant is yours to say",
)


@rule.checks
def outdated(project: Project) -> Iterator[Finding]:
    """A classifier beside an expression; the old table, where the backend of every admitted Python knows better."""
    document, metadata = project.pyproject, table(project, "project")
    declared = metadata.get("license")
    listed = metadata.get("classifiers")
    if document is None:
        return
    backend = str(table(project, "build-system").get("build-backend", ""))
    if isinstance(declared, str):
        for number, item in enumerate(listed if isinstance(listed, list) else ()):
            if str(item).startswith("License ::"):
                refused = backend.startswith("setuptools")
                ends = ", and setuptools refuses to build" if refused else ""
                message = f'`{item}` stands beside license = "{declared}"{ends}'
                place = document.at("project", "classifiers", number)
                yield rule.finding(place, message, subject=str(item), severity=None if refused else "info")
    elif isinstance(declared, dict) and not (backend.startswith("setuptools") and admits_old(project)):
        key = next((key for key in ("text", "file") if key in declared), "")
        if key:
            message = f"license = {{{key} = ...}} is deprecated"
            yield rule.finding(document.at("project", "license"), message, subject=f"license.{key}", severity="info")


def admits_old(project: Project) -> bool:
    """Whether Python 3.8 is admitted, for which there is no setuptools that knows licence expressions."""
    return admits(str(table(project, "project").get("requires-python", "")), "3.8")
