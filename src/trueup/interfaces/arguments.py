"""The command line's grammar."""

from __future__ import annotations

import argparse
from typing import NoReturn

from trueup import __version__
from trueup.errors import UsageError
from trueup.model.finding import SEVERITIES
from trueup.report import formats

VERBS = """\
the road:
  audit     read the project and say what is fragile; runs nothing, writes nothing
  plan      show the new tree, the whole pyproject.toml and the ordered commands
  apply     make it so, in one transaction, proven in a copy first
  verify    prove it: lock, environment, tests, entry point, wheel, sdist, advisories
  rollback  put back every byte that the last apply changed

to learn:
  rules     list every rule
  explain   one rule's page
  demo      take a bundled legacy project down the whole road

exit codes: 0 true; 1 findings, or changes to make; 2 usage; 3 unreadable, or not checkable;
            4 plan refused; 5 apply or verification failed, tree as it was; 6 rollback incomplete; 130 interrupted
"""


class Parser(argparse.ArgumentParser):
    """argparse, but errors become ``UsageError``, so that there is one place that exits."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message, f"`{self.prog} --help` shows the usage")


def parser() -> Parser:
    """The whole grammar."""
    top = Parser(
        prog="trueup",
        description="Bring a Python project's environment into line with a declared target, and prove it.",
        epilog=VERBS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"trueup {__version__}")
    verbs = top.add_subparsers(dest="verb", metavar="VERB", parser_class=Parser, required=True)
    _audit(verb(verbs, "audit", "read the project and say what is fragile"))
    _plan(verb(verbs, "plan", "show what would be done"))
    _apply(verb(verbs, "apply", "do it, in one transaction"))
    _verify(verb(verbs, "verify", "prove that the project is true"))
    rollback = verb(verbs, "rollback", "put back what the last apply changed")
    report_options(rollback, ("terminal", "json"))
    rollback.add_argument(
        "--force", action="store_true", help="also where files were changed since: those are kept aside"
    )
    rules = verb(verbs, "rules", "list every rule", path=False)
    rules.add_argument("--format", choices=("terminal", "json"), default="terminal")
    explain = verb(verbs, "explain", "one rule's page", path=False)
    explain.add_argument("code", metavar="CODE", help="a rule's code, such as LAY101")
    demo = verb(verbs, "demo", "take a bundled legacy project down the whole road", path=False)
    demo.add_argument("--keep", metavar="DIR", help="leave the project in DIR afterwards")
    return top


def verb(verbs: argparse._SubParsersAction[Parser], name: str, what: str, *, path: bool = True) -> Parser:
    """One verb with what all verbs share."""
    command: Parser = verbs.add_parser(
        name, help=what, description=what[0].upper() + what[1:] + ".", allow_abbrev=False
    )
    if path:
        command.add_argument(
            "path",
            metavar="PATH",
            nargs="?",
            type=place,
            default=".",
            help="the project, or a repository that holds it (default: .)",
        )
    command.add_argument("-q", "--quiet", action="store_true", help="no progress on standard error")
    command.add_argument("-v", "--verbose", action="store_true", help="say everything")
    return command


def report_options(command: Parser, names: tuple[str, ...], *, output: bool = True) -> None:
    """``--format`` and, for reports, ``--output``."""
    command.add_argument(
        "--format", choices=names, default="terminal", help="how the report is written (default: terminal)"
    )
    if output:
        command.add_argument("--output", metavar="FILE", help="write the report to FILE instead of standard output")


def rule_options(command: Parser) -> None:
    """Which rules count."""
    command.add_argument("--select", metavar="CODES", default="", help="only these codes or prefixes, comma separated")
    command.add_argument("--ignore", metavar="CODES", default="", help="not these codes or prefixes")


def target_options(command: Parser) -> None:
    """Answers to what only a person can decide."""
    command.add_argument("--package", metavar="NAME", default="", help="the import name, where one is needed")
    command.add_argument(
        "--python", metavar="X.Y", default="", help="the Python to pin (default: UV_PYTHON, else what the project says)"
    )


def run_options(command: Parser) -> None:
    """What the project's own code may do, and what it needs."""
    command.add_argument(
        "--trust", action="store_true", help="let it run the project's own code (locking, building, testing)"
    )
    command.add_argument(
        "--env",
        metavar="KEY[=VALUE]",
        action="append",
        default=[],
        help="hand the project a variable; without a value, your shell's (repeatable)",
    )
    command.add_argument(
        "--env-file", metavar="FILE", action="append", default=[], help="hand the project the variables of a file"
    )
    command.add_argument(
        "--tests",
        metavar="ARGS",
        default="",
        help='what pytest is given, such as "tests/unit -m fast" (default: nothing)',
    )


def _audit(command: Parser) -> None:
    report_options(command, tuple(name for name in formats() if name not in ("bash", "powershell")))
    rule_options(command)
    command.add_argument(
        "--fail-on",
        choices=(*SEVERITIES, "never"),
        default="error",
        help="exit 1 when there is a finding of this severity or worse (default: error)",
    )

    command.add_argument(
        "--no-cache", action="store_true", help="read everything anew, and keep nothing for the next time"
    )


def _plan(command: Parser) -> None:
    report_options(command, ("terminal", "json", "markdown", "bash", "powershell"), output=False)
    command.add_argument("--output", metavar="FILE", help="save the plan to FILE, for `apply --plan FILE`")
    rule_options(command)
    target_options(command)
    command.add_argument("--check", action="store_true", help="exit 1 when there is something to do")


def _apply(command: Parser) -> None:
    report_options(command, ("terminal", "json", "markdown", "github"))
    command.add_argument(
        "--accept",
        metavar="NAMES",
        default="",
        help="dependencies that may be lost or come from elsewhere; warnings",
    )
    rule_options(command)
    target_options(command)
    run_options(command)
    command.add_argument("--plan", metavar="FILE", help="apply a saved plan; refused when a file it saw has changed")
    command.add_argument(
        "--commit", action="store_true", help="commit the result: the pure move first, then the edits, nothing else"
    )
    command.add_argument("--yes", action="store_true", help="do not ask for confirmation")


def _verify(command: Parser) -> None:
    report_options(command, ("terminal", "json", "markdown", "github"))
    run_options(command)
    command.add_argument(
        "--deep",
        action="store_true",
        help="also install the locked wheels again and compare, test in a clean checkout of what git has, from an empty"
        " folder, and (Linux) without a network",
    )
    command.add_argument(
        "--try-env",
        action="store_true",
        help="run tests that fail again with the variables of your shell that the project's files name, and say which "
        "they need; an address among these may be that of a database in use",
    )
    known = command.add_mutually_exclusive_group()
    known.add_argument(
        "--advisory-service",
        metavar="URL",
        default="",
        help="ask this OSV service for known vulnerabilities, or `off` (default: $TRUEUP_ADVISORIES, else api.osv.dev, "
        "which is told names and versions of the locked packages)",
    )
    known.add_argument(
        "--advisories", metavar="DIR", default="", help="look into this OSV export instead, offline (a folder or zip)"
    )
    command.add_argument("--pip-audit", action="store_true", help="ask pip-audit, too, from the PATH or .venv")
    command.add_argument(
        "--sbom", metavar="FILE", default="", help="then write a bill of materials of the run time (CycloneDX 1.5)"
    )
    command.add_argument(
        "--pylock", metavar="FILE", default="", help="then write what a sync installs as PEP 751 has it (pylock.toml)"
    )
    command.add_argument(
        "--fail-on-unchecked",
        metavar="NAMES",
        default="",
        help="exit 3 when one of these checks could not be made, comma separated, or `all`, or `none` "
        "(default: all but those that only advise)",
    )


def place(text: str) -> str:
    """A path; an empty one (of an unset variable) would be the working directory."""
    if not text:
        raise argparse.ArgumentTypeError("it is empty")
    return text
