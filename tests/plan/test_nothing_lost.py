"""What pip is told to install is afterwards declared, installed or told of, wherever the command stands."""

import pytest

from trueup.model.settings import Settings
from trueup.model.tree import MemoryTree, Overlay
from trueup.plan.plan import make
from trueup.read.project import of
from trueup.steps import Bench

# Each `@` is a name that stands nowhere else.
COMMANDS = (
    "pip install @",
    "pip install -r requirements.txt @",
    "pip install @ -r requirements.txt",
    "pip install . @",
    "pip install -e .[dev] @",
    "python -m pip install -U pip @ -r requirements.txt",
    "pip install -r requirements.txt && pip install @",
    "pip install @==1.0 '@>=2' -r requirements.txt",
    "pip install -r requirements.txt -r @.txt",
    "pip install -r requirements.txt; pip install @",
    "pip install -r requirements.txt git+https://h.example/@.git@v1",
    "pip install '@[extra]' -r requirements.txt",
    "pip install --upgrade pip setuptools wheel @ -r requirements.txt",
    "sudo pip install -r requirements.txt @",
    "pip3 install --user -r requirements.txt @",
    "pip install -c @.txt -r requirements.txt",
    "pip install -r requirements.txt --extra-index-url https://@.example/simple",
    "uv pip install --system @ -r requirements.txt",
    "pip install -r requirements.txt || pip install @",
    "pip install -qr requirements.txt @",
    "pip install -rrequirements.txt @",
    "pip install --requirement=requirements.txt @",
    "pip install --target @ -r requirements.txt",
    "pip install -r requirements.txt --no-binary @",
    "pip install -t /opt/@ -r requirements.txt",
    "pip install -e ../@ -r requirements.txt",
    "pip install -r requirements.txt --find-links /@ --no-index",
    "pip install -r requirements.txt --no-deps @",
    "pip install ./@-1.0-py3-none-any.whl -r requirements.txt",
    "pip install -r requirements.txt 2>&1 | tee @.log",
    "time pip install -r requirements.txt @",
    "(pip install -r requirements.txt @)",
    "pip install -r requirements.txt @ &",
    "poetry run pip install @",
    "poetry add @",
    "pipenv install @",
)
PLACES = {
    "Dockerfile": ("FROM python:3.12\nWORKDIR /w\nCOPY . .\n", "RUN {}\n"),
    "early.Dockerfile": ("FROM python:3.12\nWORKDIR /w\nCOPY requirements.txt .\n", "RUN {}\n"),
    ".github/workflows/ci.yml": ("jobs:\n  a:\n    steps:\n      - run: |\n", "          {}\n"),
    ".gitlab-ci.yml": ("a:\n  script:\n    - |\n", "      {}\n"),
    "Makefile": ("install:\n", "\t{}\n"),
    "install.sh": ("#!/bin/sh\n", "{}\n"),
    "tox.ini": ("[testenv]\ncommands =\n", "    {}\n"),
    "README.md": ("```bash\n", "{}\n"),
    "render.yaml": ("services:\n  - type: web\n    buildCommand: |\n", "      {}\n"),
}
FILES = {
    "app/__init__.py": "",
    "app/main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
    "requirements.txt": "fastapi\n",
}


@pytest.mark.parametrize("path", PLACES)
def test_nothing_that_pip_was_told_is_lost(path: str) -> None:
    head, line = PLACES[path]
    names: list[str] = []
    text = head
    for command in COMMANDS:
        for _ in range(command.count("@")):
            names.append(f"lib{len(names)}x")
            command = (
                command.replace("@", names[-1], 1)
                if "@v1" not in command
                else command.replace("/@.git", f"/{names[-1]}.git")
            )
        text += line.format(command)
    text += "```\n" if path.endswith(".md") else ""
    names = [name for name in names if name in text]
    tree = MemoryTree({**FILES, path: text})
    made = make(Bench(of(tree, Settings(), "shop")), tree)
    after = Overlay(tree, made.changes)
    said = after.text(path) + after.text("pyproject.toml")
    said += "".join(question.text for question in made.questions if question.path == path)
    assert after.text(path) != text
    assert [name for name in names if name not in said] == []


def test_a_list_in_a_package_is_found_from_the_list_that_includes_it() -> None:
    files = {
        "requirements.txt": "-r app/requirements.txt\nhttpx\n",
        "app/requirements.txt": "fastapi==0.110.0\nuvicorn\n",
        "app/__init__.py": "",
        "app/main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
    }
    tree = MemoryTree(files)
    plan = make(Bench(of(tree, Settings(), "shop")), tree)
    after = Overlay(tree, plan.changes)
    assert after.has("src/app/main.py")
    assert not [path for path in after.files() if path.endswith("requirements.txt")]
    for name in ("fastapi==0.110.0", "uvicorn", "httpx"):
        assert f'    "{name}",\n' in after.text("pyproject.toml")
    assert not [finding for finding in plan.adds if finding.code.startswith("DEP")]
