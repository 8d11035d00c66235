"""One file in which texts name the project's own code, while it is read."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from itertools import chain, takewhile
from posixpath import dirname, join, normpath

from trueup.model.pattern import lazy
from trueup.model.project import Reference
from trueup.read.command_folders import LOCAL, above_made, bracketed, made_by, target_of
from trueup.read.command_words import arguments, environment_style, grammar, program_of
from trueup.read.commands import Script, is_of_another, line_starts, readable, scripts, syntax_of
from trueup.read.meanings import Candidate, fed, meaning_of, pieces
from trueup.read.neighbours import FOREIGN, built_at, is_built_from
from trueup.read.own import HERE, Meaning, Own
from trueup.read.reference_kinds import Row, glob_route
from trueup.read.reference_where import WHERE
from trueup.read.script_variables import Use, Variables
from trueup.text.docker_image import HERE as BY_VARIABLE
from trueup.text.docker_image import Context, Image, find_context, in_places, mounted, read_image
from trueup.text.scalars import Scalar, scalars
from trueup.text.shell import commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trueup.read.command_words import Argument
    from trueup.text.shell import Word

WHOLE = lazy(rf"(?:\.|{BY_VARIABLE})/?:(/[^:\s\"']+)(?::\w+)?")
DEFAULT = lazy(r"\$\{\w+:?-(\.{1,2}/[^${}]+)\}")  # a folder, where the variable is not set
MOUNTED = lazy(r":(/[^:\s\"',\]]+)")
SCRIPT_FOLDER = lazy(r"(?i)(?:%~dp0|\$PSScriptRoot)[\\/]*")
CLONED = lazy(r"git clone[ \t]+(?:-\S+[ \t]+)*\S{0,300}?([\w.-]{1,100}?)/?(?:[ \t]+([\w-]+))?[ \t]*(?:$|\r?\n|&&|`)")
CHECKED_OUT = lazy(r"(?m)^[ \t]*working_directory:[ \t]*(~/[\w.-]+)")
UP = lazy(r"\.\.(?:[/\\]\.\.)*[/\\]?")
IN_IMAGES = ("shell", "compose", "kubernetes")  # whose commands may run where an image has its code
BACK = ("popd", "pop-location")


def _goes(word: str) -> bool:
    program = program_of(word)
    return program is not None and program.positional == "chdir"


class File:
    """One file, while it is read: its text has one character for each byte."""

    def __init__(self, own: Own, path: str, text: str) -> None:
        self.own, self.path, self.text = own, path, text
        self.starts = line_starts(text)
        self.folder = dirname(path)
        self.top = "/".join([".."] * len(own.repository)) if path.startswith("../") else ""
        self.variables = Variables(text)
        self.made: set[str] = set()  # folders that its commands make

    def references(self, rows: list[Row], shells: list[Row]) -> list[Reference]:
        """All references of the file; where two overlap, the certain and then the longer one stays."""
        found = {reference for candidate in self.candidates(rows, shells) for reference in self.resolve(candidate)}
        chosen: list[Reference] = []
        taken = bytearray(len(self.text) + 1)
        for reference in sorted(found, key=lambda item: (bool(item.doubt), item.start - item.end, item)):
            if not any(taken[reference.start : reference.end]):
                chosen.append(reference)
                taken[reference.start : reference.end] = b"x" * (reference.end - reference.start)
        return sorted(chosen, key=lambda item: item.start)

    def candidates(self, rows: list[Row], shells: list[Row]) -> Iterator[Candidate]:
        structured = [row for row in rows if row.where[0] not in WHERE]
        for row in rows:
            if row.where[0] in WHERE:
                yield from WHERE[row.where[0]](self, row)
        if structured:
            yield from self.settings(structured)
        for script in scripts(self.path, self.text, shells):
            if not self.is_of_another(script.where, script.route):
                yield from self.script(script)
        yield from fed(self.text, shells[0].kind) if shells else ()
        yield from self.variables.candidates()

    def is_of_another(self, where: str, route: tuple[str | int, ...]) -> bool:
        """Whether a place of the file is about a service that another project's folder is built into."""
        return is_of_another(self.own.tree, self.path, "/".join(self.own.repository), where, route)

    def settings(self, rows: list[Row]) -> Iterator[Candidate]:
        """Values and keys of a structured file."""
        everything = list(scalars(syntax_of(self.path), self.text))
        for row in rows:
            for where in row.where:
                keys = where.endswith("@")
                route = glob_route(where.removesuffix("@").removesuffix("."))
                for scalar in everything:
                    if row.style in ("env", "image") and self.is_of_another(row.kind, scalar.route):
                        continue
                    if scalar.is_key == keys and route.fullmatch(".".join(scalar.names)):
                        yield from self.value(row, scalar)

    def value(self, row: Row, scalar: Scalar) -> Iterator[Candidate]:
        base = self.base_of(row)
        if row.style == "options":
            program = grammar().get(row.kind)
            for words in commands(self.text, scalar.start, scalar.end):
                yield from self.from_arguments(arguments(words, program), row.kind, base)
        elif row.style == "env":
            yield from self.environment(scalar, row.kind, base)
        elif row.style in ("image", "path") and (folder := self.mounted(scalar)):
            within = scalar.start + len(folder) + 1  # the project itself lies there, as it is
            if self.text[scalar.start : within] == f"{folder}/" and within < scalar.end:
                yield Candidate(within, scalar.end, "path", row.kind, base)
        elif row.style == "volume":
            foreign = scalar.route[1:2] in self.foreign_services or self.is_of_another(row.kind, scalar.route)
            yield from self.volume(scalar.start, scalar.end, row.kind, base, foreign=foreign)
        else:
            kind = f"{row.kind}:image" if row.style == "image" else row.kind
            if scalar.names[-1:] == ("dockerfile",) and row.kind == "compose":
                base = built_at(self.folder, self.text, scalar.start)  # where its context is
            if row.kind == "alembic" and self.is_from("", base, scalar.text):
                base = ""  # `alembic -c src/alembic.ini`: paths are relative to where it is started
            yield Candidate(scalar.start, scalar.end, row.style, kind, base)

    def environment(self, scalar: Scalar, kind: str, base: str) -> Iterator[Candidate]:
        """``NAME: value`` by the key, ``NAME=value`` in a list."""
        name, equals, value = scalar.text.partition("=")
        if equals and re.fullmatch(r"\w+\s*", name):
            yield Candidate(
                scalar.end - len(value), scalar.end, environment_style(name.strip(), value), kind, base, "="
            )
        else:
            style = environment_style(scalar.names[-1], scalar.text)
            yield Candidate(scalar.start, scalar.end, style, kind, base, "=")

    @cached_property
    def foreign_services(self) -> set[tuple[str | int, ...]]:
        """The services of a compose file that run a server which is not the project's: nginx, a database."""
        said: dict[str | int, dict[str, str]] = {}
        for scalar in scalars("yaml", self.text) if "compose" in self.path else ():
            if scalar.names[:1] == ("services",) and len(scalar.route) > 2:
                said.setdefault(scalar.route[1], {}).setdefault(scalar.names[2], scalar.text)
        return {(name,) for name, keys in said.items() if "build" not in keys and FOREIGN.search(keys.get("image", ""))}

    @cached_property
    def whole(self) -> dict[str | int, list[str]]:
        """The places of services in which they have the whole project, whatever was copied there."""
        found: dict[str | int, list[str]] = {}
        for scalar in scalars("yaml", self.text) if "compose" in self.path and WHOLE.search(self.text) else ():
            place = WHOLE.fullmatch(scalar.text)
            if scalar.names[:1] == ("services",) and scalar.names[2:3] == ("volumes",) and place:
                found.setdefault(scalar.route[1], []).append(place[1].rstrip("/"))
        return found

    def mounted(self, scalar: Scalar) -> str:
        """The place of the service's whole project in which a place of its image lies; ``""`` for none."""
        folders = self.whole.get(scalar.route[1], []) if len(scalar.route) > 1 else []
        text = scalar.text.rstrip("/")
        return next((folder for folder in folders if text == folder or text.startswith(f"{folder}/")), "")

    def volume(self, start: int, end: int, kind: str, base: str, *, foreign: bool = False) -> Iterator[Candidate]:
        """``./app:/code/app:ro``: the path here, and what it is in the image with it; else the place in the image.

        Where a ``foreign`` image has its things is not the project's to say.
        """
        if foreign:
            colon = self.text.find(":", start, end)
            yield Candidate(start, end if colon < 0 else colon, "path", kind, base)
            return
        host = re.match(r"(?:\$\{[^}]*\}|\$\([^)]*\)|[^:])+", self.text[start:end])
        if host and host[0].startswith((".", "$", "~")):
            given = DEFAULT.fullmatch(host[0])
            first, last = given.span(1) if given else host.span()
            yield Candidate(start + first, start + last, "mounted", f"{kind}:volume", base)
            whole = normpath(f"{base or '.'}/{HERE.sub('.', host[0])}") == "."  # whatever a COPY says
            if whole or meaning_of(self.own, Candidate(0, 0, "mounted", kind, base), host[0][first:last]):
                return
        inside = MOUNTED.search(self.text, start, end)
        if inside:
            yield Candidate(inside.start(1), inside.end(1), "image", f"{kind}:image", base)

    def base_of(self, row: Row) -> str:
        """The directory that a file's paths are relative to: the file's own, or the root of its repository."""
        at_root = row.kind in ("github", "gitlab", "dependabot", "pre-commit", "codecov", "vscode", "codeowners")
        return self.top if at_root else self.folder

    def mounted_folders(self) -> Iterator[tuple[str, str]]:
        """Which directories of images get which folders of the project from a compose file."""
        for place, inside in mounted(self.path, self.text, self.own.repository):
            if not inside or inside in self.own.folders:
                yield place, inside

    def script(self, script: Script) -> Iterator[Candidate]:
        """The words of commands, with the working directory followed through ``cd``."""
        start, base, doubt = self.begins(script)
        around: list[tuple[str, str]] = []  # where the shells around this one are
        left: list[tuple[str, str]] = []  # where pushd came from
        made: list[tuple[str, str]] = []  # what is above, in a folder that is not there yet
        for words, brackets in bracketed(self.text, script.commands):
            for bracket in brackets:
                if bracket == "(":
                    around.append((base, doubt))
                elif around:
                    base, doubt = around.pop()
            if script.prose and not any(program_of(word.text) for word in words):
                continue
            program = program_of(script.program or words[0].text)
            if program and (program.name in BACK or (program.name == "cd" and words[-1].text == "-")):
                base, doubt = left.pop() if left else (base, "")
            elif program and program.positional == "chdir" and len(words) > 1:
                if script.prose and base == start and target_of(words).text.strip("./") in self.clones:
                    continue  # into the clone, which is the project
                yield from self.from_arguments(arguments(words), script.where, base, doubt)
                ups = words[1].text.count("..") if UP.fullmatch(words[1].text) else 0
                left.append((base, doubt))
                if ups > len(made):
                    yield Candidate(words[1].start, words[1].end, "up", script.where, base, doubt=doubt)
                base, doubt = self.entered(script, target_of(words), (base, doubt), start, made, ups)
            else:
                self.made.update(normpath(join(base, name)) for name in made_by(words))
                named = list(arguments(words, program if script.program else None))
                yield from self.from_arguments(named, script.where, base, doubt)
                if doubt and (place := self.place(script)) and base == start:
                    yield from self.from_arguments(named, script.where, place)
                if base and base == self.top and any(self.is_own_module(item) for item in named):
                    yield from self.from_arguments(named, script.where, "", doubt)

    def entered(
        self, script: Script, to: Word, here: tuple[str, str], start: str, made: list[tuple[str, str]], ups: int
    ) -> tuple[str, str]:
        """Where a change of the directory leads, and a doubt; ``ups`` folders up, out of those that are ``made``."""
        if 0 < ups <= len(made):
            back = made[-ups]
            del made[-ups:]
            return back
        there = self.reached(script, to.text, within=here[0] != start)
        base, doubt = self.change_directory(to, here[0], start, script.prose)
        base, doubt = (there, "") if doubt and there is not None else (base, doubt)
        made[:] = above_made(to.text, here, (base, doubt), made)
        return base, doubt

    def begins(self, script: Script) -> tuple[str, str, str]:
        """Where the first command of a file would run, where this one does after what stands above, and a doubt."""
        base, doubt = self.working_directory(script)
        start = base
        for words in script.before:
            base, doubt = self.change_directory(target_of(words), base, start, script.prose)
        words_below = chain.from_iterable(script.commands)
        back = script.before and any(self.is_from(start, base, word.text) for word in words_below)
        return (start, start, "") if back else (start, base, doubt)

    @cached_property
    def clones(self) -> frozenset[str]:
        """The folders that a document has its reader clone."""
        return frozenset(found[2] or found[1].removesuffix(".git") for found in CLONED.finditer(self.text))

    def is_from(self, start: str, base: str, path: str) -> bool:
        """Whether a path is there seen from ``start``, and not from ``base``: the reader went back in between."""
        path = path.rstrip("/")
        seen = [self.own.within(normpath(f"{folder}/{path}" if folder else path)) for folder in (start, base)]
        there = [place is not None and self.own.exists(place) for place in seen]
        return ("/" in path or path.endswith(".py")) and there == [True, False]

    def is_own_module(self, item: Argument) -> bool:
        """Whether a server is told a module of the project by its bare name: then it runs in the project's folder."""
        text = self.text[item.start : item.end]
        return item.style == "module" and ":" in text and self.own.module(text, sure=False) is not None

    def place(self, script: Script) -> str:
        """The directory of the image in which a Dockerfile has a command run; ``""`` of any other file."""
        begin = script.route[1] if script.where == "dockerfile" and len(script.route) > 1 else -1
        directory = self.image.workdirs.get(int(begin), "") if begin != -1 else ""
        return "" if "$" in directory else directory

    def reached(self, script: Script, folder: str, *, within: bool) -> str | None:
        """The folder of the project to which ``cd`` leads in an image; ``within`` it is one of the project's anyway."""
        place = self.place(script)
        known = place and (folder.startswith("/") or not within)
        return self.own.in_image(join(place, folder)) if known else None

    def working_directory(self, script: Script) -> tuple[str, str]:
        if script.where == "dockerfile":
            image = self.image
            begin = script.route[1] if len(script.route) > 1 else 0
            place = image.workdirs.get(int(begin), "/")
            inside = image.of(place)
            inside = in_places(self.own.mounted, place) if inside is None else inside
            doubt = "the working directory in the image is unknown" if inside is None else ""
            return self.in_image(script, inside or "", doubt)
        base = self.folder if script.where in LOCAL else self.top
        service = script.route[1:2] if script.where == "compose" and self.top and not script.cwd else ()
        if service and is_built_from(self.own.tree, self.path, "/".join(self.own.repository), str(service[0])):
            return "", ""
        if script.cwd.startswith("/"):
            inside = self.own.in_image(script.cwd)
            return ("", f"the working directory {script.cwd} is unknown") if inside is None else (inside, "")
        here = HERE.match(script.cwd)
        folder = script.cwd[here.end() :].lstrip("/") if here else script.cwd
        target = normpath(f"{base}/{folder}" if base else folder or ".")
        inside = self.own.within(target)
        plain = "" if inside == "." else target if inside is None else inside
        return self.in_image(script, plain, "") if script.where in IN_IMAGES and not script.cwd else (plain, "")

    def in_image(self, script: Script, plain: str, doubt: str) -> tuple[str, str]:
        """The folder that an image, or a volume, has where a script runs, if that alone has what the script names
        before it goes elsewhere."""
        before = takewhile(lambda words: not _goes(words[0].text), script.commands)
        texts = [word.text for words in before for word in words]
        found = [folder for folder in self.own.run_in if any(self.is_from(folder, plain, text) for text in texts)]
        if len(found) > 1:
            return found[0], "it may run in several folders of images"
        return (found[0], "") if found else (plain, doubt)

    def change_directory(self, word: Word, base: str, start: str, prose: bool) -> tuple[str, str]:
        """Where ``cd`` leads; a document's ``cd my-clone`` leads nowhere new."""
        text = word.text.rstrip("/\\")
        if own := SCRIPT_FOLDER.match(text):
            return normpath(f"{self.folder or '.'}/{text[own.end() :]}".replace("\\", "/")).removeprefix("./"), ""
        for origin in (base, start):
            target = normpath(f"{origin}/{text}" if origin else text)
            inside = self.own.in_image(text) if text.startswith("/") else self.own.within(target)
            if inside is not None and (inside in self.own.folders or inside in ("", ".")):
                return "" if inside == "." else inside, ""
            if target.startswith("..") or target in self.own.folders or target in self.made:
                return target, ""
        if re.search(r"dirname", text):
            above = text.rpartition(")")[2].strip("\"'/")
            return normpath(f"{self.folder}/{above}" if self.folder else above or "."), ""
        return (base, "") if prose else (base, f"the working directory {text} is unknown")

    def from_arguments(self, found: Iterable[Argument], kind: str, base: str, doubt: str = "") -> Iterator[Candidate]:
        for item in found:
            if item.style == "volume":
                yield from self.volume(item.start, item.end, kind, base)
            else:
                self.variables.note(item.start, item.end, Use(item.style, kind, base, item.program or "?", doubt))
                yield Candidate(item.start, item.end, item.style, kind, base, item.program or "?", doubt)

    @cached_property
    def context(self) -> Context:
        """The directory that a Dockerfile's COPY is relative to."""
        own = self.own
        return find_context(self.text, self.folder, own.repository, own.folders.__contains__, own.exists)

    @cached_property
    def image(self) -> Image:
        """What the file makes, if it is a Dockerfile."""
        return read_image(self.text, self.context)

    @cached_property
    def checkout(self) -> str:
        """Where CircleCI puts the repository, from a home; ``""`` elsewhere."""
        found = CHECKED_OUT.search(self.text) if ".circleci/" in self.path else None
        return f"{found[1]}/" if found else "~/project/" if ".circleci/" in self.path else ""

    def line(self, offset: int) -> int:
        """The number of the line at an offset."""
        return bisect_right(self.starts, offset)

    def resolve(self, candidate: Candidate) -> Iterator[Reference]:
        """The references that a candidate holds: the pieces of it that name own code."""
        for offset, whole in pieces(candidate.style, self.text[candidate.start : candidate.end]):
            said, piece = self.outside(candidate, whole), whole
            if self.checkout and whole.startswith(self.checkout):
                said, piece = candidate._replace(base=self.top, doubt=""), whole[len(self.checkout) :]
            meaning = meaning_of(self.own, said, piece)
            if meaning and not self.is_nearer(said, piece, meaning.target):
                yield self.reference(said, candidate.start + offset + len(whole) - len(piece), piece, meaning)

    def outside(self, candidate: Candidate, piece: str) -> Candidate:
        """A path of a command out of a folder that is not known, read as if it led back to where the commands begin."""
        ups = UP.match(piece) if candidate.doubt and candidate.program.strip("=") else None
        return candidate._replace(base=join(candidate.base, *["_"] * ups[0].count(".."))) if ups else candidate

    def is_nearer(self, candidate: Candidate, piece: str, target: str) -> bool:
        """Whether what is named is a nested project's own: where the file lies in it, goes there, or builds it."""
        kind, folder = candidate.kind.partition(":")[0], self.folder
        if not self.own.project.nested or (piece.startswith("../") and candidate.base == folder):
            return False
        if kind == "compose":
            folder = built_at(folder, self.text, candidate.start)
        elif kind == "dockerfile" or kind in LOCAL:
            folder = self.context.folder if kind == "dockerfile" else candidate.base
        return self.own.project.names_nearer(normpath(f"{folder}/{self.path.rpartition('/')[2]}"), target)

    def reference(self, candidate: Candidate, start: int, piece: str, meaning: Meaning) -> Reference:
        kind = f"{candidate.kind}:{meaning.note}" if meaning.note else candidate.kind
        begin = start + meaning.start
        relative = meaning.style != "module" and not piece.startswith("/")
        return Reference(
            self.path,
            self.line(begin),
            begin,
            start + meaning.end,
            readable(piece[meaning.start : meaning.end]),
            meaning.style,
            readable(meaning.target),
            kind,
            meaning.doubt or (candidate.doubt if relative or candidate.program == "=" else ""),
        )
