"""Does each console script still answer ``--help`` as it did before?

A script is what ``[project.scripts]`` (or its like of other managers) made in the environment: its name, and the
function that it calls. One that ended with 0 before must be there, and end so. One that did not is not judged.
"""

from __future__ import annotations

import json

from trueup.model.noun import NamedTuple
from trueup.model.report import Outcome
from trueup.tools.process import run
from trueup.tools.uv import activated, venv_program, venv_python
from trueup.verify import needs
from trueup.verify.environment import MISSING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from trueup.verify import Context

ORDER = 44
NAME = "scripts"
DEPTH = "apply"
ADVICE = True
PATIENCE = 20.0  # seconds that a script may take for its help
LIST = """
import json, os, sys
from importlib.metadata import distributions
from urllib.parse import unquote, urlparse
root, names = os.path.realpath(sys.argv[1]), set()
for found in distributions():
    origin = json.loads(found.read_text("direct_url.json") or "{}").get("url", "")
    place = unquote(urlparse(origin).path)
    place = place[1:] if os.name == "nt" else place
    if origin.startswith("file:") and os.path.realpath(place) == root:
        names.update(entry.name for entry in found.entry_points if entry.group == "console_scripts")
sys.stdout.write(json.dumps(sorted(names)))
"""


class Help(NamedTuple):
    """How a script ended that was asked for its help (``None``: it did not end), and why, where that is not 0."""

    code: int | None
    why: str = ""


class Scripts(NamedTuple):
    """How each console script answered; ``problem`` says why nothing is known."""

    answers: Mapping[str, Help] = {}
    problem: str = ""


def ask(root: Path, venv: Path, environ: Mapping[str, str]) -> Scripts:
    """Every console script of the project in ``root`` that the environment ``venv`` has, asked for its help."""
    listed = run([str(venv_python(venv)), "-I", "-c", LIST, str(root)], root, env=dict(environ), timeout=PATIENCE)
    try:
        names: list[str] = json.loads(listed.stdout)
    except ValueError:
        return Scripts(problem=f"the console scripts cannot be listed: {needs.reason(listed.stderr)}")
    return Scripts({name: helped(name, root, venv, environ) for name in names if venv_program(venv, name).exists()})


def helped(name: str, root: Path, venv: Path, environ: Mapping[str, str]) -> Help:
    """One script, asked."""
    argv = [str(venv_program(venv, name)), "--help"]
    done = run(argv, root, env=activated(environ, venv), timeout=PATIENCE)
    if done.timed_out:
        return Help(None, f"it did not end in {PATIENCE:.0f} s")
    return Help(done.code, "" if done.ok else needs.reason(done.stderr))


def check(context: Context) -> Outcome | None:
    """Failed when a script that gave its help before is gone, or ends otherwise."""
    before = context.baseline.scripts if context.baseline else Scripts()
    if before == Scripts():
        return None
    if not venv_python(context.venv).exists():
        return Outcome(NAME, "unchecked", MISSING)
    if before.problem:
        return Outcome(NAME, "unchecked", f"before, {before.problem}")
    now = ask(context.root, context.venv, context.environ)
    return Outcome(NAME, "failed", now.problem) if now.problem else compared(before.answers, now.answers)


def compared(before: Mapping[str, Help], now: Mapping[str, Help]) -> Outcome:
    """The outcome."""
    good = [name for name, said in before.items() if said.code == 0]
    lost = [f"{name}: it is gone" for name in before if name not in now]
    worse = [f"{name} --help: {now[name].why}" for name in good if name in now and now[name].code != 0]
    if lost or worse:
        return Outcome(NAME, "failed", (lost + worse)[0], "\n".join(lost + worse))
    if not good:
        told = "; ".join(f"{name} --help: {said.why}" for name, said in before.items())
        return Outcome(NAME, "unchecked", f"before, {told}")
    return Outcome(NAME, "passed", f"as before: {', '.join(f'{name} --help' for name in good)}")
