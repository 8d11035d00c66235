"""What stays where it is, and why: tests, files that tools look for at the root, what is no application code."""

from __future__ import annotations

import re
from functools import lru_cache

from trueup.model.pattern import lazy
from trueup.model.project import ASIDE as NOT_PART

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from trueup.model.source import SourceFile

# Python files that a tool or platform looks for at the root: name -> who, and the import that must be there.
MAGIC: dict[str, tuple[str, str]] = {
    "conftest.py": ("pytest reads it here", ""),
    "setup.py": ("setuptools reads it here", ""),
    "versioneer.py": ("setup.py imports it", ""),
    "hatch_build.py": ("hatchling runs it here", ""),
    "noxfile.py": ("nox reads it here", ""),
    "fabfile.py": ("fabric reads it here", ""),
    "tasks.py": ("invoke reads it here", "invoke"),
    "dodo.py": ("doit reads it here", ""),
    "pavement.py": ("paver reads it here", ""),
    "duties.py": ("duty reads it here", ""),
    "manage.py": ("Django starts here", "django"),
    "app.py": ("Chalice reads it here", "chalice"),
    "main.py": ("Cloud Functions reads it here", "functions_framework"),
    "function_app.py": ("Azure Functions reads it here", ""),
    "lambda_function.py": ("AWS Lambda reads it here", ""),
    "streamlit_app.py": ("Streamlit reads it here", ""),
    "sitecustomize.py": ("Python imports it at start-up", ""),
    "usercustomize.py": ("Python imports it at start-up", ""),
}
LIKE_MAGIC = (
    (lazy(r"locust\w*\.py", words=("locust",)), "locust reads it here", "locust"),
    (
        lazy(r"(.*[._-])?(gunicorn|hypercorn)([._-].*)?\.py", words=("gunicorn", "hypercorn")),
        "the server reads it here",
        "",
    ),
)
TESTS = lazy(r"tests?|testing|(e2e|integration|functional|unit|load|perf|smoke)[_-]?tests?|e2e|\w+[_-]tests?", re.I)
ASIDE = lazy(
    r"docs?|docs?_src|documentation|examples?|samples?|demos?|tutorials?|notebooks?|benchmarks?|scripts?|bin|tools?|hooks|ci"
    r"|deploy(ment)?|infra|terraform|ansible|\..*",
    re.I,
)
MIGRATIONS = lazy(r"migrations?|alembic|versions", re.I)
TEST_FILE = lazy(r"(test_.*|.*_test|tests?|conftest)\.py")


@lru_cache(maxsize=1 << 16)
def is_test(path: str) -> bool:
    """Whether a path is a test, or support for tests."""
    *folders, name = path.split("/")
    return any(TESTS.fullmatch(folder) for folder in folders) or TEST_FILE.fullmatch(name) is not None


def imported_by(source: SourceFile) -> set[str]:
    """The top-level names that a file imports."""
    return {target.split(".")[0] for statement in source.imports for target in statement.targets()}


def magic_folder(name: str, sources: Mapping[str, SourceFile]) -> str:
    """Why a folder at the root must stay there, or nothing: a tool takes a package for its file of that name, or runs
    the steps that lie in it."""
    who, needs = MAGIC.get(f"{name}.py", ("", ""))
    inside = {path: source for path, source in sources.items() if path.startswith(f"{name}/")}
    if needs and any(needs in imported_by(source) for source in inside.values()):
        return who
    steps = (source for path, source in inside.items() if path.startswith(f"{name}/steps/"))
    return "behave reads it here" if any("behave" in imported_by(source) for source in steps) else ""


def magic(name: str, source: SourceFile) -> str:
    """Why a file at the root must stay there, or nothing."""
    imported = imported_by(source)
    known = [MAGIC[name]] if name in MAGIC else []
    for who, needs in (*known, *((who, needs) for like, who, needs in LIKE_MAGIC if like.fullmatch(name))):
        if not needs or needs in imported:
            return who
    return ""


def file_aside(name: str) -> str:
    """Why a file at the root is no application code unless that imports it, or nothing."""
    return "tests" if TEST_FILE.fullmatch(name) else ""


def folder_aside(name: str) -> str:
    """The same of a folder."""
    if TESTS.fullmatch(name):
        return "tests"
    if MIGRATIONS.fullmatch(name):
        return "migrations"
    return NOT_PART if ASIDE.fullmatch(name) else ""


def is_aside(path: str) -> bool:
    """Whether a file lies in a folder at the root that is no application code by its name."""
    folder, slash, _ = path.partition("/")
    return bool(slash) and bool(folder_aside(folder))
