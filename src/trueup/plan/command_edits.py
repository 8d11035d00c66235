"""Edits of command lines beside a new one: one that goes, words that go, a test for a file that goes."""

from __future__ import annotations

import re

from trueup.model.command_line import pip_arguments
from trueup.model.names import normal
from trueup.model.span import Edit
from trueup.plan.uv_commands import beyond, is_manifest
from trueup.plan.uv_groups import RUNTIME, groups_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from trueup.model.command_line import CommandLine
    from trueup.model.project import Project

NAME = re.compile(r"[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?")
HARMLESS = ("-U", "--upgrade", "-q", "--quiet", "--no-cache-dir", "--disable-pip-version-check")
# What ends a line where a command must follow, of a shell, of YAML or in a document; what would close an empty block.
GOES_ON = re.compile(rb"\b(?:then|do|else)$|&&$|\|\|$|\\$|(?<![:-])[ \t]\|$")
BLOCK = re.compile(rb"\b(?:then|do|else)$")
ENDS = re.compile(rb"(?:fi|done|else|elif)\b|$")
OPENED = re.compile(rb"(?:^|[\s)])[{(]$|[:-][ \t]+[|>][-+\d]*$|^[ \t]*(?:```|~~~)[\w -]*$|::$|(?:\'\'\'|\"\"\")$")
CLOSED = re.compile(rb"[})]|```|~~~|\'\'\'|\"\"\"")
BETWEEN = re.compile(rb"[\s@]*(?:&&)?[\s@\\]*")
TESTS = ("[", "[[", "test")
FOUND = ("-f", "-e", "-s", "-r")
ASKED = re.compile(
    rb"(?P<if>\bif[ \t]+)?(?:\[{1,2}|\btest)[ \t]+-[fesr][ \t]+[\"']?(?P<name>[\w./-]+)[\"']?(?:[ \t]*\]{1,2})?"
    rb"[ \t]*(?:;|&&|\r?\n)(?:\s|\\\r?\n)*(?:then\b(?:\s|\\\r?\n)*)?"
    rb"(?P<said>(?:pip install uv==[\d.]+ && )?uv sync\b(?:[^\n;&|]*[^\s;&|])?)"
    rb"(?P<whole>(?(if)[ \t]*;[ \t]*fi\b|(?!)))?"
)

# What tox lets a command start beside the environment: https://tox.wiki/en/stable/config.html#allowlist_externals
EXTERNALS = re.compile(rb"(?m)^[ \t]*(?:allow|white)list_externals[ \t]*=((?:[^\n]*(?:\n[ \t]+[^\n]*)*))")
REDIRECTED = re.compile(
    rb"(?:[ \t]+(?:&|\*|\d+)?(?:>>?[|&]?|<)[ \t]*"
    rb"(?:\"[^\"\n]*\"|'[^'\n]*'|\$\{\{[^}\n]*\}\}|[^\s;&|()<>\"'])+)*"  # what is printed to elsewhere
)
# What looks at an environment, and the options for that which uv has too: https://docs.astral.sh/uv/reference/cli/#uv-pip
LOOKS = re.compile(rb"(?:python[\d.]*[ \t]+-m[ \t]+)?pip[\d.]*[ \t]+(?P<verb>check|list|freeze|show)(?![\w-])")
OUTDATED = re.compile(rb"[ \t](-o)(?![\w-])")
LOOKED = {"-o", "--outdated", "--format", "-f", "--files"}
WRITTEN = re.compile(r"[ \t]*>+[ \t]*([\w./-]+)")
REMOVED = re.compile(r"\bpip[\d.]* uninstall\b")
MANAGER = re.compile(rb"(?m)(?<![\w-])(poetry|pipenv|pdm|rye)(?![\w-])")


def brought(project: Project, said: str) -> frozenset[str]:
    """The distributions that a ``uv sync`` installs because the project declares them; none where there is no sync."""
    if not said or "--only-group" in said:
        return frozenset()
    others = groups_of(project).others
    bare = RUNTIME in said or "--no-group" in said
    wanted = (item for item in project.requirements if not item.is_extra and not item.marker)
    return frozenset(item.name for item in wanted if not (item.group if bare else item.group in others))


def split_names(command: CommandLine, known: frozenset[str]) -> tuple[list[str], list[str]]:
    """The words of a ``pip install`` of names alone: those of ``known``, and the others; none where it says more."""
    words = command.argv[command.argv.index("install") + 1 :] if pip_arguments(command.argv) else ()
    names = [word for word in words if word not in HARMLESS]
    if not all(map(NAME.fullmatch, names)):
        return [], []
    there = [name for name in names if normal(name) in known]
    return there, [name for name in names if name not in there]


def without(data: bytes, command: CommandLine, words: Iterable[str]) -> Iterator[Edit]:
    """The edits that take words out of a command, each with the blanks before it."""
    for word in words:
        pattern = rb"\binstall\b.*?([ \t]+" + re.escape(word.encode()) + rb")(?![^\s;&|)])"
        if found := re.compile(pattern).search(data, command.start, command.end):
            yield Edit(*found.span(1), b"")


def tested(command: CommandLine) -> str:
    """The manifest that a shell's test asks for (``[ -f requirements.txt ]``); ``""`` for any other command."""
    match [word for word in command.argv if word not in ("]", "]]")]:
        case [program, option, name] if program in TESTS and option in FOUND and is_manifest(name):
            return name
    return ""


def unasked(after: bytes) -> bytes:
    """A rewritten file without the test for a manifest before ``uv sync``, which would not be there; where more hangs
    on the test, or it goes over several lines, it asks for ``pyproject.toml``."""

    def said(found: re.Match[bytes]) -> bytes:
        if not is_manifest(found["name"].decode("latin-1")):
            return found[0]
        if found["whole"]:
            return found["said"]
        begin, end = (at - found.start() for at in found.span("name"))
        return found[0][:begin] + b"pyproject.toml" + found[0][end:]

    return ASKED.sub(said, after)


def looks_at(data: bytes, command: CommandLine, place: str) -> tuple[list[Edit], list[tuple[int, str]]]:
    """``uv pip check`` for ``pip check`` and its like, which would look at another Python than at the environment that
    uv has filled, ``place`` where that is not here; what takes packages away there is told."""
    if "uninstall" in command.argv and REMOVED.search(command.text):
        return [], [(command.line, f"`{command.text[:70]}` is not about uv's environment: `uv pip uninstall` is")]
    found = LOOKS.match(data, command.start, command.end)
    flags = {word.split("=")[0] for word in command.argv if word.startswith("-")} - {"-m"}
    rest = data[found.end() if found else command.end :].partition(b"\n")[0].decode("latin-1")
    if not found or not flags <= LOOKED or REMOVED.search(rest):
        return [], []
    if (written := WRITTEN.match(rest)) and is_manifest(written[1]):
        told = f"`pip freeze` writes {written[1]}, which nothing reads any more: `uv add` declares what is needed"
        return [], [(command.line, told)]
    said = f"uv pip {found['verb'].decode()}{f' --python {place}' if place else ''}"
    short = OUTDATED.search(data, found.end(), command.end)  # which uv spells out alone
    return [Edit(*found.span(), said.encode()), *([Edit(*short.span(1), b"--outdated")] if short else [])], []


def externals(data: bytes) -> Iterator[Edit]:
    """``uv`` in the place of another manager in what tox lets its commands start."""
    for block in EXTERNALS.finditer(data):
        for manager in MANAGER.finditer(block[1]):
            yield Edit(manager.start(1) + block.start(1), manager.end(1) + block.start(1), b"uv")


def dropped(data: bytes, start: int, end: int, others: Sequence[Edit] = ()) -> Edit | None:
    """The edit that takes a command away with what joined it to its neighbour; ``None`` where a gap would stay.

    ``others`` are edits before, some of which may have taken the lines right above.
    """
    end = REDIRECTED.match(data, end).end()  # type: ignore[union-attr]
    following = re.compile(rb"[ \t]*(?:\\\r?\n[ \t]*)?&&[ \t]*(?:\\\r?\n[ \t]*)?").match(data, end)
    if following:
        return Edit(start, following.end(), b"")
    before = re.compile(rb"(?:[ \t]*\\\r?\n)?[ \t]*&&[ \t]*(?:\\\r?\n[ \t]*)?$").search(data[:start])
    if before:
        return Edit(before.start(), end, b"")
    line = data.rfind(b"\n", 0, start) + 1
    rest = re.compile(rb"[ \t]*\r?(?:\n|$)").match(data, end)
    lead = data[line:start].replace(b"@", b"")  # of make, which is told not to print the line
    if lead.strip() or not rest:
        return None
    above = line
    for other in reversed(others):
        above = other.start if not other.text and other.end == above else above
    return None if is_needed(data, above, lead, rest.end()) else Edit(line, rest.end(), b"")


def repeats(data: bytes, before: CommandLine, command: CommandLine, edits: Sequence[Edit]) -> bool:
    """Whether a command that says the same as the one ``before`` follows it at once, and may go."""
    near = BETWEEN.fullmatch(data, before.end, command.start) is not None and before.folder == command.folder
    more = beyond(before.argv) or beyond(command.argv)
    return near and not more and dropped(data, command.start, command.end, edits) is not None


def is_needed(data: bytes, above: int, lead: bytes, below: int) -> bool:
    """Whether a command must stand between two places of a file; ``lead`` is what the one there is indented by."""
    before = data[:above].rstrip().rpartition(b"\n")[2]
    after = data[below:].lstrip(b"\r\n").partition(b"\n")[0]
    lines = (line for line in data[below:].splitlines() if line.strip()[:1] not in (b"", b"#"))
    command = next(lines, b"")  # a comment alone makes no block
    if GOES_ON.search(before) and not (
        BLOCK.search(before) and command.startswith(lead) and not ENDS.match(command.strip())
    ):
        return True
    ends = CLOSED.match(after.strip()) or not after.startswith(lead) or not after.strip()
    return bool(ends and OPENED.search(before))
