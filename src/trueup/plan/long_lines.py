"""Lines that the plan makes longer than the project's own linter lets them be."""

from __future__ import annotations

import re

from trueup.model.change import Write
from trueup.model.noun import NamedTuple
from trueup.model.plan import Question
from trueup.model.span import Place
from trueup.plan.style import HOOKED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from trueup.model.plan import Step
    from trueup.model.project import Project

# https://flake8.pycqa.org/en/latest/user/options.html and https://docs.astral.sh/ruff/settings/#line-length
CONFIGS = {
    "flake8": (("setup.cfg", "flake8"), ("tox.ini", "flake8"), (".flake8", "flake8")),
    "pycodestyle": (("setup.cfg", "pycodestyle"), ("tox.ini", "pycodestyle")),
    "ruff": (("ruff.toml",), (".ruff.toml",), ("pyproject.toml", "tool", "ruff")),
}
LENGTHS = {"flake8": 79, "pycodestyle": 79, "ruff": 88}
SELECTED = {"flake8": "E", "pycodestyle": "E", "ruff": ""}  # of itself; ruff leaves the length of lines out
TOO_LONG = re.compile(r"ALL|E(?:50?1?)?")
GIVEN = re.compile(r"--(select|extend-select|ignore|extend-ignore|max-line-length|line-length)[= ]+[\"']?([\w,]+)")
QUIET = ("--exit-zero", "format", "install", "add")
HOOK = re.compile(r"(?m)^[ \t]*(?:-[ \t]*)?id:[ \t]*[\"']?(flake8|ruff|ruff-check)[\"']?[ \t]*$")


class Limit(NamedTuple):
    """How long lines may be, and what says so."""

    length: int
    tool: str
    place: Place


def tell_long_lines(
    before: Project, after: Project, steps: Iterable[Step], places: Mapping[str, str]
) -> Iterator[Question]:
    """One question for all lines that are too long now; ``places``: where each file was before."""
    written = {
        change.path: step.operation.code
        for step in steps
        for change in step.changes
        if isinstance(change, Write) and change.path.endswith((".py", ".pyi"))
    }
    limit = min(limits(before), default=None) if written else None
    if limit is None:
        return
    found: list[tuple[str, int]] = []
    for path in sorted(written):
        old = places.get(path, path)
        known = set(before.tree.text(old).splitlines()) if before.tree.has(old) else set()
        lines = after.tree.text(path).splitlines() if after.tree.has(path) else []
        for number, line in enumerate(lines, 1):
            if len(line) > limit.length and line not in known and "noqa" not in line:
                found.append((path, number))
    if found:
        path, number = found[0]
        said = "a line is" if len(found) == 1 else f"{len(found)} lines are"
        text = f"{said} longer than the {limit.length} characters of {limit.tool} afterwards: break {path}:{number}"
        more = " and the others" if len(found) > 1 else ""
        yield Question(written[path], f"{text}{more} by hand", "", limit.place.path, limit.place.line)


def limits(project: Project) -> Iterator[Limit]:
    """What the linters that are run, or that have settings, let a line be."""
    for tool, files in CONFIGS.items():
        settings, place = _settings(project, files)
        runs = [command for command in project.commands if tool in map(_name, command.argv)]
        runs = [command for command in runs if not set(QUIET).intersection(command.argv)]
        calls = [(command.text, Place(command.path, command.line)) for command in runs]
        hooks = project.tree.text(HOOKED) if project.tree.has(HOOKED) else ""
        calls += [
            ("", Place(HOOKED, hooks.count("\n", 0, hook.start(1)) + 1))
            for hook in HOOK.finditer(hooks)
            if hook[1].partition("-")[0] == tool
        ]
        for text, where in calls or ([("", place)] if settings else []):
            length = _length(tool, settings, text)
            if length:
                yield Limit(length, tool, where)


def _name(word: str) -> str:
    return word.replace("\\", "/").rpartition("/")[2]


def _settings(project: Project, files: Iterable[tuple[str, ...]]) -> tuple[dict[str, Any], Place]:
    """The settings of the first file that has some, those of its table of rules among them, and their place."""
    for path, *route in files:
        document = project.document(path)
        found = document.get(*route) if document else None
        if document and isinstance(found, dict):
            rules = found.get("lint")
            both = {**found, **rules} if isinstance(rules, dict) else found
            return {key.replace("_", "-"): value for key, value in both.items()}, document.at(*route)
    return {}, Place(HOOKED)


def _length(tool: str, settings: dict[str, Any], text: str) -> int:
    """The longest line that a call admits; 0 where it does not mind."""
    given = dict(GIVEN.findall(text))
    said = {**settings, **given}
    own = said.get("pycodestyle")
    lengths = [given.get("max-line-length"), given.get("line-length")]
    lengths += [own.get("max-line-length") if isinstance(own, dict) else None]
    lengths += [settings.get("max-line-length"), settings.get("line-length")]
    length = next((str(value) for value in lengths if value), str(LENGTHS[tool]))
    chosen = _codes(said.get("select") or SELECTED[tool]) + _codes(said.get("extend-select"))
    left_out = _codes(said.get("ignore")) + _codes(said.get("extend-ignore"))
    minds = any(map(TOO_LONG.fullmatch, chosen)) and not any(map(TOO_LONG.fullmatch, left_out))
    return int(length) if minds and length.isdigit() else 0


def _codes(said: object) -> list[str]:
    listed = [str(item) for item in said] if isinstance(said, list) else [str(said or "")]
    return [code for item in listed for code in re.split(r"[,\s]+", item) if code]
