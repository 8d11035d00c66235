"""What takes long to make at every start, kept beside the bytecode.

As Python keeps what it compiles: in ``__pycache__``, found there only by the Python that wrote it, and not written
where ``PYTHONDONTWRITEBYTECODE`` is set or the folder is read-only. What is cut short, altered or made by another
Python is as if it were not there.
"""

from __future__ import annotations

import marshal
import os
import sys
from contextlib import suppress
from importlib.util import source_hash

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

DIGEST = 8


def beside(module: ModuleType, ending: str) -> str:
    """Where something is kept that belongs to a module: next to its bytecode; ``""`` where it has none."""
    cached = module.__spec__.cached if module.__spec__ else None
    return cached.removesuffix(".pyc") + ending if cached else ""


def read(path: str, stamp: tuple[Any, ...]) -> Any:
    """The value that was kept there under this very stamp, else ``None``."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - pathlib would cost as much as this saves
            data = file.read()
        if source_hash(data[DIGEST:]) != data[:DIGEST]:
            return None
        kept, value = marshal.loads(data[DIGEST:])  # noqa: S302 - as trusted as the bytecode it lies beside
        return value if kept == stamp else None
    except Exception:  # noqa: BLE001 - whatever it is, the value can be made anew
        return None


def write(path: str, stamp: tuple[Any, ...], value: Any) -> None:
    """Keep a value; where that cannot be, nothing is said."""
    if sys.dont_write_bytecode or not path:
        return
    scratch = f"{path}.{os.getpid()}"
    try:
        data = marshal.dumps((stamp, value))
        with open(scratch, "wb") as file:  # noqa: PTH123 - as above
            file.write(source_hash(data) + data)
        os.replace(scratch, path)  # noqa: PTH105 - as above
    except Exception:  # noqa: BLE001 - as above
        with suppress(OSError):  # Windows replaces no file that another process reads
            os.unlink(scratch)  # noqa: PTH108 - as above
