"""What a job of CI takes from elsewhere in its file: hidden jobs and defaults of GitLab, executors and commands of
CircleCI, anchors of YAML; and what a development container has run before.

Source: https://docs.gitlab.com/ci/yaml/#extends, https://circleci.com/docs/reusing-config/,
https://containers.dev/implementors/spec/#lifecycle
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.plan.jobs import Jobs

NAME = re.compile(rb"[ \t]*[\"']?([\w./ -]+?)[\"']?:")
EXTENDS = re.compile(rb"(?m)^  extends:[ \t]*((?:\n[ \t]*-[^\n]*)+|[^\n]*)")
BY_NAME = re.compile(
    rb"!reference[ \t]*\[[ \t]*[\"']?([\w.-]+)"  # of GitLab
    rb"|(?m:^[ \t]*executor:[ \t]*(?:\{[ \t]*)?(?:\r?\n[ \t]*)?(?:name:[ \t]*)?[\"']?([\w-]+))"  # of CircleCI
    rb"|(?m:^[ \t]*-[ \t]+([\w-]+):?[ \t]*\r?$)"
)
ALIAS = re.compile(rb"(?:(?<=[\s\[,])|<<:[ \t]*)\*([\w.-]+)")
WORD = re.compile(rb"[\w.-]+")
DEFAULTS = (b"default", b"before_script")
LIFE = (b"onCreateCommand", b"updateContentCommand", b"postCreateCommand", b"postStartCommand", b"postAttachCommand")
OWN_START = re.compile(rb"(?m)^  before_script:")


def drawn(jobs: Jobs, section: int) -> list[int]:
    """Where the sections begin that a job draws from, the nearest first."""
    names = {found[1]: begin for begin in jobs.begins[1:] if (found := NAME.match(jobs.data, begin))}
    own = next((name for name, begin in names.items() if begin == section), b"")
    if own in LIFE:
        return [names[name] for name in LIFE[: LIFE.index(own)][::-1] if name in names]
    around = [section]
    for place in around:
        around += [other for other in dict.fromkeys(_named(jobs, place, names)) if other not in around]
    starts = any(OWN_START.search(jobs.data, place, jobs.end(place)) for place in around)
    if ".gitlab-ci" in jobs.path and section in names.values() and not starts:
        around += [names[name] for name in DEFAULTS if name in names and names[name] not in around]
    return around[1:]


def _named(jobs: Jobs, section: int, names: dict[bytes, int]) -> Iterator[int]:
    """The sections that a section names; those last of which it takes no image."""
    text = jobs.data[section : jobs.end(section)]
    extended = [word for found in EXTENDS.finditer(text) for word in WORD.findall(found[1])]
    yield from (names[word] for word in extended if word in names)
    for alias in ALIAS.finditer(text):
        yield from _anchored(jobs, alias[1])
    circle = ".circleci/" in jobs.path
    words = [(found[2] or found[3] if circle else found[1]) or b"" for found in BY_NAME.finditer(text)]
    yield from (names[word] for word in words if word in names)


def _anchored(jobs: Jobs, name: bytes) -> Iterator[int]:
    """The sections in what an anchor stands for."""
    anchor = re.search(rb"(?m)^([ \t]*)[^\n#]*&%s(?![\w.-])[^\n]*\n?" % re.escape(name), jobs.data)
    if anchor is None:
        return
    end = re.compile(rb"(?m)^(?!%s[ \t])[ \t]*[^\s#]" % anchor[1]).search(jobs.data, anchor.end())
    inside = [begin for begin in jobs.begins[1:] if anchor.start() <= begin < (end.start() if end else len(jobs.data))]
    yield from inside or [jobs.at(anchor.end())]
