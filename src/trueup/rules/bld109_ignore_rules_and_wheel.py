"""What ``.gitignore`` names and what the wheel holds are two things: code is left out, or private files are put in.

hatchling leaves out of the wheel what a pattern of ``.gitignore`` names, also where git tracks it: a folder ``models``
that was added with ``git add --force`` imports in the checkout and nowhere else. uv_build asks no ignore file: a
``.env`` or a database that lies in the package on the machine that builds is published with it.

Source: https://hatch.pypa.io/latest/config/build/#vcs

Flagged:

```
.gitignore
    models/
pyproject.toml
    [build-system]
    requires = ["hatchling"]
    build-backend = "hatchling.build"

    [project]
    name = "shop"
    version = "1.0"
src/shop/__init__.py
src/shop/models/__init__.py (tracked)
src/shop/models/user.py (tracked)
```

Fixed:

```
.gitignore
    /models/
pyproject.toml
    [build-system]
    requires = ["hatchling"]
    build-backend = "hatchling.build"

    [project]
    name = "shop"
    version = "1.0"
src/shop/__init__.py
src/shop/models/__init__.py
src/shop/models/user.py
```
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import some, table, words
from trueup.rules.packing import backend_of, module_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="error",
    help="hatchling leaves out what .gitignore names, uv_build packs it",
    no_fix="whether the pattern, the place of the files or the list of the backend is to change is yours to say",
)

WHEEL = ("tool", "hatch", "build", "targets", "wheel")
SAYS_MORE = {
    "artifacts",
    "force-include",
    "include",
    "only-include",
    "ignore-vcs",
    "hooks",
    "exclude",
    "bypass-selection",
}
SECRET = lazy(
    r"(?:.*/)?(?:\.env(?!\.(?:example|sample|template|dist)$)[^/]*|[^/]*\.(?:pem|key|p12|pfx)|\.netrc|\.pypirc)"
)
PRIVATE = lazy(r"(?:.*/)?[^/]*\.(?:sqlite3?|db|log|bak|dump)")


@rule.checks
def unlike(project: Project) -> Iterator[Finding]:
    """Files that hatchling drops though git tracks them; private files that uv_build packs though git ignores them."""
    backend = backend_of(project)
    if backend == "hatchling.build":
        dropped = left_out(project)
        if dropped:
            code = any(path.endswith(".py") for path in dropped)
            message = f".gitignore names {some(dropped)}, and hatchling leaves out of the wheel what it names"
            yield rule.finding(Place(".gitignore"), message, subject=dropped[0], severity=None if code else "warning")
    elif backend == "uv_build":
        for path in put_in(project):
            secret = SECRET.fullmatch(path) is not None
            message = f"git ignores {path}, and uv_build packs it into the wheel"
            yield rule.finding(path, message, subject=path, severity=None if secret else "warning")


def left_out(project: Project) -> list[str]:
    """Tracked files of the package that a pattern names, where hatchling surely reads that pattern.

    It reads the ``.gitignore`` beside pyproject.toml alone.
    """
    keys = {*table(project, "tool", "hatch", "build"), *table(project, *WHEEL)}
    if keys & SAYS_MORE or project.repository or not project.tree.has(".gitignore"):
        return []
    others = tuple(path.removesuffix(".gitignore") for path in project.tree.entries if path.endswith("/.gitignore"))
    name = module_name(project)
    folders = words(table(project, *WHEEL).get("packages")) or [f"src/{name}", name]
    starts = tuple(f"{folder.strip('/')}/" for folder in folders)
    named = [path for path in project.tree.files() if project.tree.entries[path].overruled]
    return [path for path in named if path.startswith(starts) and not path.startswith(others)]


def put_in(project: Project) -> list[str]:
    """Secrets, databases and logs below the package that git ignores, and that no pattern takes out again."""
    said = table(project, "tool", "uv", "build-backend")
    root = str(said.get("module-root", "src")).strip("./")
    names = words(said.get("module-name")) or [module_name(project)]
    starts = tuple("/".join(filter(None, (root, *name.split(".")))) + "/" for name in names)
    excluded = [*words(said.get("wheel-exclude")), *words(said.get("source-exclude"))]
    lasts = [pattern.removesuffix("/**").rstrip("/").rpartition("/")[2] for pattern in excluded]
    return [
        path
        for path, entry in project.tree.entries.items()
        if entry.ignored and entry.kind == "file" and path.startswith(starts)
        if SECRET.fullmatch(path) or PRIVATE.fullmatch(path)
        if not any(fnmatchcase(part, last) for part in path.split("/") for last in lasts)
    ]
