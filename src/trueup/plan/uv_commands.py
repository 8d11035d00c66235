"""Commands of pip, Poetry, Pipenv and PDM, said in uv.

Source: https://docs.astral.sh/uv/guides/migration/pip-to-project/ and the ``--help`` of each program.
"""

from __future__ import annotations

import re

from trueup.model.command_line import (
    ASSIGNED,
    BEFORE,
    CONSTRAINTS,
    EDITABLE,
    MANAGERS,
    PIP,
    PYTHON,
    REQUIREMENTS,
    VALUED,
    WRAPPERS,
    by_name,
    named_at,
    of_setup,
    pip_arguments,
    requirement_files,
)
from trueup.model.lists import group_of
from trueup.model.noun import NamedTuple
from trueup.model.packages import facts
from trueup.model.python import minor_of
from trueup.plan.uv_groups import LISTS, RUNTIME, Groups, added, of_lists, of_manager, values
from trueup.text.shell import KEYWORDS, REDIRECTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from trueup.model.project import Project
    from trueup.model.tree import Tree

MANIFEST = re.compile(
    r"requirements?[\w.-]*\.(?:txt|in)|Pipfile(?:\.lock)?|poetry\.lock\*?|pdm\.lock\*?|requirements(?:-dev)?\.lock|environment\.ya?ml"
)
INCLUDED = re.compile(r"(?m)^[ \t]*(?:-r|--requirement)[ =]*(\S+)")
LAUNCHED = re.compile(r"py -\d[\d.]*(?:-\d+)?")  # PEP 397: Windows' launcher, told which Python
# What Pipenv prints a list of requirements with: https://pipenv.pypa.io/en/stable/cli.html#requirements
LISTING = {
    "requirements": (set(), {"--hash"}, {"--dev"}, {"--dev", "--hash"}),
    "lock": ({"-r"}, {"--requirements"}),
}
PDM_EXPORT = frozenset(
    {"-f", "--format", "-o", "--output", "-G", "--group", "--prod", "--production", "--without-hashes"}
)
# What a manager's command is in uv, word for word: https://docs.astral.sh/uv/reference/cli/
SAID = {
    "uv lock --check": (
        "poetry check",
        "poetry check --lock",
        "poetry lock --check",
        "pdm lock --check",
        "pipenv verify",
    ),
    "uv sync --upgrade": ("poetry update", "pdm update", "pipenv update"),
    "uv pip list": ("poetry show", "pdm list", "rye list"),
    "uv pip list --outdated": ("poetry show --outdated", "poetry show -o", "pdm outdated", "pipenv update --outdated"),
    "uv tree": ("poetry show --tree", "poetry show -t", "pdm list --tree", "pdm list --graph", "pipenv graph"),
    "uv version": ("poetry version", "rye version"),
    "uv run pytest": ("rye test",),
    "uv --version": ("poetry --version", "poetry -V", "pipenv --version", "pdm --version", "rye --version"),
    "uv version --short": ("poetry version -s", "poetry version --short"),
    "": ("poetry self add poetry-plugin-export", "poetry self update", "pdm self update", "pdm config use_uv true"),
}
EQUAL = {command: said for said, commands in SAID.items() for command in commands}
BUILDS = {
    "sdist": "--sdist",
    "bdist_wheel": "--wheel",
    "bdist": "--wheel",
    "wheel": "--wheel",
}  # of setup.py, of Poetry
BUILT_AS = {"--no-sdist": "--wheel", "--no-wheel": "--sdist"}  # of PDM
BUILT_AS |= {option: option for option in ("--wheel", "--sdist")} | dict.fromkeys(("-c", "--clean"), "--clear")
FORMAT = ("-f", "--format")
BUILT_INTO = ("-o", "--output", "--out", "-d", "--dest")
ELSEWHERE_RUN = {"-C", "--directory", "-P", "--project", "-p"}  # with another folder than that it stands in
BUMPS = ("major", "minor", "patch")
TOOLS = ("pip", "setuptools", "wheel", "uv", "virtualenv", "pipx", "build", "twine", "tox", "nox", "pre-commit")
DEVELOPMENT = re.compile(r"dev|test|lint|doc(?!ker)|ci\b|local|check|typ", re.IGNORECASE)
WITH_MANAGERS = ("pip", "setuptools", "wheel", "poetry-plugin-export")  # installed with one, and for nothing else
OWN = re.compile(r"\.(?:/)?(?:\[([\w,.-]+)\])?")  # the project itself
INDEXES = ("-i", "--index-url", "--extra-index-url", "-f", "--find-links")
CONSTRAINING = ("-c", "--constraint")
CONSTRAINED = "constraint-dependencies"
CHOOSING = frozenset(
    {
        *(*CONSTRAINING, "-f", "--find-links", "--no-index", "--pre", "--no-deps", "--no-build-isolation"),
        *("--no-binary", "--only-binary", "--platform", "--python-version", "--abi", "--implementation", "--python"),
        *("-C", "--config-settings", "--config-setting", "--global-option", "--build-option", "--install-option"),
    }
)
OF_SUDO = ("-u", "-g", "--user", "--group")  # each with a value
STARTERS = (*WRAPPERS, *OF_SUDO, "-n", "-S", "-i", "env")  # behind which a program stands
ELSEWHERE = ("--user", "--target", "-t", "--prefix", "--root")
# Options that pip and `uv pip install` share: https://docs.astral.sh/uv/reference/cli/#uv-pip-install
PIP_OPTIONS = frozenset(
    {
        *("-U", "--upgrade", "--no-cache-dir", "--no-deps", "-q", "--quiet", "-v", "--verbose", "-i", "--index-url"),
        *("--extra-index-url", "-f", "--find-links", "--no-binary", "--only-binary", "--no-build-isolation"),
        *("--force-reinstall", "--trusted-host", "--disable-pip-version-check", "-c", "--constraint"),
    }
)
PIP_VERBS = ("install", "uninstall", "list", "freeze", "show", "check")
PIP_LOOKS = frozenset({"-y", "--yes", "-o", "--outdated", "--format", "-f", "--files"})  # at what is there


def may_be_list(path: str) -> bool:
    """Whether a path is that of a list, where it was taken over: it may be called anything."""
    return is_manifest(path) or path.endswith(LISTS)


def is_manifest(path: str) -> bool:
    """Whether a path is that of a file that pip, Poetry, Pipenv, PDM, Rye or conda reads."""
    return is_list(path) or CONSTRAINTS.fullmatch(path.replace("\\", "/").rpartition("/")[2]) is not None


def is_list(path: str) -> bool:
    """The same without the files that only constrain."""
    *folders, name = path.replace("\\", "/").split("/")
    listed = folders[-1:] == ["requirements"] and name.endswith((".txt", ".in"))
    return listed or bool(MANIFEST.fullmatch(name) or REQUIREMENTS.fullmatch(name))


def includes_tools(tree: Tree, argv: Sequence[str]) -> bool:
    """Whether pip is given a list of requirements of the project that includes one of tools."""
    given = requirement_files(pip_arguments(tuple(argv)) or [])
    given = [name for name in given if group_of(name) != "prod"]  # which says itself what it is for
    files = {path for name in given for path in (name.removeprefix("./"), name.rpartition("/")[2]) if tree.has(path)}
    included = (more for path in files for more in INCLUDED.findall(tree.text(path)))
    return any(map(DEVELOPMENT.search, included))


class Target(NamedTuple):
    """Where a command runs: ``locked`` where a stale lock must fail (images, CI), ``runtime`` where tools are not
    wanted, ``options`` what else every ``uv sync`` needs there, ``extras`` and ``groups``
    those that the project has, ``scripts`` what only another manager can run; ``setup``: setup.py is gone;
    ``python``: the pin."""

    locked: bool = False
    runtime: bool = False
    options: tuple[str, ...] = ()
    extras: frozenset[str] = frozenset()
    groups: Groups = Groups()
    scripts: frozenset[str] = frozenset()
    setup: bool = False
    python: str = ""


def is_for_tools(argv: Sequence[str]) -> bool:
    """Whether a pip command installs only what makes environments: pip itself, setuptools and the like."""
    arguments = pip_arguments(tuple(argv)) or ["?"]
    return all(re.split(r"[=<>~!\[]", word)[0] in (*TOOLS, "") for word in arguments if not word.startswith("-"))


def unsaid(argv: Sequence[str], project: Project) -> list[str]:
    """What to tell of an index that a pip command names, and pyproject.toml does not, for ``uv sync`` will not ask it;
    and of options that change what is installed."""
    from urllib.parse import urlsplit

    known = project.pyproject.source if project.pyproject else ""
    words = [word.strip("\"'") for word in argv]
    hosts = [urlsplit(value).hostname for value in values(words, INDEXES)]
    told = [
        f"pip was told of the index at {host}, and uv is not: name it in [[tool.uv.index]], where it is needed"
        for host in hosts
        if host and host not in known and not host.endswith(("pypi.org", "pythonhosted.org"))
    ]
    for word, following in zip(words, [*words[1:], ""], strict=True):
        option, _, value = word.partition("=")
        value = value or (following if option in VALUED else "")
        listed = option in CONSTRAINING and "://" not in value and (is_list(value) or CONSTRAINED in known)
        if option in CHOOSING and not listed and not ("://" in value and option in INDEXES):
            told.append(f"`{f'{option} {value}'.strip()}` was told to pip, and is not to uv: [tool.uv] is the place")
    return told


def uv_version() -> str:
    """The version of uv to pin."""
    return str(facts("uv")["version"])


def in_uv(argv: Sequence[str], target: Target) -> str | None:
    """The command in uv; ``""`` where uv needs none, ``None`` where it is no such command or has no equal."""
    words = list(argv)
    while words and (words[0] in WRAPPERS or ASSIGNED.match(words[0])):
        words = words[1:]
    arguments = pip_arguments(tuple(words))
    if arguments is not None:
        return _pip(arguments, target)
    if (verbs := of_setup(words)) is not None:
        return _of_setup(verbs, target) if target.setup else None
    if len(words) < 2:
        return None
    if words[:2] == ["pipx", "install"] and len(words) == 3 and re.split(r"[=<>~]", words[2])[0] in MANAGERS:
        return f"pipx install uv=={uv_version()}"
    words = list(by_name(words))
    if words[0] not in MANAGERS:
        return None
    started = words[4:] if words[3:4] == ["-m"] and PYTHON.fullmatch(words[2]) else words[2:]
    if words[1] == "run" and started and PIP.fullmatch(started[0]):
        return _piped(started, target)
    return _equal(words, target)


def _piped(words: list[str], target: Target) -> str | None:
    """What pip is told in the environment of a manager, in which uv puts no pip."""
    arguments = pip_arguments(tuple(words))
    if arguments and is_for_tools(words):
        return ""
    if arguments and not beyond(words) and (said := _pip(arguments, target)) is not None:
        return said
    flags = {word.split("=")[0] for word in words if word.startswith("-")}
    known = PIP_OPTIONS if arguments else PIP_LOOKS
    rest = ["--outdated" if word == "-o" else word for word in words[1:]]  # which uv spells out alone
    return " ".join(["uv pip", *rest]) if flags <= known and words[1:2] and words[1] in PIP_VERBS else None


def _equal(words: list[str], target: Target) -> str | None:
    """What a manager's command is in uv, by the table or by its verb."""
    match words:
        case ["poetry", "version", wanted] if not wanted.startswith("-"):
            return f"uv version --bump {wanted}" if wanted in BUMPS else f'uv version "{wanted}"'
    said = EQUAL.get(" ".join(words))
    return said if said is not None else _manager(words, target)


def _of_setup(verbs: list[str], target: Target) -> str | None:
    """What ``python setup.py`` is told to do: to build, to install, or to say its version."""
    if verbs and set(verbs) <= BUILDS.keys():
        return " ".join(["uv build", *sorted({BUILDS[verb] for verb in verbs} if len(verbs) == 1 else ())]).strip()
    if verbs in (["install"], ["develop"]):
        return _sync(target)
    return "uv version --short" if verbs == ["--version"] else None


def _pip(arguments: list[str], target: Target) -> str | None:
    """``pip install`` of the project or of its requirements files, or of a manager that uv replaces."""
    files = requirement_files(arguments)
    odd = any(word.split("=")[0] in ELSEWHERE or REDIRECTS.match(word) for word in arguments)
    if odd or ">" in "".join(files):
        return None
    if files and all(is_list(name) or name.rpartition("/")[2] in target.groups.lists for name in files):
        made = [dict(target.groups.made).get(name.rpartition("/")[2], ("",)) for name in files]
        if ("",) not in made:
            runtime = target.runtime and all(RUNTIME in parts for parts in made)
            asked = dict.fromkeys(option for parts in made for option in parts if option != RUNTIME)
            return _sync(target._replace(runtime=runtime, options=(*target.options, *asked)))
        runtime = target.runtime and not any(DEVELOPMENT.search(name) for name in files)
        return _sync(target._replace(runtime=runtime, options=(*target.options, *of_lists(files, target.groups))))
    named = [arguments[at] for at in named_at(arguments)]
    managers = [word for word in named if re.split(r"[=<>~]", word)[0] in MANAGERS]
    if managers and len(named) - len(managers) == len([word for word in named if word in WITH_MANAGERS]):
        return f"pip install uv=={uv_version()}"
    own = [found for word in named if (found := OWN.fullmatch(word.strip("\"'")))]
    if own:
        extras = [name for match in own if match[1] for name in match[1].split(",")]
        options = tuple(option for option in target.options if option != "--no-install-project")
        options += tuple(f"--extra {name}" for name in extras if name in target.extras)
        runtime = target.runtime and not any(DEVELOPMENT.search(name) for name in extras if name not in target.extras)
        return _sync(target._replace(runtime=runtime, options=options))
    return None


def is_foreign(argv: Sequence[str], target: Target) -> bool:
    """Whether a command calls a manager in whose place uv comes, or a ``setup.py`` that is gone."""
    return any(word in MANAGERS for word in argv[:2]) or (target.setup and of_setup(argv) is not None)


def beyond(argv: Sequence[str]) -> list[int]:
    """The positions in a ``pip install`` of lists or of the project of what it installs besides, which ``in_uv`` does
    not say: whoever calls that has to."""
    arguments = pip_arguments(tuple(argv)) or []
    first = len(argv) - len(arguments)
    found = named_at(arguments)
    if not requirement_files(arguments) and not any(OWN.fullmatch(arguments[at].strip("\"'")) for at in found):
        return []
    names = {at: re.split(r"[=<>~!\[]", arguments[at].strip("\"'"))[0] for at in found}
    more = [at for at, name in names.items() if name not in TOOLS and not OWN.fullmatch(arguments[at].strip("\"'"))]
    editable = [at - 1 for at in more if at and arguments[at - 1] in EDITABLE]
    return [first + at for at in sorted([*more, *editable])]


def _manager(words: list[str], target: Target) -> str | None:
    manager, verb, *rest = words
    if verb != "run" and ELSEWHERE_RUN & {word.partition("=")[0] for word in rest}:
        return None
    match verb:
        case "run" if rest and rest[0] not in target.scripts:
            return " ".join(["uv run", *rest])
        case "install" | "sync" if not [
            word for word in rest if not word.startswith("-") and not _is_value(rest, word)
        ]:
            options = [*_extras(rest), *of_manager(manager, rest, target.groups, target.extras)]
            options += ["--no-editable"] if "--no-editable" in rest else []
            runtime = RUNTIME in options
            options = [option for option in options if option != RUNTIME]
            return _sync(target._replace(runtime=runtime, options=(*target.options, *options)))
        case "lock" if not {"-r", "--requirements"} & set(rest):
            return "uv lock"
        case "requirements" | "lock" if manager == "pipenv" and {*rest} - {"--keep-outdated"} in LISTING[verb]:
            options = ([] if "--dev" in rest else [RUNTIME]) + ([] if "--hash" in rest else ["--no-hashes"])
            return " ".join(["uv export --locked --no-emit-project", *options])
        case "build":
            return _built(rest)
        case "add" | "remove":
            return added(manager, verb, rest)
        case "export" if manager == "poetry" or (manager == "pdm" and _is_list(rest)):
            output = next(iter(values(rest, ("-o", "--output"))), "")
            options = [*_extras(rest), *of_manager(manager, rest, target.groups, target.extras)]
            if manager == "poetry" and "--dev" not in rest and not any("only-group" in option for option in options):
                options.insert(0, RUNTIME)  # Poetry exports no group that is not asked for
            options += ["--no-hashes"] if "--without-hashes" in rest else []
            return " ".join(["uv export --locked --no-emit-project", *dict.fromkeys(options)]) + (
                f" -o {output}" if output else ""
            )
        case "env" if rest[:1] == ["use"] and target.python and minor_of("".join(rest[1:])) == target.python:
            return ""  # the pin says it
        case "config" if any(word.removeprefix("settings.").startswith(("virtualenvs", "installer")) for word in rest):
            return ""
        case _:
            return None


def _built(rest: list[str]) -> str | None:
    """``uv build`` with what a manager is told to build, and where to; ``None`` where an option has no equal."""
    said, words = ["uv build"], iter(rest)
    for word in words:
        option, equals, value = word.partition("=")
        value = value or (next(words, "") if option in (*FORMAT, *BUILT_INTO) and not equals else "")
        if option in BUILT_AS:
            said.append(BUILT_AS[option])
        elif option in FORMAT and value in BUILDS:
            said.append(BUILDS[value])
        elif option in BUILT_INTO and value:
            said.append(f"--out-dir {value}")
        elif not BEFORE.fullmatch(word):
            return None
    return " ".join(said)


def _is_list(rest: list[str]) -> bool:
    """Whether PDM is told to export a list of requirements, and nothing that uv does otherwise."""
    flags = {word.split("=")[0] for word in rest if word.startswith("-")}
    return flags <= PDM_EXPORT and {*values(rest, ("-f", "--format"))} <= {"requirements"}


def _extras(rest: list[str]) -> list[str]:
    every = ["--all-extras"] if {"--all-extras", "--all-features"} & set(rest) else []
    return [*(f"--extra {name}" for name in values(rest, ("-E", "--extras", "--features"))), *every]


def _sync(target: Target) -> str:
    words = ["uv sync"]
    words += ["--locked"] if target.locked else []
    words += [RUNTIME] if target.runtime else []
    return " ".join([*words, *target.options])


def _is_value(words: list[str], word: str) -> bool:
    position = words.index(word)
    valued = ("-E", "--extras", "--features", "--with", "--without", "--only", "-G", "--group", "-C", "--directory")
    return position > 0 and words[position - 1] in valued


def runs_in_environment(argv: Sequence[str], programs: set[str]) -> int | None:
    """The position of the word that starts a program of the environment; ``None`` where the command has none."""
    for position, word in enumerate(argv):
        given = position and argv[position - 1] in OF_SUDO and argv[0] == "sudo"
        if given or word in STARTERS or word in KEYWORDS or ASSIGNED.match(word):
            continue
        if PYTHON.fullmatch(word):
            rest = argv[position + 1 :]
            rest = rest[1:] if LAUNCHED.fullmatch(" ".join((word, *rest[:1]))) else rest
            makes = tuple(rest[:2]) in (("-m", "pip"), ("-m", "venv"), ("-m", "virtualenv"))
            return None if makes or tuple(rest[:1]) in (("-V",), ("--version",)) or not rest else position
        return position if word in programs and not PIP.fullmatch(word) else None
    return None
