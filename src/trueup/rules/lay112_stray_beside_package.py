"""Code lies in ``src/`` beside the package, and the build does not pack it.

In the checkout ``src`` is on the import path, so that both import; the wheel holds the package alone. What imports the
stray module works until it is installed.

Source: https://packaging.python.org/en/latest/discussions/src-layout-vs-flat-layout/

Flagged:

```
pyproject.toml
    [build-system]
    requires = ["uv_build>=0.9"]
    build-backend = "uv_build"

    [project]
    name = "shop"
    version = "1.0"
src/helpers.py
    def price(): ...
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    from helpers import price

    app = FastAPI()
```

Fixed:

```
pyproject.toml
    [build-system]
    requires = ["uv_build>=0.9"]
    build-backend = "uv_build"

    [project]
    name = "shop"
    version = "1.0"
src/shop/__init__.py
src/shop/helpers.py
    def price(): ...
src/shop/main.py
    from fastapi import FastAPI

    from shop.helpers import price

    app = FastAPI()
```
"""

from __future__ import annotations

from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.packing import imported_modules, packed_tops, top_in_src, tops

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    help="it imports in the checkout and is missing from the wheel",
    no_fix="whether it belongs into the package, into the wheel beside it or to the scripts is yours to say",
)

BESIDE = ("tests", "test", "testing", "conftest", "manage")  # tests, and where Django starts


@rule.checks
def stray(project: Project) -> Iterator[Finding]:
    """Top-level modules and packages in ``src`` that the build leaves out; worse where what is packed imports one."""
    packed = packed_tops(project)
    if packed is None:
        return
    imports = imported_modules(project, "src")
    for top, path in tops(project).items():
        if top in packed or top in BESIDE:
            continue
        used = [file for module, file in imports.items() if module.split(".")[0] == top and top_in_src(file) in packed]
        message = f"the wheel does not hold {path}" + (f", which {used[0]} imports" if used else "")
        yield rule.finding(Place(path), message, subject=top, severity=None if used else "info")
