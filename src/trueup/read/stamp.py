"""What an audit's answer hangs on: the state of every file that is read or could be.

Files are not opened: their size, and when their content and their entry last changed, decide. A file that changed
within the last moments may change again without a trace, and gives no stamp (as in git's index).
"""

from __future__ import annotations

import sys
import time

from trueup import __version__
from trueup.read import git
from trueup.read.environment import USUAL, site_packages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trueup.model.project import Project
    from trueup.model.settings import Settings
    from trueup.read.disk import DiskTree

MOMENT = 2_000_000_000  # nanoseconds: file systems that keep whole seconds, or two


def stamp(project: Project, tree: DiskTree, asked: Settings) -> bytes:
    """The stamp of a project as it lies there, for what was asked of it; empty where something changed just now."""
    today = time.strftime("%Y-%m-%d")
    said = [__version__, sys.version, today, project.root, project.repository, project.reason, repr(asked)]
    lines = [*said, *(f"{path}\0{entry!r}" for path, entry in tree.entries.items())]
    times = list(tree.times)
    for path in beside(tree):
        try:
            status = path.stat()
        except OSError:
            lines.append(f"{path}\0none")
        else:
            lines.append(f"{path}\0{status.st_size}\0{status.st_ino}")
            times += (status.st_mtime_ns, status.st_ctime_ns)
    if max(times, default=0) > time.time_ns() - MOMENT:
        return b""
    return "\n".join(lines).encode("utf-8", "surrogateescape") + repr(times).encode()


def beside(tree: DiskTree) -> Iterator[Path]:
    """What is read beside the tree: files of git, ignore files on the way, and the environment."""
    if tree.repository:
        data = git.data_directory(tree.repository)
        yield from (data / "index", data / "commondir", git.exclude_file(tree.repository))
        yield git.config_file(tree.repository)
        for folder in (tree.root, *tree.root.parents):
            yield folder / ".gitignore"
            if folder == tree.repository:
                break
    named = (path for path, entry in tree.entries.items() if entry.kind == "dir" and "/" not in path)
    for name in dict.fromkeys((*USUAL, *named)):
        folder = tree.root / name
        yield folder / "pyvenv.cfg"
        packages = site_packages(folder) if (folder / "pyvenv.cfg").is_file() else None
        if packages is None:
            continue
        yield from (folder / "bin" / "python", folder / "Scripts" / "python.exe", packages)
        for place in sorted(packages.iterdir()):
            if place.suffix in (".dist-info", ".egg-info"):
                yield from (place / item for item in ("INSTALLER", "direct_url.json", "RECORD"))
