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
from trueup.model.versions import holds, is_plain
from trueup.rules import Rule
from trueup.rules.lookups import some, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Lock, Project

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
    yield from of_another_python(project, lock)
    yield from of_another_source(project, lock)
    elsewhere = {normal(name) for name in table(project, "tool", "uv", "sources")}
    asked = {key for key in declared_keys(project) if key[0] not in elsewhere}
    recorded = {key for key in map(recorded_key, lock.requirements) if key[0] not in elsewhere}
    names = sorted({key[0] for key in asked ^ recorded if not answered(key, recorded if key in asked else asked)})
    if names:
        yield rule.finding(
            lock.path, f"the lock was made from other requirements: {some(names)}", subject="requirements"
        )


def of_another_python(project: Project, lock: Lock) -> Iterator[Finding]:
    """A bound of Python that the lock was not made for; in a workspace the members' bounds make one."""
    asked, recorded = table(project, "project").get("requires-python"), lock.requires_python
    alone = not table(project, "tool", "uv", "workspace") and isinstance(asked, str)
    if alone and recorded and is_plain(str(asked)) and is_plain(recorded) and not same(str(asked), recorded):
        message = f"the lock was made for Python {recorded}, and requires-python is {asked}"
        yield rule.finding(lock.path, message, subject="requires-python")


def same(one: str, other: str) -> bool:
    """Whether two plain bounds admit the same releases of Python."""
    if tidy(one) == tidy(other):
        return True
    releases = [(3, minor, patch) for minor in range(20) for patch in range(30)]
    return all(holds(one, release) == holds(other, release) for release in (*releases, (2, 7, 18), (4, 0, 0)))


def of_another_source(project: Project, lock: Lock) -> Iterator[Finding]:
    """Sources in git whose tag, branch or revision is another than the lock's, or that are no source there."""
    from urllib.parse import unquote

    for name, source in table(project, "tool", "uv", "sources").items():
        if not isinstance(source, dict) or not isinstance(source.get("git"), str) or "marker" in source:
            continue
        locked = [unquote(package.source) for package in lock.packages if package.name == normal(name)]
        wanted = [f"{key}={source[key]}" for key in ("tag", "branch", "rev") if key in source]
        if len(locked) == 1 and not ("://" in locked[0] and all(text in locked[0] for text in ("#", *wanted))):
            said = f" at {wanted[0].partition('=')[2]}" if wanted else ""
            message = f"the lock has another {normal(name)} than git{said}"
            yield rule.finding(lock.path, message, subject=f"source {normal(name)}")


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
    if finding.subject != "syntax":
        yield RunTool(rule.code, ("uv", "lock"), ("uv.lock",))
