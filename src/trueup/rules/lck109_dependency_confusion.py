"""Several indexes are asked for every package, and the newest version of any of them wins.

Who registers the name of an own package on PyPI, with a high version number, has their code installed (dependency
confusion). uv asks in order and stops at the first index that has the name; ``index-strategy = "unsafe-best-match"``
and pip's ``--extra-index-url`` take the best of all, and Poetry asks a ``supplemental`` source only for what PyPI has
not. An index with ``explicit = true`` is asked only for what
``[tool.uv.sources]`` says comes from it.

Source: https://docs.astral.sh/uv/concepts/indexes/#searching-across-multiple-indexes

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = ["acme-tools"]

    [tool.uv]
    index-strategy = "unsafe-best-match"

    [[tool.uv.index]]
    name = "own"
    url = "https://pypi.example.org/simple"
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = ["acme-tools"]

    [tool.uv.sources]
    acme-tools = { index = "own" }

    [[tool.uv.index]]
    name = "own"
    url = "https://pypi.example.org/simple"
    explicit = true
```
"""

from __future__ import annotations

import re

from trueup.model.indexes import PYPI, host_of
from trueup.model.pattern import lazy
from trueup.rules import Rule
from trueup.rules.indexes import indexes
from trueup.rules.lookups import table, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project
    from trueup.rules.indexes import Index

rule = Rule(
    __name__,
    severity="warning",
    confidence="medium",
    help="whoever registers the name of an own package on PyPI gets installed: make the own index explicit",
    no_fix="which packages come from which index is yours to say",
)

PUBLIC = lazy(
    r"(^|\.)(pytorch\.org|pypi\.org|nvidia\.com|googleapis\.com|edu\.cn|aliyun\.com|tencent\.com|huaweicloud\.com)$"
)
UNSAFE = ("unsafe-first-match", "unsafe-best-match")
EXTRA = ("--extra-index-url", "extra-index-url", "PIP_EXTRA_INDEX_URL")


@rule.checks
def confusable(project: Project) -> Iterator[Finding]:
    """An unsafe strategy over several indexes, and further indexes in files of pip that bear no hashes."""
    found = indexes(project)
    for path in ("pyproject.toml", "uv.toml"):
        document = project.document(path)
        base = ("tool", "uv") if path == "pyproject.toml" else ()
        for route in (base, (*base, "pip")):
            strategy = document.get(*route, "index-strategy") if document else None
            listed = [index for name in ("pyproject.toml", "uv.toml") for index in found.get(name, ())]
            several = asked([index for index in listed if ".uv." in f".{index.key}." or index.place.path == "uv.toml"])
            if document and strategy in UNSAFE and len(several) > 1:
                message = f'index-strategy = "{strategy}" over {", ".join(several)}'
                yield rule.finding(document.at(*route, "index-strategy"), message, subject="index-strategy")
    yield from supplemental(project)
    for path, listed in found.items():
        for together in at_once(listed):
            extra = [index for index in together if index.key in EXTRA]
            several = asked(together)
            if extra and len(several) > 1 and "--hash=" not in text_of(project, path):
                message = f"pip takes the newest of {', '.join(several)}"
                yield rule.finding(extra[0].place, message, subject="extra-index-url")
                break


def supplemental(project: Project) -> Iterator[Finding]:
    """Poetry's sources that are asked after PyPI and that no dependency names; one that serves everybody is none."""
    document, rows = project.pyproject, table(project, "tool", "poetry").get("source")
    sources = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    if document is None or any(row.get("priority", "primary") in ("primary", "default") for row in sources):
        return
    for number, row in enumerate(sources):
        host, name = host_of(str(row.get("url", ""))), re.escape(str(row.get("name")))
        named = re.search(rf"""\bsource[ \t]*=[ \t]*["']{name}["']""", document.source)
        if row.get("priority") == "supplemental" and host and not named and not PUBLIC.search(host):
            place = document.at("tool", "poetry", "source", number)
            yield rule.finding(place, f"{host} is asked only for what PyPI has not", subject=host)


def at_once(listed: list[Index]) -> list[list[Index]]:
    """The indexes of a file as they are asked: those of a command with what is said for all, not with another's."""
    for_all = [index for index in listed if not (index.spoken and index.key.startswith("--"))]
    lines = dict.fromkeys(index.place.line for index in listed if index not in for_all)
    commands = [[index for index in listed if index not in for_all and index.place.line == line] for line in lines]
    return [for_all, *(for_all + command for command in commands)]


def asked(listed: list[Index]) -> list[str]:
    """The hosts that are asked for every package, PyPI included where nothing stands in its place."""
    general = [index for index in listed if not index.explicit]
    urls = [index.url for index in general] + ([] if any(index.default for index in general) else [PYPI])
    return sorted({host_of(url) or "a local folder" for url in urls})
