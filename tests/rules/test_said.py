"""What findings say, and how often: one line where one says it all."""

from __future__ import annotations

import pytest

from trueup.model.settings import Settings
from trueup.model.tree import MemoryTree
from trueup.read.project import of
from trueup.rules import Rule, catalogue, find
from trueup.rules.hidden import fits
from trueup.rules.tst102_testpaths import folders
from trueup.rules.unsaid import unsaid

MAIN = "import redis\nfrom fastapi import FastAPI\n\napp = FastAPI()\n"
PROJECT = '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.13"\ndependencies = ["fastapi"]\n'


def said(files: dict[str, str], code: str) -> list[str]:
    """The messages of one rule."""
    project = of(MemoryTree({"main.py": MAIN, **files}))
    return [finding.message for finding in find(project) if finding.code == code]


def test_what_no_file_declares_is_told_in_one_line() -> None:
    assert said({}, "DEP104") == ["no file declares the dependencies: the code imports fastapi, redis"]
    assert said({}, "DEP110") == []
    assert said({"requirements.txt": "fastapi\n"}, "DEP110") == ["redis is imported and not declared"]


def test_an_empty_list_is_told_by_the_rule_that_asks_for_one() -> None:
    files = {"main.py": MAIN, "requirements.txt": "# nothing yet\n"}
    assert said(files, "DEP105") == []
    assert said(files, "DEP104") == ["no file declares the dependencies: the code imports fastapi, redis"]
    project = of(MemoryTree(files), Settings(ignore=("DEP104",)))
    assert [finding.path for finding in find(project) if finding.code == "DEP105"] == ["requirements.txt"]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('[tool.pdm.scripts]\na = "b"\n', "scripts stand in pyproject.toml (pdm), which uv does not run"),
        ('[tool.rye.scripts]\n# why\na = "b"\n', "scripts stand in pyproject.toml (rye), which uv does not run"),
        (
            '[tool.pdm.scripts]\na = "b"\n[tool.pdm.dev-dependencies]\na = ["b"]\n',
            "dependencies or metadata stand in pyproject.toml (pdm), not in [project]",
        ),
    ],
)
def test_scripts_are_no_dependencies(table: str, message: str) -> None:
    assert said({"pyproject.toml": PROJECT + table}, "DEP105") == [message]


@pytest.mark.parametrize(
    ("files", "nothing"),
    [
        ({"Pipfile": "[packages]\n\n[requires]\npython_version = '3.12'\n"}, True),
        ({"Pipfile": "[packages]\n[dev-packages]\npytest = '*'\n"}, False),
        ({"constraints.txt": "idna==3.6\n"}, True),
        ({"constraints.txt": "idna==3.6\n", "requirements.txt": "fastapi\n"}, False),
    ],
)
def test_a_manifest_that_declares_nothing_is_as_good_as_none(files: dict[str, str], *, nothing: bool) -> None:
    assert bool(said(files, "DEP104")) == nothing
    assert len(said(files, "DEP105")) == (not nothing)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"requestments.txt": "idna==3.6\nuvicorn[standard]==0.30 # here\n"}, ["requestments.txt"]),
        ({"constraints.txt": "idna==3.6\n"}, ["constraints.txt"]),
        ({"words.txt": "a==b\n", "empty.txt": ""}, []),
        ({"begins.txt": "idna==3.6\nwords\n", "ends.txt": "words\nidna==3.6\n"}, []),
        ({"data.txt": "idna==3.6\n" * 200_000}, []),
    ],
)
def test_a_file_that_may_be_a_list_is_told_where_nothing_is_declared(files: dict[str, str], told: list[str]) -> None:
    assert [path for _, path, _ in unsaid(of(MemoryTree({"main.py": MAIN, **files})))] == told


@pytest.mark.parametrize(("plugin", "strange"), [("pytest-env", False), ("pytest-mock", True)])
def test_a_setting_of_a_plugin_is_known_where_that_is_declared(plugin: str, *, strange: bool) -> None:
    settings = f"[dependency-groups]\ntest = ['pytest', '{plugin}']\n[tool.pytest.ini_options]\nenv = ['A=1']\n"
    found = said({"pyproject.toml": f"{PROJECT}{settings}"}, "TST101")
    assert [message.endswith("in use and not registered: env") for message in found] == [strange]


def test_lists_that_include_each_other_are_one() -> None:
    files = {
        "requirements.txt": "-r requirements/prod.txt\n",
        "requirements/prod.txt": "-r common.txt\n",
        "requirements/dev.txt": "-r common.txt\npytest\n",
        "requirements/common.txt": "fastapi\n",
        "Pipfile": "[packages]\nfastapi = '*'\n",
    }
    assert said(files, "DEP105") == [
        "dependencies or metadata stand in Pipfile (pipfile), not in [project]",
        "dependencies or metadata stand in requirements.txt, requirements/dev.txt, requirements/prod.txt, "
        "requirements/common.txt (requirements), not in [project]",
    ]


def test_what_floats_is_told_in_the_first_file() -> None:
    files = {"pyproject.toml": PROJECT, "requirements.txt": "fastapi\nredis\n"}
    assert said(files, "DEP101") == ["fastapi floats and nothing locks it", "redis floats and nothing locks it"]
    assert len(said({**files, "requirements.txt": "fastapi\n"}, "DEP101")) == 1


def test_a_lock_of_another_tool_is_not_passed_over() -> None:
    lock = "package = []\n[metadata]\nlock-version = '2.1'\n"
    files = {"pyproject.toml": PROJECT, "poetry.lock": lock}
    assert said(files, "DEP101") == ["fastapi floats: poetry.lock locks it for its own tool alone"]
    assert said(files, "LCK101") == ["poetry.lock fixes what its own tool installs, and nothing else"]
    assert said({"pyproject.toml": PROJECT}, "LCK101") == ["no lock file fixes what is installed"]


def test_an_image_that_contradicts_twice_is_told_once() -> None:
    image = {"pyproject.toml": PROJECT, "Dockerfile": "FROM python:3.12-slim\n"}
    outside = "the image is Python 3.12, requires-python is >=3.13 (pyproject.toml:4)"
    assert said(image, "PYT103") == [outside]
    both = "the image is Python 3.12, the pin is 3.13 and requires-python is >=3.13 (pyproject.toml:4)"
    assert said({**image, ".python-version": "3.13\n"}, "PYT103") == [both]
    workflow = "jobs:\n  test:\n    steps:\n      - with:\n          python-version: '3.14'\n"
    assert said({**image, ".github/workflows/ci.yml": workflow}, "PYT103") == [f"{outside} and CI tests 3.14"]


@pytest.mark.parametrize("rule", [rule for rule in catalogue() if rule.fix], ids=lambda rule: rule.code)
def test_what_trueup_does_not_mend_is_not_promised(rule: Rule) -> None:
    promised = rule.finding("x", "y")
    assert promised.help == rule.help
    assert "trueup" not in rule.finding("x", "y", fixable=False).help
    assert rule.finding("x", "y", fixable=False).help


@pytest.mark.filterwarnings("error")
def test_what_python_warns_of_in_a_file_is_not_printed() -> None:
    jobs = 'from celery import shared_task\n\n\n@shared_task\ndef add():\n    return "\\P"\n'
    assert len(said({"main.py": f"{MAIN}import jobs\n", "jobs.py": jobs}, "MOV102")) == 1


@pytest.mark.parametrize(
    ("pattern", "hidden"),
    [("*", False), ("backend/*", True), ("backend/*.lock", True), ("**/uv.*", True), ("a/backend/uv.lock", False)],
)
def test_a_star_of_an_ignore_file_ends_at_a_slash(pattern: str, hidden: bool) -> None:
    assert fits("backend/uv.lock", pattern) is hidden


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("router = 1\n", False),
        ("testing = 1\n", False),
        ("from fastapi.testclient import TestClient\nclient = TestClient(app)\n", False),
        ("TestM = M.TestCase\n", True),
        ("test_all = make_tests('a')\n", True),
        ("try:\n    from shared import (\n        TestShop,\n    )\nexcept ImportError:\n    pass\n", True),
        ("from shared import prices as test_prices\n", True),
        ("class Prices(shared.TestsOfPrices):\n    model = 1\n", True),
        ("from pytest_bdd import scenarios\nscenarios('features')\n", True),
        ("for name in NAMES:\n    globals()[f'test_{name}'] = check(name)\n", True),
    ],
)
def test_a_file_that_is_called_like_tests_and_what_it_holds(text: str, *, holds: bool) -> None:
    assert folders(of(MemoryTree({"shop/api_test.py": text}))) == ["shop/api_test.py"] * holds


def test_what_counts_as_a_test_may_be_set() -> None:
    files = {"api_test.py": "def check_a(): ...\n", "pytest.ini": "[pytest]\npython_functions = check_*\n"}
    assert folders(of(MemoryTree(files))) == ["api_test.py"]
