"""Commands in documents: which pieces of a text are code, and which are prose."""

import pytest

from trueup.model.tree import MemoryTree
from trueup.read.commands import read_commands


def commands_of(text: str, path: str = "README.md") -> list[str]:
    found = read_commands(MemoryTree({path: text}))
    data = text.encode()
    assert [data[item.start : item.end].decode() for item in found] == [item.text for item in found]
    return [item.text for item in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Run `uvicorn main:app --reload`, or ``python -m shop``.\n", ["uvicorn main:app --reload", "python -m shop"]),
        ("Install with `pip install -r requirements.txt`.\n", ["pip install -r requirements.txt"]),
        ("Install with `pip install .`, `pip install -e '.[dev]'`.\n", ["pip install .", "pip install -e '.[dev]'"]),
        ("| `poetry install` | `poetry run shop` |\n", ["poetry install", "poetry run shop"]),
        ("- Tests: `pytest tests/unit -q`; `python scripts/seed.py`\n", ["pytest tests/unit -q", "python scripts/seed.py"]),
        ("Прописать \"uvicorn main:app --reload\" ✅\n", ["uvicorn main:app"]),
        ("1. Start:\n\n    uvicorn main:app\n\n2. Stop\n", ["uvicorn main:app"]),
        ("Start:\n\n\tcd backend\n\tpython main.py\n", ["cd backend", "python main.py"]),
        ("```commandline\ncelery -A app.worker worker\n```\n", ["celery -A app.worker worker"]),
        ("```text\nINFO: 1 message\npython main.py\n```\n", []),
        ("```python\nx = '`python main.py`'\n```\nand `python run.py`\n", ["python run.py"]),
        ("```sh\npython main.py  # `python run.py`\n```\n", ["python main.py"]),
        ("```sh\ncd a\n```\nthen `python b.py`\n\n~~~\npython c.py\n~~~\n", ["cd a", "python b.py", "python c.py"]),
    ],
)  # fmt: skip
def test_code_of_markdown(text: str, found: list[str]) -> None:
    assert commands_of(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "`python` 3.12, `pip install logfire`, `poetry`, `uvicorn --reload` and `pip freeze`\n",
        "- a list\n\n    python is a language, as is:\n",
        "- a list\n\n    make sure that it runs\n    and stops\n",
        "See https://example.org/uvicorn/main:app2/`x`.\n",
    ],
)
def test_prose_is_no_command(text: str) -> None:
    assert commands_of(text) == []


def test_code_within_restructured_text() -> None:
    text = "Run ``python main.py``::\n\n    python run.py\n\n`python -m shop`_ is a link.\n"
    assert commands_of(text, "README.rst") == ["python main.py", "python run.py"]


def test_a_span_is_where_the_blocks_before_it_led() -> None:
    text = "```sh\ncd backend\npip install -r requirements.txt\n```\nStart `uvicorn main:app`.\n"
    assert [item.folder for item in read_commands(MemoryTree({"README.md": text}))] == ["backend"] * 3


@pytest.mark.parametrize("path", ["CHANGELOG.md", "docs/release-notes.rst", "HISTORY-2.md"])
def test_a_record_of_changes_has_no_command(path: str) -> None:
    assert commands_of("```sh\npython main.py\n```\n", path) == []
