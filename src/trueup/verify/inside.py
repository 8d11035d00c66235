"""Does the program hold inside what it held before: its routes, tables, tasks, public names, each module once?

The tests see little of that. A model that is imported no more leaves its table out of ``metadata``, and the next
``alembic revision --autogenerate`` drops it; a module under two names has every class twice. The program, or the
library's package, is imported, before and after, in a process of its own, and asked: public are the names without
an underscore (or those in ``__all__``) of each own file that this imports, modules left out. A request goes to the
first route that fits: two of them that fit one request may not change places. Celery is asked to import what it
would in a worker.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from trueup.model.report import Outcome
from trueup.tools.process import run
from trueup.tools.uv import activated, venv_python
from trueup.verify import needs
from trueup.verify.environment import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from trueup.verify import Context
    from trueup.verify.start import Start

ORDER = 42
NAME = "inside"
DEPTH = "apply"
TIMEOUT = 90.0
SHOWN = 12
MARK = "\n--inside--"
ASK = """
import ast, importlib, importlib.util, json, os, sys, types
home = os.path.realpath(os.getcwd()) + os.sep
name, attribute, factory, folder, cut = sys.argv[1:]
sys.path[:0] = [os.path.join(os.getcwd(), folder), os.getcwd()] if folder else [os.getcwd()]
if cut:
    lines = [int(line) for line in cut.split(",")]
    class Cut(ast.NodeTransformer):
        def visit(self, node):
            starts = isinstance(node, ast.stmt) and node.lineno in lines
            return ast.copy_location(ast.Pass(), node) if starts else self.generic_visit(node)
    spec = importlib.util.find_spec(name)
    application = sys.modules[name] = importlib.util.module_from_spec(spec)
    with open(spec.origin, "rb") as file:
        exec(compile(Cut().visit(ast.parse(file.read())), spec.origin, "exec"), vars(application))
else:
    application = importlib.import_module(name)
for part in filter(None, attribute.split(".")):
    application = getattr(application, part)
application = application() if factory else application
routes = {}
pending = [("", application)]
seen = []
while pending:
    above, holder = pending.pop()
    for route in getattr(holder, "routes", None) or ():
        methods = ",".join(sorted(getattr(route, "methods", None) or ()))
        path = above + str(getattr(route, "path", ""))
        routes[" ".join(filter(None, (methods, path, str(getattr(route, "name", "")))))] = None
        mounted = getattr(route, "app", None)
        if not methods and hasattr(mounted, "routes") and not any(mounted is one for one in seen):
            seen.append(mounted)
            pending.append((path, mounted))
tables, tasks, files, public = set(), set(), {}, {}
queue = getattr(sys.modules.get("celery"), "Celery", None)
for module in list(sys.modules.values()) if queue else ():
    if not os.path.realpath(getattr(module, "__file__", None) or "").startswith(home):
        continue
    for value in list(vars(module).values()):
        if isinstance(value, queue):
            try:
                value.loader.import_default_modules()
                tasks.update(str(task) for task in value.tasks if not str(task).startswith("celery."))
            except Exception:
                pass  # such a worker does not start: its tasks are not there
metadata = getattr(sys.modules.get("sqlalchemy"), "MetaData", None)
for module_name, module in list(sys.modules.items()):
    try:
        path = os.path.realpath(module.__file__)
    except (AttributeError, TypeError):
        continue
    if not path.startswith(home) or os.sep + "site-packages" + os.sep in path:
        continue
    if module_name != "__main__":
        place = path[len(home):].replace(os.sep, "/")
        files.setdefault(place, []).append(module_name)
        held = {key: value for key, value in list(vars(module).items()) if isinstance(key, str)}
        said = held.get("__all__")
        said = said if isinstance(said, (list, tuple)) else [key for key in held if not key.startswith("_")]
        public[place] = sorted(str(key) for key in said if not isinstance(held.get(key), types.ModuleType))
    for value in list(vars(module).values()) if metadata else ():
        try:
            held = value if isinstance(value, metadata) else getattr(value, "metadata", None)
        except Exception:
            continue  # a proxy that is bound only while a request is answered
        if isinstance(held, metadata):
            for key, table in held.tables.items():
                columns = [f"{item.name} {type(item.type).__name__}" for item in getattr(table, "columns", ())]
                tables.add(f"{key}({', '.join(columns)})" if columns else str(key))
twice = sorted(" = ".join(sorted(names)) for names in files.values() if len(names) > 1)
found = {"routes": list(routes), "tables": sorted(tables), "tasks": sorted(tasks), "twice": twice, "public": public}
sys.stdout.write("\\n--inside--" + json.dumps(found))
"""


class Inside(NamedTuple):
    """Routes with their methods and names in their order, tables, modules that are imported under two names, and by
    the path of each own file that was imported its public names. ``tasks`` are those that Celery knows. ``problem``
    says why nothing is known.
    """

    routes: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()
    public: Mapping[str, Sequence[str]] = {}
    tasks: tuple[str, ...] = ()
    problem: str = ""


def look(start: Start, root: Path, venv: Path, environ: Mapping[str, str], cut: Sequence[int] = ()) -> Inside:
    """Import the application (or the module, where ``start`` names no attribute) in ``root`` with the environment
    ``venv``, and ask it; without the statements of the module on the lines ``cut``."""
    module, _, attribute = start.app.partition(":")
    given = [module, attribute, "yes" if start.factory else "", start.folder, ",".join(map(str, cut))]
    argv = [str(venv_python(venv)), "-c", ASK, *given]
    done = run(argv, root, env=activated(environ, venv), timeout=TIMEOUT)
    said = done.stdout.rpartition(MARK)[2] if MARK in done.stdout else ""
    try:
        found: dict[str, Any] = json.loads(said)
        routes, tables, twice, tasks = (tuple(found[key]) for key in ("routes", "tables", "twice", "tasks"))
        return Inside(routes, tables, twice, found["public"], tasks)
    except (ValueError, KeyError, TypeError):
        why = needs.missing(done.stderr) or needs.reason(done.stderr)
        return Inside(problem=f"{start.app} cannot be imported: {why}")


def check(context: Context) -> Outcome | None:
    """Failed when a route or table is lost or new, a public name is lost, or a module has two names that had one."""
    from trueup.verify.start import Start

    before = context.baseline.inside if context.baseline else None
    if context.baseline and context.baseline.unmade:
        return Outcome(NAME, "unchecked", f"before, {context.baseline.state}")
    if before is None or not (context.app or context.package):
        return None
    if not venv_python(context.venv).exists():
        return Outcome(NAME, "unchecked", MISSING)
    start = Start(context.app or context.package, context.factory and bool(context.app))
    now = look(start, context.root, context.venv, context.environ)
    if before.problem:
        return Outcome(NAME, "unchecked", f"before, {before.problem}")
    if now.problem:
        return Outcome(NAME, "failed", f"{now.problem}; it could be before")
    return compared(before._replace(public={context.moved(path): names for path, names in before.public.items()}), now)


def compared(before: Inside, now: Inside) -> Outcome:
    """The outcome; what had two names before may have them still."""
    changes = [f"{path}: two names for one module" for path in sorted(set(now.twice))] if not before.twice else []
    for what, was, now_is in (("route", before.routes, now.routes), ("table", before.tables, now.tables)):
        changes += [f"{item}: {what} lost" for item in was if item not in now_is]
        changes += [f"{item}: new {what}" for item in now_is if item not in was]
    changes += overtaken(before.routes, now.routes)
    changes += [f"{item}: task lost" for item in before.tasks if last(item) not in map(last, now.tasks)]
    changes += lost_names(before, now)
    if changes:
        more = f" and {len(changes) - 1} more" if len(changes) > 1 else ""
        message = f"the program is not what it was: {changes[0]}{more}"
        return Outcome(NAME, "failed", message, "\n".join(changes[:SHOWN]))
    names = sum(map(len, before.public.values()))
    counts = [
        *([noun(len(now.routes), "route")] if now.routes else []),
        *([noun(len(now.tables), "table")] if now.tables else []),
        *([noun(len(now.tasks), "task")] if now.tasks else []),
        f"{noun(names, 'public name')} of {noun(len(before.public), 'module')}",
    ]
    once = "modules with two names as before" if now.twice else "each module once"
    renamed = [item for item in before.tasks if item not in now.tasks]
    other = f"; {noun(len(renamed), 'task')} under another name" if renamed else ""
    return Outcome(NAME, "passed", f"{', '.join(counts)}, as before; {once}{other}", "\n".join(renamed[:SHOWN]))


def last(name: str) -> str:
    """The function of a task, whose module may have moved."""
    return name.rpartition(".")[2]


def overtaken(before: Sequence[str], now: Sequence[str]) -> Iterator[str]:
    """Pairs of routes that fit one request, and stand in another order than before."""
    places = {route: place for place, route in enumerate(now)}
    kept = [route for route in before if route in places]
    if [places[route] for route in kept] == sorted(places[route] for route in kept):
        return
    for index, first in enumerate(kept):
        for second in kept[index + 1 :]:
            if places[first] > places[second] and meet(first, second):
                yield f"{first}: comes after {second} now"


def meet(first: str, second: str) -> bool:
    """Whether one request may fit two routes: ``METHODS PATH NAME``, or ``PATH NAME`` with all that lies below it."""
    methods, paths = [], []
    for route in (first, second):
        said, _, rest = route.partition(" ")
        methods.append(set() if said.startswith("/") else set(said.split(",")))
        paths.append((said if said.startswith("/") else rest.partition(" ")[0]).strip("/").split("/"))
    if all(methods) and not methods[0] & methods[1]:
        return False
    for one, other in zip(*paths, strict=False):
        if ":path}" in one or ":path}" in other:
            return True
        if one != other and "{" not in one and "{" not in other:
            return (paths[0] == [""] and not methods[0]) or (paths[1] == [""] and not methods[1])
    shorter = 0 if len(paths[0]) < len(paths[1]) else 1
    return len(paths[0]) == len(paths[1]) or not methods[shorter]


def lost_names(before: Inside, now: Inside) -> Iterator[str]:
    """Files that are imported no more, and the public names that are gone from the others."""
    for path, names in sorted(before.public.items()):
        if path not in now.public:
            yield f"{path}: imported no more"
        else:
            yield from (f"{path}: {name} lost" for name in names if name not in now.public[path])


def noun(count: int, word: str) -> str:
    """``1 route``, ``2 routes``."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
