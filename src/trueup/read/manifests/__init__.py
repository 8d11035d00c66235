"""Manifest formats, one file each, found by name.

A format is a module with ``read(tree) -> Iterable[Manifest]``, ``read_lock(tree) -> Iterable[Lock]``, or
both; modules that begin with ``_`` are what they share. Nothing here raises: what cannot be read is a
``Manifest`` or ``Lock`` with its ``error`` set. A format that reads nothing without one certain file has a row in
``NEEDS``, and is loaded only where that is.
"""

from __future__ import annotations

import os
from importlib import import_module

from trueup.errors import TrueupError
from trueup.model.project import Lock, Manifest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from trueup.model.tree import Tree

_EXPECTED = (ValueError, LookupError, OSError, RecursionError, MemoryError, TrueupError)


NEEDS = {
    "flit": ("pyproject.toml",),
    "hatch": ("pyproject.toml",),
    "pdm": ("pyproject.toml", "pdm.lock"),
    "pipfile": ("Pipfile",),
    "pipfile_lock": ("Pipfile.lock",),
    "poetry": ("pyproject.toml",),
    "poetry_lock": ("poetry.lock",),
    "pyproject": ("pyproject.toml",),
    "rye": ("pyproject.toml",),
    "setup_cfg": ("setup.cfg",),
    "setup_py": ("setup.py",),
    "uv_lock": ("uv.lock",),
}


def formats() -> tuple[str, ...]:
    """The names of all formats, in alphabetical order."""
    names = os.listdir(__path__[0])  # noqa: PTH208 - pathlib would cost more than a format
    return tuple(sorted(name[:-3] for name in names if name.endswith(".py") and name[0].isalpha()))


def _formats(tree: Tree) -> Iterator[Any]:
    for name in formats():
        if name not in NEEDS or not tree.entries.keys().isdisjoint(NEEDS[name]):
            yield import_module(f"{__name__}.{name}")


def read_manifests(tree: Tree) -> tuple[Manifest, ...]:
    """Every file that declares dependencies or metadata: pyproject.toml's tables first, then by path."""
    found: list[Manifest] = []
    for form in _formats(tree):
        if hasattr(form, "read"):
            try:
                found += form.read(tree)
            except _EXPECTED as problem:
                found.append(Manifest("", form.__name__.rpartition(".")[2], error=_said(problem)))
    return tuple(sorted(found, key=lambda item: (item.path != "pyproject.toml", item.format != "pyproject", item.path)))


def read_lock(tree: Tree) -> Lock | None:
    """``uv.lock``; ``None`` where there is none, ``pending`` where uv is still to write it."""
    return next((lock for lock in _locks(tree) if lock.format == "uv"), None)


def read_old_locks(tree: Tree) -> tuple[Lock, ...]:
    """The locks of other tools."""
    return tuple(lock for lock in _locks(tree) if lock.format != "uv")


def _locks(tree: Tree) -> Iterator[Lock]:
    for form in _formats(tree):
        if hasattr(form, "read_lock"):
            try:
                yield from form.read_lock(tree)
            except _EXPECTED as problem:
                yield Lock("", form.__name__.rpartition(".")[2], error=_said(problem))


def _said(problem: Exception) -> str:
    return "nested too deeply" if isinstance(problem, RecursionError) else str(problem).partition("\n")[0]
