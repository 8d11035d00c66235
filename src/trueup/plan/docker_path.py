"""The import path inside an image: PYTHONPATH where it is set, and where it must be set once code lies in ``src``."""

from __future__ import annotations

import re
from posixpath import dirname, join, normpath, relpath

from trueup.model.span import Edit
from trueup.plan.moves import SRC
from trueup.text.docker import Instruction, instructions, shell_commands
from trueup.text.docker_image import UNKNOWN, Copy, Image, expand, mirrored_root, mounted
from trueup.text.shell import Command, basename

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.plan.moves import Mover
    from trueup.plan.relocate_docker import Dockerfile

PYTHON = re.compile(
    r"(python|pypy)[\d.]*|pip[\d.]*|uv|uvx|uvicorn|gunicorn|hypercorn|granian|poetry|pipenv|pdm|rye|celery|alembic|fastapi|flask"
)
NOT_THE_PROJECT = {
    "uv": ("--no-install-project", "--no-install-workspace", "--no-install-local"),
    "poetry": ("--no-root", "--only-root"),
    "pdm": ("--no-self",),
}
COMPOSE = re.compile(r"(?:.*/)?(?:[\w.-]*compose[\w.-]*|[\w.-]*compose[\w.-]*/[\w.-]+)\.ya?ml")
PART = re.compile(r"(?:\$\{[^}]*\}|[^:\"'$]|\$\w+)+")  # of a search path
DOTTED = re.compile(r"(?P<top>\w+)\.(?P<rest>\w+(?:\.\w+)*)(?::\w.*)?")
COMMENT = re.compile(r"(?m)^[ \t]*#.*")
ASSIGNED = re.compile(r"PYTHONPATH(?:=|\s+)[\"']?([^\"'\s]+)")


def search_path(mover: Mover, image: Image, instruction: Instruction) -> Iterator[Edit]:
    """``ENV PYTHONPATH=/code`` as ``/code/src``; the old directory stays beside it where something needs it."""
    for start, value in _given(instruction):
        yield from _elements(mover, image, instruction, start, value)


def _given(instruction: Instruction) -> Iterator[tuple[int, str]]:
    """Where PYTHONPATH gets a value, and which, with the quotes that it stands in."""
    words = instruction.words
    for word in words:
        name, equals, value = word.text.partition("=")
        if name == "PYTHONPATH" and equals:
            yield word.start + len(name) + 1, value
    if len(words) == 2 and words[0].text == "PYTHONPATH":
        yield words[1].start, words[1].text


def _elements(mover: Mover, image: Image, instruction: Instruction, start: int, value: str) -> Iterator[Edit]:
    workdir, said = image.workdirs[instruction.begin], set[str]()
    for match in PART.finditer(value):
        text = match[0]
        new = _element(mover, image, workdir, text)
        if new in said:
            yield Edit(start + match.start() - 1, start + match.end(), b"")
        elif new != text:
            is_root = not _held(mover, image, normpath(join(workdir, expand(text, image.values))))
            beside = f":{text}" if mover.stays_importable and is_root else ""
            yield Edit(start + match.start(), start + match.end(), (new + beside).encode("latin-1", "replace"))
        said.add(new)


def _element(mover: Mover, image: Image, workdir: str, text: str) -> str:
    """One directory of a search path in the image afterwards."""
    if text in (".", "./"):
        return mover.root(".", "") if "" in mover.project.layout.roots else text
    directory = normpath(join(workdir, expand(text, image.values)))
    inside = None if "$" in directory else _held(mover, image, directory)
    if inside and inside not in mover.project.layout.roots and mover.is_moved(inside) and text.endswith(inside):
        return text[: -len(inside)] + mover.new(inside)
    if (
        inside
        and inside in mover.project.layout.roots
        and (directory, inside) in image.places
        and text.endswith(inside)
    ):
        return f"{text}/{SRC}"  # `COPY app /app`: only the folder itself is called so there
    return mover.root(text, inside) if inside is not None and inside in mover.project.layout.roots else text


def import_path(file: Dockerfile) -> Iterator[Edit]:
    """``ENV PYTHONPATH=/code/src`` behind the first COPY that brings code to a stage that runs Python.

    None where the file sets it already, or where the project is installed after its code was copied. An image that
    gets its code from a volume alone has it behind its working directory.
    """
    found = list(instructions(file.text))
    if file.vendored:
        yield from _of_vendor(file, found)
        return
    bringing = [(copy, root) for copy in file.image.copies if (root := import_root(file, copy))]
    unknown = [copy for copy in file.image.copies if UNKNOWN in copy.target and _is_of_project(file, copy)]
    first = min((copy.instruction.begin for copy in (*unknown, *(copy for copy, _ in bringing))), default=0)
    if first and any(_installs(file.text, item) and item.begin > first for item in found):
        return
    if unknown:
        text = "the folder of the base image is not known: Python must find `src` there (PYTHONPATH), or the wheel"
        file.mover.ask(text, file.path, unknown[0].instruction.line)
    given = _said(found)
    if given:
        yield from _beside(file, given, [root for _, root in bringing])
        return
    if not bringing and not unknown and (brought := _by_volume(file, found)):
        yield _behind(file, brought[0], f"ENV PYTHONPATH={brought[1]}")
    done: set[int] = set()
    built_from = bases(file.image, found)
    for copy, root in bringing:
        inherited = built_from.get(copy.stage)
        if copy.stage in done or not _runs_python(file, found, copy):
            continue
        done.add(copy.stage)
        if inherited not in done:
            yield _behind(file, copy.instruction, f"ENV PYTHONPATH={root}")


def _behind(file: Dockerfile, item: Instruction, line: str) -> Edit:
    """A line of its own behind an instruction."""
    ending = "\r" if file.text[item.end - 1 : item.end] == "\r" else ""
    return Edit(item.end, item.end, f"\n{line}{ending}".encode("latin-1", "replace"))


def _of_vendor(file: Dockerfile, found: list[Instruction]) -> Iterator[Edit]:
    """What an image that looks for ``/app/app/main.py`` must be told, where it gets all of a project.

    Source: ``APP_MODULE`` and ``MODULE_NAME`` in https://github.com/tiangolo/uvicorn-gunicorn-docker
    """
    app = file.mover.project.app
    whole = [copy for copy in file.image.copies if not copy.origin and file.holds_project(copy)]
    module = file.mover.script(app.path) if app else None
    copied = (whole[0].instruction, import_root(file, whole[0])) if whole else None
    behind, root = copied or _by_volume(file, found) or (None, "")
    if not (app and module and behind and root):
        return
    live = COMMENT.sub("", file.text)
    given = _said(found)
    if given:
        parted = not copied and any(map(file.brings_code, file.image.copies))  # both are looked for
        yield from _added(given[0], root) if parted else _beside(file, given, [root])
    said = [] if given or "PYTHONPATH" in live else [f"PYTHONPATH={root}:{dirname(root)}"]
    if not re.search(r"\b(?:APP_MODULE|MODULE_NAME)\b", live):
        said.append(f"APP_MODULE={module}:{app.attribute}")
    if said:
        yield _behind(file, behind, f"ENV {' '.join(said)}")


def from_above(file: Dockerfile, item: Instruction) -> Iterator[Edit]:
    """``app.main:app`` where the project lies in ``/app``, and the command runs around that: there the folder is the
    package, by a name that only the image gives it."""
    image, mover = file.image, file.mover
    here = image.workdirs[item.begin]
    names = {
        place.rpartition("/")[2] for place, inside in image.places if not inside and dirname(place) == here != place
    }
    tops = {path.split("/")[0] for path in mover.files}
    for word in (word for command in shell_commands(file.text, item) for word in command):
        found = DOTTED.fullmatch(word.text)
        if not found or found["top"] not in names or found["top"] in tops:
            continue
        stem = found["rest"].replace(".", "/")
        paths = filter(mover.tree.has, (f"{stem}.py", f"{stem}/__init__.py"))
        if module := next(filter(None, map(mover.script, paths)), None):
            yield Edit(word.start, word.start + found.end("rest"), module.encode())


def _said(found: list[Instruction]) -> list[tuple[Instruction, int, str]]:
    """Every ENV that gives a search path, with where its value stands, and that."""
    return [(item, start, value) for item in found if item.keyword == "ENV" for start, value in _given(item)]


def _is_of_project(file: Dockerfile, copy: Copy) -> bool:
    return not copy.origin and file.brings_code(copy)


def _beside(file: Dockerfile, given: list[tuple[Instruction, int, str]], roots: list[str]) -> Iterator[Edit]:
    """``src`` behind a search path that names nothing of the project: it was found in the working directory."""
    image = file.image
    named = [expand(part, image.values) for _, _, value in given for part in PART.findall(value)]
    if (
        not roots
        or "." in named
        or any("$" in part or _follows(file, part) for part in named if "PYTHONPATH" not in part)
    ):
        return
    yield from _added(given[0], roots[0])


def _added(given: tuple[Instruction, int, str], root: str) -> Iterator[Edit]:
    _, start, value = given
    said = value.strip("\"'")
    at = start + (len(value.rstrip("\"'")) if said else value.startswith(("'", '"')))
    yield Edit(at, at, f"{':' if said else ''}{root}".encode("latin-1", "replace"))


def _follows(file: Dockerfile, directory: str) -> bool:
    """Whether a directory of the search path leads to the code afterwards, as it stands or as `search_path` says it.

    ``/app`` to which ``COPY legacy .`` brought the code does not: that lies in ``/app/src/legacy`` then.
    """
    inside = _held(file.mover, file.image, normpath(directory))
    if inside is None or inside not in file.mover.project.layout.roots:
        return False
    return SRC in inside.split("/") or file.mover.root(directory, inside) != directory


def _held(mover: Mover, image: Image, directory: str) -> str | None:
    """The folder of the project that a directory of an image is, by a COPY or by a volume."""
    inside = image.of(directory)
    return mounts(mover).get(directory) if inside is None else inside


def _by_volume(file: Dockerfile, found: list[Instruction]) -> tuple[Instruction, str] | None:
    """The import path of an image whose code lies in a volume, and behind which instruction to say it: a compose file
    mounts the project, or a package of it, where that runs."""
    image, last = file.image, max(file.image.stages.values(), default=0)
    copies = [copy for copy in image.copies if not copy.origin]
    ours = not copies or any(any(map(file.context.locate, copy.paths)) for copy in copies)
    python = file.vendored or any(_is_python(file.text, item) for item in found if item.keyword == "FROM")
    inside = [item for item in found if image.stages[item.begin] == last]
    moves = [number for number, item in enumerate(inside) if item.keyword == "WORKDIR" and item.words]
    brings = any(file.brings_code(copy) and not _is_as_mounted(file, copy) for copy in image.copies)
    if not ours or not python or brings or not (moves or file.vendored):
        return None
    behind = inside[moves[-1] if moves else 0]
    place = image.workdirs[inside[-1].begin]
    if moves and behind is inside[-1]:
        place = normpath(join(place, expand(behind.words[0].text, image.values)))
    there = mounts(file.mover)
    if place in there and (there[place] != SRC or _goes_down(file.mover)):
        return behind, place if there[place] else join(place, SRC)
    packages = {where for where, what in volumes(file.mover) if what and file.mover.is_moved(what)}
    if place not in there and any(where.startswith(f"{place.rstrip('/')}/") for where in packages):
        return behind, join(place, SRC)
    if any(re.search(rf"[:\s]{re.escape(place)}/?[\"':\s]", text) for _, text in _compose(file.mover)):
        text = f"what a volume brings to {place}: if it is the project, Python must find its `src` (PYTHONPATH)"
        file.mover.ask(text, file.path, behind.line)
    return None


def _is_as_mounted(file: Dockerfile, copy: Copy) -> bool:
    """Whether a base image that looks for the code itself finds a package by one name, in what a COPY brings and in a
    volume of the whole project."""
    found = [(source, mirrored_root(copy, source.inside, folder=True)) for source in file.moving(copy) if source.folder]
    names = all(source.new == f"{SRC}/{source.inside}" for source, _ in found)
    there = {place for place, inside in mounts(file.mover).items() if not inside}
    return file.vendored and names and all(root in there and not file.target(copy, source) for source, root in found)


def _compose(mover: Mover) -> Iterator[tuple[str, str]]:
    """The compose files of the project and around it, with their text."""
    for path in (*mover.tree.files(), *mover.tree.outer()):
        if COMPOSE.fullmatch(path):
            yield path, mover.tree.text(path) + "\n"


def mounts(mover: Mover) -> dict[str, str]:
    """The directories of images at which compose files mount the whole project, or its ``src``, each with which."""
    return {place: inside for place, inside in volumes(mover) if inside in ("", SRC)}


def volumes(mover: Mover) -> list[tuple[str, str]]:
    """The directories of images at which compose files mount a folder of the project, each with that."""
    repository = tuple(filter(None, mover.project.repository.split("/")))
    return sorted({each for path, text in _compose(mover) for each in mounted(path, text, repository)}, reverse=True)


def _goes_down(mover: Mover) -> bool:
    """Whether something moves from ``src`` into the package that the move makes there."""
    return any(old.startswith(f"{SRC}/") and new.startswith(f"{SRC}/") for old, new in mover.moves)


def import_root(file: Dockerfile, copy: Copy) -> str:
    """The image's ``src`` directory after a COPY that brings the project or some of its code; ``""`` for others."""
    made = _goes_down(file.mover)
    for path in copy.paths:
        below = None if copy.origin else file.context.below(path)
        if below is not None and "$" not in copy.target:
            return normpath(join(copy.target, below, "src"))
        for place, what in file.places_of(copy.origin) if _has_code(file, copy) and "$" not in copy.target else ():
            if not what and f"{place}/".startswith(f"{path.rstrip('/')}/"):
                return normpath(join(copy.target, relpath(place, path), "src"))
        inside = None if copy.origin else file.context.locate(path)
        if inside == SRC and made and "$" not in copy.target:
            return normpath(copy.target)  # the folder around the package that the move makes
    for source in file.moving(copy):
        if not source.folder and not source.inside.endswith(".py"):
            continue
        target = file.target(copy, source)
        if target.endswith("/" + source.new):
            return target[: -len(source.new)] + "src"
    return ""


def _has_code(file: Dockerfile, copy: Copy) -> bool:
    """Whether a COPY takes from a stage of this file to which code was brought; a manifest alone is none."""
    stage = file.image.names.get(copy.origin.lower(), int(copy.origin) if copy.origin.isdecimal() else -1)
    return any(import_root(file, other) for other in file.image.copies if other.stage == stage and stage < copy.stage)


def bases(image: Image, found: list[Instruction]) -> dict[int, int]:
    """For each stage the stage that it is built from."""
    origins = (item for item in found if item.keyword == "FROM" and item.words)
    named = ((item, expand(item.words[0].text, image.values).lower()) for item in origins)
    return {image.stages[item.begin]: image.names[name] for item, name in named if name in image.names}


def _runs_python(file: Dockerfile, found: list[Instruction], copy: Copy) -> bool:
    """Whether Python runs in an image after a COPY: by a command there, or because the image is used for it."""
    stages, last = file.image.stages, max(file.image.stages.values())
    behind = [item for item in found if stages[item.begin] == copy.stage and item.begin > copy.instruction.begin]
    if any(_is_python(file.text, item) for item in behind):
        return True
    built_from = bases(file.image, found)
    used = copy.stage == last or copy.stage in built_from.values()
    chain = [copy.stage]
    while (below := built_from.get(chain[-1])) is not None and below not in chain:
        chain.append(below)
    return used and any(_is_python(file.text, item) for item in found if stages[item.begin] in chain)


def _is_python(text: str, item: Instruction) -> bool:
    if item.keyword == "FROM":
        return re.search(r"python|pypy|conda|astral-sh/uv", text[item.start : item.end]) is not None
    if item.keyword not in ("RUN", "CMD", "ENTRYPOINT"):
        return False
    words = (word for command in shell_commands(text, item) for word in command)
    return any(PYTHON.fullmatch(basename(word.text)) for word in words)


def _installs(text: str, instruction: Instruction) -> bool:
    """Whether a RUN installs the project itself."""
    return instruction.keyword == "RUN" and any(_installing(command) for command in shell_commands(text, instruction))


def _installing(command: Command) -> bool:
    words = [word.text for word in command]
    programs = [basename(word) for word in words]
    if {"install", "sync"} & set(words) and any(name.startswith("pip") for name in programs):
        return any(word in (".", "./") or word.startswith((".[", "./[")) for word in words)
    for program, switches in NOT_THE_PROJECT.items():
        if program in programs and ("sync" in words or "install" in words):
            return not any(switch in words for switch in switches)
    return False
