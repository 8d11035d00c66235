"""Hooks of pre-commit that call another manager."""

from __future__ import annotations

from posixpath import join, relpath

from trueup.model.pattern import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.tree import Tree

CONFIG = ".pre-commit-config.yaml"
HOOK = lazy(
    r"(?m)^[ \t]*(?:-[ \t]*)?(?:\{[ \t]*)?id:[ \t]*[\"']?"
    r"(?P<hook>(?P<manager>poetry|pdm)-(?:check|lock|export|install|sync|lock-check))\b"
    r"(?P<more>[^\n]*(?:\n(?![ \t]*-[ \t]*(?:\{[ \t]*)?(?:id|repo):)[^\n]*)*)",
    words=("id:",),
)
# In which folder the manager is to work: https://python-poetry.org/docs/cli/#global-options
WORKS_IN = lazy(r"(?:-C|-P|-p|--directory|--project)(?:[\s=,\"'\[\]]+(?:-[ \t]+)?[\"']?)(?P<folder>[\w./-]+)")


def hooks_of_managers(text: str, below: str, tree: Tree) -> Iterator[tuple[int, str, str]]:
    """The hooks that call a manager for the project ``below`` the top of its repository, and not for another one: the
    line of each, its name and the manager's."""
    for found in HOOK.finditer(text):
        told = [relpath(join("/", each["folder"]), join("/", below)) for each in WORKS_IN.finditer(found["more"])]
        if not any(folder != "." and tree.has(f"{folder}/pyproject.toml") for folder in told):
            yield text.count("\n", 0, found.start("hook")) + 1, found["hook"], found["manager"]
