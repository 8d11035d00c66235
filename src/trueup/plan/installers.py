"""What installs a manager by its own script, where nothing calls that manager any more: uv comes in its place.

Source: https://python-poetry.org/docs/#installation, https://pdm-project.org/en/latest/#installation
"""

from __future__ import annotations

import re

from trueup.model.span import Edit, splice
from trueup.plan.command_edits import dropped
from trueup.plan.image_stages import without
from trueup.plan.jobs import Jobs
from trueup.plan.uv_commands import uv_version
from trueup.text.docker import instructions
from trueup.text.documents import DOCUMENTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

SCRIPT = rb"install\.python-poetry\.org\b|\b(?:get|install)-(?:poetry|pdm)\.py\b|\brye\.astral\.sh/get\b"
REST = rb"(?:[^\n;&|\\]|\\\r?\n)*"
PIPED = re.compile(
    rb"(?<![\w-])(?:curl|wget)[ \t]%b(?:%b)%b\|[ \t]*(?:\\\r?\n[ \t]*)?(?:\w+=\S+[ \t]+)*"
    rb"(?:sudo[ \t]+)?(?:python|(?:ba)?sh\b)"
    rb"(?:\"[^\"\n]*\"|\\\r?\n(?=[ \t]*-)|[^\n;&|)\"'`\\])*(?<=\S)" % (REST, SCRIPT, REST)
)
LINKED = re.compile(rb"(?<![\w-])(?:sudo[ \t]+)?ln[ \t][^\n;&|]*/bin/(?:poetry|pdm)(?![\w/.-])[^\n;&|]*(?<=\S)")
BY_PIP = re.compile(rb"\bpip[\d.]* install\b[^\n;&|]*[ \t\"'](poetry|pipenv|pdm)(?![\w.-])")
CALLED = re.compile(
    rb"(?:(?<=bin/)|(?<![\w./$:@-]))(?:poetry|pdm|rye)(?:[ \t]+[\w$\"'-]|[\"'])"
    rb"|\b(?:command -v|which|type|hash)[ \t]+(?:poetry|pdm|rye)\b"
)
SAID = re.compile(rb"(?:(?m:^[ \t>]*(?:\$[ \t]+)?)|`|&&[ \t]*)(?:poetry|pdm|rye)[ \t]")  # in a document
NAMED = re.compile(rb"(?m)(?:^|(?<=\s))#.*|^[ \t]*(?:-[ \t]+)?(?:name|displayName|label):.*")
BLOCK = re.compile(rb"[ \t>]*(?:\$[ \t]+)?")


def without_installers(path: str, data: bytes, *, image: bool) -> bytes:
    """A rewritten file in which uv, or nothing, stands where a script installed a manager that nothing calls."""
    document = path.endswith(DOCUMENTS)
    bare = BY_PIP.sub(b"", LINKED.sub(b"", PIPED.sub(b"", data if document else NAMED.sub(b"", data))))
    if PIPED.search(data) is None or (SAID if document else CALLED).search(bare):
        return data
    for pattern in (PIPED, LINKED):
        for found in reversed([*pattern.finditer(data)]):
            edits = _in_image(data, found) if image else _elsewhere(path, data, found, document=document)
            data = splice(data, list(edits))
    return data


def _in_image(data: bytes, found: re.Match[bytes]) -> Iterator[Edit]:
    text = data.decode("latin-1")
    for item in instructions(text):
        if item.keyword == "RUN" and not item.json and item.start <= found.start() < item.end:
            yield from without(text, item, *found.span())


def _elsewhere(path: str, data: bytes, found: re.Match[bytes], *, document: bool) -> Iterator[Edit]:
    jobs, lead = Jobs(path, data), data[data.rfind(b"\n", 0, found.start()) + 1 : found.start()]
    if document and not BLOCK.fullmatch(lead):
        return
    linked = found.re is LINKED
    brings = linked or (not document and jobs.brings_uv(jobs.at(found.start())))
    gone = dropped(data, *found.span()) if brings else None
    if gone or not linked:
        yield gone or Edit(*found.span(), f"pip install uv=={uv_version()}".encode())
