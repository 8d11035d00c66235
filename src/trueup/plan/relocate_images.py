"""Places in images that Python names: ``open("/code/app/x.toml")``, where a Dockerfile has ``COPY app /code/app``."""

from __future__ import annotations

import re
from functools import lru_cache

from trueup.model.noun import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.plan.moves import Mover
    from trueup.text.python_strings import Literal

PLACE = re.compile(r"/[\w.-]+(?:/[\w.-]+)*/?")
# Calls whose first argument is the path of an address, if it begins with a slash.
CALLS = """
get post put delete patch head options request route api_route add_api_route websocket websocket_route mount url_for
redirect RedirectResponse include_router
"""
MOUNTED = re.compile(r"\.mount\(\s*[\"']/([\w./-]+?)/?[\"']\s*,\s*(?:\w+=)?\s*[\w.]*Static")
ADDRESSED = frozenset(CALLS.split())
SERVED = re.compile(r"\.(?:css|m?js|html?|svg|png|jpe?g|gif|ico|webp|woff2?|map)$")  # what an address may be of, too
SEVERAL = "images have it in several places"
MAY_BE = "it may be a place in the image of what moves, or something else"


class Place(NamedTuple):
    """A directory of an image, what it is in the project, and where that is in the image afterwards.

    ``after`` is empty for what mirrors the project, or lies where it lay.
    """

    directory: str
    inside: str
    after: str


def after_the_move(mover: Mover, text: str) -> tuple[str, set[str]]:
    """What an absolute path is in the project, and all that it is called afterwards, by one image or another."""
    plain, target, found = text.rstrip("/"), "", set[str]()
    for places in mover.images:
        around = next((item for item in places if f"{plain}/".startswith(item.directory.rstrip("/") + "/")), None)
        if around is None:
            continue
        rest = plain[len(around.directory.rstrip("/")) + 1 :]
        inside = f"{around.inside}/{rest}".strip("/")
        if not mover.is_moved(inside):
            continue
        target = inside
        if around.after:
            found.add(f"{around.after}/{rest}".rstrip("/"))
        else:
            found.add(plain if around.inside else f"{around.directory.rstrip('/')}/{mover.new(inside)}")
    return target, found


def in_image(mover: Mover, item: Literal, *, is_path: bool) -> tuple[str | None, str]:
    """A place in an image by its new name (``None``: as it is), and why that is not certain."""
    text = item.text
    target, found = after_the_move(mover, text) if mover.images and PLACE.fullmatch(text) else ("", set())
    if not found or found == {text.rstrip("/")}:
        return None, ""
    new = min(found - {text.rstrip("/")}) + "/" * text.endswith("/")
    is_file, is_folder = mover.tree.has(target), mover.tree.has_dir(target)
    made = is_path and mover.tree.has_dir(target.rpartition("/")[0])  # in a folder that is there
    if not (is_file or is_folder or made) or (item.position == 0 and item.call.rpartition(".")[2] in ADDRESSED):
        return None, ""
    sure = is_path or (is_file and item.position != 0 and not SERVED.search(text))
    return new, (SEVERAL if len(found) > 1 else "") if sure else MAY_BE


def mentions(mover: Mover, data: bytes) -> bool:
    """The cheap first question: whether any string begins like a place in an image that holds what moves."""
    directories = frozenset(item.directory for places in mover.images for item in places)
    return bool(directories) and _beginnings(directories).search(data) is not None


@lru_cache(maxsize=8)
def _beginnings(directories: frozenset[str]) -> re.Pattern[bytes]:
    heads = "|".join(re.escape(each.rstrip("/")) for each in sorted(directories))
    return re.compile(rf"[\"'](?:{heads})/[\w.]".encode())


def tell_addresses(mover: Mover) -> None:
    """Ask about paths of a folder that moves, and that is the address, too, at which it is served."""
    texts = {path: mover.tree.text(path) for path in mover.project.sources}
    mounts = {found[1] for text in texts.values() for found in MOUNTED.finditer(text)}
    for folder in sorted(mounts):
        if mover.new(folder) == folder or not mover.tree.has_dir(folder):
            continue
        named = re.compile(rf"[\"']{re.escape(folder)}/")
        for path, text in texts.items():
            if found := named.search(text):
                line = text.count("\n", 0, found.start()) + 1
                said = (
                    f"{folder} moves, and is served at /{folder}: what is both, a path and an address, is one of them"
                )
                mover.ask(said, path, line)
