"""Images that ``uv sync`` filled with the run time alone, where the project gets its first group of tools.

Source: https://docs.astral.sh/uv/concepts/projects/dependencies/#default-groups
"""

from __future__ import annotations

import re

from trueup.model.change import Change, Write
from trueup.model.command_line import pip_arguments, requirement_files
from trueup.model.groups import default_groups, with_included
from trueup.model.names import normal
from trueup.model.span import Edit, splice
from trueup.model.tree import Overlay
from trueup.plan.compose_images import dockerfiles
from trueup.plan.image_stages import without_assignments
from trueup.plan.uv_commands import DEVELOPMENT
from trueup.plan.uv_groups import RUNTIME
from trueup.text.docker import instructions, shell_commands
from trueup.text.toml_read import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trueup.model.project import Project
    from trueup.model.tree import Tree

FOR_TOOLS = re.compile(
    r"(?:^|[./_-])(?:dev|devel|develop|development|devcontainer|tests?|lint|docs?|ci|local)(?:[./_-]|$)", re.IGNORECASE
)
NAME = re.compile(r"[\w.-]+")
PYPROJECT = "pyproject.toml"
SYNC = "uv sync"
STARTING = ("dockerfile", "compose", "shell")
CHOOSES = ("--no-dev", "--dev", "--no-default-groups", "--only-", "--group", "--no-group", "--all-groups", "--help")
TOOLS_TOO = ("poetry", "pdm")
WITHOUT = re.compile(r"\s--(?:no-dev|prod(?:uction)?|only-root|(?:only|without)[ =])")
TOOLS_APART = re.compile(r"(?<![\w-])-r[ =]?[^\s;&|]*(?:dev|test|lint)[^\s;&|]*\.(?:txt|in)\b")  # by their own command


def wants_tools(text: str, argv: Sequence[str], tests: bool) -> bool:
    """Whether tests run in an image of this text, or a command brings the tools, as Poetry's and PDM's do unless told
    not to, or others leave them out and this one does not."""
    without = WITHOUT.search(" ".join(argv))
    lists = requirement_files(pip_arguments(tuple(argv)) or [])
    if lists and not any(map(DEVELOPMENT.search, lists)) and TOOLS_APART.search(text):
        return False
    return tests or (not without and (argv[0] in TOOLS_TOO or bool(WITHOUT.search(text))))


def kept_out(project: Project, tree: Tree, changes: Sequence[Change]) -> tuple[Change, ...]:
    """The images that get no tools by ``changes``, which give ``uv sync`` the first group that it installs unasked.

    ``uv run`` would bring them at the start, which then needs the network: such an image stays as it is.
    """
    if not any(isinstance(change, Write) and change.path == PYPROJECT for change in changes):
        return ()
    paths = [path for path in dockerfiles(tree) if tree.real.has(path) and SYNC in tree.real.text(path)]
    after = Overlay(tree, tuple(changes))
    paths = [path for path in paths if not FOR_TOOLS.search(path)]
    starts = any(item.where in STARTING and item.argv[:2] == ("uv", "run") for item in project.commands)
    if starts or not paths or _unasked(tree) or not (unasked := _unasked(after)):
        return ()
    if _held(after, unasked) & {item.name for item in project.requirements if not item.group}:
        return ()  # the image had them: what it runs of them is not known
    option = "--no-dev" if unasked == ["dev"] else RUNTIME
    found = []
    for path in paths:
        data = after.read(path)
        edits = [Edit(at, at, f" {option}".encode()) for at in _bare(data.decode("latin-1"))]
        found += [Write(path, splice(data, edits))] if edits else []
    return tuple(found)


def _bare(text: str) -> Iterator[int]:
    """Where each ``uv sync`` of an image ends that says nothing of groups."""
    for item in instructions(text) if "UV_NO_DEV" not in text else ():
        for command in shell_commands(text, item) if item.keyword == "RUN" and not item.json else ():
            words = without_assignments(command)
            chooses = any(word.text.startswith(CHOOSES) for word in words)
            if [word.text for word in words[:2]] == ["uv", "sync"] and not chooses:
                yield words[1].end


def _held(tree: Tree, names: Sequence[str]) -> set[str]:
    """The distributions of groups, with what they include."""
    groups = parse(tree.text(PYPROJECT))[0].get("dependency-groups", {})
    items = (item for name in with_included(groups, names) for item in groups.get(name, ()))
    found = (NAME.match(item) for item in items if isinstance(item, str))
    return {normal(name[0]) for name in found if name}


def _unasked(tree: Tree) -> list[str]:
    """The default groups that hold anything; of a manifest that cannot be read nothing is known."""
    if not tree.has(PYPROJECT):
        return []
    try:
        data = parse(tree.text(PYPROJECT))[0]
    except ValueError:
        return ["?"]
    groups, tool = data.get("dependency-groups"), data.get("tool")
    uv = tool.get("uv") if isinstance(tool, dict) else None
    settings = uv if isinstance(uv, dict) else {}
    names = default_groups(groups, settings.get("default-groups"))
    held = [name for name in names if isinstance(groups, dict) and any(map(groups.get, with_included(groups, [name])))]
    return [*held, *(["dev"] if settings.get("dev-dependencies") and "dev" not in held else [])]
