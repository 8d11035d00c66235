"""Do the tests pass wherever they are started? Once from an empty folder, the project's root told to pytest.

``open("data.txt")`` and ``import helpers`` find what lies in the working directory. Started by an editor, from a folder
above or by another job, such a test fails, and so does the code that it calls: a service is started somewhere else.
Source: https://docs.pytest.org/en/stable/reference/customize.html#initialization-determining-rootdir-and-configfile
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from trueup.model.report import Outcome
from trueup.tools.uv import venv_python
from trueup.verify.environment import MISSING
from trueup.verify.runner import SuiteRun, compare
from trueup.verify.suite import run_suite
from trueup.verify.tests import files_of, known, listed, summary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from trueup.verify import Context

ORDER = 83
NAME = "working directory"
DEPTH = "deep"
ADVICE = True


def check(context: Context) -> Outcome:
    """Passed when every test comes out as from the root; those that pass from there only are named."""
    if not context.has_tests:
        return Outcome(NAME, "unchecked", "the project has no tests")
    if not venv_python(context.venv).exists():
        return Outcome(NAME, "unchecked", MISSING)
    before = known(context)
    if not before.count("passed"):
        return Outcome(NAME, "unchecked", f"from the root no test passes: {before.problem or summary(before)}")
    tested = from_elsewhere(context, before.outcomes)
    broken = [item.name for item in compare(before.outcomes, tested.outcomes)]
    if broken:
        context.progress(f"{NAME}: {len(broken)} differ, once more")
        worse = {item.name for item in compare(before.outcomes, from_elsewhere(context, broken).outcomes)}
        broken = [name for name in broken if name in worse]
    if not broken:
        return Outcome(NAME, "passed", f"as from the root: {summary(tested)}")
    more = f" and {len(broken) - 3} more" if len(broken) > 3 else ""
    message = f"{len(broken)} of {len(before.outcomes)} tests pass from the root only: {', '.join(broken[:3])}{more}"
    return Outcome(NAME, "failed", message, listed(broken, tested.tail))


def from_elsewhere(context: Context, names: Iterable[str]) -> SuiteRun:
    """The files of these tests, run from a folder that holds nothing."""
    args = [str(context.root / arg) if (context.root / arg).exists() else arg for arg in files_of(context, names)]
    with tempfile.TemporaryDirectory(prefix="trueup-elsewhere-", ignore_cleanup_errors=True) as folder:
        python = venv_python(context.venv).absolute()
        start = Path(folder)
        return run_suite(context.runner, context.venv, python, context.root, context.environ, args, start=start)
