"""Routes, tables and modules of a program, before and after."""

import sys
from pathlib import Path

import pytest

from trueup.model.report import Outcome
from trueup.tools.uv import Uv
from trueup.verify import Context
from trueup.verify.baseline import Baseline
from trueup.verify.environment import MISSING
from trueup.verify.inside import Inside, check, compared, look
from trueup.verify.start import Start

SQLALCHEMY = "class MetaData:\n    def __init__(self, *names):\n        self.tables = dict.fromkeys(names)\n"
MAIN = """
import models
class Route:
    def __init__(self, path, *methods):
        self.path, self.methods, self.name = path, methods, "name"
class App:
    routes = [Route("/a", "POST", "GET"), Route("/static")]
app = App()
def make():
    return app
"""
MODELS = "from sqlalchemy import MetaData\nmetadata = MetaData('user')\nclass Base:\n    metadata = MetaData('item', 'order')\n"
FILES = {"main.py": MAIN, "models.py": MODELS, "sqlalchemy.py": SQLALCHEMY}
PUBLIC = {
    "main.py": ["App", "Route", "app", "make"],
    "models.py": ["Base", "MetaData", "metadata"],
    "sqlalchemy.py": ["MetaData"],
}
HELD = Inside(("GET,POST /a name", "/static name"), ("item", "order", "user"), public=PUBLIC)


@pytest.fixture
def root(tmp_path: Path, uv: Uv) -> Path:
    uv.venv(tmp_path / ".venv", python=sys.executable)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


@pytest.mark.parametrize("start", [Start("main:app"), Start("main:make", factory=True), Start("main:App.routes")])
def test_the_program_is_asked(root: Path, uv: Uv, start: Start) -> None:
    found = look(start, root, root / ".venv", uv.environ)
    assert found == (HELD if "routes" not in start.app else HELD._replace(routes=()))


def test_a_folder_of_code_is_looked_in(root: Path, uv: Uv) -> None:
    (root / "code").mkdir()
    for name in FILES:
        (root / name).rename(root / "code" / name)
    (root / "code" / "proxies.py").write_text(PROXY, "utf-8")
    (root / "code" / "main.py").write_text(f"import proxies\n{MAIN}", "utf-8")
    found = look(Start("main:app", folder="code"), root, root / ".venv", uv.environ)
    assert (found.routes, found.tables, found.problem) == (HELD.routes, HELD.tables, "")


PROXY = """
class Proxy:
    def __getattr__(self, name):
        raise RuntimeError("no request")
current = Proxy()
"""


def test_a_module_with_two_names_is_found(root: Path, uv: Uv) -> None:
    (root / "shop").mkdir()
    (root / "shop" / "a.py").write_text("", "utf-8")
    (root / "main.py").write_text(f"import sys\nsys.path.append('shop')\nimport a, shop.a\n{MAIN}", "utf-8")
    assert look(Start("main:app"), root, root / ".venv", uv.environ).twice == ("a = shop.a",)


def test_a_program_that_cannot_be_imported_says_why(root: Path, uv: Uv) -> None:
    (root / "models.py").write_text("raise ValueError('no')\n", "utf-8")
    problem = look(Start("main:app"), root, root / ".venv", uv.environ).problem
    assert problem == "main:app cannot be imported: ValueError: no"


@pytest.mark.parametrize(
    ("now", "status", "evidence"),
    [
        (HELD, "passed", ""),
        (HELD._replace(routes=HELD.routes[1:]), "failed", "GET,POST /a name: route lost"),
        (HELD._replace(tables=(*HELD.tables, "x")), "failed", "x: new table"),
        (HELD._replace(twice=("a = b",)), "failed", "a = b: two names for one module"),
        (
            HELD._replace(public={**PUBLIC, "main.py": ["app", "make", "new"]}),
            "failed",
            "main.py: App lost\nmain.py: Route lost",
        ),
        (
            HELD._replace(public={"main.py": PUBLIC["main.py"], "models.py": PUBLIC["models.py"]}),
            "failed",
            "sqlalchemy.py: imported no more",
        ),
    ],
)
def test_a_difference_is_named(now: Inside, status: str, evidence: str) -> None:
    outcome = compared(HELD, now)
    assert (outcome.status, outcome.evidence) == (status, evidence)


def test_what_had_two_names_before_may_have_them_still() -> None:
    before = HELD._replace(twice=("a = b",))
    counted = "2 routes, 3 tables, 8 public names of 3 modules, as before"
    assert compared(before, before).message == f"{counted}; modules with two names as before"
    assert compared(before, HELD).message == f"{counted}; each module once"


def test_a_library_is_asked_for_its_public_names(root: Path, uv: Uv) -> None:
    files = {"__init__.py": "from shop.a import *\n__all__ = ['x']\n", "a.py": "import json\nx = y = 1\n_z = 2\n"}
    (root / "shop").mkdir()
    for name, text in files.items():
        (root / "shop" / name).write_text(text, "utf-8")
    before = look(Start("shop"), root, root / ".venv", uv.environ)
    assert before == Inside(public={"shop/__init__.py": ["x"], "shop/a.py": ["x", "y"]})
    (root / "src").mkdir()
    (root / "shop").rename(root / "src" / "shop")
    context = Context(root / "src", uv, package="shop", factory=True, baseline=Baseline(inside=before))
    assert check(context) == Outcome("inside", "unchecked", MISSING)
    (root / ".venv").rename(root / "src" / ".venv")
    outcome = check(context)
    assert outcome is not None
    assert outcome.message == "3 public names of 2 modules, as before; each module once"
    outcome = check(context._replace(moved=lambda path: f"lib/{path}"))
    assert outcome is not None
    assert outcome.evidence == "lib/shop/__init__.py: imported no more\nlib/shop/a.py: imported no more"


def test_the_check_compares_with_before(root: Path, uv: Uv) -> None:
    context = Context(root, uv, app="main:app")
    assert check(context) is None
    cases = {"passed": HELD, "failed": HELD._replace(routes=()), "unchecked": Inside(problem="no")}
    for status, before in cases.items():
        outcome = check(context._replace(baseline=Baseline(inside=before)))
        assert outcome is not None
        assert outcome.status == status
    (root / "models.py").unlink()
    broken = check(context._replace(baseline=Baseline(inside=HELD)))
    assert broken is not None
    assert broken.message.endswith("No module named 'models'; it could be before")


def test_without_an_environment_nothing_is_asked(tmp_path: Path, uv: Uv) -> None:
    outcome = check(Context(tmp_path, uv, app="main:app", baseline=Baseline(inside=HELD)))
    assert outcome is not None
    assert outcome.status == "unchecked"


NESTED = """
class Column:
    def __init__(self, name):
        self.name, self.type = name, name
class Table:
    columns = [Column("id"), Column("name")]
class MetaData:
    tables = {"item": Table()}
"""
MOUNTS = """
from models import metadata
class Route:
    methods, name = ["GET"], "list"
    def __init__(self, path):
        self.path = path
class Sub:
    pass
class Mount:
    path, name = "/sub", "mounted"
    app = Sub()
Sub.routes = [Route("/inner"), Mount()]
class App:
    routes = [Route("/outer"), Mount()]
app = App()
"""


def test_mounted_applications_and_columns_are_looked_at(tmp_path: Path, uv: Uv) -> None:
    uv.venv(tmp_path / ".venv", python=sys.executable)
    files = {
        "sqlalchemy.py": NESTED,
        "models.py": "import sqlalchemy\nmetadata = sqlalchemy.MetaData()\n",
        "main.py": MOUNTS,
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    found = look(Start("main:app"), tmp_path, tmp_path / ".venv", uv.environ)
    assert found.routes == ("GET /outer list", "/sub mounted", "GET /sub/inner list", "/sub/sub mounted")
    assert found.tables == ("item(id str, name str)",)


def test_without_the_old_environment_nothing_is_known(tmp_path: Path, uv: Uv) -> None:
    before = Baseline(reason="the old environment could not be made: it has no wheel")
    outcome = check(Context(tmp_path, uv, app="main:app", baseline=before))
    assert outcome is not None
    assert outcome[1:3] == ("unchecked", "before, the old environment could not be made: it has no wheel")
