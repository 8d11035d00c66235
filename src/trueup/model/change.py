"""What happens to bytes. Overlay, diff, stage and transaction all interpret these four and no others."""

from trueup.model.noun import NamedTuple


class Write(NamedTuple):
    """The file at ``path`` holds ``content`` afterwards; parents are made.

    ``mode`` holds the permission bits of a new file; an existing file keeps its own.
    """

    path: str
    content: bytes
    mode: int = 0o644


class Move(NamedTuple):
    """Rename a file or a whole directory; the target must not exist, its parents are made."""

    source: str
    target: str


class Remove(NamedTuple):
    """Remove a file, or a directory with all that is in it."""

    path: str


class Run(NamedTuple):
    """Run a tool in the project's root; ``writes`` are the paths whose content is known only afterwards."""

    argv: tuple[str, ...]
    writes: tuple[str, ...] = ()


Change = Write | Move | Remove | Run


def apply_to_path(path: str, change: Change) -> str | None:
    """Where ``path`` is after ``change``; ``None`` when it is removed."""
    match change:
        case Move(source, target):
            if path == source:
                return target
            return target + path[len(source) :] if path.startswith(source + "/") else path
        case Remove(gone):
            return None if path == gone or path.startswith(gone + "/") else path
        case Write() | Run():
            return path
