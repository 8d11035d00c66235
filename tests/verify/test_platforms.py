"""What is locked has a file for each platform and Python that the project says it runs on."""

from collections.abc import Callable

import pytest

from trueup.tools.uv import UvError
from trueup.verify import Context, platforms
from trueup.verify.platforms import HERE, PLATFORMS, asked, declared, judged, made_with, pythons

Make = Callable[..., Context]
LINUX, MAC, WINDOWS = PLATFORMS[0], PLATFORMS[2], PLATFORMS[4]


def for_windows_alone(context: Context) -> Context:
    """The project, whose lock has a wheel of ``lib`` for Windows and no other file."""
    lock = context.root / "uv.lock"
    text = lock.read_text("utf-8")
    lock.write_text(text.replace("lib-2.0-py3-none-any.whl", "lib-2.0-py3-none-win_amd64.whl"), "utf-8")
    assert lock.read_text("utf-8") != text
    return context


def settings(context: Context, more: str) -> None:
    """Add to the project's settings; it no longer says which Python it needs: others than this one may be here."""
    path = context.root / "pyproject.toml"
    text = path.read_text("utf-8").replace('requires-python = ">=3.11"\n', "")
    path.write_text(text + more, "utf-8")


def test_a_package_that_an_image_cannot_install_is_told(project: Make) -> None:
    context = project()._replace(systems=("linux", "win32"))
    outcome = platforms.check(context)
    assert outcome is not None
    assert (outcome.status, outcome.message[:42]) == ("passed", "every package has a file for Linux, Window")
    settings(context, "")
    outcome = platforms.check(for_windows_alone(context))
    assert outcome is not None
    assert outcome[1:3] == ("unchecked", "lib 2.0: no file in uv.lock fits Linux")
    assert sorted(path.name for path in context.root.iterdir() if path.name.startswith(".")) == [".venv"]


def test_on_a_declared_platform_that_is_a_failure(project: Make) -> None:
    context = for_windows_alone(project())
    settings(context, "[tool.uv]\nenvironments = [\"sys_platform == 'win32'\", \"sys_platform == 'darwin'\"]\n")
    outcome = platforms.check(context._replace(systems=("linux",)))
    assert outcome is not None
    assert outcome[1:3] == ("failed", "lib 2.0: no file in uv.lock fits macOS")


def test_what_says_nothing_or_cannot_be_read_is_not_passed(project: Make) -> None:
    context = project(sync=False)
    settings(context, "")
    assert platforms.check(context) is None
    settings(context, "[tool.uv]\nenvironments = ['sys_platform = linux']\n")
    unread = platforms.check(context)
    assert unread is not None
    assert (unread.status, "cannot be read" in unread.message) == ("unchecked", True)
    (context.root / "uv.lock").unlink()
    assert platforms.check(context) is None


def test_pythons_are_those_that_the_project_names(project: Make) -> None:
    context = project()
    named = ["Programming Language :: Python :: 3", "Programming Language :: Python :: 3.13", "Framework :: FastAPI"]
    assert pythons({"project": {"requires-python": ">=3.9,<4", "classifiers": named}}) == ["3.13", "3.9"]
    assert pythons({}) == []
    assert made_with(context.venv).startswith("3.")
    assert made_with(context.root) == ""
    assert asked(context, context.root.parent / "none", HERE, "3.99") is None


def test_a_marker_means_the_usual_machine_of_each_system() -> None:
    def named(*environments: str) -> list[str]:
        return [item.words for item in declared({"tool": {"uv": {"required-environments": list(environments)}}})]

    assert named("sys_platform == 'linux'", "platform_system == 'Linux'") == ["Linux"]
    assert named("sys_platform == 'linux' and platform_machine == 'aarch64'") == ["Linux on ARM"]
    assert named("os_name == 'posix'") == ["Linux", "macOS"]
    assert declared({"tool": {"uv": {"environments": "sys_platform == 'win32'"}}}) == [WINDOWS]


@pytest.mark.parametrize(
    ("said", "only_seen", "status", "message"),
    [
        ([(LINUX, "", ""), (HERE, "3.13", "")], True, "passed", "every package has a file for Linux, this system with Python 3.13"),
        ([(LINUX, "", "a 1"), (MAC, "", "a 1")], True, "unchecked", "a 1: no file in uv.lock fits Linux; and 1 more"),
        ([(LINUX, "", ""), (HERE, "3.13", "a 1")], True, "failed", "a 1: no file in uv.lock fits this system with Python 3.13"),
        ([(HERE, "3.5", None)], False, "unchecked", "uv could not be asked for any Python that the project declares: a Python that fits is not here"),
        ([(LINUX, "", None), (HERE, "3.13", "")], True, "unchecked", "uv could not be asked for Linux: a Python that fits is not here"),
        ([(LINUX, "", ""), (HERE, "3.5", None)], True, "unchecked", "every package has a file for Linux; uv could not be asked for Python 3.5: not here"),
    ],
)  # fmt: skip
def test_what_uv_says_is_judged(
    said: list[tuple[platforms.Platform, str, str | None]], only_seen: bool, status: str, message: str
) -> None:
    assert judged(said, only_seen)[1:3] == (status, message)


def test_another_trouble_of_uv_is_none_of_the_lock(project: Make) -> None:
    context = project()
    (context.root / "uv.lock").write_text("version = 1\nnonsense", "utf-8")
    with pytest.raises(UvError):
        asked(context, context.root.parent / "none", LINUX, "")
