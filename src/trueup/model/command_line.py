"""Shell commands as a project's files hold them."""

from __future__ import annotations

import re

from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

SENTENCE = "sentence"  # where a document names something outside of its blocks of code: no command to rewrite
WRAPPERS = ("sudo", "exec", "time", "nohup", "-E", "-H")
PYTHON = lazy(r"py(?:thon)?[\d.]*(?:\.exe)?")
# pip's lists of requirements, by their names.
REQUIREMENTS = lazy(r"(.+[-_.])?(requirements?|reqs?)\d*([-_. ].+)?\.(txt|in|pip)", re.IGNORECASE)
CONSTRAINTS = lazy(r"(.+[-_.])?constraints?\d*([-_.].+)?\.(txt|in|pip)")  # and those by which it constrains
MANAGERS = ("poetry", "pipenv", "pdm", "rye")
# ``POETRY := $(shell command -v poetry)``, ``POETRY = ~/.local/bin/poetry``
STANDS_FOR = lazy(
    r"\s*(?:export\s+)?(?P<name>\w+)\s*[:?+]{0,2}=\s*[\"']?(?:\$\((?:shell\s+)?(?:command\s+-v\s+|which\s+))?"
    r"(?P<folder>(?:[A-Za-z]:)?[^\s\"'#;:]*[\\/](?:bin|Scripts|shims)[\\/])?(?P<manager>poetry|pipenv|pdm|rye)(?![\w./-])"
)
# A manager by its path; what lies in the project itself may be a script of its own.
PATHED = lazy(
    r"(?!\.{1,2}[\\/])(?:.*[\\/](?:bin|Scripts|shims)|\$[({]?\w+[)}]?)[\\/](?P<manager>poetry|pipenv|pdm|rye)(?:\.exe)?"
)
OF_ENVIRONMENT = lazy(r"[\\/](bin|Scripts)[\\/](pip|python)[\d.]*(\.exe)?$", words=("bin", "Scripts"))
OF_SYSTEM = lazy(r"(?!/usr/src/|.*env)(?:/usr/|/bin/|/opt/(homebrew|local)/)", words=("/",))
ASSIGNED = lazy(r"[A-Za-z_]\w*=(?!=)", words=("=",))
SHORT = lazy(r"-[UqvI]*[rc]", words=("-",))
PIP = lazy(r"pip[\d.]*(?:\.exe)?")
EDITABLE = ("-e", "--editable")
# Options whose value is the next word: https://pip.pypa.io/en/stable/cli/pip_install/
VALUED = frozenset(
    (
        *("-r", "--requirement", "-c", "--constraint", "-i", "--index-url", "--extra-index-url", "-f", "--find-links"),
        *("-t", "--target", "--prefix", "--root", "--src", "--platform", "--python-version", "--implementation"),
        *("--abi", "--no-binary", "--only-binary", "--upgrade-strategy", "-C", "--config-settings", "--config-setting"),
        *("--global-option", "--build-option", "--install-option", "--progress-bar", "--root-user-action", "--report"),
        *("--group", "--trusted-host", "--timeout", "--retries", "--proxy", "--cert", "--client-cert", "--cache-dir"),
        *("--log", "--exists-action", "--keyring-provider", "--python", "--use-feature", "--use-deprecated"),
    )
)
CONTAINERS = ("docker", "docker-compose", "podman", "podman-compose", "nerdctl", "kubectl")
WITHIN = ("exec", "run")
CONTAINED = lazy(r"\$[({]?\w*(?:DOCKER|COMPOSE|PODMAN|(?<![A-Z])DC)\w*?(?P<within>EXEC|RUN)?[)}]?", re.IGNORECASE)
# What may stand before the verb of a manager: how it prints, and which groups it leaves out.
BEFORE = lazy(r"-n|-q|-v+|--no-interaction|--quiet|--verbose|--(?:no-)?ansi|--(?:with|without|only)=\S+")


class CommandLine(NamedTuple):
    """A shell command found in a file that is not Python; ``where`` is dockerfile, compose, ci, shell, make,
    procfile, readme, tox, devcontainer ...; ``argv`` its words, best effort; ``start`` and ``end`` are byte
    offsets in the file; ``folder`` is where it runs, as far as that is known, seen from the project's root (``.``),
    and ``also`` where else, in a job that is run for several folders."""

    path: str
    line: int
    text: str
    where: str
    argv: tuple[str, ...] = ()
    start: int = 0
    end: int = 0
    folder: str = "."
    also: tuple[str, ...] = ()


def by_name(argv: Sequence[str]) -> tuple[str, ...]:
    """The words of a command, in which a manager that is called by its path, or as a module, stands with its mere name,
    and its options behind what it is to do."""
    at = next((at for at, word in enumerate(argv) if word not in WRAPPERS and not ASSIGNED.match(word)), 0)
    words = list(argv[at:])
    if words[1:2] == ["-m"] and PYTHON.fullmatch(_basename(words[0])) and words[2:3] and words[2] in MANAGERS:
        words = words[2:]
    elif words and (found := PATHED.fullmatch(words[0])):
        words[0] = found["manager"]
    if words and words[0] in MANAGERS:
        verb = next((number for number, word in enumerate(words) if number and not BEFORE.fullmatch(word)), 1)
        chosen = [word for word in words[1:verb] if "=" in word]
        words = [words[0], *words[verb : verb + 1], *chosen, *words[verb + 1 :]] if verb > 1 else words
    return (*argv[:at], *words)


def pip_arguments(argv: tuple[str, ...]) -> list[str] | None:
    """What follows ``pip install``, however pip is called; ``None`` for any other command."""
    words = list(argv)
    while words and (words[0] in WRAPPERS or ASSIGNED.match(words[0])):
        words = words[1:]
    if words and PYTHON.fullmatch(_basename(words[0])) and "-m" in words[:4]:
        words = words[words.index("-m") + 1 :]
    if len(words) > 1 and PIP.fullmatch(_basename(words[0])) and "install" in words[1:4]:
        return words[words.index("install") + 1 :]
    return None


def of_setup(argv: Sequence[str]) -> list[str] | None:
    """What follows ``python setup.py``; ``None`` for any other command."""
    at = next((at for at, word in enumerate(argv) if word not in WRAPPERS and not ASSIGNED.match(word)), 0)
    called = len(argv) > at + 1 and PYTHON.fullmatch(_basename(argv[at])) and argv[at + 1] in ("setup.py", "./setup.py")
    return list(argv[at + 2 :]) if called else None


def is_within(argv: tuple[str, ...]) -> bool:
    """Whether a command runs something in a container; a variable's name may say so: ``$(DOCKER_COMPOSE) exec``."""
    first = next((word for word in argv if word not in WRAPPERS), "")
    named = CONTAINED.fullmatch(first)
    called = named is not None or any(word in CONTAINERS for word in argv[:3])
    return called and (any(word in WITHIN for word in argv) or bool(named and named["within"]))


def in_containers(commands: Sequence[CommandLine]) -> list[CommandLine]:
    """The commands that ``docker exec ... sh -c "..."`` runs; each stands behind the one around it."""
    found, around = [], CommandLine("", 0, "", "")
    for command in commands:
        if command.path == around.path and around.start < command.start and command.end <= around.end:
            found.append(command)
        elif is_within(command.argv):
            around = command
    return found


def is_of_environment(argv: tuple[str, ...]) -> bool:
    """Whether the program is named by its path, and that is no path of the system's Python."""
    program = next((word for word in argv if word not in WRAPPERS and "=" not in word), "")
    return OF_ENVIRONMENT.search(program) is not None and OF_SYSTEM.match(program) is None


def requirement_files(arguments: list[str]) -> list[str]:
    """The files that ``pip install`` reads with ``-r``, in every spelling."""
    return _given(arguments, "r", "--requirement")


def as_pip(argv: Sequence[str]) -> tuple[str, ...]:
    """``uv pip install`` or ``uv pip sync`` of lists, as pip is told it; ``()`` for any other command."""
    if tuple(argv[:3]) not in (("uv", "pip", "install"), ("uv", "pip", "sync")):
        return ()
    words = [word for word in argv[3:] if word != "--system"]
    if argv[2] == "sync":
        words = [part for word in words for part in (("-r", word) if word.endswith((".txt", ".in")) else (word,))]
    return ("pip", "install", *words) if requirement_files(words) else ()


def constraint_files(arguments: list[str]) -> list[str]:
    """The files by which ``pip install`` constrains with ``-c``, in every spelling."""
    return _given(arguments, "c", "--constraint")


def _given(arguments: list[str], short: str, long: str) -> list[str]:
    found: list[str] = []
    for before, word in zip(["", *arguments], arguments, strict=False):
        if before == long or (SHORT.fullmatch(before) and before.endswith(short)):
            found.append(word)
        elif word.startswith(f"{long}="):
            found.append(word.partition("=")[2])
        elif word.startswith(f"-{short}") and len(word) > 2:
            found.append(word[2:].removeprefix("="))
    return found


def named_at(arguments: Sequence[str]) -> list[int]:
    """The positions of what ``pip install`` is told to install by its own words: names, addresses, folders."""
    pairs = enumerate(zip(["", *arguments], arguments, strict=False))
    named = ((at, before) for at, (before, word) in pairs if not word.startswith("-"))
    return [at for at, before in named if before not in VALUED and not SHORT.fullmatch(before)]


def _basename(word: str) -> str:
    return word.replace("\\", "/").rsplit("/", 1)[-1]
