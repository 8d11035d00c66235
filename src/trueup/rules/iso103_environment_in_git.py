r"""A virtual environment lies in the project and git does not ignore it.

An environment is made for one machine: absolute paths, one platform, one interpreter. In git it is
thousands of files that nobody reads, that run for whoever checks them out, and that audits of the
project's own code trip over.

Source: https://docs.python.org/3/library/venv.html#how-venvs-work

Flagged:

```
main.py
    from fastapi import FastAPI

    app = FastAPI()
shopenv/pyvenv.cfg
    home = C:\Python312
    version = 3.12.1
```

Fixed:

```
main.py
    from fastapi import FastAPI

    app = FastAPI()
.gitignore
    /shopenv/
```
"""

from __future__ import annotations

from trueup.rules import Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="error",
    help="it works on one machine only, and whoever checks it out runs what is in it",
    no_fix="take it out with `git rm -r --cached`, ignore it, and let `uv sync` make one",
)


@rule.checks
def in_git(project: Project) -> Iterator[Finding]:
    """Folders of virtual environments that git tracks, or would."""
    told = set[str]()
    environment = project.environment
    if environment is not None and environment.tracked:
        told.add(environment.path)
        yield rule.finding(
            environment.path, f"{environment.path} is a virtual environment in git", subject=environment.path
        )
    for path, entry in project.tree.entries.items():
        folder = path if entry.kind == "dir" else path.removesuffix("/pyvenv.cfg")
        looks = "env" in folder.rsplit("/", 1)[-1].lower() if entry.kind == "dir" else folder != path
        if looks and not entry.ignored and folder not in told and not path.startswith("../"):
            told.add(folder)
            yield rule.finding(folder, f"{folder} is a virtual environment that git does not ignore", subject=folder)
