"""Do the tests reach out? Run once where there is no network but the loopback, in a namespace of Linux.

A test that asks for another machine, and passes all the same, is told: with a network it may do something else.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from trueup.model.report import Outcome
from trueup.tools.isolate import without_network
from trueup.tools.uv import venv_python
from trueup.verify.environment import MISSING
from trueup.verify.runner import SuiteRun, compare
from trueup.verify.suite import run_suite
from trueup.verify.tests import files_of, known, listed, summary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from trueup.verify import Context

ORDER = 85
NAME = "network"
DEPTH = "deep"
ADVICE = True
PLUGIN = "trueup_ear"
# Writes down which test asks for what lies beyond the loopback, in this process.
EAR = """
import os, socket, sys
here = {"", "localhost", "0.0.0.0", "::", "::1", socket.gethostname(), None}
# Tests may replace `open` and empty the environment: all is held from before.
heard = os.open(os.environ["TRUEUP_EAR"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
write, environ = os.write, os.environ
def listen(event, args):
    if event not in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        return
    place = args[1] if event in ("socket.connect", "socket.sendto") else args
    host = place[0] if isinstance(place, tuple) else None
    host = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    test = environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
    if test and isinstance(host, str) and host not in here and not host.startswith("127."):
        try:
            write(heard, (test + "\\n").encode("utf-8", "replace"))
        except OSError:
            pass  # the test closed all that was open
sys.addaudithook(listen)
"""


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
    tested, asking = alone(context, isolation.prefix, context.test_args)
    broken = [item.name for item in compare(before.outcomes, tested.outcomes)]
    if broken:
        context.progress(f"{NAME}: {len(broken)} differ, once more")
        again, _ = alone(context, isolation.prefix, files_of(context, broken))
        worse = {item.name for item in compare(before.outcomes, again.outcomes)}
        broken = [name for name in broken if name in worse]
    if broken and not tested.outcomes:
        return Outcome(NAME, "failed", f"without a network {tested.problem}", tested.tail)
    if broken:
        more = f" and {len(broken) - 3} more" if len(broken) > 3 else ""
        message = f"{len(broken)} of {len(before.outcomes)} tests reach out: {', '.join(broken[:3])}{more}"
        return Outcome(NAME, "failed", message, listed(broken, tested.tail))
    more = f" and {len(asking) - 3} more" if len(asking) > 3 else ""
    told = f"; without an answer pass {', '.join(asking[:3])}{more}, which ask for another machine" if asking else ""
    told = (
        f"; nobody listened which of them ask for another machine: {context.runner} runs them"
        if context.runner
        else told
    )
    return Outcome(NAME, "passed", f"as with a network: {summary(tested)}{told}", "\n".join(asking))


def alone(context: Context, prefix: Sequence[str], args: Sequence[str]) -> tuple[SuiteRun, list[str]]:
    """The tests where nothing but the loopback is; and those of them that asked for more, in their order."""
    python = venv_python(context.venv)
    with tempfile.TemporaryDirectory(prefix="trueup-ear-", ignore_cleanup_errors=True) as scratch:
        Path(scratch, f"{PLUGIN}.py").write_text(EAR, "utf-8")
        heard = Path(scratch, "heard")
        given = context.environ
        path = os.pathsep.join(filter(None, (scratch, given.get("PYTHONPATH"))))
        environ = {**given, "PYTHONPATH": path, "TRUEUP_EAR": str(heard)}
        told = args if context.runner else ["-p", PLUGIN, *args]  # the ear is a plugin of pytest
        tested = run_suite(context.runner, context.venv, python, context.root, environ, told, prefix=prefix)
        asking = heard.read_text("utf-8").splitlines() if heard.exists() else []
    return tested, list(dict.fromkeys(asking))
