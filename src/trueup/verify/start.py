"""Does the application start, and answer for itself?"""

from __future__ import annotations

import http.client
import json
import re
import socket
import time
from typing import TYPE_CHECKING, NamedTuple

from trueup.model.report import Outcome
from trueup.tools.process import Running, run
from trueup.tools.uv import activated, venv_program, venv_python
from trueup.verify import needs
from trueup.verify.environment import MISSING

if TYPE_CHECKING:
    from trueup.verify import Context

ORDER = 40
NAME = "start"
PATIENCE = 45.0  # seconds until it must answer
GRACE = 10.0  # seconds that it may take to stop
DOCUMENT = "/openapi.json"
ANNOUNCED = re.compile(r"(?:running on|Listening at:?) https?://[^\s:/]+:(\d+)", re.IGNORECASE)
ASK_DOCUMENT = """
import importlib, sys
application = getattr(importlib.import_module(sys.argv[1]), sys.argv[2])
application = application() if sys.argv[3] else application
sys.stdout.write("\\n" + (getattr(application, "openapi_url", None) or ""))
"""


class Answer(NamedTuple):
    """What the server said to one request."""

    status: int
    body: bytes


def check(context: Context) -> Outcome | None:
    """Start the console script, else uvicorn with the application, and ask for ``/openapi.json``."""
    if not context.app:
        return None
    if not venv_python(context.venv).exists():
        return Outcome(NAME, "unchecked", MISSING)
    port = free_port()
    argv = command(context, port)
    if not argv:
        return Outcome(NAME, "failed", f"the console script {context.script} is not in the environment")
    where = {"HOST": "127.0.0.1", "PORT": str(port), "UVICORN_HOST": "127.0.0.1", "UVICORN_PORT": str(port)}
    running = Running(argv, context.root, env=activated({**context.environ, **where}, context.venv))
    try:
        answer = poll(running, port, DOCUMENT)
        if answer is not None and answer.status == 404:
            answer = elsewhere(context, running, port)
    finally:
        ended = running.code
        clean = running.stop(GRACE)
    said = running.finished()
    how = context.script or f"uvicorn {context.app}"
    if answer is None:
        return silence(how, ended, said.tail(400))
    return judged(how, answer, clean, said.tail())


def command(context: Context, port: int) -> list[str]:
    """How the application is started; empty where its console script is missing."""
    if context.script:
        program = venv_program(context.venv, context.script)
        return [str(program)] if program.exists() else []
    factory = ["--factory"] if context.factory else []
    where = ["--host", "127.0.0.1", "--port", str(port)]
    return [str(venv_python(context.venv)), "-m", "uvicorn", *factory, context.app, *where]


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def poll(running: Running, port: int, path: str) -> Answer | None:
    """Ask until it answers, ends, or ``PATIENCE`` is over. A server that says another port is asked there."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and running.code is None:
        said = ANNOUNCED.findall(running.said())
        if answer := ask(int(said[-1]) if said else port, path):
            return answer
        time.sleep(0.1)
    return None


def ask(port: int, path: str) -> Answer | None:
    """One GET; ``None`` while nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE / 3)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return Answer(response.status, response.read())
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def elsewhere(context: Context, running: Running, port: int) -> Answer | None:
    """The answer at the path where the application itself says that its document is; 404 where it has none."""
    module, _, attribute = context.app.partition(":")
    argv = [str(venv_python(context.venv)), "-c", ASK_DOCUMENT, module, attribute, "yes" if context.factory else ""]
    environ = activated(context.environ, context.venv)
    path = run(argv, context.root, env=environ, timeout=PATIENCE).stdout.rpartition("\n")[2]
    return poll(running, port, path) if path.startswith("/") else Answer(404, b"")


def silence(how: str, code: int | None, output: str) -> Outcome:
    """It ended, or never answered: broken, or in need of something that is not here?"""
    evidence = "\n".join(output.splitlines()[-12:])
    if "No module named uvicorn" in output:
        return Outcome(
            NAME, "unchecked", "uvicorn is not in the environment, and no console script starts it", evidence
        )
    if "address already in use" in output:
        return Outcome(NAME, "unchecked", f"{how} wants a port that another program holds", evidence)
    state = f"did not answer in {PATIENCE:.0f} s" if code is None else f"ended with {code}"
    if wanted := needs.missing(output):
        return Outcome(NAME, "unchecked", f"{how} {state}; {wanted}", evidence)
    return Outcome(NAME, "failed", f"{how} {state}: {needs.reason(output)}", evidence)


def judged(how: str, answer: Answer, clean: bool, evidence: str) -> Outcome:
    """It answered: with what?"""
    stopped = "" if clean else f"; it did not stop in {GRACE:.0f} s when asked to"
    if answer.status >= 500:
        return Outcome(NAME, "failed", f"{how} starts, but {DOCUMENT} answers {answer.status}", evidence)
    if answer.status != 200:
        return Outcome(NAME, "passed", f"{how} starts and answers (HTTP {answer.status} for {DOCUMENT}){stopped}")
    try:
        paths = len(json.loads(answer.body)["paths"])
    except (ValueError, LookupError, TypeError):
        return Outcome(NAME, "failed", f"{how} starts, but {DOCUMENT} is no OpenAPI document", evidence)
    return Outcome(NAME, "passed", f"{how} starts and describes {paths} paths in {DOCUMENT}{stopped}")
