"""Linters that skip no folder for its name, and so would read the environment that uv makes in the project."""

from __future__ import annotations

import itertools

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from trueup.model.tree import Tree

OUT_OF_IT = " --extend-exclude=.venv"
# Options whose values are no folders: https://flake8.pycqa.org/en/latest/user/options.html, and bandit's.
VALUED = frozenset(
    (
        *("--max-line-length", "--config", "--select", "--ignore", "--extend-ignore", "--extend-select", "--format"),
        *("--max-complexity", "--exclude", "--extend-exclude", "--output-file", "-j", "--jobs", "--per-file-ignores"),
        *("--max-doc-length", "--indent-size", "--min-confidence", "--filename", "--application-import-names"),
        *("-c", "-f", "-o", "-x", "-s", "-t", "-b", "--baseline", "--docstring-convention", "--import-order-style"),
    )
)
GREEDY = ("flake8", "bandit", "pycodestyle", "vulture")
LINTERS = (".flake8", "setup.cfg", "tox.ini", ".bandit", "bandit.yaml", "pyproject.toml")


def reads_environment(tree: Tree, argv: Sequence[str]) -> str:
    """The linter that a command starts, where it looks into ``.venv``, which nothing tells it to skip; else ``""``."""
    words = argv[2:] if "-m" in argv[1:2] and len(argv) > 2 else argv
    pairs = itertools.pairwise(words)
    named = [word for before, word in pairs if not word.startswith("-") and before not in VALUED]
    everything = not named or {".", "./"}.intersection(named)
    if words[0] not in GREEDY or not everything:
        return ""
    return "" if any(tree.has(name) and b".venv" in tree.read(name) for name in LINTERS) else words[0]
