"""What was edited together with its RECORD is told by the wheel that the lock names."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from wheels import record

from trueup.tools.uv import Uv, UvError, venv_python
from trueup.verify import Context, installed, original
from trueup.verify.environment import MISSING

Make = Callable[..., Context]
FILE = 'wheels = [{ url = "https://files.pythonhosted.org/p/lib-1.0-py3-none-any.whl?x#y", hash = "sha256:a" }]'
LOCK = f"""version = 1
[[package]]
name = "lib"
version = "1.0"
source = {{ registry = "https://pypi.org/simple" }}
{FILE}
[[package]]
name = "source-only"
version = "1.0"
source = {{ registry = "https://pypi.org/simple" }}
sdist = {{ url = "https://files.pythonhosted.org/p/source_only-1.0.tar.gz", hash = "sha256:b" }}
[[package]]
name = "forked"
version = "1.0"
source = {{ git = "https://example.com/forked" }}
[[package]]
name = "shop"
version = "1"
source = {{ editable = "." }}
"""
FILES = {"lib.py": "x = 1\n", "lib-1.0.dist-info/WHEEL": "Tag: py3-none-any\n", "../../../bin/lib": "#!/a\n"}
SAME = "3 files of 1 packages are those of the wheels that uv.lock names"


class Again(Uv):
    """A uv that installs what it is told, or fails as often as it is told."""

    files: dict[str, str]
    problems: list[UvError]
    without: list[list[str]]

    def sync_aside(
        self, root: Path, venv: Path, cache: Path, without: Sequence[str], *, everything: bool, python: str
    ) -> None:
        """Draw the environment."""
        self.without.append([*without, *(["all"] if everything else [])])
        if self.problems:
            raise self.problems.pop(0)
        if "lib" not in without:
            put(venv, "lib", self.files)


def put(venv: Path, name: str, files: dict[str, str], more: str = "") -> Path:
    """Install by hand; ``more`` are further lines of the RECORD. Gives the folder of the packages."""
    site = venv / "lib" / "python3.13" / "site-packages"
    for path, text in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text, "utf-8")
    info = site / f"{name}-1.0.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "RECORD").write_text(record(files) + f"{info.name}/RECORD,,\n{more}", "utf-8")
    return site


@pytest.fixture
def context(tmp_path: Path) -> Context:
    """A project with ``lib`` installed, and a uv that installs the same once more."""
    again = Again("uv", "0.13.9", {})
    again.files, again.problems, again.without = dict(FILES), [], []
    found = Context(tmp_path, again)
    put(found.venv, "lib", FILES | {"../../../bin/lib": "#!/another/place\n"}, "__pycache__/lib.cpython-313.pyc,,\n")
    venv_python(found.venv).parent.mkdir(parents=True, exist_ok=True)
    venv_python(found.venv).touch()
    (tmp_path / "uv.lock").write_text(LOCK, "utf-8")
    return found


def again_of(context: Context) -> Again:
    """The uv of the fixture."""
    assert isinstance(context.uv, Again)
    return context.uv


def test_the_same_wheel_passes_and_scripts_may_name_their_environment(context: Context) -> None:
    assert original.check(context)[1:3] == ("passed", SAME)
    assert again_of(context).without == [["forked", "shop", "source-only", "all"]]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"lib.py": "x = 2\n"}, "lib.py is not that of the wheel, and its RECORD was edited too"),
        ({"more.py": ""}, "more.py is in its RECORD, and not in the wheel"),
        ({"lib-1.0.dist-info/WHEEL": "Tag: cp313"}, "it is not the wheel that uv.lock names, but another one, or was "),
    ],
)
def test_an_edited_record_is_told(context: Context, change: dict[str, str], said: str) -> None:
    put(context.venv, "lib", FILES | change)
    assert installed.compared(context.venv, {item: installed.record(item) for item in items(context)}).drift == ()
    outcome = original.check(context)
    assert outcome.status == "failed"
    assert outcome.message.startswith(f"lib 1.0: {said}")
    assert outcome.message.count("lib 1.0") == 1


def items(context: Context) -> list[installed.Distribution]:
    """What is installed."""
    return list(installed.distributions(installed.site_packages(context.venv)[0]))


def test_a_line_taken_out_of_the_record_is_told(context: Context) -> None:
    again_of(context).files["lib_more.py"] = "y = 1\n"
    assert original.check(context)[1:3] == ("failed", "lib 1.0: lib_more.py is in the wheel, and not in its RECORD")


@pytest.mark.parametrize("name", ["source-only", "forked"])
def test_what_was_built_here_cannot_be_had_again(context: Context, name: str) -> None:
    put(context.venv, name.replace("-", "_"), {"other.py": ""})
    kind = "git" if name == "forked" else "registry"
    assert original.check(context)[1:3] == ("unchecked", f"{name} 1.0: uv.lock names no wheel of it ({kind}); {SAME}")


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("error: Distribution `lib==1.0 @ registry+https://x` can't be installed because it is marked as `--no-build` "
         "but has no binary distribution", "no wheel of it fits"),
        ("error: Failed to download `lib==1.0`\n  cause: Hash mismatch for `lib==1.0`", "its hash is another one than"),
        ("error: Failed to download `lib==1.0`\n  cause: 404", "explained"),
    ],
)  # fmt: skip
def test_a_package_that_cannot_be_had_again_is_left_out_and_told(context: Context, output: str, said: str) -> None:
    again = again_of(context)
    again.problems = [UvError("other", "uv failed", explanation="explained", output=output)]
    outcome = original.check(context)
    assert outcome.status == ("failed" if "hash" in said else "unchecked")
    assert outcome.message.startswith(f"lib 1.0: it cannot be had again ({said}")
    assert again.without[-1] == ["forked", "lib", "shop", "source-only", "all"]


@pytest.mark.parametrize(
    ("kind", "times", "output"),
    [("network", 1, "Failed to download `lib==1.0`"), ("other", 2, "odd"), ("timeout", 1, "")],
)
def test_without_an_answer_it_is_not_made(context: Context, kind: str, times: int, output: str) -> None:
    problem = UvError(kind, "uv failed", output=output)  # type: ignore[arg-type]
    again_of(context).problems = [problem] * times
    with pytest.raises(UvError):
        original.check(context)


def test_groups_that_do_not_go_together_are_left_out(context: Context) -> None:
    again_of(context).problems = [UvError("conflict", "extras are incompatible")]
    assert original.check(context).status == "passed"
    assert again_of(context).without == [["forked", "shop", "source-only", "all"], ["forked", "shop", "source-only"]]


def test_a_package_that_is_refused_twice_ends_it(context: Context) -> None:
    again_of(context).problems = [UvError("other", "uv failed", output="Failed to prepare `lib==1.0`")] * 2
    with pytest.raises(UvError):
        original.check(context)


def test_what_does_not_compare_is_said(context: Context) -> None:
    site = put(context.venv, "lib", FILES)
    (site / "lib-1.0.dist-info").rename(site / "lib-0.9.dist-info")
    assert original.check(context).message.startswith("lib 0.9: uv.lock names 1.0; 0 files of 0 packages")
    (site / "lib-0.9.dist-info").rename(site / "lib-1.0.dist-info")
    (site / "lib-1.0.dist-info" / "RECORD").unlink()
    assert original.check(context).message.startswith("lib 1.0: it has no RECORD that can be read")
    (context.root / "uv.lock").write_text(LOCK.replace('"source-only"', '"extra"').replace("sdist", FILE + "\nsdist"))
    put(context.venv, "extra", {"other.py": ""})
    assert "extra 1.0: uv sync does not install it" in original.check(context).message
    (context.root / "uv.lock").unlink()
    assert original.check(context).message.startswith("there is no lock that can be read: ")
    venv_python(context.venv).unlink()
    assert original.check(context).message == MISSING


def test_where_nothing_comes_from_a_wheel_nothing_is_known(context: Context) -> None:
    (context.root / "uv.lock").write_text("version = 1\n", "utf-8")
    said = ("unchecked", "nothing that is installed comes from a wheel of uv.lock")
    assert original.check(context)[1:3] == said


@pytest.mark.parametrize(
    ("text", "version", "failed"), [("a\n", "0.13.9", False), ("b\n", "0.13.9", True), ("b\n", "0.13.8", False)]
)
def test_what_uv_starts_with_each_environment_is_as_uv_writes_it(
    context: Context, text: str, version: str, *, failed: bool
) -> None:
    again_of(context).files["_virtualenv.py"] = "a\n"
    again_of(context).files["../../../pyvenv.cfg"] = "uv = 0.13.9\n"
    site = put(context.venv, "lib", FILES | {"_virtualenv.py": "a\n", "../../../pyvenv.cfg": f"uv = {version}\n"})
    (site / "_virtualenv.py").write_text(text, "utf-8")
    said = "_virtualenv.py: starts with Python, and is not what uv writes"
    assert (original.check(context).message == said) is failed


def test_uv_installs_the_locked_wheels_apart_past_its_cache(project: Make) -> None:
    context = project()
    before = {path.name for path in context.root.iterdir()}
    assert original.check(context).status == "passed"
    assert {path.name for path in context.root.iterdir()} == before
    site = installed.site_packages(context.venv)[0]
    text = '__version__ = "2.0"\nstolen = True\n'
    rows = [
        line for line in (site / "lib-2.0.dist-info/RECORD").read_text("utf-8").splitlines() if "lib.py" not in line
    ]
    (site / "lib.py").write_text(text, "utf-8")
    (site / "lib-2.0.dist-info/RECORD").write_text("\n".join(rows) + "\n" + record({"lib.py": text}), "utf-8")
    assert installed.check(context).status == "passed"
    outcome = original.check(context)
    assert outcome[1:3] == ("failed", "lib 2.0: lib.py is not that of the wheel, and its RECORD was edited too")
