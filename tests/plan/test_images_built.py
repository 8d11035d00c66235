"""What uv builds in images once the plan has given the project a build backend."""

from collections.abc import Mapping

import pytest

from trueup.model.plan import Plan
from trueup.model.settings import Settings
from trueup.model.tree import MemoryTree, Overlay
from trueup.plan.plan import make
from trueup.read.project import of
from trueup.steps import Bench

APP = "from fastapi import FastAPI\nfrom src.db import x\napp = FastAPI()\n"
BARE = '[project]\nname = "demo"\nversion = "1"\nreadme = "README.md"\nrequires-python = ">=3.12"\n'
UV = {
    "pyproject.toml": f'{BARE}dependencies = ["fastapi", "uvicorn"]\n',
    "uv.lock": 'version = 1\nrevision = 3\nrequires-python = ">=3.12"\n',
    "README.md": "# demo\n",
    "src/__init__.py": "",
    "src/main.py": APP,
    "src/db.py": "x = 1\n",
}
IMAGE = "FROM python:3.12-slim\nWORKDIR /app\nRUN pip install --no-cache-dir uv\nCOPY pyproject.toml uv.lock ./\n"
SERVED = 'CMD ["uvicorn", "src.main:app"]\n'


HOOKS = "repos:\n  - repo: https://github.com/astral-sh/uv-pre-commit\n    rev: 0.9.0\n    hooks:\n"


def planned(files: Mapping[str, str | None]) -> tuple[Overlay, Plan]:
    tree = MemoryTree({path: text for path, text in files.items() if text is not None})
    made = make(Bench(project := of(tree, Settings(), "shop")), project.tree)
    return Overlay(tree, made.changes), made


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        (
            "Dockerfile",
            f"{IMAGE}RUN uv export --frozen -o r.txt && uv pip install --system -r r.txt\nCOPY src ./src\n{SERVED}",
            "RUN uv export --no-emit-project --frozen -o r.txt && uv pip install",
        ),
        ("Makefile", "list:\n\tuv export -q > r.txt\n", "\tuv export --no-emit-project -q > r.txt\n"),
        ("Makefile", "UV ?= x\na:\n\tsudo -H uv export > r.txt\n", "\tsudo -H uv export --no-emit-project > r.txt\n"),
        ("a.sh", "A=1 uv export > r.txt\n", "A=1 uv export --no-emit-project > r.txt\n"),
        ("a.sh", "X=$(uv export -q)\n", "X=$(uv export --no-emit-project -q)\n"),
        ("a.sh", "(cd . && uv export -q) > r.txt\n", "(cd . && uv export --no-emit-project -q) > r.txt\n"),
        ("a.sh", 'bash -c "uv export -o r.txt"\n', 'bash -c "uv export --no-emit-project -o r.txt"\n'),
        ("Makefile", "list:\n\tuv export \\\n\t  --no-emit-project > r.txt\n", "\tuv export \\\n\t  --no-emit"),
        ("Makefile", "list:\n\tuv export --only-group dev > r.txt\n", "\tuv export --only-group dev > r.txt\n"),
        (
            ".github/workflows/a.yml",
            "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: uv export > r.txt\n",
            "uv export --no-emit-project > r.txt\n",
        ),
        (
            ".pre-commit-config.yaml",
            "repos:\n  - repo: https://github.com/astral-sh/uv-pre-commit\n    rev: 0.9.0\n    hooks:\n"
            "      - id: uv-export\n        args: [--frozen]\n      - id: uv-lock\n",
            "- id: uv-export\n        args: [--no-emit-project, --frozen]\n      - id: uv-lock\n",
        ),
        (
            ".pre-commit-config.yaml",
            "repos:\n  - repo: https://github.com/astral-sh/uv-pre-commit\n    rev: 0.9.0\n    hooks:\n"
            "      - id: uv-export\n      - id: uv-lock\n        args: [-q]\n",
            "uv-export\n        args: [--frozen, --output-file=requirements.txt, --quiet, --no-emit-project]\n      - id",
        ),
        (
            ".pre-commit-config.yaml",
            "repos:\n  - repo: https://github.com/astral-sh/uv-pre-commit\n    rev: 0.9.0\n    hooks:\n"
            "      - id: uv-export\n        args:\n          - --frozen\n      - id: uv-lock\n",
            "        args:\n          - --no-emit-project\n          - --frozen\n      - id: uv-lock\n",
        ),
        (
            "Makefile",
            "a:\n\tuv -q --directory . export > r.txt\n",
            "\tuv -q --directory . export --no-emit-project > r",
        ),
        ("Makefile", "a:\n\tuv export --project . > r.txt\n", "\tuv export --no-emit-project --project . > r.txt\n"),
        ("Makefile", "a:\n\tuv --directory b export > r.txt\n", "\tuv --directory b export > r.txt\n"),
        (
            ".pre-commit-config.yaml",
            f"{HOOKS}      - {{id: uv-export, args: [-q]}}\n",
            "- {id: uv-export, args: [--no-emit-project, -q]}\n",
        ),
        (
            ".pre-commit-config.yaml",
            f"{HOOKS}      - {{id: uv-export}}\n",
            "uv-export, args: [--frozen, --output-file=requirements.txt, --quiet, --no-emit-project]}\n",
        ),
        (
            ".pre-commit-config.yaml",
            f"{HOOKS}      - id: uv-export\n        args:\n          # why\n          - -q\n",
            "          # why\n          - --no-emit-project\n          - -q\n",
        ),
        (
            ".pre-commit-config.yaml",
            f"{HOOKS}      - id: uv-export\n        args: [  # why\n          -q]\n",
            "        args: [--no-emit-project,  # why\n          -q]\n",
        ),
        ("README.md", "`uv export` is\n```sh\nuv export > r.txt\n```\n", "`uv export` is\n```sh\nuv export --no-emit-"),
    ],
)
def test_a_list_that_uv_exports_stays_without_the_project(path: str, before: str, after: str) -> None:
    tree, _ = planned({**UV, path: before})
    assert "[build-system]" in tree.text("pyproject.toml")
    assert after in tree.text(path)
    tools = UV["pyproject.toml"].replace('"uvicorn"]', '"uvicorn", "black"]')  # which the conversion sorts out
    tree, _ = planned({**UV, path: before, "pyproject.toml": tools})
    assert after in tree.text(path)
    built = f'{UV["pyproject.toml"]}[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
    tree, _ = planned({**UV, path: before, "pyproject.toml": built})
    assert tree.text(path).count("--no-emit-project") == before.count("--no-emit-project")


@pytest.mark.parametrize(
    ("image", "path", "after"),
    [
        (
            f"{IMAGE}RUN uv pip install --system .\nCOPY src ./src\n{SERVED}",
            "Dockerfile",
            "--system -r pyproject.toml\n",
        ),
        (
            f'{IMAGE}COPY src ./src\nCMD ["uv", "run", "uvicorn", "src.main:app"]\n',
            "Dockerfile",
            'COPY README.md ./\nCMD ["uv", "run", "uvicorn"',
        ),
        (
            f"{IMAGE}RUN uv sync --frozen --no-install-project\nCOPY src ./src\n{SERVED}",
            "compose.yml",
            'command: ["uv", "run", "--no-sync", "celery", "-A", "demo.db", "worker"]\n',
        ),
        (
            f"{IMAGE}RUN uv pip install --system .\nCOPY src ./src\n{SERVED}",
            "Dockerfile",
            'COPY README.md ./\nCMD ["uvicorn", "demo.main:app"]\n',
        ),
    ],
)
def test_an_image_is_built_that_built_nothing_before(image: str, path: str, after: str) -> None:
    service = 'services:\n  worker:\n    build: .\n    command: ["uv", "run", "celery", "-A", "src.db", "worker"]\n'
    tree, made = planned({**UV, "Dockerfile": image, "compose.yml": service})
    assert after in tree.text(path)
    assert not [item for item in made.adds if item.code in ("AUT111", "AUT112")]


@pytest.mark.parametrize(
    ("brought", "said"), [("src", "uv sync --locked --no-install-project\n"), ("src LICENSE", "uv sync --locked\n")]
)
def test_a_project_is_installed_where_its_licence_is_there(brought: str, said: str) -> None:
    built = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
    named = '[project]\nname = "demo"\nversion = "1"\ndependencies = ["fastapi"]\nlicense = { file = "LICENSE" }\n'
    copied = "".join(f"COPY {name} {name}\n" for name in brought.split())
    start = 'RUN pip install poetry && poetry install\nCMD ["uvicorn", "demo.main:app"]\n'
    image = f"FROM python:3.12\nWORKDIR /app\nCOPY pyproject.toml ./\n{copied}{start}"
    app = {"src/demo/__init__.py": "", "src/demo/main.py": "from fastapi import FastAPI\napp = FastAPI()\n"}
    tree, _ = planned({**app, "LICENSE": "MIT\n", "pyproject.toml": built + named, "Dockerfile": image})
    assert said in tree.text("Dockerfile")


@pytest.mark.parametrize(
    ("said", "allowed"),
    [
        ("3.12", "==3.12.*"),
        ("=3.12", "==3.12.*"),
        ("== 3.12", "==3.12.*"),
        ("3.11 || 3.12", ">=3.11,<3.13"),
        ("3.12.*", "==3.12.*"),
        ("3.12.4", "==3.12.4"),
        (">=3.11, <3.13", ">=3.11,<3.13"),
        ("> 3.11", ">3.11"),
        ("^3.12", ">=3.12,<4"),
        ("~3.12", ">=3.12,<3.13"),
        ("!=3.12", "!=3.12"),
    ],
)
def test_a_minor_version_of_poetry_is_every_patch_of_it(said: str, allowed: str) -> None:
    poetry = (
        f'[tool.poetry]\nname = "demo"\nversion = "1"\n[tool.poetry.dependencies]\npython = "{said}"\nfastapi = "*"\n'
    )
    tree, made = planned({"pyproject.toml": poetry, "app/__init__.py": "", "app/main.py": "import fastapi\n"})
    assert f'requires-python = "{allowed}"' in tree.text("pyproject.toml")
    told = [item for item in made.questions if "every patch of it" in item.text]
    assert bool(told) is (said in ("3.12", "=3.12", "== 3.12", "3.11 || 3.12"))


@pytest.mark.parametrize(
    ("installed", "makes", "after"),
    [
        ("poetry", "python3 -m virtualenv $VIRTUAL_ENV", "python3 -m venv $VIRTUAL_ENV\n"),
        ("poetry==1.8", "virtualenv --copies /opt/e", "python -m venv --copies /opt/e\n"),
        ("poetry", "virtualenv -p python3.11 /opt/e", "virtualenv -p python3.11 /opt/e\n"),
        ("poetry virtualenv", "virtualenv /opt/e", "RUN virtualenv /opt/e\n"),
        ("poetry", "echo virtualenv x", "echo virtualenv x\n"),
    ],
)
def test_virtualenv_came_with_the_old_manager(installed: str, makes: str, after: str) -> None:
    poetry = (
        '[tool.poetry]\nname = "demo"\nversion = "1"\n[tool.poetry.dependencies]\npython = "^3.10"\nfastapi = "*"\n'
    )
    image = (
        f"FROM python:3.10-slim\nRUN pip install {installed}\nENV VIRTUAL_ENV=/opt/e\nRUN {makes}\n"
        'ENV PATH="/opt/e/bin:$PATH"\nCOPY pyproject.toml poetry.lock ./\nRUN poetry install --no-root\nCOPY . .\n'
    )
    code = {"app/__init__.py": "", "app/main.py": "import fastapi\n", "poetry.lock": "package = []\n"}
    tree, made = planned({"pyproject.toml": poetry, "Dockerfile": image, **code})
    assert after in tree.text("Dockerfile")
    assert bool([item for item in made.questions if "came with" in item.text]) is ("-p " in makes)


@pytest.mark.parametrize(
    "base", ["uvicorn-gunicorn-fastapi:python3.11", "meinheld-gunicorn-flask", "uwsgi-nginx-flask"]
)
@pytest.mark.parametrize("more", ["", "#ENV MODULE_NAME=app.main PYTHONPATH=/x\n"])
def test_an_image_that_looks_in_app_for_the_code(base: str, more: str) -> None:
    image = f"FROM tiangolo/{base}\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\n{more}"
    code = {"app/__init__.py": "", "app/x.py": "X = 1\n", "main.py": "from app.x import X\n" + APP.split("\n")[0]}
    code["main.py"] += "\napp = FastAPI()\n"
    tree, _ = planned({**code, "requirements.txt": "fastapi==0.112.0\n", "Dockerfile": image})
    assert "ENV PYTHONPATH=/app/src:/app APP_MODULE=app.main:app\n" in tree.text("Dockerfile")


@pytest.mark.parametrize(
    ("given", "after"),
    [
        ("ENV PYTHONPATH=/app MODULE_NAME=app.main\n", "ENV PYTHONPATH=/app/src MODULE_NAME=app.main\n"),
        ("ENV PYTHONPATH=/lib\n", "ENV APP_MODULE=app.main:app\nENV PYTHONPATH=/lib:/app/src\n"),
    ],
)
def test_an_image_that_looks_in_app_for_the_code_may_be_told_where_that_is(given: str, after: str) -> None:
    image = f"FROM tiangolo/uvicorn-gunicorn\nCOPY . /app\n{given}"
    code = {"app/__init__.py": "", "app/main.py": "from fastapi import FastAPI\napp = FastAPI()\n"}
    tree, _ = planned({**code, "requirements.txt": "fastapi==0.112.0\n", "Dockerfile": image})
    assert tree.text("Dockerfile").endswith(after)


@pytest.mark.parametrize(
    ("synced", "more", "after"),
    [
        ("uv sync --frozen", "", "RUN uv sync --no-dev --frozen\n"),
        ("uv sync --frozen --extra dev", "", "RUN uv sync --no-dev --frozen --extra dev\n"),
        ("uv sync --frozen --no-default-groups", "", "RUN uv sync --frozen --no-default-groups\n"),
        ("uv sync --frozen", '[dependency-groups]\ndev = ["mypy"]\n', "RUN uv sync --frozen\n"),
        ("uv sync --frozen", '[tool.uv]\ndev-dependencies = ["mypy"]\n', "RUN uv sync --frozen\n"),
    ],
)
def test_an_image_gets_no_tools_by_the_first_group_of_the_project(synced: str, more: str, after: str) -> None:
    extra = '[project.optional-dependencies]\ndev = ["pytest", "ruff"]\n'
    manifest = f"{UV['pyproject.toml']}{extra}{more}"
    image = f"{IMAGE}COPY . .\nRUN {synced}\n{SERVED}"
    tests = {"tests/test_a.py": "from src.main import app\ndef test_a(): assert app\n"}
    tree, _ = planned({**UV, **tests, "pyproject.toml": manifest, "Dockerfile": image})
    assert after in tree.text("Dockerfile")
    image = image.replace('["uvicorn"', '["uv", "run", "uvicorn"')
    tree, _ = planned({**UV, **tests, "pyproject.toml": manifest, "Dockerfile": image})
    assert f"RUN {synced}\n" in tree.text("Dockerfile")


def test_a_package_that_gets_a_new_name_lies_in_the_image_where_that_finds_it() -> None:
    code = {
        "src/__init__.py": "",
        "src/app/__init__.py": "",
        "src/app/main.py": "from fastapi import FastAPI\nfrom .tasks import x\napp = FastAPI()\n",
        "src/app/tasks.py": "x = 1\n",
        "src/scripts/__init__.py": "",
        "src/scripts/create.py": "from src.app.main import app\n",
        "src/migrations/env.py": "from app.main import app\n",
        "tests/test_a.py": "from src.app.main import app\ndef test_a(): assert app\n",
        "pyproject.toml": UV["pyproject.toml"],
        "uv.lock": UV["uv.lock"],
    }
    image = (
        "FROM python:3.12\nWORKDIR /code\nCOPY pyproject.toml uv.lock ./\nRUN uv sync --frozen --no-install-project\n"
    )
    service = (
        "services:\n  worker:\n    build: .\n    command: arq app.tasks.x\n    volumes:\n      - ./src/app:/code/app\n"
    )
    images = {
        "Dockerfile": f'{image}COPY ./src/app /code/app\nCMD ["uvicorn", "app.main:app"]\n',
        "compose.yml": service,
    }
    tree, made = planned({**code, **images})
    wanted = 'COPY ./src/demo/app /code/demo/app\nCMD ["uvicorn", "demo.app.main:app"]\n'
    assert wanted in tree.text("Dockerfile")
    assert "arq demo.app.tasks.x\n" in tree.text("compose.yml")
    assert "- ./src/demo/app:/code/demo/app\n" in tree.text("compose.yml")
    assert not [item for item in made.questions if "mirrors" in item.text]


def test_what_people_type_is_said_in_uv_where_a_list_stays_for_a_platform() -> None:
    typed = "$ python3 -m venv .venv\n$ source .venv/bin/activate\n$ pip install -r requirements.txt\n"
    tree, _ = planned(
        {
            "requirements.txt": "fastapi==0.110.1\nuvicorn==0.29.0\n",
            "app/__init__.py": "",
            "app/main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
            "README.md": f"# x\n```console\n{typed}```\n\n```console\n$ uvicorn app.main:app --reload\n```\n",
            "manifest.yml": "---\napplications:\n- name: x\n  buildpacks:\n    - python_buildpack\n",
        }
    )
    assert tree.has("requirements.txt")
    assert "$ uv sync\n" in tree.text("README.md")
    assert "$ uv run uvicorn app.main:app --reload\n" in tree.text("README.md")


def test_what_lies_in_a_folder_that_becomes_a_package_moves_though_it_is_not_there() -> None:
    service = (
        "services:\n  app:\n    build: .\n    env_file: ./app/.env\n    volumes:\n      - ./app/media:/code/app/media\n"
        "      - ./data/.env:/code/data/.env\n"
    )
    image = "FROM python:3.12\nWORKDIR /code\nCOPY ./app /code/app\nWORKDIR /code/app\n"
    code = {
        "app/main.py": "from fastapi import FastAPI\nfrom config import s\napp = FastAPI()\n",
        "app/config.py": "s = 1\n",
        "requirements.txt": "fastapi\nuvicorn\n",
        ".gitignore": ".env\n",
    }
    tree, made = planned({**code, "Dockerfile": image, "compose.yml": service})
    assert "env_file: ./src/shop/.env\n" in tree.text("compose.yml")
    assert "- ./src/shop/media:/code/src/shop/media\n" in tree.text("compose.yml")
    assert "- ./data/.env:/code/data/.env\n" in tree.text("compose.yml")
    said = "app/.env is not in the repository: wherever it lies, it must be moved to src/shop/.env"
    assert [item.line for item in made.questions if item.text == said] == [4]
    tree, _ = planned({**code, "app/test_x.py": "import main\n", "Dockerfile": image, "compose.yml": service})
    assert "env_file: ./app/.env\n" in tree.text("compose.yml")


@pytest.mark.parametrize(("around", "to"), [("COPY . /root\n", "/root/src/app/"), ("", "/root/app/")])
def test_a_part_that_is_copied_before_all_of_a_project_lies_where_that_has_it(around: str, to: str) -> None:
    image = f"FROM tiangolo/uvicorn-gunicorn:python3.11\nWORKDIR /root\nCOPY app/__init__.py /root/app/\n{around}"
    code = {"app/__init__.py": "", "app/main.py": "from fastapi import FastAPI\napp = FastAPI()\n"}
    tree, _ = planned({**code, "requirements.txt": "fastapi\n", "Dockerfile": image})
    assert f"COPY src/app/__init__.py {to}\n" in tree.text("Dockerfile")


PLATE = ' ; python_version == "3.12"'
EXPORT = {
    "pyproject.toml": '[tool.poetry]\nname = "shop"\nversion = "1"\n[tool.poetry.dependencies]\npython = "^3.12"\n'
    'fastapi = "^0.114.2"\nuvicorn = "*"\n[tool.poetry.group.dev.dependencies]\nmypy = "^1.11"\n',
    "app/__init__.py": "",
    "app/main.py": "from fastapi import FastAPI\nimport httpx\napp = FastAPI()\n",
    "requirements.txt": "".join(
        f"{name}{PLATE}\n"
        for name in ("fastapi==0.114.2", "starlette==0.38.5", "uvicorn==0.30.6", "click==8.1.7", "gunicorn==22.0.0")
    )
    + f"httpx==0.27.0{PLATE}\nasyncpg==0.29.0\n",
    "Procfile": "web: gunicorn app.main:app\n",
}


def test_an_export_of_a_manifest_without_a_lock_pins_and_declares_nothing() -> None:
    tree, made = planned(EXPORT)
    manifest = tree.text("pyproject.toml")
    assert '"fastapi>=0.114.2,<0.115"' in manifest
    assert manifest.count("fastapi") == 2  # the other one is [tool.fastapi]
    assert not [name for name in ("starlette", "click") if name in manifest]
    assert all(f'"{name}==' in manifest for name in ("gunicorn", "httpx", "asyncpg"))  # only the list asks for these
    pins = {pin.name: pin.version for pin in made.pins}
    assert (pins["fastapi"], pins["starlette"], pins["click"]) == ("0.114.2", "0.38.5", "8.1.7")
    told = [item.text for item in made.questions if item.path == "requirements.txt"]
    assert any("2 that only it names (click, starlette) go into uv.lock" in text for text in told)


@pytest.mark.parametrize(("old", "new"), [("fastapi==0.114.2", "fastapi==0.110.0"), (f"uvicorn==0.30.6{PLATE}\n", "")])
def test_a_list_that_is_no_export_of_the_manifest_loses_nothing(old: str, new: str) -> None:
    tree, _ = planned({**EXPORT, "requirements.txt": str(EXPORT["requirements.txt"]).replace(old, new)})
    assert "starlette" in tree.text("pyproject.toml")


def test_such_an_export_that_stays_for_a_platform_is_told_once() -> None:
    tree, made = planned({**EXPORT, "app.yaml": "runtime: python312\n"})
    assert tree.has("requirements.txt")
    assert "starlette" not in tree.text("pyproject.toml")
    assert len([item for item in made.questions if "that only it names" in item.text]) == 1


LOCAL = "repos:\n  - repo: local\n    hooks:\n      - id: uv-export\n        entry: ./export.sh\n"


@pytest.mark.parametrize(
    ("path", "before"),
    [
        (".pre-commit-config.yaml", LOCAL),
        ("a.sh", 'uv export --no-emit-project > r.txt\necho "uv export done"\n'),
        ("README.md", "Run uv export to make the list.\n```sh\nuv export --no-emit-project > r.txt\n```\n"),
    ],
)
def test_what_only_speaks_of_an_export_stays(path: str, before: str) -> None:
    tree, _ = planned({**UV, path: before})
    assert "[build-system]" in tree.text("pyproject.toml")
    assert tree.text(path) == before


@pytest.mark.parametrize(
    ("path", "kept"),
    [("Dockerfile", False), ("Dockerfile.dev", True), ("docker/test/Dockerfile", True), ("device/Dockerfile", False)],
)
@pytest.mark.parametrize("tools", ["", ', "pytest"'])
def test_an_image_keeps_the_tools_that_it_had(path: str, kept: bool, tools: str) -> None:
    manifest = UV["pyproject.toml"].replace('"uvicorn"]', f'"uvicorn"{tools}]')
    tree, _ = planned({**UV, "pyproject.toml": manifest, path: f"{IMAGE}COPY . .\nRUN uv sync\n{SERVED}"})
    assert "[dependency-groups]" in tree.text("pyproject.toml")
    assert ("uv sync --no-dev" not in tree.text(path)) == (kept or bool(tools))


def test_a_command_of_the_project_needs_it_installed() -> None:
    scripts = f'{UV["pyproject.toml"]}[project.scripts]\ndemo = "demo.main:main"\n'
    build = '[build-system]\nrequires = ["uv_build"]\nbuild-backend = "uv_build"\n'
    text = f"{IMAGE}ENV PYTHONPATH=/app/src\nRUN uv pip install --system .\nCOPY src ./src\n"
    files = {**UV, "src/main.py": None, "src/db.py": None, "src/__init__.py": None, "src/demo/__init__.py": ""}
    files |= {"src/demo/main.py": "from fastapi import FastAPI\napp = FastAPI()\ndef main(): ...\n"}
    for start, after in (('CMD ["demo"]\n', "--system .\n"), ('CMD ["uvicorn", "demo.main:app"]\n', "--system -r ")):
        tree, _ = planned({**files, "pyproject.toml": scripts + build, "Dockerfile": text + start})
        assert after in tree.text("Dockerfile")


def test_a_place_of_a_service_is_that_of_its_own_volumes() -> None:
    service = "  {0}:\n    build: .\n    working_dir: /code/src/api\n"
    compose = f"services:\n{service.format('dev')}    volumes: ['.:/code']\n{service.format('worker')}"
    image = "FROM python:3.12\nWORKDIR /code\nCOPY . .\nRUN uv sync\n"
    tree, _ = planned({**UV, "src/api/__init__.py": "", "compose.yml": compose, "Dockerfile": image})
    assert tree.has("src/demo/api/__init__.py")
    assert tree.text("compose.yml").count("working_dir: /code/src/demo/api\n") == 2


@pytest.mark.parametrize(
    ("export", "said"),
    [
        ("poetry export -o requirements.txt", " --no-default-groups"),
        ("poetry export --with dev -E pg > requirements.txt", " --no-default-groups --extra pg --group dev"),
        ("poetry export --dev -o requirements.txt", ""),
        ("poetry export --only dev -o requirements.txt", " --only-group dev"),
        ("uv export --no-default-groups --extra pg -o requirements.txt", " --no-default-groups --extra pg"),
        ("poetry export --with dev -o other.txt", " --no-default-groups"),
    ],
)
def test_an_image_gets_what_another_file_exports_for_it(export: str, said: str) -> None:
    files = {
        "pyproject.toml": '[tool.poetry]\nname = "shop"\nversion = "1"\n[tool.poetry.dependencies]\npython = "^3.12"\n'
        'fastapi = "*"\npsycopg = {version = "*", optional = true}\n[tool.poetry.extras]\npg = ["psycopg"]\n'
        '[tool.poetry.group.dev.dependencies]\nblack = "*"\n',
        "shop/__init__.py": "",
        "shop/main.py": APP,
        "Makefile": f"image:\n\t{export}\n\tdocker build .\n",
        "Dockerfile": "FROM python:3.12\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\n",
    }
    tree, _ = planned(files)
    sync = next(line for line in tree.text("Dockerfile").splitlines() if "uv sync" in line).replace(
        " --no-install-project", ""
    )
    assert sync.endswith(f"uv sync --locked{said}")


@pytest.mark.parametrize(
    ("base", "settings", "volume", "said"),
    [
        ("python:3.12", "WORKDIR /code\n", ".:/code", "ENV PYTHONPATH=/code/src\n"),
        ("python:3.12", "WORKDIR /code\n", "./shop:/code/shop", "ENV PYTHONPATH=/code/src\n"),
        ("python:3.12", "WORKDIR /code\n", "./shop:/other/shop", ""),
        ("python:3.12", "WORKDIR /code\nENV PYTHONPATH=/code\n", ".:/code", "ENV PYTHONPATH=/code/src\n"),
        ("tiangolo/uvicorn-gunicorn:latest", "", ".:/app", "ENV PYTHONPATH=/app/src:/app APP_MODULE=shop.main:app\n"),
        (
            "tiangolo/uvicorn-gunicorn:latest",
            "ENV MODULE_NAME=shop.main\n",
            "./shop:/app/shop",
            "ENV PYTHONPATH=/app/src:/app\n",
        ),
        ("tiangolo/uvicorn-gunicorn:latest", "ENV PYTHONPATH=/app\n", ".:/app", "ENV PYTHONPATH=/app/src\n"),
        ("tiangolo/uvicorn-gunicorn:latest", "", "./shop:/app", ""),
        (
            "tiangolo/uvicorn-gunicorn:latest",
            "COPY ./shop /app/shop\n",
            ".:/app",
            "ENV PYTHONPATH=/app/src:/app APP_MODULE=shop.main:app\n",
        ),
        (
            "tiangolo/uvicorn-gunicorn:latest",
            'WORKDIR /app/\nCOPY shop/ shop/\nENV APP_MODULE="shop.main:app"\n',
            ".:/app",
            "ENV PYTHONPATH=/app/src:/app\n",
        ),
        (
            "tiangolo/uvicorn-gunicorn:latest",
            "COPY ./shop /app/shop\nENV PYTHONPATH=/app MODULE_NAME=shop.main\n",
            ".:/app",
            "ENV PYTHONPATH=/app:/app/src MODULE_NAME=shop.main\n",
        ),
        ("tiangolo/uvicorn-gunicorn:latest", "COPY ./shop /app/app\n", ".:/app", ""),
        ("tiangolo/uvicorn-gunicorn:latest", "COPY ./shop /app/shop\n", "./shop:/app/shop", ""),
        ("tiangolo/uvicorn-gunicorn:latest", "COPY ./shop /app/shop\n", ".:/srv", ""),
        ("python:3.12", "WORKDIR /code\nCOPY ./shop /code/shop\n", ".:/code", "ENV PYTHONPATH=/code/src\n"),
    ],
)
def test_code_that_a_volume_brings_is_found(base: str, settings: str, volume: str, said: str) -> None:
    files = {
        "requirements.txt": "fastapi\n",
        "shop/__init__.py": "",
        "shop/main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
        "shop/cli.py": "",
        "compose.yml": f"services:\n  api:\n    build: .\n    volumes:\n      - {volume}\n",
        "Dockerfile": f"FROM {base}\n{settings}COPY requirements.txt /tmp/r.txt\nRUN pip install -r /tmp/r.txt\n",
    }
    tree, _ = planned(files)
    found = "".join(line for line in tree.text("Dockerfile").splitlines(True) if "PYTHONPATH" in line)
    assert found == said


def test_a_tool_that_a_script_of_a_script_runs_stays_in_the_image() -> None:
    image = "FROM python:3.12\nWORKDIR /w\nCOPY . .\nRUN pip install -r requirements.txt\nCMD uvicorn shop.main:app\n"
    files = {
        "requirements.txt": "fastapi\npytest\n",
        "shop/__init__.py": "",
        "shop/main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
        "a.sh": "bash ./scripts/b.sh\n",
        "scripts/b.sh": "sh a.sh\ncoverage run -m pytest\n",
        "Dockerfile": image,
    }
    for document, kept in (("docker compose exec api bash /w/a.sh", True), ("bash a.sh", False)):
        tree, _ = planned({**files, "README.md": f"```sh\n{document}\n```\n"})
        assert ("--no-default-groups" not in tree.text("Dockerfile")) is kept


WORKER = "FROM python:3.12\nWORKDIR /app\nCOPY pyproject.toml ./\nRUN uv sync --no-dev\n"


@pytest.mark.parametrize(
    ("beside", "mended"),
    [("worker/x.txt", True), ("worker/requirements.txt", True), ("worker/pyproject.toml", False)],
)
def test_an_image_of_the_project_may_lie_beside_another_list(beside: str, mended: bool) -> None:
    files = {
        "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.12"\ndependencies = ["fastapi"]\n',
        "shop/__init__.py": "",
        "shop/main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
        "worker/main.py": "from shop.main import app\n",
        "worker/Dockerfile": f'{WORKER}COPY shop ./shop\nCOPY worker ./worker\nENTRYPOINT ["worker/start.sh"]\n',
        "worker/start.sh": "#!/bin/sh\nexec uv run celery -A worker.main worker\n",
    }
    tree, _ = planned({**files, beside: '[project]\nname = "x"\nversion = "1"\n' if not mended else "celery\n"})
    assert ("RUN uv sync --no-install-project --no-dev\n" in tree.text("worker/Dockerfile")) is mended
    assert ("exec uv run --no-sync celery" in tree.text("worker/start.sh")) is mended


@pytest.mark.parametrize(
    ("more", "start", "after"),
    [
        ("", 'CMD ["uvicorn", "app.main:app"]', 'CMD ["uvicorn", "{}.main:app"]'),
        ("", "CMD gunicorn -k x app.main:app", "CMD gunicorn -k x {}.main:app"),
        ("RUN python -m app.main\n", "CMD python -m app.jobs.load", "CMD python -m {}.jobs.load"),
        ("WORKDIR /app\n", "CMD uvicorn main:app", "CMD uvicorn {}.main:app"),
        ("WORKDIR /srv\n", 'CMD ["uvicorn", "app.main:app"]', 'CMD ["uvicorn", "app.main:app"]'),
        ("", 'CMD ["uvicorn", "app.other:app"]', 'CMD ["uvicorn", "app.other:app"]'),
    ],
)
def test_a_project_that_an_image_has_as_a_package(more: str, start: str, after: str) -> None:
    files = {
        "__init__.py": "",
        "main.py": f"from . import crud\n{APP}",
        "crud.py": "",
        "jobs/__init__.py": "",
        "jobs/load.py": "from .. import crud\n",
        "requirements.txt": "fastapi\nuvicorn\n",
        "Dockerfile": f"FROM python:3.12\nRUN pip install fastapi\nCOPY ./ /app\n{more}{start}\n",
    }
    tree, made = planned(files)
    package = made.package
    image = tree.text("Dockerfile")
    assert image.endswith(f"{after.format(package)}\n")
    assert "ENV PYTHONPATH=/app/src\n" in image
    assert more.replace("app.", f"{package}.") in image
    assert not [item for item in made.questions if "fails today" in item.text]


SHOP = {"shop/__init__.py": "", "shop/main.py": "from fastapi import FastAPI\napp = FastAPI()\n"}
COPIED = "FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD python -m shop.main\n"


@pytest.mark.parametrize(
    "name", ["Dockerfile", "DockerfileApi", "Dockerfile-api", "api.Dockerfile", "dockerfile.api", "Containerfile"]
)
def test_an_image_may_be_called_by_any_such_name(name: str) -> None:
    tree, _ = planned({**SHOP, name: COPIED})
    assert "COPY . .\nENV PYTHONPATH=/app/src\n" in tree.text(name)


@pytest.mark.parametrize("name", ["Dockerfile.dockerignore", "Dockerfile.api.dockerignore", "Dockerfile.md"])
def test_what_is_no_image_is_not_taken_for_one(name: str) -> None:
    tree, _ = planned({**SHOP, name: COPIED})
    assert "PYTHONPATH" not in tree.text(name)


@pytest.mark.parametrize("name", ["dev", "${KIND}", "$KIND"])
def test_a_stage_may_be_named_by_a_variable(name: str) -> None:
    image = (
        "ARG KIND=dev\nFROM python:3.12 AS base\nWORKDIR /app\nCOPY requirements.txt .\n"
        "FROM base AS dev-img\nRUN pip install -r requirements.txt\n"
        f"FROM {name}-img AS last\nCOPY shop shop\nCOPY start.sh .\nENTRYPOINT ['sh', 'start.sh']\n"
    )
    start = "uvicorn shop.main:app\n"
    tree, _ = planned({**SHOP, "requirements.txt": "fastapi\nuvicorn\n", "Dockerfile": image, "start.sh": start})
    text = tree.text("Dockerfile")
    assert "COPY src/shop src/shop\nENV PYTHONPATH=/app/src\n" in text
    assert text.count("COPY --from=ghcr.io/astral-sh/uv") == 1
    assert text.index("astral-sh/uv") > text.index("dev-img")


def test_a_search_path_names_each_folder_once() -> None:
    """A folder of packages moves twice: into ``src``, and into the package that is made around all."""
    begun = "from fastapi import FastAPI\nimport light\nfrom app import models\napp = FastAPI()\n"
    bent = "import sys, os\nsys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(__file__)), 'vendor'))\n"
    files = {"app/__init__.py": "", "app/models.py": "", "app/main.py": bent + begun, "vendor/light/__init__.py": ""}
    image = "FROM python:3.12\nWORKDIR /app\nENV PYTHONPATH=/app:/app/vendor\nCOPY app app\nCOPY vendor vendor\n"
    tree, _ = planned({**files, "requirements.txt": "fastapi\n", "Dockerfile": f"{image}CMD python -m app.main\n"})
    assert tree.has("src/shop/vendor/light/__init__.py")
    assert "ENV PYTHONPATH=/app/src\nCOPY src/shop/app src/shop/app\n" in tree.text("Dockerfile")
