"""What a build puts into the wheel; no judgement here."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from trueup.model.span import Place
from trueup.rules.lookups import lines, table, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.project import Project

FIND = ("tool", "setuptools", "packages", "find")


class Find(NamedTuple):
    """One search of setuptools for packages; ``namespaces``: folders without ``__init__.py`` count."""

    place: Place
    where: tuple[str, ...]
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    namespaces: bool

    def packs(self, package: str) -> bool:
        """Whether the patterns admit a dotted package, found below one of the folders."""
        included = not self.include or any(fnmatchcase(package, pattern) for pattern in self.include)
        return included and not any(fnmatchcase(package, pattern) for pattern in self.exclude)


def finds(project: Project) -> list[Find]:
    """Every search that the project's manifests ask setuptools for."""
    found = []
    if project.pyproject and "find" in table(project, *FIND[:-1]):
        said = table(project, *FIND)
        found.append(find_of(project.pyproject.at(*FIND), said, said.get("namespaces", True) is not False))
    for manifest in project.manifests:
        call = manifest.build.get("packages")
        if manifest.format in ("setup.py", "setup.cfg") and isinstance(call, dict) and "find" in call:
            place = Place(manifest.path, line_with(project, manifest.path, r"\bfind(_namespace)?(_packages\(|:)"))
            found.append(find_of(place, call, call["find"] == "find_namespace_packages"))
    return found


def find_of(place: Place, said: dict[str, object], namespaces: bool) -> Find:
    """The search that a table describes."""
    where, include, exclude = (tuple(words(said.get(key))) for key in ("where", "include", "exclude"))
    folders = tuple(item.removeprefix("./").strip("/").removesuffix(".") for item in where) or ("",)
    return Find(place, folders, include, exclude, namespaces)


def line_with(project: Project, path: str, pattern: str) -> int:
    """The first line on which a regular expression is found; 0 where none is."""
    return next((number for number, line in lines(project, path) if re.search(pattern, line)), 0)


def folders_below(project: Project, where: str) -> Iterator[tuple[str, str]]:
    """Folders below ``where`` that hold modules and could be packages by their names: path and dotted name."""
    prefix = f"{where}/" if where else ""
    folders = {path.rpartition("/")[0] for path in project.sources if path.startswith(prefix) and "/" in path}
    for folder in sorted(folders):
        parts = folder.removeprefix(prefix).split("/")
        if folder != where and all(part.isidentifier() for part in parts):
            yield folder, ".".join(parts)


def imported_modules(project: Project, where: str) -> dict[str, str]:
    """Dotted modules that files import, relative imports resolved below ``where``, each with the first such file."""
    prefix = f"{where}/" if where else ""
    found: dict[str, str] = {}
    for path, source in project.sources.items():
        package = path.removeprefix(prefix).split("/")[:-1] if path.startswith(prefix) else []
        for statement in source.imports:
            if statement.inside == "typing" or statement.level > len(package):
                continue
            base = package[: len(package) - statement.level + 1] if statement.level else []
            targets = [".".join(filter(None, (*base, module))) for module in statement.targets() or ("",)]
            for target in targets:
                found.setdefault(target, path)
                for name, _ in statement.names if statement.is_from else ():
                    found.setdefault(f"{target}.{name}", path)
    return found


def module_name(project: Project) -> str:
    """The distribution's name as the name of a module."""
    return str(table(project, "project").get("name", "")).replace("-", "_").replace(".", "_").lower()


def backend_of(project: Project) -> str:
    """The build backend that pyproject.toml names."""
    return str(table(project, "build-system").get("build-backend", ""))
