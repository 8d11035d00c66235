"""What the COPY and ADD of a Dockerfile bring of manifests, before and after a conversion."""

from __future__ import annotations

import re
from posixpath import basename, dirname, join, normpath

from trueup.model.span import Edit, splice
from trueup.plan.uv_commands import is_manifest
from trueup.text.docker import instructions, shell_commands
from trueup.text.docker_image import expand, given, reached

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trueup.model.tree import Tree
    from trueup.plan.image_files import ImageFiles
    from trueup.plan.image_stages import Stage
    from trueup.text.docker import Instruction
    from trueup.text.shell import Word

MOUNT = re.compile(r"--mount=type=bind,(?:source|src)=(?P<source>[\w./*-]+)(?:,(?:target|dst|destination)=[\w./-]+)?")
MANIFESTS = ("pyproject.toml", "uv.lock")


def mounted(files: ImageFiles, text: str, item: Instruction) -> Iterator[Edit]:
    """``--mount=type=bind,source=requirements.txt`` brings the manifest and the lock to where uv runs instead."""
    names: tuple[str, ...] = MANIFESTS
    for mount in MOUNT.finditer(text, item.begin, item.end):
        if files.is_gone(mount["source"]):
            lead = files.lead(mount["source"])
            said = " ".join(f"--mount=type=bind,source={lead}{name},target={name}" for name in names)
            yield Edit(mount.start(), mount.end(), said.encode("latin-1"))
            names = ()


def spelled_out(tree: Tree, data: bytes) -> bytes:
    """A Dockerfile in which lists that go are called by their names, where ``ARG`` or ``ENV`` gives these."""
    text = data.decode("latin-1")
    every = list(instructions(text))
    pairs = {pair for item in every for pair in given(item).items()}
    values = {name: value for name, value in pairs if [each for each, _ in pairs].count(name) == 1}
    gone = {basename(path) for path in tree.real.files()} - {basename(path) for path in tree.files()}
    words: list[Word] = []
    for item in every:
        words += [word for command in shell_commands(text, item) for word in command] if item.keyword == "RUN" else ()
        words += item.words[:-1] if item.keyword in ("COPY", "ADD") else ()
    said = {word: expand(word.text, values) for word in words if "$" in word.text}
    lists = {word: name for word, name in said.items() if is_manifest(name) and basename(name) in gone}
    return splice(data, [Edit(word.start, word.end, name.encode("latin-1")) for word, name in lists.items()])


class Copies:
    """The instructions of one stage, in their order; ``text`` is that of the whole Dockerfile."""

    def __init__(self, files: ImageFiles, text: str) -> None:
        self.files, self.text = files, text
        self.brought: set[str] = set()  # where the stage has the manifest already

    def edits(self, item: Instruction, folder: str, *, needs: bool) -> Iterator[Edit]:
        """``COPY requirements.txt .`` brings ``pyproject.toml`` and ``uv.lock`` instead; and where the lock is needed,
        ``COPY pyproject.toml .`` brings that, too."""
        foreign = any(flag.startswith("--from=") for flag in item.flags)
        if item.keyword not in ("COPY", "ADD") or foreign or item.heredoc or len(item.words) < 2:
            return
        *sources, destination = item.words
        going = [word for word in sources if self.files.is_gone(word.text)]
        place = _landing(folder, destination.text)
        if set(MANIFESTS) <= {basename(word.text) for word in sources}:
            self.brought.add(place)
        thinned = [word for word in sources if self.files.is_thinned(word.text)]
        if thinned and not going and place not in self.brought:
            self.brought.add(place)
            word, names = thinned[-1], [f"{self.files.lead(thinned[-1].text)}{name}" for name in MANIFESTS]
            yield Edit(word.end, word.end, "".join(f"{_separator(item)}{name}" for name in names).encode())
        elif going:
            yield from self._replaced(item, going, place)
        elif needs and place not in self.brought:
            yield from self._with_lock(item, place)

    def _replaced(self, item: Instruction, going: Sequence[Word], place: str) -> Iterator[Edit]:
        """The manifest and the lock in the place of what goes; nothing where the stage has them there."""
        *sources, destination = item.words
        there = {word.text for word in sources if word not in going}
        names = [f"{self.files.lead(going[0].text)}{name}" for name in MANIFESTS]
        names = [name for name in names if name not in there and f"./{name}" not in there and f"{name}*" not in there]
        if not there and place in self.brought:
            yield Edit(item.begin, min(item.end + 1, len(self.text)), b"")
            return
        self.brought.add(place)
        names += [word.text for word in going if self.files.is_unread(word.text)]
        for word in going:
            text = _separator(item).join(names) if word is going[0] else ""
            if text:
                yield Edit(word.start, word.end, text.encode())
            else:
                following = item.words[item.words.index(word) + 1]
                yield Edit(word.start - len(word.quote), following.start - len(following.quote), b"")
        if len(there) + len(names) > 1:
            target = destination.text
            if any(self.files.is_folder_of_lists(word.text) for word in going):
                target = "."
            elif is_manifest(target):
                target = target.rpartition("/")[0] or "."
            yield Edit(destination.start, destination.end, f"{target.rstrip('/')}/".encode())

    def _with_lock(self, item: Instruction, place: str) -> Iterator[Edit]:
        """``uv.lock`` beside the ``pyproject.toml`` that a COPY brings under its own name."""
        *sources, destination = item.words
        manifest = next((word for word in sources if self.files.context.locate(word.text) == "pyproject.toml"), None)
        renamed = destination.text.endswith(".toml") and not destination.text.endswith("pyproject.toml")
        if manifest is None and basename(destination.text) == "pyproject.toml" and "$" in sources[0].text:
            yield from self._lock_itself(item, place)
        if manifest is None or renamed:
            return
        lead = manifest.text.removesuffix("pyproject.toml")
        yield Edit(manifest.end, manifest.end, f"{_separator(item)}{lead}uv.lock".encode())
        target = destination.text.removesuffix("pyproject.toml") or "."
        yield Edit(destination.start, destination.end, f"{target.rstrip('/')}/".encode())
        self.brought.add(place)

    def _lock_itself(self, item: Instruction, place: str) -> Iterator[Edit]:
        """A COPY of ``uv.lock`` behind that of a manifest whose name is in a variable."""
        context = self.files.context
        leads = ("", f"{'/'.join(context.repository)}/")
        lead = next((lead for lead in leads if context.locate(f"{lead}uv.lock") == "uv.lock"), None)
        if lead is not None:
            self.brought.add(place)
            end = item.end - (self.text[item.end - 1] == "\r")
            newline = "\r\n" if end < item.end else "\n"
            flags = "".join(f"{flag} " for flag in item.flags)
            target = item.words[-1].text.removesuffix("pyproject.toml") or "./"
            yield Edit(end, end, f"{newline}COPY {flags}{lead}uv.lock {target}".encode("latin-1"))


def elsewhere(
    files: ImageFiles, text: str, stage: Stage, item: Instruction, folder: str, values: dict[str, str]
) -> list[str]:
    """The option that names the folder of the manifest, where that is not the working directory of an instruction."""
    brought = ""
    for other, place in stage.inside:
        if other.begin < item.begin and other.keyword in ("COPY", "ADD"):
            target = reached(place, other.words[-1].text.rstrip("/") or "/", values)
            for word in other.words[:-1]:
                if files.is_gone(word.text) and not files.is_folder_of_lists(word.text):
                    brought = dirname(target) if is_manifest(target) else target
                elif (below := files.holding(other, word.text)) is not None:
                    brought = normpath(join(target, below))
    goes = (words for words in shell_commands(text, item) if words[0].text == "cd" and len(words) > 1)
    there = {folder, *(reached(folder, words[1].text, values) for words in goes)}
    return [f"--project {brought}"] if brought and brought not in there and "$" not in brought else []


def _separator(item: Instruction) -> str:
    return '", "' if item.json else " "


def _landing(folder: str, destination: str) -> str:
    """The directory into which a COPY puts manifests."""
    place = normpath(join(folder, destination))
    return dirname(place) if basename(place) == "pyproject.toml" or is_manifest(place) else place
