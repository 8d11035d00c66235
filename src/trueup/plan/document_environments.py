"""The environment that a document has its reader make: from now on it is the one that ``uv sync`` fills, by that name.

``uv sync`` takes a ``.venv`` that is there: https://docs.astral.sh/uv/concepts/projects/layout/#the-project-environment
"""

from __future__ import annotations

import re

from trueup.model.span import Edit
from trueup.plan.environment_commands import ACTIVE, ENVIRONMENT, MADE_BY_HAND, OWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAKES = re.compile(
    rb"(?:\bpy(?:thon[\d.]*)?(?:\.exe)?[ \t]+(?:-[\d.]+[ \t]+)?-m[ \t]+venv|\bvirtualenv)[ \t]+(?:-\S+[ \t]+)*"
)
NAME = re.compile(rb"(?:\.[/\\])?(?P<name>[\w.-]+)(?![\w./\\-])")
ELSEWHERE = (ENVIRONMENT.encode(), ACTIVE.encode(), b"--project ")  # another one is filled


def made_one(data: bytes, edits: Sequence[Edit]) -> Iterator[Edit]:
    """The edits by which all that a document says of an environment made by hand is about uv's own."""
    synced = [edit for edit in edits if b"uv sync" in edit.text]
    if not synced or any(word in edit.text for edit in synced for word in ELSEWHERE):
        return
    found = {made["name"] for begin in MAKES.finditer(data) if (made := NAME.match(data, begin.end()))}
    for name in sorted(found):
        if not MADE_BY_HAND.fullmatch(name.decode("latin-1")) or name == OWN[0].encode():
            continue
        again = rb"(?:%b)(?:\.[/\\])?(?P<a>%b)(?![\w./\\-])" % (MAKES.pattern, re.escape(name))
        path = rb"(?<![\w./\\-])(?:\.[/\\])?(?P<b>%b)(?=[/\\](?:bin|Scripts)[/\\])" % re.escape(name)
        for each in re.finditer(b"%b|%b" % (again, path), data):
            start, end = each.span("a" if each["a"] else "b")
            if not any(edit.start < end and start < edit.end for edit in edits):
                yield Edit(start, end, OWN[0].encode())
