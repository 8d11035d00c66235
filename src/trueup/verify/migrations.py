"""Does Alembic see what it saw before: the same revisions, and an ``env.py`` that tells it the same?

``alembic.ini`` says where the revisions lie and what is put on the import path (``prepend_sys_path``). The graph is
read with Alembic's own ``ScriptDirectory``; the imports of ``env.py`` are tried one by one. Then it is run as for
``--sql``, with no revision to write: what it configures is compared, the tables that ``--autogenerate`` would compare
and the address that it gives (as a hash) included. An ``env.py`` without a branch for that connects, and writes
nothing. Where nothing is known of before, it is not run: only its imports are tried.
Sources: https://alembic.sqlalchemy.org/en/latest/api/script.html and api/runtime.html
"""

from __future__ import annotations

import json
import re

from trueup.model.noun import NamedTuple
from trueup.model.report import Outcome
from trueup.tools.process import run
from trueup.tools.uv import activated, venv_python
from trueup.verify import needs
from trueup.verify.environment import MISSING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import Any

    from trueup.verify import Context

ORDER = 43
NAME = "migrations"
DEPTH = "apply"
SETTINGS = "alembic.ini"
TIMEOUT = 90.0
BROKEN = re.compile(r"(?:ModuleNotFound|Import|Syntax|Indentation|Name)Error\b")
SHOWN = 12
MARK = "\n--migrations--"
ASK = """
import ast, hashlib, importlib, io, json, os, sys
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
config = Config("alembic.ini")
folder = ScriptDirectory.from_config(config)
revisions = sorted(f"{item.revision} after {item.down_revision}" for item in folder.walk_revisions())
broken = []
path = os.path.join(folder.dir, "env.py")
text = open(path, "rb").read()
parsed = ast.parse(text)
alone = sys.argv[1:] == ["imports"]  # what may fail is no defect by itself
optional = (ast.Try, ast.If, ast.FunctionDef, ast.AsyncFunctionDef) if alone else ()
spared = {id(node) for held in ast.walk(parsed) if isinstance(held, optional) for node in ast.walk(held)}
bends = "without what env.py does to sys.path " if alone and (b"sys.path" in text or b"addsitedir" in text) else ""
for node in ast.walk(parsed):
    if id(node) in spared:
        continue
    names = [item.name for item in node.names] if isinstance(node, ast.Import) else []
    names += [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
    for name in names:
        try:
            module = importlib.import_module(name)
            taken = [item.name for item in node.names if item.name != "*"] if isinstance(node, ast.ImportFrom) else []
            for item in taken:
                if not hasattr(module, item):
                    importlib.import_module(f"{name}.{item}")
        except Exception as problem:
            away = bends if isinstance(problem, ImportError) else ""
            broken.append(f"{away}{type(problem).__name__}: {problem}")
told, tables, why = {}, set(), ""
if alone:
    folder.run_env = lambda: None
environment = EnvironmentContext(config, folder, fn=lambda *_: [], as_sql=True, output_buffer=io.StringIO())
configure = environment.configure
def listen(*words, **said):
    told.update(said)
    configure(*words, **said)
environment.configure = listen  # a class of its own would not be the one that alembic.context speaks for
try:
    with environment:
        folder.run_env()
except (Exception, SystemExit) as problem:
    why = f"{type(problem).__name__}: {problem}"
held = told.pop("target_metadata", None)
for metadata in held if isinstance(held, (list, tuple)) else [held]:
    for name, table in getattr(metadata, "tables", {}).items():
        tables.add(f"{name}({', '.join(column.name for column in table.columns)})")
options = {name: str(value) for name, value in told.items() if isinstance(value, (bool, int, str))}
for name in ("url", "sqlalchemy_url"):
    address = str(told.get(name) or "").replace(os.path.realpath(os.getcwd()), ".").replace(os.getcwd(), ".")
    if address:
        options[name] = hashlib.sha256(address.encode()).hexdigest()
found = {"revisions": revisions, "broken": broken, "tables": sorted(tables), "options": options, "env": why}
sys.stdout.write("\\n--migrations--" + json.dumps(found))
"""


class Migrations(NamedTuple):
    """The revisions, each with the one before it; what of the imports of ``env.py`` fails; the tables and options that
    it configures, and why it ends (``env``); ``problem`` says why nothing is known."""

    revisions: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    options: Mapping[str, str] = {}
    env: str = ""
    problem: str = ""


def look(root: Path, venv: Path, environ: Mapping[str, str], *only: str) -> Migrations | None:
    """What Alembic sees in ``root`` with the environment ``venv``; ``None`` where it is not configured there.

    ``only`` may be ``imports``: ``env.py`` is then not run.
    """
    if not (root / SETTINGS).is_file():
        return None
    done = run([str(venv_python(venv)), "-c", ASK, *only], root, env=activated(environ, venv), timeout=TIMEOUT)
    said = done.stdout.rpartition(MARK)[2] if MARK in done.stdout else ""
    try:
        found: dict[str, Any] = json.loads(said)
    except ValueError:
        return Migrations(problem=needs.missing(done.stderr) or needs.reason(done.stderr))
    revisions, broken, tables = (tuple(found[key]) for key in ("revisions", "broken", "tables"))
    return Migrations(revisions, broken, tables, found["options"], found["env"])


def check(context: Context) -> Outcome | None:
    """Failed when a revision is lost or new, an import of ``env.py`` fails that did not, or it configures another
    thing."""
    if context.baseline is None or context.baseline.unmade:
        return alone(context)
    before = context.baseline.migrations
    if before is None:
        return None
    if not venv_python(context.venv).exists():
        return Outcome(NAME, "unchecked", MISSING)
    if before.problem:
        return Outcome(NAME, "unchecked", f"before, Alembic could not read its revisions: {before.problem}")
    now = look(context.root, context.venv, context.environ)
    if now is None:
        return Outcome(NAME, "failed", f"{SETTINGS} is not there any more")
    return compared(before, now)


def alone(context: Context) -> Outcome | None:
    """The outcome where nothing is known of before: can the revisions be read, and what ``env.py`` imports be had?"""
    if not (context.root / SETTINGS).is_file():
        return None
    if context.baseline is not None:
        return Outcome(NAME, "unchecked", f"before, {context.baseline.state}")
    if not venv_python(context.venv).exists():
        return Outcome(NAME, "unchecked", MISSING)
    now = look(context.root, context.venv, context.environ, "imports") or Migrations()
    if "No module named 'alembic" in now.problem:  # its folder is a package without a file of its own
        return Outcome(NAME, "unchecked", "Alembic is not in the environment")
    if now.problem:
        return Outcome(NAME, "failed", f"Alembic cannot read its revisions: {now.problem}")
    if now.broken:
        bad = [f"env.py: {text}" for text in now.broken if BROKEN.match(text)]
        lacking = [f"for an import of env.py {text}" for text in map(needs.missing, now.broken) if text]
        told = [*bad, *lacking, f"env.py: {now.broken[0]}"][0]
        return Outcome(NAME, "failed" if bad else "unchecked", told.splitlines()[0], "\n".join(now.broken))
    return Outcome(NAME, "passed", f"{len(now.revisions)} revisions can be read, and env.py finds what it imports")


def compared(before: Migrations, now: Migrations) -> Outcome:
    """The outcome."""
    if now.problem:
        return Outcome(NAME, "failed", f"Alembic cannot read its revisions: {now.problem}; it could before")
    changes = [f"env.py: {item}" for item in now.broken] if not before.broken else []
    changes += [f"{item}: revision lost" for item in before.revisions if item not in now.revisions]
    changes += [f"{item}: new revision" for item in now.revisions if item not in before.revisions]
    changes += configured(before, now) if not before.env else []
    if changes:
        return Outcome(NAME, "failed", changes[0], "\n".join(changes[:SHOWN]))
    if before.broken:
        return Outcome(NAME, "unchecked", f"before, an import of env.py failed: {before.broken[0]}")
    seen = f"says the same of {len(now.tables)} tables" if not before.env else "finds what it imports"
    return Outcome(NAME, "passed", f"{len(now.revisions)} revisions, as before, and env.py {seen}")


def configured(before: Migrations, now: Migrations) -> Iterator[str]:
    """What ``env.py`` tells Alembic otherwise than before."""
    if now.env:
        yield f"env.py: {now.env}; it ran before"
        return
    yield from (f"{item}: lost from the metadata of env.py" for item in before.tables if item not in now.tables)
    yield from (f"{item}: new in the metadata of env.py" for item in now.tables if item not in before.tables)
    for name in sorted({*before.options, *now.options}):
        if before.options.get(name) != now.options.get(name):
            yield f"env.py: {name} is not what it was"
