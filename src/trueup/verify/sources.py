"""Is every file that ``uv.lock`` names fixed by a hash, and from a host that the project asks? Reads TOML only.

``uv lock --check`` downloads nothing, and uv accepts a lock whose hashes were taken out or whose URLs were bent.
Source: https://docs.astral.sh/uv/concepts/indexes/
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter

from trueup.model.indexes import PYPI, file_hosts, host_of
from trueup.model.names import normal
from trueup.model.noun import NamedTuple
from trueup.model.report import Outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import Any

    from trueup.verify import Context

ORDER = 12
NAME = "lock sources"
DEPTH = "verify"
SHOWN = 20
STRONG = ("sha256:", "sha384:", "sha512:", "blake2b:")
COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
LOCAL = ("editable", "virtual", "directory", "path")
DIRECT = re.compile(r"@\s*(?:git\+)?(\w+://[^\s;]+)")
LISTED = ("UV_INDEX", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS")
SINGLE = ("UV_DEFAULT_INDEX", "UV_INDEX_URL")


class Index(NamedTuple):
    """A configured index; ``explicit``: it is asked only for packages whose source names it."""

    url: str
    name: str = ""
    explicit: bool = False
    default: bool = False


class Settings(NamedTuple):
    """What the project says of where packages come from; ``hosts`` are those that may serve a file."""

    indexes: tuple[Index, ...]
    hosts: frozenset[str]
    pinned: frozenset[str]
    strategy: str


class Entry(NamedTuple):
    """A package of the lock: the kind of its source, where that is, and its files."""

    name: str
    kind: str
    place: str
    files: tuple[Mapping[str, Any], ...]


def check(context: Context) -> Outcome:
    """Failed for a file without a hash, or from a host that nothing asks for."""
    try:
        lock = tomllib.loads((context.root / "uv.lock").read_text("utf-8"))
    except FileNotFoundError:
        return Outcome(NAME, "unchecked", "there is no uv.lock")
    except (OSError, ValueError) as problem:
        return Outcome(NAME, "unchecked", f"uv.lock cannot be read: {problem}")
    try:
        found = list(entries(lock))
        asked = settings(context.root, found, context.uv.environ, context.hosts)
    except (OSError, ValueError) as problem:
        return Outcome(NAME, "unchecked", f"the project's own settings cannot be read: {problem}")
    wrong = [line for entry in found for line in problems(entry, asked)]
    if wrong:
        more = f"; and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        return Outcome(NAME, "failed", "; ".join(wrong[:3]) + more, "\n".join(wrong[:SHOWN]))
    confused = list(confusable(found, asked))
    return Outcome(NAME, "passed", summary(found, confused), "\n".join(confused[:SHOWN]))


def entries(lock: Mapping[str, Any]) -> Iterator[Entry]:
    """The packages of a lock."""
    for item in tables(lock.get("package")):
        source = item.get("source")
        kind, place = next(iter(source.items()), ("", "")) if isinstance(source, dict) else ("", "")
        held = (*tables([item.get("sdist")]), *tables(item.get("wheels")))
        yield Entry(f"{item.get('name', '?')} {item.get('version', '')}".strip(), kind, str(place), held)


def tables(value: object) -> Iterator[dict[str, Any]]:
    """The tables in a list."""
    return (item for item in value if isinstance(item, dict)) if isinstance(value, list) else iter(())


def problems(entry: Entry, asked: Settings) -> Iterator[str]:
    """What is wrong with one package."""
    if entry.kind in LOCAL:
        return
    where = host_of(entry.place)
    if where and where not in asked.hosts:
        yield f"{entry.name}: comes from {where}, which the project does not ask"
    if entry.kind == "git":
        if not COMMIT.fullmatch(entry.place.rpartition("#")[2]):
            yield f"{entry.name}: from git without a commit"
        return
    if not entry.files:
        yield f"{entry.name}: no file of it is locked"
    bare = [file for file in entry.files if not str(file.get("hash", "")).startswith(STRONG) and not is_local(file)]
    if bare:
        yield f"{entry.name}: {len(bare)} of {len(entry.files)} files have no hash"
    places = {host_of(str(file["url"])) for file in entry.files if "url" in file} - {"", where}
    for place in sorted(places - asked.hosts):
        yield f"{entry.name}: a file lies on {place}, which the project does not ask"


def is_local(file: Mapping[str, Any]) -> bool:
    """Whether a file lies on this machine."""
    return "path" in file or ("url" in file and not host_of(str(file["url"])))


def settings(root: Path, found: list[Entry], environ: Mapping[str, str], more: Iterable[str] = ()) -> Settings:
    """Indexes and hosts in ``pyproject.toml``, ``uv.toml`` and uv's variables; addresses in all manifests of the lock.

    Raises ``ValueError``, ``OSError``.
    """
    manifest, own = read(root / "pyproject.toml"), read(root / "uv.toml")
    tool = section(manifest)
    indexes = [index for table in (tool, own) for index in configured(table)] + list(given(environ))
    if not any(index.default for index in indexes):
        indexes.append(Index(PYPI, default=True))
    members = [entry.place for entry in found if entry.kind in LOCAL and entry.kind != "path"]
    manifests = [manifest, *(read(root / place / "pyproject.toml") for place in members)]
    urls = [index.url for index in indexes] + [url for item in manifests for url in addresses(item)]
    hosts = {host_of(url) for url in [PYPI, *urls]}
    served = {name for place in hosts for name in file_hosts(place)}
    rows = [(name, row) for item in manifests for name, row in named(item) if "index" in row]
    strategy = own.get("index-strategy", tool.get("index-strategy", environ.get("UV_INDEX_STRATEGY", "first-index")))
    pinned = frozenset(normal(name) for name, _ in rows)
    return Settings(tuple(indexes), frozenset({*hosts, *served, *more}), pinned, str(strategy))


def section(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """``[tool.uv]``."""
    found = manifest.get("tool", {}).get("uv", {})
    return found if isinstance(found, dict) else {}


def read(path: Path) -> dict[str, Any]:
    """A TOML file; empty where there is none."""
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        return {}


def configured(table: Mapping[str, Any]) -> Iterator[Index]:
    """The indexes of a table of uv's settings, the old keys included."""
    for item in tables(table.get("index")):
        flags = (item.get("explicit") is True, item.get("default") is True)
        yield Index(str(item.get("url", "")), str(item.get("name", "")), *flags)
    for key in ("extra-index-url", "find-links"):
        yield from (Index(url) for url in table.get(key, []) if isinstance(url, str))
    if isinstance(table.get("index-url"), str):
        yield Index(table["index-url"], default=True)


def given(environ: Mapping[str, str]) -> Iterator[Index]:
    """The indexes of uv's environment variables, where one may be called ``name=url``."""
    for variable in (*LISTED, *SINGLE):
        text = environ.get(variable, "")
        for item in filter(None, re.split(r"[\s,]+" if variable == "UV_FIND_LINKS" else r"\s+", text)):
            name, equals, url = item.partition("=")
            if not equals or not re.fullmatch(r"[\w.-]+", name):
                name, url = "", item
            yield Index(url, name, default=variable in SINGLE)


def named(manifest: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The packages whose source a manifest names, each with what it names."""
    sources = section(manifest).get("sources")
    for name, value in sources.items() if isinstance(sources, dict) else ():
        yield from ((name, row) for row in tables(value if isinstance(value, list) else [value]))


def addresses(manifest: Mapping[str, Any]) -> Iterator[str]:
    """The addresses that a manifest takes packages from, beside its indexes."""
    for _, row in named(manifest):
        yield from (str(row[key]) for key in ("url", "git") if key in row)
    project = manifest.get("project", {})
    listed = [project.get("dependencies"), project.get("optional-dependencies"), manifest.get("dependency-groups")]
    yield from DIRECT.findall(repr(listed))


def confusable(found: Iterable[Entry], asked: Settings) -> Iterator[str]:
    """Packages that another index could have given: nothing says which one is meant, and uv asks several.

    With the strategy ``first-index`` only the indexes that are asked earlier can step in.
    """
    general = [index.url.rstrip("/") for index in sorted(asked.indexes, key=lambda i: i.default) if not index.explicit]
    for entry in found:
        place = entry.place.rstrip("/")
        if entry.kind != "registry" or normal(entry.name.split()[0]) in asked.pinned or not host_of(place):
            continue
        ahead = general[: general.index(place)] if place in general else general
        rivals = ahead if asked.strategy == "first-index" else [url for url in general if url != place]
        others = sorted({host_of(url) or "a local folder" for url in rivals})
        if others:
            yield f"{entry.name}: from {host_of(place)}, and {', '.join(others)} could have given it"


def summary(found: Iterable[Entry], confused: list[str]) -> str:
    """How many packages come from where."""
    places = Counter(origin(entry) for entry in found if entry.place != ".")
    text = ", ".join(f"{count} from {place}" for place, count in places.most_common()) or "no packages"
    loose = f"; {len(confused)} could be given by another index, too" if confused else ""
    return f"every file that is downloaded is fixed by a hash: {text}{loose}"


def origin(entry: Entry) -> str:
    """Where a package comes from, in words."""
    if entry.kind in LOCAL:
        return "local paths"
    return host_of(entry.place) or "local folders, without hashes"
