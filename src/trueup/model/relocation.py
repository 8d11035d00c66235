"""Where a project's code should lie, and under which names: the choice of a move, or the question it needs.

The mapping that breaks least is chosen. A package keeps its import name (``app/`` becomes ``src/app/``:
no import, task name, pickle or log changes), and takes in modules that lie beside it; only where there is none, or
where it cannot, do loose modules get a package around them.
"""

from __future__ import annotations

import re
import sys
from keyword import iskeyword

from trueup.errors import ProjectError
from trueup.model.lists import image_beside
from trueup.model.noun import NamedTuple
from trueup.model.operation import Relocate
from trueup.model.packages import TAKEN, import_names
from trueup.model.pattern import lazy
from trueup.model.relocation_host import host

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from trueup.model.plan import Question
    from trueup.model.project import Project

RESERVED = frozenset({"src", "test", "tests", "testing", "build", "dist", "docs", "scripts", "site", "lib", "python"})
# Names that say what code does and not whose it is: two projects in one environment would both have them.
GENERIC = frozenset(
    {
        *("api", "app", "apps", "application", "auth", "backend", "cli", "client", "clients", "common", "config"),
        *("configs", "configuration", "constants", "controllers", "core", "crud", "data", "database", "db", "domain"),
        *("dependencies", "entities", "exceptions", "handlers", "helpers", "infrastructure", "infra", "jobs", "lib"),
        *("libs", "main", "middleware", "middlewares", "models", "modules", "plugins", "repositories", "repository"),
        *("resources", "router", "routers", "routes", "schema", "schemas", "security", "server", "service"),
        *("services", "settings", "shared", "storage", "tasks", "types", "usecases", "use_cases", "util", "utils"),
        *("v1", "v2", "views", "web", "worker", "workers"),
    }
)
UNMOVED = frozenset({"installed", "namespace", "module", "scripts", "template", "none"})
ANSWER = "--package NAME, or `package` in [tool.trueup]"
TESTS = lazy(r"tests?|conftest\.py|test_\w+\.py|\w+_test\.py")


class Placed(NamedTuple):
    """One member: where it goes, and the names that its modules lose and get."""

    old: str
    new: str
    names: tuple[tuple[str, str], ...]


def propose(project: Project) -> Relocate | Question | None:
    """The move that gives the project an installed ``src`` layout.

    A ``Question`` where a person must decide, ``None`` where nothing is to be moved: the layout is right,
    the project is a library (whose layout is a matter of taste), or there is no application.
    """
    layout = project.layout
    if layout.kind == "workspace":
        return _question("several projects lie in this repository: name the folder of one of them", "PATH")
    if layout.kind in UNMOVED or project.kind != "application":
        return None
    hiding = shadowing(project)
    if hiding:
        module = hiding[0].rpartition("/")[2].removesuffix(".py")
        text = f"{hiding[0]} bears the name of a standard module, and what `import {module}` finds would change"
        return _question(text, "rename it first")
    linked = _linked(project)
    if linked:
        return _question(f"{linked} is a link, which is not followed, and code that moves imports it", "put it there")
    around = [path for path in project.tree.outer() if path.endswith(".py")]
    if around and not project.settings.package:
        text = f"{around[0]} lies outside of the project and imports its code, which it would not find any more"
        return _question(text, f"move it into the project, or accept that: {ANSWER}")
    package, reason = _package(project)
    if not package:
        return _question(reason, ANSWER)
    placed = [_place(project, member, package) for member in _members(project)]
    moved = ((item.old, item.new) for item in placed if item.old != item.new)
    moves = tuple(sorted(moved, key=lambda move: move[1].count("/")))  # a folder before what moves into it
    clash = _clash(project, moves)
    if clash:
        return _question(clash, ANSWER)
    placed_names = (name for item in placed if not _is_run_otherwise(project, item.old) for name in item.names)
    modules = dict(name for name in placed_names if name[0] != name[1])
    both = layout.kind == "two-names" and layout.roots[0] == "src" and not layout.package  # `src.db` and `db`
    if layout.kind == "src-package" or both or (layout.kind == "src-path" and layout.roots == ("src",)):
        modules["src"] = package
    if layout.kind == "src-path" and len(layout.roots) == 1:  # `app.main:app` from the root, where `app` has none
        modules |= {f"{layout.roots[0]}.{old}": new for old, new in modules.items() if old != "src" and "." not in old}
    tests = _tests(project)
    modules.update(_test_names(tests))
    if not moves and not modules:
        return None
    return Relocate(
        "", package, (*_lists(project), *moves, *tests, *_settings(project, tests)), _needed(modules), reason
    )


def _is_run_otherwise(project: Project, member: str) -> bool:
    """Whether no import means a member by its name: a folder of Alembic's that is called like it, as the distribution
    was imported before; a module beside a package of its name, which is found first."""
    hidden = member.endswith(".py") and project.tree.has(f"{member.removesuffix('.py')}/__init__.py")
    return hidden or (member.rpartition("/")[2] == "alembic" and project.tree.has(f"{member}/env.py"))


def _lists(project: Project) -> tuple[tuple[str, str], ...]:
    """Lists of requirements in the code, which leave it for the root: nothing but the package lies in ``src/``.

    One that an image beside it installs from stays there, for the image is built from that folder.
    """
    listed = (manifest.path for manifest in project.manifests if manifest.format == "requirements")
    paths = [path for path in listed if _is_member(project, path) and not image_beside(project, path)]
    names = [path.rpartition("/")[2] for path in paths]
    free = len(set(names)) == len(names) and not any(map(project.tree.exists, names))
    return tuple(zip(paths, names, strict=True)) if free else ()


def _linked(project: Project) -> str:
    """A link at the root that stands for a module, or a package, that code imports; ``""`` where there is none."""
    links = {path for path, entry in project.tree.entries.items() if entry.kind == "link" and "/" not in path}
    named = {path.removesuffix(".py"): path for path in links}
    sources = project.sources.values() if named else ()
    imports = (name.split(".")[0] for source in sources for item in source.imports for name in item.targets())
    return next((named[top] for top in imports if top in named), "")


def shadowing(project: Project) -> list[str]:
    """Files and packages on the import path that have the name of a standard module, and that the code imports.

    Which of the two an import finds depends on how Python is started, and on what it has loaded already.
    """
    roots = ("", *(root for root in project.layout.roots if root))
    named = {
        candidate
        for path in project.sources
        for root in roots
        if (candidate := _top(path, root))
        and candidate.rpartition("/")[2].removesuffix(".py") in sys.stdlib_module_names
    }
    used = {
        name.split(".")[0] for source in project.sources.values() for item in source.imports for name in item.targets()
    }
    return sorted(path for path in named if path.rpartition("/")[2].removesuffix(".py") in used)


# Their tasks are no messages of a queue: nothing outside the process knows them by their module.
NO_QUEUES = frozenset({"airflow", "dagster", "duty", "fabric", "flytekit", "invoke", "locust", "metaflow", "prefect"})


def has_task_queue(project: Project) -> bool:
    """Whether a queue of tasks that names them by their modules (Celery, huey) is imported anywhere."""
    imports = (item for source in project.sources.values() for item in source.imports)
    return any(name.split(".")[0] in ("celery", "huey") for item in imports for name in item.targets())


def _top(path: str, root: str) -> str:
    """The module or package directly in ``root`` that a file is, or lies in; ``""`` where it is neither."""
    if root and not path.startswith(root + "/"):
        return ""
    rest = path[len(root) :].lstrip("/")
    first, _, inside = rest.partition("/")
    if inside and inside != "__init__.py":
        return ""
    return f"{root}/{first}".lstrip("/")


def _needed(modules: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """The renames that do not follow from that of a package above."""

    def follows(old: str) -> bool:
        above = old.rpartition(".")[0]
        return above in modules and modules[old] == modules[above] + old[len(above) :]

    return tuple((old, new) for old, new in sorted(modules.items()) if not follows(old))


def _question(text: str, answer: str) -> Question:
    from trueup.model.plan import Question

    return Question("", text, answer)


def _package(project: Project) -> tuple[str, str]:
    """The import name afterwards with the reason; ``("", why not)`` where none can be chosen.

    The name is empty only in a question: where all packages keep their names, it is the application's.
    """
    layout = project.layout
    wanted = project.settings.package
    if wanted:
        return ("", problem) if (problem := _unfit(project, wanted)) else (wanted, "the name that was asked for")
    if layout.kind in ("package", "two-names") and layout.package not in ("", "src"):
        return layout.package, "the package keeps its import name, so that no import of it changes"
    if layout.kind == "packages" and _all_telling(project):
        kept = project.app.module.split(".")[0] if project.app else layout.packages[0]
        return kept, "every package has a telling name and keeps it under src/, so that no import changes"
    keeping = host(project)
    if keeping and not _unfit(project, keeping):
        return keeping, "the package keeps its import name, and takes in the modules beside it: only their names change"
    folder = layout.roots[0].rpartition("/")[2]
    if layout.kind == "src-path" and folder != "src" and not _unfit(project, folder):
        return folder, f"the folder {folder} becomes the package that it looks like"
    name = package_name(project)
    if not name:
        return "", f"no import name can be made of the project's name {project.name!r}"
    why = {
        "src-package": "src is no name to install; the package is called after the project",
        "two-names": "one of two names is chosen: that of a package called after the project",
        "packages": "loose modules and generic names need one package around them all, called after the project",
    }
    return name, why.get(layout.kind, "loose modules get one package around them, called after the project")


def package_name(project: Project) -> str:
    """A name for a new package: the project's own, or that with a word behind it; ``""`` where none will do."""
    plain = re.sub(r"\W+", "_", project.name.lower()).strip("_")
    plain = re.sub(r"^[\d_]+", "", plain)
    candidates = (plain, f"{plain}_app", f"{plain}_project") if plain else ()
    return next((name for name in candidates if not _unfit(project, name)), "")


def _unfit(project: Project, name: str) -> str:
    """Why ``name`` cannot be the package's, or nothing."""
    layout = project.layout
    if not name.isidentifier() or not name.isascii() or iskeyword(name) or name.startswith("__"):
        return f"{name!r} is no name that can be imported"
    if name in sys.stdlib_module_names:
        return f"{name} is a module of the standard library"
    if name in RESERVED or name.endswith(("_test", "_tests")):  # code in it would be taken for tests
        return f"{name} is a name that tools give to other folders"
    if name in _foreign(project):
        return f"{name} is the import name of a dependency"
    kept = layout.package if layout.kind in ("package", "two-names") else host(project)
    if name in set(layout.packages) - {kept}:
        return f"{name} is already a module of the project"
    if name != kept and any(_defines(project, path, name) for path in project.sources if _is_member(project, path)):
        return f"{name} is also a name that the code defines, and would be mistaken for it"
    if name != kept and (first := _found_first(project, name)):
        return f"{first} has that name, and tests would find it first"
    return ""


def _found_first(project: Project, name: str) -> str:
    """A module or package of that name in a folder of tests that is no package: pytest has that on the import path."""
    named = (path for path in project.sources if path.endswith((f"/{name}.py", f"/{name}/__init__.py")))
    folders = {path: path.removesuffix("/__init__.py").rpartition("/")[0] for path in named if project.is_test(path)}
    return next((path for path, folder in folders.items() if not project.tree.has(f"{folder}/__init__.py")), "")


def _defines(project: Project, path: str, name: str) -> bool:
    """Whether a file defines a name; one that does not hold the word is not parsed for it."""
    try:
        return name.encode() in project.tree.read(path) and name in project.sources[path].defines
    except ProjectError:  # a file that cannot be read defines nothing that is known
        return False


def _foreign(project: Project) -> set[str]:
    locked = [package.name for lock in (project.lock, *project.old_locks) if lock for package in lock.packages]
    declared = [requirement.name for requirement in project.requirements]
    return {name for item in {*locked, *declared} for name in import_names(item)}


def _is_member(project: Project, path: str) -> bool:
    return any(path == member or path.startswith(member + "/") for member in project.layout.members)


def _all_telling(project: Project) -> bool:
    """Whether there are packages only, and each name says whose code it is."""
    members = project.layout.members
    return not any(member.endswith(".py") or member.lower() in GENERIC for member in members)


def _members(project: Project) -> list[str]:
    """What moves as one: a folder on the import path as a whole, where only code lies in it."""
    layout = project.layout
    root = layout.roots[0]
    whole = layout.kind == "src-path" and root.rpartition("/")[2] not in ("src", "") and not _tests_below(project, root)
    return [root] if whole else list(layout.members)


def _place(project: Project, member: str, package: str) -> Placed:
    """Where a member goes, and how its names change under every root that it is imported from."""
    layout = project.layout
    root = next((root for root in sorted(layout.roots, reverse=True) if root and member.startswith(root + "/")), "")
    if layout.kind == "src-package" and member.startswith("src/"):
        root = "src"
    tail = member[len(root) + 1 :] if root else member
    new = f"src/{_below(project, tail, package, member)}"
    names = [
        (old, _dotted(new, "src"))
        for top in layout.roots
        if (old := _dotted(member, top)) and not _hides_none(project, member, old)
    ]
    if layout.kind == "src-package" and root == "src" and _is_named_without(project, _dotted(member, "src")):
        names.append((_dotted(member, "src"), _dotted(new, "src")))
    names += [
        (_dotted(child, member), f"{_dotted(new, 'src')}.{_dotted(child, member)}")
        for child in _children(project, member)
        if member in layout.roots and _dotted(child, member) and not _hides_none(project, child, _dotted(child, member))
    ]
    return Placed(member, new, tuple(names))


def _is_named_without(project: Project, name: str) -> bool:
    """Whether a module of the package ``src`` is imported by its bare name, too: by what has ``src`` on its path."""
    if not name or name in sys.stdlib_module_names or name in _foreign(project) or name in TAKEN:
        return False
    beside = project.tree.has(f"{name}.py") or project.tree.has_dir(name)
    imports = (item for source in project.sources.values() for item in source.imports if not item.level)
    return not beside and any(target.split(".")[0] == name for item in imports for target in item.targets())


def _hides_none(project: Project, folder: str, name: str) -> bool:
    """Whether an import of ``name`` finds a dependency and not this folder: one without ``__init__.py`` comes last."""
    bare = project.tree.has_dir(folder) and not project.tree.has(f"{folder}/__init__.py")
    return bare and (name in TAKEN or name in _foreign(project))


def _below(project: Project, tail: str, package: str, member: str) -> str:
    """The path below ``src/``: the package itself, or something in it."""
    layout = project.layout
    if member in layout.roots or layout.kind == "package" or tail == package:
        return package
    if layout.kind == "packages" and not project.settings.package and _all_telling(project):
        return tail
    return f"{package}/{tail}"


def _dotted(path: str, root: str) -> str:
    """The import name of ``path`` from ``root``; ``""`` where it has none there."""
    if root and not path.startswith(root + "/"):
        return ""
    parts = path[len(root) :].strip("/").removesuffix(".py").split("/")
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts) if all(part.isidentifier() for part in parts) else ""


def _children(project: Project, folder: str) -> list[str]:
    """The modules and packages directly in a folder."""
    below = {path[len(folder) + 1 :].split("/")[0] for path in project.sources if path.startswith(folder + "/")}
    return [f"{folder}/{name}" for name in sorted(below)]


def _clash(project: Project, moves: Iterable[tuple[str, str]]) -> str:
    """Why a target is taken, compared as a file system that ignores case would; or nothing."""
    taken = {path.casefold() for path in project.tree.entries}
    leaving = tuple(old.casefold() + "/" for old, _ in moves)
    for old, new in moves:
        wanted = new.casefold()
        inside = [path for path in taken if path == wanted or path.startswith(wanted + "/")]
        if any(not (path + "/").startswith(leaving) for path in inside):
            return f"{old} would become {new}, which is there already"
        entry = project.tree.entries.get(old)
        if entry is not None and entry.kind != "file":
            return f"{old} is no regular file, and its target may not move with it"
    return ""


def _tests_below(project: Project, root: str) -> list[str]:
    """Tests and conftest.py that lie in a folder of modules and are no part of them."""
    return [child for child in _children(project, root) if TESTS.fullmatch(child.rpartition("/")[2])]


def _tests(project: Project) -> tuple[tuple[str, str], ...]:
    """Tests that leave ``src`` for the root or for ``tests/``, where nothing is in their way.

    Those that lie loose at the root stay there: people and scripts run them by their path.
    """
    layout = project.layout
    found: list[tuple[str, str]] = []
    if layout.kind in ("src-path", "two-names") and "src" in layout.roots:
        for child in _tests_below(project, "src"):
            name = child.rpartition("/")[2]
            in_tests = name.endswith(".py") and name != "conftest.py"
            found.append((child, f"tests/{name}" if in_tests else name))
    names = [path.rpartition("/")[2] for path in project.sources if path.startswith("tests/")]
    return tuple(
        (old, new)
        for old, new in found
        if not project.tree.has(new) and not project.tree.has_dir(new) and new.rpartition("/")[2] not in names
    )


def _settings(project: Project, tests: Collection[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """pytest's own file beside tests that leave ``src``: it holds for what lies below it, and goes with them."""
    free = not any(map(project.tree.has, ("pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml")))
    native = project.pyproject.get("tool", "pytest") if project.pyproject else None
    there = bool(tests) and project.tree.has("src/pytest.ini") and free and native is None
    return (("src/pytest.ini", "pytest.ini"),) if there else ()


def _test_names(tests: Iterable[tuple[str, str]]) -> dict[str, str]:
    """How tests were imported from ``src`` as a package, and how they are from the root."""
    return {_dotted(old, ""): _dotted(new, "") for old, new in tests if old.startswith("src/")}
