"""With which Python the jobs of CI run, so that uv takes the same: ``.python-version`` would win over what is set up.

Source: https://docs.astral.sh/uv/concepts/python-versions/#requesting-a-version
"""

from __future__ import annotations

import re
from itertools import accumulate

from trueup.model.python import admits, minor_of
from trueup.plan.drawn_jobs import drawn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.model.project import Project
    from trueup.plan.jobs import Jobs

# ``python-version: ${{ matrix.python }}`` of GitHub, ``versionSpec: $(python.version)`` of Azure, and the images of
# GitLab, Woodpecker and CircleCI: ``python:${PYTHON}-slim``, ``cimg/python:<< parameters.python >>``.
MATRIX = re.compile(
    rb"python-version:[ \t]*[\"']?(\$\{\{[ \t]*matrix\.[\w.-]+[ \t]*\}\})|versionSpec:[ \t]*[\"']?(\$\([\w.]+\))"
    rb"|image:[ \t]*[\"']?[^\s\"']*\bpython:(\$\{\w+\}|\$\w+|<<[ \t]*[\w.-]+[ \t]*>>)"
)
# What the file sets elsewhere, or another file says: ``python-version: ${{ env.PYTHON }}``.
NAMED = re.compile(rb"python-version:[ \t]*[\"']?(\$\{\{[ \t]*(?:env|inputs)\.([\w-]+)[ \t]*\}\})")
GIVEN = rb"(?m)^[ \t]+%s:[ \t]*(?:(?:\n[ \t]+(?!default)[^\n]*){0,6}\n[ \t]+default:[ \t]*)?[\"']?(\d+\.\d+)"
FROM_FILE = re.compile(rb"python-version-file:[ \t]*[\"']?(?:\./)?([\w./-]+)")
UNRELEASED = re.compile(rb"\bnightly\b|\b\d\.\d+-dev\b")  # names that uv does not know
VERSION = re.compile(rb"\d+(?:\.\d+)*")


def python_of(project: Project, jobs: Jobs, section: int) -> tuple[str, list[tuple[int, str]]]:
    """The Python that a job sets up, by a matrix or unlike the pin, as an option; and what is told of versions that the
    project refuses, which uv does not take."""
    sections = [section, *drawn(jobs, section)]
    job = jobs.data[section : jobs.end(section)]
    mine = _set_up(project, jobs, sections) or _named(jobs, job) or _from_file(project, jobs, section)
    bound = next((item.version for item in project.evidence if item.what == "requires"), "")
    refused = {line: minor for line, minor in reversed(mine) if bound and not admits(bound, minor)}
    told = [
        (line, f"Python {minor} is set up here, and requires-python is {bound}: uv does not run the project with that")
        for line, minor in sorted(refused.items())
    ]
    by_matrix = MATRIX.search(job) if re.search(rb"setup-python|UsePythonVersion|image:", job) else None
    by_matrix = by_matrix or _drawn_tag(jobs, sections, job)
    if by_matrix and (not (tag := by_matrix[3]) or _is_python(tag, jobs.data)):
        return f" --python {by_matrix[by_matrix.lastindex or 0].decode()}", told
    pins = {minor_of(item.version) for item in project.evidence if item.what == "pin"}
    minors = {minor for _, minor in mine}
    if len(minors) > 1 and pins and jobs.path.endswith(".travis.yml") and not UNRELEASED.search(jobs.data):
        return " --python $TRAVIS_PYTHON_VERSION", told
    if len(minors) > 1 and pins and not told:
        several = " and ".join(sorted(minors, key=lambda minor: (len(minor), minor)))
        told = [(mine[0][0], f"Python {several} are set up here, and uv takes {min(pins)} in all: give it `--python`")]
    unlike = len(minors) == 1 and not told and pins and minors.isdisjoint(pins)
    named = NAMED.search(job)
    return (f" --python {named[1].decode() if named else minors.pop()}" if unlike else ""), told


def _set_up(project: Project, jobs: Jobs, sections: list[int]) -> list[tuple[int, str]]:
    """The lines in which a job, or the nearest of what it draws from, says its Python, else those that hold for all."""
    lines = jobs.data.splitlines(keepends=True)
    begins = list(accumulate(map(len, lines), initial=1))
    said = [item for item in project.evidence if item.what == "ci" and item.place.path == jobs.path]
    found = [(item.place.line, minor) for item in said if (minor := minor_of(item.version))]
    own = [(line, minor) for line, minor in found if not _is_for_all(lines, line)]
    by_section = ([(line, minor) for line, minor in own if jobs.at(begins[line - 1]) == each] for each in sections)
    return next(filter(None, by_section), [(line, minor) for line, minor in found if _is_for_all(lines, line)])


def _named(jobs: Jobs, job: bytes) -> list[tuple[int, str]]:
    """The lines that give the variable, or the input, by which a job of GitHub names its Python."""
    named = NAMED.search(job)
    given = re.finditer(GIVEN.replace(b"%s", re.escape(named[2])), jobs.data) if named else ()
    return [(jobs.data.count(b"\n", 0, each.start(1)) + 1, each[1].decode()) for each in given]


def _from_file(project: Project, jobs: Jobs, section: int) -> list[tuple[int, str]]:
    """The Python of a job that another file says, by the line that names that."""
    named = FROM_FILE.search(jobs.data, section, jobs.end(section))
    path = named[1].decode() if named else ""
    said = (minor_of(item.version) for item in project.evidence if item.place.path == path)
    return [(jobs.data.count(b"\n", 0, named.start()) + 1, minor) for minor in said if named and minor]


def _is_python(tag: bytes, data: bytes) -> bool:
    """Whether the variable that is an image's tag is a version of Python: as the file sets it, or else by its name."""
    name = re.sub(rb"[^\w.-]|\bparameters\.", b"", tag)
    given = re.findall(rb"\b%s[\"']?[ \t]*:[\s\[-]*[\"']?(\d[\w.-]*)" % re.escape(name), data)
    return all(map(VERSION.fullmatch, given)) if given else b"py" in name.lower()


def _drawn_tag(jobs: Jobs, sections: list[int], job: bytes) -> re.Match[bytes] | None:
    """The variable in the image that a job draws from elsewhere; a parameter of CircleCI's is one of its own, too."""
    tags = (MATRIX.search(jobs.data, place, jobs.end(place)) for place in sections[1:])
    tag = next(filter(None, tags), None)
    return tag if tag and tag[3] and (b"<<" not in tag[3] or tag[3] in job) else None


def _is_for_all(lines: list[bytes], number: int) -> bool:
    """Whether a line of GitLab's says the image of every job that names none."""
    above = next((line for line in lines[number - 1 :: -1] if line[:1] not in b" \t\r\n#-"), b"")
    return above.startswith((b"image:", b"default:"))
