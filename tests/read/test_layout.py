"""What the layout of drawn projects is taken for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import trees

from trueup.model.tree import MemoryTree
from trueup.read.project import of

if TYPE_CHECKING:
    from trueup.model.project import Layout

APP = "from fastapi import FastAPI\napp = FastAPI()\n"
BUILT = '[build-system]\nrequires = ["hatchling"]\n[project]\nname = "shop"\nversion = "1"\n'


def layout(files: dict[str, str]) -> Layout:
    """The layout of a project with these files."""
    return of(MemoryTree(files), root="/home/me/shop").layout


def drawn(text: str) -> Layout:
    """The layout of a drawn project."""
    return of(trees.tree(text), root="/home/me/shop").layout


@pytest.mark.parametrize(
    ("command", "moves"),
    [
        ("celery -A tasks worker", True),
        ("celery --app=tasks.celery worker", True),
        ("python -m tasks", True),
        ("gunicorn tasks:app", True),
        ("python3.12 -m tasks.worker", True),
        ("arq tasks.Settings", True),
        ("dramatiq tasks", True),
        ("python tasks.py", False),
        ("git commit -m tasks", False),
        ("echo tasks", False),
    ],
)
def test_what_a_command_takes_for_a_module_is_code(command: str, moves: bool) -> None:
    found = layout({"main.py": APP, "tasks.py": "from celery import Celery\n", "Procfile": f"worker: {command}\n"})
    assert ("tasks.py" in found.members) is moves


def test_loose_modules() -> None:
    found = drawn(
        """\
main.py
    from fastapi import FastAPI
    import settings
    from routers import items
    app = FastAPI()
settings.py
routers/items.py
    from database import session
database.py
__init__.py
test_main.py
    from main import app
tests/test_items.py
    from routers.items import router
gunicorn.conf.py
tasks.py
    from invoke import task
static/style.css
"""
    )
    assert found.kind == "loose"
    assert found.roots == ("",)
    assert found.members == ("__init__.py", "database.py", "main.py", "routers", "settings.py")
    assert found.packages == ("database", "main", "routers", "settings")
    assert found.package == ""
    assert dict(found.stays) == {
        "gunicorn.conf.py": "the server reads it here",
        "tasks.py": "invoke reads it here",
        "test_main.py": "tests",
        "tests": "tests",
    }


def test_a_module_called_tasks_is_code() -> None:
    found = layout({"main.py": APP + "import tasks\n", "tasks.py": "from celery import Celery\n"})
    assert found.members == ("main.py", "tasks.py")


def test_one_package() -> None:
    found = drawn(
        """\
app/__init__.py
app/main.py
    from fastapi import FastAPI
    from app.models import User
    app = FastAPI()
app/models.py
tests/test_app.py
    from app.main import app
alembic/env.py
    from app.models import User
alembic/script.py.mako
scripts/seed.py
    from app.models import User
run.py
    import uvicorn
    uvicorn.run("app.main:app")
seed.py
    from app.models import User
keygen.py
    print(1)
notebooks/x.py
2fa-keys.py
.github/hook.py
"""
    )
    assert (found.kind, found.package, found.members, found.packages) == ("package", "app", ("app",), ("app",))
    assert dict(found.stays) == {
        ".github": "a hidden folder",
        "2fa-keys.py": "not an importable name",
        "alembic": "Alembic's migrations: alembic.ini names the folder",
        "keygen.py": "it imports nothing of the project, and nothing imports it",
        "notebooks": "not part of the application",
        "run.py": "a script that uses the package, and nothing imports it",
        "scripts": "not part of the application",
        "seed.py": "a script that uses the package, and nothing imports it",
        "tests": "tests",
    }


def test_folder_of_an_installed_package_is_never_own_code() -> None:
    files = {"main.py": APP + "from alembic import command\n", "alembic/x.py": "", "alembic/versions/1.py": ""}
    assert layout(files).members == ("main.py",)
    assert layout(files).stays["alembic"] == "the installed package alembic has the same name, and wins"
    own = layout({**files, "alembic/__init__.py": ""})
    assert own.members == ("alembic", "main.py")


def test_a_folder_that_does_without_its_own_name_is_not_what_is_meant() -> None:
    tried = "try:\n    import ql\nexcept ImportError:\n    ql = None\n"
    files = {"ql/main.py": f"{tried}from parse import x\n{APP}", "ql/parse.py": "x = 1\n"}
    assert layout(files).stays["ql"] == "the installed package ql has the same name, and wins"
    assert "ql" not in layout({**files, "ql/__init__.py": ""}).stays
    either = "try:\n    from ql import parse\nexcept ImportError:\n    import parse\n"
    assert "ql" not in layout({**files, "ql/main.py": either + APP}).stays
    assert "ql" not in layout({**files, "tests/test_it.py": "from ql.parse import x\n"}).stays
    assert "ql" not in layout({**files, "tests/test_it.py": "from ql import parse\n"}).stays
    assert "ql" in layout({**files, "tests/test_it.py": "from ql import Query\n"}).stays


@pytest.mark.parametrize(
    ("handler", "meant"),
    [
        ("ql = None", True),
        ("pass", True),
        ("print('no ql')\n    has_ql = False", True),
        ("log.warning('no ql')", True),
        ("sys.path.insert(0, '.')", False),
        ("sys.path[:0] = ['.']", False),
        ("find()\n    import ql", False),
        ("raise RuntimeError('start it from above')", False),
        ("print('install it')\n    sys.exit(1)", False),
    ],
)
def test_a_folder_whose_name_is_looked_for_elsewhere_is_meant(handler: str, *, meant: bool) -> None:
    tried = f"try:\n    import ql\nexcept ImportError:\n    {handler}\n"
    files = {"ql/main.py": f"{tried}{APP}", "ql/parse.py": "x = 1\n"}
    assert ("ql" in layout(files).stays) == meant


def test_folder_named_like_a_declared_dependency() -> None:
    files = {"main.py": APP + "import motor_engine\n", "motor_engine/x.py": ""}
    assert layout(files).members == ("main.py", "motor_engine")
    assert layout({**files, "requirements.txt": "motor-engine==1\n"}).members == ("main.py",)


def test_several_packages() -> None:
    files = {"app/main.py": APP + "from core import config\nimport settings\n", "core/config.py": "", "settings.py": ""}
    found = layout(files)
    assert (found.kind, found.members) == ("packages", ("app", "core", "settings.py"))


def test_a_root_module_that_holds_the_application_is_no_script() -> None:
    files = {
        "conduit/__init__.py": "",
        "conduit/factory.py": "from flask import Flask\ndef create_app():\n    return Flask(__name__)\n",
        "wsgi.py": "from conduit.factory import create_app\napp = create_app()\n",
    }
    assert layout(files).kind == "packages"
    assert layout(files).members == ("conduit", "wsgi.py")


def test_root_init_beside_a_package() -> None:
    found = layout({"__init__.py": "", "app/__init__.py": "", "app/main.py": APP})
    assert found.kind == "package"
    assert found.stays["__init__.py"] == "it belongs to no package"


@pytest.mark.parametrize(
    "files",
    [
        {"src/main.py": APP + "from src.models import User\n", "src/models.py": ""},
        {"src/main.py": APP + "from .models import User\n", "src/models.py": ""},
        {"src/__init__.py": APP},
        {"src/main.py": APP, "tests/test_x.py": "from src.main import app\n"},
        {"src/main.py": APP, "tests/test_x.py": "import src\n"},
    ],
)
def test_src_is_the_package(files: dict[str, str]) -> None:
    found = layout(files)
    assert (found.kind, found.package, found.roots, found.packages) == ("src-package", "src", ("",), ("src",))
    assert set(found.members) == {path for path in files if path.startswith("src/")}


def test_src_package_takes_its_data_along_but_no_settings() -> None:
    found = drawn(
        """\
src/main.py
    from fastapi import FastAPI
    from src.db import x
    app = FastAPI()
src/db/x.py
src/templates/a.html
src/pytest.ini
src/.env
init_db.py
    from src.db import x
"""
    )
    assert found.members == ("src/db", "src/main.py", "src/templates")
    assert "init_db.py" in found.stays


def test_src_package_beside_the_application() -> None:
    found = layout({"main.py": APP + "from src.core import x\n", "src/core/x.py": ""})
    assert (found.kind, found.members, found.packages) == ("src-package", ("main.py", "src/core"), ("src", "main"))


def test_src_is_a_bare_folder_on_the_path() -> None:
    files = {
        "src/main.py": APP + "from settings import title\nimport routers.items\n",
        "src/settings.py": "",
        "src/routers/items.py": "",
        "src/tests/test_main.py": "from main import app\n",
        "src/conftest.py": "",
    }
    found = layout(files)
    assert (found.kind, found.roots, found.package) == ("src-path", ("src",), "")
    assert found.members == ("src/main.py", "src/routers", "src/settings.py")
    assert found.packages == ("main", "routers", "settings")


def test_a_folder_of_data_in_src_is_none_of_its_members_though_a_script_lies_there() -> None:
    files = {"src/bot.py": "import server", "src/server.py": APP, "src/static/a.txt": "", "src/static/loc-api.py": ""}
    assert layout(files).members == ("src/bot.py", "src/server.py")


@pytest.mark.parametrize("package", ["", "tests/framework/__init__.py", "tests/framework/command.py"])
def test_a_folder_of_tests_with_the_name_of_a_package_in_src_is_not_what_src_imports(package: str) -> None:
    files = {
        "src/__init__.py": "",
        "src/bot.py": "import cogs.a\n",
        "src/cogs/__init__.py": "",
        "src/cogs/a.py": "from framework import command\n",
        "src/framework/__init__.py": "",
        "src/framework/command.py": "",
        "tests/framework/test_a.py": "from framework.command import x\n",
    }
    found = layout({**files, **({package: ""} if package else {}), "pyproject.toml": '[project]\nname = "x"\n'})
    assert "tests" not in found.members


def test_one_module_alone_in_src() -> None:
    assert layout({"src/main.py": APP}).kind == "src-path"


def test_another_folder_on_the_path() -> None:
    files = {"backend/main.py": APP + "import models\n", "backend/models.py": "", "requirements.txt": "fastapi\n"}
    found = layout(files)
    assert (found.kind, found.roots, found.members) == (
        "src-path",
        ("backend",),
        ("backend/main.py", "backend/models.py"),
    )


def test_a_folder_two_levels_down_on_the_path() -> None:
    found = layout({"services/api/main.py": APP + "import models\n", "services/api/models.py": ""})
    assert (found.kind, found.roots) == ("src-path", ("services/api",))


def test_the_application_at_the_root_with_src_on_the_path() -> None:
    found = layout({"main.py": APP + "import models\n", "src/models.py": ""})
    assert (found.kind, found.roots, found.members) == ("src-path", ("src", ""), ("main.py", "src/models.py"))


@pytest.mark.parametrize(
    "files",
    [
        {"src/shop/__init__.py": "", "src/shop/main.py": APP, "tests/test_x.py": "from shop.main import app\n"},
        {"src/__init__.py": "", "src/shop/__init__.py": "", "src/shop/main.py": APP, "t.py": "import shop.main\n"},
        {"__init__.py": "", "src/shop/__init__.py": "", "src/shop/main.py": APP, "tests/t.py": "import shop.main\n"},
        {"src/shop/main.py": APP + "from shop import x\n", "src/shop/x.py": ""},
        {
            "src/shop/__init__.py": "",
            "src/shop/x.py": "from . import y\n",
            "src/shop/y.py": "",
            "pyproject.toml": BUILT,
        },
        {"src/shop/__init__.py": "", "src/shop/main.py": APP, "conftest.py": "", "noxfile.py": ""},
    ],
)
def test_installed(files: dict[str, str]) -> None:
    found = layout(files)
    assert (found.kind, found.package, found.roots, found.members) == ("installed", "shop", ("src",), ())
    assert found.packages == ("shop",)


def test_several_packages_in_src_are_installed_only_when_built() -> None:
    files = {"src/api/main.py": APP + "from core import x\n", "src/core/x.py": ""}
    assert layout(files).kind == "src-path"
    found = layout({**files, "pyproject.toml": BUILT})
    assert (found.kind, found.package, found.packages) == ("installed", "", ("api", "core"))


def test_single_module_library_in_src() -> None:
    files = {"src/six.py": "", "tests/test_six.py": "import six\n", "pyproject.toml": BUILT}
    assert layout(files).kind == "installed"


def test_namespace_package_in_src() -> None:
    files = {
        "src/zope/interface/__init__.py": "from zope.interface import x\n",
        "src/zope/interface/x.py": "",
        "pyproject.toml": BUILT,
    }
    assert (layout(files).kind, layout(files).package, layout(files).packages) == (
        "installed",
        "zope.interface",
        ("zope",),
    )


def test_namespace_that_branches() -> None:
    files = {"src/a/b/c.py": "", "src/a/d/e.py": "", "tests/test_a.py": "import a.b.c\n", "pyproject.toml": BUILT}
    assert layout(files).package == "a"


def test_two_names() -> None:
    files = {
        "app/main.py": APP + "from app.models import User\n",
        "app/models.py": "",
        "tests/test_x.py": "from main import app\nfrom models import User\n",
    }
    found = layout(files)
    assert (found.kind, found.package, found.roots, found.members) == ("two-names", "app", ("app", ""), ("app",))
    assert found.reason == "tests/test_x.py imports main, app/main.py uses app as a package: app.main"


def test_two_names_in_src() -> None:
    files = {
        "src/main.py": APP + "import users.models\n",
        "src/users/models.py": "",
        "t.py": "from src.main import app\n",
    }
    found = layout(files)
    assert (found.kind, found.package, found.members) == ("two-names", "", ("src/main.py", "src/users"))
    assert found.stays["t.py"] == "a script that uses the package, and nothing imports it"


def test_a_dependency_beside_a_module_of_its_name_is_no_second_name() -> None:
    files = {
        "app/main.py": APP + "from app.redis import cache\nimport redis, types\n",
        "app/redis.py": "import redis\n",
    }
    assert layout({**files, "app/types.py": ""}).kind == "package"


def test_a_package_that_imports_itself_means_no_module_of_its_name() -> None:
    files = {"bot/__init__.py": "from bot import log\n", "bot/bot.py": "", "bot/log.py": "", "bot/__main__.py": ""}
    image = 'FROM python:3.12\nENTRYPOINT ["python", "-m"]\nCMD ["bot"]\n'
    assert layout({**files, "Dockerfile": image}).kind == "package"


def test_what_a_module_of_a_package_imports_as_a_script_is_no_second_name() -> None:
    way_out = "try:\n    from shop.base import Task\nexcept ImportError:\n    from mock import Task\n"
    files = {"shop/main.py": APP + "import shop.add\n", "shop/mock.py": "", "shop/base.py": "", "shop/add.py": way_out}
    assert layout({**files, "shop/__init__.py": ""}).kind == "package"
    assert layout(files).kind == "two-names"
    started = {**files, "shop/__init__.py": "", "shop/add.py": 'if __name__ == "__main__":\n    import mock\n'}
    assert layout(started).kind == "package"
    assert layout({**started, "shop/add.py": "if 1:\n    import mock\n"}).kind == "two-names"


def test_a_script_that_lies_in_the_package_makes_no_second_name() -> None:
    app = APP + "from .config import x\n"
    files = {"app/__init__.py": "", "app/main.py": app, "app/config.py": "", "app/pay.py": "import config\n"}
    assert layout(files).kind == "package"
    assert layout({**files, "app/main.py": app + "import app.pay\n"}).kind == "two-names"
    assert layout({**files, "app/migrations/env.py": "import config\n"}).kind == "two-names"
    assert layout({**files, "app/main.py": app + "import config\n"}).kind == "two-names"


def test_scripts_in_a_folder_beside_the_application_make_it_no_root() -> None:
    files = {
        "main.py": APP + "import models\n",
        "models.py": "",
        "install/run.py": "import steps\n",
        "install/steps.py": "",
    }
    assert layout(files).kind == "loose"
    found = layout({**files, "main.py": APP + "import steps\n"})
    assert (found.kind, found.roots) == ("src-path", ("install", ""))


def test_helpers_of_tests_inside_a_package_are_no_second_name() -> None:
    files = {
        "app/__init__.py": "",
        "app/main.py": APP + "from app.models import User\n",
        "app/models.py": "",
        "app/tests/helpers.py": "",
        "app/tests/test_x.py": "import sys\nsys.path.insert(0, 'app')\nfrom tests.helpers import x\nimport app.main\n",
    }
    assert layout(files).kind == "package"


def test_tests_that_import_each_other_are_no_second_root() -> None:
    files = {
        "app/main.py": APP,
        "tests/test_x.py": "from app.main import app\nfrom helpers import y\n",
        "tests/helpers.py": "",
    }
    assert layout(files).kind == "package"


def test_tests_that_the_program_imports_are_code() -> None:
    files = {"main.py": "import tests.runner\nimport ui\n", "tests/runner.py": "", "ui.py": ""}
    assert layout(files).members == ("main.py", "tests", "ui.py")
    script = {"app/main.py": APP, "run_tests.py": "import tests.x\n", "tests/x.py": ""}
    assert layout(script).stays["tests"] == "tests"


def test_workspace() -> None:
    files = {
        "orders/pyproject.toml": BUILT,
        "orders/main.py": APP,
        "stock/requirements.txt": "fastapi\n",
        "stock/main.py": APP,
        "docs/conf.py": "",
    }
    assert (layout(files).kind, layout(files).members) == ("workspace", ("orders", "stock"))


@pytest.mark.parametrize(
    ("beside", "kind"),
    [
        ({"parsing/main.py": "print(1)\n"}, "workspace"),
        ({"parsing/main.py": "import orders.main\n"}, "package"),
        ({"main.py": APP}, "loose"),
    ],
)
def test_the_application_of_one_of_several_projects(beside: dict[str, str], kind: str) -> None:
    orders = {"orders/pyproject.toml": BUILT, "orders/main.py": APP}
    files = {
        **orders,
        "stock/pyproject.toml": BUILT,
        "stock/src/stock/x.py": "import stock.y\n",
        "stock/src/stock/y.py": "",
    }
    found = layout(files | beside)
    assert found.kind == kind
    assert kind != "workspace" or found.members == ("orders", "stock")


def test_a_second_distribution_beside_the_application() -> None:
    files = {
        "main.py": APP,
        "client/pyproject.toml": BUILT,
        "client/shop_client/x.py": "import shop_client.y\n",
        "client/shop_client/y.py": "",
    }
    found = layout(files)
    assert (found.kind, found.members, found.stays["client"]) == ("loose", ("main.py",), "a project of its own")


def test_package_with_its_own_manifest_inside() -> None:
    files = {"backend/requirements.txt": "fastapi\n", "backend/main.py": APP + "import backend.x\n", "backend/x.py": ""}
    assert (layout(files).kind, layout(files).package) == ("package", "backend")


@pytest.mark.parametrize(
    ("files", "kind", "package"),
    [
        ({"records.py": "", "tests/test_records.py": "import records\n"}, "module", "records"),
        (
            {"schema/__init__.py": "", "test_schema.py": "import schema\n", "stress.py": "import schema\n"},
            "package",
            "schema",
        ),
        (
            {"jaraco/functools/__init__.py": "", "test_x.py": "import jaraco.functools\n"},
            "namespace",
            "jaraco.functools",
        ),
        ({"ns/a/__init__.py": "", "ns/b.py/__init__.py": ""}, "namespace", "ns"),
        ({"one/__init__.py": "import two\n", "two/__init__.py": ""}, "packages", ""),
    ],
)
def test_libraries(files: dict[str, str], kind: str, package: str) -> None:
    found = layout({**files, "setup.py": "from setuptools import setup\nsetup()\n"})
    assert (found.kind, found.package) == (kind, package)
    assert found.stays["setup.py"] == "setuptools reads it here"


def test_no_code_of_its_own() -> None:
    found = layout({"setup.py": "", "src/main.cpp": "", "tests/test_x.py": ""})
    assert (found.kind, found.members) == ("none", ())
    assert layout({"README.md": ""}).kind == "none"


def test_scripts() -> None:
    scripts = {f"script_{number}.py": "print(1)\n" for number in range(5)}
    assert layout(scripts).kind == "scripts"
    assert layout({"one.py": "print(1)\n"}).kind == "scripts"
    assert layout({"one.py": "print(1)\n", "requirements.txt": "rich\n"}).kind == "loose"
    assert layout({"main.py": "import helper\n", "helper.py": ""}).kind == "loose"


def test_folders_of_scripts_with_lists_of_their_own_are_no_projects() -> None:
    files = {f"script_{n}/{name}": "rich\n" for n in range(3) for name in ("requirements.txt", "README.md")}
    scripts = {f"script_{n}/main.py": "import os\nhere = os.path.dirname(__file__)\n" for n in range(3)}
    loose = {f"other_{n}/main.py": "print(1)\n" for n in range(3)}
    assert layout(files | scripts | loose).kind == "scripts"
    made = {f"script_{n}/main.py": f"from .web import make\n{n=}\napp = make()\n" for n in range(2)}
    factory = "from fastapi import FastAPI\n\n\ndef make():\n    return FastAPI()\n"
    found = layout(files | scripts | loose | made | {f"script_{n}/web.py": factory for n in range(2)})
    assert (found.kind, found.members) == ("workspace", ("script_0", "script_1"))


def test_a_template_of_projects() -> None:
    inside = {"{{cookiecutter.slug}}/main.py": APP, "{{cookiecutter.slug}}/requirements.txt": "fastapi\n"}
    found = layout({"setup.py": "", "hooks/post_gen_project.py": "print(1)\n", **inside})
    assert found.kind == "template"
    assert found.reason.startswith("{{cookiecutter.slug}}/ is a template")
    project = of(MemoryTree({"setup.py": "", **inside}))
    assert (project.kind, project.app, list(project.sources)) == ("none", None, ["setup.py"])
    assert layout({"app/__init__.py": "", "app/main.py": APP, **inside}).kind == "package"
    assert layout({"one.py": "print(1)\n", "{{ name }}.py": ""}).kind == "scripts"


def test_collections_of_packages_are_scripts() -> None:
    folders = {f"topic_{number}/{name}.py": "" for number in range(8) for name in "abc"}
    imports = {f"topic_{number}/d.py": f"from topic_{number} import a, b, c\n" for number in range(8)}
    assert layout(folders | imports | {f"topic_{n}/__init__.py": "" for n in range(8)}).kind == "scripts"


def test_an_application_among_many_scripts() -> None:
    scripts = {f"script_{number}.py": "print(1)\n" for number in range(40)}
    assert layout({**scripts, "web.py": APP}).kind == "scripts"
    program = {f"app/m{number}.py": "from app import main\n" for number in range(20)}
    assert layout({**scripts, **program, "app/main.py": APP}).kind == "package"


def test_an_application_that_names_its_parts_in_settings_is_no_collection_of_scripts() -> None:
    parts = {f"part{number}/{name}.py": "" for number in range(15) for name in ("__init__", "models")}
    wsgi = "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n"
    assert layout({**parts, "manage.py": "import django\n", "proj/wsgi.py": wsgi}).kind == "packages"
    program = {f"app/m{number}.py": f"from app import m{number - 1}\n" for number in range(1, 30)}
    assert layout({**program, "app/m0.py": "", "main.py": APP}).kind == "loose"


@pytest.mark.parametrize("folder", ["", "src/"])
@pytest.mark.parametrize(("imports", "kind"), [("import django\n", "installed packages"), ("import x\n", "scripts")])
def test_what_django_starts_by_its_settings_is_no_collection_of_scripts(folder: str, imports: str, kind: str) -> None:
    parts = {f"{folder}part{number}/models.py": "" for number in range(30)}
    assert layout({**parts, f"{folder}manage.py": imports, f"{folder}proj/settings.py": ""}).kind in kind.split()


@pytest.mark.parametrize(
    ("tool", "why"),
    [
        ({"tasks/__init__.py": "", "tasks/core.py": "from invoke import task\n"}, "invoke reads it here"),
        (
            {
                "features/__init__.py": "",
                "features/environment.py": "from shop.api import app\n",
                "features/steps/__init__.py": "",
                "features/steps/a.py": "from behave import when\n",
            },
            "behave reads it here",
        ),
    ],
)
@pytest.mark.parametrize(
    ("program", "kind"),
    [
        ({"pyproject.toml": BUILT, "src/shop/__init__.py": "", "src/shop/api.py": APP}, "installed"),
        ({"shop/__init__.py": "", "shop/api.py": APP}, "package"),
    ],
)
def test_a_package_of_a_tool_stays_like_its_file(
    tool: dict[str, str], why: str, program: dict[str, str], kind: str
) -> None:
    found = layout({**program, **tool})
    assert (found.kind, found.stays[next(iter(tool)).split("/")[0]]) == (kind, why)


def test_a_module_beside_its_importer_that_has_not_the_names_is_not_meant() -> None:
    files = {"shop/__init__.py": "", "shop/graphql.py": "x = 1\n", "examples/a.py": "from shop.graphql import x\n"}
    assert layout({**files, "shop/b.py": "from graphql import parse\n"}).kind == "package"
    assert layout({**files, "shop/b.py": "from graphql import x\n"}).kind == "two-names"


def test_a_program_beside_the_package_that_is_built_stays() -> None:
    built = {"pyproject.toml": BUILT, "src/shop/__init__.py": "", "src/shop/api.py": APP}
    pages = {"pages/__init__.py": "", "pages/home.py": "from shop import api\nimport pages.more\n", "pages/more.py": ""}
    path = {"tests/conftest.py": "import sys\nsys.path.insert(0, 'src')\n"}
    found = layout({**built, **pages, **path})
    assert (found.kind, found.package) == ("installed", "shop")
    assert found.stays["pages"] == "beside the package that is built, which does not need it"
    needed = {**built, **pages, **path, "src/shop/b.py": "import pages.more\n"}
    assert layout(needed).kind != "installed"


def test_a_program_that_an_image_starts_is_no_collection_of_scripts() -> None:
    bot = {"bot.py": "import discord\nfrom store import Store\n", "store/__init__.py": "Store = 1\n"}
    cogs = {f"cogs/c{number}.py": "import discord\n" for number in range(8)}
    assert layout(bot | cogs).kind == "scripts"
    image = 'FROM python:3.12\nWORKDIR /bot\nCOPY . .\nENTRYPOINT ["python", "bot.py"]\n'
    assert layout(bot | cogs | {"Dockerfile": image}).kind == "package"


def test_settings_that_flask_loads_by_their_name_are_code() -> None:
    files = {
        "app/__init__.py": "from flask import Flask\napp = Flask('x')\napp.config.from_object('config.Live')\n",
        "config.py": "class Live:\n    DEBUG = False\n",
        "run.py": "from app import app\napp.run()\n",
        "other.py": "",
        "requirements.txt": "flask\n",
    }
    layout = of(MemoryTree(files)).layout
    assert (layout.kind, "config.py" in layout.members, "other.py" in layout.members) == ("packages", True, False)
