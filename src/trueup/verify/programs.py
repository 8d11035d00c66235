"""Can everything be imported that a server or a worker is told to import, and does it hold what it held?

The application that the project is known for is one program of several: a Procfile, a unit or a compose file may start
a worker or a second application, whose modules no test imports. Each is imported in a process of its own, before and
after, and asked what it holds (``inside``). What could not be imported before need not be now. A bot or a consumer that
Python is told to run is imported, too, and not started: without the statements of its file that would start it.
"""

from __future__ import annotations

import ast
import re
import tomllib
from typing import TYPE_CHECKING

from trueup.model.groups import default_groups, with_included
from trueup.model.report import Outcome
from trueup.tools.uv import venv_python
from trueup.verify.environment import MISSING
from trueup.verify.inside import Inside, compared, look
from trueup.verify.start import Start

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from trueup.model.project import Program
    from trueup.verify import Context

ORDER = 44
NAME = "programs"
DEPTH = "apply"
ADVICE = True  # without a before: a program may need what is not here, a token above all
# What goes on until it is stopped, by the last part of its name; and functions of the file itself that seem to.
RUNS = re.compile(
    r"(?:run|start|serve|loop)(?:_(?:app|forever|polling|webhook|until_complete|until_disconnected|consuming|start))?"
    r"|(?:infinity_)?polling|loop_forever|mainloop|idle"
)
OWN = re.compile(r"_*(?:main|run|start|serve|poll|loop|work|listen|consume)", re.IGNORECASE)
LACKS = re.compile(r"No module named '(\w+)'")
BROKEN = re.compile(r"(?:ModuleNotFound|Import|Syntax|Indentation|Name)Error\b")
MOST = 8  # programs that are imported; what lies beyond is told


def ask(programs: Sequence[Program], root: Path, venv: Path, environ: Mapping[str, str]) -> dict[str, Inside]:
    """What each program holds, by the file and the attribute that it is told."""
    found = {}
    for program in programs[:MOST]:
        folder = program.folder if (root / program.folder).is_dir() else ""
        cut = starting(root / program.source) if program.script else ()
        found[key(program)] = look(Start(program.app, folder=folder), root, venv, environ, cut)
    return found


def starting(file: Path) -> tuple[int, ...]:
    """The lines of the statements that start a program when its file is imported."""
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return ()  # an import tells why
    own = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    return tuple(starts(tree.body, {name for name in own if OWN.match(name)}))


def starts(body: Sequence[ast.stmt], own: set[str]) -> Iterator[int]:
    """The lines of those statements that an import runs, and that go on."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        inner = [getattr(node, name, []) for name in ("body", "orelse", "finalbody")]
        inner += [handler.body for handler in getattr(node, "handlers", [])]
        if isinstance(node, ast.While):
            yield node.lineno
        elif any(inner):
            if "__main__" not in ast.dump(node.test if isinstance(node, ast.If) else ast.Pass()):
                for statements in inner:
                    yield from starts(statements, own)
        elif any(goes_on(call.func, own) for call in ast.walk(node) if isinstance(call, ast.Call)):
            yield node.lineno


def goes_on(called: ast.expr, own: set[str]) -> bool:
    """Whether a call goes on until somebody stops it, by what is called."""
    if isinstance(called, ast.Attribute):
        return RUNS.fullmatch(called.attr) is not None
    return isinstance(called, ast.Name) and called.id in own


def key(program: Program) -> str:
    """A program by a name that knows its file: that of its module changes."""
    return f"{program.source}:{program.app.partition(':')[2]}"


def others(programs: Sequence[Program], app: str) -> tuple[Program, ...]:
    """Those that are not the application itself, each once: one that runs the application's file is it, too."""
    known: dict[str, Program] = {}
    file = "/" + app.partition(":")[0].replace(".", "/") + ".py"
    for program in programs:
        if program.app != app and not (program.script and f"/{program.source}".endswith(file)):
            known.setdefault(key(program), program)
    return tuple(known.values())


def check(context: Context) -> Outcome | None:
    """Failed when a program cannot be imported that could, or holds another thing; told is the first of them."""
    programs = others(context.named.programs, context.app)
    if context.baseline is None:
        return alone(context, programs)
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


def alone(context: Context, programs: Sequence[Program]) -> Outcome | None:
    """The outcome where nothing is known of before: what cannot be imported is broken, or lacks what is not here."""
    if not programs:
        return None
    if not venv_python(context.venv).exists():
        return Outcome(NAME, "unchecked", MISSING)
    found = ask(programs, context.root, context.venv, context.environ)
    problems = [held.problem for held in found.values() if held.problem]
    broken = [problem for problem in problems if BROKEN.search(problem)]
    if problems:
        return Outcome(NAME, "failed" if broken else "unchecked", (broken or problems)[0], "\n".join(problems))
    names = ", ".join(program.app for program in programs[:MOST])
    more = f"; {len(programs) - MOST} more were not looked at" if len(programs) > MOST else ""
    return Outcome(NAME, "unchecked" if more else "passed", f"can be imported: {names}{more}")


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
        elif now.problem and (group := not_installed(context, now.problem)):
            doubts.append(
                f"{now.problem}: `uv sync` installs no group {group}, where it may be, and before it was there"
            )
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


def not_installed(context: Context, problem: str) -> str:
    """The groups that a sync leaves out, where an import lacks what is no module of the project."""
    lacks = LACKS.search(problem)
    own = re.compile(rf"(?:.*/)?{lacks[1]}(?:\.py|/.*)") if lacks else None
    manifest = context.root / "pyproject.toml"
    if own is None or any(map(own.fullmatch, context.files)) or not manifest.is_file():
        return ""
    document = tomllib.loads(manifest.read_text("utf-8-sig"))
    groups = document.get("dependency-groups", {})
    default = document.get("tool", {}).get("uv", {}).get("default-groups")
    brought = with_included(groups, default_groups(groups, default))
    return " or ".join(name for name in groups if name not in brought)
