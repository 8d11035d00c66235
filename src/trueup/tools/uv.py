"""uv, as the one tool that resolves, installs and builds.

Every call is quiet, without colour and progress, with a time limit, in a scrubbed environment; a
failure is told apart by what uv says and raised as ``UvError``. Nothing here runs ``uv run`` or a
program found by its name: a project's Python is called by its path.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from trueup.errors import ToolError
from trueup.model.names import normal
from trueup.model.noun import NamedTuple
from trueup.tools.process import Finished, printable, run, scrubbed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OLDEST = (0, 11)
QUIET = ("--quiet", "--no-progress", "--color", "never")
SHORT, LONG = 120.0, 1200.0  # seconds that a query, and a resolution, installation or build, may take
ANYWHERE = Path(os.path.abspath(os.sep))  # noqa: PTH100 - the root of the drive: no project, no .python-version

Export = Literal["cyclonedx1.5", "pylock.toml"]
Kind = Literal["network", "interpreter", "stale", "outdated", "conflict", "build", "project", "timeout", "other"]


class UvError(ToolError):
    """uv ended with an error: which ``kind``, uv's own ``explanation`` in one line, and the ``output``, all it said."""

    def __init__(self, kind: Kind, message: str, hint: str = "", *, explanation: str = "", output: str = "") -> None:
        super().__init__(message, hint)
        self.kind: Kind = kind
        self.explanation = explanation
        self.output = output


class Sort(NamedTuple):
    """How a failure is recognised, and what is said of it; ``{}`` in ``message`` takes the explanation."""

    kind: Kind
    pattern: str
    message: str
    hint: str = ""


# The first row that matches decides. Matched against what uv itself says, not what a build backend printed.
SORTS = (
    Sort(
        "network",
        r"network was disabled|Network connectivity is disabled",
        "no network: uv was told to stay offline, and its cache does not hold all that is needed",
        "unset UV_OFFLINE, or fill the cache first",
    ),
    Sort(
        "interpreter",
        r"python-build-standalone|No interpreter found|requested interpreter resolved to|"
        r"Failed to inspect Python interpreter|No virtual environment found",
        "no Python that fits: {}",
        "install that Python, or name another with --python",
    ),
    Sort(
        "network",
        r"error sending request|dns error|tcp connect error|Connection (?:refused|reset)|[Tt]imed out|"
        r"Request failed after|HTTP status server error|Could not connect|certificate",
        "no network, or the package index does not answer: {}",
        "check the connection, the proxy and the index URL",
    ),
    Sort("stale", r"needs to be updated|Unable to find lockfile", "uv.lock does not fit pyproject.toml", "run uv lock"),
    Sort("outdated", r"environment is outdated", "the environment differs from uv.lock", "run uv sync --locked"),
    Sort("conflict", r"No solution found", "the requirements cannot all be met: {}"),
    Sort("network", "Git operation failed", "a git repository cannot be read: {}", "check the address and your keys"),
    Sort(
        "build",
        r"Failed to (?:download and )?build",
        "{}",
        "it has no wheel for this Python and platform; --python names another Python",
    ),
    Sort("project", r"Failed to parse|TOML parse error", "uv cannot read the project: {}"),
)


class Uv:
    """One uv binary, and the scrubbed environment that it and the project's code are started in."""

    def __init__(self, executable: str, version: str, environ: Mapping[str, str]) -> None:
        self.executable = executable
        self.version = version
        self.environ = dict(environ)

    def call(
        self, *args: str | Path, cwd: Path, timeout: float = LONG, python: str = "", quiet: bool = True
    ) -> Finished:
        """Run ``uv ARGS`` in ``cwd``; ``python`` (a path) is the interpreter it must take. Raises ``UvError``."""
        environ = {**self.environ, "UV_PYTHON": python} if python else self.environ
        switches = QUIET if quiet else QUIET[1:]
        done = run([self.executable, *switches, *args], cwd, env=environ, timeout=timeout)
        if not done.ok:
            raise failure(done)
        return done

    def find_python(self, request: str) -> str:
        """The absolute path of an interpreter (``3.12``, ``>=3.11``, or a path), downloaded where uv may.

        Raises ``UvError`` of kind ``interpreter`` when there is none.
        """
        if Path(request).is_absolute():
            return request
        query = ("python", "find", "--no-project", "--system", request)
        try:
            return self.call(*query, cwd=ANYWHERE, timeout=SHORT, quiet=False).stdout.strip()
        except UvError as missing:
            if self.environ.get("UV_PYTHON_DOWNLOADS", "automatic") in ("never", "manual"):
                raise no_python(request, missing) from missing
        try:
            self.call("python", "install", request, cwd=ANYWHERE)
            return self.call(*query, cwd=ANYWHERE, timeout=SHORT, quiet=False).stdout.strip()
        except UvError as missing:
            raise no_python(request, missing) from missing

    def lock(self, root: Path, *, upgrade: bool = False, offline: bool = False, python: str = "") -> None:
        """Write ``uv.lock``; versions of an existing one are kept unless ``upgrade``."""
        self.call("lock", *flags(upgrade=upgrade, offline=offline), cwd=root, python=python)

    def lock_dry(self, root: Path, *, python: str = "") -> None:
        """Find versions and write nothing. Raises ``UvError`` where there are none."""
        self.call("lock", "--dry-run", cwd=root, python=python)

    def lock_check(self, root: Path, *, python: str = "") -> None:
        """Raise ``UvError`` of kind ``stale`` unless ``uv.lock`` is what locking now would give."""
        self.call("lock", "--check", cwd=root, python=python)

    def sync(
        self,
        root: Path,
        *,
        locked: bool = True,
        groups: Sequence[str] = (),
        every: Sequence[str] = (),
        python: str = "",
    ) -> None:
        """Make ``.venv`` what ``uv.lock`` says, with ``every`` of "groups" and "extras"; ``locked``: if it is fresh."""
        named = [f"--group={group}" for group in groups]
        mode = "--locked" if locked else "--frozen"
        self.call("sync", mode, *(f"--all-{kind}" for kind in every), *named, cwd=root, python=python)

    def sync_aside(
        self, root: Path, venv: Path, cache: Path, without: Sequence[str], *, everything: bool, python: str
    ) -> None:
        """Install what ``uv.lock`` says into ``venv``, from wheels alone, by an own ``cache``; ``root`` stays as it is.

        ``everything``: all groups and extras, too, which need not go together."""
        apart = {"UV_PROJECT_ENVIRONMENT": str(venv), "UV_CACHE_DIR": str(cache), "UV_NO_CACHE": "false"}
        uv = Uv(self.executable, self.version, {**self.environ, **apart})
        more = ["--all-groups", "--all-extras"] if everything else []
        left = [f"--no-install-package={name}" for name in without]
        uv.call("sync", "--frozen", "--no-build", *more, *left, cwd=root, python=python)

    def sync_check(self, root: Path, *, python: str = "") -> None:
        """Raise ``UvError`` of kind ``outdated`` where ``.venv`` differs; its ``output`` lists the differences."""
        self.call("sync", "--locked", "--check", cwd=root, python=python, quiet=False)

    def build_wheel(self, source: Path, out: Path, *, python: str = "") -> Path:
        """Build the wheel of ``source``, a tree or an sdist, into the empty directory ``out``, and name it."""
        return self.build("wheel", source, out, python)

    def build_sdist(self, source: Path, out: Path, *, python: str = "") -> Path:
        """Build the sdist of the tree ``source`` into the empty directory ``out``, and name it."""
        return self.build("sdist", source, out, python)

    def build(self, kind: Literal["wheel", "sdist"], source: Path, out: Path, python: str) -> Path:
        """Build one of the two."""
        args = ("build", f"--{kind}", "--no-create-gitignore", "--out-dir", out, source)
        cwd = source if source.is_dir() else source.parent
        self.call(*args, cwd=cwd, python=python, quiet=False)  # quiet, it would hide why a backend fails
        built = sorted(out.glob("*.whl" if kind == "wheel" else "*.tar.gz"))
        if not built:
            raise ToolError(f"uv build wrote no {kind} into {out}")
        return built[0]

    def export(self, root: Path, *, default_groups: bool = False, python: str = "") -> str:
        """The locked runtime dependencies (and those of synced groups) as a requirements file with hashes."""
        fewer = [] if default_groups else ["--no-default-groups"]
        args = ("--locked", "--no-emit-project", "--no-header", "--no-annotate", *fewer)
        return self.call("export", *args, cwd=root, quiet=False, python=python).stdout

    def export_to(self, root: Path, form: Export, path: Path, *, default_groups: bool, python: str = "") -> None:
        """Write the lock in another form; without the groups that a sync installs, unless ``default_groups``."""
        fewer = [] if default_groups else ["--no-default-groups"]
        args = ["--locked", "--no-header", "--format", form, *fewer, "--output-file"]
        self.call("export", *args, path, cwd=root, python=python)

    def audit(
        self, root: Path, *, service: str, timeout: float, patience: float, configured: bool = True
    ) -> dict[str, Any]:
        """What ``uv audit`` says of ``uv.lock`` as it lies there, vulnerable or not.

        Not ``configured``: without uv's settings of the project and the user, which may ignore advisories.
        Nothing of the cache is used: uv keeps answers there without the address of the service that gave them.
        """
        asked = ("--service-url", service) if service else ()
        settings = () if configured else ("--no-config",)
        form = ("--output-format", "json", "--preview-features", "audit-command,json-output")
        argv = [self.executable, *QUIET[1:], *settings, "--no-cache", "audit", "--frozen", *form, *asked]
        impatient = {"UV_HTTP_RETRIES": "1", "UV_HTTP_TIMEOUT": f"{patience:.0f}"}
        done = run(argv, root, env={**impatient, **self.environ}, timeout=timeout)
        try:
            said = json.loads(done.stdout) if done.code in (0, 1) else None
        except ValueError:
            said = None
        if done.timed_out or not isinstance(said, dict) or not agrees(done.code, said):
            raise failure(done)
        return said

    def venv(self, path: Path, *, python: str, seed: bool = False) -> Path:
        """Make an environment at ``path``, which must not exist; returns its interpreter.

        It is empty, or (``seed``) as ``python -m venv`` makes it: with pip, and before 3.12 with setuptools.
        """
        self.call("venv", *flags(seed=seed), "--no-project", "--python", python, path, cwd=path.parent, timeout=SHORT)
        return venv_python(path)

    def installed(self, python: Path) -> dict[str, str]:
        """Normalised name -> version of every distribution in the environment of ``python``."""
        said = self.call("pip", "list", "--format", "json", "--python", python, cwd=ANYWHERE, quiet=False).stdout
        return {normal(item["name"]): item["version"] for item in json.loads(said)}

    def origins(self, python: Path) -> tuple[dict[str, str], dict[str, str]]:
        """Normalised name -> version of what came from an index; and name -> address, without secrets, of what came
        from a repository, a file or a folder (PEP 610). What is installed editable is the project, or its parts."""
        argv = ("pip", "freeze", "--exclude-editable", "--python", python)
        lines = self.call(*argv, cwd=ANYWHERE, quiet=False).stdout.splitlines()
        found = [line.partition(" @ ") for line in lines]
        listed = [name.partition("==") for name, at, _ in found if not at]
        indexed = {normal(name): version for name, equals, version in listed if equals}
        return indexed, {normal(name): re.sub(r"//[^/@]+@", "//", url) for name, at, url in found if at}

    def pip_install(self, python: Path, *args: str | Path, cwd: Path) -> None:
        """Install into the environment of ``python``; ``args`` as for ``uv pip install``."""
        self.call("pip", "install", "--python", python, *args, cwd=cwd)


def agrees(code: int, said: Mapping[str, Any]) -> bool:
    """Whether an audit's exit code and its answer tell the same: 0 for nothing, 1 for something."""
    vulnerable, states = said.get("vulnerabilities"), said.get("adverse_statuses", [])
    if not isinstance(vulnerable, list) or not isinstance(states, list):
        return False
    return not vulnerable if code == 0 else bool(vulnerable or states)


def flags(**wanted: bool) -> list[str]:
    """``all_groups=True`` as ``--all-groups``."""
    return [f"--{name.replace('_', '-')}" for name, value in wanted.items() if value]


def find_uv(environ: Mapping[str, str] | None = None, extra: Mapping[str, str] | None = None) -> Uv:
    """uv from ``PATH`` when it answers and is recent enough, else the one that came with trueup.

    ``environ`` defaults to our own and is scrubbed; ``extra`` is added to it. Raises ``ToolError``.
    """
    clean = scrubbed(os.environ if environ is None else environ, extra or {})
    for candidate in [*on_path(clean.get("PATH", "")), *bundled()]:
        version = version_of(candidate, clean)
        if version and numbers(version) >= OLDEST:
            return Uv(candidate, version, clean)
    wanted = ".".join(str(part) for part in OLDEST)
    raise ToolError(f"no uv {wanted} or newer was found", "install it, for example with `pip install -U uv`")


def on_path(path: str) -> list[str]:
    """Every uv on ``PATH``, in order: the first may be a shim that does not work here."""
    found = (shutil.which("uv", path=entry) for entry in path.split(os.pathsep) if entry)
    return [name for name in found if name]


def bundled() -> list[str]:
    """The binary of the ``uv`` distribution, if it is installed beside trueup."""
    try:
        from uv import find_uv_bin

        return [str(find_uv_bin())]
    except (ImportError, FileNotFoundError):
        return []


def version_of(executable: str, environ: Mapping[str, str]) -> str:
    """What ``uv --version`` answers, ``""`` when it does not. Asked outside any project: a shim reads its files."""
    try:
        done = run([executable, "--version"], ANYWHERE, env=environ, timeout=SHORT)
    except ToolError:
        return ""
    match = re.match(r"uv (\d+(?:\.\d+)+)", done.stdout)
    return match[1] if match and done.ok else ""


def numbers(version: str) -> tuple[int, ...]:
    """``0.11.2`` as a tuple that compares."""
    return tuple(int(part) for part in version.split("."))


def venv_bin(venv: Path) -> Path:
    """Where an environment keeps its programs."""
    return venv / ("Scripts" if sys.platform == "win32" else "bin")


def venv_program(venv: Path, name: str) -> Path:
    """A program of an environment; it need not exist."""
    return venv_bin(venv) / (f"{name}.exe" if sys.platform == "win32" else name)


def venv_python(venv: Path) -> Path:
    """The interpreter of an environment; it need not exist."""
    return venv_program(venv, "python")


def activated(environ: Mapping[str, str], venv: Path) -> dict[str, str]:
    """``environ`` as after activating ``venv``, and without leaving byte code beside the sources."""
    path = os.pathsep.join(filter(None, (str(venv_bin(venv)), environ.get("PATH", ""))))
    return {**environ, "VIRTUAL_ENV": str(venv), "PATH": path, "PYTHONDONTWRITEBYTECODE": "1"}


def failure(done: Finished) -> UvError:
    """What went wrong, from what uv said."""
    command = " ".join(word for word in done.argv[1:] if word not in QUIET).partition(" -")[0]
    output = printable(f"{done.stdout}\n{done.stderr}").strip()
    if done.timed_out:
        return UvError("timeout", f"uv {command} did not end in {done.seconds:.0f} s", output=output)
    own, quoted = sayings(printable(done.stderr))
    explanation = shortened(explain(own, quoted))
    for sort in SORTS:
        if re.search(sort.pattern, own):
            message = sort.message.replace("{}", explanation)
            hint = "" if "the project itself" in explanation else sort.hint
            return UvError(sort.kind, message, hint, explanation=explanation, output=output)
    return UvError("other", f"uv {command} failed: {explanation}", explanation=explanation, output=output)


LEAD = re.compile(r"^\s*(?:\u00d7|[├╰]─▶|│|error:|cause:|Caused by:)\s*")  # the drawing is that of uv before 0.13


def sayings(text: str) -> tuple[str, str]:
    """What uv itself says, without its decorations, and what it quotes of a build backend, or let through before."""
    lines = text.splitlines()
    begin = max((i for i, line in enumerate(lines) if line.startswith(("error:", "  \u00d7 "))), default=0)
    own: list[str] = []
    quoted = [line.strip() for line in lines[:begin] if line.strip()]
    depth: int | None = None  # the indentation of the quotation that we are in
    for line in lines[begin:]:
        bare = line.strip()
        indent = len(line) - len(line.lstrip())
        if bare in ("[stdout]", "[stderr]"):
            depth = indent
        elif depth is None or (bare and (indent < depth or bare.startswith("hint:"))):
            depth = None
            own.append(LEAD.sub("", line).strip())
        elif bare:
            quoted.append(bare)
    return "\n".join(line for line in own if line), "\n".join(quoted)


def explain(own: str, quoted: str) -> str:
    """The part of uv's words that a person needs, in one line."""
    lines = [line for line in own.splitlines() if not re.match("hint:|warning:|Expected:|Computed:|sha256:", line)]
    if "Git operation" not in own and (built := re.search(r"Failed to (?:download and )?build (?:`([^`]+)`)?", own)):
        return f"{subject(built[1])} could not be built: {culprit(quoted.splitlines() or lines[-1:])}"
    because = next((i for i, line in enumerate(lines) if line.startswith("Because ")), None)
    if because is not None:
        return " ".join(lines[because:])
    return ": ".join(lines[:1] + lines[-1:] if len(lines) > 1 else lines) or "it said nothing"


def subject(built: str | None) -> str:
    """What uv says it built: a distribution, or (by its path) the project itself."""
    name, _, origin = (built or "a dependency").partition(" @ ")
    return "the project itself" if re.search(r"[/\\]", name) or origin.startswith("file:") else name


def culprit(said: list[str]) -> str:
    """The line of a build's output that says why it failed."""
    raised = [line for line in said if re.match(r"[\w.]*(?:Error|Exception|Exit)\b", line)]
    return (raised or [line for line in said if "error" in line.lower()] or said or ["it said nothing"])[-1]


def shortened(text: str, limit: int = 500) -> str:
    """``text`` cut to ``limit`` characters."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def no_python(request: str, problem: UvError) -> UvError:
    """The failure that says which interpreter is missing."""
    message = f"no Python {request} on this machine, and none could be downloaded"
    hint = f"install it (uv python install {request}), or name another with --python"
    return UvError("interpreter", message, hint, explanation=problem.explanation, output=problem.output)
