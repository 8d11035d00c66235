"""What the tests gave before anything was changed, in an environment made from the old manifests."""

from __future__ import annotations

import re
import shutil
import tempfile
import time
import zipfile
from pathlib import Path

from trueup.errors import ToolError
from trueup.model.noun import NamedTuple
from trueup.tools.hermetic import hermetic
from trueup.tools.uv import Uv, UvError, venv_python
from trueup.verify import migrations, needs, programs, scripts
from trueup.verify.inside import Inside, look
from trueup.verify.runner import TIMEOUT, SuiteRun
from trueup.verify.start import Served, Start, serve
from trueup.verify.suite import run_suite

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from trueup.model.project import Program


UNTESTED = SuiteRun({}, 5, problem="the project has no tests")


GLUED = re.compile(rb"(?m)^([ \t]*-[rce])(?=[^\s=-])")
UNMADE = "the old environment could not be made"


class Baseline(NamedTuple):
    """Each test's outcome by its id, and pytest's exit code; ``reason`` says why there is none.

    ``notes`` tell what had to be done otherwise than the manifests say. ``served`` is what the application
    answered when it was started, ``None`` where it is none or could not be. ``packages`` are name and version of
    all that was installed, ``declared`` the names that the old manifests list. ``hung``: the tests did not end.
    ``wheel`` are the paths in the wheel that the project built, where it could. ``direct`` are the distributions that
    came from a repository, a file or a folder (PEP 610), with its address, ``indexed`` those that came from an index,
    with their version. ``inside`` is what the program holds, ``programs`` what the others hold (``verify.programs``),
    ``scripts`` how its console scripts answered, ``migrations`` what Alembic saw; ``None`` where there is none.
    ``warnings`` are those of the tests, ``reasons`` the exceptions that they failed with.
    ``as_of`` is the day whose newest versions were installed, ``""``: today.
    ``given`` are the names of variables that files of the project set, and that it was given because it needs some.
    """

    outcomes: Mapping[str, str] = {}
    code: int = 0
    reason: str = ""
    evidence: str = ""
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    served: Served | None = None
    packages: Mapping[str, str] = {}
    declared: tuple[str, ...] = ()
    hung: bool = False
    wheel: tuple[str, ...] = ()
    direct: Mapping[str, str] = {}
    indexed: Mapping[str, str] = {}
    inside: Inside | None = None
    programs: Mapping[str, Inside] = {}
    scripts: scripts.Scripts = scripts.Scripts()
    migrations: migrations.Migrations | None = None
    warnings: tuple[str, ...] = ()
    reasons: Mapping[str, str] = {}
    as_of: str = ""
    given: tuple[str, ...] = ()

    def count(self, *wanted: str) -> int:
        """How many tests came out so."""
        return sum(outcome in wanted for outcome in self.outcomes.values())

    @property
    def unmade(self) -> bool:
        """Whether nothing at all is known, for want of the old environment."""
        return self.reason.startswith(UNMADE)

    @property
    def answers(self) -> bool | None:
        """Whether the application answers, and not for a defect of its own; ``None`` where it was not started."""
        served = self.served
        return None if served is None else served.answer is not None and served.answer.status < 500

    @property
    def lacks(self) -> bool:
        """Whether no test passed, or the application does not answer: something may be missing in its environment."""
        return not self.hung and (self.answers is False or (self.code not in (0, 5) and not self.count("passed")))

    @property
    def outdated(self) -> str:
        """What the Python lacks that the installed versions want, where nothing works; ``""`` where none says so."""
        if self.count("passed") or self.answers:
            return ""
        texts = (self.evidence, self.served.output if self.served else "", self.inside.problem if self.inside else "")
        found = needs.REMOVED.search("\n".join(texts))
        return found[0].strip() if found else ""

    @property
    def wants(self) -> bool:
        """Whether something did not work that more of its user's environment might mend."""
        return not self.unmade and (self.answers is False or bool(self.count("failed", "error")) or self.lacks)

    def betters(self, other: Baseline) -> bool:
        """Whether more tests passed, or as many and the application answers that did not."""
        more = self.count("passed") - other.count("passed")
        return more > 0 or (more == 0 and other.answers is False and self.answers is True)

    @property
    def state(self) -> str:
        """In a few words what is known of before."""
        return self.reason or f"{self.count('passed')} of {len(self.outcomes)} tests passed"


class Old(NamedTuple):
    """How the project's environment was made before.

    ``requirements`` are PEP 508 lines, ``files`` requirements files relative to the tree (uv reads UTF-16,
    includes and options itself), ``added`` what the tests need and nothing declares. ``install`` installs
    the project itself, editable; ``declared`` are the names that the manifests list; ``start`` is how its
    application is started, ``programs`` what other files start, ``package`` the library's where it is none. Where the
    tree has a ``uv.lock``, that is what is synced. ``as_of`` is a time (RFC 3339): what floats is resolved to what was
    there then, where that goes. ``runner`` is the file that runs its tests, where pytest does not.
    """

    requirements: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    added: tuple[str, ...] = ("pytest",)
    install: bool = False
    tests: bool = True
    declared: tuple[str, ...] = ()
    start: Start | None = None
    package: str = ""
    as_of: str = ""
    programs: tuple[Program, ...] = ()
    runner: str = ""


def record(
    tree: Path,
    old: Old,
    uv: Uv,
    *,
    python: str,
    env: Mapping[str, str] | None = None,
    test_args: Sequence[str] = (),
    timeout: float = TIMEOUT,
    progress: Callable[[str], None] = lambda _: None,
) -> Baseline:
    """Run the tests of ``tree``, a copy of the original that may be written to, in its old environment.

    The environment is made aside and thrown away. Never raises for what the project cannot do: then
    there is a ``reason``. ``python`` is a version or a path.
    """
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="trueup-before-", ignore_cleanup_errors=True) as scratch:
        venv = Path(scratch, "venv")
        progress("baseline: the old environment")
        try:
            notes, as_of = made_as_of(tree, venv, old, uv, uv.find_python(python))
        except ToolError as problem:
            reason = f"{UNMADE}: {problem.message}"
            evidence = getattr(problem, "output", "")
            return Baseline(reason=reason, evidence=evidence, seconds=time.monotonic() - begun)

        def environ() -> dict[str, str]:  # what the checks' code gets afterwards, too: ``Context.environ``
            return {**hermetic(uv.environ, Path(scratch)), **(env or {})}

        indexed, direct = uv.origins(venv_python(venv))
        before = asked(tree, venv, old, environ, test_args, timeout, progress)._replace(
            notes=notes,
            declared=old.declared,
            packages=uv.installed(venv_python(venv)),
            indexed=indexed,
            direct=direct,
            wheel=packed(tree, Path(scratch, "wheel"), uv, python),
            as_of=as_of,
        )
    return before._replace(seconds=time.monotonic() - begun)


def asked(
    tree: Path,
    venv: Path,
    old: Old,
    environ: Callable[[], Mapping[str, str]],
    test_args: Sequence[str],
    timeout: float,
    progress: Callable[[str], None],
) -> Baseline:
    """What the old environment shows: its tests, its application, its scripts, and what Alembic sees."""
    progress("baseline: the tests")
    tested = UNTESTED
    if old.tests:
        tested = run_suite(old.runner, venv, venv_python(venv), tree, environ(), test_args, timeout)
    served = None
    if old.start is not None:
        progress("baseline: the application")
        served = serve(old.start, tree, venv, environ())
        served = None if "No module named uvicorn" in served.output else served
    start = old.start or (Start(old.package) if old.package else None)
    return Baseline(
        outcomes=tested.outcomes,
        code=tested.code,
        reason="; ".join(filter(None, (tested.problem, tested.needed))),
        evidence=tested.tail,
        served=served,
        hung=tested.hung,
        inside=look(start, tree, venv, environ()) if start else None,
        programs=programs.ask(old.programs, tree, venv, environ()),
        scripts=scripts.ask(tree, venv, environ()),
        migrations=migrations.look(tree, venv, environ()),
        warnings=tested.warnings,
        reasons=tested.reasons,
    )


def packed(tree: Path, out: Path, uv: Uv, python: str) -> tuple[str, ...]:
    """The paths in the wheel of a project that says how to build one; none where that fails."""
    manifest = tree / "pyproject.toml"
    says = manifest.is_file() and b"[build-system]" in manifest.read_bytes()
    if not says and not (tree / "setup.py").is_file():
        return ()
    try:
        wheel = uv.build_wheel(tree, out, python=uv.find_python(python))
    except ToolError:
        return ()
    with zipfile.ZipFile(wheel) as archive:
        return tuple(sorted(name for name in archive.namelist() if not re.match(r"[^/]+\.(dist-info|data)/", name)))


def made_as_of(tree: Path, venv: Path, old: Old, uv: Uv, python: str) -> tuple[tuple[str, ...], str]:
    """Make the old environment from what there was when the project was last changed, else from what there is now.

    Returns the notes, and the day.
    """
    if not old.as_of or (tree / "uv.lock").is_file():
        return make(tree, venv, old, uv, python), ""
    day = old.as_of[:10]
    try:
        then = Uv(uv.executable, uv.version, {**uv.environ, "UV_EXCLUDE_NEWER": old.as_of})
        return make(tree, venv, old, then, python), day
    except UvError as problem:
        if problem.kind not in ("conflict", "build"):
            raise
        shutil.rmtree(venv, ignore_errors=True)
        why = problem.explanation or problem.message
        return (
            f"nothing could be resolved as of the last commit ({day}): {why}",
            *make(tree, venv, old, uv, python),
        ), ""


def make(tree: Path, venv: Path, old: Old, uv: Uv, python: str) -> tuple[str, ...]:
    """Make the old environment at ``venv``; what had to be left out is noted."""
    if (tree / "uv.lock").is_file() and (tree / "pyproject.toml").is_file():
        return synced(tree, venv, old, uv, python)
    try:  # as people make it: before Python 3.12, setuptools comes with it, whose pkg_resources does not warn
        uv.venv(venv, python=python, seed=True)
        if "setuptools" in uv.installed(venv_python(venv)):
            uv.pip_install(venv_python(venv), "setuptools<67.5", cwd=tree)
    except UvError:
        shutil.rmtree(venv, ignore_errors=True)
        uv.venv(venv, python=python)
    declared = venv.parent / "declared.txt"
    declared.write_text("".join(f"{line}\n" for line in (*old.requirements, *old.added)), "utf-8")
    files = [tree / file for file in old.files]
    for file in filter(Path.is_file, files):  # pip takes ``-rother.txt``, uv does not
        file.write_bytes(GLUED.sub(rb"\1 ", file.read_bytes()))
    notes = installed(tree, venv_python(venv), [declared, *files], uv)
    return notes + (itself(tree, venv, uv) if old.install else ())


def installed(tree: Path, python: Path, files: list[Path], uv: Uv) -> tuple[str, ...]:
    """Install requirements files together; where they contradict one another, each by itself as far as it goes, and
    what is declared and locked elsewhere, the first, in their place: the lock wins over a list."""
    try:
        uv.pip_install(python, *(word for file in files for word in ("--requirements", file)), cwd=tree)
    except UvError as problem:
        if problem.kind not in ("conflict", "build") or len(files) < (2 if problem.kind == "conflict" else 3):
            raise
        contradiction = problem
    else:
        return ()
    notes = []
    for file in files[1:]:
        try:
            uv.pip_install(python, "--requirements", file, cwd=tree)
        except UvError as problem:
            notes.append(f"{file.relative_to(tree).as_posix()} could not be installed: {problem.explanation}")
    if len(notes) == len(files) - 1:
        raise contradiction
    uv.pip_install(python, "--requirements", files[0], cwd=tree)
    return tuple(notes) or (
        f"the lists contradict one another, and were installed in turn: {contradiction.explanation}",
    )


def synced(tree: Path, venv: Path, old: Old, uv: Uv, python: str) -> tuple[str, ...]:
    """The environment of a project that has a ``uv.lock``: that lock, with all groups and extras that go together."""
    there = Uv(uv.executable, uv.version, {**uv.environ, "UV_PROJECT_ENVIRONMENT": str(venv)})
    for every in (("groups", "extras"), ("groups",), ()):
        try:
            there.sync(tree, locked=False, every=every, python=python)
            break
        except UvError as problem:
            if problem.kind in ("network", "interpreter", "timeout") or not every:
                raise
    if old.added:
        uv.pip_install(venv_python(venv), *old.added, cwd=tree)
    return ()


def itself(tree: Path, venv: Path, uv: Uv) -> tuple[str, ...]:
    """Install the project itself, editable; tests that start at the root often do without."""
    try:
        uv.pip_install(venv_python(venv), "--no-deps", "--editable", tree, cwd=tree)
    except UvError as problem:
        return (f"the project itself could not be installed before: {problem.explanation}",)
    return ()
