"""The environment variables that CI, compose files and an example of ``.env`` set: the project's tests may want them.

Sources: https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#env,
https://docs.gitlab.com/ci/variables/ and https://docs.docker.com/reference/compose-file/services/#environment.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from posixpath import join, normpath

from trueup.errors import ProjectError, UsageError
from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy
from trueup.text.dotenv import parse
from trueup.tools.process import steers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from trueup.model.project import Project

WORKFLOW = lazy(r"(?:\.\./)*\.github/workflows/[^/]+\.ya?ml")
OVERRIDE = lazy(r"compose\.override\.ya?ml$")
PLAIN = lazy(r"(?:^|/)(?:docker-)?compose\.ya?ml$")
COMPOSE = lazy(r"(?:docker-)?compose[^/]*\.ya?ml")
YAML = lazy(r"[^/]+\.ya?ml")
TESTS = lazy(r"\b(?:pytest|unittest|tox|nox|tests?)\b")
NAME = lazy(r"[A-Za-z_]\w*")
SUBSTITUTED = lazy(r"\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::?-([^{}]*))?(?::?[?+][^{}]*)?\})")
# What people copy to .env, where that is not there.
ENV_FILES = (".env", ".env.example", ".env.sample", ".env.template", ".env.dist", "env.example", ".env_example")
MACHINE = ("PATH", "HOME", "USER", "SHELL", "TMPDIR", "TEMP", "TMP", "LANG", "LC_*", "LD_*", "DYLD_*", "UV_*")
# A test that empties its database must not be handed one that somebody uses, be it elsewhere or on this machine. Names
# of a compose file's services reach nothing from here, and 0.0.0.0 is what a server listens on.
SERVICE = lazy(
    r"(?:(?!https?:)[a-z][a-z0-9+.-]*://|https?://[^/\s]*@)(?:[^/\s]*@)?(?:localhost\b|\[|[^/\s:@,?#]*\.[^/\s:@]).*",
    re.IGNORECASE | re.DOTALL,
)
HOST = lazy(r"localhost(?::\d+)?|\[?::1\]?(?::\d+)?|(?!0\.0\.0\.0\b)[\w-]+(?:\.[\w-]+)+(?::\d+)?", re.IGNORECASE)
SPEAKS = lazy(r"\.(?:py|toml|ini|cfg|ya?ml)$|(?:^|/)\.env[^/]*$")
WORD = lazy(r"\w+")
FIELD = lazy(r"(?m)^[ \t]+(\w+)[ \t]*:")
PREFIX = lazy(r"env_prefix[\"']?\s*[:=]\s*[\"'](\w+)[\"']")
ASKED = {
    "HOME": lazy(r"\bHOME\b|\bexpanduser\b|\bPath\.home\b"),
    "USERPROFILE": lazy(r"\bUSERPROFILE\b|\bexpanduser\b|\bPath\.home\b"),
    "PATH": lazy(r"\bsubprocess\b|\bshutil\.which\b|\bos\.system\b"),
}
OF_HOST = lazy(r"HOST|SERVER|ADDR|ENDPOINT|DOMAIN|BROKER|DSN|UR[LI]|NODE", re.IGNORECASE)


class Variable(NamedTuple):
    """A value, and the file that sets it. The value may be a secret: it is handed over, and never shown."""

    value: str
    path: str


def variables(project: Project) -> dict[str, Variable]:
    """The variables by name: those of jobs that run tests, then those of compose files, then those that an example of
    ``.env`` has, where there is no ``.env``; the first to set one wins.

    Left out is what steers the interpreter or the machine, what only the forge or the shell knows the value of, and
    is the address of a server that could be in use.
    """
    found: dict[str, Variable] = {}
    for name, value, path in (*workflows(project), *gitlab(project), *composed(project), *exampled(project)):
        if fit(name, value):
            found.setdefault(name, Variable(value, path))
    return found


def handed_over(found: Mapping[str, Variable], names: Sequence[str]) -> str:
    """In a line, which variables were handed over and which files set them; never a value."""
    by_file: dict[str, list[str]] = {}
    for name in names:
        by_file.setdefault(found[name].path, []).append(name)
    lists = "; ".join(f"{', '.join(of_file)} ({path})" for path, of_file in by_file.items())
    return f"Without variables little worked, so it was given: {lists}. --env overrules a value."


def fit(name: str, value: str) -> bool:
    """Whether a variable may be handed to the tests."""
    machine = any(fnmatchcase(name.upper(), pattern) for pattern in MACHINE)
    known = NAME.fullmatch(name) is not None and not machine and not steers(name)
    host = HOST.fullmatch(value) and OF_HOST.search(name)
    return known and "${{" not in value and not host and SERVICE.fullmatch(value) is None


def workflows(project: Project) -> Iterator[tuple[str, str, str]]:
    """What GitHub's jobs that run tests set: the workflow, the job and its commands."""
    for path in project.tree.called(YAML):
        document = project.document(path) if WORKFLOW.fullmatch(path) else None
        for job in mapping(document.get("jobs")).values() if document else ():
            steps = [mapping(step) for step in listing(mapping(job).get("steps"))]
            commands = [step for step in steps if TESTS.search(str(step.get("run", "")))]
            for holder in (*commands, job, document.data) if document and commands else ():
                yield from ((name, value, path) for name, value in pairs(mapping(holder).get("env")))


def gitlab(project: Project) -> Iterator[tuple[str, str, str]]:
    """What GitLab's jobs that run tests set, and its pipeline."""
    for path in project.tree.called(YAML):
        document = project.document(path) if path.rpartition("/")[2] == ".gitlab-ci.yml" else None
        jobs = [mapping(job) for job in mapping(document.data).values()] if document else []
        testing = [job for job in jobs if TESTS.search(" ".join(map(str, listing(job.get("script")))))]
        for holder in (*testing, document.data) if document and testing else ():
            for name, value in pairs(mapping(holder).get("variables")):
                if "$" not in value:
                    yield name, value, path


def composed(project: Project) -> Iterator[tuple[str, str, str]]:
    """What compose files set: the services that are built here first, each with its ``env_file``.

    An override wins over the file that it overrides, and both over files that have to be asked for by name.
    """
    paths = [path for path in project.tree.called(YAML) if COMPOSE.fullmatch(path.rpartition("/")[2])]
    for path in sorted(paths, key=lambda path: (OVERRIDE.search(path) is None, PLAIN.search(path) is None)):
        document, folder = project.document(path), path.rpartition("/")[0]
        if document is None:
            continue
        beside = next((found for name in ENV_FILES if (found := env_file(project, normpath(join(folder, name))))), {})
        services = [mapping(service) for service in mapping(document.get("services")).values()]
        for service in sorted(services, key=lambda service: "build" not in service):
            for name, value in pairs(service.get("environment")):
                text = substituted(value, beside)
                if text is not None:
                    yield name, text, path
            for item in reversed(listing(service.get("env_file"))):
                named = normpath(join(folder, str(item.get("path", "") if isinstance(item, dict) else item)))
                given = env_file(project, named)
                for name, value in given.items():  # one that is not known may have been meant as it stands
                    yield name, substituted(value, {**beside, **given}) or value, named


def exampled(project: Project) -> Iterator[tuple[str, str, str]]:
    """What the file has that people copy to ``.env``; nothing where they did, for the project reads that itself."""
    path = next((name for name in ENV_FILES if project.tree.has(name)), ".env")
    given = env_file(project, path) if path != ".env" else {}
    yield from ((name, substituted(value, given) or value, path) for name, value in given.items())


def env_file(project: Project, path: str) -> dict[str, str]:
    """The variables of an env file of the tree; none where it is not there or cannot be read."""
    try:
        return parse(project.tree.text(path), path) if project.tree.has(path) else {}
    except (KeyError, ProjectError, UsageError):
        return {}


def substituted(value: str, known: dict[str, str]) -> str | None:
    """A value of a compose file with its ``${NAME:-default}`` filled in; ``None`` where one is not known."""
    unknown = False

    def fill(match: re.Match[str]) -> str:
        nonlocal unknown
        dollar, bare, braced, default = match.groups()
        if dollar:
            return dollar
        filled = known.get(bare or braced) or default
        unknown = unknown or filled is None
        return filled or ""

    text = SUBSTITUTED.sub(fill, value)
    return None if unknown else text


def pairs(found: Any) -> Iterator[tuple[str, str]]:
    """Names and values of a mapping, or of a list of ``NAME=value``; names alone have no value here."""
    items = found.items() if isinstance(found, dict) else (str(item).partition("=")[::2] for item in listing(found))
    for name, value in items:
        if isinstance(value, dict):  # GitLab: {value: ..., description: ...}
            value = value.get("value")
        if isinstance(value, bool):
            yield str(name), str(value).lower()
        elif isinstance(value, int | float) or (isinstance(value, str) and (value or isinstance(found, dict))):
            yield str(name), str(value)


def mapping(found: Any) -> dict[Any, Any]:
    """What is a mapping, else an empty one."""
    return found if isinstance(found, dict) else {}


def listing(found: Any) -> list[Any]:
    """A list, a single value as one, or nothing."""
    return found if isinstance(found, list) else [found] if isinstance(found, str) else []


def named_by(project: Project, names: Sequence[str]) -> tuple[str, ...]:
    """Those variables that code or settings of the project name; a home folder and ``PATH`` go by other words.

    ``pydantic-settings`` takes a field's name, in any case, for a variable's, behind a prefix that is said.
    """
    texts = [text_of(project, path) for path in project.tree.files() if SPEAKS.search(path)]
    whole = "\n".join(texts)
    words = frozenset(WORD.findall(whole))
    fields = {prefix + name for prefix in ("", *PREFIX.findall(whole)) for text in texts for name in settings_of(text)}
    known = {name.upper() for name in fields}
    return tuple(
        name
        for name in names
        if len(name) > 1 and (ASKED[name].search(whole) if name in ASKED else name in words or name.upper() in known)
    )


def settings_of(text: str) -> list[str]:
    """The fields of a module that reads its settings with pydantic."""
    return FIELD.findall(text) if "BaseSettings" in text else []


def text_of(project: Project, path: str) -> str:
    """A file's text, nothing where it cannot be read."""
    try:
        return project.tree.text(path)
    except (KeyError, ProjectError):
        return ""


def withheld(project: Project, names: Sequence[str]) -> str:
    """In a line, what code of the project that did not work was not given; the names of variables, never a value."""
    named = named_by(project, names)
    said = f" (its files name {', '.join(named)})" if named else ""
    return (
        f"What failed had an empty home folder, and no variable of your shell{said}: --env NAME hands one over, "
        "HOME and PATH too."
    )
