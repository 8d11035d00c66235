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
    per-path-ignore = { "tests/**" = ["LAY106", "D"] }
    """
    found = Settings(("LAY", "DEP101", "C"), ("LAY10",), {"LAY101": "warning"}, "shop", "3.13", profile="report")
    assert read(text) == found._replace(per_path_ignore={"tests/**": ["LAY106", "D"]})


@pytest.mark.parametrize("day", ["2027-01-31", "'2027-01-31'"])
def test_ignored_advisories(day: str) -> None:
    (row,) = read(f"[tool.trueup]\nignore-advisories = [{{id = 'A', reason = 'x', until = {day}}}]\n").ignore_advisories
    assert (row["id"], row["reason"], str(row["until"])) == ("A", "x", "2027-01-31")


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
        ("ignore-advisories = ['CVE-1']", "tool.trueup.ignore-advisories is not a list of advisories"),
        ("ignore-advisories = [{id = 'CVE-1'}]", "needs an id and a reason, and may have until, nothing else: CVE-1"),
        ("ignore-advisories = [{id = '', reason = 'x'}]", "needs an id and a reason"),
        ("ignore-advisories = [{id = 'A', reason = 'x', who = 1}]", "nothing else: who"),
        ("ignore-advisories = [{id = 'A', reason = 'x', until = 'soon'}]", "gives A a last day that is none"),
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
