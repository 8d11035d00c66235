"""What the tests gave before, in an environment made from the old manifests."""

import json
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from shops import make_shop
from wheels import BRIDGE, make_bridge, make_wheel, offline_uv

from trueup.tools.uv import Uv
from trueup.verify.baseline import Baseline, Old, record
from trueup.verify.inside import Inside
from trueup.verify.start import Answer, Served

TEST = "import lib\ndef test_version():\n    assert lib.__version__ == '1.0'\ndef test_bad():\n    assert 0\n"
MANIFEST = '[project]\nname = "old"\nversion = "1"\nrequires-python = ">=3.11"\n'


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A project with one test for ``lib`` 1.0, and one that fails."""
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "test_lib.py").write_text(TEST, "utf-8")
    return tree


@pytest.fixture
def uv(tmp_path: Path) -> Uv:
    """The real uv, which knows ``lib`` in two versions, and ``bridge``, which brings pytest."""
    for version in ("1.0", "2.0"):
        make_wheel(tmp_path / "house", "lib", version)
    make_bridge(tmp_path / "house")
    return offline_uv(tmp_path / "house", tmp_path / "cache")


def before(tree: Path, uv: Uv, old: Old) -> Baseline:
    """The baseline."""
    return record(tree, old._replace(added=(BRIDGE,)), uv, python=sys.executable, timeout=60)


AS_IT_WAS = {"test_lib.py::test_version": "passed", "test_lib.py::test_bad": "failed"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_requirements_files_make_the_old_environment(tree: Path, uv: Uv, encoding: str) -> None:
    (tree / "requirements.txt").write_text("lib==1.0\n", encoding)
    result = before(tree, uv, Old(files=("requirements.txt",)))
    assert (result.outcomes, result.code, result.reason, result.notes) == (AS_IT_WAS, 1, "", ())
    assert result.state == "1 of 2 tests passed"
    assert result.seconds > 0
    assert not (tree / ".venv").exists()


def test_options_that_pip_takes_without_a_blank_are_understood(tree: Path, uv: Uv) -> None:
    (tree / "requirements.txt").write_text("lib==1.0\n", "utf-8")
    (tree / "more.txt").write_text("-rrequirements.txt\n", "utf-8")
    result = before(tree, uv, Old(files=("more.txt",)))
    assert (result.outcomes, result.reason) == (AS_IT_WAS, "")


def test_declared_requirements_make_the_old_environment(tree: Path, uv: Uv) -> None:
    assert before(tree, uv, Old(("lib<2",))).outcomes == AS_IT_WAS


def test_files_that_contradict_are_installed_one_after_another(tree: Path, uv: Uv) -> None:
    (tree / "a.txt").write_text("lib==2.0\n", "utf-8")
    (tree / "b.txt").write_text("lib==1.0\n", "utf-8")
    (tree / "c.txt").write_text("lib==9.0\n", "utf-8")
    result = before(tree, uv, Old(files=("a.txt", "b.txt", "c.txt")))
    assert result.outcomes == AS_IT_WAS
    assert [note.split(":")[0] for note in result.notes] == ["c.txt could not be installed"]


def test_what_is_locked_wins_over_a_list_that_contradicts_it(tree: Path, uv: Uv) -> None:
    (tree / "a.txt").write_text("lib==2.0\n", "utf-8")
    result = before(tree, uv, Old(("lib==1.0",), files=("a.txt",)))
    assert result.outcomes == AS_IT_WAS
    assert [note.partition(":")[0] for note in result.notes] == [
        "the lists contradict one another, and were installed in turn"
    ]
    (tree / "a.txt").write_text("lib==2.0\nlib==1.0\n", "utf-8")
    assert "could not be made" in before(tree, uv, Old(("lib",), files=("a.txt",))).reason


@pytest.mark.parametrize(
    ("found", "outdated"),
    [
        (Baseline(evidence="E   ModuleNotFoundError: No module named 'six.moves'"), "No module named 'six.moves'"),
        (Baseline(inside=Inside(problem="x: No module named 'a.six.moves.urllib'")), "No module named 'a.six.moves.urllib'"),
        (Baseline(served=Served(None, 1, True, "No module named 'imp'")), "No module named 'imp'"),
        (Baseline(evidence="ImportError: cannot import name 'Mapping' from 'collections' (/x)"), "cannot import name 'Mapping' from 'collections'"),
        (Baseline(evidence="No module named 'impala'"), ""),
        (Baseline({"t.py::a": "passed"}, evidence="No module named 'imp'"), ""),
        (Baseline(evidence="No module named 'imp'", served=Served(Answer(404, b""), None, True, "")), ""),
    ],
)  # fmt: skip
def test_what_python_took_away_is_told_from_other_failures(found: Baseline, outdated: str) -> None:
    assert found.outdated == outdated


def test_a_lock_is_synced_with_its_groups(tree: Path, uv: Uv) -> None:
    groups = 'dependencies = []\n[dependency-groups]\nother = ["lib==1.0"]\n'
    (tree / "pyproject.toml").write_text(MANIFEST + groups, "utf-8")
    uv.lock(tree, python=sys.executable)
    assert before(tree, uv, Old()).outcomes == AS_IT_WAS


def test_extras_are_installed_too(tree: Path, uv: Uv) -> None:
    extras = 'dependencies = []\n[project.optional-dependencies]\ntest = ["lib==1.0"]\n'
    (tree / "pyproject.toml").write_text(MANIFEST + extras, "utf-8")
    uv.lock(tree, python=sys.executable)
    assert before(tree, uv, Old()).outcomes == AS_IT_WAS


def test_extras_that_cannot_stand_together_are_left_out(tree: Path, uv: Uv) -> None:
    groups = """dependencies = []
[project.optional-dependencies]
one = ["lib==1.0"]
two = ["lib==2.0"]
[dependency-groups]
dev = ["lib"]
[tool.uv]
conflicts = [[{extra = "one"}, {extra = "two"}]]
"""
    (tree / "pyproject.toml").write_text(MANIFEST + groups, "utf-8")
    uv.lock(tree, python=sys.executable)
    found = before(tree, uv, Old())
    assert set(found.outcomes) == set(AS_IT_WAS)
    assert "lib" in found.packages


def test_groups_that_cannot_stand_together_are_left_out(tree: Path, uv: Uv) -> None:
    groups = """dependencies = []
[dependency-groups]
dev = ["lib==1.0"]
other = ["lib==2.0"]
[tool.uv]
conflicts = [[{group = "dev"}, {group = "other"}]]
"""
    (tree / "pyproject.toml").write_text(MANIFEST + groups, "utf-8")
    uv.lock(tree, python=sys.executable)
    assert before(tree, uv, Old()).outcomes == AS_IT_WAS


def test_the_project_itself_is_installed_where_asked(tree: Path, uv: Uv) -> None:
    backend = 'dependencies = []\n[build-system]\nrequires = []\nbuild-backend = "nowhere"\n'
    (tree / "pyproject.toml").write_text(MANIFEST + backend, "utf-8")
    result = before(tree, uv, Old(("lib==1.0",), install=True))
    assert result.outcomes == AS_IT_WAS
    assert "could not be installed before" in result.notes[0]


def test_what_came_from_a_file_is_known(tree: Path, uv: Uv, tmp_path: Path) -> None:
    wheel = (tmp_path / "house" / "lib-1.0-py3-none-any.whl").as_uri()
    result = before(tree, uv, Old((f"lib @ {wheel}",)))
    assert result.outcomes == AS_IT_WAS
    assert result.direct == {"lib": wheel}
    assert "lib" in result.packages
    assert "lib" not in result.indexed
    assert BRIDGE in result.indexed


def test_the_wheel_of_before_is_known(tree: Path, uv: Uv) -> None:
    make_shop(tree, {})
    assert before(tree, uv, Old(("lib==1.0",))).wheel == (
        "shop/__init__.py",
        "shop/main.py",
        "shop/page.html",
        "shop/serve.py",
    )


@pytest.mark.parametrize("old", [Old(("lib==9",)), Old(files=("missing.txt",)), Old(("lib", "lib==0.1"))])
def test_an_old_environment_that_cannot_be_made_is_a_reason(tree: Path, uv: Uv, old: Old) -> None:
    result = before(tree, uv, old)
    assert result.outcomes == {}
    assert result.state.startswith("the old environment could not be made: ")
    assert result.evidence


def test_no_network_and_a_broken_lock_are_reasons(tree: Path, uv: Uv) -> None:
    (tree / "pyproject.toml").write_text(MANIFEST + 'dependencies = ["lib"]\n', "utf-8")
    uv.lock(tree, python=sys.executable)
    for name in ("UV_NO_INDEX", "UV_FIND_LINKS"):
        del uv.environ[name]
    uv.environ["UV_CACHE_DIR"] += "-empty"
    (Path(uv.environ["UV_CACHE_DIR"]).parent / "house").rename(tree.parent / "gone")
    result = before(tree, uv, Old())
    assert result.state.startswith("the old environment could not be made: ")


def test_an_interpreter_that_is_not_there_is_a_reason(tree: Path, uv: Uv) -> None:
    result = record(tree, Old(), uv, python="3.99")
    assert "no Python 3.99 on this machine" in result.reason


def test_what_the_tests_need_is_told(tree: Path, uv: Uv) -> None:
    (tree / "test_lib.py").write_text("import os\nos.environ['SHOP_URL']\n", "utf-8")
    result = before(tree, uv, Old())
    assert "SHOP_URL" in result.reason
    assert result.outcomes == {"test_lib.py::(collection)": "error"}


class Index(SimpleHTTPRequestHandler):
    """A package index that says when a file came, as PEP 700 has it: ``lib`` 2.0 in 2026, all else in 2020."""

    def do_GET(self) -> None:
        name = self.path.strip("/").split("/")[-1]
        if name.endswith(".whl"):
            return super().do_GET()
        wheels = sorted(path.name for path in Path(self.directory).glob(f"{name}-*.whl"))
        files: list[dict[str, object]] = [
            {
                "filename": wheel,
                "url": f"/{wheel}",
                "hashes": {},
                "upload-time": "2026-01-01T00:00:00Z" if "-2.0-" in wheel else "2020-01-01T00:00:00Z",
            }
            for wheel in wheels
        ]
        said = json.dumps({"meta": {"api-version": "1.1"}, "name": name, "files": files, "versions": []}).encode()
        self.send_response(200 if files else 404)
        self.send_header("Content-Type", "application/vnd.pypi.simple.v1+json")
        self.end_headers()
        self.wfile.write(said)
        return None

    def log_message(self, *_: object) -> None:
        """Nothing is said."""


@pytest.fixture
def index(tmp_path: Path, uv: Uv) -> Iterator[Uv]:
    """uv, which asks an index on this machine."""
    serve = ThreadingHTTPServer(("127.0.0.1", 0), partial(Index, directory=str(tmp_path / "house")))
    threading.Thread(target=serve.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    environ = {
        name: text for name, text in uv.environ.items() if name not in ("UV_NO_INDEX", "UV_OFFLINE", "UV_FIND_LINKS")
    }
    yield Uv(uv.executable, uv.version, {**environ, "UV_DEFAULT_INDEX": f"http://127.0.0.1:{serve.server_address[1]}/"})
    serve.shutdown()
    serve.server_close()


def test_what_floats_is_what_it_was_at_the_last_commit(tree: Path, index: Uv) -> None:
    then = before(tree, index, Old(("lib",), as_of="2025-06-01T00:00:00Z"))
    assert (then.packages["lib"], then.as_of, then.notes) == ("1.0", "2025-06-01", ())
    assert before(tree, index, Old(("lib",))).packages["lib"] == "2.0"


def test_what_was_not_there_at_the_last_commit_is_of_today(tree: Path, index: Uv) -> None:
    today = before(tree, index, Old(("lib>=2",), as_of="2025-06-01T00:00:00Z"))
    assert (today.packages["lib"], today.as_of) == ("2.0", "")
    assert today.notes[0].startswith("nothing could be resolved as of the last commit (2025-06-01): ")
    refused = before(tree, index, Old(("lib>=3",), as_of="2025-06-01T00:00:00Z"))
    assert refused.reason.startswith("the old environment could not be made: ")


ANSWER, DEFECT = Answer(200, b"{}"), Answer(500, b"")


def started(answer: Answer | None, passed: int = 1) -> Baseline:
    """So many tests passed, and the application gave this answer."""
    return Baseline({str(number): "passed" for number in range(passed)}, served=Served(answer, None, True, ""))


@pytest.mark.parametrize("silent", [None, DEFECT])
def test_an_application_that_does_not_answer_lacks_something(silent: Answer | None) -> None:
    assert started(silent).lacks
    assert not started(ANSWER).lacks
    assert started(ANSWER).betters(started(silent))
    assert started(silent, 2).betters(started(ANSWER, 1))
    assert not started(ANSWER, 1).betters(started(silent, 2))
    assert not started(ANSWER).betters(started(ANSWER))
    assert not started(silent)._replace(hung=True).lacks
    assert not Baseline(code=5).lacks
