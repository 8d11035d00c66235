"""What a build puts into the wheel; no judgement here."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from trueup.model.noun import NamedTuple
from trueup.model.span import Place
from trueup.rules.lookups import has_metadata, lines, table, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.project import Project

FIND = ("tool", "setuptools", "packages", "find")
HATCH = ("tool", "hatch", "build", "targets", "wheel")


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


def tops(project: Project) -> dict[str, str]:
    """Everything in ``src`` that can be imported, with its path."""
    found: dict[str, str] = {}
    for path in project.sources:
        top = top_in_src(path)
        if top.isidentifier() and top != "__init__":
            found[top] = "/".join(path.split("/")[:2])
    return found


def top_in_src(path: str) -> str:
    """The top-level import name of a file in ``src``; ``""`` for any other."""
    parts = path.split("/")
    return parts[1].removesuffix(".py") if parts[0] == "src" and len(parts) > 1 else ""


def packed_tops(project: Project) -> set[str] | None:
    """The import names that the wheel holds; ``None`` where that is not plain, or nothing of it is in ``src``."""
    backend = str(table(project, "build-system").get("build-backend", ""))
    if not has_metadata(project):
        return None
    name = str(table(project, "project").get("name", "")).replace("-", "_").replace(".", "_").lower()
    found: set[str] | None = None
    if backend == "uv_build":
        said = table(project, "tool", "uv", "build-backend")
        if str(said.get("module-root", "src")).strip("./") == "src":
            found = {module.split(".")[0] for module in words(said.get("module-name")) or [name]}
    elif backend == "hatchling.build":
        keys = {*table(project, "tool", "hatch", "build"), *table(project, *HATCH)}
        if keys <= {"packages", "targets", "exclude"}:
            listed = words(table(project, *HATCH).get("packages")) or [f"src/{name}"]
            found = {top_in_src(folder.strip("/")) for folder in listed} - {""}
    elif backend.startswith("setuptools."):
        searches = finds(project)
        modules = words(table(project, "tool", "setuptools").get("py-modules"))
        if len(searches) == 1 and searches[0].where == ("src",):
            folders = (top for top, path in tops(project).items() if not path.endswith(".py"))
            found = {top for top in folders if searches[0].packs(top)} | set(modules)
    there = tops(project)
    return found if found and any(top in there for top in found) else None
