"""Who names a settings file that is about to go: an option that can name pyproject.toml instead, or something else."""

from __future__ import annotations

import re

from trueup.model.change import Write
from trueup.model.noun import NamedTuple
from trueup.text.documents import explains, is_record
from trueup.text.lines import decode, split

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.project import Project
    from trueup.model.tree import Tree

PYPROJECT = "pyproject.toml"
LARGEST = 200_000

# Prose and lists of files name it without needing it.
_HARMLESS = (".md", ".rst", ".txt", ".lock", "ignore", ".gitattributes", ".editorconfig", "MANIFEST.in", "CODEOWNERS")


class Namers(NamedTuple):
    """The files rewritten to name pyproject.toml, and the first place (path, line) that cannot be."""

    changes: tuple[Write, ...] = ()
    blocked: tuple[str, int] | None = None


BLIND = re.compile(r"\b(?:flake8|pycodestyle|bandit)\b")  # tools that do not read pyproject.toml where they are named


def rename(project: Project, tree: Tree, path: str, options: tuple[str, ...], *, only_options: bool = False) -> Namers:
    """Make everything that names ``path`` name pyproject.toml.

    ``--cov-config=.coveragerc`` and the like (``options``) and ``COPY`` are rewritten; any other mention
    blocks, unless ``only_options``: then the file stays, and who means other settings in it may go on. So does a
    file of the repository around the project that names it from there. Around the project only the commands that run
    in it count; documents follow and need nothing.
    """
    below = project.repository
    if below and not only_options and (found := _around(tree, f"{below}/{path}")):
        return Namers(blocked=found)
    changes: list[Write] = []
    for other in _texts(tree, path):
        old = decode(tree.read(other))
        if path not in old.text:
            continue
        lines, needs = split(old.text), not only_options and not explains(other)
        every = ((at, False) for at in range(len(lines)))
        for at, shared in _run_here(project, other) if other.startswith("../") else every:
            if not shared and (not only_options or not _is_blind(lines, at, other)):
                lines[at] = _renamed(lines[at], path, options, copies=not only_options)
            if needs and _mention(path).search(lines[at]) and not lines[at].lstrip().startswith("#"):
                return Namers(blocked=(other, at + 1))
        if "".join(lines) != old.text:
            changes.append(Write(other, old.bytes("".join(lines))))
    return Namers(tuple(changes))


def _run_here(project: Project, path: str) -> Iterator[tuple[int, bool]]:
    """The lines, from 0, of the commands that a file around the project runs in the project, each with whether it runs
    them elsewhere, too."""
    for command in project.commands:
        if command.path == path and command.folder == ".":
            more = project.tree.read(path).count(b"\n", command.start, command.end)
            yield from ((at, bool(command.also)) for at in range(command.line - 1, command.line + more))


def _is_blind(lines: list[str], at: int, path: str) -> bool:
    """Whether a line is for a tool that cannot read pyproject.toml, and whose settings stay where they are."""
    hook = next((line for line in lines[at::-1] if re.match(r"\s*-\s+id:", line)), "")
    return bool(BLIND.search(lines[at]) or (path == ".pre-commit-config.yaml" and BLIND.search(hook)))


def _around(tree: Tree, path: str) -> tuple[str, int] | None:
    """The first line around the project that names ``path``, which is one of the repository."""
    for other in tree.outer():
        if other.endswith(_HARMLESS) or tree.entries[other].size > LARGEST:
            continue
        for number, line in enumerate(decode(tree.read(other)).text.splitlines(), 1):
            if _mention(path).search(line) and not line.lstrip().startswith("#"):
                return other, number
    return None


def _texts(tree: Tree, path: str) -> Iterator[str]:
    for other in (*tree.files(), *tree.outer()):
        read = explains(other) or not other.endswith(_HARMLESS)
        if other != path and read and tree.entries[other].size <= LARGEST and not is_record(other):
            yield other


def _mention(path: str) -> re.Pattern[str]:
    """The file's name, not as part of another path, but from however deep."""
    return re.compile(rf"(?<![\w./-])(?:\.{{1,2}}/)*{re.escape(path)}(?![\w.-]|/)")


def _renamed(line: str, path: str, options: tuple[str, ...], *, copies: bool) -> str:
    if copies and re.match(r"\s*(COPY|ADD)\s", line, re.IGNORECASE):
        named = "" if PYPROJECT in line else PYPROJECT
        pattern = rf"(?<=\s)(\./)?{re.escape(path)}(?=\s+\S)" + (r"\s+" if not named else "")
        changed = re.sub(pattern, named, line, count=1)
        return re.sub(rf"(?<=[\s/]){re.escape(path)}(?=\s*$)", PYPROJECT, changed) if named else changed
    if not options:
        return line
    names = "|".join(map(re.escape, options))
    return re.sub(
        rf"((?<![\w-])(?:{names})(?:=|\s+|[\"'],\s*[\"'])[\"']?)(?:\./)?{re.escape(path)}(?![\w.-])",
        rf"\1{PYPROJECT}",
        line,
    )
