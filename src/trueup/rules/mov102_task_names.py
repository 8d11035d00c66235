"""Tasks that are named by their module get another name when it moves.

Celery calls ``add`` in ``tasks.py`` by the name ``tasks.add``; after the move it is
``shop.tasks.add``. Messages that wait in a queue, and workers and clients that are not deployed
together, still say the old name. ``@shared_task(name="tasks.add")`` keeps it, before and after: with
``keep-task-names = true`` in ``[tool.trueup]`` the move writes that into every such task.

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

from typing import TYPE_CHECKING

from trueup.model.pattern import lazy
from trueup.model.relocation import has_task_queue
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import lines, renames

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    confidence="medium",
    help="queued messages and other deployments still say the old name; trueup tells it before anything moves",
    no_fix="drain the queues, or set keep-task-names = true in [tool.trueup]: the move then writes the present names",
)

DECORATOR = lazy(r"^\s*@(?:\w+\.)*(?:task|shared_task)\b(?P<arguments>\(.*)?$", words=("task",))
FUNCTION = lazy(r"^\s*(?:async\s+)?def\s+(\w+)")


@rule.checks
def named_by_module(project: Project) -> Iterator[Finding]:
    """Celery tasks without a name of their own, in files whose module would get another name."""
    kept = project.settings.keep_task_names and has_task_queue(project)
    for path in project.sources:
        module = path.removesuffix(".py").replace("/", ".")
        if not renames(project) or kept or project.is_test(path):
            continue
        waiting = 0
        for number, line in lines(project, path):
            found = DECORATOR.match(line)
            if found:
                waiting = 0 if "name=" in (found["arguments"] or "") else number
            elif waiting and (function := FUNCTION.match(line)):
                name = f"{module}.{function[1]}"
                message = f'the task {function[1]} is called {name} only by its module: name="{name}" would keep that'
                yield rule.finding(Place(path, waiting), message, subject=name)
                waiting = 0
