"""pip-audit is asked about pins, found where it may be, and heard only where it makes sense."""

import json
import os
from pathlib import Path

import pytest
from wheels import fake_program

from trueup.errors import ToolError
from trueup.tools.pip_audit import PipAudit, find_pip_audit
from trueup.tools.uv import venv_program

CLEAN = {"dependencies": [{"name": "six", "version": "1.17.0", "vulns": []}], "fixes": []}
ROW = {"id": "PYSEC-1", "fix_versions": ["2"], "aliases": ["CVE-1"]}
FOUND = {"dependencies": [{"name": "six", "version": "1.17.0", "vulns": [ROW]}], "fixes": []}
SKIPPED = {"dependencies": [{"name": "six", "skip_reason": "Dependency not found on PyPI"}], "fixes": []}
SOURCE = """
import json, pathlib, sys, time
asked = pathlib.Path(sys.argv[sys.argv.index("-r") + 1]).read_text()
pathlib.Path({told!r}).write_text(json.dumps([asked, sys.argv[1:]]))
time.sleep({seconds})
sys.stdout.write({text!r})
sys.stderr.write("WARNING: odd\\nlast words\\n")
sys.exit({code})
"""


def recorded(folder: Path, text: str, code: int = 0, seconds: float = 0.0) -> PipAudit:
    """A program that gives a recorded answer, and writes down what it was asked."""
    source = SOURCE.format(told=str(folder / "told"), text=text, code=code, seconds=seconds)
    return PipAudit([fake_program(folder / "bin", "pip-audit", source)], {"PATH": os.environ["PATH"]})


@pytest.mark.parametrize(("said", "code"), [(CLEAN, 0), (FOUND, 1), (SKIPPED, 0)])
def test_an_answer_that_makes_sense_is_given_back(tmp_path: Path, said: dict[str, object], code: int) -> None:
    tool = recorded(tmp_path, json.dumps(said), code)
    assert tool.audit([("six", "1.17.0")], service="", timeout=60, patience=5) == said["dependencies"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (json.dumps(CLEAN), 1),
        (json.dumps(FOUND), 0),
        (json.dumps(CLEAN), 2),
        ("", 0),
        ("", 1),
        ("<html>", 0),
        ("[]", 0),
        ("[" * 100_000, 0),
        ('{"dependencies": 1}', 0),
        ('{"dependencies": [1]}', 0),
        ('{"dependencies": [{"version": "1", "vulns": []}]}', 0),
        ('{"dependencies": [{"name": "six", "vulns": []}]}', 0),
        ('{"dependencies": [{"name": "six", "version": "1"}]}', 0),
        ('{"dependencies": [{"name": "six", "version": "1", "vulns": [{}]}]}', 1),
    ],
)
def test_any_other_answer_is_none(tmp_path: Path, text: str, code: int) -> None:
    tool = recorded(tmp_path, text, code)
    with pytest.raises(ToolError, match="it gave no answer: last words"):
        tool.audit([("six", "1.17.0")], service="", timeout=60, patience=5)


def test_it_is_told_pins_and_whom_to_ask_and_resolves_nothing(tmp_path: Path) -> None:
    tool = recorded(tmp_path, json.dumps(CLEAN))
    for service, words in (("", ["-s", "pypi"]), ("http://x/", ["-s", "osv", "--osv-url", "http://x/v1/query"])):
        tool.audit([("six", "1.17.0"), ("idna", "3.6")], service=service, timeout=60, patience=5)
        asked, argv = json.loads((tmp_path / "told").read_text("utf-8"))
        assert asked == "six==1.17.0\nidna==3.6\n"
        place = argv.index("-s")
        assert argv[place : place + len(words)] == words
        assert {"--disable-pip", "--no-deps", "--cache-dir"} <= {*argv}
        assert not Path(argv[argv.index("-r") + 1]).exists()


def test_it_ends_in_time_or_is_ended(tmp_path: Path) -> None:
    tool = recorded(tmp_path, json.dumps(CLEAN), seconds=30)
    with pytest.raises(ToolError, match=r"^it did not end in 1 s$"):
        tool.audit([("six", "1.17.0")], service="", timeout=1, patience=5)


def test_it_is_found_on_the_path_first_and_then_in_the_environment(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="neither on the PATH nor in"):
        find_pip_audit(["pip-audit"], {"PATH": str(tmp_path)}, tmp_path / ".venv")
    own = venv_program(tmp_path / ".venv", "pip-audit")
    own.parent.mkdir(parents=True)
    own.touch()
    assert find_pip_audit(["pip-audit"], {}, tmp_path / ".venv").command == (str(own),)
    on_path = fake_program(tmp_path / "bin", "pip-audit", "")
    found = find_pip_audit(["pip-audit", "-v"], {"PATH": str(tmp_path / "bin")}, tmp_path / ".venv")
    assert found.command == (str(on_path), "-v")
