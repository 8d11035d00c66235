"""What stands around a project in its repository, and what follows the project there."""

from pathlib import Path

import pytest

from trueup.model.plan import Question
from trueup.model.settings import Settings
from trueup.model.tree import Overlay, Tree
from trueup.plan.plan import make
from trueup.plan.uv_commands import uv_version
from trueup.read import project as reader
from trueup.steps import Bench

POETRY = '[tool.poetry]\nname = "x"\nversion = "1"\n[tool.poetry.dependencies]\npython = "^3.12"\nfastapi = "*"\n'
APP = {
    ".git/HEAD": "ref: refs/heads/main\n",
    "backend/pyproject.toml": POETRY,
    "backend/poetry.lock": "",
    "backend/app/__init__.py": "",
    "backend/app/main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
}


def planned(root: Path, files: dict[str, str], folder: str = "backend") -> tuple[Tree, tuple[Question, ...]]:
    """What a plan makes of the project in ``folder``, and what it asks."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    project = reader.load(root / folder, Settings())
    plan = make(Bench(project), project.tree)
    return Overlay(project.tree, plan.changes), plan.questions


@pytest.mark.parametrize(
    ("step", "after"),
    [
        ("run: pytest -c pytest.ini\n        working-directory: ./backend", "pytest -c pyproject.toml"),
        ("run: cd backend && pytest -c pytest.ini", "pytest -c pyproject.toml"),
        ("run: |\n          cd backend\n          pytest tests \\\n            -c pytest.ini", "-c pyproject.toml"),
        ("run: cd other && pytest -c pytest.ini", "pytest -c pytest.ini"),
        (
            "run: cat pytest.ini\n        working-directory: ${{ matrix.dir }}\n"
            "    strategy:\n      matrix:\n        dir: [backend, other]",
            None,
        ),
        ("run: cd backend && cat pytest.ini", None),
    ],
)
def test_a_command_that_runs_in_the_project_names_its_settings_where_they_go(
    tmp_path: Path, step: str, after: str | None
) -> None:
    workflow = f"jobs:\n  t:\n    steps:\n      - {step}\n"
    files = {"backend/pytest.ini": "[pytest]\naddopts = -q\n", ".github/workflows/t.yml": workflow}
    tree, questions = planned(tmp_path, APP | files)
    assert tree.has("pytest.ini") == (after is None)
    assert (after or "cat pytest.ini") in tree.text("../.github/workflows/t.yml")
    kept = "pytest.ini stays: ../.github/workflows/t.yml:4 names pytest.ini"
    assert (kept in [question.text for question in questions]) == (after is None)


JOB = "jobs:\n  t:\n{}    steps:\n      - run: pip install poetry\n"
THEIRS = "      - run: poetry install\n        working-directory: {}\n"
CIRCLE = "version: 2.1\njobs:\n  t:\n    working_directory: ~/repo\n    steps:\n      - run: pip install pipenv\n"


@pytest.mark.parametrize(
    ("path", "text", "after"),
    [
        (".github/workflows/w.yml", JOB.format("") + THEIRS.format("./worker"), None),
        (
            ".github/workflows/w.yml",
            JOB.format("    env: {D: ./worker}\n") + THEIRS.format("${{ env.D }}"),
            None,
        ),
        (".circleci/config.yml", CIRCLE + "      - run: cd worker && pipenv install\n", None),
        (
            ".github/workflows/w.yml",
            JOB.format("") + THEIRS.format("worker") + THEIRS.format("backend"),
            JOB.format("")
            + THEIRS.format("worker")
            + THEIRS.format("backend").replace("poetry install", "pip install uv==VERSION && uv sync --locked"),
        ),
        (
            ".github/workflows/w.yml",
            JOB.format("") + THEIRS.format("backend"),
            JOB.format("").replace("poetry", "uv==VERSION")
            + THEIRS.format("backend").replace("poetry install", "uv sync --locked"),
        ),
    ],
)
def test_a_manager_that_another_project_calls_in_the_job_is_put_in_for_it(
    tmp_path: Path, path: str, text: str, after: str | None
) -> None:
    tree, questions = planned(tmp_path, APP | {"worker/pyproject.toml": POETRY, path: text})
    assert tree.text(f"../{path}") == (after or text).replace("VERSION", uv_version())
    assert not [question for question in questions if question.path == f"../{path}"]


@pytest.mark.parametrize(
    ("path", "text", "kept"),
    [
        ("docs/a.md", "```sh\npoetry run python -m app.cli\n```\n", True),
        ("docs/a.md", "```sh\npoetry run python -m app.main\n```\n", False),
        ("docs/a.md", "```sh\npoetry run python -m pytest\n```\n", False),
        ("docs/a.md", "```sh\npoetry run python tasks.py\n```\n", True),
        ("docs/a.md", "```sh\ncd backend\npoetry run python -m app.cli\n```\n", False),
        ("README.md", "```sh\ncd worker\npipenv install\n```\n", True),
        ("README.md", "```sh\ncd other/server\npoetry install\n```\n", True),
        ("worker/README.md", "For the backend.\n```sh\npoetry lock\ngit add poetry.lock\n```\n", True),
    ],
)
def test_what_documents_say_of_another_project_stays(tmp_path: Path, path: str, text: str, kept: bool) -> None:
    others = {"worker/Pipfile": "[packages]\nflask = '*'\n", "other/server/pyproject.toml": POETRY}
    tree, questions = planned(tmp_path, APP | others | {path: text})
    assert (tree.text(f"../{path}") == text) == kept
    assert not [question for question in questions if question.path == f"../{path}"]


@pytest.mark.parametrize(
    ("settings", "asked"),
    [
        ('{"postCreateCommand": "cd /workspace/backend && uvicorn app.main:app --reload"}', True),
        ('{"postStartCommand": ["python", "-m", "app.main"]}', True),
        ('{"postCreateCommand": "cd backend && poetry install", "postStartCommand": "uvicorn app.main:app"}', False),
        ('{"dockerComposeFile": "../compose.yml", "postStartCommand": "uvicorn app.main:app"}', False),
        ('{"postStartCommand": "alembic upgrade head"}', False),
    ],
)
def test_what_a_development_container_starts_without_installing_it(tmp_path: Path, settings: str, asked: bool) -> None:
    _, questions = planned(tmp_path, APP | {".devcontainer/devcontainer.json": settings})
    told = [question.text for question in questions if question.path.endswith("devcontainer.json")]
    assert [text.partition(" is found")[0] for text in told] == ["app.main" + ":app" * ("uvicorn" in settings)] * asked


@pytest.mark.parametrize(
    ("where", "manifest", "asked"),
    [
        ("working-directory: ./worker", "worker/pyproject.toml", False),
        ("working-directory: worker/src", "worker/pyproject.toml", False),
        ("working-directory: ./backend", "worker/pyproject.toml", True),
        ("run: ls worker backend", "worker/pyproject.toml", True),
        ("run: ls", "worker/pyproject.toml", True),
        ("run: ls", "pyproject.toml", False),
        ("run: ls backend", "pyproject.toml", True),
    ],
)
def test_the_lock_of_another_project_is_no_question(tmp_path: Path, where: str, manifest: str, asked: bool) -> None:
    key = "      - with:\n          key: a-${{ hashFiles('poetry.lock') }}\n"
    text = f"jobs:\n  t:\n    steps:\n{key}      - {where}\n"
    _, questions = planned(tmp_path, APP | {manifest: POETRY, ".github/workflows/w.yml": text})
    said = [question.text for question in questions if question.path.endswith("w.yml")]
    assert said == ["poetry.lock is still named, and goes: rewrite it by hand"] * asked


def test_each_command_that_a_runner_starts_begins_where_that_does(tmp_path: Path) -> None:
    text = r'{"scripts": {"start": "concurrently \"cd backend && ls\" \"node app/x.js\" \"uvicorn app.main:app --app-dir backend\""}}'
    tree, questions = planned(tmp_path, APP | {"package.json": text, "app/x.js": "x()\n"})
    assert tree.text("../package.json") == text.replace("--app-dir backend", "--app-dir backend/src")
    assert not [question for question in questions if question.path == "../package.json"]
