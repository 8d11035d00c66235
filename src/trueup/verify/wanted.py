"""Which variables of the user's shell a failing test needs, found by trying; only where somebody asked for it.

The tests that fail are run again with all that is offered, then each variable is taken away again: what a test fails
without is needed. Their output is not kept, since it may hold a value.
"""

from __future__ import annotations

from trueup.tools.uv import venv_python
from trueup.verify.runner import COLLECTED
from trueup.verify.suite import run_suite

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from trueup.verify import Context
    from trueup.verify.runner import SuiteRun

MOST = 16  # variables that are taken away one by one
SHOWN = 3


def wanted(context: Context, tested: SuiteRun, args: tuple[str, ...]) -> str:
    """In a line, which variables mend which of the tests that failed; ``""`` where nothing was to be tried."""
    failed = {name for name, outcome in tested.outcomes.items() if outcome in ("failed", "error")}
    if not context.tried or not (failed or not tested.outcomes):
        return ""

    def mended(names: Iterable[str]) -> set[str]:
        context.progress(f"tests: {len(failed) or 'all'} once more, with variables of your shell")
        given = {**context.environ, **{name: context.tried[name] for name in names}}
        again = run_suite(context.runner, context.venv, venv_python(context.venv), context.root, given, args)
        return better(failed, again.outcomes)

    left = sorted(context.tried)
    helped = mended(left)
    if not helped:
        return f"none of {', '.join(left)} of your shell mends one"
    if len(left) > MOST:
        return f"{told(helped)} with some of {', '.join(left)}: {len(left)} are too many to tell which"
    for name in tuple(left):
        fewer = [other for other in left if other != name]
        if helped <= mended(fewer):
            left = fewer
    if not left:
        return f"{told(helped)} the second time, with no variable of your shell"
    return f"{told(helped)} with {', '.join(left)} of your shell: --env {' --env '.join(left)}"


def better(failed: set[str], now: Mapping[str, str]) -> set[str]:
    """Those that pass now; of a file that could not be imported, its tests; of tests that never ran, all that do."""
    files = {name.partition("::")[0] for name in failed if name.endswith(COLLECTED)}
    passed = {name for name, outcome in now.items() if outcome == "passed"}
    return {name for name in passed if name in failed or name.partition("::")[0] in files or not failed}


def told(names: set[str]) -> str:
    """A few of the tests."""
    listed = sorted(names)
    more = f" and {len(listed) - SHOWN} more" if len(listed) > SHOWN else ""
    return f"{', '.join(listed[:SHOWN])}{more} {'pass' if len(listed) > 1 else 'passes'}"
