"""An ``environment.yml`` of conda stands beside requirements for pip, or lists some of its own, and both are needed.

Two environments are described, and nobody installs both: what is tested in one is deployed from the other. Where one
file has conda and pip install, pip does not know what conda put there, and replaces parts of it.

Source: https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html#using-pip-in-an-environment

Flagged:

```
environment.yml
    name: shop
    dependencies:
      - python=3.12
      - fastapi=0.115
requirements.txt
    fastapi==0.115.6
main.py
    from fastapi import FastAPI

    app = FastAPI()
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    requires-python = ">=3.12"
    dependencies = ["fastapi==0.115.6"]
main.py
    from fastapi import FastAPI

    app = FastAPI()
```
"""

from __future__ import annotations

from trueup.rules import Rule
from trueup.rules.lookups import is_application, runtime, some

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.document import Document
    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="info",
    help="what is tested in one environment is deployed from the other",
    no_fix="which of the two is in use, and whether conda brings what PyPI has not, is yours to say",
)

REPLACED = "pip replaces parts of what conda put there, and a second run of either changes what the other did"


@rule.checks
def both(project: Project) -> Iterator[Finding]:
    """An application's environment file that lists packages of its own while another manifest lists them, too."""
    if not is_application(project):
        return
    others = [item for item in project.manifests if item.format not in ("conda", "constraints") and runtime(item)]
    for manifest in project.manifests:
        reads_others = any(line.kind in ("include", "editable") for line in manifest.lines)
        if manifest.format == "conda" and runtime(manifest) and others and not reads_others:
            message = f"{manifest.path} and {others[0].path} each describe an environment"
            yield rule.finding(manifest.path, message, subject=others[0].path)
        document = project.document(manifest.path) if manifest.format == "conda" else None
        if document:
            yield from by_both(document, {item.line for item in runtime(manifest)})


def by_both(document: Document, lines: set[int]) -> Iterator[Finding]:
    """The packages for pip in a file that has conda bring Python packages, too; ``lines`` are those of packages."""
    listed = document.get("dependencies", default=())
    for number, item in enumerate(listed):
        given = item.get("pip") if isinstance(item, dict) else None
        names = given if isinstance(given, list) else []
        named = [name for name in names if isinstance(name, str) and not name.startswith("-")]
        route = ("dependencies", number, "pip")
        inside = {document.at(*route, at).line for at, _ in enumerate(names)}
        if named and lines - inside:
            message = f"pip installs {some(named)} into what conda installs"
            yield rule.finding(document.at(*route), message, subject="pip", help=REPLACED)
