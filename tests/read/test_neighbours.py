"""Files around a project: those of other projects are left alone."""

from pathlib import Path

import pytest
from trees import tree

from trueup.model.plan import Question
from trueup.model.settings import Settings
from trueup.model.tree import Overlay, Tree
from trueup.plan.plan import make
from trueup.read import project as reader
from trueup.read.neighbours import copies, is_above, place
from trueup.steps import Bench


@pytest.mark.parametrize(
    ("text", "around", "ours"),
    [
        ("FROM a\nCOPY ./services/api/requirements.txt /app/\n", False, True),
        ("FROM a\nCOPY api /app\n", False, True),  # the context is services/
        ("FROM a\nCOPY services /app\n", False, True),
        ("FROM a\nCOPY . /app\n", False, True),
        ("FROM a\nADD */requirements.txt /app/\n", False, True),
        ('FROM a\nCOPY ["services/api/main.py", "/app/"]\n', False, True),
        ("FROM a\nCOPY --chown=me \\\n  services/api /app\n", False, True),
        ("FROM a\nCOPY ./bots/shop /app\nRUN pip install -r requirements.txt\n", True, False),
        ("FROM a\nCOPY --from=base /services/api /app\n", False, False),
        ("FROM a\nRUN pip install x\n", True, True),
        ("FROM a\nRUN pip install x\n", False, False),
    ],
)
def test_an_image_is_for_what_it_copies(text: str, around: bool, ours: bool) -> None:
    assert copies(text, "services/api", around=around) is ours


def test_places() -> None:
    assert place("../../docker/Dockerfile", "services/api") == "docker/Dockerfile"
    assert place("../README.md", "services/api") == "services/README.md"
    assert [is_above(folder, "services/api") for folder in ("", "services", "docs", "service")] == [
        True,
        True,
        False,
        False,
    ]


REPOSITORY = """
main.py
    from fastapi import FastAPI

    app = FastAPI()
requirements.txt
    fastapi
../bots/pyproject.toml
    [project]
    name = "bots"
    version = "1"
../bots/README.md
    ```sh
    pip install -r requirements.txt
    ```
    ```sh
    cd backend
    pip install -r requirements.txt
    ```
../bots/run.sh
    pip install -r requirements.txt
../README.md
    ```sh
    cd my-clone
    pip install -r backend/requirements.txt
    cd bots
    pip install -r requirements.txt
    ```
../scripts/all.sh
    cd backend && pip install -r requirements.txt
    cd ../bots && pip install -r requirements.txt
../compose/compose.yml
    services: {web: {command: uvicorn main:app}}
../.vscode/tasks.json
    {"tasks": [{"command": "uvicorn main:app"}]}
../.github/workflows/ci.yml
    jobs:
      a:
        steps:
          - run: pip install -r requirements.txt
            working-directory: bots
          - run: cd backend && pip install -r requirements.txt
          - run: cd $HERE && pip install -r requirements.txt
          - run: poetry install
          - run: poetry -C backend install
          - run: poetry install
            working-directory: ./bots/${{ matrix.bot }}
          - run: poetry install
            working-directory: ./backend
../.circleci/config.yml
    jobs:
      a:
        working_directory: ~/project/bots
        steps: [{run: pip install -r requirements.txt}]
      b:
        working_directory: ~/project/backend
        steps: [{run: pip install -r requirements.txt}]
"""


def test_commands_of_other_projects_are_not_this_ones() -> None:
    project = reader.of(tree(REPOSITORY))
    project.repository = "backend"
    found = {(item.path, item.line) for item in project.commands if item.argv[0] != "cd"}
    assert found == {
        ("../README.md", 3),
        ("../bots/README.md", 6),
        ("../scripts/all.sh", 1),
        ("../compose/compose.yml", 1),
        ("../.vscode/tasks.json", 1),
        ("../.github/workflows/ci.yml", 6),
        ("../.github/workflows/ci.yml", 7),
        ("../.github/workflows/ci.yml", 9),
        ("../.github/workflows/ci.yml", 12),
        ("../.circleci/config.yml", 7),
    }


DOCKER = {
    ".git/HEAD": "ref: refs/heads/main\n",
    "backend/main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
    "backend/requirements.txt": "fastapi\n",
    "docker/Dockerfile.api": "FROM python:3.12\nCOPY backend/requirements.txt .\nRUN pip install -r requirements.txt\n",
    "docker/Dockerfile.bot": "FROM python:3.12\nCOPY bots .\nRUN pip install -r requirements.txt\n",
    "docker/Dockerfile.dockerignore": "bots\n",
}


def planned(root: Path, files: dict[str, str], folder: str) -> tuple[Tree, Tree]:
    """The tree of the project in ``folder`` of ``files``, and what a plan makes of it."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    project = reader.load(root / folder, Settings())
    return project.tree, Overlay(project.tree, make(Bench(project), project.tree).changes)


def asked(root: Path, files: dict[str, str], folder: str) -> tuple[Tree, tuple[Question, ...]]:
    """What a plan makes of it, and what it asks."""
    before, after = planned(root, files, folder)
    project = reader.load(root / folder, Settings())
    return after, make(Bench(project), before).questions


def test_a_plan_leaves_the_images_of_others(tmp_path: Path) -> None:
    before, after = planned(tmp_path, DOCKER, "backend")
    assert before.outer() == ("../docker/Dockerfile.api", "../docker/Dockerfile.dockerignore")
    assert "uv sync" in after.text("../docker/Dockerfile.api")


@pytest.mark.parametrize("listed", [True, False])
def test_an_image_is_filled_from_the_list_beside_it(tmp_path: Path, listed: bool) -> None:
    image = "FROM python:3.12\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\n"
    files = {**DOCKER, "Dockerfile": image, **({"requirements.txt": "requests\n"} if listed else {})}
    after, questions = asked(tmp_path, files, "backend")
    assert after.text("../Dockerfile").startswith(image) is listed
    assert [item for item in questions if item.path == "../Dockerfile" and "still named" in item.text] == []
    assert "uv sync" in after.text("../docker/Dockerfile.api")
    assert after.has("../requirements.txt") is listed
    documented = {**files, "backend/README.md": "Edit `requirements.txt`.\n"}
    assert [item.line for item in asked(tmp_path, documented, "backend")[1] if item.path == "README.md"] == [1]


def test_who_reads_on_is_where_the_block_before_has_led(tmp_path: Path) -> None:
    readme = (
        "```sh\ncd backend\n```\n\n```sh\npython -m venv venv && source venv/bin/activate\n```\n\n"
        "```sh\npip install -r requirements.txt\npython seed.py\n```\n\n```sh\ncd frontend\nnpm i\n```\n"
    )
    files = {
        ".git/HEAD": "",
        "README.md": readme,
        "frontend/package.json": "{}",
        "backend/main.py": "from fastapi import FastAPI\nimport db\napp = FastAPI()\n",
        "backend/db.py": "",
        "backend/seed.py": "import db\n",
        "backend/requirements.txt": "fastapi\nuvicorn\n",
    }
    _, after = planned(tmp_path, files, "backend")
    assert "```sh\nuv sync\nuv run python -m backend.seed\n```\n" in after.text("../README.md")


def test_a_service_that_is_built_from_the_project_starts_in_it(tmp_path: Path) -> None:
    text = (
        "services:\n  w:\n    build: ./web\n    command: watchmedo auto-restart --directory=./app -- celery -A app.main x\n"
        '  v:\n    build: ./web\n    command: watchfiles "celery -A app.main worker" app\n'
    )
    files = {
        ".git/HEAD": "",
        "compose.yml": text,
        "web/app/__init__.py": "",
        "web/app/main.py": "from flask import Flask\napp = Flask('x')\n",
        "web/requirements.txt": "flask\n",
    }
    _, after = planned(tmp_path, files, "web")
    assert after.text("../compose.yml") == text.replace("./app ", "./src/app ").replace('" app\n', '" src/app\n')


def program(name: str) -> dict[str, str]:
    """A program in a folder of its own, with its image and its start."""
    return {
        f"{name}/wsgi.py": f"from flask import Flask\nimport util_{name}\napp = Flask('x')\n",
        f"{name}/util_{name}.py": "",
        f"{name}/requirements.txt": "flask\ngunicorn\n",
        f"{name}/Dockerfile": "FROM python:3.12\nWORKDIR /app\nCOPY ./requirements.txt .\n"
        "RUN pip install -r requirements.txt\nCOPY . .\nCMD gunicorn wsgi:app\n",
        f"{name}/start.sh": "gunicorn wsgi:app\n",
    }


SERVICES = """services:
  web:
    build: ./web
    command: gunicorn wsgi:app
  game:
    build: ./game
    command: gunicorn wsgi:app
    environment: [APP_MODULE=wsgi:app]
  bot:
    build: {context: ., dockerfile: game/Dockerfile}
    command: gunicorn wsgi:app
"""


def test_what_belongs_to_another_program_stays(tmp_path: Path) -> None:
    files = {**program("web"), **program("game"), ".git/HEAD": "", "dev.docker-compose.yaml": SERVICES}
    before, after = planned(tmp_path, files, "web")
    assert "gunicorn web.wsgi:app" in after.text("Dockerfile")
    assert before.outer() == ("../dev.docker-compose.yaml",)
    own = "build: ./web\n    command: gunicorn "
    assert after.text("../dev.docker-compose.yaml") == SERVICES.replace(f"{own}wsgi", f"{own}web.wsgi")


@pytest.mark.parametrize(
    "build", ["{context: ., dockerfile: web/Dockerfile}", "\n      dockerfile: web/Dockerfile\n      context: ."]
)
def test_a_service_that_is_built_from_above_by_the_projects_dockerfile_is_the_projects(
    build: str, tmp_path: Path
) -> None:
    services = f"services:\n  web:\n    build: {build}\n    command: gunicorn wsgi:app\n"
    files = {**program("web"), **program("game"), ".git/HEAD": "", "compose.yaml": services}
    _, after = planned(tmp_path, files, "web")
    assert after.text("../compose.yaml") == services.replace("wsgi", "web.wsgi")


@pytest.mark.parametrize(("statement", "stays"), [("backend.app.main", True), ("app.main", True), ("apple", False)])
def test_code_that_tests_around_a_project_import_stays(statement: str, stays: bool, tmp_path: Path) -> None:
    files = {
        ".git/HEAD": "",
        "tests/deep/test_a.py": f"import os\nfrom {statement} import x\n",
        "backend/requirements.txt": "fastapi\nuvicorn\n",
        "backend/app/__init__.py": "",
        "backend/app/main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
    }
    before, after = planned(tmp_path, files, "backend")
    assert bool(before.outer()) is after.has("app/main.py") is stays


AROUND = {
    ".git/HEAD": "ref: refs/heads/main\n",
    "pyproject.toml": "[tool.black]\n",
    "requirements.txt": "pre-commit\n",
    ".github/workflows/ci.yml": "jobs:\n  a:\n    steps:\n      - run: pip install -r requirements.txt\n"
    "      - run: pyright -p services/backend/pyrightconfig.json\n",
    "compose/test/Dockerfile": "FROM python:3.12\nCOPY ./services/backend/requirements.txt /requirements.txt\n"
    "RUN pip install -r /requirements.txt\nCOPY ./pyproject.toml /pyproject.toml\n"
    "COPY ./services/backend/pytest.ini /pytest.ini\nCOPY services/backend /app\nWORKDIR /app\n",
    "compose/local/start.sh": "uvicorn main:app --reload --reload-dir apis\nls apis\n",
    "services/backend/main.py": "from apis import users\nfrom fastapi import FastAPI\napp = FastAPI()\n",
    "services/backend/apis/__init__.py": "",
    "services/backend/apis/users.py": "",
    "services/backend/pytest.ini": "[pytest]\naddopts = -q\n",
    "services/backend/requirements.txt": "fastapi\n",
    "services/backend/pyrightconfig.json": '{"strict": ["apis"]}',
    "services/backend/tests/test_a.py": "def test(): ...\n",
}


def test_what_lies_around_a_project_is_told_from_what_is_its_own(tmp_path: Path) -> None:
    _, after = planned(tmp_path, AROUND, "services/backend")
    image = after.text("../../compose/test/Dockerfile")
    assert "COPY ./services/backend/pyproject.toml ./services/backend/uv.lock ./\n" in image
    assert "COPY ./pyproject.toml /pyproject.toml\n" in image  # that of the repository, which has no lock
    assert "COPY ./services/backend/pytest.ini /pytest.ini\n" in image
    assert "COPY services/backend /app\nENV PYTHONPATH=/app/src\n" in image
    assert after.has("pytest.ini")  # the image copies it
    assert after.has("pyrightconfig.json")  # CI names it
    assert after.text("../../.github/workflows/ci.yml") == AROUND[".github/workflows/ci.yml"]
    started = after.text("../../compose/local/start.sh")
    assert started == "uvicorn backend.main:app --reload --reload-dir src/backend/apis\nls apis\n"


BACKEND = {
    ".git/HEAD": "",
    "backend/requirements.txt": "fastapi\nuvicorn\nflask\n",
    "backend/app/__init__.py": "",
    "backend/app/main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
}


@pytest.mark.parametrize(
    "around",
    [
        {"backend/alembic/env.py": "import app.main\n", "tests/test_a.py": "from alembic import command\n"},
        {"backend/utils.py": "", "utils.py": "", "cli.py": "import utils\n", "tests/test_a.py": "import utils\n"},
    ],
)
def test_a_file_around_that_imports_another_of_the_same_name_stops_no_move(
    tmp_path: Path, around: dict[str, str]
) -> None:
    _, after = planned(tmp_path, BACKEND | around, "backend")
    assert after.has("src/app/main.py")


def test_a_folder_that_is_no_package_hides_no_import_of_the_project(tmp_path: Path) -> None:
    around = {"app/index.html": "", "tests/test_a.py": "from app.main import app\n"}
    _, after = planned(tmp_path, BACKEND | around, "backend")
    assert not after.has("src/app/main.py")


def test_a_list_of_another_folder_is_installed_as_before(tmp_path: Path) -> None:
    text = "a:\n\tpip install -r worker/requirements.txt\nb:\n\tpip install -r backend/requirements.txt\n"
    _, after = planned(tmp_path, BACKEND | {"Makefile": text}, "backend")
    said = after.text("../Makefile")
    assert "a:\n\tpip install -r worker/requirements.txt\n" in said
    assert "uv sync --project backend\n" in said


def test_the_volumes_of_another_service_stay(tmp_path: Path) -> None:
    text = (
        "services:\n  a:\n    build: backend\n  w:\n    build: ./worker\n    volumes:\n"
        "      - ./worker/app:/w/app\n      - ./backend/app:/other/app\n"
    )
    docker = {"backend/Dockerfile": "FROM python:3.12\nWORKDIR /w\nCOPY . .\n"}
    _, after = planned(tmp_path, BACKEND | docker | {"compose.yml": text}, "backend")
    said = after.text("../compose.yml")
    assert "- ./worker/app:/w/app\n      - ./backend/src/app:/other/app\n" in said


def test_an_expression_that_would_fit_nothing_any_more_is_told(tmp_path: Path) -> None:
    hooks = "repos:\n- repo: local\n  hooks:\n  - id: a\n    files: ^web/(wsgi|util_web)\\.py$\n    exclude: \\.py$\n"
    files = {**program("web"), **program("game"), ".git/HEAD": "", ".pre-commit-config.yaml": hooks}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    project = reader.load(tmp_path / "web", Settings())
    told = [question for question in make(Bench(project), project.tree).questions if "it fits" in question.text]
    assert [(question.path, question.line) for question in told] == [("../.pre-commit-config.yaml", 5)]


def test_what_assistants_are_told_around_a_project_follows(tmp_path: Path) -> None:
    said = "```bash\ncd backend && python -m src.db\n```\n"
    told = (".claude/skills/x/SKILL.md", ".cursor/rules/x.mdc", ".cursorrules", ".agents/a.md")
    files = dict.fromkeys((*told, ".claude/trees/b/README.md", "backend/.cursor/rules"), said)
    files |= {
        ".claude/trees/b/.git": "gitdir: x\n",
        "backend/src/__init__.py": "",
        "backend/src/main.py": "from fastapi import FastAPI\nfrom src import db\napp = FastAPI()\n",
        "backend/src/db.py": "",
        "backend/requirements.txt": "fastapi==0.115.0\n",
        ".git/HEAD": "ref: refs/heads/main\n",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    project = reader.load(tmp_path / "backend", Settings())
    after = Overlay(project.tree, make(Bench(project), project.tree).changes)
    assert {after.text(path) for path in (*(f"../{path}" for path in told), ".cursor/rules")} == {
        said.replace("src.db", "backend.db")
    }
    assert "../.claude/trees/b/README.md" not in project.tree.entries


POETRY = '[tool.poetry]\nname = "x"\nversion = "1"\n[tool.poetry.dependencies]\npython = "^3.12"\nfastapi = "*"\n'
WORKFLOW = (
    "jobs:\n  t:\n    strategy:\n      matrix:\n        dir: [{}]\n    steps:\n      - uses: snok/install-poetry@v1\n"
    "      - run: poetry install\n        working-directory: ${{{{ matrix.dir }}}}\n"
)


CODE = {name: text for name, text in BACKEND.items() if not name.endswith(".txt")}


@pytest.mark.parametrize(
    ("folders", "told"),
    [
        ("worker, jobs", []),
        (
            "backend, worker",
            ["`poetry install` is run in ../worker, too, and stays: give each a job of its own"],
        ),
        ("backend", None),
    ],
)
def test_a_job_for_several_projects_stays(tmp_path: Path, folders: str, told: list[str] | None) -> None:
    text = WORKFLOW.format(folders)
    files = {"backend/pyproject.toml": POETRY, "worker/pyproject.toml": POETRY, ".github/workflows/a.yml": text}
    after, questions = asked(tmp_path, CODE | files, "backend")
    said = after.text("../.github/workflows/a.yml")
    found = [item.text for item in questions if item.path.endswith("a.yml")]
    if told is None:
        assert "run: uv sync --locked\n" in said
        assert "poetry" not in said
    else:
        assert "uses: snok/install-poetry@v1\n" in said
        assert "run: poetry install\n" in said
        assert found == told


def test_a_job_for_another_project_keeps_what_it_sets_up(tmp_path: Path) -> None:
    job = "  {}:\n    steps:\n      - uses: snok/install-poetry@v1\n      - run: cd {} && poetry install\n"
    text = "jobs:\n" + job.format("a", "backend") + job.format("b", "worker")
    files = {"backend/pyproject.toml": POETRY, "worker/pyproject.toml": POETRY, ".github/workflows/a.yml": text}
    after, questions = asked(tmp_path, CODE | files, "backend")
    said = after.text("../.github/workflows/a.yml")
    assert "cd backend && uv sync --locked\n" in said
    assert said.endswith(job.format("b", "worker"))
    assert not [item for item in questions if item.path.endswith("a.yml")]


@pytest.mark.parametrize(
    ("calls", "manifest", "kept"),
    [
        ("make -C worker install", POETRY, True),
        ("make -C worker install", '[project]\nname = "x"\nversion = "1"\n', False),
        ("make -C coworker install", POETRY, False),
        ("ls", POETRY, False),
    ],
)
def test_a_manager_that_another_project_needs_is_left_where_it_is_put_in(
    tmp_path: Path, calls: str, manifest: str, kept: bool
) -> None:
    script = "curl -sSL https://install.python-poetry.org | python3 -\n(cd backend && poetry install)\n{}\n"
    action = "      - uses: snok/install-poetry@v1\n"
    text = "jobs:\n  a:\n    steps:\n" + action + "      - run: cd backend && poetry install\n      - run: {}\n"
    files = {"setup.sh": script.format(calls), ".github/workflows/a.yml": text.format(calls)}
    manifests = {"backend/pyproject.toml": POETRY, "worker/pyproject.toml": manifest}
    after, questions = asked(tmp_path, CODE | manifests | files, "backend")
    assert (action in after.text("../.github/workflows/a.yml")) == kept
    assert ("install.python-poetry.org" in after.text("../setup.sh")) == kept
    assert not [item for item in questions if item.path == "../setup.sh" and item.line]


@pytest.mark.parametrize(
    ("hook", "told"),
    [
        ("      - id: poetry-check\n        args: [-C, backend]\n", [4]),
        ("      - id: poetry-lock\n        args:\n          - -C\n          - ./backend\n", [4]),
        ("      - {id: poetry-lock, args: [--directory=backend]}\n", [4]),
        ("      - id: poetry-lock\n        args: [-C, worker]\n      - id: poetry-install\n", [6]),
        ("      - id: poetry-lock\n        args: [-C, worker]\n", []),
        ("      # - id: poetry-lock\n", []),
    ],
)
def test_hooks_of_the_repository_that_call_a_manager(tmp_path: Path, hook: str, told: list[int]) -> None:
    config = f"repos:\n  - repo: https://github.com/python-poetry/poetry\n    hooks:\n{hook}"
    files = {"backend/pyproject.toml": POETRY, "worker/pyproject.toml": POETRY, ".pre-commit-config.yaml": config}
    _, questions = asked(tmp_path, CODE | files, "backend")
    assert [item.line for item in questions if item.path == "../.pre-commit-config.yaml"] == told


def test_a_hook_for_another_project_inside_is_its_own(tmp_path: Path) -> None:
    config = "repos:\n  - hooks:\n      - id: poetry-lock\n        args: [-C, worker]\n      - id: poetry-check\n"
    files = {name.removeprefix("backend/"): text for name, text in CODE.items()}
    files |= {"pyproject.toml": POETRY, "worker/pyproject.toml": POETRY, ".pre-commit-config.yaml": config}
    _, questions = asked(tmp_path, files, "")
    assert [item.line for item in questions if item.path == ".pre-commit-config.yaml"] == [5]


def test_a_list_that_another_project_installs_is_its_own(tmp_path: Path) -> None:
    text = (
        "a:\n\tcd backend && pip install -r requirements.txt\nb:\n\tcd worker && pip install -r requirements.txt\n"
        "c:\n\tcat requirements.txt\n"
    )
    after, questions = asked(tmp_path, BACKEND | {"worker/requirements.txt": "celery\n", "Makefile": text}, "backend")
    assert "cd backend && uv sync\n" in after.text("../Makefile")
    assert [item.line for item in questions if item.path == "../Makefile" and "still named" in item.text] == [6]
