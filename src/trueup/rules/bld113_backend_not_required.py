"""``[build-system]`` names a backend that is none, or that its requirements do not bring.

A build runs in an environment of its own, which holds what ``requires`` lists and nothing else: with another backend's
name there the build stops, and ``uv sync`` with it. A machine on which both are installed hides that where builds are
not isolated.

Source: https://peps.python.org/pep-0517/#source-trees

Flagged:

```
pyproject.toml
    [build-system]
    requires = ["setuptools"]
    build-backend = "hatchling.build"

    [project]
    name = "shop"
    version = "1.0"
src/shop/__init__.py
```

Fixed:

```
pyproject.toml
    [build-system]
    requires = ["hatchling"]
    build-backend = "hatchling.build"

    [project]
    name = "shop"
    version = "1.0"
src/shop/__init__.py
```
"""

from __future__ import annotations

from trueup.model.names import requirement_name
from trueup.rules import Rule
from trueup.rules.lookups import table, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="error",
    help="the build stops, and `uv sync` with it",
    no_fix="which backend is meant is yours to say",
)

# What surely brings no other backend than its own; another may be a plugin.
KNOWN = ("hatch", "setuptools", "flit", "uv-build", "poetry", "pdm", "wheel", "pip", "cython", "numpy")
# The top module of a backend -> its objects, and how the distributions begin that bring it (plugins bring theirs).
BACKENDS = {
    "hatchling": (("hatchling.build", "hatchling.ouroboros"), ("hatch",)),
    "setuptools": (("setuptools.build_meta", "setuptools.build_meta:__legacy__"), ("setuptools",)),
    "flit_core": (("flit_core.buildapi", "flit_core.build_thyself"), ("flit",)),
    "uv_build": (("uv_build",), ("uv",)),
}


@rule.checks
def without_backend(project: Project) -> Iterator[Finding]:
    """A backend of a known name and what is required; one that lies in the tree, or is not known, is left alone."""
    settings, document = table(project, "build-system"), project.pyproject
    if not settings or document is None:
        return
    backend, requires = settings.get("build-backend"), settings.get("requires")
    if requires is None:
        message = "[build-system] has no requires, and no tool reads the file"
        yield rule.finding(document.at("build-system"), message, subject="requires")
        return
    known = BACKENDS.get(str(backend).partition(".")[0])
    if known is None or "backend-path" in settings:
        return
    objects, brings = known
    place = document.at("build-system", "build-backend")
    if backend not in objects:
        message = f"there is no build backend {backend}: {objects[0]}"
        yield rule.finding(place, message, subject="backend")
    elif not any(
        requirement_name(item).startswith(brings) or "@" in item or not requirement_name(item).startswith(KNOWN)
        for item in words(requires)
    ):
        message = f"the backend is {backend}, and requires does not bring it"
        yield rule.finding(place, message, subject="requires")
