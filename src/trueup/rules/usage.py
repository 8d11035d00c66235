"""Which declared distributions a project uses, in whatever way; no judgement here."""

from __future__ import annotations

import re
from functools import lru_cache

from trueup.model.packages import facts, import_names
from trueup.model.pattern import lazy
from trueup.rules.lookups import declared, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trueup.model.project import Project

NAMING = lazy(
    r"(?:.*/)?(?:.*\.(?:ya?ml|toml|ini|cfg|conf|sh|bash|ps1|bat|json|ipynb|service|mako|j2|env)|\.env[^/]*"
    r"|(?:.*\.)?(?:Dockerfile|Containerfile|Procfile|Makefile|makefile|[Jj]ustfile)[^/]*)"
)
LOCKS = lazy(r"(?:.*/)?(?:[^/]*\.lock|[^/]*-lock\.(?:json|yaml)|Pipfile|package\.json)")
LISTS = ("poetry", "pdm", "rye", "uv", "deptry")  # tables of [tool] that list dependencies
SIZE_CAP = 500_000


@lru_cache(maxsize=1)
def all_imports(project: Project) -> frozenset[str]:
    """Every module that any file imports, anywhere in it, with each name that ``from`` may import as a module."""
    found: set[str] = set()
    for source in project.sources.values():
        for statement in source.imports:
            if statement.level:
                continue
            found.update(statement.targets())
            if statement.is_from:
                found.update(f"{statement.module}.{name}" for name, _ in statement.names)
    return frozenset(found | {module.split(".")[0] for module in found})


def kept(project: Project, names: Iterable[str]) -> set[str]:
    """Those of the distributions that a framework, a driver's name or another distribution asks for."""
    there = set(declared(project))
    there.update(package.name for lock in project.old_locks for package in lock.packages)
    rows = [row for row in facts("kept")["kept"] if set(row["names"]).intersection(names)]
    code = "\n".join(text_of(project, path) for path in project.sources) if any("code" in row for row in rows) else ""
    found: set[str] = set()
    for row in rows:
        always = "code" not in row and "with" not in row
        asks = "code" in row and re.search(row["code"], code)
        if always or asks or there.intersection(row.get("with", ())):
            found.update(row["names"])
    return found


def brought(project: Project) -> set[str]:
    """What other declared distributions are known to bring: to declare it too may be meant to bound its version."""
    known = facts("imports")["brings"]
    pending = [name for name in declared(project) if name in known]
    found: set[str] = set()
    while pending:
        for name in known.get(pending.pop(), ()):
            if name not in found:
                found.add(name)
                pending.append(name)
    return found


def named(project: Project, names: Iterable[str]) -> set[str]:
    """Those of the distributions that a string, a command or a settings file names, by any of their names."""
    patterns = {name: re.compile(word_of(name)) for name in names}
    found: set[str] = set()
    for text in texts(project) if patterns else ():
        found.update(name for name, pattern in patterns.items() if name not in found and pattern.search(text))
    return found


def word_of(name: str) -> str:
    """A regular expression for a distribution's name in any spelling, and for what it is imported or started by."""
    spelled = {re.sub(r"[-_.]+", "-", name), *import_names(name), *facts("tools")["programs"].get(name, ())}
    words = "|".join(re.escape(word).replace(r"\-", "[-_.]").replace("_", "[-_.]") for word in sorted(spelled))
    return rf"(?i)(?<![\w-])(?:{words})(?![\w-])"


def texts(project: Project) -> Iterator[str]:
    """The strings of Python files, commands, and settings files without what lists dependencies."""
    manifests = {manifest.path for manifest in project.manifests}
    for path, source in project.sources.items():
        text = text_of(project, path)
        yield text if source.error else "\n".join(re.findall(r"""["'][^"'\n]+["']""", without_comments(text)))
    for command in project.commands:
        yield command.text
    for path in (*project.tree.files(), *project.tree.outer()):
        if path in manifests or not NAMING.fullmatch(path) or LOCKS.fullmatch(path):
            continue
        if project.tree.entries[path].size <= SIZE_CAP:
            yield without_comments(text_of(project, path))
    if project.pyproject:
        tools = project.pyproject.get("tool", default={})
        yield str({key: value for key, value in tools.items() if key not in LISTS} if isinstance(tools, dict) else "")
        entries = project.pyproject.get("project", default={})
        for key in ("scripts", "gui-scripts", "entry-points") if isinstance(entries, dict) else ():
            yield str(entries.get(key, ""))


def without_comments(text: str) -> str:
    """A text without the lines that are comments."""
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
