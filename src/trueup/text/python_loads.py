"""Where a Python file reads a name of another file, and what it joins to it: ``settings.BASE_DIR / "data"``.

Source: https://docs.python.org/3/reference/executionmodel.html#naming-and-binding
"""

from __future__ import annotations

import ast
from functools import lru_cache

from trueup.model.noun import NamedTuple
from trueup.text.python_paths import Climber, Use, dotted, is_stored
from trueup.text.python_source import source_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


class Load(NamedTuple):
    """A place where a name of another file is read: what it stands for by the imports, ``""`` where none says it."""

    stands: str
    uses: tuple[Use, ...]
    changed: bool  # the file gives it another value itself: ``setattr(settings, "BASE_DIR", tmp_path)``


@lru_cache(maxsize=4096)
def loads(data: bytes, name: str, package: str) -> list[Load]:
    """Where a file of ``package`` reads a name of another file. Raises ``UnparsableError``."""
    return list(Reader(source_of(data), package).loads(name))


class Reader(Climber):
    """One file while its loads are read."""

    def loads(self, name: str) -> Iterator[Load]:
        """Where a name of another file is read, by itself or as an attribute."""
        stored = {node.id for node in self.source.nodes if isinstance(node, ast.Name) and is_stored(node)}
        stored |= {node.arg for node in self.source.nodes if isinstance(node, ast.arg)}
        changed = any(
            (isinstance(node, ast.Attribute) and node.attr == name and is_stored(node))
            or (isinstance(node, ast.Constant) and node.value == name)
            for node in self.source.nodes
        )
        known = {bound: stands for bound, stands in self.modules.items() if bound not in stored}
        for node in self.source.nodes:
            match node:
                case ast.Name(id=bound) if known.get(bound, "").rpartition(".")[2] == name:
                    stands = known[bound]
                case ast.Attribute(attr=attr, value=value) if attr == name and not is_stored(node):
                    first, dot, rest = dotted(value).partition(".")
                    stands = f"{known[first]}{dot}{rest}.{name}" if first in known else ""
                case _:
                    continue
            alias = self.name(node)
            uses = self.uses(node, alias) if alias else self.use(node, (name,))
            yield Load(stands, tuple(uses), changed)
