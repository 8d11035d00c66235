"""The application starts from its wheel, where the source is not; or it is said what it lacks there."""

from collections.abc import Callable
from pathlib import Path

import pytest
from shops import MAIN, SERVE

from trueup.tools.uv import Uv, UvError
from trueup.verify import Context, Memory, start, start_away, wheel
from trueup.verify.start import Answer, Served
from trueup.verify.start_away import check

Make = Callable[..., Context]
READS = "    __import__('pathlib').Path({path}).read_text()\n    HTTPServer"
ANSWERED = "starts and describes 2 paths in /openapi.json"


def reading(path: str) -> dict[str, str]:
    """The shop's server, which reads a file when it starts."""
    return {"src/shop/serve.py": SERVE.replace("    HTTPServer", READS.format(path=path))}


def test_only_an_application_is_started(tmp_path: Path) -> None:
    assert check(Context(tmp_path, Uv("uv", "0.13.0", {}), package="shop")) is None


@pytest.mark.parametrize(
    ("manifest", "package", "message"),
    [
        ("[build-system]\n", "", "no import package is known"),
        ("[project]\n", "shop", "pyproject.toml names no build backend, so there is no wheel"),
        ("[build-system]\n", "shop", "there is no environment in .venv"),
    ],
)
def test_what_cannot_be_built_is_unchecked(tmp_path: Path, manifest: str, package: str, message: str) -> None:
    (tmp_path / "pyproject.toml").write_text(manifest, "utf-8")
    outcome = check(Context(tmp_path, Uv("uv", "0.13.0", {}), package=package, app="shop.main:app"))
    assert outcome is not None
    assert outcome.status == "unchecked"
    assert message in outcome.message


@pytest.mark.parametrize(
    ("files", "exclude", "status", "message"),
    [
        ({}, (), "passed", f"serve, from the wheel, {ANSWERED}"),
        (
            reading("'pyproject.toml'"),
            (),
            "passed",
            f"serve, from the wheel, in the project's folder only, {ANSWERED}",
        ),
        (
            reading("'src/shop/page.html'"),
            ("shop/page.html",),
            "passed",
            f"serve, from the wheel, in the project's folder only, {ANSWERED}",
        ),
        (
            reading("__file__).with_name('page.html'"),
            ("shop/page.html",),
            "failed",
            "serve, from the wheel, ended with 1: FileNotFoundError: ",
        ),
        (
            reading("__file__).parents[2].joinpath('pyproject.toml'"),
            (),
            "unchecked",
            "serve, from the wheel, reads pyproject.toml beside the package, where the project has it and no wheel does",
        ),
        (
            {"src/shop/main.py": f"{MAIN}import os\nif 'site-' in __file__:\n    1 / 0\n"},
            (),
            "unchecked",
            "shop.main:app cannot be imported from the wheel",
        ),
        (
            {"src/shop/main.py": f"{MAIN}if 'site-' in __file__:\n    app.document['paths'].pop('/b')\n"},
            (),
            "failed",
            "serve, from the wheel, answers otherwise than here: /paths//b: lost",
        ),
        ({"src/shop/main.py": f"{MAIN}1 / 0\n"}, (), "unchecked", "in the project itself it does not start"),
    ],
)
def test_the_wheel_answers_as_the_project(
    project: Make,
    monkeypatch: pytest.MonkeyPatch,
    files: dict[str, str],
    exclude: tuple[str, ...],
    status: str,
    message: str,
) -> None:
    monkeypatch.setattr(start, "PATIENCE", 4.0)
    outcome = check(project(files, exclude=exclude))
    assert outcome is not None
    assert (outcome.check, outcome.status) == ("start outside the tree", status), outcome
    assert outcome.message.startswith(message)


def test_a_package_at_the_root_is_taken_out_of_the_copy(project: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start_away, "package_folder", lambda _: ("", "shop"))
    served: list[Path] = []

    def serve(how: start.Start, root: Path, *rest: object) -> Served:
        served.append(root)
        return start.serve(how, root, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(start_away, "serve", serve)
    outcome = check(project(reading("'pyproject.toml'"))._replace(memory=None))
    assert outcome is not None
    assert outcome.message == f"serve, from the wheel, in the project's folder only, {ANSWERED}"
    assert [root.name for root in served] == ["outside", "project"]


def test_a_difference_is_shown(project: Make) -> None:
    lost = f"{MAIN}if 'site-' in __file__:\n    app.document['paths'].pop('/b')\n"
    outcome = check(project({"src/shop/main.py": lost}))
    assert outcome is not None
    assert outcome.evidence == "/paths//b: lost"


def test_a_script_that_only_the_project_has_fails(project: Make) -> None:
    context = project()
    program = context.venv / "bin" / "serve"
    if program.exists():
        program.rename(program.with_name("other"))
        outcome = check(context._replace(script="other"))
        assert outcome is not None
        assert outcome[1:3] == ("failed", "the wheel brings no console script other")
    outcome = check(context._replace(script="gone"))
    assert outcome is not None
    assert outcome[1:3] == ("unchecked", "there is no console script gone")
    outcome = check(context._replace(script="", manage="manage.py"))
    assert outcome is not None
    assert outcome[1:3] == ("unchecked", "manage.py starts it, and no wheel holds that")


def test_without_a_wheel_there_is_nothing_to_start(project: Make) -> None:
    context = project()
    with (context.root / "backend.py").open("a", encoding="utf-8") as file:
        file.write("\ndef build_wheel(*_, **__):\n    1 / 0\n")
    outcome = check(context)
    assert outcome is not None
    assert outcome.status == "unchecked"
    assert outcome.message.startswith("there is no wheel: the project itself could not be built")


def test_without_network_nothing_is_installed(project: Make) -> None:
    context = project()
    environ = {name: value for name, value in context.uv.environ.items() if name != "UV_FIND_LINKS"}
    empty = {**environ, "UV_CACHE_DIR": str(context.root.parent / "empty"), "UV_FIND_LINKS": str(context.root)}
    with pytest.raises(UvError):
        check(context._replace(uv=Uv(context.uv.executable, context.uv.version, empty)))


def test_what_was_answered_and_built_before_is_used_again(project: Make, tmp_path: Path) -> None:
    context = project()
    memory = Memory(tmp_path, {}, {"start": Served(Answer(404, b""), None, True, "")}, {})
    outcome = check(context._replace(memory=memory))
    assert outcome is not None
    assert outcome[1:3] == ("failed", "serve, from the wheel, answers otherwise than here: HTTP 200, here 404")
    assert list(memory.wheels) == [False]
    first = memory.wheels[False]
    with wheel.installed(context._replace(memory=memory), "again", default_groups=True) as second:
        assert second.wheel == first.wheel
        assert second.venv != first.venv
    with wheel.installed(context._replace(memory=memory), "again") as third:
        assert third is first


def test_silence_is_like_nothing() -> None:
    silent = Served(None, 1, True, "")
    context = Context(Path(), Uv("uv", "0.13.0", {}))
    assert not start_away.same(context, silent, silent)
