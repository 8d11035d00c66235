"""Tasks that are named by their module get another name when it moves.

Celery calls ``add`` in ``tasks.py`` by the name ``tasks.add``; after the move it is
``shop.tasks.add``. Messages that wait in a queue, and workers and clients that are not deployed
together, still say the old name. ``@shared_task(name="tasks.add")`` keeps it, before and after: with
``keep-task-names = true`` in ``[tool.trueup]`` the move writes that into every such task. RQ stores the functions that
are put into its queues by such names, too, and has no other.

Source: https://docs.celeryq.dev/en/stable/userguide/tasks.html#names

Flagged:

```
main.py
    from fastapi import FastAPI

    import tasks

    app = FastAPI()
tasks.py
    from celery import shared_task


    @shared_task
    def add(a, b):
        return a + b
```

Fixed:

```
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    from shop import tasks

    app = FastAPI()
src/shop/tasks.py
    from celery import shared_task


    @shared_task
    def add(a, b):
        return a + b
```
"""

from __future__ import annotations

import warnings

from trueup.model.pattern import lazy
from trueup.model.relocation import NO_QUEUES, has_task_queue
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import is_renamed, module_of, renames, source_of, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project
    from trueup.model.source import Import

rule = Rule(
    __name__,
    severity="warning",
    confidence="medium",
    help="queued messages and other deployments still say the old name; trueup tells it before anything moves",
    no_fix="drain the queues, or, for Celery, set keep-task-names = true in [tool.trueup]: "
    "the move then writes the present names",
)

DECORATOR = lazy(r"(?m)^[ \t]*@(?:\w+\.)*(?:task|shared_task)\b", words=("task",))
ENQUEUED = lazy(
    r"\.(?:enqueue(?:_call|_in|_at)?\(\s*(?:(?:timedelta|datetime)\([^()]*\)\s*,\s*)?(?:func\s*=\s*)?"
    r"|cron\([^()]*?func\s*=\s*)(?P<name>[A-Za-z_][\w.]*)\s*[,)]",
    words=("enqueue", "cron"),
)
NAMES = ("task", "shared_task")
RQ = ("rq", "rq_scheduler", "django_rq", "flask_rq2")


@rule.checks
def named_by_module(project: Project) -> Iterator[Finding]:
    """Celery tasks without a name of their own, in files whose module would get another name."""
    if not renames(project):
        return
    yield from put_into_queues(project)
    if project.settings.keep_task_names and has_task_queue(project):
        return
    for path, source in project.sources.items():
        text = "" if project.is_test(path) else text_of(project, path)
        if not DECORATOR.search(text) or not is_renamed(project, path):
            continue
        module = module_of(project, path)
        others = {name for item in source.imports for name in bound(item) if top_of(item) in NO_QUEUES}
        for line, function in tasks(text, others):
            name = f"{module}.{function}"
            message = f'the task {function} is called {name} only by its module: name="{name}" would keep that'
            yield rule.finding(Place(path, line), message, subject=name)


def put_into_queues(project: Project) -> Iterator[Finding]:
    """Functions that RQ stores by the names of their modules."""
    for path, source in project.sources.items():
        if project.is_test(path) or not any(top_of(item) in RQ for item in source.imports):
            continue
        text = text_of(project, path)
        meant = {name: place for item in source.imports for name, place in places(project, path, item)}
        for found in ENQUEUED.finditer(text):
            name = found["name"]
            head, dot, rest = name.partition(".")
            own = source if source.defines.get(name) in ("function", "coroutine") else None
            module, _, last = f"{meant.get(head, '')}{dot}{rest}".rpartition(".")
            home = source_of(project, module) if head in meant and module else own
            if home is not None and is_renamed(project, home.path):
                stored = f"{module_of(project, home.path)}.{last if head in meant else name}"
                line = text.count("\n", 0, found.start()) + 1
                message = f"RQ stores {name} as {stored}: jobs that wait still say that name"
                yield rule.finding(Place(path, line), message, subject=stored)


def places(project: Project, path: str, item: Import) -> Iterator[tuple[str, str]]:
    """Each name that an import in a file binds, with what it stands for by its whole name."""
    parts = module_of(project, path).split(".")
    climb = item.level - path.endswith("/__init__.py")
    around = parts[: len(parts) - climb] if item.level else []
    for name, alias in item.names:
        if item.is_from:
            yield alias or name, ".".join(filter(None, (*around, item.module, name)))
        else:
            yield alias or name.split(".")[0], name if alias else name.split(".")[0]


def top_of(item: Import) -> str:
    """The top-level name of what an import takes from."""
    return (item.module or item.names[0][0]).split(".")[0]


def bound(item: Import) -> Iterator[str]:
    """The names that an import binds."""
    for name, alias in item.names:
        yield alias or (name if item.is_from else name.split(".")[0])


def tasks(text: str, others: set[str]) -> Iterator[tuple[int, str]]:
    """The line and the function of each task that has no name; decorators of ``others`` make none."""
    import ast

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes in the project's strings
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    for function, made in ((node.name, made) for node in functions for made in node.decorator_list):
        call = made if isinstance(made, ast.Call) else None
        words = ast.unparse(call.func if call else made).split(".")
        named = call is not None and any(item.arg == "name" for item in call.keywords)
        if words[-1] in NAMES and words[0] not in others and not named:
            yield made.lineno, function
