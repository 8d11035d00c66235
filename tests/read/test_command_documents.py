"""Commands in documents: which pieces of a text are code, and which are prose."""

import pytest

from trueup.model.tree import MemoryTree
from trueup.read.command_documents import markdown, restructured
from trueup.read.commands import read_commands, readable


def commands_of(text: str, path: str = "README.md") -> list[str]:
    """What is read as a command, in blocks and in sentences."""
    source = text.encode().decode("latin-1")
    found = restructured(source) if path.endswith(".rst") else markdown(source)
    return [
        readable(source[words[0].start - len(words[0].quote) : words[-1].end + len(words[-1].quote)])
        for piece, _ in found
        for words in piece
    ]


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
        ("Say:\n\n    echo is it on\n    git commit -m a\n", ["echo is it on", "git commit -m a"]),
        ("Start:\n\n\tcd backend\n\tpython main.py\n", ["cd backend", "python main.py"]),
        ("Start:\n\n    - sudo pip install -e a\n    - pytest tests\n", ["sudo pip install -e a", "pytest tests"]),
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
        "The tests:\n\n    pytest is our test runner\n\n    Python is needed\n\n- a list\n\n    make sure that it runs\n",
        "Not used:\n\n    poetry and pipenv\n\n    pytest tests\n    pytest will do the rest\n",
        "```\npython requires a compiler\n```\n",
        "1. Start:\n\n    - pytest tests\n",
        "- Start\n  so:\n\n    * pytest tests\n",
        "Start:\n\n    - pytest is our test runner\n    - make tea\n",
        "See https://example.org/uvicorn/main:app2/`x`.\n",
    ],
)
def test_prose_is_no_command(text: str) -> None:
    assert commands_of(text) == []


def test_code_within_restructured_text() -> None:
    text = "Run ``python main.py``::\n\n    python run.py\n\n`python -m shop`_ is a link.\n"
    assert commands_of(text, "README.rst") == ["python main.py", "python run.py"]


def test_a_command_in_a_sentence_is_none_that_is_run() -> None:
    text = "Run `python main.py`:\n```sh\npython run.py\n```\n\n    python -m shop\n"
    assert [inline for _, inline in markdown(text)] == [True, False, False]
    found = read_commands(MemoryTree({"README.md": text}))
    assert [item.text for item in found] == ["python run.py", "python -m shop"]
    assert [text[item.start : item.end] for item in found] == ["python run.py", "python -m shop"]


@pytest.mark.parametrize("path", ["CHANGELOG.md", "docs/release-notes.rst", "HISTORY-2.md"])
def test_a_record_of_changes_has_no_command(path: str) -> None:
    assert read_commands(MemoryTree({path: "```sh\npython main.py\n```\n"})) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1. `pip install -r requirements.txt`\n2. `$ alembic upgrade head`\n", [("pip", False), ("alembic", False)]),
        ("   - ``python main.py``\n", [("python", False)]),
        ("> * `python main.py`  \n", [("python", False)]),
        ("- Run `python main.py`\n- `python main.py` runs it\n", [("python", True), ("python", True)]),
        ("- `pytest`\n- `python is good`\n- `app/main.py`\n- `a` and `b`\n", []),
    ],
)
def test_an_item_of_a_list_that_is_a_command_alone_is_copied_whole(text: str, found: list[tuple[str, bool]]) -> None:
    pieces = [(words, inline) for piece, inline in markdown(text) for words in piece]
    assert [(next(word.text for word in words), inline) for words, inline in pieces] == found
