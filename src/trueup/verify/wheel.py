"""Is the wheel the whole package? Built from a copy, installed with the locked versions outside the tree."""

from __future__ import annotations

import re
import shutil
import tempfile
import tomllib
import zipfile
from contextlib import contextmanager
from pathlib import Path

from trueup.model.noun import NamedTuple
from trueup.model.report import Outcome
from trueup.tools.process import run
from trueup.tools.uv import UvError, activated, venv_python
from trueup.verify import needs
from trueup.verify.environment import MISSING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.tools.process import Finished
    from trueup.verify import Context

ORDER = 50
NAME = "wheel"
TIMEOUT = 120.0
TEST = re.compile(r"(^|/)(tests?/|test_[^/]*$|conftest\.py$)|_test\.py$")  # tests may stay out of a wheel
CACHES = {".mypy_cache", ".pytest_cache", ".ruff_cache"}  # in the package, a backend may pack them
LEFT_OUT = {"__pycache__", "node_modules", ".git", ".hg", ".tox", ".nox"}
LEFT_OUT_AT_ROOT = {"build", "dist", "htmlcov", *CACHES}
IMPORT = """
import importlib, os, sys
module = importlib.import_module(sys.argv[1])
if len(sys.argv) > 2:
    getattr(module, sys.argv[2])
sys.stdout.write("\\n" + os.path.abspath(module.__file__ or list(module.__path__)[0]))
"""


class Built(NamedTuple):
    """The wheel, installed: ``source`` is the copy it was built from, ``outside`` an empty directory."""

    wheel: Path
    venv: Path
    source: Path
    outside: Path


def check(context: Context) -> Outcome:
    """Passed when the package, and the application's module, import from the installed wheel alone."""
    if not context.package:
        return Outcome(NAME, "unchecked", "no import package is known")
    if not packaged(context.root):
        return Outcome(NAME, "unchecked", "pyproject.toml names no build backend, so there is no wheel")
    if not venv_python(context.venv).exists():
        return Outcome(NAME, "unchecked", MISSING)
    try:
        with installed(context, NAME) as built:
            return proven(context, built)
    except UvError as problem:
        if problem.kind != "build":
            raise
        return Outcome(NAME, "failed", problem.message, problem.output)


def packaged(root: Path) -> bool:
    """Whether the project says how to build it."""
    try:
        data = tomllib.loads((root / "pyproject.toml").read_text("utf-8-sig"))
    except (OSError, ValueError):
        return False
    return "build-system" in data or data.get("tool", {}).get("uv", {}).get("package") is True


@contextmanager
def installed(context: Context, name: str, *, default_groups: bool = False) -> Iterator[Built]:
    """The wheel, built from the tree and installed outside of it: made once for all checks. Raises ``UvError``."""
    memory = context.memory
    if memory is None:
        with tempfile.TemporaryDirectory(prefix="trueup-wheel-", ignore_cleanup_errors=True) as scratch:
            yield build(context, Path(scratch), name, default_groups=default_groups)
        return
    if default_groups not in memory.wheels:
        earlier = next(iter(memory.wheels.values()), None)
        place = Path(tempfile.mkdtemp(dir=memory.scratch))
        built = build(context, place, name, default_groups=default_groups, wheel=earlier.wheel if earlier else None)
        memory.wheels[default_groups] = built
    yield memory.wheels[default_groups]


def build(context: Context, scratch: Path, name: str, *, default_groups: bool, wheel: Path | None = None) -> Built:
    """Build from a copy, so that nothing is left in the tree, and install beside the locked versions."""
    uv, python = context.uv, str(venv_python(context.venv))
    source, venv, outside = scratch / "source", scratch / "venv", scratch / "outside"
    outside.mkdir()
    copy(context.root, source)
    if wheel is None:
        context.progress(f"{name}: build")
        wheel = uv.build_wheel(source, scratch / "dist", python=python)
    context.progress(f"{name}: install with the locked versions")
    locked = scratch / "locked.txt"
    locked.write_text(uv.export(context.root, default_groups=default_groups, python=python), "utf-8")
    fresh = uv.venv(venv, python=python)
    uv.pip_install(fresh, "--no-deps", "--requirements", locked, cwd=context.root)
    uv.pip_install(fresh, "--no-deps", wheel, cwd=outside)
    return Built(wheel, venv, source, outside)


def without_source(context: Context, built: Built, target: Path) -> None:
    """Copy the project without the package and all else that the wheel brings, tests excepted."""
    base, own = package_folder(context)
    copy(context.root, target)
    with zipfile.ZipFile(built.wheel) as archive:
        held = [name for name in archive.namelist() if not name.endswith("/") and ".dist-info/" not in name]
    shutil.rmtree(target / base / own, ignore_errors=True)
    for name in held:
        if not TEST.search(name):
            (target / base / name).unlink(missing_ok=True)
    if base and not any(path.is_file() for path in (target / base).rglob("*")):
        shutil.rmtree(target / base, ignore_errors=True)


def package_folder(context: Context) -> tuple[str, str]:
    """Where the package lies: ``src/`` or nothing, and its folder in that."""
    own = context.package.replace(".", "/")
    return ("src/" if (context.root / "src" / own).is_dir() else ""), own


def copy(root: Path, target: Path) -> None:
    """Copy the tree without environments and caches; with ``.git`` only where a version may be read from it."""
    left_out = LEFT_OUT - ({".git", ".hg"} if dynamic_version(root) else set())

    def ignored(directory: str, names: list[str]) -> set[str]:
        at_root = LEFT_OUT_AT_ROOT if Path(directory) == root else set()
        return {name for name in names if name in left_out | at_root or Path(directory, name, "pyvenv.cfg").is_file()}

    shutil.copytree(root, target, symlinks=True, ignore=ignored)


def dynamic_version(root: Path) -> bool:
    """Whether a build finds the version out, perhaps from the history."""
    text = (root / "pyproject.toml").read_text("utf-8-sig")
    return "version" in tomllib.loads(text).get("project", {}).get("dynamic", [])


def proven(context: Context, built: Built) -> Outcome:
    """The import of the package, then of the application's module, from the environment that holds the wheel."""
    absent = sorted(not_in_wheel(context, built))
    code = [name for name in absent if name.endswith(".py") and not TEST.search(name)]
    if code:
        evidence = "\n".join(code[:20])
        return Outcome(NAME, "failed", f"{len(code)} modules of {context.package} are not in the wheel", evidence)
    gone, elsewhere = no_longer_packed(context, built)
    if gone:
        evidence = "\n".join(gone[:20])
        return Outcome(NAME, "failed", f"{len(gone)} files of the wheel of before are not in the wheel", evidence)
    done = imports(context, built, context.package)
    if not done.ok:
        return not_imported(context, NAME, done, "it holds every module; ")
    place = Path(done.stdout.rpartition("\n")[2])
    if not any(place.is_relative_to(venv) for venv in (built.venv, built.venv.resolve())):
        return Outcome(NAME, "failed", f"{context.package} was imported from {place}, not from the wheel")
    notes = f"{len(absent)} other files of the package are not in it" if absent else ""
    more = f"{len(elsewhere)} files outside of the package were in the wheel of before" if elsewhere else ""
    outcome = application(context, built)
    if outcome.status == "passed" and (broken := broken_script(context, built)):
        return broken
    message = "; ".join(filter(None, (outcome.message, notes, more)))
    evidence = "\n".join([outcome.evidence, *absent[:20], *elsewhere[:20]]).strip()
    return outcome._replace(message=message, evidence=evidence)


def not_imported(context: Context, name: str, done: Finished, more: str = "") -> Outcome:
    """The outcome of the check ``name`` where the package cannot be imported from the wheel: unchecked where that is
    for want of something that is not here, or where the program could not be imported before for the same reason."""
    wanted, reason = needs.missing(done.stderr), needs.reason(done.stderr)
    before = context.baseline.inside.problem if context.baseline and context.baseline.inside else ""
    if (wanted or before.endswith(reason)) and not imports_here(context, context.package):
        message = f"{more}for an import of {context.package} {wanted}"
        message = message if wanted else f"{more}{context.package} cannot be imported, nor before: {reason}"
        return Outcome(name, "unchecked", message, done.tail())
    return Outcome(name, "failed", f"{context.package} cannot be imported from the wheel: {reason}", done.tail())


def broken_script(context: Context, built: Built) -> Outcome | None:
    """The first console script whose function the installed wheel does not have, though the project's folder does; or
    nothing does, and nothing is known of before."""
    with zipfile.ZipFile(built.wheel) as archive:
        name = next((name for name in archive.namelist() if name.endswith(".dist-info/entry_points.txt")), "")
        text = archive.read(name).decode("utf-8", "replace") if name else ""
    for group in re.findall(r"(?m)^\[(?:console|gui)_scripts\]\n((?:[^\[\n].*\n?|\n)*)", text):
        for script, module, attribute in re.findall(r"(?m)^\s*([^\s=]+)\s*=\s*([\w.]+)\s*:\s*(\w+)", group):
            done = imports(context, built, module, attribute)
            said = done.stderr.strip().rpartition("\n")[2]
            nowhere = context.baseline is None and re.search(rf"(?:named|module) '{re.escape(module)}'", said)
            if not done.ok and (nowhere or imports_here(context, module, attribute)):
                why = f"its command {script} does not start: {needs.reason(done.stderr)}"
                return Outcome(NAME, "failed", f"{built.wheel.name} is not whole: {why}", done.tail())
    return None


def no_longer_packed(context: Context, built: Built) -> tuple[list[str], list[str]]:
    """What the wheel of before held and this one does not: of the package, and beside it (tests, scripts)."""
    before = context.baseline.wheel if context.baseline else ()
    with zipfile.ZipFile(built.wheel) as archive:
        held = set(archive.namelist())
    inside = context.package.replace(".", "/") + "/"
    lost = [path for path in (packed_now(context, path) for path in before) if path not in held]
    gone = [path for path in lost if path.startswith(inside) and not TEST.search(path)]
    return gone, [path for path in lost if path not in gone]


def packed_now(context: Context, path: str) -> str:
    """Where a file of the wheel of before is packed now."""
    places = (context.moved(path), context.moved(f"src/{path}"))
    return next((place for place in places if place.startswith("src/")), path).removeprefix("src/")


def application(context: Context, built: Built) -> Outcome:
    """Import the application from the wheel: far from the project, else (for its files) in its folder."""
    if not context.app:
        return Outcome(NAME, "passed", f"{context.package} imports from {built.wheel.name}, outside the tree")
    module, _, attribute = context.app.partition(":")
    target = (module, attribute.partition(".")[0])
    far = imports(context, built, *target)
    if far.ok:
        return Outcome(NAME, "passed", f"{context.app} imports from {built.wheel.name}, outside the tree")
    why = needs.reason(far.stderr)
    if imports(context, built, *target, cwd=built.source).ok:
        message = f"{context.app} imports from {built.wheel.name}, but only in the project's folder ({why})"
        return Outcome(NAME, "passed", message, far.tail())
    if wanted := needs.missing(far.stderr):
        return Outcome(
            NAME, "unchecked", f"{context.package} imports from the wheel; for {module} {wanted}", far.tail()
        )
    if left := left_behind(context, built, why):
        message = f"{module} reads {left} beside the package, where the project has it and no wheel does"
        return Outcome(NAME, "unchecked", message, far.tail())
    if not imports_here(context, *target):
        return Outcome(NAME, "unchecked", f"{module} cannot be imported, in the project neither: {why}", far.tail())
    return Outcome(NAME, "failed", f"{module} imports in the project, but not from the wheel: {why}", far.tail())


def imports_here(context: Context, *target: str) -> bool:
    """Whether the project itself, in its folder and with its environment, can import it."""
    argv = [str(venv_python(context.venv)), "-c", IMPORT, *target]
    return run(argv, context.root, env=activated(context.environ, context.venv), timeout=TIMEOUT).ok


def left_behind(context: Context, built: Built, why: str) -> str:
    """The file of the project that the import looked for where the wheel's package now lies; ``""`` for other reasons.

    A program that reckons a path from ``__file__`` up to the project's root runs from the project only.
    """
    home = built.venv.resolve().as_posix()
    for path in re.findall(r"'([^'\n]+)'", why):
        parts = Path(path).parts
        if Path(path).as_posix().startswith((home, built.venv.as_posix())):
            tails = ["/".join(parts[-length:]) for length in range(len(parts) - 1, 0, -1)]
            inside = f"/{context.package.replace('.', '/')}/"
            found = next((tail for tail in tails if (context.root / tail).exists()), "")
            if found and inside not in Path(path).as_posix():
                return found
    return ""


def imports(context: Context, built: Built, *target: str, cwd: Path | None = None) -> Finished:
    """Import a module (and take an attribute of it) isolated: neither ``cwd`` nor the environment adds a path."""
    argv = [str(venv_python(built.venv)), "-I", "-c", IMPORT, *target]
    return run(argv, cwd or built.outside, env=activated(context.environ, built.venv), timeout=TIMEOUT)


def not_in_wheel(context: Context, built: Built) -> Iterator[str]:
    """The files of the package, as the project has them, that the wheel does not hold."""
    with zipfile.ZipFile(built.wheel) as archive:
        held = set(archive.namelist())
    inside = context.package.replace(".", "/")
    base = next((base for base in ("src/", "") if (built.source / base / inside).is_dir()), None)
    if base is None:
        return
    folder = built.source / base / inside
    present = context.files or [path.relative_to(built.source).as_posix() for path in folder.rglob("*.py")]
    for name in present:
        if name.startswith(f"{base}{inside}/") and name.removeprefix(base) not in held:
            yield name
