"""What the sdist builds is what the tree builds, and neither gives anything away."""

from collections.abc import Callable
from pathlib import Path

import pytest

from trueup.tools.uv import Uv, UvError
from trueup.verify import Context, sdist
from trueup.verify.environment import MISSING
from trueup.verify.sdist import Built, Packed, changed

Make = Callable[..., Context]
SAME = "tree and sdist build the same wheel of 8 files; a second build gives the same bytes"


@pytest.mark.parametrize(
    ("manifest", "message"), [("[project]\n", "names no build backend"), ("[build-system]\n", MISSING)]
)
def test_what_cannot_be_built_is_unchecked(tmp_path: Path, manifest: str, message: str) -> None:
    (tmp_path / "pyproject.toml").write_text(manifest, "utf-8")
    outcome = sdist.check(Context(tmp_path, Uv("uv", "0.13.9", {}), package="shop"))
    assert (outcome.status, message in outcome.message) == ("unchecked", True)


def test_the_sdist_of_a_true_project_builds_the_same_wheel(project: Make) -> None:
    context = project()
    before = sorted(path for path in context.root.rglob("*") if ".venv" not in path.parts)
    assert sdist.check(context)[1:3] == ("passed", SAME)
    assert sorted(path for path in context.root.rglob("*") if ".venv" not in path.parts) == before


def test_a_file_that_the_sdist_lacks_is_named(project: Make) -> None:
    outcome = sdist.check(project(left_out=("src/shop/page.html",)))
    assert outcome[1:3] == (
        "failed",
        "the wheel from the sdist is another than that from the tree: shop/page.html: only in the wheel from the tree",
    )


def test_a_file_that_only_the_sdist_brings_is_named(project: Make) -> None:
    outcome = sdist.check(project(more={"src/shop/a.py": "", "src/shop/b.py": ""}))
    assert outcome.status == "failed"
    assert outcome.message.endswith("shop/a.py: only in the wheel from the sdist and 1 more")


def test_an_sdist_that_cannot_be_built_into_a_wheel_fails(project: Make) -> None:
    outcome = sdist.check(project(left_out=("backend.py",)))
    assert outcome.status == "failed"
    assert outcome.message.startswith("no wheel can be built from the sdist: ")


@pytest.mark.parametrize(
    ("hook", "status", "message"),
    [
        ("build_sdist", "failed", "the sdist cannot be built: the project itself could not be built: ZeroDivision"),
        ("build_wheel", "unchecked", "no wheel can be built from the tree, so there is nothing to compare"),
    ],
)
def test_a_build_that_fails_is_told(project: Make, hook: str, status: str, message: str) -> None:
    context = project()
    with (context.root / "backend.py").open("a", encoding="utf-8") as file:
        file.write(f"\ndef {hook}(*_, **__):\n    1 / 0\n")
    outcome = sdist.check(context)
    assert (outcome.status, outcome.message[: len(message)]) == (status, message)


def test_without_network_a_build_cannot_be_judged(project: Make) -> None:
    context = project()
    manifest = context.root / "pyproject.toml"
    manifest.write_text(manifest.read_text("utf-8").replace("requires = []", 'requires = ["nowhere"]'), "utf-8")
    with pytest.raises(UvError) as caught:
        sdist.check(context)
    assert caught.value.kind != "build"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("src/shop/.env", "A=1"),
        ("src/shop/.env.production", "A=1"),
        ("src/shop/data/local.sqlite3", "x"),
        ("src/shop/local.db", "x"),
        ("src/shop/id_rsa", "x"),
        ("src/shop/secrets.toml", "x"),
        ("src/shop/server.pem", "-----BEGIN RSA PRIVATE KEY-----\n"),
    ],
)
def test_what_must_not_be_given_away_is_named(project: Make, path: str, text: str) -> None:
    outcome = sdist.check(project({path: text}))
    assert outcome.status == "failed"
    assert f"the wheel holds {path.removeprefix('src/')}" in outcome.message
    assert f"the sdist holds {path}" in outcome.evidence


def test_byte_code_in_the_sdist_is_named(project: Make) -> None:
    outcome = sdist.check(project(more={"src/shop/__pycache__/a.cpython-313.pyc": "x"}))
    assert outcome[1:3] == ("failed", "the sdist holds src/shop/__pycache__/a.cpython-313.pyc")


def test_what_only_looks_private_may_be_packed(project: Make) -> None:
    files = {
        "src/shop/.env.example": "A=",
        "src/shop/ca.pem": "-----BEGIN CERTIFICATE-----\n",
        "src/shop/tests/fixture.db": "x",
        "src/shop/tests/server.key": "-----BEGIN PRIVATE KEY-----\n",
    }
    assert sdist.check(project(files)).status == "passed"


def test_a_build_that_differs_from_time_to_time_is_a_remark(project: Make) -> None:
    context = project()
    backend = context.root / "backend.py"
    stamped = backend.read_text("utf-8").replace('"src/", "backend', '"src/", "stamp", "backend')
    stamped = stamped.replace("def pack(directory):", "def pack(directory):\n    stamp()")
    stamped += "\ndef stamp():\n    pathlib.Path('src/shop/stamp.py').write_text(os.path.realpath('.'))\n"
    backend.write_text(stamped, "utf-8")
    outcome = sdist.check(context)
    assert outcome.status == "passed"
    assert outcome.message.endswith("a second build of the wheel differs in shop/stamp.py")


def test_differences_are_told_from_times_and_order() -> None:
    def packed(whole: str, **digests: str) -> Packed:
        return Packed(digests, (), whole)

    one = Built(packed("1", a="1"), packed("1", a="1"), Path())
    assert changed(one, one) == ["a second build gives the same bytes"]
    assert changed(one, one._replace(sdist=packed("2", a="1"))) == [
        "a second build of the sdist differs in its times, modes or order"
    ]
    many = packed("3", a="2", b="1", c="1", d="1")
    assert changed(one, one._replace(wheel=many)) == ["a second build of the wheel differs in a, b, c and more"]
    assert changed(one, None) == ["a second build from a fresh copy fails"]


def test_ignored_files_in_the_wheel_are_told(project: Make) -> None:
    context = project({"src/shop/generated.py": ""})
    files = tuple(f"src/shop/{name}" for name in ("__init__.py", "main.py", "serve.py", "page.html"))
    outcome = sdist.check(context._replace(files=files))
    assert outcome.status == "passed"
    assert outcome.message.endswith("1 files in it are ignored by git (shop/generated.py)")
