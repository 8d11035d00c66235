"""In which image a service of a compose file or of Kubernetes runs, and how its programs are started there once uv has
made it.

Both hand ``command:``, ``entrypoint:`` and ``args:`` to no shell.
Sources: https://docs.docker.com/reference/compose-file/services/#command and
  https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/
"""

from __future__ import annotations

import re
from functools import cached_property
from itertools import pairwise
from posixpath import basename

from trueup.model.command_line import MANAGERS, PIP, in_containers, is_within
from trueup.model.noun import NamedTuple
from trueup.model.span import Edit
from trueup.plan.compose_images import dockerfiles, images_of, service_of
from trueup.plan.environment_commands import hands_over_variables
from trueup.plan.image_stages import launcher, stages
from trueup.plan.jobs import HAS_UV
from trueup.plan.rewrite_image import rewrite_image
from trueup.plan.uv_groups import scripts_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trueup.model.command_line import CommandLine
    from trueup.model.project import Project

SHELLLESS = ("compose", "kubernetes")
MANAGED = re.compile(rb"(?m)^(?![ \t]*#)[^\n]*\b(?:poetry|pipenv|pdm|rye)\s+(?:install|sync)\b")
# What makes the programs of the environment those of the image: its folder on the PATH, or the system's Python.
ON_PATH = re.compile(
    rb"(?m)\bPATH[ =](?>[^\n]*?(?:venv|VENV|VIRTUAL_ENV))[^\n]*\bbin\b|--system\b|\bUV_SYSTEM_PYTHON\b"
    rb"|\bUV_PROJECT_ENVIRONMENT=[\"']?/usr(?:/local)?[\"']?(?=\s)"
    rb"|--from=\S+\s+/usr/local\S*\s|\bpip[\d.]* install[^\n&|;]* (?:-r\b|\.)"
)
# What has the project in an image, or all that it is built from.
WHOLE = re.compile(
    rb"(?m)\buv sync\b(?![^\n&;|]*--no-install-project)|^[ \t]*(?:COPY|ADD)[ \t]+(?:--\S+[ \t]+)*\./?[ \t]"
)
RUN = re.compile(
    rb"(?P<mark>[\"']?)(?:%s)(?P=mark)(?P<gap>(?:[ \t]|\\\r?\n)+|[ \t]*,\s*|[ \t]*\r?\n[ \t]*-[ \t]+)"
    rb"(?P=mark)run(?P=mark)(?P=gap)" % "|".join(MANAGERS).encode()
)
LEAD = re.compile(rb"(?:(?:exec|time|nohup)[ \t]+|[A-Za-z_]\w*=[^\s\"']*[ \t]+)*")
PLACE = re.compile(rb"\bUV_PROJECT_ENVIRONMENT=[\"']?([\w./-]+)")
USER = re.compile(rb"(?m)^[ \t]*USER[ \t]+(?!(?:root|0)\b)")
# What is nobody's own image: https://hub.docker.com/_/python
FOREIGN = re.compile(r"(?:docker\.io/)?(?:library/)?(?:python|debian|ubuntu|alpine):[\w.$-]+")
PUT_IN = re.compile(rb"\bpip[\d.]* install [^&;|\n]*\b(?:poetry|pipenv|pdm|rye|uv)\b")
PUTS = ("install", "uninstall")
HANDED = "pipenv run handed .env over, and nothing does there any more: `env_file: .env` of a service, or `--env-file`"
FOR_A_USER = "pip puts uv in for the user of the container: `~/.local/bin` must be on the PATH there, or `python -m uv`"


class Started(NamedTuple):
    """How a command is started in an image: by the words that an edit leaves; ``asks``: by nothing that is known.

    ``apart``: in a container that something outside goes into, until ``end``; ``of_a_user``: of another one than root;
    ``place``: where the environment lies that uv installs into; ``lean``: the image has that without the project, which
    it may not be able to build; ``told``: what it was given, and is not any more.
    """

    edit: Edit | None
    has_uv: bool
    apart: bool
    asks: bool
    of_a_user: bool
    has_programs: bool
    end: int
    place: str
    lean: bool
    told: str = ""


class Images:
    """What the commands of one file are run in, where that is the image of a service or a container."""

    def __init__(self, project: Project, data: bytes, commands: Sequence[CommandLine]) -> None:
        self.project, self.data, self.commands = project, data, commands
        self.contained = in_containers(commands)
        self.scripts = scripts_of(project)

    def of(self, command: CommandLine, said: str) -> Started | None:
        """How a command is started that is ``said`` so in uv; ``None`` where it is run on the machine itself.

        What a container has, is not to be found outside of it, nor the other way round.
        """
        inside, around = command in self.contained, is_within(command.argv)
        apart = inside or around
        entry = self.entry if command.where == "shell" and not apart and said.startswith("uv run ") else b""
        if not (apart or (entry and has_programs(entry)) or (command.where in SHELLLESS and said)):
            return None
        outer = [item for item in self.commands if is_within(item.argv) and item.start < command.start < item.end]
        foreign = any(FOREIGN.fullmatch(word) for item in (*outer, command) for word in item.argv) if apart else False
        image = b"" if foreign else self.at_hand if apart else entry or self.of_service(command)
        has = has_programs(image)
        only = any(word == "run" and after in self.scripts for word, after in pairwise(command.argv))
        place = PLACE.search(image)
        named = place[1].decode() if place else ""
        pip = around and named and not named.startswith("/usr") and is_pip(command.argv)
        edit = (
            bare(self.data, command) if has and not (only or pip) and (around or said.startswith("uv run ")) else None
        )
        above = self.data[outer[0].start : command.start] if outer else b""
        has_uv = HAS_UV.search(image) is not None or PUT_IN.search(above) is not None
        given = any(word.split("=")[0] in ("-u", "--user") for item in outer for word in item.argv)
        known = edit or apart or has_uv or is_read_by_a_shell(command, self.commands, self.data)
        asks = bool(pip) or not known
        end = max((item.end for item in outer), default=0)
        user = given or USER.search(image) is not None
        handed = bool(edit) and "pipenv" in command.argv and b"env_file" not in self.data
        told = HANDED if handed and hands_over_variables(self.project) else ""
        lean = b"uv sync" in image and not WHOLE.search(image)
        return Started(edit, has_uv, apart, asks, user, has, end, named, lean, told)

    def of_service(self, command: CommandLine) -> bytes:
        """The stages of the Dockerfile, as it will be, that the service of a command runs in; nothing where that is
        unknown."""
        if command.where == "kubernetes":  # which names an image, and not what that is built from
            every = list(dockerfiles(self.project.tree))
            return _least(self.project, ((path, "") for path in every if len(every) == 1))
        service = service_of(command, self.data)
        below = self.project.repository
        return _least(self.project, images_of(self.project.tree, command.path, service, below) if service else ())

    @cached_property
    def entry(self) -> bytes:
        """The same of a script that images alone start; nothing for any other file."""
        path = self.commands[0].path
        every = [item for item in self.project.commands if item.path != path and item.argv[0] != "chmod"]
        calls = [item for item in every if basename(path) in map(basename, item.argv)]
        images = [(item.path, "") for item in calls if item.where == "dockerfile"]
        alone = all(item.where in ("dockerfile", *SHELLLESS) for item in calls)
        return _least(self.project, images) if alone else b""

    @cached_property
    def at_hand(self) -> bytes:
        """The same of what ``docker exec`` goes into: of several Dockerfiles the one that gives its programs least."""
        return _least(self.project, ((path, "") for path in dockerfiles(self.project.tree)), filled=True)


def _least(project: Project, images: Iterable[tuple[str, str]], *, filled: bool = False) -> bytes:
    tree = project.tree
    found = [last_stage(rewrite_image(project, tree, path, tree.read(path))[0], target) for path, target in images]
    found = [
        text for text in found if not filled or HAS_UV.search(text) or MANAGED.search(text) or ON_PATH.search(text)
    ]
    return min(found, key=has_programs, default=b"")


def is_pip(argv: Sequence[str]) -> bool:
    """Whether pip is called by its mere name, which is the system's where an environment of uv's has none."""
    triples = zip(argv, argv[1:], argv[2:], strict=False)
    return any(before != "uv" and PIP.fullmatch(word) and verb in PUTS for before, word, verb in triples)


def has_programs(image: bytes) -> bool:
    """Whether the programs of the environment are on the PATH of an image that uv, or pip from its lock, fills."""
    return ON_PATH.search(image) is not None and not MANAGED.search(image)


def is_read_by_a_shell(command: CommandLine, every: Iterable[CommandLine], data: bytes) -> bool:
    """Whether a command of such a file stands in a ``sh -c``, or in a test of health, which is a shell's."""
    around = any(item.start < command.start and command.end <= item.end for item in every)
    line = data[data.rfind(b"\n", 0, command.start) + 1 : command.start]
    return around or bool(re.match(rb"[ \t]*(?:-[ \t]+)?[\"']?(?:test:|CMD-SHELL)", line)) or b"CMD-SHELL" in line


def bare(data: bytes, command: CommandLine) -> Edit | None:
    """The edit that leaves the program of ``poetry run ...`` alone, as a string or as a list of words, or in the words
    of a ``docker exec``."""
    if is_within(command.argv):
        runs = any(word in MANAGERS and after == "run" for word, after in pairwise(command.argv))
        found = RUN.search(data, command.start, command.end) if runs else None
    else:
        quoted = data[command.start - 1 : command.start] in (b'"', b"'")  # the quotes of a flow are outside
        behind = LEAD.match(data, command.start, command.end).end()  # type: ignore[union-attr]
        found = RUN.match(data, command.start - quoted, command.end) or RUN.match(data, behind, command.end)
    if found is None:
        return None
    word = re.match(rb"""["']?([^\s"',]+)""", data[found.end() : command.end])
    python = launcher(word[1].decode("latin-1")) if word else ""
    listed = data[found.end() : found.end() + 1] in (b'"', b"'")
    return Edit(*found.span(), b'"python", ' if python and listed else python.encode())


def last_stage(image: bytes, target: str) -> bytes:
    """A stage of an image, and those that it is built from; the last where none is asked for."""
    text = image.decode("latin-1")
    every = list(stages(text))
    wanted = next((stage for stage in every if target and target.lower() in stage.names), every[-1] if every else None)
    found = list[str]()
    while wanted is not None:
        end = wanted.inside[-1][0].end if wanted.inside else wanted.origin.end
        found.append(text[wanted.origin.begin : end])
        base, before = wanted.base, every[: every.index(wanted)]
        wanted = next((stage for stage in before if base in stage.names[1:]), None)
    return "\n".join(found).encode("latin-1")
