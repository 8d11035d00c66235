"""Do the tests reach out? Run once where there is no network but the loopback, in a namespace of Linux."""

from __future__ import annotations

import os

from trueup.model.report import Outcome
from trueup.tools.isolate import without_network
from trueup.tools.uv import venv_python
from trueup.verify.environment import MISSING
from trueup.verify.runner import SuiteRun, compare, run_tests
from trueup.verify.tests import files_of, known, listed, summary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from trueup.verify import Context

ORDER = 85
NAME = "network"
DEPTH = "deep"
ADVICE = True


def check(context: Context) -> Outcome:
    """Passed when every test comes out as with a network; those that do not reach out, and are named."""
    if not context.has_tests:
        return Outcome(NAME, "unchecked", "the project has no tests")
    if not venv_python(context.venv).exists():
        return Outcome(NAME, "unchecked", MISSING)
    isolation = without_network()
    if isolation.reason:
        return Outcome(NAME, "unchecked", isolation.reason)
    before = known(context)
    if not before.count("passed"):
        return Outcome(NAME, "unchecked", f"with a network no test passes: {before.problem or summary(before)}")
    tested = alone(context, isolation.prefix, context.test_args)
    broken = [item.name for item in compare(before.outcomes, tested.outcomes)]
    if broken:
        context.progress(f"{NAME}: {len(broken)} differ, once more")
        again = alone(context, isolation.prefix, files_of(context, broken))
        worse = {item.name for item in compare(before.outcomes, again.outcomes)}
        broken = [name for name in broken if name in worse]
    if broken and not tested.outcomes:
        return Outcome(NAME, "failed", f"without a network {tested.problem}", tested.tail)
    if broken:
        more = f" and {len(broken) - 3} more" if len(broken) > 3 else ""
        message = f"{len(broken)} of {len(before.outcomes)} tests reach out: {', '.join(broken[:3])}{more}"
        return Outcome(NAME, "failed", message, listed(broken, tested.tail))
    return Outcome(NAME, "passed", f"as with a network: {summary(tested)}")


def alone(context: Context, prefix: Sequence[str], args: Sequence[str]) -> SuiteRun:
    """The tests where nothing but the loopback is."""
    python = venv_python(context.venv)
    launch = [*prefix, os.path.abspath(python), "-m", "pytest"]  # noqa: PTH100 - resolved, it would leave .venv
    return run_tests(context.venv, python, context.root, context.environ, args, launch=launch)
