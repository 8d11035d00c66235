"""Is what is installed in ``.venv`` what ``uv.lock`` says?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.model.report import Outcome
from trueup.tools.uv import UvError, venv_python

if TYPE_CHECKING:
    from trueup.verify import Context

ORDER = 20
NAME = "environment"
MISSING = "there is no environment in .venv; make it with uv sync --locked"


def check(context: Context) -> Outcome:
    """Passed when a sync would change nothing; files edited in place are not seen by uv."""
    if not venv_python(context.venv).exists():
        return Outcome(NAME, "failed", MISSING)
    try:
        context.uv.sync_check(context.root, python=str(venv_python(context.venv)))
    except UvError as problem:
        if problem.kind == "stale":
            return Outcome(NAME, "unchecked", "there is no fresh lock to compare it with", problem.output)
        if problem.kind != "outdated":
            raise
        return Outcome(NAME, "failed", f"{problem.message}: {changes(problem.output)}", problem.output)
    return Outcome(NAME, "passed", "what is installed is what uv.lock says")


def changes(output: str) -> str:
    """How many distributions a sync would add (``+``), remove (``-``) or change (``~``), and a few of them."""
    lines = [line.strip() for line in output.splitlines()]
    wanted = [line for line in lines if line[:2] in ("+ ", "- ", "~ ")]
    rest = f" and {len(wanted) - 3} more" if len(wanted) > 3 else ""
    return ", ".join(wanted[:3]) + rest if wanted else "uv would make it anew"
