"""Is what is installed what the wheels of ``uv.lock`` hold? Downloads them once more, past uv's cache, and runs none.

The files are held against their ``RECORD`` elsewhere; here each ``RECORD`` is held against that of the same wheel in a
fresh environment, so that nobody can edit a file and its ``RECORD`` together. uv checks the wheel's hash when it
downloads, not when it takes it from its cache: so the cache is an empty one. What was built here from source cannot
be had again. Scripts that start a program name their environment, and are only looked for.
Source: https://packaging.python.org/en/latest/specifications/recording-installed-packages/
"""

from __future__ import annotations

import os
import re
import tempfile
import tomllib
from pathlib import Path

from trueup.model.names import normal
from trueup.model.noun import NamedTuple
from trueup.model.report import Outcome
from trueup.tools.uv import UvError, venv_python
from trueup.verify.environment import MISSING
from trueup.verify.installed import UV_MODULE, Distribution, distributions, is_script, record, said, site_packages
from trueup.verify.sources import entries

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.verify import Context

ORDER = 24
NAME = "original files"
DEPTH = "deep"
ADVICE = True
SHOWN = 20
OWN = ("editable", "virtual")
REFUSED = re.compile(r"(?:Distribution|Failed to download|Failed to prepare) `([\w.-]+)==")
GONE = "it cannot be had again"


OTHER_HASH = "its hash is another one than in uv.lock"


class Again(NamedTuple):
    """What could be installed once more, by name, and why each of the others could not."""

    found: dict[str, Distribution]
    dark: dict[str, str]


def check(context: Context) -> Outcome:
    """Failed when a package lists other files, or other contents, than the wheel that is locked."""
    if not venv_python(context.venv).exists():
        return Outcome(NAME, "unchecked", MISSING)
    try:
        lock = tomllib.loads((context.root / "uv.lock").read_text("utf-8"))
    except (OSError, ValueError) as problem:
        return Outcome(NAME, "unchecked", f"there is no lock that can be read: {problem}")
    locked = [(normal(entry.name.split()[0]), entry.kind, entry.files) for entry in entries(lock)]
    own = {name for name, kind, _ in locked if kind in OWN}
    sources = [(name, kind) for name, kind, files in locked if name not in own and not any(map(wheel, files))]
    built = {name: f"uv.lock names no wheel of it ({kind})" for name, kind in sources}
    here = [item for place in site_packages(context.venv) for item in distributions(place)]
    wanted = {item.name: item for item in here if item.name in {name for name, *_ in locked} - own}
    with tempfile.TemporaryDirectory(prefix="trueup-again-", ignore_cleanup_errors=True) as scratch:
        absent = {name for name, *_ in locked} - {item.name for item in here}
        again = install(context, Path(scratch), own | absent, built)
        drift, dark, files = compared(wanted, again)
        drift += bent(context.venv, Path(scratch, "venv"))
    evidence = "\n".join([*drift[:SHOWN], *dark[:SHOWN]])
    same = f"{files} files of {len(wanted) - len(dark)} packages are those of the wheels that uv.lock names"
    drift += [line for line in dark if OTHER_HASH in line]
    if drift:
        return Outcome(NAME, "failed", said(drift), evidence)
    if dark:
        return Outcome(NAME, "unchecked", f"{said(dark)}; {same}", evidence)
    if not wanted:
        return Outcome(NAME, "unchecked", "nothing that is installed comes from a wheel of uv.lock")
    return Outcome(NAME, "passed", same)


def wheel(file: object) -> bool:
    """Whether a file of the lock is a wheel."""
    places = (str(file.get(key, "")) for key in ("url", "path", "filename")) if isinstance(file, dict) else iter(())
    return any(re.search(r"\.whl(?:[?#]|$)", place) for place in places)


def install(context: Context, scratch: Path, left_out: set[str], built: dict[str, str]) -> Again:
    """Install the locked wheels into ``scratch``, without those that cannot be had; of groups and extras that do not
    go together, only what uv installs unasked. Raises ``UvError``."""
    dark, venv, everything = dict(built), scratch / "venv", True
    python = str(venv_python(context.venv))
    while True:
        context.progress(f"{NAME}: uv sync into a fresh environment")
        try:
            without = sorted(left_out | dark.keys())
            context.uv.sync_aside(context.root, venv, scratch / "cache", without, everything=everything, python=python)
            break
        except UvError as problem:
            refused = REFUSED.search(problem.output)
            name = normal(refused[1]) if refused else ""
            if problem.kind in ("network", "timeout") or name in dark or not (name or everything):
                raise
            if name:
                dark[name] = f"{GONE} ({why(problem)})"
            else:
                everything = False
    return Again({item.name: item for place in site_packages(venv) for item in distributions(place)}, dark)


def why(problem: UvError) -> str:
    """Why uv could not install a wheel, in few words."""
    if "no binary distribution" in problem.output:
        return "no wheel of it fits"
    return OTHER_HASH if "Hash mismatch" in problem.output else problem.explanation


def compared(wanted: dict[str, Distribution], again: Again) -> tuple[list[str], list[str], int]:
    """What differs, what could not be compared, and how many files were."""
    drift, dark, files = [], [], 0
    for name, item in wanted.items():
        title = f"{name} {item.version}".strip()
        twin = again.found.get(name)
        if twin is None:
            dark.append(f"{title}: {again.dark.get(name, 'uv sync does not install it')}")
        elif twin.version != item.version:
            dark.append(f"{title}: uv.lock names {twin.version}")
        elif record(item) is None:
            dark.append(f"{title}: it has no RECORD that can be read")
        else:
            drift += [f"{title}: {line}" for line in differences(item, twin)]
            files += len(record(twin) or ())
    return drift, dark, files


def differences(item: Distribution, twin: Distribution) -> Iterator[str]:
    """How the ``RECORD`` of a distribution differs from that of the same wheel, installed afresh."""
    mine, theirs = rows(item), rows(twin)
    if mine.get(f"{item.info.name}/WHEEL") != theirs.get(f"{twin.info.name}/WHEEL"):
        yield "it is not the wheel that uv.lock names, but another one, or was built here"
        return
    for path in sorted(mine.keys() | theirs.keys()):
        outside = path.startswith("..")
        if path not in theirs:
            if not outside:
                yield f"{path} is in its RECORD, and not in the wheel"
        elif path not in mine:
            if not outside:
                yield f"{path} is in the wheel, and not in its RECORD"
        elif mine[path] != theirs[path] and not is_script(Path(twin.info.parent, path)):
            yield f"{path} is not that of the wheel, and its RECORD was edited too"


def bent(venv: Path, fresh: Path) -> list[str]:
    """The module that uv puts into each environment and starts with it, where the same uv writes it otherwise."""
    mine, theirs = ([place / UV_MODULE for place in site_packages(path)] for path in (venv, fresh))
    try:
        same_uv = written_by(venv) == written_by(fresh)
        differs = same_uv and mine[0].read_bytes() != theirs[0].read_bytes()
    except (OSError, IndexError):
        return []
    return [f"{UV_MODULE}: starts with Python, and is not what uv writes"] if differs else []


def written_by(venv: Path) -> str:
    """The line of ``pyvenv.cfg`` that names the uv that made an environment. Raises ``OSError``."""
    found = re.search(r"(?m)^uv\s*=\s*(\S+)", (venv / "pyvenv.cfg").read_text("utf-8", "replace"))
    return found[1] if found else ""


def rows(item: Distribution) -> dict[str, str]:
    """Path -> digest of the files that a ``RECORD`` binds."""
    return {os.path.normpath(row.path).replace("\\", "/"): row.digest.rstrip("=") for row in record(item) or ()}
