"""Two manifests ask for different versions of the same dependency.

Which one is installed depends on the command that somebody remembers. The Dockerfile follows one,
CI the other, and both are called "the dependencies". trueup makes ``pyproject.toml`` the one source
and says of every line of the others what became of it.

Source: https://packaging.python.org/en/latest/specifications/pyproject-toml/#dependencies-optional-dependencies

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = ["fastapi>=0.115"]
requirements.txt
    fastapi==0.104.1
main.py
    from fastapi import FastAPI

    app = FastAPI()
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = ["fastapi>=0.115"]
main.py
    from fastapi import FastAPI

    app = FastAPI()
```
"""

from __future__ import annotations

from itertools import combinations

from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import is_application, is_tooling, runtime

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Manifest, Project, Requirement
    from trueup.model.words import Severity

rule = Rule(
    __name__,
    severity="error",
    help="which version is installed depends on the command that is used; one manifest has to decide",
    no_fix="which of the two is right is yours to say; the conversion keeps what the stricter one pins and tells",
)

TOOLS: Severity = "warning"


@rule.checks
def contradictions(project: Project) -> Iterator[Finding]:
    """Runtime requirements of one name in two manifests of which no version satisfies both."""
    if not is_application(project):
        return
    manifests = [item for item in project.manifests if item.path == "setup.py" or not is_tooling(item.path)]
    told = set()
    for one, other in combinations(manifests, 2):
        pairs = [(pair, None) for pair in shared(runtime(one), runtime(other))]
        tools = [
            (pair, TOOLS) for pair in (*shared(grouped(one), runtime(other)), *shared(runtime(one), grouped(other)))
        ]
        for (mine, theirs), severity in (*pairs, *tools):
            if mine.name not in told and contradict(mine, theirs):
                told.add(mine.name)
                message = (
                    f"{mine.name}{mine.specifier} here, {theirs.name}{theirs.specifier} in {theirs.path}:{theirs.line}"
                )
                yield rule.finding(Place(mine.path, mine.line), message, subject=mine.name, severity=severity)


def grouped(manifest: Manifest) -> list[Requirement]:
    """What a manifest asks for beside what runs, for tests and checks: uv locks it together with the rest."""
    return [item for item in manifest.requirements if item.group and not item.is_extra]


def shared(one: list[Requirement], other: list[Requirement]) -> Iterator[tuple[Requirement, Requirement]]:
    """Pairs of requirements for the same thing under the same conditions that are not written alike."""
    by_name = {(item.name, item.marker): item for item in other}
    for item in one:
        match = by_name.get((item.name, item.marker))
        if match is not None and item.specifier != match.specifier and not item.url and not match.url:
            yield item, match


def contradict(one: Requirement, other: Requirement) -> bool:
    """Whether surely no version satisfies both; only pins can say so without asking an index."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        if one.pin:
            return not SpecifierSet(other.specifier).contains(one.pin, prereleases=True)
        return bool(other.pin) and not SpecifierSet(one.specifier).contains(other.pin, prereleases=True)
    except InvalidSpecifier:
        return False
