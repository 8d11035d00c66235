"""Django's own runner: its tests are known by file and class, and follow a move; who it is for is told from facts.

Django cannot be had without a network: a ``manage.py`` stands for it that does what its command does, with unittest.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from trueup.tools.isolate import Isolation
from trueup.tools.uv import Uv
from trueup.verify import Context, away, clean, elsewhere, network, tests
from trueup.verify.baseline import Old, record
from trueup.verify.django_tests import as_path, labels
from trueup.verify.runner import SuiteRun
from trueup.verify.suite import run_suite

Make = Callable[..., Context]
MANAGE = '''
import os, sys, unittest

def execute_from_command_line(argv):
    """What Django's does: folders are searched from the first that is no package, all else is a dotted name."""
    print("Creating test database", flush=True)
    names = [arg for arg in argv[2:] if not arg.startswith("-") and arg != "2"] or ["."]
    assert argv[1] == "test" and "--noinput" in argv
    suite, loader = unittest.TestSuite(), unittest.defaultTestLoader
    for name in names:
        if not os.path.isdir(name):
            suite.addTests(loader.loadTestsFromName(name))
            continue
        top = os.path.abspath(name)
        while os.path.isfile(os.path.join(top, "__init__.py")):
            top = os.path.dirname(top)
        loader._top_level_dir = None
        suite.addTests(loader.discover(name, top_level_dir=top))
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    sys.exit(not result.wasSuccessful())

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
'''
TESTS = '''
import unittest, warnings
from .shop import price

class TestShop(unittest.TestCase):
    def test_ok(self):
        """What it says first is no name."""
        print("noise ... ok")
        self.assertEqual(price(), 1)
    def test_fails(self):
        self.assertEqual(price(), 2)
    def test_breaks(self):
        import nowhere
    @unittest.skip("not today")
    def test_skipped(self): pass
    @unittest.expectedFailure
    def test_expected(self): self.fail()
    @unittest.expectedFailure
    def test_unexpected(self): pass
    def test_parts(self):
        for number in (1, 2):
            with self.subTest(number=number):
                self.assertEqual(number, 1)
    def test_warns(self):
        warnings.warn("item 3 is old", DeprecationWarning)

class TestSetUp(unittest.TestCase):
    @classmethod
    def setUpClass(cls): raise ValueError
    def test_never(self): pass
'''
CLASS = "app/tests.py::TestShop::"
OUTCOMES = {
    f"{CLASS}test_ok": "passed",
    f"{CLASS}test_fails": "failed",
    f"{CLASS}test_breaks": "error",
    f"{CLASS}test_skipped": "skipped",
    f"{CLASS}test_expected": "skipped",
    f"{CLASS}test_unexpected": "failed",
    f"{CLASS}test_parts": "failed",
    f"{CLASS}test_warns": "passed",
    "app/tests.py::TestSetUp::setUpClass": "error",
    "app/test_broken.py::(collection)": "error",
    "app/more/__init__.py::(collection)": "error",
}
FILES = {
    "manage.py": MANAGE,
    "app/__init__.py": "",
    "app/shop.py": "def price(): return 1\n",
    "app/tests.py": TESTS,
    "app/test_broken.py": "import nowhere\n",
    "app/more/__init__.py": "import nowhere\n",
    "loose/test_loose.py": TESTS,
}
GREEN = "import unittest\nclass TestA(unittest.TestCase):\n    def test_a(self): pass\n"


def write(root: Path, files: dict[str, str]) -> None:
    """Write the files of a project."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")


def ran(root: Path, *args: str, manage: str = "manage.py", timeout: float = 60) -> SuiteRun:
    """The tests of ``root``, by the interpreter that runs these."""
    return run_suite(manage, Path(sys.prefix), Path(sys.executable), root, os.environ, args, timeout)


def test_each_outcome_is_read_by_file_and_class(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    tested = ran(tmp_path)
    assert tested.outcomes == OUTCOMES
    assert (tested.code, tested.problem, tested.by) == (1, "", "manage.py test")
    assert tested.reasons[f"{CLASS}test_breaks"] == "ModuleNotFoundError"
    assert tested.reasons[f"{CLASS}test_fails"] == "AssertionError"
    assert tested.reasons["app/tests.py::TestSetUp::setUpClass"] == "ValueError"
    assert tested.warnings == tested.own == ("DeprecationWarning: item N is old",)


@pytest.mark.parametrize(
    ("args", "count"),
    [
        ((), 9),
        (("src/shop/app/tests.py",), 9),
        (("src/shop/app/tests.py::TestShop::test_ok",), 9),  # its folder: what lies in src has another import path
        (("src/shop/app",), 9),
        (("--noinput", "src"), 9),
    ],
)
def test_below_src_the_same_tests_are_found(tmp_path: Path, args: tuple[str, ...], count: int) -> None:
    names = {name if name == "manage.py" else f"src/shop/{name}": text for name, text in FILES.items()}
    write(tmp_path, {**names, "src/shop/__init__.py": ""})
    found = ran(tmp_path, *args).outcomes
    assert {name: found[name] for name in found if "tests.py" in name} == {
        f"src/shop/{name}": outcome for name, outcome in OUTCOMES.items() if "tests.py" in name
    }
    assert len([name for name in found if "tests.py" in name]) == count


def test_the_runner_may_lie_deeper_and_be_told_tests(tmp_path: Path) -> None:
    write(tmp_path, {f"site/{name}": text for name, text in FILES.items()})
    tested = ran(tmp_path, "site/app/tests.py::TestShop::test_ok", manage="site/manage.py")
    assert tested.outcomes == {f"site/{CLASS}test_ok": "passed"}
    assert tested.code == 0


def test_where_nothing_runs_it_is_told_why(tmp_path: Path) -> None:
    write(tmp_path, {"manage.py": MANAGE})
    assert ran(tmp_path)[1:4:2] == (5, "manage.py test found no tests")
    write(tmp_path, {"manage.py": "import os\nos.environ['SECRET_KEY']\n"})
    tested = ran(tmp_path)
    assert tested.problem == "manage.py test could not start: KeyError: 'SECRET_KEY'"
    assert "SECRET_KEY" in tested.needed
    write(tmp_path, {"manage.py": "import time\ntime.sleep(60)\n"})
    tested = ran(tmp_path, timeout=1)
    assert tested.hung
    assert "did not end" in tested.problem


def test_folders_that_are_no_packages_are_named(tmp_path: Path) -> None:
    def told(*args: str, anywhere: bool = False) -> list[str]:
        return labels(tmp_path, tmp_path, args, anywhere=anywhere)

    assert told("--failfast") == ["--failfast"]
    write(tmp_path, {"tests/test_a.py": "", "venv/test_b.py": "", ".hidden/test_c.py": ""})
    assert told() == ["tests"]
    write(tmp_path, {"src/app/__init__.py": "", "src/app/tests.py": ""})
    assert told() == ["src"]
    write(tmp_path, {"test_here.py": ""})
    assert told("--failfast") == ["--failfast", ".", "src"]
    assert told("test_here.py::TestA") == ["test_here.TestA"]
    assert told(anywhere=True) == [str(tmp_path), str(tmp_path / "src")]


def test_a_dotted_name_follows_a_move_as_a_path(tmp_path: Path) -> None:
    write(tmp_path, {"site/app/tests.py": "", "site/src/shop/tests.py": ""})
    names = {
        "app.tests.TestA.test_b": "site/app/tests.py::TestA::test_b",
        "shop.tests": "site/src/shop/tests.py",
        "app": "site/app",
        "--tag=fast": "--tag=fast",
        "fast": "fast",
        "site/app": "site/app",
    }
    assert {name: as_path(tmp_path, "site/manage.py", name) for name in names} == names


def test_the_comparison_follows_the_move(project: Make, tmp_path: Path, uv: Uv) -> None:
    old = tmp_path / "old"
    write(old, {name: text for name, text in FILES.items() if "more" not in name})
    before = record(old, Old(added=(), runner="manage.py"), uv, python=sys.executable)
    assert before.count("passed") == 2
    files = {f"src/shop/{name}": text for name, text in FILES.items() if name.startswith("app/") and "more" not in name}
    context = project({**files, "manage.py": MANAGE})._replace(runner="manage.py", baseline=before)
    moves = {name: f"src/shop/{name}" for name in FILES if name.startswith("app/")}
    context = context._replace(moved=lambda path: moves.get(path, path))
    outcome = tests.check(context)
    assert outcome[1:3] == ("passed", "as before: 2 passed, 3 failed, 3 error, 2 skipped")
    (context.root / "src/shop/app/shop.py").write_text("def price(): return 2\n", "utf-8")
    outcome = tests.check(context)
    assert outcome[1:3] == ("failed", "1 of 10 tests came out worse than before")
    assert "src/shop/app/tests.py::TestShop::test_ok: passed -> failed" in outcome.evidence


def test_the_other_checks_run_it_too(project: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    context = project({"manage.py": MANAGE, "src/shop/tests.py": GREEN}, more={"src/shop/opens.py": ""})
    context = context._replace(runner="manage.py")
    files = [path for path in context.root.rglob("*") if path.is_file() and ".venv" not in path.parts]
    known = tuple(path.relative_to(context.root).as_posix() for path in files)
    assert clean.check(context._replace(files=known))[1:3] == ("passed", "as in the tree: 1 passed")
    assert elsewhere.check(context)[1:3] == ("passed", "as from the root: 1 passed")
    assert away.check(context)[1:3] == (
        "unchecked",
        "manage.py runs the tests, and finds them beside the code alone",
    )
    monkeypatch.setattr(network, "without_network", lambda: Isolation(("env",)))
    assert network.check(context)[1:3] == (
        "passed",
        "as with a network: 1 passed; nobody listened which of them ask for another machine: manage.py runs them",
    )
