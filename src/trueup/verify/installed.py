"""Are the files in ``.venv`` the ones that were installed? Reads them, and starts nothing.

uv compares versions only, and a cache that is hard-linked lets an edit reach every environment. Each file is held
against its distribution's ``RECORD``; who rewrites a file and the ``RECORD`` too is not seen. Certificates that were
appended to a bundle are told and do not fail: that is how the one of a company's proxy gets there.
Source: https://packaging.python.org/en/latest/specifications/recording-installed-packages/
"""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import os
import re
import stat
import tomllib
from pathlib import Path

from trueup.model.names import normal
from trueup.model.noun import NamedTuple
from trueup.model.report import Outcome
from trueup.tools.uv import venv_python
from trueup.verify.environment import MISSING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.verify import Context

ORDER = 22
NAME = "installed files"
DEPTH = "verify"
SHOWN = 20
WRITTEN_BY_INSTALLERS = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json", "uv_build.json"}
SIGNATURES = ("RECORD.jws", "RECORD.p7s")
DIGESTS = {"sha256", "sha384", "sha512"}
STARTS_WITH_PYTHON = ("sitecustomize.py", "usercustomize.py")
UV_START = ("_virtualenv.pth", "import _virtualenv")  # uv writes it into each environment, and no RECORD lists it
UV_MODULE = "_virtualenv.py"
IMPORTABLE = (".py", ".pyc", ".so", ".pyd")
BUNDLE = "cacert.pem"  # of certifi, and of the copies of it that others bring
CERTIFICATE = re.compile(
    rb"-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]+-----END CERTIFICATE-----|#[^\n]*|\s+"  # or a remark, or blanks
)
EXACT = ("uv", "pip")  # they put into the RECORD what they made of a script
SEEDS = {"pip", "setuptools", "wheel"}


class Row(NamedTuple):
    """One line of a ``RECORD``: the file, and what it must be; ``exact``: a script that was made here, too."""

    owner: str
    path: str
    digest: str
    size: str
    exact: bool = False


class Distribution(NamedTuple):
    """One installed distribution: its normalised name, and the folder that describes it."""

    name: str
    version: str
    info: Path

    @property
    def origin(self) -> str:
        """The address it was installed from, where that was no index; ``""`` for a project installed editable."""
        try:
            told = json.loads((self.info / "direct_url.json").read_text("utf-8"))
            return "" if told.get("dir_info", {}).get("editable") else str(told["url"])
        except (OSError, ValueError, KeyError, AttributeError, TypeError):
            return ""

    @property
    def installer(self) -> str:
        """The program that installed it."""
        try:
            return (self.info / "INSTALLER").read_text("utf-8").strip()[:40] or "an unknown program"
        except (OSError, ValueError):
            return "an unknown program"


Listed = dict[Distribution, list[Row] | None]


class Seen(NamedTuple):
    """What was found: ``drift`` fails, ``dark`` could not be compared, ``trust`` is told."""

    files: int
    drift: tuple[str, ...]
    dark: tuple[str, ...]
    trust: tuple[str, ...]


def check(context: Context) -> Outcome:
    """Passed when every file is what its RECORD says, nothing else starts with Python, and all is locked."""
    if not venv_python(context.venv).exists():
        return Outcome(NAME, "unchecked", MISSING)
    places = site_packages(context.venv)
    if not places:
        return Outcome(NAME, "unchecked", "no site-packages lies in .venv")
    found = [item for place in places for item in distributions(place)]
    listed = {item: record(item) for item in found}
    files = compared(context.venv, listed)
    strays = [f"{name}: starts with Python, and no package lists it" for name in stray(places, listed)]
    strays += [f"{name}: can be imported, and no package lists it" for name in loose(places, listed)]
    sources = locked(context.root)
    foreign = list(by_hand(found, sources, seeded(context.venv))) if sources is not None else []
    drift = [*files.drift, *strays, *foreign]
    dark = [*files.dark, *([] if sources is not None else ["there is no uv.lock that says what belongs here"])]
    evidence = "\n".join([*drift[:SHOWN], *dark[:SHOWN], *files.trust])
    if drift:
        return Outcome(NAME, "failed", said(drift), evidence)
    if dark:
        return Outcome(NAME, "unchecked", said(dark), evidence)
    message = f"{files.files} files of {len(found)} packages are as they were installed"
    return Outcome(NAME, "passed", "; ".join([message, *files.trust]))


def said(lines: list[str]) -> str:
    """The first few of what was found."""
    more = f"; and {len(lines) - 3} more" if len(lines) > 3 else ""
    return "; ".join(lines[:3]) + more


def site_packages(venv: Path) -> list[Path]:
    """Where an environment keeps its packages."""
    return [path for path in (*venv.glob("lib/python*/site-packages"), venv / "Lib" / "site-packages") if path.is_dir()]


def distributions(place: Path) -> Iterator[Distribution]:
    """Everything that says that it is installed there, in every form that pip and uv ever wrote."""
    for path in sorted(place.iterdir()):
        if path.suffix in (".dist-info", ".egg-info", ".egg-link"):
            name, _, version = path.stem.partition("-")
            yield Distribution(normal(name), re.split(r"-py\d", version)[0], path)


def compared(venv: Path, listed: Listed) -> Seen:
    """Every file against the RECORDs that list it: one that two packages bring may be either's."""
    rows: dict[str, list[Row]] = {}
    inside = os.path.join(venv, "")  # noqa: PTH118 - thousands of paths: as text they take a third of the time
    dark = [f"{item.name}: it has no RECORD that can be read" for item, found in listed.items() if found is None]
    for item, found in listed.items():
        place = os.path.join(item.info.parent, "")  # noqa: PTH118
        for row in found or ():
            rows.setdefault(os.path.normpath(place + row.path), []).append(row)
    drift, trust = [], []
    linked = sum(map(is_linked, rows))
    for path, claims in rows.items():
        if not path.startswith(inside):
            dark.append(f"{claims[0].owner}: {claims[0].path} lies outside the environment")
            continue
        states = {state(Path(path), row) for row in claims}
        if "" in states:
            continue
        worst = "unknown" if "unknown" in states else sorted(states)[0]
        if Path(path).name == BUNDLE and (added := max(appended(Path(path), row) for row in claims)):
            trust.append(f"{claims[0].owner}: {added} certificates were added to its {BUNDLE}")
            continue
        name = f"{claims[0].owner}: {Path(path).relative_to(venv).as_posix()}"
        if worst == "unknown":
            dark.append(f"{name} has no hash in its RECORD")
        else:
            drift.append(f"{name} {worst}{shared(Path(path), claims[0].owner) if worst == 'was edited' else ''}")
    if linked:
        trust.append(f"{linked} are hard links, into uv's cache as a rule: an edit in place reaches all who have them")
    return Seen(len(rows), tuple(drift), tuple(dark), tuple(trust))


def is_linked(path: str) -> bool:
    """Whether a file has further names."""
    try:
        status = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISREG(status.st_mode) and status.st_nlink > 1


def shared(path: Path, owner: str) -> str:
    """A remark where a file has further names: an edit in place reached them all, uv's cache as a rule."""
    try:
        status = path.lstat()
    except OSError:
        return ""
    if not stat.S_ISREG(status.st_mode) or status.st_nlink < 2:
        return ""
    others = "another name" if status.st_nlink == 2 else f"{status.st_nlink - 1} other names"
    return f" (and with it {others} of the file, uv's cache as a rule: uv cache clean {owner})"


def record(item: Distribution) -> list[Row] | None:
    """The lines of a RECORD that bind a file; ``None`` where there is none."""
    try:
        with (item.info / "RECORD").open(encoding="utf-8", newline="") as file:
            lines = [line for line in csv.reader(file) if line]
    except (OSError, ValueError, csv.Error):
        return None
    exact = item.installer in EXACT
    cells = ([*line, "", ""][:3] for line in lines)
    rows = (Row(item.name, path, digest, size, exact) for path, digest, size in cells)
    return [row for row in rows if binds(row.path, item.info.name)]


def binds(path: str, info: str) -> bool:
    """Whether a file must stay as it was: neither byte code beside its source nor what an installer writes."""
    folder, _, name = path.replace("\\", "/").rpartition("/")
    own = folder == info and (name in WRITTEN_BY_INSTALLERS or name in SIGNATURES)
    return not own and not (name.endswith(".pyc") and folder.rpartition("/")[2] == "__pycache__")


def state(path: Path, row: Row) -> str:
    """``""`` where the file is what the line says, else ``was edited``, ``is missing`` or ``unknown``."""
    try:
        status = path.stat()
    except OSError:
        return "is missing"
    if not stat.S_ISREG(status.st_mode):
        return "was edited"
    rewritten = not row.exact and is_script(path)
    if row.size.isdigit() and int(row.size) != status.st_size and not rewritten:
        return "was edited"
    kind, _, wanted = row.digest.partition("=")
    if kind not in DIGESTS:
        return "" if rewritten else "unknown"
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, kind).digest()
    except OSError:
        return "unknown"
    same = encoded(digest) == wanted.rstrip("=")
    return "" if same or rewritten else "was edited"


def appended(path: Path, row: Row) -> int:
    """How many certificates stand behind the bundle that was installed; 0 where anything else was changed."""
    kind, _, wanted = row.digest.partition("=")
    try:
        data = path.read_bytes() if row.size.isdigit() and kind in DIGESTS else b""
    except OSError:
        return 0
    length = int(row.size) if data else 0
    if not data or encoded(hashlib.new(kind, data[:length]).digest()) != wanted.rstrip("="):
        return 0
    rest = data[length:]
    return 0 if CERTIFICATE.sub(b"", rest) else rest.count(b"-----BEGIN CERTIFICATE-----")


def encoded(digest: bytes) -> str:
    """A digest as a RECORD writes it."""
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def is_script(path: Path) -> bool:
    """Whether an installer may have rewritten it: a script that names its interpreter, or Windows' launcher of one."""
    if path.parent.name not in ("bin", "Scripts"):
        return False
    if path.suffix == ".exe":
        return True
    try:
        with path.open("rb") as file:
            return file.read(2) == b"#!"
    except OSError:
        return False


def stray(places: list[Path], listed: Listed) -> Iterator[str]:
    """Files that Python runs or reads whenever it starts, and that no distribution brought."""
    owned = {
        os.path.normpath(item.info.parent / row.path)
        for item, found in listed.items()
        for row in found or ()
        if row.path.endswith((".pth", *STARTS_WITH_PYTHON))
    }
    for place in places:
        for path in sorted(place.iterdir()):
            starts = path.suffix == ".pth" or path.name in STARTS_WITH_PYTHON
            if starts and os.path.normpath(path) not in owned and not is_uvs(path):
                yield path.name


def loose(places: list[Path], listed: Listed) -> Iterator[str]:
    """Modules that no distribution brought: beside ``lib.py``, Python takes a ``lib.so`` or a folder ``lib`` first.

    Byte code in its own folders aside. Where one distribution has no RECORD, they may be its own, and none is named.
    """
    if None in listed.values():
        return
    owned = {
        os.path.normpath(os.path.join(item.info.parent, row.path))  # noqa: PTH118 - thousands of paths
        for item, found in listed.items()
        for row in found or ()
    }
    for place in places:
        for folder, folders, names in os.walk(place):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            own = (*STARTS_WITH_PYTHON, UV_MODULE) if folder == str(place) else ()
            for name in sorted(names):
                path = os.path.join(folder, name)  # noqa: PTH118
                if name.endswith(IMPORTABLE) and name not in own and path not in owned:
                    yield Path(path).relative_to(place).as_posix()


def is_uvs(path: Path) -> bool:
    """Whether it is the start-up file that comes with an environment itself."""
    try:
        return (path.name, path.read_text("utf-8").strip()) == UV_START
    except (OSError, ValueError):
        return False


def locked(root: Path) -> dict[str, bool] | None:
    """Name -> whether it comes from an index, for all that ``uv.lock`` names; ``None`` without a lock."""
    try:
        packages = tomllib.loads((root / "uv.lock").read_text("utf-8")).get("package", [])
        return {normal(item["name"]): "registry" in item.get("source", {}) for item in packages}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def seeded(venv: Path) -> bool:
    """Whether the environment was made with pip in it: by ``python -m venv``, or by uv when asked to."""
    try:
        text = (venv / "pyvenv.cfg").read_text("utf-8")
    except (OSError, ValueError):
        return False
    return not re.search(r"(?m)^uv\s*=", text) or bool(re.search(r"(?m)^seed\s*=\s*true", text))


def by_hand(found: list[Distribution], sources: dict[str, bool], seeds: bool) -> Iterator[str]:
    """Packages that the lock does not name, and those that it takes from an index and somebody did not."""
    for item in found:
        name = f"{item.name} {item.version}".strip()
        origin = f" from {item.origin}" if item.origin else ""
        if item.name not in sources:
            if not (seeds and item.name in SEEDS):
                yield f"{name}: put in by hand ({item.installer}{origin}), uv.lock does not name it"
        elif sources[item.name] and item.origin:
            yield f"{name}: put in by hand ({item.installer}{origin}), uv.lock takes it from an index"
