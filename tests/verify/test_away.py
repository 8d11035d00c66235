"""The tests run on the wheel, where the package's source is not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from trueup.tools.uv import Uv, UvError
from trueup.verify import Context, Memory, away
from trueup.verify.environment import MISSING
from trueup.verify.runner import SuiteRun

Make = Callable[..., Context]
USES = "import shop.main\n"
IN_TREE = "from pathlib import Path\nPAGE = Path(__file__).parents[1] / 'src/shop/page.html'\n"


@pytest.mark.parametrize(
    ("manifest", "package", "tested", "message"),
    [
        ("[build-system]\n", "", True, "no import package is known"),
        ("[project]\n", "shop", True, "names no build backend"),
        ("[build-system]\n", "shop", False, "the project has no tests"),
        ("[build-system]\n", "shop", True, MISSING),
    ],
)
def test_what_cannot_be_run_is_unchecked(
    tmp_path: Path, manifest: str, package: str, tested: bool, message: str
) -> None:
    (tmp_path / "pyproject.toml").write_text(manifest, "utf-8")
    outcome = away.check(Context(tmp_path, Uv("uv", "0.13.9", {}), package=package, has_tests=tested))
    assert (outcome.status, message in outcome.message) == ("unchecked", True)


def test_what_passes_in_the_tree_passes_on_the_wheel(project: Make) -> None:
    context = project(
        {
            "tests/data.txt": "7",
            "tests/test_data.py": "from pathlib import Path\ndef test_data():\n    assert (Path(__file__).parent / 'data.txt').read_text() == '7'\n",
        }
    )
    assert away.check(context)[1:3] == ("passed", "on the wheel as in the tree: 2 passed")


def test_a_test_that_reads_the_source_is_named(project: Make) -> None:
    context = project({"tests/test_page.py": f"{USES}{IN_TREE}def test_page():\n    assert PAGE.exists()\n"})
    outcome = away.check(context)
    assert outcome[1:3] == ("unchecked", "1 of 2 tests pass in the tree only: tests/test_page.py::test_page")


def test_a_file_that_the_wheel_lacks_is_missed_by_its_test(project: Make) -> None:
    page = "from importlib.resources import files\ndef test_page():\n    assert files('shop').joinpath('page.html').is_file()\n"
    outcome = away.check(project({"tests/test_page.py": page}, exclude=("shop/page.html",)))
    assert (outcome.status, "tests/test_page.py::test_page" in outcome.message) == ("unchecked", True)


def test_a_package_that_does_not_import_from_the_wheel_fails(project: Make) -> None:
    context = project({"src/shop/__init__.py": "from shop import main\n"}, exclude=("shop/main.py",))
    outcome = away.check(context)
    assert outcome.status == "failed"
    assert outcome.message.startswith("shop cannot be imported from the wheel: ImportError: ")


def test_a_package_whose_import_wants_the_environment_is_not_judged(project: Make) -> None:
    files = {
        "src/shop/__init__.py": "import os\nkey = os.environ['SHOP_KEY']\n",
        "tests/test_shop.py": "def test_it(): ...\n",
    }
    outcome = away.check(project(files))
    assert outcome.status == "unchecked"
    assert "for an import of shop it needs environment variables (SHOP_KEY)" in outcome.message


def test_helpers_beside_the_tests_are_found_as_the_project_finds_them(project: Make) -> None:
    files = {
        "tests/helper.py": "x = 1\n",
        "tests/test_help.py": f"{USES}import helper\ndef test_help():\n    assert helper.x\n",
    }
    outcome = away.check(project(files))
    assert outcome.status == "passed"
    assert outcome.message.endswith("need the project's own import path for the tests")


def test_the_source_does_not_come_back_by_a_path(project: Make) -> None:
    hack = "import sys, pathlib\nsys.path.insert(0, str(pathlib.Path(__file__).parent / 'vendored'))\n"
    context = project(
        {"tests/conftest.py": hack, "tests/vendored/shop/__init__.py": "", "tests/vendored/shop/main.py": ""}
    )
    outcome = away.check(context)
    assert outcome[1:3] == ("failed", "the tests got shop from tests/vendored/shop/__init__.py, not from the wheel")


def test_tests_that_import_nothing_prove_nothing(project: Make) -> None:
    outcome = away.check(project({"tests/test_shop.py": "def test_it():\n    pass\n"}))
    assert outcome[1:3] == ("unchecked", "no test outside the tree imports shop, so they prove nothing of the wheel")


def test_tests_in_the_package_are_told(project: Make) -> None:
    outcome = away.check(project({"src/shop/tests/test_in.py": "def test_in():\n    pass\n"}))
    assert outcome[1:3] == ("passed", "on the wheel as in the tree: 1 passed; 1 tests lie in the package itself")


def test_without_a_test_that_passes_nothing_is_compared(project: Make) -> None:
    context = project({"tests/test_shop.py": "def test_it():\n    assert False\n"})
    assert away.check(context)[1:3] == ("unchecked", "in the project itself no test passes: 1 failed")
    known = {"tests": SuiteRun({}, 5, problem="no tests were collected")}
    memory = Memory(context.root, known, {}, {})
    assert away.check(context._replace(memory=memory)).message.endswith("no tests were collected")


def test_without_a_wheel_nothing_is_compared(project: Make) -> None:
    context = project()
    with (context.root / "backend.py").open("a", encoding="utf-8") as file:
        file.write("\ndef build_wheel(*_, **__):\n    1 / 0\n")
    assert away.check(context).message.startswith("there is no wheel: the project itself could not be built")


def test_without_a_fresh_lock_nothing_can_be_judged(project: Make) -> None:
    context = project()
    (context.root / "uv.lock").unlink()
    with pytest.raises(UvError):
        away.check(context)


def test_an_older_python_starts_the_program(tmp_path: Path) -> None:
    assert [str(word) for word in away.safely(tmp_path)][1:] == ["-P", "-m", "pytest"]
    for text, words in (("version_info = 3.10.4\n", 1), ("version = 3.11.0\n", 4)):
        (tmp_path / "pyvenv.cfg").write_text(text, "utf-8")
        assert len(away.safely(tmp_path)) == words
