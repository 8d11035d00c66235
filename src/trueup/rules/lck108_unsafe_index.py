"""An index is asked without encryption, bears credentials, or is configured twice.

What comes over ``http://`` can be replaced on its way, before any lock has a hash of it. A password in an address is in
git for ever, and in every log that prints the address. An index that stands twice is asked in another order than it
seems. A ``--trusted-host`` may be anybody, and so may an ``allow-insecure-host``. Commands and variables count as
files of settings do.

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

import itertools
import re

from trueup.model.command_line import pip_arguments
from trueup.model.indexes import ADDRESS, credentials, host_of
from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.indexes import EXAMPLES, indexes
from trueup.rules.lookups import lines, some, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.document import Document
    from trueup.model.finding import Finding
    from trueup.model.project import Project
    from trueup.rules.indexes import Index

rule = Rule(
    __name__,
    severity="warning",
    help="what is installed can be replaced on its way, and who reads the file has the password",
    no_fix="a password goes out, is renewed and set as UV_INDEX_<NAME>_PASSWORD; whether a host serves https, and "
    "which of two indexes is meant, is not known",
)

FILES = lazy(r"(?:[^/]*(?:requirements?|reqs?|constraints?)[^/]*\.(?:txt|in|pip))|pip\.conf|pip\.ini", re.IGNORECASE)
TRUSTED = lazy(r"\s*(?:--)?trusted-host\s*[=: ]\s*([\w.:-]+)", words=("trusted-host",))
FETCHED = ("http://", "https://", "ssh://", "git://")
INSECURE = "allow-insecure-host"
HEADER = lazy(r"[ \t]*\[+[ \t]*([\w.:-]+)[ \t\w.:\"'-]*\]", words=("[",))
# Settings of what installs nothing; ``pip`` is pip-tools and pip-audit, too.
OF_ANOTHER = lazy(
    r"(?!tool\.(?:uv|poetry|pdm|hatch|rye|flit|pixi|setuptools|tox|pip|micropipenv|conda-lock|briefcase|cibuildwheel)\b)"
    r"(?:tool[.:]|scripts\b)"
)
INSTALLS = lazy(r"\bpip[\d.]* install\b|\bgit\+|index[-_]url", words=("install", "git+", "index"))
LOCAL = lazy(r"localhost|127\.\d+\.\d+\.\d+|::1|host\.docker\.internal")


@rule.checks
def unsafe(project: Project) -> Iterator[Finding]:
    """Each of the three in each file; an address is never repeated, only its host."""
    every = indexes(project)
    for path, found in every.items():
        seen: dict[str, Index] = {}
        yield from refused([index for index in found if index.key.endswith("uv.index")])
        for index in found:
            host = host_of(index.url)
            if credentials(index.url):
                message = f"{index.key} bears credentials for {host}"
                yield rule.finding(index.place, message, subject=f"credentials {host}", severity="error")
            if is_http(index):
                yield rule.finding(index.place, f"{index.key} asks {host} without encryption", subject=f"http {host}")
            address = plain(index.url)
            first = seen.setdefault(address, index)
            if first is not index and host and not index.spoken and not expanded(first, index):
                message = f"{index.key} names {host} again (first in line {first.place.line} of {path})"
                yield rule.finding(index.place, message, subject=f"twice {host}")
    yield from unverified(project, every)
    yield from in_addresses(project, every)


def refused(found: list[Index]) -> Iterator[Finding]:
    """Indexes of uv with one name, and a second default."""
    names: dict[str, Index] = {}
    defaults: list[Index] = []
    for index in found:
        if names.setdefault(index.name, index) is not index and index.name:
            message = f"two indexes are called {index.name}, and uv refuses the whole file"
            yield rule.finding(index.place, message, subject=f"name {index.name}", severity="error")
        defaults += [index] if index.default else []
        if index.default and len(defaults) == 2:
            message = "two indexes are the default, and uv refuses the whole file"
            yield rule.finding(index.place, message, subject="default", severity="error")


def in_addresses(project: Project, every: dict[str, list[Index]]) -> Iterator[Finding]:
    """Credentials in the addresses of dependencies, each host once in a file; a database's is none, nor what stands in
    the settings of a tool that installs nothing."""
    indexed = {(index.place.path, index.place.line) for found in every.values() for index in found}
    for path in dict.fromkeys(manifest.path for manifest in project.manifests):
        told, sections = set[str](), path.endswith((".toml", ".cfg", "Pipfile"))
        other = False
        for number, line in lines(project, path) if "@" in text_of(project, path) else ():
            if sections and (header := HEADER.match(line)):
                other = OF_ANOTHER.match(header[1]) is not None
            if other and not INSTALLS.search(line):
                continue
            for url in ADDRESS.findall(line) if "@" in line and "://" in line else ():
                host = host_of(url)
                fetched = url.startswith(FETCHED) and not LOCAL.fullmatch(host)
                if fetched and credentials(url) and host not in told and (path, number) not in indexed:
                    told.add(host)
                    message = f"an address bears credentials for {host}"
                    yield rule.finding(Place(path, number), message, subject=f"credentials {host}", severity="error")


def unverified(project: Project, every: dict[str, list[Index]]) -> Iterator[Finding]:
    """Hosts whose certificate pip is told not to check, each once in a file."""
    said = [
        (command.path, command.line, after)
        for command in project.commands
        if "--trusted-host" in command.text and command.where != "readme" and pip_arguments(command.argv) is not None
        for before, after in itertools.pairwise(" ".join(command.argv).replace("=", " ").split())
        if before == "--trusted-host"
    ]
    for path in project.tree.called(FILES):
        if not EXAMPLES.search(path):
            said += [
                (path, number, found[1]) for number, line in lines(project, path) if (found := TRUSTED.match(line))
            ]
    for path in ("pyproject.toml", "uv.toml", "Pipfile"):
        said += [(path, *found) for found in in_settings(project.document(path))]
    plainly = {(path, host_of(index.url)) for path, found in every.items() for index in found if is_http(index)}
    hosts: dict[str, dict[str, int]] = {}
    for path, number, host in said:
        if (path, host) not in plainly and not LOCAL.fullmatch(host.partition(":")[0]):
            hosts.setdefault(path, {}).setdefault(host, number)
    for path, trusted in hosts.items():
        key = {"Pipfile": "verify_ssl", "pyproject.toml": INSECURE, "uv.toml": INSECURE}.get(path, "trusted-host")
        message = f"{key}: who answers as {some(list(trusted))} is not checked"
        yield rule.finding(Place(path, min(trusted.values())), message, subject="trusted-host")


def in_settings(document: Document | None) -> Iterator[tuple[int, str]]:
    """What uv and Pipenv are told not to check, each with its line."""
    route = ("tool", "uv", INSECURE) if document and document.path == "pyproject.toml" else (INSECURE,)
    listed = document.get(*route) if document else None
    for number, host in enumerate(listed if isinstance(listed, list) else ()):
        if document:
            yield document.at(*route, number).line, str(host)
    rows = document.get("source") if document and document.path == "Pipfile" else None
    for number, row in enumerate(rows if isinstance(rows, list) else ()):
        if document and isinstance(row, dict) and row.get("verify_ssl") is False:
            yield document.at("source", number, "verify_ssl").line, host_of(str(row.get("url", "")))


def is_http(index: Index) -> bool:
    """Whether an index on another machine is asked without encryption."""
    return index.url.lower().startswith("http://") and not LOCAL.fullmatch(host_of(index.url))


def plain(url: str) -> str:
    """An address without user and final slash."""
    return re.sub(r"//[^/@]*@", "//", url).rstrip("/").lower()


def expanded(one: Index, other: Index) -> bool:
    """Whether two entries serve different interfaces: uv's and its pip interface's, uv's and another manager's."""
    return one.key.split(".")[:3] != other.key.split(".")[:3]
