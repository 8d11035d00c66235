"""The first lock: the versions that the old manifests fixed are the versions in ``uv.lock``.

uv prefers the versions of an existing lock. So the project is locked once with the pins as
``constraint-dependencies``, and once more without them: the lock keeps the versions, and
``pyproject.toml`` stays as it was. An existing ``uv.lock`` is never deleted.
"""

from __future__ import annotations

import re
import tomllib
from contextlib import contextmanager

from trueup.errors import ProjectError, ToolError
from trueup.model.names import requirement_name
from trueup.model.noun import NamedTuple
from trueup.model.plan import Pin
from trueup.text.toml import set_key
from trueup.tools.uv import Uv, UvError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    Refusal = Callable[[Sequence[Pin]], UvError | None]

LOCK = "uv.lock"
ATTEMPTS = 6  # refusals after which no pin is insisted on any more
RESTORED = 12  # pins set aside that are tried again, one by one


class Moved(NamedTuple):
    """A pin whose version could not stay: the ``version`` that is locked instead, and ``why``."""

    pin: Pin
    version: str
    why: str


class Bootstrapped(NamedTuple):
    """``notes`` are lines for a person: pins that nothing requires any more, and the like."""

    moved_pins: tuple[Moved, ...] = ()
    notes: tuple[str, ...] = ()


def bootstrap(
    root: Path, pins: Sequence[Pin], uv: Uv, *, python: str, progress: Callable[[str], None] = lambda _: None
) -> Bootstrapped:
    """Lock ``root`` so that every pin that can be kept is kept, then make ``.venv`` what the lock says.

    ``python`` is a version or a path. Raises ``UvError`` (a ``ToolError``): no such Python, no network,
    requirements that cannot be met whatever the pins, a distribution that cannot be built.
    ``pyproject.toml`` is what it was, byte for byte, in any case.
    """
    interpreter = uv.find_python(python)
    wanted, notes = usable(root, [*pins, *already_locked(root, pins)])
    aside = seed(root, wanted, uv, interpreter, progress) if wanted else {}
    progress("uv lock")
    uv.lock(root, python=interpreter)
    if not (root / LOCK).is_file():
        raise ToolError(f"uv wrote no uv.lock into {root}", "is it a member of a uv workspace above it?")
    result = compared(wanted, aside, locked_versions(root))
    progress("uv sync --locked")
    uv.sync(root, python=interpreter)
    return result._replace(notes=notes + result.notes)


def already_locked(root: Path, pins: Sequence[Pin]) -> list[Pin]:
    """What an existing ``uv.lock`` fixes and no pin does: uv would move it to please a new requirement."""
    if not (root / LOCK).is_file():
        return []
    pinned = {pin.name for pin in pins}
    versions = locked_versions(root, registry_only=True)
    single = ((name, *found) for name, found in versions.items() if len(found) == 1 and name not in pinned)
    return [Pin(name, version, path=LOCK) for name, version in single]


def usable(root: Path, pins: Sequence[Pin]) -> tuple[tuple[Pin, ...], tuple[str, ...]]:
    """Each pin once, those of direct dependencies first, since those are kept first; and what is left out."""
    from packaging.version import InvalidVersion, Version

    known: dict[tuple[str, str, str], Pin] = {}
    notes: list[str] = []
    for pin in pins:
        try:
            Version(pin.version)
        except InvalidVersion:
            notes.append(f"{pin.name} is not kept at {pin.version!r}: that is no version")
        else:
            known.setdefault((pin.name, pin.version, pin.marker), pin)
    direct = direct_names(root)
    return tuple(sorted(known.values(), key=lambda pin: pin.name not in direct)), tuple(notes)


def direct_names(root: Path) -> set[str]:
    """The normalised names that ``[project] dependencies`` lists."""
    project = read_toml(root / "pyproject.toml").get("project", {})
    texts = [text for text in project.get("dependencies", []) if isinstance(text, str)]
    return {requirement_name(text) for text in texts}


def seed(root: Path, pins: tuple[Pin, ...], uv: Uv, python: str, progress: Callable[[str], None]) -> Mapping[Pin, str]:
    """Lock with as many of the pins as uv accepts; the others, each with uv's reason."""
    with constrained(root) as constrain:

        def refusal(kept: Sequence[Pin]) -> UvError | None:
            progress(f"uv lock, {len(kept)} of {len(pins)} pinned versions kept")
            constrain(kept)
            try:
                uv.lock(root, python=python)
            except UvError as problem:
                if problem.kind not in ("conflict", "build"):
                    raise
                return problem
            return None

        return restore(pins, settle(pins, refusal), refusal)


def settle(pins: tuple[Pin, ...], refusal: Refusal) -> Mapping[Pin, str]:
    """Set aside the pins that uv's refusals name until it accepts the others; all of them after ``ATTEMPTS``.

    ``refusal`` tries to lock with the pins given, and is what uv objects to. Raises the objection when
    uv objects to no pins at all.
    """
    aside: dict[Pin, str] = {}
    attempts = 0
    while problem := refusal(kept := without(pins, aside)):
        attempts += 1
        if not kept:
            raise problem
        blamed = blame(problem, kept) if attempts < ATTEMPTS else kept
        aside.update(dict.fromkeys(blamed, problem.explanation))
    return aside


def restore(pins: tuple[Pin, ...], aside: Mapping[Pin, str], refusal: Refusal) -> Mapping[Pin, str]:
    """Take back, one by one, the pins that were set aside only because another one contradicted.

    A refused attempt leaves the lock of the last accepted one.
    """
    if len(aside) < 2:
        return aside
    for pin in list(aside)[:RESTORED]:
        fewer = {other: why for other, why in aside.items() if other != pin}
        problem = refusal(without(pins, fewer))
        aside = {**fewer, pin: problem.explanation} if problem else fewer
    return aside


def without(pins: tuple[Pin, ...], aside: Mapping[Pin, str]) -> tuple[Pin, ...]:
    """The pins that are not set aside."""
    return tuple(pin for pin in pins if pin not in aside)


def blame(problem: UvError, pins: tuple[Pin, ...]) -> tuple[Pin, ...]:
    """The pins that uv's words name with their version; else those it names at all; else every pin."""
    for with_version in (True, False):
        named = tuple(pin for pin in pins if re.search(pattern(pin, with_version), problem.output, re.IGNORECASE))
        if named:
            return named
    return pins


def pattern(pin: Pin, with_version: bool) -> str:
    """How uv may write the name of a distribution: ``a-b``, ``a_b[extra]``, ``a-b{marker}==1.0``."""
    name = "[-_.]+".join(re.escape(part) for part in re.split(r"[-_.]+", pin.name))
    version = (
        rf"(?:\[[^\]]*\]|{{[^}}]*}})*={{2,3}}{re.escape(pin.version)}(?!\.?\w)" if with_version else r"(?![\w.-]*\w)"
    )
    return rf"(?<![\w.-]){name}{version}"


@contextmanager
def constrained(root: Path) -> Iterator[Callable[[Sequence[Pin]], None]]:
    """Lends a function that writes pins into ``[tool.uv] constraint-dependencies``, beside those that are there.

    ``pyproject.toml`` has its own bytes again afterwards, whatever happens.
    """
    path = root / "pyproject.toml"
    own = read_toml(path).get("tool", {}).get("uv", {}).get("constraint-dependencies", [])
    original = path.read_bytes()

    def constrain(pins: Sequence[Pin]) -> None:
        said = [*own, *map(constraint, pins)]
        text = set_key(original.decode("utf-8-sig"), ("tool", "uv", "constraint-dependencies"), said)
        path.write_bytes(text.encode())

    try:
        yield constrain
    finally:
        path.write_bytes(original)


def constraint(pin: Pin) -> str:
    """The pin as PEP 508 has it."""
    return f"{pin.name}=={pin.version}" + (f" ; {pin.marker}" if pin.marker else "")


def compared(pins: tuple[Pin, ...], aside: Mapping[Pin, str], locked: Mapping[str, set[str]]) -> Bootstrapped:
    """Which pins the lock keeps, which it moved, and which distributions it does not have at all."""
    from packaging.version import Version

    moved: list[Moved] = []
    notes: list[str] = []
    for pin in pins:
        versions = locked.get(pin.name, set())
        if not versions and pin.path != LOCK:
            notes.append(f"{pin.name} {pin.version} was pinned, but nothing that is declared requires it")
        elif versions and Version(pin.version) not in {Version(version) for version in versions}:
            why = aside.get(pin, "uv chose another version once the pin was no constraint any more")
            moved.append(Moved(pin, ", ".join(sorted(versions)), why))
    return Bootstrapped(tuple(moved), tuple(notes))


def locked_versions(root: Path, *, registry_only: bool = False) -> dict[str, set[str]]:
    """The versions in ``uv.lock`` by normalised name; a project with a dynamic version has none."""
    versions: dict[str, set[str]] = {}
    for package in read_toml(root / LOCK).get("package", []):
        if "version" in package and ("registry" in package.get("source", {}) or not registry_only):
            versions.setdefault(package["name"], set()).add(package["version"])
    return versions


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file's data. Raises ``ProjectError`` when it cannot be read."""
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as problem:
        raise ProjectError(f"{path} cannot be read: {problem}") from problem
