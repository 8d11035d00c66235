"""Run a Django project's tests with its own runner, ``manage.py test``, and read what became of each.

``manage.py`` is run as it is, in its folder; a few lines before it listen to unittest's results, which every runner
of Django's hands on. So a test is known by the file and the class that it stands in, as pytest names it, whatever the
runner prints, and follows a move as any other test does.
Source: https://docs.djangoproject.com/en/stable/topics/testing/overview/#running-tests
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from trueup.tools.process import run
from trueup.tools.uv import activated
from trueup.verify import needs
from trueup.verify.runner import BY_CHANCE, COLLECTED, NUMBER, SILENCE, WORST_LAST, SuiteRun, is_own, placeless

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from trueup.tools.process import Finished

OPTIONS = ("-v", "2", "--noinput")  # each test says its name when it begins: a long suite does not count as silent
PASSED_OVER = ("node_modules", "venv", "env", "build", "dist")
# Writes a line for each outcome and each warning; the places of modules are known only here.
LISTEN = r"""
import json, os, re, runpy, sys, unittest, warnings
manage, told = sys.argv[1:3]
sys.argv = ["manage.py"] + sys.argv[3:]
folder = os.path.dirname(os.path.abspath(manage))
sys.path[0] = folder
told = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
write, dumps = os.write, json.dumps
def tell(**said):
    write(told, (dumps(said) + "\n").encode())
unread = "unittest.loader._FailedTest."
def place(name):
    parts = re.sub(r"^(\w+) \((.+)\)$", r"\2.\1", name.replace(unread, "")).split(".")
    if name.startswith(unread):
        for base in [folder, os.path.join(folder, "src")] + sys.path:
            for end in (".py", os.sep + "__init__.py"):
                if os.path.isfile(os.path.join(base, *parts) + end):
                    return os.path.realpath(os.path.join(base, *parts) + end), []
    for count in range(len(parts), 0, -1):
        file = getattr(sys.modules.get(".".join(parts[:count])), "__file__", None)
        if file:
            return os.path.realpath(file), parts[count:]
    return "", parts
def hear(name, outcome):
    original = getattr(unittest.TestResult, name)
    def method(self, test, *rest):
        error = rest[-1] if rest else None
        if name != "addSubTest" or error is not None:
            file, parts = place(test.id())
            kind = error[0].__name__ if isinstance(error, tuple) else ""
            tell(file=file, parts=parts, outcome=outcome, reason=kind, unread=test.id().startswith(unread))
        return original(self, test, *rest)
    setattr(unittest.TestResult, name, method)
for name, outcome in [("addSuccess", "passed"), ("addFailure", "failed"), ("addError", "error"), ("addSkip", "skipped"),
                      ("addExpectedFailure", "skipped"), ("addUnexpectedSuccess", "failed"), ("addSubTest", "failed")]:
    hear(name, outcome)
show = warnings.showwarning
def warned(message, category, filename, *rest):
    tell(file=os.path.realpath(filename), kind=category.__name__, text=str(message))
    return show(message, category, filename, *rest)
warnings.showwarning = warned
runpy.run_path(manage, run_name="__main__")
"""


def run_django(
    venv: Path,
    python: Path,
    root: Path,
    environ: Mapping[str, str],
    args: Sequence[str],
    timeout: float,
    *,
    manage: str,
    prefix: Sequence[str] = (),
    start: Path | None = None,
) -> SuiteRun:
    """Run ``manage.py test ARGS`` of ``root``; ``args`` name tests as pytest does, or are the runner's own options.

    ``manage`` is where ``manage.py`` lies, ``prefix`` stands before the interpreter; ``start`` is the working directory
    where it is not the folder of ``manage.py``.
    """
    script = root / manage
    with tempfile.TemporaryDirectory(prefix="trueup-tests-", ignore_cleanup_errors=True) as scratch:
        report = Path(scratch, "report")
        asked = labels(root, script.parent.absolute(), args, anywhere=start is not None)
        whole = os.path.abspath(python)  # noqa: PTH100 - resolved, it would leave its environment
        argv = [
            *prefix,
            whole,
            "-Wdefault",
            "-c",
            LISTEN,
            str(script.absolute()),
            str(report),
            "test",
            *OPTIONS,
            *asked,
        ]
        done = run(argv, start or script.parent, env=activated(environ, venv), timeout=timeout, silence=SILENCE)
        said = heard(report) if not done.timed_out else []
    return read(said, done, root)


def heard(report: Path) -> list[dict[str, Any]]:
    """The lines that were written."""
    lines = report.read_text("utf-8").splitlines() if report.is_file() else []
    return [json.loads(line) for line in lines if line.endswith("}")]


def read(said: Sequence[Mapping[str, Any]], done: Finished, root: Path) -> SuiteRun:
    """What became of each test, why it failed, and what was warned of."""
    outcomes: dict[str, str] = {}
    reasons: dict[str, str] = {}
    for item in said:
        if "outcome" in item:
            name = identity(item, root)
            outcomes[name] = max(outcomes.get(name, "skipped"), item["outcome"], key=WORST_LAST.index)
            if item["outcome"] in ("failed", "error"):
                reasons[name] = item["reason"] or "Failed"
    warned = [
        (item["file"], item["kind"], NUMBER.sub("N", f"{item['kind']}: {item['text']}"))
        for item in said
        if "kind" in item
    ]
    own = {placeless(text) for file, kind, text in warned if is_own(Path(file), root) and not BY_CHANCE.fullmatch(kind)}
    needed = "" if "passed" in outcomes.values() else needs.missing(done.tail(needs.LAST))
    return SuiteRun(
        outcomes,
        done.code if outcomes or done.code else 5,
        done.tail(25),
        "" if outcomes else why_nothing(done),
        needed,
        done.timed_out,
        tuple(sorted({text for _, _, text in warned})),
        reasons,
        tuple(sorted(own)),
        by="manage.py test",
    )


def why_nothing(done: Finished) -> str:
    """Why a run has no outcome of any test."""
    if done.timed_out:
        return f"the tests did not end: they were stopped after {done.seconds:.0f} s (--tests says which to run)"
    if done.ok or done.code == 5:
        return "manage.py test found no tests"
    return f"manage.py test could not start: {needs.reason(done.stderr)}"


def identity(item: Mapping[str, Any], root: Path) -> str:
    """``app/tests.py::TestA::test_b``; a file that could not be imported as pytest's report has it."""
    file = Path(item["file"])
    home = root.resolve()
    path = file.relative_to(home).as_posix() if item["file"] and file.is_relative_to(home) else item["file"]
    return "::".join(filter(None, (path, *([COLLECTED] if item["unread"] else item["parts"]))))


def labels(root: Path, folder: Path, args: Sequence[str], *, anywhere: bool) -> list[str]:
    """What the runner is told: its options, the tests that are asked for, else the folders where tests are found.

    ``anywhere``: folders are told by their whole path.
    """

    def shown(path: Path) -> str:
        return str(path.absolute()) if anywhere else os.path.relpath(path.absolute(), folder)

    paths = [arg for arg in args if not arg.startswith("-") and (root / arg.partition("::")[0]).exists()]
    told = []
    for arg in args:
        path = root / arg.partition("::")[0]
        if arg in paths and path.is_file():
            told.append(dotted(path.absolute(), folder, arg) or shown(path.parent))
        else:
            told.append(shown(path) if arg in paths else arg)
    return list(dict.fromkeys(told)) if paths else [*args, *(shown(folder / name) for name in begins(folder, anywhere))]


def dotted(file: Path, folder: Path, arg: str) -> str:
    """``app.tests.TestA.test_b`` of a file that is imported from the folder of ``manage.py``; ``""`` of another."""
    if top(file) != folder:
        return ""
    module = file.relative_to(folder).with_suffix("").parts
    return ".".join([*(part for part in module if part != "__init__"), *arg.split("::")[1:]])


def top(file: Path) -> Path:
    """The first folder above a file that is no package."""
    return next(folder for folder in file.parents if not (folder / "__init__.py").is_file())


def begins(folder: Path, anywhere: bool) -> list[str]:
    """The folders below that of ``manage.py`` that are told to the runner: it finds tests in packages alone.

    Nothing where it finds all of them by itself.
    """
    found = [name for name in (".", "src") if any(tests_below(folder / name))]
    if not found:
        inner = sorted(path.name for path in folder.iterdir() if path.is_dir() and path.name not in PASSED_OVER)
        found = [name for name in inner if not name.startswith(".") and any(tests_below(folder / name))]
    return [] if found == ["."] and not anywhere else found


def tests_below(folder: Path) -> Iterator[Path]:
    """The test files that are found from a folder, by Django's pattern."""
    if not folder.is_dir():
        return
    yield from folder.glob("test*.py")
    for inner in folder.iterdir():
        if (inner / "__init__.py").is_file():
            yield from tests_below(inner)


def as_path(root: Path, manage: str, arg: str) -> str:
    """``app.tests.TestA`` as ``app/tests.py::TestA``, so that it follows a move; anything else as it is."""
    folder = (root / manage).parent
    parts = arg.split(".")
    if not all(map(str.isidentifier, parts)):
        return arg
    for base in (folder, folder / "src"):
        for count in range(len(parts), 0, -1):
            path = base.joinpath(*parts[:count])
            module = path.with_suffix(".py")
            if module.is_file():
                return "::".join([module.relative_to(root).as_posix(), *parts[count:]])
            if path.is_dir() and count == len(parts):
                return path.relative_to(root).as_posix()
    return arg
