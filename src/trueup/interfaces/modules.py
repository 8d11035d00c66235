"""The modules that audits import, kept in one file beside the bytecode of the package.

To find, open, read and check two hundred compiled modules one by one takes longer than to start Python. Here a module
costs one look at its source, which says whether it changed: its size and the time of its last change, as the import
system has it. What changed, or was never kept, is imported as ever.

Source: https://docs.python.org/3/reference/import.html#the-meta-path
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location

import trueup
from trueup.interfaces import kept

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType, ModuleType

    Known = dict[str, tuple[str, int, int, CodeType]]  # name: file, time in ns, size in bytes, code

ENDING = ".modules"


class Loader(SourceFileLoader):
    """Loads a module whose code is known."""

    def __init__(self, name: str, path: str, code: CodeType) -> None:
        super().__init__(name, path)
        self.code = code

    def get_code(self, fullname: str) -> CodeType:
        """The code; the import system reads the bytecode's file here."""
        return self.code


class Modules:
    """Finds the modules that are kept in the file at ``path``."""

    def __init__(self, path: str, package: ModuleType) -> None:
        self.path = path
        self.prefix = f"{package.__name__}."
        self.stamp = (sys.version, *package.__path__)
        self.known: Known = kept.read(path, self.stamp) or {}

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """As the import system asks for it."""
        if name not in self.known:
            return None
        file, changed, size, code = self.known[name]
        if state(file) != (changed, size):
            return None
        return spec_from_file_location(name, file, loader=Loader(name, file, code))

    def keep(self) -> None:
        """Write down what was imported beyond what is kept."""
        new: Known = {}
        for name, module in sys.modules.items():
            loader = getattr(module, "__loader__", None)
            if name.startswith(self.prefix) and type(loader) is SourceFileLoader:
                now = state(loader.path)
                if now and now != self.known.get(name, ())[1:3] and (code := loader.get_code(name)):
                    new[name] = (loader.path, *now, code)
        if new:
            kept.write(self.path, self.stamp, self.known | new)


def state(file: str) -> tuple[int, int] | None:
    """What changes when a source does: the time of its last change, in ns, and its size in bytes."""
    try:
        found = os.stat(file)  # noqa: PTH116 - pathlib would cost as much as this saves
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def recalled() -> Modules:
    """Let modules be taken from where they are kept."""
    modules = Modules(kept.beside(trueup, ENDING), trueup)
    sys.meta_path.insert(0, modules)
    return modules
