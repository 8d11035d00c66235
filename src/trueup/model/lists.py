"""Lists of requirements: which group the name of one stands for, and which are made."""

from __future__ import annotations

import re

from trueup.model.command_line import pip_arguments, requirement_files
from trueup.model.pattern import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.model.project import Project

MADE = lazy(r"(?:-o|--output-file|--output|>)(?:[ =]*|[\"'],\s*[\"'])(?:[\w./-]*/)?([\w.-]+)")
OF_TESTS = ("tests", "test")
_RUNTIME_WORDS = {"requirements", "requirement", "reqs", "req", "pip", "main", "base", "common", "core", "runtime"}
_RUNTIME_WORDS |= {"default", "install", "app", "minimal", "server"}
_ALIASES = {
    **dict.fromkeys(("dev", "devel", "develop", "development", "local"), "dev"),
    **dict.fromkeys(("test", "tests", "testing", "ci"), "test"),
    **dict.fromkeys(("doc", "docs", "documentation"), "docs"),
    **dict.fromkeys(("lint", "linting", "linters", "style"), "lint"),
    **dict.fromkeys(("prod", "production", "deploy"), "prod"),
}


def group_of(path: str) -> str:
    """The group that a file's name stands for; ``""`` for the runtime dependencies."""
    stem = path.rsplit("/", 1)[-1].rsplit(".", 1)[0].lower()
    words = [re.sub(r"\d+$", "", word) if word[:3] == "req" else word for word in re.split(r"[-_.\s]+", stem) if word]
    kept = [_ALIASES.get(word, word) for word in words if word not in _RUNTIME_WORDS]
    return "-".join(dict.fromkeys(kept)) or ("test" if path.rpartition("/")[0] in OF_TESTS else "")


def made_in(text: str) -> set[str]:
    """The names of files that the commands of a text write."""
    return set(MADE.findall(text))


def image_beside(project: Project, path: str) -> str:
    """The Dockerfile in the folder of a package's own list, which is built from that folder and installs from it."""
    folder = path.rpartition("/")[0]
    name = path.rpartition("/")[2]
    for item in project.commands if folder else ():
        if item.where == "dockerfile" and item.path.rpartition("/")[0] == folder:
            read = requirement_files(pip_arguments(item.argv) or [])
            names = {file.rpartition("/")[2] for file in read}
            if name in names or any(not project.tree.has(f"{folder}/{other}") for other in names):  # copied under it
                return item.path
    return ""
