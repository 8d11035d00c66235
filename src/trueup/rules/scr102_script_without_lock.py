"""A script that says itself what it needs has no lock beside it.

``uv run`` resolves the requirements of a PEP 723 comment anew whenever its cache is empty: what ran yesterday runs with
other versions today. ``uv lock --script`` writes ``plot.py.lock``, which ``uv run`` then keeps to.

Source: https://docs.astral.sh/uv/guides/scripts/#locking-dependencies

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
src/shop/__init__.py
scripts/plot.py
    # /// script
    # requires-python = ">=3.12"
    # dependencies = ["pandas"]
    # ///
    import pandas
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
src/shop/__init__.py
scripts/plot.py
    # /// script
    # requires-python = ">=3.12"
    # dependencies = ["pandas"]
    # ///
    import pandas
scripts/plot.py.lock
    version = 1
```
"""

from __future__ import annotations

import re

from trueup.model.pattern import lazy
from trueup.rules import Rule
from trueup.rules.lookups import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="info",
    confidence="high",
    help="it runs with whatever versions there are on the day",
    no_fix="`uv lock --script FILE` writes the lock; it needs a package index",
)

BLOCK = lazy(r"^# /// script\s*$(?P<lines>(?:\n#.*)*?)\n# ///\s*$", re.MULTILINE, words=("# /// script",))
NEEDS = lazy(r"^# dependencies\s*=\s*\[\s*(?:#\s*)?[\"']", re.MULTILINE)


@rule.checks
def unlocked(project: Project) -> Iterator[Finding]:
    """Scripts with requirements of their own and no lock, where they are no test's."""
    for path, source in project.sources.items():
        if project.is_test(path) or not source.may("/// script") or project.tree.has(f"{path}.lock"):
            continue
        block = BLOCK.search(text_of(project, path))
        if block and NEEDS.search(block["lines"]):
            yield rule.finding(path, "what the script needs is not locked", subject="lock")
