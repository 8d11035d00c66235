"""What goes on naming a list that is taken away is told: every line of a setting, a document once."""

from __future__ import annotations

import pytest

from trueup.model.settings import Settings
from trueup.model.tree import MemoryTree, Overlay
from trueup.plan.plan import make
from trueup.read.project import of
from trueup.steps import Bench

APP = {"requirements.txt": "httpx\n", "app.py": "import httpx\n", "poetry.lock": ""}
POETRY = '[tool.poetry]\nname = "shop"\nversion = "1"\n[tool.poetry.dependencies]\npython = "^3.12"\n'
PROSE = "say it anew by hand"


def told(path: str, text: str) -> list[tuple[int, str]]:
    tree = MemoryTree({**APP, path: text})
    made = make(Bench(project := of(tree, Settings(), "shop")), project.tree)
    return [(item.line, item.text) for item in made.questions if item.path == path]


@pytest.mark.parametrize(
    "path", ["README.md", "docs/setup.rst", "README", "readme.txt", "INSTALL", "x/guide.adoc", "docs/a/setup.txt"]
)
def test_a_document_is_told_once(path: str) -> None:
    text = "# Shop\n\n├── requirements.txt\n\nAll of it stands in requirements.txt.\n"
    assert told(path, text) == [(3, f"requirements.txt is still named, and goes: {PROSE}")]


def test_what_its_reader_runs_comes_first() -> None:
    text = "See requirements.txt.\nFirst `pip install -r requirements.txt`, then `poetry install`.\n"
    assert told("README.md", text) == [(2, f"a sentence says `pip install -r requirements.txt`: {PROSE}")]


def test_commands_that_are_rewritten_leave_nothing_to_tell() -> None:
    assert told("README.md", "```sh\npip install -r requirements.txt\n```\n") == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("CHANGELOG.md", "requirements.txt is new\n"),
        ("UPDATES.md", "requirements.txt is new\n"),
        ("notes.txt", "requirements.txt\n"),
        ("docs/constraints.txt", "# requirements.txt\n"),
        ("README.md", "**requirements**: none. my-requirements.txt\n"),
    ],
)
def test_records_and_data_are_left_alone(path: str, text: str) -> None:
    assert told(path, text) == []


def test_a_document_that_writes_a_list_names_it() -> None:
    text = "4. pip install -r requirements.txt\n5. pip freeze > requirements.txt\n"
    assert told("README.md", text) == [(1, f"requirements.txt is still named, and goes: {PROSE}")]


def test_every_line_of_a_setting_is_told() -> None:
    lines = "a: cat requirements.txt\n# requirements.txt\nb: requirements.txt\n"
    assert [line for line, _ in told("some.yml", lines)] == [1, 3]


@pytest.mark.parametrize(
    ("starts", "asked"),
    [
        ("/var/www/shop/venv/bin/gunicorn app:app", True),
        ("/home/a/env/bin/python app.py", True),
        ("/home/a/.venv/bin/python app.py", False),
        ("/usr/bin/python app.py", False),
        ("/opt/shop/bin/gunicorn app:app", False),
    ],
)
def test_a_unit_that_starts_an_environment_made_by_hand_is_told(starts: str, asked: bool) -> None:
    found = told("shop.service", f"[Service]\nWorkingDirectory=/var/www/shop\nExecStart={starts}\n")
    assert any("fills .venv" in text for _, text in found) == asked


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Install with *poetry install*.\n", "poetry install"),
        ("Say **poetry run pytest**\n", "poetry run pytest"),
        ("- $ poetry install --no-root\n", "poetry install --no-root"),
        ("1. poetry install\n", "poetry install"),
        ("- poetry install docs are online\n", ""),
        ("We poetry install * and more *\n", ""),
        ("a*poetry install*b\n", ""),
        ("- $ poetry --version\n", ""),
        ("Run `docker compose run --rm web pdm run a.py`.\n", "docker compose run --rm web pdm run a.py"),
        ("Run `A=1 pip install -r requirements.txt`.\n", "A=1 pip install -r requirements.txt"),
        ("Say `a` poetry install `b`\n", ""),
        ("Say `uv pip install -r x.txt`\n", ""),
        ("- sudo docker-compose exec web pipenv run pytest\n", "sudo docker-compose exec web pipenv run pytest"),
        ("  1. $ docker compose run --rm web pdm run a\n", "docker compose run --rm web pdm run a"),
        ("- docker runs poetry install\n", ""),
    ],
)
def test_commands_in_sentences_without_backticks(text: str, said: str) -> None:
    assert told("README.md", text) == ([(1, f"a sentence says `{said}`: {PROSE}")] if said else [])


def test_what_a_sdist_takes_is_told_and_not_what_it_leaves_out() -> None:
    text = "include LICENSE requirements.txt\nexclude requirements.txt\nglobal-exclude *.txt\n"
    assert told("MANIFEST.in", text) == [(1, "requirements.txt is still named, and goes: rewrite it by hand")]


@pytest.mark.parametrize(
    ("image", "asked"),
    [
        ("", True),
        ("COPY supervisord.conf /etc/\n", False),
        ("RUN python -m venv /srv/venv\nCOPY docker /etc/\n", False),
        ("FROM python:3.12\nCOPY --from=a /srv/venv /srv/venv\nCOPY docker /etc/\n", False),
        ("RUN python -m venv /srv/venv-2\n", True),
    ],
)
def test_a_unit_that_an_image_starts_is_its_own(image: str, asked: bool) -> None:
    unit = "[program:a]\ncommand=/srv/venv/bin/gunicorn app:app\n"
    files = {"docker/supervisord.conf": unit, "Dockerfile": f"FROM python:3.12 AS a\n{image}"}
    project = of(MemoryTree({**APP, **files}), Settings(), "shop")
    questions = make(Bench(project), project.tree).questions
    assert any("fills .venv" in item.text for item in questions) == asked


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Tests are set up in `pytest.ini`.\n", "pytest.ini"),
        ("See [tool:pytest] in setup.cfg\n", ""),
        ("Lint: .flake8\n", ""),
    ],
)
def test_a_document_that_names_settings_that_go_is_told(text: str, said: str) -> None:
    files = {
        "pytest.ini": "[pytest]\naddopts = -q\n",
        "setup.cfg": "[flake8]\nmax-line-length = 100\n",
        "README.md": text,
    }
    tree = MemoryTree({**APP, **files, "requirements.txt": "httpx\nflake8\npytest\n"})
    made = make(Bench(project := of(tree, Settings(), "shop")), project.tree)
    found = [item.text for item in made.questions if item.path == "README.md"]
    assert found == ([f"{said} is still named, and goes: {PROSE}"] if said else [])


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("pip install -r requirements.txt\npip install -r requirements-dev.txt\n", [2]),
        ("pip install -r requirements.txt -r requirements/dev.txt\n", [1]),
        (
            "pip install -r requirements.txt\npip freeze > all-requirements.txt\npip install -r all-requirements.txt\n",
            [],
        ),
        ("pip install -r requirements.txt\npip install -r $LIST-requirements.txt\n", []),
        ("pip install -r requirements.txt\npip install -r requirements-{{ name }}.txt\n", []),
        ("pip install -r requirements.txt\npip install -r requirements/*.txt\n", []),
        ("pip install -r requirements.txt\npip install -r requirements-[ab].txt\n", []),
        ("pip install -r ./requirements.txt\n", []),
    ],
)
def test_a_list_that_is_not_there_is_told(text: str, lines: list[int]) -> None:
    found = [line for line, said in told("run.sh", text) if "is not there" in said]
    assert found == lines
    tree = MemoryTree({"pyproject.toml": '[project]\nname = "a"\nversion = "1"\n', "app.py": "", "run.sh": text})
    made = make(Bench(project := of(tree, Settings(), "shop")), project.tree)
    assert not [item for item in made.questions if "is not there" in item.text]


@pytest.mark.parametrize(
    ("path", "text", "lines"),
    [
        ("Makefile", "dist: setup.py\n\tpython setup.py sdist\n", [1]),
        (".travis.yml", "script:\n  - python setup.py check\n", [2]),
        ("noxfile.py", '"""As setup.py says."""\nRUN = ("python", "setup.py", "check")\n', [2]),
        (".editorconfig", "[*.py]\n[*.{ini,cfg}]\n", []),
        ("README.md", "`python setup.py develop`\n", [1]),
    ],
)
def test_what_names_the_script_of_setuptools_that_goes_is_told(path: str, text: str, lines: list[int]) -> None:
    setup = 'from setuptools import setup\nsetup(name="shop", version="1", py_modules=["app"], install_requires=["httpx"])\n'
    tree = MemoryTree({"setup.py": setup, "app.py": "from fastapi import FastAPI\napp = FastAPI()\n", path: text})
    made = make(Bench(project := of(tree, Settings(), "shop")), project.tree)
    found = [item.line for item in made.questions if item.path == path and "setup.py" in item.text]
    assert found == lines


def test_a_unit_whose_environment_a_script_enters_and_fills_is_not_asked() -> None:
    unit = "[Service]\nExecStart=/srv/shop/venv/bin/gunicorn app:app\n"
    script = "cd /srv/shop\n. venv/bin/activate\npip install -r requirements.txt\n"
    for more, told in (({}, True), ({"deploy.sh": script}, False)):
        tree = MemoryTree({**APP, "shop.service": unit, **more})
        made = make(Bench(project := of(tree, Settings(), "shop")), project.tree)
        assert any("fills .venv" in item.text for item in made.questions) == told


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("x = root.rglob('poetry.lock')", False),
        ("NAMES = ('poetry.lock', 'x')", False),
        ("x = open('poetry.lock')", True),
        ("x = Path('poetry.lock').read_text()", True),
    ],
)
def test_code_that_reads_a_lock_is_told_and_not_what_knows_its_name(line: str, asked: bool) -> None:
    files = {"pyproject.toml": POETRY, "poetry.lock": "", "app.py": "import fastapi\napp = fastapi.FastAPI()\n"}
    project = of(MemoryTree({**files, "tools/x.py": f"from pathlib import Path\n{line}\n"}), Settings(), "shop")
    found = [item.line for item in make(Bench(project), project.tree).questions if item.path == "tools/x.py"]
    assert found == [2] * asked


def test_remarks_of_settings_are_no_names() -> None:
    assert told("tox.ini", "[testenv]\n; deps = -r requirements.txt\ncommands = pytest\n") == []


def test_a_service_that_watches_a_list_is_told() -> None:
    said = "requirements.txt is still named, and goes: rewrite it by hand"
    assert told(".pyup.yml", "requirements:\n  - requirements.txt:\n") == [(2, said)]


def test_a_document_calls_a_manager_of_which_no_file_goes() -> None:
    files = {"pyproject.toml": POETRY, "app.py": "import fastapi\napp = fastapi.FastAPI()\n"}
    project = of(MemoryTree({**files, "README.md": "# x\nRun `poetry install`.\n"}), Settings(), "shop")
    found = [(item.path, item.line) for item in make(Bench(project), project.tree).questions]
    assert found.count(("README.md", 2)) == 1


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        ("raise RuntimeError('pip install -r requirements.txt')\n", False),
        ("print('pip install', '-r requirements.txt')\n", False),
        ("logger.warning('pip install -r requirements.txt')\n", False),
        ("print('requirements.txt')\nraise\n", False),
        ("print(f'pip install -r requirements.txt {os}')\n", False),
        ("raise ValueError('no requirements.txt')\n", False),
        ("text = open('requirements.txt').read()\n", True),
        ("print('all', open('requirements.txt').read())\n", True),
        ("raise SystemExit(run('-r', 'requirements.txt'))\n", True),
        ("os.popen('pip install -r requirements.txt')\n", True),
        ("FILES = ['requirements.txt']\n", True),
    ],
)
def test_a_list_of_which_code_only_speaks_goes(line: str, stays: bool) -> None:
    tree = MemoryTree({"requirements.txt": "fastapi\n", "app/__init__.py": "", "app/main.py": f"import os\n{line}"})
    made = make(Bench(project := of(tree, Settings(), "shop")), project.tree)
    assert Overlay(tree, made.changes).has("requirements.txt") == stays
    assert any("still named" in item.text for item in made.questions) != stays


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("- name: Run poetry export and go", False),
        ('- name: "Put requirements.txt there"', False),
        ("- uses: actions/upload-artifact@v4\n        with:\n          name: requirements.txt", False),
        ("- displayName: poetry install", False),
        ("- path: requirements.txt", True),
    ],
)
def test_the_title_of_a_step_needs_nothing(line: str, *, asked: bool) -> None:
    text = f"jobs:\n  a:\n    steps:\n      - run: pip install -r requirements.txt\n      {line}\n"
    assert any("by hand" in said for _, said in told(".github/workflows/a.yml", text)) == asked


def test_what_stays_of_a_rewritten_file_is_told_once_and_by_its_line_of_today() -> None:
    text = "FROM python:3.12\nRUN pip install -r requirements.txt\nRUN sudo -u a pip install -r requirements.txt\n"
    stays = "requirements.txt is still named, and goes: rewrite it by hand"
    assert [item for item in told("Dockerfile", text) if "still named" in item[1]] == [(3, stays)]
    text = "FROM python:3.12\nRUN pip install -r requirements.txt\nRUN pip install awscli && cat requirements.txt\n"
    assert [line for line, said in told("Dockerfile", text) if said.startswith("requirements.txt")] == [3]


def test_an_orb_that_installs_what_goes_is_told() -> None:
    text = "jobs:\n  t:\n    steps:\n      - python/install-packages:\n          pkg-manager: pip\n"
    said = "pip installs what goes here: `pkg-manager: uv`, where the orb has it, or a step of uv"
    assert told(".circleci/config.yml", text) == [(5, said)]
    assert told(".circleci/config.yml", text.replace(": pip", ": uv")) == []
