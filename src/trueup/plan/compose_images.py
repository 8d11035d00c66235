"""From which Dockerfiles the services of compose files are built."""

from __future__ import annotations

import re
from posixpath import dirname, join, normpath

from trueup.text.docker_image import within
from trueup.text.scalars import scalars

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trueup.model.command_line import CommandLine
    from trueup.model.tree import Tree

COMPOSE = re.compile(r"[^/]*compose[^/]*\.ya?ml")
IMAGES = re.compile(r"[^/]*dockerfile[^/]*", re.I)
OFFICIAL = re.compile(r"(?:docker\.io/)?(?:library/)?[\w.-]+(?::[\w.-]+)?(?:@sha256:\w+)?")


def dockerfiles(tree: Tree) -> list[str]:
    """The Dockerfiles of the project."""
    return [path for path in tree.files() if IMAGES.fullmatch(path.rpartition("/")[2])]


def service_of(command: CommandLine, data: bytes) -> str:
    """The service that a command of a compose file belongs to; ``""`` where that is not known."""
    places = scalars("yaml", data.decode("latin-1"))
    held = next(
        (item for item in places if item.start < command.end and command.start <= item.end and not item.is_key), None
    )
    return str(held.route[1]) if held and held.route[:1] == ("services",) and len(held.route) > 2 else ""


def images_of(tree: Tree, path: str, name: str, below: str) -> Iterator[tuple[str, str]]:
    """The Dockerfiles that a service may be built from, each with the stage that is asked for."""
    every = [other for other in (*tree.files(), *tree.outer()) if dirname(other) == dirname(path)]
    every = [other for other in every if COMPOSE.fullmatch(other.rpartition("/")[2])]
    known = {other: _services(tree.text(other)) for other in (path, *every)}
    own = [services[name] for services in known.values() if name in services]
    extended = {said["extends"] for said in own if "extends" in said}
    own += [services[other] for services in known.values() for other in extended & services.keys()]
    built = [said for said in own if "context" in said]
    named = {said["image"] for said in own if "image" in said}
    if not built and named:
        built = [said for services in known.values() for said in services.values() if said.get("image") in named]
        built = [said for said in built if "context" in said]
        if not built and all(map(OFFICIAL.fullmatch, named)):
            return
    found = [_dockerfile(tree, path, said, below) for said in built]
    if not built:
        found = [(other, "") for other in dockerfiles(tree)]
        found = found if len(found) == 1 else []
    yield from (each for each in found if each[0])


def _dockerfile(tree: Tree, path: str, said: Mapping[str, str], below: str) -> tuple[str, str]:
    place = normpath(join(dirname(path), said["context"], said.get("dockerfile", "Dockerfile")))
    inside = within(place, tuple(filter(None, below.split("/"))))
    return next((each for each in (inside, place) if each and tree.has(each)), ""), said.get("target", "")


def _services(text: str) -> dict[str, dict[str, str]]:
    """What each service says of its image, by itself or by an anchor that it takes in."""
    found: dict[str, dict[str, str]] = {}
    for scalar in scalars("yaml", text):
        match () if scalar.is_key else scalar.names:
            case ("services", name, "build"):
                found.setdefault(name, {})["context"] = scalar.text
            case ("services", name, "build", "context" | "dockerfile" | "target" as key):
                found.setdefault(name, {}).setdefault("context", ".")
                found[name][key] = scalar.text
            case ("services", name, "image" | "extends" as key):
                found.setdefault(name, {})[key] = scalar.text
            case ("services", name, "extends", "service"):
                found.setdefault(name, {})["extends"] = scalar.text
    return found
