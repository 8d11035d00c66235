"""In a clean checkout, what git ignores is missing, and the tests that need it are told with its name."""

from collections.abc import Callable
from pathlib import Path

import pytest

from trueup.tools.uv import Uv, UvError
from trueup.verify import Context, clean
from trueup.verify.environment import MISSING
from trueup.verify.tests import files_of

Make = Callable[..., Context]
READS = (
    "from pathlib import Path\nROOT = Path(__file__).parents[1]\ndef test_{0}():\n    assert (ROOT / '{1}').exists()\n"
)


def tracked(context: Context, *ignored: str) -> Context:
    """The project, of which git has all but what lies at ``ignored`` and in the environment."""
    paths = [path.relative_to(context.root).as_posix() for path in context.root.rglob("*") if path.is_file()]
    hidden = (".venv/", *(f"{name}/" for name in ignored))
    kept = tuple(path for path in paths if path not in ignored and not path.startswith(hidden) and ".pyc" not in path)
    return context._replace(files=kept, ignored=(".venv", *ignored), depth="deep")


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({}, "it is not known which files git tracks"),
        ({"files": ("a",), "has_tests": False}, "the project has no tests"),
        ({"files": ("a",)}, MISSING),
    ],
)
def test_what_cannot_be_checked_out_is_unchecked(tmp_path: Path, facts: dict[str, object], message: str) -> None:
    context = Context(tmp_path, Uv("uv", "0.13.9", {}), package="shop")._replace(**facts)  # type: ignore[arg-type]
    assert clean.check(context)[1:3] == ("unchecked", message)


def test_a_project_that_git_has_whole_passes_and_stays_as_it_is(project: Make) -> None:
    context = tracked(project({"secret.db": "x"}), "secret.db")
    assert clean.check(context)[1:3] == ("passed", "as in the tree: 1 passed")
    assert (context.root / "secret.db").exists()


def test_links_are_checked_out_too(project: Make) -> None:
    context = project({"data/a.txt": "", "tests/test_link.py": READS.format("link", "link.txt")})
    (context.root / "link.txt").symlink_to("data/a.txt")
    known = tracked(context)
    files = tuple(name for name in known.files if name != "link.txt")
    assert clean.check(known._replace(files=files, links=("link.txt",))).status == "passed"


def test_ignored_files_that_tests_need_are_named_and_no_others(project: Make) -> None:
    files = {
        "local.db": "x",
        "cache/other.txt": "x",
        "data/seed/a.txt": "x",
        "tests/test_db.py": READS.format("db", "local.db"),
        "tests/test_seed.py": READS.format("seed", "data/seed/a.txt"),
    }
    outcome = clean.check(tracked(project(files), "local.db", "cache", "data/seed"))
    assert outcome.status == "failed"
    assert outcome.message.startswith("2 of 3 tests fail in a clean checkout: tests/test_")
    assert outcome.message.endswith("; they need what git ignores: local.db, data/seed")


def test_too_many_ignored_files_are_not_tried_one_by_one(project: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clean, "MOST", 1)
    files = {"local.db": "x", "other.db": "x", "tests/test_db.py": READS.format("db", "local.db")}
    outcome = clean.check(tracked(project(files), "local.db", "other.db"))
    assert outcome.message.endswith("; with all 2 ignored files they pass")


def test_a_test_that_fails_for_another_reason_is_told_so(project: Make) -> None:
    context = project({"other.db": "x", "tests/test_name.py": READS.format("name", "backend.py")})
    known = tracked(context, "other.db")
    without = known._replace(
        files=(*(name for name in known.files if name != "tests/test_name.py"), "tests/test_name.py")
    )
    test = context.root / "tests" / "test_name.py"
    test.write_text(f"def test_name():\n    assert __file__.startswith({str(context.root)!r})\n", "utf-8")
    outcome = clean.check(without)
    assert (outcome.status, outcome.message) == (
        "failed",
        "1 of 2 tests fail in a clean checkout: tests/test_name.py::test_name; not for the want of an ignored file",
    )


def test_a_checkout_that_cannot_be_installed_fails_with_the_reason(project: Make) -> None:
    outcome = clean.check(tracked(project(), "backend.py"))
    assert (outcome.status, outcome.message[:36]) == ("failed", "a clean checkout cannot be installed")


def test_without_network_nothing_is_installed(project: Make) -> None:
    context = tracked(project())
    environ = {name: value for name, value in context.uv.environ.items() if name != "UV_FIND_LINKS"}
    empty = {**environ, "UV_CACHE_DIR": str(context.root.parent / "empty"), "UV_FIND_LINKS": str(context.root)}
    with pytest.raises(UvError):
        clean.check(context._replace(uv=Uv(context.uv.executable, context.uv.version, empty)))


def test_without_a_test_that_passes_nothing_is_compared(project: Make) -> None:
    context = tracked(project({"tests/test_shop.py": "def test_it():\n    assert False\n"}))
    assert clean.check(context)[1:3] == ("unchecked", "in the tree no test passes: 1 failed")


def test_caches_and_environments_are_not_tried(tmp_path: Path) -> None:
    for name in ("a.pyc", "__pycache__/x", "odd/pyvenv.cfg", "build/x", "x.egg-info/y", "data/x", "b.db"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    names = ("a.pyc", "__pycache__", "odd", "build", "x.egg-info", "gone", "data", "b.db")
    assert [name for name in names if clean.worth_trying(tmp_path / name)] == ["data", "b.db"]


def test_files_are_run_again_with_the_options_alone(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    context = Context(tmp_path, Uv("uv", "0.13.9", {}), test_args=("tests", "-m", "fast", "tests::x"))
    names = ("tests/a.py::test_x", "tests/a.py::test_y", "tests/b.py::(collection)")
    assert files_of(context, names) == ("-m", "fast", "tests/a.py", "tests/b.py")
