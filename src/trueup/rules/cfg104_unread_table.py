"""A table of ``pyproject.toml`` belongs to a tool that does not read it, or a setting of pytest is misspelt.

flake8 and pycodestyle read ``setup.cfg``, ``tox.ini`` and their own files, never ``pyproject.toml``
(unless the plugin Flake8-pyproject is installed), and pytest reads ``[tool.pytest]`` from version 9 on: the settings
look right and do nothing. A key such as ``testpath`` pytest passes over with a warning that nobody sees.

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

from trueup.model.packages import facts
from trueup.rules import Rule
from trueup.rules.lookups import declared, fixed_version, table, text_of
from trueup.rules.testing import is_before_9, pytest_settings, pytest_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    help="the settings look right and do nothing: .flake8, the plugin Flake8-pyproject or ruff's own table is read",
    no_fix="where they are to go, and what was meant, is yours to say",
)

BEFORE_9 = "the settings look right and do nothing: before pytest 9 the table is [tool.pytest.ini_options]"
STOPS = "no test runs where the file is read"
PASSED_OVER = "pytest passes over it: what it is to set is not set"
OF_PLUGINS = ("python_paths",)  # of pytest-pythonpath
SECTIONS = {"setup.cfg": ("tool:pytest",)}

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
    yield from of_pytest(project)


def of_pytest(project: Project) -> Iterator[Finding]:
    """The table of pytest 9 where an older one is fixed, pytest's section in setup.cfg by its old name, and keys that
    are all but one of pytest's own."""
    old = project.document("setup.cfg")
    if old and isinstance(old.get("pytest"), dict):
        message = "pytest reads [tool:pytest] in setup.cfg, and stops at [pytest]"
        yield rule.finding(old.at("pytest"), message, subject="setup.cfg", severity="error", help=STOPS)
    path, settings = pytest_settings(project)
    native = table(project, "tool", "pytest").keys() - {"ini_options"}
    if project.pyproject and native and path in ("", "pyproject.toml") and is_before_9(project):
        version = fixed_version(project, "pytest")
        message = f"pytest {version[0] if version else 'before 9'} does not read [tool.pytest] in pyproject.toml"
        yield rule.finding(project.pyproject.at("tool", "pytest"), message, subject="pytest", help=BEFORE_9)
    document = project.document(path) if path else None
    if document is None:
        return
    route = pytest_table(project) if path == "pyproject.toml" else SECTIONS.get(path, ("pytest",))
    for key in settings:
        meant = misspelt(key)
        if meant:
            message = f"pytest knows no setting {key}; did you mean {meant}?"
            yield rule.finding(document.at(*route, key), message, subject=key, help=PASSED_OVER)


def misspelt(key: str) -> str:
    """The setting of pytest that a key is all but; a plugin's may begin with the plugin's name."""
    known = facts("pytest")["settings"]
    if key in known or key in OF_PLUGINS:
        return ""
    from difflib import get_close_matches

    close = get_close_matches(key, known, n=1, cutoff=0.85)
    return "".join(name for name in close if not key.endswith(f"_{name}"))
