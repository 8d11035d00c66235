"""Commands of other projects that files of this one hold, too: they stay, and so does what they need."""

from __future__ import annotations

import re
from itertools import accumulate
from posixpath import basename, dirname, join, normpath, relpath

from trueup.model.command_line import MANAGERS, of_setup, pip_arguments, requirement_files
from trueup.model.lists import image_beside
from trueup.model.names import normal
from trueup.plan.jobs import Jobs
from trueup.plan.still_read import INCLUDES, still_read
from trueup.plan.uv_groups import values
from trueup.text.documents import explains

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from trueup.model.command_line import CommandLine
    from trueup.model.project import Project
    from trueup.model.tree import Tree

NAMED = re.compile(r"(?m)^[ \t]*([^\s#;=<>~!\[@(]+)")  # options and addresses too, which no distribution is called like
CALLED = ("shell", "make", "just", "tasks")  # what CI runs where it set a manager up; an image has its own
RUNS = re.compile(rb"\b(?:run|script):")
INSTALLS = re.compile(rb"(?m)^[^\n#]*\bpip[\d.]*[ \t]+install\b[^\n]*[ \t]-r")
MANIFESTS = ("pyproject.toml", "Pipfile")
UNREAD = "what {} asks for in lines that nobody could read is installed beside the lock: declare it by hand"
MANAGED = re.compile(rb"(?m)^\[tool\.(?:poetry|pdm|rye)\b|^\[packages\]")
ELSEWHERE = ("-C", "--directory", "-P", "--project", "-p")  # where a manager is told to work


def is_other(project: Project, command: CommandLine) -> bool:
    """Whether a command is another project's: it reads a requirements file that is still there, below the top, or
    calls a manager where another manifest lies; or it is run there, too."""
    return _is_other(project, command) or runs_elsewhere(project, command)


def runs_elsewhere(project: Project, command: CommandLine) -> bool:
    """Whether a command that is run for several folders is another project's in one of these alone."""
    outside = any(folder.startswith("../") or "*" in folder for folder in (*command.also, command.folder.strip("./")))
    return outside or any(_is_other(project, command._replace(folder=folder)) for folder in command.also)


def _is_other(project: Project, command: CommandLine) -> bool:
    files = requirement_files(pip_arguments(command.argv) or [])
    folder = command.folder
    if of_setup(command.argv) is not None:
        return folder != "."
    if any(word in MANAGERS for word in command.argv[:2]):
        files += MANIFESTS
        verbless = command.argv[1:] if "run" not in command.argv else command.argv[1 : command.argv.index("run")]
        folder = join(folder, *values(verbless, ELSEWHERE)[:1])
    places = {normpath(join(place, name)) for place in (folder, dirname(command.path), ".") for name in files}
    below = project.repository
    beside = [normpath(join(below, folder, name)) for name in files if "/" in name]
    if below and any(not place.startswith((f"{below}/", "/")) for place in beside):
        return True
    return any("/" in place and project.tree.has(place) and not _is_said(project, place) for place in places)


def _is_said(project: Project, path: str) -> bool:
    """Whether a list stays for the image beside it, or a platform, only, and all that it names is declared."""
    lists = [item.path for item in project.manifests if item.format in ("requirements", "constraints")]
    if not image_beside(project, path) and path not in still_read(project.tree, lists, ()):
        return False
    texts = [project.tree.read(name).decode("utf-8", "replace") for name in _with_included(project.tree, path)]
    declared = {item.name for item in project.requirements}
    return all(normal(name) in declared for text in texts for name in NAMED.findall(INCLUDES.sub("", text)))


def _with_included(tree: Tree, path: str) -> list[str]:
    """A list and those that it includes."""
    found = [path] if tree.has(path) else []
    for name in found:
        included = (normpath(join(dirname(name), word)) for word in INCLUDES.findall(tree.text(name)))
        found += [each for each in included if tree.has(each) and each not in found]
    return found


def unread_lists(project: Project) -> frozenset[str]:
    """The lists that stay for lines which nobody could read."""
    lists = (item for item in project.manifests if item.format == "requirements")
    return frozenset(item.path for item in lists if any(line.kind == "unreadable" for line in item.lines))


def unread(project: Project, argv: Sequence[str]) -> list[str]:
    """Those of the lists that a pip command installs, or that these include, as the command would name them."""
    found, held = list[str](), unread_lists(project)
    for name in requirement_files(pip_arguments(tuple(argv)) or []) if held else ():
        tree, plain = project.tree.real, normpath(name.lstrip("/"))
        paths = [plain] if tree.has(plain) else [path for path in tree.files() if basename(path) == basename(plain)]
        for path in paths[:1]:
            named = (relpath(each, dirname(path) or ".") for each in _with_included(tree, path) if each in held)
            found += [normpath(join(dirname(name), each)) for each in named]
    return list(dict.fromkeys(found))


def shared(project: Project, command: CommandLine) -> list[tuple[int, str]]:
    """What is told of a command that is run for this project and for another one, and stays for the other's sake."""
    installs = any(word in MANAGERS for word in command.argv[:2]) or pip_arguments(command.argv) is not None
    if not installs or not runs_elsewhere(project, command) or _is_other(project, command):
        return []
    where = " and ".join(command.also[:3] or [command.folder])
    return [(command.line, f"`{command.text[:60]}` is run in {where}, too, and stays: give each a job of its own")]


def lines_of_others(project: Project, path: str) -> dict[int, int]:
    """The lines of a file in which other projects call a manager, each with the byte at which the call begins; and all
    lines of the jobs that run something, and nothing of the project that they stand around."""
    found = [item for item in project.commands if item.path == path]
    called = (item for item in found if any(word in MANAGERS for word in item.argv[:2]))
    lines = {item.line: item.start for item in called if is_other(project, item)}
    data = project.tree.read(path) if path.startswith("../") and project.tree.has(path) else b""
    jobs = Jobs(path, data)
    mine = set(map(jobs.section, found))
    theirs = {begin for begin in jobs.begins if begin not in mine and RUNS.search(data, begin, jobs.end(begin))}
    begins = accumulate(map(len, data.splitlines(keepends=True)), initial=0) if theirs else ()
    return {number: begin for number, begin in enumerate(begins, 1) if jobs.at(begin) in theirs} | lines


def lists_of_others(project: Project, path: str) -> frozenset[int]:
    """The lines of a file around the project in which lists are installed for other projects."""
    data = project.tree.read(path) if path.startswith("../") and project.tree.has(path) else b""
    mine = {item.line for item in project.commands if item.path == path}
    return frozenset(data.count(b"\n", 0, found.start()) + 1 for found in INSTALLS.finditer(data)) - mine


def needed_by_others(project: Project, path: str, data: bytes) -> bool:
    """Whether a manager that a file sets up is called for another project from elsewhere: by a workflow that uses this
    action, by a script or a Makefile that the file names, or whose folder it names."""
    called = (item for item in project.commands if any(word in MANAGERS for word in item.argv[:2]))
    text = data.decode("utf-8", "replace")
    found = (item for item in called if "/actions/" in path or (item.where in CALLED and _is_named(item.path, text)))
    return any(item.path != path and is_other(project, item) for item in found if not explains(item.path))


def jobs_around(project: Project, path: str, data: bytes) -> frozenset[int]:
    """Where the jobs of a file begin that name the folder of a project around this one, which has a manager."""
    text, jobs = data.decode("latin-1"), Jobs(path, data)
    manifests = (other for other in project.tree.outer() if other.rpartition("/")[2] in MANIFESTS)
    managed = (dirname(other.replace("../", "")) for other in manifests if MANAGED.search(project.tree.read(other)))
    named = (re.finditer(rf"(?<![\w-]){re.escape(folder)}(?![\w-])", text) for folder in managed if folder)
    return frozenset(jobs.at(found.start()) for each in named for found in each)


def _is_named(path: str, text: str) -> bool:
    folder, _, name = path.rpartition("/")
    return (bool(folder) and folder in text) or ("make " if name == "Makefile" else name) in text


def folders_of_others(tree: Tree) -> frozenset[str]:
    """The folders of other projects that lie in this one, by their mere names."""
    manifests = (path for path in tree.files() if path.rpartition("/")[2] in MANIFESTS)
    return frozenset(folder.rpartition("/")[2] for path in manifests if (folder := dirname(path)))
