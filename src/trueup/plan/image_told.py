"""What is told of a rewritten Dockerfile: what was there by the old manager, and is not by uv."""

from __future__ import annotations

import re

from trueup.model.command_line import MANAGERS, by_name, pip_arguments, requirement_files
from trueup.model.lists import group_of
from trueup.model.python import admits, floor_for
from trueup.plan.compose_images import images_of, service_of
from trueup.plan.image_environment import PLACE
from trueup.plan.image_stages import OF_PYTHON, base_of, beneath, is_root, stages
from trueup.plan.rewrite_image import NO_PROJECT
from trueup.plan.services import last_stage
from trueup.plan.uv_commands import INCLUDED, OWN, is_manifest
from trueup.plan.uv_groups import LISTS, own_scripts, scripts_of
from trueup.text.docker import instructions, shell_commands
from trueup.text.shell import basename

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.project import Project
    from trueup.text.docker import Instruction

CONDA = re.compile(
    r"\b(?:source|conda|mamba|micromamba)\s+activate\b|\b(?:conda|mamba|micromamba)\s+(?:run|create|env)\b"
)
BY_GIT = re.compile(r"(?m)^[^#\n]*(?:\bgit\s*=\s*[\"']|\bgit\+(?:https?|ssh)://)")
CLONES = re.compile(r"\bpoetry\s+(?:install|sync|update|export)\b")
# Images that have no git: https://hub.docker.com/_/python says what the slim ones leave out.
WITHOUT_GIT = re.compile(
    r"(?:.*/)?(?:python|debian|uv):\S*(?:slim|alpine)\S*|(?:.*/)?(?:alpine|ubuntu|debian)(?::\S+)?"
)
# https://docs.astral.sh/uv/reference/policies/platforms/#python-support
TOO_OLD = re.compile(
    r"\A[^$]*\b(?:python|pypy):?(?:(?:\d[\d.]*|dev)-)?(2[\d.]*(?!-\d)|3\.[0-7](?:\.\d+)?)(?:-[^$]*)?\Z"
)
INTO_ROOTS = re.compile(rf"\buv pip install --python {PLACE} ([^\n&;|]*)")
NAMES = re.compile(r"(?m)^[ \t]*\w")
GIVES = re.compile(
    r"\b(?:chown|chmod)\b|\binstall\b[^\n]*\s-o\b|\b(?:user|add)(?:add|user)\b[^\n]*\s(?:-d|-h|--home(?:-dir)?)\b"
)
APART = "a group of its own would keep them apart"
GIT = re.compile(r"(?<![\w./+-])git(?![\w.+-])")
SYNCS = re.compile(r"\buv (?:sync|export)\b[^\n&;|]*")


def tell(project: Project, path: str, before: bytes, after: bytes) -> Iterator[tuple[int, str]]:
    """(Line, text) of what a person has to look at in an image that uv fills from now on."""
    old, new = before.decode("latin-1"), after.decode("latin-1")
    if not SYNCS.search(new) or SYNCS.search(old):
        return
    every = [item for item in instructions(old) if item.keyword == "RUN"]
    conda = next((item for item in every if CONDA.search(old, item.start, item.end)), None)
    if conda and "UV_PROJECT_ENVIRONMENT=/opt/venv" in new:
        text = (
            "uv installs into /opt/venv, and conda's Python is first where it is activated: take conda out, or let uv"
        )
        yield conda.line, f"{text} install into conda's environment (UV_PROJECT_ENVIRONMENT)"
    yield from dict.fromkeys(_of_another_python(project, old, new))
    yield from _of_a_part(project, old, every)
    yield from _of_a_choice(old, every)
    yield from _without_git(project, old, every)
    yield from _of_root(old, new)
    yield from dict.fromkeys(_of_user(old, new))
    yield from _scripts(project, old)
    yield from _without_the_project(project, path, old, after, every)


def _of_another_python(project: Project, old: str, new: str) -> Iterator[tuple[int, str]]:
    """The images of a Python that uv, or the project, does not take."""
    before, after = list(stages(old)), list(stages(new))
    for number, stage in enumerate(after):
        inside = new[stage.origin.begin : (stage.inside[-1][0] if stage.inside else stage.origin).end]
        if not SYNCS.search(inside):
            continue
        origin = base_of(before, before[number])
        name = origin.words[0].text
        if found := TOO_OLD.search(name):
            yield (
                origin.line,
                f"uv needs Python 3.8 or later, and this image has {found[1]}: take one of a later Python",
            )
        elif (minor := OF_PYTHON.search(name)) and re.search(rf"UV_PYTHON={re.escape(minor[1])}\s", inside):
            bound = next((each.version for each in project.evidence if each.what == "requires"), "")
            bound = bound or f">={floor_for(project)}"
            if not admits(bound, minor[1]):
                text = f"this image has Python {minor[1]}, and requires-python is {bound}: uv does not install into it"
                yield origin.line, text


def _of_a_part(project: Project, old: str, every: list[Instruction]) -> Iterator[tuple[int, str]]:
    """A list of which an image installed no more, where another one takes it in: the project has one for both."""
    tree = project.tree.real
    lists = {path: tree.text(path) for path in tree.files() if is_manifest(path) and path.endswith(LISTS)}
    gone = {basename(path) for path in lists if not project.tree.has(path)}
    said = [(item.line, [word.text for word in words]) for item in every for words in shell_commands(old, item)]
    installed = [(line, requirement_files(pip_arguments(tuple(argv)) or [])) for line, argv in said]
    everywhere = {basename(name) for _, names in installed for name in names}
    for line, names in installed:
        for part in (name for name in map(basename, names) if name in gone):
            for path, text in lists.items():
                taken = {basename(found) for found in INCLUDED.findall(text)}
                if part in taken and not (group_of(path) or basename(path) in everywhere) and NAMES.search(text):
                    yield line, f"pip installed {part} alone here, and uv brings what {path} lists, too: {APART}"
                    return


def _of_a_choice(old: str, every: list[Instruction]) -> Iterator[tuple[int, str]]:
    """A list that a part of its name chose among several."""
    said = ((item.line, [word.text for word in words]) for item in every for words in shell_commands(old, item))
    named = ((line, name) for line, argv in said for name in requirement_files(pip_arguments(tuple(argv)) or []))
    for line, name in named:
        if "$" in name and is_manifest(name) and not name.startswith("$"):
            yield line, f"{name} was one of several lists by a variable, and uv installs the same whatever that says"


def _of_root(old: str, new: str) -> Iterator[tuple[int, str]]:
    """What another user installs into the environment that root has made."""
    into = {found.strip() for found in INTO_ROOTS.findall(new)}
    runs = (item for each in stages(old) for item, _ in each.inside if each.is_of_user(item.begin))
    for item in (item for item in runs if item.keyword == "RUN"):
        for words in shell_commands(old, item):
            said = old[words[0].start : words[-1].end + len(words[-1].quote)].partition(" install ")[2].strip()
            if said in into:
                text = f"another user than root installs {said} there, and the environment is root's: do it above USER"
                yield item.line, text


def _of_user(old: str, new: str) -> Iterator[tuple[int, str]]:
    """The folder in which another user than root makes the environment, where nothing seen lets that user do so."""
    before, after = list(stages(old)), list(stages(new))
    for number, stage in enumerate(after):
        syncs = ((item, folder) for item, folder in stage.inside if SYNCS.search(new, item.start, item.end))
        item, folder = next(((item, folder) for item, folder in syncs if stage.is_of_user(item.begin)), (None, ""))
        users = [each for each in beneath(before, before[number]) if each.keyword == "USER" and not is_root(each)]
        if item is None or not users or folder.startswith("/home/") or f'"{folder.rstrip("/")}/.venv/bin:' not in new:
            continue
        above = (new[each.start : each.end] for each in beneath(after, stage) if each.keyword == "RUN")
        if not any(GIVES.search(text) for text in above):
            name = users[-1].words[0].text
            yield users[-1].line, f"{name} makes {folder}/.venv: {folder} must be {name}'s (`RUN chown` above USER)"


def _scripts(project: Project, old: str) -> Iterator[tuple[int, str]]:
    """What an image starts by a script that only the old manager knows."""
    only = scripts_of(project)
    for item in instructions(old) if only else ():
        if item.keyword in ("CMD", "ENTRYPOINT"):
            for words in shell_commands(old, item):
                argv = by_name([word.text for word in words])
                if len(argv) > 2 and argv[0] in MANAGERS and argv[1] == "run" and argv[2] in only:
                    yield (
                        item.line,
                        f"{argv[2]} is a script that only {argv[0]} starts, which goes: say here what it does",
                    )


def _without_git(project: Project, old: str, every: list[Instruction]) -> Iterator[tuple[int, str]]:
    """Poetry clones by itself, and uv calls git."""
    clones = next((item for item in every if CLONES.search(old, item.start, item.end)), None)
    if clones is None or project.pyproject is None or not BY_GIT.search(project.pyproject.source):
        return
    stage = next((each for each in stages(old) if clones in (item for item, _ in each.inside)), None)
    if stage is None:  # no FROM stands before it
        return
    chain = last_stage(old.encode("latin-1"), stage.names[-1]).decode("latin-1")
    *_, base = (item.words[0].text for item in instructions(chain) if item.keyword == "FROM" and item.words)
    if WITHOUT_GIT.fullmatch(base) and not GIT.search(chain):
        yield clones.line, "a dependency comes by git, for which uv needs the program: install git here before"


def _without_the_project(
    project: Project, path: str, old: str, after: bytes, every: list[Instruction]
) -> Iterator[tuple[int, str]]:
    """Services that start a script of the project's, which is not installed any more."""
    found = own_scripts(project)
    own = next((item for item in every if any(_is_own(old, item))), None)
    for command in project.commands if own and found else ():
        name = basename(command.argv[0]) if command.argv else ""
        if command.where != "compose" or name not in found:
            continue
        service = service_of(command, project.tree.read(command.path))
        for image, target in images_of(project.tree, command.path, service, project.repository) if service else ():
            said = SYNCS.findall(last_stage(after, target).decode("latin-1"))
            if image == path and own and said and all(NO_PROJECT in each for each in said):
                text = f"{command.path}:{command.line} starts {name}, which comes with the project: let uv install"
                yield own.line, f"{text} that once all is copied"
                return


def _is_own(old: str, item: Instruction) -> Iterator[bool]:
    """Of each command, whether it installs the project itself."""
    for words in shell_commands(old, item):
        argv = tuple(word.text for word in words)
        managed = argv[0] in MANAGERS and argv[1:2] == ("install",) and not {"--no-root", "--no-self"} & {*argv}
        yield managed or any(map(OWN.fullmatch, pip_arguments(argv) or ()))
