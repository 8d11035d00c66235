"""A script beside the program imports what the project does not declare.

It runs only where somebody installed that by hand. Since PEP 723 a script says itself what it needs, in a comment that
``uv run`` and others read; ``uv add --script`` writes it. Scripts that use the program, or that a command starts, are
not meant here: what they import belongs to the project (DEP110).

Source: https://packaging.python.org/en/latest/specifications/inline-script-metadata/

Flagged:

```
pyproject.toml
    [build-system]
    requires = ["hatchling"]
    build-backend = "hatchling.build"

    [project]
    name = "shop"
    version = "1.0"
    dependencies = ["httpx"]
src/shop/__init__.py
    import httpx
scripts/plot.py
    import pandas


    if __name__ == "__main__":
        print(pandas.read_csv("prices.csv"))
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
    dependencies = ["httpx"]
src/shop/__init__.py
    import httpx
scripts/plot.py
    # /// script
    # requires-python = ">=3.12"
    # dependencies = ["pandas"]
    # ///
    import pandas


    if __name__ == "__main__":
        print(pandas.read_csv("prices.csv"))
```
"""

from __future__ import annotations

from trueup.model.names import requirement_name
from trueup.model.packages import facts
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.imports import INLINE, is_script, may_be_script, own_names, present
from trueup.rules.lookups import has_manifest, some, text_of
from trueup.rules.usage import all_imports, named

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project
    from trueup.model.source import SourceFile

rule = Rule(
    __name__,
    severity="info",
    confidence="medium",
    help="it runs only where somebody installed that by hand; a script can say itself what it needs",
    no_fix="`uv add --script FILE NAME` writes the comment; or declare it in a group of the project",
)


@rule.checks
def needs_more(project: Project) -> Iterator[Finding]:
    """Scripts outside of the program that surely import a distribution which nothing brings or names."""
    if project.kind not in ("application", "library") or not has_manifest(project):
        return
    scripts = [source for path, source in project.sources.items() if may_be_script(project, path)]
    if not scripts:
        return
    known, own, there = facts("imports")["imports"], own_names(project), present(project)
    for source in scripts:
        stem = source.path.rpartition("/")[2].removesuffix(".py")
        candidates = {module: known.get(module, []) for module in sure_imports(source) if module not in own}
        names = {requirement_name(items[0]): {*map(requirement_name, items)} for items in candidates.values() if items}
        needed = {name for name, listed in names.items() if not there & listed}
        if not needed or not is_script(project, source.path):
            continue
        needed -= named(project, needed)  # tox, nox and CI install for scripts too
        if needed and stem not in all_imports(project) and not INLINE.search(text_of(project, source.path)):
            message = f"the script imports {some(sorted(needed))}, and nothing declares it"
            yield rule.finding(Place(source.path, line_of(source)), message, subject=source.path)


def sure_imports(source: SourceFile) -> set[str]:
    """Top-level modules that a file imports without any condition."""
    return {
        target.split(".")[0] for statement in source.imports if not statement.inside for target in statement.targets()
    }


def line_of(source: SourceFile) -> int:
    """The line of the first import."""
    return source.imports[0].line if source.imports else 0
