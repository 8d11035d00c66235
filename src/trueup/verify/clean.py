"""Do the tests pass in a clean checkout? Of what git tracks, or would track, in a copy with an environment of its own.

A file that git ignores (a database, a ``.env``, a generated module) lets tests pass here, and nowhere else.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from trueup.model.report import Outcome
from trueup.tools.uv import UvError, venv_python
from trueup.verify.environment import MISSING
from trueup.verify.runner import SuiteRun, compare
from trueup.verify.suite import run_suite
from trueup.verify.tests import files_of, known, listed, summary
from trueup.verify.wheel import CACHES, LEFT_OUT, dynamic_version

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trueup.verify import Context

ORDER = 80
NAME = "clean checkout"
DEPTH = "deep"
MOST = 16  # ignored files and folders that are tried one by one
LARGEST = 500_000_000  # bytes of them


def check(context: Context) -> Outcome:
    """Passed when every test comes out as in the tree; ignored files whose absence breaks one are named."""
    if not context.files:
        return Outcome(NAME, "unchecked", "it is not known which files git tracks")
    if not context.has_tests:
        return Outcome(NAME, "unchecked", "the project has no tests")
    if not venv_python(context.venv).exists():
        return Outcome(NAME, "unchecked", MISSING)
    before = known(context)
    if not before.count("passed"):
        return Outcome(NAME, "unchecked", f"in the tree no test passes: {before.problem or summary(before)}")
    with tempfile.TemporaryDirectory(prefix="trueup-clean-", ignore_cleanup_errors=True) as scratch:
        root = Path(scratch, context.root.name)
        checkout(context, root)
        context.progress(f"{NAME}: uv sync --locked")
        try:
            context.uv.sync(root, python=str(venv_python(context.venv)))
        except UvError as problem:
            if problem.kind not in ("build", "project") and "Hash mismatch" not in problem.output:
                raise
            return Outcome(NAME, "failed", f"a clean checkout cannot be installed: {problem.message}", problem.output)
        context.progress(f"{NAME}: the tests")
        tested = tests_in(context, root, context.test_args)
        broken = worse(before, tested, before.outcomes)
        if not broken:
            return Outcome(NAME, "passed", f"as in the tree: {summary(tested)}")
        context.progress(f"{NAME}: {len(broken)} differ, once more")
        tested = tests_in(context, root, files_of(context, broken))
        left = worse(before, tested, broken)
        if not left:
            return Outcome(NAME, "passed", f"as in the tree the second time: {summary(tested)}")
        return explained(context, root, before, tested, left)


def checkout(context: Context, root: Path) -> None:
    """What git has or would have; its history only where a version is read from it."""
    for name in context.files:
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(context.root / name, target, follow_symlinks=False)
    for name in context.links:
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with suppress(OSError):
            target.symlink_to((context.root / name).readlink())
    if (context.root / ".git").is_dir() and dynamic_version(context.root):
        shutil.copytree(context.root / ".git", root / ".git", symlinks=True)


def tests_in(context: Context, root: Path, args: Sequence[str]) -> SuiteRun:
    """The tests of the copy in its own environment."""
    venv = root / ".venv"
    return run_suite(context.runner, venv, venv_python(venv), root, context.environ, args)


def worse(before: SuiteRun, tested: SuiteRun, names: Iterable[str]) -> list[str]:
    """Those of the tests that come out worse than in the tree."""
    wanted = {name: before.outcomes[name] for name in names if name in before.outcomes}
    return [item.name for item in compare(wanted, tested.outcomes)]


def explained(context: Context, root: Path, before: SuiteRun, tested: SuiteRun, broken: list[str]) -> Outcome:
    """The outcome with the files that are missed: all ignored ones are brought, then each is taken away again."""
    args = files_of(context, broken)
    more = f" and {len(broken) - 3} more" if len(broken) > 3 else ""
    message = f"{len(broken)} of {len(before.outcomes)} tests fail in a clean checkout: {', '.join(broken[:3])}{more}"
    evidence = listed(broken, tested.tail)
    candidates = [name for name in context.ignored if worth_trying(context.root / name)]
    brought = [name for name in candidates if bring(context.root / name, root / name)]
    context.progress(f"{NAME}: {len(broken)} differ, once more with {len(brought)} ignored files")
    if worse(before, tests_in(context, root, args), broken):
        return Outcome(NAME, "failed", f"{message}; not for the want of an ignored file", evidence)
    if not brought:
        return Outcome(NAME, "passed", f"as in the tree the second time, the first time {message}", evidence)
    if len(brought) > MOST:
        return Outcome(NAME, "failed", f"{message}; with all {len(brought)} ignored files they pass", evidence)
    needed = []
    for name in brought:
        aside = root.parent / "aside"
        (root / name).rename(aside)
        if worse(before, tests_in(context, root, args), broken):
            aside.rename(root / name)
            needed.append(name)
        elif aside.is_dir():
            shutil.rmtree(aside)
        else:
            aside.unlink()
    wanted = ", ".join(needed) or "ignored files, though none of them alone"
    return Outcome(NAME, "failed", f"{message}; they need what git ignores: {wanted}", evidence)


def worth_trying(path: Path) -> bool:
    """Whether an ignored file or folder can be what a test needs: no cache, no environment, not huge."""
    if path.name in LEFT_OUT | CACHES or path.suffix == ".pyc" or path.name.endswith(".egg-info") or not path.exists():
        return False
    if path.is_file():
        return path.stat().st_size <= LARGEST
    if (path / "pyvenv.cfg").is_file() or path.name in ("build", "dist", "htmlcov", ".trueup"):
        return False
    return sum(item.stat().st_size for item in path.rglob("*") if item.is_file()) <= LARGEST


def bring(source: Path, target: Path) -> bool:
    """Copy a file or folder into the checkout; whether it was not there, and now is."""
    if target.exists():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        if source.is_dir():
            shutil.copytree(source, target, symlinks=True)
        else:
            shutil.copy2(source, target)
    except (OSError, shutil.Error):
        return False
    return True
