"""Requirements that contradict one another: which single change would let them be met, found by trying.

uv says who wants what; it does not say what to change. Each bound of the project's own that takes part in the
contradiction is taken away once, and uv is asked again; nothing is written.
"""

from __future__ import annotations

import re
import tomllib

from trueup.model.names import requirement_name
from trueup.tools.uv import Uv, UvError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

TRIES = 8  # bounds that are taken away, one after the other


def single_changes(root: Path, uv: Uv, *, python: str, explanation: str) -> list[str]:
    """What would do, in words: ``without the bound of lib (lib>=2)``; empty where no single change is enough.

    ``root`` is a private copy: its ``pyproject.toml`` is written to, and is what it was afterwards.
    """
    manifest = root / "pyproject.toml"
    before = manifest.read_bytes()
    text = before.decode("utf-8")
    mentioned = set(re.findall(r"[a-z0-9][a-z0-9._-]*", explanation.lower()))
    found = []
    wanted = [item for item in bounded(tomllib.loads(text)) if requirement_name(item) in mentioned]
    for item in dict.fromkeys(wanted[:TRIES]):
        changed = text.replace(f'"{item}"', f'"{without_bound(item)}"').replace(f"'{item}'", f"'{without_bound(item)}'")
        if changed != text and resolves(manifest, changed.encode(), before, uv, root, python):
            found.append(f"without the bound of {requirement_name(item)} ({item})")
    return found


def resolves(manifest: Path, changed: bytes, before: bytes, uv: Uv, root: Path, python: str) -> bool:
    """Whether uv finds versions for the manifest ``changed``, which stands there only while it is asked."""
    manifest.write_bytes(changed)
    try:
        uv.lock_dry(root, python=python)
    except UvError:
        return False
    finally:
        manifest.write_bytes(before)
    return True


def bounded(data: dict[str, Any]) -> Iterator[str]:
    """The project's own requirements that have a bound, as they are written."""
    project = data.get("project", {})
    lists = [project.get("dependencies", []), *project.get("optional-dependencies", {}).values()]
    lists += data.get("dependency-groups", {}).values()
    for items in lists:
        yield from (item for item in items if isinstance(item, str) and without_bound(item) != item)


def without_bound(requirement: str) -> str:
    """``lib[x]>=2; marker`` as ``lib[x]; marker``."""
    plain, mark, marker = requirement.partition(";")
    head = re.match(r"\s*[\w.-]+\s*(?:\[[^\]]*\])?", plain)
    if head is None or "@" in plain:
        return requirement
    return head[0].strip() + (f";{marker}" if mark else "")
