"""Which files besides modules setuptools puts into the wheel; no judgement here.

Source: https://setuptools.pypa.io/en/latest/userguide/datafiles.html
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from trueup.model.names import requirement_name
from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy
from trueup.rules.lookups import table, text_of, words
from trueup.rules.packing import backend_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.project import Project

# What builds need, and what adds no files of its own; any other may (setuptools-scm takes all that git has).
PLAIN = {"setuptools", "wheel", "cython", "packaging", "pip", "tomli", "numpy", "cffi", "pybind11", "build", "twine"}
FILES = ("setup.py", "setup.cfg", "pyproject.toml")
WILD = lazy(r"[*?\[]")
TAKES = ("include", "recursive-include", "global-include", "graft")


class PackedData(NamedTuple):
    """``unsure``: not all that decides could be read. ``patterns`` stand by package, ``lines`` in MANIFEST.in."""

    unsure: bool
    patterns: dict[str, list[str]]
    lines: tuple[tuple[str, ...], ...]

    def holds(self, path: str, top: str) -> bool:
        """Whether a file below the outermost package ``top`` may be in the wheel."""
        return self._is_listed(path, top) or any(takes(line, path) for line in self.lines)

    def _is_listed(self, path: str, top: str) -> bool:
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
    return PackedData(unsure, patterns, tuple(manifest_lines(project)) if includes else ())


def manifest_lines(project: Project) -> Iterator[tuple[str, ...]]:
    """The lines of MANIFEST.in that take files; what takes them out again is left aside."""
    for line in text_of(project, "MANIFEST.in").replace("\\\n", " ").splitlines():
        parts = tuple(line.split())
        if parts and parts[0] in TAKES:
            yield parts


def lies_below(path: str, folder: str) -> bool:
    """Whether a file lies below a folder, which may hold wildcards."""
    return path.startswith(f"{folder}/") or (bool(WILD.search(folder)) and fnmatchcase(path, f"{folder}/*"))


def takes(line: tuple[str, ...], path: str) -> bool:
    """Whether a line of MANIFEST.in takes a file."""
    name = path.rpartition("/")[2]
    match line:
        case ("graft", folder, *_):
            return lies_below(path, folder.strip("/"))
        case ("recursive-include", folder, *patterns):
            start = folder.strip("./")
            below = not start or lies_below(path, start)
            return below and any(fnmatchcase(name, pattern) or fnmatchcase(path, f"*{pattern}") for pattern in patterns)
        case ("global-include", *patterns):
            return any(fnmatchcase(name, pattern) for pattern in patterns)
        case ("include", *patterns):
            return any(fnmatchcase(path, pattern.removeprefix("./")) for pattern in patterns)
    return False
