"""Run a project's tests with one interpreter, and read what became of each."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from xml.etree import ElementTree as ET

from trueup.model.noun import NamedTuple
from trueup.tools.process import run
from trueup.tools.uv import activated
from trueup.verify import needs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

TIMEOUT = 1800.0  # seconds that a test suite may take
SILENCE = 90.0  # seconds without a word, after which a test hangs
WORST_LAST = ("skipped", "passed", "failed", "error")
CUT_SHORT = {2: "was interrupted", 3: "had an internal error"}  # by its exit code: what came after is not known
WARNING = re.compile(r"^[ \t]+(\S.*):\d+: (?:\w+\.)*(\w*Warning\w*): (.+)$", re.MULTILINE)
NUMBER = re.compile(r"0x[0-9a-f]+|\d+")
PLACE = re.compile(r"(?<![\w./\\-])(?:[\w-]*[./\\])+(?=\w)")  # a path or a dotted name up to its last part
# What shows when the interpreter gets to it: a file that was not closed, a thread, a coroutine that nobody waits for.
BY_CHANCE = re.compile(r"ResourceWarning|RuntimeWarning|PytestUn(?:raisable|handled)\w+")
RAISED = re.compile(r"(?:^|[\s\"'(.])([A-Z]\w*(?:Error|Exception|Warning|Exit))\b")
ENDS = re.compile(r"^E +(.+)$", re.MULTILINE)
# What a program fails with that lost a module, a file or a name.
NOT_RUN = "not run"  # what a plugin would have to run, and none did: it says nothing of the code
LOSSES = ("ModuleNotFoundError", "ImportError", "FileNotFoundError", "NameError")
COLLECTED = "(collection)"  # stands for the test's name where a file could not be imported


class SuiteRun(NamedTuple):
    """One run of a test suite: each test's outcome (passed, failed, error or skipped) by its id.

    ``problem`` says why there are no outcomes, or not all; ``code`` is pytest's exit code, ``needed`` what the tests
    seem to need that is not here, where none passed. ``warnings`` are those of pytest's summary, each once, without
    places and numbers; ``own`` those of them that files of the project raised, other names and paths cut to their last
    part, for these may move. ``reasons`` are the kinds of exception that tests failed with, where they are known;
    ``by`` is who ran them.
    """

    outcomes: Mapping[str, str]
    code: int
    tail: str = ""
    problem: str = ""
    needed: str = ""
    hung: bool = False
    warnings: tuple[str, ...] = ()
    reasons: Mapping[str, str] = {}
    own: tuple[str, ...] = ()
    by: str = "pytest"

    def count(self, *wanted: str) -> int:
        """How many tests came out so."""
        return sum(outcome in wanted for outcome in self.outcomes.values())


def run_tests(
    venv: Path,
    python: Path,
    root: Path,
    environ: Mapping[str, str],
    args: Sequence[str] = (),
    timeout: float = TIMEOUT,
    *,
    launch: Sequence[str | Path] = (),
    start: Path | None = None,
) -> SuiteRun:
    """Run ``python -m pytest ARGS`` in ``root`` with the environment ``venv`` active.

    Never a pytest from ``PATH``: it would be that of another interpreter. The report and pytest's cache
    go to a scratch directory. Files that cannot be imported do not hide the tests of the others.
    ``launch`` is how pytest is started, and ``start`` where, if that is otherwise.
    """
    with tempfile.TemporaryDirectory(prefix="trueup-tests-", ignore_cleanup_errors=True) as scratch:
        report = Path(scratch, "report.xml")
        switches = [
            f"--junitxml={report}",
            f"--rootdir={root}",
            "--continue-on-collection-errors",
            "--maxfail=0",  # whatever the project's own options say: what was not run cannot be compared
            f"--override-ini=cache_dir={Path(scratch, 'cache')}",
            "--override-ini=junit_family=xunit1",
        ]
        argv = [*(launch or (python, "-m", "pytest")), *switches, *args]
        done = run(argv, start or root, env=activated(environ, venv), timeout=timeout, silence=SILENCE)
        outcomes, reasons = read_report(report, root) if not done.timed_out else ({}, {})
    problem = "" if outcomes else why_nothing(done.code, done.timed_out, done.seconds, done.stderr)
    if outcomes and done.code in CUT_SHORT:
        problem = f"pytest {CUT_SHORT[done.code]} after {len(outcomes)} tests"
    needed = "" if "passed" in outcomes.values() else needs.missing(done.tail(needs.LAST))
    warnings, own = warned(done.stdout, root)
    return SuiteRun(outcomes, done.code, done.tail(25), problem, needed, done.timed_out, warnings, reasons, own)


def warned(said: str, root: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The warnings in pytest's summary, ``DeprecationWarning: the message``, without numbers and addresses; and those
    that files of ``root`` raised, without places."""
    summary = said.partition(" warnings summary ")[2].partition("-- Docs: ")[0]
    found = [(path, kind, NUMBER.sub("N", f"{kind}: {text.strip()}")) for path, kind, text in WARNING.findall(summary)]
    lasting = [(path, line) for path, kind, line in found if not BY_CHANCE.fullmatch(kind)]
    own = {placeless(line) for path, line in lasting if is_own(root / path, root)}
    return tuple(sorted({line for _, _, line in found})), tuple(sorted(own))


def placeless(line: str) -> str:
    """A warning whose names and paths are cut to their last part."""
    return PLACE.sub("", line)


def is_own(file: Path, root: Path) -> bool:
    """Whether a file is the project's, and of no environment in its folder."""
    try:
        inside = file.resolve().relative_to(root.resolve())
    except (OSError, ValueError):
        return False
    return not {"site-packages", ".venv", "venv"}.intersection(inside.parts)


def why_nothing(code: int, timed_out: bool, seconds: float, stderr: str) -> str:
    """Why a run has no outcome of any test."""
    if timed_out:
        return f"the tests did not end: they were stopped after {seconds:.0f} s (--tests says which to run)"
    if "No module named pytest" in stderr:
        return "pytest is not in the environment; declare it in a dependency group that is synced"
    return {
        5: "no tests were collected",
        4: "pytest refused to start: its options, its settings or a conftest.py",
        3: "pytest had an internal error",
    }.get(code, f"pytest ended with {code} and no report")


def read_report(path: Path, root: Path) -> tuple[dict[str, str], dict[str, str]]:
    """The outcomes in a JUnit report on ``root`` by test id, and why tests failed; empty where none can be read."""
    try:
        cases = list(ET.parse(path).iter("testcase"))  # noqa: S314 - written by the pytest that we started
    except (OSError, ET.ParseError):
        return {}, {}
    reasons: dict[str, str] = {}
    outcomes: dict[str, str] = {}
    for case in cases:
        name = identity(case.attrib, root)
        outcomes[name] = max(outcomes.get(name, "skipped"), verdict(case), key=WORST_LAST.index)
        if kind := exception(case):
            reasons[name] = kind
    return outcomes, reasons


def exception(case: ET.Element) -> str:
    """The exception that a test failed with, ``Failed`` where nothing names one; ``""`` where it did not fail.

    Of a coroutine that no plugin ran, ``NOT_RUN``.
    """
    for child in case:
        if child.tag in ("failure", "error"):
            raised = RAISED.search(child.get("message", "")) or RAISED.search(
                "\n".join(ENDS.findall(child.text or "")[-1:])
            )
            unsupported = "not natively supported" in child.get("message", "")
            return NOT_RUN if unsupported else raised[1] if raised else "Failed"
    return ""


def identity(case: Mapping[str, str], root: Path) -> str:
    """``tests/test_a.py::TestB::test_c[x]``, as pytest names it, from what the report keeps of it.

    The file is that where the test stands, the class name begins with the module that was collected: a test may be
    imported into another.
    """
    file = case.get("file", "").replace("\\", "/")
    classname, name = case.get("classname", ""), case.get("name", "")
    module = file.removesuffix(".py").replace("/", ".")
    if not classname and name.startswith(module):
        return f"{file}::{COLLECTED}"
    if f"{classname}.".startswith(f"{module}."):
        inner = classname.removeprefix(module).strip(".").split(".") if classname != module else []
        return "::".join([file, *inner, name])
    parts = classname.split(".")
    for count in range(len(parts), 0, -1):
        importer = "/".join(parts[:count]) + ".py"
        if (root / importer).is_file():
            return "::".join([importer, *parts[count:], name])
    return "::".join([file, *parts, name])


def verdict(case: ET.Element) -> str:
    """passed, failed, error or skipped (an expected failure counts as skipped)."""
    kinds = {"failure": "failed", "error": "error", "skipped": "skipped"}
    found = [kinds[child.tag] for child in case if child.tag in kinds]
    return max(found, key=WORST_LAST.index, default="passed")


class Broken(NamedTuple):
    """A test that came out worse than before; ``after`` may be ``missing``."""

    name: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.name}: {self.before} -> {self.after}"


def compare(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Broken, ...]:
    """The tests that are worse after than before, by the same id. What failed before may fail, either way."""
    return tuple(worse(before, after))


def lost(before: SuiteRun, after: SuiteRun) -> tuple[Broken, ...]:
    """The tests that failed before for another reason, and fail now for want of a module, a file or a name."""
    return tuple(
        Broken(name, f"{before.outcomes[name]} ({was})", f"{after.outcomes[name]} ({after.reasons[name]})")
        for name, was in before.reasons.items()
        if was not in (*LOSSES, NOT_RUN) and after.reasons.get(name) in LOSSES
    )


def worse(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Broken]:
    """Missing, newly failing, or no longer run; and files that can no longer be imported."""
    for name, was in before.items():
        now = after.get(name, "missing")
        bad = now in ("failed", "error") and was in ("passed", "skipped")
        collected = name.endswith(COLLECTED) and now == "missing"
        if bad or (now == "missing" and not collected) or (was == "passed" and now == "skipped"):
            yield Broken(name, was, now)
    for name, now in after.items():
        if name.endswith(COLLECTED) and now == "error" and name not in before:
            yield Broken(name, "imported", now)
