"""What only looks like moved code stays as it is; what surely is code follows, wherever a shell stands."""

import re
from time import process_time
from typing import Any

import pytest
from moves import moved

from trueup.errors import ProjectError
from trueup.model.hooks import HOOK
from trueup.model.indexes import ADDRESS
from trueup.model.readme import MARKDOWN
from trueup.model.tree import MemoryTree
from trueup.plan.environment_commands import ACTIVATES, RUN
from trueup.plan.environment_commands import INSTALLS as UV_IN
from trueup.plan.gone import LEFT_OUT
from trueup.plan.hooks import LOCKS
from trueup.plan.image_files import MADE
from trueup.plan.image_tools import TOOLS_APART
from trueup.plan.jobs import HAS_UV
from trueup.plan.left_over import SPOKEN
from trueup.plan.relocate_flask import CLOSED
from trueup.plan.relocate_strings import _beginnings
from trueup.plan.services import ON_PATH
from trueup.plan.style import GIVEN, HOOKS
from trueup.read.command_calls import STEP
from trueup.read.evidence import INSTALLS, ROWS
from trueup.read.ignore import UNESCAPED_END
from trueup.read.image_python import OWN as OF_SYSTEM
from trueup.read.manifests._requirement_lines import _COMMENT as COMMENT
from trueup.read.modules import Modules
from trueup.read.reference_where import JAVASCRIPT
from trueup.read.skim_unions import UNION
from trueup.read.skim_words import PATH
from trueup.rules.aut103_command_of_another_manager import PATHS
from trueup.rules.aut106_uv_in_image import NEWEST
from trueup.rules.aut111_sync_before_the_code import PIP, UV_PIP
from trueup.rules.tst105_async_tests import MARKED
from trueup.text.reports import XML
from trueup.verify.runner import PLACE

LOCKED = b"  - repo: https://github.com/python-poetry/poetry\n    rev: "
SOON = 1.0  # seconds of the processor: what looks at a text again from each of its words needs many

APP = "from fastapi import FastAPI\napp = FastAPI()\n"
PACKAGE = {
    "app/__init__.py": "",
    "app/main.py": APP,
    "app/worker.py": "",
    "app/api/__init__.py": "",
    "app/logs/a.txt": "",
}
LOOSE = {
    "main.py": "from fastapi import FastAPI\nimport config, models, core.db\napp = FastAPI()\n",
    "config.py": "A = 1\n",
    "models.py": "",
    "core/__init__.py": "",
    "core/db.py": "",
    "core/deep/__init__.py": "",
    "core/deep/er.py": "",
}


@pytest.mark.parametrize(
    "line",
    [
        "adduser --system --group app && chown -R app:app /srv",
        'if [ "$1" = "app" ]; then echo yes; fi',
        'if [[ "$MODE" == "app" ]]; then echo yes; fi',
        "uv run app",
        "poetry run app --port 80",
        "apt-get install -y app",
        "pip install app",
        "conda activate app",
        "helm install app app",
        "systemctl restart app",
        "useradd app",
        "git ls-files '*.py'",
        'export PYTHONPATH="${PYTHONPATH:-.}"',
        "git add *.py",
    ],
)
def test_a_word_like_the_package_is_none(line: str) -> None:
    tree, lowered = moved({**PACKAGE, "run.sh": f"#!/bin/sh\n{line}\n"})
    assert tree.text("run.sh") == f"#!/bin/sh\n{line}\n"
    assert lowered.questions == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("(cd app && ls logs)\npython app/main.py", "(cd src/app && ls logs)\npython -m app.main"),
        ("pushd app\nls logs\npopd\npython app/main.py", "pushd src/app\nls logs\npopd\npython -m app.main"),
        ("cd app\nls logs\ncd -\npython app/main.py", "cd src/app\nls logs\ncd -\npython -m app.main"),
        ("cd app # (not here)\ncat logs/a.txt", "cd src/app # (not here)\ncat logs/a.txt"),
        ("f() {\n  ls app/logs\n}\nf", "f() {\n  ls src/app/logs\n}\nf"),
        ("case $1 in\n  a) ls app/logs ;;\nesac", "case $1 in\n  a) ls src/app/logs ;;\nesac"),
        ("chown -R www:www app/logs ./app/api", "chown -R www:www src/app/logs ./src/app/api"),
        ("test -d app && [ -f app/logs/a.txt ]", "test -d src/app && [ -f src/app/logs/a.txt ]"),
        (
            "python /code/app/main.py\npython ${PWD}/app/main.py",
            "python /code/src/app/main.py\npython ${PWD}/src/app/main.py",
        ),
        ("python $PWD/app/main.py", "python $PWD/src/app/main.py"),
        ("A=$(cd app && cat logs/a.txt); ls app/logs", "A=$(cd src/app && cat logs/a.txt); ls src/app/logs"),
        ('echo "$(python app/main.py)" `ls app/logs`', 'echo "$(python -m app.main)" `ls src/app/logs`'),
        ("X=$(git ls-files '*.py' 'app/*.py')", "X=$(git ls-files '*.py' 'src/app/*.py')"),
        ("uv run app/main.py", "uv run -m app.main"),
        ("python app/app/main.py", "python src/app/app/main.py"),
    ],
)
def test_a_shell_is_followed(before: str, after: str) -> None:
    image = "FROM python:3.12\nWORKDIR /code\nCOPY . .\n"
    tree, _ = moved({**PACKAGE, "run.sh": f"{before}\n", "Dockerfile": image})
    assert tree.text("run.sh") == f"{after}\n"


@pytest.mark.parametrize("change", ["cd /d %~dp0..", "cd /d %~dp0\\..", "pushd %~dp0.."])
def test_the_folder_of_a_batch_file_is_known(change: str) -> None:
    tree, lowered = moved({**PACKAGE, "scripts/run.bat": f"{change}\npython app\\main.py\n"})
    assert tree.text("scripts/run.bat") == f"{change}\npython -m app.main\n"
    assert lowered.questions == ()


def test_the_folder_of_a_powershell_script_is_known() -> None:
    text = "Set-Location -Path $PSScriptRoot\npython app/main.py\n"
    tree, lowered = moved({**PACKAGE, "run.ps1": text})
    assert tree.text("run.ps1") == text.replace("app/main.py", "-m app.main")
    assert lowered.questions == ()


@pytest.mark.parametrize(
    "line",
    [
        'x.model_dump(include={"config"})',
        'client.patch("models", json={})',
        'f(task="models")',
        'attrs = {"class": "models"}',
        'key = "core:db"',
        'x.locate("models")',
    ],
)
def test_a_string_like_a_module_is_none(line: str) -> None:
    tree, _ = moved({**LOOSE, "config.py": f"{line}\n"})
    assert tree.text("src/shop/config.py") == f"{line}\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('patch("models.X")', 'patch("shop.models.X")'),
        ('mocker.patch("models")', 'mocker.patch("shop.models")'),
        ('imports = ("models",)', 'imports = ("shop.models",)'),
        ('L = {"handlers": {"a": {"class": "models.H"}}}', 'L = {"handlers": {"a": {"class": "shop.models.H"}}}'),
        ('S = {"job": {"task": "models.tick"}}', 'S = {"job": {"task": "shop.models.tick"}}'),
        ('x = __import__("config")', 'x = __import__("shop.config", fromlist=["_"])'),
        ('x = __import__("core.db")', 'x = __import__("shop.core", fromlist=["db"])'),
        ("x = __import__('core.db', fromlist=['a'])", "x = __import__('shop.core.db', fromlist=['a'])"),
    ],
)
def test_a_place_that_takes_a_module_follows(before: str, after: str) -> None:
    tree, _ = moved({**LOOSE, "config.py": f"{before}\n"})
    assert tree.text("src/shop/config.py") == f"{after}\n"


def test_an_import_that_gives_what_nobody_can_write_is_told() -> None:
    tree, lowered = moved({**LOOSE, "config.py": 'x = __import__("core.deep.er")\n'})
    assert tree.text("src/shop/config.py") == 'x = __import__("core.deep.er")\n'
    assert [question.text for question in lowered.questions] == [
        "__import__ gives the outermost package: change it by hand: core.deep.er"
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('logging.basicConfig(filename="app/logs/x.log")', 'logging.basicConfig(filename="src/app/logs/x.log")'),
        ('h = RotatingFileHandler("app/new/x.log")', 'h = RotatingFileHandler("src/app/new/x.log")'),
        ('D = {"filename": "app/logs/x.log"}', 'D = {"filename": "src/app/logs/x.log"}'),
        ('X = "app/logs/new.txt"', 'X = "src/app/logs/new.txt"'),
        ('DATA_DIR = "app/logs"', 'DATA_DIR = "src/app/logs"'),
        ('x = Path.cwd() / "app" / "logs"', 'x = Path.cwd() / "src/app" / "logs"'),
        ('x = os.path.join(os.getcwd(), "app", "logs")', 'x = os.path.join(os.getcwd(), "src/app", "logs")'),
        ('x = Path.cwd().joinpath("app/logs")', 'x = Path.cwd().joinpath("src/app/logs")'),
        ("x = open(r'app\\logs\\a.txt')", "x = open(r'src\\app\\logs\\a.txt')"),
    ],
)
def test_a_path_from_the_working_directory_follows(before: str, after: str) -> None:
    tree, lowered = moved({**PACKAGE, "app/worker.py": f"{before}\n"})
    assert tree.text("src/app/worker.py") == f"{after}\n"
    assert lowered.questions == ()


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ('client.get("app/api")', True),
        ('TOPIC = "app/api"', True),
        ('UPLOADS = "app/uploads"', True),
        ('MIME = "app/json"', False),
        ('URL = "/app/api"', False),
    ],
)
def test_what_may_be_a_path_is_told(line: str, asked: bool) -> None:
    tree, lowered = moved({**PACKAGE, "app/worker.py": f"{line}\n"})
    assert tree.text("src/app/worker.py") == f"{line}\n"
    assert bool(lowered.questions) is asked


COMPOSE = """services:
  web:
    build: .
    volumes:
      - uploads:{}/uploads
      - ./data:{}/data:ro
      - db:/var/lib/db
      - type: bind
        source: ./data
        target: {}
    tmpfs:
      - {}/tmp/
"""


@pytest.mark.parametrize("copy", ["COPY . .", "COPY app /code/app"])
def test_what_is_mounted_into_code_is_mounted_where_it_lies(copy: str) -> None:
    image = f"FROM python:3.12\nWORKDIR /code\n{copy}\nVOLUME /code/app/uploads /data\n"
    pod = "containers:\n  - volumeMounts:\n      - mountPath: {}/uploads\n"
    files = {
        "Dockerfile": image,
        "compose.yml": COMPOSE.replace("{}", "/code/app"),
        "k8s/a.yml": pod.format("/code/app"),
    }
    tree, lowered = moved({**PACKAGE, **files})
    assert "VOLUME /code/src/app/uploads /data\n" in tree.text("Dockerfile")
    assert tree.text("compose.yml") == COMPOSE.replace("{}", "/code/src/app")
    assert tree.text("k8s/a.yml") == pod.format("/code/src/app")
    assert lowered.questions == ()


def test_import_linter_is_told_the_outermost_package() -> None:
    text = "[importlinter]\nroot_package = core\n[importlinter:contract:1]\nmodules = core.db\n"
    tree, _ = moved({**LOOSE, ".importlinter": text})
    assert tree.text(".importlinter") == text.replace("= core\n", "= shop\n").replace("core.db", "shop.core.db")


def test_a_copy_of_what_a_variable_names_is_told() -> None:
    image = "FROM python:3.12\nARG PROJECT=app\nWORKDIR /code\nCOPY . .\nCOPY ./$PROJECT /code/app\n"
    tree, lowered = moved({**PACKAGE, "Dockerfile": image})
    assert "COPY ./$PROJECT /code/app\n" in tree.text("Dockerfile")
    assert [question.line for question in lowered.questions] == [5]


def test_what_services_share_is_followed() -> None:
    text = (
        'x-api: &api\n  build: .\n  volumes: ["./{}app:/x"]\n  command: ls {}app/logs\nservices:\n  a:\n    <<: *api\n'
    )
    tree, _ = moved({**PACKAGE, "compose.yml": text.replace("{}", "")})
    assert tree.text("compose.yml") == text.replace("{}", "src/")


def test_a_place_that_another_file_reckons_from_upwards_is_told() -> None:
    settings = "from pathlib import Path\nROOT = Path(__file__).resolve().parent\n"
    start = "from app.core import ROOT\nCONFIG = open(ROOT.parent / 'alembic.ini')\n"
    tree, lowered = moved({**PACKAGE, "app/core.py": settings, "prestart.py": start, "alembic.ini": "[alembic]\n"})
    assert tree.text("src/app/core.py") == settings
    assert [question.path for question in lowered.questions] == ["app/core.py"]


def test_a_volume_of_an_image_that_is_not_known_stays() -> None:
    tree, _ = moved({**PACKAGE, "compose.yml": COMPOSE.replace("{}", "/code/app")})
    assert tree.text("compose.yml") == COMPOSE.replace("{}", "/code/app")


@pytest.mark.parametrize(
    ("here", "after"),
    [
        ("./app", "./src/app"),
        ("${PWD}/app", "${PWD}/src/app"),
        ("${ROOT:-.}/app", "${ROOT:-.}/src/app"),
        ("${ROOT-.}/app", "${ROOT-.}/src/app"),
        ("${ROOT:-$PWD}/app", "${ROOT:-$PWD}/src/app"),
        ("${ROOT:-./app}", "${ROOT:-./src/app}"),
        ("${ROOT:-/srv}/app", ""),
        ("${ROOT}/app", ""),
        ("${ROOT:-app}", ""),
    ],
)
def test_a_volume_of_code_may_name_its_folder_by_a_variable(here: str, after: str) -> None:
    text = (
        "services:\n  a:\n    image: python:3.12\n    environment:\n      PYTHONPATH: /opt/x{}\n    volumes:\n"
        "      - {}:/opt/x/{}app\n      - ./data:/opt/x/data\n"
    )
    before = text.format("", here, "")
    tree, lowered = moved({**PACKAGE, "compose.yml": before})
    found = tree.text("compose.yml")
    if not after or after.endswith("}"):
        assert found == before.replace(here, after or here)
        assert len(lowered.questions) == bool(after)
    else:
        assert found == text.format("/src", after, "src/")
    whole = text.format("", here.removesuffix("/app"), "").replace("/x/app", "/x")
    tree, _ = moved({**PACKAGE, "compose.yml": whole})
    assert ("PYTHONPATH: /opt/x/src\n" in tree.text("compose.yml")) == (after.endswith("/src/app"))


@pytest.mark.parametrize(
    ("path", "build", "after"),
    [
        ("compose.yml", "{{context: ., dockerfile: {}app/Dockerfile}}", "src/"),
        ("deploy/compose.yml", "{{context: .., dockerfile: {}app/Dockerfile}}", "src/"),
        ("deploy/compose.yml", "{{dockerfile: ../{}app/Dockerfile}}", "src/"),
        ("deploy/compose.yml", "{{context: ../web, dockerfile: {}app/Dockerfile}}", ""),
    ],
)
def test_the_file_of_an_image_is_named_from_its_context(path: str, build: str, after: str) -> None:
    text = f"services:\n  a:\n    build: {build}\n"
    files = {"app/Dockerfile": "FROM python:3.12\n", "web/app/Dockerfile": "FROM nginx\n", path: text.format("")}
    tree, lowered = moved({**PACKAGE, **files})
    assert tree.text(path) == text.format(after)
    assert not (after and lowered.questions)


def test_a_file_that_moves_along_speaks_of_what_moves_along() -> None:
    files = {
        "app/.gitignore": "static/lucide.*\nlogs/*.txt\n!logs/a.txt\n",
        "app/static/x.css": "",
        "app/static/lucide.x": "",
    }
    tree, lowered = moved({**PACKAGE, **files}, ("app/static/lucide.x",))
    assert tree.text("src/app/.gitignore") == files["app/.gitignore"]
    assert lowered.questions == ()


def test_what_git_tracks_in_spite_of_a_pattern_is_let_in_at_its_new_place() -> None:
    files = {
        ".gitignore": "storage/\n*.db",
        "app/.gitignore": "keys.*\n",
        "app/storage/__init__.py": "",
        "app/storage/base.py": "",
        "app/seed.db": "",
        "app/keys.py": "",
    }
    tree, lowered = moved({**PACKAGE, **files})
    assert tree.text(".gitignore") == "storage/\n*.db\n!/src/app/seed.db\n!/src/app/storage/\n"
    assert tree.text("src/app/.gitignore") == "keys.*\n!/keys.py\n"
    assert lowered.questions == ()


def test_a_folder_that_holds_what_is_ignored_rightly_is_not_let_in() -> None:
    files = {".gitignore": "storage/\r\n", "app/storage/base.py": "", "app/storage/upload.bin": ""}
    tree, lowered = moved({**PACKAGE, **files}, ("app/storage/upload.bin",))
    assert tree.text(".gitignore") == files[".gitignore"]
    (told,) = lowered.questions
    assert told.path == "app/storage/base.py"
    assert told.text == (
        "git tracks it, though .gitignore names src/app/storage/, and does not know src/app/storage/base.py:"
        " `git add --force` it there"
    )


def test_a_package_within_the_package_that_has_its_name() -> None:
    paths = [
        "src/acme/__init__.py",
        "src/acme/errors.py",
        "src/acme/plugins/__init__.py",
        "src/acme/plugins/acme/__init__.py",
    ]
    modules = Modules([*paths, "src/acme/plugins/other.py"])
    assert modules.root_of("acme", "src/acme/plugins/other.py", ("src",)) == "src"
    assert modules.root_of("acme", "src/acme/plugins/other.py", ()) == "src"


def test_what_a_stage_copies_is_what_that_stage_has() -> None:
    image = (
        "FROM node:22 AS ui\nWORKDIR /app\nCOPY ./app/ui/ .\nFROM python:3.12 AS build\nWORKDIR /app/server\n"
        "COPY . /app/server/\nFROM python:3.12\nCOPY --from=build /app /srv\nWORKDIR /srv/server\n"
        'CMD ["uvicorn", "app.main:app"]\n'
    )
    tree, _ = moved({**PACKAGE, "app/ui/a.js": "", "Dockerfile": image})
    assert "COPY ./src/app/ui/ .\n" in tree.text("Dockerfile")
    assert "COPY --from=build /app /srv\nENV PYTHONPATH=/srv/server/src\n" in tree.text("Dockerfile")


def test_a_handler_of_a_platform_is_told() -> None:
    text = "functions:\n  api:\n    handler: app.main.handler\n"
    tree, lowered = moved({**PACKAGE, "serverless.yml": text})
    assert tree.text("serverless.yml") == text
    assert [question.path for question in lowered.questions] == ["serverless.yml"]


@pytest.mark.parametrize(
    ("copy", "root"), [("src/ /code/src/", "/code/src"), ("./src ./src", "/code/src"), ("src lib", "/code/lib")]
)
def test_an_image_finds_the_package_that_is_made_of_src(copy: str, root: str) -> None:
    files = {"src/__init__.py": "", "src/main.py": APP, "src/api.py": "from src.main import app\n"}
    image = f'FROM python:3.12\nWORKDIR /code\nCOPY {copy}\nCMD ["uvicorn", "src.main:app"]\n'
    tree, _ = moved({**files, "Dockerfile": image})
    assert f"COPY {copy}\nENV PYTHONPATH={root}\n" in tree.text("Dockerfile")
    assert '"shop.main:app"' in tree.text("Dockerfile")


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        (".circleci/config.yml", "jobs:\n  build:\n    x-app: main.py\n", [("main.py", 3)]),
        ("run.sh", "CMD='uvicorn main:app'\n# uvicorn main:app\n", [("main:app", 1)]),
        ("setup.cfg", "[tool:x]\nfiles = core/db.py, other/db.py\n", [("core/db.py", 2)]),
        ("tool.py", "import os\nos.system('pybabel update -d core/deep')\n", [("core/deep", 2)]),
        ("tool.py", "import subprocess, sys\nsubprocess.run([sys.executable, 'main.py'])\n", [("main.py", 2)]),
        ("tool.py", "print('see main.py and core/deep')\n", []),
        ("tool.py", '"""Run ``uvicorn main:app``."""\n', []),
        ("notes.txt", "main.py\n", []),
        (
            "jobs.yaml",
            "a: printf '0 9 * * * cd /x && python -c \"import core.db\"'; x ; core/db.py\n",
            [("core/db.py", 1)],
        ),
        ("run.sh", "curl https://x.y/main.py /srv/core/deep a:main.py\n", []),
    ],
)
def test_what_still_names_moved_code_is_told(path: str, text: str, told: list[tuple[str, int]]) -> None:
    tree, lowered = moved({**LOOSE, path: text})
    asked = [(question.text.split()[3].rstrip(","), question.line) for question in lowered.questions]
    assert asked == told
    assert all(question.path == path for question in lowered.questions)
    assert tree.text(path if tree.has(path) else f"src/shop/{path}") == text


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".dockerignore", "*\n!*.py\n"),
        (".github/workflows/ci.yml", "on:\n  push:\n    paths: ['*.py']\njobs: {}\n"),
    ],
)
def test_a_pattern_that_loses_what_moves_is_told(path: str, text: str) -> None:
    tree, lowered = moved({**LOOSE, "conftest.py": "", path: text})
    assert tree.text(path) == text
    assert [(question.path, "no longer matches" in question.text) for question in lowered.questions] == [(path, True)]


def test_a_setting_that_cannot_be_read_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    read = MemoryTree.read

    def refused(self: MemoryTree, path: str) -> bytes:
        if path == "Makefile":
            raise ProjectError("no", "")
        return read(self, path)

    monkeypatch.setattr(MemoryTree, "read", refused)
    _, lowered = moved({**LOOSE, "Makefile": "X = uvicorn main:app\n"})
    assert lowered.questions == ()


def test_texts_that_look_like_what_is_looked_for_end_the_search() -> None:
    """Each would try 2 to the power of its lines, or of its words, if one of them could be read in two ways."""
    hook = "  - id: black\n    exclude: |\n" + "                 app/legacy.*|\n" * 40
    assert GIVEN.search(hook) is None
    assert SPOKEN.search(b"- poetry install" + b" --no-xx" * 60 + b" : prose\n") is None
    assert ON_PATH.search(b"ENV " + b"PATH=venv " * 300) is None


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (PIP, "RUN " + "pip install " * 4_000),
        (UV_PIP, "RUN " + "uv pip install " * 4_000),
        (XML, "<coverage " * 8_000),
        (XML, "<bom " * 8_000),
        (_beginnings(frozenset({"app"})), b"celery " * 8_000),
        (_beginnings(frozenset({"app"})), b'x"' + b" " * 20_000),
        (STEP, "sh" + "\t" * 20_000),
        (LOCKS, LOCKED + b":/" * 10_000),
        (LEFT_OUT, " " * 20_000),
        (RUN, "h" * 20_000),
        (ACTIVATES, b" " * 20_000),
        (UV_IN, "install " * 20_000),
        (HAS_UV, b"install " * 20_000),
        (JAVASCRIPT, "a" * 20_000),
        (INSTALLS, "COPY --a" + " " * 40_000),
        (ADDRESS, "a" * 60_000),
        (MADE, ">" * 60_000),
        (MARKDOWN, "[" * 60_000),
        (TOOLS_APART, "-r" * 15_000),
        (COMMENT, " " * 40_000),
        (UNESCAPED_END, " " * 40_000 + "x"),
        (MARKED, "\n" * 20_000),
        (HOOKS, " " * 60_000),
        (HOOK, " " * 60_000 + "id:"),
        (NEWEST, "pip install " * 8_000),
        (OF_SYSTEM, "install " * 8_000),
        (PATHS, " " * 60_000 + "cache-dependency-path"),
        (ROWS[-1][2], "#" + " pip-compile" * 8_000),
        (ROWS[-1][2], "# pip-compile" + " with python" * 8_000),
    ],
    ids=range(29),
)
def test_what_is_said_again_and_again_is_searched_once(pattern: re.Pattern[Any], text: Any) -> None:
    begun = process_time()
    assert pattern.search(text) is None
    assert process_time() - begun < SOON


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (PATH, b"import sys\n\n" + b"#" * 24 + b"\n# Settings\n"),
        (UNION, b"x: int | " + b"#" * 27),
        (CLOSED, b"#" * 26),
        (PLACE, "." * 26 + " "),
    ],
    ids=["sys.path", "union", "brackets", "dots"],
)
def test_a_banner_is_read_in_one_way(pattern: re.Pattern[Any], text: Any) -> None:
    """Each mark more would double the time; these take it to some seconds."""
    begun = process_time()
    assert not pattern.sub(text[:0], text).startswith(text + text)
    assert process_time() - begun < SOON


def test_a_path_that_goes_on_and_on_is_read_once() -> None:
    script = f"python app/main.py\n# {'src/app/' * 5_000}\n"
    begun = process_time()
    moved({**PACKAGE, "run.sh": script})
    assert process_time() - begun < SOON
