"""A runtime dependency comes from a branch, or from a folder that the repository does not hold.

What a branch gives today it does not give tomorrow, and a commit that breaks it is installed by the next build. A path
that leaves the repository exists on one machine only. A tag or a commit fixes the first (a lock does too), the second
needs an index, or the code in the repository.

Source: https://docs.astral.sh/uv/concepts/projects/dependencies/#git

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = [
        "fastapi>=0.115",
        "pricing @ git+https://git.example.com/pricing",
    ]
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
    dependencies = [
        "fastapi>=0.115",
        "pricing @ git+https://git.example.com/pricing@v1.4",
    ]
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```
"""

from __future__ import annotations

import posixpath
import re

from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import is_locked, is_tooling, runtime

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project, Requirement

rule = Rule(
    __name__,
    severity="warning",
    help="the next build installs something else, or finds nothing",
    no_fix="which tag or commit is the right one is yours to say",
)

BRANCHES = ("main", "master", "develop", "development", "dev", "trunk", "stable", "HEAD")
OF_BRANCH = lazy(
    rf"/(?:archive|zipball|tarball|-/archive)/(?:refs/heads/[^/]+|{'|'.join(BRANCHES)})(?:[./]|$)",
    words=("/archive", "/zipball", "/tarball"),
)


@rule.checks
def unfixed(project: Project) -> Iterator[Finding]:
    """Runtime requirements from a branch that no lock fixes, and those from outside of the repository."""
    told = set()
    for manifest in project.manifests:
        for item in () if is_tooling(manifest.path) else runtime(manifest):
            problem = leaves(project, item) or ("" if is_locked(project) else floats(item))
            if problem and item.name not in told:
                told.add(item.name)
                yield rule.finding(Place(item.path, item.line), f"{item.name} {problem}", subject=item.name)


def leaves(project: Project, item: Requirement) -> str:
    """Whether a requirement is a folder or a file that the repository does not hold."""
    path = str(item.source.get("path") or (item.url if item.url.startswith("file:") else ""))
    path = re.sub(r"^file:(?://(?:localhost)?(?=/))?", "", path)
    if not path or "$" in path:
        return ""
    absolute = path.startswith(("/", "~")) or re.match(r"/?[A-Za-z]:[\\/]", path)
    inside = posixpath.normpath(posixpath.join(project.repository, path))
    return "comes from a path outside of the repository" if absolute or inside.split("/")[0] == ".." else ""


def floats(item: Requirement) -> str:
    """Whether a requirement is what a branch gives."""
    inline = item.url.removeprefix("git+") if item.url.startswith("git+") else ""
    source = item.source or ({"git": inline, "rev": revision(inline)} if inline else {})
    if "git" in source and not source.get("tag") and str(source.get("rev") or "HEAD") in BRANCHES:
        named = source.get("branch") or source.get("rev")
        return f"comes from the branch {named}" if named else "comes from git, and no tag or commit is named"
    archive = item.url or str(source.get("url", ""))
    return "is the archive of a branch" if OF_BRANCH.search(archive) else ""


def revision(address: str) -> str:
    """What stands behind the ``@`` of an address of git; ``""`` where nothing does."""
    _, _, place = address.partition("#")[0].rpartition("://")
    return place.partition("/")[2].rpartition("@")[2] if "@" in place.partition("/")[2] else ""
