"""What ``uv export`` writes, where the project gets a build backend: it lists the project itself from then on.

Source: https://docs.astral.sh/uv/reference/cli/#uv-export--no-emit-project
"""

from __future__ import annotations

import re

from trueup.model.change import Change, Write
from trueup.model.hooks import CONFIG
from trueup.model.span import Edit, splice
from trueup.model.tree import Overlay
from trueup.text.toml_read import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trueup.model.project import Project
    from trueup.model.tree import Tree

PYPROJECT = "pyproject.toml"
OPTION = "--no-emit-project"
EXPORT = re.compile(
    r"(?<![`\w])uv(?:[ \t]+(?:-[qvn]+|--(?:quiet|verbose|offline|no-cache|no-progress)"
    r"|--(?:directory|project)[ =]\./?))*[ \t]+export(?![\w-])(?P<rest>(?:\\\r?\n|[^\n;&|`])*)"
)
COMMENT = re.compile(r"[ \t]*(?:#|//)")
LEFT_OUT = re.compile(
    r"--(?:no-emit-(?:project|workspace|local)|only-(?:dev|group|emit-\w+)|package|all-packages|script|help)\b"
    r"|--(?:project|directory)\b(?![ =]\./?(?:\s|$))"
)
HOOK = re.compile(
    r"(?m)^(?P<before>[ \t]*-[ \t]*)(?P<flow>\{[ \t]*)?id:[ \t]*[\"']?uv-export\b(?P<line>[^\n]*?)(?=\r?$)"
    r"(?P<more>(?:\r?\n(?![ \t]*-[ \t]*(?:\{[ \t]*)?(?:id|repo):)[^\n]*)*)"
)
ARGUMENTS = re.compile(
    r"(?m)(?:^[ \t]*|[{,][ \t]*)args:[ \t]*(?:(?:#[^\n]*)?\r?\n(?:[ \t]*#[^\n]*\n)*(?=[ \t]*[\[-]))?"
    r"(?:[ \t]*(?P<flow>\[)|(?P<item>[ \t]*-[ \t]+))?"
)
DEFAULTS = ("--frozen", "--output-file=requirements.txt", "--quiet")  # of uv-pre-commit's hook


def without_the_project(project: Project, tree: Tree, changes: Sequence[Change]) -> tuple[Change, ...]:
    """The commands and hooks that go on listing the dependencies alone after ``changes``, which have uv build."""
    if not any(isinstance(change, Write) and change.path == PYPROJECT for change in changes):
        return ()
    after = Overlay(tree, tuple(changes))
    if not tree.has(PYPROJECT) or _is_built(tree) or not _is_built(after):
        return ()
    known = [item for item in project.commands if {"uv", "export"}.issubset(item.argv)]
    paths = {item.path for item in known}
    found = []
    for path in sorted(path for path in {*paths, CONFIG} if after.has(path)):
        data = after.read(path)
        text = data.decode("latin-1")
        here = {_plain(item.text[item.text.index("uv") :]) for item in known if item.path == path}
        edits = [*_commands(text, here), *(_hooks(text) if path == CONFIG else ())]
        found += [Write(path, splice(data, edits))] if edits else []
    return tuple(found)


def _plain(text: str) -> str:
    """The words of a command from ``uv`` on, without where it prints to, and what the plan may have said otherwise."""
    said = re.split(r" \d?[<>#]|[\"')\]]", " ".join(re.sub(r"\\\r?\n", " ", text).split()))[0]
    return " ".join(word for word in said.split() if word not in ("--locked", "--frozen"))


def _commands(text: str, known: set[str]) -> Iterator[Edit]:
    """The edits of what is one of the ``known`` commands; what only speaks of one is none."""
    for found in EXPORT.finditer(text):
        if _plain(found[0]) not in known:
            continue
        line = text.rfind("\n", 0, found.start()) + 1
        if not LEFT_OUT.search(found["rest"]) and not COMMENT.match(text, line, found.start()):
            yield Edit(found.start("rest"), found.start("rest"), f" {OPTION}".encode())


def _hooks(text: str) -> Iterator[Edit]:
    """The same for uv's hook of pre-commit, whose own arguments are said where it is given none."""
    for hook in HOOK.finditer(text):
        said = ARGUMENTS.search(text, hook.start("line"), hook.end())
        source = text[text.rfind("repo:", 0, hook.start()) : hook.start()]
        if not source.startswith("repo:") or "uv-pre-commit" not in source.partition("\n")[0]:
            continue
        if LEFT_OUT.search(hook["line"] + hook["more"]):
            continue
        given = f"args: [{', '.join((*DEFAULTS, OPTION))}]"
        if said is None and hook["flow"]:
            end = text.find("}", hook.start("line"), hook.end())
            yield Edit(end, end, f", {given}".encode())
        elif said is None:
            indent = " " * len(hook["before"])
            yield Edit(hook.start("more"), hook.start("more"), f"\n{indent}{given}".encode())
        elif said["flow"]:
            after = text[said.end("flow") : hook.end()].lstrip(" \t")[:1]
            comma = {"]": "", "\n": ",", "\r": ",", "#": ","}.get(after, ", ")
            yield Edit(said.end("flow"), said.end("flow"), f"{OPTION}{comma}".encode())
        elif said["item"]:
            yield Edit(said.start("item"), said.start("item"), f"{said['item']}{OPTION}\n".encode())


def _is_built(tree: Tree) -> bool:
    """Whether uv builds the project; of a manifest that cannot be read nothing is known."""
    try:
        data = parse(tree.text(PYPROJECT))[0]
    except ValueError:
        return True
    tool = data.get("tool")
    uv = tool.get("uv") if isinstance(tool, dict) else None
    package = uv.get("package") if isinstance(uv, dict) else None
    return package is True or ("build-system" in data and package is not False)
