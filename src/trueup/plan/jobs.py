"""Where the jobs of a file of CI, or the services of a compose file, begin: each is a machine of its own."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from trueup.model.names import normal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from trueup.model.command_line import CommandLine

END = rb"(?:[ \t]+&[\w.-]+)?[ \t]*(?:#[^\n]*)?\r?$"  # of a line that opens a table, which may have an anchor
KEY = re.compile(rb"(?m)^  [A-Za-z_][\w-]*:" + END)
STAGE = re.compile(rb"(?m)^[ \t]*-[ \t]+(?:name|image):|^  (?!commands|environment|settings|when)[\w-]+:[ \t]*\r?$")
JOBS = (
    *((where, KEY) for where in (".github/workflows/", ".gitea/workflows/", ".forgejo/workflows/", ".circleci/")),
    (".drone", STAGE),
    (".woodpecker", STAGE),
    (".gitlab-ci", re.compile(rb"(?m)^[A-Za-z_.][\w. -]*:" + END)),
    ("bitbucket-pipelines", re.compile(rb"(?m)^[ \t]*-[ \t]+step:")),
    ("azure-pipelines", re.compile(rb"(?m)^[ \t]*-[ \t]+job:")),
    ("compose", KEY),
    (
        "devcontainer",
        re.compile(rb'"(?:initialize|onCreate|updateContent|postCreate|postStart|postAttach)Command"[ \t]*:'),
    ),
)
NOWHERE = re.compile(rb"(?!)")


HAS_UV = re.compile(rb"setup-uv|astral-sh/uv|install (?:(?!install )[^\n])*\buv\b|astral\.sh/uv")
STEP = re.compile(rb"(?m)^[ \t]*-[ \t]+(?:name|uses|run|if|id|env|with|shell|working-directory|continue-on-error)\b")
CONDITION = re.compile(rb"(?m)^[ \t]*(?:-[ \t]+)?if:")


class Jobs:
    """The jobs of one file, each by the place where it begins; a file without any is one job that begins at 0."""

    def __init__(self, path: str, data: bytes) -> None:
        self.path, self.data = path, data
        begins = next((jobs for where, jobs in JOBS if where in path), NOWHERE)
        self.begins = [0, *(found.start() for found in begins.finditer(data))]

    def section(self, command: CommandLine) -> int:
        """Where the job begins that a command belongs to."""
        return self.at(command.start)

    def at(self, begin: int) -> int:
        """Where the job begins that a place of the file belongs to."""
        return self.begins[max(bisect_left(self.begins, begin) - 1, 0)]

    def end(self, section: int) -> int:
        """Where a job ends."""
        return next(iter(self.begins[bisect_right(self.begins, section) :]), len(self.data))

    def started_after(self, commands: Sequence[CommandLine], position: int) -> set[str]:
        """The programs that a job starts after a command, each by the name of a distribution."""
        section = self.section(commands[position])
        after = (item for item in commands[position + 1 :] if self.section(item) == section)
        words = (word for item in after for word in item.argv[: 3 if "-m" in item.argv[:2] else 1])
        return {normal(word.rpartition("/")[2]) for word in words}

    def has_uv(self) -> bool:
        """Whether uv is put in anywhere in the file."""
        return HAS_UV.search(self.data) is not None

    def brings_uv(self, section: int) -> bool:
        """Whether uv is put in somewhere in a job."""
        return HAS_UV.search(self.data, section, self.end(section)) is not None

    def is_conditional(self, command: CommandLine) -> bool:
        """Whether the step of a workflow that runs a command is left out at times."""
        if ".github/" not in self.path:
            return False
        steps = [found.start() for found in STEP.finditer(self.data)]
        begin = max((start for start in steps if start <= command.start), default=0)
        end = min((start for start in steps if start > command.start), default=len(self.data))
        return CONDITION.search(self.data, begin, end) is not None
