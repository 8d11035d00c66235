"""What a command calls of the project's own: targets of a Makefile, scripts; and whether these need an environment.

``uv run make test`` puts the programs of the environment on the PATH of all that ``make`` starts.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from itertools import pairwise
from posixpath import join, normpath

from trueup.model.command_line import ASSIGNED, WRAPPERS, in_containers, pip_arguments
from trueup.model.plan import Question
from trueup.plan.environment_commands import ACTIVATES
from trueup.plan.uv_commands import Target, in_uv, runs_in_environment
from trueup.text.shell import SHELLS, basename

DOWNLOAD = re.compile(rb"\b(?:curl|wget|Invoke-WebRequest|iwr)\b(?:(?!&&)[^;])*\|\s*(?:sudo[ \t]+)?\Z")
WITHIN = re.compile(r"\buv (?:run|sync)\b")
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from trueup.model.command_line import CommandLine
    from trueup.model.project import Project

MAKEFILES = ("GNUmakefile", "makefile", "Makefile")
HEAD = re.compile(
    r"(?m)^(?![\s#]|\.[A-Z])(?P<names>(?:\$\([^)\n]*\)|\$\{[^}\n]*\}|[^\n:#=$])+)::?(?![:=])(?P<needs>(?:\\\r?\n|[^=#;\n])*)"
)
ACTION = re.compile(rb"(?m)uses:[ \t]*[\"']?\./([\w./-]+?)/?[\"']?[ \t]*(?:#[^\n]*)?\r?$")
SUDO = "https://www.sudo.ws/docs/man/sudoers.man/#secure_path"
DEEPEST = 4


def calls_bare(project: Project, command: CommandLine, programs: set[str], deep: int = 0) -> str:
    """The word that calls a Makefile or a script of the project's, in which programs of the environment are started by
    their bare names; ``""`` where none is, or where that makes or enters an environment by itself."""
    if deep > DEEPEST:
        return ""
    word, called = called_by(project, command)
    paths = {item.path for item in called}
    own = any(item.path in paths and _has_its_own(item) for item in project.commands)
    if own or any(_enters(project, path) for path in paths):
        return ""
    bare = any(runs_in_environment(item.argv, programs) is not None for item in called)
    return word if bare or any(calls_bare(project, item, programs, deep + 1) for item in called) else ""


def installs(project: Project, command: CommandLine, deep: int = 0) -> Iterator[CommandLine]:
    """The commands that fill an environment of the project's in what a command calls: a Makefile, a script."""
    for item in called_by(project, command)[1] if deep <= DEEPEST else ():
        if _has_its_own(item):
            yield item
        yield from installs(project, item, deep + 1)


def callers(project: Project, path: str) -> Iterator[str]:
    """The files of CI in which a job fills an environment by what it calls of a file, and not by itself."""
    for other in dict.fromkeys(item.path for item in project.commands if item.where == "ci" and item.path != path):
        mine = [item for item in project.commands if item.path == other]
        if any(in_uv(item.argv, Target()) is not None or pip_arguments(item.argv) is not None for item in mine):
            continue  # it is rewritten for what it says itself
        called = (found.path for item in mine for found in installs(project, item))
        if path in called or path in actions_in(project, other, project.tree.read(other)):
            yield other


def actions_in(project: Project, path: str, text: bytes) -> list[str]:
    """The files of the repository's own actions that a workflow, or a job of it, uses."""
    top = path.partition(".github/")[0]
    found = (join(top, each.decode(), name) for each in ACTION.findall(text) for name in ("action.yml", "action.yaml"))
    return [action for action in map(normpath, found) if project.tree.has(action)]


def called_by(project: Project, command: CommandLine) -> tuple[str, list[CommandLine]]:
    """The word that calls a Makefile or a script of the project's, and what that runs for it outside of containers."""
    words = list(command.argv)
    while words and (words[0] in WRAPPERS or ASSIGNED.match(words[0])):
        words = words[1:]
    if words[:1] == ["make"]:
        found = list(_recipes(project, command.folder, words[1:]))
    else:
        shell = bool(words) and basename(words[0]) in SHELLS
        named = next((word for word in words[shell:] if not word.startswith("-")), "") if "-c" not in words else ""
        path = normpath(join(command.folder, named))
        is_script = bool(named) and (shell or named.endswith(".sh") or named.startswith("./"))
        found = [item for item in project.commands if item.path == path and item.where == "shell" and is_script]
    contained = in_containers(found)
    return words[0] if words else "", [item for item in found if item not in contained and item.path != command.path]


def tell_root(project: Project, paths: Collection[str]) -> Iterator[Question]:
    """The commands that run uv as root, by themselves or by what they call, in files that were rewritten."""
    for command in project.commands:
        if command.argv[:1] != ("sudo",) or command.where in ("readme", "dockerfile"):
            continue
        itself = command.path in paths and _is_of_uv(command)
        called = called_by(project, command)[1]
        if itself or any(item.path in paths and "uv" in item.argv[:2] for item in called):
            text = f"`{command.text[:60]}` runs uv as root, who has another PATH: it must be on that"
            yield Question("ISO102", text, SUDO, command.path, command.line)


def _is_of_uv(command: CommandLine) -> bool:
    """Whether ``sudo`` starts uv, behind its own options, or a shell that does."""
    at = runs_in_environment(command.argv, {"uv"})
    starts = at is not None and command.argv[at] == "uv"
    return starts or any(" " in word and WITHIN.search(word) for word in command.argv)


def _has_its_own(command: CommandLine) -> bool:
    return (in_uv(command.argv, Target()) or "").startswith("uv sync") or command.argv[:2] == ("uv", "sync")


def _enters(project: Project, path: str) -> bool:
    return ACTIVATES.search(project.tree.read(path)) is not None


def _recipes(project: Project, folder: str, words: list[str]) -> Iterator[CommandLine]:
    """The commands of the targets of a Makefile that are asked for, and of those that they hang on."""
    for flag, word in pairwise(words):
        folder = join(folder, word) if flag in ("-C", "--directory") else folder
    path = next((name for each in MAKEFILES if project.tree.has(name := normpath(join(folder, each)))), "")
    if not path or "-f" in words:
        return
    heads = list(HEAD.finditer(project.tree.read(path).decode("latin-1")))
    asked = [word for before, word in zip(["", *words], words, strict=False) if word[:1] not in "-$" and before != "-C"]
    asked = [word for word in asked if not ASSIGNED.match(word)] or [found["names"].split()[0] for found in heads[:1]]
    for name in asked:
        found = (more for head in heads if _makes(head, name) for more in head["needs"].split())
        asked += [more for more in dict.fromkeys(found) if more not in asked]
    for command in project.commands:
        if command.path == path:
            above = [head for head in heads if head.start() < command.start]
            if above and any(_makes(above[-1], name) for name in asked):
                yield command


def _makes(head: re.Match[str], name: str) -> bool:
    """Whether a rule is one for a target, by its name or by a pattern."""
    return any(name == each or fnmatchcase(name, each.replace("%", "*")) for each in head["names"].split())


def is_download(data: bytes, command: CommandLine) -> bool:
    """Whether a command is given what comes from the network: ``curl ... | python -``, which installs a tool."""
    begin = command.start
    while True:
        begin = data.rfind(b"\n", 0, begin) + 1
        if not begin or not data[:begin].rstrip(b"\r\n").endswith((b"\\", b"|")):
            return DOWNLOAD.search(data, begin, command.start) is not None
        begin -= 1
