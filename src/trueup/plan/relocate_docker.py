"""Dockerfiles of a relocation: COPY, ADD, WORKDIR and PYTHONPATH, which hang together.

The image mirrors the project, before and after: where ``COPY ./app /code/app`` put the package beside
the working directory ``/code``, ``COPY ./src/app /code/src/app`` does, so that a path relative to the
working directory means the same inside and outside of the image. Python then needs ``/code/src`` on its
path, unless the image installs the project: ``PYTHONPATH`` is changed where it is set, and set where it
is not. A destination that mirrors nothing (``/srv/application``) stays, only its source changes.
Source: COPY, WORKDIR and ENV in the Dockerfile reference; PYTHONPATH in Python's command line reference.
"""

from __future__ import annotations

import re
from posixpath import basename, dirname, join, normpath, relpath

from trueup.model.names import DOCKERFILE
from trueup.model.noun import NamedTuple
from trueup.model.span import Edit, splice
from trueup.plan.docker_path import bases, from_above, import_path, search_path
from trueup.plan.moves import SRC
from trueup.plan.relocate_images import Place
from trueup.plan.uv_commands import is_manifest
from trueup.text.docker import Instruction, instructions
from trueup.text.docker_image import Copy, find_context, in_places, mirrored_root, mirrors, read_image
from trueup.text.naming import WILD, glob_regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.plan.moves import Mover
    from trueup.text.shell import Word

VENDORED = re.compile(r"(?mi)^FROM\s+(?:--\S+\s+)?(?:\S*/)?tiangolo/")  # images that look for the code themselves
MAX_SIZE = 1_000_000


class Source(NamedTuple):
    """A source of a COPY that moves: its word, what it is in the project, the same afterwards, and as text.

    ``stays``: a pattern that matches something that stays, too.
    """

    word: Word
    inside: str
    new: str
    text: str
    folder: bool
    stays: bool = False


def dockerfiles(mover: Mover) -> list[str]:
    """The Dockerfiles of the project and of the repository around it."""
    paths = (*mover.tree.files(), *mover.tree.outer())
    return [
        path
        for path in paths
        if DOCKERFILE.fullmatch(path.rpartition("/")[2]) and mover.tree.entries[path].size < MAX_SIZE
    ]


def rewrite_dockerfile(mover: Mover, path: str, data: bytes) -> bytes:
    """The Dockerfile afterwards."""
    return Dockerfile(mover, path, data).rewritten()


def placements(mover: Mover) -> dict[tuple[str, str], str]:
    """Where images put what moves: (directory of the image, path in the project) to the directory afterwards, which
    may be the same."""
    found: dict[tuple[str, str], str] = {}
    for path in dockerfiles(mover):
        file = Dockerfile(mover, path, mover.tree.read(path))
        for copy in file.image.copies:
            for source in file.moving(copy):
                if source.folder:
                    found[copy.target, source.inside] = file.target(copy, source) or copy.target
    return found


def image_places(mover: Mover) -> tuple[tuple[Place, ...], ...]:
    """Which directories of each image hold what of the project, the deepest first."""
    files = [Dockerfile(mover, path, mover.tree.read(path)) for path in dockerfiles(mover)]
    return tuple(
        tuple(Place(place, inside, mover.placements.get((place, inside), "")) for place, inside in file.image.places)
        for file in files
    )


class Dockerfile:
    """One Dockerfile; offsets are those of its bytes, as every byte is read as one character."""

    def __init__(self, mover: Mover, path: str, data: bytes) -> None:
        tree = mover.tree
        self.mover, self.path, self.data = mover, path, data
        self.text = data.decode("latin-1")
        repository = tuple(mover.project.repository.split("/")) if mover.project.repository else ()
        self.context = find_context(self.text, dirname(path), repository, tree.has_dir, tree.exists)
        self.image = read_image(self.text, self.context)
        self.vendored = bool(VENDORED.search(self.text))

    def rewritten(self) -> bytes:
        """The bytes of the file afterwards."""
        edits = [edit for copy in self.image.copies for edit in self.copy(copy)]
        whole = any(self.holds_project(copy) for copy in self.image.copies if not copy.origin)
        whole = whole or not any(map(self.brings_code, self.image.copies))  # which a volume may bring
        for instruction in instructions(self.text):
            if instruction.keyword == "WORKDIR":
                edits += self.workdir(instruction)
            elif instruction.keyword in ("ENV", "ARG") and (not self.vendored or whole):
                edits += search_path(self.mover, self.image, instruction)
            elif instruction.keyword in ("RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"):
                edits += from_above(self, instruction)
        edits += import_path(self)
        return splice(self.data, edits)

    def copy(self, copy: Copy) -> Iterator[Edit]:
        """The edits of one COPY: its sources, its destination, and a line of its own for what goes elsewhere."""
        if copy.origin and copy.target == copy.workdir and copy.target in copy.paths:
            return  # a stage's whole folder, which lies here as it lay there
        moving = self.moving(copy)
        groups: dict[tuple[str, bool], list[Source]] = {}
        for source in moving:
            groups.setdefault((self.destination(copy, source), source.folder), []).append(source)
        staying = len(copy.sources) - sum(not source.stays for source in moving)
        if not moving:
            for path in self.parted(copy):
                if all(map(self.mover.project.is_test, self.leaving(path))):
                    continue
                text = f"part of {path} moves to another folder: copy that, too, and put it on the import path"
                self.mover.ask(text, self.path, copy.instruction.line)
            yield from self.landing(copy)
        elif staying or len(groups) > 1:
            yield from self.split(copy, groups, keep=bool(staying))
        else:
            ((destination, _),) = groups
            yield from (Edit(item.word.start, item.word.end, _bytes(item.text)) for item in moving)
            separator = '", "' if copy.instruction.json else " "
            first = moving[0].word.start
            beside, destination = self.package_file(moving, destination)
            yield from (Edit(first, first, _bytes(path + separator)) for path in beside)
            yield Edit(copy.destination.start, copy.destination.end, _bytes(destination))

    def parted(self, copy: Copy) -> list[str]:
        """The folders that a COPY takes, below the project, which stay while something moves out of them."""
        written = zip(copy.sources, copy.paths, strict=True)
        found = [] if copy.origin else [self.context.locate(path) for word, path in written if "$" not in word.text]
        return [path for path in found if path and self.leaving(path)]

    def leaving(self, folder: str) -> list[str]:
        """What moves out of a folder that stays; lists of requirements go anyway, and settings of tests with these."""
        new = self.mover.new
        inside = (
            path for path in self.mover.tree.under(folder) if not (is_manifest(path) or path.endswith("pytest.ini"))
        )
        return [path for path in inside if not new(path).startswith(f"{folder}/")]

    def brings_code(self, copy: Copy) -> bool:
        """Whether a COPY takes some of what moves, or all of the project."""
        return self.holds_project(copy) or bool(self.moving(copy) or self.parted(copy))

    def landing(self, copy: Copy) -> Iterator[Edit]:
        """The destination of something that stays, where it lies in what moves (``COPY dist ./app/static``)."""
        target = self.landed(copy)
        if target and any("$" in word.text for word in copy.sources):
            line = self.text.count("\n", 0, copy.instruction.begin) + 1
            self.mover.ask("a COPY of what a variable names, to where code lies: check it", self.path, line)
        elif target:
            yield Edit(copy.destination.start, copy.destination.end, _bytes(self.written(copy, target)))

    def landed(self, copy: Copy) -> str:
        """The destination afterwards, where it mirrors something that moves; ``""`` else."""
        inside = self.image.of(copy.target)
        if not inside or not self.mover.is_moved(inside) or not copy.target.endswith("/" + inside):
            return ""
        root = copy.target[: -len(inside)]
        if root == "/" and copy.workdir not in ("/", "") and not self.mover.is_moved(self.context.folder):
            return ""  # as in `mirrored_root`
        return root + self.mover.new(inside)

    def split(self, copy: Copy, groups: dict[tuple[str, bool], list[Source]], *, keep: bool) -> Iterator[Edit]:
        """Take what moves out of a COPY, and give it lines of its own behind it."""
        instruction = copy.instruction
        lines = []
        for (destination, _), items in groups.items():
            beside, to = self.package_file(items, destination)
            lines.append(self.line(instruction, [*beside, *(item.text for item in items)], to))
        ending = "\r" if self.text[instruction.end - 1 : instruction.end] == "\r" else ""
        if not keep:
            yield Edit(instruction.begin, instruction.end, _bytes(f"{ending}\n".join(lines) + ending))
            return
        for items in groups.values():
            for item in items:
                if not item.stays:
                    following = copy.instruction.words[copy.instruction.words.index(item.word) + 1]
                    yield Edit(item.word.start - len(item.word.quote), following.start - len(following.quote), b"")
        yield Edit(instruction.end, instruction.end, _bytes("".join(f"\n{line}{ending}" for line in lines)))

    def line(self, instruction: Instruction, sources: list[str], destination: str) -> str:
        """A COPY of its own, in the form of the one that it comes from."""
        words = [*sources, destination]
        quoted = ", ".join(f'"{word}"' for word in words)
        written = f"[{quoted}]" if instruction.json else " ".join(words)
        return " ".join((self.text[instruction.begin : instruction.start].strip(), *instruction.flags, written))

    def package_file(self, moving: list[Source], destination: str) -> tuple[list[str], str]:
        """The ``__init__.py`` of a new package, where the first of its modules is copied by name, and the destination
        that takes both; none where that gives the module another name."""
        first = moving[0]
        made = f"{dirname(first.new)}/__init__.py"
        name = basename(first.new)
        named = destination.endswith(f"/{name}")
        if made not in self.mover.parents or first.folder or WILD.search(first.text):
            return [], destination
        if not named and not destination.endswith(("/", ".")):
            return [], destination
        return [f"{first.text[: -len(name)]}__init__.py"], destination[: -len(name)] if named else destination

    def moving(self, copy: Copy) -> list[Source]:
        """The sources of a COPY that move."""
        found = [self._source(copy, word, path) for word, path in zip(copy.sources, copy.paths, strict=True)]
        return [source for source in found if source is not None]

    def _source(self, copy: Copy, word: Word, path: str) -> Source | None:
        inside = self.from_stage(copy, path) if copy.origin else self.context.locate(path)
        if inside is None or "$" in word.text:
            return None
        if WILD.search(inside):
            return self._pattern(word, inside)
        new = self.mover.new(inside)
        if new == inside:
            return None
        folder = self.mover.tree.has_dir(inside)
        return Source(word, inside, new, self._text(word.text, inside, new), folder)

    def from_stage(self, copy: Copy, path: str) -> str | None:
        """What an earlier stage of the file has at ``path``, where that stage copied code."""
        local = self.copies_of(copy.origin)
        brought = any(self.moving(other) or self.holds_project(other) for other in local)
        return in_places(self.places_of(copy.origin), path) if brought else None

    def copies_of(self, origin: str) -> list[Copy]:
        """What a stage, and those that it is built from, take from the build context."""
        line = self.beneath(self.image.names.get(origin.lower()))
        return [other for other in self.image.copies if other.stage in line and not other.origin]

    def beneath(self, stage: int | None) -> set[int]:
        """A stage, and those that it is built from."""
        line: set[int] = set()
        inherited = bases(self.image, list(instructions(self.text)))
        while stage is not None and stage not in line:
            line.add(stage)
            stage = inherited.get(stage)
        return line

    def places_in(self, stage: int) -> list[tuple[str, str]]:
        """Where a stage has what of the project, from the build context or from the stages that it copies from."""
        line = self.beneath(stage)
        origins = {other.origin for other in self.image.copies if other.stage in line and other.origin}
        own = [other for other in self.image.copies if other.stage in line and not other.origin]
        return mirrors([*own, *(other for origin in origins for other in self.copies_of(origin))], self.context)

    def places_of(self, origin: str) -> list[tuple[str, str]]:
        """Where that lies: directory of the image, and path in the project."""
        return mirrors(self.copies_of(origin), self.context)

    def holds_project(self, copy: Copy) -> bool:
        """Whether a COPY brings the whole project (``COPY . .``)."""
        return any(self.context.below(path) is not None for path in copy.paths)

    def _pattern(self, word: Word, pattern: str) -> Source | None:
        """``*.py``, where what it matches goes to one folder."""
        matched = [path for path in self.mover.files if glob_regex(pattern).fullmatch(path)]
        moving = [path for path in matched if self.mover.is_moved(path)]
        folders = {dirname(self.mover.new(path)) for path in moving}
        if len(folders) != 1:
            if moving:
                line = self.text.count("\n", 0, word.start) + 1
                self.mover.ask(f"{word.text} matched what goes to several places", self.path, line)
            return None
        new = f"{folders.pop()}/{basename(pattern)}"
        text = self._text(word.text, pattern, new)
        return Source(word, pattern, new, text, folder=False, stays=len(moving) < len(matched))

    def _text(self, text: str, inside: str, new: str) -> str:
        """A source as it is written, under its new path; what stands before the project's part stays."""
        plain = text.rstrip("/")
        if not plain.endswith(inside):  # relative to a context that moves itself
            return text if self.context.folder in ("", "..") else relpath(new, self.mover.new(self.context.folder))
        return plain[: len(plain) - len(inside)] + new + text[len(plain) :]

    def target(self, copy: Copy, source: Source) -> str:
        """The absolute place of a moved source afterwards; ``""`` where the destination stays as it is."""
        if self.vendored and not self._is_copied_again(copy, source):
            return ""
        if copy.origin:
            inside = self.image.of(copy.target)
            mirrors = inside is not None and (inside == source.inside or not inside)
            root = copy.target[: len(copy.target) - len(inside or "")].rstrip("/") if mirrors else None
        else:
            root = mirrored_root(copy, self._sample(source), folder=source.folder)
        if root is None and source.folder and source.inside in self.mover.project.layout.roots:
            root = copy.target
        if root is None and (place := self._by_name(copy, source)):
            return place
        return self.landed(copy) if root is None else normpath(join(root, source.new))

    def _is_copied_again(self, copy: Copy, source: Source) -> bool:
        """Whether all of the project is copied around what a COPY brings, to which that then belongs."""
        root = None if copy.origin else mirrored_root(copy, self._sample(source), folder=source.folder)
        return any(other.target == root and self.holds_project(other) for other in self.image.copies)

    def _by_name(self, copy: Copy, source: Source) -> str:
        """Where the image finds a package by its new name, which it found from where it runs as from ``src``."""
        tail = source.inside.removeprefix(f"{SRC}/")
        if tail == source.inside or copy.origin or not source.folder or SRC not in self.mover.project.layout.roots:
            return ""
        root = mirrored_root(copy, tail, folder=True)
        return normpath(join(root, relpath(source.new, SRC))) if root is not None and root == copy.workdir else ""

    def _sample(self, source: Source) -> str:
        """A path in place of a pattern."""
        return source.inside if not WILD.search(source.inside) else join(dirname(source.inside), "x.py")

    def destination(self, copy: Copy, source: Source) -> str:
        """The destination of a source as it is to be written."""
        target = self.target(copy, source)
        if not target:
            self.ask_about(copy, source)
            return copy.destination.text
        self.ask_about_data(copy, source, target)
        into = copy.into or copy.target == copy.workdir
        if source.folder or not into:
            return self.written(copy, target)
        written = self.written(copy, dirname(target))
        return written if written.endswith("/") else written + "/"

    def written(self, copy: Copy, target: str) -> str:
        """An absolute place as the destination writes it: absolute, or relative to the working directory."""
        old = copy.destination.text
        if old.startswith("/"):
            return target + ("/" if old.endswith("/") else "")
        if old.startswith("$"):
            return old.rstrip("/") + target[len(copy.target) :] if target.startswith(copy.target) else target
        relative = relpath(target, self.new_place(copy.workdir, copy.stage))
        if relative == "." and old.rstrip("/") == ".":
            return old
        lead = "./" if old.startswith("./") or old == "." else ""
        return lead + relative + ("/" if old.endswith("/") and len(old) > 1 else "")

    def ask_about(self, copy: Copy, source: Source) -> None:
        """Tell of a destination that mirrors nothing; a list of requirements may lie anywhere."""
        if is_manifest(source.new):
            return
        why = "the base image looks for the code itself" if self.vendored else "its destination mirrors nothing"
        self.mover.ask(
            f"{source.inside} moves to {source.new}; {why}: check the image", self.path, copy.instruction.line
        )

    def ask_about_data(self, copy: Copy, source: Source, target: str) -> None:
        """Tell of what lay in the working directory beside the modules, and lies in their package then."""
        if copy.target != copy.workdir or source.inside not in self.mover.project.layout.roots or target == copy.target:
            return
        below = (path for path in self.mover.tree.under(source.inside) if not path.endswith((".py", ".pyi", ".pyc")))
        if first := next((path for path in below if not basename(path).startswith(".")), ""):
            name = first[len(source.inside) + 1 :]
            text = f"{copy.workdir} had {name}, which lies in {target} then: what is read from there needs that WORKDIR"
            self.mover.ask(text, self.path, copy.instruction.line)

    def new_place(self, directory: str, stage: int) -> str:
        """A directory of a stage afterwards, where it mirrors a folder that moves, or is where one is built from."""
        if self.mover.is_moved(self.context.folder):
            for copy in (item for item in self.image.copies if item.target == directory and not item.origin):
                own = [source for source in self.moving(copy) if source.inside == self.context.folder]
                if own and (target := self.target(copy, own[0])):
                    return target
        on_it = sorted(each for each in {*self.image.stages.values()} if stage in self.beneath(each))
        whole = [place for each in on_it for place, source in self.places_in(each) if not source]
        around = next((place for place in whole if f"{directory}/".startswith(place.rstrip("/") + "/")), directory)
        inside = directory[len(around.rstrip("/")) + 1 :]
        return normpath(join(around, self.mover.new(inside))) if inside and self.mover.is_moved(inside) else directory

    def workdir(self, instruction: Instruction) -> Iterator[Edit]:
        """``WORKDIR /code/app`` as ``/code/src/app``."""
        before, stage = self.image.workdirs[instruction.begin], self.image.stages[instruction.begin]
        for word in instruction.words[:1]:
            directory = normpath(join(before, word.text))
            new = self.new_place(directory, stage)
            if "$" not in word.text and new != directory:
                text = new if word.text.startswith("/") else relpath(new, self.new_place(before, stage))
                yield Edit(word.start, word.end, _bytes(text))


def _bytes(text: str) -> bytes:
    return text.encode("latin-1", "replace")
