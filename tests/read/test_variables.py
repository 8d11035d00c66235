"""Which variables CI and compose files set for a project's tests, and which of them may be handed over."""

import pytest
from trees import tree

from trueup.read import project as reader
from trueup.read.variables import Variable, handed_over, named_by, variables, withheld

WORKFLOW = """
.github/workflows/ci.yml
    env: {MODE: test, "on": 1}
    jobs:
      unit:
        env:
          MODE: unit
          TOKEN: ${{ secrets.TOKEN }}
          DEBUG: true
        steps:
          - uses: actions/checkout@v4
            env: {CHECKOUT: 1}
          - run: pytest -q
            env: {LIMIT: 1.5, PYTHONPATH: src}
      release:
        env: {RELEASE: 1}
        steps: [{run: uv publish}]
"""
GITLAB = """
.gitlab-ci.yml
    variables:
      STAGE: {value: ci, description: where}
      LATER: $STAGE
    test:
      script: [uv run pytest]
      variables: {UNIT: "1"}
    deploy:
      script: ./ship
      variables: {SHIP: "1"}
"""
COMPOSE = """
compose.yml
    services:
      db:
        image: postgres
        environment: {PASSWORD: of-db, PORT: 5432}
      web:
        build: .
        env_file: [first.env, {path: ./conf/second.env}, missing.env]
        environment:
          - PASSWORD=of-web
          - FROM_SHELL
          - URL=postgres://u:${WORD}@db/${NAME:-shop}
          - UNKNOWN=${NOWHERE}
          - COST=5$$
compose.override.yml
    services:
      web: {environment: {COST: "6", EMPTY: "", NOTHING: }}
.env
    WORD=secret
first.env
    A=1
    B=1
conf/second.env
    B=2
    PATH=/bin
broken.env
    A='
"""


def found(text: str) -> dict[str, Variable]:
    """The variables of a drawn tree."""
    return variables(reader.of(tree(text)))


def values(text: str) -> dict[str, str]:
    """Their values."""
    return {name: variable.value for name, variable in found(text).items()}


def test_workflows_speak_for_the_jobs_that_test() -> None:
    assert values(WORKFLOW) == {"LIMIT": "1.5", "MODE": "unit", "DEBUG": "true", "on": "1"}


def test_pipelines_do_too() -> None:
    assert values(GITLAB) == {"UNIT": "1", "STAGE": "ci"}


def test_compose_files_are_read_with_their_env_files() -> None:
    assert found(COMPOSE) == {
        "COST": Variable("6", "compose.override.yml"),
        "EMPTY": Variable("", "compose.override.yml"),
        "PASSWORD": Variable("of-web", "compose.yml"),
        "URL": Variable("postgres://u:secret@db/shop", "compose.yml"),
        "B": Variable("2", "conf/second.env"),
        "A": Variable("1", "first.env"),
        "PORT": Variable("5432", "compose.yml"),
    }


def test_an_example_says_what_is_filled_in_where_nothing_else_does() -> None:
    text = """
compose.yml
    services: {web: {build: ., env_file: a.env, environment: ["URL=pg://${WHO}@db"]}}
.env.example
    WHO=me
a.env
    PORT=5432
    DSN=pg://$WHO@db:$PORT
    ODD=a$b
"""
    filled = {"URL": "pg://me@db", "PORT": "5432", "DSN": "pg://me@db:5432", "ODD": "a$b"}
    assert values(text) == {**filled, "WHO": "me"}
    assert values(f"{text}.env\n    WHO=you\n") == {**filled, "URL": "pg://you@db", "DSN": "pg://you@db:5432"}


def test_an_example_is_taken_as_people_copy_it_unless_they_did() -> None:
    example = "{}\n    NAME=shop\n    DB_HOST=localhost\n    URL=sqlite:///$NAME.db\n    EMPTY=\n"
    for path in (".env.example", ".env.template"):
        assert found(example.format(path)) == {
            "NAME": Variable("shop", path),
            "URL": Variable("sqlite:///shop.db", path),
            "EMPTY": Variable("", path),
        }
    assert found(f"{example.format('.env.example')}.env\n    NAME=mine\n") == {}
    assert found(example.format("docs/.env.example")) == {}
    assert found(WORKFLOW + example.format(".env.example").replace("NAME", "MODE"))["MODE"].value == "unit"


def test_ci_wins_over_compose() -> None:
    compose = "compose.yml\n    services: {web: {environment: {MODE: live, OTHER: x}}}\n"
    assert found(WORKFLOW + compose)["MODE"] == Variable("unit", ".github/workflows/ci.yml")
    assert found(WORKFLOW + compose)["OTHER"].path == "compose.yml"


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        ("postgres://u:p@db:5432/shop", True),
        ("postgres://u:p@localhost/shop", False),
        ("postgres://LOCALHOST:5432/shop", False),
        ("postgres://u:p@127.0.0.1:5432/shop", False),
        ("postgres://u:p@[::1]/shop", False),
        ("postgres://a.example.com,b.example.com/shop", False),
        ("redis://redis:6379/0", True),
        ("sqlite:///./shop.db", True),
        ("https://api.example.com/v1", True),
        ("shop@example.com", True),
        ("1.5", True),
        ("v1.2.3", True),
        ("postgres://u:p@ep-1.eu.neon.tech/shop", False),
        ("postgresql+asyncpg://10.0.0.7/shop", False),
        ("https://u:p@search.example.com:9200", False),
        ("config.settings", True),
    ],
)
def test_no_address_elsewhere_is_handed_to_tests(value: str, taken: bool) -> None:
    assert values(f"compose.yml\n    services: {{web: {{environment: {{X: '{value}'}}}}}}\n") == (
        {"X": value} if taken else {}
    )


@pytest.mark.parametrize(
    "text",
    [
        "compose.yml\n    : [\n",
        "compose.yml\n    services: [web]\n",
        "compose.yml\n    services: {web: [1]}\n",
        "compose.yml\n    services: {web: {env_file: broken.env}}\nbroken.env\n    A='\n",
        ".github/workflows/ci.yml\n    jobs: {a: {steps: [1, {run: [pytest]}]}}\n",
        ".gitlab-ci.yml\n    - a\n",
    ],
)
def test_files_that_are_not_so_set_nothing(text: str) -> None:
    assert found(text) == {}


@pytest.mark.parametrize(
    "value",
    ["db.example.com", "DB.example.com:5432", "10.0.0.7", "10.0.0.7:5432", "localhost", "127.0.0.1:5432", "::1"],
)
@pytest.mark.parametrize("name", ["DB_HOST", "mail_server", "BROKER"])
def test_no_host_elsewhere_is_handed_to_tests(name: str, value: str) -> None:
    assert values(f"compose.yml\n    services: {{web: {{environment: {{{name}: '{value}'}}}}}}\n") == {}
    assert set(
        values(f"compose.yml\n    services: {{web: {{environment: {{{name}: 0.0.0.0, PLAIN: '{value}'}}}}}}\n")
    ) == {name, "PLAIN"}


def test_names_are_told_with_their_files_and_no_values() -> None:
    said = handed_over(found(COMPOSE), ("PASSWORD", "A", "URL"))
    assert "PASSWORD, URL (compose.yml); A (first.env)" in said
    assert "secret" not in said


NAMED = """
settings.py
    import os
    import subprocess
    from pathlib import Path
    from pydantic_settings import BaseSettings
    URL = os.environ["DATABASE_URL"]
    CACHE = Path.home() / ".cache"
    class Settings(BaseSettings):
        model_config = {"env_prefix": "shop_"}
        debug: bool = False
        mail: str = ""
plain.py
    class Row:
        session: str
.env.example
    EXAMPLE=
notes.txt
    UNTOLD
"""


def test_a_variable_that_the_project_names_is_told_when_it_is_withheld() -> None:
    names = ("DATABASE_URL", "EDITOR", "EXAMPLE", "HOME", "MAIL", "PATH", "SESSION", "SHOP_DEBUG", "UNTOLD")
    project = reader.of(tree(NAMED))
    assert named_by(project, names) == ("DATABASE_URL", "EXAMPLE", "HOME", "MAIL", "PATH", "SHOP_DEBUG")
    assert "(its files name MAIL)" in withheld(project, ("MAIL", "UNTOLD"))
    assert "your shell: --env NAME" in withheld(project, ("UNTOLD",))
