"""Where the relative paths of a program begin: in the folder that it is started in."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.plan.moves import Mover


def started_in(mover: Mover, path: str) -> str:
    """The folder on the import path that a relative path begins in, where the project's root has nothing of its name:
    the program is started there. ``""`` where it begins at the root."""
    top = path.partition("/")[0]
    roots = ("", *mover.project.layout.roots) if top not in ("", ".", "..") else ()
    return next((root for root in roots if has(mover, top, root)), "")


def has(mover: Mover, path: str, base: str) -> bool:
    """Whether there is something at a path that begins in a folder."""
    return has_folder(mover, path, base) or mover.tree.has(f"{base}/{path}" if base else path)


def has_folder(mover: Mover, path: str, base: str) -> bool:
    """Whether there is a folder."""
    return mover.tree.has_dir(f"{base}/{path}" if base else path)
