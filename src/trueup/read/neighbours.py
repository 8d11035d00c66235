"""What lies around a project in its repository, and is another project's: its images, documents and commands stay."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise, takewhile
from posixpath import dirname, join, normpath, relpath

from trueup.model.command_line import MANAGERS, PYTHON, pip_arguments, requirement_files
from trueup.model.packages import TAKEN
from trueup.model.pattern import lazy
from trueup.read import zones
from trueup.text.docker import copied
from trueup.text.scalars import scalars

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from trueup.model.tree import Tree
    from trueup.read.commands import Script
    from trueup.text.shell import Command

WILD = lazy(r"[*?$\[<%]")
DOCUMENTS = (
    *("docs", "doc", "documentation", ".github", ".gitlab", ".devcontainer"),
    *(".claude", ".cursor", ".agents", ".codex", ".windsurf", ".clinerules"),
)
# Images, by the end of their names, whose things lie where they want them.
FOREIGN = lazy(
    r"(?:\A|/)(?:nginx|caddy|traefik|httpd|apache|haproxy|envoy|postgres|postgis|pgvector|timescale|mysql|mariadb|mongo|redis|valkey"
    r"|rabbitmq|kafka|zookeeper|elasticsearch|opensearch|memcached|minio|grafana|prometheus|loki|adminer|pgadmin|mailhog"
    r"|mailpit|node|certbot|flyway|liquibase|localstack|keycloak|vault|consul)[^/]*\Z"
)
COMMON = frozenset({"src", "scripts", "docs", "conftest", "setup", "noxfile", "tasks", "manage"})
OTHERS = COMMON | TAKEN
MANIFESTS = ("pyproject.toml", "package.json", "Pipfile")
PROGRAM = lazy(
    r"pyproject\.toml|setup\.(?:py|cfg)|(?:[\w.-]+[-_])?requirements?[\w.-]*\.(?:txt|in)|Pipfile|package\.json|go\.mod"
    r"|Cargo\.toml|pom\.xml|build\.gradle(?:\.kts)?|Gemfile|composer\.json|[\w.-]+\.csproj"
)


def imports_any(below: str, names: Iterable[str]) -> re.Pattern[bytes]:
    """What stands where a file around the project imports its code: by the path of the project, or from inside."""
    inside = [name for name in names if name.isidentifier() and not zones.TESTS.fullmatch(name) and name not in OTHERS]
    dotted = below.strip("/").replace("/", ".")
    tops = "|".join(map(re.escape, (dotted, *sorted(inside))))
    return re.compile(rf"(?m)^[ \t]*(?:from|import)[ \t]+({tops})(?![\w])".encode())


def is_program(names: Iterable[str]) -> bool:
    """Whether a folder holds the manifest of a program, so that what lies beside it speaks of that."""
    return any(map(PROGRAM.fullmatch, names))


def copies(text: str, below: str, *, around: bool, own: bool = False) -> bool:
    """Whether a Dockerfile outside of the project ``below`` puts something of it into its image.

    ``around``: it lies in a folder above the project; then one that copies nothing may be for it, too. A context may
    begin at any folder above the project, so any end of its path counts. ``own``: it lies beside another program;
    then it is for the project only where it names that.
    """
    parts = below.strip("/").split("/")
    ends = ["/".join(parts[at:]) for at in range(1 if own else len(parts))]
    sources = [normpath(word.text.lstrip("/")) for item in copied(text) for word in item.words[:-1]]
    for source in sources:
        if not own and (source == "." or WILD.search(source)):
            return True
        if any(is_above(source, end) or is_above(end, source) for end in ends):
            return True
    return around and not sources


def place(path: str, below: str) -> str:
    """``../../docker/Dockerfile`` of a project in ``services/api``, as a path of the repository."""
    parts = below.split("/")
    return "/".join([*parts[: len(parts) - path.count("../")], path.replace("../", "")])


def is_above(folder: str, below: str) -> bool:
    """Whether a folder of the repository is one above the project."""
    return not folder or f"{below}/".startswith(f"{folder}/")


def projects(outer: Collection[str], below: str) -> set[str]:
    """The folders of the repository that hold a manifest of another project."""
    manifests = (place(path, below) for path in outer if path.rpartition("/")[2] in MANIFESTS)
    return {folder for folder in map(dirname, manifests) if not is_above(folder, below)}


def concerning(
    found: Iterable[tuple[Command, str]], path: str, below: str, others: set[str], script: Script, tree: Tree
) -> Iterator[tuple[Command, str]]:
    """The commands of a file outside of the project that may be about it, each with the folder that it runs in.

    ``below`` is the project's path in the repository, as are the folders, ``others`` those of other projects. What
    runs in a folder that is neither above nor inside the project is not about it; a document of another project speaks
    of this one where it goes there, and one above both may start what the other one has.
    """
    prose, where = script.prose, script.where
    folder = dirname(place(path, below))
    top = folder.split("/")[0]
    if not is_above(folder, below) and ((prose and top not in DOCUMENTS) or _lies_in(folder, others)):
        yield from ((words, here) for words, here in found if prose and f"{here}/".startswith(f"{below}/"))
        return
    for words, here in found:
        if _is_elsewhere(here, below, others, prose=prose) or _is_for_the_top(words, here, below, where):
            continue
        if not (prose and others and here != below and starts_another(words, tree)):
            yield words, here


def starts_another(words: Command, tree: Tree) -> bool:
    """Whether a command starts a module of the project's own packages, or a script, that it does not have."""
    texts = [word.text for word in words]
    for before, text in pairwise(texts):
        stem = "/".join(takewhile(str.isidentifier, text.partition(":")[0].split("."))) if before == "-m" else ""
        roots = [root for root in ("", "src/") if tree.has_dir(f"{root}{stem.partition('/')[0]}")] if stem else []
        if roots and not any(tree.has(f"{root}{stem}.py") or tree.has_dir(f"{root}{stem}") for root in roots):
            return True
        script = PYTHON.fullmatch(before) and text.endswith(".py") and normpath(text)
        if (
            script
            and not script.startswith(("/", ".."))
            and not any(path == script or script.endswith(f"/{path}") for path in tree.files())
        ):
            return True
    return False


def _is_for_the_top(words: Command, folder: str, below: str, where: str) -> bool:
    """Whether CI calls a manager of environments above the project, which finds no manifest of the project there, or
    has pip read a file that lies there."""
    above = where == "ci" and folder != below and is_above(folder.removeprefix("."), below)
    if not above or any(below in word.text or below in join(folder, word.text) for word in words):
        return False
    files = requirement_files(pip_arguments(tuple(word.text for word in words)) or [])
    return bool(files) or any(word.text in MANAGERS for word in words[:2])


def _is_elsewhere(folder: str, below: str, others: set[str], *, prose: bool) -> bool:
    """Whether a folder is certainly another's; in a document only that of a project counts: it may name a clone."""
    if open_end := WILD.search(folder):
        folder = folder[: open_end.start()].rpartition("/")[0]
    if folder in (".", "") or folder.startswith(("/", "..", "~")):
        return False
    if prose:
        parts = folder.split("/")
        return any(_lies_in("/".join(parts[at:]), others) for at in range(len(parts)))
    return not is_above(folder, below) and not f"{folder}/".startswith(f"{below}/")


def services_of_others(tree: Tree, path: str, below: str) -> frozenset[str]:
    """The services of a compose file that are built from another folder than the project ``below``."""
    folder = dirname(place(path, below))
    found = set()
    for name, build in _builds(tree.text(path)).items():
        context = normpath(join(folder, build.get("context", ".")))
        if _is_elsewhere(context, below, set(), prose=False):
            found.add(name)
        elif "dockerfile" in build and is_above(context.removeprefix("."), below):
            file = normpath(join(context, build["dockerfile"]))
            if _is_elsewhere(dirname(file), below, set(), prose=False) and not tree.has(
                relpath("/" + file, "/" + below)
            ):
                found.add(name)
    return frozenset(found)


def is_built_from(tree: Tree, path: str, below: str, service: str) -> bool:
    """Whether a service of a compose file around the project is built from the project's folder."""
    build = _builds(tree.text(path)).get(service)
    return build is not None and normpath(join(dirname(place(path, below)), build.get("context", "."))) == below


def built_at(folder: str, text: str, offset: int) -> str:
    """The folder that the service at an offset of a compose file in ``folder`` is built from, else that of the file."""
    routes = (item.route for item in scalars("yaml", text) if item.start <= offset <= item.end)
    service = next((str(route[1]) for route in routes if route[:1] == ("services",)), "")
    return normpath(join(folder, _builds(text).get(service, {}).get("context", ".")))


@lru_cache(64)
def _builds(text: str) -> dict[str, dict[str, str]]:
    """The context and the Dockerfile of each service that is built."""
    built: dict[str, dict[str, str]] = {}
    for scalar in scalars("yaml", text):
        match () if scalar.is_key else scalar.names:
            case ("services", name, "build"):
                built.setdefault(name, {})["context"] = scalar.text
            case ("services", name, "build", "context" | "dockerfile" as key):
                built.setdefault(name, {})[key] = scalar.text
    return built


def _lies_in(folder: str, others: set[str]) -> bool:
    return any(f"{folder}/".startswith(f"{other}/") for other in others)
