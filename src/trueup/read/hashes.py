"""The hashes that the old manifests fix: requirements files with ``--hash``, and the locks of Poetry, PDM and Pipenv.

uv takes over versions, not hashes: what an index has of a version today may be another file.
"""

from __future__ import annotations

from trueup.model.names import normal
from trueup.read.manifests._pep508 import requirement
from trueup.read.manifests._requirement_files import gather
from trueup.read.manifests._requirement_lines import split_options
from trueup.read.manifests._toml import load, strings, table, tables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.tree import Tree

Fixed = tuple[str, str, str]  # name, version, hash


def fixed_hashes(tree: Tree) -> dict[tuple[str, str], frozenset[str]]:
    """Every hash (``sha256:...``) that a file fixes, by the distribution's name and version."""
    found: dict[tuple[str, str], set[str]] = {}
    for name, version, digest in (
        *requirements(tree),
        *listed(tree, "poetry.lock"),
        *listed(tree, "pdm.lock"),
        *pipfile(tree),
    ):
        found.setdefault((normal(name), version), set()).add(digest)
    return {key: frozenset(digests) for key, digests in found.items()}


def requirements(tree: Tree) -> Iterator[Fixed]:
    """What stands behind the pins of requirements files."""
    for path, file in gather(tree).items():
        for line in file.lines:
            try:
                text, options = split_options(line.text)
                item = requirement(text, path, line.number) if text else None
            except ValueError:
                continue
            if item and item.pin:
                yield from ((item.name, item.pin, option.value) for option in options if option.name == "--hash")


def listed(tree: Tree, path: str) -> Iterator[Fixed]:
    """The files of ``[[package]]``; Poetry had them in a table of their own before the second version of its form."""
    document = load(tree, path)
    for item in tables(document.get("package")) if document and not document.error else ():
        name = str(item.get("name", ""))
        files = tables(item.get("files")) or (
            tables(table(document, "metadata", "files").get(name)) if document else []
        )
        yield from ((name, str(item.get("version", "")), str(file["hash"])) for file in files if "hash" in file)


def pipfile(tree: Tree) -> Iterator[Fixed]:
    """The categories of ``Pipfile.lock``."""
    document = load(tree, "Pipfile.lock")
    data = document.data if document and not document.error else None
    for category in data.values() if isinstance(data, dict) else ():
        for name, entry in category.items() if isinstance(category, dict) else ():
            version = str(entry.get("version", "")).removeprefix("==") if isinstance(entry, dict) else ""
            yield from ((name, version, digest) for digest in strings(entry.get("hashes") if version else None))
