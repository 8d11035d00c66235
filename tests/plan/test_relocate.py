"""A move of code, in memory: what names it afterwards, in Python, and what is left to a person."""

import pytest
from moves import moved

from trueup.errors import ProjectError
from trueup.model.change import Move, Write
from trueup.model.operation import Relocate
from trueup.model.relocation import package_name, propose
from trueup.model.settings import Settings
from trueup.model.tree import MemoryTree, Overlay
from trueup.plan.relocate import relocate
from trueup.read.project import of

APP = "from fastapi import FastAPI\napp = FastAPI()\n"


HEAD = APP + "from models import User\n"
MOVED = APP + "from shop.models import User\n"


def loose(main: str = "", **files: str) -> dict[str, str]:
    return {"main.py": HEAD + main, "models.py": "class User: ...\n", **files}


def package(**files: str) -> dict[str, str]:
    return {"app/__init__.py": "", "app/main.py": APP, "app/core/__init__.py": "", **files}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Path(__file__).parent / 'VERSION'", "Path(__file__).parent.parent.parent / 'VERSION'"),
        ("Path(__file__).resolve().parent / 'VERSION'", "Path(__file__).resolve().parent.parent.parent / 'VERSION'"),
        ("Path(__file__).parents[0] / 'VERSION'", "Path(__file__).parents[2] / 'VERSION'"),
        (
            "os.path.join(os.path.dirname(os.path.abspath(__file__)), 'VERSION')",
            "os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), 'VERSION')",
        ),
        (
            "os.path.join(os.path.dirname(__file__), os.curdir, 'VERSION')",
            "os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(__file__))), os.curdir, 'VERSION')",
        ),
        ("open(dirname(__file__) + '/VERSION')", "open(dirname(dirname(dirname(__file__))) + '/VERSION')"),
        ("f'{Path(__file__).parent}/VERSION'", "f'{Path(__file__).parent.parent.parent}/VERSION'"),
        ("Path(__file__).parent.joinpath('data', 'x')", "Path(__file__).parent.parent.parent.joinpath('data', 'x')"),
        ("str(Path(__file__).parent)", "str(Path(__file__).parent.parent.parent)"),
        ("Path(__file__).parent / 'models.py'", "Path(__file__).parent / 'models.py'"),
        ("Path(__file__).parent / 'routers' / 'x.json'", "Path(__file__).parent / 'routers' / 'x.json'"),
        ("Path(other).parent / 'VERSION'", "Path(other).parent / 'VERSION'"),
    ],
)
def test_a_chain_reaches_what_it_reached(before: str, after: str) -> None:
    files = loose(f"x = {before}\n", VERSION="1", **{"data/x": "", "routers/__init__.py": "", "routers/x.json": "{}"})
    tree, lowered = moved(files)
    assert tree.text("src/shop/main.py") == f"{MOVED}x = {after}\n"
    assert lowered.questions == ()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("Path('/code/app/conf.toml')", "Path('/code/src/app/conf.toml')", 0),
        ("open('/code/app/made.txt', 'w')", "open('/code/src/app/made.txt', 'w')", 0),
        ("os.path.join('/code/app', 'conf.toml')", "os.path.join('/code/src/app', 'conf.toml')", 0),
        ("os.getenv('CONF', '/code/app/conf.toml')", "os.getenv('CONF', '/code/src/app/conf.toml')", 0),
        ("'/code/app/conf.toml'", "'/code/src/app/conf.toml'", 0),
        ("open(f'/code/app/{name}')", "open(f'/code/src/app/{name}')", 0),
        ("'/code/app'", "'/code/app'", 1),
        ("'/code/app/style.css'", "'/code/app/style.css'", 1),
        ("open('/code/app/style.css')", "open('/code/src/app/style.css')", 0),
        ("run(['/code/app/conf.toml'])", "run(['/code/app/conf.toml'])", 1),
        ("client.get('/code/app/conf.toml')", "client.get('/code/app/conf.toml')", 0),
        ("app.mount('/code/app', static)", "app.mount('/code/app', static)", 0),
        ("'/code/app/no/such.toml'", "'/code/app/no/such.toml'", 0),
        ("open('/code/data.db')", "open('/code/data.db')", 0),
        ("open('/app/conf.toml')", "open('/app/conf.toml')", 0),
    ],
)
def test_a_place_in_an_image_is_named_as_that_has_it(before: str, after: str, told: int) -> None:
    image = "FROM python:3.12\nWORKDIR /code\nCOPY app ./app\nCMD uvicorn app.main:app\n"
    tree, lowered = moved(
        package(Dockerfile=image, **{"app/conf.toml": "", "app/style.css": "", "app/main.py": f"{APP}x = {before}\n"})
    )
    assert tree.text("src/app/main.py") == f"{APP}x = {after}\n"
    assert len(lowered.questions) == told


@pytest.mark.parametrize(
    ("address", "text", "asked"),
    [
        ("/app/static", "f'app/static/{x}.png'", True),
        ("/app/static/", "'app/static/images/'", True),
        ("/static", "f'app/static/{x}.png'", False),
        ("/app/static", "'app/core/x.txt'", False),
        ("/app/core", "'app/core/x.txt'", False),
    ],
)
def test_a_path_that_may_be_an_address_is_told(address: str, text: str, asked: bool) -> None:
    main = f'{APP}app.mount("{address}", StaticFiles(directory="app/static"))\n'
    code = {"app/main.py": main, "app/images.py": f"folder = {text}\n", "app/static/images/x.png": ""}
    _, lowered = moved(package(**code))
    said = "app/static moves, and is served at /app/static: what is both, a path and an address, is one of them"
    assert [item.path for item in lowered.questions if item.text == said] == ["app/images.py"] * asked


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("import_module('.'.join(path.with_suffix('').parts))", True),
        ("import_module(str(path)[:-3].replace('/', '.'))", True),
        ("import_module(str(path)[:-3].replace(os.sep, '.'))", True),
        ("import_module('app.core')", False),
        ("print(path.parts)", False),
    ],
)
def test_names_that_are_made_of_paths_are_told(line: str, asked: bool) -> None:
    code = f"import os\nfor path in sorted((Path('app') / 'core').rglob('*.py')):\n    {line}\n"
    tree, lowered = moved(package(**{"app/main.py": APP + code}))
    assert "Path('src/app')" in tree.text("src/app/main.py")
    said = "names of modules are made of paths here, which begin with src afterwards, and the names must not"
    assert [item.line for item in lowered.questions if item.text == said] == [5] * asked


def test_a_place_that_images_have_differently_is_told() -> None:
    images = {
        "Dockerfile": "FROM python:3.12\nWORKDIR /code\nCOPY . .\n",
        "api.Dockerfile": "FROM python:3.12\nCOPY app /code/app\nWORKDIR /code\n",
    }
    code = {"app/main.py": f"{APP}x = open('/code/app/conf.toml')\n", "app/conf.toml": ""}
    tree, lowered = moved(package(**images, **code))
    assert "open('/code/src/app/conf.toml')" in tree.text("src/app/main.py")
    assert lowered.questions == ()
    images["core.Dockerfile"] = "FROM python:3.12\nCOPY app/core /code/app\n"
    tree, lowered = moved(package(**images, **code))
    assert "open('/code/app/conf.toml')" in tree.text("src/app/main.py")
    assert [question.path for question in lowered.questions] == ["app/main.py", "core.Dockerfile"]


def test_a_bare_folder_is_told_where_its_variable_keeps_folders() -> None:
    tools = "SCAN_ROOTS = ('routers', 'docs')\nROUTERS = 'routers'\n"
    _tree, lowered = moved(loose(**{"routers/__init__.py": "", "docs/a.md": "", "tools/scan.py": tools}))
    asked = [(question.line, question.text) for question in lowered.questions if question.path == "tools/scan.py"]
    assert asked == [(1, "it may be a path in a folder that moves, or something else: routers")]


def test_settings_that_another_file_includes_have_its_place() -> None:
    source = "BASE = Path(__file__).resolve().parent.parent\nENV = BASE / '.env'\n"
    settings = "from split_settings.tools import include\ninclude('components/*.py')\n"
    tree, lowered = moved(package(**{"app/settings.py": settings, "app/components/base.py": source}))
    assert tree.text("src/app/components/base.py") == source
    asked = "include() of app/settings.py runs this text, and it is that file's: __file__"
    assert [question.text for question in lowered.questions] == [asked]


@pytest.mark.parametrize(
    ("root", "after"),
    [
        ("ROOT = BASE.parent\nENV = ROOT / '.env'\n", "ROOT = BASE.parent.parent\nENV = ROOT / '.env'\n"),
        ("ROOT = BASE.parents[0]\nENV = ROOT / '.env'\n", "ROOT = BASE.parents[1]\nENV = ROOT / '.env'\n"),
        ("ENV = join(dirname(BASE), '.env')\n", "ENV = join(dirname(dirname(BASE)), '.env')\n"),
        (
            "A = dirname(BASE)\nB = dirname(A)\nX = join(A, '.env')\nY = join(B, 'other')\n",
            "A = dirname(dirname(BASE))\nB = dirname(A)\nX = join(A, '.env')\nY = join(B, 'other')\n",
        ),
        ("ENV = BASE / '..' / '.env'\n", ""),
        (
            "while BASE != BASE.parent:\n    if (BASE / 'pyproject.toml').exists():\n        break\n    BASE = BASE.parent\n",
            "",
        ),
        (
            "ROOT = BASE.parent\nENV = ROOT / '.env'\nU = ROOT / 'app' / name\n",
            "ROOT = BASE.parent.parent\nENV = ROOT / '.env'\nU = ROOT / 'src/app' / name\n",
        ),
    ],
)
def test_what_climbs_on_from_a_variable_climbs_as_far_as_it_needs(root: str, after: str) -> None:
    # what BASE is used for moves in part: the templates come along, the .env stays
    source, rest = f"BASE = Path(__file__).parent\n{root}", "T = BASE / 'templates'\n"
    tree, lowered = moved(package(**{"app/settings.py": source + rest, "app/templates/a.html": "", ".env": ""}))
    assert tree.text("src/app/settings.py") == (f"BASE = Path(__file__).parent\n{after}" if after else source) + rest
    assert [question.line for question in lowered.questions] == [1] * (not after)


@pytest.mark.parametrize(("use", "asked"), [("'x.txt'", False), ("'app/templates'", True)])
def test_what_another_file_makes_of_such_a_variable_counts(use: str, *, asked: bool) -> None:
    source = "BASE = Path(__file__).parent\nROOT = BASE.parent\nENV = ROOT / '.env'\nT = BASE / 'templates'\n"
    other = {"app/b.py": f"from app.settings import ROOT\nx = ROOT / {use}\n", "app/templates/a.html": ""}
    tree, lowered = moved(package(**{"app/settings.py": source, **other}))
    assert ("ROOT = BASE.parent.parent\n" in tree.text("src/app/settings.py")) != asked
    assert bool(lowered.questions) == asked


@pytest.mark.parametrize(
    ("use", "after", "asked"),
    [
        ("", "ROOT = HERE.parent\nX = ROOT / 'app/core'\n", False),
        ("ROOT / 'data'", "ROOT = HERE.parent.parent\nX = ROOT / 'src/app/core'\n", False),
        ("[ROOT / 'data', ROOT / 'app/core']", "ROOT = HERE.parent\nX = ROOT / 'app/core'\n", True),
    ],
)
def test_what_another_file_makes_of_what_climbs_on_counts(use: str, after: str, *, asked: bool) -> None:
    kept = "HERE = Path(__file__).parent\nROOT = HERE.parent\nX = ROOT / 'app/core'\n"
    other = f"from app.settings import ROOT\nA = {use or 1}\n"
    tree, lowered = moved(package(**{"app/settings.py": kept, "tests/test_a.py": other, "data/x.json": ""}))
    assert tree.text("src/app/settings.py").endswith(after)
    assert tree.text("tests/test_a.py") == other
    assert [item.line for item in lowered.questions] == [1] * asked


def test_a_variable_is_followed_into_other_files() -> None:
    settings = "from pathlib import Path\nBASE_DIR = Path(__file__).parent\n"
    main = "from settings import BASE_DIR\nx = BASE_DIR / 'templates'\n"
    tree, _ = moved(loose(main, **{"settings.py": settings, "templates/a.html": ""}))
    assert "BASE_DIR = Path(__file__).parent.parent.parent\n" in tree.text("src/shop/settings.py")


def test_what_is_joined_in_a_file_whose_imports_are_renamed_is_found() -> None:
    settings = "from pathlib import Path\nROOT = Path(__file__).parent.parent.parent\n"
    test = "from common.settings import ROOT\n\n\ndef test_it():\n    assert (ROOT / 'src/migrations').is_dir()\n"
    files = {
        "src/main.py": f"from common import settings\n{APP}",
        "src/common/__init__.py": "",
        "src/common/settings.py": settings,
        "src/migrations/env.py": "",
        "tests/test_it.py": test,
        "Dockerfile": "FROM python:3.12\nWORKDIR /app/src\nCMD uvicorn main:app\n",
        "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\n',
    }
    tree, lowered = moved(files)
    assert "from shop.common.settings import ROOT" in tree.text("tests/test_it.py")
    assert "ROOT / 'src/shop/migrations'" in tree.text("tests/test_it.py")
    assert not [item for item in lowered.questions if item.path == "tests/test_it.py"]


def test_a_variable_that_climbs_from_itself_is_read_to_an_end() -> None:
    source = "from pathlib import Path\nHERE = Path(__file__)\nHERE = HERE.parent\nX = HERE / 'x'\n"
    tree, _ = moved(package(**{"app/settings.py": source}))
    assert tree.text("src/app/settings.py") == source


DATABASES = [
    ("sqlite:///./app/shop.db", "sqlite:///./src/app/shop.db"),
    ("sqlite+aiosqlite:///app/data/shop.db?timeout=3", "sqlite+aiosqlite:///src/app/data/shop.db?timeout=3"),
    ("sqlite:////app/shop.db", "sqlite:////app/shop.db"),
    ("sqlite:///./shop.db", "sqlite:///./shop.db"),
    ("sqlite:///:memory:", "sqlite:///:memory:"),
    ("postgresql://app/app", "postgresql://app/app"),
]


@pytest.mark.parametrize(("before", "after"), DATABASES)
def test_a_database_is_found_where_its_folder_moves(before: str, after: str) -> None:
    files = {
        "app/db.py": "URL = '{}'\n",
        ".env.example": '# the database\nDATABASE_URL={}\nQUOTED="{}"\n',
        "docker-compose.yml": "services:\n  web:\n    environment:\n      - URL={}\n  two:\n    environment:\n      URL: '{}'\n",
        "Dockerfile": "FROM python:3.12\nWORKDIR /code\nCOPY . .\nENV URL={}\n",
        "alembic.ini": "[alembic]\nscript_location = migrations\nsqlalchemy.url = {}\n",
        "Makefile": "URL := {}\n",
    }
    tree, lowered = moved(package(**{path: text.replace("{}", before) for path, text in files.items()}))
    for path, text in files.items():
        now = tree.text("src/app/db.py" if path == "app/db.py" else path)
        assert now.replace("ENV PYTHONPATH=/code/src\n", "") == text.replace("{}", after)
    assert all("is not in the repository" in item.text for item in lowered.questions)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("resources.files('app').parent / 'VERSION'", "resources.files('app').parent.parent / 'VERSION'"),
        ("Path(str(files('app'))).parent / 'VERSION'", "Path(str(files('app'))).parent.parent / 'VERSION'"),
        ("files(me).parent / 'VERSION'", "files(me).parent.parent / 'VERSION'"),
        ("files(__package__).parent / 'VERSION'", "files(__package__).parent.parent / 'VERSION'"),
        ("Path(me.__file__).parents[1] / 'VERSION'", "Path(me.__file__).parents[2] / 'VERSION'"),
        ("files('app') / 'core'", "files('app') / 'core'"),
        ("files('app.core') / 'x.json'", "files('app.core') / 'x.json'"),
        ("files('httpx').parent / 'VERSION'", "files('httpx').parent / 'VERSION'"),
        ("other('app').parent / 'VERSION'", "other('app').parent / 'VERSION'"),
        ("Path(httpx.__file__).parent / 'VERSION'", "Path(httpx.__file__).parent / 'VERSION'"),
    ],
)
@pytest.mark.parametrize("place", ["app/core/x.py", "app/x.py"])
def test_a_path_reckoned_from_a_package_reaches_what_it_reached(before: str, after: str, place: str) -> None:
    head = "import app as me\nimport httpx\nfrom importlib import resources\nfrom importlib.resources import files\n"
    if "__package__" in before and "core" in place:
        before, after = before.replace(".parent", ".parent.parent"), after.replace(".parent", ".parent.parent", 1)
    tree, lowered = moved(package(VERSION="1", **{"app/core/x.json": "", place: f"{head}x = {before}\n"}))
    assert tree.text(f"src/{place}") == f"{head}x = {after}\n"
    assert lowered.questions == ()


@pytest.mark.parametrize("made", ["(Path(str(files('app'))) / '..').resolve()", "os.path.join(files('app'), '..')"])
def test_a_package_from_which_no_step_is_taken_is_told(made: str) -> None:
    source = f"from importlib.resources import files\nROOT = {made}\nENV = ROOT / '.env'\n"
    _, lowered = moved(package(**{"app/x.py": source, ".env": ""}))
    assert [(item.path, item.line) for item in lowered.questions] == [("app/x.py", 2)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("uvicorn.run('main:app', reload=True)", "uvicorn.run('app.main:app', reload=True)"),
        ("uvicorn.Server(uvicorn.Config('main:app'))", "uvicorn.Server(uvicorn.Config('app.main:app'))"),
        ("Config('main:app')", "Config('main:app')"),
        ("uvicorn.run(app='web.api:app')", "uvicorn.run(app='app.web.api:app')"),
        ("uvicorn.run('other:app')", "uvicorn.run('other:app')"),
        ("uvicorn.run('app.main:app')", "uvicorn.run('app.main:app')"),
        ("subprocess.run('main:app')", "subprocess.run('main:app')"),
    ],
)
def test_what_a_script_served_from_its_own_folder(before: str, after: str) -> None:
    served = f"from app.core import config\n{APP}if __name__ == '__main__':\n    {before}\n"
    tree, _ = moved(package(**{"app/main.py": served, "app/web/__init__.py": "", "app/web/api.py": APP}))
    assert f"    {after}\n" in tree.text("src/app/main.py")


def test_what_is_beside_a_script_that_needs_its_own_folder_stays() -> None:
    served = "import uvicorn, helper\nuvicorn.run('helper:app')\n"
    tree, _ = moved(package(**{"app/tool.py": served, "app/helper.py": APP}))
    assert tree.text("src/app/tool.py") == served


def test_a_command_in_a_text_that_is_written_is_told() -> None:
    text = "services:\n  web:\n    command: uvicorn main:app\n"
    _, lowered = moved(loose(f'T = """{text}"""\nU = """uvicorn other:app\n"""\n'))
    asked = [(item.line, item.text.partition(":")[0]) for item in lowered.questions]
    assert asked == [(4, "it is code, or a command, that imports")]


@pytest.mark.parametrize(
    ("before", "after", "asked"),
    [
        ("name = f'routers.{x}'\nimportlib.import_module(name)", "name = f'shop.routers.{x}'", 0),
        ("key = f'routers.{x}'\nimportlib.import_module(name)", "key = f'routers.{x}'", 0),
        ("key = f'routers.users.{x}'", "key = f'routers.users.{x}'", 1),
        ("KEY = 'routers.' + x\ndef f():\n    return import_module(KEY)", "KEY = 'shop.routers.' + x", 0),
        ("def f():\n    return __import__(KEY)\nKEY: str = 'routers.%s' % x", "KEY: str = 'shop.routers.%s' % x", 0),
        ("def f():\n    global k\n    k = f'routers.{x}'\nimport_module(k)", "    k = f'shop.routers.{x}'", 0),
        ("def f():\n    k = f'routers.{x}'\ndef g(k):\n    import_module(k)", "    k = f'routers.{x}'", 1),
        ("def f():\n    s.k = f'routers.{x}'\ndef g():\n    import_module(s.k)", "    s.k = f'routers.{x}'", 1),
        ("NAME = 'models'\ndef f():\n    return import_module(NAME)", "NAME = 'shop.models'", 0),
        ("NAME = 'models'\ndef f(NAME):\n    return import_module(NAME)", "NAME = 'models'", 0),
        ("key = f'models.{x}'", "key = f'models.{x}'", 0),
    ],
)
def test_a_name_that_is_put_together_before_it_is_imported(before: str, after: str, asked: int) -> None:
    tree, lowered = moved(loose(f"{before}\n", **{"routers/__init__.py": "", "routers/users.py": ""}))
    assert f"{after}\n" in tree.text("src/shop/main.py")
    assert len(lowered.questions) == asked


def test_a_file_that_no_commit_moves_is_told() -> None:
    settings = 'class Settings(BaseSettings):\n    model_config = SettingsConfigDict(env_file="app/core/.env")\n'
    compose = "services:\n  a:\n    build: .\n    env_file: ./app/core/.env\n"
    there = {"app/core/x.py": settings, "docker-compose.yml": compose, ".gitignore": ".env\n"}
    tree, lowered = moved(package(**there))
    assert "./src/app/core/.env" in tree.text("docker-compose.yml")
    told = "app/core/.env is not in the repository: wherever it lies, it must be moved to src/app/core/.env"
    assert [(q.path, q.text) for q in lowered.questions] == [("docker-compose.yml", told)]
    _, lowered = moved(package(**there | {".gitignore": "", "app/core/.env": "A=1\n"}))
    assert lowered.questions == ()


@pytest.mark.parametrize(
    ("name", "asked"),
    [("data/x.db", True), ("keys/jwt.pem", True), ("local_settings.py", True), ("x.json", False), ("x.log", False)],
)
def test_what_lies_where_the_application_runs_is_told(name: str, asked: bool) -> None:
    source = f"from pathlib import Path\nX = open('app/{name}')\n"
    there = {"app/data/.gitkeep": "", "app/keys/.gitkeep": "", "app/y.py": source, ".gitignore": f"{name}\n"}
    tree, lowered = moved(package(**there))
    assert f"'src/app/{name}'" in tree.text("src/app/y.py") or not asked
    assert [item.line for item in lowered.questions] == [2] * asked
    there |= {f"app/{name}": "", ".gitignore": ""}
    assert moved(package(**there))[1].questions == ()


def test_a_path_in_a_list_of_a_script_is_told() -> None:
    script = 'declare -a P=(\n  "./app/core/x.crt" \\\n)\nfor p in "${P[@]}"; do rm "$p"; done\n'
    _, lowered = moved(package(**{"app/core/x.crt": "", "reset.sh": script}))
    assert [(q.path, q.line) for q in lowered.questions] == [("reset.sh", 2)]


SETTINGS = "from pathlib import Path\nROOT = Path(__file__).parent.parent\nENV = ROOT / '.env'\n"


@pytest.mark.parametrize(
    ("how", "before", "after"),
    [
        ("from app.settings import ROOT", "ROOT / 'app/core'", "ROOT / 'src/app/core'"),
        ("from app import settings", "settings.ROOT / 'app' / 'core'", "settings.ROOT / 'src/app' / 'core'"),
        (
            "from app.settings import settings",
            "join(settings().ROOT, 'app/core')",
            "join(settings().ROOT, 'src/app/core')",
        ),
        ("from app.settings import ROOT", "ROOT.parent / 'other'", "ROOT.parent / 'other'"),
        ("from app.settings import ROOT", "ROOT / 'tests'", "ROOT / 'tests'"),
        ("ROOT = Path('x')", "ROOT / 'app/core'", "ROOT / 'app/core'"),
    ],
)
def test_what_another_file_joins_to_the_root_is_said_anew(how: str, before: str, after: str) -> None:
    test = f"from pathlib import Path\n{how}\nX = {before}\n"
    there = {"app/settings.py": SETTINGS, "app/core/x.json": "", "tests/test_a.py": test}
    tree, lowered = moved(package(**there))
    assert f"X = {after}\n" in tree.text("tests/test_a.py")
    assert tree.text("src/app/settings.py") == SETTINGS.replace("parent.parent", "parent.parent.parent")
    assert lowered.questions == ()


def test_what_the_file_itself_joins_to_the_root_is_said_anew() -> None:
    source = f"{SETTINGS}T = ROOT / 'app' / 'templates'\nU = ROOT / 'app/templates/a.html'\n"
    tree, lowered = moved(package(**{"app/settings.py": source, "app/templates/a.html": ""}))
    after = source.replace("parent.parent", "parent.parent.parent").replace("'app", "'src/app")
    assert tree.text("src/app/settings.py") == after
    assert lowered.questions == ()


@pytest.mark.parametrize("how", ["from app.settings import ROOT", "import x\nROOT = x.ROOT"])
def test_of_roots_of_one_name_that_is_taken_which_is_imported(how: str) -> None:
    test = f"{how}\nX = ROOT / 'app/core'\n"
    other = "from pathlib import Path\nROOT = Path(__file__).parent\nT = ROOT / 'x.json'\n"
    there = {"app/settings.py": SETTINGS, "app/core/x.json": "", "app/core/y.py": other, "tests/test_a.py": test}
    tree, lowered = moved(package(**there))
    known = "settings" in how
    assert tree.text("tests/test_a.py") == (test.replace("'app", "'src/app") if known else test)
    assert [item.path for item in lowered.questions] == ["tests/test_a.py"] * (not known)


def test_documents_that_go_on_naming_what_moves_are_told_at_once() -> None:
    there = {
        "README.md": "# Shop\n\nThe models stand in `app/models.py`.\n├── app/\n",
        "docs/a.md": "```python\nfrom app.models import User\n```\nx\nSee app/models.py, app/none.py.\nSee app/models.py.\n",
        "CHANGELOG.md": "app/models.py is new\n",
        "b.md": "myapp/models.py, http://a.b/app/models.py\n",
    }
    _, lowered = moved(package(**{"app/models.py": "", **there}))
    told = "it goes on naming app/models.py, which moves: say it anew by hand (also docs/a.md on 5, 6)"
    assert [(q.path, q.line, q.text) for q in lowered.questions] == [("README.md", 3, told)]


def test_a_root_that_nothing_is_joined_to_here_is_followed() -> None:
    settings = "class A:\n    ROOT = Path(__file__).resolve().parent.parent\n"
    test = "from app.a import settings\nX = join(settings().ROOT, 'app/db')\n"
    tree, lowered = moved(package(**{"app/a.py": settings, "app/db/x.json": "", "tests/test_a.py": test}))
    assert tree.text("tests/test_a.py") == test.replace("'app/db", "'src/app/db")
    assert lowered.questions == ()


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("python /srv/other/app/tool.py", True),
        ("python /srv/other/src/app/tool.py", False),
        ("python /srv/other/tool.py", False),
        ("python $ROOT/other/app/tool.py", False),
        ("python /srv/other/app/none.py", False),
    ],
)
def test_a_script_by_its_path_on_the_machine_is_told(line: str, asked: bool) -> None:
    _, lowered = moved(package(**{"app/tool.py": "", "run.sh": f"#!/bin/sh\ncd /srv/x\n{line}\n"}))
    assert [(item.path, item.line) for item in lowered.questions] == [("run.sh", 3)] * asked


@pytest.mark.parametrize(("named", "asked"), [("name='models.send'", True), ("", False)])
def test_a_route_of_tasks_that_are_named_by_hand_is_told(named: str, *, asked: bool) -> None:
    tasks = f"from celery import Celery\napp = Celery('x')\n@app.task({named})\ndef send(): ...\n"
    routes = "task_routes = {'models.*': {'queue': 'q'}}\n"
    tree, lowered = moved({"main.py": HEAD + routes, "models.py": f"class User: ...\n{tasks}"})
    assert ("'models.*'" in tree.text("src/shop/main.py")) is asked
    assert any("named by hand" in item.text for item in lowered.questions) is asked


def test_a_test_finds_the_root_from_the_package() -> None:
    test = "from pathlib import Path\nimport app.core\nX = Path(app.__file__).parent.parent / 'data' / 'x.json'\n"
    tree, lowered = moved(package(**{"data/x.json": "{}", "tests/test_a.py": test}))
    assert tree.text("tests/test_a.py") == test.replace(".parent.parent", ".parent.parent.parent")
    assert lowered.questions == ()


def test_a_database_whose_name_is_built_moves_with_its_folder() -> None:
    source = "def url(name):\n    return f'sqlite:///./app/data/{name}.db' if name else f'sqlite:///{name}'\n"
    tree, _ = moved(package(**{"app/db.py": source}))
    assert tree.text("src/app/db.py") == source.replace("./app/", "./src/app/")


def test_a_test_that_stays_finds_what_moves() -> None:
    test = "from pathlib import Path\nDATA = Path(__file__).parent.parent / 'app' / 'core' / 'x.json'\n"
    tree, _ = moved(package(**{"app/core/x.json": "{}", "tests/test_a.py": test}))
    assert "parent.parent / 'src/app' / 'core' / 'x.json'" in tree.text("tests/test_a.py")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("uvicorn.run('main:app', reload=True)", "uvicorn.run('shop.main:app', reload=True)"),
        ("importlib.import_module('models')", "importlib.import_module('shop.models')"),
        ("patch('main.send')", "patch('shop.main.send')"),
        ("@mock.patch('models.User')\ndef f(): ...", "@mock.patch('shop.models.User')\ndef f(): ..."),
        ("mocker.patch(target='routers.items.get')", "mocker.patch(target='shop.routers.items.get')"),
        ("monkeypatch.setattr('main.app', 1)", "monkeypatch.setattr('shop.main.app', 1)"),
        ("monkeypatch.setattr(main, 'app', 1)", "monkeypatch.setattr(main, 'app', 1)"),
        ("Celery('x', include=['models'])", "Celery('x', include=['shop.models'])"),
        ("C = {'loggers': {'routers': {'level': 'INFO'}}}", "C = {'loggers': {'shop.routers': {'level': 'INFO'}}}"),
        ("{'task_routes': {'models.*': 'q'}}", "{'task_routes': {'shop.models.*': 'q'}}"),
        ("pytest_plugins = ['models']", "pytest_plugins = ['shop.models']"),
        ("x = 'routers.items.get'", "x = 'shop.routers.items.get'"),
        ("x = 'main:app'", "x = 'shop.main:app'"),
        ("x = 'main'", "x = 'main'"),
        ("x = 'main.nothing'", "x = 'main.nothing'"),
        ("x = 'models of cars'", "x = 'models of cars'"),
        ("x = 'mainly'", "x = 'mainly'"),
        ("send_task('models.add')", "send_task('shop.models.add')"),
        ("x = r'main:app'", "x = r'shop.main:app'"),
        ("x = '''main:app'''", "x = '''shop.main:app'''"),
        ("open('routers/data.json')", "open('src/shop/routers/data.json')"),
        ("StaticFiles(directory='static')", "StaticFiles(directory='static')"),
        ("Path('x') / 'routers'", "Path('x') / 'routers'"),
        ("import_module(f'routers.{x}')", "import_module(f'shop.routers.{x}')"),
        ("import_module('routers.' + x)", "import_module('shop.routers.' + x)"),
        ("import_module('routers.%s' % x)", "import_module('shop.routers.%s' % x)"),
        ("x = 'routers.items' + '.get'", "x = 'shop.routers.items' + '.get'"),
        ("x = 'routers/data.json' + y", "x = 'src/shop/routers/data.json' + y"),
        ("open('routers/' + y)", "open('src/shop/routers/' + y)"),
        ("x = '%s of' % 'routers.items'", "x = '%s of' % 'shop.routers.items'"),
        ("import_module('routers.{}'.format(x))", "import_module('shop.routers.{}'.format(x))"),
        ("import_module(f'routers.items')", "import_module(f'shop.routers.items')"),
        ("import_module('routers' + '.' + x)", "import_module('shop.routers' + '.' + x)"),
        ("import_module('routers' + x)", "import_module('routers' + x)"),
        ("import_module('.items', 'routers')", "import_module('.items', 'shop.routers')"),
        ("import_module('.items', package='routers')", "import_module('.items', package='shop.routers')"),
        ("import_module(name='.items', package='routers')", "import_module(name='.items', package='shop.routers')"),
        ("pkgutil.iter_modules(x, 'routers.')", "pkgutil.iter_modules(x, 'shop.routers.')"),
        ("pkgutil.walk_packages(path=x, prefix='routers.')", "pkgutil.walk_packages(path=x, prefix='shop.routers.')"),
        ("pkgutil.iter_modules(['routers'])", "pkgutil.iter_modules(['src/shop/routers'])"),
        ("importlib.resources.files('routers')", "importlib.resources.files('shop.routers')"),
        ("files('routers')", "files('shop.routers')"),
        ("client.files('routers')", "client.files('routers')"),
        ("files['models.py'] = modules['models']", "files['models.py'] = modules['models']"),
        ("pkgutil.get_data('routers', 'a.txt')", "pkgutil.get_data('shop.routers', 'a.txt')"),
        ("PackageLoader('routers')", "PackageLoader('shop.routers')"),
        ("spec_from_file_location('x', 'routers/items.py')", "spec_from_file_location('x', 'src/shop/routers/items.py')"),
        ("M = ['routers.items', 'models']", "M = ['shop.routers.items', 'shop.models']"),
        ("M = ['models', 'of', 'cars']", "M = ['models', 'of', 'cars']"),
        ("patch(f'routers{x}.y')", "patch(f'routers{x}.y')"),
        ("log(f'routers.{x}')", "log(f'routers.{x}')"),
        ("sys.modules['models'] = 1", "sys.modules['shop.models'] = 1"),
        ("sys.modules.setdefault('models', x)", "sys.modules.setdefault('shop.models', x)"),
        ("x.setdefault('models', y)", "x.setdefault('models', y)"),
        ("sys.modules.pop('models', None)", "sys.modules.pop('shop.models', None)"),
        ("x['models'] = y.get('models')", "x['models'] = y.get('models')"),
        ("x = __name__ == 'models'", "x = __name__ == 'shop.models'"),
        ("x = 'models' != __name__", "x = 'shop.models' != __name__"),
        ("x = __name__ in ('models', '__main__')", "x = __name__ in ('shop.models', '__main__')"),
        ("x = y.__module__ == 'routers.items'", "x = y.__module__ == 'shop.routers.items'"),
        ("x = y.__name__ == 'models'", "x = y.__name__ == 'models'"),
        ("x = name == 'models'", "x = name == 'models'"),
        ("__name__.startswith('routers.')", "__name__.startswith('shop.routers.')"),
        ("y.__module__.startswith('routers')", "y.__module__.startswith('shop.routers')"),
        ("y.__name__.startswith('routers')", "y.__name__.startswith('routers')"),
        ("y.startswith('routers.')", "y.startswith('routers.')"),
        ("open(f'routers/{x}.json')", "open(f'src/shop/routers/{x}.json')"),
        ("open(BASE / f'routers/{x}.json')", "open(BASE / f'routers/{x}.json')"),
        ("warnings.filterwarnings('ignore', module='routers')", "warnings.filterwarnings('ignore', module='shop.routers')"),
        ("warnings.filterwarnings('ignore', module=r'^routers\\.items')", "warnings.filterwarnings('ignore', module=r'^shop\\.routers\\.items')"),
        ("warnings.filterwarnings('ignore', '', X, 'routers.*')", "warnings.filterwarnings('ignore', '', X, 'shop.routers.*')"),
        ("pytest.mark.filterwarnings('error::routers.items.W')", "pytest.mark.filterwarnings('error::shop.routers.items.W')"),
        ("pytest.mark.filterwarnings('error::X:routers.items')", "pytest.mark.filterwarnings('error::X:shop.routers.items')"),
        ("pytest.mark.filterwarnings('error::X:os')", "pytest.mark.filterwarnings('error::X:os')"),
        ("setup(entry_points={'console_scripts': ['s=models:User', 'o = os:x']})", "setup(entry_points={'console_scripts': ['s=shop.models:User', 'o = os:x']})"),
        ("entry_points = {'gui_scripts': ['s = routers.items:get [x]']}", "entry_points = {'gui_scripts': ['s = shop.routers.items:get [x]']}"),
        ("setup(entry_points={'pytest11': ['s=models', 't=models.y']})", "setup(entry_points={'pytest11': ['s=shop.models', 't=shop.models.y']})"),
        ('setup(entry_points="""\n[console_scripts]\ns = models:User\n""")', 'setup(entry_points="""\n[console_scripts]\ns = shop.models:User\n""")'),
    ],
)  # fmt: skip
def test_a_string_that_names_a_module_follows_it(before: str, after: str) -> None:
    items = "def get(): ...\n"
    files = loose(**{"routers/__init__.py": "", "routers/items.py": items, "routers/data.json": "{}", "t/x.py": before})
    files["tests/test_a.py"] = before + "\n"
    tree, lowered = moved(files)
    assert tree.text("tests/test_a.py") == after + "\n"
    assert [question for question in lowered.questions if "tests" in question.path] == []


def test_the_program_that_runs_is_no_module_of_the_project() -> None:
    start = "import __main__\nimport bot\nif __name__ == '__main__':\n    bot.run(__main__)\n"
    files = {
        "__main__.py": start,
        "bot.py": "from __main__ import x\nimport util\ndef run(main): ...\n",
        "util.py": "",
        "requirements.txt": "requests\n",
    }
    tree, _ = moved(files)
    assert tree.text("src/shop/__main__.py") == start.replace("import bot\n", "from shop import bot\n")
    assert tree.text("src/shop/bot.py").startswith("from __main__ import x\nfrom shop import util\n")


@pytest.mark.parametrize(
    ("text", "after", "asked"),
    [
        ("truetype(f'shop/fonts/{x}', 12)", "truetype(f'src/shop/fonts/{x}', 12)", False),
        ("x = 'shop/fonts/' + y", "x = 'shop/fonts/' + y", True),
        ("x = 'shop/fonts/%s.ttf' % y", "x = 'src/shop/fonts/%s.ttf' % y", False),
        ("x = 'shop/fonts/{}/{}'.format(y, z)", "x = 'src/shop/fonts/{}/{}'.format(y, z)", False),
        ("x = 'shop/routers/{y}'", "x = 'shop/routers/{y}'", True),
        ("x = 'shop/%s'", "x = 'shop/%s'", False),
        ("get(f'shop/routers/{x}')", "get(f'shop/routers/{x}')", True),
        ("open(f'shop/routers/{x}')", "open(f'src/shop/routers/{x}')", False),
        ("get(f'shop/{x}')", "get(f'shop/{x}')", False),
        ("get(f'shop/{x}.json')", "get(f'shop/{x}.json')", True),
        ("get('shop/{}.json'.format(x))", "get('shop/{}.json'.format(x))", True),
        ("get(f'shop/{x}.xml')", "get(f'shop/{x}.xml')", False),
        ("get(f'{x}/shop/a.json')", "get(f'{x}/shop/a.json')", True),
        ("get('%s/shop/a.json' % x)", "get('%s/shop/a.json' % x)", True),
        ("get('{}/shop/b.json'.format(x))", "get('{}/shop/b.json'.format(x))", False),
        ("get(f'shop/other/{x}')", "get(f'shop/other/{x}')", False),
        ("join(X, f'shop/fonts/{x}')", "join(X, f'shop/fonts/{x}')", False),
    ],
)
def test_the_beginning_of_a_path_outside_of_what_takes_paths(text: str, after: str, asked: bool) -> None:
    files = {
        "shop/__init__.py": "",
        "shop/a.json": "",
        "shop/fonts/a.ttf": "",
        "shop/routers/a.py": "",
        "tests/test_a.py": f"{text}\n",
    }
    tree, lowered = moved({**files, "shop/main.py": "from fastapi import FastAPI\napp = FastAPI()\n"})
    assert tree.text("tests/test_a.py") == f"{after}\n"
    assert [question.line for question in lowered.questions if "tests" in question.path] == [1] * asked


def test_a_name_that_is_not_ascii_follows_its_module() -> None:
    files = {"modèles.py": "class User: ...\n", "tests/test_a.py": "patch('modèles.User')\n"}
    tree, _ = moved({**loose("import modèles\n"), **files})
    assert tree.text("tests/test_a.py") == "patch('shop.modèles.User')\n"


def test_a_name_given_to_a_task_stays() -> None:
    source = "@task(name='models.add')\ndef add(): ...\n\nsend_task('models.add')\n"
    tree, _ = moved(loose(**{"models.py": f"{source}User = 1\n"}))
    assert tree.text("src/shop/models.py") == f"{source}User = 1\n"


def test_what_only_might_be_a_module_is_told() -> None:
    tree, lowered = moved(loose("x = 'models.User'\n"))
    assert tree.text("src/shop/main.py") == MOVED + "x = 'models.User'\n"
    assert [(question.path, question.line) for question in lowered.questions] == [("main.py", 4)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("exec('import models')", "it is code, or a command, that imports: import models"),
        ("run([python, '-c', 'import os; from models import User'])", "it is code, or a command, that imports: "),
        ("'.'.join(['routers', x])", "it is joined to the name of a module, if it means that: routers"),
        (
            "MODULES = ['models', 'routers']",
            "all in this list are names of modules of the project, if they mean that: models",
        ),
        ("log('from models to cars')", ""),
        ("MODULES = ['models', 'of', 'cars']", ""),
        ("M = ['models', 'routers']", ""),
        ("exec('import os')", ""),
    ],
)
def test_a_string_that_may_name_a_module_is_told(text: str, why: str) -> None:
    _, lowered = moved(loose(**{"routers/__init__.py": "", "tests/test_a.py": f"{text}\n"}))
    found = [question.text for question in lowered.questions if question.path == "tests/test_a.py"]
    assert found[0].startswith(why) if why else not found, found


def test_a_concatenated_string_is_told() -> None:
    _, lowered = moved(loose("import_module('mo' 'dels')\n"))
    assert "change it by hand" in lowered.questions[0].text


def test_a_package_kept_by_name_changes_paths_only() -> None:
    files = package(
        **{
            "app/templates/a.html": "",
            "tests/test_a.py": "patch('app.main.app')\nT = Jinja2Templates(directory='app/templates')\nP = Path('app')\n",
        }
    )
    tree, lowered = moved(files)
    text = "patch('app.main.app')\nT = Jinja2Templates(directory='src/app/templates')\nP = Path('src/app')\n"
    assert tree.text("tests/test_a.py") == text
    assert lowered.changes[0] == Move("app", "src/app")


@pytest.mark.parametrize(
    ("listed", "then"),
    [
        ('packages = [{ include = "app" }]\n', 'packages = [{ include = "app", from = "src" }]\n'),
        ('packages = [{ include = "app", from = "." }]\n', 'packages = [{ include = "app", from = "src" }]\n'),
        ("packages = [{ from = '.', include = 'app' }]\n", "packages = [{ from = 'src', include = 'app' }]\n"),
        (
            '[[tool.poetry.packages]]  # a\ninclude = "app"  # b\n\n[tool.x]\nfrom = "y"\n',
            '[[tool.poetry.packages]]  # a\ninclude = "app"\nfrom = "src"  # b\n\n[tool.x]\nfrom = "y"\n',
        ),
        (
            '[[tool.poetry.packages]]\n  from = "."\n  include = "app"\n[[tool.poetry.packages]]\nfrom = "z"\ninclude = "b"\n',
            '[[tool.poetry.packages]]\n  from = "src"\n  include = "app"\n[[tool.poetry.packages]]\nfrom = "z"\ninclude = "b"\n',
        ),
        (
            '[[tool.poetry.packages]]\r\n  include = "app"\r\n',
            '[[tool.poetry.packages]]\r\n  include = "app"\r\n  from = "src"\r\n',
        ),
    ],
)
def test_what_poetry_packs_is_packed_from_src(listed: str, then: str) -> None:
    head = '[tool.poetry]\nname = "app"\nversion = "1"\n'
    files = {"pyproject.toml": head + listed, "app/__init__.py": "", "app/main.py": APP, "run.py": "import app.main\n"}
    tree, _ = moved(files)
    assert tree.read("pyproject.toml").decode() == head + then


@pytest.mark.parametrize(("name", "package"), [("tech-test", "tech_test_app"), ("contest", "contest")])
def test_no_package_is_called_as_tests_are(name: str, package: str) -> None:
    files = {"main.py": "import config\nfrom fastapi import FastAPI\napp = FastAPI()\n", "config.py": "A = 1\n"}
    assert package_name(of(MemoryTree(files), Settings(), name)) == package


def test_moves_come_before_writes() -> None:
    _, lowered = moved(loose("import models\n"))
    kinds = [type(change) for change in lowered.changes]
    assert kinds == sorted(kinds, key=lambda kind: kind is Write)


def test_a_file_that_cannot_be_read_keeps_no_name_from_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"main.py": b"import broken\nfrom fastapi import FastAPI\napp = FastAPI()\n", "broken.py": b"shop = 1\n"}
    project = of(MemoryTree(files), Settings(), "shop")
    assert package_name(project) == "shop_app"
    read = project.tree.read

    def unreadable(path: str) -> bytes:
        if path == "broken.py":
            raise ProjectError("broken.py cannot be read")
        return read(path)

    monkeypatch.setattr(project.tree, "read", unreadable)
    assert package_name(project) == "shop"


FLASK = "from flask import Blueprint, Flask\nfrom models import X\n"
BESIDE = {"assets/a.css": "", "templates/a.html": "", "static/a.css": "", "schema.sql": "", "models.py": "X = 1\n"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Flask(__name__)", 'Flask(__name__, template_folder="../../templates", static_folder="../../static")'),
        (
            "Flask(__name__, static_folder='static',)",
            "Flask(__name__, static_folder='../../static', template_folder=\"../../templates\",)",
        ),
        ("Flask(__name__, static_folder=None)", 'Flask(__name__, static_folder=None, template_folder="../../templates")'),
        (
            "Flask(__name__, template_folder=((HERE) ))",
            'Flask(__name__, template_folder=((HERE) ), static_folder="../../static")',
        ),
        ("Flask(__name__, **more)", "Flask(__name__, **more)"),
        ("dash.Dash(__name__)", 'dash.Dash(__name__, assets_folder="../../assets")'),
        ("Flask('shop')", "Flask('shop')"),
        ("Flask(__name__, template_folder=HERE, static_folder='gone')", None),
        ("Blueprint('a', __name__)", None),
        (
            "Blueprint('a', __name__, template_folder='templates')",
            "Blueprint('a', __name__, template_folder='../../templates')",
        ),
        ("f(Flask(__name__, static_folder=X, template_folder=Y)).open_resource('schema.sql')",
         "f(Flask(__name__, static_folder=X, template_folder=Y)).open_resource('../../schema.sql')"),
    ],
)  # fmt: skip
def test_flask_finds_the_folders_that_lay_beside_its_module(before: str, after: str | None) -> None:
    tree, lowered = moved({**BESIDE, "main.py": f"{FLASK}app = {before}\n"})
    assert tree.text("src/shop/main.py").splitlines()[-1] == f"app = {after or before}"
    assert lowered.questions == ()


@pytest.mark.parametrize(
    ("made", "asked"),
    [
        ("join(app.root_path, '..', 'data')", True),
        ("Path(current_app.root_path).parent / 'data'", True),
        ("os.path.dirname(app.instance_path)", True),
        ("join(app.root_path, 'static')", False),
    ],
)
def test_what_is_above_the_folder_of_an_application_is_told(made: str, *, asked: bool) -> None:
    _, lowered = moved(package(**{"app/web.py": f"{FLASK}app = Flask(__name__)\nx = {made}\n"}))
    assert [question.line for question in lowered.questions if "check what is above" in question.text] == [4] * asked


def test_folders_that_are_given_by_position_are_told() -> None:
    tree, lowered = moved({**BESIDE, "main.py": f"{FLASK}app = Flask(__name__, '/s', 'static')\n"})
    assert tree.text("src/shop/main.py").endswith("app = Flask(__name__, '/s', 'static')\n")
    said = "folders beside the module may be given by position: check them: Flask"
    assert [question.text for question in lowered.questions] == [said]


def test_folders_of_an_application_that_speaks_of_streamlit_follow_too() -> None:
    tree, _lowered = moved({**BESIDE, "main.py": f"{FLASK}import streamlit\napp = Flask(__name__)\n"})
    written = 'app = Flask(__name__, template_folder="../../templates", static_folder="../../static")\n'
    assert tree.text("src/shop/main.py").endswith(written)


def test_folders_that_move_with_the_package_are_still_beside() -> None:
    source = "from flask import Flask\napp = Flask(__name__)\n"
    tree, lowered = moved(package(**{"app/web.py": source, "app/templates/a.html": "", "app/static/a.css": ""}))
    assert tree.text("src/app/web.py") == source
    assert lowered.questions == ()


def test_the_instance_folder_of_flask_is_told() -> None:
    source = "from flask import Flask\napp = Flask(__name__, instance_relative_config=True)\n"
    _tree, lowered = moved(package(**{"app/web.py": source, "instance/config.py": ""}))
    said = "Flask's instance folder is instance/ today, and src/instance/ afterwards: move it, or give instance_path"
    assert [question.text for question in lowered.questions] == [said]


def test_scripts_without_the_suffix_follow() -> None:
    source = "from models import User\n"
    scripts = {
        "shop.wsgi": source,
        "bin/tool": f"#!/usr/bin/env python3\n{source}",
        "bin/other": f"#!/bin/sh\n{source}",
    }
    tree, _lowered = moved(loose(**scripts))
    assert tree.text("shop.wsgi") == "from shop.models import User\n"
    assert tree.text("bin/tool") == "#!/usr/bin/env python3\nfrom shop.models import User\n"
    assert tree.text("bin/other") == scripts["bin/other"]


def test_the_pages_of_streamlit_are_told() -> None:
    more = {"pages/1_a.py": "import streamlit as st\n", "Procfile": "web: streamlit run main.py\n"}
    _tree, lowered = moved(loose("import streamlit as st\n", **more))
    said = "Streamlit looks for pages/ beside the script that it runs, src/shop/main.py afterwards: move it there"
    assert said in [question.text for question in lowered.questions]


SCOPED = "from pathlib import Path\ndef f():\n    path = Path(__file__).parent.parent\n    return path / 'VERSION'\n"
BOTH = f"{SETTINGS}HERE = Path(__file__).parent\n"


@pytest.mark.parametrize(
    ("keeps", "reads", "asked"),
    [
        (SCOPED, "def g(request):\n    return request.url.path + '/app/core/x.json'\n", False),
        (f"{SCOPED}def g(path):\n    return join(path, 'app/core')\n", "", False),
        (SETTINGS, '"""Join ROOT / "app/core"."""\nfrom app.settings import ROOT\n', False),
        (SETTINGS, "ROOT = dirname(__file__)\nA = app.ROOT\nB = open(join(ROOT, 'app/core/x.json'))\n", False),
        (SETTINGS, "from django.db import x\nA = x.ROOT / 'app/core'\n", True),
        (SETTINGS, "from app import settings\nm.setattr(settings, 'ROOT', t)\nA = settings.ROOT / 'app/core'\n", True),
        (SETTINGS, "from app import settings\npatch('app.settings.ROOT', t)\nA = settings.ROOT / 'app/core'\n", True),
        (SETTINGS, "from app import settings\nvars(settings)['ROOT'] = t\nA = settings.ROOT / 'app/core'\n", True),
        (SETTINGS, "from app import x\n@x.settings(ROOT=t)\ndef f(): return x.y.ROOT / 'app/core'\n", True),
        (SETTINGS, "if a:\n    from app.settings import ROOT\nelse:\n    ROOT = b\nA = ROOT / 'app/core'\n", True),
        (SETTINGS, "from app.settings import ROOT\ndef f(ROOT):\n    return ROOT / 'app/core'\n", True),
        (SETTINGS, "from app.settings import ROOT\ndef f():\n    ROOT = t\n    return ROOT / 'app/core'\n", False),
        (SETTINGS, "class A:\n    ROOT = t\n    def f(self):\n        return self.ROOT / 'app/core'\n", True),
        (SETTINGS.replace("ROOT", "root"), "from app.core import *\nA = x[0].root / 'app/core'\n", True),
        (SETTINGS.replace("ROOT", "root"), "def f(self):\n    return self.x.root / 'app/core'\n", True),
        (SETTINGS, "from app.core import *\nROOT = t\nA = ROOT / 'app/core'\n", False),
        (SETTINGS, "from app.settings import ROOT\nA = f'{ROOT}/app/core/x.json'\n", True),
        (SETTINGS, "from app.settings import ROOT\nA = ROOT / f'app/core/{x}'\n", True),
        (SETTINGS, "from app.settings import ROOT\nA = '%s/app/core' % ROOT\n", True),
        (SETTINGS, "from app.settings import ROOT\nA = '%s%s' % (ROOT, 'app')\n", True),
        (SETTINGS, "from app.settings import ROOT\nprint('the root:', ROOT, end='')\n", False),
        (SETTINGS, "from app.settings import ROOT\nA = f'{ROOT}/app.log'\n", False),
        (BOTH, "from app.settings import HERE\nprint(HERE, end='')\n", False),
        (BOTH, "from app.settings import HERE\nA = 'in %s' % HERE\n", False),
        (BOTH, "from app.settings import HERE\nA = f'{HERE}/core/x.json'\n", False),
        (BOTH, "from app.settings import HERE\nA = '%s/../docs/x' % HERE\n", True),
    ],
)
def test_a_name_that_comes_from_elsewhere_is_no_root(keeps: str, reads: str, asked: bool) -> None:
    more = {"app/core/x.json": "", "docs/x": "", "tests/test_a.py": reads}
    tree, lowered = moved(package(**{"app/settings.py": keeps, **more}))
    assert tree.text("tests/test_a.py") == reads
    assert tree.text("src/app/settings.py") == keeps.replace("parent.parent", "parent.parent.parent")
    assert [item.path for item in lowered.questions] == ["tests/test_a.py"] * asked


@pytest.mark.parametrize(
    ("reads", "after"),
    [
        ("from app.settings import ROOT as R\nA = R / 'app/core'\n", "R / 'src/app/core'"),
        ("from app.core import ROOT\nA = join(str(ROOT), 'app/core')\n", "str(ROOT), 'src/app/core'"),
        ("import app.settings\nA = app.settings.ROOT.joinpath('app/core')\n", "joinpath('src/app/core')"),
        ("from django.conf import settings\nA = settings.ROOT / 'app/core'\n", "ROOT / 'src/app/core'"),
        ("from app.settings import ROOT\n__all__ = ['ROOT']\nA = ROOT / 'app/core'\n", "ROOT / 'src/app/core'"),
        ("from app.settings import (  # all\n    ENV, ROOT,\n)\nA = ROOT / 'app/core'\n", "ROOT / 'src/app/core'"),
        ("from app.settings import *\nA = ROOT / 'app/core'\n", "ROOT / 'src/app/core'"),
        ("from app.settings import ROOT\nROOT = str(ROOT)\nA = join(ROOT, 'app/core')\n", "ROOT, 'src/app/core'"),
        ("from app import settings\nROOT = str(settings.ROOT)\nA = join(ROOT, 'app/core')\n", "ROOT, 'src/app/core'"),
        (
            "try:\n    from app.settings import ROOT\nexcept ImportError:\n    ROOT = '.'\nA = join(ROOT, 'app/core')\n",
            "ROOT, 'src/app/core'",
        ),
        (
            "try:\n    from app.settings import ROOT\nexcept ImportError:\n    from settings import ROOT\nA = ROOT / 'app/core'\n",
            "ROOT / 'src/app/core'",
        ),
        ("from app.settings import ROOT\ndef f(ROOT=ROOT): return ROOT / 'app/core'\n", "ROOT / 'src/app/core'"),
        ("from app import settings\ndef f(x, *, settings=settings): settings.ROOT / 'app/core'\n", "'src/app/core'"),
        ("from app import settings\ndef f(settings): return settings.ROOT / 'app/core'\n", "ROOT / 'src/app/core'"),
        ("def f(self): return self.app.config.ROOT / 'app/core'\n", "ROOT / 'src/app/core'"),
    ],
)
def test_a_root_is_known_by_what_is_imported(reads: str, after: str) -> None:
    core = {"app/core/__init__.py": "from app.settings import ROOT\n", "app/core/x.json": ""}
    tree, lowered = moved(package(**{"app/settings.py": SETTINGS, "tests/test_a.py": reads, **core}))
    assert after in tree.text("tests/test_a.py")
    assert lowered.questions == ()


def test_a_root_that_a_neighbour_in_the_package_imports() -> None:
    reads = "from .settings import ROOT\nA = ROOT / 'app/core'\n"
    tree, lowered = moved(package(**{"app/settings.py": SETTINGS, "app/a.py": reads, "app/core/x.json": ""}))
    assert tree.text("src/app/a.py") == reads.replace("'app", "'src/app")
    assert lowered.questions == ()


def test_a_name_with_a_bracket_is_no_pattern() -> None:
    there = {"app/conf(old.py": SETTINGS, "tests/test_a.py": "from app.settings import ROOT\nA = ROOT / 'app/core'\n"}
    tree, _ = moved(package(**{**there, "app/core/x.json": ""}))
    assert tree.text("src/app/conf(old.py") == SETTINGS.replace("parent.parent", "parent.parent.parent")


@pytest.mark.parametrize(("root", "asked"), [("Path(__file__).parent.parent", True), ("Path(__file__).parent", False)])
def test_names_that_are_made_of_paths_from_further_up_are_told(root: str, *, asked: bool) -> None:
    code = f"ROOT = {root}\nENV = ROOT / '.env'\nfor path in HERE.rglob('*.py'):\n    "
    code += "import_module('.'.join(path.relative_to(ROOT).with_suffix('').parts))\n"
    _, lowered = moved(package(**{"app/load.py": code, ".env": "", "app/.env": ""}))
    assert [item.line for item in lowered.questions if "names of modules are made" in item.text] == [4] * asked


@pytest.mark.parametrize(
    ("line", "after", "asked"),
    [
        ("sys.path.append('./app')", "sys.path.append('./src/app')", False),
        ("sys.path.insert(0, 'app')", "sys.path.insert(0, 'src/app')", False),
        ("sys.path.extend([ROOT, 'app'])", "sys.path.extend([ROOT, 'src/app'])", False),
        ("monkeypatch.syspath_prepend('app')", "monkeypatch.syspath_prepend('src/app')", False),
        ("run(['uvicorn', 'x', '--reload-dir', 'app'])", "run(['uvicorn', 'x', '--reload-dir', 'src/app'])", False),
        ("run(['git', 'tag', '--name', 'app'])", "run(['git', 'tag', '--name', 'app'])", False),
        ("raw_env = ['CONFIG=app/core/x.json']", "raw_env = ['CONFIG=app/core/x.json']", True),
        ("raw_env = ['CONFIG=app/core/y.json']", "raw_env = ['CONFIG=app/core/y.json']", False),
        ("os.system('cd app && python db.py')", "os.system('cd app && python db.py')", True),
        ("os.system('cd lib && python app')", "os.system('cd lib && python app')", False),
    ],
)
def test_a_folder_on_the_search_path_or_in_a_command(line: str, after: str, *, asked: bool) -> None:
    tree, lowered = moved(package(**{"tests/conftest.py": f"{line}\n", "app/core/x.json": ""}))
    assert tree.text("tests/conftest.py") == f"{after}\n"
    assert [item.line for item in lowered.questions if item.path == "tests/conftest.py"] == [1] * asked


@pytest.mark.parametrize(
    ("made", "asked"),
    [
        ("Path(*Path(__file__).parts[:-2])", True),
        ("list(Path(__file__).parents)[1]", True),
        ("Path(__file__).parents[-3]", True),
        ("Path(sys.modules[__name__].__file__).parent.parent", True),
        ("Path(__file__).parts[-2]", False),
        ("next(p for p in Path(__file__).parents if (p / '.git').exists())", False),
    ],
)
def test_what_is_made_of_the_steps_to_a_file_is_told(made: str, *, asked: bool) -> None:
    _, lowered = moved(package(**{"app/x.py": f"x = {made}\n"}))
    assert [(item.path, item.line) for item in lowered.questions] == [("app/x.py", 1)] * asked


@pytest.mark.parametrize("form", ["Path(app.__file__ or '')", "'%s/../x' % dirname(app.__file__)"])
def test_a_place_of_a_module_that_is_not_followed_is_told(form: str) -> None:
    _, lowered = moved(package(**{"tests/test_a.py": f"import app\nA = {form}\n"}))
    assert [(item.path, item.line) for item in lowered.questions] == [("tests/test_a.py", 2)]


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("run.py", "from .app.main import app\n", "from app.main import app\n"),
        ("run.py", "from .app import core\n", "from app import core\n"),
        ("run.py", "from . import app as a\n", "import app as a\n"),
        ("__init__.py", "from . import app\n", "import app\n"),
        ("__init__.py", "from . import (\n    app,\n)  # all\n", "import app  # all\n"),
        ("tests/test_a.py", "from .. import app\n", "import app\n"),
        ("__init__.py", "from .app.main import app\n", "from app.main import app\n"),
        ("tests/test_a.py", "from ..app.main import app\n", "from app.main import app\n"),
    ],
)
def test_what_stays_in_a_root_that_is_a_package_finds_what_moves_out_of_it(path: str, before: str, after: str) -> None:
    tree, lowered = moved(package(**{"__init__.py": "", "other.py": "x = 1\n", "tests/__init__.py": "", path: before}))
    assert tree.has("src/app/main.py")
    assert tree.text(path) == after
    assert lowered.questions == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("volumes:\n      - ./app:/code", "volumes:\n      - ./src/shop:/code/src/shop"),
        (
            "volumes:\n      - type: bind\n        source: ./app\n        target: /code",
            "volumes:\n      - type: bind\n        source: ./src/shop\n        target: /code/src/shop",
        ),
        (
            "develop:\n      watch:\n        - path: ./app\n          target: /code/",
            "develop:\n      watch:\n        - path: ./src/shop\n          target: /code/src/shop",
        ),
        ("environment:\n      PYTHONPATH: /code", "environment:\n      PYTHONPATH: /code:/code/src"),
        ("environment:\n      - PYTHONPATH=/lib:/code", "environment:\n      - PYTHONPATH=/lib:/code:/code/src"),
        ("environment:\n      PYTHONPATH: /lib", "environment:\n      PYTHONPATH: /lib"),
        (
            "volumes:\n      - type: bind\n        source: ./data\n        target: /code",
            "volumes:\n      - type: bind\n        source: ./data\n        target: /code",
        ),
    ],
)
@pytest.mark.parametrize("around", ["", "../"])
def test_a_service_follows_the_folder_that_its_image_calls_otherwise(before: str, after: str, around: str) -> None:
    image = "FROM python:3.12\nWORKDIR /code\nCOPY ./app /code\nCMD uvicorn main:app\n"
    files = {"app/main.py": APP + "import models\n", "app/models.py": "", "data/x": "", "Dockerfile": image}
    service = "services:\n  web:\n    {}\n"
    beside = {f"{around}docker-compose.yml": service.format(before.replace("./", "./api/" if around else "./"))}
    tree = MemoryTree({"pyproject.toml": '[project]\nname = "shop"\nversion = "1"\n', **files, **beside})
    project = of(tree)
    project.repository = "api" if around else ""
    proposal = propose(project)
    assert isinstance(proposal, Relocate), proposal
    made = Overlay(tree, relocate(project, tree, proposal).changes)
    said = service.format(after.replace("./", "./api/" if around else "./"))
    assert made.text(f"{around}docker-compose.yml") == said


@pytest.mark.parametrize(
    ("files", "moves"),
    [
        ({"main.py": f"{APP}import test_ocr\n", "test_ocr.py": "import db\n", "db.py": ""}, True),
        ({"main.py": f"{APP}import db\n", "db.py": "from test_ocr import x\n", "test_ocr.py": "x = 1\n"}, True),
        ({"main.py": f"{APP}import db\n", "db.py": "", "test_ocr.py": "import db\n"}, False),
        ({"main.py": f"{APP}import db\n", "db.py": "", "all.py": "import test_ocr\n", "test_ocr.py": ""}, False),
        ({"main.py": f"{APP}import db\n", "db.py": "", "test_x.py": "import test_ocr\n", "test_ocr.py": ""}, False),
    ],
)
def test_what_is_called_like_a_test_and_imported_by_the_program_is_no_test(
    files: dict[str, str], *, moves: bool
) -> None:
    tree, _ = moved(files)
    assert tree.has("src/shop/main.py")
    assert tree.has("src/shop/test_ocr.py") is moves
    assert tree.has("test_ocr.py") is not moves
