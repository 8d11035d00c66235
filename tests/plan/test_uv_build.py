"""A package that moves under uv_build takes the backend's settings along."""

from trees import tree

from trueup.plan.plan import make
from trueup.read.project import of
from trueup.steps import Bench

SHOP = """
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    requires-python = ">=3.12"
    dependencies = ["fastapi"]

    [build-system]
    requires = ["uv_build>=0.9"]
    build-backend = "uv_build"

    [tool.uv.build-backend]
    module-root = ""  # beside this file
    module-name = "app"
app/__init__.py
app/main.py
    from fastapi import FastAPI

    app = FastAPI()
"""


def test_the_root_of_modules_is_src_afterwards() -> None:
    project = of(tree(SHOP))
    made = make(Bench(project), project.tree)
    assert ("app", "src/app") in made.moves
    assert 'module-root = "src"  # beside this file\nmodule-name = "app"\n' in made.pyproject
    assert "BLD103" not in {finding.code for finding in made.adds}
