"""The readme of ``[project]``: which file it is, and what its name does not say."""

from __future__ import annotations

from trueup.model.pattern import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from trueup.model.project import Project

KNOWN = (".md", ".rst", ".txt")
MARKDOWN = lazy(r"^#{1,6} \S|^ {0,3}```|\[[^\]\n]+\]\([^)\s]+\)", 8)  # re.MULTILINE


def named_by(project: Project) -> str:
    """The file that ``readme`` names, by itself or in a table; ``""`` where it names none."""
    found = project.pyproject.get("project", "readme") if project.pyproject else None
    file = found.get("file") if isinstance(found, dict) else found
    return file.removeprefix("./") if isinstance(file, str) else ""


def is_known(path: str) -> bool:
    """Whether a backend can tell by the name of the file what it holds."""
    return path.lower().endswith(KNOWN)


def value_for(path: str, text: str) -> Any:
    """The value of ``readme`` for a file with this text: with its type where its name does not say it."""
    if is_known(path):
        return path
    return {"file": path, "content-type": "text/markdown" if MARKDOWN.search(text) else "text/plain"}
