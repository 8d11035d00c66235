"""Loggers are named by their modules, and whoever filters by these names outside of the project sees others.

``logging.getLogger(__name__)`` in ``services/mail.py`` logs as ``services.mail`` today and as
``shop.services.mail`` after a move that puts a package around it. Keys of ``dictConfig``, ``alembic.ini`` and
logging files of the project are rewritten with the move; a filter in a log platform, or an alert, is not in reach.

Source: https://docs.python.org/3/library/logging.html#logger-objects

Flagged:

```
main.py
    from fastapi import FastAPI

    import mail

    app = FastAPI()
mail.py
    import logging

    logger = logging.getLogger(__name__)
```

Fixed:

```
main.py
    from fastapi import FastAPI

    import mail

    app = FastAPI()
mail.py
    import logging

    logger = logging.getLogger("shop")
```
"""

from __future__ import annotations

from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import found_in, is_renamed, renames

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="info",
    confidence="high",
    help="filters and alerts outside the project that use these names no longer match; trueup tells it before the move",
    no_fix="what filters by these names outside the project is out of reach: look there for the old ones",
)

NAMED = lazy(r"\b(?:getLogger|get_logger)\(\s*__name__", words=("getLogger", "get_logger"))


@rule.checks
def named_by_module(project: Project) -> Iterator[Finding]:
    """The first such logger, with the number of files that have one, where modules would get other names."""
    if not renames(project):
        return
    found = [
        Place(path, number)
        for path in sorted(project.sources)
        if not project.is_test(path) and is_renamed(project, path)
        for number, _ in found_in(project, path, NAMED)
    ]
    if found:
        files = len({place.path for place in found})
        names = (
            f"the loggers of {files} files are named by their modules"
            if files > 1
            else "the logger is named by its module"
        )
        yield rule.finding(found[0], f"{names}, which the move renames")
