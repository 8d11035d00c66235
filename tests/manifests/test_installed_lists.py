"""Lists that are known by what installs from them, and constraints that nothing but a command names."""

import pytest

from trueup.model.tree import MemoryTree, Overlay
from trueup.plan.plan import make
from trueup.read.manifests import read_manifests
from trueup.read.project import of
from trueup.steps import Bench

LISTS = {"dev.txt": "pytest\n", "deps.txt": "httpx\n", "words.txt": "a b\n", "runtime.txt": "python-3.12\n"}
PINS = {"constraints.txt": "idna==3.6\n"}


@pytest.mark.parametrize(
    ("path", "text", "read"),
    [
        (".travis.yml", "install:\n  - pip install -r dev.txt\n", ["dev.txt"]),
        ("Makefile", "x:\n\tpip install -r deps.txt --requirement=./dev.txt\n", ["deps.txt", "dev.txt"]),
        ("Dockerfile", "FROM a\nCOPY deps.txt /tmp/\nRUN pip install -r /tmp/deps.txt\n", ["deps.txt"]),
        ("Dockerfile", "FROM a\nRUN pip install httpx -c words.txt\n", ["words.txt"]),
        ("README.md", "```sh\npython -m pip install -r dev.txt\n```\n", ["dev.txt"]),
        ("run.sh", "rm -r words.txt\npip install -r other/dev.txt2\n", []),
        ("run.sh", "pip install httpx\n", []),
    ],
)
def test_a_list_that_a_command_installs(path: str, text: str, read: list[str]) -> None:
    found = read_manifests(MemoryTree({**LISTS, path: text}))
    assert [manifest.path for manifest in found] == read
    assert {manifest.format for manifest in found} <= {"constraints" if "-c" in text else "requirements"}


@pytest.mark.parametrize(
    ("files", "kept"),
    [
        ({}, True),
        ({"requirements.txt": "httpx\n"}, False),
        (
            {"requirements.txt": "httpx\n", "Makefile": "x:\n\tpip install -r requirements.txt -c constraints.txt\n"},
            True,
        ),
        ({"requirements.txt": "-c constraints.txt\nhttpx\n"}, True),
    ],
)
def test_constraints_are_kept_where_they_are_all_or_a_command_keeps_to_them(
    files: dict[str, str], *, kept: bool
) -> None:
    found = {manifest.path: manifest for manifest in read_manifests(MemoryTree({**PINS, **files}))}
    assert ("constraints.txt" in found) == kept
    assert not kept or found["constraints.txt"].uv == {"constraint-dependencies": ["idna==3.6"]}


@pytest.mark.parametrize(
    ("path", "text", "read"),
    [
        ("Makefile", "x:\n\tpip install -c constraints.txt\n", "constraints.txt"),
        ("Makefile", "x:\n\tpip install -c deploy/constraints.txt\n", "deploy/constraints.txt"),
        ("Makefile", "x:\n\tcd deploy && pip install -c constraints.txt\n", "deploy/constraints.txt"),
        ("Makefile", "x:\n\tcd deploy && pip install -c ../constraints.txt\n", "constraints.txt"),
        ("Makefile", "x:\n\tcd $(X) && pip install -c constraints.txt\n", "constraints.txt"),
        ("Makefile", "x:\n\tcd tools && pip install -c constraints.txt\n", ""),
        ("Makefile", "x:\n\tpip install -c tools/constraints.txt -r tools/extras.txt\n", ""),
        ("Makefile", "x:\n\tpip install -c $(ROOT)/deploy/constraints.txt\n", "deploy/constraints.txt"),
        ("deploy/Makefile", "x:\n\tpip install -c constraints.txt\n", "deploy/constraints.txt"),
        ("deploy/x.sh", "pip install -c constraints.txt\n", "constraints.txt"),
        ("deploy/x.sh", "pip install -c ../deploy/constraints.txt\n", "deploy/constraints.txt"),
        ("deploy/x.sh", "pip install -c only.constraints.txt\n", "deploy/only.constraints.txt"),
        ("tools/x.bat", "pip install -c deploy\\constraints.txt\n", "deploy/constraints.txt"),
        ("Dockerfile", "FROM a\nCOPY . .\nRUN pip install -c constraints.txt\n", "constraints.txt"),
        ("Dockerfile", "FROM a\nCOPY . .\nRUN pip install -c deploy/constraints.txt\n", "deploy/constraints.txt"),
        ("Dockerfile", "FROM a\nCOPY . .\nRUN pip install -c /deploy/constraints.txt\n", "constraints.txt"),
        (
            "Dockerfile",
            "FROM a\nCOPY deploy/constraints.txt /tmp/\nRUN pip install -c /tmp/constraints.txt\n",
            "deploy/constraints.txt",
        ),
        (
            "Dockerfile",
            "FROM a\nWORKDIR /app\nCOPY deploy/constraints.txt /app\nRUN pip install -c constraints.txt\n",
            "deploy/constraints.txt",
        ),
        (
            "Dockerfile",
            "FROM a\nCOPY deploy/constraints.txt deploy/\nCOPY . .\nRUN pip install -c constraints.txt\n",
            "constraints.txt",
        ),
        (
            "Dockerfile",
            "FROM a\nRUN --mount=type=bind,source=deploy/constraints.txt,target=/c/constraints.txt pip install -c /c/constraints.txt\n",
            "deploy/constraints.txt",
        ),
        ("Dockerfile", "FROM a\nCOPY . .\nRUN pip install -r tools/extras.txt\n", ""),
        ("Dockerfile", "FROM a\nCOPY extras.txt tools/\nRUN pip install -r tools/extras.txt\n", "extras.txt"),
        ("deploy/Dockerfile", "FROM a\nCOPY . .\nRUN pip install -c constraints.txt\n", "deploy/constraints.txt"),
    ],
)
def test_of_files_with_one_name_which_a_command_means(path: str, text: str, read: str) -> None:
    bounds = dict.fromkeys(["constraints.txt", "deploy/constraints.txt", "deploy/only.constraints.txt"], "idna==3.6\n")
    there = {"requirements.txt": "httpx\n", "extras.txt": "a\n", "tools/extras.txt": "b\n", **bounds}
    found = {manifest.path for manifest in read_manifests(MemoryTree({**there, path: text}))}
    assert found - {"requirements.txt"} == {read} - {""}


def test_what_names_a_list_of_another_name_follows_it() -> None:
    files = {
        "main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
        "deps.txt": "fastapi\n",
        "dev.txt": "pytest\n",
        "Dockerfile": 'FROM python:3.12\nWORKDIR /app\nCOPY deps.txt dev.txt ./\nRUN pip install -r deps.txt\nCOPY . .\nCMD ["python", "x.py"]\n',
        "Makefile": "dev:\n\tpip install -r deps.txt -r dev.txt\n",
        "tool.cfg": "[x]\nlist = deps.txt\n",
    }
    tree = MemoryTree(files)
    made = make(Bench(of(tree)), tree)
    after = Overlay(tree, made.changes)
    assert not after.has("deps.txt")
    assert "COPY pyproject.toml uv.lock ./\n" in after.text("Dockerfile")
    assert "pip" not in after.text("Dockerfile") + after.text("Makefile")
    assert all(f'"{name}"' in after.text("pyproject.toml") for name in ("fastapi", "pytest"))
    assert [question.path for question in made.questions if "deps.txt" in question.text] == ["tool.cfg"]
