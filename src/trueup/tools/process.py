"""Start a process, hear it, end it with all that it started; and the environment it starts in."""

from __future__ import annotations

import math
import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING

from trueup.errors import ToolError
from trueup.model.noun import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

CHUNK = 65_536
OUTPUT_LIMIT = 1_000_000  # bytes kept of each stream: its end
GRACE = 3.0  # seconds between asking a process to end and ending it


class Finished(NamedTuple):
    """A process that ended. ``code`` is negative for a signal (POSIX); ``seconds`` is wall time."""

    argv: tuple[str, ...]
    code: int
    stdout: str
    stderr: str
    seconds: float
    timed_out: bool = False

    @property
    def ok(self) -> bool:
        """Whether it ended by itself, with 0."""
        return self.code == 0 and not self.timed_out

    def tail(self, lines: int = 12) -> str:
        """The last lines that it said, standard error last, safe to print."""
        said = [line.rstrip() for text in (self.stdout, self.stderr) for line in text.splitlines()]
        return printable("\n".join([line for line in said if line][-lines:]))


class Stream:
    """Reads one pipe on a thread of its own, and keeps the last ``OUTPUT_LIMIT`` bytes; ``heard`` is when they came."""

    def __init__(self, pipe: IO[bytes], on_line: Callable[[str], None] | None) -> None:
        self._parts: list[bytes] = []
        self._size = 0
        self._lost = 0
        self.heard = 0.0
        self._pipe = pipe
        self._on_line = on_line
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self) -> None:
        with self._pipe:
            begun = b""
            while chunk := os.read(self._pipe.fileno(), CHUNK):
                self.heard = time.monotonic()
                self._parts.append(chunk)
                self._size += len(chunk)
                while self._size - len(self._parts[0]) >= OUTPUT_LIMIT:
                    self._lost += len(self._parts[0])
                    self._size -= len(self._parts.pop(0))
                if self._on_line is not None:
                    *lines, begun = (begun + chunk).split(b"\n")
                    for line in lines:
                        self._on_line(decoded(line).rstrip("\r"))
            if begun and self._on_line is not None:
                self._on_line(decoded(begun))

    def text(self) -> str:
        """What was read; bytes that are no UTF-8 stand as ``\\xNN``."""
        kept, lost = b"".join(list(self._parts)), self._lost
        if len(kept) > OUTPUT_LIMIT:
            begin = kept.rfind(b"\n", 0, len(kept) - OUTPUT_LIMIT) + 1  # whole lines, where there are any
            kept, lost = kept[begin:], lost + begin
        return f"[{lost} bytes left out]\n{decoded(kept)}" if lost else decoded(kept)


class Running:
    """A process in a group of its own, so that all that it starts can be ended with it.

    Raises ``ToolError`` when it cannot be started.
    """

    def __init__(
        self,
        argv: Sequence[str | Path],
        cwd: Path,
        *,
        env: Mapping[str, str] | None = None,
        input: bytes | None = None,  # noqa: A002 - the name that subprocess.run gives it
        on_line: Callable[[str], None] | None = None,
    ) -> None:
        self.argv = tuple(str(part) for part in argv)
        self._begun = time.monotonic()
        try:
            self._process = subprocess.Popen(
                self.argv,
                cwd=cwd,
                env=dict(os.environ if env is None else env),
                stdin=subprocess.DEVNULL if input is None else subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        except (OSError, ValueError) as problem:
            raise ToolError(f"{self.argv[0]} could not be started: {problem}") from problem
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self._streams = Stream(self._process.stdout, on_line), Stream(self._process.stderr, on_line)
        if input is not None:
            threading.Thread(target=self._feed, args=(input,), daemon=True).start()

    def _feed(self, data: bytes) -> None:
        assert self._process.stdin is not None
        with suppress(OSError), self._process.stdin as pipe:
            pipe.write(data)

    @property
    def code(self) -> int | None:
        """The exit code, ``None`` while it runs."""
        return self._process.poll()

    @property
    def silence(self) -> float:
        """Seconds since it last said anything."""
        return time.monotonic() - max(self._begun, *(stream.heard for stream in self._streams))

    def wait_while_it_speaks(self, seconds: float, silence: float) -> bool:
        """Wait for its end, ``seconds`` at most, and while it is not silent for longer than ``silence``."""
        until = time.monotonic() + seconds
        while not self.wait(min(1.0, seconds)):
            if time.monotonic() >= until or self.silence > silence:
                return False
        return True

    def wait(self, seconds: float) -> bool:
        """Wait for its end; whether it came."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self, grace: float = GRACE) -> bool:
        """Ask the process and its children to end, then end them; whether asking was enough."""
        gentle = True
        if self.code is None:
            end_group(self._process.pid, force=False)
            gentle = self.wait(grace)
        end_group(self._process.pid, force=True)
        self.wait(grace)
        return gentle

    def said(self) -> str:
        """What it has said so far: standard output, then standard error."""
        return "".join(stream.text() for stream in self._streams)

    def finished(self, *, timed_out: bool = False) -> Finished:
        """The result, after its end. A child that outlived it and holds its pipes is ended too."""
        for stream in self._streams:
            stream.thread.join(GRACE)
        seconds = time.monotonic() - self._begun
        self.stop()
        for stream in self._streams:
            stream.thread.join(GRACE)
        stdout, stderr = (stream.text() for stream in self._streams)
        code = self.code
        return Finished(self.argv, -1 if code is None else code, stdout, stderr, seconds, timed_out)


def run(
    argv: Sequence[str | Path],
    cwd: Path,
    *,
    env: Mapping[str, str] | None = None,
    timeout: float,
    input: bytes | None = None,  # noqa: A002 - the name that subprocess.run gives it
    on_line: Callable[[str], None] | None = None,
    silence: float = math.inf,
) -> Finished:
    """Run a command to its end, ``timeout`` seconds at most, and while it is not silent for longer than ``silence``;
    its whole tree is ended then, or on Ctrl-C.

    ``env`` is the whole environment (default: our own). Standard input is closed unless ``input`` is
    given. ``on_line`` hears each line of both streams, on a thread that is not the caller's.
    Raises ``ToolError`` when the command cannot be started.
    """
    running = Running(argv, cwd, env=env, input=input, on_line=on_line)
    try:
        patient = math.isinf(silence)
        ended = running.wait(timeout) if patient else running.wait_while_it_speaks(timeout, silence)
    except BaseException:
        running.stop()
        raise
    if not ended:
        running.stop()
    return running.finished(timed_out=not ended)


def end_group(pid: int, *, force: bool) -> None:
    """Ask (or with ``force``, make) the process ``pid`` and all of its group end; gone already is fine."""
    with suppress(OSError):
        if sys.platform != "win32":
            os.killpg(pid, signal.SIGKILL if force else signal.SIGTERM)
        elif force:
            taskkill = Path(os.environ.get("SYSTEMROOT", "C:/Windows"), "System32", "taskkill.exe")
            subprocess.run([taskkill, "/F", "/T", "/PID", str(pid)], capture_output=True, check=False)
        else:
            os.kill(pid, signal.CTRL_BREAK_EVENT)


def decoded(data: bytes) -> str:
    """Text of a process: UTF-8, other bytes as ``\\xNN``."""
    return data.decode("utf-8", "backslashreplace")


ESCAPES = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|[@-Z\\-_])")


def printable(text: str) -> str:
    """``text`` without terminal escapes; other characters that do not print stand as ``\\xNN``."""
    plain = ESCAPES.sub("", text.replace("\r\n", "\n"))
    return "".join(
        char if char in "\n\t" or char.isprintable() else char.encode("unicode_escape").decode() for char in plain
    )


@cache
def _dropped() -> tuple[frozenset[str], tuple[str, ...]]:
    """The names that always stay, and the patterns of those that go."""
    from trueup.data.environment import TABLE

    return frozenset(TABLE["keep"]["names"]), tuple(name for row in TABLE["drop"] for name in row["names"])


def steers(name: str) -> bool:
    """Whether a variable would steer the interpreter or leak (``data/environment.py``)."""
    keep, patterns = _dropped()
    return name not in keep and any(fnmatchcase(name.upper(), pattern) for pattern in patterns)


def scrubbed(environ: Mapping[str, str], extra: Mapping[str, str]) -> dict[str, str]:
    """The user's environment without what would steer the interpreter or leak (``data/environment.py``).

    An activated environment is deactivated, and pyenv's shims on ``PATH`` give way to the interpreters
    behind them: a shim answers by the directory it is called in. The user's own variables stay, and
    ``extra`` (``--env``, ``--env-file``) wins over all.
    """
    kept = {name: value for name, value in environ.items() if not steers(name)}
    for name in kept:
        if name.upper() == "PATH":
            kept[name] = real_path(kept[name], environ.get("VIRTUAL_ENV", ""))
    return {**kept, **extra}


def real_path(path: str, virtual_env: str = "") -> str:
    """``PATH`` without the activated environment, and with interpreters, newest first, for pyenv's shims."""
    entries: list[str] = []
    for entry in path.split(os.pathsep):
        directory = Path(entry)
        if virtual_env and directory.parent == Path(virtual_env):
            continue
        versions = directory.parent / "versions"
        if directory.name == "shims" and versions.is_dir():
            entries += [str(found) for found in pyenv_interpreters(versions)]
        else:
            entries.append(entry)
    return os.pathsep.join(entries)


def pyenv_interpreters(versions: Path) -> list[Path]:
    """The directories of the CPythons that pyenv installed, newest first; pyenv-win has no ``bin``."""
    numbered = [path for path in versions.iterdir() if re.fullmatch(r"3\.\d+\.\d+", path.name)]
    numbered.sort(key=lambda path: [int(part) for part in path.name.split(".")], reverse=True)
    return [path / "bin" if (path / "bin").is_dir() else path for path in numbered]
