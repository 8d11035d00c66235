"""An ``environment.yml`` of conda stands beside requirements for pip, and both list what the program needs.

Two environments are described, and nobody installs both: what is tested in one is deployed from the other. pip does
not know what conda put into an environment, and replaces parts of it.

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
from trueup.rules.lookups import is_application, runtime

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="info",
    help="what is tested in one environment is deployed from the other",
    no_fix="which of the two is in use, and whether conda brings what PyPI has not, is yours to say",
)


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
