"""Where an image holds what: which of its directories mirror which of the project's.

``COPY . .`` in ``WORKDIR /code`` puts the project at ``/code``; ``COPY ./app /code/app`` says the same,
as the destination ends like the source; ``COPY ./app .`` puts the content of ``app`` there.
Source: COPY and WORKDIR in the Dockerfile reference.
"""

from __future__ import annotations

import re
from posixpath import basename, dirname, join, normpath

from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy
from trueup.text.docker import Instruction, instructions
from trueup.text.naming import WILD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from trueup.text.shell import Word

MANIFESTS = ("requirements.txt", "pyproject.toml", "setup.py", "package.json", "Pipfile", "go.mod", "Cargo.toml")
VARIABLE = lazy(r"\$\{?(\w+)\}?")


# Images by their names, wherever they are fetched, that leave the root as the working directory ...
COMMON = lazy(
    r"(?:c?python|pypy|debian|ubuntu|alpine|node|uv|poetry|pdm|amazonlinux|almalinux|rockylinux|fedora|busybox|cuda"
    r"|(?:mini|micro|ana)conda|miniforge|nginx)(?![a-z])"
)
FOLDERS = {  # and those that are known to be elsewhere
    "lambda/": "/var/task",
    "bitnami/": "/app",
    **dict.fromkeys(("tiangolo/uvicorn-gunicorn", "tiangolo/meinheld-gunicorn", "tiangolo/uwsgi-nginx"), "/app"),
}
ROOTED = lazy(r"(?:^|/)(?:tiangolo|distroless|devcontainers|astral-sh)/")
UNKNOWN = "/$WORKDIR"  # ... and what stands for that of another image


# What a compose file calls its folder by variables: ``${PWD}``, ``${PROJECT:-.}``.
HERE = r"\$\{?PWD\}?|\$\{(?!(?:PYTHON)?PATH:?-)\w+:?-(?:\.|\$\{?PWD\}?)\}"
# Of a compose file: ``- ./:/app``, ``- ${PWD}:/app``, and ``source: .`` above ``target: /app``; but no volume's name.
MOUNT = lazy(
    rf"""(?m)^[ \t]*-[ \t]*["']?(?=[.$/:])(?:(?:{HERE})/?)?(\.?[\w./-]*):(/[\w./-]+)"""
    rf"""|^[ \t-]*source:[ \t]*["']?(?=[.$])(?:(?:{HERE})/?)?(\.?[\w./-]*)["']?[ \t]*\r?\n"""
    r"""[ \t]*target:[ \t]*["']?(/[\w./-]+)"""
)


class Context(NamedTuple):
    """A build context, seen from the project: ``folder`` is relative to the project's root (``..`` is above it).

    ``repository`` is where the project lies in its repository, as parts of a path; ``is_folder`` and
    ``exists`` speak of paths relative to the project's root.
    """

    folder: str
    repository: tuple[str, ...]
    is_folder: Callable[[str], bool]
    exists: Callable[[str], bool]

    def locate(self, path: str) -> str | None:
        """The path in the project of a path in the context; ``None`` outside of the project."""
        return within(normpath(f"{self.folder}/{path}" if self.folder else path or "."), self.repository)

    def below(self, path: str) -> str | None:
        """Where the project lies under a path of the context; ``None`` where it does not."""
        parts = normpath(f"{self.folder}/{path}" if self.folder and path else self.folder or path or ".").split("/")
        down = tuple(part for part in parts if part not in ("..", "."))
        around = self.repository[max(len(self.repository) - parts.count(".."), 0) :]
        return "/".join(around[len(down) :]) if around[: len(down)] == down else None


def within(path: str, repository: tuple[str, ...]) -> str | None:
    """A normalised path relative to the project's root as one without ``..``; ``None`` outside the project."""
    parts = path.split("/")
    ups = parts.count("..")
    if ups > len(repository):
        return None
    around = repository[len(repository) - ups :] if ups else ()
    inside = parts[ups : ups + len(around)]
    if tuple(inside) != around:
        return None
    rest = "/".join(parts[ups + len(around) :])
    return "" if rest == "." else rest


def mounted(path: str, text: str, repository: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Which directories of images get which folders of the project by the volumes of a compose file."""
    for found in MOUNT.finditer(text):
        inside = within(normpath(join(dirname(path), found[1] or found[3] or ".")), repository)
        if inside is not None:
            yield normpath(found[2] or found[4]), inside


def find_context(
    text: str,
    folder: str,
    repository: tuple[str, ...],
    is_folder: Callable[[str], bool],
    exists: Callable[[str], bool],
) -> Context:
    """The build context of a Dockerfile in ``folder``: the directory around it that has most of what it copies.

    Where that tells nothing (``COPY . .``), it is the folder if that holds a manifest, else the project's root.
    """
    named = [
        word.text.lstrip("./")
        for item in instructions(text)
        if item.keyword in ("COPY", "ADD") and not any(flag.startswith("--from=") for flag in item.flags)
        for word in item.words[:-1]
        if word.text.strip("./") and not WILD.search(word.text)
    ]
    candidates = [
        Context(place, repository, is_folder, exists)
        for place in dict.fromkeys((folder, "", "/".join([".."] * len(repository))))
    ]

    def has(candidate: Context, source: str) -> bool:
        inside = candidate.locate(source)
        path = normpath(f"{candidate.folder}/{source}" if candidate.folder else source)
        return exists(path) or inside == "" or bool(inside and exists(inside))

    most = max(candidates, key=lambda candidate: sum(has(candidate, source) for source in named))
    if any(has(most, source) for source in named):
        return most
    own = candidates[0].below("") is not None or any(exists(f"{folder}/{name}") for name in MANIFESTS)
    return candidates[0] if own else candidates[1]


class Copy(NamedTuple):
    """One COPY or ADD; ``paths`` are the sources relative to the context (or absolute, of another stage).

    ``target`` is the absolute destination; ``into`` says that it is a directory that the sources land in.
    ``stage`` is the stage that it stands in, ``origin`` that which it copies from, or empty.
    """

    instruction: Instruction
    paths: tuple[str, ...]
    target: str
    into: bool
    workdir: str
    stage: int
    origin: str = ""

    @property
    def sources(self) -> tuple[Word, ...]:
        """The words of the sources."""
        return self.instruction.words[:-1]

    @property
    def destination(self) -> Word:
        """The word of the destination."""
        return self.instruction.words[-1]


class Image(NamedTuple):
    """``places`` are (directory of the image, path in the project), the deepest first.

    ``workdirs`` and ``stages`` are the working directory and the stage at each instruction, by where it begins;
    ``names`` are the stages by name.
    """

    places: tuple[tuple[str, str], ...]
    workdirs: dict[int, str]
    stages: dict[int, int]
    names: dict[str, int]
    copies: tuple[Copy, ...]
    values: dict[str, str]

    def of(self, path: str) -> str | None:
        """What of the project the image has at an absolute ``path``; ``None`` where nothing is known."""
        return in_places(self.places, path)


def in_places(places: Iterable[tuple[str, str]], path: str) -> str | None:
    """The path in the project of an absolute path in the image; ``""`` is the project's root."""
    plain = normpath(path)
    for place, source in places:
        if plain == place or plain.startswith(place.rstrip("/") + "/"):
            return join(source, plain[len(place) :].lstrip("/")).rstrip("/")
    return None


def mirrors(copies: Collection[Copy], context: Context) -> list[tuple[str, str]]:
    """Which directory of an image holds which folder of the project, those that lie deepest first.

    A single file says less than a folder: it may be put into another folder's code (``COPY .env app/``).
    """
    known = deepest({place for copy in copies for place in placed(copy, context, files=False)})
    guessed = {place for copy in copies for place in placed(copy, context, files=True)}
    return deepest({*known, *(place for place in guessed if not in_places(known, place[0]))})


def deepest(places: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Places in an image, those that lie deepest first."""
    return sorted(places, key=lambda place: (-len(place[0]), place[1]))


def read_image(text: str, context: Context) -> Image:
    """The image that a Dockerfile makes."""
    workdirs: dict[int, str] = {}
    stages: dict[int, int] = {}
    names: dict[str, int] = {}
    values: dict[str, str] = {}
    copies: list[Copy] = []
    for instruction, workdir, stage in _placed(text, names, values):
        workdirs[instruction.begin], stages[instruction.begin] = workdir, stage
        if instruction.keyword in ("COPY", "ADD") and len(instruction.words) > 1 and not instruction.heredoc:
            copy = _copy(instruction, workdir, stage, values)
            copies.append(copy)
    return Image(tuple(mirrors(copies, context)), workdirs, stages, names, tuple(copies), values)


def _placed(text: str, names: dict[str, int], values: dict[str, str]) -> Iterator[tuple[Instruction, str, int]]:
    """Every instruction with its working directory and stage; a stage begins in the directory of its base."""
    workdir, stage = "/", -1
    last: dict[str, str] = {}
    name = ""
    for instruction in instructions(text):
        words = [word.text for word in instruction.words]
        if instruction.keyword == "FROM" and words:
            last[name] = workdir
            base = expand(words[0], values)
            workdir, stage = last.get(base.lower(), _base_folder(base)), stage + 1
            name = words[2].lower() if len(words) > 2 else str(stage)
            names[name] = stage
        values.update(given(instruction))
        yield instruction, workdir, stage
        if instruction.keyword == "WORKDIR" and words:
            workdir = normpath(join(workdir, expand(words[0], values)))


def run_in(text: str, image: Image) -> Iterator[str]:
    """The folders of the project that an image runs commands in."""
    for item in instructions(text):
        if item.keyword == "WORKDIR" and item.words:
            inside = image.of(reached(image.workdirs[item.begin], item.words[0].text, image.values))
            yield from [inside] if inside else []


def given(instruction: Instruction) -> dict[str, str]:
    """The values that an ENV or ARG gives."""
    words = [word.text for word in instruction.words]
    if instruction.keyword not in ("ENV", "ARG"):
        return {}
    if instruction.keyword == "ENV" and len(words) > 1 and "=" not in words[0]:  # the old form
        return {words[0]: " ".join(words[1:])}
    return {name: value for name, equals, value in (word.partition("=") for word in words) if equals}


def reached(folder: str, text: str, values: dict[str, str]) -> str:
    """The directory that WORKDIR or COPY names from another; what begins with an unknown variable is a whole path."""
    place = expand(text, values)
    return normpath(join(folder, f"/{place}" if place.startswith("$") else place))


def _base_folder(image: str) -> str:
    """The working directory of a base image: that of the common ones is the root; of others nothing is known."""
    for maker, folder in FOLDERS.items():
        if maker in image:
            return folder
    name = re.split(r"[:@]", image.rpartition("/")[2])[0].strip("\"'")
    common = COMMON.fullmatch(name) if "." in image.split("/")[0] else COMMON.match(name)  # a registry of somebody's
    return "/" if "/" not in image or common or ROOTED.search(image) else UNKNOWN


def expand(text: str, values: dict[str, str]) -> str:
    """``$APP_HOME/x`` with the values of ENV and ARG; an unknown one stays."""
    return VARIABLE.sub(lambda match: values.get(match[1], match[0]).strip("\"'"), text)


def _copy(instruction: Instruction, workdir: str, stage: int, values: dict[str, str]) -> Copy:
    *sources, destination = (expand(word.text, values) for word in instruction.words)
    origin = next((flag[7:] for flag in instruction.flags if flag.startswith("--from=")), "")
    paths = (normpath(source) if origin else normpath(source.lstrip("/") or ".") for source in sources)
    into = destination.endswith(("/", ".")) or len(sources) > 1
    return Copy(
        instruction,
        tuple("" if path == "." else path for path in paths),
        normpath(join(workdir, destination)),
        into,
        workdir,
        stage,
        origin,
    )


def placed(copy: Copy, context: Context, *, files: bool) -> Iterator[tuple[str, str]]:
    """Which directories of the image hold which folders of the project, by the folders or the ``files`` of a COPY."""
    if copy.origin or "$" in copy.target:
        return
    for path in copy.paths:
        below, inside = context.below(path), context.locate(path)
        if below is not None and not files:
            yield normpath(join(copy.target, below)), ""
        elif below is None and inside is not None and context.is_folder(inside) is not files:
            root = mirrored_root(copy, inside, folder=context.is_folder(inside))
            if root is not None:
                yield root, ""
            elif context.is_folder(inside):
                yield copy.target, inside


def final_place(copy: Copy, path: str, *, folder: bool) -> str:
    """Where ``path`` lies in the image: a folder's content goes into the target, a file below or at it."""
    into = copy.into or copy.target == copy.workdir
    return join(copy.target, basename(path)) if into and not folder else copy.target


def mirrored_root(copy: Copy, path: str, *, folder: bool) -> str | None:
    """The image's directory that stands for the project once ``path`` (in the project) was copied, if one does.

    The image's own root does so only where commands run in it: ``COPY ./app /app`` in ``WORKDIR /app`` does not
    mean that ``/`` is the project.
    """
    final = final_place(copy, path, folder=folder)
    if not final.endswith("/" + path):
        return None
    root = final[: -len(path) - 1] or "/"
    return None if root == "/" and copy.workdir not in ("/", "") else root
