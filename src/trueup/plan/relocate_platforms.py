"""What looks for code by itself, where no line names it: it is told, for a move takes away what it found.

Sources: https://flask.palletsprojects.com/en/stable/cli/#application-discovery, and those in ``data/platforms.py``.
"""

from __future__ import annotations

from trueup.plan.still_read import readers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.plan.moves import Mover

FOUND_BY_FLASK = ("wsgi.py", "app.py")  # in the working directory, in this order
SAYS_WHICH = ("--app", "-A", "FLASK_APP")


def tell_platforms(mover: Mover) -> None:
    """Ask about Flask's own discovery, and about platforms that install no project."""
    tell_flask(mover)
    told: set[str] = set()
    for reader, path in readers(mover.tree, alone=True):
        if reader["who"] in told:
            continue
        told.add(reader["who"])
        installs = f"{reader['who']} installs {reader.get('always', 'what it needs')} and not the project"
        mover.ask(f"{installs}: Python must find src there (PYTHONPATH)", path)


def tell_flask(mover: Mover) -> None:
    """``flask run`` and its kin, where nothing says which application is meant."""
    found = next((path for path in FOUND_BY_FLASK if mover.tree.has(path)), "")
    module = mover.script(found) if found and mover.is_moved(found) else None
    variables = (path for path in (*mover.files, *mover.tree.outer()) if "env" in path.rpartition("/")[2])
    named = any("FLASK_APP" in mover.tree.text(path) for path in (*variables, *_images(mover)) if mover.tree.has(path))
    if module is None or named:
        return
    told: set[str] = set()
    for command in mover.project.commands:
        words = [word.rpartition("/")[2] for word in command.argv]
        if "flask" in words[:4] and not any(word.startswith(SAYS_WHICH) for word in command.argv):
            if command.path not in told:
                text = f"flask found {found} where it is started, which moves: say `--app {module}`, or set FLASK_APP"
                mover.ask(text, command.path, command.line)
            told.add(command.path)


def _images(mover: Mover) -> list[str]:
    return [path for path in (*mover.tree.files(), *mover.tree.outer()) if "ockerfile" in path or "compose" in path]
