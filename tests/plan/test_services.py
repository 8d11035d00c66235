"""What services of compose files start, once uv has made their image."""

import pytest

from trueup.model.command_line import is_within
from trueup.model.operation import RewriteCommands
from trueup.model.tree import MemoryTree
from trueup.plan.rewrite_commands import rewrite_commands
from trueup.plan.services import FOR_A_USER, HANDED
from trueup.read.project import of

PROJECT = (
    '[project]\nname = "shop"\nversion = "1"\ndependencies = ["fastapi", "uvicorn"]\n'
    '[project.scripts]\nserve = "shop.main:run"\n'
)
IMAGE = "FROM python:3.12-slim\nRUN pip install poetry\nWORKDIR /w\nCOPY pyproject.toml poetry.lock ./\nRUN poetry install --no-root\nCOPY . .\n"
BUILDER = (
    IMAGE.replace("slim\n", "slim AS made\n")
    + "FROM made AS dev\nCMD true\nFROM nginx\nCOPY --from=made /w/static /s\n"
)
BUILT = "services:\n  api:\n    build: .\n    command: {}\n"
ASKED = "`{}` has no plain equal in uv: rewrite it by hand"


def rewritten(text: str, path: str = "compose.yml", **more: str) -> tuple[str, list[str]]:
    tree = MemoryTree({"pyproject.toml": PROJECT, "src/shop/__init__.py": "", "Dockerfile": IMAGE, path: text, **more})
    lowered = rewrite_commands(of(tree), tree, RewriteCommands("X", path))
    after = lowered.changes[0].content.decode() if lowered.changes else text  # type: ignore[union-attr]
    return after, [question.text for question in lowered.questions]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("poetry run uvicorn shop.main:app --port 1", "uvicorn shop.main:app --port 1"),
        ('["poetry", "run", "uvicorn", "shop.main:app"]', '["uvicorn", "shop.main:app"]'),
        ("[pipenv, run, uvicorn, shop.main:app]", "[uvicorn, shop.main:app]"),
        (
            "\n      - poetry\n      - run\n      - uvicorn\n      - shop.main:app",
            "\n      - uvicorn\n      - shop.main:app",
        ),
        (
            'sh -c "poetry run alembic upgrade head && poetry run uvicorn x:y"',
            'sh -c "alembic upgrade head && uvicorn x:y"',
        ),
        ('["sh", "-c", "poetry run alembic upgrade head"]', '["sh", "-c", "alembic upgrade head"]'),
        ('sh -c "exec poetry run uvicorn x:y"', 'sh -c "exec uvicorn x:y"'),
        ('sh -c "A=1 poetry run uvicorn x:y"', 'sh -c "A=1 uvicorn x:y"'),
        ('sh -c "poetry install && poetry run uvicorn x:y"', 'sh -c "uv sync --locked && uvicorn x:y"'),
    ],
)
def test_a_service_of_the_project_has_its_programs_on_the_path(before: str, after: str) -> None:
    assert rewritten(BUILT.format(before)) == (BUILT.format(after), [])
    entry = BUILT.replace("command", "entrypoint")
    assert rewritten(entry.format(before)) == (entry.format(after), [])


POD = "spec:\n  containers:\n  - image: shop\n    command: {}\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('["poetry", "run", "uvicorn", "shop.main:app"]', '["uvicorn", "shop.main:app"]'),
        ("\n    - poetry\n    - run\n    - uvicorn", "\n    - uvicorn"),
        ('["sh", "-c", "poetry run alembic upgrade head"]', '["sh", "-c", "alembic upgrade head"]'),
    ],
)
def test_a_pod_has_the_programs_of_the_one_image_on_the_path(before: str, after: str) -> None:
    assert rewritten(POD.format(before), "k8s/a.yaml") == (POD.format(after), [])
    other = {"other.Dockerfile": "FROM python:3.12\n"}
    assert rewritten(POD.format('["poetry", "run", "uvicorn"]'), "k8s/a.yaml", **other) == (
        POD.format('["poetry", "run", "uvicorn"]'),
        ['`poetry", "run", "uvicorn` has no plain equal in uv: rewrite it by hand'],
    )


@pytest.mark.parametrize(
    "around",
    [
        "services:\n  api:\n    build: {{context: ., target: dev}}\n    command: {}\n",
        "services:\n  api:\n    build:\n      context: .\n      dockerfile: ./Dockerfile\n      target: made\n    command: {}\n",
        "services:\n  api:\n    extends: {{file: base.compose.yml, service: base}}\n    command: {}\n",
        "services:\n  job:\n    image: me/shop\n    command: {}\n",
        "services:\n  base:\n    command: {}\n",
        "x-a: &a\n  build: .\nservices:\n  api:\n    <<: *a\n    command: {}\n",
    ],
)
def test_the_image_is_found(around: str) -> None:
    base = "services:\n  base:\n    image: me/shop\n    build:\n      context: .\n      target: dev\n"
    image = BUILDER if "target" in around else IMAGE
    more = {"base.compose.yml": base, "Dockerfile": image}
    assert rewritten(around.format("poetry run uvicorn x:y"), **more) == (around.format("uvicorn x:y"), [])


@pytest.mark.parametrize(
    "text",
    [
        "services:\n  api:\n    image: python:3.12\n    command: {}\n",
        "services:\n  api:\n    build: ./other\n    command: {}\n",
        BUILT,
    ],
)
def test_what_no_shell_reads_stays_one_command(text: str) -> None:
    more = {"other/Dockerfile": "FROM python:3.12\n"}
    more |= {"Dockerfile": BUILDER} if text == BUILT else {}
    for command in ("poetry run uvicorn x:y", "poetry install", "pip install -r requirements.txt"):
        before = text.format(command)
        assert rewritten(before, **more) == (before, [ASKED.format(command)])


def test_a_shell_puts_uv_in_by_itself() -> None:
    text = 'services:\n  api:\n    image: python:3.12\n    command: sh -c "{}"\n'
    after, told = rewritten(text.format("pip install -r requirements.txt && uvicorn x:y"))
    assert (after, told) == (text.format("pip install uv==0.13.9 && uv sync --locked && uv run uvicorn x:y"), [])
    health = "services:\n  api:\n    build: .\n    healthcheck:\n      test: {}\n"
    assert rewritten(health.format("poetry run alembic check"))[0] == health.format("alembic check")


@pytest.mark.parametrize(
    "command",
    [
        'docker compose run --rm app sh -c "cd app/db && alembic upgrade head"',
        'docker exec app bash -c "alembic upgrade head && pytest"',
        '$(DC) exec app sh -c "pytest"',
        '$(DOCKER_RUN) app sh -c "pytest"',
        'kubectl exec pod -- sh -c "pip install black && pytest"',
    ],
)
def test_what_a_container_runs_is_not_run_outside(command: str) -> None:
    text = f"install:\n\tpip install -r requirements.txt\nmigrate:\n\t{command}\ntest:\n\tpytest\n"
    after = text.replace("pip install -r requirements.txt", "uv sync").replace("\tpytest", "\tuv run pytest")
    assert rewritten(text, "Makefile") == (after, [])


def test_only_what_a_container_holds_is_apart() -> None:
    text = 'install:\n\tpip install -r requirements.txt\ntest:\n\tsh -c "pytest" && docker compose up && pytest\n'
    after = text.replace("pip install -r requirements.txt", "uv sync").replace("pytest", "uv run pytest")
    assert rewritten(text, "Makefile") == (after, [])
    inside = 'install:\n\tdocker exec app sh -c "poetry install"\ntest:\n\tpytest\n'
    assert rewritten(inside, "Makefile")[0] == inside.replace("poetry install", "uv sync")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("docker compose exec app poetry run pytest -q", "docker compose exec app pytest -q"),
        ("$(COMPOSE) run --rm app poetry run pytest", "$(COMPOSE) run --rm app pytest"),
        ('docker exec app sh -c "cd x && poetry run pytest"', 'docker exec app sh -c "cd x && pytest"'),
    ],
)
def test_programs_of_a_container_are_on_its_path(before: str, after: str) -> None:
    text = "install:\n\tpoetry install\ntest:\n\t{}\n"
    wanted = text.replace("poetry install", "uv sync").format(after)
    assert rewritten(text.format(before), "Makefile") == (wanted, [])
    nginx = {"web/Dockerfile": "FROM nginx\n"}
    assert rewritten(text.format(before), "Makefile", **nginx) == (wanted, [])


def test_a_manager_in_a_container_that_is_not_known_is_told() -> None:
    text = "test:\n\tdocker compose exec app poetry run pytest\n"
    told = "`poetry run` stays, and what it needs goes: rewrite it by hand"
    assert rewritten(text, "Makefile", Dockerfile="FROM nginx\n") == (text, [told])


def test_uv_is_put_in_for_the_user_of_a_container() -> None:
    text = 'jobs:\n  a:\n    steps:\n      - run: docker exec {}app sh -c "poetry install --no-root"\n'
    after = text.replace("poetry install --no-root", "pip install uv==0.13.9 && uv sync --locked")
    image = "FROM python:3.12\nRUN pip install -r tools/requirements.txt\n"
    more = {"Dockerfile": image, "tools/requirements.txt": "x\n"}
    path = ".github/workflows/a.yml"
    assert rewritten(text.format("--user app "), path, **more) == (after.format("--user app "), [FOR_A_USER])
    assert rewritten(text.format(""), path, **more) == (after.format(""), [])
    there = text.replace("poetry install --no-root", "uv sync --locked").format("-u 1 ")
    assert rewritten(text.format("-u 1 "), path) == (there, [])


def test_a_variable_that_goes_into_a_container_is_a_command() -> None:
    text = (
        'RUN = docker exec app bash -c "cd x && poetry run alembic check"\n'
        "export TEST := docker compose run --rm \\\n  app poetry run pytest\n"
        "BUILD = docker build poetry run\nNAME = docker\nX = poetry install\n"
    )
    after = text.replace("&& poetry run ", "&& ").replace("app poetry run ", "app ")
    assert rewritten(text, "Makefile")[0] == after
    more = "install:\n\tpip install -r requirements.txt\n\tdocker exec app ls\n"
    assert rewritten(text + more, "Makefile")[0] == after + more.replace("pip install -r requirements.txt", "uv sync")


@pytest.mark.parametrize(
    ("command", "inside"),
    [
        ("$(DC) exec app x", True),
        ("$(DOCKER_COMPOSE_DEV) run app x", True),
        ("sudo ${COMPOSE_EXEC} x", True),
        ("sudo docker compose -f a.yml exec app x", True),
        ("$(DC) up", False),
        ("$(ABCDC) run x", False),
        ("$(RUN) pytest", False),
        ("echo $(DOCKER_IMAGE) run", False),
        ("docker build .", False),
    ],
)
def test_what_goes_into_a_container(command: str, inside: bool) -> None:
    assert is_within(tuple(command.split())) is inside


def test_what_is_installed_in_a_container_is_started_there() -> None:
    text = 'test:\n\tdocker compose run app sh -c "pip install -r requirements.txt mypy && mypy . && cd x && pytest"\n\tpytest\n'
    sync = "uv sync && uv pip install mypy &&"
    there = text.replace("pip install -r requirements.txt mypy &&", sync)
    assert rewritten(text, "Makefile")[0] == there.replace("pip install", "pip install --python /opt/venv")
    unknown = there.replace("&& mypy .", "&& uv run mypy .").replace("x && pytest", "x && uv run pytest")
    assert rewritten(text, "Makefile", Dockerfile="FROM nginx\n")[0] == unknown


@pytest.mark.parametrize(
    ("run", "told"),
    [
        ("poetry run pip install x", True),
        ("poetry run pip install -r requirements.txt", True),
        ("pip3 uninstall x", True),
        ("pip list", False),
        ("uv pip install x", False),
    ],
)
def test_pip_is_not_left_alone_in_an_image_of_uv(run: str, told: bool) -> None:
    text = f"a:\n\tdocker compose exec app {run}\n"
    said = f"`docker compose exec app {run}` has no plain equal in uv: rewrite it by hand"
    assert rewritten(text, "Makefile") == (text, [said] if told else [])
    told_of = rewritten(text, "Makefile", Dockerfile="FROM python:3.12\nRUN pip install fastapi\n")[1]
    assert said not in told_of  # the system's is the one that is meant there


def test_an_image_of_pythons_own_has_nothing_of_the_project() -> None:
    text = 'a:\n\tdocker run --rm -v .:/src python:3.12 sh -c "cd /src && poetry install && poetry run python app.py"\n'
    after = text.replace("poetry install", "uv sync").replace("poetry run", "uv run")
    assert rewritten(text, "Makefile")[0] == after
    bare = rewritten(text.replace("python:3.12", "shop"), "Makefile")[0]
    assert bare == after.replace("uv run python", "python").replace("python:3.12", "shop")
    text = text.replace("cd /src", "pip install poetry && cd /src")
    assert rewritten(text, "Makefile")[0] == after.replace("cd /src", "pip install uv==0.13.9 && cd /src")
    path, steps = ".github/workflows/a.yml", "jobs:\n  a:\n    steps:\n      - run: {}\n"
    after = after.replace("uv sync", "uv sync --locked").replace("cd /src", "pip install uv==0.13.9 && cd /src")
    assert rewritten(steps.format(text[4:-1]), path)[0] == steps.format(after[4:-1])


PIPENV = "FROM python:3.12\nWORKDIR /w\nRUN pip install pipenv\nCOPY . .\nRUN pipenv install\n"
ENTRY = "#!/bin/sh\npipenv run python -m shop.migrate\nexec pipenv run uvicorn shop:app\n"


@pytest.mark.parametrize(
    ("image", "more", "bare"),
    [
        (f'{PIPENV}RUN chmod +x start.sh\nENTRYPOINT ["/w/start.sh"]\n', {}, True),
        (
            f"{PIPENV}CMD sh ./start.sh\n",
            {"compose.yml": "services:\n  a:\n    build: .\n    command: ./start.sh\n"},
            True,
        ),
        (f"{PIPENV}CMD sh ./start.sh\n", {"Makefile": "run:\n\t./start.sh\n"}, False),
        (f"{PIPENV}CMD sh ./start.sh\n", {"README.md": "```sh\n./start.sh\n```\n"}, False),
        (f"{PIPENV}CMD uvicorn shop:app\n", {}, False),
    ],
)
def test_a_script_that_images_alone_start_finds_the_programs_there(
    image: str, more: dict[str, str], bare: bool
) -> None:
    files = {"pyproject.toml": PROJECT, "src/shop/__init__.py": "", "Dockerfile": image, "start.sh": ENTRY, **more}
    tree = MemoryTree(files)
    lowered = rewrite_commands(of(tree), tree, RewriteCommands("X", "start.sh"))
    after = lowered.changes[0].content.decode()  # type: ignore[union-attr]
    assert after == ENTRY.replace("pipenv run ", "" if bare else "uv run ")


@pytest.mark.parametrize(("more", "asked"), [("", True), ("    env_file: .env\n", False)])
def test_what_pipenv_handed_over_to_a_service_is_told(more: str, asked: bool) -> None:
    text = f"services:\n  a:\n    build: .\n    command: pipenv run python -m shop\n{more}"
    files = {"pyproject.toml": PROJECT, "src/shop/__init__.py": "", "Dockerfile": PIPENV, ".env": "A=1\n"}
    tree = MemoryTree({**files, "compose.yml": text})
    lowered = rewrite_commands(of(tree), tree, RewriteCommands("X", "compose.yml"))
    assert [(item.line, item.text) for item in lowered.questions] == [(4, HANDED)] * asked


@pytest.mark.parametrize(("copied", "option"), [("src src", " --no-install-project"), (". .", "")])
def test_a_service_syncs_as_its_image_does(copied: str, option: str) -> None:
    """What an image cannot build (its readme is not there), no service of it can."""
    image = (
        f"FROM python:3.12\nWORKDIR /w\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY {copied}\n"
    )
    project = (
        '[project]\nname = "shop"\nversion = "1"\nreadme = "README.md"\n[build-system]\nrequires = ["hatchling"]\n'
    )
    files = {"pyproject.toml": project, "README.md": "", "src/shop/__init__.py": "", "Dockerfile": image}
    text = 'services:\n  a:\n    build: .\n    command: sh -c "pip install -r requirements.txt && python x.py"\n'
    tree = MemoryTree({**files, "requirements.txt": "fastapi\n", "compose.yml": text})
    lowered = rewrite_commands(of(tree), tree, RewriteCommands("X", "compose.yml"))
    after = lowered.changes[0].content.decode()  # type: ignore[union-attr]
    assert f"uv sync --locked{option} && uv run" in after
