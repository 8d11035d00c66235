"""Which application is found, what the project is, its name and its managers."""

from __future__ import annotations

import pytest

from trueup.model.project import App
from trueup.model.tree import Entry, MemoryTree
from trueup.read.application import manager
from trueup.read.factories import must_be_given
from trueup.read.project import of, over

FASTAPI = "from fastapi import FastAPI\n\napp = FastAPI()\n"
FACTORY = "from fastapi import FastAPI\n\n\ndef create_app():\n    return FastAPI()\n"
BUILT = '[build-system]\nrequires = ["hatchling"]\n[project]\nname = "shop"\nversion = "1"\n'


def app(files: dict[str, str]) -> App | None:
    return of(MemoryTree(files)).app


def named(files: dict[str, str]) -> str:
    return str(app(files) or "")


def test_an_object() -> None:
    assert app({"main.py": FASTAPI}) == App("main", "app", "main.py", 3)


def test_a_factory() -> None:
    assert app({"app/server.py": FACTORY}) == App("app.server", "create_app", "app/server.py", 4, factory=True)


@pytest.mark.parametrize(
    "more", ["app = app\n", "app = CORSMiddleware(app)\n", "app = socketio.ASGIApp(sio, other=app)\n"]
)
def test_an_application_that_is_wrapped_stays_one(more: str) -> None:
    assert app({"main.py": f"{FASTAPI}{more}"}) == App("main", "app", "main.py", 3)
    assert app({"main.py": FASTAPI + "app = 1\n"}) is None


@pytest.mark.parametrize(
    ("text", "framework"),
    [
        ("from flask import Flask\napp = Flask(__name__)\n", "flask"),
        ("from starlette.applications import Starlette\napp = Starlette()\n", "starlette"),
        ("from django.core.wsgi import get_wsgi_application\napp = get_wsgi_application()\n", "django"),
    ],
)
def test_other_frameworks(text: str, framework: str) -> None:
    assert app({"wsgi.py": text}) == App("wsgi", "app", "wsgi.py", 2, framework=framework)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"app/__init__.py": FASTAPI, "app/x.py": "from app import app\n"}, "app:app"),
        ({"src/__init__.py": FASTAPI}, "src:app"),
        ({"src/main.py": FASTAPI + "import models\n", "src/models.py": ""}, "main:app"),
        ({"src/shop/main.py": FASTAPI + "import shop.x\n", "src/shop/x.py": ""}, "shop.main:app"),
        ({"app/main.py": FASTAPI, "app/admin.py": "from fastapi import FastAPI\nadmin = FastAPI()\n"}, "app.main:app"),
        ({"app/zoo.py": FASTAPI, "app/main.py": FASTAPI}, "app.main:app"),
        ({"main.py": FASTAPI, "app/main.py": FASTAPI}, "main:app"),
        ({"main.py": FASTAPI, "flask_app.py": "from flask import Flask\napp = Flask('x')\n"}, "main:app"),
        ({"main.py": FASTAPI, "tests/app.py": FASTAPI, "docs/app.py": FASTAPI}, "main:app"),
        ({"tests/app.py": FASTAPI}, ""),
        ({"docs/examples/app.py": FASTAPI}, ""),
        ({"main.py": FASTAPI, "other/setup.py": "setup()", "other/app.py": FASTAPI}, "main:app"),
        ({"backend/app.py": FASTAPI, "backend/requirements.txt": "fastapi\n"}, "backend.app:app"),
        ({"a/main.py": FASTAPI, "a/setup.py": "setup()", "b/main.py": FASTAPI, "b/setup.py": "setup()"}, ""),
        ({"main.py": "x = 1\n"}, ""),
    ],
)
def test_likeliest(files: dict[str, str], expected: str) -> None:
    assert named(files) == expected


@pytest.mark.parametrize(
    "runner",
    [
        {"Dockerfile": 'FROM python:3.12\nCMD ["uvicorn", "app.api:web", "--port", "80"]\n'},
        {"Procfile": "web: gunicorn -k uvicorn.workers.UvicornWorker app.api:web\n"},
        {"run.py": 'import uvicorn\nuvicorn.run("app.api:web", reload=True)\n'},
        {"run.py": 'from uvicorn import Config, Server\nServer(Config("app.api:web")).run()\n'},
        {"pyproject.toml": '[tool.fastapi]\nentrypoint = "app.api:web"\n'},
    ],
)
def test_what_starts_it_is_believed(runner: dict[str, str]) -> None:
    files = {"app/main.py": FASTAPI, "app/api.py": "from fastapi import FastAPI\nweb = FastAPI()\n"}
    assert named(files) == "app.main:app"
    assert named(files | runner) == "app.api:web"


def test_a_stale_command_is_not_believed() -> None:
    assert named({"app/main.py": FASTAPI, "Procfile": "web: uvicorn api.main:app\n"}) == "app.main:app"


def test_a_command_that_runs_in_the_folder() -> None:
    files = {
        "app/main.py": FASTAPI + "from app.x import y\n",
        "app/x.py": "",
        "Makefile": "run:\n\tcd app && uvicorn main:app\n",
    }
    assert named(files) == "app.main:app"
    two = {"app/main.py": FASTAPI + "from x import y\n", "app/x.py": "", "tests/test_x.py": "import app.x\n"}
    assert named(two | {"Makefile": "run:\n\tcd app && uvicorn main:app\n"}) == "main:app"


@pytest.mark.parametrize(
    "statement", ["from app.main import app", "from .app.main import app", "from app.main import app as app"]
)
def test_an_alias_leads_to_where_it_is_made(statement: str) -> None:
    files = {"main.py": statement + "\n", "app/main.py": FASTAPI, "Procfile": "web: uvicorn main:app\n"}
    assert named(files) == "app.main:app"


def test_a_command_names_a_function_that_hides_what_it_makes() -> None:
    text = "from fastapi import FastAPI\ndef _make():\n    return FastAPI()\ndef create():\n    return _make()\n"
    found = app({"shop/web.py": text, "Procfile": "web: uvicorn --factory shop.web:create\n"})
    assert found == App("shop.web", "create", "shop/web.py", 4, factory=True)


@pytest.mark.parametrize(
    "statement",
    [
        "from app.factory import create_app",
        "from app import create_app",
        "from .app.factory import create_app",
        "from app.factory import create_app as create",
    ],
)
def test_an_object_made_by_an_own_factory(statement: str) -> None:
    called = "create" if statement.endswith("as create") else "create_app"
    files = {
        "web.py": f"{statement}\napp = {called}()\n",
        "app/__init__.py": "from .factory import create_app\n",
        "app/factory.py": FACTORY,
    }
    assert named(files) == "web:app"


def test_a_factory_in_the_same_file() -> None:
    assert named({"main.py": FACTORY + "app = create_app()\n"}) == "main:app"


@pytest.mark.parametrize(
    "statement",
    [
        "from elsewhere import create_app",
        "from app.empty import create_app",
        "from app import missing as create_app",
        "import os",
    ],
)
def test_an_object_made_by_something_else_is_none(statement: str) -> None:
    files = {"web.py": f"{statement}\nthing = create_app()\n", "app/__init__.py": "", "app/empty.py": "x = 1\n"}
    assert app(files) is None


def test_factories_handed_round_in_a_circle() -> None:
    files = {
        "a.py": "from b import make\n",
        "b.py": "from a import make\n",
        "c.py": "from a import make\nthing = make()\n",
    }
    assert app(files) is None


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        ({"main.py": FASTAPI}, "application"),
        ({"main.py": FASTAPI, "pyproject.toml": BUILT}, "application"),
        ({"main.py": "import helper\n", "helper.py": ""}, "application"),
        ({"shop/__init__.py": FACTORY, "pyproject.toml": BUILT}, "library"),
        (
            {"shop/__init__.py": FACTORY, "pyproject.toml": BUILT, "Procfile": "web: uvicorn shop:create_app\n"},
            "application",
        ),
        ({"shop/__init__.py": "", "setup.py": "setup()"}, "library"),
        ({"shop/__init__.py": "", "setup.cfg": "[metadata]\nname = shop\n"}, "library"),
        ({"shop/__init__.py": "", "setup.cfg": "[flake8]\n"}, "application"),
        ({"shop/__init__.py": "", "pyproject.toml": BUILT + "[tool.poetry]\npackage-mode = false\n"}, "application"),
        ({"one.py": "1\n"}, "scripts"),
        ({"a/setup.py": "setup()", "a/x.py": "", "b/setup.py": "setup()", "b/x.py": ""}, "workspace"),
        ({"README.md": ""}, "none"),
    ],
)
def test_kind(files: dict[str, str], kind: str) -> None:
    assert of(MemoryTree(files)).kind == kind


@pytest.mark.parametrize(
    ("root", "text", "name"),
    [
        ("/home/me/My Shop!", "", "my-shop"),
        ("/home/me/shop_api.v2", "", "shop-api-v2"),
        ("C:\\Users\\me\\Shop", "", "shop"),
        ("/home/me/shop/src", "", "shop"),
        ("/home/me/___", "", "project"),
        (".", "", "project"),
        ("/home/me/x", '[project]\nname = "Shop_API"\n', "Shop_API"),
        ("/home/me/x", '[tool.poetry]\nname = "shop"\n', "shop"),
        ("/home/me/x", '[tool.poetry]\nname = "My Shop 1"\n', "my-shop-1"),
        ("/home/me/x", "[project]\nname = 3\n", "x"),
    ],
)
def test_name(root: str, text: str, name: str) -> None:
    assert of(MemoryTree({"main.py": "", "pyproject.toml": text}), root=root).name == name


def test_no_folder_gives_the_name_of_a_dependency() -> None:
    files = {"main.py": "", "requirements.txt": "Scrapling>=1\n"}
    assert of(MemoryTree(files), root="/home/me/scrapling").name == "scrapling-app"
    assert of(MemoryTree(files), root="/home/me/shop").name == "shop"


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "none"),
        ({"requirements.txt": "fastapi\n"}, "pip requirements.txt"),
        ({"requirements.txt": ""}, "none"),
        ({"requirements.txt": "# soon\n", "setup.py": "setup()"}, "setup.py"),
        ({"requirements.in": "fastapi\n", "requirements.txt": "fastapi==1\n"}, "pip-tools"),
        ({"pyproject.toml": '[project]\nname = "x"\n'}, "PEP 621"),
        ({"pyproject.toml": '[project]\nname = "x"\n', "uv.lock": ""}, "uv"),
        ({"pyproject.toml": '[project]\nname = "x"\n[tool.uv]\npackage = true\n'}, "uv"),
        ({"pyproject.toml": "[tool.uv.pip]\npre = true\n", "requirements.txt": "x\n"}, "pip requirements.txt"),
        ({"pyproject.toml": '[tool.poetry]\nname = "x"\n', "requirements.txt": "x\n"}, "poetry + pip requirements.txt"),
        ({"pyproject.toml": '[project]\nname = "x"\n[tool.pdm]\n'}, "pdm"),
        ({"Pipfile": "", "setup.py": "setup()"}, "pipenv + setup.py"),
        ({"environment.yml": "", "pyproject.toml": '[project]\nname = "x"\n'}, "conda + PEP 621"),
        ({"main.py": "import shop.x\n", "shop/x.py": "", "shop/requirements.txt": "x\n"}, "none"),
        (
            {"shop/main.py": FASTAPI + "import shop.x\n", "shop/x.py": "", "shop/requirements.txt": "x\n"},
            "pip requirements.txt",
        ),
    ],
)
def test_manager(files: dict[str, str], words: str) -> None:
    assert manager(of(MemoryTree({"main.py": "", **files}))) == words


def test_manager_of_a_workspace_member() -> None:
    tree = MemoryTree({"main.py": "", "pyproject.toml": '[project]\nname = "x"\n'})
    tree.entries = {"../uv.lock": Entry(), **tree.entries}
    assert manager(of(tree)) == "uv"


BOT = '[build-system]\nrequires = ["hatchling"]\n[project]\nname = "bot"\nversion = "1"\n'


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("Dockerfile", 'FROM python:3.12\nCMD ["python3", "-u", "bot/main.py"]\n', "application"),
        ("Procfile", "worker: python -m bot.main\n", "application"),
        ("Dockerfile", 'FROM python:3.12\nENTRYPOINT ["python", "-m"]\nCMD ["bot"]\n', "application"),
        ("Dockerfile", 'FROM python:3.12\nENTRYPOINT ["python"]\nCMD ["bot/main.py"]\n', "application"),
        ("Dockerfile", 'FROM python:3.12\nENTRYPOINT ["python", "-m"]\nCMD ["pip"]\n', "library"),
        ("Dockerfile", 'FROM python:3.12\nCMD ["uv", "run", "-m", "bot"]\n', "application"),
        ("Dockerfile", "FROM python:3.12\nCMD uv run --frozen --env-file .env bot/main.py\n", "application"),
        ("Procfile", "worker: poetry run python -m bot.main\n", "application"),
        ("Procfile", "worker: pipenv run gunicorn bot.main:application\n", "application"),
        ("Procfile", "worker: uv run bot\n", "library"),
        ("Procfile", "worker: uv run\n", "library"),
        ("Procfile", "worker: celery -A bot.main.tasks worker\n", "application"),
        ("Procfile", "worker: celery --app=bot.main worker\n", "application"),
        ("Procfile", "worker: celery -A other worker\n", "library"),
        ("compose.yml", "services:\n  web:\n    command: gunicorn bot.main:application\n", "application"),
        ("docker_compose/web.yaml", "services:\n  web:\n    command: gunicorn bot.main:application\n", "application"),
        ("Procfile", "web: gunicorn tests.web:application\n", "library"),
        ("Dockerfile", "FROM python:3.12\nRUN python setup.py install\n", "library"),
        ("Dockerfile", 'FROM python:3.12\nENTRYPOINT ["bot"]\n', "library"),
        ("run.sh", "python bot/main.py\n", "library"),
    ],
)
def test_what_is_started_is_no_library(path: str, text: str, kind: str) -> None:
    files = {"pyproject.toml": BOT, "bot/__init__.py": "", "bot/main.py": "", "setup.py": "", path: text}
    files["tests/web.py"] = ""
    assert of(MemoryTree(files)).kind == kind


def test_a_plan_makes_no_library_of_an_application() -> None:
    before = of(MemoryTree({"main.py": "import helper\n", "helper.py": ""}))
    assert before.kind == "application"
    assert over(before, MemoryTree({"pyproject.toml": BOT, "src/bot/__init__.py": ""})).kind == "application"


def test_what_a_file_that_cannot_be_parsed_must_be_given_is_not_known() -> None:
    assert not must_be_given(MemoryTree({"a.py": "def f(x:\n"}), "a.py", "f")


GUARD = "if __name__ == '__main__':\n    "


@pytest.mark.parametrize(
    ("guard", "given", "kind"),
    [
        (GUARD, "", "application"),
        (GUARD, "debug=False, *, store=None", "application"),
        (GUARD, "store", "library"),
        (GUARD, "debug=False, *, store", "library"),
        ("", "", "library"),
    ],
)
def test_a_distribution_that_serves_what_it_makes_when_started_is_an_application(
    guard: str, given: str, kind: str
) -> None:
    run = f"import uvicorn\nfrom shop.app import create_app\n{guard}uvicorn.run(create_app({given and 'store=1'}))\n"
    made = f"from fastapi import FastAPI\ndef create_app({given}) -> FastAPI:\n    return FastAPI()\n"
    manifest = '[project]\nname = "shop"\nversion = "1"\n[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
    files = {"pyproject.toml": manifest, "shop/__init__.py": "", "shop/app.py": made, "shop/run.py": run}
    assert of(MemoryTree(files)).kind == kind


def test_a_module_that_does_something_to_what_it_imports_is_meant_itself() -> None:
    made = "from fastapi import FastAPI\napp = FastAPI()\n"
    files = {"app/api.py": made, "Procfile": "web: uvicorn app.main:app\n", "app/__init__.py": ""}
    routes = "from app.api import app\napp.add_middleware(object)\n"
    assert named({**files, "app/main.py": routes}) == "app.main:app"
    assert named({**files, "app/main.py": "from app.api import app\n"}) == "app.api:app"
