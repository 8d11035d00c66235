"""Lines that a plan makes longer than the project's linter lets them be."""

from __future__ import annotations

import pytest

from trueup.model.tree import MemoryTree
from trueup.plan.plan import make
from trueup.read.project import of
from trueup.steps import Bench

NAME = "exchange-rate-conversion"
IMPORT = "from src.external_services.rates import ExchangeRatesApiService\n"
CODE = {
    "src/__init__.py": "",
    "src/external_services/__init__.py": "",
    "src/external_services/rates.py": "class ExchangeRatesApiService:\n    pass\n",
    "src/main.py": f"from fastapi import FastAPI\n\n{IMPORT}\napp = FastAPI()\nservice = ExchangeRatesApiService()\n",
}
PROJECT = (
    f'[project]\nname = "{NAME}"\nversion = "1"\nrequires-python = ">=3.12"\ndependencies = ["fastapi", "uvicorn"]\n'
    '[dependency-groups]\ndev = ["flake8", "ruff"]\n'
)
HOOK = "repos:\n- repo: https://github.com/pycqa/flake8\n  rev: '7'\n  hooks:\n  - id: flake8\n"
PLACE = "src/exchange_rate_conversion/main.py:3"


def told(files: dict[str, str]) -> list[tuple[str, int, str]]:
    """The questions about the length of lines."""
    made = make(Bench(project := of(MemoryTree({"pyproject.toml": PROJECT, **files}))), project.tree)
    return [(item.path, item.line, item.text) for item in made.questions if "longer than" in item.text]


@pytest.mark.parametrize(
    ("files", "length"),
    [
        ({"Makefile": "a:\n\tflake8 src\n"}, 79),
        ({"Makefile": "a:\n\tpycodestyle src\n"}, 79),
        ({"Makefile": "a:\n\tflake8 --max-line-length=80 src\n", ".flake8": "[flake8]\nmax-line-length = 120\n"}, 80),
        ({"Makefile": "a:\n\tflake8 src\n", ".flake8": "[flake8]\nmax-line-length = 80\n"}, 80),
        ({"Makefile": "a:\n\tflake8 src\n", "setup.cfg": "[flake8]\nmax_line_length = 120\n"}, 0),
        ({"Makefile": "a:\n\tflake8 src\n", "tox.ini": "[flake8]\nextend-ignore = E203, E501\n"}, 0),
        ({"Makefile": "a:\n\tflake8 --ignore=E501,W503 src\n"}, 0),
        ({"Makefile": "a:\n\tflake8 --select=E9,F63 src\n"}, 0),
        ({"Makefile": "a:\n\tflake8 --exit-zero src\n"}, 0),
        ({"Makefile": "a:\n\tpip install flake8\n"}, 0),
        ({".pre-commit-config.yaml": HOOK}, 79),
        ({".flake8": "[flake8]\nmax-line-length = 80\n"}, 80),
        ({"Makefile": "a:\n\truff check .\n"}, 0),
        ({"Makefile": "a:\n\truff check --select E .\n", "ruff.toml": "line-length = 80\n"}, 80),
        ({"Makefile": "a:\n\truff check .\n", "ruff.toml": 'line-length = 80\nlint.extend-select = ["E501"]\n'}, 80),
        ({"Makefile": "a:\n\truff check .\n", "ruff.toml": 'line-length = 80\n[lint]\nselect = ["E4", "F"]\n'}, 0),
        ({"ruff.toml": 'line-length = 99\n[lint]\nselect = ["E"]\npycodestyle.max-line-length = 80\n'}, 80),
        ({}, 0),
    ],
)
def test_lines_that_are_too_long_afterwards_are_told(files: dict[str, str], length: int) -> None:
    found = [text for _, _, text in told({**CODE, **files})]
    text = f"a line is longer than the {length} characters of "
    assert [item[: len(text)] for item in found] == ([text] if length else [])
    assert all(item.endswith(f" afterwards: break {PLACE} by hand") for item in found)


@pytest.mark.parametrize(("line", "count"), [("", 0), ("  # noqa: E501", 0), ("x", 1)])
def test_only_lines_that_the_plan_makes_long_count(line: str, count: int) -> None:
    files = {**CODE, "src/main.py": CODE["src/main.py"].replace(IMPORT, f"import src\n{'#' * 99}\n")}
    if line:
        files["src/main.py"] = CODE["src/main.py"].replace(IMPORT, f"{IMPORT[:-1]}{line.replace('x', '')}\n")
    assert len(told({**files, "Makefile": "a:\n\tflake8 .\n"})) == count


def test_all_lines_are_told_at_once() -> None:
    more = {"src/other.py": IMPORT}
    text = f"2 lines are longer than the 79 characters of flake8 afterwards: break {PLACE} and the others by hand"
    assert told({**CODE, **more, "Makefile": "a:\n\tflake8 .\n"}) == [("Makefile", 2, text)]
