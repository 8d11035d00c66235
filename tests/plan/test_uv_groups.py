"""Which groups a command of another manager brings, said to uv."""

import pytest

from trueup.model.project import Project
from trueup.model.settings import Settings
from trueup.model.tree import MemoryTree
from trueup.plan.uv_commands import Target, in_uv, unsaid
from trueup.plan.uv_groups import Groups, groups_of
from trueup.read.project import of

PROJECT = """[project]
name = "shop"
version = "1"

[dependency-groups]
dev = [{ include-group = "test" }, "ruff"]
test = ["pytest"]
prod = ["gunicorn"]
gpu = ["torch"]

[tool.uv]
default-groups = ["dev", "prod"]
index = [{ name = "torch", url = "https://download.pytorch.org/whl/cu124" }]
"""


def project(text: str = PROJECT) -> Project:
    tree = MemoryTree({"pyproject.toml": text, "main.py": ""})
    return of(tree, Settings(), "shop")


def test_the_groups_of_a_project() -> None:
    assert groups_of(project()) == Groups(frozenset({"dev", "prod"}), frozenset({"gpu"}))
    assert groups_of(project("")) == Groups()
    every = PROJECT.replace('["dev", "prod"]', '"all"')
    assert groups_of(project(every)).others == frozenset()
    assert groups_of(project("dependency-groups = 1\n")) == Groups()


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("poetry install", "uv sync"),
        ("poetry install --without dev,prod", "uv sync --no-default-groups"),
        ("poetry install --without=prod", "uv sync --no-group prod"),
        ("poetry install --without nothing", "uv sync"),
        ("poetry install --only main,prod", "uv sync --no-default-groups --group prod"),
        ("poetry install --only prod", "uv sync --only-group prod"),
        ("poetry install --with gpu --without prod", "uv sync --no-group prod --group gpu"),
        ("poetry install --only-root", "uv sync --no-default-groups --inexact"),
        ("poetry install --no-dev -E all", "uv sync --no-default-groups --extra all"),
        ("poetry install --all-extras", "uv sync --all-extras"),
        ("pdm install --prod -G gpu", "uv sync --no-default-groups --group gpu"),
        ("pipenv install", "uv sync --no-default-groups"),
        ("pipenv sync --dev", "uv sync"),
        ("poetry export -o r.txt", "uv export --locked --no-emit-project --no-default-groups -o r.txt"),
        ("poetry export --with dev", "uv export --locked --no-emit-project --no-default-groups --group dev"),
        ("poetry export --dev --without-hashes", "uv export --locked --no-emit-project --no-hashes"),
        ("poetry export --only dev", "uv export --locked --no-emit-project --only-group dev"),
        ("pip install -r requirements/gpu.txt", "uv sync --group gpu"),
        ("pip install -r requirements-dev.txt", "uv sync"),
    ],
)
def test_a_command(command: str, said: str) -> None:
    assert in_uv(command.split(), Target(groups=groups_of(project()))) == said


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("-i https://user:secret@packages.example/simple", "the index at packages.example,"),
        ("--extra-index-url=https://other.example/x", "the index at other.example,"),
        ("-i https://pypi.org/simple", ""),
        ("--extra-index-url https://download.pytorch.org/whl/cu124", ""),
        ("-f wheels", "`-f wheels` was told to pip"),
        ("--no-binary numpy", "`--no-binary numpy` was told to pip"),
        ("--only-binary=:all:", "`--only-binary :all:` was told to pip"),
        ("--pre", "`--pre` was told to pip"),
        ("-c versions.txt", "`-c versions.txt` was told to pip"),
        ("-c constraints.txt", "`-c constraints.txt` was told to pip"),
        (
            "-c https://example.org/constraints-3.12.txt",
            "`-c https://example.org/constraints-3.12.txt` was told to pip",
        ),
        ("-c requirements.lock", ""),
        ("-U --no-cache-dir --timeout 100 --trusted-host pypi.org", ""),
    ],
)
def test_what_only_pip_is_told(options: str, told: str) -> None:
    said = unsaid(f"pip install {options} -r requirements.txt".split(), project())
    assert len(said) == bool(told)
    assert told in "".join(said)
    assert "secret" not in "".join(said)


def test_all_that_only_pip_is_told_is_told() -> None:
    said = unsaid(
        ["pip", "install", "--pre", "--no-deps", "-i", "https://a.example/x", "-f", "wheels", "-r", "requirements.txt"],
        project(),
    )
    assert [text.partition(" was")[0] for text in said[1:]] == ["`--pre`", "`--no-deps`", "`-f wheels`"]
    assert "the index at a.example," in said[0]
