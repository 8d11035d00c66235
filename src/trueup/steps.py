"""The whole tool on one page: audit, plan, apply, verify, rollback.

Each function goes one way, from a path to a ``Report``; siblings (readers, rules, plan, apply, verify)
meet only here.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from trueup import __version__, rules
from trueup.model.report import Report
from trueup.plan.plan import Judge, make
from trueup.read import project as reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.plan import Plan
    from trueup.model.project import Project
    from trueup.model.settings import Settings
    from trueup.model.tree import Tree


class Consent(NamedTuple):
    """How the person is asked; each raises ``PlanRefused`` for a no.

    ``trust`` gets what of the project's own code would run, ``confirm`` the plan's report.
    """

    trust: Callable[[Sequence[str]], None]
    confirm: Callable[[Report], None]


class Bench(Judge):
    """The rules and readers of one project, as planning needs them."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.reasons = {rule.code: rule.no_fix for rule in rules.catalogue()}

    def audit(self, tree: Tree) -> tuple[Project, Sequence[Finding]]:
        """Read ``tree`` as this project, and judge it."""
        project = reader.over(self.project, tree)
        return project, list(rules.find(project))

    def operations(self, project: Project, findings: Iterable[Finding]) -> list[Operation]:
        """What the rules would do."""
        return rules.operations(project, findings)

    def reason(self, finding: Finding) -> str:
        """Why a finding stays."""
        return self.reasons.get(finding.code) or "it needs a decision"


def audit(path: str, asked: Settings) -> Report:
    """Read the project and say what is not true. Runs nothing, writes nothing."""
    project = reader.load(Path(path), asked)
    found = sorted(rules.find(project), key=lambda item: (item.path, item.line, item.code, item.subject))
    return Report("audit", __version__, reader.summary(project), findings=tuple(found))


def plan(path: str, asked: Settings, *, save_to: str = "") -> Report:
    """What would be done, and nothing done; ``save_to`` is where the plan is kept for ``apply``."""
    project = reader.load(Path(path), asked)
    made = make(Bench(project), project.tree)
    if save_to:
        from trueup.plan.file import save

        save(made, Path(save_to))
    return planned(project, made)


def planned(project: Project, made: Plan) -> Report:
    """The report of a plan."""
    return Report("plan", __version__, reader.summary(project), plan=made, ledger=made.ledger)


def apply(
    path: str,
    asked: Settings,
    consent: Consent,
    *,
    plan_file: str = "",
    env: Mapping[str, str],
    progress: Callable[[str], None],
) -> Report:
    """Make the plan true: in a stage first, verified there, then in one transaction on the user's tree.

    Raises ``PlanRefused`` when nothing may be done, ``ApplyFailed`` when it was undone.
    """
    project = reader.load(Path(path), asked)
    if plan_file:
        from trueup.plan.file import load, verify_unchanged

        made = load(Path(plan_file))
        verify_unchanged(made, project.tree)
    else:
        made = make(Bench(project), project.tree)
    if made.empty:
        return planned(project, made)._replace(verb="apply", notes=("Nothing to do: the project is true.",))
    consent.confirm(planned(project, made))
    from trueup.landing import land

    return land(project, made, consent.trust, env=env, progress=progress)
