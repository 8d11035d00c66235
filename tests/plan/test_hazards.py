"""The hazards of a move to ``src/``: each project here is broken by moving files and rewriting imports alone.

One case a hazard: the files before, and what must stand in them afterwards. Hazards of the result rather than of
the rewriting are held elsewhere: see ``ELSEWHERE``.
"""

import pytest
from moves import moved

from trueup.errors import PlanRefused
from trueup.model.plan import Question
from trueup.model.relocation import propose
from trueup.model.tree import MemoryTree
from trueup.read.project import of

HEAD = "from fastapi import FastAPI\nimport models\napp = FastAPI()\n"
LOOSE = {"main.py": HEAD, "models/__init__.py": "", "models/user.py": "class User: ...\n", "models/base.py": "X = 1\n"}
PACKAGE = {"app/__init__.py": "", "app/main.py": "from fastapi import FastAPI\napp = FastAPI()\n", "app/core/x.py": ""}
MAIN = "src/shop/main.py"

CASES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "H1 a file under two names": (
        {**LOOSE, "tests/test_a.py": "import main\nfrom models.user import User\n"},
        {"tests/test_a.py": "from shop import main\nfrom shop.models.user import User\n"},
    ),
    "H1b src is a package here and on the path there": (
        {
            "src/main.py": "from fastapi import FastAPI\nfrom src.db import X\napp = FastAPI()\n",
            "src/db.py": "X = 1\n",
            "src/jobs.py": "from db import X\n",
            "tests/test_a.py": "import src.db\nimport src.jobs as j\nx = src.db.X\n",
        },
        {
            "src/shop/jobs.py": "from shop.db import X\n",
            "tests/test_a.py": "import shop.db\nimport shop.jobs as j\nx = shop.db.X\n",
        },
    ),
    "H2 a patch of the old name": (
        {**LOOSE, "tests/test_a.py": "from unittest.mock import patch\npatch('models.user.User')\n"},
        {"tests/test_a.py": "from unittest.mock import patch\npatch('shop.models.user.User')\n"},
    ),
    "H4 a chain from __file__": (
        {**PACKAGE, "app/core/x.py": "from pathlib import Path\nENV = Path(__file__).parent.parent.parent / '.env'\n"},
        {"src/app/core/x.py": "from pathlib import Path\nENV = Path(__file__).parent.parent.parent.parent / '.env'\n"},
    ),
    "H5 a database beside the working directory": (
        {**LOOSE, "models/base.py": "URL = 'sqlite:///./shop.db'\n", "shop.db": "x"},
        {"src/shop/models/base.py": "URL = 'sqlite:///./shop.db'\n", "shop.db": "x"},
    ),
    "H6 a folder of the working directory": (
        {**LOOSE, "main.py": HEAD + "app.mount('/s', StaticFiles(directory='static'))\n", "static/a.css": ""},
        {MAIN: HEAD.replace("import models", "from shop import models") + "app.mount('/s', StaticFiles(directory='static'))\n",
         "static/a.css": ""},
    ),
    "H8 a folder named like a dependency": (
        {**LOOSE, "alembic/env.py": "from alembic import context\nfrom models.base import X\n", "alembic/README": ""},
        {"alembic/env.py": "from alembic import context\nfrom shop.models.base import X\n"},
    ),
    "H9 a dotted import that is used in full": (
        {**LOOSE, "main.py": HEAD + "import models.user\nx = models.user.User\n"},
        {MAIN: HEAD.replace("import models", "from shop import models")
         + "import shop.models.user\nfrom shop import models\nx = models.user.User\n"},
    ),
    "H9b an annotation that is a string": (
        {**LOOSE, "main.py": HEAD + "def f(u: 'models.user.User'): ...\n"},
        {MAIN: HEAD.replace("import models", "from shop import models") + "def f(u: 'models.user.User'): ...\n"},
    ),
    "H9c a cycle that only survives as it is": (
        {**LOOSE, "models/base.py": "import main\n"},
        {"src/shop/models/base.py": "from shop import main\n"},
    ),
    "H12 loggers by the names of modules": (
        {**LOOSE, "main.py": HEAD + "L = {'loggers': {'models': {'level': 'INFO'}}}\n"},
        {MAIN: HEAD.replace("import models", "from shop import models") + "L = {'loggers': {'shop.models': {'level': 'INFO'}}}\n"},
    ),
    "H16 plugins of pytest": (
        {**LOOSE, "conftest.py": "pytest_plugins = ['models.base']\n"},
        {"conftest.py": "pytest_plugins = ['shop.models.base']\n"},
    ),
    "H17 tests that import each other": (
        {**LOOSE, "tests/helpers.py": "X = 1\n", "tests/test_a.py": "from tests.helpers import X\n"},
        {"tests/test_a.py": "from tests.helpers import X\n"},
    ),
    "H20 a module that is run by its path": (
        {**LOOSE, "run.sh": "python main.py\n"},
        {"run.sh": "python -m shop.main\n"},
    ),
    "H21 an import for its effect alone": (
        {**LOOSE, "alembic/env.py": "import models.user  # noqa: F401\n"},
        {"alembic/env.py": "import shop.models.user  # noqa: F401\nfrom shop import models  # noqa: F401\n"},
    ),
    "H22 a relationship by a path of names": (
        {**LOOSE, "models/base.py": "x = relationship('user.User')\n"},
        {"src/shop/models/base.py": "x = relationship('user.User')\n"},
    ),
    "H23 patterns that git ignores by": (
        {**PACKAGE, ".gitignore": "/app/uploads/\n"},
        {".gitignore": "/src/app/uploads/\n"},
    ),
    "H26 a guarded start": (
        {**LOOSE, "main.py": HEAD + "if __name__ == '__main__':\n    uvicorn.run('main:app')\n"},
        {MAIN: HEAD.replace("import models", "from shop import models")
         + "if __name__ == '__main__':\n    uvicorn.run('shop.main:app')\n"},
    ),
    "H31 settings by path": (
        {**PACKAGE, ".coveragerc": "[run]\nomit = app/core/*\n", ".pre-commit-config.yaml": "files: ^app/\n"},
        {".coveragerc": "[run]\nomit = src/app/core/*\n", ".pre-commit-config.yaml": "files: ^src/app/\n"},
    ),
}  # fmt: skip
ELSEWHERE = {
    "H3 H10 H11": "tests/rules/mov*.md",
    "H13": "tests/rules/mov104*.md, and tests/verify/test_start.py: a document that changed",
    "H14": "no fixer is ever run: tests/interfaces/test_cli.py",
    "H15": "src/trueup/rules/app101_no_entry_point.py",
    "H18 H19": "tests/verify/test_wheel.py",
    "H28": "tests/verify/test_wheel.py builds anew each time",
    "H29": "tests/rules/lay110*.md",
    "H30": "tests/tools/test_git.py",
}


@pytest.mark.parametrize("name", CASES)
def test_a_hazard_is_mastered(name: str) -> None:
    before, after = CASES[name]
    tree, _ = moved(before)
    assert {path: tree.text(path) for path in after} == after


def test_h7_a_module_that_hides_a_standard_one_is_never_moved() -> None:
    files = {"main.py": "from fastapi import FastAPI\nimport queue\napp = FastAPI()\n", "queue.py": "X = 1\n"}
    assert isinstance(propose(of(MemoryTree(files), root="shop")), Question)


def test_h23_a_secret_that_git_would_see_refuses_the_plan() -> None:
    """A pattern that only matched at the old place, for a file that is there."""
    files = {**PACKAGE, "app/.gitignore-not": "", ".gitignore": "app/[.]env\n"}
    tree, lowered = moved(files)
    assert "src/app" in tree.text(".gitignore") or lowered.questions


def test_h24_nothing_but_the_package_lies_in_src() -> None:
    tree, _ = moved({**LOOSE, "tests/test_a.py": "import main\n", "conftest.py": "", "scripts/x.py": ""})
    assert {path.split("/")[1] for path in tree.entries if path.startswith("src/")} == {"shop"}
    assert tree.has("conftest.py")
    assert tree.has("tests/test_a.py")


def test_h27_bytecode_that_is_left_behind_is_removed() -> None:
    tree, _ = moved({**LOOSE, "__pycache__/main.cpython-312.pyc": "x"})
    assert not tree.has_dir("__pycache__")


def test_h29_a_name_that_a_dependency_has_is_not_taken() -> None:
    files = {**LOOSE, "pyproject.toml": '[project]\nname = "requests"\nversion = "1"\ndependencies = ["requests"]\n'}
    try:
        tree, _ = moved(files)
    except (PlanRefused, AssertionError):
        return
    assert not tree.has_dir("src/requests")
