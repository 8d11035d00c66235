"""What pip installs in an image from what uv exports of the lock, where another stage takes it from Python's folder.

An environment that uv makes would not be found there: the stage that runs copies ``site-packages`` or PDM's
``__pypackages__``. Poetry and PDM install the project too, editable; pip does then.

Source: https://docs.astral.sh/uv/reference/cli/#uv-export, ``--target`` of ``pip install``, PEP 582
"""

from __future__ import annotations

import re
from posixpath import basename, dirname

from trueup.model.command_line import by_name
from trueup.model.noun import NamedTuple
from trueup.plan.uv_commands import OWN, beyond
from trueup.plan.uv_groups import RUNTIME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from trueup.model.span import Edit
    from trueup.text.shell import Command

PARTS = re.compile(r"--(?:group|extra|only-group|no-group)[ =]\S+|--all-(?:groups|extras)")
PACKAGES = re.compile(r"__pypackages__/[\d.]+(?=/(lib|bin)\b)")
# Images that begin as another user than root, who may write where COPY did not put it.
ANOTHER_USER = re.compile(
    r"(?mi)^FROM\s+(?:--\S+\s+)*\S*(?:apache/(?:airflow|superset|spark)|jupyter|rayproject/|astro)"
)
# What installs the project too, and what keeps it from that.
INSTALLING = {"poetry": {"--no-root", "--only-root"}, "pdm": {"--no-self"}}


def keeping(edits: Iterable[Edit]) -> Iterator[Edit]:
    """The edits of a stage; a sync takes nothing away that one before it has brought."""
    brought, tools = set[str](), False
    for edit in edits:
        text = edit.text.decode("latin-1")
        if text.startswith("uv sync"):
            less = loses(" ".join(brought), text) or (tools and RUNTIME in text)
            brought, tools = brought | set(PARTS.findall(text)), tools or RUNTIME not in text
            edit = edit._replace(text=edit.text + b" --inexact") if less and "--inexact" not in text else edit
        yield edit


def loses(before: str, said: str) -> bool:
    """Whether a sync takes an extra or a group away that one before it has brought."""
    every = {option for option in ("--extra", "--group") if f"--all-{option[2:]}s" in said}
    brought = {part for part in PARTS.findall(before) if re.split("[ =]", part)[0] not in every}
    return not brought.issubset(PARTS.findall(said))


def installs_the_project(argv: Sequence[str]) -> bool:
    """Whether a command of Poetry or PDM installs the project, too."""
    return argv[0] in INSTALLING and INSTALLING[argv[0]].isdisjoint(argv)


class Export(NamedTuple):
    """What is known of the command to replace: the lists that it reads, what ``uv sync`` would be told, and whether
    what builds the project is there."""

    files: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()  # by which it constrains, and which are not there afterwards
    options: tuple[str, ...] = ()  # of uv besides
    tools: bool = False
    said: str = ""
    builds: bool = False

    def command(self, text: str, words: Command) -> str:
        """pip's command, after uv has written the file that it reads; ``text`` is the Dockerfile."""
        argv = by_name([word.text for word in words])
        written = self.files[0] if self.files else "requirements.txt"
        parts = [] if self.tools else [RUNTIME]
        hashed, own = True, self.builds and installs_the_project(argv)
        if self.files:
            said = text[words[0].start - len(words[0].quote) : words[-1].end + len(words[-1].quote)]
            for name in self.gone:  # the lock keeps to it
                option = rf"(?:\s|\\\r?\n)+(?:-c|--constraint)[= ]?\s*[\"']?{re.escape(name)}[\"']?(?!\S)"
                said = re.sub(option, "", said)
            lists = (*self.files, *self.gone)
            called = argv[argv[0] == "uv" :]
            more = [word for word in called if not word.startswith("-") and word not in lists][2:]
            hashed = len(self.files) == 1 and not more
        elif argv[0] == "pdm" and (folders := list(PACKAGES.finditer(text))):
            said, hashed = _in_packages(folders[0][0], written, {found[1] for found in folders}, own=own), not own
            parts = self._parts()
        else:
            parts = self._parts()
            said = f"pip install --no-cache-dir -r {written}"
            for word in filter(OWN.fullmatch, argv):
                said += f" && pip install --no-cache-dir --no-deps {word.partition('[')[0]}"
            if besides := [words[at] for at in beyond(argv)]:
                named = " ".join(text[word.start - len(word.quote) : word.end + len(word.quote)] for word in besides)
                said += f" && pip install --no-cache-dir {named}"
            if own:
                editable = "" if "--no-editable" in argv else "-e "
                said += f" && pip install --no-cache-dir --no-deps {editable}."
        parts += ["--no-emit-project", *([] if hashed else ["--no-hashes"]), *self.options]
        command = f"uv export --locked {' '.join(parts)} -q -o {written} && {said}"
        if not ANOTHER_USER.search(text) or dirname(written) == "/tmp":  # noqa: S108 - the folder of an image
            return command
        return re.sub(rf"(?<!\S){re.escape(written)}(?!\S)", f"/tmp/{basename(written)}", command)  # noqa: S108

    def _parts(self) -> list[str]:
        return [*([RUNTIME] if RUNTIME in self.said else []), *PARTS.findall(self.said)]


def _in_packages(folder: str, written: str, taken: set[str], *, own: bool) -> str:
    """PDM's folder for one version of Python: packages in ``lib``, scripts in ``bin``, which pip puts below it."""
    project = " ." if own else ""
    said = f"pip install --no-cache-dir --target {folder}/lib -r {written}{project}"
    return f"{said} && mv {folder}/lib/bin {folder}/bin" if "bin" in taken else said


def with_variables(variables: str, commands: bytes) -> bytes:
    """The commands with the variables before pip, too, that stand before the first of them."""
    return re.sub(rb"(?<= && )(?=(?:uv )?pip (?:install|sync) )", lambda _: variables.encode("latin-1"), commands)
