"""Everything in a project that says which Python it runs on, each with its place; ``model.python`` chooses."""

from __future__ import annotations

import re
from itertools import product

from trueup.errors import ProjectError
from trueup.model.pattern import lazy
from trueup.model.project import PythonEvidence
from trueup.model.span import Place
from trueup.read import image_python, owners, zones

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from trueup.model.project import Project
    from trueup.model.source import SourceFile

SIZE_CAP = 1_000_000
VERSION = r"[23]\.\d{1,2}(?:\.\d+)?"
BARE = lazy(rf"(?<![\w.]){VERSION}(?![\w.])")
IMAGE = rf"[^\s\"'$]*\bpython:?({VERSION})"
COMPILED = (
    r"^#(?:(?!\bpip[ -]compile\b)[^\n])*+pip[^\n]*?(?:with (?:[Pp]ython )?|--python(?:-version)?[ =]|-p )"
    rf"({VERSION})(?![\w.])"
)
# Who says it | which file | where the version stands in it, as group 1.
TABLE = (
    ("pin", r"\.python-versions?", r"\A(?:[ \t]*(?:#.*)?\r?\n)*[ \t]*([^\s#]+)"),
    ("pin", r"\.tool-versions", r"^[ \t]*python[ \t]+(\S+)"),
    ("pin", r"\.?mise\.toml", r"^[ \t]*python[ \t]*=[ \t]*[\"']([^\"']+)"),
    ("pin", r"Pipfile", r"^[ \t]*python_(?:full_)?version[ \t]*=[ \t]*[\"']([^\"']+)"),
    ("pin", r"(conda-)?environment[\w-]*\.ya?ml", rf"^[ \t]*-[ \t]*[\"']?python[ \t]*={{1,2}}[ \t]*({VERSION})"),
    ("runtime", r"runtime\.txt", r"^[ \t]*python-(\S+)"),
    ("runtime", r"app\.ya?ml|serverless\.ya?ml", r"^[ \t]*runtime:[ \t]*[\"']?(python[\d.]+)"),
    ("docker", r"(?i:.*(docker|container)file.*)", rf"^[ \t]*(?i:FROM)[ \t]+(?:--\S+[ \t]+)*{IMAGE}"),
    ("docker", r".*compose.*\.ya?ml|devcontainer\.json", rf"[\"']?image[\"']?:[ \t]*[\"']?{IMAGE}"),
    (
        "ci",
        r"\.gitlab-ci\.ya?ml|config\.ya?ml|bitbucket-pipelines\.ya?ml",
        rf"image:[ \t]*(?:\n[ \t]+name:)?[ \t]*[\"']?{IMAGE}",
    ),
    (
        "compiled",
        r"(?i:[\w.-]*req(?:uirement)?s?[\w.-]*\.txt)",
        COMPILED,
    ),
)
ROWS = tuple((what, lazy(file), lazy(where, re.MULTILINE)) for what, file, where in TABLE)
SPEAKS = lazy("|".join([*(f"(?:{file})" for _, file, _ in TABLE), r"(?i:.*\.ya?ml)"]))
OF_PYTHON = lazy(r"^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*\S*\bpython(?=[:@\d\s]|$)", re.MULTILINE | re.IGNORECASE)
CI = lazy(
    r"(^|/)(\.github/(workflows|actions)/.*|\.travis|azure-pipelines.*|\.gitlab-ci|\.circleci/config"
    r"|\.woodpecker(/.*)?)\.ya?ml$"
)
CI_KEY = lazy(
    r"^[ \t-]*[\"']?(?:python|python[-_.]?versions?|py|py[-_]?ver\w*|UV_PYTHON)[\"']?[ \t]*:[ \t]*"
    r"(\[[^\]]*\]|[^\s\[#][^\n]*|(?:\n[ \t]+-[^\n]*)+)",
    re.MULTILINE | re.IGNORECASE,
)
DEPLOYS = lazy(r"(?:deploy(?:ment)?|infra|ci|scripts|tools?|bin)/(?:.*/)?[^/]*(?:[Dd]ocker|[Cc]ontainer)file[^/]*$")
INSTALLS = lazy(
    r"^[ \t]*(?:COPY|ADD)[ \t]++(?:--\S+[ \t]++)*(?:\.|[^\n]*(?:pyproject\.toml|requirements|Pipfile|setup\.py))",
    re.MULTILINE | re.IGNORECASE,
)
DOCKER_ARGUMENT = lazy(r"^[ \t]*ARG[ \t]+(\w+)=[\"']?([\w.-]+)", re.MULTILINE, words=("ARG",))
CLASSIFIER = lazy(r"Programming Language :: Python :: (\d\.\d+)")
ENVIRONMENTS = lazy(r"^(?:env_?list)[ \t]*=[ \t]*((?:.*(?:\n[ \t]+.*)*))", re.MULTILINE, words=("envlist", "env_list"))
KINDS = ("pin", "requires", "docker", "ci", "runtime", "classifier", "tox", "compiled", "syntax")

# Modules and names that came with a version: https://docs.python.org/3/whatsnew/
SINCE: dict[str, str] = {
    "tomllib": "3.11",
    "typing.Self": "3.11",
    "typing.Never": "3.11",
    "typing.assert_never": "3.11",
    "typing.LiteralString": "3.11",
    "typing.Required": "3.11",
    "typing.NotRequired": "3.11",
    "typing.ParamSpec": "3.10",
    "typing.TypeAlias": "3.10",
    "typing.TypeGuard": "3.10",
    "typing.override": "3.12",
    "typing.TypeIs": "3.13",
    "typing.ReadOnly": "3.13",
    "enum.StrEnum": "3.11",
    "datetime.UTC": "3.11",
    "asyncio.TaskGroup": "3.11",
    "itertools.pairwise": "3.10",
    "itertools.batched": "3.12",
    "warnings.deprecated": "3.13",
    "annotationlib": "3.14",
    "compression.zstd": "3.14",
}


def read_evidence(project: Project) -> tuple[PythonEvidence, ...]:
    """All evidence, each place once, in the order of ``KINDS``; what is further from the project counts where nothing
    nearer says the same."""
    weak = set(images(project))
    found = dict.fromkeys([*files(project), *sorted(weak), *manifests(project), *tox(project), *syntax(project)])
    folders = owners.manifest_folders(project.tree)
    nested = folders - {""} if "" in folders else frozenset[str]()
    far = {item: (distance(item, nested), item in weak) for item in found}
    nearest = {what: min(far[item] for item in found if item.what == what) for what in {item.what for item in found}}
    kept = [item for item in found if far[item] == nearest[item.what]]
    return tuple(sorted(kept, key=lambda item: (KINDS.index(item.what), item.place)))


def distance(item: PythonEvidence, nested: Collection[str]) -> int:
    """How far what says it is from the project: its own, in a folder of deployment, another project's in it, or a
    development container's."""
    if item.what not in ("pin", "docker", "runtime", "compiled"):
        return 0
    path = item.place.path
    if item.what == "docker" and ".devcontainer" in path:
        return 3
    if any(path.startswith(f"{folder}/") for folder in nested):
        return 2
    return int(zones.is_aside(path) and not path.startswith("."))


def text_of(project: Project, path: str) -> str:
    """The text of a file that is neither ignored nor huge nor unreadable, else nothing."""
    if project.tree.entries[path].size > SIZE_CAP:
        return ""
    try:
        return project.tree.text(path)
    except ProjectError:
        return ""


def speaking(project: Project) -> Iterator[str]:
    """Files of the project, and those around it that are not another project's."""
    folder = project.repository.split("/")[-1]
    for path in project.tree.called(SPEAKS):
        if not path.startswith("../"):
            if not zones.is_aside(path) or path.startswith(".") or deploys(project, path):
                yield path
            continue
        inside = path.replace("../", "")
        if inside.endswith("Pipfile"):
            continue
        if "/" not in inside or inside.startswith(".") or inside.split("/")[0] == folder:
            yield path


def deploys(project: Project, path: str) -> bool:
    """Whether a Dockerfile in a folder of deployment takes in the project."""
    return DEPLOYS.match(path) is not None and INSTALLS.search(text_of(project, path)) is not None


def files(project: Project) -> Iterator[PythonEvidence]:
    """What the table of files says."""
    pinned = False
    for path in speaking(project):
        name = path.rpartition("/")[2]
        rows = [(what, where) for what, file, where in ROWS if file.fullmatch(name)]
        if not rows and not CI.search(path):
            continue
        text = text_of(project, path)
        if CI.search(path):
            yield from ci(path, text)
        for what, where in rows:
            if what == "docker":
                text = with_arguments(text)
            if name == ".python-version" and pinned:
                continue  # the one nearest to the project counts, as uv and pyenv look upwards
            for match in where.finditer(text):
                yield PythonEvidence(what, match[1], Place(path, line_at(text, match.start(1))))
            pinned = pinned or name == ".python-version"


def images(project: Project) -> Iterator[PythonEvidence]:
    """What Dockerfiles install that do not begin with an image of Python."""
    for path in speaking(project):
        text = with_arguments(text_of(project, path)) if image_python.FILE.fullmatch(path.rpartition("/")[2]) else ""
        if text and not OF_PYTHON.search(text):
            for version, offset in image_python.installed(text):
                yield PythonEvidence("docker", version, Place(path, line_at(text, offset)))


def with_arguments(text: str) -> str:
    """A Dockerfile with the defaults of its arguments put in; line breaks stay where they are."""
    for name, value in DOCKER_ARGUMENT.findall(text):
        text = re.sub(rf"\$(?:\{{{name}(?::-[^}}]*)?\}}|{name}\b)", value, text)
    return text


def ci(path: str, text: str) -> Iterator[PythonEvidence]:
    """The versions that a workflow sets up, read as text: YAML would make 3.10 a number."""
    for match in CI_KEY.finditer(text):
        for version in BARE.finditer(match[1].split("${{")[0]):
            yield PythonEvidence("ci", version[0], Place(path, line_at(text, match.start(1) + version.start())))


def manifests(project: Project) -> Iterator[PythonEvidence]:
    """``requires-python`` and classifiers, wherever a manifest has them."""
    for manifest in project.manifests:
        requires = manifest.metadata.get("requires-python")
        if isinstance(requires, str) and requires and manifest.format != "conda":  # its python line is read as a pin
            yield PythonEvidence("requires", requires, place_of(project, manifest.path, PLACES))
        classifiers = manifest.metadata.get("classifiers")
        for classifier in classifiers if isinstance(classifiers, (list, tuple)) else ():
            match = CLASSIFIER.fullmatch(str(classifier))
            if match:
                yield PythonEvidence("classifier", match[1], place_of(project, manifest.path, (str(classifier),)))


PLACES = ("requires-python", "python_requires", "requires_python", "python_version", "python")


def place_of(project: Project, path: str, words: tuple[str, ...]) -> Place:
    """The line of a manifest on which one of ``words`` stands first."""
    text = text_of(project, path) if path in project.tree.entries else ""
    for word in words:
        match = re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text)
        if match:
            return Place(path, line_at(text, match.start()))
    return Place(path)


def tox(project: Project) -> Iterator[PythonEvidence]:
    """The environments of tox, and the versions that a noxfile spells."""
    for path in ("tox.ini", "setup.cfg"):
        text = text_of(project, path) if project.tree.has(path) else ""
        match = ENVIRONMENTS.search(text)
        for word in re.findall(r"(?:[^,\s{}]|\{[^}]*\})+", match[1]) if match else ():
            for name in expanded(word):
                version = re.match(r"(?:py|python)?(3)\.?(\d{1,2})(?![\d.])", name)
                if version and match:
                    place = Place(path, line_at(text, text.index(word, match.start())))
                    yield PythonEvidence("tox", f"{version[1]}.{version[2]}", place)
    if project.tree.has("noxfile.py"):
        text = text_of(project, "noxfile.py")
        for quoted in re.finditer(r"[\"'](3\.\d{1,2})[\"']", text):
            yield PythonEvidence("tox", quoted[1], Place("noxfile.py", line_at(text, quoted.start())))


def expanded(word: str) -> list[str]:
    """``py3{10,11}`` and ``3.1{0-2}`` of tox written out."""
    parts = [part.split(",") if index % 2 else [part] for index, part in enumerate(re.split(r"\{([^}]*)\}", word))]
    ranged = [[choice for item in part for choice in numbers(item.strip())] for part in parts]
    return ["".join(choice) for choice in product(*ranged)]


def numbers(item: str) -> list[str]:
    """``0-5`` of a tox list as six numbers; anything else as it is."""
    match = re.fullmatch(r"(\d{1,2})-(\d{1,2})", item)
    return [str(number) for number in range(int(match[1]), int(match[2]) + 1)] if match else [item]


def syntax(project: Project) -> Iterator[PythonEvidence]:
    """The newest version that the code's own syntax or imports need; the first place of several.

    A file whose own syntax is not known yet is read only where it may be newer than what is found already.
    """
    files = [source for path, source in project.sources.items() if not zones.is_aside(path) or zones.is_test(path)]
    found: list[tuple[Rank, PythonEvidence]] = []
    unknown: list[tuple[Rank, SourceFile]] = []
    for number, source in enumerate(files):
        if source.has("floor"):
            found += ranked(source, number, 1, [source.floor])
        else:
            unknown.append(((key_of(source.newest), -number, 1), source))
        found += ranked(source, number, 0, imported_floors(source))
    best = max(found, key=lambda item: item[0], default=None)
    for newest, source in sorted(unknown, key=lambda item: item[0], reverse=True):
        if best is None or newest > best[0]:
            needs = ranked(source, -newest[1], 1, [source.floor])
            best = max(([best] if best else []) + needs, key=lambda item: item[0], default=None)
    if best:
        yield best[1]


Rank = tuple[tuple[int, ...], int, int]  # version, then the first file, then syntax before imports


def ranked(
    source: SourceFile, number: int, kind: int, floors: Iterable[tuple[str, int]]
) -> list[tuple[Rank, PythonEvidence]]:
    """Floors of a file with what decides between several."""
    return [
        ((key_of(version), -number, kind), PythonEvidence("syntax", version, Place(source.path, line)))
        for version, line in floors
        if version
    ]


def key_of(version: str) -> tuple[int, ...]:
    """``(3, 12)`` of ``3.12``."""
    return tuple(map(int, version.split(".")))


def imported_floors(source: SourceFile) -> Iterator[tuple[str, int]]:
    """What the imports of a file need that are not made conditional."""
    for statement in source.imports:
        if statement.inside == "" and not statement.level:
            targets = [f"{statement.module}.{name}" for name, _ in statement.names] if statement.is_from else []
            for target in (*targets, *statement.targets()):
                if target in SINCE:
                    yield SINCE[target], statement.line


def line_at(text: str, offset: int) -> int:
    """The 1-based line of an offset."""
    return text.count("\n", 0, offset) + 1
