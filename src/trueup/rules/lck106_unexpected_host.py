"""``uv.lock`` takes files from a host that the project does not ask.

uv downloads what the lock says and asks no index again: an entry that was bent to another host, by hand, by a bad
merge or by someone's local mirror, is installed by ``uv sync --locked`` without a word, with the hash that stands
beside it.

Source: https://docs.astral.sh/uv/concepts/indexes/

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = ["idna"]
uv.lock
    version = 1
    requires-python = ">=3.12"

    [[package]]
    name = "idna"
    version = "3.10"
    source = { registry = "https://pypi.org/simple" }
    wheels = [
        { url = "https://files.example.org/idna-3.10-py3-none-any.whl", hash = "sha256:946d195a", size = 70442 },
    ]
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = ["idna"]
uv.lock
    version = 1
    requires-python = ">=3.12"

    [[package]]
    name = "idna"
    version = "3.10"
    source = { registry = "https://pypi.org/simple" }
    wheels = [
        { url = "https://files.pythonhosted.org/idna-3.10-py3-none-any.whl", hash = "sha256:946d195a", size = 70442 },
    ]
```
"""

from __future__ import annotations

from trueup.model.indexes import PYPI, file_hosts, host_of, hosts_in
from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import automation_files, lines, some, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import LockedPackage, Project

rule = Rule(
    __name__,
    severity="error",
    help="`uv sync --locked` installs it; an own mirror is named in [[tool.uv.index]] or in [tool.trueup] hosts",
    no_fix="whether that host is meant is yours to say; if not, `uv lock` from a clean checkout asks the indexes anew",
)

SETTINGS = lazy(r"(pyproject|uv)\.toml")
VARIABLE = lazy(r"\bUV_(?:DEFAULT_INDEX|INDEX|INDEX_URL|EXTRA_INDEX_URL|FIND_LINKS)\b")


@rule.checks
def unexpected(project: Project) -> Iterator[Finding]:
    """Each host that serves locked packages, and that no setting, source or direct reference names."""
    if project.lock is None or not project.lock.packages:
        return
    asked = asked_hosts(project)
    strange: dict[str, list[LockedPackage]] = {}
    for package in project.lock.packages:
        for host in package.hosts:
            if host not in asked:
                strange.setdefault(host, []).append(package)
    for host, packages in sorted(strange.items()):
        names = some([package.name for package in packages])
        message = f"{host} serves {names}, and nothing in the project asks it"
        # The files of an index that the project chose may well lie elsewhere.
        chosen = all(package.hosts[0] in asked and package.hosts[0] != host_of(PYPI) for package in packages)
        place = place_of(project, project.lock.path, host)
        yield rule.finding(place, message, subject=host, severity="warning" if chosen else None)


def asked_hosts(project: Project) -> set[str]:
    """PyPI, and the hosts in uv's settings, in its variables, in direct references, and in trueup's own setting."""
    asked = {host_of(PYPI), *project.settings.hosts}
    for path in project.tree.called(SETTINGS):
        document = project.document(path)
        for route in [()] if path.endswith("uv.toml") else ROUTES:
            asked |= hosts_in(repr(document.get(*route))) if document else set()
    for path in automation_files(project):
        text = text_of(project, path)
        if VARIABLE.search(text):
            asked |= {host for line in text.splitlines() if VARIABLE.search(line) for host in hosts_in(line)}
    return asked | {name for host in asked for name in file_hosts(host)}


ROUTES: list[tuple[str, ...]] = [
    ("tool", "uv"),
    ("project", "dependencies"),
    ("project", "optional-dependencies"),
    ("dependency-groups",),
]


def place_of(project: Project, path: str, host: str) -> Place:
    """The line of the lock on which a host stands first."""
    return Place(path, next((number for number, line in lines(project, path) if f"//{host}" in line.lower()), 0))
