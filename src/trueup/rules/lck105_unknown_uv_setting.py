"""``[tool.uv]`` or ``uv.toml`` holds a key that uv does not know.

uv warns and goes on, and it then drops settings that stand beside it: with one typo in the table,
``exclude-newer`` or an index is no longer in force, and nothing fails. A ``uv.toml`` with one it refuses.

Source: https://docs.astral.sh/uv/reference/settings/

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"

    [tool.uv]
    exclude-newer = "2026-01-01T00:00:00Z"
    defualt-groups = ["dev"]
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"

    [tool.uv]
    exclude-newer = "2026-01-01T00:00:00Z"
    default-groups = ["dev"]
```
"""

from __future__ import annotations

from trueup.model.packages import facts
from trueup.rules import Rule
from trueup.rules.lookups import table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="error",
    help="uv warns, goes on, and drops settings beside it such as exclude-newer or an index",
    no_fix="what the key was meant to be is yours to say",
)


@rule.checks
def unknown_keys(project: Project) -> Iterator[Finding]:
    """Keys of ``[tool.uv]``, and of ``uv.toml``, that are not in uv's list."""
    known = facts("uv")["settings"]
    for key in table(project, "tool", "uv"):
        if project.pyproject and key not in known:
            place = project.pyproject.at("tool", "uv", key)
            yield rule.finding(place, f"uv knows no setting {key}{nearest(key, known)}", subject=key)
    own = project.document("uv.toml")
    for key in own.data if own else ():
        if own and key not in known:
            message = f"uv knows no setting {key}{nearest(key, known)}"
            yield rule.finding(
                own.at(key), message, subject=key, help="uv refuses uv.toml: no command of it works here"
            )


def nearest(key: str, known: Iterable[str]) -> str:
    """The setting that may be meant, as the end of a message."""
    from difflib import get_close_matches

    close = get_close_matches(key, known, n=1)
    return f"; did you mean {close[0]}?" if close else ""
