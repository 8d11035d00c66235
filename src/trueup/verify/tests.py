"""Do the tests come out as before; or, where there is no before, are they green?"""

from __future__ import annotations

import tempfile
from pathlib import Path

from trueup.model.report import Outcome
from trueup.tools.uv import venv_python
from trueup.verify.environment import MISSING
from trueup.verify.runner import SuiteRun, compare, lost, placeless
from trueup.verify.suite import run_suite
from trueup.verify.wanted import wanted
from trueup.verify.wheel import copy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from trueup.verify import Context
    from trueup.verify.baseline import Baseline
    from trueup.verify.runner import Broken

ORDER = 30
NAME = "tests"
ACCEPT = "warnings"  # lets new warnings be, as the name of a distribution lets its loss be
SHOWN = 12  # tests named in the evidence


def check(context: Context) -> Outcome:
    """With a baseline: passed when no test is worse than before. Without: passed when all are green."""
    if not context.has_tests:
        return Outcome(NAME, "unchecked", "the project has no tests")
    if not venv_python(context.venv).exists():
        return Outcome(NAME, "unchecked", MISSING)
    before = context.baseline
    if before is not None and before.hung:
        return Outcome(NAME, "unchecked", f"before, {before.reason}, so they were not run again", before.evidence)
    clean = spare(context) if before is not None and before.count("passed") else context.root
    tested = tests_of(context, context.root)
    if not tested.outcomes:
        return explained(context, tested, nothing_ran(tested, before))
    if before is None:
        return explained(context, tested, green(tested))
    if before.reason or not before.count("passed"):
        return unproven(tested, before)
    return against(context, renamed(context, before), tested, clean)


def explained(context: Context, tested: SuiteRun, outcome: Outcome) -> Outcome:
    """The outcome with the variables that a failing test needs, where they may be tried."""
    if outcome.status != "failed":
        return outcome
    failed = [name for name, now in tested.outcomes.items() if now in ("failed", "error")]
    args = files_of(context, failed) if failed else context.test_args
    found = wanted(context, tested, args)
    return outcome._replace(message=f"{outcome.message}; {found}") if found else outcome


def tests_of(context: Context, root: Path) -> SuiteRun:
    """The tests of ``root``, the project or a copy of it, run in the project's environment."""
    tested = run_suite(
        context.runner, context.venv, venv_python(context.venv), root, context.environ, context.test_args
    )
    if context.memory:
        context.memory.runs[NAME] = tested
    return tested


def spare(context: Context) -> Path:
    """A copy of the project as it is before the tests run, for a second run: the first may leave files behind."""
    if context.memory is None:
        return context.root
    target = Path(tempfile.mkdtemp(dir=context.memory.scratch), context.root.name)
    copy(context.root, target)
    return target


def known(context: Context) -> SuiteRun:
    """What the tests gave in the project, run now where no other check did."""
    return (context.memory.runs.get(NAME) if context.memory else None) or tests_of(context, context.root)


def files_of(context: Context, names: Iterable[str]) -> tuple[str, ...]:
    """What pytest is given to run the files of these tests again, with the options that it was given before."""
    options = [arg for arg in context.test_args if not (context.root / arg.partition("::")[0]).exists()]
    return (*options, *dict.fromkeys(name.partition("::")[0] for name in names))


def nothing_ran(tested: SuiteRun, before: Baseline | None) -> Outcome:
    """No test has an outcome. Without pytest, or without tests, nothing is proven; else that is a failure."""
    if "pytest is not" in tested.problem or tested.code == 5:
        lost = before.count("passed") if before else 0
        message = f"{tested.problem}; {lost} passed before" if lost else tested.problem
        return Outcome(NAME, "failed" if lost else "unchecked", message, tested.tail)
    message = "; ".join(filter(None, (tested.problem, tested.needed)))
    if before is not None and not before.count("passed"):
        known = f"{message}, as before" if before.reason == message else f"{message}; before, {before.state}"
        return Outcome(NAME, "unchecked", known, tested.tail)
    return Outcome(NAME, "failed", message, tested.tail)


def green(tested: SuiteRun) -> Outcome:
    """The outcome where nothing is known of before."""
    bad = [f"{name}: {outcome}" for name, outcome in tested.outcomes.items() if outcome in ("failed", "error")]
    if bad:
        message = "; ".join(filter(None, (summary(tested), tested.needed)))
        return Outcome(NAME, "failed", message, listed(bad, tested.tail))
    if tested.code:
        return Outcome(NAME, "failed", f"every test passed, but {tested.by} ended with {tested.code}", tested.tail)
    if not tested.count("passed"):
        return Outcome(NAME, "unchecked", f"no test ran: {summary(tested)}", tested.tail)
    return Outcome(NAME, "passed", summary(tested))


def unproven(tested: SuiteRun, before: Baseline) -> Outcome:
    """The outcome where nothing passed before: green is green, where the tests ran at all before."""
    now = green(tested)
    if now.status == "passed" and not before.unmade:
        return now._replace(message=f"{now.message}; before, {before.state}")
    return now._replace(status="unchecked", message=f"{now.message}; before, {before.state}, so nothing was compared")


def against(context: Context, before: SuiteRun, tested: SuiteRun, clean: Path) -> Outcome:
    """The outcome compared with before; what is worse is run again, in ``clean``, to tell the flaky from the broken."""
    broken = (*compare(before.outcomes, tested.outcomes), *lost(before, tested))
    warned = warnings(context, before, tested)
    flaky: tuple[Broken, ...] = ()
    if warned or any(item.after.startswith(("failed", "error")) for item in broken):
        context.progress(f"{NAME}: {len(broken) or len(warned)} differ, once more")
        again = tests_of(context, clean)
        still = {item.name for item in (*compare(before.outcomes, again.outcomes), *lost(before, again))}
        flaky = tuple(item for item in broken if item.name not in still and item.name in again.outcomes)
        broken = tuple(item for item in broken if item not in flaky)
        tested = again if again.outcomes and not broken else tested
        warned = [text for text in warned if text in map(placeless, again.warnings)]  # its files lie elsewhere
    said = [f"{len(flaky)} flaky ({', '.join(item.name for item in flaky[:3])})"] if flaky else []
    if broken:
        known = {*before.outcomes, *(item.name for item in broken)}
        message = "; ".join([f"{len(broken)} of {len(known)} tests came out worse than before", *said])
        return Outcome(NAME, "failed", message, listed([str(item) for item in broken], tested.tail))
    if tested.code not in (0, before.code):
        message = f"every test came out as before, but {tested.by} ended with {tested.code} (before: {before.code})"
        return Outcome(NAME, "failed", message, tested.tail)
    if warned:
        message = f"as before: {summary(tested)}; but {noun(len(warned))} of the project's own files: {warned[0]}"
        return Outcome(NAME, "failed", f"{message}; --accept {ACCEPT} lets that be", "\n".join(warned[:SHOWN]))
    new = [text for text in tested.warnings if text not in before.warnings]
    said += [noun(len(new))] if new else []
    return Outcome(NAME, "passed", "; ".join([f"as before: {summary(tested)}", *said]), "\n".join(new[:SHOWN]))


def warnings(context: Context, before: SuiteRun, tested: SuiteRun) -> list[str]:
    """What files of the project warn of that did not before; where tests run that did not, these may warn."""
    more = any(before.outcomes.get(name) != now for name, now in tested.outcomes.items() if now != "skipped")
    known = set(map(placeless, before.warnings))
    return [] if more or ACCEPT in context.accepted else [text for text in tested.own if text not in known]


def noun(count: int) -> str:
    """``1 new warning``, ``2 new warnings``."""
    return "1 new warning" if count == 1 else f"{count} new warnings"


def renamed(context: Context, before: Baseline) -> SuiteRun:
    """What was before, with the tests' new places."""
    names = {
        name: context.moved(name.partition("::")[0]) + "".join(name.partition("::")[1:]) for name in before.outcomes
    }
    outcomes = {names[name]: outcome for name, outcome in before.outcomes.items()}
    reasons = {names[name]: reason for name, reason in before.reasons.items()}
    return SuiteRun(outcomes, before.code, warnings=before.warnings, reasons=reasons)


def summary(tested: SuiteRun) -> str:
    """``139 passed, 2 failed``."""
    words = ((word, tested.count(word)) for word in ("passed", "failed", "error", "skipped"))
    return ", ".join(f"{number} {word}" for word, number in words if number)


def listed(lines: list[str], tail: str) -> str:
    """A few lines of many, then pytest's last words."""
    rest = [f"... and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    return "\n".join([*lines[:SHOWN], *rest, "", tail])
