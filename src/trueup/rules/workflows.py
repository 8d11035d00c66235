"""The steps of GitHub's workflows as blocks of lines; no judgement here."""

from __future__ import annotations

import re

from trueup.model.noun import NamedTuple
from trueup.model.operation import ReplaceText
from trueup.model.pattern import lazy
from trueup.rules.lookups import lines as numbered
from trueup.rules.lookups import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.command_line import CommandLine
    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

WORKFLOW = lazy(r"(^|/)\.github/(workflows|actions)/.+\.ya?ml$|^action\.ya?ml$", words=(".github/", "action."))
YAML = lazy(r".+\.ya?ml")
RUNNER = lazy(r"^[ \t]*(?:runs-on|os)[ \t]*:[ \t]*([^\n#]+)", re.MULTILINE)
STEP = lazy(
    r"^(?P<indent>[ \t]*)-[ \t]+(?:name|uses|run|id|if|with|env|shell|continue-on-error|timeout-minutes)[ \t]*:"
)
# A step, an item of a list or a line of a block that does nothing but install with uv; what else is to be mended there
# (AUT102) comes first.
INSTALLING = lazy(
    r"(?P<lead>[ \t]+(?:-[ \t]+(?:run:[ \t]*)?)?)"
    r"(?:pip install uv==[\d.]+ && )?uv sync(?=[^\n]* --locked\b)(?: --?[\w-]+(?:[ =][\w.]+)?)*"
    r"(?: && uv pip install[^&|;\n]*)?(?:[ \t]+[&\d]?>>?&?[ \t]*[^\s;&|<>]+)*[ \t]*"
)
WHERE = lazy(r" --(?:project|directory)[ =]\S+")
GOES_ON = lazy(r".*(?:\\|&&|\|\||(?<!run:)[ \t]\||>-?)")  # a line whose command ends on the next one
OLD = lazy(r"(?:\buv==|\buv:|\bversion:[ \t]*[\"']?)(\d+)\.(\d+)")


class Step(NamedTuple):
    """One step: where its lines begin, and the lines; a comment in them counts as nothing."""

    path: str
    first: int
    lines: tuple[str, ...]

    def line_of(self, pattern: str) -> int:
        """The number of the first line that holds the pattern, or 0."""
        return next((self.first + at for at, line in enumerate(self.lines) if re.search(pattern, line)), 0)

    def value(self, key: str) -> str:
        """What stands behind a key of the step, or below its ``with``; ``""`` where it is not there."""
        for line in self.lines:
            name, colon, value = line.strip(" \t").removeprefix("- ").partition(":")
            if colon and name.strip(" \t") == key:
                value = value.lstrip(" \t")
                value = value[1:] if value.startswith(("'", '"')) else value
                return min((value.partition(mark)[0] for mark in "\"'#"), key=len).strip()
        return ""


def steps(project: Project, word: str = "") -> Iterator[Step]:
    """The steps of all workflows and actions whose text holds ``word``."""
    for path in project.tree.called(YAML):
        text = text_of(project, path) if WORKFLOW.search(path) else ""
        if word in text:
            yield from steps_of(path, text.splitlines())


def runners(project: Project) -> Iterator[tuple[str, str]]:
    """The machines that jobs of workflows ask for by name, each with its file."""
    for path in project.tree.called(YAML):
        if WORKFLOW.search(path):
            for found in RUNNER.finditer(text_of(project, path)):
                yield from ((path, name) for name in re.split(r"[\[\],\s\"']+", found[1]) if name)


def steps_of(path: str, lines: list[str]) -> Iterator[Step]:
    """A step goes on until a line that stands no deeper than its dash."""
    open_at, indent = -1, 0
    for number, line in enumerate([*lines, "end"]):
        if open_at >= 0 and line.strip() and len(line) - len(line.lstrip()) <= indent:
            yield Step(path, open_at + 1, tuple(without_comment(item) for item in lines[open_at:number]))
            open_at = -1
        found = STEP.match(line) if open_at < 0 else None
        if found:
            open_at, indent = number, len(found["indent"])


def without_comment(line: str) -> str:
    """The line up to a comment."""
    return re.sub(r"(^|[ \t])#.*", "", line)


def takes_a_step(project: Project, command: CommandLine, since: tuple[int, int] = (0, 0)) -> bool:
    """Whether a line stands for itself, so that another can follow it, and uv is not older than ``since``."""
    text = text_of(project, command.path)
    before, line, after = (["", *text.splitlines()][command.line - 1 : command.line + 2] + [""] * 3)[:3]
    found = INSTALLING.fullmatch(line)
    if found is None or "uv.lock" not in project.tree.entries or GOES_ON.fullmatch(before.rstrip()):
        return False
    column = len(line) - len(line.lstrip())
    own_keys = "run:" in found["lead"] and len(after) - len(after.lstrip()) > column and after.strip()
    old = any((int(major), int(minor)) < since for major, minor in OLD.findall(text) if "uv" in text)
    return not own_keys and not old and command.path.endswith((".yml", ".yaml"))


def step_behind(project: Project, finding: Finding, command: str) -> Iterator[Operation]:
    """The command as the step, the item or the line behind the one that the finding is about, for the same project."""
    line = dict(numbered(project, finding.path))[finding.line]
    found = INSTALLING.fullmatch(line)
    if found:
        command += "".join(WHERE.findall(line))
        end = "\r\n" if "\r\n" in text_of(project, finding.path) else "\n"
        yield ReplaceText(finding.code, finding.path, finding.line, line, f"{line}{end}{found['lead']}{command}")
