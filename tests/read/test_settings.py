"""[tool.trueup]."""

from __future__ import annotations

import pytest

from trueup.errors import UsageError
from trueup.model.settings import Settings
from trueup.read.settings import read_settings
from trueup.text.syntax import parse


def read(text: str) -> Settings:
    return read_settings(parse("pyproject.toml", text))


def test_nothing_said() -> None:
    assert read_settings(None) == read("[project]\nname = 'x'\n") == read("[tool.trueup]\n") == Settings()


def test_everything_said() -> None:
    text = """
    [tool.trueup]
    select = ["LAY", "DEP101", "C"]
    ignore = ["LAY10"]
    severity = { LAY101 = "warning" }
    package = "shop"
    python = "3.13"
    profile = "report"
    mute = { GHSA-x = 2027-01-31, CVE-1 = { reason = "never called", until = "2027-02-01" } }
    per-path-ignore = { "tests/**" = ["LAY106", "D"] }
    """
    found = Settings(("LAY", "DEP101", "C"), ("LAY10",), {"LAY101": "warning"}, "shop", "3.13", profile="report")
    never = {"reason": "never called", "until": "2027-02-01"}
    muted = {"GHSA-x": {"reason": "", "until": "2027-01-31"}, "CVE-1": never}
    assert read(text) == found._replace(mute=muted, per_path_ignore={"tests/**": ["LAY106", "D"]})


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("colour = 1", "pyproject.toml:2: tool.trueup.colour is no setting of trueup"),
        ("select = 'LAY'", "pyproject.toml:2: tool.trueup.select is not a list of codes"),
        ("ignore = [1]", "tool.trueup.ignore is not a list of codes"),
        ("select = ['lay']", "tool.trueup.select holds 'lay', which is no code"),
        ("severity = 'x'", "tool.trueup.severity is not a table"),
        ("severity = { LAY101 = 'bad' }", "tool.trueup.severity gives LAY101 no severity: there are critical"),
        ("severity = { LAY101 = [] }", "tool.trueup.severity gives LAY101 no severity"),
        ("package = 'my-shop'", "tool.trueup.package is not an import name"),
        ("package = 1", "tool.trueup.package is not an import name"),
        ("python = 3.12", "tool.trueup.python is not a version of Python"),
        ("python = '2.7'", "tool.trueup.python is not a version of Python"),
        ("per-path-ignore = ['LAY106']", "tool.trueup.per-path-ignore is not a table from paths to codes"),
        ("per-path-ignore = {'a' = 'LAY'}", "tool.trueup.per-path-ignore 'a' is not a list of codes"),
        ("per-path-ignore = {'a' = ['lay']}", "tool.trueup.per-path-ignore 'a' holds 'lay', which is no code"),
        ("mute = ['CVE-1']", "tool.trueup.mute is not a table from advisories to days"),
        ("mute = { CVE-1 = 'soon' }", "tool.trueup.mute gives CVE-1 no day"),
        ("mute = { CVE-1 = { reason = 'x' } }", "tool.trueup.mute gives CVE-1 no day"),
        (
            "mute = { CVE-1 = { reason = 1, until = 2027-01-31 } }",
            "tool.trueup.mute may give CVE-1 a reason and a last",
        ),
        ("mute = { CVE-1 = { until = 2027-01-31, who = 1 } }", "tool.trueup.mute may give CVE-1 a reason and a last"),
        ("profile = 'other'", "tool.trueup.profile is not one of robust, report"),
    ],
)
def test_wrong(line: str, problem: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(f"[tool.trueup]\n{line}\n")
    assert problem in str(caught.value)


def test_not_a_table() -> None:
    with pytest.raises(UsageError, match=r"pyproject.toml:2: tool.trueup is not a table"):
        read("[tool]\ntrueup = 1\n")
