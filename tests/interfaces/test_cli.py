"""The command line: exit codes, one clear line for bad input, and the contract on standard output."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Literal

import pytest

import trueup
from trueup.interfaces import cli, output
from trueup.interfaces.progress import Progress
from trueup.model.report import Outcome
from trueup.steps import proof
from trueup.steps.landing import landed
from trueup.steps.proof import Extent
from trueup.verify import Context

DEMO = Path(trueup.__file__).parent / "data" / "demo"
APP = "from fastapi import FastAPI\napp = FastAPI()\n"


@pytest.fixture
def legacy(tmp_path: Path) -> Path:
    """A copy of the bundled legacy project."""
    return Path(shutil.copytree(DEMO, tmp_path / "shop", ignore=shutil.ignore_patterns("__pycache__")))


def snapshot(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.run([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_audit_finds_the_structural_failure_and_writes_nothing(
    legacy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = snapshot(legacy)
    code, out, _ = run(capsys, "audit", str(legacy))
    assert code == 1
    assert "CRITICAL  LAY101" in out
    assert "shop · FastAPI application (main:app)" in out
    assert snapshot(legacy) == before


def test_audit_answers_json_for_agents(legacy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "audit", str(legacy), "--format", "json")
    data = json.loads(out)
    assert (code, data["exit"], data["verb"], err) == (1, 1, "audit", "")
    assert data["project"]["app"] == "main:app"
    assert data["project"]["kind"] == "application"
    assert {finding["code"] for finding in data["findings"]} >= {"LAY101", "DEP105", "PYT101"}


@pytest.mark.parametrize(("fail_on", "code"), [("critical", 1), ("info", 1), ("never", 0)])
def test_fail_on(legacy: Path, capsys: pytest.CaptureFixture[str], fail_on: str, code: int) -> None:
    assert run(capsys, "audit", str(legacy), "--fail-on", fail_on)[0] == code


def test_select_and_ignore(legacy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "audit", str(legacy), "--select", "LAY,cfg", "--ignore", "LAY101", "--format", "json")
    codes = {finding["code"] for finding in json.loads(out)["findings"]}
    assert codes == {"CFG101", "LAY113"}
    code, _, err = run(capsys, "audit", str(legacy), "--select", "NOPE")
    assert (code, err) == (2, "trueup: no rule begins with NOPE: `trueup rules` lists them\n")


def test_output_goes_to_a_file(legacy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "report.sarif"
    code, out, _ = run(capsys, "audit", str(legacy), "--format", "sarif", "--output", str(target))
    assert (code, out) == (1, "")
    assert json.loads(target.read_text("utf-8"))["version"] == "2.1.0"
    code, _, err = run(capsys, "audit", str(legacy), "--output", str(tmp_path))
    assert code == 2
    assert err.startswith("trueup: cannot write")


def test_plan_gives_the_three_deliverables_and_writes_nothing(legacy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = snapshot(legacy)
    code, out, _ = run(capsys, "plan", str(legacy), "--format", "json")
    made = json.loads(out)["plan"]
    assert code == 0
    assert {"from": "main.py", "to": "src/shop/main.py"} in made["moves"]
    assert '"fastapi==0.115.6"' in made["pyproject"]
    assert "src" in made["tree"]
    assert [command["phase"] for command in made["commands"]["bash"]][-1] == "validation"
    assert {"LAY101", "DEP105", "CFG101", "PYT101", "APP101"} <= {found["code"] for found in made["resolves"]}
    assert snapshot(legacy) == before


def test_plan_check_and_formats(legacy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "plan", str(legacy), "--check")[0] == 1
    code, out, _ = run(capsys, "plan", str(legacy), "--format", "bash")
    assert code == 0
    assert out.startswith("#!/usr/bin/env bash\n")


def test_a_saved_plan_is_refused_when_a_file_changed(
    legacy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "plan.json"
    assert run(capsys, "plan", str(legacy), "--output", str(saved))[0] == 0
    (legacy / "main.py").write_text((legacy / "main.py").read_text() + "\n# edited\n")
    before = snapshot(legacy)
    code, _, err = run(capsys, "apply", str(legacy), "--plan", str(saved), "--trust")
    assert code == 4
    assert "main.py" in err
    assert snapshot(legacy) == before


def test_off_a_terminal_apply_names_the_flag_it_needs(legacy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = snapshot(legacy)
    code, _, err = run(capsys, "apply", str(legacy))
    assert code == 4
    assert "--yes" in err
    code, _, err = run(capsys, "apply", str(legacy), "--yes", "-q")
    assert code == 4
    assert "--trust" in err
    code, _, err = run(capsys, "verify", str(legacy), "-q")
    assert code == 4
    assert "--trust" in err
    assert snapshot(legacy) == before


def bad_projects(folder: Path) -> dict[str, Path]:
    made = {name: folder / name for name in ("empty", "no-python", "broken", "file")}
    for name in ("empty", "no-python", "broken"):
        made[name].mkdir()
    (made["no-python"] / "notes.txt").write_text("nothing here")
    (made["broken"] / "main.py").write_text(APP)
    (made["broken"] / "pyproject.toml").write_text("[project\nname=")
    made["file"].write_text("")
    return made | {"missing": folder / "nowhere"}


@pytest.mark.parametrize("verb", ["audit", "plan", "verify", "rollback"])
@pytest.mark.parametrize("name", ["empty", "no-python", "file", "missing"])
def test_bad_input_gets_one_line_and_a_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], verb: str, name: str
) -> None:
    code, out, err = run(capsys, verb, str(bad_projects(tmp_path)[name]))
    assert code in (2, 3)
    assert out == ""
    assert err.startswith("trueup: ")
    assert err.count("\n") == 1


def test_a_broken_manifest_is_told_and_never_planned_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = bad_projects(tmp_path)["broken"]
    code, out, err = run(capsys, "audit", str(project))
    assert "pyproject.toml" in out + err
    assert code in (1, 2, 3)
    before = snapshot(project)
    code, _, err = run(capsys, "plan", str(project))
    assert code in (2, 3, 4)
    assert err.count("\n") == 1
    assert snapshot(project) == before


@pytest.mark.parametrize(
    "arguments",
    [[], ["nonsense"], ["audit", ""], ["audit", "--format", "nope"], ["audit", "--nope"], ["explain"], ["explain", "XXX999"],
     ["apply", ".", "--env", "no-equals"], ["apply", ".", "--env-file", "nowhere.env"], ["apply", ".", "--plan", "nowhere.json"]],
)  # fmt: skip
def test_usage_errors_are_one_line_and_2(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("trueup: ")
    assert err.count("\n") == 1


def test_a_variable_of_the_shell_is_handed_over_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OF_SHELL", "x=y")
    asked = cli.parse(["verify", "--env", "OF_SHELL", "--env", "EMPTY=", "--env", "KEY=a=b"])
    assert cli.environment(asked) == {"OF_SHELL": "x=y", "EMPTY": "", "KEY": "a=b"}


def test_what_fails_without_the_shell_is_told_with_the_names_that_it_was_not_given(
    legacy: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (legacy / "settings.py").write_text("import os\nurl = os.environ['OF_SHELL']\n", "utf-8")
    outcome = [Outcome("tests", "failed", "3 failed")]
    monkeypatch.setattr(proof, "prove", lambda *_, **__: tuple(outcome))
    monkeypatch.setenv("OF_SHELL", "secret-value")
    told = "no variable of your shell (its files name OF_SHELL"
    _, out, _ = run(capsys, "verify", str(legacy), "--trust", "-q")
    assert told in " ".join(out.split())
    assert "secret-value" not in out
    assert told not in " ".join(run(capsys, "verify", str(legacy), "--trust", "-q", "--env", "OF_SHELL")[1].split())
    outcome[0] = Outcome("tests", "passed", "3 passed")
    assert "of your shell" not in run(capsys, "verify", str(legacy), "--trust", "-q")[1]


def test_the_variables_of_the_shell_are_tried_where_that_is_asked_for(
    legacy: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (legacy / "settings.py").write_text("import os\nurl = os.environ['OF_SHELL']\n", "utf-8")
    monkeypatch.setenv("OF_SHELL", "secret-value")
    tried: list[object] = []

    def run_checks(context: Context) -> tuple[Outcome, ...]:
        tried.append(dict(context.tried))
        return ()

    monkeypatch.setattr(proof, "run_checks", run_checks)
    for more in ([], ["--try-env"], ["--try-env", "--env", "OF_SHELL"]):
        run(capsys, "verify", str(legacy), "--trust", "-q", *more)
    assert tried == [{}, {"OF_SHELL": "secret-value"}, {}]


def test_verify_is_told_how_far_to_go_and_what_must_be_checked(
    legacy: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[Extent] = []

    def prove(_project: object, _trust: object, extent: Extent, **_more: object) -> tuple[Outcome, ...]:
        asked.append(extent)
        return Outcome("lock", "passed", "true"), Outcome("advisories", "unchecked", "nobody answers")

    monkeypatch.setattr(proof, "prove", prove)
    monkeypatch.setenv("TRUEUP_ADVISORIES", "https://osv.example")
    code, out, _ = run(capsys, "verify", str(legacy), "--trust", "-q")
    assert (code, "Not checked, and not counted: advisories" in out) == (0, True)
    assert run(capsys, "verify", str(legacy), "--trust", "-q", "--fail-on-unchecked", "advisories,lock")[0] == 3
    assert run(capsys, "verify", str(legacy), "--fail-on-unchecked", "all", "--advisory-service", "off")[0] == 3
    assert run(capsys, "verify", str(legacy), "--fail-on-unchecked", "none", "--advisories", str(tmp_path))[0] == 0
    places = ["https://osv.example", "https://osv.example", "off", str(tmp_path)]
    assert [extent.advisories for extent in asked] == places
    assert asked[1].demanded == ("advisories", "lock")
    assert run(capsys, "verify", str(legacy), "--pip-audit", "-q")[0] == 0
    assert [extent.auditor for extent in asked[-2:]] == [(), ("pip-audit",)]
    for wrong in (["--fail-on-unchecked", "loc"], ["--advisory-service", "osv.example"]):
        assert run(capsys, "verify", str(legacy), *wrong)[0] == 2
    assert cli.check_names("Installed-Files, lock  sources") == ("installed files", "lock sources")


def test_verify_writes_what_is_asked_for_and_counts_what_it_cannot_write(
    legacy: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[Extent] = []
    status: list[Literal["passed", "unchecked"]] = ["passed"]

    def prove(_project: object, _trust: object, extent: Extent, **_more: object) -> tuple[Outcome, ...]:
        asked.append(extent)
        return Outcome("lock", "passed", "true"), *(Outcome(name, status[-1], "") for name, _ in extent.papers)

    monkeypatch.setattr(proof, "prove", prove)
    both = ["--sbom", str(tmp_path / "bom.json"), "--pylock", str(tmp_path / "pylock.toml")]
    assert run(capsys, "verify", str(legacy), "-q", *both)[0] == 0
    assert asked[0].papers == (("sbom", tmp_path / "bom.json"), ("pylock", tmp_path / "pylock.toml"))
    status.append("unchecked")
    for more in ([], ["--fail-on-unchecked", "none"]):
        code, out, _ = run(capsys, "verify", str(legacy), "-q", *both, *more)
        assert (code, "not counted" in out) == (3, False)
    (tmp_path / "link.json").symlink_to(tmp_path / "bom.json")
    for wrong in (["--sbom", str(tmp_path / "link.json")], ["--pylock", str(tmp_path / "lock.toml")]):
        assert run(capsys, "verify", str(legacy), "--trust", *wrong)[0] == 2
    assert len(asked) == 3


def test_help_names_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--help")
    assert code == 0
    for verb in cli.VERBS:
        assert f"  {verb} " in out
        assert run(capsys, verb, "--help")[0] == 0


def test_rules_and_explain(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "rules")
    assert code == 0
    assert "LAY101  critical  fix  flat-layout" in out
    listed = json.loads(run(capsys, "rules", "--format", "json")[1])["rules"]
    assert {"code", "name", "severity", "fixable", "help"} == set(listed[0])
    code, out, _ = run(capsys, "explain", "lay101")
    assert code == 0
    assert out.startswith("LAY101 flat-layout\ncritical")
    assert "Flagged:" in out


def test_an_interrupt_is_130_and_a_defect_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_asked: object) -> int:
        raise KeyboardInterrupt

    def defect(_asked: object) -> int:
        raise ZeroDivisionError("oops")

    monkeypatch.delenv("TRUEUP_TRACEBACK", raising=False)
    monkeypatch.setitem(cli.VERBS, "rules", interrupted)
    assert run(capsys, "rules")[0] == 130
    monkeypatch.setitem(cli.VERBS, "rules", defect)
    code, _, err = run(capsys, "rules")
    assert code == 3
    assert err.startswith("trueup: internal error: ZeroDivisionError: oops")
    monkeypatch.setenv("TRUEUP_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        cli.run(["rules"])


def test_a_request_to_end_takes_the_way_of_an_interrupt(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cleared: list[bool] = []

    def ended(_asked: object) -> int:
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            signal.raise_signal(signal.SIGTERM)  # while that is cleared up, nothing more is heard
            cleared.append(True)
        return 0

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setitem(cli.VERBS, "verify", ended)
    code, _, err = run(capsys, "verify")
    assert (code, cleared) == (128 + signal.SIGTERM, [True])
    assert err == "trueup: interrupted (SIGTERM)\n"
    assert signal.getsignal(signal.SIGTERM) is before


def test_whoever_interrupts_after_the_landing_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(_asked: object) -> int:
        with landed():
            raise KeyboardInterrupt

    monkeypatch.setitem(cli.VERBS, "apply", late)
    code, _, err = run(capsys, "apply")
    assert code == 130
    assert "all was applied before: `trueup rollback` puts it back" in err


def test_an_output_that_takes_nothing_is_one_line(
    legacy: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(io.StringIO):
        def flush(self) -> None:
            raise OSError(28, "No space left on device")

    silenced: list[bool] = []
    monkeypatch.setattr(output, "silence", lambda: silenced.append(True))
    monkeypatch.setattr(sys, "stdout", Full())
    code, _, err = run(capsys, "audit", str(legacy))
    assert (code, silenced) == (2, [True])
    assert err == "trueup: cannot write to standard output: No space left on device: make room where it goes\n"


def test_as_a_process_with_a_poor_terminal(legacy: Path) -> None:
    env = {**os.environ, "PYTHONIOENCODING": "ascii", "COLUMNS": "50", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "trueup", "audit", str(legacy)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, encoding="ascii", check=False)
    assert done.returncode == 1
    assert done.stderr == ""
    assert max(len(line) for line in done.stdout.splitlines()) <= 50
    done = subprocess.run([sys.executable, "-m", "trueup", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"trueup {trueup.__version__}\n"


def test_progress_is_a_line_a_step_off_a_terminal_and_nothing_when_quiet() -> None:
    plain, alive, quiet = io.StringIO(), io.StringIO(), io.StringIO()
    for stream, progress in (
        (plain, Progress(stream=plain, alive=False)),
        (alive, Progress(stream=alive, alive=True)),
        (quiet, Progress(stream=quiet, quiet=True)),
    ):
        progress("uv lock")
        progress("tests")
        progress.done()
        progress.done()
        assert stream.getvalue() == "" or "uv lock" in stream.getvalue()
    lines = plain.getvalue().splitlines()
    assert [line.split(" (")[0] for line in lines] == ["trueup: uv lock", "trueup: tests"]
    assert "\r\x1b[K" in alive.getvalue()
    assert quiet.getvalue() == ""


@pytest.mark.parametrize("verb", ["audit", "plan", "apply"])
@pytest.mark.parametrize("name", ["requirements.txt", "nowhere/report.md", "app"])
def test_a_report_never_replaces_what_is_none(
    verb: str, name: str, legacy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (legacy / "app").mkdir(exist_ok=True)
    before = (legacy / "requirements.txt").read_bytes()
    code, out, err = run(capsys, verb, str(legacy), "--output", str(legacy / name))
    assert (code, out) == (2, "")
    assert name in err
    assert (legacy / "requirements.txt").read_bytes() == before


@pytest.mark.parametrize("form", ["json", "markdown", "terminal", "github", "sarif"])
def test_a_report_replaces_the_last_one(form: str, legacy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = legacy.parent / "report"
    for _ in range(2):
        assert run(capsys, "audit", str(legacy), "--format", form, "--output", str(target))[0] == 1
    assert target.stat().st_size > 100


@pytest.mark.parametrize(
    "arguments",
    [
        ("plan", ".", "--python", "banana"),
        ("plan", ".", "--python", ">=3.9"),
        ("plan", ".", "--python", "2.7"),
        ("apply", ".", "--yes", "--trust", "--tests", '"unclosed'),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, *arguments)
    assert code == 2
    assert "internal error" not in err


@pytest.mark.parametrize("columns", ["99999999999999999999", "²", "0", "x"])
def test_any_width_of_a_terminal(columns: str, legacy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert cli.run(["audit", str(legacy)]) == 1


def test_a_reader_that_goes_away_changes_no_outcome(
    legacy: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_text: str) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(output, "emit", gone)
    monkeypatch.setattr(output, "silence", lambda: None)
    assert run(capsys, "audit", str(legacy))[0] == 1


def test_streams_that_are_closed_go_nowhere(legacy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert cli.run(["audit", str(legacy)]) == 1
    assert cli.run(["audit", str(legacy / "nowhere")]) == 3
    for stream in (sys.stdout, sys.stderr):
        stream.close()


def test_progress_that_nobody_hears_is_no_reason_to_stop() -> None:
    class Gone(io.StringIO):
        def write(self, _text: str) -> int:
            raise BrokenPipeError

    progress = Progress(stream=Gone(), alive=False)
    progress("a step")
    progress("another")
    progress.done()
    assert progress.quiet


def test_a_working_directory_that_is_gone(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> str:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr("os.getcwd", gone)
    code, _, said = run(capsys, "plan", "/somewhere")
    assert (code, said) == (2, "trueup: the working directory is not there any more: go to one that is\n")
