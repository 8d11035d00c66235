"""Dockerfiles and their instructions, one a line; no judgement here."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from trueup.model.names import DOCKERFILE
from trueup.model.pattern import lazy
from trueup.rules.lookups import lines, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from trueup.model.project import Project

OUT = lazy(r"--no-install-(?:project|workspace)|--only-group")
NO_SYNC = ("--no-sync", "--no-project", "UV_NO_SYNC", "--isolated")
MOUNTED = lazy(
    r"""(?m)^[ \t]*-[ \t]*["']?(?:\.|\./|\$\{?PWD\}?/?|\$\{\w+:?-\.\}/?):/|^[ \t-]*source:[ \t]*["']?\./?["']?[ \t]*$"""
)
FOR_TESTS = ("pytest", "ruff", "mypy", "coverage")


def dockerfiles(project: Project) -> Iterator[str]:
    """Every Dockerfile that is neither a test's nor a development container's."""
    for path in project.tree.called(DOCKERFILE):
        if not {"tests", "test", ".devcontainer", "examples"}.intersection(path.split("/")[:-1]):
            yield path


def instructions(text: str) -> Iterator[tuple[int, str]]:
    """The instructions with the number of their first line; comments are gone, continued lines are joined."""
    first, parts = 0, list[str]()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        first = first if parts else number
        parts.append(line.strip().removesuffix("\\").strip())
        if not line.rstrip().endswith("\\"):
            yield first, " ".join(parts)
            parts = []
    if parts:
        yield first, " ".join(parts)


def hiding(text: str) -> Callable[[str], bool]:
    """Whether a ``.dockerignore`` leaves a path out: the last pattern that matches it, or a folder above, decides."""
    patterns = []
    for line in text.splitlines():
        plain = line.strip()
        lets_in = plain.startswith("!")
        plain = plain.removeprefix("!").strip().removeprefix("./").strip("/")
        if plain and not line.startswith("#"):
            try:
                patterns.append((re.compile(as_regex(plain)), lets_in))
            except re.error:  # a range that is none: Docker refuses it, too
                continue

    def hides(path: str) -> bool:
        parts = path.split("/")
        above = ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
        matching = [lets_in for pattern, lets_in in patterns if any(map(pattern.fullmatch, above))]
        return bool(matching) and not matching[-1]

    return hides


def as_regex(pattern: str) -> str:
    """A pattern of Docker: ``*`` and ``?`` stay within a folder, ``**`` does not."""
    parts = re.split(r"(\*\*/|\*\*|\*|\?|\[[^\]]*\])", pattern)
    meanings = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return "".join(meanings.get(part) or (as_set(part) if part.startswith("[") else re.escape(part)) for part in parts)


def as_set(part: str) -> str:
    """A set of characters, in which nothing but a range and a negation means anything."""
    return "[" + re.sub(r"[\[&~|]", r"\\\g<0>", part[1:])


def lacks_the_project(text: str) -> bool:
    """Whether the syncs of a Dockerfile leave the project out, and nothing else in it installs that."""
    if "uv sync" not in text or "UV_NO_SYNC" in text:
        return False
    runs = [each for _, each in instructions(text) if each.upper().startswith("RUN ")]
    syncs = [each for each in runs if "uv sync" in each]
    installs = any("pip install" in each and (" ." in each or " -e" in each) for each in runs)
    installs = installs or any("uv run" in each and not any(word in each for word in NO_SYNC) for each in runs)
    return not installs and bool(syncs) and all(OUT.search(each) for each in syncs)


def leaves_out(project: Project, path: str, environment: str = ".venv") -> bool:
    """Whether any ignore file that may hold for the image leaves out an environment; the last pattern decides."""
    parts = path.split("/")
    names = [f"{path}.dockerignore", *("/".join([*parts[:at], ".dockerignore"]) for at in range(len(parts)))]
    names += [name for name in project.tree.outer() if name.endswith("/.dockerignore")]
    return any(ignores(project, name, environment) for name in names)


def ignores(project: Project, path: str, environment: str) -> bool:
    """Whether one ignore file does."""
    ignored = False
    for _, line in lines(project, path):
        pattern = line.strip().removeprefix("!").strip("/").removeprefix("**/").removesuffix("/**").removesuffix("/*")
        if pattern and not line.startswith("#") and fnmatchcase(environment, pattern):
            ignored = not line.strip().startswith("!")
    return ignored


def composed(project: Project) -> list[str]:
    """The compose files whose services run by ``uv run``, or by a script, what the one image of the project has."""
    services = (item for item in project.commands if item.where == "compose")
    runs = (item.path for item in services if any(word == "run" or word.endswith(".sh") for word in item.argv))
    found = dict.fromkeys(runs)
    texts = {path: text_of(project, path) for path in found}
    return [
        path
        for path, text in texts.items()
        if not MOUNTED.search(text) and not any(word in text for word in FOR_TESTS) and "build" in text
    ]
