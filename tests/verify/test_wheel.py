"""The wheel is the whole package, and works outside the tree."""

from collections.abc import Callable
from pathlib import Path

import pytest
from shops import BACKEND

from trueup.tools.uv import Uv, UvError
from trueup.verify import Context, wheel
from trueup.verify.baseline import Baseline
from trueup.verify.inside import Inside
from trueup.verify.wheel import check, copy, packaged

Make = Callable[..., Context]


@pytest.mark.parametrize(
    ("manifest", "package", "message"),
    [
        ("[build-system]\n", "", "no import package is known"),
        ("[project]\n", "shop", "names no build backend"),
        ("[[", "shop", "names no build backend"),
        ("[tool.uv]\npackage = true\n", "shop", "no environment in .venv"),
    ],
)
def test_what_cannot_be_built_is_unchecked(tmp_path: Path, manifest: str, package: str, message: str) -> None:
    (tmp_path / "pyproject.toml").write_text(manifest, "utf-8")
    outcome = check(Context(tmp_path, Uv("uv", "0.13.0", {}), package=package))
    assert outcome.status == "unchecked"
    assert message in outcome.message


def test_a_project_without_a_manifest_is_not_packaged(tmp_path: Path) -> None:
    assert not packaged(tmp_path)


def test_the_copy_leaves_environments_caches_and_history_out(tmp_path: Path) -> None:
    root = tmp_path / "root"
    kept = ["src/shop/build/x.py", "src/dist/y.py", "data/z"]
    lost = ["build/a", "dist/b", "src/__pycache__/c.pyc", "oddenv/pyvenv.cfg", ".venv/pyvenv.cfg", ".git/HEAD"]
    for name in [*kept, *lost]:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    for version, history in (('version = "1"', []), ('dynamic = ["version"]', [".git/HEAD"])):
        (root / "pyproject.toml").write_text(f"[project]\n{version}\n", "utf-8")
        target = tmp_path / version[:3]
        copy(root, target)
        found = sorted(path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file())
        assert found == sorted([*kept, *history, "pyproject.toml"])


def test_the_package_imports_from_the_wheel_alone(project: Make) -> None:
    context = project()._replace(app="")
    outcome = check(context)
    assert outcome[1:3] == ("passed", "shop imports from shop-1.0-py3-none-any.whl, outside the tree")


def test_locked_versions_are_installed_beside_it(project: Make) -> None:
    main = "import lib\nassert lib.__version__ == '1.0'\napp = 1\n"
    context = project({"src/shop/main.py": main}, requires="lib<2")
    assert check(context)[1:3] == ("passed", "shop.main:app imports from shop-1.0-py3-none-any.whl, outside the tree")


def test_modules_left_out_of_the_wheel_are_named(project: Make) -> None:
    more = {"src/shop/util.py": "", "src/shop/tests/test_x.py": "", "src/shop/conftest.py": ""}
    context = project(more, exclude=("shop/util.py", "shop/tests/test_x.py", "shop/conftest.py"))
    outcome = check(context)
    assert outcome[1:4] == ("failed", "1 modules of shop are not in the wheel", "src/shop/util.py")


def test_a_command_whose_module_stays_behind_fails(project: Make) -> None:
    backend = BACKEND.replace("serve = shop.serve:main", "serve = tool:main\\n\\n[x]\\ny = gone:z")
    outcome = check(project({"backend.py": backend, "tool.py": "def main(): ...\n"}))
    assert outcome.status == "failed"
    assert outcome.message.startswith("shop-1.0-py3-none-any.whl is not whole: its command serve does not start: Mod")


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("gone:main", "ModuleNotFoundError: No module named 'gone'"),
        ("shop.main:gone", "AttributeError: module 'shop.main' has no attribute 'gone'"),
    ],
)
def test_a_command_that_nobody_can_start_is_no_fault_where_it_was_so_before(
    project: Make, target: str, why: str
) -> None:
    context = project({"backend.py": BACKEND.replace("serve = shop.serve:main", f"serve = {target}")})
    outcome = check(context)
    assert (outcome.status, why in outcome.message) == ("failed", True)
    assert check(context._replace(baseline=Baseline())).status == "passed"


def test_a_command_that_needs_what_is_not_installed_is_no_fault_of_the_wheel(project: Make) -> None:
    backend = BACKEND.replace("serve = shop.serve:main", "serve = shop.extra:main")
    assert check(project({"backend.py": backend, "src/shop/extra.py": "import gone\n"})).status == "passed"


def test_other_files_left_out_of_the_wheel_are_told(project: Make) -> None:
    context = project(exclude=("shop/page.html",))
    files = ("src/shop/page.html", "src/shop/main.py", "src/shopping/other.py", "README.md")
    outcome = check(context._replace(files=files))
    assert outcome.status == "passed"
    assert outcome.message.endswith("outside the tree; 1 other files of the package are not in it")
    assert outcome.evidence == "src/shop/page.html"


@pytest.mark.parametrize(
    ("packed", "status", "said"),
    [
        (("app/page.html", "app/main.py"), "passed", "outside the tree"),
        (("app/page.html", "app/gone.sql"), "failed", "1 files of the wheel of before are not in the wheel"),
        (("main.py", "tests/test_a.py", "shop/main.py"), "passed", "2 files outside of the package were in the wheel"),
        (("app/test_x.py", "app/tests/y.py"), "passed", "2 files outside of the package were in the wheel of before"),
    ],
)
def test_the_wheel_holds_what_it_held_before(project: Make, packed: tuple[str, ...], status: str, said: str) -> None:
    def moved(path: str) -> str:
        return f"src/shop/{path[4:]}" if path.startswith("app/") else path

    outcome = check(project()._replace(baseline=Baseline(wheel=packed), moved=moved))
    assert (outcome.status, said in outcome.message) == (status, True), outcome


def test_a_package_that_is_not_where_it_should_be_is_not_compared(project: Make) -> None:
    outcome = check(project()._replace(package="elsewhere"))
    assert (outcome.status, "elsewhere cannot be imported from the wheel" in outcome.message) == ("failed", True)


@pytest.mark.parametrize(
    ("problem", "status", "said"),
    [
        ("shop.main:app cannot be imported: ModuleNotFoundError: No module named 'private'", "unchecked", "nor before"),
        ("shop.main:app cannot be imported: ModuleNotFoundError: No module named 'other'", "failed", "from the wheel"),
        ("", "failed", "from the wheel"),
    ],
)
def test_what_was_not_there_before_is_no_fault_of_the_wheel(
    project: Make, problem: str, status: str, said: str
) -> None:
    context = project({"src/shop/__init__.py": "import private\n"})._replace(
        baseline=Baseline(inside=Inside(problem=problem))
    )
    outcome = check(context)
    assert (outcome.status, said in outcome.message) == (status, True), outcome
    assert "No module named 'private'" in outcome.message


def test_an_import_that_wants_the_environment_is_not_judged(project: Make) -> None:
    outcome = check(project({"src/shop/main.py": "import os\nkey = os.environ['SHOP_KEY']\napp = 1\n"}))
    assert outcome.status == "unchecked"
    assert "SHOP_KEY" in outcome.message


def test_an_import_that_fails_from_the_wheel_only_fails(project: Make) -> None:
    main = "import pathlib\nassert (pathlib.Path(__file__).parents[2] / 'pyproject.toml').exists(), 'lost'\napp = 1\n"
    outcome = check(project({"src/shop/main.py": main}))
    assert outcome[1:3] == ("failed", "shop.main imports in the project, but not from the wheel: AssertionError: lost")


def test_files_of_the_projects_folder_are_a_remark(project: Make) -> None:
    main = "import os\nif not os.path.isdir('static'): raise RuntimeError('no static')\napp = 1\n"
    outcome = check(project({"src/shop/main.py": main, "static/a.css": ""}))
    assert outcome.status == "passed"
    assert "but only in the project's folder (RuntimeError: no static)" in outcome.message


@pytest.mark.parametrize(
    ("main", "status", "message"),
    [
        ("import os\nos.environ['SHOP_URL']\n", "unchecked", "for shop.main it needs environment variables (SHOP_URL)"),
        ("raise ValueError('broken')\n", "unchecked", "shop.main cannot be imported, in the project neither"),
        ("ap = 1\n", "unchecked", "has no attribute 'app'"),
    ],
)
def test_an_application_that_imports_nowhere_is_not_the_wheels_fault(
    project: Make, main: str, status: str, message: str
) -> None:
    outcome = check(project({"src/shop/main.py": main}))
    assert outcome.status == status
    assert message in outcome.message


def test_a_file_of_the_projects_root_is_no_part_of_a_wheel(project: Make) -> None:
    main = "from pathlib import Path\nX = (Path(__file__).parents[2] / 'VERSION').read_text()\napp = 1\n"
    outcome = check(project({"src/shop/main.py": main, "VERSION": "1"}))
    assert outcome.status == "unchecked"
    assert "shop.main reads VERSION beside the package" in outcome.message


def test_what_the_user_hands_over_is_there(project: Make) -> None:
    context = project({"src/shop/main.py": "import os\nos.environ['SHOP_URL']\napp = 1\n"})
    assert check(context._replace(env={"SHOP_URL": "x"})).status == "passed"


def test_a_module_from_elsewhere_is_found_out(project: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheel, "IMPORT", "import sys\nsys.stdout.write('\\n/somewhere/else.py')\n")
    assert "was imported from" in check(project()).message


def test_a_build_that_fails_is_a_failure_with_its_reason(project: Make) -> None:
    context = project()
    backend = context.root / "backend.py"
    backend.write_text(
        backend.read_text("utf-8").replace("def pack(directory):", "def pack(directory):\n    1 / 0"), "utf-8"
    )
    outcome = check(context)
    assert outcome[1:3] == ("failed", "the project itself could not be built: ZeroDivisionError: division by zero")


def test_without_a_fresh_lock_the_wheel_cannot_be_judged(project: Make) -> None:
    context = project()
    (context.root / "uv.lock").unlink()
    with pytest.raises(UvError) as caught:
        check(context)
    assert caught.value.kind == "stale"
