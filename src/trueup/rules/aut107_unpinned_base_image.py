"""The base image does not say which Python.

``python:latest``, ``python:3`` and ``python:slim`` become another minor version of Python once a year, on the day on
which the image is next built: dependencies without wheels for it fail to install, and what was deprecated is gone.

Source: https://hub.docker.com/_/python

Flagged:

```
main.py
    from fastapi import FastAPI

    app = FastAPI()
.python-version
    3.13
Dockerfile
    FROM python:3-slim AS base
    COPY . .
```

Fixed:

```
main.py
    from fastapi import FastAPI

    app = FastAPI()
.python-version
    3.13
Dockerfile
    FROM python:3.13-slim AS base
    COPY . .
```
"""

from __future__ import annotations

import re

from trueup.model.operation import ReplaceText
from trueup.model.pattern import lazy
from trueup.model.python import minor_of
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.images import dockerfiles
from trueup.rules.lookups import chosen_python, lines, numbers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    help="a build next year has another Python; trueup writes the one that is pinned",
)

BASE = lazy(
    r"^(?P<before>\s*FROM\s+(?:--\S+\s+)*(?:docker\.io/)?(?:library/)?python)"
    r"(?::(?:latest|3(?=[-\s]|$)|(?=[a-z]))(?P<dash>-?)(?P<variant>[a-z][\w.-]*)?)?(?P<after>\s.*)?$",
    re.IGNORECASE,
)
# Images of others that bring a Python; the tag is at the end, and none is the newest.
WITH_PYTHON = lazy(
    r"^\s*FROM\s+(?:--\S+\s+)*(?P<image>(?:docker\.io/)?(?:continuumio/(?:mini|ana)conda3?|condaforge/mini\w+"
    r"|mambaorg/micromamba|tiangolo/[\w-]+|jupyter/[\w-]+|pytorch/pytorch|tensorflow/tensorflow)(?::latest)?)(?:\s|$)",
    re.IGNORECASE,
    words=("/",),
)
ARGUMENT = lazy(
    r"\s*ARG\s+(?P<name>\w+)=[\"']?(?P<value>(?:[\w./-]*\bpython:?)?(?:(?:3|latest|slim|alpine)[\w.-]*)?)[\"']?\s*$",
    re.IGNORECASE,
    words=("=",),
)
# The newest minor version that was made for a suite of Debian or Alpine: https://hub.docker.com/_/python/tags
SUITES = {"wheezy": 6, "jessie": 8, "stretch": 9, "buster": 11, "bullseye": 13}
ALPINE = lazy(r"alpine3\.(?P<minor>\d+)")
NEW_ALPINE = (17, 12)  # what is older has no Python of 3.12
USED = lazy(r"\$\{?(?P<name>\w+)(?::-(?P<other>[^}]*))?\}?")


@rule.checks
def unpinned(project: Project) -> Iterator[Finding]:
    """Each base image of Python without a minor version; where something is pinned, that is written."""
    pinned = any(item.what == "pin" and minor_of(item.version) for item in project.evidence)
    for path in dockerfiles(project):
        told, given = set[str](), dict[str, str]()
        for number, written in lines(project, path):
            argument = ARGUMENT.match(written)
            if argument:
                given[argument["name"]] = argument["value"]
            words = written.lower().split()
            if words[:1] != ["from"]:
                continue
            line = filled(written, given) if "$" in written else written
            found = None if "python:3." in line else BASE.match(line)
            other = WITH_PYTHON.match(line)
            image = other["image"] if other else ""
            if found:
                image = "".join(line.removesuffix(found["after"] or "").split()[-1:])
            if image and image not in told:
                told.add(image)
                message, fixable = f"{image} is another Python next year", pinned and not other and line == written
                fixable = fixable and was_made(found, chosen_python(project))
                yield rule.finding(Place(path, number), message, subject=image, fixable=fixable)
            if words[-2:] == ["as", "python"]:
                told.add("python")  # from here on it is the name of a stage


def was_made(found: re.Match[str] | None, version: str) -> bool:
    """Whether there can be an image of this version for the suite that a tag names."""
    variant = (found["variant"] or "").lower() if found else ""
    minor = numbers(version)[1:2] or (0,)
    alpine = ALPINE.search(variant)
    old = alpine is not None and int(alpine["minor"]) < NEW_ALPINE[0] and minor[0] >= NEW_ALPINE[1]
    return not old and all(minor[0] <= newest for suite, newest in SUITES.items() if suite in variant)


def filled(line: str, given: dict[str, str]) -> str:
    """A line with the values of the arguments that it uses."""
    return USED.sub(lambda used: given.get(used["name"], used["other"] or used[0]), line)


@rule.fixes
def pin(project: Project, finding: Finding) -> Iterator[Operation]:
    """The pinned minor version, in front of the variant that stands there."""
    line = dict(lines(project, finding.path))[finding.line]
    found = BASE.match(line)
    if found:
        variant = f"-{found['variant']}" if found["variant"] else ""
        new = f"{found['before']}:{chosen_python(project)}{variant}{found['after'] or ''}"
        yield ReplaceText(rule.code, finding.path, finding.line, line, new)
