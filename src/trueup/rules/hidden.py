"""What keeps a file out of git, by the ignore files from the top of the repository down to the project's own."""

from __future__ import annotations

from fnmatch import fnmatchcase

from trueup.model.span import Place
from trueup.rules.lookups import lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.model.project import Project

OWN = ".gitignore"


def hides(project: Project, name: str) -> tuple[Place, str] | None:
    """The last pattern that speaks of a file of the root, with its place, if it ignores the file."""
    last = None
    around = sorted(path for path in project.tree.outer() if path.endswith(f"../{OWN}"))  # the topmost first
    folders = project.repository.split("/")
    for path in (*around, OWN):
        seen = "/".join([*folders[len(folders) - path.count("../") :], name]) if path != OWN else name
        for number, line in lines(project, path):
            pattern = line.strip().removeprefix("!").removeprefix("**/")
            whole = "/" in pattern.removesuffix("/")
            if fits(seen, pattern.removeprefix("/")) if whole else fnmatchcase(name, pattern):
                last = Place(path, number), line.strip()
    return last if last and not last[1].startswith("!") else None


def fits(path: str, pattern: str) -> bool:
    """Whether a pattern with a slash is about a path: a ``*`` of it ends at the next slash, but not ``**``."""
    if "**" in pattern:
        return fnmatchcase(path, pattern)
    names, patterns = path.split("/"), pattern.split("/")
    return len(names) == len(patterns) and all(map(fnmatchcase, names, patterns))
