"""What the checks are told of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from trueup.apply.perform import perform
from trueup.model.change import Run
from trueup.model.settings import Settings
from trueup.plan.plan import make
from trueup.read import project as reader
from trueup.steps import Bench, landing
from trueup.steps.proof import args_of_tests, asked_tests, console_script, context, old_environment, runs
from trueup.tools.uv import Uv

if TYPE_CHECKING:
    from pathlib import Path

    from trueup.model.project import Project
    from trueup.verify import Context

APP = "from fastapi import FastAPI\n\napp = FastAPI()\n"
SERVES = "import uvicorn\n\n\ndef main():\n    uvicorn.run('shop.main:app')\n"
MANIFEST = '[project]\nname = "shop"\nversion = "1.0"\ndependencies = ["fastapi"]\n\n[project.scripts]\nshop = "{}"\n'


@pytest.mark.parametrize(
    ("target", "files", "script"),
    [
        ("shop.serve:main", {"serve.py": SERVES}, "shop"),
        ("shop.main:start", {"main.py": f"import uvicorn\n{APP}def start():\n    uvicorn.run(app)\n"}, "shop"),
        ("shop.main:start", {"main.py": f"{APP}def start():\n    app.run()\n"}, "shop"),
        ("shop.__main__:main", {"__main__.py": "from shop.serve import main\n", "serve.py": SERVES}, "shop"),
        ("shop.__main__:main", {"__main__.py": "from . import serve\nmain = serve.main\n", "serve.py": SERVES}, "shop"),
        ("shop:main", {"__init__.py": "from .serve import main\n", "serve.py": SERVES}, "shop"),
        (
            "shop.cli:main",
            {"cli.py": "import argparse\n\n\ndef main():\n    argparse.ArgumentParser().parse_args()\n"},
            "",
        ),
        ("shop.dump:main", {"dump.py": "from shop.main import app\n\n\ndef main():\n    print(app.openapi())\n"}, ""),
        ("shop.cli:cli", {"cli.py": "import uvicorn, click\n\n\n@click.group()\ndef cli():\n    ...\n"}, ""),
        (
            "shop.cli:cli",
            {"cli.py": "import uvicorn, click\n\n\n@click.command()\ndef cli():\n    uvicorn.run('shop.main:app')\n"},
            "shop",
        ),
        ("shop.__main__:main", {"__main__.py": "def main():\n    print('bye')\n"}, "shop"),
        ("shop.__main__:main", {"__main__.py": "import sys\n\n\ndef main():\n    print(sys.argv)\n"}, ""),
        ("shop.seed:main", {"seed.py": "def main():\n    print('bye')\n"}, ""),
        ("shop.gone:main", {}, ""),
        ("other.serve:main", {}, ""),
    ],
)
def test_the_console_script_that_starts_the_application(
    target: str, files: dict[str, str], script: str, tmp_path: Path
) -> None:
    guarded = f"{APP}\nif __name__ == '__main__':\n    import uvicorn\n    uvicorn.run(app)\n"
    package = tmp_path / "src" / "shop"
    package.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text(MANIFEST.format(target), "utf-8")
    for name, text in {"__init__.py": "", "main.py": guarded, **files}.items():
        (package / name).write_text(text, "utf-8")
    assert console_script(reader.load(tmp_path)) == script


MANAGE = "from django.core.management import execute_from_command_line\nexecute_from_command_line(['', 'test'])\n"
DJANGOS = "from django.test import TestCase\n\n\nclass TestA(TestCase):\n    pass\n"
DJANGO = {
    "requirements.txt": "Django==4.2\n",
    "manage.py": MANAGE,
    "conf/__init__.py": "",
    "conf/settings.py": "INSTALLED_APPS = ['accounts']\n",
    "accounts/__init__.py": "",
    "accounts/tests.py": DJANGOS,
}
UV = Uv("uv", "0.13.0", {})


def written(root: Path, files: dict[str, str], settings: Settings | None = None) -> Project:
    """The project of some files."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return reader.load(root, settings or Settings())


@pytest.mark.parametrize(
    ("files", "runner"),
    [
        ({}, "manage.py"),
        ({"pytest.ini": "[pytest]\ntestpaths = tests\n"}, "manage.py"),
        ({"accounts/tests.py": "from rest_framework.test import APITestCase\n"}, "manage.py"),
        ({"manage.py": "", "web/manage.py": MANAGE}, "web/manage.py"),
        ({"web/manage.py": MANAGE}, ""),  # which of them?
        ({"manage.py": "from flask_script import Manager\n"}, ""),
        ({"requirements.txt": "flask\n"}, ""),
        ({"requirements.txt": "Django\npytest-django\n"}, ""),
        ({"pytest.ini": "[pytest]\nDJANGO_SETTINGS_MODULE = conf.settings\n"}, ""),
        ({"setup.cfg": "[tool:pytest]\naddopts = --ds=conf.settings\n"}, ""),
        ({"conftest.py": "import django\ndjango.setup()\n"}, ""),
        ({"conftest.py": "import os\n"}, "manage.py"),
        ({"tests/test_b.py": "import pytest\n"}, ""),
        ({"accounts/tests.py": "import unittest\n"}, ""),
    ],
)
def test_djangos_own_runner_is_asked_where_nobody_else_sets_django_up(
    files: dict[str, str], runner: str, tmp_path: Path
) -> None:
    project = written(tmp_path, {**DJANGO, **files})
    old = old_environment(project)
    assert old.runner == runner
    assert ("pytest" in old.added) is not bool(runner)
    assert context(project, UV, env={}, progress=print).runner == runner
    assert (f"its tests (python {runner} test)" in runs(project)) is bool(runner)


@pytest.mark.parametrize(("more", "manage"), [("", "manage.py"), ("uvicorn\n", "")])
def test_django_is_started_by_its_own_server_where_it_has_no_other(more: str, manage: str, tmp_path: Path) -> None:
    wsgi = "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n"
    files = {**DJANGO, "conf/wsgi.py": wsgi, "requirements.txt": f"Django==4.2\n{more}"}
    project = written(tmp_path, files)
    start = old_environment(project).start
    assert start is not None
    assert (start.app, start.manage) == ("conf.wsgi:application", manage)
    assert context(project, UV, env={}, progress=print).manage == manage


def test_djangos_tests_that_are_asked_for_follow_the_move(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Context] = []

    def hear(facts: Context) -> tuple[()]:
        told.append(facts)
        return ()

    monkeypatch.setattr(landing, "run_checks", hear)
    job = "jobs: {t: {steps: [{run: python manage.py test -v 2 --settings=conf.for_tests}]}}\n"
    more = {
        ".github/workflows/ci.yml": job,
        "conf/for_tests.py": "",
        "conf/wsgi.py": "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
        "Makefile": "t:\n\tpython manage.py test --settings x\n",
    }
    named = ("--failfast", "accounts.tests.TestA", "accounts/tests.py::TestA::test_b")
    project = written(tmp_path, {**DJANGO, **more}, Settings(tests=named, package="shop"))
    assert asked_tests(project) == ("--failfast", "accounts/tests.py::TestA", "accounts/tests.py::TestA::test_b")
    made = make(Bench(project), project.tree)
    with landing.stage(project, print) as staged:
        perform(staged.root, [change for change in made.changes if not isinstance(change, Run)])
        landing.proven(project, made, staged, "3.12", UV, None, {}, print)
    moved = "src/shop/accounts/tests.py::TestA"
    settings = "--settings=shop.conf.for_tests"
    assert (told[0].runner, told[0].test_args) == ("manage.py", ("--failfast", moved, f"{moved}::test_b", settings))
    assert args_of_tests(project, ()) == ("--settings=conf.for_tests",)
    assert args_of_tests(project, ("--settings=mine",)) == ("--settings=mine",)
