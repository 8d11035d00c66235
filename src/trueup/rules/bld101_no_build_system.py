"""The application has a ``[project]`` table and no ``[build-system]``.

uv then does not install it: ``[project.scripts]`` are skipped with a warning, and the code is
importable only from the right working directory. With a build backend ``uv sync`` installs the
package (editable), and tests, console scripts and image all import the same thing. ``uv export`` lists the
project itself, too, from then on: ``--no-emit-project`` keeps such a list what it was.

Source: https://docs.astral.sh/uv/concepts/projects/config/#build-systems

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
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
    version = "1.0"
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```
"""

from __future__ import annotations

import re

from trueup.model.operation import RemoveKey, ReplaceText, SetKey
from trueup.model.pattern import lazy
from trueup.rules import Rule
from trueup.rules.lookups import has_metadata, installed, is_application, lines, table, will_be_installed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="error",
    help="uv does not install the code, so it is importable only from the right folder; trueup adds hatchling",
)

EXPORT = lazy(r"\buv export\b")
LEFT_OUT = re.compile(
    r"--(?:no-emit-(?:project|workspace|local)|only-(?:dev|group|emit-\w+)|package|all-packages|project|directory"
    r"|script|help)\b.*"
)
OPTION = "--no-emit-project"
HOOKS = ".pre-commit-config.yaml"
HOOK = lazy(r"(?P<before>\s*-\s*)id:\s*[\"']?uv-export[\"']?\s*(?:#.*)?")
ARGUMENTS = lazy(r"\s*args:\s*\[")
DEFAULTS = ("--frozen", "--output-file=requirements.txt", "--quiet")  # of uv-pre-commit's hook


@rule.checks
def not_a_package(project: Project) -> Iterator[Finding]:
    """An application with metadata and without a build backend, or told not to be a package; not where there is no
    code but tools beside something else."""
    if not is_application(project) or not has_metadata(project) or project.pyproject is None:
        return
    if project.layout.kind == "none":
        return
    fixable = will_be_installed(project)
    if not table(project, "build-system"):
        yield rule.finding("pyproject.toml", "there is no [build-system]", subject="build-system", fixable=fixable)
    elif table(project, "tool", "uv").get("package") is False:
        place = project.pyproject.at("tool", "uv", "package")
        yield rule.finding(place, "package = false keeps uv from installing it", subject="package", fixable=fixable)


@rule.fixes
def build_with_hatchling(project: Project, finding: Finding) -> Iterator[Operation]:
    """hatchling, once there is a package to build."""
    if not installed(project):
        return
    if finding.subject == "build-system":
        yield SetKey(rule.code, "pyproject.toml", ("build-system", "requires"), ["hatchling"])
        yield SetKey(rule.code, "pyproject.toml", ("build-system", "build-backend"), "hatchling.build")
    if table(project, "tool", "uv").get("package") is False:
        yield RemoveKey(rule.code, "pyproject.toml", ("tool", "uv", "package"))
    if table(project, "tool", "uv").get("package") is not True:
        yield from exported_as_before(project)


def exported_as_before(project: Project) -> Iterator[Operation]:
    """The option for every ``uv export``, which has listed no project so far."""
    commands = [
        item
        for item in project.commands
        if item.argv[:2] == ("uv", "export") and not any(map(LEFT_OUT.match, item.argv))
    ]
    for path in dict.fromkeys(item.path for item in commands):
        here = {item.line for item in commands if item.path == path}
        for number, line in lines(project, path):
            found = list(EXPORT.finditer(line)) if number in here else []
            if found:
                old = line[found[0].start() : found[-1].end()]
                if line.count(old) == 1:
                    yield ReplaceText(rule.code, path, number, old, EXPORT.sub(f"uv export {OPTION}", old))
    yield from hooks(project)


def hooks(project: Project) -> Iterator[Operation]:
    """The same for uv's hook of pre-commit."""
    every = list(lines(project, HOOKS))
    for position, (number, line) in enumerate(every):
        found = HOOK.fullmatch(line.rstrip())
        if not found:
            continue
        of_it = []
        for following in every[position + 1 :]:
            if following[1].lstrip().startswith("- ") and not following[1].startswith(" " * len(found["before"])):
                break
            of_it.append(following)
        said = next((each for each in of_it if each[1].lstrip().startswith("args:")), None)
        if said is None:
            indent = " " * len(found["before"])
            given = ", ".join((*DEFAULTS, OPTION))
            yield ReplaceText(rule.code, HOOKS, number, line.rstrip(), f"{line.rstrip()}\n{indent}args: [{given}]")
        elif ARGUMENTS.match(said[1]) and not any("--no-emit" in each for _, each in of_it):
            yield ReplaceText(rule.code, HOOKS, said[0], "args: [", f"args: [{OPTION}, ")
