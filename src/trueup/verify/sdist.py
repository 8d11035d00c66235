"""Does the sdist build the same wheel as the tree, and does neither hold what must not be given away?

Whoever installs without a wheel builds from the sdist. What a backend packs depends on the backend and on
``.gitignore``: some leave tracked modules out, some pack an ignored ``.env`` that lies in the package. A wheel that
holds ``tests`` beside the package installs a package of that name; tests within the package are its own.
Source: https://packaging.python.org/en/latest/specifications/source-distribution-format/
"""

from __future__ import annotations

import hashlib
import os
import re
import tarfile
import tempfile
import zipfile
from pathlib import Path

from trueup.model.noun import NamedTuple
from trueup.model.report import Outcome
from trueup.tools.uv import Uv, UvError, venv_python
from trueup.verify.environment import MISSING
from trueup.verify.wheel import TEST, copy, packaged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from trueup.verify import Context

ORDER = 55
NAME = "sdist"
DEPTH = "verify"
SHOWN = 20
EPOCH = "1577836800"  # 2020-01-01, for SOURCE_DATE_EPOCH (https://reproducible-builds.org/specs/source-date-epoch/)
BESIDE = re.compile(r"(tests?/|conftest\.py$|test_[^/]*\.py$)")  # what a wheel puts beside every other package
LARGEST = 100_000  # bytes of a key that is looked into
PRIVATE = re.compile(
    r"""(^|/)(\.env(\.(?!example|sample|template|dist|defaults?$).*)?|\.envrc|\.pypirc|\.netrc|\.git-credentials|\.htpasswd
    |id_(rsa|dsa|ecdsa|ed25519)|credentials\.json|service[-_]account.*\.json|secrets?\.(toml|ya?ml|json|ini)
    |.*\.(sqlite3?|db3?|p12|pfx|kdbx|keystore|jks))$""",
    re.VERBOSE | re.IGNORECASE,
)
MADE = re.compile(r"__pycache__/|\.pyc$|(^|/)\.(mypy|pytest|ruff)_cache/")
KEY = re.compile(r"\.(pem|key)$", re.IGNORECASE)  # a certificate may be public: what it holds decides


class Packed(NamedTuple):
    """An archive: each file's digest by its path, and those that hold a private key."""

    digests: Mapping[str, str]
    keys: tuple[str, ...]
    whole: str

    @property
    def given_away(self) -> list[str]:
        """What must be in no archive. Tests may bring their own databases and keys."""
        made = [path for path in self.digests if MADE.search(path)]
        private = [path for path in self.digests if PRIVATE.search(path) and not TEST.search(path)]
        return sorted({*made, *private, *(path for path in self.keys if not TEST.search(path))})


class Built(NamedTuple):
    """What one copy of the tree gives."""

    wheel: Packed
    sdist: Packed
    file: Path


def check(context: Context) -> Outcome:
    """Passed when tree and sdist give wheels with the same files, no archive holds a secret or a database, and the
    wheel no tests beside the package."""
    if not packaged(context.root):
        return Outcome(NAME, "unchecked", "pyproject.toml names no build backend, so there is no sdist")
    if not venv_python(context.venv).exists():
        return Outcome(NAME, "unchecked", MISSING)
    python = str(venv_python(context.venv))
    uv = Uv(context.uv.executable, context.uv.version, {**context.uv.environ, "SOURCE_DATE_EPOCH": EPOCH})
    with tempfile.TemporaryDirectory(prefix="trueup-sdist-", ignore_cleanup_errors=True) as folder:
        scratch = Path(folder)
        try:
            context.progress(f"{NAME}: build")
            copy(context.root, scratch / "first")
            sdist = uv.build_sdist(scratch / "first", scratch / "sdist", python=python)
        except UvError as problem:
            return blamed(problem, "the sdist cannot be built")
        copy(context.root, scratch / "tree")
        try:
            tree = unpacked(uv.build_wheel(scratch / "tree", scratch / "wheel", python=python))
        except UvError as problem:
            message = f"no wheel can be built from the tree, so there is nothing to compare: {problem.message}"
            return Outcome(NAME, "unchecked", message, problem.output)
        first = Built(tree, unpacked(sdist), sdist)
        try:
            context.progress(f"{NAME}: build the wheel from it")
            second_hand = unpacked(uv.build_wheel(sdist, scratch / "second-hand", python=python))
        except UvError as problem:
            return blamed(problem, "no wheel can be built from the sdist")
        context.progress(f"{NAME}: build again")
        return judged(context, first, second_hand, again(uv, context.root, scratch, python))


def blamed(problem: UvError, what: str) -> Outcome:
    """The outcome for a build that failed; what is not the project's fault is passed on."""
    if problem.kind != "build":
        raise problem
    return Outcome(NAME, "failed", f"{what}: {problem.message}", problem.output)


def again(uv: Uv, root: Path, scratch: Path, python: str) -> Built | None:
    """A second time, from another folder and with other times of change; ``None`` where it fails now."""
    source = scratch / "again"
    copy(root, source)
    for path in source.rglob("*"):
        if not path.is_symlink():
            os.utime(path, (1_600_000_000, 1_600_000_000))
    try:
        sdist = uv.build_sdist(source, scratch / "sdist-again", python=python)
        return Built(unpacked(uv.build_wheel(source, scratch / "wheel-again", python=python)), unpacked(sdist), sdist)
    except UvError:
        return None


def unpacked(file: Path) -> Packed:
    """What an archive holds; an sdist's paths are told without its folder."""
    digests: dict[str, str] = {}
    keys = []
    for path, data in members(file):
        digests[path] = hashlib.sha256(data).hexdigest()
        if KEY.search(path) and len(data) < LARGEST and b"PRIVATE KEY-----" in data:
            keys.append(path)
    return Packed(digests, tuple(keys), hashlib.sha256(file.read_bytes()).hexdigest())


def members(file: Path) -> list[tuple[str, bytes]]:
    """Path and content of each file of a wheel or an sdist."""
    if file.suffix == ".whl":
        with zipfile.ZipFile(file) as archive:
            return [(item.filename, archive.read(item)) for item in archive.infolist() if not item.is_dir()]
    with tarfile.open(file) as packed:
        held = [(item.name.partition("/")[2], packed.extractfile(item)) for item in packed if item.isfile()]
        return [(name, stream.read()) for name, stream in held if stream is not None]


def judged(context: Context, first: Built, second_hand: Packed, second: Built | None) -> Outcome:
    """The outcome: secrets and tests, then files that differ, then remarks."""
    secrets = {"wheel": [*first.wheel.given_away, *beside(context, first.wheel)], "sdist": first.sdist.given_away}
    given = [f"the {kind} holds {path}" for kind, paths in secrets.items() for path in paths]
    if given:
        more = f" and {len(given) - 3} more" if len(given) > 3 else ""
        return Outcome(NAME, "failed", ", ".join(given[:3]) + more, "\n".join(given[:SHOWN]))
    lost = [f"{path}: only in the wheel from the tree" for path in absent(first.wheel, second_hand)]
    new = [f"{path}: only in the wheel from the sdist" for path in absent(second_hand, first.wheel)]
    if lost or new:
        message = f"the wheel from the sdist is another than that from the tree: {(lost + new)[0]}"
        more = f" and {len(lost + new) - 1} more" if len(lost + new) > 1 else ""
        return Outcome(NAME, "failed", message + more, "\n".join((lost + new)[:SHOWN]))
    notes = [*changed(first, second), *untracked(context, first.wheel)]
    message = f"tree and sdist build the same wheel of {len(first.wheel.digests)} files"
    return Outcome(NAME, "passed", "; ".join([message, *notes]))


def beside(context: Context, wheel: Packed) -> list[str]:
    """The tests that a wheel holds beside its package."""
    own = context.package.split(".")[0] + "/"
    return sorted(path for path in wheel.digests if BESIDE.match(path) and not path.startswith(own))


def absent(one: Packed, other: Packed) -> list[str]:
    """The files of one archive that another lacks."""
    return sorted(one.digests.keys() - other.digests.keys())


def changed(first: Built, second: Built | None) -> list[str]:
    """Whether two builds give the same bytes; what differs is a remark."""
    if second is None:
        return ["a second build from a fresh copy fails"]
    notes = []
    for kind, one, other in (("wheel", first.wheel, second.wheel), ("sdist", first.sdist, second.sdist)):
        if one.whole == other.whole:
            continue
        paths = [
            path for path in sorted({*one.digests, *other.digests}) if one.digests.get(path) != other.digests.get(path)
        ]
        paths = [path for path in paths if not path.endswith("/RECORD")] or paths
        what = ", ".join(paths[:3]) if paths else "its times, modes or order"
        notes.append(f"a second build of the {kind} differs in {what}" + (" and more" if len(paths) > 3 else ""))
    return notes or ["a second build gives the same bytes"]


def untracked(context: Context, wheel: Packed) -> list[str]:
    """Files of the package that git ignores, and that the wheel holds all the same."""
    known = set(context.files)
    inside = f"{context.package.replace('.', '/')}/" if context.package else "/"
    base = "src/" if (context.root / "src" / inside).is_dir() else ""
    packed = [path for path in wheel.digests if path.startswith(inside) and (context.root / base / path).is_file()]
    found = [path for path in packed if known and base + path not in known]
    return [f"{len(found)} files in it are ignored by git ({', '.join(found[:3])})"] if found else []
