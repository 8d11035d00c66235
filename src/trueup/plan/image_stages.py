"""The stages of a Dockerfile, as far as installing Python packages goes."""

from __future__ import annotations

import re
from itertools import dropwhile

from trueup.model.command_line import ASSIGNED, MANAGERS, WRAPPERS, by_name, named_at, pip_arguments
from trueup.model.noun import NamedTuple
from trueup.model.span import Edit
from trueup.plan.uv_commands import PIP_OPTIONS, WITH_MANAGERS, Target, in_uv
from trueup.text.docker import instructions, shell_commands
from trueup.text.docker_image import expand, given, reached
from trueup.text.shell import unredirected

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from trueup.plan.image_files import ImageFiles
    from trueup.text.docker import Instruction
    from trueup.text.shell import Command


HIDING = frozenset({"/usr/local/bin", "/usr/bin", "/bin"})
SYSTEM = re.compile(
    r"(/usr/(?:local/)?bin/)(?:python[\d.]*|uvicorn|gunicorn|hypercorn|celery|fastapi|flask|alembic|arq)"
)
# What `virtualenv` and `venv` both take, before the folder.
VIRTUALENV = re.compile(
    r"(?:(?P<python>\S*python[\d.]*) -m )?(?:\S*/)?virtualenv(?: (?:--(?:clear|copies|symlinks|system-site-packages)))*"
    r" (?!-)\S+"
)
MAKES = re.compile(r"(?:\S*python[\d.]* -m )?(?:\S*/)?virtualenv .+")
BROUGHT = re.compile(r"(?m)^(?![ \t]*#).*\b(?:install|add)\b.*[\s\"'-]virtualenv\b")
INHERITED = re.compile(r"\$\{?PATH\b")
# What joins a command to the next one, and to the one before it.
AHEAD = re.compile(r"[ \t]*(?:\\\r?\n[ \t]*)?&&[ \t]*(?:\\\r?\n[ \t]*)?")
BEHIND = re.compile(r"(?:[ \t]*\\\r?\n)?[ \t]*&&[ \t]*(?:\\\r?\n[ \t]*)?$")
# Where Poetry and Pipenv keep the environments that they make, and where pip installs without one.
KEPT = re.compile(r"(?:.*/)?(?:\.cache/pypoetry|pypoetry|\.local/share/virtualenvs|\.virtualenvs)(?:/virtualenvs)?")
KEEPS = re.compile(r"POETRY_(?:CACHE_DIR|VIRTUALENVS_PATH)|WORKON_HOME")
OF_SYSTEM = re.compile(r".*(?:site-packages|\.venv|__pypackages__).*|/(?:usr(?:/local)?(?:/(?:lib|bin)\S*)?)?/?")
# Images of a user that is not root, and where they work: https://circleci.com/developer/images/image/cimg/base,
# https://github.com/sclorg/s2i-python-container
OF_USERS = (
    (re.compile(r"(?:^|/)(?:cimg|circleci)/"), "/home/circleci/project"),
    (re.compile(r"(?:^|/)(?:ubi|rhel)\d+/python-"), "/opt/app-root/src"),
)
# A version of dev containers may stand before that of Python: https://mcr.microsoft.com/en-us/artifact/mar/devcontainers/python
OF_PYTHON = re.compile(r"\A[^$]*\bpython:?(?:(?:\d[\d.]*|dev)-)?(3\.\d+)(?:\D[^$]*)?\Z")


class Stage(NamedTuple):
    """One stage: its name and number, its FROM, the instructions behind it with their working directories, what it is
    built from (with the values of variables, in lower case), and whether it begins as another user than root."""

    names: tuple[str, ...]
    origin: Instruction
    inside: tuple[tuple[Instruction, str], ...]
    base: str
    of_user: bool = False

    def is_of_user(self, place: int) -> bool:
        """Whether what stands at a place of it is run as another user than root."""
        named = [item for item, _ in self.inside if item.keyword == "USER" and item.begin < place]
        return not is_root(named[-1]) if named else self.of_user


def without_assignments(command: Command) -> Command:
    """A command without the variables that are set for it alone, and without the redirections at its end."""
    words = unredirected(command)
    return tuple(dropwhile(lambda word: ASSIGNED.match(word.text), words)) or words


def unwrapped(words: Command) -> Command:
    """A command without the ``sudo`` before it: who makes the environment has it."""
    return tuple(dropwhile(lambda word: word.text in WRAPPERS or ASSIGNED.match(word.text), words)) or words


def installs(words: Command, target: Target) -> bool:
    """Whether a command is one that uv says otherwise."""
    return bool(in_uv(by_name([word.text for word in without_assignments(words)]), target))


def filling(text: str, stage: Stage, target: Target) -> list[int]:
    """Where the commands of a stage stand that make, or export, the environment."""
    runs = (item for item, _ in stage.inside if item.keyword == "RUN")
    found = (without_assignments(words) for item in runs for words in shell_commands(text, item))
    said = ((words[0].start, in_uv([word.text for word in words], target) or "") for words in found)
    return [at for at, each in said if each.startswith(("uv sync", "uv export"))]


def beside_manager(text: str, stage: Stage, words: Command, target: Target) -> list[str]:
    """What pip installs by its name in one command with a manager, where an environment is made behind that."""
    argv = tuple(word.text for word in words)
    arguments = pip_arguments(argv) or []
    given = {word.partition("=")[0] for word in arguments if word.startswith("-")}
    first = len(argv) - len(arguments)
    named = {at: re.split(r"[=<>~!\[]", arguments[at])[0] for at in named_at(arguments)}
    if not {*named.values()}.intersection(MANAGERS) or not given <= PIP_OPTIONS:
        return []
    if not any(at > words[0].start for at in filling(text, stage, target)):
        return []
    others = (words[first + at] for at, name in named.items() if name not in (*MANAGERS, *WITH_MANAGERS))
    return [text[word.start - len(word.quote) : word.end + len(word.quote)] for word in others]


def is_whole(item: Instruction) -> bool:
    """Whether a COPY brings the whole build context to the working directory."""
    words = [word.text for word in item.words]
    return words[:1] == ["."] and len(words) == 2 and not any(flag.startswith("--from=") for flag in item.flags)


def unlike_the_pin(every: Sequence[Stage], stage: Stage, pinned: str) -> str:
    """The variable that has uv take the Python of a stage's image, where ``.python-version`` names another."""
    found = OF_PYTHON.search(base_of(every, stage).words[0].text)
    return f"UV_PYTHON={found[1]} " if found and found[1] != pinned else ""


def taken(text: str, item: Instruction, place: str, newline: str) -> Iterator[Edit]:
    """The environment that another stage takes, with its programs on the PATH there."""
    yield from (Edit(word.start, word.end, place.encode()) for word in item.words)
    at = item.end - (text[item.end - 1] == "\r")
    yield Edit(at, at, f'{newline}ENV PATH="{place}/bin:$PATH"'.encode())


def handed_over(every: Iterable[Stage], stage: Stage, values: dict[str, str]) -> list[Instruction]:
    """The COPY of others that take from a stage the environment that its manager keeps in a folder of its own, where
    none takes packages of the system's Python."""
    items = (item for other in every for item, _ in other.inside if item.keyword == "COPY")
    taking = [item for item in items if {flag[7:].lower() for flag in item.flags}.intersection(stage.names)]
    sources = [expand(word.text, values) for item in taking for word in item.words[:-1]]
    if any(map(OF_SYSTEM.fullmatch, sources)):
        return []
    own = {value.rstrip("/") for name, value in values.items() if KEEPS.fullmatch(name)}
    found = ((item, expand(item.words[0].text, values).rstrip("/")) for item in taking if len(item.words) == 2)
    return [item for item, place in found if KEPT.fullmatch(place) or place.removesuffix("/virtualenvs") in own]


def stages(text: str) -> Iterator[Stage]:
    """The stages in order, each begun in the working directory of its base, and as its user; arguments before the first
    FROM belong to none."""
    left: dict[str, tuple[str, bool]] = {}
    origin: Instruction | None = None
    names: tuple[str, ...] = ()
    base = ""
    inside: list[tuple[Instruction, str]] = []
    values: dict[str, str] = {}
    folder, number = "/", -1
    begun = user = False
    for item in instructions(text):
        if item.keyword == "FROM":
            if origin is not None:
                yield Stage(names, origin, tuple(inside), base, begun)
            number += 1
            words = [word.text.lower() for word in item.words]
            names = (str(number), *(words[2:3] if words[1:2] == ["as"] else ()))
            base = expand(item.words[0].text, values).lower() if words else ""
            origin, inside = item, []
            folder, begun = left.get(base, _begins(base)) if words else ("/", False)
            user = begun
        elif origin is not None:
            inside.append((item, folder))
            if item.keyword == "WORKDIR" and item.words:
                folder = reached(folder, item.words[0].text, values)
            user = not is_root(item) if item.keyword == "USER" else user
        values.update(given(item))
        left |= dict.fromkeys(names, (folder, user))
    if origin is not None:
        yield Stage(names, origin, tuple(inside), base, begun)


def _begins(image: str) -> tuple[str, bool]:
    """Where an image works, and whether as another user than root."""
    return next(((folder, True) for known, folder in OF_USERS if known.search(image)), ("/", False))


def is_removed(text: str, stage: Stage, installing: Instruction, folder: str) -> bool:
    """Whether a later command of a stage removes the code that was installed."""
    names = (folder, folder.rpartition("/")[2], "src", ".", "./*", "*")
    later = (item for item, _ in stage.inside if item.keyword == "RUN" and item.begin >= installing.begin)
    commands = (command for item in later for command in shell_commands(text, item))
    return any(
        words[0].text == "rm" and any(word.text.rstrip("/") in names for word in words[1:]) for words in commands
    )


def comes_later(files: ImageFiles, every: Iterable[Stage], stage: Stage, installing: Instruction) -> bool:
    """Whether a stage has lists and settings alone where the project is installed: setup.py finds its code later."""
    earlier = (item for item, _ in stage.inside if item.begin < installing.begin)
    copies = [item for item in earlier if item.keyword in ("COPY", "ADD")]
    elsewhere = any(item.flags or item.heredoc for item in copies) or "--mount=type=bind" in "".join(installing.flags)
    built = any(stage.base in other.names for other in every)
    sources = (word.text for item in copies for word in item.words[:-1])
    return bool(copies) and not elsewhere and not built and not any(map(files.may_hold_code, sources))


def without(text: str, item: Instruction, start: int, end: int) -> Iterator[Edit]:
    """A command that uv does not need, with what joined it to the next; the whole instruction where it is alone."""
    following = AHEAD.match(text, end)
    before = BEHIND.search(text, item.start, start)
    if following:
        yield Edit(start, following.end(), b"")
    elif before:
        yield Edit(before.start(), end, b"")
    elif text[item.start : start].strip() or text[end : item.end].strip():
        yield Edit(start, end, b"true")  # between semicolons, or in a block
    else:
        yield Edit(item.begin, min(item.end + 1, len(text)), b"")


def is_root(item: Instruction) -> bool:
    """Whether a USER is root; of a variable nothing is known."""
    return not item.words or item.words[0].text.split(":")[0] in ("root", "0")


def first_again(text: str, stage: Stage, place: str, newline: str) -> Iterator[Edit]:
    """The environment's programs before those of the system, where an ENV puts the latter in front, or alone."""
    for item in (item for item, _ in stage.inside if item.keyword == "ENV"):
        texts = [word.text for word in item.words]
        new = [text[5:].strip("\"'") for text in texts if text.startswith("PATH=")]
        for value in new or texts[1:2] * (texts[:1] == ["PATH"]):  # the old form has a blank
            before, *rest = INHERITED.split(value, maxsplit=1)
            if rest and not HIDING.intersection(before.split(":")):
                continue
            line = f'{newline}ENV PATH="{place}/bin:$PATH"'
            end = item.end - (text[item.end - 1] == "\r")
            yield Edit(end, end, line.encode())


def launcher(word: str) -> str:
    """What starts the word behind ``run``, where it is no program: PDM has Python run a file, or ``-m`` a module."""
    return "python " if word == "-m" or word.endswith(".py") else ""


def started(text: str, item: Instruction, environment: str, scripts: Container[str] = ()) -> Iterator[Edit]:
    """``CMD ["poetry", "run", "uvicorn", ...]`` starts the program of the environment itself, and
    ``/usr/local/bin/python`` is the Python of the one that uv made; ``scripts`` only the manager can start."""
    if item.keyword not in ("CMD", "ENTRYPOINT"):
        return
    for words in shell_commands(text, item):
        for word in words if environment else ():
            if found := SYSTEM.fullmatch(word.text):
                yield Edit(word.start, word.start + found.end(1), f"{environment}/bin/".encode())
        if len(words) < 3:
            continue
        first, second, third = words[:3]
        if by_name([first.text])[0] in MANAGERS and second.text == "run" and third.text not in scripts:
            python = launcher(third.text) and ('"python", ' if item.json else "python ")
            yield Edit(first.start - len(first.quote), third.start - len(third.quote), python.encode())


def virtualenvs(text: str, stage: Stage, told: list[tuple[int, str]]) -> Iterator[Edit]:
    """``python -m venv`` for the virtualenv that came with Poetry or Pipenv, where pip installed one of these."""
    runs = [item for item, _ in stage.inside if item.keyword == "RUN" and not item.json]
    commands = [(item, without_assignments(words)) for item in runs for words in shell_commands(text, item)]
    said = (in_uv([word.text for word in words], Target()) or "" for _, words in commands)
    if BROUGHT.search(text) or not any(each.startswith("pip install uv==") for each in said):
        return
    for item, words in commands:
        argv = " ".join(word.text for word in words)
        if not MAKES.fullmatch(argv):
            continue
        found = VIRTUALENV.fullmatch(argv)
        if found and "python" in stage.origin.words[0].text:
            last = next(at for at, word in enumerate(words) if word.text.endswith("virtualenv"))
            end = words[last].end + len(words[last].quote)
            yield Edit(words[0].start - len(words[0].quote), end, f"{found['python'] or 'python'} -m venv".encode())
        else:
            told.append(
                (item.line, f"`{argv[:60]}`: virtualenv came with the old manager; `python -m venv` is the like")
            )


def beneath(every: Sequence[Stage], stage: Stage) -> list[Instruction]:
    """The instructions of a stage, behind those of the stages that it is made from."""
    lower = _below(every, stage)
    return [*(beneath(every, lower) if lower else ()), *(item for item, _ in stage.inside)]


def base_of(every: Sequence[Stage], stage: Stage) -> Instruction:
    """The FROM that names the image that a stage, or the lowest of those that it is made from, begins with."""
    lower = _below(every, stage)
    return base_of(every, lower) if lower else stage.origin


def _below(every: Sequence[Stage], stage: Stage) -> Stage | None:
    return next((each for each in every if stage.base in each.names and each.origin.begin < stage.origin.begin), None)
