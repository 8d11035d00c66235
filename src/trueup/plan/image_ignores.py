"""The ignore files of Docker, which must let what is new into an image."""

from __future__ import annotations

import re

from trueup.model.change import Write
from trueup.text.ignores import spec_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.tree import Tree

BUILDS = re.compile(rb"\buv sync\b(?![^\n]*--no-install-project)|\bpip install\b[^\n;&|]* \.(?=[\s;&|]|$)")


def let_in(tree: Tree, path: str, after: bytes, named: list[str]) -> Iterator[Write]:
    """An ignore file of Docker's that lets in only what it names, with what is new named too."""
    ignore = next((name for name in (f"{path}.dockerignore", ".dockerignore") if tree.has(name)), "")
    if not ignore or not re.search(rb"\buv(?:\.lock| sync)\b", after):
        return
    text = tree.text(ignore)
    hides = spec_of(text).match_file
    shown = {path.rpartition("/")[0] for path in tree.under("src") if path.endswith(".py") and not hides(path)}
    made = (f"{folder}/{name}" for folder in sorted(shown) for name in ("__init__.py", "__main__.py"))
    # src/<package>/__main__.py may be written later: a line about a file that is not there says nothing
    files = [path for path in made if tree.has(path) or (path.count("/") == 2 and path.endswith("/__main__.py"))]
    built = named if BUILDS.search(after) else []
    missing = [name for name in ("pyproject.toml", "uv.lock", *built, *files) if hides(name)]
    if missing:
        newline = "\r\n" if "\r\n" in text else "\n"
        gap = "" if text.endswith("\n") or not text else newline
        yield Write(ignore, tree.read(ignore) + (gap + "".join(f"!{name}{newline}" for name in missing)).encode())
