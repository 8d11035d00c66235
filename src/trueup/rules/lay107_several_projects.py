"""The repository holds several projects and none at its root.

Which one is meant cannot be guessed; each has its own manifest, interpreter and lock. Name the
folder: ``trueup audit services/orders``.

Source: https://docs.astral.sh/uv/concepts/projects/workspaces/

Flagged:

```
orders/pyproject.toml
    [project]
    name = "orders"
    version = "1.0"
orders/src/orders/__init__.py
stock/pyproject.toml
    [project]
    name = "stock"
    version = "1.0"
stock/src/stock/__init__.py
```

Fixed:

```
pyproject.toml
    [project]
    name = "orders"
    version = "1.0"
src/orders/__init__.py
src/orders/main.py
    from fastapi import FastAPI

    app = FastAPI()
```
"""

from __future__ import annotations

from trueup.rules import Rule
from trueup.rules.lookups import some

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="info",
    help="each project has its own manifest and lock; name the folder you mean",
    no_fix="which project is meant is yours to say: give its folder as PATH",
)


@rule.checks
def none_at_the_root(project: Project) -> Iterator[Finding]:
    """A repository of several projects."""
    if project.kind == "workspace":
        named = f": {some(list(project.layout.members), 6)}"
        yield rule.finding("", f"several projects lie in this repository{named}", subject="workspace")
