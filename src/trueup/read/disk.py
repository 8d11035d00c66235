"""The files of a project on disk. Links are never followed, git is never run, nothing is executed."""

from __future__ import annotations

import os
import re
import stat
from functools import cached_property
from pathlib import Path, PurePosixPath

from trueup.errors import ProjectError
from trueup.model.command_line import REQUIREMENTS
from trueup.model.pattern import lazy
from trueup.model.tree import Entry, Tree
from trueup.read import git, zones
from trueup.read.ignore import Ignores

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# Directories that hold what tools made, by name: not even listed.
MADE_BY_TOOLS = lazy(
    r"""__pycache__|__pypackages__|node_modules|bower_components|site-packages|dist-packages|.*\.egg-info|.*\.dist-info
    |\.(git|hg|svn|bzr|tox|nox|eggs|mypy_cache|ruff_cache|pytest_cache|import_linter_cache|pytype|pyre|hypothesis
       |ipynb_checkpoints|cache|pdm-build|terraform|next|nuxt|gradle)""",
    re.VERBOSE,
)
# Files around a project that can speak of it, by name, in the repository's top two levels ...
SPEAKS = lazy(
    r"""readme.*|contributing.*|.*\.(md|markdown|mdx|mdc|rst)|makefile|gnumakefile|justfile|taskfile.*|.*dockerfile.*|.*compose.*\.ya?ml
    |procfile.*|.*\.(sh|ps1|bat|cmd|service)|\.(docker|git)ignore|\.gitattributes|codeowners|\.gitlab-ci\.ya?ml|\.travis\.ya?ml
    |azure-pipelines.*\.ya?ml|bitbucket-pipelines\.ya?ml|jenkinsfile|cloudbuild.*\.ya?ml|appspec\.ya?ml|buildspec\.ya?ml
    |\.pre-commit-config\.ya?ml|package\.json|ecosystem\.config\..*|fly\.toml|vercel\.json|render\.ya?ml|railway\..*|heroku\.yml
    |\.(cursor|windsurf|cline)rules
    |app\.ya?ml|app\.json|host\.json|serverless\.ya?ml|skaffold\.ya?ml|supervisord?\.conf|nginx.*\.conf|tox\.ini
    |pyproject\.toml|pipfile|uv\.(lock|toml)|\.python-version|pyrightconfig\.json|\.?ruff\.toml|sonar-project\.properties|\.env.*""",
    re.VERBOSE | re.IGNORECASE,
)
# ... and everything in these directories of its top.
SPEAKING_DIRECTORIES = (".github", ".gitlab", ".circleci", ".vscode", ".devcontainer")
# Folders of its top that hold how it is built and started, or what an assistant is told of it, however deep.
DEPLOYING = (
    *(".claude", ".cursor", ".agents", ".codex", ".windsurf", ".clinerules"),
    *("docker", ".docker", "compose", "docker-compose", "docker_compose"),
    *("deploy", "deployment", "deployments", "infra", "ops", "ci", ".ci"),
)
# How many bytes of a project are kept once read: all of a small one, whose files are asked for ten times each.
KEPT_BYTES = 1 << 20
OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class DiskTree(Tree):
    """The tree below ``root``; ``repository`` is the folder at or above it that holds ``.git``, if any.

    Both are absolute and resolved.

    Not listed at all: what tools made (``MADE_BY_TOOLS``). One entry of kind ``dir``, not looked into:
    directories that git ignores, virtual environments, other repositories. A project without a
    repository keeps its ``.gitignore`` all the same.
    """

    def __init__(self, root: Path, repository: Path | None = None) -> None:
        self.root = root
        self.repository = repository
        top = self.repository or self.root
        self._below = "".join(f"{part}/" for part in self.root.relative_to(top).parts)
        self._ignores = Ignores()
        if self.repository:
            self._ignores.add("", git.exclude_text(self.repository) + "\n" + self._ignore_text(top))
        for folder in list(PurePosixPath(self._below).parents)[::-1] if self._below else ():
            self._learn(top / folder, "" if str(folder) == "." else str(folder))
        self._kept: dict[str, bytes] = {}
        self._room = KEPT_BYTES
        self._place = os.path.join(root, "")  # noqa: PTH118 - pathlib is slow for thousands of files
        self.times: list[int] = []  # when the entries, and what is in them, changed last; in the order of the walk
        entries = dict(self._walk(str(self.root), ""))
        if self._below:
            self.entries = entries
            entries.update(dict(self._around(top)))
        self.entries = dict(sorted(entries.items()))

    def read(self, path: str) -> bytes:
        """The bytes of the regular file at ``path``.

        ``KeyError`` where no such file is listed (links and devices are not files); ``ProjectError``
        where it cannot be read.
        """
        if path in self._kept:
            return self._kept[path]
        if self.entries[path].kind != "file":
            raise KeyError(path)
        data = self._read(path)
        if len(data) <= self._room:
            self._room -= len(data)
            self._kept[path] = data
        return data

    def _read(self, path: str) -> bytes:
        """The bytes of what is listed as a regular file, if it still is one."""
        try:
            handle = os.open(self._place + path, OPEN_FLAGS)
            try:
                status = os.fstat(handle)
                if not stat.S_ISREG(status.st_mode):
                    raise KeyError(path)
                data = os.read(handle, status.st_size + 1)
                if len(data) == status.st_size:
                    return data
                with os.fdopen(os.dup(handle), "rb") as file:  # it is being written, or no usual file system
                    return data + file.read()
            finally:
                os.close(handle)
        except OSError as problem:
            reason = problem.strerror or type(problem).__name__
            raise ProjectError(f"{path} cannot be read: {reason}", "mend the file or its permissions") from problem

    @cached_property
    def _tracked(self) -> frozenset[str]:
        """What git tracks: it is never ignored, whatever the patterns say."""
        return (git.tracked(self.repository) if self.repository else None) or frozenset()

    @cached_property
    def _tracked_directories(self) -> frozenset[str]:
        found: set[str] = set()
        for path in self._tracked:
            folder = path.rpartition("/")[0]
            while folder and folder not in found:
                found.add(folder)
                folder = folder.rpartition("/")[0]
        return frozenset(found)

    def _ignore_text(self, folder: Path) -> str:
        return git.read_small(folder / ".gitignore").decode("utf-8", "surrogateescape")

    def _learn(self, folder: Path, name: str) -> None:
        """Read the ``.gitignore`` of a folder; that of a repository's top is known already."""
        if name or not self.repository:
            self._ignores.add(name, self._ignore_text(folder))

    def _walk(self, folder: str, prefix: str) -> Iterator[tuple[str, Entry]]:
        """Every entry below ``folder``, whose paths begin with ``prefix``; no order."""
        pending = [(folder, prefix, False)]
        while pending:
            here, prefix, inherited = pending.pop()
            found = scan(here)
            if found is None:
                yield prefix[:-1], Entry("other")
                continue
            name = (self._below + prefix)[:-1]
            if any(item.name == ".gitignore" for item in found):
                self._learn(Path(here), name)
            if prefix and is_foreign(here, {item.name for item in found}):
                yield prefix[:-1], Entry("dir", ignored=self._closes_itself(name, inherited))
                continue
            for item in found:
                path = prefix + item.name
                if not is_folder(item):
                    yield path, self._entry(item, self._below + path, inherited)
                elif not MADE_BY_TOOLS.fullmatch(item.name):
                    inside = inherited or self._ignores.ignored(self._below + path, True)
                    if inside and self._below + path not in self._tracked_directories:
                        yield path, Entry("dir", ignored=True)
                    else:
                        pending.append((item.path, path + "/", inside))

    def _entry(self, item: os.DirEntry[str], path: str, inherited: bool) -> Entry:
        """The entry of anything that is not a directory, by its path in the repository; its times are noted.

        ``inherited``: git ignores the folder.
        """
        named = inherited or self._ignores.ignored(path, False)
        tracked = named and path in self._tracked
        ignored = named and not tracked
        try:
            status = item.stat(follow_symlinks=False)
        except OSError:
            return Entry("other", ignored=ignored)
        self.times += (status.st_mtime_ns, status.st_ctime_ns)
        kind = "link" if stat.S_ISLNK(status.st_mode) else "file" if stat.S_ISREG(status.st_mode) else "other"
        return Entry(kind, status.st_size, stat.S_IMODE(status.st_mode), ignored, overruled=tracked)

    def _closes_itself(self, folder: str, inherited: bool) -> bool:
        """Whether git ignores a virtual environment: from outside, or by the ``*`` in its own ``.gitignore``."""
        hidden = inherited or self._ignores.ignored(f"{folder}/pyvenv.cfg", False)
        return hidden and folder not in self._tracked_directories

    def _around(self, top: Path) -> Iterator[tuple[str, Entry]]:
        """The files of the repository outside the project that can speak of it, as ``../...``."""
        climb = "../" * self._below.count("/")
        from trueup.read.neighbours import MANIFESTS, is_program

        yield from self._importers(top, climb)
        for folder, prefix in self._projects_around(top):
            for item in scan(folder) or []:
                if item.name in MANIFESTS and not is_folder(item):
                    path = prefix + item.name
                    yield relative(climb, self._below, path), self._entry(item, path, inherited=False)
        for folder, prefix in self._places_around(top):
            items = scan(folder) or []
            own = not self._below.startswith(prefix) and is_program(item.name for item in items)
            built = not own and any("dockerfile" in item.name.lower() for item in items)  # from a list beside it
            for item in items:
                path = prefix + item.name
                if is_folder(item):
                    continue
                listed = built and REQUIREMENTS.fullmatch(item.name)
                if listed or (speaks(path) and self._concerns(folder / item.name, path, own=own)):
                    yield relative(climb, self._below, path), self._entry(item, path, inherited=False)

    def _importers(self, top: Path, climb: str) -> Iterator[tuple[str, Entry]]:
        """Python files at the repository's top, and its tests, that import code of the project."""
        from trueup.read.neighbours import imports_any

        names = {path.split("/")[0].removesuffix(".py") for path in self.entries if path.endswith(".py")}
        names |= {path.split("/")[1].removesuffix(".py") for path in self.entries if path.startswith("src/")}
        if not names:
            return
        imported, at_top = imports_any(self._below, names), modules_in(top)
        places = [(top, "")]
        for item in filter(is_folder, scan(top) or []):
            if zones.TESTS.fullmatch(item.name) and not self._below.startswith(f"{item.name}/"):
                places += folders(top / item.name, f"{item.name}/")
        for folder, prefix in places:
            beside = (at_top | modules_in(folder)) - {self._below.split("/")[0].encode()}
            for item in scan(folder) or []:
                python = item.name.endswith(".py") and not is_folder(item)
                if python and set(imported.findall(git.read_small(folder / item.name))) - beside:
                    path = prefix + item.name
                    yield relative(climb, self._below, path), self._entry(item, path, inherited=False)

    def _concerns(self, place: Path, path: str, *, own: bool) -> bool:
        """Whether a file around the project is for it: an image that holds nothing of it is another's.

        ``own``: it lies in another program's folder, and is for the project only where it names that.
        """
        from trueup.read.neighbours import MANIFESTS, copies, is_above

        below = self._below.rstrip("/")
        if "dockerfile" in place.name.lower() and not place.name.lower().endswith("ignore"):
            around = is_above(path.rpartition("/")[0], below)
            return copies(git.read_small(place).decode("latin-1"), self._below, around=around, own=own)
        return not own or place.name in MANIFESTS or PurePosixPath(below).name.encode() in git.read_small(place)

    def _places_around(self, top: Path) -> Iterator[tuple[Path, str]]:
        """Folders to look at, each with its path in the repository: the top, its children, and the way down."""
        yield top, ""
        for item in filter(is_folder, scan(top) or []):
            folder, prefix = top / item.name, item.name + "/"
            deploying = item.name in DEPLOYING and not self._below.startswith(prefix) and not self._closed(folder)
            if item.name in SPEAKING_DIRECTORIES or deploying:
                yield from folders(folder, prefix)
            elif prefix != self._below and not self._closed(folder):
                yield folder, prefix
        parts = self._below.split("/")[:-1]
        for count in range(2, len(parts)):
            yield top.joinpath(*parts[:count]), "/".join(parts[:count]) + "/"

    def _projects_around(self, top: Path) -> Iterator[tuple[Path, str]]:
        """Folders further down, in which a project may lie: those beside the ones on the way, and in the top's."""
        parts = self._below.split("/")[:-1]
        ways = {item.name for item in filter(is_folder, scan(top) or []) if not self._closed(top / item.name)}
        for way in sorted(ways | {"/".join(parts[:count]) for count in range(1, len(parts))}):
            for item in filter(is_folder, scan(top / way) or []):
                prefix = f"{way}/{item.name}/"
                made = MADE_BY_TOOLS.fullmatch(item.name) or self._ignores.ignored(prefix[:-1], True)
                if not made and not self._below.startswith(prefix) and f"{way}/" != self._below:
                    yield top / way / item.name, prefix

    def _closed(self, folder: Path) -> bool:
        """Whether a folder at the repository's top is not looked into."""
        made = MADE_BY_TOOLS.fullmatch(folder.name) or self._ignores.ignored(folder.name, True)
        return bool(made) or is_foreign(folder, {item.name for item in scan(folder) or []})


def scan(folder: str | Path) -> list[os.DirEntry[str]] | None:
    """What lies in a folder; ``None`` where it cannot be listed."""
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:
        return None


# One of these lies in every directory that is none of the project's, unless that is called build.
FOREIGN = {".git", "pyvenv.cfg", "conda-meta", "Lib", "lib"}


def is_folder(item: os.DirEntry[str]) -> bool:
    """Whether an entry is a directory itself: no link, and no junction of Windows."""
    return item.is_dir(follow_symlinks=False) and not getattr(item, "is_junction", bool)()


def folders(folder: Path, prefix: str) -> Iterator[tuple[Path, str]]:
    """A folder and all below it, but for what tools made, and other checkouts."""
    found = scan(folder) or []
    if any(item.name == ".git" for item in found):
        return
    yield folder, prefix
    for item in filter(is_folder, found):
        if not MADE_BY_TOOLS.fullmatch(item.name):
            yield from folders(folder / item.name, f"{prefix}{item.name}/")


def modules_in(folder: Path) -> set[bytes]:
    """The names of the modules and packages that lie in a folder."""
    found: set[bytes] = set()
    for item in scan(folder) or []:
        if is_folder(item):
            if any(inner.name.endswith(".py") for inner in scan(folder / item.name) or []):
                found.add(os.fsencode(item.name))
        elif item.name.endswith(".py"):
            found.add(os.fsencode(item.name.removesuffix(".py")))
    return found


def speaks(path: str) -> bool:
    """Whether a file outside the project can name it; ``path`` is relative to the repository."""
    folder, _, name = path.rpartition("/")
    return folder.split("/")[0] in SPEAKING_DIRECTORIES or bool(SPEAKS.fullmatch(name))


def relative(climb: str, below: str, path: str) -> str:
    """``path`` of the repository as seen from the project, which lies at ``below``."""
    start = ""
    for part in below.split("/")[:-1]:
        if not path.startswith(f"{start}{part}/"):
            break
        start += part + "/"
        climb = climb[3:]
    return climb + path[len(start) :]


def is_foreign(place: str | Path, names: set[str]) -> bool:
    """Whether a directory is none of the project's: another repository, a virtual or conda environment."""
    folder = place if isinstance(place, Path) else Path(place) if names & FOREIGN or place.endswith("build") else None
    if folder is None:
        return False
    if names & {".git", "pyvenv.cfg", "conda-meta"}:
        return True
    if "Lib" in names and (folder / "Lib" / "site-packages").is_dir():
        return True
    if "lib" in names and any((folder / "lib").glob("python*/site-packages")):
        return True
    return folder.name == "build" and "__init__.py" not in names and any(map(made_by_setuptools, names))


def made_by_setuptools(name: str) -> bool:
    """Whether an entry of ``build/`` shows that setuptools built there."""
    return name == "lib" or name.startswith(("bdist.", "lib.", "temp."))
