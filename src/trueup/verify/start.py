"""Does the application start, and answer for itself?"""

from __future__ import annotations

import http.client
import json
import re
import socket
import time

from trueup.model.noun import NamedTuple
from trueup.model.report import Outcome
from trueup.tools.process import Running, run
from trueup.tools.uv import activated, venv_program, venv_python
from trueup.verify import needs
from trueup.verify.environment import MISSING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import Any

    from trueup.verify import Context

ORDER = 40
NAME = "start"
PATIENCE = 45.0  # seconds until it must answer
SHOWN = 12  # differences named in the evidence
GRACE = 10.0  # seconds that it may take to stop
DOCUMENT = "/openapi.json"
ANNOUNCED = re.compile(r"(?:running on|Listening at:?) https?://[^\s:/]+:(\d+)", re.IGNORECASE)
ASK_DOCUMENT = """
import importlib, sys
sys.path[:0] = [sys.argv[4]] if sys.argv[4] else []
application = getattr(importlib.import_module(sys.argv[1]), sys.argv[2])
application = application() if sys.argv[3] else application
sys.stdout.write("\\n" + (getattr(application, "openapi_url", None) or ""))
"""


class Answer(NamedTuple):
    """What the server said to one request."""

    status: int
    body: bytes


class Served(NamedTuple):
    """One start of the application: its answer for its document (``None``: it never answered), the exit code
    where it ended by itself, whether it stopped when asked to, and the end of its output."""

    answer: Answer | None
    ended: int | None
    clean: bool
    output: str

    @property
    def document(self) -> dict[str, Any]:
        """The OpenAPI document; empty where there is none."""
        try:
            found = json.loads(self.answer.body) if self.answer and self.answer.status == 200 else None
        except ValueError:
            found = None
        return found if isinstance(found, dict) else {}


class Start(NamedTuple):
    """How an application is started: ``app`` is ``module:attribute``, ``script`` its console script or ``""``,
    ``folder`` the one that is on the import path beside the root, or ``""``; ``flask`` where it is one of Flask,
    ``manage`` the file that starts one of Django."""

    app: str
    factory: bool = False
    script: str = ""
    folder: str = ""
    flask: bool = False
    manage: str = ""


def check(context: Context) -> Outcome | None:
    """Start the console script, else Django's, Flask's server or uvicorn, and ask for ``/openapi.json``.

    With a baseline, what did not start before need not start now, and the document must be the same.
    """
    if not context.app:
        return None
    if not venv_python(context.venv).exists():
        return Outcome(NAME, "unchecked", MISSING)
    start = started(context)
    if not command(start, context.venv, 0):
        return Outcome(NAME, "failed", f"the console script {context.script} is not in the environment")
    served = served_by(context)
    now = told(shown(start), served)
    before = context.baseline.served if context.baseline else None
    return compared(now, served, before, lambda: serve(start, context.root, context.venv, context.environ))


def started(context: Context) -> Start:
    """How the project's application is started."""
    return Start(context.app, context.factory, context.script, flask=context.flask, manage=context.manage)


def served_by(context: Context) -> Served:
    """One start of the application in the project, with its environment."""
    served = serve(started(context), context.root, context.venv, context.environ)
    if context.memory:
        context.memory.served[NAME] = served
    return served


def known(context: Context) -> Served:
    """What the application answered in the project, started now where no other check did."""
    return (context.memory.served.get(NAME) if context.memory else None) or served_by(context)


def shown(start: Start) -> str:
    """How it is started, in words."""
    if start.manage and not start.script:
        return f"{start.manage} runserver"
    return start.script or f"{'flask' if start.flask else 'uvicorn'} {start.app}"


def told(how: str, served: Served) -> Outcome:
    """The outcome of one start, for itself."""
    return silence(how, served.ended, served.output) if served.answer is None else judged(how, served)


def compared(now: Outcome, served: Served, before: Served | None, again: Callable[[], Served]) -> Outcome:
    """The outcome against what was before; what differs from one start to the next is no difference."""
    if before is None or now.status == "unchecked":
        return now
    if now.status == "failed" and (before.answer is None or before.answer.status >= 500):
        return now._replace(status="unchecked", message=f"{now.message}; it did not before, either")
    changes = all_changes = differences(before.document, served.document) if before.document else []
    if changes and now.status == "passed":
        changes = lasting(changes, served, again())
    if changes and now.status == "passed":
        more = f" and {len(changes) - 1} more" if len(changes) > 1 else ""
        message = f"{DOCUMENT} is not what it was: {changes[0]}{more}"
        return now._replace(status="failed", message=message, evidence="\n".join(changes[:SHOWN]))
    moving = f" ({len(all_changes)} places of it differ at every start, and were not compared)" if all_changes else ""
    passed = before.document and now.status == "passed"
    return now._replace(message=f"{now.message}, as before{moving}") if passed else now


def differences(before: Any, after: Any, where: str = "") -> list[str]:
    """What is lost, new or changed in a document, each as a path into it."""
    if isinstance(before, dict) and isinstance(after, dict):
        found = [f"{where}/{key}: lost" for key in before if key not in after]
        found += [f"{where}/{key}: new" for key in after if key not in before]
        same = [key for key in before if key in after]
        return found + [item for key in same for item in differences(before[key], after[key], f"{where}/{key}")]
    return [] if before == after else [f"{where}: changed"]


def lasting(changes: list[str], once: Served, twice: Served) -> list[str]:
    """Changes that are none between two starts of the same application (a time, a random example)."""
    moving = set(differences(once.document, twice.document)) if twice.document else set[str]()
    return [item for item in changes if item not in moving]


def serve(start: Start, root: Path, venv: Path, environ: Mapping[str, str]) -> Served:
    """Start the application in ``root`` with the environment ``venv``, ask for its document, stop it."""
    port = free_port()
    where = {"HOST": "127.0.0.1", "PORT": str(port), "UVICORN_HOST": "127.0.0.1", "UVICORN_PORT": str(port)}
    if start.flask:
        where |= {"FLASK_APP": f"{start.app}()" if start.factory else start.app, "FLASK_DEBUG": "0"}
        where |= {"PYTHONPATH": str(root / start.folder)} if start.folder else {}
    home = (root / start.manage).parent if start.manage else root
    running = Running(command(start, venv, port), home, env=activated({**environ, **where}, venv))
    try:
        answer = poll(running, port, DOCUMENT)
        if answer is not None and answer.status == 404 and not start.manage:
            answer = elsewhere(start, root, venv, environ, running, port)
    finally:
        ended = running.code
        clean = running.stop(GRACE)
    return Served(answer, ended, clean, running.finished().tail(400))


def command(start: Start, venv: Path, port: int) -> list[str]:
    """How the application is started; empty where its console script is missing."""
    if start.script:
        program = venv_program(venv, start.script)
        return [str(program)] if program.exists() else []
    if start.manage:
        name = start.manage.rpartition("/")[2]
        return [str(venv_python(venv)), name, "runserver", "--noreload", f"127.0.0.1:{port}"]
    factory = ["--factory"] if start.factory else []
    where = ["--host", "127.0.0.1", "--port", str(port)]
    if start.flask:
        return [str(venv_python(venv)), "-m", "flask", "run", *where]
    where += ["--app-dir", start.folder] if start.folder else []
    return [str(venv_python(venv)), "-m", "uvicorn", *factory, start.app, *where]


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


def elsewhere(
    start: Start, root: Path, venv: Path, environ: Mapping[str, str], running: Running, port: int
) -> Answer | None:
    """The answer at the path where the application itself says that its document is; 404 where it has none."""
    module, _, attribute = start.app.partition(":")
    given = [module, attribute, "yes" if start.factory else "", start.folder]
    argv = [str(venv_python(venv)), "-c", ASK_DOCUMENT, *given]
    path = run(argv, root, env=activated(environ, venv), timeout=PATIENCE).stdout.rpartition("\n")[2]
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


def judged(how: str, served: Served) -> Outcome:
    """It answered: with what?"""
    answer = served.answer or Answer(0, b"")
    evidence = "\n".join(served.output.splitlines()[-20:])
    stopped = "" if served.clean else f"; it did not stop in {GRACE:.0f} s when asked to"
    if answer.status >= 500:
        return Outcome(NAME, "failed", f"{how} starts, but {DOCUMENT} answers {answer.status}", evidence)
    if answer.status != 200:
        return Outcome(NAME, "passed", f"{how} starts and answers (HTTP {answer.status} for {DOCUMENT}){stopped}")
    paths = served.document.get("paths")
    if not isinstance(paths, dict):
        return Outcome(NAME, "failed", f"{how} starts, but {DOCUMENT} is no OpenAPI document", evidence)
    return Outcome(NAME, "passed", f"{how} starts and describes {len(paths)} paths in {DOCUMENT}{stopped}")
