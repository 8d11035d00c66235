"""Does the application start from its wheel, where the source is not?

In an environment that holds the wheel and the locked versions it is started in an empty folder; where it does not
answer there as it does in the project, in a copy of the project, for the files that it reads by the working
directory: nothing of the package can be imported from it. What it answers for ``/openapi.json`` must be what it
answers in the project.
Source: https://docs.astral.sh/uv/guides/package/
"""

from __future__ import annotations

from trueup.model.report import Outcome
from trueup.tools.uv import UvError, venv_python
from trueup.verify import needs
from trueup.verify.environment import MISSING
from trueup.verify.start import (
    SHOWN,
    Served,
    command,
    differences,
    known,
    lasting,
    serve,
    served_by,
    shown,
    started,
    told,
)
from trueup.verify.wheel import Built, imports, installed, left_behind, package_folder, packaged, without_source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.verify import Context

ORDER = 58
NAME = "start outside the tree"
ADVICE = True


def check(context: Context) -> Outcome | None:
    """Passed when it answers from the wheel as it does in the project; failed when it starts in the project only."""
    if not context.app:
        return None
    if reason := impossible(context):
        return Outcome(NAME, "unchecked", reason)
    here = known(context)
    if here.answer is None or here.answer.status >= 500:
        return Outcome(NAME, "unchecked", "in the project itself it does not start")
    try:
        with installed(context, NAME) as built:
            return from_wheel(context, built, here)
    except UvError as problem:
        if problem.kind != "build":
            raise
        return Outcome(NAME, "unchecked", f"there is no wheel: {problem.message}", problem.output)


def impossible(context: Context) -> str:
    """Why nothing can be started; ``""`` where it can."""
    if not context.package:
        return "no import package is known"
    if not packaged(context.root):
        return "pyproject.toml names no build backend, so there is no wheel"
    if not venv_python(context.venv).exists():
        return MISSING
    if context.manage and not context.script:
        return f"{context.manage} starts it, and no wheel holds that"
    return "" if command(started(context), context.venv, 0) else f"there is no console script {context.script}"


def from_wheel(context: Context, built: Built, here: Served) -> Outcome:
    """The outcome where the wheel is installed: far from the project first, then beside the project's files."""
    start = started(context)
    if not command(start, built.venv, 0):
        return Outcome(NAME, "failed", f"the wheel brings no console script {context.script}")
    module, _, attribute = context.app.partition(":")
    target = (module, attribute.partition(".")[0])
    tried = imports(context, built, *target)
    far = serve(start, built.outside, built.venv, context.environ) if tried.ok else None
    if far and same(context, far, here):
        return told(f"{shown(start)}, from the wheel,", far)._replace(check=NAME)
    if not far and not imports(context, built, *target, cwd=built.source).ok:  # the wheel's to tell
        return Outcome(NAME, "unchecked", f"{context.app} cannot be imported from the wheel", tried.tail())
    project = built.source
    if not package_folder(context)[0]:  # the working directory is on the import path
        project = built.source.parent / "project"
        without_source(context, built, project)
    near = serve(start, project, built.venv, context.environ)
    if same(context, near, here):
        outcome = told(f"{shown(start)}, from the wheel, in the project's folder only,", near)
        return outcome._replace(check=NAME, evidence=far.output if far else tried.tail())
    return unlike(context, built, near, here)


def same(context: Context, away: Served, here: Served) -> bool:
    """Whether it answered as in the project; what differs there from one start to the next does not count."""
    if away.answer is None or here.answer is None or away.answer.status != here.answer.status:
        return False
    changes = differences(here.document, away.document)
    return not changes or not lasting(changes, here, served_by(context))


def unlike(context: Context, built: Built, away: Served, here: Served) -> Outcome:
    """The outcome where it answers otherwise than in the project, or never."""
    how = f"{shown(started(context))}, from the wheel,"
    outcome = told(how, away)._replace(check=NAME)
    if away.answer is None:
        left = left_behind(context, built, needs.reason(away.output))
        if left and outcome.status == "failed":
            message = f"{how} reads {left} beside the package, where the project has it and no wheel does"
            return outcome._replace(status="unchecked", message=message)
        return outcome
    changes = differences(here.document, away.document)[:SHOWN]
    before, now = here.answer.status if here.answer else 0, away.answer.status
    first = f"HTTP {now}, here {before}" if now != before else "".join(changes[:1])
    message = f"{how} answers otherwise than here: {first}"
    return outcome._replace(status="failed", message=message, evidence="\n".join(changes))
