"""Suffix -> syntax: a file's text becomes a ``Document``, or a one-line error; nothing here raises.

Parsers are imported only when a file of their kind is parsed, and lines are sought only when
somebody asks ``Document.at``.
"""

from __future__ import annotations

import re
from importlib import import_module

from trueup.model.document import Document

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from trueup.model.document import Route

    Locate = Callable[[str, Route], int]

LARGEST = 1_000_000  # characters; a configuration file beyond that is not one
LARGEST_LOCK = 30_000_000  # a lock of some thousand packages

# Each module has parse(source) -> (data, locate) and raises ValueError("line 3: why").
SUFFIXES = {
    "toml": "toml_read",
    "yaml": "yaml",
    "yml": "yaml",
    "cff": "yaml",
    "json": "jsonc",
    "jsonc": "jsonc",
    "json5": "jsonc",
    "code-workspace": "jsonc",
    "ini": "ini",
    "cfg": "ini",
    "service": "ini",
}
NAMES = {
    "Pipfile": "toml_read",
    "Pipfile.lock": "jsonc",
    "poetry.lock": "toml_lock",
    "uv.lock": "toml_lock",
    "pdm.lock": "toml_lock",
    ".bandit": "ini",
    ".coveragerc": "ini",
    ".editorconfig": "ini",
    ".flake8": "ini",
    ".importlinter": "ini",
    ".pydocstyle": "ini",
    ".pydocstylerc": "ini",
    ".pylintrc": "ini",
    "pylintrc": "ini",
    ".pypirc": "ini",
    ".style.yapf": "ini",
    ".yamllint": "yaml",
    ".clang-format": "yaml",
    "pip.conf": "ini",
    "supervisord.conf": "ini",
}


def known(path: str) -> bool:
    """Whether ``path`` names a file of a syntax that ``parse`` reads."""
    return _module(path) is not None


def parse(path: str, source: str) -> Document:
    """``source`` as data: TOML, INI (section -> key -> text), YAML 1.2, JSON with comments.

    What cannot be parsed has ``error`` set to one line such as ``line 3: expected '='`` and empty
    data; ``at`` then gives the line of the error.
    """
    name = _module(path)
    if name is None:
        return Document(path, source, {}, error="not a syntax that trueup parses")
    largest = LARGEST_LOCK if path.endswith(".lock") else LARGEST
    if len(source) > largest:
        return Document(path, source, {}, error=f"larger than {largest:,} characters")
    reader: Any = import_module(f"trueup.text.{name}")
    try:
        data, locate = reader.parse(source)
    except (ValueError, RecursionError, MemoryError, OverflowError) as problem:
        return _unreadable(path, source, problem)
    return Document(path, source, data, locate)


def _module(path: str) -> str | None:
    name = path.rsplit("/", 1)[-1]
    return NAMES.get(name) or SUFFIXES.get(name.rsplit(".", 1)[-1] if "." in name else "")


def _unreadable(path: str, source: str, problem: Exception) -> Document:
    said = "nested too deeply" if isinstance(problem, RecursionError) else " ".join(str(problem).split())
    found = re.match(r"line (\d+)", said)
    line = int(found[1]) if found else 0
    locate: Locate = lambda _source, _route: line  # noqa: E731
    return Document(path, source, {}, locate, error=said or type(problem).__name__)
