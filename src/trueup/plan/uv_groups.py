"""Which groups of requirements a command of another manager installs, as options of ``uv sync`` and ``uv export``.

Source: ``--help`` of ``poetry install``, ``pdm install`` and ``uv sync``.
"""

from __future__ import annotations

import re
from contextlib import suppress
from posixpath import dirname

from trueup.errors import TrueupError
from trueup.model.command_line import REQUIREMENTS
from trueup.model.groups import default_groups, with_included
from trueup.model.lists import group_of
from trueup.model.names import normal
from trueup.model.noun import NamedTuple
from trueup.model.packages import facts
from trueup.text.toml_read import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from trueup.model.project import Project

RUNTIME = "--no-default-groups"
LISTS = (".txt", ".in", ".pip")  # what pip installs from is a list of requirements, whatever it is called
# Options of the commands that change requirements; PDM's -G is an extra, and a group beside -d.
DEV = ("-D", "-d", "--dev", "-dev")
INTO = {"-G": "--group", "--group": "--group", "-E": "--extra", "--extras": "--extra"}
REQUIREMENT = re.compile(r"[A-Za-z0-9][\w.-]*(?:\[[\w,.-]+\])?(?:==[\w.]+)?")
# What a shell takes for its own, whatever lies in an environment (POSIX 2.14; cmd's start).
BUILTIN = frozenset(
    (
        *("test", "echo", "start", "time", "kill", "true", "false", "read", "set", "type", "exec", "eval", "export"),
        *("cd", "printf", "pwd", "wait", "source", "alias", "command", "exit", "return", "shift", "trap", "unset"),
    )
)
WRITTEN = re.compile(rb"[ \t]*>+[ \t]*[\"']?([\w./-]+)")
ONLY_RUNTIME = ("--no-dev", "--prod", "--production")


# The head of a list that was made of pyproject.toml: https://pip-tools.readthedocs.io/en/stable/cli/pip-compile/
COMPILED = re.compile(
    r"(?m)^#\s+(?:uv pip compile|pip-compile)\b(?=.*\s(?:pyproject\.toml|setup\.(?:py|cfg))(?!\S))(?P<said>.*)"
)
LIST = re.compile(r".+\.txt")
HEAD = 2000


class Groups(NamedTuple):
    """The dependency groups of a project: ``default`` are installed unasked with what they include, ``others`` not.
    ``made`` are lists that commands export, ``compiled`` those that were made of extras and groups, each with what has
    uv bring the same; ``lists`` are the names of those that went into the groups."""

    default: frozenset[str] = frozenset({"dev"})
    others: frozenset[str] = frozenset()
    made: tuple[tuple[str, tuple[str, ...]], ...] = ()
    compiled: tuple[tuple[str, str], ...] = ()
    lists: frozenset[str] = frozenset()


def groups_of(project: Project) -> Groups:
    """The groups that ``pyproject.toml`` has; what a default group includes is installed with it."""
    document = project.pyproject
    tables = document.get("dependency-groups", default={}) if document else {}
    default = document.get("tool", "uv", "default-groups", default=["dev"]) if document else ["dev"]
    named = (path for path in project.tree.real.files() if path.endswith(LISTS) and "/" not in path)
    lists = frozenset(path for path in named if not project.tree.has(path))
    if not isinstance(tables, dict):
        return Groups(lists=lists)
    declared = default_groups(tables, default)
    groups = Groups(frozenset(declared), frozenset(tables).difference(with_included(tables, declared)))
    compiled = tuple(_compiled(project, groups.others))
    return groups._replace(made=tuple(_exported(project, groups)), compiled=compiled, lists=lists)


def _exported(project: Project, groups: Groups) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The lists that commands export of the lock, and that do not lie in the project."""
    for command in project.commands:
        manager, verb, *words = (*command.argv, "", "")
        if (manager, verb) not in (("poetry", "export"), ("uv", "export")):
            continue
        written = WRITTEN.match(project.tree.read(command.path), command.end)
        parts = [f"--extra {name}" for name in values(words, ("-E", "--extras", "--extra"))]
        parts += ["--all-extras"] if "--all-extras" in words else []
        parts += [each for each in of_manager(manager, words, groups) if each not in parts]
        bare = manager == "poetry" and "--dev" not in words and not any("only-group" in part for part in parts)
        parts += [RUNTIME] if bare or RUNTIME in words else []
        for name in values(
            [*words, "-o", written[1].decode()] if written else words, ("-o", "--output", "--output-file")
        ):
            if not project.tree.has(name.removeprefix("./")):
                yield name.rpartition("/")[2], tuple(dict.fromkeys(parts))


def _compiled(project: Project, groups: frozenset[str]) -> Iterator[tuple[str, str]]:
    """The lists whose head says that they were made with extras or ``groups`` of the project, and the options."""
    tree, extras = project.tree.real, extras_of(project)
    for path in tree.called(LIST) if extras or groups else ():
        listed = REQUIREMENTS.fullmatch(path.rpartition("/")[2]) or dirname(path).endswith("requirements")
        found = COMPILED.search(tree.text(path)[:HEAD]) if listed and not path.startswith("../") else None
        words = found["said"].split() if found else []
        yield from ((path, "--all-extras") for word in words if word == "--all-extras")
        for name in values(words, ("--extra", "--group")):
            if name in extras or name in groups:
                yield path, f"--{'extra' if name in extras else 'group'} {name}"


def own_scripts(project: Project) -> frozenset[str]:
    """The programs that the project itself installs."""
    found = project.pyproject.get("project", "scripts", default={}) if project.pyproject else {}
    return frozenset(found) if isinstance(found, dict) else frozenset()


def scripts_of(project: Project) -> frozenset[str]:
    """The scripts that stay for PDM, Rye or Pipenv: ``pdm run`` starts them, and ``uv run`` does not."""
    document = project.pyproject
    found = [document.get("tool", name, "scripts") for name in ("pdm", "rye")] if document else []
    with suppress(TrueupError, ValueError):
        found.append(parse(project.tree.text("Pipfile"))[0].get("scripts") if project.tree.has("Pipfile") else None)
    return frozenset(name for scripts in found if isinstance(scripts, dict) for name in scripts)


def brought_programs(project: Project) -> set[str]:
    """What is started by another name than that of its distribution: of the requirements, and of the project."""
    known = facts("programs")
    return {name for item in project.requirements for name in known.get(item.name, ())} | (
        own_scripts(project) - BUILTIN
    )


def group_option(project: Project, groups: Groups, argv: Sequence[str]) -> str:
    """`` --group docs`` for what is started, where that is in a group which no sync brings unasked; else ``""``."""
    module = argv[2:3] if argv[1:2] == ("-m",) else argv[:1]
    name = normal(module[0].rpartition("/")[2]) if module else ""
    known = facts("programs")
    found = {item.group for item in project.requirements if name in (item.name, *known.get(item.name, ()))}
    return f" --group {min(found)}" if found and groups.others.issuperset(found) else ""


def extras_of(project: Project) -> frozenset[str]:
    """The extras that the project has, of those that its default groups do not list anyway."""
    document = project.pyproject
    if document is None:
        return frozenset()
    named = document.get("project", "optional-dependencies", default={})
    groups = document.get("dependency-groups", default={})
    default = document.get("tool", "uv", "default-groups", default=["dev"])
    listed = (
        [groups.get(name) for name in default] if isinstance(default, list) and isinstance(groups, dict) else groups
    )
    brought = {name for part in re.findall(r"\[([\w,.-]+)\]", repr(listed)) for name in part.split(",")}
    return frozenset(named if isinstance(named, dict) else ()) - brought


def of_lists(files: Sequence[str], groups: Groups) -> list[str]:
    """The options for requirements files that became groups which are not installed unasked."""
    asked = dict.fromkeys(group_of(path) for path in files)
    names = {path.replace("\\", "/").rpartition("/")[2] for path in files}
    made = (option for path, option in groups.compiled if path.rpartition("/")[2] in names)
    return list(dict.fromkeys((*(f"--group {name}" for name in asked if name in groups.others), *made)))


def of_manager(manager: str, rest: Sequence[str], groups: Groups, extras: Container[str] = ()) -> list[str]:
    """The options for what follows ``poetry install``, ``pdm install`` or ``pipenv sync``.

    PDM's ``-G`` asks for groups and for the project's ``extras``, and by ``:all`` for all of both.
    """
    words = list(rest)
    named = [name for name in values(words, ("--with", "-G", "--group")) if (manager, name) != ("poetry", "main")]
    asked = [f"--{'extra' if name in extras else 'group'} {name}" for name in named if name != ":all"]
    asked += ["--all-groups", "--all-extras"] if ":all" in named else []
    only = values(words, ("--only",))
    without = values(words, ("--without",))
    if "--only-root" in words:  # it adds the project to what is there
        return [RUNTIME, "--inexact"]
    if only and "main" not in only:
        return [f"--only-group {name}" for name in only]
    if only or any(word in ONLY_RUNTIME for word in words) or _brings_no_tools(manager, words):
        return [RUNTIME, *(f"--group {name}" for name in only if name != "main"), *asked]
    if without and groups.default <= set(without):
        return [RUNTIME, *asked]
    return [*(f"--no-group {name}" for name in without if name in groups.default), *asked]


def added(manager: str, verb: str, rest: Sequence[str]) -> str | None:
    """``uv add`` or ``uv remove`` for the same of Poetry or PDM; ``None`` where an option has no equal."""
    dev = any(word in DEV for word in rest)
    said, options, words = [], [], iter(rest)
    for word in words:
        name, equals, value = word.partition("=") if word.startswith("-") else (word, "", "")
        if name in INTO:
            value = value if equals else next(words, "")
            into = "--optional" if manager == "pdm" and not dev else INTO[name]
            options += [f"{into} {each}" for each in re.split(r"[\s,]+", value.strip("\"' ")) if each]
        elif REQUIREMENT.fullmatch(word):
            said.append(word)
        elif word not in DEV:
            return None
    if dev and not any(option.startswith("--group") for option in options):
        options.insert(0, "--dev")
    return " ".join([f"uv {verb}", *options, *said]) if said else None


def _brings_no_tools(manager: str, words: Sequence[str]) -> bool:
    return manager == "pipenv" and "--dev" not in words and "-d" not in words


def values(words: Sequence[str], options: tuple[str, ...]) -> list[str]:
    """The values of options, in both spellings, cut at commas and blanks."""
    found: list[str] = []
    for before, word in zip(["", *words], words, strict=False):
        name, _, value = word.partition("=")
        if before in options:
            found += re.split(r"[\s,]+", word.strip("\"'"))
        elif name in options and value:
            found += re.split(r"[\s,]+", value.strip("\"'"))
    return [name for name in found if name]
