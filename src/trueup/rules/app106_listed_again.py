"""``fastapi[standard]`` is declared, and what it brings once more.

The extra brings a server, a test client, forms, templates and the validator of addresses, in versions that fit. A
second line adds nothing and is forgotten when the first one changes. Told is only what no code imports, no command runs
and no bound from above holds back: those lines say something.

Source: https://fastapi.tiangolo.com/#dependencies

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = [
        "fastapi[standard]>=0.115",
        "python-multipart",
    ]
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI, Form

    app = FastAPI()
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = [
        "fastapi[standard]>=0.115",
    ]
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI, Form

    app = FastAPI()
```
"""

from __future__ import annotations

import re

from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import BRINGS_EVERYTHING, is_application, runtime
from trueup.rules.usage import all_imports

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Manifest, Project, Requirement

rule = Rule(
    __name__,
    severity="info",
    help="the line says nothing, and is forgotten when fastapi[standard] changes",
    no_fix="take the line out, where it was not meant to bound the version",
)

BROUGHT = {
    "uvicorn": "uvicorn",
    "python-multipart": "python_multipart",
    "httpx": "httpx",
    "jinja2": "jinja2",
    "email-validator": "email_validator",
}


@rule.checks
def listed_again(project: Project) -> Iterator[Finding]:
    """What the extra brings, in the same list, without a use of its own."""
    if not is_application(project):
        return
    for manifest in project.manifests:
        extra = everything(manifest)
        if not extra:
            continue
        imports = all_imports(project)
        run = {word.rsplit("/", 1)[-1] for command in project.commands for word in command.argv}
        for item in runtime(manifest):
            if item.name in BROUGHT and BROUGHT[item.name] not in imports | run and says_nothing(item):
                message = f"fastapi[{extra}] brings {item.name} already"
                yield rule.finding(Place(item.path, item.line), message, subject=item.name)


def everything(manifest: Manifest) -> str:
    """The extra with which a manifest asks for FastAPI and all that it likes to have, wherever it is installed."""
    asked = (item for item in runtime(manifest) if item.name == "fastapi" and not item.marker)
    return next((extra for item in asked for extra in item.extras if extra in BRINGS_EVERYTHING), "")


def says_nothing(item: Requirement) -> bool:
    """Whether a requirement has no bound but a lower one, no marker and no place of its own."""
    bounded = re.search(r"[<!]|[=~]=|\^", item.specifier.replace(">=", ""))
    return not (bounded or item.marker or item.url or item.source)
