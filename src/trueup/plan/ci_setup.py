"""What sets another manager up in a workflow: the action that brings it, and the cache that hangs on its lock.

``setup-python`` stops where it finds no lock for ``cache: poetry``.
Source: https://github.com/actions/setup-python#caching-packages-dependencies
"""

from __future__ import annotations

import re

from trueup.model.packages import facts
from trueup.model.span import Edit
from trueup.plan.uv_commands import uv_version

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

WORKFLOWS = (".github/workflows/", ".github/actions/")
ACTION = re.compile(
    rb"(?m)^[ \t]*(?:-[ \t]+)?uses:[ \t]*[\"']?[\w.-]+/"
    rb"(?:(?:actions?-)?(?:setup|install)-(?:poetry|pipenv|rye)(?:-action)?|actions-poetry|poetry-install)@[^\n]*"
)
CACHE = re.compile(rb"(?m)^[ \t]*cache:[ \t]*[\"']?(?:poetry|pipenv|pdm)[\"']?[ \t]*(?:#[^\n]*)?$")
HANGS_ON = re.compile(rb"[ \t]*(?:cache:|cache-dependency-path:[ \t]*[^|>\s])[^\n]*\n?")
DASH = re.compile(rb"([ \t]*)-[ \t]+")
KEY = re.compile(rb"([\w-]+):")
# By its name, and by its version, which is none of uv's.
NAMED = re.compile(
    rb"(?i)\b(?:python-)?(?:poetry|pipenv|rye)\b"
    rb"(?:[ \t@=-]+(?:version[ \t]+)?\(?(?:v?\d[\w.]*|\$\{\{(?![^}]*python)[^}]*version[^}]*\}\})\)?)?"
)
KEPT = {b"name", b"uses", b"with"}  # a step that says more is left to its author
MORE = re.compile(  # what its author says of it, and settings that uv has no like of; `# v1.2` is of the version alone
    rb"(?m)^[ \t]*#|[ \t]#(?![ \t]*v?\d[\w.]*[ \t]*\r?$)|^[ \t]*(?:plugins|virtualenvs-path):"
)
PYTHON = re.compile(rb"(?m)^[ \t]*python-version:")


def actions(path: str, data: bytes) -> Iterator[Edit]:
    """The action that sets uv up, in the place of each that sets another manager up and nothing else."""
    if not any(where in path for where in WORKFLOWS):
        return
    for found in ACTION.finditer(data):
        begin, end = step_around(data, found.start())
        step = data[begin:end]
        dash = DASH.match(step)
        if not dash or PYTHON.search(step) or MORE.search(step):
            continue
        plain = b" " * dash.end() + step[dash.end() :]
        own = [line for line in plain.splitlines() if len(line) - len(line.lstrip()) == dash.end()]
        keys = {key[1]: line for line in own if (key := KEY.match(line, dash.end()))}
        if len(keys) == len(own) and KEPT.issuperset(keys):
            name = keys.get(b"name", b"")[dash.end() :]
            yield Edit(begin, end, _of_uv(step, dash, NAMED.sub(b"uv", name)))


def _of_uv(step: bytes, dash: re.Match[bytes], name: bytes) -> bytes:
    """The step that sets uv up."""
    commit, version = max(facts("actions")["commits"]["astral-sh/setup-uv"].items())[1]
    pad = " " * dash.end()
    lines = [
        *([name.decode("latin-1")] if name else []),
        f"uses: astral-sh/setup-uv@{commit}  # {version}",
        "with:",
        f'  version: "{uv_version()}"',
    ]
    end = "\r\n" if b"\r\n" in step else "\n"
    text = dash[0].decode() + f"{end}{pad}".join(lines) + (end if step.endswith(b"\n") else "")
    return text.encode("latin-1")


def caches(path: str, data: bytes) -> Iterator[Edit]:
    """The lines of ``setup-python`` that cache what another manager has locked; with ``with:``, where that is all."""
    if not any(where in path for where in WORKFLOWS):
        return
    for found in CACHE.finditer(data):
        begin, end = step_around(data, found.start())
        if b"setup-python@" not in data[begin:end]:
            continue
        lines = data[begin:end].splitlines(keepends=True)
        starts = [begin + sum(map(len, lines[:at])) for at in range(len(lines))]
        gone = [at for at, line in enumerate(lines) if HANGS_ON.fullmatch(line)]
        opened = next((at for at, line in enumerate(lines) if line.strip() == b"with:"), None)
        depth = len(lines[opened]) - len(lines[opened].lstrip()) if opened is not None else 0
        below = range(opened + 1, len(lines)) if opened is not None else ()
        inside = [at for at in below if len(lines[at]) - len(lines[at].lstrip()) > depth or not lines[at].strip()]
        said = {at for at in inside if lines[at].strip()[:1] not in (b"#", b"")}
        if opened is not None and said <= set(gone):
            gone.append(opened)
        yield from (Edit(starts[at], starts[at] + len(lines[at]), b"") for at in gone)


def step_around(data: bytes, place: int) -> tuple[int, int]:
    """Where the step begins and ends in which a line stands: an item of a list, and what is deeper than its dash."""
    lines = data.splitlines(keepends=True)
    number = data.count(b"\n", 0, place)
    depth = len(lines[number]) - len(lines[number].lstrip())
    first = number
    while first >= 0 and not (
        (dash := DASH.match(lines[first])) and (first == number or len(dash[1]) < depth) and lines[first].strip()
    ):
        first -= 1
    if first < 0:
        return place, place
    column = len(lines[first]) - len(lines[first].lstrip())
    last = first + 1
    outside = (b"#", b"")  # a comment ends nothing, wherever it stands; what follows the step is not in it
    while last < len(lines) and (
        lines[last].strip()[:1] in outside or len(lines[last]) - len(lines[last].lstrip()) > column
    ):
        last += 1
    while lines[last - 1].strip()[:1] in outside and len(lines[last - 1]) - len(lines[last - 1].lstrip()) <= column + 1:
        last -= 1
    begin = sum(map(len, lines[:first]))
    return begin, begin + sum(map(len, lines[first:last]))
