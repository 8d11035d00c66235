"""Which dependency groups ``uv sync`` installs unasked.

Source: https://docs.astral.sh/uv/concepts/projects/dependencies/#default-groups and PEP 735.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def default_groups(groups: object, given: object = None) -> list[str]:
    """Those that are named: ``given`` is ``tool.uv.default-groups``, ``groups`` the table ``dependency-groups``."""
    if given is None:
        return ["dev"]
    names: object = list(groups) if given == "all" and isinstance(groups, dict) else given
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def with_included(groups: object, names: Iterable[str]) -> list[str]:
    """Groups, and those that they include, each once; what is written otherwise than PEP 735 has it includes none."""
    found = list(dict.fromkeys(names))
    for name in found:  # which grows
        items = groups.get(name) if isinstance(groups, dict) else None
        for item in items if isinstance(items, list) else ():
            other = item.get("include-group") if isinstance(item, dict) else None
            if isinstance(other, str) and other not in found:
                found.append(other)
    return found
