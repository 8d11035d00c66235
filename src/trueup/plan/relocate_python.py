"""Python files of a relocation: imports, strings that name modules, and paths."""

from __future__ import annotations

import re
from functools import partial

from trueup.errors import PlanRefused, ProjectError
from trueup.model.relocation import has_task_queue
from trueup.model.span import splice
from trueup.plan.moves import SRC
from trueup.plan.relocate_flask import rename_folders
from trueup.plan.relocate_paths import rename_paths
from trueup.plan.relocate_strings import rename_strings
from trueup.plan.relocate_tasks import keep_task_names
from trueup.text.python import FAILS, ModuleNames, Rewrite, rename_imports
from trueup.text.python_names import UnparsableError, top
from trueup.text.python_source import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from trueup.plan.moves import Mover

ROOT = "root_package"  # no module is called so; nobody can write the name of the root from inside
RUN = "__main__"  # by its mere name whatever program runs, and no module of the project
IMPORTS = re.compile(rb"\b(?:import_module|__import__)\((?![ \t\n]*[\"'][\w.]+[\"'][ \t]*[,)])")
MADE = re.compile(rb"\.parts\b|\.replace\([ \t]*(?:[\"'][\\/]+[\"']|os\.(?:path\.)?sep)|\bsplit\([ \t]*(?:[\"']/|os\.)")
CLIMBS = re.compile(rb"\.parents?\b|\bdirname\(")
MAX_SIZE = 1_000_000
SUFFIXES = (".py", ".pyi", ".pyw", ".wsgi", ".fcgi")


def rewrite_python(mover: Mover, contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """The new content of every Python file that changes, by its old path; ``contents`` are rewritten already."""
    renames = {old: new for old, new in mover.modules if old != RUN}
    names = ModuleNames(renames, frozenset(_known(mover)))
    keep = mover.project.settings.keep_task_names and has_task_queue(mover.project)
    tasks = _tasks(mover) if names.renames and keep else {}
    changed: dict[str, bytes] = {}
    for path in mover.tree.files():
        if mover.tree.entries[path].size <= MAX_SIZE and says_python(mover, path):
            before = contents.get(path) or mover.tree.read(path)
            after = before
            for step in _steps(mover, names, path, tasks.get(path, "")):
                after = _apply(mover, path, after, step)
            if after != before:
                refuse_broken(path, before, after)
                changed[path] = after
    return changed


def tell_made_names(mover: Mover, contents: Mapping[str, bytes]) -> None:
    """Ask where names of modules are made of paths, which begin with ``src`` from now on."""
    for path, data in contents.items():
        found = IMPORTS.search(data) if path in mover.project.sources else None
        if found and MADE.search(data) and _reckons_anew(mover.tree.read(path), data):
            text = "names of modules are made of paths here, which begin with src afterwards, and the names must not"
            mover.ask(text, path, data.count(b"\n", 0, found.start()) + 1)


def _reckons_anew(before: bytes, after: bytes) -> bool:
    """Whether a file's paths begin with ``src``, or are seen from a folder that is further up, than they were."""
    seen = b"relative_to(" in after or b"relpath(" in after
    climbs = [[line for line in text.splitlines() if CLIMBS.search(line)] for text in (before, after)]
    return after.count(b"src/") > before.count(b"src/") or (seen and climbs[0] != climbs[1])


def says_python(mover: Mover, path: str) -> bool:
    """Whether a file is Python by its suffix, or by its first line where it has none."""
    name = path.rpartition("/")[2]
    if "." in name:
        return name.endswith(SUFFIXES)
    data = contents_of(mover, path)
    return data.startswith(b"#!") and b"python" in data.split(b"\n", 1)[0]


def contents_of(mover: Mover, path: str) -> bytes:
    """The bytes of a file; none of one that cannot be read."""
    try:
        return mover.tree.read(path)
    except ProjectError:
        return b""


def refuse_broken(path: str, before: bytes, after: bytes) -> None:
    """Raises ``PlanRefused`` where a file that Python can read would become one that it cannot."""
    if is_python(before) and not is_python(after):
        raise PlanRefused(f"{path} would not parse any more: this is a defect of trueup", "report it")


def is_python(data: bytes) -> bool:
    """Whether the running Python can read a file."""
    try:
        parse(data)
    except UnparsableError:
        return False
    return True


def _tasks(mover: Mover) -> dict[str, str]:
    """The module of each file whose tasks get their present names; ``mover.kept`` knows those names."""
    found: dict[str, str] = {}
    for path in mover.project.sources:
        module = module_of(mover, path)
        if module and mover.is_moved(path):
            rewrite, names = keep_task_names(mover.tree.read(path), module)
            mover.kept |= {*names, *(f"{module}.*" for _ in names)}
            if rewrite.edits or rewrite.doubts:
                found[path] = module
    return found


def _steps(mover: Mover, names: ModuleNames, path: str, tasks: str) -> Iterator[Callable[[bytes], Rewrite]]:
    names = _names_in(mover, names, path)
    rooted = _rooted(mover, names, path)
    if rooted.renames and mover.tree.has("__init__.py"):
        dotted = f"{ROOT}.{path.rpartition('.')[0].removesuffix('/__init__').replace('/', '.')}"
        yield lambda data: rename_imports(data, rooted, module=dotted, is_package=path.endswith("/__init__.py"))
    if names.renames:
        module = module_of(mover, path)
        rename = partial(rename_imports, names=names, module=module, is_package=path.endswith("__init__.py"))
        yield (lambda data: _inside(rename(data))) if mover.tree.has("__init__.py") else rename
    yield lambda data: rename_folders(mover, path, data)
    yield lambda data: rename_strings(mover, names, path, data)
    yield lambda data: rename_paths(mover, path, data)
    yield lambda data: keep_task_names(data, tasks)[0]


def _inside(result: Rewrite) -> Rewrite:
    """The same of a file of a root that is a package itself, under the name of its folder."""
    return result._replace(doubts=tuple(doubt for doubt in result.doubts if not doubt.why.startswith(FAILS)))


def _names_in(mover: Mover, names: ModuleNames, path: str) -> ModuleNames:
    """The names that mean in a file what they mean to the program: not those of what it finds nearer."""
    found = mover.project.nearer(path) if path in mover.project.sources else {}
    near = {name for name, folder in found.items() if folder not in mover.project.layout.roots}
    if not near:
        return names
    for name in sorted(near & {top(old) for old in names.renames}):
        if not (mover.project.is_test(path) or mover.project.home_of(path)):
            mover.ask(f"`{name}` is taken for the module beside it, as where it is started by its path", path)
    renames = {old: new for old, new in names.renames.items() if top(old) not in near}
    return ModuleNames(renames, frozenset(name for name in names.known if top(name) not in near))


def _rooted(mover: Mover, names: ModuleNames, path: str) -> ModuleNames:
    """The names that relative imports lead to where the project's root is itself a package; a file that stays there
    finds what moves without a new name by that name alone."""
    renames = {f"{ROOT}.{old}": new for old, new in mover.modules} if names.renames else {}
    if not mover.is_moved(path):
        kept = (old for old, new in mover.moves if new == f"{SRC}/{old}" and "/" not in old)
        renames = {f"{ROOT}.{name}": name for name in (old.removesuffix(".py") for old in kept)} | renames
    return ModuleNames(renames, frozenset(f"{ROOT}.{name}" for name in names.known))


def _apply(mover: Mover, path: str, data: bytes, step: Callable[[bytes], Rewrite]) -> bytes:
    """One step's result; what it refuses ends the plan for application code, and is a question elsewhere.

    A file whose path holds a template's braces is no code that anything imports.
    """
    result = step(data)
    if result.error and mover.is_code(path) and "{{" not in path:
        raise PlanRefused(f"{path} names moved code, and cannot be rewritten: {result.error}")
    if result.error:
        mover.ask(f"not rewritten: {result.error}", path)
        return data
    for doubt in result.doubts:
        mover.ask(f"{doubt.why}: {doubt.text}" if doubt.text else doubt.why, path, doubt.line)
    return splice(data, list(result.edits))


def module_of(mover: Mover, path: str) -> str:
    """The dotted name of a file before the move, from the root that it is imported from; ``""`` outside of code."""
    if not mover.is_code(path):
        return ""
    stem = path.rpartition(".")[0].removesuffix("/__init__")
    roots = sorted(mover.project.layout.roots, key=len)
    inside = [root for root in roots if not root or stem.startswith(root + "/")]
    if not inside:
        return ""
    return stem[len(inside[0]) :].lstrip("/").replace("/", ".")


def _known(mover: Mover) -> Iterator[str]:
    """All modules of the project under every name that they have before the move."""
    for path in mover.project.sources:
        stem = path.removesuffix(".py").removesuffix("/__init__")
        for root in mover.project.layout.roots:
            if mover.is_code(path) and (not root or stem.startswith(root + "/")):
                yield stem[len(root) :].lstrip("/").replace("/", ".")
