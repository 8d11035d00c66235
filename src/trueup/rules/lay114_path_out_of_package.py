"""A path that is reckoned from ``__file__`` leaves the package.

In the checkout ``Path(__file__).parent.parent.parent`` is the project's root. Installed from a wheel, as in an image
made with ``--no-editable``, the package lies in ``site-packages``, and the same steps lead into the environment's
``lib``: what the code looks for is not there.

Source: https://docs.python.org/3/library/importlib.resources.html

Flagged:

```
pyproject.toml
    [build-system]
    requires = ["hatchling"]
    build-backend = "hatchling.build"

    [project]
    name = "shop"
    version = "1.0"
src/shop/__init__.py
src/shop/main.py
    from pathlib import Path

    from fastapi import FastAPI

    ROOT = Path(__file__).resolve().parent.parent.parent
    app = FastAPI(description=(ROOT / "texts" / "about.md").read_text())
texts/about.md
```

Fixed:

```
pyproject.toml
    [build-system]
    requires = ["hatchling"]
    build-backend = "hatchling.build"

    [project]
    name = "shop"
    version = "1.0"
src/shop/__init__.py
src/shop/main.py
    from pathlib import Path

    from fastapi import FastAPI

    HERE = Path(__file__).resolve().parent
    app = FastAPI(description=(HERE / "texts" / "about.md").read_text())
src/shop/texts/about.md
```
"""

from __future__ import annotations

from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import packaged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    help="installed from a wheel the package lies elsewhere, and what it looks for is not there",
    no_fix="what the package needs of its own belongs into it; where other files lie, a setting says",
)


@rule.checks
def out_of_package(project: Project) -> Iterator[Finding]:
    """Files and folders outside of ``src`` that code of the package finds from its own place."""
    if not packaged(project):
        return
    from trueup.rules.resources import is_there, uses

    told = set[tuple[str, str]]()
    for use in uses(project):
        leaves = use.path.startswith("src/") and not f"{use.target}/".startswith("src/")
        if not leaves or (use.path, use.target) in told:
            continue
        told.add((use.path, use.target))
        if use.target.rpartition("/")[2].startswith(".env") or is_there(project, use.target):
            message = f"{use.target} lies outside of the package, and the wheel does not hold it"
            yield rule.finding(Place(use.path, use.line), message, subject=use.target)
