"""Which Python a project gets, from all that says something about it."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from trueup.model.command_line import MANAGERS, pip_arguments, requirement_files
from trueup.model.versions import holds, is_plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from trueup.model.project import Project, PythonEvidence

DEFAULT = "3.12"
OLDEST = (3, 8)  # below, uv makes no environments
KNOWN = tuple(f"3.{minor}" for minor in range(6, 16))
_ORDER = ("pin", "docker", "runtime", "ci", "tox", "classifier", "compiled")  # who is believed first
_SAYS = {
    "pin": "pinned",
    "docker": "the image's Python",
    "runtime": "the platform's Python",
    "ci": "the newest that CI tests",
    "tox": "the newest that tox tests",
    "classifier": "the newest that the classifiers name",
    "compiled": "the lists were made with it",
}


def python_for(project: Project) -> str:
    """The minor version that a project gets: the one asked for, else what its evidence speaks for, and what a plan
    takes away of that."""
    there = {item.place.path for item in project.evidence if item.what == "pin"}
    gone = (item for item in project.pins if item.place.path not in there)  # a Pipfile may stay without it
    return project.settings.python or choose_python((*project.evidence, *gone), prefers=project.settings.prefers)[0]


def floor_for(project: Project) -> str:
    """The oldest minor version that a project keeps: the one it gets, or an older one of a list that CI runs through,
    since CI then asks uv for each of them, or of an image that installs what the project needs."""
    said = sorted((item for item in project.evidence if item.what == "ci"), key=lambda item: item.place)
    near = [
        {minor_of(one.version), minor_of(two.version)}
        for one, two in pairwise(said)
        if one.place.path == two.place.path and two.place.line - one.place.line < 3
    ]
    syntax = max((_key(minor_of(item.version)) for item in project.evidence if item.what == "syntax"), default=OLDEST)
    listed = [minor for minors in near if len(minors) > 1 for minor in minors]
    filled = {command.path for command in project.commands if command.where == "dockerfile" and _fills(command.argv)}
    listed += [minor_of(item.version) for item in project.evidence if item.place.path in filled]
    return min([python_for(project), *(item for item in listed if _key(item) >= max(syntax, OLDEST))], key=_key)


def _fills(argv: tuple[str, ...]) -> bool:
    """Whether a command installs what a manifest lists."""
    managed = any(word in (*MANAGERS, "uv") for word in argv[:2]) and not {"install", "sync"}.isdisjoint(argv[1:3])
    return managed or bool(requirement_files(pip_arguments(argv) or []))


def choose_python(evidence: Iterable[PythonEvidence], default: str = DEFAULT, prefers: str = "") -> tuple[str, str]:
    """The minor version (``"3.12"``) and why.

    ``prefers`` (what ``UV_PYTHON`` has uv run on this machine, whatever is pinned) wins where the project admits it.

    A pin that ``requires-python`` admits wins, then Dockerfile, platform runtime, CI, tox, classifiers, what compiled
    the lists; of several of one kind the newest. Where nothing speaks: ``default``, or the admitted version next to it.
    Never below the floor of ``requires-python`` or of the syntax that is used.
    """
    said = tuple(evidence)
    bounds = [item for item in said if item.what == "requires"]
    floor = max((_key(minor_of(item.version)) for item in said if item.what == "syntax"), default=(0, 0))

    def fits(minor: str) -> bool:
        return _key(minor) >= floor and all(admits(item.version, minor) for item in bounds)

    if prefers and fits(prefers):
        return prefers, "UV_PYTHON asks for it"
    for what in _ORDER:
        found = [(minor_of(item.version), item) for item in said if item.what == what]
        fitting = [(minor, item) for minor, item in found if minor and fits(minor)]
        if fitting:
            minor, item = max(fitting, key=lambda pair: _key(pair[0]))
            return minor, f"{_SAYS[what]} ({item.place})"
    return _nearest(default, [minor for minor in KNOWN if fits(minor)], bounds)


def older(evidence: Iterable[PythonEvidence], chosen: str) -> list[str]:
    """The older minor versions that the project admits, newest first; none where something that it admits says which
    it must be."""
    said = tuple(evidence)
    floor = max((_key(minor_of(item.version)) for item in said if item.what == "syntax"), default=(0, 0))
    bounds = [item.version for item in said if item.what == "requires"]
    known = [minor for minor in KNOWN if floor <= _key(minor) and all(admits(bound, minor) for bound in bounds)]
    if any(item.what in _ORDER and minor_of(item.version) in known for item in said):
        return []
    return [minor for minor in reversed(known) if OLDEST <= _key(minor) < _key(chosen)]


def _nearest(default: str, admitted: list[str], bounds: list[PythonEvidence]) -> tuple[str, str]:
    if not admitted or default in admitted:
        return default, "nothing in the project says which"
    newer = [minor for minor in admitted if _key(minor) > _key(default)]
    chosen = newer[0] if newer else admitted[-1]
    where = f" ({bounds[0].place})" if bounds else ""
    return chosen, f"the nearest to {default} that the project admits{where}"


def pin_of(project: Project) -> str:
    """The same without its patch."""
    return minor_of(python_for(project))


def minor_of(version: str) -> str:
    """``3.12`` of ``3.12.4``, ``python-3.12``, ``cpython-3.12``, ``py312`` or ``3.12-slim``; else ``""``."""
    found = re.search(r"(?<![\d.])(3)\.(\d{1,2})(?!\d)|\bpy(3)(\d{1,2})\b", version)
    if found is None or "pypy" in version.lower():
        return ""
    major, minor = (found[1], found[2]) if found[1] else (found[3], found[4])
    return f"{major}.{int(minor)}"


@lru_cache(maxsize=256)
def admits(specifier: str, minor: str) -> bool:
    """Whether any patch release of ``minor`` is in ``specifier`` (PEP 440); what cannot be read admits all."""
    if is_plain(specifier):
        return any(holds(specifier, (*_key(minor), patch)) for patch in range(40))
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        allowed = SpecifierSet(specifier)
    except InvalidSpecifier:
        return True
    return any(allowed.contains(f"{minor}.{patch}") for patch in range(40))


def _key(minor: str) -> tuple[int, ...]:
    return tuple(int(part) for part in minor.split(".")) if minor else (0, 0)
