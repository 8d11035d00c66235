"""The files that ``[project]`` names, its readme and its licence, and what the name of a readme does not say."""

from __future__ import annotations

from trueup.model.pattern import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from trueup.model.project import Project

KNOWN = (".md", ".rst", ".txt")
MARKDOWN = lazy(r"^#{1,6} \S|^ {0,3}```|\[[^\[\]\n]+\]\([^)\s]+\)", 8)  # re.MULTILINE


# Backends that leave out a licence that is not there, named as a file, or as one of ``license-files`` (all but these).
DO_WITHOUT = ("setuptools.",)
DO_WITHOUT_LISTED = (*DO_WITHOUT, "hatchling.")


def read_to_build(project: Project) -> list[str]:
    """The readme, and what else ``[project]`` names that the build backend does not do without."""
    document = project.pyproject
    if document is None:
        return []
    readme = document.get("project", "readme")
    backend = str(document.get("build-system", "build-backend", default=DO_WITHOUT[0]))
    named = [readme.get("file") if isinstance(readme, dict) else readme]
    if not backend.startswith(DO_WITHOUT):
        named.append(document.get("project", "license", "file"))
    listed = document.get("project", "license-files", default=[])
    if isinstance(listed, list) and not backend.startswith(DO_WITHOUT_LISTED):
        named += (name for name in listed if not set("*?[") & {*str(name)})
    return list(dict.fromkeys(name.removeprefix("./") for name in named if isinstance(name, str)))


def is_known(path: str) -> bool:
    """Whether a backend can tell by the name of the file what it holds."""
    return path.lower().endswith(KNOWN)


def value_for(path: str, text: str) -> Any:
    """The value of ``readme`` for a file with this text: with its type where its name does not say it."""
    if is_known(path):
        return path
    return {"file": path, "content-type": "text/markdown" if MARKDOWN.search(text) else "text/plain"}
