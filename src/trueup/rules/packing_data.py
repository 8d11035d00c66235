"""Which files besides modules setuptools puts into the wheel; no judgement here.

Source: https://setuptools.pypa.io/en/latest/userguide/datafiles.html
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase, translate

from trueup.model.names import requirement_name
from trueup.model.noun import NamedTuple
from trueup.rules.lookups import table, text_of, words
from trueup.rules.packing import backend_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.project import Project

# What builds need, and what adds no files of its own; any other may (setuptools-scm takes all that git has).
PLAIN = {"setuptools", "wheel", "cython", "packaging", "pip", "tomli", "numpy", "cffi", "pybind11", "build", "twine"}
FILES = ("setup.py", "setup.cfg", "pyproject.toml")
TAKES = ("include", "recursive-include", "global-include", "graft")


class PackedData(NamedTuple):
    """``unsure``: not all that decides could be read. ``patterns`` stand by package; MANIFEST.in takes ``listed``."""

    unsure: bool
    patterns: dict[str, list[str]]
    listed: re.Pattern[str] | None

    def holds(self, path: str, top: str) -> bool:
        """Whether a file below the outermost package ``top`` may be in the wheel."""
        return self._is_data(path, top) or (self.listed is not None and self.listed.match(path) is not None)

    def _is_data(self, path: str, top: str) -> bool:
        if not self.patterns:
            return False
        folder = path.rpartition("/")[0]
        parent = top.rpartition("/")[0]
        while folder.startswith(top):
            package = folder.removeprefix(f"{parent}/" if parent else "").replace("/", ".")
            inside = path.removeprefix(f"{folder}/")
            patterns = [*self.patterns.get(package, ()), *self.patterns.get("*", ()), *self.patterns.get("", ())]
            if any(fnmatchcase(inside, pattern) or fnmatchcase(inside, plainer(pattern)) for pattern in patterns):
                return True
            folder = folder.rpartition("/")[0]
        return False


def plainer(pattern: str) -> str:
    """A pattern whose ``**/`` stands for no folder at all."""
    return pattern.removeprefix("./").replace("**/", "")


def packed_data(project: Project) -> PackedData:
    """What the manifests say; of setup.py what can be read without running it."""
    backend = backend_of(project)
    texts = "\n".join(text_of(project, path) for path in FILES)
    unsure = bool(re.search(r"data[_-]files|package_data\s*\[|\bpbr\b", texts))
    unsure = unsure or not (backend.startswith("setuptools.") or (not backend and project.tree.has("setup.py")))
    needs = words(table(project, "build-system").get("requires"))
    said = table(project, "tool", "setuptools")
    patterns = {str(key): words(value) for key, value in table(project, "tool", "setuptools", "package-data").items()}
    includes = said.get("include-package-data", bool(said or table(project, "project"))) is not False
    for manifest in project.manifests:
        if manifest.path not in ("setup.py", "setup.cfg"):
            continue
        build = manifest.build
        unsure = unsure or bool(manifest.error) or bool(build.get("keeps"))
        needs = [*needs, *words(build.get("requires"))]
        includes = includes or bool(build.get("include_package_data"))
        listed = build.get("package_data")
        for key, value in listed.items() if isinstance(listed, dict) else ():
            patterns.setdefault(str(key), []).extend(words(value))
    unsure = unsure or not {requirement_name(need) for need in needs} <= PLAIN
    taken = [place for line in manifest_lines(project) for place in taken_by(line)] if includes else []
    return PackedData(unsure, patterns, re.compile("|".join(taken)) if taken else None)


def manifest_lines(project: Project) -> Iterator[tuple[str, ...]]:
    """The lines of MANIFEST.in that take files; what takes them out again is left aside."""
    for line in text_of(project, "MANIFEST.in").replace("\\\n", " ").splitlines():
        parts = tuple(line.split())
        if parts and parts[0] in TAKES:
            yield parts


def taken_by(line: tuple[str, ...]) -> Iterator[str]:
    """What a line of MANIFEST.in takes, as regular expressions of paths."""
    match line:
        case ("graft", folder, *_):
            yield translate(f"{folder.strip('/')}/*")
        case ("recursive-include", folder, *patterns):
            start = folder.strip("./")
            below = f"(?={translate(f'{start}/*')})" if start else ""
            yield from (below + translate(f"*{pattern}") for pattern in patterns)
        case ("global-include", *patterns):
            yield from (f"(?:.*/)?(?!.*/){translate(pattern)}" for pattern in patterns)
        case ("include", *patterns):
            yield from (translate(pattern.removeprefix("./")) for pattern in patterns)
