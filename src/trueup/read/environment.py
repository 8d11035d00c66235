"""The project's virtual environment, read from its files; nothing in it is ever run.

Sources: PEP 405 (pyvenv.cfg), PEP 376 and 610 (dist-info, INSTALLER, direct_url.json).
"""

from __future__ import annotations

import re

from trueup.model.names import normal
from trueup.model.pattern import lazy
from trueup.model.project import Distribution, Environment
from trueup.read.git import read_small

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import Any

    from trueup.model.tree import Tree

USUAL = (".venv", "venv", "env", ".env")  # uv's own place first
DIST_INFO = lazy(r"(?P<name>.+?)-(?P<version>[^-]+)(?:-py[\d.]+)?\.(?:dist|egg)-info")
STARTS = lazy(r"(?:[^/,]+\.pth|(?:site|user)customize\.py)(?=,|$)")
UV_START = "_virtualenv.pth"  # uv writes it into each environment
RECORD_CAP = 10_000_000
SETTING = lazy(r"^[ \t]*([\w-]+)[ \t]*=[ \t]*(.*?)[ \t\r]*$", re.MULTILINE)


def read_environment(root: Path, tree: Tree) -> Environment | None:
    """The environment at the project's root: ``.venv``, else one of another name; ``None`` where there is none.

    ``tracked`` says that git does not ignore it; ``broken`` why it cannot be used.
    """
    if (root / ".venv").is_symlink():
        return Environment(".venv", broken="it is a link, which is not followed")
    for name in (*USUAL, *(path for path, entry in tree.entries.items() if entry.kind == "dir" and "/" not in path)):
        if (root / name / "pyvenv.cfg").is_file():
            entry = tree.entries.get(name)
            return read_folder(root / name, name, tracked=entry is not None and not entry.ignored)
    return None


def read_folder(folder: Path, name: str, tracked: bool) -> Environment:
    """The environment that lies in ``folder``."""
    text = read_small(folder / "pyvenv.cfg").decode("utf-8", "replace")
    settings = {key.lower(): value for key, value in SETTING.findall(text)}
    packages = site_packages(folder)
    return Environment(
        path=name,
        python=settings.get("version_info") or settings.get("version", ""),
        home=settings.get("home", ""),
        system_site=settings.get("include-system-site-packages", "").lower() == "true",
        distributions=tuple(sorted(distributions(packages))) if packages else (),
        broken=what_is_broken(folder, packages),
        tracked=tracked,
        strays=tuple(strays_in(packages)) if packages else (),
    )


def environment_in(tree: Tree) -> Environment | None:
    """The environment ``.venv`` of a tree in memory, whose files stand in it one by one."""
    if not tree.has(".venv/pyvenv.cfg"):
        return None
    settings = {key.lower(): value for key, value in SETTING.findall(tree.text(".venv/pyvenv.cfg"))}
    found = set()
    for path in tree.entries:
        folder = path.rpartition("/")[0]
        match = DIST_INFO.fullmatch(folder.rpartition("/")[2])
        if match and folder.startswith(".venv/") and "/site-packages/" in folder:
            installer = tree.text(f"{folder}/INSTALLER").strip() if tree.has(f"{folder}/INSTALLER") else ""
            data = tree.read(f"{folder}/direct_url.json") if tree.has(f"{folder}/direct_url.json") else b""
            url, editable = direct_url(data)
            found.add(Distribution(normal(match["name"]), match["version"], installer, editable, url))
    return Environment(
        ".venv",
        settings.get("version_info") or settings.get("version", ""),
        settings.get("home", ""),
        settings.get("include-system-site-packages", "").lower() == "true",
        tuple(sorted(found)),
        strays=tuple(stray(names_by_folder(tree), records_in(tree))),
    )


def names_by_folder(tree: Tree) -> list[str]:
    """What lies in the ``site-packages`` of a tree in memory."""
    return [path.rpartition("/")[2] for path in tree.entries if path.rpartition("/")[0].endswith("/site-packages")]


def records_in(tree: Tree) -> Iterator[str]:
    """The ``RECORD`` of each of its distributions."""
    return (tree.text(path) for path in tree.entries if path.startswith(".venv/") and path.endswith("-info/RECORD"))


def strays_in(packages: Path) -> Iterator[str]:
    """The same of an environment on disk; uv's own start-up file is none."""
    names = [place.name for place in packages.iterdir()]
    records = (read_small(place / "RECORD", RECORD_CAP) for place in sorted(packages.glob("*.dist-info")))
    return stray(names, (record.decode("utf-8", "replace") for record in records))


def stray(names: Iterable[str], records: Iterator[str]) -> Iterator[str]:
    """Those files that run whenever Python starts, and that no ``RECORD`` lists."""
    found = {name for name in names if STARTS.fullmatch(name) and name != UV_START}
    for record in records if found else ():
        found -= {line.split(",")[0] for line in record.splitlines() if STARTS.match(line)}
    yield from sorted(found)


def site_packages(folder: Path) -> Path | None:
    """Where the environment's packages lie."""
    return next(
        (path for path in (folder / "Lib/site-packages", *folder.glob("lib/python*/site-packages")) if path.is_dir()),
        None,
    )


def what_is_broken(folder: Path, packages: Path | None) -> str:
    """Why the environment cannot be used, or nothing."""
    if not any((folder / place).exists() for place in ("bin/python", "Scripts/python.exe")):
        return "its interpreter is gone"
    return "" if packages else "it has no site-packages"


def distributions(packages: Path) -> Iterator[Distribution]:
    """What is installed, one for each ``dist-info`` or ``egg-info``."""
    for place in packages.iterdir():
        match = DIST_INFO.fullmatch(place.name)
        if match:
            url, editable = direct_url(read_small(place / "direct_url.json"))
            name = normal(match["name"])
            installer = read_small(place / "INSTALLER").decode("utf-8", "replace").strip()
            yield Distribution(name, match["version"], installer, editable, url)


def direct_url(data: bytes) -> tuple[str, bool]:
    """The address that a distribution was installed from, and whether it is editable."""
    import json

    try:
        said: Any = json.loads(data or b"{}")
    except (ValueError, RecursionError):
        return "", False
    if not isinstance(said, dict) or not isinstance(said.get("url"), str):
        return "", False
    info = said.get("dir_info")
    return said["url"], isinstance(info, dict) and info.get("editable") is True
