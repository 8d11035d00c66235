"""What says which Python a project runs on."""

from __future__ import annotations

import pytest

from trueup.errors import ProjectError
from trueup.model.project import PythonEvidence
from trueup.model.python import floor_for, older, python_for
from trueup.model.settings import Settings
from trueup.model.span import Place
from trueup.model.tree import Entry, MemoryTree
from trueup.read.evidence import expanded, read_evidence
from trueup.read.project import of


def evidence(files: dict[str, str], repository: str = "") -> list[tuple[str, str, str]]:
    """Kind, version and place of all evidence."""
    project = of(MemoryTree(files))
    project.repository = repository
    return [(item.what, item.version, str(item.place)) for item in read_evidence(project)]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (".python-version", "3.12\n", ("pin", "3.12", 1)),
        (".python-version", "# pinned\n\n3.12.4\n3.11\n", ("pin", "3.12.4", 3)),
        (".python-version", "./fakepy\n", ("pin", "./fakepy", 1)),
        (".python-version", "shop-env-3.9\n", ("pin", "shop-env-3.9", 1)),
        (".tool-versions", "nodejs 20\npython 3.11.2\n", ("pin", "3.11.2", 2)),
        ("mise.toml", '[tools]\npython = "3.12"\n', ("pin", "3.12", 2)),
        ("environment.yml", "dependencies:\n  - python=3.11\n  - python-dateutil=2.8\n", ("pin", "3.11", 2)),
        ("runtime.txt", "python-3.11.4\n", ("runtime", "3.11.4", 1)),
        ("app.yaml", "runtime: python312\n", ("runtime", "python312", 1)),
        ("Dockerfile", "FROM node:20 AS web\nFROM python:3.12-slim AS app\n", ("docker", "3.12", 2)),
        ("Dockerfile.dev", "FROM --platform=linux/amd64 python:3.10.13-alpine\n", ("docker", "3.10.13", 1)),
        ("api.Dockerfile", "from ghcr.io/astral-sh/uv:python3.13-bookworm\n", ("docker", "3.13", 1)),
        ("Dockerfile", "FROM docker.io/library/python:3.9\n", ("docker", "3.9", 1)),
        ("Dockerfile", "FROM tiangolo/uvicorn-gunicorn-fastapi:python3.11\n", ("docker", "3.11", 1)),
        ("Dockerfile", 'ARG V="3.12"\nFROM python:${V}-slim\n', ("docker", "3.12", 2)),
        ("Dockerfile", "ARG V=3.12\nFROM python:$V\n", ("docker", "3.12", 2)),
        ("Dockerfile", "ARG V=3.12\nFROM python:${V:-3.9}-slim\n", ("docker", "3.12", 2)),
        (
            "Dockerfile",
            "FROM ubuntu:22.04\nRUN apt-get install -y python3.11 && pip install x\n",
            ("docker", "3.11", 2),
        ),
        ("Dockerfile", "FROM nvidia/cuda:12\nRUN apt-get install -y \\\n  python3.11-venv\n", ("docker", "3.11", 3)),
        ("Dockerfile", "FROM ubuntu\nRUN /usr/bin/python3.11 -m pip install x\n", ("docker", "3.11", 2)),
        ("Dockerfile", "FROM miniconda3\nRUN conda create -n x python=3.10 -y\n", ("docker", "3.10", 2)),
        (
            "Dockerfile",
            "FROM debian:12-slim\nRUN apt-get install -y \\\n git python3-pip\nRUN pip3 install x\n",
            ("docker", "3.11", 1),
        ),
        (
            "Dockerfile",
            "FROM nvidia/cuda:12.1.1-base-ubuntu22.04\nRUN apt-get install -y python3 && python3 -m pip install x\n",
            ("docker", "3.10", 1),
        ),
        ("Dockerfile", "FROM alpine:3.19.1\nRUN apk add python3 py3-pip\nRUN pip install x\n", ("docker", "3.11", 1)),
        ("docker-compose.yml", "services:\n  api:\n    image: python:3.12\n", ("docker", "3.12", 3)),
        (
            ".devcontainer/devcontainer.json",
            '{"image": "mcr.microsoft.com/devcontainers/python:3.12"}',
            ("docker", "3.12", 1),
        ),
        (".gitlab-ci.yml", "test:\n  image: python:3.11\n", ("ci", "3.11", 2)),
        (".gitlab-ci.yml", "test:\n  image:\n    name: python:3.11\n", ("ci", "3.11", 3)),
        (".circleci/config.yml", "docker:\n  - image: cimg/python:3.12\n", ("ci", "3.12", 2)),
        (".github/workflows/ci.yml", 'with:\n  python-version: "3.10"\n', ("ci", "3.10", 2)),
        (".github/workflows/ci.yml", "env:\n  UV_PYTHON: 3.13\n", ("ci", "3.13", 2)),
        (".github/actions/x/action.yaml", "with:\n  python-version: 3.10\n", ("ci", "3.10", 2)),
    ],
)
def test_files(path: str, text: str, expected: tuple[str, str, int]) -> None:
    what, version, line = expected
    assert evidence({path: text}) == [(what, version, f"{path}:{line}")]


def test_matrix() -> None:
    text = "matrix:\n  python-version: ['3.10', 3.11]\n  python:\n    - '3.12'\n    - pypy3.9\n    - 3.x\n"
    text += (
        "steps:\n  - with:\n      python-version: ${{ matrix.python }}\n      python-version-file: .python-version\n"
    )
    found = [("ci", "3.10", 2), ("ci", "3.11", 2), ("ci", "3.12", 4)]
    place = ".github/workflows/ci.yml"
    assert evidence({place: text}) == [(what, version, f"{place}:{line}") for what, version, line in found]


@pytest.mark.parametrize(
    "text",
    [
        *("FROM python\n", "FROM python:slim\n", "FROM python:${V}\n", "RUN echo python:3.12\n"),
        "FROM debian:12\nRUN apt-get install -y git && pip install x\n",
        "FROM debian:12\nRUN apt-get install -y python3 && uv sync && pip install x\n",
        "FROM node:20-bookworm\nRUN apt-get install -y python3 make && pip install x\n",
        "FROM debian:12\n# RUN apt-get install -y python3.11\n",
        "FROM debian:12\nCOPY --from=x /usr/local/lib/python3.9/site-packages /opt\n",
        "FROM python\nRUN apt-get install -y python3.9\n",
    ],
)
def test_images_without_a_version(text: str) -> None:
    assert evidence({"Dockerfile": text}) == []


def test_a_development_container_counts_only_alone() -> None:
    files = {".devcontainer/Dockerfile": "FROM python:3.9\n", "Dockerfile": "FROM python:3.12\n"}
    assert evidence(files) == [("docker", "3.12", "Dockerfile:1")]


def test_what_an_image_installs_is_weaker_than_an_image_of_python() -> None:
    other = {"gpu.Dockerfile": "FROM ubuntu\nRUN apt-get install -y python3.12\n"}
    assert evidence({**other, "Dockerfile": "FROM python:3.11\n"}) == [("docker", "3.11", "Dockerfile:1")]
    assert evidence({**other, "Dockerfile": "FROM tiangolo/uvicorn:python3.11\n"}) == [
        ("docker", "3.11", "Dockerfile:1")
    ]
    staged = "FROM ubuntu AS python-base\nRUN apt-get install -y python3.10\nFROM python-base\n"
    assert evidence({"Dockerfile": staged}) == [("docker", "3.10", "Dockerfile:2")]
    development = {".devcontainer/Dockerfile": "FROM python:3.9\n"}
    assert evidence({**other, **development}) == [("docker", "3.12", "gpu.Dockerfile:2")]


def test_manifests() -> None:
    text = '[project]\nname = "x"\nrequires-python = ">=3.11"\nclassifiers = [\n'
    text += '  "Programming Language :: Python :: 3",\n  "Programming Language :: Python :: 3.12",\n]\n'
    assert evidence({"pyproject.toml": text}) == [
        ("requires", ">=3.11", "pyproject.toml:3"),
        ("classifier", "3.12", "pyproject.toml:6"),
    ]


def test_poetry() -> None:
    text = '[tool.poetry]\nname = "x"\nversion = "1"\n[tool.poetry.dependencies]\npython = "^3.11"\n'
    assert evidence({"pyproject.toml": text}) == [("requires", ">=3.11,<4", "pyproject.toml:5")]


def test_tox_and_nox() -> None:
    files = {
        "tox.ini": "[tox]\nenvlist = py{39,310}-{a,b}, 3.1{1-2}\n    pypy3, lint, py27\n",
        "noxfile.py": 'PYTHONS = ["3.12", "3.13"]\n',
    }
    found = [("tox", "3.12", "noxfile.py:1"), ("tox", "3.13", "noxfile.py:1")]
    found += [("tox", version, "tox.ini:2") for version in ("3.9", "3.10", "3.11", "3.12")]
    assert evidence(files) == found


@pytest.mark.parametrize(
    ("word", "written_out"),
    [
        ("py311", ["py311"]),
        ("py3{10,11}-{a,b}", ["py310-a", "py310-b", "py311-a", "py311-b"]),
        ("3.1{0-2}", ["3.10", "3.11", "3.12"]),
        ("py{,thon}3", ["py3", "python3"]),
    ],
)
def test_tox_names_written_out(word: str, written_out: list[str]) -> None:
    assert expanded(word) == written_out


def test_the_newest_syntax() -> None:
    files = {
        "a.py": "match x:\n    case 1: pass\n",
        "b.py": "import os\nimport tomllib\nfrom typing import Any\n",
        "c.py": "try:\n    import annotationlib\nexcept ImportError:\n    pass\nfrom . import tomllib\n",
        "docs/d.py": "from typing import TypeIs\n",
    }
    assert evidence(files) == [("syntax", "3.11", "b.py:2")]
    assert evidence({**files, "tests/test_e.py": "from typing import override\n"}) == [
        ("syntax", "3.12", "tests/test_e.py:1")
    ]


def test_around_a_project_in_a_sub_folder() -> None:
    files = {
        "main.py": "",
        "../.python-version": "3.13\n",
        "../Dockerfile": "FROM python:3.12\n",
        "../frontend/Dockerfile": "FROM python:3.8\n",
        "../backend/Dockerfile": "FROM python:3.11\n",
        "../.github/workflows/ci.yml": "python-version: '3.10'\n",
    }
    assert evidence(files, "backend") == [
        ("pin", "3.13", "../.python-version:1"),
        ("docker", "3.12", "../Dockerfile:1"),
        ("docker", "3.11", "../backend/Dockerfile:1"),
        ("ci", "3.10", "../.github/workflows/ci.yml:1"),
    ]
    nearest = evidence({**files, ".python-version": "3.12\n"}, "backend")
    assert [item for item in nearest if item[0] == "pin"] == [("pin", "3.12", ".python-version:1")]


def test_tests_and_examples_say_nothing() -> None:
    assert evidence({"docs/Dockerfile": "FROM python:3.8\n", "tests/data/.python-version": "3.8\n"}) == []


def test_files_that_cannot_be_read_say_nothing() -> None:
    class Closed(MemoryTree):
        def read(self, path: str) -> bytes:
            if path == "Dockerfile":
                raise ProjectError("closed")
            return super().read(path)

    tree = Closed({"Dockerfile": "FROM python:3.8\n", "runtime.txt": "python-3.9\n", ".python-version": "3.10\n"})
    tree.entries = {**tree.entries, ".python-version": Entry(size=2_000_000)}
    assert read_evidence(of(tree)) == (PythonEvidence("runtime", "3.9", Place("runtime.txt", 1)),)


@pytest.mark.parametrize(
    ("evidence", "prefers", "chosen"),
    [
        ({}, "", "3.12"),
        ({}, "3.11", "3.11"),
        ({".python-version": "3.13\n"}, "3.11", "3.11"),
        ({"pyproject.toml": '[project]\nname = "x"\nrequires-python = ">=3.12"\n'}, "3.11", "3.12"),
        ({"pyproject.toml": '[project]\nname = "x"\nrequires-python = ">=3.12"\n'}, "3.13", "3.13"),
        ({"x.py": "try:\n    pass\nexcept* ValueError:\n    pass\n"}, "3.10", "3.12"),
    ],
)
def test_what_the_machine_prefers_wins_where_the_project_admits_it(
    evidence: dict[str, str], prefers: str, chosen: str
) -> None:
    project = of(MemoryTree({"main.py": "from fastapi import FastAPI\napp = FastAPI()\n", **evidence}))
    project.settings = project.settings.with_asked(Settings(prefers=prefers))
    assert python_for(project) == chosen


@pytest.mark.parametrize(
    ("versions", "syntax", "floor"),
    [
        ('["3.11", "3.12"]', "", "3.11"),
        ('\n          - "3.13"\n          - "3.10"', "", "3.10"),
        ('["3.7", "3.9"]', "", "3.9"),
        ('["3.10", "3.11", "3.12"]', "import tomllib\n", "3.11"),
        ('"3.11"', "", "3.12"),
    ],
)
def test_the_pythons_that_ci_runs_through_are_kept(versions: str, syntax: str, floor: str) -> None:
    workflow = f"jobs:\n  a:\n    strategy:\n      matrix:\n        python-version: {versions}\n"
    app = f"{syntax}from fastapi import FastAPI\napp = FastAPI()\n"
    files = {"main.py": app, "Dockerfile": "FROM python:3.12\n", ".github/workflows/a.yml": workflow}
    assert floor_for(of(MemoryTree(files))) == floor


@pytest.mark.parametrize(
    ("docker", "syntax", "requires", "others"),
    [
        ("", "3.10", "", ["3.11", "3.10"]),
        ("", "", ">=3.9,<3.13", ["3.11", "3.10", "3.9"]),
        ("3.11", "", "", []),  # it is that one
        ("3.8", "3.10", "", ["3.11", "3.10"]),  # the image cannot run it
        ("3.8", "", ">=3.11", ["3.11"]),
    ],
)
def test_an_older_python_may_be_tried_where_nothing_that_holds_says_which(
    docker: str, syntax: str, requires: str, others: list[str]
) -> None:
    said = {"docker": docker, "syntax": syntax, "requires": requires}
    found = [PythonEvidence(what, version, Place("x", 1)) for what, version in said.items() if version]
    assert older(found, "3.12") == others


IMAGE = "FROM python:{}\nCOPY . .\nRUN pip install -r requirements.txt\n"
ROOT = {"requirements.txt": "fastapi\n", "app/main.py": "X = 1\n"}


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"Dockerfile": IMAGE.format("3.11"), "sub/Dockerfile": IMAGE.format("3.12")}, ["3.11"]),
        ({"Dockerfile": IMAGE.format("3.11"), "web/Dockerfile": IMAGE.format("3.12")}, ["3.11", "3.12"]),
        ({"sub/Dockerfile": IMAGE.format("3.12")}, ["3.12"]),
        ({"deploy/Dockerfile": IMAGE.format("3.11")}, ["3.11"]),
        ({"infra/api/Dockerfile.prod": IMAGE.format("3.11")}, ["3.11"]),
        ({"Dockerfile": IMAGE.format("3.11"), "deploy/Dockerfile": IMAGE.format("3.12")}, ["3.11"]),
        ({"infra/Dockerfile": "FROM python:3.9\nRUN pip install ansible\n"}, []),
        ({"docs/Dockerfile": IMAGE.format("3.9")}, []),
        ({"sub/.python-version": "3.12\n", ".python-version": "3.11\n"}, ["3.11"]),
    ],
)
def test_what_is_nearest_to_the_project_says_its_python(files: dict[str, str], said: list[str]) -> None:
    sub = {"sub/pyproject.toml": '[project]\nname = "sub"\nversion = "1"\n', "sub/x.py": ""}
    assert [version for what, version, _ in evidence({**ROOT, **sub, **files}) if what in ("docker", "pin")] == said
