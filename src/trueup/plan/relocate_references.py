"""What names code outside Python: every certain reference is rewritten, every doubtful one is told."""

from __future__ import annotations

import re
from itertools import groupby
from posixpath import dirname, normpath, relpath

from trueup.model.command_line import SENTENCE
from trueup.model.span import Edit, splice
from trueup.plan.relocate_expressions import judged
from trueup.plan.relocate_tests import label_tests
from trueup.plan.uv_commands import is_manifest
from trueup.text.naming import CROSSING, glob_matches, moved, rename_glob, rename_module, rename_path
from trueup.text.python_imports import clause_of, statement_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.project import Reference
    from trueup.plan.moves import Mover

# Import roots that need no rewriting once the project is installed: leaving them breaks nothing, and putting
# src on pytest's path would hide that the installed package lacks a file.
HARMLESS = ("pytest:root",)
PLATFORMS = ("serverless", "sam")  # they look for a handler's file from the root, whatever its module is called
# Of a compose file, of a Tiltfile, of a development container.
MOUNTED = re.compile(rb"/?(?::|[\"'],\s*[\"']|,\s*(?:target|dst|destination)=)(/[^:\s\"',\]]*)")
BARE_KEY = re.compile(rb"[ \t]*=(?!=)")  # what stands behind a key of TOML that has no quotes
PACKAGES = ("hatch", "discovery")
NEXT = re.compile(rb"(\*?)[\"']\s*,\s*[\"']")
END = re.compile(rb"(\*?)[\"']")
KEY_ALONE = re.compile(rb"([ \t]*)[\w\"']+[ \t]*=[ \t]*[\"']")  # in a table with a heading of its own
FROM = re.compile(rb"\bfrom[\"']?[ \t]*=[ \t]*[\"'](?P<folder>[^\"'\n]*)")
MADE = re.compile(rb"\b(mkdir)[ \t]+(?:(?!-p|--parents|&&|;|\|)\S+[ \t]+)*[^\s;&|]*$")
LEAD = re.compile(rb"(?:\.{1,2}/)*\Z")
LINES = 8
HERE = re.compile(rb"(?<!\.)\.[/\\]\Z")
LISTED = re.compile(rb"\s*[,\])]")
CONTAINED = ("dockerfile", "compose", "kubernetes")  # whose commands see what an image has, not what lies around it


def rewrite_references(mover: Mover) -> dict[str, bytes]:
    """The new content of every file that holds a reference or a command that changes, by its old path."""
    changed: dict[str, bytes] = {}
    told = {path: list(found) for path, found in groupby(mover.project.references, key=lambda item: item.path)}
    for path in dict.fromkeys((*told, *(command.path for command in mover.project.commands))):
        data = mover.tree.read(path)
        edits: list[Edit] = list(label_tests(mover, path, data))
        last: Edit | None = None
        spoken = [reference for reference in told.get(path, ()) if reference.kind.partition(":")[0] == SENTENCE]
        _tell_sentences(mover, [reference for reference in spoken if _certain(mover, reference, data)])
        for reference in told.get(path, ()):
            if reference in spoken:
                continue
            found = _edits(mover, reference, data)
            edits += [edit for edit in _parents(reference, data) if found and edit not in edits]
            edits += _once(last, found[0], data) if last and found else found
            last = found[0] if found and reference.kind in PACKAGES else None
        if edits:
            changed[path] = splice(data, edits)
    return changed


def _tell_sentences(mover: Mover, named: list[Reference]) -> None:
    """Tell once of a document what its sentences go on naming."""
    if named:
        first, lines = named[0], sorted({reference.line for reference in named})
        more = f" (on {', '.join(map(str, lines[:LINES]))}{' and more' if len(lines) > LINES else ''})"
        text = f"a sentence names {first.text}, which moves: say it anew by hand{more if len(lines) > 1 else ''}"
        mover.ask(text, first.path, first.line)


def _parents(reference: Reference, data: bytes) -> Iterator[Edit]:
    """``mkdir`` makes ``src``, too, which may not be there yet; that of Windows does so unasked."""
    made = MADE.search(data, data.rfind(b"\n", 0, reference.start) + 1, reference.start)
    if made and not reference.path.endswith((".bat", ".cmd", ".ps1")):
        yield Edit(made.end(1), made.end(1), b" -p")


def _once(last: Edit, edit: Edit, data: bytes) -> list[Edit]:
    """A package of a list; not again where the one before it in the list has become the same."""
    one, other = NEXT.fullmatch(data, last.end, edit.start), END.match(data, edit.end)
    if edit.text != last.text or one is None or other is None or len(other[1]) > len(one[1]):
        return [edit]
    return [Edit(one.end(1) + 1, other.end(), b"")]


def _edits(mover: Mover, reference: Reference, data: bytes) -> list[Edit]:
    """The edits for one reference; none where nothing changes, or where it is in doubt, which is asked."""
    if ":layer" in reference.kind:
        return []  # COPY, WORKDIR and ENV hang together: see relocate_docker
    edits = _certain(mover, reference, data)
    if reference.kind == "mention" and reference.line in judged(reference.path, data):
        return []
    if reference.doubt and (edits or (reference.kind in PLATFORMS and reference.style == "module")):
        mover.ask(f"{reference.doubt}: {reference.text}", reference.path, reference.line)
        return []
    return edits


def _certain(mover: Mover, reference: Reference, data: bytes) -> list[Edit]:
    if reference.style == "command":
        return _script(mover, reference, data)
    if reference.kind.endswith(":poetry"):
        return _poetry(mover, reference, data)
    if reference.kind.endswith(":image"):
        place = _in_image(mover, reference.text, reference.target)
        return [] if place == reference.text else [_replace(reference, place)]
    if reference.kind.endswith(":volume"):
        return _volume(mover, reference, data)
    new = _renamed(mover, reference)
    if reference.kind in CONTAINED and ".." in (new or "").split("/") and ".." not in reference.text.split("/"):
        text = (
            f"{reference.target} moves to {mover.new(reference.target)}: whether it is in the image, and where, is open"
        )
        mover.ask(text, reference.path, reference.line)
        return []
    if new is not None and "." in new and reference.path.endswith(".toml") and BARE_KEY.match(data, reference.end):
        around = data[reference.start - 1 : reference.start] + data[reference.end : reference.end + 1]
        new = new if b'"' in around or b"'" in around else f'"{new}"'  # its dots would be those of tables
    if new is None or new == reference.text:
        return []
    return _said_already(reference, new, data) or [_replace(reference, new)]


def _said_already(reference: Reference, new: str, data: bytes) -> list[Edit]:
    """An import root goes where its neighbour on the line names the same."""
    if not reference.kind.endswith(":root"):
        return []
    name = re.escape(new.encode())
    behind = re.compile(rb"[ \t]*[ \t:;,][ \t]*(?=%s(?![\w./\\-]))" % name).match(data, reference.end)
    if behind:
        return [Edit(reference.start, behind.end(), b"")]
    line = data[data.rfind(b"\n", 0, reference.start) + 1 : reference.start]
    before = re.search(rb"(?<![\w./\\-])%s([ \t]*[ \t:;,][ \t]*)\Z" % name, line)
    return [Edit(reference.start - len(before[1]), reference.end, b"")] if before else []


def _replace(reference: Reference, text: str) -> Edit:
    return Edit(reference.start, reference.end, text.encode())


def _renamed(mover: Mover, reference: Reference) -> str | None:
    """The text that names the same thing afterwards."""
    kind, text, target = reference.kind, reference.text, reference.target
    if kind.endswith(":root"):
        return _root(mover, reference)
    if kind.endswith(":up"):
        there = normpath(f"{target}/{text}".replace("\\", "/"))
        up = _from(mover, target, there)
        return up.replace("/", "\\") if "\\" in text or reference.path.endswith((".bat", ".cmd")) else up
    if kind == "discovery" and reference.style == "module" and mover.modules:
        return mover.operation.package  # discovery begins with the package around all others
    if kind.endswith(":bound"):
        name = text.split()[-1]
        new = rename_module(name, mover.modules)
        return new and (clause_of(new, name) if name == text else statement_of(new, name))
    if reference.style == "module":
        new = rename_module(text, mover.modules)
        return new.partition(".")[0] if new and kind == "import-root" else new  # import-linter wants the outermost
    if kind.endswith(":package") and target == "src":
        return f"{text}/{mover.operation.package}"
    if kind == "hatch" and reference.style == "path" and mover.new(target).startswith("src/"):
        return text[: len(text) - len(target)] + "/".join(mover.new(target).split("/")[:2])
    if reference.style == "stem":
        new = rename_path(f"{text}.py", mover.moves, _base(f"{text}.py", target))
        return new and new.removesuffix(".py")
    base = _base(text, target)
    folder = dirname(reference.path)
    if folder and base == folder and reference.path in dict(mover.moves):  # a file of settings that goes along
        return relpath(mover.new(target), dirname(mover.new(reference.path)) or ".")
    if reference.style == "glob":
        return _glob(mover, reference, base)
    return rename_path(text, mover.moves, base)


def _from(mover: Mover, folder: str, target: str) -> str:
    """What a path is called in a folder afterwards; what lies below it begins with a dot."""
    path = relpath(mover.new(target), mover.new(folder))
    return path if path.startswith(".") else f"./{path}"


def _base(text: str, target: str) -> str:
    """The directory that a path is relative to: what the target has before the text."""
    plain = normpath(text.replace("\\", "/"))
    return target[: -len(plain)].rstrip("/") if target.endswith(plain) else ""


def _root(mover: Mover, reference: Reference) -> str | None:
    """An import root, beside the old one where that is still needed."""
    if reference.kind in HARMLESS and reference.target in ("", "src"):
        return None
    if reference.kind == "alembic:root" and not reference.target and _migrations_need_root(mover):
        return None
    folder = dirname(reference.path)
    along = folder and mover.is_moved(reference.path) and reference.target in mover.project.layout.roots
    if along and normpath(f"{folder}/{reference.text}") == (reference.target or "."):
        return relpath("src", dirname(mover.new(reference.path)))
    return mover.root(reference.text, reference.target)


def _migrations_need_root(mover: Mover) -> bool:
    """Whether a migration script imports something that stays at the root."""
    scripts = [path for path in mover.project.sources if path.endswith("/env.py")]
    folders = [path.removesuffix("env.py") for path in scripts]
    return any(mover.imports_staying(path) for path in mover.project.sources if path.startswith(tuple(folders)))


def _glob(mover: Mover, reference: Reference, base: str) -> str | None:
    """A pattern; where it would lose what it matched, that is asked."""
    new = rename_glob(reference.text, mover.moves, mover.files, base)
    wanted = [path for path in mover.files if mover.is_moved(path) and glob_matches(reference.target, path)]
    around = moved(base, mover.moves) if base else ""
    after = around + reference.target[len(base) :] if new is None else normpath(f"{around}/{new}".lstrip("/"))
    lost = [
        path
        for path in wanted
        if not glob_matches(after, mover.new(path))
        and not (reference.kind in CROSSING and _crosses(after, mover.new(path)))
        and not is_manifest(path)
    ]
    if lost:
        text = f"the pattern {reference.text} no longer matches {mover.new(lost[0])}"
        mover.ask(text, reference.path, reference.line)
    return new


def _crosses(pattern: str, path: str) -> bool:
    """Whether the pattern matches when its ``*`` may match ``/`` too, as in many tools."""
    return glob_matches(pattern.replace("**", "*").replace("*", "**"), path)


def _script(mover: Mover, reference: Reference, data: bytes) -> list[Edit]:
    """``python app/main.py`` as ``python -m app.main``: run by its path, a module is loaded a second time by name."""
    module = mover.script(reference.target)
    start, end = reference.start, reference.end
    while HERE.search(data, max(start - 3, 0), start):
        start -= 2
    if module is None or data[start - 1 : start] in (b"/", b"\\"):  # the end of a longer path
        new = rename_path(reference.text, mover.moves, _base(reference.text, reference.target))
        return [] if new is None else [_replace(reference, new)]
    return [Edit(start, end, _joiner(data, start, end).join(("-m", module)).encode())]


def _joiner(data: bytes, start: int, end: int) -> str:
    """What stands between two words there: a blank, or what separates the strings of a list."""
    quote = data[end : end + 1].decode("latin-1") if data[end : end + 1] in (b'"', b"'") else ""
    quote = quote if quote and data[start - 1 : start] == quote.encode() else ""
    line_start = data.rfind(b"\n", 0, start) + 1
    item = re.fullmatch(rb"(\s*-\s+)[\"']?", data[line_start:start])
    if item:
        return f"{quote}\n{item[1].decode('latin-1')}{quote}"
    listed = LISTED.match(data, end + len(quote))
    called = data[max(0, line_start - LINES) : start - len(quote)].rstrip().endswith(b",")  # no brackets of a shell
    if listed and (called or listed[0][-1:] != b")"):
        return f"{quote}, {quote}"
    return f"{quote} {quote}"


def _poetry(mover: Mover, reference: Reference, data: bytes) -> list[Edit]:
    """``{ include = "app" }`` as ``{ include = "app", from = "src" }``; in a table with a heading on a line below."""
    new = mover.new(reference.target)
    if new == reference.target or not new.startswith("src/"):
        return []
    quote = data[reference.end : reference.end + 1].decode("latin-1")
    package = new.split("/")[1]
    begin = data.rfind(b"\n", 0, reference.start) + 1
    alone = KEY_ALONE.fullmatch(data, begin, reference.start)
    opened, closed = (b"\n[", b"\n[") if alone else (b"{", b"}")
    end = data.find(closed, reference.end)
    given = FROM.search(data, data.rfind(opened, 0, reference.start) + 1, end if end >= 0 else len(data))
    if given:
        return [Edit(reference.start, reference.end, package.encode()), Edit(*given.span("folder"), b"src")]
    newline = "\r\n" if b"\r\n" in data else "\n"
    between = f"{newline}{alone[1].decode()}" if alone else ", "
    return [Edit(reference.start, reference.end, f"{package}{quote}{between}from = {quote}src".encode())]


def _in_image(mover: Mover, place: str, target: str) -> str:
    """Where something of an image lies afterwards: as its files are copied then, else as the project mirrors it."""
    for (old, _), new in mover.placements.items():
        if place == old or place.startswith(f"{old}/"):
            return new + place[len(old) :]
    tail = "/" if place.endswith("/") else ""
    plain = place.rstrip("/")
    return plain.removesuffix(target) + mover.new(target) + tail if plain.endswith(f"/{target}") else place


def _volume(mover: Mover, reference: Reference, data: bytes) -> list[Edit]:
    """``./app:/code/app`` as ``./src/app:/code/src/app``: both sides, where the image mirrors the project."""
    target = reference.target
    new = rename_path(reference.text, mover.moves, _base(reference.text, target))
    plain = reference.text.rstrip("/")
    if new is None and mover.new(target) != target and plain.endswith(target):  # a folder of which all moves
        new = plain[: len(plain) - len(target)] + mover.new(target) + reference.text[len(plain) :]
    if new is None:
        return []
    edits = [_replace(reference, new)]
    folder = dirname(reference.path)
    if folder and mover.new(folder) != folder:  # the file goes along, and what it climbs is another way
        lead = len(LEAD.search(data, 0, reference.start)[0])  # type: ignore[index]
        edits = [Edit(reference.start - lead, reference.end, _from(mover, folder, target).encode())]
    match = MOUNTED.match(data, reference.end)
    place = normpath(match[1].decode("latin-1")) if match else ""
    after = mover.placements.get((place, target)) or ""
    if match and not after and place.endswith("/" + target) and place != "/" + target:
        after = place[: -len(target)] + mover.new(target)
    if match and after:
        edits.append(Edit(match.start(1), match.end(1), after.encode()))
    else:
        text = f"{target} moves to {mover.new(target)}, and is mounted where nothing mirrors it: check {place}"
        mover.ask(text, reference.path, reference.line)
    return edits
