"""``[project]`` says something that the standard does not know, and tools refuse the file or pass over it.

``requires-python = "^3.12"`` and ``"3.12"`` are Poetry's and no specifiers, a ``version`` is missing or no version, an
author is a text instead of a table, a field is given and listed in ``dynamic``, too: uv or the build backend stops. A
key such as ``dev-dependencies`` or ``requires_python`` setuptools and flit refuse, and the others pass over it without
a word. A version that is dynamic has to come from somewhere.

Source: https://packaging.python.org/en/latest/specifications/pyproject-toml/

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    requires-python = "^3.12"
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    requires-python = ">=3.12"
```
"""

from __future__ import annotations

from trueup.model.names import requirement_name
from trueup.model.pattern import lazy
from trueup.model.versions import is_specifier, is_version
from trueup.rules import Rule
from trueup.rules.lookups import managers, table, text_of, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from trueup.model.finding import Finding
    from trueup.model.project import Project
    from trueup.model.words import Severity

rule = Rule(
    __name__,
    severity="error",
    help="uv refuses the whole file: no command of it works",
    no_fix="what is meant is yours to say",
)

NAME = lazy(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
TEMPLATE = ("{", "$", "<", "@")
LISTS = ("keywords", "classifiers", "license-files", "dynamic", "authors", "maintainers")
TABLES = ("urls", "scripts", "gui-scripts", "entry-points", "optional-dependencies")
FIELDS = frozenset(
    (
        *("name", "version", "description", "readme", "requires-python", "license", "dependencies"),
        *("import-names", "import-namespaces", *LISTS, *TABLES),
    )
)
STRICT = ("setuptools", "flit_core")
BACKENDS = ("hatchling", "setuptools", "flit_core", "uv_build", "pdm")
ASSIGNED = lazy(r"""(?im)^(?:__version__|VERSION)(?: ?: ?str)? *= *["']v?.""", words=("=",))
BUILD = "the build stops, and `uv sync` with it"
PASSED_OVER = "no tool reads it, and none says so"


@rule.checks
def refused(project: Project) -> Iterator[Finding]:
    """Values of ``[project]`` that uv refuses, those that a build backend refuses, and keys of no standard."""
    document, found = project.pyproject, table(project, "project")
    if document is None or not found:
        return
    backend = str(table(project, "build-system").get("build-backend", "")).partition(".")[0]
    for key, message in refused_by_uv(project, found):
        yield rule.finding(document.at("project", key), message, subject=key)
    severity: Severity = "error" if backend in BACKENDS else "warning"
    for key, message in (*refused_by_backends(found, backend), *without_version(project, found, backend)):
        said: Severity = "warning" if message.endswith("0.0.0") else severity
        help_ = BUILD if said == "error" else "what is built from it stops, or says something else"
        yield rule.finding(document.at("project", key), message, subject=key, severity=said, help=help_)
    for key in found:
        if key not in FIELDS:
            strict = backend in STRICT
            message = f"[project] knows no {key}{nearest(key)}"
            yield rule.finding(
                document.at("project", key),
                message,
                subject=key,
                severity="error" if strict else "warning",
                help=BUILD if strict else PASSED_OVER,
            )


def refused_by_uv(project: Project, found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What uv needs to read the file at all; Poetry and PDM take the version from elsewhere, too."""
    name, version, requires = (found.get(key) for key in ("name", "version", "requires-python"))
    if name is None:
        yield "name", "the name is missing"
    elif isinstance(name, str) and not NAME.fullmatch(name) and not name.startswith(TEMPLATE):
        yield "name", f'"{name}" is no name: letters, digits, and .-_ between them'
    if version is None and "version" not in words(found.get("dynamic")) and not {"poetry", "pdm"} & managers(project):
        yield "version", "the version is missing, and `dynamic` does not list it"
    elif isinstance(version, str) and not version.startswith(TEMPLATE) and not is_version(version):
        yield "version", f'"{version}" is no version (PEP 440)'
    if isinstance(requires, str) and not is_specifier(requires):
        yield "requires-python", f'requires-python = "{requires}" is no specifier (PEP 440), such as ">=3.12"'
    if isinstance(found.get("optional-dependencies"), list):
        yield "optional-dependencies", "optional-dependencies is a list, the standard wants a table of lists"


def refused_by_backends(found: dict[str, Any], backend: str) -> Iterator[tuple[str, str]]:
    """Lists and tables that are none, people that are texts, and what is given and dynamic at once."""
    for key in LISTS:
        old = key == "license-files" and backend == "hatchling"  # which takes the table of a draft, too
        if key in found and not isinstance(found[key], (list, dict) if old else list):
            yield key, f"{key} is no list"
    for key in TABLES:
        if key in found and not isinstance(found[key], dict) and key != "optional-dependencies":
            yield key, f"{key} is no table"
    for key in ("authors", "maintainers"):
        people = found.get(key)
        if isinstance(people, list) and any(not isinstance(person, dict) for person in people):
            yield key, f'{key} holds a text, the standard wants a table: {{name = "...", email = "..."}}'
    if backend == "flit_core" and "description" not in {*found, *words(found.get("dynamic"))}:
        yield "description", "flit wants a description, or `dynamic` to list it"
    both = [key for key in words(found.get("dynamic")) if key in found]
    for key in both:
        yield key, f"{key} is given here and listed in `dynamic`"


def without_version(project: Project, found: dict[str, Any], backend: str) -> Iterator[tuple[str, str]]:
    """A version that is to come from what is not there."""
    if "version" in found or "version" not in words(found.get("dynamic")):
        return
    requires = {requirement_name(item) for item in words(table(project, "build-system").get("requires"))}
    if backend == "uv_build":
        yield "dynamic", "the version is dynamic, and uv_build knows no dynamic one"
    elif backend == "hatchling":
        tables = table(project, "tool", "hatch")
        hooks = "hooks" in table(project, "tool", "hatch", "metadata") or project.tree.has("hatch.toml")
        settings = table(project, "tool", "hatch", "version")
        source, path = str(settings.get("source", "regex")), str(settings.get("path", ""))
        if "version" not in tables and not hooks:
            yield "dynamic", "the version is dynamic, and there is no [tool.hatch.version]"
        elif source == "vcs" and requires == {"hatchling"}:
            yield "dynamic", "the version comes from git, and hatch-vcs is not among the build's requirements"
        elif source in ("regex", "code") and path and not project.tree.has(path.removeprefix("./")):
            yield "dynamic", f"the version is to be read from {path}, which is not there"
        elif source == "regex" and path and "pattern" not in settings and not says_version(project, path):
            yield "dynamic", f"the version is to be read from {path}, which says none"
    elif backend == "setuptools" and requires <= {"setuptools", "wheel"}:
        settings = table(project, "tool", "setuptools", "dynamic")
        in_old = project.tree.has("setup.py") or "version" in text_of(project, "setup.cfg")
        if "version" not in settings and not in_old:
            yield "dynamic", "the version is dynamic, and nothing says it: the wheel is 0.0.0"
        version = settings.get("version")
        attribute = version.get("attr") if isinstance(version, dict) else None
        module = str(attribute or "").rpartition(".")[0]
        if module and not leads_to(project, module):
            yield "dynamic", f"the version is to be read from {attribute}, and there is no module {module}"


def says_version(project: Project, path: str) -> bool:
    """Whether hatchling's own pattern finds a version in a file."""
    return ASSIGNED.search(text_of(project, path.removeprefix("./"))) is not None


def leads_to(project: Project, module: str) -> bool:
    """Whether a module lies anywhere in the project."""
    stem = module.replace(".", "/")
    ends = (f"/{stem}.py", f"/{stem}/__init__.py")
    return any(f"/{path}".endswith(ends) for path in project.sources)


def nearest(key: str) -> str:
    """The field that may be meant, as the end of a message."""
    from difflib import get_close_matches

    if key.lower().replace("_", "-") in FIELDS:
        return f"; did you mean {key.lower().replace('_', '-')}?"
    if key in ("dev-dependencies", "dev_dependencies"):
        return "; they stand in [dependency-groups]"
    close = get_close_matches(key, sorted(FIELDS), n=1, cutoff=0.8)
    return f"; did you mean {close[0]}?" if close else ""
