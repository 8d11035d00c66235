"""The command line: request to steps to one report. The only catcher of errors, the only exit."""

from __future__ import annotations

import os
import sys

from trueup.errors import Interrupted, PlanRefused, ToolError, TrueupError, UsageError
from trueup.interfaces import quick
from trueup.interfaces.output import (
    answer,
    complain,
    emit,
    open_streams,
    refuse_nowhere,
    refuse_output,
    screen,
    silence,
)
from trueup.model.finding import SEVERITIES
from trueup.model.settings import Settings
from trueup.report import render

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from trueup.model.report import Report
    from trueup.steps.proof import Extent
    from trueup.verify import Depth


def run(arguments: Sequence[str]) -> int:
    """Run the command line; returns the exit code and never raises."""
    open_streams()
    try:
        asked = parse(arguments)
        refuse_nowhere()
        if asked.verb not in WRITING:
            return VERBS[asked.verb](asked)
        from trueup.interfaces.signals import ending

        with ending():
            return VERBS[asked.verb](asked)
    except TrueupError as problem:
        complain(problem.message, problem.hint)
        return problem.exit_code
    except KeyboardInterrupt as stop:
        said = stop.message if isinstance(stop, Interrupted) else ""
        complain(f"interrupted{said and f' ({said})'}")
        return stop.exit_code if isinstance(stop, Interrupted) else 130
    except BrokenPipeError:
        silence()
        return 0
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 2
    except Exception as problem:  # a traceback is never what the user should see
        if os.environ.get("TRUEUP_TRACEBACK"):
            raise
        complain(
            f"internal error: {type(problem).__name__}: {problem}", "TRUEUP_TRACEBACK=1 shows where; please report it"
        )
        return 3


def parse(arguments: Sequence[str]) -> Namespace:
    """What is asked for; argparse is imported only where it is needed."""
    asked = quick.audit(arguments)
    if asked is not None:
        return asked
    from trueup.interfaces.arguments import parser

    return parser().parse_args(arguments)


def audit(asked: Namespace) -> int:
    """``trueup audit``."""
    from trueup import steps

    refuse_output(asked)
    report = steps.audit(asked.path, settings(asked), fresh=asked.no_cache)
    report = report._replace(exit=audit_exit(report, asked.fail_on))
    return answer(report, asked)


def audit_exit(report: Report, fail_on: str) -> int:
    """3 where a rule could not be checked, 1 where something as bad as ``fail_on`` was found, else 0."""
    found = report.findings or ()
    if any(finding.code == "TRU999" for finding in found):
        return 3
    worst = SEVERITIES[: SEVERITIES.index(fail_on) + 1] if fail_on in SEVERITIES else ()
    return int(any(finding.severity in worst for finding in found))


def plan(asked: Namespace) -> int:
    """``trueup plan``."""
    from trueup import steps

    refuse_output(asked)
    report = steps.plan(asked.path, settings(asked), save_to=asked.output or "")
    if asked.check and report.plan is not None and not report.plan.empty:
        report = report._replace(exit=1)
    asked.output = None
    return answer(report, asked)


def apply(asked: Namespace) -> int:
    """``trueup apply``."""
    from trueup import steps
    from trueup.interfaces.progress import Progress

    refuse_output(asked)
    progress = Progress(quiet=asked.quiet)
    consent = steps.Consent(
        trust=trust(asked, "apply"),
        confirm=confirm(asked),
    )
    report = steps.apply(
        asked.path,
        settings(asked),
        consent,
        plan_file=asked.plan or "",
        commit=asked.commit,
        env=environment(asked),
        progress=progress,
    )
    progress.done()
    try:
        return answer(report, asked)
    except UsageError as problem:
        if report.exit or (report.plan and report.plan.empty):
            raise
        raise ToolError("the plan was applied, and its report is lost", str(problem)) from None


def verify(asked: Namespace) -> int:
    """``trueup verify``."""
    from trueup import steps
    from trueup.interfaces.progress import Progress

    refuse_output(asked)
    progress = Progress(quiet=asked.quiet)
    wanted = extent(asked)
    report = steps.verify(
        asked.path, settings(asked), trust(asked, "verify"), extent=wanted, env=environment(asked), progress=progress
    )
    progress.done()
    return answer(report, asked)


def rollback(asked: Namespace) -> int:
    """``trueup rollback``."""
    from trueup import steps

    return answer(steps.rollback(asked.path, force=asked.force), asked)


def rules(asked: Namespace) -> int:
    """``trueup rules``."""
    from trueup.interfaces.pages import listing

    emit(listing(asked.format))
    return 0


def explain(asked: Namespace) -> int:
    """``trueup explain``."""
    from trueup.interfaces.pages import page

    emit(page(asked.code))
    return 0


def demo(asked: Namespace) -> int:
    """``trueup demo``."""
    from trueup.interfaces.demo import run_demo
    from trueup.interfaces.progress import Progress

    return run_demo(asked.keep or "", screen(sys.stdout), Progress(quiet=asked.quiet))


WRITING = ("apply", "verify", "rollback", "demo")  # what runs tools, or changes files
VERBS: dict[str, Callable[[Namespace], int]] = {
    "audit": audit,
    "plan": plan,
    "apply": apply,
    "verify": verify,
    "rollback": rollback,
    "rules": rules,
    "explain": explain,
    "demo": demo,
}


def settings(asked: Namespace) -> Settings:
    """The command line's part of the settings."""
    from trueup.model.python import minor_of

    tests, prefers = getattr(asked, "tests", ""), os.environ.get("UV_PYTHON", "")
    return Settings(
        select=codes(getattr(asked, "select", "")),
        ignore=codes(getattr(asked, "ignore", "")),
        package=getattr(asked, "package", ""),
        python=python(getattr(asked, "python", "")),
        prefers=minor_of(prefers) if prefers else "",
        tests=words(tests) if tests else (),
        accept=names(getattr(asked, "accept", "")),
    )


def python(text: str) -> str:
    """A version of Python that can be pinned."""
    import re

    if text and not re.fullmatch(r"3\.\d{1,2}(?:\.\d{1,2})?", text):
        raise UsageError(f"{text} is no version of Python 3", "say one such as 3.12")
    return text


def words(text: str) -> tuple[str, ...]:
    """The arguments in a text, as a shell sees them."""
    import shlex

    try:
        return tuple(shlex.split(text))
    except ValueError as problem:
        raise UsageError(f"--tests cannot be read: {problem}", "write it as a shell would take it") from None


def names(text: str) -> tuple[str, ...]:
    """``Foo_bar, baz`` as normalised names of distributions (PEP 503)."""
    from trueup.model.names import normal

    return tuple(normal(name.strip()) for name in text.split(",") if name.strip())


def codes(text: str) -> tuple[str, ...]:
    """``LAY101, DEP`` as upper-case prefixes; one that no rule begins with is an error."""
    asked = tuple(part.strip().upper() for part in text.split(",") if part.strip())
    if not asked:
        return ()
    from trueup.rules import catalogue

    for code in asked:
        if not any(rule.code.startswith(code) for rule in catalogue()):
            raise UsageError(f"no rule begins with {code}", "`trueup rules` lists them")
    return asked


def extent(asked: Namespace) -> Extent:
    """How far ``verify`` goes."""
    from pathlib import Path

    from trueup.steps.proof import Extent

    folder = str(Path(asked.advisories).absolute()) if asked.advisories else ""
    service = asked.advisory_service or (os.environ.get("TRUEUP_ADVISORIES", "") if not asked.advisories else "")
    if service and service != "off" and not service.startswith(("http://", "https://")):
        raise UsageError(f"{service} is no address of an advisory service", "it begins with https://, or say `off`")
    depth: Depth = "deep" if asked.deep else "verify"
    auditor = ("pip-audit",) if asked.pip_audit else ()
    demanded = check_names(asked.fail_on_unchecked)
    return Extent(depth, service or folder, auditor, demanded, papers(asked), asked.try_env)


def papers(asked: Namespace) -> tuple[tuple[str, Path], ...]:
    """What is to be written, and where; refused before anything runs where that cannot be."""
    from pathlib import Path

    from trueup.verify.papers import PAPERS, refuse

    found = tuple((name, Path(getattr(asked, name))) for name in PAPERS if getattr(asked, name))
    for name, target in found:
        refuse(name, target)
    return found


def check_names(text: str) -> tuple[str, ...] | None:
    """Names of checks, with ``-`` or a blank between words; ``None`` where nothing is said."""
    from trueup.verify import checks

    names = [check.NAME for check in checks()]
    asked = [" ".join(part.replace("-", " ").split()).lower() for part in text.split(",") if part.strip()]
    if asked in (["all"], ["none"]):
        return tuple(names) if asked == ["all"] else ()
    for name in asked:
        if name not in names:
            raise UsageError(f"there is no check called {name}", f"there are {', '.join(names)}")
    return tuple(asked) or None


def environment(asked: Namespace) -> dict[str, str]:
    """The variables of ``--env-file`` and ``--env``; the latter win, and take a name alone from the shell."""
    from pathlib import Path

    from trueup.text.dotenv import read_env_file

    values: dict[str, str] = {}
    for name in asked.env_file:
        values |= read_env_file(Path(name))
    for pair in asked.env:
        key, equals, value = pair.partition("=")
        if not key or (not equals and key not in os.environ):
            raise UsageError("--env takes KEY=VALUE, or the name of a variable of your shell, and one is neither")
        values[key] = value if equals else os.environ[key]
    return values


def interactive() -> bool:
    """Whether a person is there to answer."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty() and not os.environ.get("CI")


def ask(question: str) -> bool:
    """A yes or no on the terminal; anything but yes is no."""
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def trust(asked: Namespace, name: str) -> Callable[[Sequence[str]], None]:
    """How ``steps`` asks whether the project's code may run; it names what will."""

    def may_run(what: Sequence[str]) -> None:
        if asked.trust:
            return
        if not interactive():
            raise PlanRefused(
                f"{name} would run the project's own code: {', '.join(what)}", "say `--trust` to allow it"
            )
        sys.stderr.write("This runs the project's own code:\n" + "".join(f"  {line}\n" for line in what))
        if not ask("Trust it?"):
            raise PlanRefused("not trusted, so nothing was run and nothing written")

    return may_run


def confirm(asked: Namespace) -> Callable[[Report], None]:
    """How ``steps`` asks whether a plan may land; a saved plan was reviewed already."""

    def may_land(report: Report) -> None:
        if asked.yes or asked.plan:
            return
        if not interactive():
            raise PlanRefused(
                "apply would change the project", "say `--yes`, or review and apply a saved plan with `--plan FILE`"
            )
        sys.stderr.write(render("terminal", report, screen(sys.stderr, verbose=asked.verbose)))
        if not ask("Apply this plan?"):
            raise PlanRefused("not confirmed, so nothing was written")

    return may_land
