"""Every format, on one report that has everything, hostile text included."""

import json
from pathlib import Path

import pytest

from trueup.model.change import Move, Write
from trueup.model.finding import Finding
from trueup.model.operation import Relocate
from trueup.model.plan import Command, LedgerRow, Left, Pin, Plan, Question, Step
from trueup.model.report import Outcome, Report, Screen, Summary
from trueup.report import formats, printable, render

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schema/trueup-1.json").read_text(encoding="utf-8"))

FLAT = Finding("LAY101", "flat-layout", "critical", "high", "code at the root", "main.py", 0, 0, "main.py", True, "why")
PIN = Finding(
    "PYT101", "not-pinned", "warning", "high", "no pin, 100%\nsure", "a,b:c.py", 3, 1, "pin", False, "because"
)
EVIL = "evil\x1b]0;pwn\x07\u202e.py"


def plan() -> Plan:
    move = Relocate("LAY101", "shop", (("main.py", "src/shop/main.py"),), (("main", "shop.main"),))
    commands = (
        Command("structural realignment", "mv main.py src/shop/main.py", "the package"),
        Command("declarative manifest", "cat > pyproject.toml <<'EOF'\n[project]\nEOF", "one source"),
    )
    return Plan(
        package="shop",
        python="3.12",
        steps=(Step(move, (Move("main.py", "src/shop/main.py"), Write("pyproject.toml", b"[project]\n"))),),
        seen={"main.py": "00"},
        ledger=(
            LedgerRow("requirements.txt", 1, "fastapi", "moved", "pyproject.toml project.dependencies"),
            LedgerRow("requirements.txt", 2, "--pre", "dropped", "", "uv resolves differently"),
        ),
        pins=(Pin("fastapi", "0.115.6"),),
        questions=(Question("LAY103", "which import name?", "--package NAME", "src/main.py", 4),),
        resolves=(FLAT,),
        leaves=(Left(PIN, "needs a decision"),),
        adds=(PIN._replace(code="APP101"),),
        tree="shop/\n└── src/",
        pyproject="[project]\n",
        commands={"bash": commands, "powershell": commands},
    )


def report(verb: str = "plan") -> Report:
    made = plan()
    return Report(
        verb=verb,
        trueup="0.1.0",
        project=Summary(
            "/p", "shop", "application", "loose modules at the root", "pip", "main:app", "not pinned", "backend"
        ),
        findings=(FLAT, PIN, FLAT._replace(path=EVIL, severity="error", message=EVIL)),
        plan=made if verb != "audit" else None,
        ledger=made.ledger,
        outcomes=(
            Outcome("tests", "passed", "6 passed", "", 1.25),
            Outcome("wheel", "failed", "lacks a.txt", "a.txt", 2.0),
            Outcome("entry point", "unchecked", "no network", "dns", 0.1),
        ),
        notes=("a note",),
        exit=1,
    )


def names(schema: dict[str, object]) -> set[str]:
    properties = schema["properties"]
    assert isinstance(properties, dict)
    return set(properties)


def test_every_format_is_discovered() -> None:
    assert formats() == ("bash", "github", "json", "markdown", "powershell", "sarif", "terminal")


@pytest.mark.parametrize("name", ["bash", "github", "json", "markdown", "powershell", "sarif", "terminal"])
@pytest.mark.parametrize("verb", ["audit", "plan"])
def test_no_format_lets_a_control_character_through(name: str, verb: str) -> None:
    text = render(name, report(verb), Screen(width=60))
    assert text.endswith("\n")
    assert not [char for char in text if not char.isprintable() and char not in "\n\t"]


def test_json_is_exactly_the_schema() -> None:
    data = json.loads(render("json", report()))
    properties = SCHEMA["properties"]
    assert set(data) == set(properties)
    assert set(data["project"]) == set(properties["project"]["required"])
    assert set(data["plan"]) == set(properties["plan"]["required"])
    assert set(data["findings"][0]) == set(SCHEMA["$defs"]["finding"]["required"])
    assert set(data["plan"]["leaves"][0]) == {*SCHEMA["$defs"]["finding"]["required"], "reason"}
    assert set(data["ledger"][0]) == set(properties["ledger"]["items"]["required"])
    assert set(data["outcomes"][0]) == set(properties["outcomes"]["items"]["required"])
    assert set(data["summary"]) == set(properties["summary"]["required"])
    assert set(data["plan"]["questions"][0]) == set(properties["plan"]["properties"]["questions"]["items"]["required"])
    assert data["summary"] == {"critical": 1, "error": 1, "warning": 1, "info": 0, "fixable": 2}
    assert data["plan"]["moves"] == [{"from": "main.py", "to": "src/shop/main.py"}]
    assert data["exit"] == 1


def test_json_leaves_out_what_a_verb_has_nothing_for() -> None:
    assert set(json.loads(render("json", Report("rollback", "0.1.0")))) == {"schema", "verb", "trueup", "exit"}


def test_terminal_groups_findings_and_counts_them() -> None:
    text = render("terminal", report("audit"), Screen(width=90))
    assert text.index("LAY101") < text.index("PYT101")
    assert "shop · application (main:app) · loose modules at the root · pip · not pinned" in text
    assert "1 critical · 1 error · 1 warning · 2 that `trueup plan` would resolve" in text
    assert "backend/" in text


def test_terminal_shows_the_three_deliverables_and_folds_the_rest() -> None:
    text = render("terminal", report(), Screen(width=100))
    assert "└── src/" in text
    assert "[project]" in text
    assert "cat > pyproject.toml <<'EOF' … 2 more lines" in text
    assert "1 dropped, 1 moved (`-v` shows each)" in text
    assert "--pre" in text
    assert "which import name? (--package NAME)" in text
    unfolded = render("terminal", report(), Screen(width=100, verbose=True))
    assert "more lines" not in unfolded
    assert "fastapi" in unfolded


def test_terminal_tells_the_three_outcomes_apart() -> None:
    text = render("terminal", report(), Screen(width=100))
    assert "✓ tests: 6 passed" in text
    assert "✗ wheel: failed: lacks a.txt" in text
    assert "? entry point: could not be checked: no network" in text


def test_terminal_without_unicode_is_ascii_and_without_colour_has_no_escape() -> None:
    text = render("terminal", report(), Screen(width=60, unicode=False))
    assert text.isascii()
    assert "ok tests: 6 passed" in text
    assert "\x1b[" in render("terminal", report(), Screen(colour=True))


@pytest.mark.parametrize("width", [40, 60, 120])
def test_terminal_keeps_to_its_width(width: int) -> None:
    assert max(len(line) for line in render("terminal", report(), Screen(width=width)).splitlines()) <= width


def test_terminal_says_when_there_is_nothing() -> None:
    assert "Nothing found" in render("terminal", Report("audit", "0.1.0", findings=()))
    assert "the plan is empty" in render("terminal", Report("plan", "0.1.0", plan=Plan()))


def test_github_escapes_and_names_the_file_in_the_repository() -> None:
    lines = render("github", report("audit")).splitlines()
    assert lines[0] == "::error file=backend/main.py,line=1,title=LAY101 flat-layout::code at the root"
    assert lines[1] == "::warning file=backend/a%2Cb%3Ac.py,line=3,title=PYT101 not-pinned::no pin, 100%25%0Asure"
    assert "::error title=wheel%3A failed::lacks a.txt" in lines
    assert render("github", Report("audit", "0.1.0", findings=())) == "trueup audit: nothing to report\n"


DANGER = PIN._replace(code="MOV101", name="persisted-jobs", message="stored jobs are removed")


def moved_away() -> Report:
    """An apply whose findings afterwards no longer hold what only the plan could tell."""
    made = plan()._replace(leaves=(Left(PIN, ""), Left(DANGER, "a move renames them")))
    return report("apply")._replace(plan=made)


@pytest.mark.parametrize("name", ["terminal", "markdown", "github"])
def test_an_apply_tells_what_the_move_may_break(name: str) -> None:
    text = render(name, moved_away(), Screen(width=200))
    assert text.count("stored jobs are removed") == 1
    assert "which import name?" in text


def test_where_nothing_moves_it_breaks_nothing() -> None:
    assert "What the move may break: 1" in render("terminal", moved_away())
    still = plan()._replace(leaves=(Left(DANGER, "it needs a decision"),), steps=())
    text = render("terminal", report("apply")._replace(plan=still))
    assert "What is left: 1" in text
    assert "may break" not in text


def test_a_plan_on_github_says_what_it_leaves() -> None:
    lines = render("github", report()._replace(findings=None)).splitlines()
    assert lines[0].endswith("::no pin, 100%25%0Asure")
    assert lines[1] == "::warning file=backend/src/main.py,line=4,title=LAY103 for you to look at::which import name?"


def test_sarif_points_at_lines_and_keeps_fingerprints_over_edits() -> None:
    run = json.loads(render("sarif", report("audit")))["runs"][0]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["LAY101", "PYT101"]
    first, second, _ = run["results"]
    assert "region" not in first["locations"][0]["physicalLocation"]
    assert second["locations"][0]["physicalLocation"]["region"] == {"startLine": 3}
    moved = report("audit")._replace(findings=(PIN._replace(line=99),))
    again = json.loads(render("sarif", moved))["runs"][0]["results"][0]
    assert again["partialFingerprints"] == second["partialFingerprints"]
    whole = report("audit")._replace(findings=(PIN._replace(path=""),))
    assert "locations" not in json.loads(render("sarif", whole))["runs"][0]["results"][0]


def test_markdown_escapes_what_tables_and_html_would_read() -> None:
    hostile = report("audit")._replace(findings=(PIN._replace(message="a|b <script>"),))
    text = render("markdown", hostile)
    assert "a\\|b \\<script\\>" in text
    full = render("markdown", report())
    assert "```toml\n[project]\n```" in full
    assert "## For you to decide" in full
    assert "Nothing found." in render("markdown", Report("audit", "0.1.0", findings=()))
    assert "Nothing to do" in render("markdown", Report("plan", "0.1.0", plan=Plan()))


def test_scripts_stop_at_the_first_failure() -> None:
    text = render("bash", report())
    assert text.startswith("#!/usr/bin/env bash\nset -euo pipefail\n")
    assert "# structural realignment\n#   the package\nmv main.py src/shop/main.py\n" in text
    assert render("powershell", report()).startswith("$ErrorActionPreference = 'Stop'\n")
    assert "# nothing to do" in render("bash", Report("plan", "0.1.0", plan=Plan()))
    nested = report()
    assert nested.project is not None
    nested = nested._replace(project=nested.project._replace(repository="services/api"))
    assert "# run this in services/api/ of the repository\n" in render("bash", nested)


def test_printable_keeps_text_and_escapes_control() -> None:
    assert printable("héllo\n") == "héllo\n"
    assert printable(EVIL) == "evil\\x1b]0;pwn\\x07\\u202e.py"
    assert printable("\udcff") == "\\udcff"
