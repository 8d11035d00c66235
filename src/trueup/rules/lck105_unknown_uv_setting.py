"""``[tool.uv]`` or ``uv.toml`` holds a key or a value that uv does not know, or names an index that is not there.

uv warns and goes on, and it then drops settings that stand beside it: with one typo in the table, or one
``python-downloads = false``, ``exclude-newer`` or an index is no longer in force, and nothing fails. A ``uv.toml`` with
one it refuses, and so it does a source or workspace; in an index it passes over one without a word.

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

import re
from datetime import date

from trueup.model.names import normal
from trueup.model.packages import facts
from trueup.rules import Rule
from trueup.rules.lookups import declared, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from trueup.model.document import Document, Route
    from trueup.model.finding import Finding
    from trueup.model.project import Project
    from trueup.model.words import Severity

rule = Rule(
    __name__,
    severity="error",
    help="uv warns, goes on, and drops settings beside it such as exclude-newer or an index",
    no_fix="what the key was meant to be is yours to say",
)

# A date, whatever time follows; and a duration: of ISO 8601, or with units, of which a month and a year have no length.
DATE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?!\d)")
UNIT = r"(?:w|weeks?|wks?|d|days?|h|hrs?|hours?|m|mins?|minutes?|s|secs?|seconds?)"
DURATION = re.compile(rf"[-+]?(?:P(?:\d+W)?(?:\d+D)?(?:T[\dHMS.,]+)?|(?:[\d.]+ ?{UNIT},? ?)+(?: ago)?)")
CUTOFF = "exclude-newer"
NO_CUTOFF = 'is neither a date, a time nor a duration such as "7 days"'
REFUSED = "uv refuses the whole file: no command of it works"
REFUSING = ("conflicts", "dev-dependencies", "managed", "package")
REFUSED_OWN = "uv refuses uv.toml: no command of it works here"
PASSED_OVER = "uv passes over it without a word: what it is to set is not set"
UNDECLARED = "uv locks nothing: the index has to be declared in [[tool.uv.index]] by that name"


@rule.checks
def unknown_keys(project: Project) -> Iterator[Finding]:
    """Keys of ``[tool.uv]``, of ``uv.toml`` and of the tables within that are not in uv's lists."""
    known = facts("uv")
    settings = table(project, "tool", "uv")
    if settings and project.pyproject:
        yield from strange(project.pyproject, ("tool", "uv"), settings, known["settings"])
        for route, found, name in within(settings):
            help_ = REFUSED if name in ("sources", "workspace") else PASSED_OVER if name == "index" else ""
            yield from strange(project.pyproject, ("tool", "uv", *route), found, known[name], known["settings"], help_)
        yield from misvalued(project.pyproject, ("tool", "uv"), settings)
        yield from undeclared_indexes(project, project.pyproject)
    own = project.document("uv.toml")
    if own and isinstance(own.data, dict):
        yield from strange(own, (), own.data, known["settings"], help_=REFUSED_OWN)
        yield from misvalued(own, (), own.data, REFUSED_OWN)


def within(settings: dict[str, Any]) -> Iterator[tuple[Route, dict[str, Any], str]]:
    """The tables within ``[tool.uv]`` that have a list of their own: route, table and the list's name."""
    for name in ("pip", "workspace"):
        if isinstance(settings.get(name), dict):
            yield (name,), settings[name], name
    sources = settings.get("sources")
    for name, source in sources.items() if isinstance(sources, dict) else ():
        if isinstance(source, dict):
            yield ("sources", name), source, "sources"
    rows = settings.get("index")
    for number, row in enumerate(rows if isinstance(rows, list) else ()):
        if isinstance(row, dict):
            yield ("index", number), row, "index"


def strange(
    document: Document,
    route: Route,
    found: dict[str, Any],
    known: list[str],
    others: Iterable[str] = (),
    help_: str = "",
) -> Iterator[Finding]:
    """The keys of a table that are not in its list; what uv passes over may be newer than the list, and is told where
    it is a setting of uv or all but one of the list."""
    where = "" if route in ((), ("tool", "uv")) else f" in {'.'.join(map(str, route[2:3]))}"
    for key in found:
        close = nearest(key, known) if key not in known else ""
        if key in known or (help_ == PASSED_OVER and key not in others and not close):
            continue
        severity: Severity | None = "warning" if help_ == PASSED_OVER else None
        hint = f"; did you mean {close}?" if close else ""
        message = f"uv knows no setting {key}{where}{hint}"
        subject = ".".join(map(str, (*route[2:], key)))
        yield rule.finding(document.at(*route, key), message, subject=subject, severity=severity, help=help_)


def misvalued(document: Document, route: Route, settings: dict[str, Any], help_: str = "") -> Iterator[Finding]:
    """Settings whose value is none of those that there are, no list or no switch."""
    known = facts("uv")
    for key, value in settings.items():
        choices = known["choices"].get(key, ())
        wrong = ""
        if choices and not isinstance(value, dict) and value not in choices:
            wrong = f"is none of {', '.join(choices)}"
        elif key in known["switches"] and not isinstance(value, bool):
            wrong = "is neither true nor false"
        elif key in known["lists"] and not isinstance(value, list):
            wrong = "is no list"
        if wrong:
            said = help_ or (REFUSED if key in REFUSING else "")
            yield rule.finding(document.at(*route, key), f"{key} {wrong}", subject=key, help=said)
    for inside, value in cutoffs(settings):
        if not is_cutoff(value):
            said = help_ or (REFUSED if inside[0] == "index" else "")
            subject = ".".join(map(str, inside))
            yield rule.finding(document.at(*route, *inside), f"{CUTOFF} {NO_CUTOFF}", subject=subject, help=said)


def cutoffs(settings: dict[str, Any]) -> Iterator[tuple[Route, Any]]:
    """The times up to which releases count: of all, of single packages, of an index."""
    yield (CUTOFF,), settings.get(CUTOFF, False)
    packages = settings.get(f"{CUTOFF}-package")
    for name, value in packages.items() if isinstance(packages, dict) else ():
        yield (f"{CUTOFF}-package", name), value
    rows = settings.get("index")
    for number, row in enumerate(rows if isinstance(rows, list) else ()):
        if isinstance(row, dict):
            yield ("index", number, CUTOFF), row.get(CUTOFF, False)


def is_cutoff(value: Any) -> bool:
    """Whether uv reads a value as the time up to which releases count; ``false`` is that there is none."""
    if not isinstance(value, str):
        return value is False or isinstance(value, dict)
    if day := DATE.match(value):
        try:
            return bool(date(int(day[1]), int(day[2]), int(day[3])))
        except ValueError:
            return False
    return bool(DURATION.fullmatch(value))


def undeclared_indexes(project: Project, document: Document) -> Iterator[Finding]:
    """Indexes that the source of a dependency names and nothing declares; a workspace may do so further up."""
    named = {
        row.get("name")
        for path, base in (("pyproject.toml", ("tool", "uv")), ("uv.toml", ()))
        for rows in [(project.document(path) or document).get(*base, "index")]
        for row in (rows if isinstance(rows, list) else ())
        if isinstance(row, dict)
    }
    sources = table(project, "tool", "uv", "sources")
    if any(path.endswith("/pyproject.toml") for path in project.tree.outer()):
        return
    for name, source in sources.items():
        rows = source if isinstance(source, list) else [source]
        for index in (row.get("index") for row in rows if isinstance(row, dict)):
            if isinstance(index, str) and index not in named and normal(name) in declared(project):
                place = document.at("tool", "uv", "sources", name)
                message = f"{name} is to come from the index {index}, which is declared nowhere"
                yield rule.finding(place, message, subject=f"{name} {index}", severity="warning", help=UNDECLARED)


def nearest(key: str, known: Iterable[str]) -> str:
    """The setting that may be meant; ``""`` where none is near."""
    from difflib import get_close_matches

    close = get_close_matches(key, known, n=1)
    return close[0] if close else ""
