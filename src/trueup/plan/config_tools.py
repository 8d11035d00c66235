"""Which tool reads its settings where, and which file is in force (``data/config_files.py``)."""

from __future__ import annotations

import re

from trueup.model.noun import NamedTuple
from trueup.model.packages import facts
from trueup.text import ini

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from trueup.model.tree import Tree

PYPROJECT = "pyproject.toml"


class Place(NamedTuple):
    """One file that a tool looks into: by its sections, or whatever it holds (``always``)."""

    file: str
    sections: tuple[str, ...] = ()
    always: bool = False
    needs: str = ""

    def holds(self, section: str) -> re.Match[str] | None:
        """The match of a section's name with those that the tool reads here."""
        return next((found for pattern in self.sections if (found := re.fullmatch(pattern, section))), None)


class Tool(NamedTuple):
    """A tool with the places of its settings in the order in which it looks, and the types of their values."""

    name: str
    target: tuple[str, ...]
    places: tuple[Place, ...]
    types: Mapping[str, Any]

    def place(self, file: str) -> Place | None:
        """The place that ``file`` (without directories) is."""
        return next((place for place in self.places if place.file == file), None)


def tools() -> tuple[Tool, ...]:
    """All tools whose settings can move."""
    return tuple(
        Tool(
            name,
            ("tool", *row["target"]),
            tuple(
                Place(p["file"], tuple(p.get("sections", ())), p.get("always", False), p.get("needs", ""))
                for p in row["places"]
            ),
            row,
        )
        for name, row in facts("config_files").items()
    )


def in_force(tree: Tree, tool: Tool, folder: str = "") -> str:
    """The file (without ``folder``) that the tool takes its settings from; empty where it finds none."""
    for place in tool.places:
        path = folder + place.file
        if not tree.has(path):
            continue
        if place.file == PYPROJECT:
            if has_table(tree.text(path), tool.target):
                return place.file
        elif place.always or _has_section(tree.text(path), place):
            return place.file
    return ""


def has_table(source: str, route: tuple[str, ...]) -> bool:
    """Whether a TOML source has ``route``; ``False`` where it cannot be read."""
    from trueup.text import toml

    try:
        return toml.has_key(source, route)
    except ValueError:
        return False


def _has_section(source: str, place: Place) -> bool:
    names = [section.name for section in ini.read(source).sections]
    return any(place.holds(name) for name in names) and (not place.needs or place.needs in names)
