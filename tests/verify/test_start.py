"""The application starts, answers, and stops; or it is said what it lacks."""

import json
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from trueup.model.report import Outcome
from trueup.tools.uv import Uv
from trueup.verify import Context, start
from trueup.verify.start import Answer, Served, Start, check, command, compared, judged

DOCUMENT = '{"openapi": "3.1.0", "paths": {"/a": {}}}'
# Stands in for uvicorn: started as `python -m uvicorn` in a folder that holds it.
SERVER = """
import os, signal, sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer
asked = int(sys.argv[sys.argv.index("--port") + 1])

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        status, body = {answers}.get(self.path, (404, ""))
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body.encode())
    def log_message(self, *_):
        pass

{before}
HTTPServer(("127.0.0.1", {port}), Handler).serve_forever()
"""
Check = Callable[..., Outcome]


def server(answers: dict[str, tuple[int, str]], before: str = "", port: str = "asked") -> str:
    """The source of a server."""
    return SERVER.format(answers=answers, before=before, port=port)


@pytest.fixture
def serve(tmp_path: Path, uv: Uv, monkeypatch: pytest.MonkeyPatch) -> Check:
    """The check of a project whose uvicorn is the source given."""
    monkeypatch.setattr(start, "PATIENCE", 8.0)
    monkeypatch.setattr(start, "GRACE", 1.0)
    uv.venv(tmp_path / ".venv", python=sys.executable)

    def checked(uvicorn: str, main: str = "app = 1\n", *, factory: bool = False) -> Outcome:
        if uvicorn:
            (tmp_path / "uvicorn.py").write_text(uvicorn, "utf-8")
        (tmp_path / "main.py").write_text(main, "utf-8")
        outcome = check(Context(tmp_path, uv, app="main:app", factory=factory))
        assert outcome is not None
        return outcome

    return checked


def test_only_an_application_is_started(tmp_path: Path) -> None:
    context = Context(tmp_path, Uv("uv", "0.13.0", {}))
    assert check(context) is None
    outcome = check(context._replace(app="main:app"))
    assert outcome is not None
    assert outcome.status == "unchecked"


def test_a_console_script_that_is_not_installed_fails(tmp_path: Path, uv: Uv) -> None:
    uv.venv(tmp_path / ".venv", python=sys.executable)
    outcome = check(Context(tmp_path, uv, app="main:app", script="gone"))
    assert outcome is not None
    assert outcome[1:3] == ("failed", "the console script gone is not in the environment")


def test_a_factory_is_told_to_uvicorn(tmp_path: Path) -> None:
    assert command(Start("main:make", factory=True), tmp_path, 80)[1:] == [
        "-m",
        "uvicorn",
        "--factory",
        "main:make",
        "--host",
        "127.0.0.1",
        "--port",
        "80",
    ]


def test_django_starts_its_own(tmp_path: Path, uv: Uv) -> None:
    uv.venv(tmp_path / ".venv", python=sys.executable)
    source = server({"/": (200, "{}")}, before="")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "manage.py").write_text(
        f"import sys\nassert sys.argv[1:3] == ['runserver', '--noreload']\nsys.argv[1:] = ['--port', sys.argv[3][10:]]\n{source}",
        "utf-8",
    )
    context = Context(tmp_path, uv, package="shop", app="site.asgi:application", manage="site/manage.py")
    outcome = check(context)
    assert outcome is not None
    assert outcome[1:3] == (
        "passed",
        "site/manage.py runserver starts and answers (HTTP 404 for /openapi.json)",
    )


def test_flask_starts_its_own(tmp_path: Path, uv: Uv) -> None:
    uv.venv(tmp_path / ".venv", python=sys.executable)
    told = "import os\nassert (os.environ['FLASK_APP'], os.environ['FLASK_DEBUG']) == ('main:app()', '0')\n"
    source = server({"/": (200, "{}")}, before="")
    (tmp_path / "flask.py").write_text(told + source, "utf-8")
    (tmp_path / "main.py").write_text("def app(): ...\n", "utf-8")
    outcome = check(Context(tmp_path, uv, app="main:app", factory=True, flask=True))
    assert outcome is not None
    assert outcome[1:3] == ("passed", "flask main:app starts and answers (HTTP 404 for /openapi.json)")
    assert command(Start("main:app", flask=True, folder="src"), tmp_path, 80)[2:4] == ["flask", "run"]


def test_it_answers_with_its_document(serve: Check) -> None:
    outcome = serve(server({"/openapi.json": (200, DOCUMENT)}, before="time.sleep(0.3)"))
    assert outcome[1:3] == ("passed", "uvicorn main:app starts and describes 1 paths in /openapi.json")


def test_a_port_of_its_own_is_read_from_what_it_says(serve: Check) -> None:
    before = "port = asked + 1 if asked < 65000 else asked - 1\nprint('Uvicorn running on', f'http://0.0.0.0:{port}', flush=True)"
    outcome = serve(server({"/openapi.json": (200, DOCUMENT)}, before=before, port="port"))
    assert outcome.status == "passed"


APPLICATION = "class App:\n    openapi_url = {url!r}\n\n\ndef app():\n    return App()\n"


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("/api/v1/openapi.json", "starts and describes 1 paths"),
        (None, "starts and answers (HTTP 404 for /openapi.json)"),
    ],
)
def test_a_document_elsewhere_is_asked_for_there(serve: Check, url: str | None, message: str) -> None:
    uvicorn = server({"/api/v1/openapi.json": (200, DOCUMENT)})
    outcome = serve(uvicorn, APPLICATION.format(url=url), factory=True)
    assert outcome.status == "passed"
    assert message in outcome.message


@pytest.mark.parametrize(
    ("source", "status", "message"),
    [
        ("raise SystemExit(3)", "failed", "ended with 3"),
        ("import nowhere", "failed", "ModuleNotFoundError: No module named 'nowhere'"),
        ("import os; os.environ['SHOP_URL']", "unchecked", "it needs environment variables (SHOP_URL)"),
        ("raise OSError('Connection refused')", "unchecked", "does not answer here (Connection refused)"),
        ("raise OSError(98, 'address already in use')", "unchecked", "wants a port that another program holds"),
        ("", "unchecked", "uvicorn is not in the environment"),
    ],
)
def test_when_it_ends_the_reason_decides(serve: Check, source: str, status: str, message: str) -> None:
    outcome = serve(source)
    assert outcome.status == status
    assert message in outcome.message
    assert outcome.evidence or source.startswith("raise SystemExit")


def test_one_that_never_answers_fails(serve: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "PATIENCE", 0.5)
    outcome = serve("import time\ntime.sleep(60)")
    assert outcome.status == "failed"
    assert "did not answer" in outcome.message


def test_one_that_does_not_stop_when_asked_is_told(serve: Check) -> None:
    deaf = "signal.signal(getattr(signal, name), signal.SIG_IGN)"
    before = f"[{deaf} for name in ('SIGTERM', 'SIGBREAK') if hasattr(signal, name)]"
    outcome = serve(server({"/openapi.json": (200, DOCUMENT)}, before=before))
    assert outcome.status == "passed"
    assert "it did not stop in 1 s when asked to" in outcome.message


@pytest.mark.parametrize(
    ("answer", "status", "message"),
    [
        (Answer(500, b""), "failed", "/openapi.json answers 500"),
        (Answer(401, b""), "passed", "answers (HTTP 401"),
        (Answer(307, b""), "passed", "answers (HTTP 307"),
        (Answer(200, b"<html>"), "failed", "no OpenAPI document"),
        (Answer(200, b"[]"), "failed", "no OpenAPI document"),
        (Answer(200, b"{}"), "failed", "no OpenAPI document"),
    ],
)
def test_what_it_answers_is_judged(answer: Answer, status: str, message: str) -> None:
    outcome = judged("serve", Served(answer, None, True, ""))
    assert outcome.status == status
    assert message in outcome.message


def test_what_does_not_speak_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "PATIENCE", 1.5)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert start.ask(listener.getsockname()[1], "/") is None


def served(status: int, document: object = None) -> Served:
    return Served(Answer(status, json.dumps(document).encode()), None, True, "")


SILENT = Served(None, 1, True, "KeyError: 'X'")
PATHS = {"paths": {"/items": {"get": {"summary": "List"}}}}


@pytest.mark.parametrize(
    ("before", "now", "status", "message"),
    [
        (None, served(500), "failed", "answers 500"),
        (served(500), served(500), "unchecked", "it did not before, either"),
        (SILENT, served(500), "unchecked", "it did not before, either"),
        (served(200, PATHS), served(500), "failed", "answers 500"),
        (served(200, PATHS), served(200, PATHS), "passed", "as before"),
        (served(200, PATHS), served(200, {"paths": {}}), "failed", "not what it was: /paths//items: lost"),
        (served(404), served(200, PATHS), "passed", "describes 1 paths"),
    ],
)
def test_it_is_compared_with_before(before: Served | None, now: Served, status: str, message: str) -> None:
    outcome = compared(judged("serve", now), now, before, lambda: now)
    assert outcome.status == status
    assert message in outcome.message


def test_what_differs_from_one_start_to_the_next_is_no_difference() -> None:
    first, second, third = (served(200, {**PATHS, "example": number}) for number in range(3))
    passed = compared(judged("serve", second), second, first, lambda: third)
    assert passed.status == "passed"
    assert passed.message.endswith("as before (1 places of it differ at every start, and were not compared)")
    lost = compared(judged("serve", second), second, served(200, {**PATHS, "example": 0, "x": 1}), lambda: third)
    assert (lost.status, lost.evidence) == ("failed", "/x: lost")


def test_what_a_document_lost_gained_and_changed_is_named() -> None:
    after = {"paths": {"/items": {"get": {"summary": "Show"}}, "/new": {}}}
    assert start.differences({**PATHS, "info": 1}, after) == [
        "/info: lost",
        "/paths//new: new",
        "/paths//items/get/summary: changed",
    ]
