"""Findings to a plan: fold the operations over the imagined tree until nothing more is to be done.

Each round goes through the phases in order. A phase reads the imagined tree afresh, asks the rules
what they would do, and lowers the operations of that phase one after another, each against the tree
as the one before left it. So two operations that edit one file never conflict, and a rule that sees
the new layout (wheel packages, entry point) simply finds it. The loop ends when a round changes
nothing, which is why a second plan is empty.
"""

from __future__ import annotations

import re
from hashlib import sha256
from posixpath import dirname, normpath, relpath
from typing import TYPE_CHECKING, Protocol, assert_never

from trueup.errors import PlanRefused, ProjectError
from trueup.model.change import Move, Remove, Write, apply_to_path
from trueup.model.noun import NamedTuple
from trueup.model.operation import (
    AddRequirement,
    AppendLine,
    ConsolidateConfig,
    ConvertManifests,
    CreateFile,
    Operation,
    Relocate,
    RemoveFile,
    RemoveKey,
    ReplaceText,
    RewriteCommands,
    RunTool,
    SetKey,
)
from trueup.model.plan import Left, Plan, Question, Step
from trueup.model.relocation import propose
from trueup.model.tree import Overlay, Tree
from trueup.plan.called_scripts import tell_root
from trueup.plan.commands import commands
from trueup.plan.environment_commands import tell_units, tell_uv
from trueup.plan.gone import tell_gone, tell_missing
from trueup.plan.long_lines import tell_long_lines
from trueup.plan.lower import lower
from trueup.plan.style import tell_style
from trueup.plan.today import line_today
from trueup.plan.tree_view import tree_view
from trueup.plan.uv_commands import is_manifest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trueup.model.change import Change
    from trueup.model.finding import Finding
    from trueup.model.project import Project

PHASES = ("structure", "manifest", "settings", "commands", "bootstrap")
DANGER = "MOV"  # rules that speak of what a move endangers: no move resolves them
BENT = re.compile(r"""["'](\.\.[\w./\\-]*)["']""")
HALF = ("LAY101", "LAY102", "LAY103", "LAY104", "LAY108", "DEP104", "DEP106")
ROUNDS = 4
"""A round adds what the one before made visible; real projects need two."""


class Judge(Protocol):
    """What planning needs of the rules and readers; ``steps`` has one, so that siblings stay apart."""

    def audit(self, tree: Tree, *, fixable: bool = False) -> tuple[Project, Sequence[Finding]]:
        """The project on this tree, and what is not true about it; ``fixable``: as far as that can be mended."""

    def read(self, tree: Tree) -> Project:
        """The project on this tree, not judged."""

    def operations(self, project: Project, findings: Iterable[Finding]) -> list[Operation]:
        """What would make the findings go away."""

    def reason(self, finding: Finding) -> str:
        """Why a finding has no fix."""

    def links(self, project: Project) -> set[tuple[str, str]]:
        """Which file imports which file of the project."""


def phase_of(operation: Operation) -> str:
    """The phase in which an operation is lowered."""
    match operation:
        case Relocate():
            return "structure"
        case ConvertManifests() | ConsolidateConfig() | RemoveFile():
            return "manifest"
        case RewriteCommands():
            return "commands"
        case SetKey() | RemoveKey() | AddRequirement() | CreateFile() | AppendLine() | ReplaceText():
            return "settings"
        case RunTool():
            return "bootstrap"
        case _:
            assert_never(operation)


def make(judge: Judge, tree: Tree) -> Plan:
    """The plan that makes ``tree`` true as far as the rules know how.

    Raises ``ProjectError`` when pyproject.toml cannot be read, ``PlanRefused`` when code or manifests cannot be
    moved without loss.
    """
    project, before = judge.audit(tree)
    if project.pyproject is not None and project.pyproject.error:
        raise ProjectError(f"pyproject.toml cannot be read: {project.pyproject.error}", "mend it first")
    folded = fold(judge, tree)
    imagined_project, after = judge.audit(folded.tree)
    changes = folded.changes
    links = (path for path, entry in tree.entries.items() if entry.kind == "link" and not entry.ignored)
    linked = next(filter(is_manifest, links), "")
    if linked and any(isinstance(step.operation, ConvertManifests) for step in folded.steps):
        raise PlanRefused(f"{linked} is a link, which is not followed: what it lists would be lost", "put it there")
    broken = next((item for item in project.manifests if item.error), None)
    if broken and any(isinstance(change, Move) for change in changes) and not folded.tree.has("pyproject.toml"):
        raise PlanRefused(
            f"{broken.path} cannot be read, and nothing else says what is needed: {broken.error}", "mend it"
        )
    along = refuse_broken_imports(project, judge.links(project), judge.links(imagined_project), changes)
    resolves, leaves, adds = compare(before, after, changes, judge)
    refuse_half(adds, changes)
    converted = any(isinstance(step.operation, ConvertManifests) for step in folded.steps)
    gone = tell_gone(imagined_project, changes, folded.questions, folded.line_today, converted=converted)
    questions = [*folded.questions, *gone]
    said = [step.operation.path for step in folded.steps if isinstance(step.operation, RewriteCommands)]
    by_root = tell_root(imagined_project, said)
    questions += [*along, *tell_uv(folded.tree, said)]
    questions += (item._replace(line=folded.line_today(item.path, item.line)) for item in by_root)
    rewritten = {item.path for item in project.commands if followed(item.path, changes) in said}
    questions += tell_missing(project, changes, rewritten)
    questions += tell_style(project, imagined_project, folded.steps)
    places = {followed(path, changes): path for path in project.sources}
    questions += tell_long_lines(project, imagined_project, folded.steps, places)
    if any(isinstance(step.operation, (ConvertManifests, Relocate)) for step in folded.steps):
        questions += tell_units(imagined_project)
    proposal = propose(imagined_project)
    questions += [proposal] if isinstance(proposal, Question) else []
    lines = folded.tree.text(".python-version").split() if folded.tree.has(".python-version") else []
    python = project.settings.python or (lines[0] if lines else "")
    pins = tuple(dict.fromkeys(folded.pins))
    return Plan(
        package=imagined_project.layout.package,
        python=python,
        steps=tuple(folded.steps),
        seen=fingerprints(tree, changes),
        ledger=tuple(folded.ledger),
        pins=pins,
        questions=tuple(dict.fromkeys(questions)),
        resolves=resolves,
        leaves=leaves,
        adds=adds,
        tree=tree_view(tree, folded.tree, changes),
        pyproject=folded.tree.text("pyproject.toml") if folded.tree.has("pyproject.toml") else "",
        commands=commands(changes, imagined_project, pins, python) if folded.steps else {},
    )


def refuse_broken_imports(
    project: Project, before: set[tuple[str, str]], after: set[tuple[str, str]], changes: Sequence[Change]
) -> list[Question]:
    """Raises ``PlanRefused`` where a file of the project would no longer import what it imports today.

    What a file finds by a path that it reckons from its own place, and that moves along with it, is only told.
    """
    if not any(isinstance(change, Move) for change in changes):
        return []
    places = {path: place_after(project.tree, path, changes) for pair in before for path in pair}
    after = after | {(one, other.removesuffix("/__init__.py")) for one, other in after}  # a folder may become a package
    lost = sorted((one, other) for one, other in before if (places[one], places[other]) not in after)
    lost = [pair for pair in lost if not is_named(project, changes, pair[0], places[pair[0]], places[pair[1]])]
    along = [pair for pair in lost if goes_along(project, places, *pair)]
    broken = [(places[one], places[other]) for one, other in lost if (one, other) not in along]
    if broken:
        importer, target = broken[0]
        more = f", and {len(broken) - 1} more" if len(broken) > 1 else ""
        raise PlanRefused(f"{importer} would no longer import {target}{more}: this is a defect of trueup", "report it")
    return [
        Question("LAY106", f"it finds {places[other]} by sys.path, which it bends: both move alike", "", places[one], 0)
        for one, other in along
    ]


def refuse_half(adds: Iterable[Finding], changes: Iterable[Change]) -> None:
    """Raises ``PlanRefused`` where code moves and the tree afterwards is read as one whose move is still to come, as
    scripts, or as one that declares nothing."""
    half = next((item for item in adds if item.code in HALF), None)
    if half and any(isinstance(change, Move) for change in changes):
        where = f"{half.path}: " if half.path else ""
        raise PlanRefused(f"it would end halfway ({where}{half.message}): this is a defect of trueup", "report it")


def goes_along(project: Project, places: Mapping[str, str], importer: str, target: str) -> bool:
    """Whether a file bends the import path by where it lies itself, and lies the same way to what it imports then."""
    if not bends_the_path(project, importer) or "__file__" not in project.tree.text(importer):
        return False
    ways = [
        relpath(there[target], dirname(there[importer])) for there in ({importer: importer, target: target}, places)
    ]
    return ways[0] == ways[1]


def is_named(project: Project, changes: Sequence[Change], importer: str, place: str, target: str) -> bool:
    """Whether a file that bends the import path names the folder of what it imports afterwards, from its own: the
    settings of Sphinx, which are read in their folder."""
    if not bends_the_path(project, importer) or not place.endswith("conf.py"):
        return False
    named = BENT.findall(Overlay(project.tree, changes).text(place))
    return any(normpath(f"{dirname(place)}/{text}") == dirname(target) for text in named)


def bends_the_path(project: Project, path: str) -> bool:
    """Whether a file changes the import path."""
    source = project.sources.get(path)
    return source is not None and bool(source.calls_of("sys.path.insert", "sys.path.append", "sys.path.extend"))


def place_after(tree: Tree, path: str, changes: Sequence[Change]) -> str:
    """Where a file is after the changes; of a folder without ``__init__.py`` where all that lay in it lies."""
    if not tree.has_dir(path):
        return followed(path, changes)
    inside = [below for below in tree.under(path) if below.endswith(".py")]
    places = {followed(below, changes).removesuffix(below[len(path) :]) for below in inside}
    return places.pop() if len(places) == 1 else followed(path, changes)


def followed(path: str, changes: Sequence[Change]) -> str:
    """Where a path is after the changes; one that is removed keeps its name."""
    for change in changes:
        path = apply_to_path(path, change) or path
    return path


class Folded:
    """The state of the fold: the imagined tree, and what led to it."""

    def __init__(self, tree: Tree) -> None:
        self.original = self.tree = tree
        self.steps: list[Step] = []
        self.done: list[Operation] = []
        self.ledger: list[LedgerRow] = []
        self.converted: set[tuple[str, int]] = set()
        self.pins: list[Pin] = []
        self.questions: list[Question] = []

    @property
    def changes(self) -> tuple[Change, ...]:
        """All changes so far, in order."""
        return tuple(change for step in self.steps for change in step.changes)

    def asked_before(self, operation: Operation) -> bool:
        """Whether the same thing was already tried, whoever asked; a tool may run again after new edits."""
        return any(type(operation) is type(other) and operation[1:] == other[1:] for other in self.done)

    def add(self, project: Project, operation: Operation) -> None:
        """Lower one operation onto the imagined tree."""
        self.done.append(operation)
        try:
            lowered = lower(project, self.tree, operation)
        except PlanRefused as refusal:
            if isinstance(operation, Relocate | ConvertManifests):
                raise
            self.questions.append(Question(operation.code, f"left as it is: {refusal.message}", refusal.hint))
            return
        self.ledger += self.told_first(lowered.ledger) if isinstance(operation, ConvertManifests) else lowered.ledger
        self.pins += lowered.pins
        self.questions += (item._replace(line=self.line_today(item.path, item.line)) for item in lowered.questions)
        if lowered.changes:
            self.steps.append(Step(operation, lowered.changes))
            self.tree = Overlay(self.tree, lowered.changes)

    def line_today(self, path: str, number: int) -> int:
        """The number that a line of the imagined tree has today."""
        return line_today(self.original, self.tree, self.changes, path, number)

    def told_first(self, rows: Sequence[LedgerRow]) -> list[LedgerRow]:
        """The account of a conversion by the paths of today, without lines that an earlier one told of, and files that
        the plan made."""
        origin = self.tree.origin if isinstance(self.tree, Overlay) else {}
        found = (row._replace(path=origin.get(row.path, row.path)) for row in rows)
        new = [row for row in found if (row.path, row.line) not in self.converted and self.original.has(row.path)]
        self.converted |= {(row.path, row.line) for row in new}
        return new


def fold(judge: Judge, tree: Tree) -> Folded:
    """Round by round, phase by phase, until a round adds nothing."""
    state = Folded(tree)
    judged: Tree | None = None
    for _ in range(ROUNDS):
        steps_before = len(state.steps)
        for phase in PHASES:
            read = state.tree
            if read is not judged:
                project, findings = judge.audit(read, fixable=True)
                judged = read
            for operation in judge.operations(project, findings):
                if phase_of(operation) == phase and not state.asked_before(operation):
                    if isinstance(operation, ConvertManifests) and state.tree is not read:
                        read = state.tree  # it gives an account of each line as it stands now
                        project, judged = judge.read(read), None
                    state.add(project, operation)
        if len(state.steps) == steps_before:
            break
    return state


class Difference(NamedTuple):
    """Findings by what becomes of them."""

    resolves: tuple[Finding, ...]
    leaves: tuple[Left, ...]
    adds: tuple[Finding, ...]


def compare(before: Sequence[Finding], after: Sequence[Finding], changes: Sequence[Change], judge: Judge) -> Difference:
    """What the imagined tree resolves, leaves and adds; a finding is followed through moves."""
    known = {moved_identity(finding, changes) for finding in before}
    remaining = {finding.identity for finding in after}
    dangers = [finding for finding in before if finding.code.startswith(DANGER) and changes]
    gone = [finding for finding in before if moved_identity(finding, changes) not in remaining]
    resolves = tuple(finding for finding in gone if finding not in dangers)
    stay = [*(finding for finding in gone if finding in dangers), *(item for item in after if item.identity in known)]
    leaves = tuple(Left(finding, judge.reason(finding)) for finding in stay)
    adds = tuple(finding for finding in after if finding.identity not in known)
    return Difference(resolves, leaves, adds)


def moved_identity(finding: Finding, changes: Sequence[Change]) -> tuple[str, str, str]:
    """The identity of a finding after the moves; of one within a file that goes, where pyproject.toml takes it over."""
    path = followed(finding.path, changes)
    goes = any(isinstance(change, Remove) and apply_to_path(path, change) is None for change in changes)
    return (finding.code, "pyproject.toml" if goes and finding.subject else path, followed(finding.subject, changes))


def fingerprints(tree: Tree, changes: Sequence[Change]) -> Mapping[str, str]:
    """SHA-256 of every file that the plan may have read, by path; ignored files do not count.

    ``""`` is that of what the changes make and is not there.
    """
    made = [
        change.target if isinstance(change, Move) else change.path
        for change in changes
        if isinstance(change, Move | Write)
    ]
    absent = {path: "" for path in made if not tree.has(path) and not tree.has_dir(path)}
    return {**absent, **{path: sha256(tree.read(path)).hexdigest() for path in tree.all_files}}


if TYPE_CHECKING:
    from trueup.model.plan import LedgerRow, Pin
