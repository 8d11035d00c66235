"""What still names moved code once everything that is known has been rewritten: it is told, never edited.

The table of ``read.reference_kinds`` and the calls of ``relocate_strings`` know the places that surely mean code. A
variable that holds a command line, an anchor of YAML, a setting of a tool that nobody entered are read here for what
cannot well be anything else: the path of a file or folder that moved, and ``module:attribute``.
"""

from __future__ import annotations

import re
from posixpath import join

from trueup.errors import ProjectError
from trueup.plan.docker_path import PYTHON as PROGRAMS
from trueup.plan.relocate_docker import Dockerfile, dockerfiles
from trueup.plan.relocate_expressions import judged
from trueup.text.documents import DOCUMENTS, is_record
from trueup.text.python_names import UnparsableError
from trueup.text.python_strings import literals
from trueup.text.reports import is_report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trueup.model.source import SourceFile
    from trueup.plan.moves import Mover

LARGEST = 200_000  # bytes of a file that is read
SHOWN = 3  # names told of one file
LINES = 5  # and further lines of each
FURTHER = 8  # documents told of
PYTHON = (".py", ".pyi", ".pyw", ".wsgi", ".fcgi")
SHEBANG = re.compile(rb"#!.*python")
STARTS = re.compile(
    rf"(?:[\w./-]*/)?(?:{PROGRAMS.pattern}|py\w+|arq|rq|dramatiq|mypy|ruff|streamlit|docker|make|sh|bash)"
)
# What stands in every Python file that holds such a text: its beginning behind a quote.
BEGINS = re.compile(rf"""["'](?:\\[nrt]|\s|\\\n)*{STARTS.pattern}(?:\\[nrt]|\s)""".encode())
SUFFIXES = frozenset(
    (
        *("db", "sqlite", "sqlite3", "log", "json", "toml", "yaml", "yml", "ini", "cfg", "conf", "txt", "md", "sh"),
        *("pid", "sock", "env", "html", "js", "css", "com", "org", "io"),
    )
)
IMPORTED = re.compile(rb"(?:[\"\n]|\\n)[ \t]*(?:from|import)[ \t]+([A-Za-z_][\w.]*)")
SETTINGS = (".yaml", ".yml", ".ini", ".cfg", ".conf", ".json", ".toml", ".properties", ".ipynb")
VARIABLES = re.compile(r"(?:^|/)[\w.-]*\.env(?:\.[\w.-]+)?$")  # ignored by git, and in force all the same
# ``[sys.executable, "main.py"]``: a program, and the script that it runs.
LAUNCHED = re.compile(rb"""(?:["']python[\d.]*["']|\bsys\.executable)[ \t]*,[ \t\n]*["'](?:\./)?([\w./-]+\.py)["']""")
ABSOLUTE = re.compile(rb"(?<![\w.@:/}$)-])/(?:[\w.@-]+/){2,}[\w-]+\.py(?![\w.])")
ASIDE = re.compile(rb"(?m)^[ \t]*#[ \t#]*((?:command|entrypoint|test):[ \t]*\S[^\n]*|-[ \t]+[\"']?\./[\w./-]+:/[^\n]*)")
OTHER = re.compile(  # a user and a group, or an image: `chown app:app`, `--chown=app:app`, `USER app:app`, `-t app:v1`
    r"(?<![\w-])(?:chown(?:[ \t]+-[\w-]+)*[ \t]+|--chown[= ]|(?i:user)(?::[ \t]*|[ \t]+|=)|-u[ \t]|(?:-t|--tag)[ \t=])"
    r"[\"']?[\w.-]+:[\w.-]+"
)
COMMENT = re.compile(r"(?:^|(?<=\s))(?:#|//|[Rr][Ee][Mm]\s|<!--|/\*).*|^\s*(?:;|::|\*\s).*")


def tell_leftovers(mover: Mover, contents: Mapping[str, bytes]) -> None:
    """Ask about each file of settings, commands or Python whose text, as ``contents`` leaves it, names what moved."""
    names = _Names(mover)
    known = {(question.path, question.line) for question in mover.questions}
    images = (path for path in dockerfiles(mover) if mover.project.stranger_home(path))
    built = {path: join(Dockerfile(mover, path, mover.tree.read(path)).context.folder, "x") for path in images}
    settings = [path for path in mover.project.speaking if not path.endswith((*DOCUMENTS, ".txt", ".lock"))]
    settings += [path for path in mover.tree.files() if path.endswith(SETTINGS)]
    settings += filter(VARIABLES.search, mover.files)
    for path in dict.fromkeys((*settings, *(path for path in mover.tree.files() if path.endswith(PYTHON)))):
        data = contents.get(path) or _read(mover, path)
        if path.endswith(".ipynb") and (imported := names.imported(data)):
            mover.ask(f"it imports {imported}, which has another name afterwards: change it by hand", path)
        if path.endswith(".ipynb") or not (names.pattern.search(data) or ABSOLUTE.search(data)):
            continue
        if is_report(path, data.decode("latin-1")):
            continue
        told: dict[str, list[int]] = {}
        aside = judged(path, data)
        for line, text in _texts(path, data):
            for name in names.old_in(text):
                nearer = mover.project.names_nearer(built.get(path, path), name.partition(":")[0])
                if not (nearer or (path, line) in known or line in aside or _is_bound(name, data)):
                    told.setdefault(name, []).append(line)
        for name, (line, *others) in list(told.items())[:SHOWN]:
            more = sorted(set(others) - {line})
            rest = f" and {len(more) - LINES} more" if len(more) > LINES else ""
            also = f" (also on {', '.join(map(str, more[:LINES]))}{rest})" if more else ""
            mover.ask(f"it still names {name}, which moves: change it by hand where it means that{also}", path, line)
        for line, name in _set_aside(names, path, data):
            mover.ask(f"what is commented out names {name}, which moves: change it before it is put in", path, line)


def _is_bound(name: str, data: bytes) -> bool:
    """Whether a dotted name begins with what the text itself imports by that name: that goes on meaning the same."""
    top, dot, _ = name.partition(".")
    bound = dot and not re.search(r"[:/]|\.py$", name)
    return bool(bound and re.search(rf"\b(?:import|as)[ \t]+{re.escape(top)}\b(?!\.)".encode(), data))


def _set_aside(names: _Names, path: str, data: bytes) -> Iterator[tuple[int, str]]:
    """The first command or mount of a compose file that is commented out and names what moved."""
    for found in ASIDE.finditer(data) if "compose" in path.rpartition("/")[2] else ():
        if name := next(names.old_in(found[1]), ""):
            yield data.count(b"\n", 0, found.start()) + 1, name
            return


def tell_documents(mover: Mover, contents: Mapping[str, bytes]) -> None:
    """Ask, once for all documents, about those whose text, as ``contents`` leaves it, goes on naming what moved."""
    names, asked = _Names(mover), {question.path for question in mover.questions}
    inside = f"{mover.project.repository}/".encode()
    found: dict[str, list[int]] = {}
    first = ""
    for path in (*mover.tree.files(), *mover.tree.outer()):
        if not path.endswith(DOCUMENTS) or is_record(path) or path in asked:
            continue
        data = contents.get(path) or _read(mover, path)
        text = data.replace(inside, b"") if path.startswith("../") and len(inside) > 1 else data
        for number, line in enumerate(text.splitlines(), 1) if names.pattern.search(text) else ():
            said = (match[0].rstrip(b".").decode("utf-8", "replace") for match in names.pattern.finditer(line))
            old = (name for name in said if not mover.project.names_nearer(path, name.partition(":")[0]))
            if name := next(filter(names.is_old, old), ""):
                first = first or name
                found.setdefault(path, []).append(number)
    listed = [f"{path} on {', '.join(map(str, lines[:LINES]))}" for path, lines in found.items()]
    if listed:
        more = f"; and {len(listed) - FURTHER} more documents" if len(listed) > FURTHER else ""
        path = next(iter(found))
        others = f" (also {'; '.join(listed[1:FURTHER])}{more})" if len(listed) > 1 else ""
        mover.ask(f"it goes on naming {first}, which moves: say it anew by hand{others}", path, found[path][0])


def _read(mover: Mover, path: str) -> bytes:
    """The bytes of a file; none of one that is large or cannot be read."""
    try:
        return mover.tree.read(path) if mover.tree.entries[path].size <= LARGEST else b""
    except ProjectError:
        return b""


def _texts(path: str, data: bytes) -> Iterator[tuple[int, bytes]]:
    """Pieces of a file that may mean something, with their lines: commands in Python, else lines without comments."""
    if not path.endswith(PYTHON) and not SHEBANG.match(data):
        for number, line in enumerate(data.decode("latin-1").splitlines(), 1):
            yield number, OTHER.sub("", COMMENT.sub("", line)).encode("latin-1")
        return
    launched = list(LAUNCHED.finditer(data))
    try:
        found = literals(data) if launched or BEGINS.search(data) else []
    except UnparsableError:
        return
    for match in launched:
        yield data.count(b"\n", 0, match.start()) + 1, match[1]
    for item in found:
        first, *rest = item.text.split(maxsplit=1) or [""]
        if rest and STARTS.fullmatch(first):  # words that begin otherwise are said to people
            yield item.line, item.text.encode()


class _Names:
    """What moved, by the names that it had."""

    def __init__(self, mover: Mover) -> None:
        self.mover = mover
        words = {old.split("/")[0] for old, new in mover.moves if old != new}
        heads = {word.removesuffix(".py") for word in words} | {name.split(".")[0] for name, _ in mover.modules}
        app = mover.project.app
        moved = app is not None and mover.is_moved(app.path)
        self.beside = f"{app.path.rpartition('/')[2].removesuffix('.py')}:{app.attribute}" if app and moved else ""
        heads |= {self.beside.partition(":")[0]} - {""}
        head = "|".join(re.escape(word) for word in sorted(heads, key=lambda word: (-len(word), word)))
        self.pattern = re.compile(
            rf"(?<![\w./$@}}:-])(?:\./)?(?:{head})(?:\.py|[\w.]*:[A-Za-z_]\w*|(?:/[\w.*-]+)+|(?:\.\w+)+)(?![\w-])".encode()
        )
        self.modules = dict(mover.modules)

    def old_in(self, text: bytes) -> Iterator[str]:
        """The names in a text that surely are old ones; of a path from the machine's root its end."""
        found = (match[0].decode("utf-8", "replace") for match in self.pattern.finditer(text))
        yield from filter(self.is_old, found)
        for match in ABSOLUTE.finditer(text):
            parts = match[0].decode().split("/")[1:]
            ends = ("/".join(parts[at:]) for at in range(1, len(parts) - 1))
            old = next((end for end in ends if self.mover.tree.has(end)), "")
            if self.mover.is_moved(old) and not match[0].decode().endswith(f"/{self.mover.new(old)}"):
                yield match[0].decode()

    def is_old(self, name: str) -> bool:
        """Whether this surely was a path that moved, or an attribute of a module that has another name now; or the
        application by the name that it has in its own folder."""
        name = name.removeprefix("./")
        if name == self.beside:
            return True
        if ":" not in name and "/" not in name and not name.endswith(".py"):
            return self.is_old_module(name)
        if ":" not in name:
            name = name.partition("*")[0].rstrip("/")
            return self.mover.is_moved(name) and (self.mover.tree.has(name) or self.mover.tree.has_dir(name))
        module, _, attribute = name.partition(":")
        top = module.split(".")[0]
        if self.modules.get(top, top) == top:
            return False
        return any(attribute in source.defines for source in self.sources_of(module))

    def imported(self, data: bytes) -> str:
        """What a notebook imports first of what has another name now."""
        found = (name.decode("utf-8", "replace") for name in IMPORTED.findall(data))
        return next(
            (name for name in found if (top := name.split(".")[0]) in self.modules and self.sources_of(top)), ""
        )

    def is_old_module(self, name: str) -> bool:
        """Whether a dotted name is that of a module, or of something in one, which has another name now."""
        top = name.split(".")[0]
        module, _, attribute = name.rpartition(".")
        if attribute in SUFFIXES:
            return False
        if self.modules.get(top, top) == top or "." not in name:
            return False
        return bool(self.sources_of(name)) or any(attribute in source.defines for source in self.sources_of(module))

    def sources_of(self, module: str) -> list[SourceFile]:
        """The files that a module is."""
        stem = module.replace(".", "/")
        paths = [f"{root}/{stem}".lstrip("/") for root in self.mover.project.layout.roots or ("",)]
        return [
            self.mover.project.sources[file]
            for path in paths
            for file in (f"{path}.py", f"{path}/__init__.py")
            if file in self.mover.project.sources
        ]
