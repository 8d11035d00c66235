"""What the old manager did in an image and uv does not is told."""

import pytest

from trueup.model.change import Remove, Write
from trueup.model.operation import RewriteCommands
from trueup.model.tree import MemoryTree, Overlay
from trueup.plan.rewrite_commands import rewrite_commands
from trueup.plan.rewrite_image import BUILDKIT
from trueup.read.project import of

PROJECT = (
    '[project]\nname = "shop"\nversion = "1"\ndependencies = ["fastapi", "own"]\n'
    '[project.scripts]\nserve = "shop.main:run"\n'
)
BY_GIT = f'{PROJECT}[tool.uv.sources]\nown = {{ git = "https://example.org/own" }}\n'
POETRY = "RUN pip install poetry\nCOPY pyproject.toml poetry.lock ./\nRUN {}poetry install --no-root\n"
COMPOSE = "services:\n  a:\n    build: .\n    command: {}\n"


def told(image: str, project: str = PROJECT, **more: str) -> list[str]:
    tree = MemoryTree({"pyproject.toml": project, "src/shop/__init__.py": "", "Dockerfile": image, **more})
    lowered = rewrite_commands(of(tree), tree, RewriteCommands("X", "Dockerfile"))
    return [f"{item.line}: {item.text}" for item in lowered.questions if item.text != BUILDKIT]


@pytest.mark.parametrize(
    ("image", "line"),
    [
        ("FROM continuumio/miniconda3\nRUN conda create -n a\n" + POETRY.format("source activate a && "), 2),
        ("FROM x\nRUN conda env update -f x.yml && conda activate a\n" + POETRY.format(""), 2),
        ("FROM continuumio/miniconda3\nRUN conda install -y gdal\n" + POETRY.format(""), 0),
        ("FROM python:3.12\n# conda create\n" + POETRY.format(""), 0),
    ],
)
def test_conda_stays_before_what_uv_installs(image: str, line: int) -> None:
    found = told(image)
    assert [text.partition(":")[0] for text in found if "conda" in text] == [str(line)] * bool(line)


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        ("WORKDIR /srv\nUSER app\n", 3),
        ("WORKDIR /srv\nUSER app\nFROM base\n", 3),
        ("WORKDIR /srv\nRUN chown app /srv\nUSER app\nFROM base\n", 0),
        ("WORKDIR /srv\nRUN useradd -d /srv app\nUSER app\n", 0),
        ("WORKDIR /home/app\nUSER app\n", 0),
        ("WORKDIR /srv\nUSER app\nUSER root\n", 0),
    ],
)
def test_a_user_that_may_not_make_the_environment_is_told(lines: str, line: int) -> None:
    said = f"{line}: app makes /srv/.venv: /srv must be app's (`RUN chown` above USER)"
    assert told(f"FROM python:3.12 AS base\n{lines}{POETRY.format('')}") == [said] * bool(line)


@pytest.mark.parametrize(
    ("base", "version"),
    [("python:3.6", "3.6"), ("docker.io/python:3.7.9-slim", "3.7.9"), ("python:2-alpine", "2")]
    + [("tiangolo/uvicorn-gunicorn-fastapi:python3.7-alpine3.8", "3.7"), ("example.org/lambda/python:3.6", "3.6")]
    + [("mcr.microsoft.com/devcontainers/python:0-3.7", "3.7"), ("apache/airflow:2.3.0-python3.7", "3.7")]
    + [(name, "") for name in ("python:3.8", "python:3.12-slim", "python:3", "python", "debian:3.6")]
    + [(name, "") for name in ("mcr.microsoft.com/devcontainers/python:1-3.12-bookworm", "me/python:2-3.12")]
    + [
        (name, "") for name in ("tiangolo/uvicorn-gunicorn-fastapi:python3.11", "python:3.6 AS other\nFROM python:3.12")
    ],
)
def test_a_python_that_uv_does_not_know_is_told(base: str, version: str) -> None:
    said = f"1: uv needs Python 3.8 or later, and this image has {version}: take one of a later Python"
    assert told(f"FROM {base}\n{POETRY.format('')}") == [said] * bool(version)


@pytest.mark.parametrize(
    ("base", "runs", "asked"),
    [
        ("FROM python:3.12-slim", "", 1),
        ("FROM --platform=linux/amd64 docker.io/library/python:${V}-slim-bookworm AS a\nFROM a", "", 1),
        ("FROM python:3.12-alpine", "RUN apk add gcc\n", 1),
        ("FROM python:3.12-alpine", "RUN apk add gcc git\n", 0),
        ("FROM python:3.12-slim", "RUN apt-get install -y \\\n  git \\\n  curl\n", 0),
        ("FROM python:3.12-slim AS a\nRUN apt install git\nFROM a", "", 0),
        ("FROM python:3.12", "", 0),
        ("FROM example.org/base", "", 0),
    ],
)
def test_uv_calls_git_and_poetry_does_not(base: str, runs: str, asked: int) -> None:
    image = f"{base}\n{runs}{POETRY.format('')}"
    assert sum("git" in text for text in told(image, BY_GIT)) == asked
    assert not told(image)
    assert not told(image.replace("poetry install --no-root", "pip install -r requirements.txt"), BY_GIT)


@pytest.mark.parametrize(
    ("install", "asked"),
    [
        ("pip install -e .[dev]", 1),
        ("pip install --no-cache-dir .", 1),
        ("poetry install", 1),
        ("poetry install --no-root", 0),
        ("pip install -r requirements.txt", 0),
    ],
)
def test_a_service_misses_the_script_of_the_project(install: str, asked: int) -> None:
    image = f"FROM python:3.12\nWORKDIR /w\nCOPY pyproject.toml ./\nRUN mkdir shop\nRUN {install}\n"
    text = "5: compose.yml:4 starts serve, which comes with the project: let uv install that once all is copied"
    for command in ("serve", 'sh -c "alembic upgrade head && serve --x"'):
        assert told(image, **{"compose.yml": COMPOSE.format(command)}) == [text] * asked
    other = COMPOSE.format("serve").replace("build: .", "build: web")
    assert told(image, **{"compose.yml": other, "web/Dockerfile": "FROM x\n"}) == []
    assert told(image, **{"compose.yml": COMPOSE.format("uvicorn x:y")}) == []
    whole = image.replace("COPY pyproject.toml ./", "COPY . .")
    assert told(whole, **{"compose.yml": COMPOSE.format("serve")}) == []


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ('CMD ["pdm", "run", "dev"]', 1),
        ("CMD pdm run dev", 1),
        ('CMD ["pdm", "run", "uvicorn", "shop.main:app"]', 0),
        ('CMD ["dev"]', 0),
    ],
)
def test_scripts_that_only_the_old_manager_starts_are_told(start: str, said: int) -> None:
    project = f'{PROJECT}[tool.pdm.scripts]\ndev = "uvicorn shop.main:app"\n'
    image = f"FROM python:3.12\nCOPY pyproject.toml pdm.lock ./\nRUN pip install pdm && pdm install\n{start}\n"
    assert told(image, project, **{"pdm.lock": ""}) == [
        "4: dev is a script that only pdm starts, which goes: say here what it does"
    ] * bool(said)


@pytest.mark.parametrize(("user", "asked"), [("USER app\n", True), ("", False), ("USER app\nUSER root\n", False)])
def test_what_another_user_puts_into_the_environment_of_root_is_told(user: str, asked: bool) -> None:
    found = told(f"FROM python:3.12\n{POETRY.format('')}{user}RUN pip install -q gunicorn && ls\n")
    line = 5 + user.count("\n")
    said = f"{line}: another user than root installs -q gunicorn there, and the environment is root's: do it above USER"
    assert found == [said] * asked


@pytest.mark.parametrize(
    ("base", "bound", "asked"),
    [
        ("python:3.9-slim", ">=3.10", True),
        ("python:3.9 AS base\nFROM base", ">=3.10", True),
        ("tiangolo/uvicorn-gunicorn-fastapi:python3.9", ">=3.10", True),
        ("mcr.microsoft.com/devcontainers/python:1-3.9-bookworm", ">=3.10", True),
        ("python:3.9 AS other\nFROM python:3.12", ">=3.10", False),
        ("python:3.11", ">=3.10", False),
        ("debian:12", ">=3.10", False),
    ],
)
def test_a_python_below_what_the_project_requires_is_told(base: str, bound: str, asked: bool) -> None:
    project = PROJECT.replace("[project]\n", f'[project]\nrequires-python = "{bound}"\n')
    found = told(f"FROM {base}\n{POETRY.format('')}", project, **{".python-version": "3.12\n"})
    said = f"1: this image has Python 3.9, and requires-python is {bound}: uv does not install into it"
    assert found == [said] * asked


PARTS = {"requirements.txt": "-r requirements-jobs.txt\nfastapi\n", "requirements-jobs.txt": "requests\n"}


@pytest.mark.parametrize(
    ("lists", "asked"),
    [
        (PARTS, True),
        ({**PARTS, "requirements.txt": "-r ./requirements-jobs.txt\n"}, False),
        ({**PARTS, "requirements.txt": "fastapi\n"}, False),
        ({"requirements-dev.txt": "-r requirements-jobs.txt\npytest\n", "requirements-jobs.txt": "requests\n"}, False),
    ],
)
def test_an_image_that_installed_a_part_gets_all(lists: dict[str, str], asked: bool) -> None:
    part = "FROM python:3.12\nCOPY requirements-jobs.txt /tmp/\nRUN pip install -r /tmp/requirements-jobs.txt\n"
    both = f"{part}COPY requirements.txt .\nRUN pip install -r requirements.txt\n"
    for image, line in ((part, 3), (both, 0)):
        before = MemoryTree({**lists, "src/shop/__init__.py": "", "Dockerfile": image})
        tree = Overlay(before, [Write("pyproject.toml", PROJECT.encode()), *map(Remove, lists)])
        lowered = rewrite_commands(of(tree), tree, RewriteCommands("X", "Dockerfile"))
        found = [item.line for item in lowered.questions if "alone here" in item.text]
        assert found == [line] * (asked and bool(line))
