"""uv is found, called quietly, and its failures told apart."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from wheels import fake_program, make_wheel, offline_uv

from trueup.errors import ToolError
from trueup.tools.process import Finished
from trueup.tools.uv import Uv, UvError, activated, failure, find_uv, venv_program, venv_python

CONFLICT = """error: No solution found when resolving dependencies
  cause: Because fastapi==0.112.0 depends on starlette>=0.37.2,<0.38.0 and your project depends on fastapi==0.112.0, X.
         And because your project depends on starlette>=1.0, we can conclude that your project's requirements are
         unsatisfiable.
"""
DRAWN = """  \u00d7 No solution found when resolving dependencies:
  ╰─▶ Because there is no version of idna==99.0 and your project depends on idna==99.0, we can conclude that
      your project's requirements are unsatisfiable.
"""
DISABLED = """error: No solution found when resolving dependencies
  cause: Because fastapi was not found in the cache and your project depends on fastapi==0.112.0, X.

hint: Packages were unavailable because the network was disabled. When the network is disabled, registry packages may
"""
REFUSED = """error: Request failed after 3 retries in 9.5s
  cause: Failed to fetch: http://127.0.0.1:9/simple/idna/
  cause: error sending request for url (http://127.0.0.1:9/simple/idna/)
  cause: client error (Connect)
  cause: tcp connect error
  cause: Connection refused (os error 111)
"""
NAMELESS = """error: Failed to fetch: http://nosuchhost.invalid/simple/idna/
  Caused by: error sending request for url (http://nosuchhost.invalid/simple/idna/)
  Caused by: dns error
"""
NO_PYTHON = """error: No interpreter found for Python 3.14 in managed installations or search path

hint: A managed Python download is available for Python 3.14, but Python downloads are set to 'never'
"""
NO_DOWNLOAD = """error: Request failed after 3 retries in 6.7s
  cause: Failed to download `https://github.com/astral-sh/python-build-standalone/releases/download/x.tar.gz`
  cause: dns error
"""
BUILD = """error: Failed to build `pydantic-core==2.10.1`
  cause: The build backend returned an error
  cause: Call to `maturin.build_wheel` failed (exit status: 1)

         [stdout]
         Running `maturin`

         [stderr]
             Updating crates.io index
         warning: spurious network error: Could not resolve hostname; dns error; Connection refused
         ImportError: no Rust here

hint: `pydantic-core` (v2.10.1) was included because `p3` (v0.1) depends on `pydantic`
"""
OWN_BUILD = """Traceback (most recent call last):
  File "<string>", line 11, in <module>
OSError: Readme file does not exist: README.md
error: Failed to build `/somewhere/shop`
  cause: Call to `hatchling.build.build_wheel` failed (exit status: 1)
"""
STALE = "error: The lockfile at `uv.lock` needs to be updated, but `--check` was provided.\n\nhint: run `uv lock`.\n"
MISSING = (
    "error: Unable to find lockfile at `uv.lock`, but `--locked` was provided. To create a lockfile, run `uv lock`."
)
BROKEN = """error: Failed to parse: pyproject.toml
  cause: TOML parse error at line 1, column 3
           |
         1 | [[
           |   ^
         unquoted keys cannot be empty
"""


GIT = """error: Failed to download and build `cjdb @ git+https://x.invalid/cjdb.git`
  cause: Git operation failed
  cause: process didn't exit successfully: `git fetch` (exit status: 128)
         --- stderr
         fatal: unable to access 'https://x.invalid/cjdb.git/'
"""
HASH = """error: Failed to download `six==1.16.0`
  cause: Hash mismatch for `six==1.16.0`
  cause: Expected:
           sha256:00
         Computed:
           sha256:8a
"""


def failed(stderr: str, *, timed_out: bool = False) -> UvError:
    """The error for what uv said."""
    return failure(Finished(("/bin/uv", "--quiet", "lock"), 2, "", stderr, 4.0, timed_out))


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        (CONFLICT, "conflict", "cannot all be met: Because fastapi==0.112.0 depends on starlette>=0.37.2,<0.38.0"),
        (DRAWN, "conflict", "Because there is no version of idna==99.0 and your project depends on idna==99.0"),
        (DISABLED, "network", "told to stay offline"),
        (REFUSED, "network", "Connection refused"),
        (NAMELESS, "network", "dns error"),
        ("error: HTTP status server error (503 Service Unavailable) for url (x)", "network", "503"),
        (NO_PYTHON, "interpreter", "No interpreter found for Python 3.14"),
        (NO_DOWNLOAD, "interpreter", "no Python that fits"),
        (BUILD, "build", "pydantic-core==2.10.1 could not be built: ImportError: no Rust here"),
        (OWN_BUILD, "build", "the project itself could not be built: OSError: Readme file does not exist"),
        ("error: Failed to build `x==1`\n  cause: dns error", "network", "no network"),
        (
            "error: Failed to download and build `x==1`\n  cause: it is odd",
            "build",
            "x==1 could not be built: it is odd",
        ),
        (GIT, "network", "a git repository cannot be read: Failed to download and build `cjdb @ git+https://x.invalid"),
        (
            "error: Failed to build `x @ git+https://x/y`\n  cause: it is odd",
            "build",
            "x could not be built: it is odd",
        ),
        ("error: Failed to build something", "build", "a dependency could not be built: Failed to build something"),
        (STALE, "stale", "uv.lock does not fit"),
        (MISSING, "stale", "uv.lock does not fit"),
        ("error: The environment is outdated; run `uv sync`", "outdated", "differs from uv.lock"),
        (BROKEN, "project", "uv cannot read the project: Failed to parse: pyproject.toml"),
        ("warning: odd\nerror: Something new\n", "other", "uv lock failed: Something new"),
        (HASH, "other", "uv lock failed: Failed to download `six==1.16.0`: Hash mismatch for `six==1.16.0`"),
        ("", "other", "uv lock failed: it said nothing"),
    ],
)
def test_failures_are_told_apart(said: str, kind: str, words: str) -> None:
    error = failed(said)
    assert (error.kind, words in str(error)) == (kind, True), str(error)
    assert "\n" not in str(error)
    assert error.output == said.strip()


def test_what_a_backend_prints_is_not_taken_for_what_uv_says() -> None:
    assert failed(BUILD).kind == "build"
    assert "Python" in failed(BUILD).hint
    assert failed(OWN_BUILD).hint == ""


def test_a_long_explanation_is_cut() -> None:
    error = failed(f"error: No solution found\n  cause: Because {'a' * 2000}")
    assert len(error.explanation) == 500
    assert error.explanation.endswith("…")
    assert len(error.output) > 2000


def test_a_timeout_says_so() -> None:
    assert (failed("", timed_out=True).kind, str(failed("", timed_out=True))) == (
        "timeout",
        "uv lock did not end in 4 s",
    )


TALK = "import json, os, sys\nprint(json.dumps([sys.argv[1:], os.environ.get('UV_PYTHON'), os.getcwd()]))\n"


def answering(directory: Path, version: str, code: int = 0) -> Path:
    """A uv that only knows its version."""
    return fake_program(directory, "uv", f"print('uv {version} (somewhere)'); raise SystemExit({code})")


def path_of(*directories: Path) -> dict[str, str]:
    """An environment whose PATH has these, and what a shell script needs."""
    system = {name: os.environ[name] for name in ("SYSTEMROOT", "COMSPEC", "PATHEXT") if name in os.environ}
    return {**system, "PATH": os.pathsep.join(str(directory) for directory in directories)}


def test_the_first_uv_on_path_that_works_is_taken(tmp_path: Path) -> None:
    answering(tmp_path / "old", "0.10.12")
    answering(tmp_path / "shim", "0.13.0", code=127)
    fake_program(tmp_path / "odd", "uv", "print('hello')")
    good = answering(tmp_path / "good", "0.11.0")
    answering(tmp_path / "later", "0.13.0")
    found = find_uv(path_of(*(tmp_path / name for name in ("old", "shim", "odd", "good", "later"))), {"A": "b"})
    assert (found.executable, found.version) == (str(good), "0.11.0")
    assert found.environ["A"] == "b"


def test_without_one_on_path_the_bundled_one_is_taken() -> None:
    found = find_uv(path_of())
    assert Path(found.executable).stem == "uv"
    assert found.version.count(".") == 2


def test_without_any_the_error_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uv", None)
    broken = tmp_path / "broken" / "uv"
    broken.parent.mkdir()
    broken.write_bytes(b"\0 no program")
    broken.chmod(0o755)
    with pytest.raises(ToolError, match=r"no uv 0\.11 or newer was found: install it"):
        find_uv(path_of(broken.parent))


def fake(tmp_path: Path, source: str) -> Uv:
    """A uv that runs Python source."""
    return Uv(str(fake_program(tmp_path / "fake", "uv", source)), "0.13.0", dict(os.environ) | {"UV_PYTHON": "theirs"})


def test_calls_are_quiet_and_take_the_interpreter_asked_for(tmp_path: Path) -> None:
    uv = fake(tmp_path, TALK)
    quiet = '["--quiet", "--no-progress", "--color", "never", "lock"], "theirs"'
    assert quiet in uv.call("lock", cwd=tmp_path).stdout
    assert '"mine"' in uv.call("lock", cwd=tmp_path, python="mine").stdout
    assert "--quiet" not in uv.call("export", cwd=tmp_path, quiet=False).stdout


RECORD = "import pathlib, sys\npathlib.Path('said').write_text(' '.join(sys.argv[5:]))\n"


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda uv, at: uv.lock(at), "lock"),
        (lambda uv, at: uv.lock(at, upgrade=True, offline=True), "lock --upgrade --offline"),
        (lambda uv, at: uv.lock_check(at), "lock --check"),
        (lambda uv, at: uv.sync(at), "sync --locked"),
        (lambda uv, at: uv.sync(at, locked=False, every=("groups",)), "sync --frozen --all-groups"),
        (lambda uv, at: uv.sync(at, groups=("a", "b")), "sync --locked --group=a --group=b"),
        (lambda uv, at: uv.pip_install(Path("py"), "x", cwd=at), "pip install --python py x"),
    ],
)
def test_each_verb_says_what_it_means(tmp_path: Path, call: object, said: str) -> None:
    assert callable(call)
    call(fake(tmp_path, RECORD), tmp_path)
    assert (tmp_path / "said").read_text("utf-8") == said


def test_a_build_that_writes_no_wheel_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(ToolError, match="wrote no wheel"):
        fake(tmp_path, "").build_wheel(tmp_path, tmp_path / "out")


FINDS_AFTER_INSTALL = """
import pathlib, sys
marker = pathlib.Path(__file__).with_name("installed")
if "install" in sys.argv:
    marker.touch()
elif marker.exists():
    print("/there/python3.14")
else:
    sys.exit("error: No interpreter found for Python 3.14")
"""


def test_an_interpreter_is_downloaded_where_the_user_allows_it(tmp_path: Path) -> None:
    uv = fake(tmp_path, FINDS_AFTER_INSTALL)
    never = Uv(uv.executable, uv.version, uv.environ | {"UV_PYTHON_DOWNLOADS": "never"})
    with pytest.raises(UvError, match=r"no Python 3\.14 on this machine.*uv python install 3\.14") as caught:
        never.find_python("3.14")
    assert caught.value.kind == "interpreter"
    free = Uv(uv.executable, uv.version, {k: v for k, v in uv.environ.items() if k != "UV_PYTHON_DOWNLOADS"})
    assert free.find_python("3.14") == "/there/python3.14"


def test_an_interpreter_that_cannot_be_downloaded_is_missing(tmp_path: Path) -> None:
    uv = fake(tmp_path, "import sys; sys.exit('error: dns error')")
    uv.environ.pop("UV_PYTHON_DOWNLOADS", None)
    with pytest.raises(UvError, match="none could be downloaded") as caught:
        uv.find_python("3.14")
    assert caught.value.kind == "interpreter"


def test_a_path_is_an_interpreter(tmp_path: Path) -> None:
    assert fake(tmp_path, "").find_python(sys.executable) == sys.executable


def test_the_running_version_is_found_by_the_real_uv(tmp_path: Path) -> None:
    uv = offline_uv(tmp_path / "house", tmp_path / "cache")
    found = uv.find_python(f"{sys.version_info[0]}.{sys.version_info[1]}")
    answer = subprocess.run([found, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, check=True)
    assert answer.stdout.split() == [str(part).encode() for part in sys.version_info[:2]]


def test_a_project_is_locked_synced_and_drifts(tmp_path: Path) -> None:
    house, root = tmp_path / "house", tmp_path / "project"
    make_wheel(house, "one", "1.0")
    make_wheel(house, "two", "2.0")
    uv = offline_uv(house, tmp_path / "cache")
    root.mkdir()
    manifest = '[project]\nname = "p"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = [{}]\n'
    (root / "pyproject.toml").write_text(manifest.format('"one"'), "utf-8")
    with pytest.raises(UvError) as missing:
        uv.lock_check(root, python=sys.executable)
    uv.lock(root, python=sys.executable)
    uv.lock_check(root, python=sys.executable)
    uv.sync(root, python=sys.executable)
    uv.sync_check(root)
    assert "one==1.0" in uv.export(root)
    uv.pip_install(venv_python(root / ".venv"), "two", cwd=root)
    with pytest.raises(UvError) as drifted:
        uv.sync_check(root)
    (root / "pyproject.toml").write_text(manifest.format('"one", "two"'), "utf-8")
    with pytest.raises(UvError) as stale:
        uv.lock_check(root)
    (root / "pyproject.toml").write_text(manifest.format('"three"'), "utf-8")
    with pytest.raises(UvError) as unknown:
        uv.lock(root)
    assert [error.value.kind for error in (missing, drifted, stale)] == ["stale", "outdated", "stale"]
    assert "- two==2.0" in drifted.value.output
    assert unknown.value.kind in ("conflict", "network")


def test_an_empty_cache_without_network_is_no_network(tmp_path: Path) -> None:
    uv = offline_uv(tmp_path / "house", tmp_path / "cache")
    del uv.environ["UV_NO_INDEX"], uv.environ["UV_FIND_LINKS"]
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "p"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["idna"]\n', "utf-8"
    )
    with pytest.raises(UvError, match="no network") as caught:
        uv.lock(tmp_path, python=sys.executable)
    assert caught.value.kind == "network"


def test_a_dead_index_is_no_network(tmp_path: Path) -> None:
    uv = offline_uv(
        tmp_path / "house", tmp_path / "cache", UV_INDEX_URL="http://127.0.0.1:9/simple", UV_HTTP_RETRIES="0"
    )
    for name in ("UV_NO_INDEX", "UV_FIND_LINKS", "UV_OFFLINE"):
        del uv.environ[name]
    python = uv.venv(tmp_path / "venv", python=sys.executable)
    with pytest.raises(UvError, match="does not answer") as caught:
        uv.pip_install(python, "idna", cwd=tmp_path)
    assert caught.value.kind == "network"


def test_an_environment_is_activated_by_its_path(tmp_path: Path) -> None:
    environ = activated({"PATH": "/usr/bin", "A": "b"}, tmp_path)
    assert environ["PATH"].split(os.pathsep) == [str(venv_python(tmp_path).parent), "/usr/bin"]
    assert (environ["VIRTUAL_ENV"], environ["A"]) == (str(tmp_path), "b")
    assert activated({}, tmp_path)["PATH"] == str(venv_python(tmp_path).parent)


def test_on_windows_programs_lie_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert venv_program(tmp_path, "shop") == tmp_path / "Scripts" / "shop.exe"
    monkeypatch.setattr(sys, "platform", "linux")
    assert venv_program(tmp_path, "shop") == tmp_path / "bin" / "shop"


AUDITED = '{"vulnerabilities": %s, "adverse_statuses": %s}'


@pytest.mark.parametrize(
    ("said", "code", "accepted"),
    [
        (AUDITED % ("[]", "[]"), 0, True),
        (AUDITED % ("[]", '[{"status": "archived"}]'), 0, True),
        (AUDITED % ('[{"id": "A"}]', "[]"), 1, True),
        (AUDITED % ("[]", '[{"status": "archived"}]'), 1, True),
        (AUDITED % ('[{"id": "A"}]', "[]"), 0, False),
        (AUDITED % ("[]", "[]"), 1, False),
        (AUDITED % ("[]", "[]"), 2, False),
        (AUDITED % ("{}", "[]"), 0, False),
        (AUDITED % ("[]", "{}"), 0, False),
        ("[]", 0, False),
        ("{}", 0, False),
        ("", 0, False),
    ],
)
def test_an_audit_counts_when_code_and_answer_tell_the_same(
    tmp_path: Path, said: str, code: int, accepted: bool
) -> None:
    uv = fake(tmp_path, f"import sys\nprint({said!r})\nsys.exit({code})")
    try:
        found = uv.audit(tmp_path, service="", timeout=30, patience=3)
    except UvError:
        assert not accepted
    else:
        assert accepted
        assert set(found) == {"vulnerabilities", "adverse_statuses"}


def test_an_audit_names_its_service_and_uses_no_cache(tmp_path: Path) -> None:
    with pytest.raises(UvError):
        fake(tmp_path, RECORD.replace("5:", "4:")).audit(
            tmp_path, service="https://osv.example", timeout=30, patience=3
        )
    said = (tmp_path / "said").read_text("utf-8")
    assert said.startswith("--no-cache audit --frozen --output-format json --preview-features ")
    assert said.endswith(" --service-url https://osv.example")


def test_the_lock_is_written_in_other_forms(tmp_path: Path) -> None:
    uv = offline_uv(tmp_path / "house", tmp_path / "cache")
    make_wheel(tmp_path / "house", "lib", "1.0")
    manifest = '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["lib"]\n'
    (tmp_path / "pyproject.toml").write_text(manifest, "utf-8")
    uv.lock(tmp_path, python=sys.executable)
    uv.export_to(tmp_path, "cyclonedx1.5", tmp_path / "bill.json", default_groups=False)
    uv.export_to(tmp_path, "pylock.toml", tmp_path / "pylock.toml", default_groups=True)
    bill = json.loads((tmp_path / "bill.json").read_text("utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    assert [item["name"] for item in bill["components"]] == ["lib"]
    listed = tomllib.loads((tmp_path / "pylock.toml").read_text("utf-8"))["packages"]
    assert "lib" in [package["name"] for package in listed]


def test_a_lock_whose_extras_do_not_go_together_is_not_installed_with_all_of_them(tmp_path: Path) -> None:
    uv = offline_uv(tmp_path / "house", tmp_path / "cache")
    for version in ("1.0", "2.0"):
        make_wheel(tmp_path / "house", "lib", version)
    manifest = """[project]
name = "shop"
version = "1"
requires-python = ">=3.11"
dependencies = ["lib"]
[project.optional-dependencies]
old = ["lib<2"]
new = ["lib>=2"]
[tool.uv]
conflicts = [[{ extra = "old" }, { extra = "new" }]]
"""
    (tmp_path / "pyproject.toml").write_text(manifest, "utf-8")
    uv.lock(tmp_path, python=sys.executable)
    aside, cache = tmp_path / "aside", tmp_path / "cache aside"
    with pytest.raises(UvError):
        uv.sync_aside(tmp_path, aside, cache, ["shop"], everything=True, python=sys.executable)
    uv.sync_aside(tmp_path, aside, cache, ["shop"], everything=False, python=sys.executable)
    assert "lib" in uv.installed(venv_python(tmp_path / "aside"))
    assert not (tmp_path / ".venv").exists()
