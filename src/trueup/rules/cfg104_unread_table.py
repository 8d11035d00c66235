"""A table of ``pyproject.toml`` belongs to a tool that does not read it.

flake8 and pycodestyle read ``setup.cfg``, ``tox.ini`` and their own files, never ``pyproject.toml``
(unless the plugin Flake8-pyproject is installed): the settings look right and do nothing.

Source: https://flake8.pycqa.org/en/latest/user/configuration.html

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"

    [tool.flake8]
    max-line-length = 120
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
.flake8
    [flake8]
    max-line-length = 120
```
"""

from __future__ import annotations

from trueup.rules import Rule
from trueup.rules.lookups import declared, table, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    help="the settings look right and do nothing",
    no_fix="move them to .flake8, install Flake8-pyproject, or let ruff do the work: yours to choose",
)

# table = the plugins that make its tool read it
UNREAD = {
    "flake8": ("flake8-pyproject", "pyproject-flake8", "flakeheaven", "flakehell"),
    "pycodestyle": (),
}


@rule.checks
def unread(project: Project) -> Iterator[Finding]:
    """Tables without the plugin that reads them; a hook of pre-commit may install it where nobody declares it."""
    names = declared(project)
    hooks = text_of(project, ".pre-commit-config.yaml").lower()
    for name, plugins in UNREAD.items():
        known = any(plugin in names or plugin in hooks for plugin in plugins)
        if project.pyproject and table(project, "tool", name) and not known:
            message = f"{name} does not read [tool.{name}] in pyproject.toml"
            yield rule.finding(project.pyproject.at("tool", name), message, subject=name)
