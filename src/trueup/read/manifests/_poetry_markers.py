"""``python``, ``platform`` and ``markers`` of a Poetry dependency as one PEP 508 marker.

Source: https://python-poetry.org/docs/dependency-specification/#python-restricted-dependencies
"""

from __future__ import annotations

import re
from typing import Any

from trueup.read.manifests._poetry_versions import specifier


def marker_of(entry: dict[str, Any]) -> str:
    """The marker of one dependency; ``""`` where it is for all. Raises ``ValueError`` for what cannot be read."""
    parts = [
        _python(str(entry["python"])) if "python" in entry else "",
        _platform(str(entry["platform"])) if "platform" in entry else "",
        " ".join(str(entry.get("markers", "")).split()),
    ]
    kept = [part for part in parts if part]
    if len(kept) == 1:
        return kept[0]
    return " and ".join(f"({part})" if " or " in part else part for part in kept)


def _python(constraint: str) -> str:
    """``>=3.8,<4`` as a marker; sides of ``||`` are joined by ``or``."""
    sides = [specifier(side) for side in re.split(r"\|\|?", constraint)]
    if "" in sides:
        return ""
    written = [" and ".join(_comparison(term) for term in side.split(",")) for side in sides]
    return " or ".join(f"({side})" if len(written) > 1 and " and " in side else side for side in written)


def _comparison(term: str) -> str:
    found = re.fullmatch(r"(~=|===?|!=|<=|>=|<|>)(.+)", term)
    if found is None:
        raise ValueError(f"cannot read {term!r}")
    sign, version = found[1], found[2]
    parts = version.removesuffix(".*").split(".")
    if version.endswith(".*") and len(parts) == 2:
        return f"python_version {sign} '{'.'.join(parts)}'"
    if version.endswith(".*"):
        return f"python_full_version {sign} '{version}'"
    if len(parts) <= 2 and sign in (">=", "<", "==", "!="):
        return f"python_version {sign} '{version if len(parts) == 2 else f'{version}.0'}'"
    return f"python_full_version {sign} '{version}'"


def _platform(constraint: str) -> str:
    """``linux``, ``!=win32`` or ``darwin|linux``."""
    sides = [re.sub(r"^(==?|!=)?\s*", "", side.strip()) for side in re.split(r"\|\|?", constraint)]
    signs = ["!=" if side.strip().startswith("!=") else "==" for side in re.split(r"\|\|?", constraint)]
    return " or ".join(f"sys_platform {sign} '{side}'" for sign, side in zip(signs, sides, strict=True))
