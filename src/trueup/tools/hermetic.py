"""The environment that the project's own code is started in: nobody's home, a fixed locale, no shell's variables.

A test that passes thanks to a variable of one shell, a file of one home folder or a program that one person installed
passes nowhere else. So the code gets what every machine has, and what it is handed. Tools (uv, git, pip-audit) keep
the user's environment: their caches, settings and credentials lie in the home folder.
"""

from __future__ import annotations

import os
import sys
import tempfile
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

WINDOWS = os.name == "nt"
# The locale that every system of the kind has, with UTF-8.
LOCALE = {"LANG": "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"}


@cache
def _machine() -> tuple[str, ...]:
    """The patterns of the names that say something of the machine, not of its user."""
    from trueup.data.environment import TABLE

    return tuple(name for row in TABLE["machine"] for name in row["names"])


def of_machine(name: str) -> bool:
    """Whether a variable is given to any code (``data/environment.py``)."""
    return any(fnmatchcase(name.upper(), pattern) for pattern in _machine())


def hermetic(environ: Mapping[str, str], scratch: Path, *, windows: bool = WINDOWS) -> dict[str, str]:
    """What code of the project gets of ``environ``, with a new and empty home folder below ``scratch``."""
    kept = {name: value for name, value in environ.items() if of_machine(name)}
    home = environ.get("USERPROFILE" if windows else "HOME", "")
    for name in kept:
        if name.upper() == "PATH":
            kept[name] = common_path(kept[name], home)
    return {**kept, **LOCALE, **homes(Path(tempfile.mkdtemp(prefix="home-", dir=scratch)), windows=windows)}


def common_path(path: str, home: str) -> str:
    """``PATH`` without what lies below a home folder, or below wherever the program is started."""
    top = Path(home) if home else None
    entries = [entry for entry in path.split(os.pathsep) if Path(entry).is_absolute()]
    if top is None or len(top.parts) < 2:  # a home folder at the root of the file system holds everything
        return os.pathsep.join(entries)
    return os.pathsep.join(entry for entry in entries if not Path(entry).is_relative_to(top))


def homes(home: Path, *, windows: bool = WINDOWS) -> dict[str, str]:
    """The variables by which programs find a home folder; Windows has a few more, and folders that must be there."""
    found = {"HOME": str(home)}
    if windows:
        roaming, local = home / "AppData" / "Roaming", home / "AppData" / "Local"
        for folder in (roaming, local):
            folder.mkdir(parents=True, exist_ok=True)
        drive, path = os.path.splitdrive(home)
        found |= {"USERPROFILE": str(home), "HOMEDRIVE": drive, "HOMEPATH": path}
        found |= {"APPDATA": str(roaming), "LOCALAPPDATA": str(local)}
    return found


def withheld(environ: Mapping[str, str], given: Mapping[str, str]) -> tuple[str, ...]:
    """The names of ``environ`` that code of the project does not get, or not as they are (``HOME``, ``PATH``)."""
    home = environ.get("USERPROFILE" if WINDOWS else "HOME", "")
    kept = {name for name in environ if of_machine(name)}
    cut = {name for name in kept if name.upper() == "PATH" and common_path(environ[name], home) != environ[name]}
    return tuple(sorted(name for name in environ if name not in (kept - cut) | LOCALE.keys() | given.keys()))
