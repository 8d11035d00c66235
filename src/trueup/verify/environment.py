"""Is what is installed in ``.venv`` what ``uv.lock`` says?"""

from __future__ import annotations

import tomllib

from trueup.model.names import normal
from trueup.model.report import Outcome
from trueup.tools.uv import UvError, venv_python

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.verify import Context

ORDER = 20
NAME = "environment"
TOUCHED = "all else is what uv.lock says; the project itself is older than its pyproject.toml: uv sync installs it anew"
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
        if only_a_newer_manifest(context, problem.output):
            return Outcome(NAME, "unchecked", TOUCHED, problem.output)
        return Outcome(NAME, "failed", f"{problem.message}: {changes(problem.output)}", problem.output)
    return Outcome(NAME, "passed", "what is installed is what uv.lock says")


def only_a_newer_manifest(context: Context, output: str) -> bool:
    """Whether a sync would only install the project itself anew, at the version that is there: uv goes by the time of
    its ``pyproject.toml``, which any checkout changes."""
    try:
        project = tomllib.loads((context.root / "pyproject.toml").read_text("utf-8-sig"))["project"]
        title = f"{normal(project['name'])}=={project['version']}"
    except (OSError, ValueError, KeyError, TypeError):
        return False
    found = [line.split() for line in wanted(output)]
    same = {("-", title), ("~", title), ("+", normal(project["name"])), ("+", title)}
    return bool(found) and all((words[0], words[1]) in same for words in found if len(words) > 1)


def wanted(output: str) -> list[str]:
    """The lines that say what a sync would add (``+``), remove (``-``) or change (``~``)."""
    lines = [line.strip() for line in output.splitlines()]
    return [line for line in lines if line[:2] in ("+ ", "- ", "~ ")]


def changes(output: str) -> str:
    """How many distributions a sync would add (``+``), remove (``-``) or change (``~``), and a few of them."""
    lines = wanted(output)
    rest = f" and {len(lines) - 3} more" if len(lines) > 3 else ""
    return ", ".join(lines[:3]) + rest if lines else "uv would make it anew"
