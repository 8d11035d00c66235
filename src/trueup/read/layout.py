"""How the project's code is laid out, told from how its files import each other.

That a ``src`` folder is there proves nothing: it can be the package itself (``from src.x import y``), a
bare folder on the import path, C++, or the home of an installed package.
"""

from __future__ import annotations

from trueup.model.pattern import lazy
from trueup.model.project import Layout
from trueup.model.relocation import GENERIC
from trueup.model.tree import is_template
from trueup.read import zones
from trueup.read.application import is_distribution, is_started, project_name
from trueup.read.modules import dotted_name
from trueup.read.survey import Survey, top_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.model.project import Project
    from trueup.model.words import LayoutKind

MANY = 20  # files; fewer may be one program though few imports are seen
ENOUGH = 0.34  # the share of files that hang together by imports from which on they are one program
FEW = 0.1  # the share of files around an application below which it is one script of many
HALF = 0.5  # the share of files that nothing imports above which they are scripts beside each other
CONFIG = lazy(r".*\.(ini|cfg|toml|lock)|Dockerfile.*|\..*|requirements.*\.txt")


def read_layout(project: Project) -> Layout:
    """The layout of a project; see ``model.project.Layout``."""
    survey = Survey(project)
    projects = survey.projects
    if len(projects) > 1:
        return Layout("workspace", members=tuple(projects), stays=survey.stays, reason="each project has its manifest")
    nothing = not survey.members
    if nothing or are_scripts(survey):
        template = template_folder(project)
        if template:
            reason = f"{template}/ is a template, whose files are no code of this project"
            return Layout("template", stays=survey.stays, reason=reason)
        if nothing:
            return Layout("none", stays=survey.stays, reason="no Python code of its own")
        return Layout("scripts", stays=survey.stays, reason="the files do not import each other")
    split = survey.split_folder
    if split:
        return beside_root(survey, split)
    if "src" in survey.members:
        if survey.packages_used("src") or "src/__init__.py" in survey.sources:
            return src_package(survey)
        if survey.members == ["src"]:
            return below(survey, "src")
        if set(survey.members) <= {"src", *survey.scripts} and not survey.says_src:
            found = below(survey, "src")  # a script beside it starts what lies there by its name alone
            return found if found.kind == "installed" else flat(survey)
    return flat(survey)


def template_folder(project: Project) -> str:
    """The folder of a template of projects with Python in it, or ``""``."""
    inside = (path for path in project.tree.entries if path.endswith(".py") and is_template(path))
    for path in inside:
        parts = path.split("/")
        depth = next((depth for depth, part in enumerate(parts[:-1], 1) if is_template(part)), 0)
        if depth:
            return "/".join(parts[:depth])
    return ""


def are_scripts(survey: Survey) -> bool:
    """Whether the code is a collection of files that have nothing to do with each other."""
    files = len(survey.scattered)
    if survey.is_library or not files:
        return False
    largest = max(map(len, survey.groups.values()))
    if survey.app is not None:  # Django's names its parts in settings, and imports none of them
        path = survey.app.candidate.path
        if path.startswith("src/") and f"src/{path.split('/')[1]}/__init__.py" in survey.sources:
            return False  # whatever lies beside it: it is a package, where packages lie
        around = survey.groups.get(path, ())
        parts = survey.app.candidate.framework == "django" or largest >= ENOUGH * files
        return files >= MANY and len(around) < FEW * files and not parts
    if files == 1:
        return survey.members[0] in survey.sources and not survey.project.manifests
    loose = files >= MANY and largest < ENOUGH * files
    alone = loose or len(survey.starts) > max(1, HALF * files)
    return alone and not is_managed(survey) and not is_started(survey.project)


def is_managed(survey: Survey) -> bool:
    """Whether Django starts here, which names its parts in settings."""
    there = (survey.sources[path] for path in ("manage.py", STARTS) if path in survey.sources)
    return any(zones.magic("manage.py", source) for source in there)


def beside_root(survey: Survey, folder: str) -> Layout:
    """``folder`` is on the import path; is it a package too?"""
    used = survey.packages_used(folder)
    if not used:
        return below(survey, folder)
    short = next(link for link in survey.links if link.root == folder)
    long = dotted_name(short.target, "")
    reason = f"{short.importer} imports {short.name}, {used[0].importer} uses {folder} as a package: {long}"
    members = (*beside(survey, folder), *(children(survey, folder) if folder == "src" else (folder,)))
    package = folder if folder != "src" else only_package(survey, folder)
    return Layout("two-names", (folder, ""), members, names(members), package, with_scripts(survey), reason)


def beside(survey: Survey, folder: str) -> list[str]:
    """Members at the root outside of ``folder`` that are more than scripts."""
    left_out = {top_of(folder), "__init__.py", *survey.scripts}
    return [member for member in survey.members if member not in left_out]


def below(survey: Survey, folder: str) -> Layout:
    """Code that is imported from ``folder``: an installed src layout, or a bare folder on the path."""
    others, members = beside(survey, folder), below_root(survey, folder)
    own = only_package(survey, folder).split(".")[0] == project_name(survey.project).replace("-", "_").lower()
    if folder == "src" and own and is_distribution(survey.project) and not any(map(survey.belongs, others)):
        named = with_scripts(survey) | dict.fromkeys(others, "beside the package that is built, which does not need it")
        return Layout("installed", (folder,), (), names(members), only_package(survey, folder), named, "it is built so")
    loose = [member for member in members if member in survey.sources and not is_stray(survey, member)]
    package = only_package(survey, folder)
    single = survey.is_library and len(members) == 1
    telling = len(members) > 1 and all(member.rpartition("/")[2].lower() not in GENERIC for member in members)
    installed = single or (not loose and (package or telling or is_distribution(survey.project)))
    if folder == "src" and not others and installed:
        reason = f"imported from {folder}/"
        return Layout("installed", (folder,), (), names(members), package, with_scripts(survey), reason)
    reason = f"modules are imported from {folder}/, which is no package"
    roots = (folder, "") if others else (folder,)
    members = (*others, *members)
    return Layout("src-path", roots, members, names(members), "", with_scripts(survey), reason)


def is_stray(survey: Survey, module: str) -> bool:
    """Whether a module in ``src`` lies beside the distribution's package, which has no need of it."""
    package = f"src/{project_name(survey.project).replace('-', '_').lower()}"
    if not is_distribution(survey.project) or f"{package}/__init__.py" not in survey.sources:
        return False
    if survey.app is not None and survey.app.candidate.path == module:
        return False
    return not any(link.target == module and link.importer.startswith(f"{package}/") for link in survey.links)


def below_root(survey: Survey, folder: str) -> tuple[str, ...]:
    """What lies in a folder on the import path; an ``__init__.py`` beside packages alone makes none of the folder."""
    members = children(survey, folder)
    packages = tuple(member for member in members if member != f"{folder}/__init__.py")
    return members if any(member in survey.sources for member in packages) else packages


def src_package(survey: Survey) -> Layout:
    """``src`` is the import package; what else lies in it goes with it."""
    below = {path.split("/")[1] for path in survey.project.tree.under("src")}
    inside = [f"src/{name}" for name in sorted(below) if not CONFIG.fullmatch(name)]
    others = beside(survey, "src")
    used = survey.packages_used("src")
    reason = f"{used[0].importer} imports it as src" if used else "src/__init__.py is there"
    return Layout(
        "src-package", ("",), (*others, *inside), ("src", *names(others)), "src", with_scripts(survey), reason
    )


def flat(survey: Survey) -> Layout:
    """Code at the root itself."""
    members, stays = survey.members, dict(survey.stays)
    packages = [member for member in members if member not in survey.sources]
    if len(packages) == 1 and set(members) <= {*packages, *survey.scripts, "__init__.py"}:
        if not packages[0].isidentifier() and not survey.is_library:
            return below(survey, packages[0])  # nothing can import it: what lies in it is started there
        members, stays = packages, with_scripts(survey)
    kind, package = flat_kind(survey, members, packages)
    if kind != "loose" and "__init__.py" in survey.members:
        members = [member for member in members if member != "__init__.py"]
        stays["__init__.py"] = "it belongs to no package"
    reason = "application code lies at the root" if kind in ("loose", "packages") else ""
    return Layout(kind, ("",), tuple(members), names(members), package, stays, reason)


def with_scripts(survey: Survey) -> dict[str, str]:
    """What stays, and the scripts beside the one package, which find it wherever it is installed."""
    return {**survey.stays, **dict.fromkeys(survey.scripts, "a script that uses the package, and nothing imports it")}


def flat_kind(survey: Survey, members: list[str], packages: list[str]) -> tuple[LayoutKind, str]:
    """The kind, and the one package where there is one."""
    modules = [member for member in members if member in survey.sources and member != "__init__.py"]
    if len(packages) == 1 and not modules:
        return package_or_namespace(survey, packages[0])
    if not packages and survey.is_library and len(modules) == 1:
        return "module", modules[0].removesuffix(".py")
    if survey.app is not None:
        made_in = survey.app.candidate.made_in
        return ("packages" if packages and "/" in made_in else "loose"), ""
    return ("loose" if modules and not survey.is_library else "packages"), ""


def package_or_namespace(survey: Survey, package: str) -> tuple[LayoutKind, str]:
    """A folder without modules of its own that a library ships is a namespace."""
    direct = [path for path in survey.sources if path.rpartition("/")[0] == package]
    if direct or not survey.is_library:
        return "package", package
    inside = {path.split("/")[1].removesuffix(".py") for path in survey.sources if path.startswith(package + "/")}
    return "namespace", f"{package}.{min(inside)}" if len(inside) == 1 else package


STARTS = "src/manage.py"  # Django has its own folder on the import path, and src is that of the packages


def children(survey: Survey, folder: str) -> tuple[str, ...]:
    """What lies directly in ``folder`` and holds code; tests and what stays anyway left out."""
    depth = folder.count("/") + 2
    inside = {"/".join(path.split("/")[:depth]) for path in survey.sources if path.startswith(folder + "/")}
    tests = {path for path in inside if zones.is_test(path if path in survey.sources else path + "/x")}
    starts = {path for path in inside & {STARTS} if zones.magic("manage.py", survey.sources[path])}
    data = {path for path in inside if path not in survey.sources and not holds_modules(survey, path)}
    return tuple(sorted(inside - data - tests - starts - set(survey.others)))


def holds_modules(survey: Survey, folder: str) -> bool:
    """Whether any Python file in a folder has a name that can be imported."""
    inside = (path for path in survey.sources if path.startswith(f"{folder}/"))
    return any(path.rpartition("/")[2].removesuffix(".py").isidentifier() for path in inside)


def only_package(survey: Survey, folder: str) -> str:
    """The dotted name of the one package in ``folder``, followed down through namespaces; else ``""``."""
    inside = below_root(survey, folder)
    if len(inside) != 1 or inside[0] in survey.sources:
        return ""
    package = inside[0]
    while not any(path.rpartition("/")[0] == package for path in survey.sources):
        deeper = {
            "/".join(path.split("/")[: package.count("/") + 2])
            for path in survey.sources
            if path.startswith(package + "/")
        }
        if len(deeper) != 1:
            break
        package = min(deeper)
    return dotted_name(package, folder)


def names(members: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """The import names of files and folders."""
    stems = (member.rpartition("/")[2].removesuffix(".py") for member in members)
    return tuple(stem for stem in stems if stem.isidentifier() and stem != "__init__")
