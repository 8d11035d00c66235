"""The whole tool on one page: audit, plan, apply, verify, rollback.

Each function goes one way, from a path to a ``Report``; siblings (readers, rules, plan, apply, verify)
meet only in this package.
"""

from __future__ import annotations

import re
from pathlib import Path

from trueup import __version__, rules
from trueup.errors import ApplyFailed, UsageError
from trueup.model.names import requirement_name
from trueup.model.noun import NamedTuple
from trueup.model.report import Report
from trueup.read import project as reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.plan import Plan
    from trueup.model.project import Project
    from trueup.model.settings import Settings
    from trueup.model.tree import Tree
    from trueup.steps.memory import Memory
    from trueup.steps.proof import Extent

    Trust = Callable[[Sequence[str]], None]


OF_CODE = (
    "tests",
    "start",
    "inside",
    "migrations",
    "programs",
    "scripts",
    "references",
    "wheel",
    "start outside the tree",
)  # checks that a move may break


class Consent(NamedTuple):
    """How the person is asked; each raises ``PlanRefused`` for a no.

    ``trust`` gets what of the project's own code would run, ``confirm`` the plan's report.
    """

    trust: Trust
    confirm: Callable[[Report], None]


class Bench:
    """The rules and readers of one project, as planning needs them (a ``plan.plan.Judge``)."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.last = project
        self.reasons = {rule.code: rule.no_fix for rule in rules.catalogue()}

    def audit(self, tree: Tree, *, fixable: bool = False) -> tuple[Project, Sequence[Finding]]:
        """Read ``tree`` as this project, and judge it; ``fixable``: by the rules that mend what they find."""
        project = self.read(tree)
        return project, list(rules.find(project, fixable=fixable))

    def read(self, tree: Tree) -> Project:
        """Read ``tree`` as this project; what was found out of the tree that was asked for last is still known."""
        if self.last is self.project or self.last.tree is not tree:
            self.last = reader.over(self.project, tree)
        return self.last

    def operations(self, project: Project, findings: Iterable[Finding]) -> list[Operation]:
        """What the rules would do."""
        return rules.operations(project, findings)

    def reason(self, finding: Finding) -> str:
        """Why a finding stays."""
        return self.reasons.get(finding.code) or "it needs a decision"

    def links(self, project: Project) -> set[tuple[str, str]]:
        """Which file imports which file of the project; templates of files import nothing."""
        from trueup.read.survey import Survey

        return {(link.importer, link.target) for link in Survey(project).links if "{{" not in link.importer}


def read(path: str | Path, asked: Settings) -> Project:
    """The project at ``path``; what was asked for on the command line wins over ``[tool.trueup]``."""
    project = reader.load(Path(path))
    own = project.settings
    for code in (
        *own.select,
        *own.ignore,
        *own.severity,
        *(code for listed in own.per_path_ignore.values() for code in listed),
    ):
        if not any(rule.code.startswith(code) for rule in rules.catalogue()):
            raise UsageError(f"[tool.trueup] names {code}, and no rule begins with that", "`trueup rules` lists them")
    project.settings = own.with_asked(asked)
    return project


def audit(path: str, asked: Settings, *, fresh: bool = False) -> Report:
    """Read the project and say what is not true. Runs nothing, writes nothing into the project.

    Where nothing changed since the last time, that answer is given again; ``fresh``: it is neither asked nor kept.
    """
    project = read(path, asked)
    memory = None if fresh else remembered(project, asked)
    report = memory.recall() if memory else None
    if report is None:
        left = sum(not project.settings.wants(rule.code) for rule in rules.catalogue())
        notes = (f"{left} of {len(rules.catalogue())} rules were not asked: `select` and `ignore` leave them out",)
        said = reader.summary(project)  # first: the memory that it takes for a while is used again by the rules
        report = Report("audit", __version__, said, findings=judged(project), notes=notes if left else ())
        if memory:
            memory.keep(report)
    return report


def remembered(project: Project, asked: Settings) -> Memory | None:
    """What is known of a project on disk from before."""
    from trueup.read.disk import DiskTree
    from trueup.steps.memory import Memory

    return Memory(project, project.tree, asked) if isinstance(project.tree, DiskTree) else None


def judged(project: Project) -> tuple[Finding, ...]:
    """The findings in the order of a reader's eye: by file, then by line."""
    return tuple(sorted(rules.find(project), key=lambda item: (item.path, item.line, item.code, item.subject)))


def plan(path: str, asked: Settings, *, save_to: str = "") -> Report:
    """What would be done, and nothing done; ``save_to`` is where the plan is kept for ``apply``."""
    from trueup.plan.plan import make

    project = read(path, asked)
    made = make(Bench(project), project.tree)
    if save_to:
        from trueup.plan.file import save

        save(made, Path(save_to))
    return planned(project, made)


def planned(project: Project, made: Plan) -> Report:
    """The report of a plan."""
    notes = (*preferred(project, made), *edited(project, made))
    return Report("plan", __version__, reader.summary(project), plan=made, ledger=made.ledger, notes=notes)


def preferred(project: Project, made: Plan) -> tuple[str, ...]:
    """A line that says where the machine's own setting chose the Python, and not the project."""
    from trueup.model.python import choose_python, python_for

    said, why = choose_python(project.evidence)
    if made.empty or project.settings.python or python_for(project) == said:
        return ()
    return (f"Python {python_for(project)} is what UV_PYTHON asks for; the project speaks for {said} ({why}).",)


def edited(project: Project, made: Plan) -> tuple[str, ...]:
    """A line that names the files of the plan that hold edits which git does not have."""
    from trueup.model.change import Move, Remove, Write
    from trueup.read.git import unsaved
    from trueup.steps.landing import repository

    prefix = f"{project.repository}/" if project.repository else ""
    named = [
        change.source if isinstance(change, Move) else change.path
        for change in made.changes
        if isinstance(change, Move | Remove | Write)
    ]
    touched = [
        path for path in project.tree.all_files if any(path == name or path.startswith(f"{name}/") for name in named)
    ]
    found = unsaved(repository(project) or Path(project.root), (prefix + path for path in touched))
    if not found:
        return ()
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return (
        f"Edits that git does not have: {', '.join(found[:3])}{more}. They move along, and rollback restores them.",
    )


def apply(
    path: str,
    asked: Settings,
    consent: Consent,
    *,
    plan_file: str = "",
    commit: bool = False,
    env: Mapping[str, str],
    progress: Callable[[str], None],
) -> Report:
    """Make the plan true: in a stage first, verified there, then in one transaction on the user's tree.

    ``commit`` makes two commits of it afterwards. Raises ``PlanRefused`` when nothing may be done, ``ApplyFailed``
    when it was undone.
    """
    from trueup.plan.plan import make
    from trueup.steps.history import History
    from trueup.steps.landing import landed as after_landing
    from trueup.steps.landing import refuse_unfinished

    project = read(path, asked)
    refuse_unfinished(project)
    if plan_file:
        from trueup.plan.file import load, verify_unchanged

        made = load(Path(plan_file))
        verify_unchanged(made, project.tree)
    else:
        made = make(Bench(project), project.tree)
    if made.empty:
        return planned(project, made)._replace(verb="apply", notes=("Nothing to do: the plan is empty.",))
    if commit:
        History(project, made).refuse_unsaved()
    shown = planned(project, made)
    consent.confirm(shown)
    landed = attempt(project, made, consent, env, progress, saved=bool(plan_file))
    landed = landed._replace(notes=(*shown.notes, *landed.notes))
    if landed.exit and not plan_file:
        landed = unmoved(project, landed, consent, env, progress, commit=commit)
    if landed.exit:
        return landed
    with after_landing():
        if commit:
            landed = landed._replace(notes=(*landed.notes, History(project, landed.plan or made).commit()))
        return landed._replace(findings=judged(read(project.root, asked)))


def attempt(
    project: Project,
    made: Plan,
    consent: Consent,
    env: Mapping[str, str],
    progress: Callable[[str], None],
    *,
    saved: bool,
) -> Report:
    """Land the plan, else one without the tools that it would add and that are not to be had (``exclude-newer``)."""
    from trueup.plan.plan import make

    try:
        return with_pins(project, made, consent, env, progress, saved=saved)
    except ApplyFailed as problem:
        codes = adding(made, set(re.findall(r"no versions? of ([\w.-]+)", f"{problem.message} {problem.hint}")))
        if saved or not codes:
            raise
        note = f"{', '.join(codes)} left as it is: what it would add is not to be had ({problem.message})"
    progress(note)
    project.settings = project.settings._replace(ignore=(*project.settings.ignore, *codes))
    landed = with_pins(project, make(Bench(project), project.tree), consent, env, progress, saved=saved)
    return landed._replace(notes=(note, *landed.notes))


def unmoved(
    project: Project,
    failed: Report,
    consent: Consent,
    env: Mapping[str, str],
    progress: Callable[[str], None],
    *,
    commit: bool = False,
) -> Report:
    """Land all but the move, where the move may be what changed the program; else, and where that fails, ``failed``.

    Code that finds its modules by the paths of files cannot be moved by anybody who does not know it. A package that
    was asked for by name is moved, or nothing is done.
    """
    from trueup.errors import PlanRefused, ToolError
    from trueup.model.operation import Relocate
    from trueup.plan.plan import make
    from trueup.steps.history import History

    moved = (
        [step.operation.code for step in failed.plan.steps if isinstance(step.operation, Relocate)]
        if failed.plan
        else []
    )
    broken = [item for item in failed.outcomes or () if item.status == "failed" and item.check in OF_CODE]
    if not moved or not broken or project.settings.package:
        return failed
    settings = project.settings
    project.settings = settings._replace(ignore=(*settings.ignore, *moved))
    rest = make(Bench(project), project.tree)
    try:
        if rest.empty:
            return failed
        if commit:
            History(project, rest).refuse_unsaved()
        shown = planned(project, rest)
        consent.confirm(shown)
        progress(f"with the move, {broken[0].check} failed ({broken[0].message}): trying all but the move")
        landed = attempt(project, rest, consent, env, progress, saved=False)
    except (ApplyFailed, PlanRefused, ToolError):
        return failed
    finally:
        project.settings = settings
    if landed.exit:
        return failed
    said = "; ".join(f"{item.check}: {item.message}" for item in broken)
    note = f"Nothing was moved, for the program would not be what it was ({said}). All else of the plan was applied."
    return landed._replace(notes=(note, *shown.notes, *landed.notes))


def adding(made: Plan, names: set[str]) -> tuple[str, ...]:
    """The rules for which a plan adds one of these distributions."""
    from trueup.model.operation import AddRequirement

    added = (step.operation for step in made.steps)
    found = (item for item in added if isinstance(item, AddRequirement) and requirement_name(item.requirement) in names)
    return tuple(dict.fromkeys(item.code for item in found))


def with_pins(
    project: Project,
    made: Plan,
    consent: Consent,
    env: Mapping[str, str],
    progress: Callable[[str], None],
    *,
    saved: bool,
) -> Report:
    """Land the plan; where pinned versions do not fit its Python and nothing says which Python it must be, one
    with an older Python, before a pin is given up."""
    from trueup.errors import ToolError
    from trueup.model.python import older
    from trueup.plan.plan import make
    from trueup.steps.landing import PinsDoNotFit, land

    fixed = saved or bool(project.settings.python) or not made.pins
    others = [] if fixed else older(project.evidence, made.python)
    try:
        return land(project, made, consent.trust, env=env, progress=progress, strict=bool(others))
    except PinsDoNotFit as problem:
        progress(f"{problem.message}: trying an older Python than {made.python}")
    for python in others:
        project.settings = project.settings._replace(python=python)
        again = make(Bench(project), project.tree)
        try:
            landed = land(project, again, consent.trust, env=env, progress=progress, strict=True)
        except (PinsDoNotFit, ToolError):
            continue
        note = (
            f"Python {python}, not {made.python}: what is pinned cannot be built for a newer one, or does not run on it"
        )
        return landed._replace(notes=(note, *landed.notes))
    return land(project, made, consent.trust, env=env, progress=progress)


def verify(
    path: str,
    asked: Settings,
    trust: Trust,
    *,
    extent: Extent | None = None,
    env: Mapping[str, str],
    progress: Callable[[str], None],
) -> Report:
    """Prove the project as it lies there; 5 when a check failed, 3 when one that counts could not be made."""
    from trueup.steps.proof import Extent, not_handed, prove
    from trueup.verify import open_questions

    project = read(path, asked)
    extent = extent or Extent()
    outcomes = prove(project, trust, extent, env=env, progress=progress)
    unwritten = [item.check for item in outcomes if item.check in dict(extent.papers) and item.status == "unchecked"]
    left = (*open_questions(outcomes, extent.demanded), *unwritten)
    code = 5 if any(outcome.status == "failed" for outcome in outcomes) else 3 if left else 0
    silent = [item.check for item in outcomes if item.status == "unchecked" and item.check not in left]
    notes = (f"Not checked, and not counted: {', '.join(silent)} (--fail-on-unchecked counts it).",) if silent else ()
    notes = (*notes, *not_handed(project, outcomes, env))
    return Report("verify", __version__, reader.summary(project), outcomes=outcomes, notes=notes, exit=code)


def rollback(path: str, *, force: bool = False) -> Report:
    """Put back every byte, mode and link that the last apply changed."""
    from trueup.apply.rollback import rollback as undo
    from trueup.read.root import find_root

    project = find_root(Path(path))
    done = undo(project.project, project.repository, force=force)
    notes = [f"Rolled back: {done.steps} steps undone; the tree is as it was before the apply."]
    notes += [f"{name} was changed since and is kept as {kept}" for name, kept in done.set_aside]
    if done.recorded:
        from trueup.steps.history import still_there

        notes += filter(None, [still_there(project.repository or project.project, *done.recorded)])
    return Report("rollback", __version__, notes=tuple(notes))
