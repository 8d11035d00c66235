"""Linters that skip no folder for its name, and so would read the environment that uv makes in the project."""

from __future__ import annotations

import itertools
import re

from trueup.text.syntax import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from trueup.model.tree import Tree

OUT_OF_IT = {"flake8": " --extend-exclude=.venv", "pylint": " --ignore=.venv"}
# Options whose values are no folders: https://flake8.pycqa.org/en/latest/user/options.html, and bandit's.
VALUED = frozenset(
    (
        *("--max-line-length", "--config", "--select", "--ignore", "--extend-ignore", "--extend-select", "--format"),
        *("--max-complexity", "--exclude", "--extend-exclude", "--output-file", "-j", "--jobs", "--per-file-ignores"),
        *("--max-doc-length", "--indent-size", "--min-confidence", "--filename", "--application-import-names"),
        *("--recursive", "--rcfile", "--disable", "--enable", "--fail-under", "--load-plugins"),
        *("-c", "-f", "-o", "-x", "-s", "-t", "-b", "--baseline", "--docstring-convention", "--import-order-style"),
    )
)
GREEDY = ("flake8", "bandit", "pycodestyle", "vulture", "pylint")
PYLINT = (".pylintrc", "pylintrc", ".pylintrc.toml", "pylintrc.toml", "setup.cfg", "tox.ini", "pyproject.toml")
LINTERS = (".flake8", ".bandit", "bandit.yaml", *PYLINT)
# https://pylint.readthedocs.io/en/stable/user_guide/configuration/all-options.html
RECURSIVE = re.compile(r"(?:^|\s)(?:--)?recursive(?:\s*[=:]\s*|\s+)[\"']?(?:y|yes|true|1)\b", re.IGNORECASE)
IGNORES = re.compile(r"(?m)^[ \t]*ignore[ \t]*=|\s--ignore\b")  # one such list takes the place of the other
# Formatters skip ``.venv`` until they are told what to skip: https://pycqa.github.io/isort/docs/configuration/options.html
# and https://black.readthedocs.io/en/stable/usage_and_configuration/the_basics.html#command-line-options
ISORT = ((".isort.cfg", "settings"), ("pyproject.toml", "tool", "isort"), ("setup.cfg", "isort"), ("tox.ini", "isort"))
BLACK = (("pyproject.toml", "tool", "black"),)


def reads_environment(tree: Tree, argv: Sequence[str]) -> tuple[str, str]:
    """The linter that a command starts, where it looks into ``.venv``, which nothing tells it to skip, and the option
    that tells it; ``""`` for none."""
    words = argv[2:] if "-m" in argv[1:2] and len(argv) > 2 else argv
    if words[0] in FORMATTERS:
        reads, option = FORMATTERS[words[0]](tree, words[1:])
        return (words[0], option) if reads and {".", "./"}.intersection(words) else ("", "")
    pairs = itertools.pairwise(words)
    named = [word for before, word in pairs if not word.startswith("-") and before not in VALUED]
    everything = not named or {".", "./"}.intersection(named)
    if words[0] not in GREEDY or not everything or any(".venv" in word for word in words):
        return "", ""
    if any(tree.has(name) and b".venv" in tree.read(name) for name in LINTERS):
        return "", ""
    if words[0] != "pylint":
        return words[0], OUT_OF_IT.get(words[0], "")
    said = " ".join(words) + "".join(f"\n{tree.text(name)}" for name in PYLINT if tree.has(name))
    if not RECURSIVE.search(said):
        return "", ""
    return "pylint", "" if IGNORES.search(said) else OUT_OF_IT["pylint"]


def isort_reads(tree: Tree, words: Sequence[str]) -> tuple[bool, str]:
    """Whether ``skip`` has taken the place of isort's own list, and what adds ``.venv`` to it."""
    said = _settings(tree, ISORT)
    given = {word.partition("=")[0] for word in words}
    replaced = "skip" in said or given.intersection(("-s", "--skip"))
    ignored = str(said.get("skip_gitignore")).lower() == "true" or given.intersection(
        ("--gitignore", "--skip-gitignore")
    )
    out = ignored or any(".venv" in str(text) for text in (*said.values(), *words))
    return bool(replaced) and not out, "" if "extend_skip" in said else " --extend-skip=.venv"


def black_reads(tree: Tree, words: Sequence[str]) -> tuple[bool, str]:
    """Whether ``exclude`` has taken the place of black's own, and of what git ignores; and what adds ``.venv``."""
    said = _settings(tree, BLACK)
    pairs = [*itertools.pairwise(words), *(word.split("=", 1) for word in words if "=" in word)]
    said |= {name[2:]: value for name, value in pairs if name in ("--exclude", "--extend-exclude", "--force-exclude")}
    patterns = [str(said[key]) for key in ("exclude", "extend-exclude", "force-exclude") if key in said]
    out = any(_finds(pattern, "/.venv/") for pattern in patterns)
    return "exclude" in said and not out, "" if "extend-exclude" in said else BLACK_OPTION


BLACK_OPTION = " --extend-exclude=/.venv/"
FORMATTERS = {"isort": isort_reads, "black": black_reads}


def _settings(tree: Tree, places: Sequence[tuple[str, ...]]) -> dict[str, Any]:
    """The settings of the first file that has some."""
    for path, *route in places:
        found = parse(path, tree.text(path)).get(*route) if tree.has(path) else None
        if isinstance(found, dict):
            return found
    return {}


def _finds(pattern: str, text: str) -> bool:
    """Whether black's expression matches something: one of several lines is verbose."""
    try:
        found = re.search(f"(?x){pattern}" if "\n" in pattern else pattern, text)
    except re.error:
        return False
    return bool(found and found[0])
