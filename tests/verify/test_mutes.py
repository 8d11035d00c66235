"""What a project ignores: why, until when, and whether there is anything to ignore."""

from datetime import date
from pathlib import Path

import pytest

from trueup.verify.mutes import Mute, comment, read, reason, sift
from trueup.verify.opinions import Known

DAY = date(2026, 11, 26)
IDNA = Known("idna 3.6", ("GHSA-x", "CVE-1"), ("3.7",))
SIX = Known("six 1.17.0", ("PYSEC-2",))


@pytest.mark.parametrize(
    ("mute", "counted", "note"),
    [
        (Mute("CVE-1", "never called"), (SIX,), "ignored: CVE-1 (idna 3.6: never called)"),
        (Mute("cve-1"), (SIX,), "ignored: cve-1 (idna 3.6: no reason is given)"),
        (Mute("CVE-1", "a\x1b[31mb", "2026-11-26"), (SIX,), "ignored: CVE-1 (idna 3.6: ab, until 2026-11-26)"),
        (Mute("CVE-1", "", "2026-11-25"), (IDNA, SIX), "ignored no more: CVE-1 (idna 3.6: that ended on 2026-11-25)"),
        (Mute("CVE-1", "", "soon"), (IDNA, SIX), "ignored no more: CVE-1 (idna 3.6: its last day, 'soon', is no date)"),
        (Mute("CVE-1", until_fixed=True), (IDNA, SIX), "ignored no more: CVE-1 (idna 3.6: there is a fix)"),
        (Mute("PYSEC-2", until_fixed=True), (IDNA,), "ignored: PYSEC-2 (six 1.17.0: no reason is given)"),
        (
            Mute("CVE-2", "", "2026-11-25"),
            (IDNA, SIX),
            "ignored for nothing: CVE-2 (no locked package is struck by it)",
        ),
    ],
)
def test_each_ignore_is_told_and_counts_while_it_may(mute: Mute, counted: tuple[Known, ...], note: str) -> None:
    assert sift((IDNA, SIX), [mute], DAY) == (counted, (note,))


def test_where_not_all_was_heard_no_ignore_is_for_nothing() -> None:
    asked = [Mute("CVE-2", "why"), Mute("CVE-3", "", "2026-11-25"), Mute("CVE-1")]
    notes = ("ignored: CVE-2 (why)", "ignored no more: CVE-3 (that ended on 2026-11-25)")
    assert sift((IDNA,), asked, DAY, certain=False).notes == (
        *notes,
        "ignored: CVE-1 (idna 3.6: no reason is given)",
    )


def test_one_ignore_speaks_of_every_package_that_it_strikes() -> None:
    twin = IDNA._replace(package="idna 2.0")
    found = sift((IDNA, twin, twin), [Mute("GHSA-x"), Mute("CVE-1")], DAY)
    assert found.counted == ()
    assert found.notes[0] == "ignored: GHSA-x (idna 3.6, idna 2.0: no reason is given)"


def test_a_reason_that_says_its_day_says_it_once() -> None:
    assert reason(Mute("A", "until 2027-01-31: waits", "2027-01-31")) == "until 2027-01-31: waits"
    assert len(reason(Mute("A", "x" * 500))) == 120


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('ignore = ["CVE-1"]  # why', "why"),
        ("ignore = ['A', 'CVE-1', 'B']# why # not", "why # not"),
        ('    "CVE-1",', ""),
        ('# "CVE-1" # why', ""),
        ('ignore = ["CVE-10"] # why', ""),
    ],
)
def test_the_comment_of_the_line_is_the_reason(line: str, said: str) -> None:
    assert comment(f"x = 1 # other\n{line}\ny = 2 # more\n", "CVE-1") == said


def test_uv_reads_one_of_its_two_files_and_trueup_its_own(tmp_path: Path) -> None:
    text = '[tool.uv.audit]\nignore = ["A"]  # odd; expires: 2027-01-31\nignore-until-fixed = ["B"]\n'
    (tmp_path / "pyproject.toml").write_text(text, "utf-8")
    own = Mute("C", "why", "2027-01-31", uvs=False)
    row = {"C": {"reason": "why", "until": "2027-01-31"}}
    first = Mute("A", "odd; expires: 2027-01-31", "2027-01-31")
    assert read(tmp_path, row) == (first, Mute("B", until_fixed=True), own)
    (tmp_path / "uv.toml").write_text('[audit]\nignore = ["D"]\nignore-until-fixed = 1\n', "utf-8")
    assert read(tmp_path, row) == (Mute("D"), own)
    for text in ("audit = 1\n", "", "[other]\n"):
        (tmp_path / "uv.toml").write_text(text, "utf-8")
        assert read(tmp_path) == ()
