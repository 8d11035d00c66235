"""The code names a data file of its package, and setuptools leaves it out of the wheel.

setuptools packs ``.py`` files; data only where ``package-data`` names it, or where ``MANIFEST.in`` (or a plugin that
asks version control) brings it in. In the checkout, and with an editable installation, the file is there.

Source: https://setuptools.pypa.io/en/latest/userguide/datafiles.html

Flagged:

```
pyproject.toml
    [build-system]
    requires = ["setuptools"]
    build-backend = "setuptools.build_meta"

    [project]
    name = "shop"
    version = "1.0"
src/shop/__init__.py
src/shop/main.py
    from pathlib import Path

    from fastapi import FastAPI

    app = FastAPI()
    prices = (Path(__file__).parent / "prices.json").read_text()
src/shop/prices.json
    {}
```

Fixed:

```
pyproject.toml
    [build-system]
    requires = ["setuptools"]
    build-backend = "setuptools.build_meta"

    [project]
    name = "shop"
    version = "1.0"

    [tool.setuptools.package-data]
    shop = ["*.json"]
src/shop/__init__.py
src/shop/main.py
    from pathlib import Path

    from fastapi import FastAPI

    app = FastAPI()
    prices = (Path(__file__).parent / "prices.json").read_text()
src/shop/prices.json
    {}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.rules import Rule
from trueup.rules.lookups import packaged, some, table, text_of, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    confidence="high",
    help="it is there in the checkout, and not where the wheel is installed",
    no_fix="name it in [tool.setuptools.package-data]: which files belong to the program is yours to say",
)

CODE = (".py", ".pyi", ".pyc", ".pyx", ".c", ".h", ".so", ".md", ".rst", ".txt.j2")


@rule.checks
def missing(project: Project) -> Iterator[Finding]:
    """Data files in a package of setuptools' whose names stand in its code, where nothing brings them in."""
    build = table(project, "build-system")
    package = project.layout.package
    if not packaged(project) or not package or "setuptools" not in str(build.get("build-backend", "")):
        return
    said = table(project, "tool", "setuptools")
    by_plugin = any(name in text for text in words(build.get("requires")) for name in ("scm", "setuptools-git"))
    brought = "package-data" in said or "data-files" in said or by_plugin or project.tree.has("MANIFEST.in")
    if brought or any(project.tree.has(name) for name in ("setup.py", "setup.cfg")):
        return
    data = [path for path in project.tree.under(f"src/{package}") if not path.endswith(CODE)]
    code = "\n".join(text_of(project, path) for path in project.sources if path.startswith(f"src/{package}/"))
    named = [path for path in data if f'{path.rsplit("/", 1)[-1]}"' in code or f"{path.rsplit('/', 1)[-1]}'" in code]
    if named:
        yield rule.finding(named[0], f"setuptools does not pack it: {some(named)}", subject="data")
