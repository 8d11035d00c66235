"""Does each console script still answer ``--help`` as it did before?

A script is what ``[project.scripts]`` (or its like of other managers) made in the environment: its name, and the
function that it calls. One that ended with 0 before must be there, end so, and say the same: paths and dotted names
are held by their last part, for these may move. One that did not is not judged, but for one that went on (a server
that knows no ``--help``) and ends with an error now.
"""

from __future__ import annotations

import difflib
import json
import re

from trueup.model.noun import NamedTuple
from trueup.model.report import Outcome
from trueup.tools.process import run
from trueup.tools.uv import activated, venv_program, venv_python
from trueup.verify import needs
from trueup.verify.environment import MISSING
from trueup.verify.runner import placeless

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
SHOWN = 12
PLAIN = {"COLUMNS": "100", "LINES": "40", "NO_COLOR": "1", "TERM": "dumb"}  # no help hangs on the terminal then
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
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
    """How a script ended that was asked for its help (``None``: it did not end), why, where that is not 0, and what it
    said."""

    code: int | None
    why: str = ""
    text: str = ""


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
    done = run(argv, root, env=activated({**environ, **PLAIN}, venv), timeout=PATIENCE)
    if done.timed_out:
        return Help(None, f"it did not end in {PATIENCE:.0f} s")
    return Help(done.code, text=plain(done.stdout)) if done.ok else Help(done.code, needs.reason(done.stderr))


def plain(said: str) -> str:
    """A help without colours, empty lines, and the places of what it names."""
    lines = (" ".join(placeless(line).split()) for line in COLOUR.sub("", said).splitlines())
    return "\n".join(line for line in lines if line)


def check(context: Context) -> Outcome | None:
    """Failed when a script that gave its help before is gone, ends otherwise, or says another thing."""
    before = context.baseline.scripts if context.baseline else Scripts()
    if before == Scripts():
        return None
    if not venv_python(context.venv).exists():
        return Outcome(NAME, "unchecked", MISSING)
    if before.problem:
        return Outcome(NAME, "unchecked", f"before, {before.problem}")
    now = ask(context.root, context.venv, context.environ)
    if now.problem:
        return Outcome(NAME, "failed", now.problem)
    others = reworded(before.answers, now.answers)
    if others:  # what differs from one time to the next is no difference
        again = ask(context.root, context.venv, context.environ).answers
        others = {name: lines for name, lines in others.items() if again.get(name) == now.answers[name]}
    if others and (moved := upgraded(context)):
        note = f"the help of {', '.join(others)} differs, and so do versions ({', '.join(moved[:3])})"
        outcome = compared(before.answers, now.answers, {})
        status = "unchecked" if outcome.status == "passed" else outcome.status  # which of the two it was, nobody knows
        return outcome._replace(status=status, message=f"{outcome.message}; {note}")
    return compared(before.answers, now.answers, others)


def upgraded(context: Context) -> list[str]:
    """The packages that are installed at another version than before."""
    was = context.baseline.packages if context.baseline else {}
    now = context.uv.installed(venv_python(context.venv))
    return [name for name, version in was.items() if now.get(name, version) != version]


def reworded(before: Mapping[str, Help], now: Mapping[str, Help]) -> dict[str, list[str]]:
    """The scripts whose help says another thing, however its lines are broken; each with the lines that differ."""
    return {
        name: [
            line
            for line in difflib.unified_diff(said.text.splitlines(), now[name].text.splitlines(), n=0, lineterm="")
            if not line.startswith(("---", "+++", "@@"))
        ]
        for name, said in before.items()
        if said.code == 0 and name in now and now[name].code == 0 and said.text.split() != now[name].text.split()
    }


def compared(before: Mapping[str, Help], now: Mapping[str, Help], others: Mapping[str, list[str]]) -> Outcome:
    """The outcome; ``others`` are the scripts that say another thing."""
    good = [name for name, said in before.items() if said.code == 0]
    lost = [f"{name}: it is gone" for name in before if name not in now]
    begun = [name for name, said in before.items() if said.code is None and name in now and now[name].code]
    worse = [f"{name} --help: {now[name].why}" for name in good if name in now and now[name].code != 0]
    worse += [f"{name} --help: {now[name].why}; before, it went on" for name in begun]
    if lost or worse:
        return Outcome(NAME, "failed", (lost + worse)[0], "\n".join(lost + worse))
    if others:
        first, lines = next(iter(others.items()))
        evidence = [f"{name} --help: {line}" for name, changed in others.items() for line in changed]
        message = f"{first} --help says another thing than before: {lines[-1]}"
        return Outcome(NAME, "failed", message, "\n".join(evidence[:SHOWN]))
    if not good:
        told = "; ".join(f"{name} --help: {said.why}" for name, said in before.items())
        return Outcome(NAME, "unchecked", f"before, {told}")
    return Outcome(NAME, "passed", f"as before: {', '.join(f'{name} --help' for name in good)}")
