"""pip-audit's opinion: clean, vulnerable, and all the ways in which it is none."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from trueup.errors import ToolError
from trueup.tools.pip_audit import PipAudit
from trueup.tools.uv import Uv
from trueup.verify import Context, second

Muted = Mapping[str, Mapping[str, str]]
NONE: Muted = MappingProxyType({})
COVERED = (("idna", "3.6"), ("six", "1.17.0"))
IDNA = {"name": "idna", "version": "3.6", "vulns": []}
SIX = {"name": "six", "version": "1.17.0", "vulns": []}
ROW = {"id": "PYSEC-1", "fix_versions": ["3.7"], "aliases": ["CVE-1"]}
BAD = {**IDNA, "vulns": [ROW]}
LINE = "idna 3.6: PYSEC-1 (CVE-1), fixed in 3.7"
LOCK = "".join(
    f'[[package]]\nname = "{name}"\nversion = "{version}"\nsource = {{ registry = "https://pypi.org/simple" }}\n'
    for name, version in COVERED
)


class Recorded(PipAudit):
    """Gives what it is told."""

    def __init__(self, *answers: Any) -> None:
        super().__init__(["pip-audit"], {})
        self.answers = list(answers)
        self.asked: list[Any] = []

    def audit(self, packages: Any, *, service: str, timeout: float, patience: float) -> list[dict[str, Any]]:
        self.asked.append((tuple(packages), service))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return list(answer)


def heard(
    root: Path, monkeypatch: pytest.MonkeyPatch, tool: PipAudit, advisories: str = "", muted: Muted = NONE
) -> tuple[str, str]:
    """Status and message of the check."""
    monkeypatch.setattr(second, "find_pip_audit", lambda _command, _environ, _venv: tool)
    (root / "uv.lock").write_text(f"version = 1\n{LOCK}", "utf-8")
    (root / "pyproject.toml").touch()
    uv = Uv("uv", "0", {})
    outcome = second.check(Context(root, uv, auditor=("pip-audit",), muted=muted, advisories=advisories))
    assert outcome is not None
    assert outcome.check == "pip-audit"
    return outcome.status, outcome.message


@pytest.mark.parametrize(
    ("answer", "status", "message"),
    [
        ([IDNA, SIX], "passed", "nothing is known against 2 packages (pypi.org)"),
        ([BAD, SIX], "failed", LINE),
        ([BAD], "failed", LINE),
        ([IDNA], "unchecked", "it left out 1 of 2 packages: six (no word of them)"),
        ([], "unchecked", "it left out 2 of 2 packages: idna, six (no word of them)"),
        ([IDNA, {**SIX, "version": "1.16"}], "unchecked", "it left out 1 of 2 packages: six (no word of them)"),
        ([IDNA, {"name": "Six", "skip_reason": "not\x1b on PyPI"}], "unchecked",
         "it left out 1 of 2 packages: six (not\\x1b on PyPI)"),
        (ToolError("it did not end in 300 s"), "unchecked", "it did not end in 300 s"),
    ],
)  # fmt: skip
def test_pip_audit_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Any, status: str, message: str
) -> None:
    tool = Recorded(answer)
    assert heard(tmp_path, monkeypatch, tool, advisories="http://127.0.0.1:9")[0] == status
    assert tool.asked == [(COVERED, "http://127.0.0.1:9")]
    assert heard(tmp_path, monkeypatch, Recorded(answer)) == (status, message)


def test_the_service_that_was_named_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = heard(tmp_path, monkeypatch, Recorded([IDNA, SIX]), advisories="https://osv.example/api")
    assert found == ("passed", "nothing is known against 2 packages (osv.example)")


def test_what_the_project_ignores_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    muted = {"CVE-1": {"reason": "why", "until": "2999-01-01"}}
    found = heard(tmp_path, monkeypatch, Recorded([BAD, SIX]), muted=muted)
    said = "nothing that is not ignored is known against 2 packages (pypi.org)"
    assert found == ("passed", f"{said}; ignored: CVE-1 (idna 3.6: why, until 2999-01-01)")


def test_a_folder_of_advisories_is_not_its_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = Recorded([IDNA, SIX], [IDNA, SIX])
    for place in ("off", str(tmp_path)):
        assert heard(tmp_path, monkeypatch, tool, place)[0] == "passed"
    assert tool.asked == [(COVERED, "")] * 2


def test_it_is_asked_where_it_is_wanted_and_there_is_something_to_ask(tmp_path: Path) -> None:
    context = Context(tmp_path, Uv("uv", "0.13.9", {"PATH": ""}), auditor=("pip-audit",))
    assert second.check(context._replace(auditor=())) is None
    for lock, said in (
        ("[", "there is no lock that can be read: "),
        ("version = 1\n", "no locked package comes from PyPI"),
        (LOCK, "it is neither on the PATH nor in .venv"),
    ):
        (tmp_path / "uv.lock").write_text(lock, "utf-8")
        (tmp_path / "pyproject.toml").touch()
        outcome = second.check(context)
        assert outcome is not None
        assert (outcome.check, outcome.status, outcome.message[: len(said)]) == ("pip-audit", "unchecked", said)


def test_a_name_that_is_locked_twice_is_asked_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    covered = (("idna", "2.0"), ("six", "1.17.0"), ("idna", "3.6"))
    assert second.rounds(covered) == [(("idna", "2.0"), ("six", "1.17.0")), (("idna", "3.6"),)]
    tool = Recorded([{**IDNA, "version": "2.0.0"}, SIX], [BAD])
    monkeypatch.setattr(second, "find_pip_audit", lambda _command, _environ, _venv: tool)
    found = second.asked(Context(Path(), Uv("uv", "0", {})), (*covered, ("odd", "1-x!")))
    assert [item.line for item in found.known] == [LINE]
    assert found.doubts == ("it left out 1 of 4 packages: odd (no word of them)",)
