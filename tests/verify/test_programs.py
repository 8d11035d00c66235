"""What servers and workers are told to import, before and after."""

import sys
from pathlib import Path

import pytest
from trees import tree

from trueup.model.project import Named, Program
from trueup.model.report import Outcome
from trueup.read import project as reader
from trueup.read.dangling import read_dangling
from trueup.tools.uv import Uv
from trueup.verify import Context
from trueup.verify.baseline import Baseline
from trueup.verify.environment import MISSING
from trueup.verify.inside import Inside, compared, look, meet, overtaken
from trueup.verify.programs import ask, check, key, others, starting
from trueup.verify.start import Start

CELERY = """
class Loader:
    def import_default_modules(self):
        import jobs
class Celery:
    def __init__(self):
        self.tasks, self.loader = {"celery.chord": 1}, Loader()
"""
WORKER = "from celery import Celery\nqueue = Celery()\n"
JOBS = "from worker import queue\nqueue.tasks['jobs.add'] = 1\n"
TOLD = Program("worker:queue", "", "worker.py")


@pytest.fixture
def root(tmp_path: Path, uv: Uv) -> Path:
    uv.venv(tmp_path / ".venv", python=sys.executable)
    for name, text in {"celery.py": CELERY, "worker.py": WORKER, "jobs.py": JOBS}.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


STARTED = """
Procfile
    web: uvicorn main:app
    worker: celery -A worker.queue worker
    beat: celery -A worker.queue beat
compose.yaml
    services:
      web:
        command: gunicorn main:app
      jobs:
        command: arq jobs.Settings
run.sh
    python worker.py
    uvicorn gone:app
main.py
    from fastapi import FastAPI

    app = FastAPI()
worker.py
    queue = 1
jobs.py
    class Settings: ...
"""


def test_what_files_start_is_known_once() -> None:
    found = read_dangling(reader.of(tree(STARTED))).programs
    assert {item.app for item in others(found, "main:app")} == {"jobs:Settings", "worker:queue"}
    assert sorted(map(key, found)) == ["jobs.py:Settings", "main.py:app", "worker.py:queue"]


def test_a_worker_is_asked_for_its_tasks(root: Path, uv: Uv) -> None:
    before = ask([TOLD], root, root / ".venv", uv.environ)
    assert list(before) == ["worker.py:queue"]
    assert (before["worker.py:queue"].tasks, before["worker.py:queue"].problem) == (("jobs.add",), "")
    context = Context(root, uv, named=Named(1, (), (TOLD,)), baseline=Baseline(programs=before))
    passed = Outcome("programs", "passed", "what servers and workers are told holds what it held: worker:queue")
    assert check(context) == passed
    assert check(context._replace(app="worker:queue")) is None
    assert check(context._replace(baseline=None)) == Outcome("programs", "passed", "can be imported: worker:queue")
    (root / "jobs.py").write_text("raise ImportError\n", "utf-8")
    lost = check(context)
    assert lost is not None
    assert lost[1:3] == ("failed", "worker:queue: jobs.add: task lost")
    assert "worker:queue: jobs.py: imported no more" in lost.evidence
    (root / "worker.py").unlink()
    broken = check(context)
    assert broken is not None
    assert broken.message.endswith("No module named 'worker'; it could be before")
    gone = check(context._replace(root=root / "nowhere"))
    assert gone == Outcome("programs", "unchecked", MISSING)


RUN = """
Dockerfile
    FROM python:3.12-slim
    WORKDIR /app
    COPY . .
    RUN pip install . && \\
        python build.py
    CMD ["python", "-u", "bot.py"]
Procfile
    release: python build.py
    web: python main.py
    consumer: python -m jobs.consumer --all
    package: python -m jobs
compose.yaml
    services:
      tests: {command: python tests/test_a.py}
main.py
    from fastapi import FastAPI

    app = FastAPI()
build.py
    x = 1
bot.py
    if __name__ == "__main__":
        x = 1
Procfile.prod
    loader: python load.py
load.py
    import main

    main.reset()  # to import it is to run it
jobs/__init__.py
jobs/__main__.py
    if __name__ == "__main__":
        x = 1
jobs/consumer.py
    if __name__ == "__main__":
        x = 1
tests/test_a.py
    x = 1
"""


def test_what_python_runs_for_long_is_a_program_too() -> None:
    found = read_dangling(reader.of(tree(RUN))).programs
    assert set(others(found, "main:app")) == {
        Program("bot", "", "bot.py", script=True),
        Program("jobs.consumer", "", "jobs/consumer.py", script=True),
        Program("jobs.__main__", "", "jobs/__main__.py", script=True),
    }


BOT = """import asyncio, os, sys
from greet import hello

class Bot:
    def run(self): sys.exit("it runs")
    polling = run_until_complete = run

def main(): Bot().run()
async def start_all(): ...

bot = Bot()
if os.sep:
    try:
        bot.polling()
    finally:
        token = 1
while bot: bot.run()
sys.exit(main())
last = 1
if __name__ == "__main__":
    main()
"""


def test_a_bot_is_imported_and_not_started(root: Path, uv: Uv) -> None:
    (root / "code").mkdir()
    bot, told = root / "code" / "bot.py", Program("bot", "code", "code/bot.py", script=True)
    bot.write_text(BOT, "utf-8")
    (root / "code" / "greet.py").write_text("hello = 1\n", "utf-8")
    assert starting(bot) == (14, 17, 18)
    held = ask([told], root, root / ".venv", uv.environ)["code/bot.py:"]
    assert held.problem == ""
    assert "last" in held.public["code/bot.py"]
    context = Context(root, uv, named=Named(1, (), (told,)))
    assert check(context) == Outcome("programs", "passed", "can be imported: bot")
    (root / "code" / "greet.py").unlink()
    broken = check(context)
    assert broken is not None
    assert (broken.status, "No module named 'greet'" in broken.message) == ("failed", True)
    bot.write_text("import os\nos.environ['BOT_TOKEN']\n", "utf-8")
    lacking = check(context)
    assert lacking is not None
    assert (lacking.status, "it needs environment variables (BOT_TOKEN)" in lacking.message) == ("unchecked", True)
    assert check(context._replace(root=root / "nowhere")) == Outcome("programs", "unchecked", MISSING)
    assert check(context._replace(named=Named(0))) is None
    assert starting(root / "nowhere.py") == ()
    many = tuple(told._replace(source=f"code/{number}.py") for number in range(9))
    outcome = check(context._replace(named=Named(9, (), many), env={"BOT_TOKEN": "1"}))
    assert outcome is not None
    assert (outcome.status, outcome.message.endswith("; 1 more were not looked at")) == ("unchecked", True)


def test_a_module_of_a_package_is_imported_as_one(root: Path, uv: Uv) -> None:
    (root / "pkg").mkdir()
    (root / "pkg" / "__init__.py").touch()
    (root / "pkg" / "a.py").write_text("x = 1\n", "utf-8")
    (root / "pkg" / "bot.py").write_text("from .a import x\nclass B:\n    def run(self): 1/0\nB().run()\n", "utf-8")
    held = ask([Program("pkg.bot", "", "pkg/bot.py", script=True)], root, root / ".venv", uv.environ)["pkg/bot.py:"]
    assert (held.problem, held.public["pkg/bot.py"]) == ("", ["B", "x"])


def test_what_is_not_known_of_before_is_not_passed(root: Path, uv: Uv) -> None:
    context = Context(root, uv, named=Named(1, (), (TOLD,)))
    for before, why in (
        ({"worker.py:queue": Inside(problem="worker cannot be imported: no")}, "before, worker cannot be imported: no"),
        ({"other.py:": Inside()}, "other.py: no file names it any more\nworker:queue: nothing is known of before"),
    ):
        outcome = check(context._replace(baseline=Baseline(programs=before)))
        assert outcome is not None
        assert (outcome.status, outcome.message, outcome.evidence) == ("unchecked", why.partition("\n")[0], why)
    unmade = Baseline(reason="the old environment could not be made: no wheel")
    outcome = check(context._replace(baseline=unmade))
    assert outcome is not None
    assert outcome[1:3] == ("unchecked", "before, the old environment could not be made: no wheel")
    assert check(Context(root, uv, baseline=unmade)) is None


@pytest.mark.parametrize(
    ("imported", "default", "status"),
    [("gone", '["dev"]', "unchecked"), ("gone", '"all"', "failed"), ("jobs", '["dev"]', "failed")],
)
def test_what_a_group_brings_that_is_not_installed(
    imported: str, default: str, status: str, root: Path, uv: Uv
) -> None:
    (root / "worker.py").write_text("import gone\n".replace("gone", imported), "utf-8")
    (root / "jobs.py").rename(root / "here.py")
    groups = "dev = [{ include-group = 'test' }, 'a']\ntest = [{ include-group = 'deep' }]\nbot = ['c']\ndeep = ['b']\n"
    document = f"[dependency-groups]\n{groups}[tool.uv]\ndefault-groups = {default}\n"
    (root / "pyproject.toml").write_text(document, "utf-8")
    context = Context(root, uv, named=Named(1, (), (TOLD,)), files=("src/jobs.py", "worker.py"))
    outcome = check(context._replace(baseline=Baseline(programs={"worker.py:queue": Inside()})))
    assert outcome is not None
    assert (outcome.status, "installs no group bot," in outcome.message) == (status, status == "unchecked")


def test_a_task_of_a_worker_that_is_called_otherwise_is_told(root: Path, uv: Uv) -> None:
    context = Context(root, uv, named=Named(1, (), (TOLD,)))
    held = ask([TOLD], root, root / ".venv", uv.environ)["worker.py:queue"]
    before = Baseline(programs={"worker.py:queue": held._replace(tasks=("old.add",))})
    outcome = check(context._replace(baseline=before))
    assert outcome is not None
    assert (outcome.status, outcome.evidence) == ("passed", "worker:queue: old.add, under another name now")


def test_a_task_may_have_another_module_and_that_is_told() -> None:
    outcome = compared(Inside(tasks=("jobs.add",)), Inside(tasks=("shop.jobs.add",)))
    assert (outcome.status, outcome.evidence) == ("passed", "jobs.add")
    assert (
        outcome.message == "1 task, 0 public names of 0 modules, as before; each module once; 1 task under another name"
    )


def test_a_worker_that_does_not_start_has_no_tasks(root: Path, uv: Uv) -> None:
    (root / "jobs.py").write_text("raise SystemError\n", "utf-8")
    assert look(Start("worker:queue"), root, root / ".venv", uv.environ).tasks == ()


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        ("GET /users/me me", "GET /users/{id} one", True),
        ("GET /users/me me", "POST /users/{id} one", False),
        ("GET,POST /users/me me", "POST /users/{id} one", True),
        ("GET /users/me me", "GET /users/you you", False),
        ("GET /users me", "GET /users/{id} one", False),
        ("GET /{rest:path} all", "GET /users/{id}/x one", True),
        ("/ static", "GET /users one", True),
        ("GET /users one", "/ static", True),
        ("/files static", "GET /files/{id} one", True),
        ("/files static", "GET /users/{id} one", False),
        ("GET / home", "GET /users users", False),
    ],
)
def test_whether_one_request_fits_two_routes(first: str, second: str, both: bool) -> None:
    assert meet(first, second) is both
    assert meet(second, first) is both


def test_routes_that_change_places_are_named_where_it_matters() -> None:
    me, one, other = "GET /users/me me", "GET /users/{id} one", "GET /items items"
    assert list(overtaken([me, one, other], [other, me, one])) == []
    assert list(overtaken([me, one, other], [one, me, other])) == [f"{me}: comes after {one} now"]
    assert list(overtaken([me, "GET /lost x", one], [one, me])) == [f"{me}: comes after {one} now"]
    outcome = compared(Inside((me, one)), Inside((one, me)))
    assert (outcome.status, outcome.evidence) == ("failed", f"{me}: comes after {one} now")
