"""Login shells find what uv installs into an image, as they found what pip did."""

import pytest

from trueup.model.operation import RewriteCommands
from trueup.model.tree import MemoryTree
from trueup.plan.image_logins import LOST
from trueup.plan.rewrite_commands import rewrite_commands
from trueup.read.project import of

PROJECT = '[project]\nname = "shop"\nversion = "1"\ndependencies = ["fastapi"]\n'
INSTALLS = "WORKDIR /w\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\n"
IMAGE = f"FROM python:3.12-slim\n{INSTALLS}"
NAMED = "RUN echo 'PATH=\"{}/bin:$PATH\"' > /etc/profile.d/venv.sh\n"
SERVICE = "services:\n  web:\n    build: .\n    command: {}\n"


def rewritten(image: str, **more: str) -> tuple[str, list[str]]:
    tree = MemoryTree({"pyproject.toml": PROJECT, "src/shop/__init__.py": "", "Dockerfile": image, **more})
    lowered = rewrite_commands(of(tree), tree, RewriteCommands("X", "Dockerfile"))
    after = lowered.changes[0].content.decode()  # type: ignore[union-attr]
    return after, [f"{item.line}: {item.text}" for item in lowered.questions if "login" in item.text]


@pytest.mark.parametrize(
    ("last", "more"),
    [
        ('CMD ["bash", "-lc", "uvicorn shop.main:app"]', {}),
        ("CMD /bin/bash -o pipefail -elc 'uvicorn shop.main:app'", {}),
        ("RUN bash --login -c 'alembic check'", {}),
        ("RUN su - app -c 'alembic check'", {}),
        ('SHELL ["/bin/bash", "-lc"]', {}),
        ('ENTRYPOINT ["sh", "-l", "-c"]', {}),
        ("CMD ./run.sh", {"run.sh": "#!/bin/bash -l\nexec uvicorn shop.main:app\n"}),
        ("CMD ./run.sh", {"run.sh": "#!/bin/sh\nbash -lc 'uvicorn shop.main:app'\n"}),
        ("", {"compose.yml": SERVICE.format('bash -lc "alembic upgrade head && uvicorn shop.main:app"')}),
        ("", {"README.md": '```\ndocker compose exec web sh -lc "alembic upgrade head"\n```\n'}),
        ("", {"Makefile": "shell:\n\tdocker exec -it web bash -l\n"}),
    ],
)
def test_a_login_shell_finds_the_environment(last: str, more: dict[str, str]) -> None:
    after, told = rewritten(f"{IMAGE}{last}\n", **more)
    assert f'ENV PATH="/opt/venv/bin:$PATH"\n{NAMED.format("/opt/venv")}WORKDIR /w\n' in after
    assert not told


@pytest.mark.parametrize(
    ("last", "more"),
    [
        ('CMD ["bash", "-c", "ls -l && uvicorn shop.main:app"]', {}),
        ("RUN su app -c 'alembic check'", {}),
        ("", {"compose.yml": SERVICE.format('bash -c "uvicorn shop.main:app -l"')}),
        ("", {"compose.yml": SERVICE.replace(" .", " other").format('bash -lc "x"'), "other/Dockerfile": "FROM x\n"}),
        ("", {"run.sh": "#!/bin/bash -l\nuvicorn shop.main:app\n"}),
        ("", {"README.md": '```\nbash -lc "alembic upgrade head"\n```\n'}),
    ],
)
def test_nothing_is_said_where_none_is_started_in_the_image(last: str, more: dict[str, str]) -> None:
    after, told = rewritten(f"{IMAGE}{last}\n", **more)
    assert "profile" not in after
    assert not told


def test_only_root_can_say_it() -> None:
    start = "CMD bash -lc 'uvicorn shop.main:app'\n"
    for base in ("example.org/team/base:1", "bitnami/python:3.12"):
        after, told = rewritten(f"FROM {base}\n{INSTALLS}{start}")
        assert (told, "profile" in after) == ([f"1: {LOST.format('/opt/venv')}"], False)
    staged = f"FROM python:3.12 AS base\nUSER app\nFROM base\n{INSTALLS}{start}"
    assert f"3: {LOST.format('/w/.venv')}" in rewritten(staged)[1]
    own = f"FROM python:3.12\nUSER app\n{INSTALLS}{start}"
    assert NAMED.format("/w/.venv") + "USER app\n" in rewritten(own)[0]
    made = (
        "FROM python:3.12 AS made\nENV POETRY_CACHE_DIR=/c\nRUN pip install poetry\nWORKDIR /w\n"
        "COPY pyproject.toml poetry.lock ./\nRUN poetry install --no-root\n"
        f"FROM python:3.12\n{{}}COPY --from=made /c/virtualenvs /v\n{start}"
    )
    after, told = rewritten(made.format(""), **{"poetry.lock": ""})
    assert f'ENV PATH="/opt/venv/bin:$PATH"\n{NAMED.format("/opt/venv")}{start}' in after
    assert not told
    after, told = rewritten(made.format("USER app\n"), **{"poetry.lock": ""})
    assert [text[:2] for text in told] == ["9:"]
