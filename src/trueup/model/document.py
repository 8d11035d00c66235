"""A parsed file: its data, and where each key stands."""

from __future__ import annotations

from trueup.model.span import Place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

Route = tuple[str | int, ...]


class Document:
    """Data of a file (TOML, INI, YAML, JSON) with the line of every route.

    ``data`` is a plain mapping (INI: section -> key -> str). ``error`` is one line saying why the
    file could not be parsed, with ``data`` then empty.
    """

    __slots__ = ("_locate", "data", "error", "path", "source")

    def __init__(
        self, path: str, source: str, data: Any, locate: Callable[[str, Route], int] | None = None, error: str = ""
    ) -> None:
        self.path = path
        self.source = source
        self.data: Any = data
        self.error = error
        self._locate = locate

    def at(self, *route: str | int) -> Place:
        """The place of the deepest part of ``route`` that stands in the file; the file itself if none does."""
        if self._locate is None:
            return Place(self.path)
        return Place(self.path, self._locate(self.source, route))

    def get(self, *route: str | int, default: Any = None) -> Any:
        """The value at ``route``, or ``default``."""
        value: Any = self.data
        for step in route:
            if not isinstance(value, dict | list):
                return default
            found: Any = value
            try:
                value = found[step]
            except (KeyError, IndexError, TypeError):
                return default
        return value
