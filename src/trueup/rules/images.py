"""Dockerfiles and their instructions, one a line; no judgement here."""

from __future__ import annotations

import re

from trueup.model.pattern import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.project import Project

NAME = lazy(r"(Docker|Container)file(?!.*\.dockerignore$).*|.*\.(Docker|Container)file", re.IGNORECASE)


def dockerfiles(project: Project) -> Iterator[str]:
    """Every Dockerfile that is neither a test's nor a development container's."""
    for path in project.tree.called(NAME):
        if not {"tests", "test", ".devcontainer", "examples"}.intersection(path.split("/")[:-1]):
            yield path


def instructions(text: str) -> Iterator[tuple[int, str]]:
    """The instructions with the number of their first line; comments are gone, continued lines are joined."""
    first, parts = 0, list[str]()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        first = first if parts else number
        parts.append(line.strip().removesuffix("\\").strip())
        if not line.rstrip().endswith("\\"):
            yield first, " ".join(parts)
            parts = []
    if parts:
        yield first, " ".join(parts)
