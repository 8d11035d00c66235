"""Processes end with all that they started, and start without what would steer them."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from trueup.errors import ToolError
from trueup.tools import process
from trueup.tools.process import Finished, Running, printable, real_path, run, scrubbed

HEARTBEAT = """
import subprocess, sys, time
beat = "import sys, time\\nwhile True:\\n open(sys.argv[1], 'a').write('x')\\n time.sleep(0.02)"
subprocess.Popen([sys.executable, "-c", beat, sys.argv[1]])
while sys.argv[2] != "leave":
    time.sleep(0.02)
"""


DEAF = "[signal.signal(getattr(signal, n), signal.SIG_IGN) for n in ('SIGTERM', 'SIGBREAK') if hasattr(signal, n)]"


def python(code: str, *args: str) -> list[str]:
    """An argv that runs Python code."""
    return [sys.executable, "-c", code, *args]


def silent_since(path: Path) -> bool:
    """Whether the heart has stopped: its file no longer grows."""
    size = path.stat().st_size
    time.sleep(0.2)
    return path.stat().st_size == size


def beating(path: Path) -> bool:
    """Wait until the grandchild is alive."""
    deadline = time.monotonic() + 10
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    return path.exists()


def test_output_code_and_time_are_told(tmp_path: Path) -> None:
    done = run(python("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"), tmp_path, timeout=30)
    assert (done.code, done.stdout.strip(), done.stderr.strip(), done.timed_out) == (3, "out", "err", False)
    assert done.seconds > 0
    assert not done.ok


def test_standard_input_is_closed_unless_given(tmp_path: Path) -> None:
    echo = python("import sys; print(repr(sys.stdin.read()))")
    assert run(echo, tmp_path, timeout=30).stdout.strip() == "''"
    assert run(echo, tmp_path, timeout=30, input=b"hello").stdout.strip() == "'hello'"


def test_it_runs_in_its_directory_with_exactly_its_environment(tmp_path: Path) -> None:
    code = "import os; print(os.getcwd()); print(os.environ.get('ONLY'), os.environ.get('HOME'))"
    lines = run(python(code), tmp_path, env={**needed(), "ONLY": "this"}, timeout=30).stdout.splitlines()
    assert Path(lines[0]).resolve() == tmp_path.resolve()
    assert lines[1] == "this None"


def needed() -> dict[str, str]:
    """What Windows needs to start any program."""
    return {name: os.environ[name] for name in ("SYSTEMROOT", "PATH") if name in os.environ}


def test_a_timeout_ends_the_whole_tree(tmp_path: Path) -> None:
    beat = tmp_path / "beat"
    done = run(python(HEARTBEAT, str(beat), "stay"), tmp_path, timeout=1.0)
    assert done.timed_out
    assert not done.ok
    assert beating(beat)
    assert silent_since(beat)


def test_ctrl_c_ends_the_whole_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beat = tmp_path / "beat"
    wait = Running.wait

    def interrupted(self: Running, seconds: float) -> bool:
        if seconds == 77:
            assert beating(beat)
            raise KeyboardInterrupt
        return wait(self, seconds)

    monkeypatch.setattr(Running, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(python(HEARTBEAT, str(beat), "stay"), tmp_path, timeout=77)
    assert silent_since(beat)


def test_a_child_left_behind_that_holds_the_pipe_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "GRACE", 0.3)
    beat = tmp_path / "beat"
    done = run(python(HEARTBEAT, str(beat), "leave"), tmp_path, timeout=60)
    assert done.code == 0
    assert done.seconds < 10
    assert beating(beat)
    assert silent_since(beat)


@pytest.mark.parametrize(("code", "gentle"), [("", True), (DEAF, False)])
def test_stopping_asks_before_it_forces(tmp_path: Path, code: str, gentle: bool) -> None:
    running = Running(python(f"import signal, time; {code}\nprint('up', flush=True)\ntime.sleep(60)"), tmp_path)
    while "up" not in running.said():
        time.sleep(0.02)
    assert not running.wait(0)
    assert running.stop(grace=0.5) is gentle
    assert running.code is not None
    assert running.stop(grace=0.5)


def test_of_much_output_the_end_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "OUTPUT_LIMIT", 1000)
    done = run(python("for i in range(1000): print(f'{i:09}')"), tmp_path, timeout=30)
    lines = done.stdout.splitlines()
    assert re.fullmatch(r"\[\d+ bytes left out\]", lines[0])
    assert lines[-1] == "000000999"
    assert 1000 <= sum(len(line) + 1 for line in lines[1:]) <= 1011


def test_bytes_that_are_no_text_are_shown(tmp_path: Path) -> None:
    done = run(python("import sys; sys.stdout.buffer.write(b'caf\\xc3\\xa9 \\xff')"), tmp_path, timeout=30)
    assert done.stdout == "café \\xff"


def test_each_line_is_heard(tmp_path: Path) -> None:
    heard: list[str] = []
    run(python("import sys; print('a'); print('b', file=sys.stderr)"), tmp_path, timeout=30, on_line=heard.append)
    assert sorted(heard) == ["a", "b"]


@pytest.mark.parametrize("program", ["no-such-program-here", "nul\0inside"])
def test_what_cannot_be_started_is_a_tool_error(tmp_path: Path, program: str) -> None:
    with pytest.raises(ToolError, match="could not be started"):
        run([program], tmp_path, timeout=5)


def test_a_missing_directory_is_a_tool_error(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="could not be started"):
        run(python(""), tmp_path / "gone", timeout=5)


def test_on_windows_the_group_gets_a_break_and_the_tree_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[object] = []
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(signal, "CTRL_BREAK_EVENT", 1, raising=False)
    monkeypatch.setattr(os, "kill", lambda pid, number: called.append((pid, number)))
    monkeypatch.setattr(subprocess, "run", lambda argv, **_: called.append([argv[0].stem, *argv[1:]]))
    process.end_group(4711, force=False)
    process.end_group(4711, force=True)
    assert called == [(4711, 1), ["taskkill", "/F", "/T", "/PID", "4711"]]


def test_the_tail_is_the_last_that_was_said_safe_to_print() -> None:
    done = Finished(("x",), 1, "one\n\ntwo\n", "\x1b[31mthree\x1b[0m\r\nfour\x07\n", 0.0)
    assert done.tail(3) == "two\nthree\nfour\\x07"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;title\x07plain", "plain"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("a\u202eb", "a\\u202eb"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("\x1b", "\\x1b"),
        ("grüße", "grüße"),
    ],
)
def test_nothing_that_steers_a_terminal_is_printed(text: str, shown: str) -> None:
    assert printable(text) == shown


DROPPED = [
    "PYTHONPATH", "PYTHONSAFEPATH", "__PYVENV_LAUNCHER__", "VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "CONDA_PREFIX",
    "PYENV_VERSION", "PYENV_DIR", "PIP_INDEX_URL", "PYTEST_ADDOPTS", "PYTEST_CURRENT_TEST", "PYTEST_XDIST_WORKER",
    "COVERAGE_PROCESS_START", "UV_PYTHON", "UV_PROJECT_ENVIRONMENT", "UV_NO_SYNC", "UV_FROZEN", "UV_LOCKED", "UV_PUBLISH_TOKEN",
    "GITHUB_TOKEN", "GH_TOKEN", "AWS_SECRET_ACCESS_KEY", "TWINE_PASSWORD", "MY_PYPI_API_TOKEN", "CI_JOB_TOKEN",
]  # fmt: skip
KEPT = [
    "HOME", "LANG", "SECRET_KEY", "DATABASE_URL", "PYENV_ROOT", "UV_INDEX_URL", "UV_EXCLUDE_NEWER", "UV_CACHE_DIR",
    "UV_PYTHON_DOWNLOADS", "UV_OFFLINE", "HTTPS_PROXY", "SSL_CERT_FILE", "SSH_AUTH_SOCK", "MYPYTHON",
]  # fmt: skip


def test_what_steers_or_leaks_is_dropped_and_the_rest_kept() -> None:
    assert list(scrubbed(dict.fromkeys([*DROPPED, *KEPT], "x"), {})) == KEPT


def test_what_the_user_hands_over_wins() -> None:
    clean = scrubbed({"SECRET_KEY": "old", "PYTHONPATH": "x"}, {"SECRET_KEY": "new", "PYTHONPATH": "y"})
    assert clean == {"SECRET_KEY": "new", "PYTHONPATH": "y"}


def test_an_active_environment_leaves_the_path(tmp_path: Path) -> None:
    path = os.pathsep.join([str(tmp_path / "venv" / "bin"), "/usr/bin"])
    assert scrubbed({"PATH": path, "VIRTUAL_ENV": str(tmp_path / "venv")}, {}) == {"PATH": "/usr/bin"}


def test_shims_give_way_to_the_interpreters_behind_them(tmp_path: Path) -> None:
    for version in ("2.7.18", "3.9.18", "3.12.1", "3.10.2", "my-env", "pypy3.10-7.3"):
        (tmp_path / "versions" / version / "bin").mkdir(parents=True)
    (tmp_path / "versions" / "3.11.0").mkdir()
    (tmp_path / "shims").mkdir()
    path = real_path(os.pathsep.join(["/before", str(tmp_path / "shims"), "/after"]))
    between = ["3.12.1/bin", "3.11.0", "3.10.2/bin", "3.9.18/bin"]
    assert path.split(os.pathsep) == ["/before", *(str(tmp_path / "versions" / Path(p)) for p in between), "/after"]


def test_a_folder_called_shims_that_is_not_pyenvs_stays(tmp_path: Path) -> None:
    (tmp_path / "shims").mkdir()
    assert real_path(str(tmp_path / "shims")) == str(tmp_path / "shims")


def test_a_process_that_falls_silent_is_ended(tmp_path: Path) -> None:
    source = "import sys, time\nsys.stdout.write('.'); sys.stdout.flush()\ntime.sleep(60)\n"
    done = run([sys.executable, "-c", source], tmp_path, timeout=50, silence=2)
    assert done.timed_out
    assert done.stdout == "."
    assert done.seconds < 30


def test_one_that_goes_on_speaking_is_not(tmp_path: Path) -> None:
    source = "import sys, time\nfor _ in range(6):\n    sys.stdout.write('.'); sys.stdout.flush(); time.sleep(0.5)\n"
    done = run([sys.executable, "-c", source], tmp_path, timeout=50, silence=2)
    assert done.ok
    assert done.stdout == "......"
