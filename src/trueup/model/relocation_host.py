"""The one package at the root that takes in the modules beside it, so that only their names change."""

from __future__ import annotations

from trueup.model.names import normal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.model.project import Project

WHOLE = frozenset({"app", "application", "backend", "server"})  # names that mean all of a program


def host(project: Project) -> str:
    """Its name; ``""`` where there is no such package, or where a module would not be in it what it is outside.

    What is imported from a package is preceded by its ``__init__.py``: that must do nothing. A name that is taken in
    the package stays what it is.
    """
    layout = project.layout
    folders = [member for member in layout.members if not member.endswith(".py")]
    if layout.kind not in ("packages", "loose") or len(folders) != 1 or "/" in folders[0] or project.settings.package:
        return ""
    name = folders[0]
    if layout.kind == "loose" and not is_the_program(project, name):
        return ""
    beginning = project.sources.get(f"{name}/__init__.py")
    if beginning is None or beginning.error or beginning.imports or beginning.made:
        return ""
    modules = [member.removesuffix(".py") for member in layout.members if member != name]
    taken = {path[len(name) + 1 :].split("/")[0].removesuffix(".py").casefold() for path in below(project, name)}
    taken |= {defined.casefold() for defined in beginning.defines} | {"__main__", "__init__"}
    return "" if any("/" in module or module.casefold() in taken for module in modules) else name


def is_the_program(project: Project, name: str) -> bool:
    """Whether the folder, and not the modules beside it, is the program: most of it, under a name that says so."""
    inside = (path for path in project.sources if path.startswith(f"{name}/") and not project.is_test(path))
    beside = len(project.layout.members) - 1
    named = normal(name) == normal(project.name) or name.lower() in WHOLE
    return named and sum(not path.endswith("/__init__.py") for path in inside) >= beside


def below(project: Project, folder: str) -> list[str]:
    """Every path in a folder."""
    return [path for path in project.tree.entries if path.startswith(f"{folder}/")]
