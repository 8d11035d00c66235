"""The licence is declared in a way that PEP 639 does not have, or has ended.

Beside a licence expression (``license = "MIT"``) a classifier ``License :: ...`` says the same again, and setuptools
refuses to build. The table ``license = {text = "..."}`` (or ``{file = ...}``) is deprecated: an expression and
``license-files`` say both, and tools can read them. An expression has identifiers of SPDX: with ``"MIT License"`` or
``"Proprietary"`` uv_build, hatchling and setuptools refuse to build.

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

import re

from trueup.model.pattern import lazy
from trueup.model.python import admits
from trueup.rules import Rule
from trueup.rules.lookups import table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project
    from trueup.model.words import Severity

rule = Rule(
    __name__,
    severity="warning",
    help="setuptools refuses both together, and tools read licence expressions only",
    no_fix="which licence is meant is yours to say",
)

REFUSE = {"setuptools": "setuptools", "hatchling": "hatchling", "uv_build": "uv_build"}
EXPRESSION = lazy(r"\(*[A-Za-z0-9.+-]+\)*(?:\s+(?:AND|OR|WITH)\s+\(*[A-Za-z0-9.+-]+\)*)*", re.IGNORECASE)
# What people write, and the list of SPDX does not have.
NO_IDENTIFIERS = lazy(
    r"(?:l|a)?gpl(?:v?[23](?:\.[01])?\+?)?|bsd|apache(?:-?v?2|v?2\.0)?|mpl|psf|proprietary|private|commercial|unlicensed"
    r"|closed|none|unknown|other",
    re.IGNORECASE,
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
        if document.get("project", "license") and not is_expression(declared):
            refuses = next((name for start, name in REFUSE.items() if backend.startswith(start)), "")
            ends = f", and {refuses} refuses to build" if refuses else ""
            message = f'license = "{declared}" is no SPDX expression{ends}'
            severity: Severity = "error" if refuses else "warning"
            hint = "an identifier of spdx.org/licenses, or LicenseRef-Proprietary and the like, is one"
            yield rule.finding(
                document.at("project", "license"), message, subject="license", severity=severity, help=hint
            )
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


def is_expression(text: str) -> bool:
    """Whether a text can be a licence expression of SPDX; that an unknown word is an identifier is believed."""
    return EXPRESSION.fullmatch(text.strip()) is not None and NO_IDENTIFIERS.fullmatch(text.strip()) is None


def admits_old(project: Project) -> bool:
    """Whether Python 3.8 is admitted, for which there is no setuptools that knows licence expressions."""
    return admits(str(table(project, "project").get("requires-python", "")), "3.8")
