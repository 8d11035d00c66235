"""A setting names a file, folder or module that is not there, and the tool says nothing about it.

``coverage`` that measures ``source = ["app"]`` after ``app`` became ``src/shop`` warns, and ends well;
``per-file-ignores`` for a file that moved ignores nothing; a workflow whose ``paths`` name a folder that is gone does
not run. A move by hand leaves such settings behind, and everything stays green.

Source: https://coverage.readthedocs.io/en/latest/config.html#run-source

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"

    [tool.coverage.run]
    source = ["app"]
src/shop/__init__.py
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"

    [tool.coverage.run]
    source = ["shop"]
src/shop/__init__.py
```
"""

from __future__ import annotations

import re
from fnmatch import translate

from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import text_of, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    confidence="medium",
    help="the tool then does nothing there, and says nothing: name what is meant, or take the setting out",
    no_fix="what was meant is not known",
)

# Where, and whether modules may be meant. A pattern that leaves out what is not there does no harm.
SETTINGS = (
    ("pyproject.toml", ("tool", "coverage", "run", "source"), True),
    ("pyproject.toml", ("tool", "coverage", "run", "source_pkgs"), True),
    (".coveragerc", ("run", "source"), True),
    ("setup.cfg", ("coverage:run", "source"), True),
    ("tox.ini", ("coverage:run", "source"), True),
    ("pyproject.toml", ("tool", "mypy", "files"), False),
    ("mypy.ini", ("mypy", "files"), False),
    ("setup.cfg", ("mypy", "files"), False),
    ("pyproject.toml", ("tool", "mypy", "packages"), True),
    ("pyproject.toml", ("tool", "pyright", "include"), False),
    ("pyproject.toml", ("tool", "importlinter", "root_package"), True),
    ("pyproject.toml", ("tool", "importlinter", "root_packages"), True),
    ("pyproject.toml", ("tool", "ruff", "lint", "per-file-ignores"), False),
    ("pyproject.toml", ("tool", "ruff", "per-file-ignores"), False),
)
ANYWHERE = frozenset(
    {"tests", "test", "conftest.py", "__init__.py", "setup.py", "docs"}
)  # templates name these unasked

NAMING = lazy(r"pyproject\.toml|pytest\.ini|tox\.ini|setup\.cfg|.*\.ya?ml")
COVERED = lazy(r"--cov=(?P<name>[A-Za-z_][\w./]*)(?=[\s\"',]|$)", words=("--cov=",))
HOOK = lazy(
    r"^[ \t]+files[ \t]*:[ \t]*[\"']?\^(?P<name>[\w./-]+)/(?:\.\*)?[\"']?[ \t]*$", re.MULTILINE, words=("files",)
)
FILTER = lazy(
    r"^[ \t]+paths[ \t]*:[ \t]*(?P<list>\[[^\]\n]*\]|(?:\n[ \t]*(?:-[^\n]*|\#[^\n]*)?)+)",
    re.MULTILINE,
    words=("paths",),
)
FOLDER = lazy(r"[\"'](?P<name>[\w-][\w.-]*/(?:[\w.-]+/)*)\*\*[\"']")
WORKFLOW = lazy(r"\.github/workflows/[^/]+")
ELSEWHERE = (
    (lazy(r"pyproject\.toml|pytest\.ini|tox\.ini|setup\.cfg"), COVERED, "--cov", True),
    (lazy(r"\.pre-commit-config\.yaml"), HOOK, "files", False),
)
MADE = lazy(r"_version|.*_pb2(?:_grpc)?")
SEPARATOR = lazy(r"[,\n](?![^{}\n]*\})")
BRACES = lazy(r"\{[^{}]*\}")


@rule.checks
def nothing_there(project: Project) -> Iterator[Finding]:
    """Names in settings of tools that lead to no file, folder or module of the project."""
    for path, route, modules in SETTINGS:
        document = project.document(path)
        value = document.get(*route) if document else None
        listed = list(value) if isinstance(value, dict) else words(value)
        for name in [word for item in listed for word in SEPARATOR.split(item) if word]:
            if document and not leads_somewhere(project, name, modules=modules):
                setting = ".".join(str(step) for step in route)
                yield rule.finding(document.at(*route), f"{setting} names {name}, which is not there", subject=name)
    yield from overridden(project)
    if not project.repository:
        yield from elsewhere(project)


def overridden(project: Project) -> Iterator[Finding]:
    """Own modules for which mypy is told something else, and that are not there; not others', nor what is made."""
    document = project.pyproject
    rows = document.get("tool", "mypy", "overrides") if document else None
    for number, row in enumerate(rows if isinstance(rows, list) else ()):
        for name in words(row.get("module")) if isinstance(row, dict) else ():
            top, dot, _ = name.removesuffix(".*").partition(".")
            plain = name.removesuffix(".*")
            own = dot and top in project.layout.packages and "*" not in plain and not is_made(project, plain)
            if document and own and not is_module(project, plain):
                place = document.at("tool", "mypy", "overrides", number, "module")
                yield rule.finding(place, f"tool.mypy.overrides names {name}, which is not there", subject=name)


def is_made(project: Project, name: str) -> bool:
    """Whether a module is likely made by a build or a tool, by its name or by what git ignores."""
    last = name.rpartition(".")[2]
    return (
        MADE.fullmatch(last) is not None
        or re.search(rf"\b{re.escape(last)}\b", text_of(project, ".gitignore")) is not None
    )


def elsewhere(project: Project) -> Iterator[Finding]:
    """The same in what pytest is told to cover, in hooks, and in filters of workflows."""
    for path in project.tree.called(NAMING):
        named = [(pattern, key, modules) for names, pattern, key, modules in ELSEWHERE if names.fullmatch(path)]
        text = text_of(project, path) if named or WORKFLOW.fullmatch(path) else ""
        found = [
            (match["name"], match.start("name"), key, modules)
            for pattern, key, modules in named
            for match in pattern.finditer(text)
        ]
        if WORKFLOW.fullmatch(path):
            for block in FILTER.finditer(text):
                items = FOLDER.finditer(text, block.start("list"), block.end("list"))
                found += [(match["name"], match.start("name"), "paths", False) for match in items]
        for name, at, key, modules in found:
            if not leads_somewhere(project, name, modules=modules):
                place = Place(path, text.count("\n", 0, at) + 1)
                yield rule.finding(place, f"{key} names {name}, which is not there", subject=name)


def leads_somewhere(project: Project, name: str, *, modules: bool) -> bool:
    """Whether a name leads to something, may do so once something is built or installed, or is a template's."""
    plain = BRACES.sub("*", name).strip("!./ ")
    folder = plain.removesuffix("/**").removesuffix("/*").removesuffix("/**/*.py").rstrip("/")
    if not plain or plain.strip("*/") in ("", ".py", ".ipynb") or set(folder.split("/")) & ANYWHERE or "$" in name:
        return True
    if project.tree.has(folder) or project.tree.has_dir(folder):
        return True
    patterns = {form for base in (plain, plain.replace("**/", "")) for form in (base, f"**/{base}", f"*/{base}")}
    wanted = re.compile("|".join(map(translate, sorted(patterns))))
    if any(map(wanted.match, project.tree.files())):
        return True
    return modules and is_module(project, plain)


def is_module(project: Project, name: str) -> bool:
    """Whether a dotted name is a module of the project, or of something that it installs."""
    stem = name.replace(".", "/")
    there = any(
        project.tree.has(f"{prefix}{stem}.py") or project.tree.has_dir(f"{prefix}{stem}")
        for root in (*project.layout.roots, "", "src")
        for prefix in (f"{root}/" if root else "",)
    )
    return there or not project.sources or any(is_top(project, path, stem) for path in project.sources)


def is_top(project: Project, path: str, stem: str) -> bool:
    """Whether a file makes a package or module, wherever it lies, that is imported by this name from its folder."""
    folder = path.removesuffix("/__init__.py").removesuffix(".py").removesuffix(stem)
    return folder.endswith("/") and f"{folder}__init__.py" not in project.sources
