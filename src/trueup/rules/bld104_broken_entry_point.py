"""A console script names something that cannot be called.

``start = "shop.main:app"`` with a FastAPI object fails when the command is used: ``TypeError:
FastAPI.__call__() missing 3 required positional arguments``. A name that is not there fails with an
ImportError. Nothing notices either while the project is built and installed. The scripts of ``setup.py`` and
``setup.cfg`` are read, too.

Source: https://packaging.python.org/en/latest/specifications/entry-points/

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"

    [project.scripts]
    start = "shop.main:app"
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"

    [project.scripts]
    start = "shop.main:main"
src/shop/__init__.py
src/shop/main.py
    import uvicorn
    from fastapi import FastAPI

    app = FastAPI()


    def main():
        uvicorn.run("shop.main:app")
```
"""

from __future__ import annotations

import re

from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import source_of, table, text_of
from trueup.rules.packing import line_with, packed_tops

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project
    from trueup.model.source import SourceFile

rule = Rule(
    __name__,
    severity="error",
    help="the command fails when it is used, and nothing notices before",
    no_fix="what the command should do is yours to say; a server is started by a function that calls uvicorn.run",
)

CONSTANTS = tuple("\"'[{0123456789")
TABLES = (("project", "scripts"), ("project", "gui-scripts"), ("tool", "poetry", "scripts"))


@rule.checks
def not_callable(project: Project) -> Iterator[Finding]:
    """Console scripts into own code: an application object or a plain value is an error, a missing name a warning."""
    document = project.pyproject
    for route in TABLES if document else ():
        for name, target in table(project, *route).items():
            problem, missing = trouble(project, *parts_of(target))
            if problem and document:
                place = document.at(*route, name)
                message = f'{name} = "{target}": {problem}'
                yield rule.finding(place, message, subject=name, severity="warning" if missing else None)
    for group, listed in table(project, "project", "entry-points").items() if document else ():
        for name, target in listed.items() if isinstance(listed, dict) else ():
            problem, missing = trouble(project, *parts_of(target))
            if problem and missing and document:
                message = f'{name} = "{target}": {problem}'
                place = document.at("project", "entry-points", group, name)
                subject, said = f"{group} {name}", "what loads it fails, or passes over it"
                yield rule.finding(place, message, subject=subject, severity="warning", help=said)
    for manifest in project.manifests:
        listed = manifest.metadata.get("scripts") if manifest.format in ("setup.py", "setup.cfg") else None
        for name, target in listed.items() if isinstance(listed, dict) else ():
            problem, missing = trouble(project, *parts_of(target))
            if problem:
                place = Place(manifest.path, line_with(project, manifest.path, rf"\b{re.escape(name)}\s*="))
                message = f'{name} = "{target}": {problem}'
                yield rule.finding(place, message, subject=name, severity="warning" if missing else None)


def parts_of(target: object) -> tuple[str, str]:
    """The module and the attribute that an entry point names."""
    module, _, rest = str(target).partition(":")
    return module.strip(), rest.split("[")[0].strip()


def trouble(project: Project, module: str, attribute: str) -> tuple[str, bool]:
    """What is wrong with an entry point, and whether it is that something is not there; ``""`` when all may be well."""
    top = module.split(".")[0]
    if not top or top not in project.layout.packages:
        packed = packed_tops(project)
        there = any(path == f"{top}.py" or path.startswith(f"{top}/") for path in project.sources)
        lost = bool(top) and there and packed is not None and top not in packed
        return (f"the wheel does not hold {top}" if lost else ""), False
    source = source_of(project, module)
    if source is None:
        return f"there is no module {module}", True
    if not attribute:
        return f"{module} is a module, and no function of it is named", False
    if source.error or "." in attribute:
        return "", False
    if source.defines.get(attribute) == "value" and is_constant(project, source, attribute):
        return f"{attribute} is a plain value, which cannot be called", False
    needed = asked_for(project, source, attribute) if source.defines.get(attribute) == "function" else ""
    if needed:
        return f"{attribute} wants {needed}, and a console script hands it nothing", False
    return verdict(source, module, attribute)


def asked_for(project: Project, source: SourceFile, name: str) -> str:
    """The first argument of a function that has no default; a decorator above may give it."""
    text = text_of(project, source.path)
    lead = r"(?:\A\s*^|^(?P<above>[ \t]*\S[^\r\n]*)\r?\n(?:[ \t]*\r?\n)+)"
    found = list(re.finditer(rf"(?m){lead}def {re.escape(name)}\(", text))
    first, depth = "", 1
    decorated = any((item["above"] or "").startswith(("@", ")")) for item in found)
    for sign in text[found[0].end() :] if len(found) == 1 and not decorated else "":
        depth += (sign in "([{") - (sign in ")]}")
        if depth == 0 or (depth == 1 and sign == ","):
            break
        first += sign
    plain = not set("=\"'").intersection(first) and not first.lstrip().startswith(("*", "#"))
    return first.partition(":")[0].strip() if plain else ""


def is_constant(project: Project, source: SourceFile, name: str) -> bool:
    """Whether all that is ever assigned to a name at the left margin are texts, numbers, lists and tables."""
    given = re.findall(rf"^{re.escape(name)}\b[^=\n]*=(?!=)[ \t]*(.?)", text_of(project, source.path), re.MULTILINE)
    return bool(given) and all(value in CONSTANTS for value in given)


def verdict(source: SourceFile, module: str, attribute: str) -> tuple[str, bool]:
    """What stands under the name in its module."""
    what = source.defines.get(attribute)
    if what in ("fastapi", "starlette", "flask"):
        return f"{attribute} is the application object, which a console script cannot start", False
    if what == "coroutine":
        return f"{attribute} is a coroutine function, which a console script calls and never awaits", False
    if not source.may_define(attribute):
        return f"{module} defines no {attribute}", True
    return "", False
