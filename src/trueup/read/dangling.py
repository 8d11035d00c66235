"""What files that build, start or test the project name, and is not there: a module, a script, a folder.

Tests cover little of what runs in production: an image whose ``COPY`` finds nothing does not build, a server that is
told a module which moved does not start. Only what surely names something of the project counts.
"""

from __future__ import annotations

import re
import sys
from functools import cached_property
from posixpath import normpath

from trueup.model.names import normal
from trueup.model.pattern import lazy
from trueup.model.project import Dangling, Named, Program
from trueup.read.commands import readable, source_text
from trueup.read.ignore import Ignores
from trueup.read.meanings import pieces
from trueup.read.own import HERE
from trueup.read.reference_kinds import Row, glob_route
from trueup.read.references import read_files
from trueup.text.docker import copied
from trueup.text.naming import WILD
from trueup.text.scalars import scalars

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.model.project import Project
    from trueup.model.source import SourceFile
    from trueup.read.meanings import Candidate
    from trueup.read.own import Own
    from trueup.read.referring import File

RUNS = (
    *("dockerfile", "compose", "procfile", "platform", "kubernetes", "systemd", "supervisor", "devcontainer"),
    *("ci", "shell", "make", "just", "tasks", "tox", "nox"),
)
LASTING = ("dockerfile", "compose", "procfile", "platform", "kubernetes", "systemd", "supervisor")
BRIEF = lazy(r"(?mi)^[ \t]*(?:RUN|HEALTHCHECK)\b(?:[^\n]*\\\n)*[^\n]*\Z|^release:[^\n]*\Z")  # up to the command's word
COMPOSED = (
    *("services.*.build.dockerfile", "services.*.env_file", "services.*.env_file.path", "services.*.volumes"),
    *("services.*.extends.file", "configs.*.file", "secrets.*.file", "include"),
)
FOLDERS = (
    Row("compose", ("*compose*.y*ml",), ("services.*.build", "services.*.build.context"), "path"),
    Row("compose", ("*compose*.y*ml",), COMPOSED, "file"),
    Row(
        "github",
        (".github/workflows/*.y*ml",),
        ("jobs.*.steps.working-directory", "defaults.run.working-directory", "jobs.*.defaults.run.working-directory"),
        "path",
    ),
)
MADE = lazy(r">|\b(?:mkdir|touch|cp|mv|tee|curl|wget|unzip|tar|clone|export|compile|build|generate|install)\b|-o\b")
PLAIN = lazy(r"(?:\.{1,2}/)*\.?[\w@+-][\w./@+ -]*")
MOUNT = lazy(r"(\.{1,2}/[^:$]*\.\w+)(?::.*)?")  # a file: a folder that is mounted may be made there
OPTIONAL = lazy(r"[\"']?\s*,?\s*required[\"']?[ \t]*:[ \t]*false\b")  # what stands behind the path of an env_file
SERVERS = ("uvicorn", "gunicorn", "hypercorn", "granian", "daphne", "waitress-serve", "fastapi")
WORKERS = ("celery", "arq", "dramatiq", "taskiq", "faststream", "huey_consumer", "huey_consumer.py", "procrastinate")
EXPECTS = ("StaticFiles", "Jinja2Templates", "open")
# What reads a path that is all there is: neither joined with another, nor behind the folder of a file, nor made.
LITERAL = lazy(
    r"(?<![\w/(])(?<!/ )(?:\w+\.)*(?:Path|FileResponse|FileSystemLoader|isfile|isdir|listdir|scandir|load_dotenv"
    r"|fileConfig|read_(?:csv|json|excel|parquet)|imread)\(\s*(['\"])(?P<path>[\w./@+ -]+)\1\s*[,)]"
    r"(?!\s*/|\.(?:mkdir|touch|unlink|write_\w+)\b)"
)
MODULE = lazy(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?::[A-Za-z_]\w*(?:\(\))?)?")


def read_dangling(project: Project) -> Named:
    """Look at every module, script, build context and copied file that the project's files name, in their order."""
    own, files = read_files(project)
    look = _Look(project, own)
    for file, rows, shells in files:
        for row in FOLDERS:
            if any(row.kind == other.kind for other in rows):
                look.folders(file, row)
        if any("docker" in row.where for row in rows):
            look.copies(file)
        for candidate in file.candidates([], shells):
            if candidate.kind in RUNS:
                look.argument(file, candidate)
    look.code()
    found = dict.fromkeys(look.found)
    dangling = tuple(sorted(found, key=lambda item: (item.path, item.line)))
    return Named(look.count, dangling, tuple(dict.fromkeys(look.programs)))


class _Look:
    """The project, while its files are looked at."""

    def __init__(self, project: Project, own: Own) -> None:
        self.project, self.own = project, own
        self.count = 0
        self.found: list[Dangling] = []
        self.programs: list[Program] = []
        self.folders_of_servers = {""}
        self.provided = {normal(item.name) for item in project.requirements}

    def note(self, file: File, offset: int, text: str, why: str, *, sure: bool = True) -> None:
        """Count a place; where something is wrong with it, keep it."""
        self.count += 1
        if why:
            self.found.append(Dangling(file.path, file.line(offset), text, why, sure))

    def argument(self, file: File, candidate: Candidate) -> None:
        """A word of a command that is a module or a script."""
        text = file.text[candidate.start : candidate.end]
        if candidate.style in ("module", "program", "appref") and candidate.program != "=":
            for offset, piece in pieces("module", text):
                if MODULE.fullmatch(piece) and not piece.endswith(".py"):
                    self.folders_of_servers.add(candidate.base)
                    self.module(file, candidate.start + offset, piece, candidate)
        elif candidate.style == "script" and not candidate.doubt and text.endswith(".py"):
            self.path(file, candidate.start, text, candidate.base, sure=False)
            path = self.own.resolve(text, candidate.base)
            if path and path in self.project.sources:
                self.script(file, candidate, path.rpartition("/")[2].removesuffix(".py"), path.rpartition("/")[0], path)

    def script(self, file: File, candidate: Candidate, name: str, folder: str, source: str) -> None:
        """A module that Python is told to run, and that goes on; not what the build of an image or a release runs.

        Only one that does its work behind a main guard: to import another is to run it.
        """
        guarded = self.project.sources[source].main_guard if source in self.project.sources else 0
        lasting = guarded and candidate.kind in LASTING and not BRIEF.search(file.text[: candidate.start])
        if lasting and MODULE.fullmatch(name) and not self.project.is_test(source):
            self.programs.append(Program(name, "" if folder.startswith("..") else folder, source, script=True))

    def code(self) -> None:
        """What the program's code expects in its working directory: the root, or where a server is started.

        A file that is read may be one that the program makes: it counts where the project has it, here or elsewhere.
        """
        for path, source in self.project.sources.items():
            if self.project.is_test(path):
                continue
            text = source_text(self.project.tree, path)
            for call in source.calls if "open(" in text else source.calls_of("StaticFiles", "Jinja2Templates"):
                if call.name in EXPECTS and call.literal:
                    self.expected(path, call.line, call.argument, made=call.name == "open")
            for found in LITERAL.finditer(text):
                line = text.count("\n", 0, found.start()) + 1
                if not text[text.rfind("\n", 0, found.start()) + 1 : found.start()].lstrip().startswith("#"):
                    self.expected(path, line, readable(found["path"]), made=True)

    def expected(self, path: str, line: int, text: str, *, made: bool) -> None:
        """A path that code expects where it is started; ``made``: it may be one that the program makes."""
        core = normpath(text)
        if not PLAIN.fullmatch(core) or WILD.search(core):
            return
        folders = {path.rpartition("/")[0]} if self.project.kind == "scripts" else self.folders_of_servers
        places = [self.own.resolve(core, base) for base in {*folders, ""}]
        there = any(place is None or self.own.exists(place) or self.ignored(place) for place in places)
        if made and not there and not self.somewhere(core):
            return
        self.count += 1
        if not there:
            why = f"there is no {core} where the application is started"
            self.found.append(Dangling(path, line, text, why, sure=False))

    def module(self, file: File, offset: int, piece: str, candidate: Candidate) -> None:
        """A dotted name, with or without ``:attribute``."""
        name, _, attribute = piece.removesuffix("()").partition(":")
        top = name.split(".")[0]
        if top not in self.own.tops:
            plugin = "pytest" in candidate.program  # -p no:cacheprovider
            told = candidate.style == "module" and attribute and not plugin
            if told and not self.foreign(top) and not self.anywhere(name):
                self.note(file, offset, piece, f"there is no module {name}")
            elif told and candidate.program in SERVERS and top not in sys.stdlib_module_names:
                stem = normpath(f"{candidate.base or '.'}/{name.replace('.', '/')}")
                there = any(self.own.exists(path) for path in (f"{stem}.py", f"{stem}/__init__.py"))
                why = "" if there or self.foreign(top) else f"there is no module {name} where it is started"
                self.note(file, offset, piece, why, sure=False)
            return
        meaning = self.own.module(name)
        known = meaning.target if meaning else ""
        source = self.own.attributes.get(known)
        if source is not None and candidate.program in (*SERVERS, *WORKERS):
            rest = f"{name[len(known) + 1 :]}.{attribute}".strip(".")
            base = "" if candidate.base.startswith("..") else candidate.base
            if not defined(source, known, rest.partition(".")[0]):
                self.programs.append(Program(f"{known}:{rest}" if rest else known, base, source.path))
        if known == name and candidate.program == "python" and source is not None:
            path = source.path.removesuffix("__init__.py") + "__main__.py"
            inner = source.path.endswith("__init__.py") and path in self.project.sources
            self.script(
                file, candidate, f"{name}.__main__" if inner else name, candidate.base, path if inner else source.path
            )
        if known == name:
            self.note(file, offset, piece, defined(source, name, attribute))
        elif not self.anywhere(name) and "." not in name[len(known) + 1 :]:
            self.note(file, offset, piece, defined(source, known, name[len(known) + 1 :], "module or attribute "))

    def foreign(self, top: str) -> bool:
        """Whether a name may be that of an installed distribution, or is the standard library's."""
        return top in sys.stdlib_module_names or any(normal(top) in name for name in self.provided)

    def anywhere(self, module: str) -> bool:
        """Whether some folder of the project holds a module of this name: it may be the one that is started in."""
        stem = module.replace(".", "/")
        return any(
            path in (f"{stem}.py", stem) or path.endswith((f"/{stem}.py", f"/{stem}/__init__.py", f"/{stem}"))
            for path in (*self.own.files, *self.own.folders)
        )

    def copies(self, file: File) -> None:
        """What ``COPY`` and ``ADD`` take from the build context."""
        for instruction in copied(file.text):
            for word in instruction.words[:-1]:
                self.path(file, word.start, word.text.lstrip("/"), file.context.folder)

    def folders(self, file: File, row: Row) -> None:
        """Build contexts and working directories; files that compose reads or mounts."""
        for scalar in scalars("yaml", file.text):
            if scalar.is_key or not any(glob_route(where).fullmatch(".".join(scalar.names)) for where in row.where):
                continue
            if OPTIONAL.match(file.text, scalar.end):
                continue
            if row.style == "path":
                self.path(file, scalar.start, scalar.text, file.base_of(row))
            elif scalar.names[-1] != "volumes":
                self.path(file, scalar.start, scalar.text, file.base_of(row), sure=False)
            elif mount := MOUNT.fullmatch(scalar.text):
                self.path(file, scalar.start, mount[1], file.base_of(row), sure=False)

    def path(self, file: File, offset: int, text: str, base: str, *, sure: bool = True) -> None:
        """A path that must be there. What lies outside the project, is ignored by git or made by a command may not."""
        here = HERE.match(text)
        plain = text[here.end() :].lstrip("/") if here else text
        core = normpath(plain)
        if not PLAIN.fullmatch(plain) or WILD.search(plain) or core == ".":
            return
        target = self.own.resolve(core, base)
        around = file.path.startswith("../")  # of what lies around the project, only what speaks of it is known
        if target is None or (around and not {*self.own.repository[-1:]} & {*core.split("/")}):
            return
        there = (
            not target
            or self.own.exists(target)
            or self.somewhere(core)
            or self.ignored(target)
            or self.made(file, core, offset)
        )
        self.note(file, offset, text, "" if there else f"there is no {target}", sure=sure)

    def somewhere(self, core: str) -> bool:
        """Whether the path is there from another folder: where a command runs is not always known."""
        end = "/" + core.lstrip("./")
        return any(f"/{path}".endswith(end) for path in (*self.own.files, *self.own.folders))

    def made(self, file: File, core: str, offset: int) -> bool:
        """Whether another line of the file seems to make it, or what stands before it on its own line."""
        name, own = core.rpartition("/")[2], file.line(offset)
        before = file.text[file.text.rfind("\n", 0, offset) + 1 : offset]
        lines = [line for number, line in enumerate(file.text.splitlines(), 1) if number != own]
        return any(name in line and MADE.search(line) for line in (*lines, before))

    def ignored(self, path: str) -> bool:
        """Whether git would ignore it, or a folder around it: it is made where it is needed."""
        parts = path.split("/")
        around = ["/".join(parts[:length]) for length in range(1, len(parts) + 1)]
        return any(
            self.ignores.ignored(item, is_dir=True) or self.ignores.ignored(item, is_dir=False) for item in around
        )

    @cached_property
    def ignores(self) -> Ignores:
        """The ignore files of the project."""
        found = Ignores()
        for path in self.project.tree.called(re.compile(r"\.gitignore")):
            if not path.startswith("../"):
                found.add(path.rpartition("/")[0], self.project.tree.text(path))
        return found


def defined(source: SourceFile | None, module: str, attribute: str, what: str = "") -> str:
    """Why a module does not have an attribute; ``""`` where it has, or may have."""
    if source is None or source.error or not attribute or source.may_define(attribute):
        return ""
    return f"{module} has no {what}{attribute}"
