"""In which image a service of a compose file runs, and how its programs are started there once uv has made it.

Compose hands ``command:`` and ``entrypoint:`` to no shell.
Source: https://docs.docker.com/reference/compose-file/services/#command
"""

from __future__ import annotations

import re

from trueup.model.span import Edit
from trueup.plan.compose_images import images_of
from trueup.plan.image_stages import stages
from trueup.plan.jobs import HAS_UV
from trueup.plan.rewrite_image import rewrite_image
from trueup.plan.uv_commands import MANAGERS
from trueup.text.scalars import scalars

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from trueup.model.command_line import CommandLine
    from trueup.model.project import Project
    from trueup.model.tree import Tree

MANAGED = re.compile(rb"(?m)^(?![ \t]*#)[^\n]*\b(?:poetry|pipenv|pdm|rye)\s+(?:install|sync)\b")
# What makes the programs of the environment those of the image: its folder on the PATH, or the system's Python.
ON_PATH = re.compile(
    rb"(?m)\bPATH[ =][^\n]*(?:venv|VENV|VIRTUAL_ENV)[^\n]*\bbin\b|--system\b|\bUV_SYSTEM_PYTHON\b"
    rb"|\bUV_PROJECT_ENVIRONMENT=[\"']?/usr(?:/local)?[\"']?(?=\s)"
    rb"|--from=\S+\s+/usr/local\S*\s|\bpip[\d.]* install[^\n&|;]* (?:-r\b|\.)"
)
RUN = re.compile(
    rb"(?P<mark>[\"']?)(?:%s)(?P=mark)(?P<gap>(?:[ \t]|\\\r?\n)+|[ \t]*,\s*|[ \t]*\r?\n[ \t]*-[ \t]+)"
    rb"(?P=mark)run(?P=mark)(?P=gap)" % "|".join(MANAGERS).encode()
)


def served(project: Project, tree: Tree, command: CommandLine, data: bytes) -> bytes:
    """The stages of the Dockerfile, as it will be, that the service of a command runs in; nothing where that is
    unknown."""
    places = scalars("yaml", data.decode("latin-1"))
    held = next((item for item in places if item.start <= command.start <= item.end and not item.is_key), None)
    if held is None or held.route[:1] != ("services",) or len(held.route) < 3:
        return b""
    found = [
        _last(rewrite_image(project, tree, image, tree.read(image))[0], target)
        for image, target in dict.fromkeys(images_of(tree, command.path, str(held.route[1]), project.repository))
    ]
    return min(found, key=lambda text: bool(text) + has_programs(text), default=b"")


def has_programs(image: bytes) -> bool:
    """Whether the programs of the environment are on the PATH of an image that uv, or pip from its lock, fills."""
    return ON_PATH.search(image) is not None and not MANAGED.search(image)


def has_uv(image: bytes) -> bool:
    """Whether uv itself is there, too."""
    return HAS_UV.search(image) is not None


def is_read_by_a_shell(command: CommandLine, every: Iterable[CommandLine], data: bytes) -> bool:
    """Whether a command of a compose file stands in a ``sh -c``, or in a test of health, which is a shell's."""
    around = any(item.start < command.start and command.end <= item.end for item in every)
    line = data[data.rfind(b"\n", 0, command.start) + 1 : command.start]
    return around or bool(re.match(rb"[ \t]*(?:-[ \t]+)?[\"']?(?:test:|CMD-SHELL)", line)) or b"CMD-SHELL" in line


def bare(data: bytes, command: CommandLine) -> Edit | None:
    """The edit that leaves the program of ``poetry run ...`` alone, as a string or as a list of words."""
    quoted = data[command.start - 1 : command.start] in (b'"', b"'")  # the quotes of a flow are outside
    found = RUN.match(data, command.start - quoted, command.end) or RUN.match(data, command.start, command.end)
    return Edit(*found.span(), b"") if found else None


def _last(image: bytes, target: str) -> bytes:
    """A stage of an image, and those that it is built from; the last where none is asked for."""
    text = image.decode("latin-1")
    every = list(stages(text))
    wanted = next((stage for stage in every if target and target.lower() in stage.names), every[-1] if every else None)
    found = list[str]()
    while wanted is not None:
        end = wanted.inside[-1][0].end if wanted.inside else wanted.origin.end
        found.append(text[wanted.origin.begin : end])
        base = wanted.origin.words[0].text.lower() if wanted.origin.words else ""
        before = every[: every.index(wanted)]
        wanted = next((stage for stage in before if base in stage.names[1:]), None)
    return "\n".join(found).encode("latin-1")
