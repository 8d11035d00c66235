"""Where a file that is no TOML, JSON, YAML or INI, or a part of one, names code: the words of ``reference_kinds``."""

from __future__ import annotations

import re
from posixpath import normpath

from trueup.model.pattern import lazy
from trueup.read.command_folders import BESIDE
from trueup.read.command_words import arguments, environment_style, program_of
from trueup.read.meanings import LIST, QUOTED, Candidate
from trueup.text.docker import instructions
from trueup.text.reports import is_report
from trueup.text.shell import Word, commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from trueup.read.reference_kinds import Row
    from trueup.read.referring import File

MAX_MENTIONS = 100_000


def _lines(file: File, row: Row) -> Iterator[Candidate]:
    """Every line is one value."""
    for match in re.finditer(r"(?m)^[ \t]*([^#\s][^\r\n]*?)[ \t]*\r?$", file.text):
        yield Candidate(match.start(1), match.end(1), row.style, row.kind, file.base_of(row))


def _words(file: File, row: Row) -> Iterator[Candidate]:
    """The first word of every line is the value."""
    for match in re.finditer(r"(?m)^[ \t]*([^#\s]\S*)", file.text):
        yield Candidate(match.start(1), match.end(1), row.style, row.kind, file.base_of(row))


ENV_LINE = lazy(r"(?m)^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*[\"']?([^\s\"'#][^\r\n\"']*)")


def _env(file: File, row: Row) -> Iterator[Candidate]:
    """``NAME=value`` on every line."""
    for match in ENV_LINE.finditer(file.text):
        style = environment_style(match[1], match[2])
        doubt = "" if style else "a value of the environment, which may be set elsewhere too"
        yield Candidate(match.start(2), match.end(2), style, row.kind, file.folder, "=", doubt)


def _assignments(file: File, row: Row) -> Iterator[Candidate]:
    """Variables of a Makefile; what a plain word in one is used for is not known."""
    for match in re.finditer(r"(?m)^(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*[:?+]?:?=[ \t]*([^\r\n#]+)", file.text):
        for word in LIST.finditer(file.text, match.start(2), match.end(2)):
            style = environment_style(match[1], word[0])
            yield Candidate(word.start(), word.end(), style, row.kind, file.folder, "=" if style else "?")


def _layers(file: File, row: Row) -> Iterator[Candidate]:
    """What COPY, ADD, WORKDIR and ENV name; ``:layer`` in the kind says that they hang together."""
    context = file.context.folder
    for instruction in instructions(file.text):
        words = instruction.words
        local = not any(flag.startswith("--from=") for flag in instruction.flags)
        if instruction.keyword in ("COPY", "ADD") and local:
            for word in words[:-1]:
                start = word.start + len(word.text) - len(word.text.lstrip("/"))
                yield Candidate(start, word.end, "path", f"{row.kind}:layer", context)
        elif instruction.keyword == "WORKDIR":
            yield from (Candidate(word.start, word.end, "path", f"{row.kind}:layer") for word in words)
        elif instruction.keyword == "VOLUME":
            yield from (Candidate(word.start, word.end, "image", f"{row.kind}:image") for word in words)
        elif instruction.keyword in ("ENV", "ARG"):
            workdir = file.image.of(file.image.workdirs[instruction.begin])
            for item in arguments(words if any("=" in word.text for word in words) else ()):
                kind = f"{row.kind}:layer" if item.style == "root" else row.kind
                yield Candidate(item.start, item.end, item.style, kind, workdir or "", "=")
            if len(words) == 2 and instruction.keyword == "ENV" and "=" not in words[0].text:  # the old form
                style = environment_style(words[0].text, words[1].text)
                kind = f"{row.kind}:layer" if style == "root" else row.kind
                yield Candidate(words[1].start, words[1].end, style, kind, workdir or "", "=")


DIRECTIVES = lazy(
    r"(?m)(?:^[ \t]*(?:\.\.[ \t]+(?:(?:py:)?(?:auto)?(?:module|class|function|data|exception|currentmodule|method)"
    r"|click|typer|autosummary|autopydantic_\w+)::|:::)[ \t]+"
    r"|:(?:py:)?(?:mod|class|func|meth|attr|data|exc|obj):`(?:[^`<\n]*<)?[!~]?)([\w.]+(?::[A-Za-z_]\w*)?)"
)
INCLUDES = lazy(
    r"(?m)^[ \t]*(?:\.\.[ \t]+(?:literalinclude|include|program-output)::[ \t]+|--8<--[ \t]+[\"'])([^\s\"':]+)"
)
HASHED = lazy(r"hashFiles\(([^)]*)\)")
MAKO = lazy(r"(?m)^[ \t]*(from|import)[ \t]+([\w.]+)")
JAVASCRIPT = lazy(r"""[\"']?(?<!\w)(?P<key>\w+)[\"']?\s*:\s*(?P<list>\[\s*)?[\"'](?P<text>[^\"'\n]*)[\"']""")


def _directives(file: File, row: Row) -> Iterator[Candidate]:
    """``.. automodule:: app.main`` of Sphinx and ``::: app.main`` of mkdocstrings."""
    for match in DIRECTIVES.finditer(file.text):
        yield Candidate(match.start(1), match.end(1), row.style, row.kind)


def _includes(file: File, row: Row) -> Iterator[Candidate]:
    """``.. literalinclude:: ../app/main.py``, relative to the file, and ``--8<-- "app/main.py"``, to the root."""
    for match in INCLUDES.finditer(file.text):
        yield Candidate(match.start(1), match.end(1), row.style, row.kind, "" if "--8<--" in match[0] else file.folder)


LISTED = lazy(r"(?m)^[ \t]*(?:-[rc]|--requirement|--constraint)[ \t=]*((?:(\.\.(?:/\.\.)*)/)?[^\s#]+)")


def _listed(file: File, row: Row) -> Iterator[Candidate]:
    """``-r base.txt`` and ``-c ../pins.txt`` in a list of requirements, relative to the file, which may move itself."""
    for match in LISTED.finditer(file.text):
        up = match[2] and file.own.is_member(file.folder)
        yield Candidate(*match.span(2 if up else 1), "up" if up else row.style, row.kind, file.folder)


UP = r"(?:\"?[/\\]*|[ \t]+[\"'])(\.\.(?:[/\\]\.\.)*)(?![\w.])"
ABOVE = lazy(rf"(?i){BESIDE}{UP}")
HELD = lazy(
    r"(?im)^[ \t]*(?:(?:export|readonly|local|declare[ \t]+-\w+)[ \t]+|set[ \t]+\"?|\$)?(\w+)[ \t]*=[ \t]*\"?"
    rf"(?:\$\([ \t]*cd[ \t]+(?:-P[ \t]+)?(?:--[ \t]+)?\"?)?{BESIDE}\"?"
    r"(?:[^\n&;|]*(?:&&|;)[ \t]*pwd\b[^\n)]*\))?\"?[ \t]*\r?$"
)


def _above(file: File, row: Row) -> Iterator[Candidate]:
    """``$(dirname "$0")/..``: what a script reckons from its own folder, by itself or by a variable that holds it."""
    if not file.own.is_member(file.folder):
        return
    for match in ABOVE.finditer(file.text):
        yield Candidate(*match.span(1), row.style, row.kind, file.folder)
    for name in {held[1] for held in HELD.finditer(file.text)}:
        for match in re.finditer(rf"(?:\$\{{?{name}\}}?(?!\w)|%{name}%){UP}", file.text):
            yield Candidate(*match.span(1), row.style, row.kind, file.folder)


def _hashed(file: File, row: Row) -> Iterator[Candidate]:
    """``hashFiles('app/**')`` in an expression of GitHub's, from the top of the repository."""
    for call in HASHED.finditer(file.text):
        for match in QUOTED.finditer(file.text, call.start(1), call.end(1)):
            yield Candidate(match.start(1), match.end(1), row.style, row.kind, file.top)


def _mako(file: File, row: Row) -> Iterator[Candidate]:
    """Imports in a template of Python source."""
    for match in MAKO.finditer(file.text):
        doubt = "" if match[1] == "from" else "an import in a template: what it binds may be used below"
        yield Candidate(match.start(2), match.end(2), row.style, row.kind, doubt=doubt)


def _javascript(file: File, row: Row) -> Iterator[Candidate]:
    """``script``, ``args``, ``cwd`` and what is watched of a PM2 ecosystem file; lists are in brackets."""
    program = None
    for match in JAVASCRIPT.finditer(file.text):
        key, start, end = match["key"], *match.span("text")
        listed = QUOTED.finditer(file.text, start - 1, file.text.find("]", end)) if match["list"] else ()
        words = tuple(Word(each.start(1), each.end(1), each[1]) for each in listed) or (
            Word(start, end, match["text"]),
        )
        if key == "script" and " " not in match["text"]:
            program = program_of(match["text"])
            yield Candidate(start, end, "path", row.kind, file.folder)
        elif key in ("script", "args"):
            program = program if key == "args" else None
            for command in (words,) if match["list"] else commands(file.text, start, end):
                yield from file.from_arguments(arguments(command, program), row.kind, file.folder)
        elif key in ("cwd", "watch", "ignore_watch"):
            yield from (Candidate(word.start, word.end, "path", row.kind, file.folder) for word in words)
        elif style := environment_style(key, match["text"]):
            yield Candidate(start, end, style, row.kind, file.folder)


def _sonar(file: File, row: Row) -> Iterator[Candidate]:
    """Lists of paths in ``sonar-project.properties``."""
    for match in re.finditer(
        r"(?m)^sonar\.(?:sources|tests|exclusions|inclusions|coverage\.exclusions)\s*=\s*(\S+)", file.text
    ):
        yield Candidate(match.start(1), match.end(1), row.style, row.kind, file.folder)


IDEA = lazy(r"\bvalue=\"\$(?:PROJECT|MODULE)_DIR\$/([^\"]+)\"|url=\"file://\$MODULE_DIR\$/([^\"]+)\"")
MODULE = lazy(r"\$\{path\.(module|root)\}/([\w./-]+)")
ABSOLUTE = lazy(r"(?m)(?:^|[\s;{])(?:alias|root)[ \t]+[\"']?/([\w./-]+)")


def _idea(file: File, row: Row) -> Iterator[Candidate]:
    """Paths of a run configuration of PyCharm, from the folder that it opened: that above ``.idea``."""
    for match in IDEA.finditer(file.text):
        group = 1 if match[1] else 2
        yield Candidate(match.start(group), match.end(group), row.style, row.kind, file.top)


def _terraform(file: File, row: Row) -> Iterator[Candidate]:
    """``"${path.module}/../app"``: from the folder of the file; where the root is, is not known."""
    for match in MODULE.finditer(file.text):
        doubt = "" if match[1] == "module" else "a path from where Terraform is started"
        for base in dict.fromkeys((file.folder, *([file.top] if doubt else []))):
            yield Candidate(match.start(2), match.end(2), row.style, row.kind, base, doubt=doubt)


def _absolute(file: File, row: Row) -> Iterator[Candidate]:
    """The end of an absolute path of a server: the project lies somewhere in that machine."""
    doubt = "a folder of the machine that serves it, where the project seems to lie"
    for match in ABSOLUTE.finditer(file.text):
        parts = match[1].rstrip("/").split("/")
        tails = ("/".join(parts[at:]) for at in range(1, len(parts) - 1))
        tail = next((tail for tail in tails if file.own.tree.has(tail) or file.own.tree.has_dir(tail)), "")
        if tail:
            end = match.start(1) + len(match[1].rstrip("/"))
            yield Candidate(end - len(tail), end, row.style, row.kind, file.top, doubt=doubt)


SYNCED = lazy(
    r"\bsync\(\s*[\"']([^\"'\n]+)[\"']\s*,\s*[\"']/"
    r"|\bsource=\$\{localWorkspaceFolder\}/([\w./-]+),\s*(?:target|dst|destination)=/"
)
WATCHED = lazy(
    r"\b(?:deps|only|ignore|trigger)\s*=\s*(?:(?P<list>\[)|[\"'](?P<one>[^\"'\n]+))"
    r"|\b(?:fall_back_on|watch_file)\(\s*(?:(?P<listed>\[)|[\"'](?P<file>[^\"'\n]+))"
)


def _synced(file: File, row: Row) -> Iterator[Candidate]:
    """What Tilt copies into a container, or a development container mounts, before the place where it lies there."""
    for match in SYNCED.finditer(file.text):
        yield Candidate(*match.span(match.lastindex or 0), row.style, f"{row.kind}:volume", file.base_of(row))


def _watched(file: File, row: Row) -> Iterator[Candidate]:
    """What a Tiltfile watches, or lets into an image."""
    for match in WATCHED.finditer(file.text):
        listed = match["list"] or match["listed"]
        found = QUOTED.finditer(file.text, match.end(), file.text.find("]", match.end())) if listed else ()
        spans = [each.span(1) for each in found] if listed else [match.span("one" if match["one"] else "file")]
        yield from (Candidate(*span, row.style, row.kind, file.folder) for span in spans)


LINK = lazy(r"\]\(<?(?![a-z]+:|/)([^)\s#<>?]+)")


def _links(file: File, row: Row) -> Iterator[Candidate]:
    """``[the settings](src/settings.py#L3)`` in Markdown, from the folder of the file."""
    for match in LINK.finditer(file.text):
        yield Candidate(match.start(1), match.end(1), row.style, row.kind, file.folder)


COMMENT = lazy(r"(?:^|\s)(?:#|//|\*|<!--)")
# ``image: shop/app`` of a registry, which has no suffix
IMAGE = lazy(r"(?i)(?:^|[\s\"',{])(?:[\w-]*images?|image[_-]names?|repository)[\"']?[ \t]*[:=][ \t]*[\"']?$")
MENTION = lazy(r"(?<![\w./@:-])(?:\.{1,2}/)*[\w-]+(?:/[\w.-]+)+")
# ``path.resolve(__dirname, "app", "static")`` of Node
JOINED = lazy(
    r"\b(?:resolve|join)\(\s*(?:(?P<here>__dirname|import\.meta\.dirname)\s*,|[\w.$]+(?:\(\))?\s*,)?\s*"
    r"(?P<words>[\"'][^\"'\n]+[\"'](?:\s*,\s*[\"'][^\"'\n]+[\"'])*)"
)


def _mentions(file: File, row: Row) -> Iterator[Candidate]:
    """Anything that reads as a path, in a file that trueup knows nothing of; it is told and never edited."""
    doubt = "a path to moved code in a file whose meaning is not known"
    if len(file.text) > MAX_MENTIONS or file.path.endswith(("lock.json", "-lock.yaml", ".min.js")):
        return
    if is_report(file.path, file.text):
        return
    bases = (file.top, "") if file.own.is_member(file.path) else (file.folder, file.top, "")
    for match in MENTION.finditer(file.text):
        line = file.text[file.text.rfind("\n", 0, match.start()) + 1 : match.start()]
        image = IMAGE.search(line) and "." not in match[0]
        if not COMMENT.search(line) and not image:
            elsewhere = file.top and "." in match[0].rpartition("/")[2] and not file.own.exists(normpath(match[0]))
            near = (file.folder,) if match[0].startswith("..") else bases[:-1] if elsewhere else bases
            for base in dict.fromkeys(near):  # a file beside the project is no part of it
                yield Candidate(match.start(), match.end(), row.style, row.kind, base, doubt=doubt)
    for match in JOINED.finditer(file.text) if file.path.endswith(("js", "ts")) else ():
        if match["here"] or "," in match["words"]:
            for base in (file.folder,) if match["here"] else dict.fromkeys(bases):
                yield Candidate(*match.span("words"), "joined", row.kind, base, doubt=doubt)


WHERE: dict[str, Callable[[File, Row], Iterator[Candidate]]] = {
    "lines": _lines,
    "words": _words,
    "env": _env,
    "assignments": _assignments,
    "docker": _layers,
    "directives": _directives,
    "includes": _includes,
    "listed": _listed,
    "above": _above,
    "hashed": _hashed,
    "mako": _mako,
    "javascript": _javascript,
    "sonar": _sonar,
    "mentions": _mentions,
    "links": _links,
    "synced": _synced,
    "watched": _watched,
    "idea": _idea,
    "terraform": _terraform,
    "absolute": _absolute,
}
