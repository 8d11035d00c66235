"""The systems that a project runs on, by its images and its CI jobs, as ``sys.platform`` calls them.

Source: https://docs.github.com/actions/reference/runners/github-hosted-runners
"""

from __future__ import annotations

import re

from trueup.model.names import DOCKERFILE
from trueup.model.pattern import lazy
from trueup.read.variables import TESTS, WORKFLOW, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.model.project import Project

OF_WINDOWS = lazy(r"^FROM\s+\S*(?:windows|nanoserver)", re.IGNORECASE | re.MULTILINE)
RUNNER = lazy(r"\b(ubuntu|windows|macos)-(?:latest|\d)")
NAMES = {"ubuntu": "linux", "windows": "win32", "macos": "darwin"}
YAML = lazy(r"[^/]+\.ya?ml")


def systems(project: Project) -> tuple[str, ...]:
    """Linux where there is an image, and what workflows that test the project run on."""
    found = {"linux" for path in project.tree.called(DOCKERFILE) if not OF_WINDOWS.search(text_of(project, path))}
    for path in project.tree.called(YAML):
        text = text_of(project, path) if WORKFLOW.fullmatch(path) else ""
        if TESTS.search(text):
            found.update(NAMES[name] for name in RUNNER.findall(text))
    return tuple(sorted(found))
