"""``uv run pytest`` stands in CI or a script, and no default group brings pytest.

``uv run`` starts what it finds on the ``PATH`` when the environment has no such command: a pytest of the machine, with
another interpreter and without the project's dependencies. It fails with an ImportError that misleads, or passes
without having tested what is locked. ``uv run python -m pytest`` says "No module named pytest" instead; with pytest in
a default group both are right.

Source: https://docs.astral.sh/uv/concepts/projects/run/

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = ["fastapi"]

    [dependency-groups]
    test = ["pytest>=8"]
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
Makefile
    test:
        uv run pytest -q
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = ["fastapi"]

    [dependency-groups]
    test = ["pytest>=8"]
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
Makefile
    test:
        uv run --group test python -m pytest -q
```
"""

from __future__ import annotations

from trueup.model.names import requirement_name
from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import has_metadata, table, words
from trueup.rules.tst103_test_group_not_installed import default_closure, extra_with

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="info",
    help="it starts a pytest of the machine, which has another interpreter and not the project's dependencies",
    no_fix="make the group with pytest a default one, or write `uv run python -m pytest`, which says what is missing",
)

BRINGS = lazy(r"--(?:group|extra|with\S*|all-groups|all-extras|only-\S+|no-sync|dev)(?:=|$)")
VALUED = ("-p", "--python", "--env-file", "--directory", "--project", "--package", "-C", "--config-file", "--index")
NOT_RUN = ("readme",)


@rule.checks
def falls_back(project: Project) -> Iterator[Finding]:
    """Such commands of a project of uv, the first in each file, where nothing that is installed brings pytest."""
    if not has_metadata(project) or table(project, "tool", "uv", "workspace") or is_synced(project):
        return
    if any(brings_more(item.argv) for item in project.commands):
        return
    told = set[str]()
    for item in project.commands:
        own = item.where not in NOT_RUN and not item.path.startswith("../") and item.path not in told
        if own and runs_pytest(item.argv):
            told.add(item.path)
            message = "uv run pytest takes a pytest from the PATH: no default group brings one"
            yield rule.finding(Place(item.path, item.line), message, subject="pytest")


def is_synced(project: Project) -> bool:
    """Whether ``uv run`` itself installs pytest: a runtime requirement, a default group, an extra that one asks for."""
    groups = default_closure(project)
    asked = [item for item in project.requirements if item.name.startswith("pytest") and item.path == "pyproject.toml"]
    if any(not item.group or (item.group in groups and not item.is_extra) for item in asked):
        return True
    old = words(table(project, "tool", "uv").get("dev-dependencies"))
    if any(requirement_name(text).startswith("pytest") for text in old):
        return True
    return any(item.is_extra for item in asked) and not extra_with(project, "pytest")


def brings_more(argv: tuple[str, ...]) -> bool:
    """Whether a command of uv puts more into the environment than the default groups, which ``uv run`` leaves there."""
    if argv[:2] in (("uv", "pip"), ("uv", "add")):
        return True
    return argv[:2] == ("uv", "sync") and any(BRINGS.match(word) for word in argv[2:])


def runs_pytest(argv: tuple[str, ...]) -> bool:
    """Whether a command is ``uv run pytest`` without an option that brings more than the default groups."""
    if argv[:2] != ("uv", "run"):
        return False
    rest = list(argv[2:])
    while rest and rest[0].startswith("-"):
        if BRINGS.match(rest[0]):
            return False
        rest = rest[2 if rest[0] in VALUED else 1 :]
    return rest[:1] in (["pytest"], ["py.test"])
