"""A classifier names a version of Python that ``requires-python`` does not admit.

Classifiers are shown and searched for, ``requires-python`` decides: people choose the package for a version on which
it does not install.

Source: https://packaging.python.org/en/latest/guides/dropping-older-python-versions/

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    requires-python = ">=3.12"
    classifiers = [
        "Programming Language :: Python :: 3.8",
        "Programming Language :: Python :: 3.12",
    ]
src/shop/__init__.py
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    requires-python = ">=3.12"
    classifiers = [
        "Programming Language :: Python :: 3.12",
    ]
src/shop/__init__.py
```
"""

from __future__ import annotations

from trueup.model.python import admits
from trueup.rules import Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="info",
    help="people choose the package for a Python on which it does not install",
    no_fix="either the classifier or the bound is outdated, and which is yours to say",
)


@rule.checks
def not_admitted(project: Project) -> Iterator[Finding]:
    """Each classifier that the bound of the same manifest, or of the project, excludes."""
    bounds = [item for item in project.evidence if item.what == "requires"]
    for item in project.evidence:
        near = [bound for bound in bounds if bound.place.path == item.place.path] or bounds
        if item.what == "classifier" and near and not admits(near[0].version, item.version):
            message = f"a classifier names Python {item.version}, and {near[0].version} ({near[0].place}) excludes it"
            yield rule.finding(item.place, message, subject=item.version)
