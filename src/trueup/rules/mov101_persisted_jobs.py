"""Jobs that APScheduler keeps in a database are kept under module names that a move changes.

A job is stored as ``jobs:tick``. When the scheduler starts and cannot import that, it logs "unable to
restore job" and **removes** the job; putting the module back does not bring it back. A package that
keeps its import name endangers none of this: only a move that renames modules is told.

Source: https://apscheduler.readthedocs.io/en/3.x/userguide.html#adding-jobs

Flagged:

```
main.py
    from fastapi import FastAPI

    import jobs

    app = FastAPI()
jobs.py
    from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore

    STORE = SQLAlchemyJobStore(url="sqlite:///jobs.db")
```

Fixed:

```
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    from shop import jobs

    app = FastAPI()
src/shop/jobs.py
    from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore

    STORE = SQLAlchemyJobStore(url="sqlite:///jobs.db")
```
"""

from __future__ import annotations

from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import found_in, renames

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="error",
    confidence="medium",
    help="the scheduler removes stored jobs whose module it cannot import; trueup tells it before anything moves",
    no_fix="only you can migrate the store: add the jobs anew with replace_existing=True, or keep the old names "
    "importable until that is done",
)

STORE = lazy(
    r"\b(SQLAlchemy|Redis|MongoDB|ZooKeeper|RethinkDB|Etcd|Django)JobStore\s*\("
    r"|\badd_jobstore\(\s*[\"'](sqlalchemy|redis|mongodb|zookeeper|rethinkdb|etcd)\b",
    words=("JobStore", "add_jobstore"),
)


@rule.checks
def kept_by_name(project: Project) -> Iterator[Finding]:
    """Job stores that outlive the process, in a project whose modules would get other names."""
    for path in project.sources if renames(project) else ():
        for number, found in found_in(project, path, STORE):
            if not project.is_test(path):
                store = found[1] or found[2]
                name = f"{store}JobStore" if found[1] else f"the job store {store}"
                message = f"{name} keeps jobs under module names that the move changes"
                yield rule.finding(Place(path, number), message, subject=store)
