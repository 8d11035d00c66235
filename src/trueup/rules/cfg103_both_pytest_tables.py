"""Both ``[tool.pytest]`` and ``[tool.pytest.ini_options]`` hold settings.

pytest 9 reads the first, older ones the second; with both, pytest 9 stops with an error and older
releases ignore half of it.

Source: https://docs.pytest.org/en/stable/reference/customize.html

Flagged:

```
pyproject.toml
    [tool.pytest]
    strict = true

    [tool.pytest.ini_options]
    testpaths = ["tests"]
```

Fixed:

```
pyproject.toml
    [tool.pytest]
    strict = true
    testpaths = ["tests"]
```
"""

from __future__ import annotations

from trueup.rules import Rule
from trueup.rules.lookups import table
from trueup.rules.testing import is_before_9

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="error",
    help="pytest 9 stops with an error, older releases ignore half of it",
    no_fix="the two forms want different types of values, and which release of pytest is meant is yours to say",
)


@rule.checks
def both(project: Project) -> Iterator[Finding]:
    """Settings in both tables; a pytest before 9 reads one of them, and CFG104 tells that."""
    native = table(project, "tool", "pytest")
    if project.pyproject and "ini_options" in native and len(native) > 1 and not is_before_9(project):
        place = project.pyproject.at("tool", "pytest", "ini_options")
        yield rule.finding(place, "[tool.pytest] and [tool.pytest.ini_options] exclude one another", subject="pytest")
