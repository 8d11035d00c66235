"""Compose files of a relocation, where an image calls a folder of code otherwise than the project does
(``COPY app /code``): what is mounted or synchronised to that place, and where Python looks for it.

Source: ``volumes``, ``develop`` and ``environment`` in https://docs.docker.com/reference/compose-file/
"""

from __future__ import annotations

from posixpath import dirname, join, normpath

from trueup.model.span import Edit, splice
from trueup.plan.docker_path import COMPOSE
from trueup.plan.moves import SRC
from trueup.text.docker_image import within
from trueup.text.scalars import Scalar, scalars

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trueup.plan.moves import Mover

BESIDE = ("source", "path")  # what a volume, or a rule of `watch`, brings to its target
SEARCHED = "PYTHONPATH"


def rewrite_services(mover: Mover, contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """The compose files that change, where ``contents`` are those that did already."""
    moved = {
        (place, mover.new(inside)): after
        for (place, inside), after in mover.placements.items()
        if after != place and not place.endswith(f"/{inside}")
    }
    paths = (path for path in (*mover.tree.files(), *mover.tree.outer()) if moved and COMPOSE.fullmatch(path))
    data = {path: contents.get(path, mover.tree.read(path)) for path in paths}
    return {path: splice(text, list(_edits(mover, path, text, moved))) for path, text in data.items()}


def _edits(mover: Mover, path: str, data: bytes, moved: Mapping[tuple[str, str], str]) -> Iterator[Edit]:
    repository = tuple(filter(None, mover.project.repository.split("/")))
    values = [each for each in scalars("yaml", data.decode("latin-1")) if not each.is_key]
    said = {each.route: each.text for each in values}
    roots = {place: after.removesuffix(f"/{new.removeprefix(f'{SRC}/')}") for (place, new), after in moved.items()}
    for value in values:
        key = value.names[-1:]
        beside = next((said[at] for name in BESIDE if (at := (*value.route[:-1], name)) in said), "")
        if key == ("target",) and beside:
            inside = within(normpath(join(dirname(path), beside)), repository)
            after = moved.get((normpath(value.text), inside or ""))
            yield from [Edit(value.start, value.end, after.encode("latin-1"))] if after else []
        elif key == (SEARCHED,) or value.text.startswith(f"{SEARCHED}="):
            yield from _searched(value, roots)


def _searched(value: Scalar, roots: Mapping[str, str]) -> Iterator[Edit]:
    """The folder around the code, behind a search path that names the one that held it."""
    named = value.text.removeprefix(f"{SEARCHED}=").split(":")
    after = [roots[place] for place in map(normpath, named) if place in roots and roots[place] not in named]
    yield from [Edit(value.end, value.end, f":{after[0]}".encode("latin-1"))] if after else []
