"""Vulnerable, clean, and all the ways in which nothing is known."""

import json
import os
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from osv import MANNERS, Service, advisory

from trueup.tools.uv import Uv, UvError, find_uv
from trueup.verify import Context, advisories, mutes, opinions, osv

MANIFEST = '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["idna", "six"]\n'
LOCK = """version = 1
revision = 3
requires-python = ">=3.11"

[[package]]
name = "idna"
version = "3.6"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "six"
version = "1.17.0"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "shop"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "idna" }, { name = "six" }]
"""
OTHER = """
[[package]]
name = "inhouse"
version = "2.0"
source = { registry = "https://corp.example/simple" }
"""
BAD = advisory("GHSA-x", "idna", {"introduced": "0"}, {"fixed": "3.7"}, aliases=["CVE-1"])
VULNERABLE = "idna 3.6: GHSA-x (CVE-1), fixed in 3.7: idna is bad"


@pytest.fixture(scope="module")
def uv() -> Uv:
    """The real uv, that reaches the loopback alone."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
    world = {"HTTPS_PROXY": "http://127.0.0.1:9", "NO_PROXY": "127.0.0.1", "UV_HTTP_RETRIES": "0"}
    return find_uv(plain, {**world, "UV_PYTHON": sys.executable, "UV_PYTHON_DOWNLOADS": "never"})


def project(root: Path, uv: Uv, asked: str, manifest: str = "", lock: str = "") -> Context:
    """A project with two locked packages of PyPI."""
    (root / "pyproject.toml").write_text(MANIFEST + manifest, "utf-8")
    (root / "uv.lock").write_text(LOCK + lock, "utf-8")
    return Context(root, uv, advisories=asked)


def folder(root: Path, *records: dict[str, Any]) -> str:
    """A folder of advisories."""
    place = root / "export" / "PyPI"
    place.mkdir(parents=True, exist_ok=True)
    for record in records:
        (place / f"{record['id']}.json").write_text(json.dumps(record), "utf-8")
    return str(root / "export")


def test_a_clean_answer_passes_and_says_who_was_asked(tmp_path: Path, uv: Uv) -> None:
    with Service({}) as service:
        outcome = advisories.check(project(tmp_path, uv, service.url))
    assert outcome[1:3] == ("passed", "nothing is known against 2 packages (127.0.0.1)")
    assert set(service.asked) == {"idna", "six"}


def test_a_vulnerable_package_fails_with_its_name_and_the_version_that_mends_it(tmp_path: Path, uv: Uv) -> None:
    with Service({"idna": BAD}) as service:
        outcome = advisories.check(project(tmp_path, uv, service.url, lock=OTHER))
    assert outcome[1:4] == (
        "failed",
        f"{VULNERABLE}; not covered, as they are not from PyPI: inhouse 2.0",
        VULNERABLE,
    )


def test_answers_of_another_service_are_not_remembered(tmp_path: Path, uv: Uv) -> None:
    for records, status in (({"idna": BAD}, "failed"), ({}, "passed")):
        with Service(records) as service:
            assert advisories.check(project(tmp_path, uv, service.url)).status == status


@pytest.mark.parametrize(
    ("manner", "said"),
    [
        ("broken", "uv audit did not get an answer: HTTP status server error (500 Internal Server Error)"),
        ("garbage", "uv audit did not get an answer: error decoding response body"),
        ("short", "127.0.0.1 answered 1 of 2 questions"),
        ("slow", "uv audit did not get an answer: it did not end in time"),
    ],
)
def test_an_answer_that_is_none_is_never_clean(
    tmp_path: Path, uv: Uv, manner: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert manner in MANNERS
    monkeypatch.setattr(opinions, "TIMEOUT", 2.0 if manner == "slow" else 30.0)
    with Service({}, manner) as service:
        outcome = advisories.check(project(tmp_path, uv, service.url))
    assert (outcome.status, outcome.message[: len(said)]) == ("unchecked", said)


def test_a_service_that_is_not_there_is_never_clean(tmp_path: Path, uv: Uv) -> None:
    with Service({}) as service:
        gone = service.url
    refused = advisories.check(project(tmp_path, uv, gone))
    assert (refused.status, "error sending request" in refused.message) == ("unchecked", True)
    offline = Uv(uv.executable, uv.version, {**uv.environ, "UV_OFFLINE": "1"})
    told = advisories.check(project(tmp_path, offline, gone))
    assert (told.status, "requires network access" in told.message) == ("unchecked", True)
    assert advisories.check(project(tmp_path, uv, "off"))[1:3] == ("unchecked", "switched off")


IGNORED = (
    "ignored: CVE-1 (idna 3.6: no reason is given); ignored for nothing: CVE-2 (no locked package is struck by it)"
)


def test_what_the_project_ignores_is_shown(tmp_path: Path, uv: Uv) -> None:
    mute = '[tool.uv.audit]\nignore = ["CVE-1"]\nignore-until-fixed = ["CVE-2"]\n'
    with Service({"idna": BAD}) as service:
        asked = advisories.check(project(tmp_path, uv, service.url, mute))
    read = advisories.check(project(tmp_path, uv, folder(tmp_path, BAD), mute))
    for outcome in (asked, read):
        assert outcome.status == "passed"
        assert outcome.message.startswith("nothing that is not ignored is known against 2 packages (")
        assert outcome.message.endswith(f"; {IGNORED}")


@pytest.mark.parametrize(
    ("day", "status"), [("2999-01-31", "passed"), ("2001-01-31", "failed"), ("2001-1-31", "failed")]
)
def test_an_ignore_of_uv_that_has_ended_counts_no_more(tmp_path: Path, uv: Uv, day: str, status: str) -> None:
    mute = f'[tool.uv.audit]\nignore = [\n  "CVE-1",  # never called, until {day}\n]\n'
    with Service({"idna": BAD}) as service:
        outcome = advisories.check(project(tmp_path, uv, service.url, mute))
    assert outcome.status == status
    assert (f"ignored: CVE-1 (idna 3.6: never called, until {day})" in outcome.message) is (status == "passed")
    assert ("ignored no more: CVE-1 (idna 3.6: " in outcome.message) is (status == "failed")
    assert (VULNERABLE in outcome.message) is (status == "failed")


def test_an_ignore_of_trueup_bears_its_reason(tmp_path: Path, uv: Uv) -> None:
    rows = {"ghsa-X": {"reason": "own build", "until": "2999-01-01"}, "CVE-9": {"reason": "?"}}
    context = project(tmp_path, uv, folder(tmp_path, BAD))._replace(muted=rows)
    outcome = advisories.check(context)
    assert outcome.status == "passed"
    assert "; ignored: ghsa-X (idna 3.6: own build, until 2999-01-01); ignored for nothing: CVE-9 (" in outcome.message


def test_where_uv_needs_its_settings_an_ended_ignore_is_a_doubt(tmp_path: Path) -> None:
    told = Told("uv", "0.13.9", {})
    told.said, told.needs_settings = {"vulnerabilities": [], "adverse_statuses": []}, True
    mute = '[tool.uv.audit]\nignore = ["CVE-1", "CVE-2"]  # until 2001-01-01\n'
    outcome = advisories.check(project(tmp_path, told, "http://127.0.0.1:9", mute))
    assert outcome.status == "unchecked"
    assert outcome.message.startswith("uv left out CVE-1, whose ignore has ended; uv left out CVE-2, whose")
    assert "for nothing" not in outcome.message


def test_a_short_answer_is_no_cleaner_for_what_is_ignored(tmp_path: Path, uv: Uv) -> None:
    with Service({"idna": BAD}, "short") as service:
        outcome = advisories.check(project(tmp_path, uv, service.url, '[tool.uv.audit]\nignore = ["CVE-1"]\n'))
    assert (outcome.status, outcome.message.split(";")[0]) == ("unchecked", "127.0.0.1 answered 1 of 2 questions")


@pytest.mark.parametrize(("fixed", "status"), [("3.7", "failed"), ("", "passed")])
def test_muted_until_fixed_ends_with_the_fix(tmp_path: Path, uv: Uv, fixed: str, status: str) -> None:
    record = advisory("GHSA-x", "idna", {"introduced": "0"}, *([{"fixed": fixed}] if fixed else []))
    mute = '[tool.uv.audit]\nignore-until-fixed = ["GHSA-x"]\n'
    assert advisories.check(project(tmp_path, uv, folder(tmp_path, record), mute)).status == status


def test_muting_in_uv_toml_counts_and_odd_settings_do_not(tmp_path: Path, uv: Uv) -> None:
    (tmp_path / "uv.toml").write_text('[audit]\nignore = ["A"]\n', "utf-8")
    project(tmp_path, uv, "", "[tool.uv]\naudit = 1\n")
    assert mutes.read(tmp_path) == (mutes.Mute("A"),)
    (tmp_path / "uv.toml").unlink()
    assert mutes.read(tmp_path) == ()


def test_a_folder_of_advisories_is_read_offline(tmp_path: Path, uv: Uv) -> None:
    other = advisory("PYSEC-1", "Django", {"introduced": "0"})
    clean = advisories.check(project(tmp_path, uv, folder(tmp_path, other), lock=OTHER))
    assert clean[1:3] == (
        "passed",
        "nothing is known against 2 packages (export, as of 2026-01-02); "
        "not covered, as they are not from PyPI: inhouse 2.0",
    )
    assert advisories.check(project(tmp_path, uv, folder(tmp_path, BAD)))[1:3] == ("failed", VULNERABLE)


def test_a_zip_of_advisories_is_read_too(tmp_path: Path, uv: Uv) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("GHSA-x.json", json.dumps(BAD))
    assert advisories.check(project(tmp_path, uv, str(tmp_path / "all.zip")))[1:3] == ("failed", VULNERABLE)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "export holds no advisory for PyPI"),
        ({"a.json": "[["}, "export holds no advisory for PyPI; 1 files of export cannot be read"),
        ({"a.json": json.dumps(BAD | {"affected": []})}, "export holds no advisory for PyPI"),
        ({"a.json": json.dumps(advisory("A", "six", {"introduced": "9"})), "b.json": "1"}, "1 files of export cannot"),
        ({"a.json": json.dumps(advisory("A", "six"))}, "six 1.17.0: A cannot be compared (it names no versions)"),
        ({"a.json": json.dumps(advisory("A", "six", {"introduced": "x"}))}, "six 1.17.0: A cannot be compared"),
        ({"a.json": json.dumps(advisory("A", "six", {"introduced": "0"}) | {"affected": [{"package": {"ecosystem": "PyPI"}}]})},
         "export holds no advisory for PyPI; 1 files of export cannot be read"),
    ],
)  # fmt: skip
def test_a_folder_that_says_nothing_is_never_clean(tmp_path: Path, uv: Uv, files: dict[str, str], said: str) -> None:
    place = Path(folder(tmp_path))
    for name, text in files.items():
        (place / name).write_text(text, "utf-8")
    outcome = advisories.check(project(tmp_path, uv, str(place)))
    assert (outcome.status, outcome.message[: len(said)]) == ("unchecked", said)


def test_a_place_that_is_none_is_never_clean(tmp_path: Path, uv: Uv) -> None:
    (tmp_path / "file").write_text("no zip", "utf-8")
    for name, said in (("nowhere", "no such folder"), ("file", "it is neither a folder nor a zip")):
        outcome = advisories.check(project(tmp_path, uv, str(tmp_path / name)))
        assert (outcome.status, said in outcome.message) == ("unchecked", True)


def test_without_packages_of_pypi_nothing_is_known(tmp_path: Path, uv: Uv) -> None:
    context = project(tmp_path, uv, folder(tmp_path, BAD))
    (tmp_path / "uv.lock").write_text(f"version = 1\n{OTHER}", "utf-8")
    outcome = advisories.check(context)
    assert outcome[1:3] == (
        "unchecked",
        "no locked package comes from PyPI; not covered, as they are not from PyPI: inhouse 2.0",
    )
    (tmp_path / "uv.lock").unlink()
    assert "there is no lock that can be read" in advisories.check(context).message


def test_a_version_that_has_no_order_is_told(tmp_path: Path) -> None:
    folder(tmp_path, BAD)
    found = osv.load(tmp_path / "export")
    assert osv.match(found, "idna", "3.6-odd!").doubts == ("'3.6-odd!' is no version that can be compared",)
    assert osv.match(found, "six", "odd!") == ((), ())


RANGES: list[tuple[list[dict[str, str]], list[str], list[str]]] = [
    ([{"introduced": "0"}, {"fixed": "2.0"}], ["0.0.1.dev1", "1.9", "2.0rc1"], ["2.0", "3"]),
    ([{"introduced": "1.0"}, {"last_affected": "1.5"}], ["1.0", "1.5"], ["0.9", "1.5.post1", "2"]),
    ([{"fixed": "1.5"}, {"introduced": "1.0"}, {"introduced": "2.0"}, {"fixed": "2.3"}], ["1.4", "2.2.9"], ["0.9", "1.5", "1.9", "2.3"]),
    ([{"introduced": "1.10"}], ["1.10", "2"], ["1.9"]),
    ([{"introduced": "0"}, {"limit": "3"}], ["2.9"], ["3", "4"]),
]  # fmt: skip


@pytest.mark.parametrize(("events", "struck", "spared"), RANGES)
def test_ranges_are_read_as_osv_means_them(
    tmp_path: Path, events: list[dict[str, str]], struck: list[str], spared: list[str]
) -> None:
    folder(tmp_path, advisory("A", "Some_Package", *events))
    found = osv.load(tmp_path)
    assert [version for version in struck + spared if osv.match(found, "some.package", version).hits] == struck


def test_listed_versions_count_without_any_range(tmp_path: Path) -> None:
    affected = {"versions": ["1.0", "2004-odd"], "ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}]}
    folder(tmp_path, advisory("A", "idna", affected=affected))
    found = osv.load(tmp_path)
    assert [len(osv.match(found, "idna", version).hits) for version in ("1.0.0", "1.1")] == [1, 0]


def test_one_vulnerability_under_several_names_counts_once_and_withdrawn_ones_never(tmp_path: Path) -> None:
    twin = advisory("PYSEC-7", "idna", {"introduced": "0"}, {"fixed": "3.8"}, aliases=["CVE-1"])
    gone = advisory("GHSA-gone", "idna", {"introduced": "0"}, withdrawn="2026-01-01T00:00:00Z")
    folder(tmp_path, BAD, twin, gone)
    (hit,) = osv.match(osv.load(tmp_path), "idna", "3.6").hits
    assert (hit.id, sorted(hit.names), list(hit.fixes)) == ("GHSA-x", ["CVE-1", "GHSA-x", "PYSEC-7"], ["3.7", "3.8"])


def test_states_of_projects_are_told_and_quarantine_fails() -> None:
    asked = advisories.Locked((("a", "1"),), ())
    archived = {"dependency": {"name": "a"}, "status": "Archived", "reason": "no time"}
    remark = opinions.status(archived)
    assert remark == "a is archived (no time)"
    assert advisories.judged(asked, opinions.Found(remarks=(remark,), source="x"))[1:3] == (
        "passed",
        "nothing is known against 1 packages (x); a is archived (no time)",
    )


class Told(Uv):
    """A uv whose audit says what it is told."""

    said: dict[str, Any]
    needs_settings = False

    def audit(
        self, root: Path, *, service: str, timeout: float, patience: float, configured: bool = True
    ) -> dict[str, Any]:
        if self.needs_settings and not configured:
            raise UvError("network", "certificate")
        return self.said


def test_a_quarantined_project_fails(tmp_path: Path) -> None:
    told = Told("uv", "0.13.9", {})
    told.said = {
        "vulnerabilities": [],
        "adverse_statuses": [{"dependency": {"name": "six"}, "status": "quarantined"}],
    }
    assert advisories.check(project(tmp_path, told, "http://127.0.0.1:9"))[1:3] == ("failed", "six is quarantined")


@pytest.mark.parametrize(
    ("until", "status", "told"),
    [
        ("2999-01-01", "passed", "ignored: CVE-1 (idna 3.6: no reason is given, until 2999-01-01)"),
        ("2020-01-01", "failed", "ignored no more: CVE-1 (idna 3.6: that ended on 2020-01-01)"),
    ],
)
@pytest.mark.parametrize("online", [True, False])
def test_what_is_muted_until_a_day_is_told_after_it(
    until: str, status: str, told: str, online: bool, tmp_path: Path, uv: Uv
) -> None:
    with Service({"idna": BAD}) as service:
        asked = service.url if online else folder(tmp_path, BAD)
        outcome = advisories.check(project(tmp_path, uv, asked)._replace(muted={"CVE-1": {"until": until}}))
    assert outcome.status == status
    assert told in outcome.message
