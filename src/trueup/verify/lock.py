"""Is ``uv.lock`` what locking now would give? ``--check``, since ``--frozen`` accepts a stale lock."""

from __future__ import annotations

from trueup.model.report import Outcome
from trueup.tools.uv import UvError, venv_python

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.verify import Context

ORDER = 10
NAME = "lock"


def check(context: Context) -> Outcome:
    """Passed when the lock is fresh; without network a stale lock cannot be told from an unknown one."""
    if not (context.root / "uv.lock").is_file():
        return Outcome(NAME, "failed", "there is no uv.lock: nothing fixes what is installed")
    try:
        context.uv.lock_check(context.root, python=interpreter(context))
    except UvError as problem:
        if problem.kind not in ("stale", "conflict", "project"):
            raise
        return Outcome(NAME, "failed", str(problem), problem.output)
    return Outcome(NAME, "passed", "uv.lock is what pyproject.toml asks for")


def interpreter(context: Context) -> str:
    """The interpreter to lock with: that of ``.venv``, whatever ``.python-version`` asks for."""
    python = venv_python(context.venv)
    if python.exists():
        return str(python)
    return context.uv.find_python(context.python) if context.python else ""
