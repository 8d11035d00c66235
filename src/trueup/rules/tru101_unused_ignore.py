"""An ignore of trueup hides nothing.

What it hid is gone, the code names no rule, or another ignore covers it already. Left in place it hides the next
finding of that kind, which nobody has seen yet. Ignores stand in ``per-path-ignore`` of ``[tool.trueup]``, a table
from a pattern of paths to codes, or in a comment on the line of the finding (``<!-- -->`` in Markdown); a
comment that has a line to itself speaks of the line below it.

Source: https://docs.astral.sh/ruff/rules/unused-noqa/

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = ["fastapi"]

    [tool.trueup]
    per-path-ignore = { "tests/**" = ["LAY106"] }
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
tests/test_main.py
    from shop.main import app


    def test_app():
        assert app
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = ["fastapi"]
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
tests/test_main.py
    from shop.main import app


    def test_app():
        assert app
```
"""

from __future__ import annotations

from trueup.rules import Rule, catalogue, results
from trueup.rules.ignores import by_path, in_comments
from trueup.rules.lookups import table, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project
    from trueup.rules.ignores import Ignore

rule = Rule(
    __name__,
    severity="info",
    help="it would hide the next finding of that kind, which nobody has seen yet",
    no_fix="take the code out of the ignore, and the ignore where it names no other",
)


@rule.checks
def hides_nothing(project: Project) -> Iterator[Finding]:
    """Ignores that match no finding, or none that an ignore before them does not match already."""
    hidden: set[Finding] = set()
    for item in (*by_path(project), *in_comments(project)):
        codes = [other.code for other in catalogue() if matches(item, other.code)]
        if codes == [rule.code]:
            continue
        found = {each for code in codes if code != rule.code for each in judged(project, code) if item.covers(each)}
        problem = trouble(project, item, codes, found, hidden)
        hidden |= found
        if problem:
            subject = f"{item.pattern} {item.code}".strip()
            yield rule.finding(item.place, f"{item.code} is ignored{where(item)}: {problem}", subject=subject)


def matches(item: Ignore, code: str) -> bool:
    """Whether an ignore names a rule: a pattern of paths may have the beginning of a code, a comment may not."""
    return code.startswith(item.code) if item.pattern else code == item.code


def trouble(project: Project, item: Ignore, codes: list[str], found: set[Finding], hidden: set[Finding]) -> str:
    """Why an ignore could as well go; ``""`` where it hides something, or where a rule of it could not be checked."""
    if not codes:
        return "there is no such rule"
    everywhere = words(table(project, "tool", "trueup").get("ignore"))
    if any(item.code.startswith(prefix) for prefix in everywhere) and not project.settings.wants(item.code):
        return "`ignore` in [tool.trueup] covers it already"
    if any(isinstance(results(project, code), Exception) for code in codes if code != rule.code):
        return ""
    if not found:
        return "nothing is found that it would hide"
    return "another ignore covers it already" if found <= hidden else ""


def judged(project: Project, code: str) -> list[Finding]:
    """What a rule finds before anything is ignored."""
    found = results(project, code)
    return [] if isinstance(found, Exception) else found


def where(item: Ignore) -> str:
    """The paths of which a pattern speaks."""
    return f" in {item.pattern}" if item.pattern else ""
