"""Texts outside Python's import statements that name the project's own code."""

from __future__ import annotations

from trueup.read.commands import source_text
from trueup.read.own import Own
from trueup.read.reference_files import rows_for
from trueup.read.reference_kinds import reference_rows, shells_for
from trueup.read.referring import File
from trueup.read.units import units
from trueup.text.docker_image import deepest, in_places, run_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.project import Project, Reference
    from trueup.read.reference_kinds import Row


def read_references(project: Project) -> tuple[Reference, ...]:
    """Every text that names own code, by the rows of ``reference_kinds``, in the order of files and offsets."""
    _, files = read_files(project)
    return tuple(reference for file, rows, shells in files for reference in file.references(rows, shells))


def read_files(project: Project) -> tuple[Own, list[tuple[File, list[Row], list[Row]]]]:
    """Every file that may name own code, with the rows that speak of its settings and of its commands."""
    own = Own(project)
    files: list[tuple[File, list[Row], list[Row]]] = []
    if not own.members:
        return own, files
    for path in (*project.tree.files(), *project.tree.outer(), *_ignored_environments(project)):
        rows, shells = rows_for(path, reference_rows()), shells_for(path)
        text = source_text(project.tree, path) if rows or shells else ""
        if text:
            files.append((File(own, path, text), rows, shells))
    images = [file for file, rows, _ in files if _is_dockerfile(rows)]
    places = {place for file in images for place in file.image.places}
    places |= {place for file, _, _ in files for place in units(file)}
    own.mounted = deepest({place for file, _, _ in files if "compose" in file.path for place in file.mounted_folders()})
    mounted = ((place, f"/{folder}" if folder else "") for place, folder in own.mounted)
    around = {(place.removesuffix(tail), "") for place, tail in mounted if place.endswith(tail)}
    places |= {place for place in around if place[0] and in_places(deepest(places), place[0]) is None}
    own.places = tuple(sorted(places, key=lambda place: (-len(place[0]), place)))
    inside = {folder for file in images for folder in run_in(file.text, file.image)}
    own.run_in = tuple(sorted(inside | {folder for _, folder in own.mounted if folder}))
    return own, files


def _is_dockerfile(rows: list[Row]) -> bool:
    return any("docker" in row.where for row in rows)


def _ignored_environments(project: Project) -> Iterator[str]:
    """``.env`` is never committed, but what it says holds."""
    return (path for path, entry in project.tree.entries.items() if entry.ignored and path in (".env", "../.env"))
