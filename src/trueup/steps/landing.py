"""From a plan to the user's tree: stage, lock, verify, and only then one transaction."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from weakref import WeakKeyDictionary

from trueup import __version__
from trueup.apply.bootstrap import bootstrap
from trueup.apply.perform import perform
from trueup.apply.rollback import unfinished
from trueup.apply.solvable import single_changes
from trueup.apply.stage import Stage
from trueup.apply.transaction import Transaction
from trueup.errors import ApplyFailed, Interrupted, PlanRefused, ToolError
from trueup.model.change import Change, Run, Write, apply_to_path
from trueup.model.plan import Pin
from trueup.model.python import python_for
from trueup.model.report import Report
from trueup.plan.file import digest, verify_unchanged
from trueup.read import project as reader
from trueup.read.dangling import read_dangling
from trueup.read.disk import DiskTree
from trueup.read.hashes import fixed_hashes
from trueup.read.variables import handed_over, variables, withheld
from trueup.rules.lookups import table
from trueup.rules.testing import djangos_runner
from trueup.steps.proof import args_of_tests, asked_tests, context, old_environment, runs, runs_anything
from trueup.tools.git import Git
from trueup.tools.hermetic import withheld as not_given
from trueup.tools.uv import UvError, find_uv
from trueup.verify import verify as run_checks
from trueup.verify.baseline import Baseline, record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from trueup.apply.bootstrap import Bootstrapped
    from trueup.model.plan import Plan
    from trueup.model.project import Project
    from trueup.model.report import Outcome
    from trueup.tools.uv import Uv
    from trueup.verify.baseline import Old

LOCK = "uv.lock"
BASELINES: WeakKeyDictionary[Project, dict[str, Baseline]] = WeakKeyDictionary()


class PinsDoNotFit(ApplyFailed):
    """A pinned version cannot be built for the plan's Python, or does not run on it; an older one may be right."""


def refuse_unfinished(project: Project) -> None:
    """Raises ``PlanRefused`` where an earlier apply was interrupted and is not undone."""
    if unfinished(Path(project.root)):
        raise PlanRefused("an earlier apply was interrupted here", "run `trueup rollback` first")


def land(
    project: Project,
    made: Plan,
    trust: Callable[[Sequence[str]], None],
    *,
    env: Mapping[str, str],
    progress: Callable[[str], None],
    strict: bool = False,
) -> Report:
    """Prove the plan in a stage, then land it.

    The report's exit is 5, and the tree as it was, when a check of the stage failed. Raises
    ``ApplyFailed`` when locking or landing failed and was undone; where ``strict``, ``PinsDoNotFit`` when a pinned
    version cannot be built for the plan's Python, or before nothing works for want of what that Python took away.
    """
    if not made.pyproject:
        raise PlanRefused(
            "no manifest stands at the project's root, so nothing can be locked",
            "say what it needs in a requirements.txt or pyproject.toml there",
        )
    uv = find_uv()
    trust(runs(project))
    python, instead = interpreter(project, made, uv)
    with stage(project, progress) as staged:
        progress(f"making the plan true in a copy ({staged.files} files, {staged.size / 1e6:.1f} MB)")
        changes = [change for change in made.changes if not isinstance(change, Run)]
        perform(staged.root, changes, repository=staged.repository)
        before = known_baseline(project, python, uv, env, progress) if runs_anything(project) else None
        if strict and before and before.outdated:
            raise PinsDoNotFit(f"{before.outdated}: what is pinned was made for an older Python")
        given = {name: variables(project)[name].value for name in before.given} if before else {}
        made = made._replace(pins=(*made.pins, *resolved(made, before)))
        first = locked(staged.root, made, python, uv, progress, strict=strict)
        outcomes = proven(project, made, staged, python, uv, before, {**given, **env}, progress)
        notes = (*instead, *told(first, staged.notes), *day_of(before))
        report = Report("apply", __version__, reader.summary(project), plan=made, ledger=made.ledger, outcomes=outcomes)
        if any(outcome.status == "failed" for outcome in outcomes):
            return report._replace(notes=(*notes, "Not applied: a check failed. The project is as it was."), exit=5)
        landing = [*(change for change in made.changes if not isinstance(change, Run))]
        landing.append(Write(LOCK, (staged.root / LOCK).read_bytes()))
    transact(project, made, landing, python, uv, progress)
    with landed():
        after = reader.summary(reader.load(Path(project.root)))
        return report._replace(project=after, notes=(*notes, "Applied. `trueup rollback` puts everything back."))


@contextmanager
def landed() -> Iterator[None]:
    """What comes after the landing: whoever interrupts it is told that all was applied before."""
    try:
        yield
    except KeyboardInterrupt as stop:
        code = stop.exit_code if isinstance(stop, Interrupted) else 130
        raise Interrupted("all was applied before: `trueup rollback` puts it back", code) from None


def interpreter(project: Project, made: Plan, uv: Uv) -> tuple[str, tuple[str, ...]]:
    """The interpreter that proves the plan: the one that it names, else the nearest that is here, with a note.

    Raises ``UvError`` where none of them is.
    """
    wanted = made.python or python_for(project)
    requires = project.pyproject.get("project", "requires-python") if project.pyproject else None
    nearest = [".".join(wanted.split(".")[:2]), *([requires] if isinstance(requires, str) else [])]
    try:
        return uv.find_python(wanted), ()
    except UvError as missing:
        for request in nearest:
            try:
                found = uv.find_python(request)
            except UvError:
                continue
            if request != wanted:
                return found, (f"Python {wanted} is not on this machine: all this was proved with {found}",)
        raise missing


def stage(project: Project, progress: Callable[[str], None]) -> Stage:
    """A private copy of what the project needs."""
    progress("copying the project")
    return Stage.create(project.tree, Path(project.root), repository(project))


def known_baseline(
    project: Project, python: str, uv: Uv, env: Mapping[str, str], progress: Callable[[str], None]
) -> Baseline:
    """The baseline, once for each Python: where one plan fails, another may be tried on the same project."""
    known = BASELINES.setdefault(project, {})
    if python not in known:
        known[python] = baseline(project, python, uv, env, progress)
    return known[python]


def baseline(
    project: Project, python: str, uv: Uv, env: Mapping[str, str], progress: Callable[[str], None]
) -> Baseline:
    """What the tests give before anything is changed, in a copy, in an environment from the old manifests.

    What these leave open is resolved as of the last commit; where no test passes so, as of today.
    """
    own = uv.environ.get("UV_EXCLUDE_NEWER") or table(project, "tool", "uv").get("exclude-newer")
    old = old_environment(project, "" if own or project.tree.has("uv.toml") else last_commit(project))
    asked = args_of_tests(project, asked_tests(project))
    declared = variables(project)
    more = {name: item.value for name, item in declared.items() if name not in env}

    def recorded(old: Old, more: Mapping[str, str]) -> Baseline:
        handed = {**more, **env}
        with stage(project, progress) as original:
            before = record(original.root, old, uv, python=python, env=handed, test_args=asked, progress=progress)
        said = list(before.notes)
        if old.added and before.packages:
            said.append(f"The old environment was given what nothing declares, too: {', '.join(old.added)}.")
        if more:
            said.append(handed_over(declared, tuple(more)))
        if before.wants:
            said.append(withheld(project, not_given(os.environ, handed)))
        return before._replace(notes=tuple(said), given=tuple(more))

    def supplied(old: Old) -> Baseline:
        bare = recorded(old, {})
        again = recorded(old, more) if more and bare.lacks else bare
        return again if again.betters(bare) else bare

    then = supplied(old)
    if not then.as_of or then.count("passed") or not old.tests:
        return then
    today = supplied(old._replace(as_of=""))
    return today if today.count("passed") else then


def last_commit(project: Project) -> str:
    """When the project was last committed; ``""`` where no repository says so."""
    try:
        return Git(repository(project) or Path(project.root)).committed()
    except ToolError:
        return ""


def resolved(made: Plan, before: Baseline | None) -> list[Pin]:
    """What the old environment held of packages that nothing pins, where it was resolved as of the last commit."""
    pinned = {pin.name for pin in made.pins}
    packages = before.indexed if before and before.as_of else {}
    return [Pin(name, version, path=LOCK) for name, version in packages.items() if name not in pinned]


def day_of(before: Baseline | None) -> tuple[str, ...]:
    """What a person must know of how old the locked versions are."""
    if before is None or not before.as_of:
        return before.notes if before else ()
    said = (
        f"What no manifest pins is locked as of the last commit ({before.as_of}): `uv lock --upgrade` takes it further."
    )
    return (*before.notes, said)


def locked(
    root: Path, made: Plan, python: str, uv: Uv, progress: Callable[[str], None], *, strict: bool
) -> Bootstrapped:
    """Lock and sync the stage. What only the project can be blamed for is ``ApplyFailed``."""
    try:
        first = bootstrap(root, made.pins, uv, python=python, progress=progress)
    except UvError as problem:
        if strict and problem.kind == "build" and made.pins:
            raise PinsDoNotFit(problem.message, problem.hint) from problem
        if problem.kind in ("conflict", "build"):
            why = "" if problem.explanation in problem.message else problem.explanation
            asked = f"{problem.message} {problem.explanation}"
            way = single_changes(root, uv, python=python, explanation=asked) if problem.kind == "conflict" else []
            tried = [f"it could be met {' or '.join(way)}"] if way else []
            hint = "; ".join(filter(None, (why, *tried))) or problem.hint
            raise ApplyFailed(problem.message.rstrip("."), hint) from problem
        raise
    unbuilt = [item for item in first.moved_pins if "could not be built" in item.why or "no wheel" in item.why]
    if strict and unbuilt:
        raise PinsDoNotFit(f"{unbuilt[0].pin.name} {unbuilt[0].pin.version}: {unbuilt[0].why}")
    return first


def proven(
    project: Project,
    made: Plan,
    stage: Stage,
    python: str,
    uv: Uv,
    before: Baseline | None,
    env: Mapping[str, str],
    progress: Callable[[str], None],
) -> tuple[Outcome, ...]:
    """The outcomes of all checks on the stage."""
    facts = context(reader.load(stage.root), uv, env=env, progress=progress)
    after = reader.over(project, DiskTree(stage.root.resolve(), stage.repository and stage.repository.resolve()))
    moved = follow(made.changes)
    parts = (arg.partition("::") for arg in asked_tests(project))
    given = args_of_tests(after, tuple(moved(path) + sign + inside for path, sign, inside in parts))
    facts = facts._replace(named=read_dangling(after), named_before=read_dangling(project))
    facts = facts._replace(fixed=fixed_hashes(project.tree), runner=moved(djangos_runner(project)))
    return run_checks(facts._replace(depth="apply", baseline=before, moved=moved, test_args=given, python=python))


def follow(changes: Sequence[Change]) -> Callable[[str], str]:
    """A function from the old path of a file to its new one."""

    def moved(path: str) -> str:
        for change in changes:
            path = apply_to_path(path, change) or path
        return path

    return moved


def told(first: Bootstrapped, notes: Sequence[str]) -> tuple[str, ...]:
    """What a person must know of the lock: every pin that could not stay, from, to and why."""
    moved = [
        f"{item.pin.name} could not stay at {item.pin.version}: locked at {item.version}: {item.why}"
        for item in first.moved_pins
    ]
    return (*notes, *moved, *first.notes)


def transact(
    project: Project, made: Plan, changes: Sequence[Change], python: str, uv: Uv, progress: Callable[[str], None]
) -> None:
    """Land the changes and make the new environment, or nothing of it.

    Raises ``PlanRefused`` where a file was changed while the plan was read and proven.
    """
    root = Path(project.root)
    verify_unchanged(made, on_disk(project))
    progress("landing")
    with Transaction(root, repository(project)) as transaction:
        transaction.begin(digest(made))
        transaction.perform(changes)
        transaction.protect(".venv")
        progress("uv sync --locked")
        try:
            uv.sync(root, python=python)
        except UvError as problem:
            raise ApplyFailed(
                f"the environment could not be made, all is undone: {problem.message}", problem.hint
            ) from problem
        transaction.commit()


def on_disk(project: Project) -> DiskTree:
    """The project as it lies on the disk now, seen from where it was read: git says what is tracked though ignored."""
    seen = project.tree.repository if isinstance(project.tree, DiskTree) else repository(project)
    return DiskTree(Path(project.root), seen)


def repository(project: Project) -> Path | None:
    """The repository's root, where it is another folder than the project's."""
    if not project.repository:
        return None
    return Path(project.root).parents[len(Path(project.repository).parts) - 1]
