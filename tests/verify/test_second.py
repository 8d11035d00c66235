"""pip-audit's answer: clean, vulnerable, and all the ways in which it is none."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trueup.verify import Context, second

CLEAN = {"name": "lib", "version": "2.0", "vulns": []}
BAD = {
    "name": "lib",
    "version": "2.0",
    "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["2.1"], "description": "long"}],
}
SKIPPED = {"name": "own", "skip_reason": "not found on PyPI"}
FAKE = """
import pathlib, sys
pathlib.Path(sys.argv[0] + ".args").write_text("\\n".join(sys.argv[1:]) + "\\n" + pathlib.Path(sys.argv[-1]).read_text())
sys.stdout.write({said!r})
sys.stderr.write("it broke\\n" if {code} > 1 else "")
sys.exit({code})
"""


def auditor(folder: Path, said: str, code: int = 0) -> tuple[str, ...]:
    """A program that answers as pip-audit does."""
    (folder / "fake.py").write_text(FAKE.format(said=said, code=code), "utf-8")
    return (sys.executable, str(folder / "fake.py"))


def answer(*packages: dict[str, Any]) -> str:
    """Its JSON."""
    return json.dumps({"dependencies": packages, "fixes": []})


@pytest.mark.parametrize(
    ("said", "code", "status", "message"),
    [
        (answer(CLEAN), 0, "passed", "nothing is known against 1 packages"),
        (answer(CLEAN, BAD), 1, "failed", "lib 2.0: PYSEC-1 (CVE-1), fixed in 2.1"),
        (answer(*[BAD] * 5), 1, "failed", "; and 2 more"),
        (answer(CLEAN, SKIPPED), 0, "unchecked", "it skipped own: not found on PyPI"),
        (answer(), 0, "unchecked", "it looked at no package"),
        ("<html>", 0, "unchecked", "it gave no answer: <html>"),
        ("[]", 0, "unchecked", "it gave no answer: []"),
        (answer({"name": "lib"}), 0, "unchecked", "it gave no answer"),
        ("", 2, "unchecked", "it gave no answer: it broke"),
    ],
)
def test_an_answer_is_one_of_three(
    said: str, code: int, status: str, message: str, project: Callable[..., Context], tmp_path: Path
) -> None:
    outcome = second.check(project(sync=False)._replace(auditor=auditor(tmp_path, said, code)))
    assert outcome is not None
    assert outcome.status == status
    assert message in outcome.message


def test_what_the_project_mutes_is_handed_on_and_told(project: Callable[..., Context], tmp_path: Path) -> None:
    context = project()._replace(auditor=auditor(tmp_path, answer(CLEAN)), muted={"GHSA-x": "2999-01-01"})
    outcome = second.check(context)
    assert outcome is not None
    assert outcome.message == "nothing is known against 1 packages; the project mutes GHSA-x"
    given = (tmp_path / "fake.py.args").read_text("utf-8")
    assert "--ignore-vuln=GHSA-x\n-r\n" in given
    assert "--disable-pip" in given
    assert "lib==2.0" in given
    assert "-e ." not in given


def test_one_that_is_slow_or_missing_or_has_no_lock_is_no_answer(
    project: Callable[..., Context], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = project(sync=False)
    assert second.check(context) is None
    monkeypatch.setattr(second, "TIMEOUT", 0.5)
    (tmp_path / "slow.py").write_text("import time\ntime.sleep(60)\n", "utf-8")
    slow = second.check(context._replace(auditor=(sys.executable, str(tmp_path / "slow.py"))))
    assert slow is not None
    assert slow[1:3] == ("unchecked", "it did not end in 0 s")
    (context.root / "uv.lock").unlink()
    without = second.check(context._replace(auditor=("pip-audit",)))
    assert without is not None
    assert without.message.startswith("there is no lock that can be read")
