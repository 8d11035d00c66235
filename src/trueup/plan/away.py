"""Which commands run outside of the project, in a file of the repository around it, and how they name its folder."""

from __future__ import annotations

import re
from posixpath import join, normpath, relpath

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.model.command_line import CommandLine
    from trueup.model.project import Project

ABOVE = re.compile(r"\.\.(?:/\.\.)*")


class Away:
    """The commands of one file, in their order."""

    def __init__(self, project: Project, path: str) -> None:
        self.below = project.repository if path.startswith("../") else ""
        self.is_known = False  # whether the file has said where the project is: by a path into it, or by going there

    def see(self, command: CommandLine) -> None:
        """Keep in mind what a command says of the project's folder."""
        self.is_known = self.is_known or bool(self.below and (self._is_inside(command) or self._names(command)))

    def folder(self, command: CommandLine) -> str:
        """The project's folder as a command outside names it; ``""`` for one inside, and where that is unknown."""
        if not self.is_known or self._is_inside(command):
            return ""
        above = ABOVE.fullmatch(command.folder)
        return relpath(f"/{self.below}", normpath(f"/{self.below}/{command.folder}")) if above else self.below

    def option(self, command: CommandLine) -> str:
        """The same as an option of uv."""
        folder = self.folder(command)
        return f" --project {folder}" if folder else ""

    def environment(self, command: CommandLine) -> str:
        """The environment of uv, where a command runs outside of the project."""
        folder = self.folder(command)
        return f"{folder}/.venv" if folder else ""

    def _is_inside(self, command: CommandLine) -> bool:
        """Whether a command runs in the project; below a folder that is not known (``$HOME``, a clone), too."""
        return not command.folder.startswith(("..", "/")) or f"/{self.below}/" in f"{command.folder}/"

    def _names(self, command: CommandLine) -> bool:
        places = (normpath(join(self.below, command.folder, word)) for word in command.argv)
        return any(place.startswith(f"{self.below}/") for place in places)
