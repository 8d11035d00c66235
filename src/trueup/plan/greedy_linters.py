"""Linters that skip no folder for its name, and so would read the environment that uv makes in the project."""

from __future__ import annotations

import itertools
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

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


def reads_environment(tree: Tree, argv: Sequence[str]) -> tuple[str, str]:
    """The linter that a command starts, where it looks into ``.venv``, which nothing tells it to skip, and the option
    that tells it; ``""`` for none."""
    words = argv[2:] if "-m" in argv[1:2] and len(argv) > 2 else argv
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
