"""Which move is chosen: what breaks least, and why."""

import pytest

from trueup.model.operation import Relocate
from trueup.model.relocation import propose
from trueup.model.settings import Settings
from trueup.model.tree import MemoryTree
from trueup.read.project import of

APP = "from fastapi import FastAPI\napp = FastAPI()\n"
KEPT = {"main": "shop.main", "config": "shop.config"}
WRAPPED = {"main": "shop_app.main", "config": "shop_app.config", "shop": "shop_app.shop"}
FILES = {
    "main.py": f"import shop.views\nimport config\n{APP}",
    "config.py": "",
    "shop/__init__.py": "",
    "shop/views.py": "import config\nview = 1\n",
    "shop/models.py": "",
}
# One package and modules beside it -> how modules are called afterwards.
BESIDE: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "an empty beginning": ({}, KEPT),
    "a beginning with a version": ({"shop/__init__.py": '"""Shop."""\n__version__ = "1"\n'}, KEPT),
    "a beginning that imports": ({"shop/__init__.py": "from shop.views import view\n"}, WRAPPED),
    "a beginning that makes something": ({"shop/__init__.py": "log = print()\n"}, WRAPPED),
    "a beginning that defines such a name": ({"shop/__init__.py": "config = {}\n"}, WRAPPED),
    "a module of that name in the package": ({"shop/Config.py": ""}, WRAPPED),
    "data of that name in the package": ({"shop/config/x.toml": ""}, WRAPPED),
    "more modules beside it than in it": (
        {"a.py": "", "b.py": "", "main.py": f"import a, b, config, shop.views\n{APP}"},
        {**WRAPPED, "a": "shop_app.a", "b": "shop_app.b"},
    ),
    "the application is made in it": (
        {"a.py": "", "b.py": "", "main.py": "import a, b, config\n", "shop/views.py": f"import main\n{APP}"},
        {**KEPT, "a": "shop.a", "b": "shop.b"},
    ),
}


@pytest.mark.parametrize("case", BESIDE)
def test_a_package_takes_in_the_modules_beside_it(case: str) -> None:
    more, names = BESIDE[case]
    proposal = propose(of(MemoryTree({**FILES, **more}), Settings(), "shop"))
    assert isinstance(proposal, Relocate)
    assert dict(proposal.modules) == names
    assert ("takes in" in proposal.reason) == (proposal.package == "shop")
    assert dict(proposal.moves)["main.py"] == f"src/{proposal.package}/main.py"


def test_a_package_of_another_name_is_not_taken_for_the_program() -> None:
    proposal = propose(of(MemoryTree(FILES), Settings(), "market"))
    assert isinstance(proposal, Relocate)
    assert proposal.package == "market"


def test_a_name_that_is_asked_for_is_taken() -> None:
    proposal = propose(of(MemoryTree(FILES), Settings(package="asked"), "shop"))
    assert isinstance(proposal, Relocate)
    assert dict(proposal.moves)["shop"] == "src/asked/shop"


def test_a_sibling_that_can_be_no_package_stays() -> None:
    files = {
        "bot.py": f"import config\n{APP}",
        "config.py": "from app.x import T\n",
        "requirements.txt": "fastapi\n",
        "web-ui/requirements.txt": "flask\n",
        "web-ui/app/x.py": "T = 1\n",
    }
    project = of(MemoryTree(files), Settings(), "shop")
    proposal = propose(project)
    assert isinstance(proposal, Relocate)
    assert [old for old, _ in proposal.moves] == ["bot.py", "config.py"]
    assert project.layout.stays == {"web-ui": "a project of its own"}


@pytest.mark.parametrize(
    ("name", "first", "stays"),
    [
        ("app.py", "from chalice import Chalice", True),
        ("app.py", "import fastapi", False),
        ("main.py", "import functions_framework", True),
    ],
)
def test_what_a_platform_looks_for_stays(name: str, first: str, stays: bool) -> None:
    files = {name: f"{first}\nimport models\n{APP}", "models.py": "", "requirements.txt": "fastapi\n"}
    project = of(MemoryTree(files), Settings(), "shop")
    assert (name in project.layout.stays) == stays


def test_a_package_is_there_before_a_module_moves_into_it() -> None:
    files = {"auto.py": f"import shop.views\n{APP}", "shop/__init__.py": "", "shop/views.py": APP}
    proposal = propose(of(MemoryTree(files), Settings(), "shop"))
    assert isinstance(proposal, Relocate)
    assert proposal.moves == (("shop", "src/shop"), ("auto.py", "src/shop/auto.py"))


@pytest.mark.parametrize(
    ("tests", "package"),
    [
        ({"tests/market/__init__.py": ""}, "market_app"),
        ({"tests/market.py": ""}, "market_app"),
        ({"tests/market/conftest.py": "import config\n"}, "market"),
        ({"tests/__init__.py": "", "tests/market/__init__.py": ""}, "market"),
    ],
)
def test_what_tests_would_find_first_has_the_name_for_itself(tests: dict[str, str], package: str) -> None:
    proposal = propose(of(MemoryTree({**FILES, **tests}), Settings(), "market"))
    assert isinstance(proposal, Relocate)
    assert proposal.package == package
