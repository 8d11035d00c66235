"""What should become true, in words a reviewer reads; ``plan.lower`` turns each into changes of bytes.

Every operation bears the ``code`` of the rule that asked for it.
"""

from __future__ import annotations

from trueup.model.noun import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Relocate(NamedTuple):
    """Move application code, and rewrite everything that names it.

    ``moves`` are (old path, new path) of files or directories; ``modules`` are (old dotted name, new
    dotted name) prefixes, empty where import names stay. ``package`` is the import name afterwards;
    ``reason`` says why this mapping and no other was chosen.
    """

    code: str
    package: str
    moves: tuple[tuple[str, str], ...]
    modules: tuple[tuple[str, str], ...] = ()
    reason: str = ""


class ConvertManifests(NamedTuple):
    """Make ``pyproject.toml`` the one source of dependencies and metadata, from all ``sources``.

    ``unsaid`` is what no source says and a person must: texts with the paths and lines that they are about.
    """

    code: str
    sources: tuple[str, ...]
    unsaid: tuple[tuple[str, str, int], ...] = ()


class ConsolidateConfig(NamedTuple):
    """Move a tool's settings out of ``path`` into ``pyproject.toml``."""

    code: str
    path: str


class RewriteCommands(NamedTuple):
    """Rewrite the imperative install commands in ``path`` to uv."""

    code: str
    path: str


class SetKey(NamedTuple):
    """Set one key of a TOML file; ``route`` names it, missing tables are made."""

    code: str
    path: str
    route: tuple[str, ...]
    value: Any


class RemoveKey(NamedTuple):
    """Remove one key of a TOML file."""

    code: str
    path: str
    route: tuple[str, ...]


class AddRequirement(NamedTuple):
    """Add a requirement (PEP 508) to ``group`` (``""``: the runtime dependencies) of pyproject.toml."""

    code: str
    requirement: str
    group: str = ""


class CreateFile(NamedTuple):
    """Create a file that is not there."""

    code: str
    path: str
    content: str
    mode: int = 0o644


class AppendLine(NamedTuple):
    """Add a line to a line-oriented file (.gitignore, .dockerignore), creating it where it is missing."""

    code: str
    path: str
    line: str


class ReplaceText(NamedTuple):
    """Replace ``old`` (standing exactly once on ``line``, 1-based) by ``new``; ``asks`` what a person is to look at."""

    code: str
    path: str
    line: int
    old: str
    new: str
    asks: str = ""


class RemoveFile(NamedTuple):
    """Remove a file whose content lives elsewhere now."""

    code: str
    path: str
    reason: str


class RunTool(NamedTuple):
    """Run a tool whose result is known only afterwards (``uv lock``)."""

    code: str
    argv: tuple[str, ...]
    writes: tuple[str, ...] = ()


Operation = (
    Relocate
    | ConvertManifests
    | ConsolidateConfig
    | RewriteCommands
    | SetKey
    | RemoveKey
    | AddRequirement
    | CreateFile
    | AppendLine
    | ReplaceText
    | RemoveFile
    | RunTool
)
