"""Shell commands in files that are not Python: Dockerfiles, compose files, workflows, Makefiles, scripts, docs ..."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import islice, pairwise
from posixpath import dirname, join, normpath, relpath

from trueup.errors import TrueupError
from trueup.model.command_line import CONTAINERS, SENTENCE, CommandLine, by_name, is_within
from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy
from trueup.read.command_calls import programs_of_pm2, runs_of_invoke, session_runs, steps_of_jenkins
from trueup.read.command_folders import (
    CHECKOUT,
    LOCAL,
    Shells,
    left_at,
    loops,
    matrices,
    places,
    read_on,
    spelled,
    working_directories,
)
from trueup.read.reference_files import copy_of
from trueup.read.reference_kinds import Row, glob_route, shells_for
from trueup.text.docker import instructions, shell_commands
from trueup.text.scalars import Scalar, scalars
from trueup.text.shell import Command, Word, commands, substituted, unredirected

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from trueup.read.command_folders import Matrix, Values

    Placed = Iterable[tuple[Command, str]]

    from trueup.model.tree import Tree

MAX_SIZE = 1_000_000
SHEBANG = lazy(r"#!.*\b(?:ba|z|da|k|a)?sh\b")
# What begins a recipe of make: a blank, or a target with what it needs; a reference may hold what ends a target.
RECIPE = lazy(r"(?:[ \t]|(?:\$\([^)\n]*\)|\$\{[^}\n]*\}|[^\n:#=$])+::?[^\n;=#]*;)[ \t]*(?:[@+-][ \t]*)*(.*)", re.DOTALL)
CALLED = lazy(r"(?P<call>\$\(shell\s[^\n]*(?:(?<=\\)\n[^\n]*)*)")
LOGICAL = lazy(r"(?m)^(?:[^\n\\]|\\\r?\n|\\.)+")  # a line, and those that it goes on in

# ``RUN = docker exec app sh -c "..."``: what is put before a command to have it in a container.
GOES_INTO = lazy(
    rf"(?m)^(?:export[ \t]+)?\w+[ \t]*[:?]{{0,3}}=[ \t]*((?:{'|'.join(CONTAINERS)})[ \t](?:[^\n\\]|\\\r?\n|\\.)*)"
)


class Script(NamedTuple):
    """Commands that one shell runs after another; ``cwd`` is the working directory as the file gives it.

    ``route`` is where they stand in a structured file; ``program`` whose arguments they are, where that stands
    elsewhere; ``prose``: the text explains rather than runs; ``before`` are the ``cd`` of the block before it,
    where it has none: who reads on is still there. ``matrix`` are the values that its job is run with, ``variables``
    those that are set.
    """

    where: str
    commands: tuple[Command, ...]
    route: tuple[str | int, ...] = ()
    cwd: str = ""
    program: str = ""
    prose: bool = False
    before: tuple[Command, ...] = ()
    matrix: Matrix = ()
    variables: Values = ()


def source_text(tree: Tree, path: str) -> str:
    """The file with one character for each byte, so that an offset in it is an offset in bytes; ``""`` on trouble."""
    entry = tree.entries.get(path)
    if entry is None or entry.kind != "file" or entry.size > MAX_SIZE:
        return ""
    try:
        return tree.read(path).decode("latin-1")
    except (TrueupError, KeyError, OSError):
        return ""


def readable(text: str) -> str:
    """A piece of ``source_text`` as the file's author reads it."""
    return text.encode("latin-1", "replace").decode("utf-8", "replace")


def read_commands(tree: Tree, below: str = "") -> tuple[CommandLine, ...]:
    """Every shell command in the project and, where it may be about it, in the repository around, with its line.

    ``below`` is the project's path in its repository.
    """
    found: list[CommandLine] = []
    ours = _nearby(tree, below) if below else None
    for path in (*tree.files(), *tree.outer()):
        rows = shells_for(path)
        if not rows:
            continue
        text = source_text(tree, path)
        there = [script for script in scripts(path, text, rows) if script.where != SENTENCE]
        starts = line_starts(text) if there else []
        for script, runs in placed(path, text, there, below):
            matrix = (*script.matrix, *loops(text, script.commands))
            kept: Placed = ((words, place) for words, folder in runs for place in places(folder, matrix))
            if ours and path.startswith("../"):
                kept = ours(path, script, kept)
            mine = dict(reversed(list(kept)))  # the first of the folders that it is run for
            for words, folder in runs:
                if words in mine:
                    also = [_seen(place, below) for place in places(folder, matrix) if place != mine[words]]
                    found.append(_line(path, text, starts, script, words, (_seen(mine[words], below), *also)))
    return tuple(found)


def placed(
    path: str, text: str, found: Iterable[Script], below: str = ""
) -> Iterator[tuple[Script, list[tuple[Command, str]]]]:
    """Each script of a file with its commands, and the directory in the repository that each runs in."""
    shells = Shells(_begins(path, below, Script("make", ())))
    for script in found:
        begins = left_at(_begins(path, below, script), script.before)
        followed = shells.follow(text, script.commands, script.route, begins)
        runs = [(words, spelled(folder, script.variables)) for words, folder in followed]
        if ".circleci/" in path:
            runs = [(words, CHECKOUT.sub("", folder) or ".") for words, folder in runs]
        yield script, runs


def _begins(path: str, below: str, script: Script) -> str:
    """Where in the repository a script begins: in the folder of some files, else at the top, or of the project.

    A container's command runs in no folder here, an editor's at the top.
    """
    top = below
    if path.startswith("../"):
        from trueup.read.neighbours import place

        path, top = place(path, below), ""
    included = path.endswith(".mk")  # by a Makefile, mostly that at the top
    local = script.where in LOCAL and script.where != "compose" and not path.startswith(".") and not included
    return normpath(join(top, dirname(path) if local else "", script.cwd))


def _seen(folder: str, below: str) -> str:
    """A directory of the repository, or an absolute one, as it is seen from the project."""
    return folder if folder.startswith("/") or not below else relpath("/" + folder, "/" + below)


def _nearby(tree: Tree, below: str) -> Callable[[str, Script, Placed], Placed]:
    """What tells the commands for a project that lies ``below`` its repository's top from those of its neighbours."""
    from trueup.read.neighbours import concerning, projects

    others = projects(tree.outer(), below)

    def ours(path: str, script: Script, found: Placed) -> Placed:
        if is_of_another(tree, path, below, script.where, script.route):
            return ()
        return concerning(found, path, below, others, script, tree)

    return ours


def is_of_another(tree: Tree, path: str, below: str, where: str, route: tuple[str | int, ...]) -> bool:
    """Whether what stands at ``route`` is about a service that is built from another folder than the project."""
    if where != "compose" or not below or not path.startswith("../") or len(route) < 2:
        return False
    from trueup.read.neighbours import services_of_others

    return str(route[1]) in services_of_others(tree, path, below)


def _line(
    path: str, text: str, starts: list[int], script: Script, words: Command, folders: Sequence[str]
) -> CommandLine:
    words = unredirected(words)
    first, last = words[0], words[-1]
    start, end = first.start - len(first.quote), last.end + len(last.quote)
    slice_ = " ".join(readable(text[start:end]).split())  # whose bytes are blanks to Latin-1 at times
    return CommandLine(
        path,
        bisect_right(starts, first.start),
        slice_,
        script.where,
        by_name([readable(word.text) for word in words]),
        start,
        end,
        folders[0],
        tuple(folders[1:]),
    )


def line_starts(text: str) -> list[int]:
    """The offset at which each line begins."""
    return [0, *(match.end() for match in re.finditer("\n", text))]


def scripts(path: str, text: str, rows: Iterable[Row]) -> tuple[Script, ...]:
    """The scripts that a file holds; commands and references ask for those of the same files."""
    key = path, len(text), hash(text)
    if key not in KNOWN:
        if len(KNOWN) > MANY:
            KNOWN.clear()
        KNOWN[key] = tuple(read_on(scripts_in(path, text, rows)))
    return KNOWN[key]


KNOWN: dict[tuple[str, int, int], tuple[Script, ...]] = {}
MANY = 10_000


def scripts_in(path: str, text: str, rows: Iterable[Row]) -> Iterator[Script]:
    """The same, read."""
    if not text:
        return
    structured: list[Row] = []
    for row in rows:
        reader = READERS.get(row.where[0])
        if reader:
            yield from (script for script in reader(row.kind, text) if script.commands)
        else:
            structured.append(row)
    if structured:
        yield from _structured(path, text, structured)


def _docker(where: str, text: str) -> Iterator[Script]:
    for instruction in instructions(text):
        if instruction.keyword in ("RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"):
            yield Script(where, tuple(shell_commands(text, instruction)), (instruction.keyword, instruction.begin))


def _procfile(where: str, text: str) -> Iterator[Script]:
    for match in re.finditer(r"(?m)^[\w-]+:[ \t]*(.*)", text):
        yield Script(where, tuple(commands(text, match.start(1), match.end(1))))


def _recipes(where: str, text: str) -> Iterator[Script]:
    """Indented lines below a target, and what follows ``target: ;``; ``@``, ``-`` and ``+`` are make's. Elsewhere it is
    ``$(shell ...)`` that runs a command."""
    for line in LOGICAL.finditer(text):
        if match := RECIPE.match(text, line.start(), line.end()):
            yield Script(where, tuple(commands(text, match.start(1), match.end(1))))
            continue
        for match in CALLED.finditer(text, line.start(), line.end()):
            for begin, end in islice(substituted(Word(*match.span("call"), match["call"])), 1):
                yield Script(where, tuple(commands(text, begin, end)))
    for match in GOES_INTO.finditer(text):
        if found := tuple(commands(text, match.start(1), match.end(1))):
            yield Script(where, found if is_within(tuple(word.text for word in found[0])) else ())


def _shell(where: str, text: str) -> Iterator[Script]:
    yield Script(where, tuple(commands(text)))


def _powershell(where: str, text: str) -> Iterator[Script]:
    yield Script(where, tuple(commands(text, flavour="powershell")))


def _batch(where: str, text: str) -> Iterator[Script]:
    yield Script(where, tuple(commands(text, flavour="cmd")))


def _shebang(where: str, text: str) -> Iterator[Script]:
    if SHEBANG.match(text):
        yield Script(where, tuple(commands(text)))


def _fences(where: str, text: str) -> Iterator[Script]:
    from trueup.read.command_documents import markdown

    yield from (Script(SENTENCE if inline else where, found, prose=True) for found, inline in markdown(text))


def _literals(where: str, text: str) -> Iterator[Script]:
    from trueup.read.command_documents import restructured

    yield from (Script(SENTENCE if inline else where, found, prose=True) for found, inline in restructured(text))


def _calls(read: Callable[[str], Iterator[Command]]) -> Callable[[str, str], Iterator[Script]]:
    return lambda where, text: (Script(where, (words,)) for words in read(text) if words)


def _groovy(where: str, text: str) -> Iterator[Script]:
    yield from (Script(where, found, ("sh", at), folder) for at, folder, found in steps_of_jenkins(text))


READERS = {
    "groovy": _groovy,
    "docker": _docker,
    "procfile": _procfile,
    "recipes": _recipes,
    "sh": _shell,
    "powershell": _powershell,
    "cmd": _batch,
    "shebang": _shebang,
    "fences": _fences,
    "literals": _literals,
    "javascript": _calls(programs_of_pm2),
    "session.run": _calls(session_runs),
    "ctx.run": _calls(runs_of_invoke),
}


def syntax_of(path: str) -> str:
    """Which of the four structured syntaxes a file has, told by its name."""
    name = copy_of(path.rsplit("/", 1)[-1])
    if name.endswith((".toml", "Pipfile")):
        return "toml"
    if name.endswith((".json", ".jsonc", ".code-workspace")):
        return "json"
    is_yaml = name.endswith((".yml", ".yaml")) or "/.ebextensions/" in f"/{path}"
    return "yaml" if is_yaml else "ini"


def _structured(path: str, text: str, rows: list[Row]) -> Iterator[Script]:
    everything = [scalar for scalar in scalars(syntax_of(path), text) if not scalar.is_key]
    folders = working_directories(everything)
    jobs = matrices(everything) if any(row.kind == "ci" for row in rows) else {}
    programs = {item.route[:-1]: item.text for item in everything if item.route[-1:] in PROGRAM_KEYS}
    programs |= dict(_started(everything)) if any(row.kind == "compose" for row in rows) else {}
    for row in rows:
        routes = [glob_route(where) for where in row.where]
        chosen = [scalar for scalar in everything if any(route.fullmatch(".".join(scalar.names)) for route in routes)]
        for group in _lists(chosen):
            route = group[0].route
            found = _words_of(text, group, row.kind)
            if found:
                program = programs.get(route[:-2] if isinstance(route[-1], int) else route[:-1], "")
                matrix = next((jobs[route[:depth]] for depth in (1, 2) if route[:depth] in jobs), ())
                values = folders.values(route)
                yield Script(row.kind, found, route, folders.of(route), program, matrix=matrix, variables=values)


def _started(everything: list[Scalar]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The services whose ``entrypoint`` is a program alone, whose arguments are what ``command`` says."""
    found = [item for item in everything if "entrypoint" in item.route[-2:]]
    for item in found:
        route = item.route[: item.route.index("entrypoint")]
        if len([other for other in found if other.route[: len(route)] == route]) == 1 and BARE.fullmatch(item.text):
            yield route, item.text


def _lists(chosen: list[Scalar]) -> Iterator[list[Scalar]]:
    """Strings one by one, and the words of ``["uvicorn", "main:app"]`` together."""
    group: list[Scalar] = []
    for scalar in chosen:
        alone = not isinstance(scalar.route[-1], int)
        if group and (alone or scalar.route[:-1] != group[0].route[:-1]):
            yield group
            group = []
        group.append(scalar)
        if alone:
            yield group
            group = []
    if group:
        yield group


BARE = lazy(r"[\w-]+")
PROGRAM_KEYS = (("module",), ("id",))  # of a launch configuration, of a pre-commit hook
WORD_LISTS = lazy(
    r"(?:^|\.)(?:command|entrypoint|test|args|cmd|entry)(?:\.\d+)?$"
    r"|^(?:onCreate|updateContent|postCreate|postStart|postAttach|initialize)Command(?:\.[^.]+){1,2}$"
)


def _words_of(text: str, group: list[Scalar], where: str) -> tuple[Command, ...]:
    """The commands in a string, in a list of words, or in a list of strings that are commands each."""
    route = ".".join(str(step) for step in group[0].route)
    if isinstance(group[0].route[-1], int) and WORD_LISTS.search(route) and where != "ci":
        words = tuple(Word(item.start, item.end, item.text, item.style) for item in group)
        if words[0].text in ("CMD", "CMD-SHELL", "NONE"):
            words = words[1:]
        inner = [word for before, word in pairwise(words) if before.text in ("-c", "-lc", "-ec")]
        inner += [word for word in words if len(words) == 1 and " " in word.text]
        whole = (words,) if words and not (len(words) == 1 and inner) else ()
        return (*whole, *(found for word in inner for found in commands(text, word.start, word.end)))
    return tuple(found for scalar in group for found in _one(text, scalar, where))


def _one(text: str, scalar: Scalar, where: str) -> Iterator[Command]:
    folded = scalar.style != "|" and "\n" in scalar.text and where not in ("tox",) and scalar.text[:1] != "\n"
    if folded:
        text = text[: scalar.start] + scalar.text.replace("\n", " ")
    start = (
        scalar.start + (len(scalar.text) - len(scalar.text.lstrip("-@+!:")))
        if where in ("systemd", "tox")
        else scalar.start
    )
    yield from commands(text, start, scalar.end)
