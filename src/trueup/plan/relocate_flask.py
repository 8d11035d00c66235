"""Folders that Flask, and others, look for beside the module which makes the application, and which stay behind.

``Flask(__name__)`` finds ``templates`` and ``static`` beside its module, whatever the working directory is; so do
``template_folder=`` of a blueprint and the paths of ``app.open_resource``. Where only the module moves, they are named.
Source: https://flask.palletsprojects.com/en/stable/api/#flask.Flask
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from posixpath import dirname, join, normpath, relpath

from trueup.model.span import Edit
from trueup.text.python_names import Doubt, Rewrite, UnparsableError
from trueup.text.python_source import source_of
from trueup.text.python_strings import dotted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.project import Project
    from trueup.plan.moves import Mover
    from trueup.text.python_source import Source

# What is made, the keywords of its folders, and what they are unasked.
MADE = {
    "Flask": {"template_folder": "templates", "static_folder": "static"},
    "Quart": {"template_folder": "templates", "static_folder": "static"},
    "Blueprint": {"template_folder": "", "static_folder": ""},
    "Dash": {"assets_folder": "assets", "pages_folder": "pages"},
}
NAMES = {"Flask": 1, "Quart": 1, "Blueprint": 2, "Dash": 1}  # arguments by position that are no folder
FILES = frozenset(("from_pyfile", "from_file", "from_json", "open_resource", "send_from_directory", "send_file"))
NAMED = re.compile(rb"\b(?:Flask|Quart|Dash|Blueprint|from_(?:pyfile|file|json)|open_resource|send_f\w+)\(")
CLIMBS = re.compile(
    rb"\bdirname\(\s*(?:\w+\.)+(?:root|instance)_path\b"
    rb"|(?<!\w)(?:\w+\.)+(?:root|instance)_path\b[^\n]*?(?:\.parents?\b|[\"']/?\.\.|\bpardir\b)"
)
CLOSED = re.compile(rb"(?:(?:\s|#[^\n]*+)*\))*")  # the brackets around a value; that of the call is not among them
CLIMBED = "it is reckoned from the folder of the application's module, which moves: check what is above that"
INSTANCE = re.compile(r"instance_path|instance_relative_config|sqlite:///(?!/|:memory:)[\w.]")


def rename_folders(mover: Mover, path: str, data: bytes) -> Rewrite:
    """The edits of one Python file, which lies at ``path`` before the move."""
    doubts = list(_pages(mover, path)) if b"streamlit" in data and mover.is_moved(path) else []
    if any(map(mover.is_moved, homes(mover.project) if b"_path" in data else ())):
        doubts += (Doubt(data.count(b"\n", 0, found.start()) + 1, "", CLIMBED) for found in CLIMBS.finditer(data))
    if not NAMED.search(data):
        return Rewrite(doubts=tuple(doubts))
    try:
        source = source_of(data)
    except UnparsableError:
        return Rewrite(doubts=tuple(doubts))
    edits: list[Edit] = []
    for call in (node for node in source.nodes if isinstance(node, ast.Call)):
        name = dotted(call.func).rpartition(".")[2]
        if name in MADE and mover.is_moved(path) and _by_name(call):
            if len(call.args) > NAMES[name]:
                doubts.append(
                    Doubt(call.lineno, name, "folders beside the module may be given by position: check them")
                )
            else:
                edits += _made(mover, path, source, call, name)
            doubts += _instance(mover, path, call) if name in ("Flask", "Quart") else ()
        elif name in FILES and call.args and len(home := homes(mover.project)) == 1:
            edits += _literal(mover, home[0], source, call.args[0])
    return Rewrite(tuple(edits), tuple(doubts))


@lru_cache(maxsize=1)
def homes(project: Project) -> tuple[str, ...]:
    """The files that make an application of Flask: paths are relative to their folders."""
    made = re.compile(r"\bFlask\(\s*__name__\b")
    found = (path for path in project.sources if not project.is_test(path) and made.search(project.tree.text(path)))
    return tuple(found)


def _by_name(call: ast.Call) -> bool:
    given = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "import_name")]
    named = any(isinstance(value, ast.Name) and value.id == "__name__" for value in given)
    return named and all(keyword.arg not in (None, "root_path") for keyword in call.keywords)


def _made(mover: Mover, path: str, source: Source, call: ast.Call, name: str) -> Iterator[Edit]:
    """The folders of an application or blueprint, those that it looks for unasked among them."""
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    added = ""
    for key, default in MADE[name].items():
        if key in given:
            yield from _literal(mover, path, source, given[key])
        elif default and (new := _after(mover, path, default)) not in ("", default):
            added += f', {key}="{new}"'
    if added:
        end = max(source.span(value)[1] for value in (*call.args, *given.values()))
        closed = CLOSED.match(source.data, end, source.span(call)[1] - 1)
        end = closed.end() if closed else end
        yield Edit(end, end, added.encode())


def _literal(mover: Mover, home: str, source: Source, value: ast.expr) -> Iterator[Edit]:
    """A path that is relative to the folder of ``home``, as it must be written afterwards."""
    if not isinstance(value, ast.Constant) or not isinstance(value.value, str):
        return
    start, end = source.span(value)
    new = _after(mover, home, value.value)
    if new not in ("", value.value) and source.data[start + 1 : end - 1] == value.value.encode():
        yield Edit(start + 1, end - 1, new.encode())


def _after(mover: Mover, home: str, text: str) -> str:
    """What a path beside ``home`` is called from there afterwards; ``""`` where nothing is called so."""
    target = normpath(join(dirname(home), text)) if text and not text.startswith("/") else ".."
    if target.startswith("..") or not (mover.tree.has_dir(target) or mover.tree.has(target)):
        return ""
    new = relpath(mover.new(target), dirname(mover.new(home)) or ".")
    same = normpath(text) == new
    return text if same else new


def _instance(mover: Mover, path: str, call: ast.Call) -> Iterator[Doubt]:
    """The instance folder lies beside the outermost package, and so moves out of sight."""
    if any(keyword.arg == "instance_path" for keyword in call.keywords):
        return
    roots = [root for root in mover.project.layout.roots if not root or path.startswith(f"{root}/")]
    old = f"{max(roots, key=len, default='')}/instance".lstrip("/")
    used = any(file.startswith(f"{old}/") for file in mover.files)
    used = used or any(INSTANCE.search(mover.tree.text(file)) for file in mover.project.sources)
    if used and old != "src/instance":
        why = f"Flask's instance folder is {old}/ today, and src/instance/ afterwards: move it, or give instance_path"
        yield Doubt(call.lineno, "", why)


def _pages(mover: Mover, path: str) -> Iterator[Doubt]:
    """Streamlit shows the pages that lie beside the script that it runs."""
    folder = join(dirname(path), "pages")
    name = path.rpartition("/")[2]
    runs = any("streamlit" in command.text and name in command.text for command in mover.project.commands)
    if runs and mover.tree.has_dir(folder) and mover.new(folder) != join(dirname(mover.new(path)), "pages"):
        new = mover.new(path)
        yield Doubt(
            0, "", f"Streamlit looks for {folder}/ beside the script that it runs, {new} afterwards: move it there"
        )
