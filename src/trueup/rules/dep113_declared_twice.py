"""One list declares a dependency twice, perhaps with bounds that no version satisfies together.

Where they exclude one another, pip stops with "ResolutionImpossible" and uv with "No solution found", or a tool takes
the one or the other line; where not, it is only told. Two lines under different markers are alternatives, and fine.

Source: https://packaging.python.org/en/latest/specifications/dependency-specifiers/

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = [
        "fastapi>=0.115",
        "pydantic<2",
        "pydantic>=2.4",
    ]
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = [
        "fastapi>=0.115",
        "pydantic>=2.4",
    ]
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```
"""

from __future__ import annotations

import re
from itertools import combinations

from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Manifest, Project, Requirement

rule = Rule(
    __name__,
    severity="warning",
    help="nothing can be installed from it, or which version is installed hangs on the tool",
    no_fix="which of the two bounds is meant is yours to say",
)

AGAIN = "the one line is forgotten when the other changes: one line can say both"


@rule.checks
def contradictions(project: Project) -> Iterator[Finding]:
    """Requirements of one name in one group of one manifest that no version satisfies, under the same conditions."""
    for manifest in (item for item in project.manifests if item.format != "conda"):  # pip and conda have a list each
        for items in twice(manifest):
            for one, other in combinations(items, 2):
                if contradict(one.specifier, other.specifier):
                    message = f"{one.name}{other.specifier} here, {one.name}{one.specifier} in line {one.line}"
                    yield rule.finding(Place(other.path, other.line), message, subject=one.name)
                    break
            else:
                one, other = items[0], items[1]
                if one.extras != other.extras or "--hash=" in text_of(project, manifest.path):
                    continue  # each line asks for something of its own, or a tool wrote them
                message = f"{one.name}{other.specifier} here, {one.name}{one.specifier} in line {one.line}"
                where = Place(other.path, other.line)
                yield rule.finding(where, message, subject=one.name, severity="info", help=AGAIN)


def twice(manifest: Manifest) -> Iterator[list[Requirement]]:
    """Requirements that one group has more than once under the same marker."""
    found: dict[tuple[object, ...], list[Requirement]] = {}
    for item in manifest.requirements:
        if not item.url and not item.source:
            found.setdefault((item.path, item.group, item.is_extra, item.name, item.marker), []).append(item)
    return (items for items in found.values() if len(items) > 1)


def contradict(one: str, other: str) -> bool:
    """Whether surely no version satisfies both: none of those that they name, nor any next to one."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    named = re.findall(r"\d+(?:\.\d+)*(?:(?:a|b|rc|\.?dev|\.?post)\d+)?", f"{one},{other}")
    try:
        both = SpecifierSet(one) & SpecifierSet(other)
    except InvalidSpecifier:
        return False
    near = ["0", *named, *(f"{re.match(r'[0-9.]+', version)[0].rstrip('.')}.0.0.1" for version in named)]  # type: ignore[index]
    return not any(both.contains(version, prereleases=True) for version in near)
