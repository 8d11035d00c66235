"""Expressions of pre-commit that fit files which move, and would not fit them any more: they are told.

What an expression spells plainly is rewritten with all other references; this looks at what it means afterwards.
"""

from __future__ import annotations

import re
import warnings

from trueup.text.scalars import scalars

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trueup.plan.moves import Mover

CONFIG = ".pre-commit-config.yaml"
KEYS = ("files", "exclude")


def tell_expressions(mover: Mover, contents: Mapping[str, bytes]) -> None:
    """Ask about each expression that loses files; ``contents`` are the files as they will be."""
    for path in (*mover.tree.files(), *mover.tree.outer()):
        if path.rpartition("/")[2] != CONFIG or path.strip("./").count("/"):
            continue
        text = mover.tree.text(path)
        after = contents[path].decode("utf-8", "replace") if path in contents else text
        folders = mover.project.repository.split("/") if path.startswith("../") else []
        below = "".join(f"{folder}/" for folder in folders)
        for (expression, line), (new, _) in zip(expressions(text), expressions(after), strict=False):
            lost = [file for file in fitting(mover, expression, below) if not fits(new, below + mover.new(file))]
            if lost:
                mover.ask(f"it fits {lost[0]}, which moves, and would not afterwards: {expression}", path, line)


def expressions(text: str) -> Iterator[tuple[str, int]]:
    """Each expression of paths, with its line."""
    for scalar in scalars("yaml", text):
        if not scalar.is_key and scalar.names and scalar.names[-1] in KEYS:
            yield scalar.text.strip(), text.count("\n", 0, scalar.start) + 1  # flags begin it, in a block, too


def judged(path: str, data: bytes) -> set[int]:
    """The lines of a file that expressions stand on: of these is told what they mean, not what they name."""
    text = data.decode("utf-8", "replace") if path.rpartition("/")[2] == CONFIG else ""
    lines = (range(line, line + 1 + expression.count("\n")) for expression, line in expressions(text))
    return {line for each in lines for line in each}


def fitting(mover: Mover, expression: str, below: str) -> list[str]:
    """The files that move, and that an expression fits today."""
    return [path for path in mover.tree.files() if mover.is_moved(path) and fits(expression, below + path)]


def fits(expression: str, path: str) -> bool:
    """Whether pre-commit finds an expression in a path; nothing fits one that is malformed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return re.search(expression, path) is not None
    except (re.error, RecursionError, OverflowError):
        return False
