"""What a move endangers is told with the plan, and never counted as resolved."""

import pytest

from trueup.errors import PlanRefused
from trueup.model.change import Move
from trueup.model.finding import Finding
from trueup.model.settings import Settings
from trueup.model.tree import MemoryTree, Overlay
from trueup.plan.plan import make, refuse_broken_imports, refuse_half
from trueup.read.project import of
from trueup.steps import Bench

JOBS = "from apscheduler.jobstores.redis import RedisJobStore\nSTORE = RedisJobStore()\n"
FILES = {
    "main.py": "from fastapi import FastAPI\nimport jobs\napp = FastAPI()\n",
    "jobs.py": JOBS,
    "requirements.txt": "fastapi\napscheduler\n",
}


def test_a_danger_is_left_with_its_reason() -> None:
    project = of(MemoryTree(FILES), Settings(), "shop")
    made = make(Bench(project), project.tree)
    assert "src/shop/jobs.py" in {target for _, target in made.moves}
    assert "MOV101" not in {finding.code for finding in made.resolves}
    assert [left.reason[:31] for left in made.leaves if left.finding.code == "MOV101"] == [
        "only you can migrate the store:"
    ]


TASKS = """from celery import shared_task

ROUTES = {"task_routes": {"jobs.*": "q", "jobs": "r"}}


@shared_task
def add(x): ...


@app.task(bind=True)
async def sub(x): ...


@app.task(name="mine")
def mine(): ...


@app.task()
def none(): ...


@app.task(base)
def other(): ...


def make():
    @app.task
    def inner(): ...
"""


def test_tasks_keep_their_names_where_that_is_asked_for() -> None:
    tests = {"tests/test_a.py": "import jobs\nsend_task('jobs.add')\nsend_task('jobs.other')\n"}
    tree = MemoryTree({**FILES, **tests, "jobs.py": TASKS})
    project = of(tree, Settings(keep_task_names=True), "shop")
    made = make(Bench(project), tree)
    after = Overlay(tree, made.changes)
    lines = [line for line in after.text("src/shop/jobs.py").splitlines() if line.lstrip().startswith(("@", "ROUTES"))]
    assert lines == [
        'ROUTES = {"task_routes": {"jobs.*": "q", "shop.jobs": "r"}}',
        '@shared_task(name="jobs.add")',
        '@app.task(name="jobs.sub", bind=True)',
        '@app.task(name="mine")',
        '@app.task(name="jobs.none")',
        "@app.task(base)",
        '    @app.task(name="jobs.inner")',
    ]
    assert (
        after.text("tests/test_a.py") == "from shop import jobs\nsend_task('jobs.add')\nsend_task('shop.jobs.other')\n"
    )
    assert [question.line for question in made.questions if "do it by hand" in question.text] == [22]
    assert not any(left.finding.code == "MOV102" for left in made.leaves)


def test_tasks_keep_their_names_though_their_file_does_not_name_the_queue() -> None:
    files = {"queue_app.py": "from celery import Celery\napp = Celery()\n"}
    jobs = {"jobs.py": "from queue_app import app\n@app.task\ndef add(x): ...\n"}
    tree = MemoryTree({**FILES, **files, **jobs})
    after = Overlay(tree, make(Bench(of(tree, Settings(keep_task_names=True), "shop")), tree).changes)
    assert '@app.task(name="jobs.add")\n' in after.text("src/shop/jobs.py")


def test_where_nothing_is_a_queue_the_setting_silences_nothing() -> None:
    tree = MemoryTree({**FILES, "jobs.py": "from flows import task\n@task\ndef add(x): ...\n"})
    made = make(Bench(of(tree, Settings(keep_task_names=True), "shop")), tree)
    assert "@task\ndef add" in Overlay(tree, made.changes).text("src/shop/jobs.py")
    assert [left.finding.code for left in made.leaves if left.finding.code.startswith("MOV")] == ["MOV102"]


def test_a_module_that_hides_a_standard_one_stops_the_move() -> None:
    project = of(MemoryTree({**FILES, "queue.py": "SIZE = 1\n", "jobs.py": "import queue\n"}), Settings(), "shop")
    made = make(Bench(project), project.tree)
    assert made.moves == ()
    assert any("queue.py bears the name of a standard module" in question.text for question in made.questions)


def test_a_plan_that_would_break_an_import_is_refused() -> None:
    changes = [Move("main.py", "src/shop/main.py"), Move("jobs.py", "src/shop/jobs.py")]
    refuse_broken_imports(
        of(MemoryTree({})), {("main.py", "jobs.py")}, {("src/shop/main.py", "src/shop/jobs.py")}, changes
    )
    with pytest.raises(PlanRefused, match=r"src/shop/main.py would no longer import src/shop/jobs.py: "):
        refuse_broken_imports(of(MemoryTree({})), {("main.py", "jobs.py")}, set(), changes)
    refuse_broken_imports(of(MemoryTree({})), {("main.py", "jobs.py")}, set(), [])


def test_an_import_by_a_path_that_a_file_bends_from_its_own_place_is_told() -> None:
    bent = (
        "import os, sys\nsys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', 'scripts'))\nimport photo\n"
    )
    project = of(MemoryTree({"app/wall.py": bent, "scripts/photo.py": "", "app/plain.py": "import photo\n"}))
    changes = [Move("app", "src/shop/app"), Move("scripts", "src/shop/scripts")]
    (told,) = refuse_broken_imports(project, {("app/wall.py", "scripts/photo.py")}, set(), changes)
    assert (told.path, told.text) == (
        "src/shop/app/wall.py",
        "it finds src/shop/scripts/photo.py by sys.path, which it bends: both move alike",
    )
    with pytest.raises(PlanRefused, match=r"src/shop/app/plain.py would no longer import"):
        refuse_broken_imports(project, {("app/plain.py", "scripts/photo.py")}, set(), changes)
    with pytest.raises(PlanRefused, match=r"src/app/wall.py would no longer import scripts/photo.py"):
        refuse_broken_imports(project, {("app/wall.py", "scripts/photo.py")}, set(), [Move("app", "src/app")])


def test_settings_of_sphinx_find_what_moves() -> None:
    bent = 'import sys, os\nsys.path.append(os.path.abspath("../api"))\nimport settings\n'
    files = {
        "docs/conf.py": bent,
        "manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'api.settings')\n",
        "api/__init__.py": "",
        "api/settings.py": "X = 1\n",
        "core/__init__.py": "",
        "core/models.py": "from api.settings import X\n",
        "requirements.txt": "django\n",
    }
    tree = MemoryTree(files)
    project = of(tree, root="shop")
    made = make(Bench(project), tree)
    assert 'abspath("../src/shop/api")' in Overlay(tree, made.changes).text("docs/conf.py")
    with pytest.raises(PlanRefused):
        refuse_broken_imports(project, {("docs/conf.py", "api/settings.py")}, set(), made.changes[:1])


def test_a_module_beside_a_package_of_its_name_is_not_what_imports_find() -> None:
    app = "from fastapi import FastAPI\napp = FastAPI()\n"
    files = {
        "app/__init__.py": "",
        "app/core.py": "X = 1\n",
        "app.py": app,
        "main.py": f"{app}from app.core import X\n",
    }
    tree = MemoryTree({**files, "requirements.txt": "fastapi\n"})
    after = Overlay(tree, make(Bench(of(tree, root="shop")), tree).changes)
    assert after.text("src/app/main.py") == f"{app}from app.core import X\n"
    assert [path for path in after.files() if path.endswith("/core.py")] == ["src/app/core.py"]


def test_an_application_beside_src_that_imports_nothing_of_it_is_another() -> None:
    """Taken for the program's, it had all code of src moved once more."""
    app = "from fastapi import FastAPI\napp = FastAPI()\n"
    files = {
        "src/app/__init__.py": "",
        "src/app/core.py": "X = 1\n",
        "src/app/main.py": f"{app}from app.core import X\n",
    }
    tree = MemoryTree({**files, "app.py": app, "pyproject.toml": '[project]\nname = "app"\nversion = "1"\n'})
    project = of(tree, root="shop")
    assert str(project.app) == "app.main:app"
    assert not make(Bench(project), tree).moves


def test_functions_of_azure_stay_where_it_looks_for_them() -> None:
    code = "from shared.x import y\ndef main(request): ...\n"
    files = {"host.json": "{}", "get-it/function.json": "{}", "get-it/__init__.py": code, "shared/__init__.py": ""}
    tree = MemoryTree({**files, "shared/x.py": "y = 1\n", "requirements.txt": "azure-functions\n"})
    made = make(Bench(of(tree, root="shop")), tree)
    assert Overlay(tree, made.changes).has("get-it/__init__.py")
    assert [question.path for question in made.questions if "Python must find src" in question.text] == ["host.json"]


@pytest.mark.parametrize("name", ["main", "app"])
def test_a_bare_folder_may_be_named_before_its_module(name: str) -> None:
    code = "from fastapi import FastAPI\nfrom db import x\napp = FastAPI()\n"
    files = {f"app/{name}.py": code, "app/db.py": "x = 1\n", "run.sh": f"cd app\nuvicorn {name}:app\n"}
    tree = MemoryTree({**files, "Procfile": f"web: gunicorn app.{name}:app\n", "requirements.txt": "fastapi\n"})
    after = Overlay(tree, make(Bench(of(tree, root="shop")), tree).changes)
    assert after.text("Procfile") == f"web: gunicorn shop.{name}:app\n"
    assert after.text("run.sh") == f"cd src/shop\nuvicorn shop.{name}:app\n"


def test_a_list_in_a_package_makes_no_project_of_the_package_around_it() -> None:
    code = "from fastapi import FastAPI\nfrom core.db import x\nimport jobs\napp = FastAPI()\n"
    files = {
        "main.py": code,
        "jobs.py": "",
        "core/__init__.py": "",
        "core/db.py": "x = 1\n",
        "core/a.py": "import core.db\n",
    }
    lists = {"requirements.txt": "fastapi\n", "core/requirements.txt": "httpx\n"}
    tree = MemoryTree({**files, **lists})
    made = make(Bench(of(tree, root="shop")), tree)
    assert Overlay(tree, made.changes).has("src/shop/core/db.py")
    assert not [finding for finding in made.adds if finding.code.startswith("LAY")]
    assert Overlay(tree, made.changes).has("pyproject.toml")


@pytest.mark.parametrize(("code", "refused"), [("LAY108", True), ("DEP104", True), ("LAY106", False)])
def test_a_plan_that_would_end_halfway_is_refused(code: str, refused: bool) -> None:
    found = Finding(code, "some-name", "error", "high", "there is more to do", "src")
    refuse_half([found], [])  # nothing moves
    if not refused:
        refuse_half([found], [Move("app", "src/app")])
        return
    with pytest.raises(PlanRefused, match=r"halfway \(src: there is more to do\)"):
        refuse_half([found], [Move("app", "src/app")])
