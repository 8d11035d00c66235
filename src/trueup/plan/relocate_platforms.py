"""What looks for code by itself, where no line names it: it is told, for a move takes away what it found.

Sources: https://fastapi.tiangolo.com/fastapi-cli/, https://github.com/fastapi/fastapi-cli/releases/tag/0.0.15,
  https://flask.palletsprojects.com/en/stable/cli/#application-discovery, and those in ``data/platforms.py``.
"""

from __future__ import annotations

import re
from itertools import pairwise
from posixpath import basename, join, normpath

from trueup.model.command_line import in_containers, is_within
from trueup.plan.still_read import readers
from trueup.plan.uv_commands import Target, in_uv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trueup.model.command_line import CommandLine
    from trueup.plan.moves import Mover

FOUND_BY_FLASK = ("wsgi.py", "app.py")  # in the working directory, in this order
IN_IMAGES = ("dockerfile", "compose", "kubernetes")
NEAR = 4  # words before which a runner has named its program
SAYS_WHICH = ("--app", "-A", "FLASK_APP")
FOUND_BY_FASTAPI = ("main.py", "app.py", "api.py", "app/main.py", "app/app.py", "app/api.py")
VALUED = ("--host", "--port", "--root-path", "--workers", "--app", "--reload-dir", "--forwarded-allow-ips")
READS_ENTRYPOINT = {"fastapi-cli": (0, 0, 15), "fastapi": (0, 121, 2)}  # itself, and what it came out with


def tell_platforms(mover: Mover) -> None:
    """Ask about Flask's own discovery, and FastAPI's, and about platforms that install no project."""
    tell_flask(mover)
    tell_fastapi(mover)
    tell_containers(mover)
    told: set[str] = set()
    for reader, path in readers(mover.tree, alone=True):
        if reader["who"] in told:
            continue
        told.add(reader["who"])
        installs = f"{reader['who']} installs {reader.get('always', 'what it needs')} and not the project"
        mover.ask(f"{installs}: Python must find src there (PYTHONPATH)", path)


def tell_flask(mover: Mover) -> None:
    """``flask run`` and its kin, where nothing says which application is meant."""
    variables = (path for path in (*mover.files, *mover.tree.outer()) if "env" in path.rpartition("/")[2])
    if any(_says_which(mover, path) for path in variables if mover.tree.has(path)):
        return
    images = "\n".join(map(mover.tree.text, _images(mover)))
    images = images if "FLASK_APP" in images else ""
    contained = in_containers(mover.project.commands)
    told: set[str] = set()
    for command in mover.project.commands:
        inside = command.where in ("dockerfile", "compose") or is_within(command.argv) or command in contained
        inside = inside or (command.where == "shell" and basename(command.path) in images)
        said = any(word.startswith(SAYS_WHICH) for word in command.argv) or _says_which(mover, command.path)
        if not _calls_flask(command.argv) or said or (inside and images) or command.path in told:
            continue
        found = _found_by_flask(mover, command)
        module = mover.script(found) if found and mover.is_moved(found) else None
        if module:
            text = f"flask found {found} where it is started, which moves: say `--app {module}`, or set FLASK_APP"
            mover.ask(text, command.path, command.line)
            told.add(command.path)


def _found_by_flask(mover: Mover, command: CommandLine) -> str:
    """The module that Flask finds where a command runs; an image may have a folder of code there."""
    copied = mover.project.layout.roots if command.where in IN_IMAGES else ()
    own = "." if command.folder.startswith("/") else command.folder  # of an image
    folders = (own, *command.also, *copied)
    places = (normpath(join(folder, name)) for folder in folders for name in FOUND_BY_FLASK)
    return next(filter(mover.tree.has, places), "")


def _calls_flask(argv: tuple[str, ...]) -> bool:
    """Whether a command starts flask, behind a runner or in a container; not where it installs or only names that."""
    words = [word.rpartition("/")[2] for word in argv]
    at = words.index("flask") if "flask" in words else len(words)
    installs = not {"install", "add", "build"}.isdisjoint(words[:at])
    near = at < NEAR or is_within(argv)
    return near and not installs and any(re.match(r"[a-z-]", word) for word in words[at + 1 : at + 2])


def _says_which(mover: Mover, path: str) -> bool:
    return "FLASK_APP" in mover.tree.text(path)


def tell_fastapi(mover: Mover) -> None:
    """``fastapi run`` and ``fastapi dev`` that name no file, where the version that is fixed reads no entrypoint."""
    fixed = mover.project.fixed
    by = next((name for name in READS_ENTRYPOINT if name in fixed), "")
    if not by or tuple(map(int, re.findall(r"\d+", fixed[by])[:3])) >= READS_ENTRYPOINT[by]:
        return
    told: set[str] = set()
    for command in mover.project.commands:
        verb = _names_no_file(command.argv)
        places = (normpath(join(command.folder, name)) for name in FOUND_BY_FASTAPI)
        found = next((path for path in places if mover.tree.has(path)), "") if verb else ""
        if found and mover.is_moved(found) and command.path not in told:
            told.add(command.path)
            text = (
                f"fastapi finds {found} by itself, which moves, and reads [tool.fastapi] since fastapi-cli 0.0.15 alone"
            )
            mover.ask(f"{text}: say `fastapi {verb} {mover.new(found)}`, or require that", command.path, command.line)


def tell_containers(mover: Mover) -> None:
    """What a development container starts from the project's folder, and does not install; a service of a compose file
    finds its code as elsewhere."""
    project = mover.project
    found = [command for command in project.commands if command.where == "devcontainer"]
    known = {command.path for command in found if (in_uv(command.argv, Target()) or "").startswith("uv sync")}
    known |= {command.path for command in found if "dockerComposeFile" in project.tree.text(command.path)}
    for command in found if "" in project.layout.roots else ():
        module = next((word for word in started(command.argv) if mover.is_moved(_place(mover, word))), "")
        if module and command.path not in known:
            known.add(command.path)
            text = (
                f"{module} is found in the folder where it is started, and lies in src then; nothing installs it here"
            )
            mover.ask(f"{text}: `uv sync` and `uv run`, or PYTHONPATH", command.path, command.line)


def _place(mover: Mover, word: str) -> str:
    stem = word.partition(":")[0].replace(".", "/")
    return next((path for path in (f"{stem}.py", stem) if mover.tree.has(path) or mover.tree.has_dir(path)), "")


def started(argv: Sequence[str]) -> Iterator[str]:
    """The modules that a command names: of ``-m``, and of a server."""
    for before, word in pairwise(argv):
        if before == "-m" or re.fullmatch(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*(?:\(\))?", word):
            yield word


def _names_no_file(argv: tuple[str, ...]) -> str:
    """``run`` or ``dev`` of a ``fastapi`` that is not told which application it is to start; else ``""``."""
    for at, (program, verb) in enumerate(pairwise(argv)):
        if basename(program) == "fastapi" and verb in ("run", "dev"):
            rest = list(pairwise(argv[at + 1 :]))
            files = [word for before, word in rest if not word.startswith("-") and before not in VALUED]
            said = any(word.split("=")[0] in ("-e", "--entrypoint") for _, word in rest)
            return "" if files or said else verb
    return ""


def _images(mover: Mover) -> list[str]:
    return [path for path in (*mover.tree.files(), *mover.tree.outer()) if "ockerfile" in path or "compose" in path]
