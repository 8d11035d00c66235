"""What has its own folder on the import path before the program's: a nested project, a test, a script."""

import pytest
from moves import moved

from trueup.model.tree import MemoryTree
from trueup.read.project import of
from trueup.rules.imports import missing

APP = "from fastapi import FastAPI\nfrom utils import log\napp = FastAPI()\n"
OUTER = {"main.py": APP, "utils.py": "log = 1\nother = 1\n"}
NESTED = '[tool.poetry]\nname = "chat"\n'
LOG = "from utils import log\n"
OTHER = "from utils import other\n"


@pytest.mark.parametrize("folder", ["templates/chat", "services/chat", "examples"])
@pytest.mark.parametrize("place", ["", "chat/", "src/"])
def test_a_nested_project_imports_its_own(folder: str, place: str) -> None:
    text = LOG + "import requests\npatch('utils.log')\nopen('utils.py')\n"
    nested = {"pyproject.toml": NESTED, f"{place}run.py": text, f"{place}utils.py": "log = 2\n"}
    files = {**OUTER, **{f"{folder}/{path}": content for path, content in nested.items()}}
    tree, lowered = moved({**files, f"{folder}/{place}README.md": "```sh\npython utils.py\n```\n"})
    assert tree.text(f"{folder}/{place}run.py") == text
    assert "python utils.py" in tree.text(f"{folder}/{place}README.md")
    assert not lowered.questions
    assert "requests" not in missing(of(MemoryTree({"pyproject.toml": '[project]\nname = "x"\n', **files})))


COPIES = "FROM python:3.12\nWORKDIR /code\nCOPY utils.py main.py ./\n"


@pytest.mark.parametrize(
    ("path", "text", "after"),
    [
        ("Dockerfile", f'{COPIES}CMD ["uvicorn", "main:app"]\n', '"shop.main:app"'),
        ("Dockerfile", 'FROM python:3.12\nWORKDIR /code\nCOPY . .\nCMD ["uvicorn", "main:app"]\n', '"main:app"'),
        ("compose.yml", "services:\n  web:\n    build: ..\n    command: uvicorn main:app\n", "uvicorn shop.main:app"),
        (
            "compose.yml",
            "services:\n  web:\n    build:\n      context: ../\n    command: [uvicorn, 'main:app']\n",
            "'shop.main:app'",
        ),
        ("compose.yml", "services:\n  web:\n    build: .\n    command: uvicorn main:app\n", "uvicorn main:app"),
        (
            "compose.yml",
            "services:\n  web:\n    image: x\n    volumes: ['../main.py:/x/main.py']\n",
            "../src/shop/main.py:",
        ),
        ("compose.yml", "services:\n  web:\n    image: x\n    volumes: ['./main.py:/x/main.py']\n", "./main.py:"),
        ("Makefile", "run:\n\tcd .. && uvicorn main:app\n", "uvicorn shop.main:app"),
        ("Makefile", "run:\n\tuvicorn main:app\n", "uvicorn main:app"),
    ],
)
def test_a_nested_project_that_starts_what_is_around_it(path: str, text: str, after: str) -> None:
    files = {**OUTER, "chat/pyproject.toml": NESTED, "chat/main.py": "app = 1\n", f"chat/{path}": text}
    tree, lowered = moved(files)
    assert after in tree.text(f"chat/{path}")
    assert not lowered.questions


@pytest.mark.parametrize(("context", "after"), [("chat", "main:app"), (".", "shop.main:app")])
def test_a_service_that_is_built_from_a_nested_project_starts_what_is_there(context: str, after: str) -> None:
    text = f"services:\n  web:\n    build: {context}\n    command: uvicorn main:app\n"
    tree, _ = moved({**OUTER, "chat/pyproject.toml": NESTED, "chat/main.py": "app = 1\n", "compose.yml": text})
    assert tree.text("compose.yml") == text.replace("main:app", after)


@pytest.mark.parametrize("line", [OTHER, "from shared import x\n"])
def test_a_nested_project_that_has_not_what_it_imports_has_it_from_around(line: str) -> None:
    files = {"shared.py": "", "main.py": f"{APP}import shared\n", "utils.py": "log = 1\nother = 1\n"}
    nested = {"x/pyproject.toml": NESTED, "x/run.py": line, "x/utils.py": "log = 2\n"}
    tree, _ = moved({**files, **nested})
    assert tree.text("x/run.py") == line.replace("from ", "from shop.")


@pytest.mark.parametrize(
    ("files", "line", "after", "asked"),
    [
        ({"tests/utils.py": "log = 2\n"}, LOG, LOG, False),
        ({"tests/utils.py": "log = 2\n"}, OTHER, "from shop.utils import other\n", False),
        (
            {"tests/utils.py": "log = 2\n"},
            LOG + OTHER,
            "from shop.utils import log\nfrom shop.utils import other\n",
            False,
        ),
        ({"tests/utils.py": "log = 2\n", "tests/__init__.py": ""}, LOG, "from shop.utils import log\n", False),
        ({"tests/utils/x.txt": ""}, LOG, "from shop.utils import log\n", False),
        ({"scripts/utils.py": "log = 2\n"}, LOG, LOG, True),
    ],
)
def test_a_test_and_a_script_find_first_what_lies_beside_them(
    files: dict[str, str], line: str, after: str, *, asked: bool
) -> None:
    path = "scripts/run.py" if asked else "tests/test_a.py"
    tree, lowered = moved({**OUTER, **files, path: line})
    assert tree.text(path) == after
    assert [question.path for question in lowered.questions] == [path] * asked


BY_FILE = "[pytest]\naddopts = -ra --import-mode=importlib\n"
LISTED = '[tool.pytest.ini_options]\naddopts = [\n  "--import-mode=importlib",\n]\npythonpath = ["tests","."]\n'


@pytest.mark.parametrize(
    ("files", "follows"),
    [
        ({"pytest.ini": BY_FILE}, True),
        ({"pytest.ini": BY_FILE.replace("=importlib", " importlib"), "pyproject.toml": "[tool.pytest]\n"}, True),
        ({"tox.ini": BY_FILE}, True),
        ({"setup.cfg": BY_FILE.replace("[", "[tool:")}, True),
        ({"pytest.ini": f"{BY_FILE}pythonpath = . tests\n"}, True),
        ({"pyproject.toml": LISTED.replace('"tests",', "")}, True),
        ({"pytest.ini": BY_FILE.replace("importlib", "append")}, False),
        ({"pytest.ini": "[pytest]\n# addopts = --import-mode=importlib\n", "tox.ini": BY_FILE}, False),
        ({"tox.ini": "[tox]\n", "pytest.ini": "", "setup.cfg": BY_FILE}, False),
        ({"pytest.ini": f"{BY_FILE}pythonpath =\n  tests/\n  .\n"}, False),
        ({"pyproject.toml": LISTED}, False),
        ({"pytest.ini": BY_FILE, "tests/conftest.py": "import sys\nsys.path.insert(0, 'tests')\n"}, False),
    ],
)
def test_a_test_that_is_imported_by_its_file_has_no_folder(files: dict[str, str], *, follows: bool) -> None:
    tree, _ = moved({**OUTER, **files, "tests/utils.py": "log = 2\n", "tests/test_a.py": LOG})
    assert (".utils import log" in tree.text("tests/test_a.py")) == follows
