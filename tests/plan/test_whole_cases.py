"""Conversion cases that only a whole plan shows, by their number in the catalogue that ``tests/manifests`` follows.

Each has the files before, and for a file afterwards what must stand in it (``None``: the file is gone) and, behind
``not``, what must not.
"""

from collections.abc import Mapping

import pytest

from trueup.errors import PlanRefused
from trueup.model.change import Remove, Write
from trueup.model.plan import Plan
from trueup.model.settings import Settings
from trueup.model.tree import Entry, MemoryTree, Overlay
from trueup.plan.plan import make
from trueup.read.project import of
from trueup.steps import Bench

APP = "from fastapi import FastAPI\napp = FastAPI()\n"
PINS = "fastapi==0.115.0\nuvicorn==0.30.0\n"
PACKAGE = {"app/__init__.py": "", "app/main.py": APP, "requirements.txt": PINS}
LOOSE = {"main.py": f"{APP}import models\nimport config\n", "models.py": "class User: ...\n", "config.py": "X = 1\n"}
TEST = {"tests/test_a.py": "def test(): ...\n"}
Expected = dict[str, tuple[str, ...] | None]

POETRY = '[tool.poetry]\nname = "{}"\nversion = "1"\n[tool.poetry.dependencies]\npython = "^3.12"\nfastapi = "*"\n'
LOCKED = "".join(f'[[package]]\nname = "{name}"\nversion = "1.7.4"\n\n' for name in ("passlib", "fastapi"))
CASES: dict[str, tuple[Mapping[str, str | None], Expected]] = {
    "mypy that no longer finds the package where it works": (
        {
            **LOOSE,
            "setup.cfg": "[mypy]\nignore_missing_imports = True\n",
            "Makefile": "lint:\n\tmypy . --explicit-package-bases\n",
        },
        {"pyproject.toml": ('mypy_path = "src"',), "setup.cfg": None},
    ),
    "the quotes of what is written are the project's": (
        {**PACKAGE, "ruff.toml": "[format]\nquote-style = 'single'\n"},
        {"src/app/__main__.py": ("os.environ.get('HOST', '127.0.0.1')", '"""Serve the', "== '__main__'", 'not "HOST')},
    ),
    "stubs that the program imports where it runs stay among what it needs": (
        {
            **PACKAGE,
            "app/main.py": f"{APP}from mypy_boto3_s3 import S3Client\nfrom types_aiobotocore_s3.client import C\n",
            "app/db.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from types_boto3_sqs import X\n",
            "requirements.txt": f"{PINS}boto3-stubs[s3]==1.35.0\ntypes-aioboto3[essential]==12.3.0\n"
            "types-boto3[sqs]==1.35.0\ntypes-requests==2.31.0\ntypes-aio==1.0\n",
        },
        {
            "pyproject.toml": (
                '"boto3-stubs[s3]==1.35.0",\n    "types-aioboto3[essential]==12.3.0",\n]\n\n[project.scripts]',
                'dev = [\n    "types-boto3[sqs]==1.35.0",\n    "types-requests==2.31.0",\n    "types-aio==1.0",',
            )
        },
    ),
    "comments stay above the keys of [project] that they stood over": (
        {
            **PACKAGE,
            "requirements.txt": None,
            "pyproject.toml": '[tool.poetry]\n# its name\nname = "app"\nversion = "1"\n# who\nauthors = []\n'
            '[tool.poetry.dependencies]\n# which Python\npython = "^3.12"\n# the web\nfastapi = "*"\n',
        },
        {"pyproject.toml": ('# its name\nname = "app"', "# which Python\nrequires-python", '# the web\n    "fastapi')},
    ),
    "a folder of loose modules that a volume brings where an image runs": (
        {
            "src/main.py": f"{APP}import models\n",
            "src/models.py": "X = 1\n",
            "requirements.txt": PINS,
            "Dockerfile": "FROM python:3.12\nWORKDIR /srv\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n"
            'CMD ["python", "main.py"]\n',
            "docker-compose.yml": "services:\n  web:\n    build: .\n    volumes:\n      - ./src/:/srv\n",
        },
        {
            "Dockerfile": ("WORKDIR /srv\nENV PYTHONPATH=/srv\n", 'CMD ["python", "-m", "shop.main"]\n'),
            "docker-compose.yml": ("- ./src/:/srv\n",),
        },
    ),
    "a folder of an image that is called like what it holds": (
        {
            "app/main.py": f"{APP}from core import db\n",
            "app/core/__init__.py": "",
            "app/core/db.py": "",
            "requirements.txt": PINS,
            "Dockerfile": "FROM python:3.12\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n"
            'COPY app .\nENV PYTHONPATH=/app\nCMD ["uvicorn", "main:app"]\n',
        },
        {"Dockerfile": ("COPY src/shop ./src/shop\nENV PYTHONPATH=/app/src\n",)},
    ),
    "Alembic's folder that is a package called like it": (
        {
            "src/main.py": f"{APP}from models import m\n",
            "src/models/__init__.py": "",
            "src/models/m.py": "",
            "src/alembic/__init__.py": "",
            "src/alembic/env.py": "from alembic import context\nfrom models import m\n",
            "src/alembic/versions/a.py": "from alembic import op\n",
            "src/alembic.ini": "[alembic]\nscript_location = alembic\n[logger_alembic]\nqualname = alembic\n",
            "requirements.txt": f"{PINS}alembic==1.17.1\n",
        },
        {
            "src/shop/alembic/env.py": ("from alembic import context\nfrom shop.models import m\n",),
            "src/shop/alembic/versions/a.py": ("from alembic import op\n",),
            "src/alembic.ini": ("script_location = shop/alembic\n", "qualname = alembic\n"),
        },
    ),
    "what volumes bring over one another": (
        {
            **PACKAGE,
            "Dockerfile": "FROM python:3.12\nWORKDIR /srv\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n",
            "ui/package.json": "{}",
            "docker-compose.yml": "services:\n  web:\n    build: .\n    volumes:\n      - $PWD:/srv\n"
            "  ui:\n    image: node\n    volumes:\n      - ./ui:/srv\n",
        },
        {"Dockerfile": ("WORKDIR /srv\nENV PYTHONPATH=/srv/src\n",)},
    ),
    "a script that goes to where an image runs": (
        {
            **PACKAGE,
            "requirements.txt": PINS,
            "docker-compose.yml": "services:\n  web:\n    image: python:3.12\n    volumes:\n      - ./web:/w\n",
            "web/serve.py": "print(1)\n",
            "test.ps1": '$env:PYTHONPATH = ".;$env:PYTHONPATH"\nSet-Location web\npython serve.py\n',
        },
        {"test.ps1": ('$env:PYTHONPATH = "src;$env:PYTHONPATH"\n',)},
    ),
    "images with different Pythons": (
        {
            **PACKAGE,
            "Dockerfile": "FROM python:3.12\nWORKDIR /srv\nCOPY . .\nRUN pip install -r requirements.txt\n",
            "Dockerfile.jobs": "FROM python:3.10-slim\nWORKDIR /srv\nCOPY . .\nRUN pip install -r requirements.txt\n",
            "Dockerfile.lambda": "FROM python:3.11\nCOPY . .\nRUN pip install --target /x -r requirements.txt\n",
            "Dockerfile.old": "FROM python:3.9\nCOPY tools/x.py .\nRUN pip install requests\n",
            "Dockerfile.asked": "ARG V=3.11\nFROM python:$V\nCOPY . .\nRUN pip install -r requirements.txt\n",
        },
        {
            "pyproject.toml": ('requires-python = ">=3.10"',),
            ".python-version": ("3.12",),
            "Dockerfile": ("not UV_PYTHON=",),
            "Dockerfile.jobs": ("ENV UV_PROJECT_ENVIRONMENT=/opt/venv UV_PYTHON=3.10 UV_PYTHON_DOWNLOADS=never",),
            "Dockerfile.lambda": ("\nENV UV_PYTHON=3.11\n",),
            "Dockerfile.old": ("not UV_PYTHON=",),
            "Dockerfile.asked": ("not UV_PYTHON=",),
        },
    ),
    "lists in a folder that stay for a platform alone": (
        {
            **PACKAGE,
            **TEST,
            "requirements.txt": None,
            "requirements/base.txt": PINS,
            "requirements/local.txt": "-r base.txt\npytest==8.3.4\n",
            ".readthedocs.yml": "version: 2\npython:\n  install:\n    - requirements: requirements/local.txt\n",
            ".github/workflows/ci.yml": "on: push\njobs:\n  t:\n    runs-on: ubuntu-24.04\n    steps:\n"
            "      - run: pip install -r requirements/local.txt\n      - run: python -m pytest\n",
            "Makefile": "install:\n\tpip install -r requirements/base.txt\n",
        },
        {
            "requirements/local.txt": ("-r base.txt",),
            "requirements/base.txt": (PINS,),
            ".github/workflows/ci.yml": ("&& uv sync --locked\n", "- run: uv run python -m pytest\n"),
            "Makefile": ("\tuv sync\n",),
        },
    ),
    "a list that only commands constrain by": (
        {
            **PACKAGE,
            "constraints.txt": "anyio<5\n",
            "old-constraints.txt": "anyio<2\n",
            "Makefile": "install:\n\tpython -m pip install -Uc constraints.txt -r requirements.txt\n",
            "Dockerfile": "FROM python:3.12\nWORKDIR /srv\nADD requirements.txt constraints.txt /tmp/\n"
            "RUN pip install --target /srv -r /tmp/requirements.txt \\\n    --constraint=/tmp/constraints.txt\nADD . .\n",
        },
        {
            "pyproject.toml": ('constraint-dependencies = [\n    "anyio<5",\n]',),
            "constraints.txt": None,
            "old-constraints.txt": ("anyio<2",),
            "Makefile": ("\tuv sync\n",),
            "Dockerfile": (
                "ADD pyproject.toml uv.lock /tmp/\n",
                "-q -o /tmp/requirements.txt && pip install --target /srv -r /tmp/requirements.txt\n",
                "not constraint",
            ),
        },
    ),
    "a list by which pip goes on constraining": (
        {
            **PACKAGE,
            "constraints.txt": "anyio<5\n",
            "Dockerfile": "FROM python:3.12\nWORKDIR /srv\nADD requirements.txt constraints.txt /tmp/\n"
            "RUN pip install --target /srv -r /tmp/requirements.txt -c /tmp/constraints.txt && \\\n"
            "    pip install --target /srv --no-deps httpx -c /tmp/constraints.txt\nADD . .\n",
        },
        {
            "pyproject.toml": ('constraint-dependencies = [\n    "anyio<5",\n]',),
            "constraints.txt": ("anyio<5",),
            "Dockerfile": (
                "ADD pyproject.toml uv.lock constraints.txt /tmp/\n",
                "pip install --target /srv -r /tmp/requirements.txt -c /tmp/constraints.txt && ",
                "httpx -c /tmp/constraints.txt\n",
            ),
        },
    ),
    "python among constraints is no package": (
        {**PACKAGE, "requirements.txt": f"-c constraints.txt\n{PINS}", "constraints.txt": "python>=3.12\nanyio<5\n"},
        {"pyproject.toml": ('constraint-dependencies = [\n    "anyio<5",\n]', 'not "python>')},
    ),
    "what a script of the tests imports is no dependency of the program": (
        {
            **PACKAGE,
            **TEST,
            "tests_pre_start.py": "import tenacity\nfrom app.main import app\n",
            "tests-start.sh": "python tests_pre_start.py && pytest\n",
            "requirements-dev.txt": "tenacity==8.0.0\n",
        },
        {"pyproject.toml": ('dependencies = [\n    "fastapi==0.115.0",\n    "uvicorn==0.30.0",\n]',)},
    ),
    "flake8 that reads pyproject.toml is a linter": (
        {
            **PACKAGE,
            "requirements-dev.txt": "pyproject-flake8==7.0.0\n",
            "Makefile": "lint:\n\tpflake8 app\n",
            "pyproject.toml": "[tool.flake8]\nmax-line-length = 99\n",
        },
        {"pyproject.toml": ("[tool.flake8]", "not ruff")},
    ),
    "CI that installs and tests by make alone": (
        {
            **PACKAGE,
            **TEST,
            "requirements.txt": None,
            "pyproject.toml": POETRY.format("shop"),
            "poetry.lock": LOCKED,
            "Makefile": "install:\n\tpoetry install\ntest:\n\tpoetry run pytest\n",
            ".github/workflows/a.yml": "jobs:\n  a:\n    steps:\n      - uses: snok/install-poetry@v1\n"
            "        with:\n          version: 1.8.3\n\n      - uses: actions/setup-python@v5\n        with:\n"
            "          python-version: '3.12'\n          cache: poetry\n      - run: make install test\n",
            ".github/workflows/b.yml": "jobs:\n  a:\n    steps:\n      - run: pip install poetry\n"
            "      - run: make test\n",
        },
        {
            ".github/workflows/a.yml": (
                "      - uses: astral-sh/setup-uv@",
                '        with:\n          version: "0.13.9"\n\n      - uses: actions/setup-python@',
                "          python-version: '3.12'\n      - run: make",
                "not oetry",
            ),
            ".github/workflows/b.yml": ("      - run: pip install uv==0.13.9\n      - run: make", "not oetry"),
        },
    ),
    "a test of mutants, and the programs of Python's tools in a block that names no language": (
        {
            **PACKAGE,
            **TEST,
            "requirements-dev.txt": "mutmut\nbandit\npylint\nvulture\n",
            "setup.cfg": "[mutmut]\npaths_to_mutate=app/,tests/\ntests_dir=tests/\n",
            "pyproject.toml": '[tool.mutmut]\npaths_to_mutate = ["app/"]\ndo_not_mutate = "app/main.py"\n',
            "README.md": "# x\n\n```\npip install -r requirements.txt\n```\n\n```\npylint app --rcfile pyproject.toml\n"
            "mutmut run\nbandit -r app\n```\n\n```\nvulture\n```\n\n```\nvultures fly\napp/main.py: mutmut\n```\n",
        },
        {
            "setup.cfg": ("paths_to_mutate=src/app/,tests/\n",),
            "pyproject.toml": ('paths_to_mutate = ["src/app/"]\ndo_not_mutate = "src/app/main.py"',),
            "README.md": (
                "uv run pylint app --rcfile",
                "uv run mutmut run\nuv run bandit -r src/app\n",
                "uv run vulture\n",
                "```\nvultures fly\napp/main.py: mutmut\n",
            ),
        },
    ),
    "examples of settings are what users copy": (
        {
            **PACKAGE,
            "app/templates/a.html": "",
            "sonar-project.properties.example": "sonar.sources=./app\n",
            "compose.yml.dist": "services:\n  a:\n    image: x\n    volumes: ['./app:/w/app']\n",
            "NOTES.md.template": "app/main.py\n",
            ".idea/x.iml": '<x><option value="$MODULE_DIR$/app/templates" /></x>\n',
        },
        {
            "sonar-project.properties.example": ("sonar.sources=./src/app\n",),
            "compose.yml.dist": ("'./src/app:/w/",),
            "NOTES.md.template": ("app/main.py\n", "not src"),
            ".idea/x.iml": ('value="$MODULE_DIR$/src/app/templates"',),
        },
    ),
    "the arguments of an entrypoint": (
        {
            **PACKAGE,
            "requirements.txt": f"{PINS}celery\n",
            "app/main.py": f"import celery_config\n{APP}",
            "celery_config.py": "from celery import Celery\napp = Celery()\n",
            "Dockerfile": "FROM python:3.12\nWORKDIR /w\nCOPY . .\nRUN pip install -r requirements.txt\n",
            "compose.yml": "services:\n  a:\n    build: .\n    entrypoint: celery\n"
            "    command: -A celery_config.app worker\n  b:\n    build: .\n    entrypoint: [celery]\n"
            "    command: ['-A', 'celery_config.app', worker]\n  c:\n    build: .\n    entrypoint: ./x.sh\n"
            "    command: -A celery_config.app\n",
        },
        {
            "compose.yml": (
                "command: -A app.celery_config.app worker\n",
                "command: ['-A', 'app.celery_config.app', worker]\n",
                "command: -A celery_config.app\n",
            )
        },
    ),
    "settings of a pytest that does not read its new table": (
        {
            **PACKAGE,
            **TEST,
            "requirements.txt": None,
            "pyproject.toml": f'{POETRY.format("shop")}[tool.poetry.group.dev.dependencies]\npytest = "^7.2"\n'
            '[tool.pytest]\ntestpath = "tests"\n',
        },
        {
            "pyproject.toml": (
                '[tool.pytest]\ntestpath = "tests"\n',
                '[tool.pytest.ini_options]\naddopts = "-ra --strict-markers --strict-config"\n',
                'minversion = "7.2"\n',
            )
        },
    ),
    "what editors are told to check": (
        {
            **PACKAGE,
            **TEST,
            ".devcontainer/devcontainer.json": '{\n  // of VS Code\n  "customizations": {"vscode": {"settings": {\n'
            '    "mypy.targets": ["./app", "tests"],\n    "python.analysis.extraPaths": ["."],\n  }}},\n}\n',
            ".vscode/settings.json": '{"mypy.targets": ["app"], "editor.rulers": ["app"]}\n',
        },
        {
            ".devcontainer/devcontainer.json": ('["./src/app", "tests"]', "// of VS Code"),
            ".vscode/settings.json": ('"mypy.targets": ["src/app"], "editor.rulers": ["app"]',),
        },
    ),
    "a pin that git would ignore": (
        {**PACKAGE, ".gitignore": ".*\n!.gitignore\n"},
        {".gitignore": ("!.python-version",), ".python-version": ("3.",)},
    ),
    "a readme without a suffix": (
        {**PACKAGE, "README": "Shop\n====\n"},
        {"pyproject.toml": ('readme = { file = "README", content-type = "text/plain" }',)},
    ),
    "a readme of Markdown without a suffix": (
        {
            **PACKAGE,
            "README": "# Shop\n",
            "pyproject.toml": '[tool.poetry]\nname = "app"\nversion = "1"\nreadme = "README"\n',
        },
        {"pyproject.toml": ('readme = { file = "README", content-type = "text/markdown" }',)},
    ),
    "an extra of nothing, which is asked for": (
        {
            "app/__init__.py": "",
            "app/main.py": APP,
            "requirements.txt": None,
            "pyproject.toml": f"{POETRY.format('shop')}[tool.poetry.extras]\nall = []\nweb = ['fastapi']\n",
            "Makefile": "a:\n\tpoetry install -E all\n",
        },
        {
            "pyproject.toml": ("[project.optional-dependencies]\n", "all = []\n", 'web = [\n    "fastapi'),
            "Makefile": ("uv sync --extra all\n",),
        },
    ),
    "what a variable of a Makefile mounts and tests in a container": (
        {
            **PACKAGE,
            "Dockerfile": "FROM python:3.12\nWORKDIR /w\nCOPY requirements.txt ./\n"
            "RUN pip install -r requirements.txt\nCOPY . .\n",
            "app/tests/test_a.py": "def test(): ...\n",
            "deep/Makefile": "X := docker compose exec web pytest app/tests\n"
            "RUN = docker run -v $(PWD)/app:/w/app img\na:\n\t$(RUN) ls\n",
        },
        {"deep/Makefile": (":/w/src/app img\n",), "Dockerfile": ("uv sync --locked --no-install-project\n",)},
    ),
    "tools that a container runs in its shell": (
        {
            **PACKAGE,
            "requirements.txt": f"{PINS}isort==5.0.0\n",
            "Dockerfile": "FROM python:3.12\nWORKDIR /w\nCOPY requirements.txt ./\n"
            "RUN pip install -r requirements.txt\nCOPY . .\n",
            "Makefile": 'a:\n\tdocker exec c bash -c "find . | xargs isort"\n',
        },
        {"Dockerfile": ("uv sync --locked --no-install-project\n", "not --no-default-groups")},
    ),
    "tools that Poetry installed for run time and a container runs": (
        {
            **PACKAGE,
            **TEST,
            "requirements.txt": None,
            "pyproject.toml": '[tool.poetry]\nname = "shop"\nversion = "1"\n[tool.poetry.dependencies]\n'
            'python = "^3.12"\nfastapi = "*"\npytest = "*"\n',
            "Dockerfile": "FROM python:3.12\nRUN pip install poetry\nWORKDIR /w\nCOPY pyproject.toml poetry.lock ./\n"
            "RUN poetry install --only main --no-root\nCOPY . .\n",
            "Makefile": "a:\n\tdocker compose exec web pytest -v\n",
        },
        {"Dockerfile": ("uv sync --locked --no-default-groups --no-install-project --group test\n",)},
    ),
    "extras that only the list of an image asks for": (
        {
            "app/__init__.py": "",
            "app/main.py": f"import passlib\n{APP}",
            "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.12"\n'
            'dependencies = ["fastapi[all_of]", "passlib==1.7.4"]\n',
            "uv.lock": f'version = 1\nrequires-python = ">=3.12"\n\n{LOCKED}',
            "requirements.txt": "fastapi[all-of]==1.7.4\npasslib[bcrypt,argon2]==1.7.4\n",
        },
        {"pyproject.toml": ('"passlib[bcrypt,argon2]==1.7.4"', '"fastapi[all_of]"'), "requirements.txt": None},
    ),
    "a group of groups holds nothing else, which the TOML of pytest 6 does not take": (
        {**PACKAGE, **TEST},
        {"pyproject.toml": ('lint = ["ruff"]', 'include-group = "lint"', 'include-group = "test"', 'not "ruff" }')},
    ),
    "the lock is checked, and then what it holds is built and audited": (
        {
            **PACKAGE,
            ".github/workflows/ci.yml": "on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n"
            "      - run: uv sync\n      - run: uv run pytest\n",
            "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.12"\n'
            'dependencies = ["fastapi==0.115.0", "uvicorn==0.30.0"]\n',
            "uv.lock": f'version = 1\nrequires-python = ">=3.12"\n\n{LOCKED}',
        },
        {
            ".github/workflows/ci.yml": (
                "      - run: uv sync --locked\n      - run: uv build\n"
                "      - run: uv audit --locked --preview-features audit-command\n      - run: uv run",
            )
        },
    ),
    "what prints to nowhere takes a step behind it, too": (
        {
            **PACKAGE,
            ".github/workflows/ci.yml": "on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n"
            "      - run: uv sync >/dev/null 2>&1\n      - run: uv run pytest\n",
            "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.12"\n'
            'dependencies = ["fastapi==0.115.0", "uvicorn==0.30.0"]\n',
            "uv.lock": f'version = 1\nrequires-python = ">=3.12"\n\n{LOCKED}',
        },
        {
            ".github/workflows/ci.yml": (
                "      - run: uv sync --locked >/dev/null 2>&1\n      - run: uv build\n"
                "      - run: uv audit --locked --preview-features audit-command\n      - run: uv run",
            )
        },
    ),
    "what is built and audited lies where uv is told": (
        {
            **PACKAGE,
            ".github/workflows/ci.yml": "on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n"
            "      - uses: actions/checkout@v4 # v4.1.1\n      - uses: actions/cache@v4 # of uv\n"
            "      - run: uv sync --locked --project backend\n",
            "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.12"\n'
            'dependencies = ["fastapi==0.115.0", "uvicorn==0.30.0"]\n',
            "uv.lock": f'version = 1\nrequires-python = ">=3.12"\n\n{LOCKED}',
        },
        {
            ".github/workflows/ci.yml": (
                "@11bd71901bbe5b1630ceea73d27597364c9af683  # v4.2.2\n",
                "@5a3ec84eff668545956fd18022155c47e93e2684 # of uv\n",
                "- run: uv build --project backend\n",
                "- run: uv audit --locked --preview-features audit-command --project backend\n",
            )
        },
    ),
    "patterns that are none, and a line without a word": (
        {
            **PACKAGE,
            "requirements.txt": PINS + "\\",
            ".gitignore": "[z-a]\n\\\n.venv\n",
            ".dockerignore": "[z-a]\n*\n!app\n",
            "Dockerfile": "FROM python:3.12\nCOPY . .\nRUN pip install -r requirements.txt\n",
        },
        {"src/app/main.py": ("FastAPI()",), "requirements.txt": None, "Dockerfile": ("uv sync",)},
    ),
    "a group of own tools takes the linter": (
        {**PACKAGE, **TEST, "requirements-dev.txt": "black\n"},
        {"pyproject.toml": ("not lint = [",)},
    ),
    "lists that lie in the package": (
        {
            "app/__init__.py": "",
            "app/main.py": f"from app import db\n{APP}",
            "app/db.py": "",
            "requirements.txt": None,
            "app/requirements.txt": PINS,
            "app/requirements-dev.txt": "-r requirements.txt\npytest==8.0.0\n",
            "Dockerfile": "FROM python:3.12\nWORKDIR /w\nCOPY ./app/requirements.txt /w/requirements.txt\n"
            "RUN pip install -r /w/requirements.txt\nCOPY ./app /w/app\n",
            "README.md": "```\npip install -r app/requirements.txt\n```\n",
        },
        {
            "app/requirements.txt": None,
            "requirements-dev.txt": None,
            "pyproject.toml": ('"fastapi==0.115.0"', '"pytest==8.0.0"'),
            "Dockerfile": ("COPY ./pyproject.toml ./uv.lock /w/\n", "uv sync --locked --no-default-groups", "not pip"),
            "README.md": ("uv sync",),
        },
    ),
    "a list in the package, which an image beside it installs": (
        {
            "app/__init__.py": "",
            "app/main.py": f"from app import db\n{APP}",
            "app/db.py": "",
            "requirements.txt": None,
            "app/requirements.txt": f"{PINS}redis\n",
            "app/Dockerfile": "FROM python:3.12\nWORKDIR /w\nCOPY requirements.txt app/requirements.txt\n"
            "RUN pip install -r app/requirements.txt\nCOPY . ./app\nCMD uvicorn app.main:app\n",
            "docker-compose.yml": "services:\n  web:\n    build: ./app\n",
            "Makefile": "a:\n\tpip install -r app/requirements.txt\n",
            "tests/test_a.py": "import app.db\n\n\ndef test_a():\n    assert app.db\n",
            ".github/workflows/a.yml": "jobs:\n  a:\n    steps:\n    - run: |\n"
            "        pip install flake8 pytest\n        if [ -f app/requirements.txt ]; then\n"
            "          pip install -r app/requirements.txt\n        fi\n        pytest\n",
        },
        {
            "src/app/requirements.txt": (PINS, "redis\n"),
            "pyproject.toml": ('"fastapi==0.115.0"', '"redis"', 'test = ["pytest"'),
            "src/app/Dockerfile": ("pip install -r src/app/requirements.txt\n", "COPY . ./src/app\n"),
            "Makefile": ("\tuv sync\n",),
            ".github/workflows/a.yml": ("        pip install flake8\n", "uv sync --locked\n", "uv run pytest"),
        },
    ),
    "a list in the package that says more than the project, and an image beside it": (
        {
            "app/__init__.py": "",
            "app/main.py": f"from app import db\n{APP}",
            "app/db.py": "",
            "requirements.txt": PINS,
            "app/requirements.txt": "redis\n",
            "app/Dockerfile": "FROM python:3.12\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n",
            "Makefile": "a:\n\tpip install -r app/requirements.txt\n",
        },
        {"Makefile": ("\tpip install -r src/app/requirements.txt\n",), "pyproject.toml": ("not redis",)},
    ),
    "a folder that is called like the module in it": (
        {
            "api/api.py": APP,
            "api/checks.py": "from api import app\n\nassert app\n",
            "requirements.txt": PINS,
            "Dockerfile": "FROM python:3.12\nWORKDIR /w\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n"
            "COPY api .\nCMD uvicorn api:app\n",
        },
        {
            "src/shop/checks.py": ("from shop.api import app\n",),
            "Dockerfile": ("CMD uvicorn shop.api:app\n", "ENV PYTHONPATH=/w/src\n"),
        },
    ),
    "a readme that .dockerignore hides from an image of uv": (
        {
            "main.py": APP,
            "README.md": "# Shop\n",
            "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\nreadme = "README.md"\nrequires-python = ">=3.12"\n'
            'dependencies = ["fastapi==0.115.0", "uvicorn==0.30.0"]\n',
            "uv.lock": f'version = 1\nrequires-python = ">=3.12"\n\n{LOCKED}',
            ".dockerignore": "*.md\n",
            "Dockerfile": "FROM python:3.12\nWORKDIR /w\nCOPY . .\nRUN uv sync --locked\nCMD uv run uvicorn main:app\n",
        },
        {".dockerignore": ("*.md\n", "!README.md\n")},
    ),
    "an image for development whose code comes by a volume, and that syncs at its start": (
        {
            "main.py": APP,
            "README.md": "# Shop\n",
            "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\nreadme = "README.md"\nrequires-python = ">=3.12"\n'
            'dependencies = ["fastapi==0.115.0", "uvicorn==0.30.0"]\n',
            "uv.lock": f'version = 1\nrequires-python = ">=3.12"\n\n{LOCKED}',
            "Dockerfile": "FROM python:3.12\nWORKDIR /w\nCOPY pyproject.toml uv.lock ./\nRUN uv sync --locked\n"
            'CMD ["uv", "run", "uvicorn", "main:app"]\n',
        },
        {
            "Dockerfile": (
                "RUN uv sync --no-install-project --locked\n",
                'CMD ["uv", "run", "uvicorn", "shop.main:app"]',
            )
        },
    ),
    "alembic is started from above its settings": (
        {
            "src/main.py": f"from database import X\n{APP}",
            "src/database.py": "X = 1\n",
            "src/alembic.ini": "[alembic]\nscript_location = src/migrations\nprepend_sys_path = ./src\n",
            "src/migrations/env.py": "from alembic import context\nfrom database import X\n",
            "requirements.txt": PINS,
            "Makefile": "migrate:\n\talembic -c src/alembic.ini upgrade head\n",
        },
        {"src/alembic.ini": ("script_location = src/shop/migrations\nprepend_sys_path = ./src\n",)},
    ),
    "tests beside the package are no part of it": (
        {
            "src/shopping/__init__.py": "",
            "src/shopping/main.py": APP,
            "src/tests/__init__.py": "",
            "src/tests/test_a.py": "from shopping import main\ndef test(): ...\n",
            "pyproject.toml": '[tool.poetry]\nname = "other"\nversion = "1"\npackages = [{include = "shopping", from = "src"}]\n'
            '[tool.poetry.dependencies]\npython = "^3.12"\nfastapi = "^0.115"\n'
            '[build-system]\nrequires = ["poetry-core"]\nbuild-backend = "poetry.core.masonry.api"\n',
        },
        {"pyproject.toml": ('packages = ["src/shopping"]\n',)},
    ),
    "packages with telling names keep them": (
        {
            "manage.py": "import os\nos.environ['DJANGO_SETTINGS_MODULE'] = 'shop.settings'\nimport django\nimport shop\n",
            "shop/__init__.py": "",
            "shop/settings.py": "ROOT_URLCONF = 'shop.urls'\nINSTALLED_APPS = ['orders']\n",
            "shop/urls.py": "from orders import views\n",
            "orders/__init__.py": "",
            "orders/views.py": "from shop import settings\n",
            "requirements.txt": "django==5.0\n",
        },
        {
            "src/orders/views.py": ("from shop import settings\n",),
            "src/shop/urls.py": ("from orders import views\n",),
            "pyproject.toml": ("[build-system]", 'packages = [\n    "src/orders",\n    "src/shop",\n]'),
        },
    ),
    "units that start scripts": (
        {
            "src/main.py": f"from database import X\n{APP}",
            "src/database.py": "X = 1\n",
            "requirements.txt": PINS,
            "shop.service": "[Service]\nWorkingDirectory=/opt/shop/src\nExecStart=/opt/shop/venv/bin/python main.py\n",
            "supervisord.conf": "[program:a]\ndirectory=/srv/me\ncommand=/srv/me/venv/bin/python /srv/me/src/main.py\n",
        },
        {
            "shop.service": ("/opt/shop/venv/bin/python -m shop.main\n", "WorkingDirectory=/opt/shop/src\n"),
            "supervisord.conf": ("/srv/me/venv/bin/python /srv/me/src/shop/main.py\n",),
        },
    ),
    "what a session answers is no command": (
        {
            **PACKAGE,
            "requirements-dev.txt": "pre-commit\n",
            "README.md": "```console\n$ pip install -r requirements.txt\n$ pre-commit \\\n    install\n"
            "pre-commit installed at .git/hooks\n```\n```console\npre-commit run\n```\n",
        },
        {"README.md": ("$ uv sync\n$ uv run pre-commit", "\npre-commit installed at", "\nuv run pre-commit run\n")},
    ),
    "a list of that name at the root, too": (
        {
            "app/__init__.py": "",
            "app/main.py": f"from app import db\n{APP}",
            "app/db.py": "",
            "app/requirements.txt": "redis==5.0.0\n",
            "requirements.txt": PINS,
        },
        {"src/app/requirements.txt": ("redis==5.0.0",), "requirements.txt": None, "pyproject.toml": ("not redis",)},
    ),
    "a list for tools within the list that an image installs": (
        {
            **PACKAGE,
            "requirements.txt": f"{PINS}-r dev-requirements.txt\n",
            "dev-requirements.txt": "pytest==8.0.0\n",
            "Dockerfile": "FROM python:3.12\nWORKDIR /w\nCOPY requirements.txt dev-requirements.txt /w/\n"
            "RUN pip install -r /w/requirements.txt\nCOPY app app\n",
        },
        {
            "dev-requirements.txt": None,
            "Dockerfile": (
                "COPY pyproject.toml uv.lock /w/\n",
                "uv sync --locked --no-install-project\n",
                "not dev-req",
            ),
        },
    ),
    "a folder of lists, of which an image takes one": (
        {
            "app/__init__.py": "",
            "app/main.py": APP,
            "requirements/production.txt": "gunicorn==21.2.0\n",
            "requirements/gpu.txt": "torch\n",
            "requirements/constraints.txt": "tomli<2\n",
            "Dockerfile": "FROM python:3.12\nWORKDIR /w\nCOPY requirements/ requirements/\n"
            "RUN pip install -r requirements/production.txt\nCOPY app app\n",
            "Makefile": "a:\n\tpip install --extra-index-url https://x.example -r requirements/gpu.txt\n",
        },
        {
            "pyproject.toml": (
                'prod = [\n    "gunicorn==21.2.0",\n]',
                'constraint-dependencies = [\n    "tomli<2",\n]',
            ),
            "Dockerfile": ("COPY pyproject.toml uv.lock ./\n", "--no-install-project --group prod\n"),
            "Makefile": ("\tuv sync --group gpu\n",),
        },
    ),
    "tools that are run in another image": (
        {
            **PACKAGE,
            "requirements-dev.txt": "-r requirements.txt\npytest==8.0.0\nblack==24.1.0\n",
            "Dockerfile": "FROM python:3.12\nWORKDIR /w\nCOPY requirements.txt .\n"
            "RUN pip install -r requirements.txt\nCOPY app app\nCMD uvicorn app.main:app\n",
            "Dockerfile.test": "FROM python:3.12\nWORKDIR /w\nCOPY requirements*.txt ./\n"
            "RUN pip install -r requirements-dev.txt\nCOPY app app\nCMD black . && pytest\n",
            "docker-compose.yml": "services:\n  web:\n    build: .\n  test:\n    build:\n      context: .\n"
            "      dockerfile: Dockerfile.test\n    command: pytest -v\n",
        },
        {
            "Dockerfile": ("uv sync --locked --no-default-groups --no-install-project\n",),
            "Dockerfile.test": ("uv sync --locked --no-install-project\n",),
        },
    ),
    "tools that are run in a container": (
        {
            **PACKAGE,
            "requirements-dev.txt": "-r requirements.txt\npytest==8.0.0\n",
            "requirements-test.txt": "-r requirements-dev.txt\ncodecov\n",
            "Dockerfile": "FROM python:3.12\nWORKDIR /w\nCOPY requirements.txt .\n"
            "RUN pip install -r requirements.txt\nCOPY app app\n",
            "Makefile": "t:\n\tdocker compose exec api pytest\n",
        },
        {
            "pyproject.toml": (
                'test = [\n    "pytest==8.0.0",',
                'default-groups = ["test"]',
                "not include-group",
            ),
            "Dockerfile": ("uv sync --locked --no-install-project\n",),
        },
    ),
    "settings of one file that flake8 reads, and others do not": (
        {
            **PACKAGE,
            "requirements-dev.txt": "flake8\npytest\npytest-cov\nmypy\n",
            "setup.cfg": "[flake8]\nmax-line-length = 100\n[mypy]\nstrict = True\n"
            '[mypy.plugins.django-stubs]\ndjango_settings_module = "x.settings"\n'
            "[tool:pytest]\naddopts = --cov=app --cov-config=setup.cfg\n[coverage:run]\nbranch = True\n"
            "[coverage:paths]\nsource =\n    app\n    */site-packages/app\n",
            "Makefile": "a:\n\tflake8 --config setup.cfg app\n\tmypy --config-file setup.cfg app\n",
            ".pre-commit-config.yaml": "repos:\n- repo: https://x.example/hooks\n  hooks:\n"
            '  - id: flake8\n    args: ["--config=setup.cfg"]\n',
        },
        {
            "pyproject.toml": (
                "--cov-config=pyproject.toml",
                'django_settings_module = "x.settings"\n',
                'source = [\n    "src/app",\n    "*/site-packages/app",\n]',
            ),
            "setup.cfg": ("[flake8]\n", "not coverage"),
            "Makefile": ("flake8 --config setup.cfg src/app\n\tmypy --config-file pyproject.toml src/app\n",),
            ".pre-commit-config.yaml": ('args: ["--config=setup.cfg"]\n',),
        },
    ),
    "flake8 that a hook or pytest runs": (
        {
            **PACKAGE,
            ".flake8": "[flake8]\nmax-line-length = 120\n",
            "requirements-dev.txt": "pytest\npytest-flake8\n",
        },
        {".flake8": ("max-line-length = 120\n",), "pyproject.toml": ("not line-length",)},
    ),
    "places of servers that are set in their own files": (
        {
            **PACKAGE,
            "app/static/x.css": "",
            "Dockerfile": "FROM python:3.12\nWORKDIR /code\nCOPY . .\n",
            "compose.yml": "services:\n  web:\n    build: .\n    command: uvicorn main:app --app-dir /code/app\n",
            "gunicorn.conf.py": 'chdir = "app"\n',
            "uwsgi.ini": "[uwsgi]\nstatic-map = /static=/code/app/static\nstatic-map2 = /other=/srv/other\n",
        },
        {
            "compose.yml": ("--app-dir /code/src/app\n",),
            "gunicorn.conf.py": ('chdir = "src/app"\n',),
            "uwsgi.ini": ("static-map = /static=/code/src/app/static\n", "static-map2 = /other=/srv/other\n"),
        },
    ),
    "an ignore file that lets in only what it names": (
        {
            "main.py": f"import settings\n{APP}",
            "settings.py": "",
            "requirements.txt": PINS,
            "Dockerfile": "FROM python:3.12\nWORKDIR /w\nCOPY . .\nRUN pip install -r requirements.txt\n"
            'CMD ["uvicorn", "main:app"]\n',
            ".dockerignore": "*\n!main.py\n!settings.py\n!requirements.txt",
        },
        {
            ".dockerignore": (
                "*\n!src/shop/main.py\n!src/shop/settings.py\n!requirements.txt\n!pyproject.toml\n!uv.lock\n"
                "!src/shop/__init__.py\n!src/shop/__main__.py\n",
            )
        },
    ),
    "names of modules where few look": (
        {
            "main.py": f"import sys\nimport settings\nA = 'settings' in sys.modules\n{APP}",
            "settings.py": "class W(Warning): ...\n",
            "requirements.txt": PINS,
            **TEST,
            "pytest.ini": "[pytest]\nfilterwarnings =\n    error::settings.W\n    ignore:x:settings.W:main\n"
            "    ignore::W:^settings\n    ignore::W:settings\\.x\n",
            "Makefile": 'a: ; python -c "from settings import W"\nb: a ; @python -m settings\nC := a;settings\n',
        },
        {
            "src/shop/main.py": ("A = 'shop.settings' in sys.modules\n",),
            "pyproject.toml": (
                '"error::shop.settings.W",\n    "ignore:x:shop.settings.W:shop.main",\n',
                "\"ignore::W:^shop.settings\",\n    'ignore::W:shop.settings\\.x',\n",
            ),
            "Makefile": (
                'a: ; python -c "from shop.settings import W"\nb: a ; @python -m shop.settings\nC := a;settings\n',
            ),
        },
    ),
    "an image that gets all its code by a volume": (
        {
            **PACKAGE,
            "Dockerfile": 'FROM python:3.12\nWORKDIR /w\nRUN pip install fastapi\nCMD ["uvicorn", "app.main:app"]\n',
            "compose.yml": "services:\n  w:\n    build: .\n    volumes:\n      - .:/w\n",
        },
        {"Dockerfile": ("WORKDIR /w\nENV PYTHONPATH=/w/src\n",)},
    ),
    "texts that are names of files": (
        {
            "main.py": f"import db\nH = 'seed.json'\nC = 'handlers.Mine'\n{APP}",
            "db.py": "",
            "seed.py": "json = 1\nprint('seed.log')\n",
            "handlers.py": "class Mine: ...\n",
        },
        {"seed.py": (), "src/shop/handlers.py": ()},
    ),
    "a document that goes back, and one that goes into its clone": (
        {
            "shop/__init__.py": "",
            "shop/main.py": APP,
            "README.md": "```sh\ngit clone https://x.example/me/shop.git\ncd shop\n```\n"
            "```sh\ncd frontend\nnpm install\n```\nBack:\n```sh\npython shop/main.py\n```\n",
        },
        {"README.md": ("cd shop\n```", "npm install\n", "python -m shop.main\n")},
    ),
    "versions that meet between those that are written": (
        {**PACKAGE, "requirements.txt": "pydantic>=2,<3\n", "requirements-dev.txt": "pydantic>2.1\n"},
        {"pyproject.toml": ('"pydantic>=2,<3"', '"pydantic>2.1"')},
    ),
    "lists whose -m runs no module": (
        {
            "main.py": f"import db, subprocess as s, sys\ns.run(['git', 'commit', '-m', 'db'])\n"
            f"s.run([sys.executable, '-m', 'db'])\ns.run(['coverage', 'run', '-m', 'db'])\n{APP}",
            "db.py": "",
            "tests/test_a.py": "import pytest\npytest.main(['-m', 'db'])\n",
        },
        {
            "src/shop/main.py": (
                "['git', 'commit', '-m', 'db']",
                "[sys.executable, '-m', 'shop.db']",
                "['coverage', 'run', '-m', 'shop.db']",
            ),
            "tests/test_a.py": ("['-m', 'db']",),
        },
    ),
    "flake8 with values of options": (
        {
            **PACKAGE,
            "requirements-dev.txt": "flake8\n",
            ".github/workflows/a.yml": "jobs:\n  a:\n    steps:\n    - run: pip install -r requirements.txt\n"
            "    - run: flake8 --max-line-length 120\n    - run: python -m flake8 .\n    - run: flake8 app\n",
        },
        {
            ".github/workflows/a.yml": (
                "uv run flake8 --extend-exclude=.venv --max-line-length 120\n",
                "uv run python -m flake8 --extend-exclude=.venv .\n",
                "uv run flake8 src/app\n",
            )
        },
    ),
    "a package at the root beside src, which is one itself": (
        {
            "src/__init__.py": "",
            "src/core.py": "x = 1\n",
            "app/__init__.py": "",
            "app/main.py": f"{APP}from src.core import x\n",
            ".github/workflows/a.yml": "jobs:\n  a:\n    steps:\n    - run: mypy app/ src/ --strict\n    - run: black app src/core.py\n",
            "requirements.txt": "fastapi\n",
            "pyproject.toml": '[tool.trueup]\npackage = "shop"\n',
        },
        {".github/workflows/a.yml": ("mypy src/shop/app/ src/ --strict\n", "black src/shop/app src/shop/core.py\n")},
    ),
    "images of a uv project that is now built, and whose readme they lack": (
        {
            **PACKAGE,
            "README.md": "Shop\n",
            "requirements.txt": "",
            "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\nreadme = "README.md"\ndependencies = ["fastapi"]\n',
            "uv.lock": "version = 1\n",
            "Dockerfile": "FROM python:3.12\nWORKDIR /w\nCOPY ./pyproject.toml /w/pyproject.toml\nCOPY ./uv.lock /w/uv.lock\n"
            "RUN uv sync --frozen --no-install-project\nCOPY ./app /w/app\nRUN uv sync --frozen\n",
            "b.Dockerfile": "FROM python:3.12\nWORKDIR /w\nCOPY pyproject.toml uv.lock ./\n"
            "RUN uv sync --frozen --no-install-project\nCOPY app app\nRUN --mount=type=cache,target=/c \\\n  uv sync\n",
        },
        {
            "Dockerfile": (
                "COPY ./src/app /w/src/app\nCOPY ./README.md /w/README.md\nRUN uv sync --no-dev --frozen\n",
            ),
            "b.Dockerfile": (
                "COPY src/app src/app\nCOPY README.md ./\nRUN --mount=type=cache,target=/c \\\n  uv sync --no-dev\n",
            ),
        },
    ),
    "the plain list, which another one contradicts; a script beside the only package": (
        {
            **PACKAGE,
            "app/main.py": f"{APP}from .db import x\n",
            "app/db.py": "x = 1\n",
            "run.py": "import uvicorn\nif __name__ == '__main__':\n    uvicorn.run('app.main:app')\n",
            "alembic.ini": "[alembic]\nscript_location = alembic\nprepend_sys_path = .\n",
            "alembic/env.py": "from app.db import x\n",
            "alembic/script.py.mako": "",
            "requirements.txt": "fastapi\npydantic==1.10.13\n",
            "requirements-minimal.txt": "fastapi\npydantic==2.5.0\n",
        },
        {
            "pyproject.toml": ('"pydantic==1.10.13"', "not 2.5.0"),
            "src/app/db.py": ("x = 1\n",),
            "run.py": ("'app.main:app'",),
        },
    ),
    "what pip was told besides the list": (
        {
            **PACKAGE,
            "requirements.txt": "fastapi\n",
            "Dockerfile": "FROM python:3.12\nWORKDIR /w\nCOPY requirements.txt .\n"
            "RUN pip install --no-cache-dir -r requirements.txt gunicorn 'gevent>=24'\nCOPY . .\n"
            'CMD ["gunicorn", "app.main:app"]\n',
            "b.Dockerfile": "FROM python:3.12\nWORKDIR /w\nCOPY . .\nRUN pip install -r requirements.txt gunicorn\n",
            "README.md": "```bash\npip install -r requirements.txt //linux\npip install -r requirements.txt black\n"
            "python -c \"print('\u2705', 1)\"\ngit checkout v1 -- app/main.py\ngit add app/main.py\n```\n",
        },
        {
            "Dockerfile": (
                "--no-install-project\nCOPY . .\n",
                "uv sync --locked --no-default-groups && uv pip install --python /opt/venv gunicorn 'gevent>=24'\nCMD",
            ),
            "b.Dockerfile": ("uv sync --locked --no-default-groups && uv pip install --python /opt/venv gunicorn\n",),
            "README.md": (
                "uv sync //linux\nuv sync && uv pip install black\nuv run python -c",
                "git checkout v1 -- app/main.py\ngit add src/app/main.py\n",
            ),
        },
    ),
    "a project within, which is another": (
        {
            **PACKAGE,
            "requirements.txt": "fastapi\n",
            "other/setup.py": "from setuptools import setup\nsetup(name='other')\n",
            "other/other/__init__.py": "import pickle\nx = pickle.load\n",
            "other/README.md": "```bash\npip install -r requirements.txt\npython run.py\n```\n",
            "README.md": "```bash\npip install -r requirements.txt\n```\n",
        },
        {"README.md": ("uv sync\n",), "other/README.md": ("pip install -r requirements.txt\npython run.py\n",)},
    ),
    "an image that installs the tools where it is told to": (
        {
            **PACKAGE,
            "requirements.txt": "fastapi\n",
            "requirements.dev.txt": "pytest\n",
            "tests/test_a.py": "",
            "Dockerfile": "FROM python:3.12\nARG DEV\nWORKDIR /w\nCOPY requirements.txt requirements.dev.txt ./\n"
            "RUN pip install -r requirements.txt \\\n"
            ' && if [ "$DEV" = "true" ]; then pip install -r requirements.dev.txt; fi\nCOPY . .\n',
            "Makefile": 'test:\n\tdocker-compose run --rm app sh -c "pytest tests/"\n',
        },
        {
            "Dockerfile": (
                "uv sync --locked --no-default-groups --no-install-project \\\n"
                ' && if [ "$DEV" = "true" ]; then uv sync --locked --no-install-project; fi\nCOPY . .\n',
                "uv sync --locked --no-default-groups --inexact\n",
            )
        },
    ),
    "an image that is built from the folder of the package": (
        {
            **PACKAGE,
            "app/requirements.txt": "fastapi\n",
            "app/Dockerfile": "FROM python:3.12\nWORKDIR /app\nCOPY ./requirements.txt /app/requirements.txt\n"
            "RUN pip install -r /app/requirements.txt\nCOPY ./ /app/\n"
            'CMD ["fastapi", "run", "main.py"]\n',
            "app/b.Dockerfile": "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n",
            "compose.yml": "services:\n  a:\n    build: app/\n    volumes: [./app:/app]\n",
        },
        {
            "src/app/Dockerfile": ("WORKDIR /src/app\n", "COPY . /src/app/\nENV PYTHONPATH=/src\n", '"main.py"]\n'),
            "src/app/b.Dockerfile": ("WORKDIR /src/app\nCOPY . .\n",),
            "compose.yml": ("build: src/app/\n    volumes: [./src/app:/src/app]\n",),
        },
    ),
    "an image in which Poetry installed the project from its parts": (
        {
            "app/__init__.py": "",
            "app/main.py": APP,
            "README.md": "Shop\n",
            "poetry.lock": "",
            "pyproject.toml": '[tool.poetry]\nname = "app"\nversion = "1"\nreadme = "README.md"\n'
            '[tool.poetry.dependencies]\npython = "^3.12"\nfastapi = "*"\n'
            '[build-system]\nrequires = ["poetry-core"]\nbuild-backend = "poetry.core.masonry.api"\n',
            "Dockerfile": "FROM python:3.12\nWORKDIR /w\nCOPY pyproject.toml poetry.lock run.py ./\nCOPY app ./app\n"
            'RUN touch README.md\nRUN pip install poetry\nRUN poetry install --no-dev\nCMD ["python", "run.py"]\n',
            "b.Dockerfile": "FROM python:3.12\nWORKDIR /w\nCOPY pyproject.toml poetry.lock run.py ./\nCOPY app ./app\n"
            'RUN pip install poetry && poetry install --no-dev\nCMD ["python", "run.py"]\n',
            "run.py": "import uvicorn\nif __name__ == '__main__':\n    uvicorn.run('app.main:app')\n",
        },
        {
            "Dockerfile": ("uv sync --locked --no-default-groups\nCMD", "not PYTHONPATH"),
            "b.Dockerfile": ("uv sync --locked --no-default-groups --no-install-project\nENV PYTHONPATH=/w/src\nCMD",),
        },
    ),
    "a service that has the whole project where the image has the code": (
        {
            **PACKAGE,
            "Dockerfile": "FROM python:3.12\nWORKDIR /app\nCOPY requirements.txt /app/\n"
            "RUN pip install -r requirements.txt\nCOPY ./app /app\n",
            "compose.yml": "services:\n  a:\n    build: .\n    working_dir: /app\n    volumes:\n      - .:/app\n",
        },
        {"compose.yml": ("    working_dir: /app\n", "      - .:/app\n")},
    ),
    "programs that are not called like what brings them": (
        {
            **PACKAGE,
            "requirements-dev.txt": "import-linter\n",
            ".github/workflows/a.yml": "jobs:\n  a:\n    steps:\n    - run: pip install -r requirements-dev.txt\n"
            "    - run: lint-imports\n    - run: lint-other\n",
        },
        {".github/workflows/a.yml": ("run: uv run lint-imports\n", "run: lint-other\n")},
    ),
    "code that is called like a file of tools": (
        {
            **PACKAGE,
            "requirements.txt": "fastapi\nhttpx\nfaker\n",
            "app/tasks.py": "import httpx\nfrom faker import Faker\n",
            "app/main.py": f"import app.tasks\n{APP}",
            "tests/test_a.py": "import httpx, faker\ndef test(): ...\n",
        },
        {"pyproject.toml": ('    "httpx",\n    "faker",\n',)},
    ),
    "a tool of a group that no sync brings unasked": (
        {
            **PACKAGE,
            "requirements.txt": "fastapi\nsphinx\n",
            ".github/workflows/a.yml": "jobs:\n  a:\n    steps:\n    - run: pip install -r requirements.txt\n"
            "    - run: python -m sphinx docs out\n    - run: sphinx-build docs out\n    - run: uvicorn app.main:app\n",
        },
        {
            ".github/workflows/a.yml": (
                "run: uv run --group docs python -m sphinx docs out\n",
                "run: uv run --group docs sphinx-build docs out\n",
                "run: uv run uvicorn app.main:app\n",
            )
        },
    ),
    "Rye, whose locks hold what is installed": (
        {
            **PACKAGE,
            "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\ndependencies = ["fastapi"]\n'
            '[tool.rye]\nmanaged = true\ndev-dependencies = ["ruff"]\n[tool.rye.scripts]\ndev = "uvicorn app.main:app"\n',
            "requirements.lock": "-e file:.\nfastapi==0.115.0\n",
            "requirements-dev.lock": "-e file:.\nfastapi==0.115.0\nruff==0.9.0\n",
            "Makefile": "a:\n\trye sync\nb:\n\trye sync --no-dev --features pg\nc:\n\trye run pytest\nd:\n\trye run dev\n",
        },
        {
            "Makefile": (
                "\tuv sync\n",
                "\tuv sync --no-default-groups --extra pg\n",
                "\tuv run pytest\n",
                "rye run dev",
            ),
            "pyproject.toml": ('dev = [\n    "ruff",\n]', "not managed", '[tool.rye.scripts]\ndev = "uvicorn'),
            "requirements.lock": None,
            "requirements-dev.lock": None,
        },
    ),
    "scripts of PDM's, which uv does not run": (
        {
            **PACKAGE,
            "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\ndependencies = ["fastapi"]\n'
            '[tool.pdm.scripts]\ndev = "uvicorn app.main:app"\n',
            "pdm.lock": '[[package]]\nname = "fastapi"\nversion = "0.115.0"\n',
            "Makefile": "a:\n\tpdm sync\nc:\n\tpdm run pytest\nd:\n\tpdm run dev\n",
        },
        {"Makefile": ("\tuv sync\n", "\tuv run pytest\n", "pdm run dev")},
    ),
    "scripts of PDM's, and nothing else that is not in the project table": (
        {
            **PACKAGE,
            "requirements.txt": None,
            "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\ndependencies = ["fastapi"]\n'
            '[tool.pdm.scripts]\ndev = "uvicorn app.main:app"\n',
            "pdm.lock": '[[package]]\nname = "fastapi"\nversion = "0.115.0"\n',
            "Makefile": "a:\n\tpdm sync\nc:\n\tpdm run pytest\nd:\n\tpdm run dev\n",
        },
        {
            "Makefile": ("\tuv sync\n", "\tuv run pytest\n", "pdm run dev"),
            "pdm.lock": None,
            "pyproject.toml": ('[tool.pdm.scripts]\ndev = "uvicorn app.main:app"\n',),
        },
    ),
    "a Pipfile's scripts, which stay alone": (
        {
            **PACKAGE,
            "requirements.txt": None,
            "Pipfile": '[packages]\nfastapi = "==0.115.0"\n\n[scripts]\n# serve\ndev = "uvicorn app.main:app"\n\n'
            '[dev-packages]\npytest = "*"\n\n[requires]\npython_version = "3.12"\n',
            "Pipfile.lock": '{"default": {"fastapi": {"version": "==0.115.0"}}, "develop": {}}',
            "Makefile": "a:\n\tpipenv install --dev\nc:\n\tpipenv run pytest\nd:\n\tpipenv run dev\n"
            "e:\n\tdocker compose exec a pipenv run dev\n",
            "Dockerfile": "FROM python:3.12\nWORKDIR /srv\nCOPY Pipfile* ./\nRUN pip install pipenv && pipenv install\n"
            'COPY . .\nCMD ["pipenv", "run", "dev"]\n',
        },
        {
            "Pipfile": ("[scripts]\n# serve\ndev =", "not packages", "not requires"),
            "Pipfile.lock": None,
            "Makefile": ("\tuv sync\n", "\tuv run pytest\n", "\tpipenv run dev", "exec a pipenv run dev"),
            "Dockerfile": ('CMD ["pipenv", "run", "dev"]', "uv sync --locked"),
            "pyproject.toml": ('"fastapi==0.115.0"',),
        },
    ),
    "a folder that nothing can import, in which all is started": (
        {
            "requirements.txt": PINS,
            "My-Tool-2/api.py": f"{APP}import helper\nfrom core.c import X\n",
            "My-Tool-2/helper.py": "Y = 1\n",
            "My-Tool-2/core/c.py": "X = 1\n",
            "README.md": "```bash\nuvicorn --app-dir My-Tool-2 api:app\n```\n",
        },
        {
            "src/shop/api.py": ("from shop import helper", "from shop.core.c import X"),
            "My-Tool-2/api.py": None,
            "pyproject.toml": ('entrypoint = "shop.api:app"', 'packages = ["src/shop"]', "not My-Tool"),
            "README.md": ("shop.api:app",),
        },
    ),
    "a string of an image's list that goes on over lines": (
        {
            "src/main.py": f"{APP}from core.c import X\n",
            "src/core/__init__.py": "",
            "src/core/c.py": "X = 1\n",
            "src/worker/worker.py": "from core.c import X\nprint(X)\n",
            "pyproject.toml": POETRY.format("shop"),
            "Dockerfile": "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install poetry && poetry install\n"
            'WORKDIR /app/src\nENTRYPOINT ["sh", "-c", "\\\npoetry run python -u ./worker/worker.py & \\\n'
            'poetry run uvicorn main:app \\\n"]\n',
        },
        {
            "Dockerfile": (
                'ENTRYPOINT ["sh", "-c", "\\\npython -u -m shop.worker.worker & \\\nuvicorn shop.main:app \\\n"]',
            )
        },
    ),
    "import roots that become the same": (
        {
            "src/__init__.py": "",
            "src/main.py": f"{APP}from src.core import X\n",
            "src/core.py": "X = 1\n",
            "requirements.txt": PINS,
            "alembic.ini": "[alembic]\nscript_location = migrations\nprepend_sys_path = . src\n",
            "migrations/env.py": "import src.core\n",
            "migrations/script.py.mako": "",
            "Makefile": "a:\n\tPYTHONPATH=src:. python x.py\nb:\n\tPYTHONPATH=.:srcs python x.py\n",
        },
        {
            "alembic.ini": ("prepend_sys_path = src\n",),
            "Makefile": ("PYTHONPATH=src python", "PYTHONPATH=src:srcs python"),
        },
    ),
    "a list that was compiled from another": (
        {
            **PACKAGE,
            "requirements.txt": "fastapi\n",
            "requirements-lock.txt": "#\n# This file is autogenerated by pip-compile with Python 3.12\n"
            "#    pip-compile --output-file=requirements-lock.txt requirements.txt\n#\n"
            "fastapi==0.115.0\n    # via -r requirements.txt\nidna==3.10\n    # via anyio\n",
        },
        {"pyproject.toml": ('    "fastapi",\n', "not idna", "not lock = [", "not # via")},
    ),
    "flake8 that CI installs itself": (
        {
            **PACKAGE,
            ".github/workflows/a.yml": "jobs:\n  a:\n    steps:\n    - run: pip install -r requirements.txt\n"
            "    - run: |\n        pip install flake8\n        flake8 . --count\n",
        },
        {".github/workflows/a.yml": ("        uv run flake8 --extend-exclude=.venv . --count\n",)},
    ),
    "flake8 that Poetry ran": (
        {
            "app/__init__.py": "",
            "app/main.py": APP,
            "requirements.txt": "",
            "pyproject.toml": '[tool.poetry]\nname = "shop"\nversion = "1"\n[tool.poetry.dependencies]\nfastapi = "*"\n',
            "Makefile": "a:\n\tpoetry run flake8 .\n",
        },
        {"Makefile": ("uv run flake8 --extend-exclude=.venv .\n",)},
    ),
    "images of the project's that others build": (
        {
            **PACKAGE,
            "app/static/x.css": "",
            "Dockerfile": "FROM python:3.12\nWORKDIR /w\nCOPY . .\n",
            "compose.prod.yml": "services:\n  w:\n    image: reg.example/me/shop\n    volumes: [./app/static:/w/app/static]\n"
            "  q:\n    image: me/shop-redis\n    volumes: [./app/static:/w/app/static]\n"
            "  q:\n    image: me/shop-redis\n    volumes: [./app/static:/w/app/static]\n"
            "  n:\n    image: nginx:1\n    volumes: [./app/static:/w/app/static]\n",
        },
        {
            "compose.prod.yml": (
                "image: reg.example/me/shop\n    volumes: [./src/app/static:/w/src/app/static]\n",
                "image: me/shop-redis\n    volumes: [./src/app/static:/w/src/app/static]\n",
                "image: nginx:1\n    volumes: [./src/app/static:/w/app/static]\n",
            )
        },
    ),
    "patterns of case below an array": (
        {
            **PACKAGE,
            "requirements-dev.txt": "pytest\n",
            "run.sh": "pip install -r requirements.txt\nA=($(ls) -q)\n"
            'case "$1" in\n  pytest) pytest "${A[@]}" ;;\n  web|uvicorn) uvicorn app.main:app ;;\nesac\n',
        },
        {
            "run.sh": (
                "A=($(ls) -q)\n",
                '\n  pytest) uv run pytest "${A',
                "\n  web|uvicorn) uv run uvicorn app.main:app ;;\n",
            )
        },
    ),
    "COPY of patterns of lists": (
        {
            **PACKAGE,
            "requirements-dev.txt": "pytest\n",
            "notes.txt": "",
            "Dockerfile": "FROM python:3.12\nWORKDIR /w\nCOPY requirements*.txt ./\nRUN pip install -r requirements.txt\n",
            "b.Dockerfile": 'FROM python:3.12\nWORKDIR /w\nCOPY ["*.txt", "./"]\nRUN pip install -r requirements.txt\n',
        },
        {
            "Dockerfile": ("COPY pyproject.toml uv.lock ./\n",),
            "b.Dockerfile": ('COPY ["*.txt", "pyproject.toml", "uv.lock", "./"]\n',),
        },
    ),
    "a stage from one that has the environment, and the package's own folder on the path": (
        {
            **PACKAGE,
            "Dockerfile": "FROM python:3.12 AS base\nWORKDIR /w\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n"
            'FROM base\nENV PYTHONPATH="/w/app"\nCOPY app app\nCMD ["/usr/local/bin/uvicorn", "app.main:app"]\n',
            "b.Dockerfile": 'FROM python:3.12\nWORKDIR /w\nENV PYTHONPATH="" X=1\nCOPY app app\nCMD uvicorn app.main:app\n',
        },
        {
            "Dockerfile": ('CMD ["/opt/venv/bin/uvicorn"', 'ENV PYTHONPATH="/w/src/app:/w/src"\n'),
            "b.Dockerfile": ('ENV PYTHONPATH="/w/src" X=1\n',),
        },
    ),
    "what production starts of its own list": (
        {
            "app/__init__.py": "",
            "app/main.py": APP,
            "requirements.txt": None,
            "requirements/base.txt": PINS,
            "requirements/prod.txt": "-r base.txt\ngunicorn==22.0\n",
            "requirements/dev.txt": "-r base.txt\npytest==8.0\n",
            "Dockerfile": "FROM python:3.12\nWORKDIR /w\nCOPY requirements requirements\n"
            "RUN pip install -r requirements/prod.txt\nCOPY . .\nCMD gunicorn app.main:app\n",
        },
        {"Dockerfile": ("uv sync --locked --no-default-groups --no-install-project --group prod\n",)},
    ),
    "PDM's groups, extras and image": (
        {
            "src/shop/__init__.py": "",
            "src/shop/main.py": APP,
            "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\ndependencies = ["fastapi"]\n'
            '[project.optional-dependencies]\npg = ["psycopg"]\n[tool.pdm.dev-dependencies]\ntest = ["pytest"]\n'
            '[build-system]\nrequires = ["pdm-backend"]\nbuild-backend = "pdm.backend"\n',
            "requirements.txt": None,
            ".github/workflows/a.yml": "jobs:\n  a:\n    steps:\n    - uses: actions/setup-python@v5\n"
            "      with:\n        cache: poetry\n    - run: pip install pdm\n    - run: pdm sync -G pg\n"
            "    - run: pdm install -G :all\n",
            "Dockerfile": "FROM python:3.12 AS b\nRUN pip install pdm\nCOPY pyproject.toml pdm.lock /p/\nCOPY src/ /p/src\n"
            "WORKDIR /p\nRUN pdm sync --prod --no-editable\nFROM python:3.12\nCOPY --from=b /p/.venv /p/.venv\n"
            'ENV PATH="/p/.venv/bin:$PATH"\nCMD ["python", "-m", "shop.main"]\n',
        },
        {
            ".github/workflows/a.yml": (
                "uv sync --locked --extra pg\n",
                "uv sync --locked --all-groups --all-extras\n",
            ),
            "Dockerfile": ("uv sync --locked --no-default-groups --no-editable\n",),
        },
    ),
    "the Python that a Pipfile pins": (
        {
            "main.py": f"import db\n{APP}",
            "db.py": "",
            "requirements.txt": None,
            "Pipfile": '[packages]\nfastapi = "*"\n[requires]\npython_version = "3.11"\n',
        },
        {".python-version": ("3.11\n",), "pyproject.toml": ('requires-python = ">=3.11"',)},
    ),
    "what only looks like a test, a reader, or a remark": (
        {
            "app/__init__.py": "",
            "app/main.py": APP,
            "app/routers/api_test.py": "router = 1\n",
            "requirements.txt": "# Generated from pyproject.toml\nfastapi\npymysql\npytest\n",
            "tox.ini": "[tox]\nenvlist = py\n[testenv]\n; deps = -r requirements.txt\ncommands = pytest\n",
            "README.md": "```sh\npip install -r requirements.txt\n```\nor\n```sh\npip install pymysql\n# and\n```\n",
        },
        {
            "requirements.txt": None,
            "pyproject.toml": ("not testpaths", "not Generated"),
            "README.md": ("uv sync\n```\nor\n```sh\nuv sync\n# and",),
        },
    ),
    "a mode of asynchronous tests whose plugin is missing": (
        {
            "main.py": APP,
            "requirements.txt": "fastapi\npytest\n",
            "pyproject.toml": '[tool.pytest.ini_options]\nasyncio_mode = "auto"\n',
            "tests/test_a.py": "import pytest\n\n\n@pytest.mark.asyncio\nasync def test_a(): ...\n",
        },
        {"pyproject.toml": ('asyncio_mode = "auto"', "pytest-asyncio>=")},
    ),
    "the Python that a Pipfile pins whose scripts stay": (
        {
            **PACKAGE,
            "requirements.txt": None,
            "Pipfile": '[packages]\nfastapi = "*"\n\n[scripts]\ndev = "fastapi dev"\n\n[requires]\npython_version = "3.11"\n',
        },
        {".python-version": ("3.11",), "Pipfile": ("[scripts]", "not requires")},
    ),
    "the Python that conda pins": (
        {
            "main.py": f"import db\n{APP}",
            "db.py": "",
            "requirements.txt": None,
            "environment.yml": "dependencies:\n  - python=3.11.5\n  - fastapi=0.115\n",
        },
        {".python-version": ("3.11\n",), "pyproject.toml": ('requires-python = ">=3.11"',)},
    ),
    "files that are put into the code of an image": (
        {
            **PACKAGE,
            ".env": "",
            "settings.json": "{}",
            "Dockerfile": "FROM python:3.12\nWORKDIR /w\nCOPY app/ app/\nCOPY .env app/\nCOPY settings.json ./app/s.json\n",
        },
        {"Dockerfile": ("COPY src/app/ src/app/\n", "COPY .env src/app/\nCOPY settings.json ./src/app/s.json\n")},
    ),
    "a stage whose base is another stage, and that a script starts": (
        {
            **PACKAGE,
            "start.sh": "gunicorn app.main:app\n",
            "Dockerfile": "FROM python:3.12 AS base\nWORKDIR /w\nFROM base AS build\nCOPY requirements.txt .\n"
            "RUN uv pip sync --python /opt/venv/bin/python requirements.txt\nFROM base AS prod\n"
            'COPY --from=build /opt/venv /opt/venv\nCOPY app app\nCOPY start.sh .\nENTRYPOINT ["/w/start.sh"]\n',
        },
        {"Dockerfile": ("COPY src/app src/app\nENV PYTHONPATH=/w/src\n",)},
    ),
    "applications of Django that are added": (
        {
            "manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site1.settings')\n"
            "from django.core.management import execute_from_command_line\n",
            "requirements.txt": "django\n",
            "site1/__init__.py": "",
            "site1/settings.py": "INSTALLED_APPS = ['polls']\nINSTALLED_APPS += ['users']\nINSTALLED_APPS.append('news')\n"
            "INSTALLED_APPS = INSTALLED_APPS + ['shops', 'django.contrib.admin']\n",
            "site1/wsgi.py": "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
            **{f"{name}/__init__.py": "" for name in ("polls", "users", "news", "shops", "common")},
            **{f"{name}/models.py": "" for name in ("polls", "users", "news", "shops")},
        },
        {
            "src/shop/site1/settings.py": (
                "['shop.polls']\nINSTALLED_APPS += ['shop.users']\nINSTALLED_APPS.append('shop.news')\n"
                "INSTALLED_APPS = INSTALLED_APPS + ['shop.shops', 'django.contrib.admin']\n",
            )
        },
    ),
    "a list that is mounted, and code that comes when the user is another": (
        {
            **PACKAGE,
            "Dockerfile": "FROM python:3.12-slim\nWORKDIR /w\nRUN --mount=type=cache,target=/root/.cache/pip \\\n"
            "    --mount=type=bind,source=requirements.txt,target=requirements.txt \\\n"
            "    python -m pip install -r requirements.txt\nUSER appuser\nCOPY . .\nCMD uvicorn app.main:app\n",
            "b.Dockerfile": "FROM python:3.12-slim\nWORKDIR /w\n"
            "RUN --mount=type=bind,src=requirements.txt,dst=/tmp/requirements.txt pip install -r /tmp/requirements.txt\n"
            "COPY . .\nUSER appuser\n",
        },
        {
            "Dockerfile": (
                "    --mount=type=bind,source=pyproject.toml,target=pyproject.toml "
                "--mount=type=bind,source=uv.lock,target=uv.lock \\\n    uv sync --locked --no-default-groups "
                "--no-install-project\nUSER appuser\nCOPY . .\nENV PYTHONPATH=/w/src\n",
            ),
            "b.Dockerfile": (
                "--mount=type=bind,source=pyproject.toml,target=pyproject.toml "
                "--mount=type=bind,source=uv.lock,target=uv.lock uv sync",
            ),
        },
    ),
    "folders that are made by hand": (
        {
            **PACKAGE,
            "app/alembic/x.py": "",
            "Dockerfile": "FROM python:3.12\nWORKDIR /code\nRUN mkdir app app/alembic && mkdir -p app/x/\nCOPY . .\n"
            "RUN mkdir /code/app/y && mkdir -p /code/app/z\n",
            "run.bat": "mkdir app\\alembic\n",
        },
        {
            "Dockerfile": (
                "RUN mkdir -p src/app src/app/alembic && mkdir -p src/app/x/\n",
                "RUN mkdir -p /code/src/app/y && mkdir -p /code/src/app/z\n",
            ),
            "run.bat": ("mkdir src\\app\\alembic\n",),
        },
    ),
    "Windows' launcher": (
        {
            **PACKAGE,
            "README.md": "```\npy -3.12 -m venv .venv\npip install -r requirements.txt\npy -3 app/main.py\n```\n",
        },
        {"README.md": ("py -3.12 -m venv .venv\nuv sync\nuv run python -m app.main\n",)},
    ),
    "constraints that only gather lists": (
        {**PACKAGE, "requirements/constraints.in": "-r ../requirements.txt\n"},
        {"pyproject.toml": ('"fastapi==0.115.0",\n',), "requirements/constraints.in": None},
    ),
    "programs of managers in a list": (
        {**PACKAGE, "requirements.txt": f"{PINS}poetry==1.8.3\n"},
        {"pyproject.toml": ('dev = [\n    "poetry==1.8.3",\n',)},
    ),
    "settings that an image copies under their name": (
        {
            **PACKAGE,
            **TEST,
            "pytest.ini": "[pytest]\naddopts = -q\n",
            "Dockerfile": "FROM python:3.12\nWORKDIR /w\nCOPY pytest.ini /w/pytest.ini\nCOPY app app\n",
        },
        {"pytest.ini": None, "Dockerfile": ("COPY pyproject.toml /w/pyproject.toml\n",)},
    ),
    "lists in a folder, of which one is not for tools": (
        {
            "app/__init__.py": "",
            "app/main.py": APP,
            "requirements/requirements_api.txt": PINS,
            "requirements/requirements_test.txt": "pytest==8.0.0\n",
            "Dockerfile": "FROM python:3.12\nWORKDIR /w\nENV PYTHONPATH /w/app:/w\nCOPY ./requirements/requirements_api.txt ./requirements/\n"
            "RUN pip install -r requirements/requirements_api.txt\nCOPY app /w/app\n",
        },
        {
            "pyproject.toml": (
                'dependencies = [\n    "fastapi==0.115.0",',
                'test = [\n    "pytest==8.0.0",',
                "not api =",
            ),
            "Dockerfile": ("COPY ./pyproject.toml ./uv.lock ./requirements/\n", "ENV PYTHONPATH /w/src/app:/w/src\n"),
        },
    ),
    "a template of code within the code": (
        {
            **LOOSE,
            "requirements.txt": PINS,
            "templates/{{cookiecutter.name}}/main.py": "import models\nx = {{cookiecutter.name}} if True else import\n",
        },
        {"src/shop/main.py": ("from shop import models\n",)},
    ),
    "a search path of an image that names something else": (
        {
            **PACKAGE,
            "Dockerfile": 'FROM python:3.12\nENV A=1 \\\n    PYTHONPATH="/opt/x/site-packages"\nWORKDIR /code\nCOPY app app\n'
            'CMD ["uvicorn", "app.main:app"]\n',
        },
        {"Dockerfile": ('    PYTHONPATH="/opt/x/site-packages:/code/src"\n',)},
    ),
    "a folder of modules that an image has as its working directory": (
        {
            **{f"app/{path}": text for path, text in LOOSE.items()},
            "requirements.txt": PINS,
            "Dockerfile": "FROM python:3.12\nWORKDIR /app\nCOPY requirements.txt /app/\n"
            'RUN pip install -r requirements.txt\nCOPY ./app /app\nCMD ["uvicorn", "main:app"]\n',
            "compose.yaml": "services:\n  web:\n    build: .\n    volumes: ['./app/:/app']\n"
            "    command: uvicorn main:app --reload\n",
        },
        {
            "Dockerfile": (
                "COPY pyproject.toml uv.lock /app/\n",
                "COPY ./src/shop /app/src/shop\nENV PYTHONPATH=/app/src\n",
                '"shop.main:app"',
            ),
            "compose.yaml": ("volumes: ['./src/shop/:/app/src/shop']\n", "uvicorn shop.main:app"),
        },
    ),
    "a search path of an image that names the code itself": (
        {
            **{f"legacy/{path}": text for path, text in LOOSE.items()},
            "requirements.txt": PINS,
            "Dockerfile": "FROM python:3.12\nENV PYTHONPATH=/code\nWORKDIR /code\nCOPY requirements.txt .\n"
            'RUN pip install -r requirements.txt\nCOPY legacy .\nCMD ["uvicorn", "main:app"]\n',
        },
        {"Dockerfile": ("ENV PYTHONPATH=/code:/code/src\n", "COPY src/legacy ./src/legacy\n", '"legacy.main:app"')},
    ),
    "a base image whose folder is known": (
        {**PACKAGE, "Dockerfile": 'FROM public.ecr.aws/lambda/python:3.12\nCOPY app ./app\nCMD ["app.main.app"]\n'},
        {"Dockerfile": ("COPY src/app ./src/app\nENV PYTHONPATH=/var/task/src\n",)},
    ),
    "lists of another folder, wherever CI changes to it": (
        {
            **PACKAGE,
            "docs/requirements.txt": "sphinx\n",
            "docs/pyproject.toml": '[tool.poetry]\nname = "docs"\n',
            ".github/workflows/ci.yml": "jobs:\n  docs:\n    defaults:\n      run:\n        working-directory: docs\n    steps:\n"
            "      - run: pip install -r requirements.txt  # 1\n  b:\n    steps:\n      - run: |\n"
            "          (cd docs && pip install -r requirements.txt && poetry install) # 2\n"
            "          pip install -r requirements.txt  # 3\n",
            ".gitlab-ci.yml": "a:\n  before_script:\n    - cd docs\n  script:\n    - pip install -r requirements.txt\n"
            "b:\n  script:\n    - pip install -r requirements.txt # 4\n",
        },
        {
            ".github/workflows/ci.yml": (
                "- run: pip install -r requirements.txt  # 1\n",
                "(cd docs && pip install -r requirements.txt && poetry install) # 2\n",
                "uv sync --locked  # 3\n",
            ),
            ".gitlab-ci.yml": (
                "    - cd docs\n  script:\n    - pip install -r requirements.txt\n",
                "uv sync --locked # 4\n",
            ),
        },
    ),
    "an image that gets its code from a volume": (
        {
            **PACKAGE,
            "Dockerfile": "FROM python:3.12\nWORKDIR /code\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n",
            "docker-compose.yml": "services:\n  a:\n    build: .\n    command: uvicorn app.main:app\n"
            "    volumes:\n      - ./:/code/\n",
        },
        {"Dockerfile": ("WORKDIR /code\nENV PYTHONPATH=/code/src\n",)},
    ),
    "an image that gets something else from a volume": (
        {
            **PACKAGE,
            "Dockerfile": "FROM python:3.12\nWORKDIR /code\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n",
            "docker-compose.yml": "services:\n  a:\n    build: .\n    volumes:\n      - ./data:/code/\n",
        },
        {"Dockerfile": ("not PYTHONPATH",)},
    ),
    "a base image whose folder is not known": (
        {
            **PACKAGE,
            "Dockerfile": "FROM ghcr.io/shop/base:1\nCOPY . .\n",
            "docker-compose.yml": "services:\n  a:\n    build: .\n    volumes:\n      - ./:/app\n",
        },
        {"docker-compose.yml": ("- ./:/app\n",), "Dockerfile": ("not PYTHONPATH",)},
    ),
    "scripts without a suffix, and what a watcher starts": (
        {
            **LOOSE,
            "requirements.txt": PINS,
            "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\n',
            "compose/local/api/start": "#!/bin/bash\nuvicorn main:app --reload\n",
            "compose/local/worker/start": "#!/bin/sh\nwatchfiles \\\n  --filter python \\\n  'celery -A main.app worker'\n",
            "docker-compose.yml": "services:\n  a:\n    command: >\n"
            '      sh -c "echo \\"ready\\" &&\n             uvicorn main:app"\n',
        },
        {
            "compose/local/api/start": ("uvicorn shop.main:app --reload",),
            "compose/local/worker/start": ("'celery -A shop.main.app worker'",),
            "docker-compose.yml": ("uvicorn shop.main:app",),
        },
    ),
    "a folder on the import path that is named as a package, too": (
        {
            "src/api/server.py": f"from worker import jobs\n{APP}",
            "src/worker/jobs.py": "from worker.more import Y\n",
            "src/worker/more.py": "Y = 1\n",
            "src/ml/train.py": "from model import X\nprint(X)\n",
            "src/ml/model.py": "X = 1\n",
            "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\n',
            "requirements.txt": PINS,
            "Makefile": "run:\n\tPYTHONPATH=src uvicorn api.server:app\n",
            "wait.sh": "#!/bin/sh\nPYTHONPATH=src celery -A src.api.server inspect ping\n",
            "train.sh": "#!/bin/sh\npython src/ml/train.py\n",
        },
        {
            "Makefile": ("uvicorn shop.api.server:app",),
            "wait.sh": ("celery -A shop.api.server inspect ping",),
            "train.sh": ("python src/shop/ml/train.py",),
        },
    ),
    "49 readers of requirements.txt": (
        {
            **PACKAGE,
            "Dockerfile": "FROM python:3.12\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n",
            ".github/workflows/ci.yml": "jobs:\n  t:\n    steps:\n      - run: pip install -r requirements.txt\n",
        },
        {
            "requirements.txt": None,
            "Dockerfile": ("COPY pyproject.toml uv.lock ./\n", "uv uv sync --locked", "not requirements.txt"),
            ".github/workflows/ci.yml": ("uv sync --locked", "not requirements.txt"),
        },
    ),
    "49 what a locked version needs and does not say": (
        {
            "app/__init__.py": "",
            "app/main.py": f"import aiosql\n{APP}",
            "pyproject.toml": '[tool.poetry]\nname = "shop"\nversion = "1"\n[tool.poetry.dependencies]\n'
            'python = "^3.11"\nfastapi = "*"\naiosql = "*"\n',
            "poetry.lock": '[[package]]\nname = "aiosql"\nversion = "6.2"\n[metadata]\nlock-version = "2.0"\n',
        },
        {"poetry.lock": None, "pyproject.toml": ('"setuptools<67.5"',)},
    ),
    **{
        f"49 a platform that insists on it: {path} {text!r}": (
            {**PACKAGE, path: text},
            {"requirements.txt": texts, "pyproject.toml": ("fastapi==0.115.0",)},
        )
        for path, text, texts in (
            ("host.json", "{}", (PINS,)),
            (".ebextensions/a.config", "", (PINS,)),
            ("template.yaml", "Type: AWS::Serverless::Function", (PINS,)),
            ("template.yml", "Type: AWS::EC2::Instance", None),
            ("manifest.yml", "buildpacks: [python_buildpack]", (PINS,)),
            (".github/workflows/a.yml", "      - uses: azure/webapps-deploy@v3\n", (PINS,)),
            (
                ".github/workflows/a.yml",
                "      - uses: azure/webapps-deploy@v3\n        with:\n          images: x\n",
                None,
            ),
            ("README.md", "---\nsdk: gradio\n---\n", (PINS,)),
            ("README.md", "# sdk: gradio\n", None),
        )
    },
    "79 options over several lines, with a comment": (
        {**PACKAGE, **TEST, "pytest.ini": "[pytest]\naddopts =\n    -q\n    # why\n    --tb=short\n"},
        {
            "pytest.ini": None,
            "pyproject.toml": ('# why\naddopts = "-q --tb=short --strict-markers --strict-config"\n',),
        },
    ),
    "80 only the file in force counts": (
        {
            **PACKAGE,
            **TEST,
            "pytest.ini": "[pytest]\naddopts = -q\n",
            "setup.cfg": "[tool:pytest]\naddopts = -x\n",
            "tox.ini": "[pytest]\naddopts = -v\n[tox]\nenvlist = py312\n",
        },
        {
            "pytest.ini": None,
            "setup.cfg": None,
            "tox.ini": ("[tox]\nenvlist = py312\n", "not addopts"),
            "pyproject.toml": ('addopts = "-q --strict',),
        },
    ),
    "81 coverage in tox.ini": (
        {**PACKAGE, "tox.ini": "[coverage:run]\nsource = app\nbranch = True\n"},
        {"tox.ini": None, "pyproject.toml": ('[tool.coverage.run]\nsource = ["app"]\nbranch = true\n',)},
    ),
    "82 one section of mypy for two modules": (
        {**PACKAGE, "mypy.ini": "[mypy]\n[mypy-celery.*,redis.*]\nignore_missing_imports = True\n"},
        {
            "mypy.ini": None,
            "pyproject.toml": (
                '[[tool.mypy.overrides]]\nmodule = [\n    "celery.*",\n    "redis.*",\n]\nignore_missing_imports = true\n',
            ),
        },
    ),
    "83 flake8 is no table of pyproject.toml": (
        {
            **PACKAGE,
            ".flake8": "[flake8]\nignore = E203\nper-file-ignores =\n    app/__init__.py: F401\n",
            "requirements-dev.txt": "flake8\n",
        },
        {
            ".flake8": ("[flake8]\nignore = E203\n", "src/app/__init__.py: F401"),
            "pyproject.toml": ("not tool.flake8", "not tool.ruff"),
        },
    ),
    "83 flake8 that nobody runs becomes ruff": (
        {**PACKAGE, ".flake8": "[flake8]\nignore = E203\nper-file-ignores =\n    app/__init__.py: F401\n"},
        {
            ".flake8": None,
            "pyproject.toml": (
                'ignore = ["E203"]\n',
                '[tool.ruff.lint.per-file-ignores]\n"src/app/__init__.py" = ["F401"]\n',
                'dev = ["ruff"]',
                "not tool.flake8",
            ),
        },
    ),
    "84 tox keeps what it reads": (
        {**PACKAGE, **TEST, "tox.ini": "[testenv]\ndeps =\n    django42: Django>=4.2\n    -rrequirements.txt\n"},
        {
            "tox.ini": ("    django42: Django>=4.2\n    -rrequirements.txt\n",),
            "requirements.txt": (PINS,),
            "pyproject.toml": ("not Django", "not django"),
        },
    ),
    "85 a path of pytest": (
        {**PACKAGE, **TEST, "pytest.ini": "[pytest]\npythonpath = .\n"},
        {"pytest.ini": None, "pyproject.toml": ('pythonpath = ["."]\n',)},
    ),
    "144 an import of a module at the root": (
        {**LOOSE, "tests/test_a.py": "import models\nx = models.User\n"},
        {"tests/test_a.py": ("from shop import models\nx = models.User\n",)},
    ),
    "145 an import that may fail": (
        {**LOOSE, "tests/test_a.py": "try:\n    import config\nexcept ImportError:\n    config = None\n"},
        {"tests/test_a.py": ("try:\n    from shop import config\nexcept ImportError:\n    config = None\n",)},
    ),
    "146 a local variable of that name": (
        {**LOOSE, "tests/test_a.py": "import config\ndef f(models):\n    return models.User, config.X\n"},
        {"tests/test_a.py": ("from shop import config\ndef f(models):\n    return models.User, config.X\n",)},
    ),
    "147 imports in a function, with a star, on one line": (
        {**LOOSE, "tests/test_a.py": "def f():\n    import models, config; return models\nfrom config import *\n"},
        {
            "tests/test_a.py": (
                "def f():\n    from shop import models, config; return models\nfrom shop.config import *\n",
            )
        },
    ),
    "148 src as the package": (
        {"src/__init__.py": "", "src/main.py": f"{APP}from src.db import x\n", "src/db.py": "x = 1\n"},
        {"src/shop/main.py": ("from shop.db import x\n",)},
    ),
    "149 strings that name modules": (
        {
            **LOOSE,
            "tests/test_a.py": "uvicorn.run('main:app')\npatch('models.User')\nimport_module('models')\n",
        },
        {"tests/test_a.py": ("run('shop.main:app')\npatch('shop.models.User')\nimport_module('shop.models')\n",)},
    ),
    "150 a package called app keeps its name": (
        {**PACKAGE, "tests/test_a.py": "from app.main import app\n"},
        {"src/app/main.py": (APP,), "tests/test_a.py": ("from app.main import app\n",)},
    ),
    "151 a project called otherwise than its package": (
        {**PACKAGE, "pyproject.toml": '[project]\nname = "my-service"\nversion = "1"\n'},
        {"pyproject.toml": ('name = "my-service"', 'packages = ["src/app"]')},
    ),
    "152 paths from the file and from the working directory": (
        {
            **PACKAGE,
            "app/paths.py": "ROOT = Path(__file__).parent.parent\nENV = ROOT / '.env'\nS = StaticFiles(directory='static')\n",
            "static/a.css": "",
        },
        {
            "src/app/paths.py": (
                "ROOT = Path(__file__).parent.parent.parent\nENV = ROOT / '.env'\nS = StaticFiles(directory='static')\n",
            ),
            "static/a.css": ("",),
        },
    ),
}


def planned(files: Mapping[str, str | None]) -> tuple[Overlay, Plan]:
    given = {"requirements.txt": PINS, **files}
    tree = MemoryTree({path: text for path, text in given.items() if text is not None})
    made = make(Bench(project := of(tree, Settings(), "shop")), project.tree)
    return Overlay(tree, made.changes), made


@pytest.mark.parametrize("name", CASES)
def test_a_case_comes_out_as_it_should(name: str) -> None:
    files, expected = CASES[name]
    tree, _ = planned(files)
    for path, texts in expected.items():
        assert tree.has(path) is (texts is not None), path
        for text in texts or ():
            wanted = not text.startswith("not ")
            assert (text.removeprefix("not ") in tree.text(path)) is wanted, tree.text(path)


@pytest.mark.parametrize("name", CASES)
def test_the_second_plan_is_empty(name: str) -> None:
    tree, _ = planned(CASES[name][0])
    again = make(Bench(project := of(tree, Settings(), "shop")), project.tree)
    assert [str(step.operation) for step in again.steps] == []


def test_lines_that_another_operation_moved_are_accounted_for() -> None:
    tree = MemoryTree(
        {
            "pyproject.toml": '[tool.pytest.ini_options]\nasyncio_mode = "strict"\n\n[tool.poetry.dependencies]\npython = "^3.10"\n',
            "pytest.ini": "[pytest]\ntestpaths = test\n",
            "requirements.txt": "fastapi\n",
            "app/__init__.py": "",
            "app/main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
        }
    )
    made = make(Bench(of(tree)), tree)
    assert 'requires-python = ">=3.10,<4"' in made.pyproject
    assert any(row.fate == "moved" and row.to.endswith("requires-python") for row in made.ledger)


LOCK = '[[package]]\nname = "fastapi"\nversion = "0.108.0"\n\n[metadata]\nlock-version = "2.1"\n'


@pytest.mark.parametrize(("name", "backend"), [("poetry", "poetry.core.masonry.api"), ("pdm", "hatchling.build")])
def test_the_versions_of_a_lock_that_was_made_from_the_project_table_are_kept(name: str, backend: str) -> None:
    build = f'[build-system]\nrequires = ["x"]\nbuild-backend = "{backend}"\n'
    table = '[project]\nname = "shop"\nversion = "1"\ndependencies = ["fastapi>=0.100", "uvicorn"]\n'
    files = {"app/__init__.py": "", "app/main.py": APP, "pyproject.toml": table + build, f"{name}.lock": LOCK}
    made = make(Bench(of(before := MemoryTree(files), Settings(), "shop")), before)
    assert [(pin.name, pin.version, pin.path) for pin in made.pins] == [("fastapi", "0.108.0", f"{name}.lock")]
    assert Remove(f"{name}.lock") in made.changes


def test_a_lock_that_lists_have_overtaken_is_left() -> None:
    table = '[project]\nname = "shop"\nversion = "1"\ndependencies = ["fastapi>=0.100", "uvicorn"]\n'
    tree, made = planned({**PACKAGE, "pyproject.toml": table, "poetry.lock": LOCK})
    assert {(pin.name, pin.path) for pin in made.pins} == {
        ("fastapi", "requirements.txt"),
        ("uvicorn", "requirements.txt"),
    }
    assert tree.has("poetry.lock")


def test_each_line_is_accounted_for_once_where_a_conversion_goes_on() -> None:
    conda = "name: x\nchannels: [defaults]\ndependencies:\n  - blas=1.0=mkl\n  - fastapi=0.115.0\n"
    _, made = planned({**PACKAGE, "environment.yml": conda})
    rows = [(row.path, row.line) for row in made.ledger]
    assert len(rows) == len(set(rows))
    assert {path for path, _ in rows} == {"requirements.txt", "environment.yml"}
    assert '"fastapi==0.115.0"' in made.pyproject


def test_a_finding_follows_a_requirement_into_pyproject() -> None:
    _, made = planned({**PACKAGE, "requirements.txt": f"{PINS}pillow==10.1.0\n"})
    assert "DEP112" in {left.finding.code for left in made.leaves}
    assert "DEP112" not in {finding.code for finding in (*made.adds, *made.resolves)}


def test_whoever_still_names_a_list_that_goes_is_told() -> None:
    workflow = "steps:\n  - uses: actions/setup-python@v5\n    with: {cache-dependency-path: '**/requirements.txt'}\n"
    make_file = "a:\n\t$(PYTHON) -m piptools sync $(ROOT)/requirements.txt  # requirements.txt\n"
    more = {".github/workflows/a.yml": workflow, "Makefile": make_file, ".dockerignore": "requirements.txt\n"}
    _, made = planned({**PACKAGE, **more, "environment.yml": "name: x\n"})
    told = [(question.path, question.line) for question in made.questions if "still named" in question.text]
    assert told == [(".github/workflows/a.yml", 3), ("Makefile", 2)]


def test_what_a_program_reports_is_no_setting() -> None:
    said = '{{{} "list": "requirements.txt",\n"file": "app/main.py"}}\n'
    reports = {
        "sbom.json": said.format('"bomFormat": "CycloneDX",'),
        "a.sarif.json": said.format(""),
        "audit.json": said.format('"dependencies": [{"name": "x", "vulns": []}],'),
        "scan.json": said.format('"matches": [\n {\n "vulnerability": {"id": 1}}],'),
        "junit.xml": '<testsuites><testsuite file="app/main.py" list="requirements.txt"/></testsuites>\n',
        "coverage.xml": '<coverage version="7" line-rate="1" file="app/main.py" list="requirements.txt"/>\n',
        "htmlcov/status.json": said.format('"format": 5,'),
    }
    settings = {"x.json": said.format('"vulnsx": 1,'), "y.xml": "<beans>app/main.py requirements.txt</beans>\n"}
    _, made = planned({**PACKAGE, **reports, **settings})
    assert {item.path for item in made.questions if item.path.endswith((".json", ".xml"))} == set(settings)


@pytest.mark.parametrize(
    ("put", "used", "told"),
    [
        ('sys.modules.setdefault("config", stub)', 'monkeypatch.setattr("config.X", 3)', [5]),
        ('sys.modules["config"] = stub', 'monkeypatch.delattr("config.X")', [5]),
        ('sys.modules["config"] = stub', "import config", []),
        ('assert sys.modules["config"] == stub', 'monkeypatch.setattr("config.X", 3)', []),
    ],
)
def test_a_stub_that_is_put_in_is_no_attribute_of_the_package(put: str, used: str, told: list[int]) -> None:
    conftest = f'import sys\nfrom types import ModuleType\n\nstub = ModuleType("x")\n{put}\n'
    tree, made = planned(
        {
            **LOOSE,
            "requirements.txt": PINS,
            "tests/conftest.py": conftest,
            "tests/test_a.py": f"def test(monkeypatch):\n    {used}\n",
        }
    )
    assert '"shop.config"' in tree.text("tests/conftest.py")
    assert [item.line for item in made.questions if "`monkeypatch` looks for it" in item.text] == told


@pytest.mark.parametrize(
    ("aside", "told"),
    [
        ("# command: python -m db.models\n    # entrypoint: uvicorn main:app", True),
        ("# - ./main.py:/w/main.py", True),
        ("# main.py is mounted, and command: is what it says", False),
        ("# command: python -m other.x", False),
        ("command: uvicorn main:app", False),
    ],
)
def test_a_command_that_is_commented_out_is_told_once(aside: str, *, told: bool) -> None:
    text = f"services:\n  a:\n    build: .\n    {aside}\n"
    _, made = planned({**LOOSE, "requirements.txt": PINS, "compose.yml": text})
    lines = [item.line for item in made.questions if "commented out" in item.text]
    assert lines == ([5 if "db.models" in aside else 4] if told else [])


@pytest.mark.parametrize(
    ("lists", "command", "told"),
    [
        ("fastapi[standard]==0.114.0\n", "fastapi run", 1),
        ("fastapi[standard]==0.114.0\n", "uv run fastapi dev --port 80 --reload", 1),
        ("fastapi[standard]==0.124.0\nfastapi-cli==0.0.14\n", "python -m fastapi run --host=0.0.0.0", 1),
        ("fastapi[standard]==0.114.0\nfastapi-cli==0.0.15\n", "fastapi run", 0),
        ("fastapi[standard]==0.124.0rc1\n", "fastapi run", 0),
        ("fastapi[standard]\n", "fastapi run", 0),
        ("fastapi[standard]==0.114.0\n", "fastapi run main.py", 0),
        ("fastapi[standard]==0.114.0\n", "fastapi run --workers 4 main.py", 0),
        ("fastapi[standard]==0.114.0\n", "fastapi run -e main:app", 0),
        ("fastapi[standard]==0.114.0\n", "fastapi --version", 0),
    ],
)
def test_what_fastapi_finds_by_itself_is_told_where_it_reads_no_entrypoint(lists: str, command: str, told: int) -> None:
    tree = MemoryTree({**LOOSE, "requirements.txt": lists, "Makefile": f"run:\n\t{command}\n"})
    made = make(Bench(of(tree, Settings(), "shop")), tree)
    assert sum("finds main.py" in item.text and item.line == 2 for item in made.questions) == told


@pytest.mark.parametrize(("pin", "told"), [("solar", 1), ("shop-3.9", 1), ("3.11", 0), ("./python", 0)])
def test_an_environment_of_pyenv_that_a_pin_named_is_told(pin: str, told: int) -> None:
    tree = MemoryTree({**PACKAGE, ".python-version": f"{pin}\n"})
    made = make(Bench(of(tree, Settings(), "shop")), tree)
    assert [item.line for item in made.questions if "pyenv" in item.text] == [1] * told


def test_a_database_may_be_called_like_the_package() -> None:
    text = "services:\n  db:\n    image: postgres\n    healthcheck:\n      test: ['CMD-SHELL', 'pg_isready -U app -d app']\n"
    tree, made = planned({**PACKAGE, "compose.yml": text})
    assert tree.text("compose.yml") == text
    assert "compose.yml" not in {item.path for item in made.questions}


def test_a_pattern_that_matches_nothing_then_is_told() -> None:
    more = {
        ".github/CODEOWNERS": "requirements*.txt @ops\n*.txt @all\n* @all\n",
        ".github/workflows/a.yml": "on:\n  push:\n    paths: ['**/requirements*.txt', 'requirements/**']\n",
        "robots.txt": "",
    }
    _, made = planned({**PACKAGE, **more})
    told = [(question.path, question.line) for question in made.questions if "matches nothing" in question.text]
    assert told == [(".github/CODEOWNERS", 1), (".github/workflows/a.yml", 3)]
    _, made = planned({**PACKAGE, **more, "docs/requirements-docs.txt": "sphinx\n"})
    assert not [question for question in made.questions if "matches nothing" in question.text]


def test_a_readme_that_no_build_can_read_is_not_named() -> None:
    tree = MemoryTree({**PACKAGE, "README.md": b"# Shop \xa5\n"})
    made = make(Bench(project := of(tree, Settings(), "shop")), project.tree)
    assert "readme" not in made.pyproject
    assert [question.path for question in made.questions if "UTF-8" in question.text] == ["README.md"]


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ('"""It stands in\n requirements.txt."""\n# requirements.txt\n', False),
        ("def f():\n    'requirements.txt'\n", False),
        ("READ = open('requirements.txt')\n", True),
        ("RUN = 'pip install -r requirements.txt -q'\n", True),
    ],
)
def test_a_list_that_code_reads_stays_and_one_that_it_speaks_of_goes(text: str, stays: bool) -> None:
    tree, _ = planned({**PACKAGE, "app/lists.py": text})
    assert tree.has("requirements.txt") is stays


def test_what_a_list_that_stays_includes_stays_too() -> None:
    lists = {
        "requirements/test.txt": "-r../requirements.txt\npytest==8.3.3\n",
        "tox.ini": "[testenv]\ndeps = -rrequirements/test.txt\n",
    }
    tree, _ = planned({**PACKAGE, **lists})
    assert (tree.text("requirements.txt"), tree.has("requirements/test.txt")) == (PINS, True)


def test_the_root_may_be_a_package_itself() -> None:
    _, made = planned(
        {
            **LOOSE,
            "__init__.py": "",
            "main.py": f"{APP}from . import models\n",
            "test_main.py": "from . import main\nfrom .models import User\n",
        }
    )
    test = next(change for change in made.changes if isinstance(change, Write) and change.path == "test_main.py")
    assert test.content == b"from shop import main\nfrom shop.models import User\n"


def test_a_name_that_stands_for_poetry_is_told() -> None:
    poetry = '[tool.poetry]\nname = "shop"\nversion = "1"\n[tool.poetry.dependencies]\nfastapi = "^0.115"\n'
    make_file = "POETRY := $(shell command -v poetry 2> /dev/null)\na:\n\t$(POETRY) publish\n"
    _, made = planned({"app/main.py": APP, "pyproject.toml": poetry, "Makefile": make_file})
    told = [(question.path, question.line) for question in made.questions if "stands for poetry" in question.text]
    assert told == [("Makefile", 1)]


@pytest.mark.parametrize(("more", "told"), [({".env.example": ""}, [2]), ({}, [])])
def test_what_pipenv_handed_over_is_told(more: dict[str, str], told: list[int]) -> None:
    files = {
        "requirements.txt": None,
        "Pipfile": '[packages]\nfastapi = "*"\n',
        "app/__init__.py": "",
        "app/main.py": APP,
        "Makefile": "a:\n\tpipenv run gunicorn app.main:app\n\tpipenv run celery -A app\n",
    }
    _, made = planned({**files, **more})
    assert [question.line for question in made.questions if "--env-file" in question.text] == told


def test_a_list_that_a_line_writes_is_not_gone() -> None:
    export = (
        "FROM python:3.12 AS b\nWORKDIR /w\nRUN python -m venv /opt/venv\nCOPY requirements.txt .\n"
        "RUN /opt/venv/bin/pip install -r requirements.txt\nFROM python:3.12\nCOPY --from=b /opt/venv /opt/venv\n"
    )
    _, made = planned({**PACKAGE, "Dockerfile": export})
    assert not [question for question in made.questions if "still named" in question.text]


def linked(name: str, files: dict[str, str]) -> MemoryTree:
    tree = MemoryTree(files)
    tree.entries = {**tree.entries, name: Entry("link")}
    return tree


def test_a_list_that_is_a_link_is_not_lost() -> None:
    tree = linked("requirements.txt", {"main.py": f"import fastapi\n{APP}"})
    with pytest.raises(PlanRefused, match=r"requirements.txt is a link"):
        make(Bench(of(tree, Settings(), "shop")), tree)


def test_a_module_that_is_a_link_stops_the_move() -> None:
    tree = linked("secret.py", {"main.py": f"import secret\n{APP}", "requirements.txt": PINS})
    made = make(Bench(of(tree, Settings(), "shop")), tree)
    assert not made.moves
    assert "secret.py is a link" in made.questions[-1].text


def test_code_is_not_moved_where_nothing_says_what_it_needs() -> None:
    broken = '[packages]\nuvicorn = "*"\nuvicorn = "*"\n'
    tree = MemoryTree({"app/main.py": f"import config\n{APP}", "app/config.py": "", "Pipfile": broken})
    with pytest.raises(PlanRefused, match="Pipfile cannot be read, and nothing else says what is needed"):
        make(Bench(of(tree, Settings(), "shop")), tree)


def test_files_of_a_template_are_protected_and_move() -> None:
    name = "app/templates/{{name}}/x.py"
    tree, made = planned({**PACKAGE, name: "{% if x %}"})
    assert name in made.seen
    assert tree.text(f"src/{name}") == "{% if x %}"


def test_every_line_of_a_list_that_moves_is_accounted_for() -> None:
    text = "fastapi  # keep in step\n# why\nuvicorn\n"
    files = {"app/__init__.py": "", "app/main.py": f"from app import db\n{APP}", "app/db.py": ""}
    _, made = planned({**files, "requirements.txt": None, "app/requirements.txt": text})
    assert [(row.path, row.line, row.fate) for row in made.ledger] == [
        ("app/requirements.txt", number, "moved") for number in (1, 2, 3)
    ]


def test_a_plugin_that_packs_by_the_lock_that_goes_is_told() -> None:
    _, made = planned(
        {
            **PACKAGE,
            "requirements.txt": None,
            "Pipfile": '[packages]\nfastapi = "*"\n',
            "Pipfile.lock": '{"_meta": {}, "default": {"fastapi": {"version": "==0.115.0"}}, "develop": {}}',
            "serverless.yml": "service: x\nplugins:\n  - serverless-python-requirements\n",
        }
    )
    told = [question.text for question in made.questions if question.path == "serverless.yml"]
    assert told == ["serverless-python-requirements packs what Pipfile.lock lists, which goes"]


def test_a_readme_that_no_backend_takes_is_dropped_with_its_reason() -> None:
    poetry = '[tool.poetry]\nname = "shop"\nversion = "1"\nreadme = "../README.md"\n[tool.poetry.dependencies]\n'
    tree, made = planned({**PACKAGE, "requirements.txt": None, "pyproject.toml": poetry, "../README.md": "# all\n"})
    assert "readme" not in tree.text("pyproject.toml")
    (row,) = (row for row in made.ledger if row.text.startswith("readme"))
    assert (row.fate, row.reason) == ("dropped", "../README.md lies outside, where a build may not find it")


def test_what_a_manifest_made_from_imports_cannot_say_is_told() -> None:
    tree, made = planned(
        {
            "requirements.txt": None,
            "main.py": f"import orrmar\nfrom paho2.mqtt import client\nimport json, helper, redis, pydantic_core\n{APP}",
            "helper.py": "try:\n    import fast_one\nexcept ImportError:\n    fast_one = None\n",
            "Dockerfile": "FROM python:3.12\nWORKDIR /w\nCOPY requirements.txt .\n"
            "RUN pip install -r requirements.txt\nCOPY . .\n",
            ".github/workflows/ci.yml": "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"
            "      - run: pip install -r requirements.txt\n"
            "      - run: echo httpx > made.txt && pip install -r made.txt\n",
        }
    )
    assert '"redis"' in tree.text("pyproject.toml")
    told = [(item.path.rpartition("/")[2], item.line, item.text) for item in made.questions if item.code == "DEP104"]
    assert [(path, line) for path, line, _ in told] == [("main.py", 1), ("main.py", 2), ("ci.yml", 6)]
    assert all(word in text for word, (_, _, text) in zip(("orrmar", "paho2", "never seen"), told, strict=True))


@pytest.mark.parametrize(
    ("line", "after"), [("from src import tools", "from shop import tools"), ("import src.tools", "import shop.tools")]
)
def test_a_folder_called_src_that_is_a_package_without_saying_so(line: str, after: str) -> None:
    run = {"run.py": f"{line}\n", "main.py": f"{line}\n{APP}", "src/tools.py": "x = 1\n"}
    tree, _ = planned(run)
    assert after in tree.text("run.py")
    assert after in tree.text("src/shop/main.py")
    assert tree.has("src/shop/tools.py")


@pytest.mark.parametrize(("path", "after"), [("..", ".."), (".", ".")])
def test_settings_of_alembic_that_move_along_find_the_code(path: str, after: str) -> None:
    files = {
        "app/alembic.ini": f"[alembic]\nscript_location = migrations\nprepend_sys_path = {path}\n",
        "app/migrations/env.py": "from app import main\n",
        "Makefile": "up:\n\tcd app && alembic upgrade head\n",
    }
    tree, _ = planned({**PACKAGE, **files})
    assert f"prepend_sys_path = {after}\n" in tree.text("src/app/alembic.ini")
    assert "cd src/app && alembic" in tree.text("Makefile")


def test_a_list_that_is_there_says_all() -> None:
    _, made = planned({**PACKAGE, "app/main.py": f"import orrmar\n{APP}"})
    assert not [item for item in made.questions if item.code == "DEP104"]


RUFF = "[tool.ruff]\nline-length = 88\nlint.select = ['E', 'I']\n"


@pytest.mark.parametrize(
    ("files", "run"),
    [
        (
            {"Makefile": "lint:\n\truff check .\n\truff format --check .\n", "pyproject.toml": RUFF},
            "uvx ruff check --fix . && uvx ruff format .",
        ),
        ({"Makefile": "lint:\n\truff check .\n"}, ""),
        (
            {"Makefile": "lint:\n\truff check --select I .\n", "requirements-dev.txt": "ruff\n"},
            "uv run ruff check --fix .",
        ),
        ({"pyproject.toml": "[tool.black]\nline-length = 88\n"}, "uvx black ."),
        (
            {".pre-commit-config.yaml": "repos:\n- repo: x\n  hooks:\n  - id: isort\n  - id: black\n"},
            "uvx isort . && uvx black .",
        ),
        (
            {
                ".pre-commit-config.yaml": "repos:\n- repo: x\n  rev: 1\n  hooks:\n  - id: isort\n    name: x\n"
                "    args: [--profile=black]\n"
            },
            "uvx pre-commit run --all-files",
        ),
        (
            {
                ".pre-commit-config.yaml": "repos:\n- hooks:\n  - id: isort\n  - id: x\n    args: [y]\n",
                "requirements-dev.txt": "isort\n",
            },
            "uv run isort .",
        ),
        ({"Makefile": "lint:\n\tpip install black\n"}, ""),
    ],
)
def test_formatters_that_mind_the_new_names_are_told_once(files: dict[str, str], run: str) -> None:
    _, made = planned({**LOOSE, **files})
    told = [item.text for item in made.questions if "imports have other names" in item.text]
    assert [f"`{run}`" in text for text in told] == ([True] if run else [])
    _, made = planned({**PACKAGE, **files})
    assert not [item for item in made.questions if "imports have other names" in item.text]


POETRY = '[tool.poetry]\nname = "{}"\nversion = "1"\n[tool.poetry.dependencies]\npython = "^3.12"\nfastapi = "*"\n'
JOB = "  {}:\n    steps:\n      - uses: snok/install-poetry@{}\n      - run: |\n          {}poetry install\n"


def test_what_another_project_needs_is_not_told() -> None:
    jobs = JOB.format("a", "v1", "") + JOB.format("b", "v1", "cd sub\n          ")
    files = {
        "app/__init__.py": "",
        "app/main.py": APP,
        "pyproject.toml": POETRY.format("shop"),
        "poetry.lock": LOCKED,
        "sub/pyproject.toml": POETRY.format("sub"),
        "sub/poetry.lock": LOCKED,
        ".github/workflows/a.yml": f"jobs:\n{jobs}",
        "run.sh": "poetry install\n(cd sub && poetry install)\npoetry -C sub install\n",
        "README.md": "# x\n\nIn sub, say `poetry install`.\n\n- run `poetry install`\n",
        "sub/README.md": "Say `poetry install`.\n",
    }
    tree, made = planned({**files, "requirements.txt": None})
    told = {(question.path, question.line, question.text) for question in made.questions if question.line}
    assert told == {
        ("README.md", 5, "a sentence says `poetry install`: say it anew by hand"),
    }
    workflow = tree.text(".github/workflows/a.yml")
    assert (workflow.count("setup-uv"), workflow.count("snok/install-poetry@v1")) == (1, 1)
    assert tree.text("run.sh") == "uv sync\n(cd sub && poetry install)\npoetry -C sub install\n"


HOOKS = "repos:\n  - repo: https://github.com/python-poetry/poetry\n    rev: 1.8.3\n    hooks:\n"
OF_UV = (
    "repos:\n  - repo: https://github.com/astral-sh/uv-pre-commit\n    rev: 0.13.9\n    hooks:\n      - id: uv-lock\n"
)


@pytest.mark.parametrize(
    ("hooks", "after", "told"),
    [
        (f"{HOOKS}      - id: poetry-check\n      - id: poetry-lock\n        args: [--no-update]\n", OF_UV, []),
        (f"{HOOKS}      - id: poetry-lock\n  - repo: local\n", f"{OF_UV}  - repo: local\n", []),
        (f"{HOOKS}      - id: poetry-lock\nci:\n  skip: [poetry-lock]\n", None, [5]),
        (f"{HOOKS}      - id: poetry-check\n      - id: poetry-install\n", None, [5, 6]),
        (f"{HOOKS}      - id: poetry-lock\n        args: [-C, sub]\n", None, [5]),
        ("repos:\n  - repo: local\n    hooks:\n      - id: poetry-checked\n", None, []),
    ],
)
def test_hooks_of_poetry_are_said_in_uv_or_told(hooks: str, after: str | None, told: list[int]) -> None:
    files = {"pyproject.toml": POETRY.format("shop"), ".pre-commit-config.yaml": hooks}
    tree, made = planned({**PACKAGE, "requirements.txt": None, **files})
    assert tree.text(".pre-commit-config.yaml") == (after or hooks)
    assert [question.line for question in made.questions if "which goes" in question.text] == told


@pytest.mark.parametrize(
    ("hook", "stays"),
    [
        ("- id: uv-export\n        args: [--output-file=requirements.txt]\n", True),
        ('- id: uv-export\n        args: ["-o", "requirements.txt"]\n', True),
        ("- id: a\n        entry: sh -c 'uv pip compile pyproject.toml -o requirements.txt'\n", True),
        ("- id: a\n        entry: pip-compile requirements.in -o requirements.txt\n", False),
        ("- id: uv-export\n        args: [--output-file=other.txt]\n", False),
    ],
)
def test_a_list_that_a_hook_makes_stays(hook: str, *, stays: bool) -> None:
    tree, made = planned({**PACKAGE, ".pre-commit-config.yaml": f"repos:\n  - repo: x\n    hooks:\n      {hook}"})
    assert tree.has("requirements.txt") is stays
    said = [question.text for question in made.questions if question.path == "requirements.txt"]
    assert any("a hook of pre-commit makes it" in text for text in said) is stays


@pytest.mark.parametrize(
    ("ignore", "text", "stays"),
    [
        (".vercelignore", "pyproject.toml\npoetry.lock\n", True),
        (".gcloudignore", "*.toml\n!app.toml\n", True),
        (".railwayignore", "uv.lock\n", True),
        (".slugignore", "*.md\n# pyproject.toml\n", False),
        (".vercelignore", "*.toml\nrequirements*.txt\n", False),
    ],
)
def test_a_list_stays_where_the_manifest_is_hidden_from_a_platform(ignore: str, text: str, *, stays: bool) -> None:
    tree, made = planned({**PACKAGE, ignore: text})
    assert tree.has("requirements.txt") is stays
    told = [question.text for question in made.questions if "and not the project" in question.text]
    assert len(told) == stays


def test_vercel_starts_a_file_that_moves_and_installs_no_project() -> None:
    settings = '{"builds": [{"src": "/app/main.py", "use": "@vercel/python"}], "routes": [{"dest": "app/main.py"}]}'
    ignored = {".railwayignore": "app/static/*.json\n", "app/static/a.json": "{}"}
    tree, made = planned({**PACKAGE, **ignored, "vercel.json": settings})
    assert tree.text("vercel.json") == settings.replace("app/", "src/app/")
    assert tree.text(".railwayignore") == "src/app/static/*.json\n"
    said = "Vercel installs what it needs and not the project: Python must find src there (PYTHONPATH)"
    assert [question.text for question in made.questions if question.path == "vercel.json"] == [said]


@pytest.mark.parametrize("settings", ['{"rewrites": [{"source": "/(.*)", "destination": "/api/index"}]}', "{}"])
def test_what_vercel_makes_functions_of_stays(settings: str) -> None:
    function = "from app.main import app\n"
    tree, made = planned({**PACKAGE, "api/index.py": function, "vercel.json": settings})
    assert (tree.text("api/index.py"), tree.text("vercel.json")) == (function, settings)
    assert [question.path for question in made.questions if "find src there" in question.text] == ["vercel.json"]
    held = {"api/index.py": f"from parts.x import y\n{APP}", "parts/x.py": "y = 1\n", "requirements.txt": "fastapi\n"}
    tree, _ = planned({**held, "vercel.json": settings})
    assert tree.has("api/index.py")
    assert tree.text("vercel.json") == settings


FOR = ' ; python_version >= "3.12" and python_version < "4.0"'
STALE = {
    "app/__init__.py": "",
    "app/main.py": f"import pandas\n{APP}",
    "pyproject.toml": POETRY.format("shop"),
    "poetry.lock": LOCKED,
    "requirements.txt": f"asyncpg==0.27.0{FOR}\npandas==1.5.1{FOR}\npasslib==1.7.4{FOR}\n",
    "requirements-dev.txt": f"asyncpg==0.25.0{FOR}\npandas==1.4.1 ; python_version >= '3.8'\ntypes-x==1\n",
}


def test_what_stale_exports_alone_name_is_left_out_and_told() -> None:
    tree, made = planned(STALE)
    manifest = tree.text("pyproject.toml")
    assert "asyncpg" not in manifest
    assert "types-x" not in manifest
    assert manifest.count("pandas") == 1
    told = {question.path: question.text for question in made.questions if "an old export" in question.text}
    assert "asyncpg 0.27.0; left out" in told["requirements.txt"]
    assert "asyncpg 0.25.0, types-x 1; left out" in told["requirements-dev.txt"]
    assert not [pin for pin in made.pins if pin.name in ("asyncpg", "types-x")]


@pytest.mark.parametrize(
    "more",
    [
        {"run.sh": "pip install -r requirements.txt -r requirements-dev.txt\n"},
        {"poetry.lock": None},
        {name: text.replace("==", ">=") for name, text in STALE.items() if name.startswith("req")},
        {name: text.replace("python_version", "sys_platform") for name, text in STALE.items() if name[:3] == "req"},
    ],
)
def test_a_list_that_is_no_stale_export_loses_nothing(more: dict[str, str | None]) -> None:
    tree, made = planned({**STALE, **more})
    assert "asyncpg" in tree.text("pyproject.toml")
    assert not [question for question in made.questions if "an old export" in question.text]


def test_what_poetry_exports_and_pip_installs_in_an_image_is_no_list_of_the_project() -> None:
    image = "FROM python:3.12\nRUN poetry export -o requirements.txt && pip install -r requirements.txt\n"
    tree, _ = planned({**STALE, "Dockerfile": image})
    assert "asyncpg" not in tree.text("pyproject.toml")


CURL = "curl -sSL https://install.python-poetry.org | python3 -"
FETCHED = "RUN curl -o get-poetry.py https://x/get-poetry.py && python get-poetry.py\n"
GOT = "RUN curl -sSL https://x/get-poetry.py | POETRY_HOME=/opt/poetry python && ln -s /opt/poetry/bin/poetry /bin\n"
OF_POETRY = {"pyproject.toml": POETRY.format("shop"), "requirements.txt": None, "poetry.toml": "[virtualenvs]\n"}


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("Dockerfile", f"FROM python:3.12\n{FETCHED}COPY . .\nRUN poetry install --no-root\n", 2),
        ("Dockerfile", f"FROM python:3.12\n{GOT}COPY . .\nRUN poetry install && poetry publish\n", 0),
        ("Makefile", "p:\n\techo install poetry\na:\n\tpoetry install\n", 0),
    ],
)
def test_a_manager_that_is_installed_for_nothing_is_told(path: str, text: str, line: int) -> None:
    tree, made = planned({**PACKAGE, **OF_POETRY, path: text})
    told = [question.line for question in made.questions if "still installed here" in question.text]
    assert told == ([line] if line else [])
    assert "uv run python3 -" not in tree.text(path)
    assert [question.path for question in made.questions if "nothing reads it" in question.text] == ["poetry.toml"]


@pytest.mark.parametrize(
    ("path", "text", "after"),
    [
        (
            "Dockerfile",
            f"FROM python:3.12\nRUN apt-get update && {CURL} && export A=1 && poetry install && rm -rf /x\nCOPY . .\n",
            "apt-get update && export A=1 && uv sync --locked --no-install-project && rm -rf /x\n",
        ),
        ("Dockerfile", f"FROM python:3.12\n{GOT}COPY . .\nRUN poetry install --no-root\n", '/bin:$PATH"\nCOPY . .\n'),
        (
            "Dockerfile",
            "FROM python:3.12\nCOPY . .\nRUN pip install -q poetry==1.8 gunicorn && poetry install --no-root\n",
            "-install-project && uv pip install --python /opt/venv gunicorn\n",
        ),
        (
            "Makefile",
            f"p:\n\t{CURL} --version 1.8\na:\n\tpoetry install\n",
            "p:\n\tpip install uv==0.13.9\na:\n\tuv sync\n",
        ),
        ("README.md", f"```sh\n$ {CURL}\n$ poetry install\n```\n", "```sh\n$ pip install uv==0.13.9\n$ uv sync\n```\n"),
        (
            ".github/workflows/a.yml",
            f"jobs:\n  a:\n    steps:\n      - run: {CURL} -y && poetry install\n",
            "      - run: pip install uv==0.13.9 && uv sync --locked\n",
        ),
        (
            ".github/workflows/a.yml",
            f"jobs:\n  a:\n    steps:\n      - name: Install poetry\n        run: {CURL}\n      - run: poetry install\n",
            "        run: pip install uv==0.13.9\n",
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    steps:\n      - run: poetry install\n      - run: pip install poetry==1.8 tox && tox\n",
            "      - run: uv pip install tox && uv run tox\n",
        ),
    ],
)
def test_uv_comes_in_the_place_of_what_installs_a_manager(path: str, text: str, after: str) -> None:
    tree, made = planned({**PACKAGE, **OF_POETRY, path: text})
    assert after in tree.text(path)
    assert "poetry" not in tree.text(path).replace("Install poetry", "")
    assert not [question.text for question in made.questions if "poetry" in question.text and question.path == path]


UNREAD_LIST = {"requirements.txt": "fastapi\ngit+https://example.org/x/y\n"}


@pytest.mark.parametrize(
    ("path", "text", "after"),
    [
        ("Makefile", "a:\n\tpip install -r requirements.txt\n", "\tuv sync && uv pip install -r requirements.txt\n"),
        (
            "Makefile",
            "a:\n\tpip install -r requirements-dev.txt\n",
            "\tuv sync && uv pip install -r requirements.txt\n",
        ),
        (
            "Dockerfile",
            "FROM python:3.12\nWORKDIR /w\nCOPY requirements.txt ./\nRUN pip install -r requirements.txt\nCOPY . .\n",
            " && uv pip install --python /opt/venv -r /w/requirements.txt\n",
        ),
        (
            "Dockerfile",
            "FROM python:3.12\nCOPY requirements.txt /tmp/\nRUN pip install -r /tmp/requirements.txt\nCOPY app app\n",
            "COPY pyproject.toml uv.lock requirements.txt /tmp/\n",
        ),
        (
            "Dockerfile",
            "FROM python:3.12 AS a\nCOPY requirements.txt .\nRUN pip install --user -r requirements.txt\n"
            "FROM python:3.12\nCOPY --from=a /root/.local /root/.local\n",
            "RUN pip install --user -r requirements.txt\n",
        ),
    ],
)
def test_lines_that_nobody_can_read_are_installed_as_before(path: str, text: str, after: str) -> None:
    tools = {"requirements-dev.txt": "-r requirements.txt\npytest\n"}
    tree, made = planned({**PACKAGE, **UNREAD_LIST, **tools, path: text})
    assert tree.has("requirements.txt")
    assert not tree.has("requirements-dev.txt")
    assert after in tree.text(path)
    told = [question.line for question in made.questions if "in lines that nobody could read" in question.text]
    assert bool(told) is ("--user" not in text)


def test_no_empty_heading_is_left_and_nothing_is_found_twice() -> None:
    text = '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.12"\ndependencies = ["fastapi"]\n\n'
    uv, _ = planned({**PACKAGE, "requirements.txt": None, "pyproject.toml": f"{text}[tool.uv]\npackage = false\n"})
    assert "[tool.uv]" not in uv.text("pyproject.toml")
    build = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n\n'
    find = '[tool.setuptools.packages.find]\ninclude = ["app*", "worker*"]\n'
    code = {"app/main.py": f"import worker.x\n{APP}", "worker/__init__.py": "", "worker/x.py": ""}
    found, _ = planned({**PACKAGE, **code, "requirements.txt": None, "pyproject.toml": f"{text}{build}{find}"})
    assert 'include = ["shop*"]\n' in found.text("pyproject.toml")


@pytest.mark.parametrize("reader", ["app.yaml", ".vercelignore"])
def test_a_list_that_stays_is_taken_over_once(reader: str) -> None:
    said = {"app.yaml": "runtime: python312\n", ".vercelignore": "pyproject.toml\n"}[reader]
    listed = f"fastapi==1.7.4{FOR}\npasslib==1.7.4{FOR}\n"
    tree, _ = planned({**STALE, "requirements.txt": listed, "requirements-dev.txt": None, reader: said})
    assert tree.has("requirements.txt")
    assert "passlib" not in tree.text("pyproject.toml")


def test_a_distribution_may_be_called_like_a_program_that_it_is_not() -> None:
    make_file = {"Makefile": "a:\n\tpip install -r requirements.txt\n\tdocker compose up\n"}
    tree, _ = planned({**PACKAGE, "requirements.txt": f"{PINS}docker==7.1.0\n", **make_file})
    assert tree.text("Makefile") == "a:\n\tuv sync\n\tdocker compose up\n"


@pytest.mark.parametrize(
    ("name", "asked"), [("app/templates/i.html", True), ("app/x.pyi", False), ("data.json", False)]
)
def test_what_lay_in_the_working_directory_of_an_image_is_told(name: str, *, asked: bool) -> None:
    files = {
        "requirements.txt": "fastapi\n",
        "app/main.py": f"from core.c import X\n{APP}",
        "app/core/c.py": "X = 1\n",
        name: "",
        "Dockerfile": "FROM python:3.12\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n"
        'COPY ./app .\nCMD ["uvicorn", "main:app"]\n',
    }
    _, made = planned(files)
    assert any("needs that WORKDIR" in item.text for item in made.questions) is asked


def test_what_another_projects_script_needs_stays() -> None:
    """A manager is set up for a script that a step calls in a folder below."""
    files = {
        "app/__init__.py": "",
        "app/main.py": APP,
        "pyproject.toml": POETRY.format("shop"),
        "poetry.lock": LOCKED,
        "sub/pyproject.toml": POETRY.format("sub"),
        "sub/poetry.lock": LOCKED,
        "sub/ci.sh": "poetry install\n",
        ".github/workflows/a.yml": f"jobs:\n{JOB.format('a', 'v1', '')}      - run: bash ci.sh\n        working-directory: sub\n",
    }
    tree, _ = planned({**files, "requirements.txt": None})
    assert "snok/install-poetry@v1" in tree.text(".github/workflows/a.yml")
    tree, _ = planned({**files, "requirements.txt": None, "sub/ci.sh": "echo\n", "sub/README.md": "`poetry install`\n"})
    assert "snok/install-poetry@v1" not in tree.text(".github/workflows/a.yml")
