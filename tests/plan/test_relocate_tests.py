"""``manage.py test`` finds by itself what packages hold; below ``src`` it finds nothing."""

import pytest

from trueup.model.plan import Plan
from trueup.model.settings import Settings
from trueup.model.tree import MemoryTree, Overlay
from trueup.plan.plan import make
from trueup.read.project import of
from trueup.steps import Bench

SERVED = (
    "import os\nfrom django.core.wsgi import get_wsgi_application\n"
    "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\napplication = get_wsgi_application()\n"
)
FILES = {
    "requirements.txt": "Django==5.1\n",
    "manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n",
    "shop/__init__.py": "",
    "shop/settings.py": "INSTALLED_APPS = ['api']\nROOT_URLCONF = 'shop.urls'\n",
    "shop/urls.py": "urlpatterns = []\n",
    "shop/wsgi.py": SERVED,
    "api/__init__.py": "",
    "api/tests.py": "from unittest import TestCase\n\n\nclass A(TestCase):\n    pass\n",
}


def planned(**more: str) -> tuple[Overlay, Plan]:
    tree = MemoryTree({**FILES, **more})
    made = make(Bench(project := of(tree, Settings(), "shop")), project.tree)
    return Overlay(tree, made.changes), made


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("Makefile", "a:\n\tpython manage.py {}\n", ""),
        ("a.sh", "#!/bin/sh\n./manage.py {}; echo a\n", ""),
        ("docker-compose.yml", "services:\n  a:\n    build: .\n    command: python manage.py {}\n", ""),
        ("Dockerfile", 'FROM python:3.12\nCOPY . .\nCMD ["python", "manage.py", {}]\n', '"'),
    ],
)
def test_the_folder_of_the_tests_is_named(path: str, before: str, after: str) -> None:
    tree, made = planned(**{path: before.format(f"{after}test{after}")})
    joiner = f"{after}, {after}" if after else " "
    assert f"manage.py{joiner}test{joiner}src{after}" in tree.text(path)
    assert [question.path for question in made.questions if "test src" in question.text] == ["manage.py"]


@pytest.mark.parametrize("said", ["test --keepdb -v 2 --tag a", "test"])
def test_options_are_no_labels(said: str) -> None:
    tree, _ = planned(Makefile=f"a:\n\tpython manage.py {said} && echo\n")
    assert f"manage.py {said.replace('test', 'test src')} && echo" in tree.text("Makefile")


@pytest.mark.parametrize("said", ["test django.tests", "testserver", "check"])
def test_what_is_named_already_stays(said: str) -> None:
    tree, _ = planned(Makefile=f"a:\n\tpython manage.py {said}\n")
    assert f"manage.py {said}\n" in tree.text("Makefile")


def test_what_is_named_gets_its_new_name() -> None:
    said = "a:\n\tpython manage.py test -v 2 api.tests.A api shop/x --tag api\n"
    tree, _ = planned(Makefile=said)
    assert "test -v 2 shop_app.api.tests.A shop_app.api src/shop_app/shop/x --tag api\n" in tree.text("Makefile")


def test_who_uses_pytest_is_not_told() -> None:
    tree, made = planned(
        **{"requirements.txt": "Django==5.1\npytest-django==4.9.0\n", "Makefile": "a:\n\tpython manage.py test\n"}
    )
    assert "manage.py test src" in tree.text("Makefile")
    assert not [question for question in made.questions if "manage.py" in question.text]


def test_tests_that_stay_are_run_too() -> None:
    more = {"tests/__init__.py": "", "tests/test_a.py": "from unittest import TestCase\nimport api\n"}
    tree, _ = planned(Makefile="a:\n\tpython manage.py test\n", **more)
    assert "manage.py test . src\n" in tree.text("Makefile")


def test_nothing_is_said_where_no_test_moves() -> None:
    tree = MemoryTree(
        {"Makefile": "a:\n\tpython manage.py test\n"} | {p: t for p, t in FILES.items() if "tests" not in p}
    )
    made = make(Bench(project := of(tree, Settings(), "shop")), project.tree)
    assert "manage.py test\n" in Overlay(tree, made.changes).text("Makefile")
    assert not [question for question in made.questions if "manage.py" in question.text]


def test_pytest_is_told_no_paths_where_django_finds_the_tests() -> None:
    runner = "from django.test.runner import DiscoverRunner\nimport unittest\n\n\nclass R(DiscoverRunner):\n    pass\n"
    _, made = planned(**{"shop/test_runner.py": runner, "requirements.txt": "Django==5.1\npytest==8.3.3\n"})
    assert "testpaths" not in made.pyproject


SRC = {
    "requirements.txt": "fastapi==0.115.6\nuvicorn==0.32.0\npytest==8.3.3\n",
    "src/main.py": "from fastapi import FastAPI\nfrom core import x\napp = FastAPI()\n",
    "src/core/__init__.py": "",
    "src/core/x.py": "x = 1\n",
    "src/pytest.ini": "[pytest]\nmarkers =\n    slow: s\n",
    "src/tests/test_a.py": "from main import app\n\n\ndef test_a():\n    assert app\n",
    "Makefile": "a:\n\t$(PYTEST) --cov src/ src/\n\tmypy --exclude src/tests/a* . && pytest src/tests\n",
    "Dockerfile": "FROM python:3.12\nWORKDIR /w\nCOPY src ./src\nCMD uvicorn --app-dir src main:app\n",
}


def test_settings_beside_tests_that_leave_src_go_with_them() -> None:
    tree = MemoryTree(SRC)
    made = make(Bench(project := of(tree, Settings(), "shop")), project.tree)
    after = Overlay(tree, made.changes)
    assert (after.has("tests/test_a.py"), after.has("src/pytest.ini"), after.has("pytest.ini")) == (True, False, False)
    assert 'markers = ["slow: s"]' in made.pyproject
    told = {(question.path, question.line): question.text for question in made.questions}
    assert told["Makefile", 2] == "tests leave src for tests: name that, too"
    assert after.text("Makefile").endswith("pytest tests\n")
    assert not [text for text in told.values() if "part of src" in text]


def test_tests_that_an_image_has_elsewhere_are_asked_about() -> None:
    image = "FROM python:3.12\nWORKDIR /app\nCOPY src/ /app/\nRUN pytest tests\nCMD pytest /app/tests\n"
    tree = MemoryTree({**SRC, "Dockerfile": image})
    made = make(Bench(project := of(tree, Settings(), "shop")), project.tree)
    after = Overlay(tree, made.changes).text("Dockerfile")
    assert "RUN pytest tests\n" in after
    assert "CMD pytest /app/tests\n" in after
    told = [question.line for question in made.questions if "whether it is in the image" in question.text]
    assert len(told) == 2


def test_paths_in_settings_that_go_along_are_those_of_the_root() -> None:
    settings = "[pytest]\ntestpaths = tests\naddopts = --junitxml=tests/report.xml --ignore=tests/slow\n"
    tree = MemoryTree({**SRC, "src/pytest.ini": settings, "src/tests/slow/test_b.py": ""})
    made = make(Bench(project := of(tree, Settings(), "shop")), project.tree)
    assert 'testpaths = ["tests"]' in made.pyproject
    assert "--junitxml=tests/report.xml --ignore=tests/slow" in made.pyproject


@pytest.mark.parametrize(
    "more", [{"pytest.ini": "[pytest]\n"}, {"pyproject.toml": "[tool.pytest.ini_options]\naddopts = '-q'\n"}]
)
def test_they_stay_where_the_root_has_its_own(more: dict[str, str]) -> None:
    tree = MemoryTree({**SRC, **more})
    made = make(Bench(project := of(tree, Settings(), "shop")), project.tree)
    assert Overlay(tree, made.changes).has("src/pytest.ini")


def test_django_starts_beside_its_packages() -> None:
    files = {f"src/{path}" if path != "requirements.txt" else path: text for path, text in FILES.items()}
    starts = "from django.core.management import execute_from_command_line\n"
    tree = MemoryTree({**files, "src/manage.py": starts + FILES["manage.py"]})
    made = make(Bench(project := of(tree, Settings(), "shop")), project.tree)
    assert Overlay(tree, made.changes).has("src/manage.py")
    assert not [item.finding for item in made.leaves if item.finding.code == "LAY112"]
    assert "LAY112" not in {finding.code for finding in made.adds}


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("web/conftest.py", True),
        ("web/pytest.ini", True),
        ("web/posts/conftest.py", False),  # it goes along
        ("conftest.py", False),
        ("docs/conftest.py", False),
    ],
)
def test_what_tests_leave_behind_is_told(path: str, asked: bool) -> None:
    files = {
        "requirements.txt": "Django==5.1\npytest-django\n",
        "web/manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings')\n",
        "web/config/__init__.py": "",
        "web/config/settings.py": "INSTALLED_APPS = ['posts']\nROOT_URLCONF = 'config.urls'\n",
        "web/config/urls.py": "from posts import models\nurlpatterns = []\n",
        "web/config/wsgi.py": SERVED.replace("shop", "config"),
        "web/posts/__init__.py": "",
        "web/posts/models.py": "",
        "web/posts/tests.py": "def test_a(x):\n    assert x\n",
        **({path: "[pytest]\n", "web/conftest.py": ""} if path.endswith("ini") else {path: "import pytest\n"}),
    }
    tree = MemoryTree(files)
    made = make(Bench(project := of(tree, Settings(), "shop")), project.tree)
    told = [item.text for item in made.questions if item.path == path and "of this file" in item.text]
    after = "src/web/posts/tests.py"
    assert Overlay(tree, made.changes).has(after)
    said = f"web/posts/tests.py moves to {after}: pytest takes nothing of this file for it there"
    assert told == [said] * asked


@pytest.mark.parametrize(
    ("copy", "run", "asked"),
    [
        ("COPY ./src .", "docker run --rm shop pytest -v", True),
        ("COPY src/ ./src/", "docker compose run app pytest", True),
        ("COPY ./src .", "pytest", False),
        ("COPY . .", "docker run --rm shop pytest -v", False),
    ],
)
def test_tests_that_leave_what_an_image_copies_are_told(copy: str, run: str, asked: bool) -> None:
    files = {
        "requirements.txt": "flask\npytest\n",
        "src/app.py": "from flask import Flask\napp = Flask(__name__)\n",
        "src/test_app.py": "from app import app\n\n\ndef test_app():\n    assert app\n",
        "Makefile": f"test:\n\t{run}\n",
        "Dockerfile": f"FROM python:3.12\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n{copy}\n",
    }
    tree = MemoryTree(files)
    made = make(Bench(project := of(tree, Settings(), "shop")), project.tree)
    assert Overlay(tree, made.changes).has("tests/test_app.py")
    said = "src/test_app.py moves to tests/test_app.py, which this does not copy: tests in the image need that, too"
    assert [item.text for item in made.questions if "does not copy" in item.text] == [said] * asked
