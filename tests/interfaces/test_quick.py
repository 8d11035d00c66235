"""The plain command lines of ``audit``: what is read without argparse is what argparse reads."""

import pytest

from trueup.errors import UsageError
from trueup.interfaces import quick
from trueup.interfaces.arguments import parser
from trueup.report import formats

LINES = [
    "audit",
    "audit .",
    "audit some/where --format json",
    "audit --format=sarif some/where -q",
    "audit -v --quiet --fail-on never --select LAY,DEP101 --ignore=CFG --output report.txt x",
    "audit x --format markdown --format github",
    "audit --format terminal --fail-on=critical",
]
ODD = [
    "",
    "plan",
    "audit -qv",
    "audit --form json",
    "audit a b",
    "audit --format bash",
    "audit --format",
    "audit --fail-on=nothing",
    "audit --select -x",
    "audit -- x",
    "audit --output=",
    "audit --help",
    "audit --quiet=yes",
]


@pytest.mark.parametrize("line", LINES)
def test_plain_lines_are_read_as_argparse_reads_them(line: str) -> None:
    found = quick.audit(line.split())
    assert found is not None
    assert vars(found) == vars(parser().parse_args(line.split()))


@pytest.mark.parametrize("line", ODD)
def test_odd_lines_are_left_to_argparse(line: str) -> None:
    assert quick.audit(line.split()) is None


def test_the_formats_are_those_that_argparse_admits() -> None:
    assert set(quick.FORMATS) == set(formats()) - {"bash", "powershell"}
    for name in quick.FORMATS:
        assert parser().parse_args(["audit", "--format", name]).format == name
    for level in quick.LEVELS:
        assert parser().parse_args(["audit", "--fail-on", level]).fail_on == level
    with pytest.raises(UsageError):
        parser().parse_args(["audit", "--format", "bash"])
