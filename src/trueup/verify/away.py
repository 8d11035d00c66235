"""Do the tests pass on the wheel, where the package's source is not?

An editable installation, a ``pythonpath`` and the working directory all let tests import files that the wheel lacks.
So the tests are copied without the package, and run against the installed wheel. Many suites read files of the
project by their place: a test that passes in the tree only is named, and counts as not checked.
Source: https://docs.pytest.org/en/stable/explanation/goodpractices.html
"""

from __future__ import annotations

import re
from pathlib import Path

from trueup.model.noun import NamedTuple
from trueup.model.report import Outcome
from trueup.tools.uv import UvError, venv_program, venv_python
from trueup.verify.environment import MISSING
from trueup.verify.runner import SuiteRun, compare, run_tests
from trueup.verify.tests import known, listed, summary
from trueup.verify.wheel import Built, imports, installed, not_imported, package_folder, packaged, without_source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trueup.verify import Context

ORDER = 60
NAME = "tests outside the tree"
DEPTH = "verify"
ADVICE = True
STRICT = ("--import-mode=importlib", "--override-ini=pythonpath=")
PLUGIN = "trueup_witness"
# Writes down where the tests got the package from.
WITNESS = """
import os, sys
def pytest_sessionfinish():
    module = sys.modules.get(os.environ["TRUEUP_PACKAGE"])
    place = "" if module is None else module.__file__ or list(module.__path__)[0]
    with open(os.environ["TRUEUP_WITNESS"], "w", encoding="utf-8") as file:
        file.write(os.path.abspath(place) if place else "")
"""


class Away(NamedTuple):
    """One run outside the tree; ``place`` is where the package came from, ``""`` where no test imported it."""

    tested: SuiteRun
    place: str


def check(context: Context) -> Outcome:
    """Passed when what passes in the project passes on the wheel; failed when the package cannot be imported there."""
    reason = impossible(context)
    if reason:
        return Outcome(NAME, "unchecked", reason)
    before = known(context)
    if not before.count("passed"):
        return Outcome(NAME, "unchecked", f"in the project itself no test passes: {before.problem or summary(before)}")
    try:
        with installed(context, NAME, default_groups=True) as built:
            return on_wheel(context, built, before)
    except UvError as problem:
        if problem.kind != "build":
            raise
        return Outcome(NAME, "unchecked", f"there is no wheel: {problem.message}", problem.output)


def on_wheel(context: Context, built: Built, before: SuiteRun) -> Outcome:
    """The outcome where the package is installed from its wheel."""
    done = imports(context, built, context.package)
    return compared(context, built, before) if done.ok else not_imported(context, NAME, done)


def impossible(context: Context) -> str:
    """Why nothing can be run; ``""`` where it can."""
    if not context.package:
        return "no import package is known"
    if not packaged(context.root):
        return "pyproject.toml names no build backend, so there is no wheel"
    if not context.has_tests:
        return "the project has no tests"
    if context.runner:
        return f"{context.runner} runs the tests, and finds them beside the code alone"
    return "" if venv_python(context.venv).exists() else MISSING


def compared(context: Context, built: Built, before: SuiteRun) -> Outcome:
    """The outcome against the run in the project: strictly first, and where tests differ as the project starts them."""
    base, own = package_folder(context)
    tests = built.source.parent / "tests"
    without_source(context, built, tests)
    inside = f"{base}{own}/"
    wanted = {name: outcome for name, outcome in before.outcomes.items() if not name.startswith(inside)}
    own_tests = len(before.outcomes) - len(wanted)
    notes = [f"{own_tests} tests lie in the package itself"] if own_tests else []
    context.progress(f"{NAME}: the tests")
    first = run(context, built, tests, strict=True)
    broken = [item.name for item in compare(wanted, first.tested.outcomes)]
    last = first
    if broken:
        context.progress(f"{NAME}: {len(broken)} differ, once more as the project starts them")
        last = run(context, built, tests, strict=False)
        worse = {item.name for item in compare(wanted, last.tested.outcomes)}
        kept = [name for name in broken if name in worse]
        if len(kept) < len(broken):
            notes.append(f"{len(broken) - len(kept)} tests need the project's own import path for the tests")
        broken = kept
    for one in (first, last):
        if one.place and not is_inside(one.place, built.venv):
            message = f"the tests got {context.package} from {shown(one.place, tests)}, not from the wheel"
            return Outcome(NAME, "failed", message, one.tested.tail)
    return judged(context, wanted, last, broken, notes)


def judged(context: Context, wanted: Mapping[str, str], last: Away, broken: list[str], notes: list[str]) -> Outcome:
    """The outcome of what was run."""
    tail = "".join(f"; {note}" for note in notes)
    if not last.tested.outcomes:
        message = f"outside the tree {last.tested.problem or 'no test has an outcome'}"
        return Outcome(NAME, "unchecked", message, last.tested.tail)
    if broken:
        more = f" and {len(broken) - 3} more" if len(broken) > 3 else ""
        message = f"{len(broken)} of {len(wanted)} tests pass in the tree only: {', '.join(broken[:3])}{more}{tail}"
        return Outcome(NAME, "unchecked", message, listed(broken, last.tested.tail))
    if not last.place:
        message = f"no test outside the tree imports {context.package}, so they prove nothing of the wheel{tail}"
        return Outcome(NAME, "unchecked", message)
    return Outcome(NAME, "passed", f"on the wheel as in the tree: {summary(last.tested)}{tail}")


def run(context: Context, built: Built, tests: Path, *, strict: bool) -> Away:
    """The tests of the copy with the wheel's environment."""
    scratch = built.source.parent
    (scratch / "witness").mkdir(exist_ok=True)
    (scratch / "witness" / f"{PLUGIN}.py").write_text(WITNESS, "utf-8")
    told = scratch / "witness" / "place"
    told.unlink(missing_ok=True)
    environ = {
        **context.environ,
        "PYTHONPATH": str(scratch / "witness"),
        "TRUEUP_PACKAGE": context.package,
        "TRUEUP_WITNESS": str(told),
    }
    args = ["-p", PLUGIN, *(STRICT if strict else ()), *context.test_args]
    launch = safely(built.venv) if strict else ()
    tested = run_tests(built.venv, venv_python(built.venv), tests, environ, args, launch=launch)
    return Away(tested, told.read_text("utf-8") if told.exists() else "")


def safely(venv: Path) -> Sequence[str | Path]:
    """How pytest is started without the working directory on its path: ``-P`` came with Python 3.11."""
    try:
        version = re.search(r"(?m)^version(?:_info)?\s*=\s*3\.(\d+)", (venv / "pyvenv.cfg").read_text("utf-8"))
    except OSError:
        version = None
    if version and int(version[1]) < 11:
        return [venv_program(venv, "pytest")]
    return [venv_python(venv), "-P", "-m", "pytest"]


def is_inside(place: str, venv: Path) -> bool:
    """Whether a file lies in an environment, by either of its names."""
    return any(Path(place).is_relative_to(home) for home in (venv, venv.resolve()))


def shown(place: str, tests: Path) -> str:
    """A place, as a path of the project where it is one."""
    path = Path(place)
    return path.relative_to(tests).as_posix() if path.is_relative_to(tests) else place
