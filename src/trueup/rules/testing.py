"""Questions about tests that several rules ask of a project; no judgement here."""

from __future__ import annotations

import re
from functools import lru_cache

from trueup.model.names import requirement_name
from trueup.model.pattern import lazy
from trueup.model.versions import holds, is_plain
from trueup.rules.lookups import declared, fixed_version, has_metadata, is_application, table, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from trueup.model.project import Project

PYPROJECT = "pyproject.toml"
MANIFEST = lazy(r"pyproject\.toml")
FROM_9 = ((9,), (9, 999), *((major,) for major in range(10, 20)))
STARTS_DJANGO = "execute_from_command_line"
DJANGOS_TESTS = ("django.test", "rest_framework.test")
SETS_UP = lazy(r"DJANGO_SETTINGS_MODULE|django\.setup\(|settings\.configure\(")
DECLARES = lazy(r"(?m)^\[(?:project|build-system|tool\.poetry)\]")


def test_files(project: Project) -> list[str]:
    """Files that pytest collects by default."""
    return [path for path in project.sources if is_collected(path) and not is_of_another(project, path)]


def is_of_another(project: Project, path: str) -> bool:
    """Whether a file lies in a folder that declares a project of its own; settings of tools alone declare none."""
    return any(path.startswith(folder) for folder in others(project))


@lru_cache(maxsize=1)
def others(project: Project) -> tuple[str, ...]:
    """Those folders below the project's own, with the slash behind them."""
    found = (path for path in project.tree.called(MANIFEST) if "/" in path and not path.startswith("../"))
    return tuple(path.removesuffix(PYPROJECT) for path in found if DECLARES.search(text_of(project, path)))


def asked_nowhere(project: Project) -> bool:
    """Whether an application, a repository of its own, has tests and a lock, and no automation that asks for them."""
    complete = is_application(project) and project.lock is not None and has_metadata(project) and not project.repository
    return complete and not any(command.where == "ci" for command in project.commands) and bool(test_files(project))


def is_collected(path: str) -> bool:
    """Whether pytest's default ``python_files`` matches."""
    name = path.rsplit("/", 1)[-1]
    return name.endswith(".py") and (name.startswith("test_") or name.endswith("_test.py"))


def groups_with(project: Project, name: str) -> list[str]:
    """The dependency groups (PEP 735) of pyproject.toml that name a distribution themselves."""
    found = []
    for group, items in table(project, "dependency-groups").items():
        entries = items if isinstance(items, list) else []
        texts = [item for item in entries if isinstance(item, str)]
        if any(requirement_name(text) == name for text in texts):
            found.append(group)
    return found


def pytest_settings(project: Project) -> tuple[str, dict[str, Any]]:
    """The file whose pytest settings are in force, and the settings; ``("", {})`` where none is.

    The order is pytest's: its own files (even when they are empty), pyproject.toml, tox.ini, setup.cfg.
    """
    for path in ("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini"):
        document = project.document(path)
        if document is not None:
            found = document.get("pytest", default={})
            return path, found if isinstance(found, dict) else {}
    native = table(project, "tool", "pytest")
    if native and ("ini_options" in native or not is_before_9(project)):
        settings = native.get("ini_options", native)
        return "pyproject.toml", settings if isinstance(settings, dict) else {}
    for path, section in (("tox.ini", "pytest"), ("setup.cfg", "tool:pytest")):
        document = project.document(path)
        if document is not None and isinstance(document.get(section), dict):
            return path, document.get(section)
    return "", {}


def pytest_table(project: Project) -> tuple[str, ...]:
    """The table of pyproject.toml that pytest's settings belong in; ``()`` while another file is in force."""
    path, _ = pytest_settings(project)
    if path not in ("", "pyproject.toml"):
        return ()
    native = table(project, "tool", "pytest")
    of_9 = native and "ini_options" not in native and not is_before_9(project)
    return ("tool", "pytest") if of_9 else ("tool", "pytest", "ini_options")


def is_before_9(project: Project) -> bool:
    """Whether pytest is fixed, or else declared, below 9, the first that reads ``[tool.pytest]``."""
    if version := fixed_version(project, "pytest"):
        return version < (9,)
    said = [item.specifier for item in declared(project).get("pytest", ()) if item.specifier]
    return any(is_plain(one) and not any(holds(one, each) for each in (*FROM_9, *named(one, (9,)))) for one in said)


def named(specifier: str, least: tuple[int, ...]) -> list[tuple[int, ...]]:
    """The releases from ``least`` on that a specifier names, each with the next patch: a narrow one holds no others."""
    found = [tuple(map(int, version.split("."))) for version in re.findall(r"\d+(?:\.\d+)*", specifier)]
    known = [release for release in found if release >= least]
    return [more for one in known for more in (one, (*one, 1), *([(*one[:-1], one[-1] + 1)] if len(one) > 1 else []))]


def djangos_commands(project: Project) -> str:
    """The ``manage.py`` of a project that asks for Django; ``""`` where there is none, or more than one."""
    found = [
        path
        for path in project.sources
        if path.rpartition("/")[2] == "manage.py"
        and not is_of_another(project, path)
        and STARTS_DJANGO in text_of(project, path)
    ]
    asked = any(item.name.startswith("django") for item in project.requirements)
    return found[0] if len(found) == 1 and asked else ""


def djangos_runner(project: Project) -> str:
    """The ``manage.py`` whose ``test`` runs the tests; ``""`` where pytest does, or nothing tells.

    Django's own runner sets Django up; pytest does so with pytest-django, or where settings or a conftest.py say how.
    """
    manage = djangos_commands(project)
    if not manage or any(item.name == "pytest-django" for item in project.requirements):
        return ""
    imported = {
        path: {name for item in file.imports for name in item.targets()} for path, file in project.sources.items()
    }
    by_pytest = any("pytest" in imported[path] for path in imported if path.rpartition("/")[2].startswith("test"))
    uses = any(name.startswith(DJANGOS_TESTS) for names in imported.values() for name in names)
    return manage if uses and not by_pytest and not sets_django_up(project) else ""


def djangos_settings(project: Project) -> tuple[str, ...]:
    """The option that names the settings of the tests, where a command of the project gives it; a job of CI's first."""
    for command in sorted(project.commands, key=lambda item: item.where != "ci"):
        words = [word.strip("\"'") for word in command.argv]
        asked = words.index("test") if "test" in words else 0
        if asked and words[asked - 1].endswith("manage.py"):
            told = " ".join(words[asked + 1 :]).replace("--settings ", "--settings=").split()
            found = next((word for word in told if word.startswith("--settings=") and "$" not in word), "")
            if found:
                return (found,)
    return ()


def sets_django_up(project: Project) -> bool:
    """Whether pytest's settings, or a conftest.py, tell pytest how Django is set up."""
    settings = pytest_settings(project)[1]
    if "DJANGO_SETTINGS_MODULE" in settings or "--ds" in str(settings.get("addopts", "")):
        return True
    files = (path for path in project.sources if path.rpartition("/")[2] == "conftest.py")
    return any(SETS_UP.search(text_of(project, path)) for path in files)
