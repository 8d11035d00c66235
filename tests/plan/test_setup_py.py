"""What runs ``setup.py`` is said in uv where that is gone."""

import pytest

from trueup.model.settings import Settings
from trueup.model.tree import MemoryTree, Overlay
from trueup.plan.plan import make
from trueup.plan.uv_commands import uv_version
from trueup.read.project import of
from trueup.steps import Bench

SETUP = "from setuptools import setup\nsetup(name='shop', version='1', install_requires=['fastapi'])"
APP = {"shop/__init__.py": "", "shop/main.py": "import fastapi\napp = fastapi.FastAPI()\n"}


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("Makefile", "a:\n\t{}\n", "python setup.py sdist bdist_wheel -> uv build"),
        ("Makefile", "a:\n\t{}\n", "python3 setup.py sdist -> uv build --sdist"),
        ("Makefile", "a:\n\t{}\n", "python setup.py bdist_wheel -> uv build --wheel"),
        ("Makefile", "a:\n\t{}\n", "python setup.py install -> uv sync"),
        ("run.sh", "{}\n", "python ./setup.py develop -> uv sync"),
        ("run.sh", "{}\n", "python setup.py --version -> uv version --short"),
        ("README.md", "```\n{}\n```\n", "python setup.py install -> uv sync"),
        (".github/workflows/a.yml", "jobs:\n  a:\n    steps:\n      - run: {}\n", "python setup.py sdist bdist_wheel -> UV && uv build"),
        (".github/workflows/a.yml", "jobs:\n  a:\n    steps:\n      - run: {}\n", "python setup.py test -> ?"),
        ("run.sh", "{}\n", "python setup.py build_ext --inplace -> ?"),
        ("other/run.sh", "cd other\n{}\n", "python setup.py install -> =setup.py is still named, and goes: rewrite it by hand"),
    ],
)  # fmt: skip
def test_a_setup_py_that_is_gone_is_run_no_more(path: str, before: str, after: str) -> None:
    command, _, said = after.partition(" -> ")
    files = {**APP, "setup.py": SETUP, path: before.format(command)}
    project = of(MemoryTree(files), Settings(), "shop")
    made = make(Bench(project), project.tree)
    asked = [item.text for item in made.questions if item.path == path and item.line]
    tree = Overlay(project.tree, made.changes)
    told = said[1:] if said[0] == "=" else f"`{command}` has no plain equal in uv: rewrite it by hand"
    wanted = command if said[0] in "?=" else said.replace("UV", f"pip install uv=={uv_version()}")
    assert tree.text(path) == before.format(wanted)
    assert asked == [told] * (said[0] in "?=")


def test_a_setup_py_that_stays_is_run_on() -> None:
    run = "python setup.py install\npip install -r requirements.txt\n"
    files = {**APP, "setup.py": f"{SETUP}\nprint(undefined())\nsetup(**more)", "run.sh": run, "requirements.txt": "x\n"}
    project = of(MemoryTree(files), Settings(), "shop")
    tree = Overlay(project.tree, make(Bench(project), project.tree).changes)
    assert tree.has("setup.py") == ("python setup.py install" in tree.text("run.sh"))
