"""Can everything be imported that a server or a worker is told to import, and does it hold what it held?

The application that the project is known for is one program of several: a Procfile, a unit or a compose file may start
a worker or a second application, whose modules no test imports. Each is imported in a process of its own, before and
after, and asked what it holds (``inside``). What could not be imported before need not be now.
"""

from __future__ import annotations

from trueup.model.report import Outcome
from trueup.tools.uv import venv_python
from trueup.verify.environment import MISSING
from trueup.verify.inside import Inside, compared, look
from trueup.verify.start import Start

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from trueup.model.project import Program
    from trueup.verify import Context

ORDER = 44
NAME = "programs"
DEPTH = "apply"
MOST = 8  # programs that are imported; what lies beyond is told


def ask(programs: Sequence[Program], root: Path, venv: Path, environ: Mapping[str, str]) -> dict[str, Inside]:
    """What each program holds, by the file and the attribute that it is told."""
    found = {}
    for program in programs[:MOST]:
        folder = program.folder if (root / program.folder).is_dir() else ""
        found[key(program)] = look(Start(program.app, folder=folder), root, venv, environ)
    return found


def key(program: Program) -> str:
    """A program by a name that knows its file: that of its module changes."""
    return f"{program.source}:{program.app.partition(':')[2]}"


def others(programs: Sequence[Program], app: str) -> tuple[Program, ...]:
    """Those that are not the application itself, each once."""
    known: dict[str, Program] = {}
    for program in programs:
        if program.app != app:
            known.setdefault(key(program), program)
    return tuple(known.values())


def check(context: Context) -> Outcome | None:
    """Failed when a program cannot be imported that could, or holds another thing; told is the first of them."""
    if context.baseline is None:
        return None
    programs = others(context.named.programs, context.app)
    if context.baseline.unmade:
        return Outcome(NAME, "unchecked", f"before, {context.baseline.state}") if programs else None
    before = context.baseline.programs
    if not before:
        return None
    if not venv_python(context.venv).exists():
        return Outcome(NAME, "unchecked", MISSING)
    was = {
        context.moved(name.rpartition(":")[0]) + ":" + name.rpartition(":")[2]: held for name, held in before.items()
    }
    pairs = [(program, was.get(key(program))) for program in programs]
    now = ask([program for program, held in pairs if held is not None], context.root, context.venv, context.environ)
    gone = sorted(was.keys() - set(map(key, context.named.programs)))
    found = [(program.app, held, now.get(key(program))) for program, held in pairs]
    return judged(context, found, gone) if found or gone else None


def judged(
    context: Context, pairs: Sequence[tuple[str, Inside | None, Inside | None]], gone: Sequence[str] = ()
) -> Outcome:
    """One outcome of all: the worst. ``gone`` are programs that no file names any more."""
    wrong, told = [], []
    doubts = [f"{name.rstrip(':')}: no file names it any more" for name in gone]
    for app, before, now in pairs:
        if before is None or now is None:
            doubts.append(f"{app}: nothing is known of before")
        elif before.problem:
            doubts.append(f"before, {before.problem}")
        elif now.problem:
            wrong.append(f"{now.problem}; it could be before")
        else:
            public = {context.moved(path): names for path, names in before.public.items()}
            outcome = compared(before._replace(public=public), now)
            lines = [f"{app}: {line}" for line in outcome.evidence.splitlines()]
            wrong += lines if outcome.status == "failed" else []
            told += [f"{line}, under another name now" for line in lines if outcome.status != "failed"]
    if wrong:
        return Outcome(NAME, "failed", wrong[0], "\n".join(wrong))
    if doubts:
        return Outcome(NAME, "unchecked", doubts[0], "\n".join(doubts))
    names = ", ".join(app for app, _, _ in pairs)
    return Outcome(NAME, "passed", f"what servers and workers are told holds what it held: {names}", "\n".join(told))
