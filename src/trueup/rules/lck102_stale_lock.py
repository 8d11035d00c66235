"""``uv.lock`` was made from other requirements than the manifest has now.

uv records in the lock what it was made from. Where that differs from ``[project]`` and
``[dependency-groups]``, ``uv sync --locked`` refuses, plain ``uv sync`` silently resolves anew, and
``--frozen`` installs what the manifest no longer asks for.

Source: https://docs.astral.sh/uv/concepts/projects/sync/#checking-the-lockfile

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    requires-python = ">=3.12"
    dependencies = ["idna>=3", "six"]
uv.lock
    version = 1
    revision = 3
    requires-python = ">=3.12"

    [[package]]
    name = "idna"
    version = "3.10"
    source = { registry = "https://pypi.org/simple" }

    [[package]]
    name = "shop"
    version = "1.0"
    source = { virtual = "." }
    dependencies = [
        { name = "idna" },
    ]

    [package.metadata]
    requires-dist = [{ name = "idna", specifier = ">=3" }]
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    requires-python = ">=3.12"
    dependencies = ["idna>=3", "six"]
uv.lock
    version = 1
    revision = 3
    requires-python = ">=3.12"

    [[package]]
    name = "idna"
    version = "3.10"
    source = { registry = "https://pypi.org/simple" }

    [[package]]
    name = "shop"
    version = "1.0"
    source = { virtual = "." }
    dependencies = [
        { name = "idna" },
    ]

    [package.metadata]
    requires-dist = [{ name = "idna", specifier = ">=3" }, { name = "six" }]
```
"""

from __future__ import annotations

from trueup.model.names import normal
from trueup.model.operation import RunTool
from trueup.model.pattern import lazy
from trueup.rules import Rule
from trueup.rules.lookups import some, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

    Key = tuple[str, frozenset[str], str]

rule = Rule(
    __name__,
    severity="error",
    help="`uv sync` resolves anew or refuses, `--frozen` installs what is no longer asked for; trueup runs `uv lock`",
)

RECORDED = lazy(r"(?P<name>[\w.-]+)(?:\[(?P<extras>[^\]]*)\])?(?P<specifier>[^;]*)")


@rule.checks
def stale(project: Project) -> Iterator[Finding]:
    """Requirements of pyproject.toml against the lock's own record of them; markers and groups are not compared."""
    lock = project.lock
    if lock is None or lock.pending:
        return
    if lock.error:
        yield rule.finding(lock.path, f"the lock cannot be read: {lock.error}", subject="syntax", fixable=False)
        return
    if not lock.requirements or "dependencies" in table(project, "project").get("dynamic", ()):
        return
    elsewhere = {normal(name) for name in table(project, "tool", "uv", "sources")}
    asked = {key for key in declared_keys(project) if key[0] not in elsewhere}
    recorded = {key for key in map(recorded_key, lock.requirements) if key[0] not in elsewhere}
    names = sorted({key[0] for key in asked ^ recorded if not answered(key, recorded if key in asked else asked)})
    if names:
        yield rule.finding(
            lock.path, f"the lock was made from other requirements: {some(names)}", subject="requirements"
        )


def declared_keys(project: Project) -> Iterator[Key]:
    """What the standard tables of pyproject.toml ask for."""
    for manifest in project.manifests:
        if manifest.format == "pyproject":
            for item in manifest.requirements:
                if not item.url:
                    yield item.name, frozenset(map(normal, item.extras)), tidy(item.specifier)


def recorded_key(text: str) -> Key:
    """What the lock says it was made from."""
    found = RECORDED.match(text)
    if found is None:
        return text, frozenset(), ""
    extras = frozenset(normal(extra.strip()) for extra in (found["extras"] or "").split(",") if extra.strip())
    return normal(found["name"]), extras, tidy(found["specifier"])


def tidy(specifier: str) -> str:
    """A specifier with its parts in order."""
    return ",".join(sorted(part.strip() for part in specifier.split(",") if part.strip()))


def answered(key: Key, others: set[Key]) -> bool:
    """Whether the other side asks for the same in other words (``>=1.0`` and ``>=1``)."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        wanted = SpecifierSet(key[2])
        return any(key[:2] == other[:2] and wanted == SpecifierSet(other[2]) for other in others)
    except InvalidSpecifier:
        return False


@rule.fixes
def lock_again(project: Project, finding: Finding) -> Iterator[Operation]:
    """Lock anew; versions that still fit stay."""
    if finding.subject == "requirements":
        yield RunTool(rule.code, ("uv", "lock"), ("uv.lock",))
