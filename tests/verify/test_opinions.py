"""Two opinions on the same packages: both must call them clean, and each is heard when it does not."""

from pathlib import Path
from typing import Any

import pytest

from trueup.errors import ToolError
from trueup.tools.pip_audit import PipAudit
from trueup.tools.uv import Uv, UvError
from trueup.verify import Context, advisories, opinions

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
        super().__init__(Path("pip-audit"), {})
        self.answers = list(answers)
        self.asked: list[Any] = []

    def audit(self, packages: Any, *, service: str, timeout: float, patience: float) -> list[dict[str, Any]]:
        self.asked.append((tuple(packages), service))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return list(answer)


class Told(Uv):
    """A uv that knows this, or fails."""

    answer: Any

    def audit(
        self, root: Path, *, service: str, timeout: float, patience: float, configured: bool = True
    ) -> dict[str, Any]:
        if isinstance(self.answer, Exception):
            raise self.answer
        return {"vulnerabilities": self.answer, "adverse_statuses": []}


def heard(
    root: Path, monkeypatch: pytest.MonkeyPatch, tool: PipAudit, *auditors: str, uv: Any = (), service: str = ""
) -> tuple[str, str]:
    """Status and message of the check."""
    monkeypatch.setattr(opinions, "find_pip_audit", lambda _environ, _venv: tool)
    monkeypatch.setattr(opinions, "short_answer", lambda _service, _covered: [])
    (root / "uv.lock").write_text(f"version = 1\n{LOCK}", "utf-8")
    (root / "pyproject.toml").touch()
    told = Told("uv", "0.13.9", {})
    told.answer = uv
    outcome = advisories.check(Context(root, told, auditors=auditors or ("pip-audit",), advisories=service))
    return outcome.status, outcome.message


@pytest.mark.parametrize(
    ("answer", "status", "message"),
    [
        ([IDNA, SIX], "passed", "nothing is known against 2 packages (pypi.org by pip-audit)"),
        ([BAD, SIX], "failed", LINE),
        ([BAD], "failed", LINE),
        ([IDNA], "unchecked", "pip-audit left out 1 of 2 packages: six (no word of them)"),
        ([], "unchecked", "pip-audit left out 2 of 2 packages: idna, six (no word of them)"),
        ([IDNA, {**SIX, "version": "1.16"}], "unchecked", "pip-audit left out 1 of 2 packages: six (no word of them)"),
        ([IDNA, {"name": "Six", "skip_reason": "not\x1b on PyPI"}], "unchecked",
         "pip-audit left out 1 of 2 packages: six (not\\x1b on PyPI)"),
        (ToolError("pip-audit did not end in 90 s"), "unchecked", "pip-audit did not end in 90 s"),
    ],
)  # fmt: skip
def test_pip_audit_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Any, status: str, message: str
) -> None:
    tool = Recorded(answer)
    assert heard(tmp_path, monkeypatch, tool, service="http://127.0.0.1:9")[0] == status
    assert tool.asked == [(COVERED, "http://127.0.0.1:9")]
    assert heard(tmp_path, monkeypatch, Recorded(answer)) == (status, message)


def test_the_service_that_was_named_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = heard(tmp_path, monkeypatch, Recorded([IDNA, SIX]), service="https://osv.example/api")
    assert found == ("passed", "nothing is known against 2 packages (osv.example by pip-audit)")


def test_a_pip_audit_that_is_not_there_is_never_clean(tmp_path: Path) -> None:
    context = Context(tmp_path, Uv("uv", "0.13.9", {"PATH": ""}), auditors=("pip-audit",))
    found = opinions.ask("pip-audit", context, COVERED)
    assert found.doubts == ("pip-audit is neither on the PATH nor in .venv",)


UVS = {"dependency": {"name": "idna", "version": "3.6"}, "id": "GHSA-x", "aliases": ["CVE-1"], "fix_versions": []}


@pytest.mark.parametrize(
    ("uv", "answer", "status", "message"),
    [
        ([], [IDNA, SIX], "passed", "nothing is known against 2 packages (api.osv.dev and pypi.org by pip-audit)"),
        ([UVS], [BAD, SIX], "failed", "idna 3.6: GHSA-x (CVE-1, PYSEC-1), fixed in 3.7"),
        ([], [BAD, SIX], "failed", f"{LINE}; PYSEC-1 is known to pypi.org by pip-audit alone"),
        ([UVS], [IDNA, SIX], "failed",
         "idna 3.6: GHSA-x (CVE-1), not fixed in any version; GHSA-x is known to api.osv.dev alone"),
        ([UVS], [], "failed", "idna 3.6: GHSA-x (CVE-1), not fixed in any version"),
        ([], [SIX], "unchecked", "pip-audit left out 1 of 2 packages: idna (no word of them)"),
        (UvError("network", "x", explanation="refused"), [IDNA, SIX], "unchecked",
         "uv audit did not get an answer: refused"),
        (UvError("network", "x", explanation="refused"), [BAD, SIX], "failed", LINE),
    ],
)  # fmt: skip
def test_two_opinions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, uv: Any, answer: Any, status: str, message: str
) -> None:
    assert heard(tmp_path, monkeypatch, Recorded(answer), "uv", "pip-audit", uv=uv) == (status, message)


def test_a_name_that_is_locked_twice_is_asked_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    covered = (("idna", "2.0"), ("six", "1.17.0"), ("idna", "3.6"))
    assert opinions.rounds(covered) == [(("idna", "2.0"), ("six", "1.17.0")), (("idna", "3.6"),)]
    tool = Recorded([{**IDNA, "version": "2.0.0"}, SIX], [BAD])
    monkeypatch.setattr(opinions, "find_pip_audit", lambda _environ, _venv: tool)
    found = opinions.from_pip_audit(Context(Path(), Uv("uv", "0", {})), (*covered, ("odd", "1-x!")))
    assert [item.line for item in found.known] == [LINE]
    assert found.doubts == ("pip-audit left out 1 of 4 packages: odd (no word of them)",)
