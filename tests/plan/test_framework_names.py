"""Names of modules that a framework, a shell or a configuration takes by itself."""

import pytest
from moves import moved

from trueup.model.settings import Settings
from trueup.model.tree import MemoryTree, Overlay
from trueup.plan.plan import make
from trueup.read.project import of
from trueup.steps import Bench

LOOSE = {
    "main.py": "from fastapi import FastAPI\nimport config, core.db\napp = FastAPI()\n",
    "config.py": "A = 1\n",
    "core/__init__.py": "",
    "core/db.py": "x = 1\n",
}
DJANGO = {
    "manage.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")\nimport django\n',
    "config/__init__.py": "",
    "config/settings.py": 'ROOT_URLCONF = "config.urls"\nINSTALLED_APPS = ["django.contrib.auth", "users"]\n'
    'LOCAL_APPS = ("market.apps.Config",)\n',
    "config/urls.py": "",
    "config/wsgi.py": "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
    "users/__init__.py": "",
    "users/apps.py": "from django.apps import AppConfig\nclass Config(AppConfig):\n    name = 'users'\n",
    "market/__init__.py": "",
    "market/apps.py": "from django.apps import AppConfig\nclass Config(AppConfig):\n    name = 'market'\n"
    "    label = 'market'\n",
    "requirements.txt": "django\n",
}


def planned(files: dict[str, str]) -> Overlay:
    tree = MemoryTree(files)
    return Overlay(tree, make(Bench(of(tree, Settings(), "shop")), tree).changes)


def test_the_applications_of_django_are_found_by_their_new_names() -> None:
    after = planned(DJANGO)
    settings = after.text("src/shop/config/settings.py")
    assert '["django.contrib.auth", "shop.users"]' in settings
    assert '("shop.market.apps.Config",)' in settings
    assert "name = 'shop.users'" in after.text("src/shop/users/apps.py")
    assert "name = 'shop.market'\n    label = 'market'" in after.text("src/shop/market/apps.py")


def test_a_folder_for_migrations_is_not_what_alembic_is() -> None:
    files = {
        "app/main.py": "from fastapi import FastAPI\nfrom core.db import X\napp = FastAPI()\n",
        "app/core/__init__.py": "",
        "app/core/db.py": "X = 1\n",
        "app/alembic/env.py": "from alembic import context\nfrom core.db import X\n",
        "app/alembic/script.py.mako": "from alembic import op\n",
        "app/alembic/versions/a.py": "from alembic import op\n",
        "app/alembic.ini": "[alembic]\nscript_location = alembic\n",
        "requirements.txt": "fastapi\nalembic\n",
        "pytest.ini": "[pytest]\npythonpath = app\n",
    }
    after = planned(files)
    folder = next(path for path in after.files() if path.endswith("alembic/env.py")).removesuffix("env.py")
    assert folder != "app/alembic/"
    assert after.text(f"{folder}env.py").startswith("from alembic import context\nfrom shop.core.db import X\n")
    assert after.text(f"{folder}script.py.mako") == after.text(f"{folder}versions/a.py") == "from alembic import op\n"


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ('c.wire(modules=["core.db"], packages=["core"])', 'c.wire(modules=["shop.core.db"], packages=["shop.core"])'),
        (
            'L = {"handlers": {"a": {"stream": "ext://core.db.out"}}}',
            'L = {"handlers": {"a": {"stream": "ext://shop.core.db.out"}}}',
        ),
        ('L = "ext://sys.stdout core"', 'L = "ext://sys.stdout core"'),
    ],
)
def test_what_a_framework_imports_by_its_name(line: str, after: str) -> None:
    tree, _ = moved({**LOOSE, "config.py": f"{line}\n"})
    assert tree.text("src/shop/config.py") == f"{after}\n"


@pytest.mark.parametrize(
    "line",
    [
        'run("celery -A core.db worker", shell=True)',
        'Popen("exec python -m core.db")',
        'B = "core.db.{}"',
        'B = "core.db.%s"',
    ],
)
def test_what_is_put_together_is_told(line: str) -> None:
    tree, lowered = moved({**LOOSE, "config.py": f"{line}\n"})
    assert tree.text("src/shop/config.py") == f"{line}\n"
    assert [(question.path, question.line) for question in lowered.questions] == [("config.py", 1)]


def test_every_import_of_source_on_a_command_line_is_rewritten() -> None:
    text = "python -c '\nfrom core.db import a\nfrom core import db\n{}'\n"
    tree, lowered = moved({**LOOSE, "a.sh": text.format("import core.db, os\n")})
    assert "from shop.core.db import a\nfrom shop.core import db\nimport core.db, os" in tree.text("a.sh")
    assert [question.line for question in lowered.questions] == [4]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import main", "from shop import main"),
        ("import os; import main; main.app", "import os; from shop import main; main.app"),
        ("import os\n    import main", "import os\n    from shop import main"),
        ("import core, os", "import shop.core as core, os"),
        ("import os, main as m, core", "import os, shop.main as m, shop.core as core"),
        ("import core.db", "import shop.core.db"),
        ("import core.db as d; d.X", "import shop.core.db as d; d.X"),
        ("from core import db; import main", "from shop.core import db; from shop import main"),
        ("print(1, 'to import main')", "print(1, 'to import main')"),
    ],
)
@pytest.mark.parametrize(
    "command", ['python -c "{}"\n', "python - <<'EOF'\n{}\nEOF\n", "x ./manage.py shell <<-EOF\n{}\n\tEOF\n"]
)
def test_source_on_a_command_line_goes_on_binding_what_it_bound(command: str, before: str, after: str) -> None:
    tree, lowered = moved({**LOOSE, "a.sh": command.format(before)})
    assert tree.text("a.sh") == command.format(after)
    assert lowered.questions == ()


@pytest.mark.parametrize("uses", ["print(core.db.X)", "import core.other"])
def test_a_package_that_source_on_a_command_line_uses_is_told(uses: str) -> None:
    tree, lowered = moved({**LOOSE, "a.sh": f'python -c "import core.db; {uses}"\n'})
    assert tree.text("a.sh") == f'python -c "import core.db; {uses}"\n'
    assert {question.line for question in lowered.questions} == {1}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("cd core && ls && cd ..\nls config.py\n", "cd src/shop/core && ls && cd ../../..\nls src/shop/config.py\n"),
        ("cd ./core/deep/ && cd ../.. && ls\n", "cd ./src/shop/core/deep/ && cd ../../../.. && ls\n"),
        ("cd core && cd ../..\n", "cd src/shop/core && cd ../../../..\n"),
        ("python - < core/db.py\n", "python - < src/shop/core/db.py\n"),
        ("taskiq worker core.db:broker\n", "taskiq worker shop.core.db:broker\n"),
        ("gunicorn --conf core/db.py main:app\n", "gunicorn --conf src/shop/core/db.py shop.main:app\n"),
        ('case "$1" in\n  core) ls;;\n  main|config) ls;;\nesac\n', None),
        ("A=(\n  core/db.py\n)\n", None),
    ],
)
def test_a_script_follows(before: str, after: str | None) -> None:
    files = {**LOOSE, "core/deep/__init__.py": "", "a.sh": before}
    assert moved(files)[0].text("a.sh") == (before if after is None else after)


@pytest.mark.parametrize("text", ["export NAME=core/${SLUG}\n", "export IMAGE=core/api\n"])
def test_a_name_that_looks_like_a_path_is_told(text: str) -> None:
    tree, lowered = moved({**LOOSE, "a.sh": text})
    assert tree.text("a.sh") == text
    assert [question.line for question in lowered.questions] == [1]


def test_package_data_goes_by_the_whole_new_name() -> None:
    find = '[tool.setuptools.packages.find]\ninclude = ["core*"]\nexclude = ["core.deep*"]\n'
    data = '[tool.setuptools.package-data]\ncore = ["a"]\n"core.deep" = ["b"]\n'
    manifest = f'[project]\nname = "shop"\nversion = "1"\n{find}{data}'
    tree, _ = moved({**LOOSE, "core/deep/__init__.py": "", "pyproject.toml": manifest})
    assert 'include = ["shop*"]\nexclude = ["shop.core.deep*"]\n' in tree.text("pyproject.toml")
    assert '"shop.core" = ["a"]\n"shop.core.deep" = ["b"]\n' in tree.text("pyproject.toml")


@pytest.mark.parametrize(
    "line",
    [
        'x = __import__(f"core.{n}")',
        'x = __import__("core." + n)',
        'a = Path(__file__).with_name("VERSION")',
        'a = open(__file__.replace("config.py", "VERSION"))',
        'a = os.path.join(os.path.split(__file__)[0], "VERSION")',
        'a = Path(inspect.getfile(d)).parent / "VERSION"',
        "a = __spec__.origin",
        'a = os.path.join(sys.path[0], "VERSION")',
        "a = Path(sys.argv[0]).parent",
        "a = core.__file__",
    ],
)
def test_what_is_not_followed_is_told(line: str) -> None:
    tree, lowered = moved({**LOOSE, "config.py": f"{line}\n", "VERSION": "1\n"})
    assert tree.text("src/shop/config.py") == f"{line}\n"
    assert [(question.path, question.line) for question in lowered.questions] == [("config.py", 1)]


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ('run([sys.executable, "-m", "config", "a"])', 'run([sys.executable, "-m", "shop.config", "a"])'),
        ('create_subprocess_exec("python", "-m", "core")', 'create_subprocess_exec("python", "-m", "shop.core")'),
        ('sys.path[0] = "x"', 'sys.path[0] = "x"'),
        ("a = os.__file__, Path(__file__).name", "a = os.__file__, Path(__file__).name"),
    ],
)
def test_a_module_that_is_run_by_its_name(line: str, after: str) -> None:
    tree, lowered = moved({**LOOSE, "config.py": f"{line}\n"})
    assert tree.text("src/shop/config.py") == f"{after}\n"
    assert lowered.questions == ()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".env", "APP_SETTINGS=core.db.x\n"),
        ("compose.yml", "services:\n  a:\n    environment:\n      APP_SETTINGS: config.A\n"),
        ("config.yaml", "handler: core.db.x\n"),
        ("conf.ini", "[a]\nhandler = config.A\n"),
        ("conf.json", '{"handler": "core.db.x"}'),
        ("conf.toml", 'handler = "core.db.x"\n'),
        ("a.ipynb", '{"cells": [{"source": ["import os\\n", "from config import A\\n"]}]}'),
    ],
)
def test_a_value_that_names_own_code_is_told(path: str, text: str) -> None:
    tree, lowered = moved({**LOOSE, path: text})
    assert tree.text(path) == text
    assert [question.path for question in lowered.questions] == [path]


@pytest.mark.parametrize("text", ["a: core.other\nb: config.json\nc: other.core.db\nd: core\n", "a: 1  # core.db\n"])
def test_a_value_that_names_none_is_not(text: str) -> None:
    assert moved({**LOOSE, "config.yaml": text})[1].questions == ()


def test_a_module_that_only_a_text_names_moves_along() -> None:
    log = 'from fastapi import FastAPI\napp = FastAPI()\nL = {"handlers": {"a": {"class": "own.Handler"}}}\n'
    after = planned({"main.py": log, "own.py": "class Handler: ...\n", "requirements.txt": "fastapi\n"})
    assert '"class": "shop.own.Handler"' in after.text("src/shop/main.py")
    assert after.has("src/shop/own.py")


def test_an_import_in_case_the_relative_one_fails_bends_no_path() -> None:
    files = {
        "main.py": "from fastapi import FastAPI\nimport ct\napp = FastAPI()\n",
        "Task/__init__.py": "",
        "ct/__init__.py": "from .add import Add\n",
        "ct/utils.py": "F = 1\n",
        "ct/add.py": "try:\n    from .utils import F\nexcept ImportError:\n    from utils import F\nclass Add: ...\n",
        "requirements.txt": "fastapi\n",
    }
    assert "from .utils import F\n" in planned(files).text("src/shop/ct/add.py")


FLASK = {
    "wsgi.py": "from flask import Flask\nimport config\napp = Flask('x')\n",
    "config.py": "",
    "requirements.txt": "flask\n",
}
NAMED = "FROM python:3.12\nENV FLASK_APP=wsgi\n"


@pytest.mark.parametrize(
    ("files", "line"),
    [
        ({"a.sh": "flask run\n"}, 1),
        ({"a.sh": "cd /app\nflask tidy\n"}, 2),
        ({"a.sh": "flask run\n", ".flaskenv": "FLASK_APP=wsgi\n"}, 0),
        ({"a.sh": "flask --app wsgi run\n"}, 0),
        ({"a.sh": "export FLASK_APP=wsgi\nflask run\n"}, 0),
        ({"a.sh": "flask run\n", "Dockerfile": NAMED}, 1),
        ({"a.sh": "flask run\n", "Dockerfile": f"{NAMED}CMD sh a.sh\n"}, 0),
        ({"a.sh": "docker compose exec web flask run\nflask run\n", "Dockerfile": NAMED}, 2),
        ({"a.sh": "docker compose exec web flask run\n"}, 1),
        ({"a.sh": "docker compose exec web sh -c 'cd x && flask run'\n", "Dockerfile": NAMED}, 0),
        ({"compose.yaml": "services:\n  a:\n    build: .\n    command: flask run\n", "Dockerfile": NAMED}, 0),
        ({"a.sh": "pip install flask gunicorn\ndocker build -t flask .\n"}, 0),
    ],
)
def test_what_flask_finds_by_itself_is_told(files: dict[str, str], line: int) -> None:
    told = [item.line for item in moved({**FLASK, **files})[1].questions if item.text.startswith("flask found")]
    assert told == ([line] if line else [])


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("Makefile", "run:\n\tcd src && flask run\n", 2),
        ("Makefile", "run:\n\tflask run\n", 0),
        ("cron.sh", "cd /app\nflask tidy\n", 0),
        ("Makefile", "run:\n\tcd src && flask --app app run\n", 0),
        ("Dockerfile", 'FROM python:3.12\nWORKDIR /app\nCOPY ./src .\nCMD ["flask", "run"]\n', 4),
        ("Dockerfile", "FROM python:3.12\nENV FLASK_APP=app\nCOPY ./src .\nCMD flask run\n", 0),
        ("compose.yaml", "services:\n  web:\n    build: .\n    command: flask run\n", 4),
    ],
)
def test_what_flask_finds_in_src_is_told(path: str, text: str, line: int) -> None:
    app = {"src/app.py": "import helpers\nfrom flask import Flask\napp = Flask('x')\n", "src/helpers.py": "x = 1\n"}
    told = [(item.path, item.line) for item in moved({**app, path: text})[1].questions if "flask found" in item.text]
    assert told == ([(path, line)] if line else [])


def test_app_engine_installs_no_project() -> None:
    tree, lowered = moved({**LOOSE, "app.yaml": "runtime: python312\nentrypoint: gunicorn main:app\n"})
    assert "gunicorn shop.main:app" in tree.text("app.yaml")
    assert [item.path for item in lowered.questions] == ["app.yaml"]
    quoted = moved({**LOOSE, "app.yaml": 'runtime: "python312"\n'})[1]
    assert [item.path for item in quoted.questions] == ["app.yaml"]
    assert moved({**LOOSE, "app.yaml": "runtime: custom\n"})[1].questions == ()


def test_a_unit_is_started_where_the_project_lies() -> None:
    unit = (
        "[Service]\nWorkingDirectory=/srv/x\nEnvironment=PYTHONPATH=/srv/x\n"
        "ExecStart=/srv/x/venv/bin/uvicorn main:app\nExecStartPre=/bin/ls /srv/x/core/db.py\n"
    )
    tree, _ = moved({**LOOSE, "a.service": unit})
    after = unit.replace("=/srv/x\nExec", "=/srv/x/src\nExec").replace("main:app", "shop.main:app")
    assert tree.text("a.service") == after.replace("/srv/x/core/db.py", "/srv/x/src/shop/core/db.py")


def test_what_is_mounted_into_the_image_of_others_keeps_its_place() -> None:
    text = (
        "services:\n  a:\n    build: .\n    image: mine\n    volumes: ['./core:/code/core']\n"
        "  b:\n    image: mine\n    volumes: ['./core:/code/core']\n"
        "  nginx:\n    image: nginx\n    volumes: ['./core:/code/core']\n"
    )
    image = "FROM python:3.12\nWORKDIR /code\nCOPY . .\n"
    tree, _ = moved({**LOOSE, "core/x.css": "", "compose.yml": text, "Dockerfile": image})
    assert tree.text("compose.yml") == text.replace(
        "./core:/code/core", "./src/shop/core:/code/src/shop/core", 2
    ).replace("'./core:", "'./src/shop/core:")


def test_a_jenkinsfile_is_read() -> None:
    text = "steps {\n  sh \"gunicorn main:app &\"\n  sh '''\n    python core/db.py\n  '''\n  echo 'main:app'\n}\n"
    tree, _ = moved({**LOOSE, "Jenkinsfile": text})
    assert "gunicorn shop.main:app &" in tree.text("Jenkinsfile")
    assert "    python -m shop.core.db\n" in tree.text("Jenkinsfile")
    assert "echo 'main:app'" in tree.text("Jenkinsfile")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('for f in glob("core/*.py"): import_module(f[:-3].replace("/", "."))', True),
        ('for f in glob("core/deep/i*.py"): import_module(f[:-3].replace("/", "."))', True),
        ('for f in Path("core/deep").glob("*.py"): import_module(".".join(f.parts))', True),
        ('x = glob("./core/[a-z]*.txt")', False),
    ],
)
def test_patterns_of_files_of_code(line: str, told: bool) -> None:
    tree, lowered = moved({**LOOSE, "config.py": f"{line}\n", "core/deep/__init__.py": ""})
    assert tree.text("src/shop/config.py") == (f"{line}\n" if told else f"{line}\n".replace("core/", "src/shop/core/"))
    assert [item.line for item in lowered.questions] == ([1] if told else [])


def test_what_is_joined_to_a_joined_path_counts() -> None:
    text = (
        'root = os.path.abspath(os.path.join(os.path.dirname(__file__), "."))\n'
        'job = os.path.join(root, "core", "db.py")\n'
    )
    assert moved({**LOOSE, "config.py": text})[0].text("src/shop/config.py") == text
    both = text + 'data = os.path.join(root, "VERSION")\n'
    tree, lowered = moved({**LOOSE, "config.py": both, "VERSION": ""})
    assert tree.text("src/shop/config.py") == both
    assert [item.line for item in lowered.questions] == [1]


def test_a_folder_that_an_image_has_under_another_name() -> None:
    files = {
        "src/app.py": "from flask import Flask\nfrom kick.db import x\napp = Flask(__name__)\n",
        "src/kick/__init__.py": "",
        "src/kick/db.py": "x = 1\n",
        "src/migrations/env.py": "",
        "Dockerfile": 'FROM python:3.12\nCOPY src /app\nCMD ["python", "/app/app.py"]\n',
        "compose.yml": "services:\n  a:\n    build: .\n    command: flask --app x db upgrade -d /app/migrations\n",
    }
    tree, lowered = moved(files)
    assert 'CMD ["python", "/app/shop/app.py"]' in tree.text("Dockerfile")
    assert "-d /app/shop/migrations" in tree.text("compose.yml")
    assert lowered.questions == ()


@pytest.mark.parametrize(
    "text", ["x = eval(\"__import__('config').X\")", 'create_subprocess_shell("python -m config")']
)
def test_code_in_texts_is_told(text: str) -> None:
    tree, lowered = moved({**LOOSE, "config.py": f"{text}\n"})
    assert tree.text("src/shop/config.py") == f"{text}\n"
    assert [item.line for item in lowered.questions] == [1]


def test_a_class_named_by_the_label_of_its_application_is_no_module() -> None:
    files = {
        **LOOSE,
        "models.py": "from tortoise import fields\nclass User: pass\n"
        'class Post:\n    by = fields.ForeignKeyField("models.User")\n    of = fields.ManyToManyField("models.User")\n',
        "core/db.py": 'import models\nX = {"kind": "models.User"}\n',
    }
    tree = MemoryTree(files)
    made = make(Bench(of(tree, Settings(), "shop")), tree)
    told = [(item.path, item.line) for item in made.questions if "spells a name" in item.text]
    assert told == [("core/db.py", 2)]
    assert 'ForeignKeyField("models.User")' in Overlay(tree, made.changes).text("src/shop/models.py")


def test_the_application_by_its_name_in_its_own_folder_is_told_where_it_cannot_be_followed() -> None:
    files = {
        "src/main.py": "from fastapi import FastAPI\nfrom src.db import x\napp = FastAPI()\n",
        "src/db.py": "x = 1\n",
        "requirements.txt": "fastapi\n",
        "Dockerfile": 'FROM python:3.12\nENV PYTHONPATH=/pkgs\nCOPY src/ /w/src\nCMD ["uvicorn", "main:app"]\n',
        "notes.yml": "start: main:other\n",
    }
    tree = MemoryTree(files)
    made = make(Bench(of(tree, Settings(), "shop")), tree)
    told = [(item.path, item.line) for item in made.questions if "it still names main:" in item.text]
    assert told == [("Dockerfile", 4)]


@pytest.mark.parametrize(
    "line",
    [
        "docker build -f Dockerfile . -t main:v1",
        "docker build . --tag main:app",
        "docker image rm main:v1",
        "docker rm core",
        "docker tag x core/${SHA}",
        "docker run --name core -d main:v1",
        "docker volume ls core",
        "docker-compose rm core",
        "chown -R main:app /srv",
        "useradd main && chown main:app /srv",
        "docker run -u main:app alpine",
    ],
)
def test_tags_containers_and_owners_are_no_code(line: str) -> None:
    files = {
        "main.py": "from fastapi import FastAPI\nimport core.db\napp = FastAPI()\n",
        "core/__init__.py": "",
        "core/db.py": "",
        "core/api/__init__.py": "",
        "requirements.txt": "fastapi\n",
        "deploy.sh": f"{line}\n",
        "Dockerfile": "FROM alpine\nCOPY --chown=main:app x /x\nUSER main:app\n",
    }
    tree = MemoryTree(files)
    made = make(Bench(of(tree, Settings(), "shop")), tree)
    assert Overlay(tree, made.changes).text("deploy.sh") == f"{line}\n"
    assert not [item for item in made.questions if item.path in ("deploy.sh", "Dockerfile")]


def test_what_a_sentence_names_is_told_and_stays() -> None:
    text = (
        "Start `uvicorn main:app`, or\n```sh\nuvicorn main:app\n```\nor\n\n    python main.py\n\n"
        "as `python config.py` does. `pytest tests/x.py --cov=core` and `uvicorn main:app --app-dir .` are others.\n"
    )
    tree = MemoryTree({**LOOSE, "requirements.txt": "fastapi\n", "README.md": text})
    made = make(Bench(of(tree, Settings(), "shop")), tree)
    after = Overlay(tree, made.changes).text("README.md")
    assert after == text.replace("\nuvicorn main", "\nuvicorn shop.main").replace("main.py", "-m shop.main")
    told = [(item.line, item.text) for item in made.questions if item.path == "README.md"]
    assert told == [(1, "a sentence names main, which moves: say it anew by hand (on 1, 9)")]
    assert after.splitlines()[8] == text.splitlines()[8]
