"""Dockerfiles to uv: what is installed, from what, into which environment."""

import pytest

from trueup.model.change import Remove, Write
from trueup.model.operation import RewriteCommands
from trueup.model.tree import MemoryTree, Overlay
from trueup.plan.image_environment import UV_BRINGS
from trueup.plan.rewrite_commands import rewrite_commands
from trueup.plan.rewrite_image import BUILDKIT, UNHASHED
from trueup.read.project import of

PROJECT = '[project]\nname = "shop"\nversion = "1"\nreadme = "README.md"\ndependencies = ["fastapi"]\n'
COPY = "COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /uvx /bin/\n"
SETTINGS = "UV_PYTHON_DOWNLOADS=never UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy\n"
ENV = f'ENV UV_PROJECT_ENVIRONMENT=/opt/venv {SETTINGS}ENV PATH="/opt/venv/bin:$PATH"\n'
CACHED = "--mount=type=cache,target=/root/.cache/uv "
SYNC = "uv sync --locked --no-default-groups"
EXPORT = "uv export --locked --no-default-groups --no-emit-project"

EXPORTED = "uv export --locked --no-emit-project --no-default-groups"
NO_PROJECT = "--no-install-project"


def image(text: str, **more: str) -> tuple[str, list[str]]:
    files = {"pyproject.toml": PROJECT, "src/shop/__init__.py": "", "Dockerfile": text, **more}
    tree = MemoryTree(files)
    lowered = rewrite_commands(of(tree), tree, RewriteCommands("X", "Dockerfile"))
    after = lowered.changes[0].content.decode() if lowered.changes else text  # type: ignore[union-attr]
    return after, [question.text for question in lowered.questions]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("*\n!app\n!requirements.txt", "*\n!app\n!requirements.txt\n!pyproject.toml\n!uv.lock\n"),
        ("*\r\n!pyproject.toml\r\n", "*\r\n!pyproject.toml\r\n!uv.lock\r\n"),
        ("*.toml\n", "*.toml\n!pyproject.toml\n"),
        (".venv\n", None),
    ],
)
def test_what_the_image_needs_is_let_in(before: str, after: str | None) -> None:
    text = "FROM python:3.12\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n"
    tree = MemoryTree({"pyproject.toml": PROJECT, "Dockerfile": text, ".dockerignore": before})
    lowered = rewrite_commands(of(tree), tree, RewriteCommands("X", "Dockerfile"))
    written = {change.path: change.content.decode() for change in lowered.changes if isinstance(change, Write)}
    assert written.get(".dockerignore") == after


@pytest.mark.parametrize(
    ("command", "let_in", "said"),
    [("poetry install", "*.md\n!README.md\n", "uv sync --locked"), ("poetry install --no-root", None, NO_PROJECT)],
)
def test_the_readme_is_let_in_where_a_manager_installed_without_it(command: str, let_in: str | None, said: str) -> None:
    text = f"FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN {command}\n"
    files = {"pyproject.toml": PROJECT, "README.md": "", "uv.lock": "", "src/shop/__init__.py": ""}
    tree = MemoryTree({**files, "Dockerfile": text, ".dockerignore": "*.md\n"})
    lowered = rewrite_commands(of(tree), tree, RewriteCommands("X", "Dockerfile"))
    written = {change.path: change.content.decode() for change in lowered.changes if isinstance(change, Write)}
    assert written.get(".dockerignore") == let_in
    assert f"{said}\n" in written["Dockerfile"]
    job = "jobs:\n  t:\n    steps:\n      - run: poetry install\n"
    other = MemoryTree({**files, ".github/workflows/ci.yml": job, ".dockerignore": "*.md\n"})
    lowered = rewrite_commands(of(other), other, RewriteCommands("X", ".github/workflows/ci.yml"))
    assert [change.path for change in lowered.changes if isinstance(change, Write)] == [".github/workflows/ci.yml"]


CASES = {
    "an image that runs a program of its own by its own Python": (
        "FROM apache/airflow:3.0.1\nCOPY requirements.txt /tmp/r/\nRUN pip install --no-cache-dir -r /tmp/r/requirements.txt\n",
        f"FROM apache/airflow:3.0.1\n{COPY}COPY pyproject.toml uv.lock /tmp/r/\n"
        f"RUN {EXPORT} --project /tmp/r -q -o /tmp/requirements.txt && "
        "pip install --no-cache-dir -r /tmp/requirements.txt\n",
    ),
    "the same in a stage that is built from it": (
        "FROM public.ecr.aws/lambda/python:3.12 AS base\nFROM base\nCOPY requirements.txt ./\n"
        'RUN pip install -r requirements.txt\nCMD ["app.main.handler"]\n',
        f"FROM public.ecr.aws/lambda/python:3.12 AS base\nFROM base\n{COPY}COPY pyproject.toml uv.lock ./\n"
        f"RUN {EXPORT} -q -o requirements.txt && "
        'pip install -r requirements.txt\nCMD ["app.main.handler"]\n',
    ),
    "a manifest that came with the whole project, elsewhere than the command runs": (
        "FROM python:3.12\nCOPY --chown=a:a . /srv/shop\nRUN python -m venv /py\n"
        "RUN /py/bin/pip install -r /srv/shop/requirements.txt\n",
        f"FROM python:3.12\n{COPY}COPY --chown=a:a . /srv/shop\nRUN python -m venv /py\n"
        f"RUN {EXPORT} --project /srv/shop -q -o /srv/shop/requirements.txt && "
        "/py/bin/pip install -r /srv/shop/requirements.txt\n",
    ),
    "the same where the command goes there first": (
        "FROM python:3.12\nCOPY . /srv/shop\nRUN cd /srv/shop && pip install -r requirements.txt\n",
        f"FROM python:3.12\n{COPY}{ENV}COPY . /srv/shop\n"
        f"RUN {CACHED}cd /srv/shop && {SYNC} --no-install-project\n",
    ),
    "programs of the system that are put in front again": (
        "FROM python:3.12\nWORKDIR /w\nENV PATH=/opt/x/bin:$PATH\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n"
        "ENV A=1 PATH=/usr/local/bin:${PATH}\nENV MY_PATH=/usr/bin\nENV PATH /bin\nENV PATH=$PATH:/usr/bin\n",
        f"FROM python:3.12\n{COPY}{ENV}WORKDIR /w\nENV PATH=/opt/x/bin:$PATH\nCOPY pyproject.toml uv.lock ./\n"
        f"RUN {CACHED}{SYNC} --no-install-project\n"
        'ENV A=1 PATH=/usr/local/bin:${PATH}\nENV PATH="/opt/venv/bin:$PATH"\nENV MY_PATH=/usr/bin\nENV PATH /bin\n'
        'ENV PATH="/opt/venv/bin:$PATH"\nENV PATH=$PATH:/usr/bin\n',
    ),
    "tools that a condition of the shell brings": (
        "FROM python:3.12\nWORKDIR /w\nCOPY requirements.txt .\nCOPY requirements-dev.txt .\n"
        "RUN pip install -r requirements.txt && if $DEV; then pip install -r requirements-dev.txt; fi\n",
        f"FROM python:3.12\n{COPY}{ENV}WORKDIR /w\nCOPY pyproject.toml uv.lock ./\n"
        f"RUN {CACHED}{SYNC} --no-install-project && if $DEV; then uv sync --locked --no-install-project; fi\n",
    ),
    "a shell's test with a text in it is no list of JSON": (
        'FROM python:3.12\nWORKDIR /w\nCOPY requirements.txt do ./\nRUN if [ "$DEV" = 1 ]; then a; fi && pip install -r requirements.txt\n'
        'RUN if [ "$DEV" = 1 ]; then pip install --upgrade pip; fi\n',
        f"FROM python:3.12\n{COPY}{ENV}WORKDIR /w\nCOPY pyproject.toml uv.lock do ./\n"
        f'RUN {CACHED}if [ "$DEV" = 1 ]; then a; fi && {SYNC} --no-install-project\n'
        'RUN if [ "$DEV" = 1 ]; then pip install --upgrade pip; fi\n',
    ),
    "a list that lies elsewhere, for an environment of its own": (
        "FROM python:3.12\nCOPY requirements.txt /tmp/requirements.txt\nWORKDIR /w\n"
        "RUN python -m venv /py && /py/bin/pip install -r /tmp/requirements.txt\n",
        f"FROM python:3.12\n{COPY}COPY pyproject.toml uv.lock /tmp/\nWORKDIR /w\n"
        f"RUN python -m venv /py && {EXPORT} --project /tmp -q -o /tmp/requirements.txt && "
        "/py/bin/pip install -r /tmp/requirements.txt\n",
    ),
    "a stage that goes on in the folder of another": (
        "FROM python:3.12 AS base\nWORKDIR /w\nFROM base AS test\nCOPY requirements.txt lists/\n"
        "RUN pip install -r lists/requirements.txt\n",
        f"FROM python:3.12 AS base\nWORKDIR /w\nFROM base AS test\n{COPY}{ENV}COPY pyproject.toml uv.lock lists/\n"
        f"RUN {CACHED}{SYNC} --no-install-project --project /w/lists\n",
    ),
    "one stage with the tools that another leaves out": (
        "FROM python:3.12 AS base\nWORKDIR /w\nCOPY . .\nRUN poetry install --no-root --no-dev\n"
        "FROM base AS dev\nRUN poetry install --no-root\n",
        f"FROM python:3.12 AS base\n{COPY}{ENV}WORKDIR /w\nCOPY . .\nRUN {CACHED}{SYNC} --no-install-project\n"
        f"FROM base AS dev\n{COPY}{ENV}RUN {CACHED}uv sync --locked --no-install-project\n",
    ),
    "requirements, then the code": (
        "FROM python:3.12\nWORKDIR /app\nCOPY requirements.txt .\n# why\nRUN pip install -r requirements.txt\nCOPY app app\n",
        f"FROM python:3.12\n{COPY}{ENV}WORKDIR /app\nCOPY pyproject.toml uv.lock ./\n# why\n"
        f"RUN {CACHED}{SYNC} --no-install-project\nCOPY app app\n",
    ),
    "all of it installed in the place of PYTHONPATH": (
        "FROM python:3.12\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\n"
        "ENV PYTHONPATH=/app/src\nCMD uvicorn shop.main:app\n",
        f"FROM python:3.12\n{COPY}{ENV}WORKDIR /app\nCOPY pyproject.toml uv.lock ./\nRUN {CACHED}{SYNC} --no-install-project\n"
        f"COPY . .\nRUN {CACHED}{SYNC}\nCMD uvicorn shop.main:app\n",
    ),
    "a file in another directory": (
        "FROM python:3.12\nWORKDIR /app\nCOPY requirements.txt /tmp/requirements.txt\nRUN pip install -r /tmp/requirements.txt\n",
        f"FROM python:3.12\n{COPY}{ENV}WORKDIR /app\nCOPY pyproject.toml uv.lock /tmp/\n"
        f"RUN {CACHED}{SYNC} --no-install-project --project /tmp\n",
    ),
    "two files, of which one is for development": (
        'FROM python:3.12\nCOPY ["requirements.txt", "requirements-dev.txt", "./"]\n'
        "RUN pip install -r requirements.txt -r requirements-dev.txt\n",
        f'FROM python:3.12\n{COPY}{ENV}COPY ["pyproject.toml", "uv.lock", "./"]\nRUN {CACHED}uv sync --locked --no-install-project\n',
    ),
    "tests that run in the image": (
        "FROM python:3.12\nCOPY . .\nRUN pip install -r requirements.txt\nCMD pytest\n",
        f"FROM python:3.12\n{COPY}{ENV}COPY . .\nRUN {CACHED}uv sync --locked --no-install-project\nCMD pytest\n",
    ),
    "another user than root": (
        "FROM python:3.12\nWORKDIR /app\nRUN chown app .\nUSER app\nCOPY . .\nRUN pip install -r requirements.txt\n",
        f'FROM python:3.12\n{COPY}ENV {SETTINGS}ENV PATH="/app/.venv/bin:$PATH"\nWORKDIR /app\nRUN chown app .\nUSER app\n'
        f"COPY . .\nRUN {SYNC} --no-install-project\n",
    ),
    "another user, whom the stage has from its base": (
        "FROM python:3.12 AS base\nWORKDIR /app\nRUN chown app .\nUSER app\nFROM base\nCOPY . .\n"
        "RUN pip install -r requirements.txt\n",
        f"FROM python:3.12 AS base\nWORKDIR /app\nRUN chown app .\nUSER app\nFROM base\n{COPY}"
        f'ENV UV_PROJECT_ENVIRONMENT=/app/.venv {SETTINGS}ENV PATH="/app/.venv/bin:$PATH"\nCOPY . .\n'
        f"RUN {SYNC} --no-install-project\n",
    ),
    "another user, whom the image has": (
        "FROM cimg/python:3.12\nCOPY . .\nRUN sudo pip install -r requirements.txt\n",
        f"FROM cimg/python:3.12\n{COPY}ENV UV_PROJECT_ENVIRONMENT=/home/circleci/project/.venv {SETTINGS}"
        f'ENV PATH="/home/circleci/project/.venv/bin:$PATH"\nCOPY . .\nRUN {SYNC} --no-install-project\n',
    ),
    "a stage that runs as another user what root has installed below": (
        "FROM python:3.12 AS base\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n"
        'FROM base\nUSER app\nCMD ["/usr/local/bin/uvicorn", "a:b"]\n',
        f"FROM python:3.12 AS base\n{COPY}{ENV}WORKDIR /app\nCOPY . .\nRUN {CACHED}{SYNC} --no-install-project\n"
        'FROM base\nUSER app\nCMD ["/opt/venv/bin/uvicorn", "a:b"]\n',
    ),
    "a manager that is called by sudo": (
        "FROM python:3.12\nWORKDIR /app\nCOPY pyproject.toml ./\nRUN sudo pip install poetry && "
        "sudo poetry config virtualenvs.create false && sudo -H poetry install --no-root --without dev\n",
        f"FROM python:3.12\n{ENV}WORKDIR /app\nCOPY pyproject.toml uv.lock ./\n"
        f"RUN {CACHED}pip install uv==0.13.9 && {SYNC} --no-install-project\n",
    ),
    "packages for another stage to copy": (
        "FROM python:3.12 AS build\nCOPY requirements.txt .\nRUN pip install --prefix=/install -r requirements.txt\n"
        "FROM python:3.12\nCOPY --from=build /install /usr/local\n",
        f"FROM python:3.12 AS build\n{COPY}COPY pyproject.toml uv.lock ./\n"
        f"RUN {EXPORT} -q -o requirements.txt && pip install --prefix=/install -r requirements.txt\n"
        "FROM python:3.12\nCOPY --from=build /install /usr/local\n",
    ),
    "an environment of its own": (
        "FROM python:3.12\nRUN python -m venv /venv\nCOPY requirements.txt .\nRUN /venv/bin/pip install -r requirements.txt\n",
        f"FROM python:3.12\n{COPY}RUN python -m venv /venv\nCOPY pyproject.toml uv.lock ./\n"
        f"RUN {EXPORT} -q -o requirements.txt && /venv/bin/pip install -r requirements.txt\n",
    ),
    "Poetry": (
        "FROM python:3.12\nWORKDIR /app\nRUN pip install poetry==1.8.2\nRUN poetry config virtualenvs.create false\n"
        "COPY pyproject.toml poetry.lock* ./\nRUN poetry install --no-root --only main\nCOPY . .\n"
        'CMD ["poetry", "run", "uvicorn", "app.main:app"]\n',
        f"FROM python:3.12\n{ENV}WORKDIR /app\nRUN pip install uv==0.13.9\nCOPY pyproject.toml uv.lock ./\n"
        f'RUN {CACHED}{SYNC} --no-install-project\nCOPY . .\nCMD ["uvicorn", "app.main:app"]\n',
    ),
    "Poetry's environment for another stage": (
        "FROM python:3.12 AS build\nWORKDIR /app\nCOPY pyproject.toml poetry.lock ./\n"
        "RUN pip install poetry && poetry config virtualenvs.in-project true && poetry install --no-root --without dev\n"
        "FROM python:3.12\nCOPY --from=build /app/.venv /app/.venv\nCMD poetry run uvicorn app.main:app\n",
        "FROM python:3.12 AS build\nWORKDIR /app\nCOPY pyproject.toml uv.lock ./\n"
        f"RUN {CACHED}pip install uv==0.13.9 && {SYNC} --no-install-project\n"
        "FROM python:3.12\nCOPY --from=build /app/.venv /app/.venv\nCMD uvicorn app.main:app\n",
    ),
    "requirements that Poetry exports": (
        "FROM python:3.12 AS build\nCOPY pyproject.toml poetry.lock ./\n"
        "RUN pip install poetry && poetry export -f requirements.txt --output requirements.txt --without-hashes\n"
        "FROM python:3.12\nCOPY --from=build requirements.txt .\nRUN pip install -r requirements.txt\n",
        "FROM python:3.12 AS build\nCOPY pyproject.toml uv.lock ./\n"
        "RUN pip install uv==0.13.9 && uv export --locked --no-emit-project --no-default-groups --no-hashes -o requirements.txt\n"
        "FROM python:3.12\nCOPY --from=build requirements.txt .\nRUN pip install -r requirements.txt\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_an_image(name: str) -> None:
    before, after = CASES[name]
    assert image(before) == (after, [BUILDKIT] if CACHED in after else [])


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("", "/root/.cache/pypoetry"),
        ("", "/home/app/.cache/pypoetry/virtualenvs/"),
        ("ENV POETRY_VIRTUALENVS_PATH=/opt/envs\n", "/opt/envs"),
        ("ENV POETRY_CACHE_DIR=/opt/cache\n", "$POETRY_CACHE_DIR/virtualenvs"),
    ],
)
def test_the_environment_that_poetry_keeps_is_taken_where_uv_makes_it(said: str, place: str) -> None:
    text = "FROM python:3.12 AS core\n{0}WORKDIR /w\nCOPY pyproject.toml ./\nRUN {1}\nFROM python:3.12\nCOPY --from=core {2}\n"
    run, copies = "poetry install --only main --no-root", f"--chown=a:a {place} {place}"
    after, told = image(text.format(said, run, f"{copies}\nCOPY --from=core /root/.local /root/.local"))
    assert f"RUN {CACHED}{SYNC} --no-install-project\n" in after
    assert "--from=core --chown=a:a /opt/venv /opt/venv\nENV PATH=" in after.replace("COPY ", "")
    assert after.count("/root/.local") == 2
    assert told == [BUILDKIT]
    after, _ = image(text.format(said, run, f"{copies}\nCOPY --from=core /usr/local/lib /usr/local/lib"))
    assert f"RUN {EXPORT} -q -o requirements.txt && pip install" in after
    assert f"{place} {place}\n" in after


def test_a_list_that_became_a_group_is_exported_with_it() -> None:
    manifest = f'{PROJECT}[dependency-groups]\ngpu = ["torch"]\n'
    text = (
        "FROM python:3.12 AS a\nCOPY . .\nRUN pip install --prefix=/x -r {0}\nFROM python:3.12\nCOPY --from=a /x /usr\n"
    )
    after, _ = image(text.format("requirements-gpu.txt"), **{"pyproject.toml": manifest})
    assert f"{EXPORT} --group gpu -q -o requirements-gpu.txt && pip install --prefix=/x -r" in after
    after, _ = image(text.format("requirements.txt"), **{"pyproject.toml": manifest})
    assert f"{EXPORT} -q -o requirements.txt && pip install --prefix=/x -r" in after


def test_line_ends_stay() -> None:
    after, _ = image("FROM python:3.12\r\nCOPY . .\r\nRUN pip install -r requirements.txt\r\n")
    assert after.replace("\r\n", "").count("\n") == 0
    assert SYNC in after


def test_the_project_is_not_installed_where_its_readme_is_left_out() -> None:
    text = "FROM python:3.12\nWORKDIR /app\nCOPY . .\nENV PYTHONPATH=/app/src\nRUN pip install -r requirements.txt\n"
    after, _ = image(text, **{".dockerignore": "*.md\n"})
    assert "ENV PYTHONPATH=/app/src\n" in after
    assert f"RUN {CACHED}{SYNC} --no-install-project\n" in after


def test_what_has_no_equal_is_told() -> None:
    after, told = image("FROM python:3.12\nRUN poetry env use 3.9\n")
    assert after == "FROM python:3.12\nRUN poetry env use 3.9\n"
    assert told == ["`poetry env use 3.9` has no plain equal in uv: rewrite it by hand"]


@pytest.mark.parametrize("python", ["3.12", "python3.12", "/usr/bin/python3.12"])
def test_what_the_pin_says_goes(python: str) -> None:
    after, told = image(f"FROM python:3.12\nCOPY . .\nRUN poetry env use {python} && poetry install --with main\n")
    assert "uv sync --locked\n" in after
    assert "poetry" not in after
    assert not [text for text in told if "by hand" in text]


def test_an_image_of_another_project_stays() -> None:
    text = "FROM python:3.12\nCOPY tools/requirements.txt .\nRUN pip install -r tools/requirements.txt\n"
    assert image(text, **{"tools/requirements.txt": "black\n"})[0] == text


def test_a_second_time_changes_nothing() -> None:
    for before, _ in CASES.values():
        once, _ = image(before)
        assert image(once)[0] == once


def test_what_stays_and_needs_what_goes_is_told() -> None:
    text = (
        "FROM python:3.12 AS builder\nCOPY requirements.txt .\nRUN cat requirements.txt  # poetry install\n"
        'RUN bash -c "timeout 60 poetry install"\nFROM python:3.12\n'
        "COPY --from=builder requirements.txt .\nRUN rm requirements-dev.txt other.txt\n"
    )
    after, told = image(text, **{"requirements-dev.txt": ""})
    assert "COPY pyproject.toml uv.lock ./\n" in after
    assert told == [
        "requirements.txt is still named, and goes: rewrite it by hand",
        "`poetry install` stays, and what it needs goes: rewrite it by hand",
        "requirements.txt is still named, and goes: rewrite it by hand",
    ]


def test_wheels_are_made_of_what_is_locked() -> None:
    wheels = "pip wheel --wheel-dir /wheels -r requirements.txt"
    text = f"FROM python:3.12 AS a\nCOPY requirements.txt .\nRUN {wheels}\nFROM python:3.12\nCOPY --from=a requirements.txt .\n"
    after, told = image(text)
    assert f"RUN {EXPORT} --no-hashes -q -o requirements.txt && {wheels}\n" in after
    assert told == []


def test_a_setup_py_that_goes_is_not_copied_and_finds_its_code_later() -> None:
    text = "FROM python:3.12\nWORKDIR /w\nCOPY requirements.txt setup.py ./\nRUN pip install -e .\nCOPY src src\n"
    gone = {"pyproject.toml": PROJECT, "src/shop/__init__.py": "", "Dockerfile": text}
    tree = MemoryTree({**gone, "setup.py": "from setuptools import setup\nsetup()\n"})
    after = Overlay(tree, (Remove("setup.py"),))
    lowered = rewrite_commands(of(after), after, RewriteCommands("X", "Dockerfile"))
    assert isinstance(lowered.changes[0], Write)
    said = lowered.changes[0].content.decode()
    assert "COPY pyproject.toml uv.lock ./\n" in said
    assert f"{SYNC} --no-install-project\n" in said
    for before in ("COPY . .\n", "COPY --from=x a .\n", "COPY src src\n", "COPY main.py .\n", ""):
        text = f"FROM python:3.12\nWORKDIR /w\n{before}RUN pip install -e .\n"
        assert "--no-install-project" not in image(text)[0]


def test_variables_before_a_command_stay() -> None:
    after, _ = image("FROM python:3.12\nCOPY requirements.txt .\nRUN CC=gcc pip install -r requirements.txt\n")
    assert f"CC=gcc {SYNC}" in after


def test_the_manifest_is_copied_once() -> None:
    text = "FROM python:3.12\nCOPY requirements.txt .\nCOPY requirements-dev.txt .\nRUN pip install -r requirements-dev.txt\n"
    after, _ = image(text)
    assert after.count("COPY pyproject.toml uv.lock ./\n") == 1
    elsewhere, _ = image(text.replace("COPY requirements-dev", "WORKDIR /b\nCOPY requirements-dev"))
    assert elsewhere.count("COPY pyproject.toml uv.lock ./\n") == 2


def test_the_tools_that_one_sync_brought_are_not_taken_away_by_the_next() -> None:
    text = (
        "FROM python:3.12\nWORKDIR /app\nCOPY requirements-dev.txt .\nRUN pip install -r requirements-dev.txt\n"
        "COPY . .\nENV PYTHONPATH=/app/src\n"
    )
    after, _ = image(text, **{"README.md": ""})
    assert "uv sync --locked --no-install-project\n" in after
    assert after.endswith("uv sync --locked\n")


@pytest.mark.parametrize(
    ("command", "after"),
    [
        ("pip install gunicorn pymysql", "uv pip install --python /opt/venv gunicorn pymysql"),
        ("python -m pip install --no-cache-dir -U x", "uv pip install --python /opt/venv --no-cache-dir -U x"),
        ("pip install --upgrade pip", "pip install --upgrade pip"),
    ],
)
def test_what_is_installed_by_name_goes_where_the_program_is_started(command: str, after: str) -> None:
    head = "FROM python:3.12\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n"
    found, told = image(f"{head}RUN {command}\nCMD gunicorn shop.main:app\n")
    assert f"\nRUN {after}\nCMD" in found
    assert told == [BUILDKIT]


@pytest.mark.parametrize(
    "text",
    [
        "RUN pip install gunicorn\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n",
        "COPY requirements.txt .\nRUN pip install -r requirements.txt\nRUN pip install --user gunicorn\n",
        "WORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nRUN pip install gunicorn\nCOPY . .\n"
        "ENV PYTHONPATH=/app/src\n",
    ],
)
def test_what_a_sync_would_take_away_is_told(text: str) -> None:
    found, told = image(f"FROM python:3.12\n{text}CMD gunicorn shop.main:app\n")
    assert "uv pip" not in found
    assert any("gunicorn` installs beside the environment that uv makes: declare it" in item for item in told)


@pytest.mark.parametrize(
    ("run", "after"),
    [
        ("poetry config virtualenvs.create false && \\\n    poetry config virtualenvs.in-project false", ""),
        ("echo a && poetry config virtualenvs.a b && poetry config virtualenvs.c d", "RUN echo a\n"),
        ("echo a \\\n\t&& rm requirements.txt", "RUN echo a\n"),
        ("rm -f ./requirements.txt \\\n  && echo a", "RUN echo a\n"),
        ("set -e; poetry config virtualenvs.a b; echo a", "RUN set -e; true; echo a\n"),
        ("poetry config virtualenvs.a b && poetry config virtualenvs.c d && echo a", "RUN echo a\n"),
    ],
)
def test_neighbours_that_uv_does_not_need_go_together(run: str, after: str) -> None:
    found, _ = image(f"FROM python:3.12\nCOPY pyproject.toml poetry.lock ./\nRUN {run}\nRUN poetry install\n")
    assert f"COPY pyproject.toml uv.lock ./\n{after}RUN {CACHED}" in found


HEAD = f"FROM python:3.12\n{COPY}{ENV}"
OTHERS = {
    "a sync behind the place of PYTHONPATH would take the project away": (
        "WORKDIR /app\nCOPY . .\nENV PYTHONPATH=/app/src\nRUN pip install -r requirements.txt\n",
        f"WORKDIR /app\nCOPY . .\nRUN {CACHED}{SYNC}\n",
    ),
    "PYTHONPATH of another folder than that where uv would run": (
        "COPY requirements.txt /tmp/\nRUN pip install -r /tmp/requirements.txt && rm -r /tmp/requirements.txt\n"
        "COPY . /app\nENV PYTHONPATH=/app/src\n",
        f"COPY pyproject.toml uv.lock /tmp/\nRUN {CACHED}{SYNC} --no-install-project --project /tmp\n"
        "COPY . /app\nENV PYTHONPATH=/app/src\n",
    ),
    "what the first sync brought, the second keeps": (
        "WORKDIR /app\nCOPY pyproject.toml .\nRUN poetry install --no-root --with prod\nCOPY . .\n"
        "ENV PYTHONPATH=/app/src\n",
        f"WORKDIR /app\nCOPY pyproject.toml uv.lock ./\nRUN {CACHED}uv sync --locked --no-install-project --group prod\nCOPY . .\n"
        f"RUN {CACHED}uv sync --locked --group prod\n",
    ),
    "the working directory is set behind the installation": (
        "COPY . /app/\nRUN pip install -r /app/requirements.txt > /dev/null\nWORKDIR /app\n",
        f"COPY . /app/\nRUN {CACHED}{SYNC} --no-install-project --project /app > /dev/null\nWORKDIR /app\n",
    ),
    "the manifests came with the project": (
        "WORKDIR /app\nCOPY requirements.txt /tmp/\nCOPY . .\nRUN pip install -r /tmp/requirements.txt\n",
        f"WORKDIR /app\nCOPY pyproject.toml uv.lock /tmp/\nCOPY . .\nRUN {CACHED}{SYNC} --no-install-project\n",
    ),
    "a manager installs the project itself, where all of it is there": (
        "WORKDIR /app\nCOPY . ./\nRUN set -eu; poetry install --with dev; echo done\n",
        f"WORKDIR /app\nCOPY . ./\nRUN {CACHED}set -eu; uv sync --locked --group dev; echo done\n",
    ),
    "a working directory that a variable names": (
        "ENV HOME_OF=/home/app/web\nWORKDIR $HOME_OF\nCOPY . $HOME_OF\nRUN poetry install\n",
        f"ENV HOME_OF=/home/app/web\nWORKDIR $HOME_OF\nCOPY . $HOME_OF\nRUN {CACHED}uv sync --locked\n",
    ),
    "a working directory that nobody knows": (
        "WORKDIR ${GIVEN}\nCOPY . ${GIVEN}/\nRUN poetry install\n",
        f"WORKDIR ${{GIVEN}}\nCOPY . ${{GIVEN}}/\nRUN {CACHED}uv sync --locked\n",
    ),
    "the code that pip installed goes again": (
        "WORKDIR /app\nCOPY . .\nRUN pip install .\nRUN cd .. && rm -r app\n",
        f"WORKDIR /app\nCOPY . .\nRUN {CACHED}{SYNC} --no-editable\nRUN cd .. && rm -r app\n",
    ),
    "a manifest and a lock that come by a line each": (
        "WORKDIR /app\nCOPY ./pyproject.toml pyproject.toml\nCOPY ./poetry.lock poetry.lock\n"
        "RUN poetry install --only main --no-root\n",
        f"WORKDIR /app\nCOPY ./pyproject.toml ./uv.lock ./\nRUN {CACHED}{SYNC} --no-install-project\n",
    ),
    "tools of the manager's environment are not needed": (
        "WORKDIR /app\nCOPY . .\nRUN poetry run pip install -U pip && poetry install --no-root\n",
        f"WORKDIR /app\nCOPY . .\nRUN {CACHED}uv sync --locked --no-install-project\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), OTHERS.values(), ids=OTHERS)
def test_the_program_is_there_when_it_is_started(before: str, after: str) -> None:
    more = {"README.md": "", "uv.lock": ""}
    assert image(f"FROM python:3.12\n{before}CMD uvicorn shop.main:app\n", **more)[0] == (
        f"{HEAD}{after}CMD uvicorn shop.main:app\n"
    )


def test_an_environment_beside_the_manifest_is_taken_along() -> None:
    text = (
        "FROM python:3.12 AS base\nENV POETRY_VIRTUALENVS_IN_PROJECT=true\nFROM base AS build\nWORKDIR /opt/x\n"
        "COPY pyproject.toml ./\nRUN poetry install --no-dev\nFROM base\nCOPY --from=build /opt/x /opt/x\n"
    )
    found, _ = image(text)
    assert "WORKDIR /opt/x\nCOPY pyproject.toml uv.lock ./\n" in found
    assert f"RUN {CACHED}{SYNC} --no-install-project\n" in found
    assert "uv export" not in found


@pytest.mark.parametrize(("taken", "said"), [("/w/.venv", "uv pip install x\n"), ("/lib", "pip install x\n")])
def test_what_a_manager_adds_in_an_image_is_installed_there(taken: str, said: str) -> None:
    text = "FROM python:3.12 AS a\nWORKDIR /w\nCOPY pyproject.toml poetry.lock ./\nRUN poetry install --only main\n"
    found, _ = image(f"{text}RUN poetry add x\nFROM python:3.12\nCOPY --from=a {taken} {taken}\n")
    assert f"\nRUN {said}FROM" in found


def test_a_script_of_the_project_is_no_tool_of_its_groups() -> None:
    manifest = (
        f'{PROJECT}[project.optional-dependencies]\ntests = ["httpx"]\n[dependency-groups]\ndev = ["shop[tests]"]\n'
    )
    text = "FROM python:3.12\nCOPY requirements.txt ./\nRUN pip install -r requirements.txt\nCMD {}\n"
    assert f"RUN {CACHED}{SYNC} {NO_PROJECT}\n" in image(text.format("shop serve"), **{"pyproject.toml": manifest})[0]
    assert (
        f"RUN {CACHED}uv sync --locked {NO_PROJECT}\n"
        in image(text.format("pytest"), **{"pyproject.toml": manifest})[0]
    )


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("", 'CMD ["/w/.venv/bin/uvicorn", "shop.main:app"]\n'),
        ("PIPENV_VENV_IN_PROJECT=1 ", 'CMD [".venv/bin/uvicorn", "shop.main:app"]\n'),
        ("", "RUN ./.venv/bin/python -m compileall src\nCMD uvicorn shop.main:app\n"),
    ],
)
def test_an_environment_whose_programs_are_started_by_their_paths_lies_there(before: str, behind: str) -> None:
    head = "WORKDIR /w\nRUN pip install pipenv\nCOPY Pipfile Pipfile.lock ./\n"
    found, told = image(f"FROM python:3.12\n{head}RUN {before}pipenv install --deploy\n{behind}")
    lines = f'ENV UV_PROJECT_ENVIRONMENT=/w/.venv {SETTINGS}ENV PATH="/w/.venv/bin:$PATH"\n'
    assert found.startswith(f"FROM python:3.12\n{lines}WORKDIR /w\n")
    assert found.endswith(f"RUN {before}{SYNC} {NO_PROJECT}\nENV PYTHONPATH=/w/src\n{behind}")
    assert told == []


def test_an_environment_whose_programs_a_service_starts_by_their_paths_lies_there() -> None:
    text = "FROM python:3.12\nWORKDIR /w\nCOPY Pipfile ./\nRUN pipenv install\nCMD uvicorn shop.main:app\n"
    service = "services:\n  a:\n    build: .\n    command: {}/.venv/bin/celery -A shop worker\n"
    assert "UV_PROJECT_ENVIRONMENT=/w/.venv" in image(text, **{"compose.yaml": service.format("/w")})[0]
    assert "UV_PROJECT_ENVIRONMENT=/opt/venv" in image(text, **{"compose.yaml": service.format(".")})[0]
    other = service.format("/w").replace("build: .", "build: {context: ., dockerfile: other.Dockerfile}")
    assert "UV_PROJECT_ENVIRONMENT=/opt/venv" in image(text, **{"compose.yaml": other, "other.Dockerfile": text})[0]


def test_an_environment_lies_beside_the_code_in_the_stages_that_work_there() -> None:
    build = "FROM python:3.12 AS {}\nWORKDIR {}\nRUN pip install poetry\nCOPY pyproject.toml poetry.lock ./\nRUN poetry install\n"
    found, _ = image(f"{build.format('a', '/w')}CMD /w/.venv/bin/uvicorn x\n{build.format('b', '/v')}CMD uvicorn x\n")
    assert [line.split()[1] for line in found.splitlines() if "PROJECT_ENV" in line] == [
        "UV_PROJECT_ENVIRONMENT=/w/.venv",
        "UV_PROJECT_ENVIRONMENT=/opt/venv",
    ]


@pytest.mark.parametrize(
    ("setting", "script", "place"),
    [
        ("", "exec /w/.venv/bin/uvicorn shop.main:app\n", "/w/.venv"),
        ("", ". /home/me/shop/.venv/bin/activate\n", "/opt/venv"),
        ("ENV POETRY_VIRTUALENVS_IN_PROJECT=true\n", "source .venv/bin/activate\nuvicorn shop.main:app\n", "/w/.venv"),
        ("", "source .venv/bin/activate\nuvicorn shop.main:app\n", "/opt/venv"),
    ],
)
def test_an_environment_that_a_script_of_the_image_enters_lies_there(setting: str, script: str, place: str) -> None:
    text = f"FROM python:3.12\n{setting}WORKDIR /w\nCOPY pyproject.toml poetry.lock run.sh ./\nRUN poetry install\n"
    found, _ = image(f"{text}CMD ./run.sh\n", **{"run.sh": f"set -e\n{script}"})
    assert f"UV_PROJECT_ENVIRONMENT={place} " in found
    found, _ = image(f"{text.replace('run.sh ', '')}CMD x\n", **{"run.sh": f"set -e\n{script}"})
    assert "UV_PROJECT_ENVIRONMENT=/opt/venv " in found  # it is not this image that runs the script


@pytest.mark.parametrize(
    ("base", "runs", "bare"),
    [
        ("debian:bookworm-slim", "RUN curl https://rye.astral.sh/get | bash\n", True),
        ("docker.io/ubuntu", "", True),
        ("debian", "RUN apt-get install -y python3-pip\n", False),
        ("alpine:3", "RUN apk add py3-pip\n", False),
        ("debian", "RUN apt-get install -y pipx\n", False),
        ("debian", "RUN curl https://install.python-poetry.org | x\n", True),
        ("alpine:3", "COPY --from=python:3.12 /usr/local /usr/local\n", False),
        ("example.org/base", "", False),
    ],
)
def test_uv_brings_python_to_an_image_that_has_none(base: str, runs: str, *, bare: bool) -> None:
    install = "COPY .python-version pyproject.toml requirements* ./\nRUN rye sync\n"
    found, _ = image(f"FROM {base} AS below\n{runs}FROM below\n{install}CMD uvicorn shop.main:app\n")
    assert ("UV_PYTHON_DOWNLOADS=never" in found) is not bare
    assert ("UV_PYTHON_INSTALL_DIR=/opt/python" in found) is bare
    found, told = image(f"FROM {base} AS made\n{runs}{install}FROM {base}\nCOPY --from=made /opt/rye /opt/rye\n")
    assert (f"uv sync --locked {NO_PROJECT}\n" in found) is bare
    assert ("pip install --no-cache-dir" in found) is not bare
    assert (UV_BRINGS in told) is bare


def test_pip_is_told_of_another_index() -> None:
    manifest = PROJECT + '[[tool.uv.index]]\nname = "torch"\nurl = "https://download.pytorch.org/whl/cpu"\n'
    text = "FROM python:3.12 AS build\nCOPY requirements.txt .\nRUN pip install --user -r requirements.txt\n"
    found, _ = image(
        f"{text}FROM python:3.12\nCOPY --from=build /root/.local /root/.local\n", **{"pyproject.toml": manifest}
    )
    assert f"RUN {EXPORT} --emit-index-url -q -o requirements.txt && pip install --user" in found


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        ("USER me\nWORKDIR /home/me\n", "/home/me/.venv"),
        ("WORKDIR /home/me\nUSER me\n", "/home/me/.venv"),
        ("USER me\nUSER root\nWORKDIR /srv\n", "/opt/venv"),
    ],
)
def test_another_user_makes_the_environment_where_it_works(lines: str, place: str) -> None:
    made = image(f"FROM python:3.12\n{lines}COPY requirements.txt .\nRUN pip install -r requirements.txt\nCMD x\n")[0]
    assert f'ENV PATH="{place}/bin:$PATH"' in made


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("RUN pdm run manage.py x\n", "RUN python manage.py x\n"),
        ("RUN pdm run -m x\n", "RUN python -m x\n"),
        ("RUN pdm run alembic x\n", "RUN alembic x\n"),
        ('CMD ["pdm", "run", "manage.py"]\n', 'CMD ["python", "manage.py"]\n'),
        ("CMD pdm run manage.py\n", "CMD python manage.py\n"),
    ],
)
def test_a_file_that_pdm_runs_is_given_to_python(before: str, after: str) -> None:
    head = "FROM python:3.12\nWORKDIR /x\nCOPY pyproject.toml pdm.lock ./\nRUN pip install pdm && pdm sync\n"
    assert image(f"{head}{before}")[0].endswith(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("RUN pip install x > log 2>&1\n", "RUN uv pip install --python /opt/venv x > log 2>&1\n"),
        ("RUN poetry run pip install 'x>1'\n", "RUN uv pip install --python /opt/venv 'x>1'\n"),
        ("RUN poetry run python -m pip list > log\n", "RUN uv pip list --python /opt/venv > log\n"),
        ("RUN poetry add 'x==1' y\n", "RUN uv pip install --python /opt/venv 'x==1' y\n"),
        ("RUN poetry show > log\n", "RUN uv pip list --python /opt/venv > log\n"),
        ("RUN poetry show\n", "RUN uv pip list --python /opt/venv\n"),
        ("RUN poetry run -- a --b\n", "RUN a --b\n"),
        ("RUN echo `poetry run a b` $(poetry run c d)\n", "RUN echo `a b` $(c d)\n"),
        ("RUN poetry config virtualenvs.a b > log && ls\n", "RUN ls\n"),
        ("RUN rm requirements.txt 2>/dev/null\n", ""),
        ("RUN CC=gcc pip install x\n", "RUN CC=gcc uv pip install --python /opt/venv x\n"),
        ("RUN rm -f notes.txt requirements.txt\n", "RUN rm -f notes.txt requirements.txt\n"),
        ("COPY pyproject.toml other.toml\n", "COPY pyproject.toml other.toml\n"),
        ("COPY pyproject.toml /x/pyproject.toml\n", "COPY pyproject.toml uv.lock /x/\n"),
    ],
)
def test_what_is_not_meant_stays(before: str, after: str) -> None:
    head = "FROM python:3.12\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n"
    assert image(f"{head}{before}CMD x\n")[0].endswith(f"{after}CMD x\n")


@pytest.mark.parametrize("runs", ["poetry run pip install x", "poetry add x", "poetry show"])
def test_what_stands_above_the_sync_has_no_environment(runs: str) -> None:
    head = "FROM python:3.12\nWORKDIR /w\nRUN pip install poetry\nCOPY pyproject.toml poetry.lock ./\n"
    behind = image(f"{head}RUN poetry install\nRUN {runs}\n")[0]
    assert "--python /opt/venv" in behind
    above = image(f"{head}RUN {runs}\nRUN poetry install\n")[0]
    assert "--python" not in above


@pytest.mark.parametrize(
    ("copied", "brought"),
    [
        ("COPY src src\nCOPY pyproject.toml ./\n", True),
        ("COPY . .\n", False),
        ("COPY pyproject.toml README.md ./\nCOPY src src\n", False),
        ("COPY pyproject.toml ./\n", False),
    ],
)
@pytest.mark.parametrize(("then", "option"), [("dist/*.whl", " --wheel"), ("dist/*.tar.gz", ""), ("dist/*", "")])
def test_a_wheel_is_built_with_the_readme(copied: str, then: str, option: str, *, brought: bool) -> None:
    head = "FROM python:3.12\nWORKDIR /w\n"
    after, _ = image(f"{head}{copied}RUN poetry build && pip install {then}\n", **{"README.md": "# shop\n"})
    readme = "COPY README.md ./\n" if brought else ""
    assert after.endswith(f"{readme}RUN uv build{option} && pip install {then}\n")


def test_a_list_that_is_printed_is_written_still() -> None:
    text = "FROM python:3.12 AS a\nRUN pip install poetry\nRUN poetry export --without-hashes > requirements.txt\nFROM python:3.12\n"
    after, _ = image(f"{text}COPY --from=a requirements.txt .\nRUN pip install -r requirements.txt\n")
    assert f"RUN {EXPORTED} --no-hashes > requirements.txt\n" in after
    assert after.endswith("COPY --from=a requirements.txt .\nRUN pip install -r requirements.txt\n")


def test_a_file_that_is_made_here_is_taken_away_here() -> None:
    text = "FROM python:3.12\nRUN poetry export -o requirements.txt && pip install -r requirements.txt && rm requirements.txt\n"
    assert image(text)[0].endswith("&& rm requirements.txt\n")


def test_a_line_that_is_rewritten_in_part_may_still_name_what_goes() -> None:
    found, told = image("FROM python:3.12\nRUN pip install -r requirements.txt && cat requirements.txt\n")
    assert "&& cat requirements.txt" in found
    assert "requirements.txt is named in what is written here, and goes: rewrite it by hand" in told


def test_the_system_s_python_is_that_of_the_environment() -> None:
    text = (
        "FROM python:3.12\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n"
        'ENTRYPOINT ["/usr/local/bin/python", "-m", "uvicorn", "shop.main:app"]\nCMD /usr/bin/env x\n'
    )
    after, _ = image(text)
    assert 'ENTRYPOINT ["/opt/venv/bin/python", "-m", "uvicorn"' in after
    assert "CMD /usr/bin/env x\n" in after


FOR_ANOTHER_STAGE = {
    "pip install .[prod]": " && pip install --no-cache-dir --no-deps .",
    "pip install .[prod] 'boto3>=1' flask": " && pip install --no-cache-dir --no-deps ."
    " && pip install --no-cache-dir 'boto3>=1' flask",
    "poetry install --only main --extras prod": " && pip install --no-cache-dir --no-deps -e .",
    "poetry install --only main --extras prod --no-root": "",
    "pdm sync --prod -G prod --no-editable": " && pip install --no-cache-dir --no-deps .",
    "pdm sync --prod -G prod --no-self": "",
}


@pytest.mark.parametrize(("command", "own"), FOR_ANOTHER_STAGE.items(), ids=FOR_ANOTHER_STAGE)
def test_what_another_stage_takes_has_the_extras_and_the_project(command: str, own: str) -> None:
    text = f"FROM python:3.12 AS api\nCOPY . .\nRUN {command}\nFROM nginx\nCOPY --from=api /x /x\n"
    manifest = f'{PROJECT}[project.optional-dependencies]\nprod = ["gunicorn"]\n'
    after, _ = image(text, **{"pyproject.toml": manifest, "README.md": ""})
    exported = "uv export --locked --no-default-groups --extra prod --no-emit-project -q -o requirements.txt"
    assert f"RUN {exported} && pip install --no-cache-dir -r requirements.txt{own}\n" in after


@pytest.mark.parametrize(
    ("option", "hashes", "own"),
    [("--no-editable", " --no-hashes", " ."), ("--no-self", "", "")],
    ids=["project", "not"],
)
@pytest.mark.parametrize("scripts", [True, False])
def test_the_folder_of_pdm_is_filled(option: str, hashes: str, own: str, *, scripts: bool) -> None:
    place = "__pypackages__/3.12"
    taken = f"COPY --from=api /w/{place}/lib /pkgs\n" + (f"COPY --from=api /w/{place}/bin/* /bin/\n" if scripts else "")
    run = f"mkdir __pypackages__ && pdm sync --prod {option}"
    text = f"FROM python:3.12 AS api\nWORKDIR /w\nCOPY . .\nRUN {run}\nFROM python:3.12\n{taken}"
    after, told = image(text, **{"README.md": ""})
    assert told == [UNHASHED] * bool(hashes)
    moved = f" && mv {place}/lib/bin {place}/bin" if scripts else ""
    installed = f"pip install --no-cache-dir --target {place}/lib -r requirements.txt{own}{moved}\n"
    assert f"RUN mkdir __pypackages__ && {EXPORT}{hashes} -q -o requirements.txt && {installed}" in after


@pytest.mark.parametrize(
    ("command", "own"),
    [
        ("pdm sync --prod", True),
        ("poetry install", True),
        ("poetry install --no-root", False),
        ("pip install .", False),
    ],
)
@pytest.mark.parametrize("brought", [True, False])
def test_the_readme_is_brought_where_another_stage_takes_the_project(command: str, *, own: bool, brought: bool) -> None:
    copied = "pyproject.toml uv.lock README.md" if brought else "pyproject.toml uv.lock"
    text = f"FROM python:3.12 AS api\nWORKDIR /w\nCOPY {copied} ./\nCOPY src src\nRUN {command}\n"
    after, _ = image(f"{text}FROM python:3.12\nCOPY --from=api /x /x\n", **{"README.md": "", ".dockerignore": "*.md\n"})
    assert after.count("README.md") == (brought or own)
    assert ("COPY src src\nCOPY README.md ./\nRUN uv export" in after) is (own and not brought)
    assert ("--no-deps -e .\n" in after) is own


def test_the_readme_that_pip_builds_with_is_let_in() -> None:
    text = "FROM python:3.12 AS api\nWORKDIR /w\nCOPY pyproject.toml ./\nCOPY src src\nRUN poetry install\n"
    files = {
        "pyproject.toml": PROJECT,
        "README.md": "",
        "uv.lock": "",
        "src/shop/__init__.py": "",
        ".dockerignore": "*.md\n",
    }
    tree = MemoryTree({**files, "Dockerfile": f"{text}FROM python:3.12\nCOPY --from=api /x /x\n"})
    lowered = rewrite_commands(of(tree), tree, RewriteCommands("X", "Dockerfile"))
    written = {change.path: change.content.decode() for change in lowered.changes if isinstance(change, Write)}
    assert written[".dockerignore"] == "*.md\n!README.md\n"


@pytest.mark.parametrize("command", ["pip install -e .", "poetry install --only main"])
def test_a_project_that_is_installed_before_its_code_is_there_is_found(command: str) -> None:
    text = f"FROM python:3.12\nWORKDIR /w\nCOPY pyproject.toml ./\nRUN {command}\nCOPY src src\nCMD uvicorn shop.main:app\n"
    after, told = image(text)
    assert f"{SYNC} {NO_PROJECT}\nENV PYTHONPATH=/w/src\nCOPY src src\n" in after
    assert told == [BUILDKIT]
    again, _ = image(text.replace("CMD", f"RUN {command}\nCMD"))
    assert again.index("COPY src") < again.index("uv sync", again.index("COPY src"))
    assert "PYTHONPATH" not in again[: again.index("COPY src")]


def test_a_script_of_a_project_that_is_not_installed_is_told() -> None:
    manifest = f'{PROJECT}[project.scripts]\nshop = "shop.main:run"\n'
    text = 'FROM python:3.12\nCOPY pyproject.toml ./\nRUN pip install -e .\nCOPY . .\nCMD ["shop", "-v"]\nENTRYPOINT ["x"]\n'
    _, told = image(text, **{"pyproject.toml": manifest})
    assert told == ["shop comes with the project: let uv install that once all is copied", BUILDKIT]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "python3 -m poetry --without=win export -f requirements.txt | pip install -r /dev/stdin",
            f"{EXPORTED} | pip install -r /dev/stdin",
        ),
        (
            "/home/me/.local/bin/poetry export --without-hashes -o r.txt && pip install -r r.txt",
            f"{EXPORTED} --no-hashes -o r.txt && pip install -r r.txt",
        ),
    ],
)
def test_poetry_is_known_behind_a_path(before: str, after: str) -> None:
    text = f"FROM python:3.12\nRUN pip3 install poetry==1.4.0\nCOPY pyproject.toml poetry.lock ./\nRUN {before}\n"
    said, told = image(text)
    assert f"RUN {after}\n" in said
    assert "COPY pyproject.toml uv.lock ./\n" in said
    assert not told


@pytest.mark.parametrize(
    ("copied", "stays"),
    [
        ("COPY sub/pyproject.toml sub/poetry.lock ./", True),
        ("COPY sub/ .", True),
        ("COPY sub/pyproject.toml pyproject.toml ./", False),
        ("COPY . .", False),
        ("COPY src src", False),
    ],
)
def test_a_stage_of_another_project_stays(copied: str, *, stays: bool) -> None:
    text = f"FROM python:3.12\nRUN pip install poetry\n{copied}\nRUN poetry install --no-root\n"
    said, told = image(text, **{"sub/pyproject.toml": "[tool.poetry]\n", "sub/poetry.lock": ""})
    assert (said == text) is stays
    assert not (stays and told)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("RUN poetry install --no-root && poetry run which python\n", f"RUN {CACHED}{{}} && which python\n"),
        ("RUN poetry install --no-root\nRUN pipenv run python -c 'x'\n", f"RUN {CACHED}{{}}\nRUN python -c 'x'\n"),
    ],
)
def test_what_an_image_runs_is_in_its_environment(before: str, after: str) -> None:
    head = "FROM python:3.12\nRUN pip install poetry\nCOPY pyproject.toml poetry.lock ./\n"
    assert image(head + before)[0].endswith(after.format(f"uv sync --locked {NO_PROJECT}"))


def test_an_environment_beside_the_code_is_not_filled_again() -> None:
    text = (
        "FROM python:3.12 AS made\nRUN pip install poetry\nENV POETRY_VIRTUALENVS_IN_PROJECT=1\nWORKDIR /app\nCOPY . .\n"
        "RUN poetry install --only main\nRUN poetry run python manage.py collectstatic\n"
        "FROM python:3.12\nCOPY --from=made /app/.venv /app/.venv\n"
    )
    assert "RUN uv run --no-sync python manage.py collectstatic\n" in image(text)[0]
    elsewhere = "FROM example.org/base\nCOPY . .\nRUN poetry run python manage.py collectstatic\n"
    assert "RUN uv run python manage.py collectstatic\n" in image(elsewhere)[0]


def test_the_lock_comes_beside_a_manifest_that_a_variable_names() -> None:
    text = "FROM python:3.12\nARG FROM_FILE\nWORKDIR /w\nCOPY --chown=1:1 $FROM_FILE ./pyproject.toml\nRUN poetry install --no-root\n"
    after, _ = image(text)
    assert "COPY --chown=1:1 $FROM_FILE ./pyproject.toml\nCOPY --chown=1:1 uv.lock ./\n" in after
    windows, _ = image(text.replace("\n", "\r\n"))
    assert "./pyproject.toml\r\nCOPY --chown=1:1 uv.lock ./\r\n" in windows
    other = text.replace("./pyproject.toml", "./settings.toml")
    assert "uv.lock" not in image(other)[0]


def test_an_image_without_a_base_is_read_to_its_end() -> None:
    manifest = '[project]\nname = "x"\nversion = "1"\ndependencies = ["a @ git+https://a.example/b"]\n'
    after, _ = image("RUN poetry install\n", **{"pyproject.toml": manifest, "poetry.lock": ""})
    assert after.startswith("RUN ")


THEME = {"libs/theme/pyproject.toml": '[project]\nname = "theme"\n'}


def test_a_stage_from_one_that_has_the_manifest_is_the_projects() -> None:
    base = "FROM python:3.13 AS base\nWORKDIR /app\nRUN pip install poetry\nCOPY pyproject.toml poetry.lock ./\n"
    said, _ = image(f"{base}FROM base\nCOPY libs/theme ./libs/theme\nRUN poetry install --no-root\n", **THEME)
    assert "poetry install" not in said
    assert "uv sync" in said


def test_a_stage_that_mounts_the_manifest_is_the_projects() -> None:
    mounts = "--mount=type=bind,source=pyproject.toml,target=pyproject.toml"
    text = f"FROM python:3.13\nWORKDIR /app\nCOPY libs/theme ./libs/theme\nRUN {mounts} poetry install --no-root\n"
    assert "uv sync" in image(text, **THEME)[0]


def test_two_dashes_go_with_what_they_end() -> None:
    text = "FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN poetry install\nRUN poetry run -- python -c 1\n"
    assert image(text)[0].endswith("RUN python -c 1\n")


@pytest.mark.parametrize(
    ("script", "run", "place"),
    [
        ("poetry install\n", "bash /setup.sh", "/opt/venv"),
        ("set -e\npip install -r requirements.txt\n", "./setup.sh -q", "/opt/venv"),
        ("python -m venv /v\n. /v/bin/activate\npoetry install\n", "bash /setup.sh", ""),
        ("poetry run pytest\n", "bash /setup.sh", ""),
        ("poetry install\n", "bash /other.sh", ""),
    ],
)
def test_what_a_script_installs_in_an_image_is_found(script: str, run: str, place: str) -> None:
    text = f"FROM python:3.12\nWORKDIR /w\nCOPY . .\nRUN {run}\nCMD uvicorn shop.main:app\n"
    found, _ = image(text, **{"setup.sh": script})
    assert (f"ENV UV_PROJECT_ENVIRONMENT={place} " in found) == bool(place)
    assert (f'ENV PATH="{place}/bin:$PATH"\n' in found) == bool(place)


@pytest.mark.parametrize(
    ("base", "own"),
    [
        ("public.ecr.aws/lambda/python:3.12", True),
        ("amazon/aws-lambda-python:3.9", True),
        ("apache/airflow:2.9.1-python3.11", True),
        ("mcr.microsoft.com/azure-functions/python:4-python3.11", True),
        ("python:3.12", False),
        ("example.org/lambda-tools/python:3.12", False),
    ],
)
def test_an_image_that_starts_its_own_python_has_the_packages_there(base: str, own: bool) -> None:
    found, _ = image(f"FROM {base}\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCMD x\n")
    assert ("UV_PROJECT_ENVIRONMENT" in found) is not own
    assert ("uv export --locked" in found and "&& pip install -r " in found) is own


def test_a_project_that_is_installed_is_not_taken_away_by_what_its_lists_bring() -> None:
    text = "FROM python:3.12\nWORKDIR /w\nCOPY . .\nRUN pip install -e .\nRUN pip install -r requirements.txt\n"
    assert image(text)[0].count(NO_PROJECT) == 0
    assert image(text.replace("RUN pip install -e .\n", ""))[0].count(NO_PROJECT) == 1


def test_a_sync_keeps_what_one_before_it_brought() -> None:
    manifest = f'{PROJECT}[project.optional-dependencies]\npg = ["psycopg"]\n'
    text = "FROM python:3.12\nCOPY . .\nRUN pip install .[pg]\nRUN pip install -r requirements-dev.txt\n"
    made, _ = image(f"{text}RUN pip install -r requirements.txt\n", **{"pyproject.toml": manifest})
    assert [line.partition("uv sync --locked")[2] for line in made.splitlines() if "uv sync" in line] == [
        " --no-default-groups --extra pg",
        " --inexact",
        " --no-default-groups --inexact",
    ]


@pytest.mark.parametrize(
    ("value", "name", "sync", "told"),
    [
        ("REQ=requirements.txt", "$REQ", "uv sync --locked --no-default-groups", False),
        ('REQ="requirements-dev.txt"', "${REQ}", "uv sync --locked", False),
        ("KIND=dev", "requirements-$KIND.txt", "uv sync --locked", True),
        ("KIND=dev\nARG KIND=x", "requirements-$KIND.txt", "uv sync --locked --no-default-groups", True),
    ],
)
@pytest.mark.parametrize("copied", ["{}", ".", "requirements*.txt"])
def test_a_list_that_a_variable_names_goes_as_by_its_name(
    value: str, name: str, sync: str, copied: str, *, told: bool
) -> None:
    lists = {"requirements.txt": "fastapi\n", "requirements-dev.txt": "-r requirements.txt\npytest\n"}
    text = f"FROM python:3.12\nARG {value}\nWORKDIR /w\nCOPY {copied.format(name)} ./\nRUN pip install -r {name}\n"
    before = MemoryTree({"pyproject.toml": PROJECT, "src/shop/__init__.py": "", **lists, "Dockerfile": text})
    tree = Overlay(before, (Remove("requirements.txt"), Remove("requirements-dev.txt")))
    lowered = rewrite_commands(of(tree), tree, RewriteCommands("X", "Dockerfile"))
    after = lowered.changes[0].content.decode()  # type: ignore[union-attr]
    assert f" {sync}\n" in after.replace(" --no-install-project", "")
    assert f"ARG {value}\n" in after
    assert "$KIND." not in after
    assert "$REQ" not in after.replace("{", "").replace("}", "")
    assert any("one of several lists" in question.text for question in lowered.questions) is told
