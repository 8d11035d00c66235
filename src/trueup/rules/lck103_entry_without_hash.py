"""An entry of ``uv.lock`` bears no hash.

The hash is what makes a replaced file fail. Locks made from a flat index or a directory of wheels
have none, and one that was edited can lose them: whatever stands at the address is then installed.

Source: https://docs.astral.sh/uv/concepts/indexes/

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = ["idna"]
uv.lock
    version = 1
    revision = 3
    requires-python = ">=3.12"

    [[package]]
    name = "idna"
    version = "3.10"
    source = { registry = "https://pypi.org/simple" }
    wheels = [
        { url = "https://example.org/idna-3.10-py3-none-any.whl", size = 70442 },
    ]
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = ["idna"]
uv.lock
    version = 1
    revision = 3
    requires-python = ">=3.12"

    [[package]]
    name = "idna"
    version = "3.10"
    source = { registry = "https://pypi.org/simple" }
    wheels = [
        { url = "https://example.org/idna-3.10-py3-none-any.whl", hash = "sha256:12f65c9b47", size = 70442 },
    ]
```
"""

from __future__ import annotations

from trueup.rules import Rule
from trueup.rules.lookups import some

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="error",
    help="whatever stands at the address is installed, a replaced file included",
    no_fix="the index has to offer hashes; where the lock was edited, `uv lock` from a clean checkout brings them back",
)


@rule.checks
def unhashed(project: Project) -> Iterator[Finding]:
    """Locked packages from an index whose files bear no hash."""
    lock = project.lock
    names = [item.name for item in lock.packages if not item.hashed] if lock else []
    if lock and names:
        yield rule.finding(lock.path, f"no hash in the lock: {some(names)}", subject="hash")
