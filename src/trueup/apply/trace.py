"""What an apply left behind, told from its journal: so that a rollback sees what somebody changed since."""

from __future__ import annotations

import os
import re
from contextlib import suppress

from trueup.apply.ground import STORE, Ground, State, glance, names_in, walk
from trueup.apply.journal import Begun, Committed, Dropped, Made, Record, Shifted, Wrote, is_committed
from trueup.errors import PlanRefused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

GENERATED = re.compile(r"__pycache__|.*\.pyc|.*\.egg-info|\.(pytest|ruff|mypy)_cache")
"""Names of what tools make again whenever they need it."""
NOT_LOOKED_INTO = frozenset({".git", STORE, "node_modules"})
ANYTHING = State("anything")


def is_generated(path: str) -> bool:
    """Whether a path is, or lies in, something that tools make again."""
    return any(GENERATED.fullmatch(name) for name in path.split("/"))


def generated(root: Path) -> Iterator[str]:
    """The topmost generated files and directories of a project; environments are not looked into."""
    pending = [root]
    while pending:
        here = pending.pop()
        found: list[os.DirEntry[str]] = []
        with suppress(PermissionError), os.scandir(here) as entries:
            found = list(entries)
        if any(entry.name == "pyvenv.cfg" for entry in found):
            continue
        for entry in found:
            if GENERATED.fullmatch(entry.name):
                yield (here / entry.name).relative_to(root).as_posix()
            elif entry.is_dir(follow_symlinks=False) and entry.name not in NOT_LOOKED_INTO:
                pending.append(here / entry.name)


def held(place: Path) -> dict[str, State]:
    """What a place is (``""``) and holds, by the path in it."""
    inside = {found.relative_to(place).as_posix(): glance(found) for found in walk(place, strict=False)}
    return {"": glance(place), **inside}


def expected(records: Sequence[Record]) -> dict[str, State]:
    """What the paths that an apply touched hold after these records; ``ANYTHING`` where a tool wrote."""
    table: dict[str, State] = {}
    for record in records:
        match record:
            case Made(path):
                table.pop(path, None)
            case Wrote(path, temporary, _, _, after):
                table[path] = after if temporary else ANYTHING
            case Shifted(source, target, inside):
                forget(table, source)
                table.update({f"{target}/{path}" if path else target: state for path, state in inside.items()})
            case Dropped(path):
                forget(table, path)
            case Committed(found):
                table.update(found)
            case _:
                pass
    return table


def forget(table: dict[str, State], gone: str) -> None:
    """Nothing is at ``gone`` any more, nor below."""
    for path in [path for path in table if path.startswith(gone + "/")]:
        del table[path]
    table[gone] = State()


def edited(ground: Ground, records: Sequence[Record]) -> list[str]:
    """What somebody changed, added or removed since, among what the apply touched.

    Where the apply was interrupted, its last step may be done or not.
    """
    table = expected(records)
    other: Mapping[str, State] = table
    if not is_committed(records):
        other = expected(records[:-1])
        if records and isinstance(records[-1], Wrote):
            other = {records[-1].path: records[-1].before, **other}
    changed = [path for path, state in table.items() if not as_expected(ground, path, state, other.get(path, ANYTHING))]
    return changed + (added(ground, records, table) if is_committed(records) else [])


def as_expected(ground: Ground, path: str, *states: State) -> bool:
    """Whether a path holds what one of ``states`` says; ``PlanRefused`` where a link now leads to it."""
    place = ground.locate(path)
    return is_generated(path) or ANYTHING in states or any(fits(place, glance(place), state) for state in states)


def fits(place: Path, now: State, state: State) -> bool:
    """Whether what is at a place is as it should be; compiled Python in a directory that is gone does not count."""
    if now.kind == "dir":
        return state.kind == "dir" or (state.kind == "none" and all(map(is_generated, names_in(place))))
    return now.same(state)


def added(ground: Ground, records: Sequence[Record], table: Mapping[str, State]) -> list[str]:
    """Files in the directories that the apply made or moved, which it knows nothing of."""
    extra = {path for record in records if isinstance(record, Committed) for path in record.extra}
    made = {record.path for record in records if isinstance(record, Made)}
    moved = {record.target for record in records if isinstance(record, Shifted)}
    files: set[str] = set()
    for folder in made | moved:
        with suppress(PlanRefused):
            inside = walk(ground.locate(folder), strict=False)
            files |= {ground.name(found) for found in inside if not found.is_dir() or found.is_symlink()}
    return sorted(path for path in files - extra if path not in table and not is_generated(path))


def by_products(ground: Ground, records: Sequence[Record]) -> list[str]:
    """What came into being while the apply ran and no step made: build results, caches, files that a tool left."""
    begun = [record for record in records if isinstance(record, Begun)]
    before = {moved for record in begun for path in record.generated if (moved := forward(path, records))}
    new = [path for path in generated(ground.root) if path not in before]
    return sorted({*new, *added(ground, records, expected(records))})


def forward(path: str, records: Sequence[Record]) -> str:
    """Where ``path`` is after these records; empty where it was taken away."""
    for record in records:
        match record:
            case Shifted(source, target) if (path + "/").startswith(source + "/"):
                path = target + path[len(source) :]
            case Dropped(gone) if (path + "/").startswith(gone + "/"):
                return ""
            case _:
                pass
    return path
