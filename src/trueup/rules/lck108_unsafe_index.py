"""An index is asked without encryption, bears credentials, or is configured twice.

What comes over ``http://`` can be replaced on its way, before any lock has a hash of it. A password in an address is in
git for ever, and in every log that prints the address. An index that stands twice is asked in another order than it
seems.

Source: https://docs.astral.sh/uv/concepts/indexes/#authentication

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"

    [[tool.uv.index]]
    name = "own"
    url = "http://pypi.example.org/simple"
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"

    [[tool.uv.index]]
    name = "own"
    url = "https://pypi.example.org/simple"
```
"""

from __future__ import annotations

import re

from trueup.model.indexes import credentials, host_of
from trueup.model.pattern import lazy
from trueup.rules import Rule
from trueup.rules.indexes import indexes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project
    from trueup.rules.indexes import Index

rule = Rule(
    __name__,
    severity="warning",
    help="what is installed can be replaced on its way, and who reads the file has the password",
    no_fix="take the password out, renew it and set UV_INDEX_<NAME>_PASSWORD; whether it serves https is not known",
)

LOCAL = lazy(r"localhost|127\.\d+\.\d+\.\d+|::1|host\.docker\.internal")


@rule.checks
def unsafe(project: Project) -> Iterator[Finding]:
    """Each of the three in each file; an address is never repeated, only its host."""
    for path, found in indexes(project).items():
        seen: dict[str, Index] = {}
        for index in found:
            host = host_of(index.url)
            if credentials(index.url):
                message = f"{index.key} bears credentials for {host}"
                yield rule.finding(index.place, message, subject=f"credentials {host}", severity="error")
            if index.url.lower().startswith("http://") and not LOCAL.fullmatch(host):
                yield rule.finding(index.place, f"{index.key} asks {host} without encryption", subject=f"http {host}")
            address = plain(index.url)
            first = seen.setdefault(address, index)
            if first is not index and host and not expanded(first, index):
                message = f"{index.key} names {host} again (first in line {first.place.line} of {path})"
                yield rule.finding(index.place, message, subject=f"twice {host}")


def plain(url: str) -> str:
    """An address without user and final slash."""
    return re.sub(r"//[^/@]*@", "//", url).rstrip("/").lower()


def expanded(one: Index, other: Index) -> bool:
    """Whether two entries serve different interfaces: uv's and its pip interface's, uv's and another manager's."""
    return one.key.split(".")[:3] != other.key.split(".")[:3]
