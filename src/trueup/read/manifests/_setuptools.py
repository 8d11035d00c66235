"""What setup.py and setup.cfg share: keywords of ``setup()`` as PEP 621 metadata, requirements and build facts."""

from __future__ import annotations

import re

from trueup.model.noun import NamedTuple
from trueup.read.manifests._metadata import licence, person
from trueup.read.manifests._static_values import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

# Keywords that say nothing any more, with the reason.
OBSOLETE = {
    "zip_safe": "no installer makes eggs",
    "platforms": "no index reads it",
    "test_suite": "setup.py test is gone",
    "test_loader": "setup.py test is gone",
    "provides": "no installer reads it",
    "obsoletes": "no installer reads it",
    "requires": "distutils' own list, which no installer reads",
    "use_2to3": "2to3 is gone",
    "eager_resources": "no installer makes eggs",
    "dependency_links": "pip ignores it since version 19",
}
# Keywords that say what the wheel holds; the build backend is told of them.
BUILD = (
    *("packages", "package_dir", "package_data", "include_package_data", "exclude_package_data", "py_modules"),
    "namespace_packages",
)
COMPILED = ("ext_modules", "ext_package", "cffi_modules", "rust_extensions", "cmdclass", "distclass", "libraries")
_URLS = {"url": "Homepage", "download_url": "Download"}


class Said(NamedTuple):
    """Where a keyword went: a key of pyproject.toml, or the reason why it has no place."""

    to: str = ""
    reason: str = ""
    kind: str = "metadata"


def simple(key: str, value: Any, metadata: dict[str, Any]) -> Said | None:
    """Put a keyword that is plain metadata into ``metadata``; ``None`` for keywords that are more than that."""
    if key in ("name", "version", "description"):
        metadata[key] = " ".join(str(value).split()) if key == "description" else str(value)
        return Said(f"project.{key}")
    if key in _URLS:
        metadata.setdefault("urls", {})[_URLS[key]] = str(value)
        return Said("project.urls")
    if key == "project_urls" and isinstance(value, dict):
        metadata.setdefault("urls", {}).update({str(name): str(link) for name, link in value.items()})
        return Said("project.urls")
    if key == "python_requires":
        metadata["requires-python"] = re.sub(r"\s*,\s*", ",", str(value).strip())
        return Said("project.requires-python")
    if key == "keywords":
        words = re.split(r",\s*|\s+", value.strip()) if isinstance(value, str) else list(value)
        if isinstance(value, str) and "," in value:
            words = [word.strip() for word in value.split(",")]
        metadata["keywords"] = [str(word) for word in words if word]
        return Said("project.keywords")
    if key == "classifiers":
        listed = value.splitlines() if isinstance(value, str) else value
        metadata["classifiers"] = [str(item).strip() for item in listed if str(item).strip()]
        return Said("project.classifiers")
    if key == "license" and str(value).strip():
        metadata["license"] = licence(str(value))
        return Said("project.license")
    return Said(reason=OBSOLETE[key], kind="option") if key in OBSOLETE else None


def people(found: Mapping[str, Any], metadata: dict[str, Any]) -> None:
    """Author and maintainer from their two keywords each."""
    for key, plural in (("author", "authors"), ("maintainer", "maintainers")):
        listed = person(found.get(key), found.get(f"{key}_email"))
        if listed:
            metadata[plural] = listed


def entry_points(value: Any) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Entry points by group, from a table of lists or INI text; and those whose extras are left out.

    Raises ``Unreadable`` where a group is not known, ``TypeError`` where it, or the whole, has no such form.
    """
    groups: dict[str, list[str]] = {}
    if isinstance(value, str):
        section = ""
        for line in value.splitlines():
            text = line.partition("#")[0].strip()
            if text.startswith("["):
                section = text.strip("[] ")
            elif text:
                groups.setdefault(section, []).append(text)
    elif isinstance(value, dict):
        for name, lines in value.items():
            groups[str(name)] = [line.strip() for line in _lines(lines) if line.strip()]
    else:
        raise TypeError("neither text nor a table")
    found: dict[str, dict[str, str]] = {}
    dropped: list[str] = []
    for group, lines in groups.items():
        for line in lines:
            name, _, target = line.partition("=")
            plain = re.sub(r"\s*\[[^\]]*\]\s*$", "", target).strip()
            if plain != target.strip():
                dropped.append(name.strip())
            found.setdefault(group, {})[name.strip()] = plain
    return found, dropped


def _lines(value: Any) -> list[str]:
    if isinstance(value, Unreadable):
        raise value
    listed = value.splitlines() if isinstance(value, str) else value
    if not isinstance(listed, list | tuple) or not all(isinstance(line, str) for line in listed):
        raise TypeError("neither text nor a list of texts")
    return list(listed)


def add_entry_points(value: Any, metadata: dict[str, Any]) -> str:
    """Put entry points into ``metadata``; what was left out, as a reason."""
    found, dropped = entry_points(value)
    for group, key in (("console_scripts", "scripts"), ("gui_scripts", "gui-scripts")):
        if group in found:
            metadata[key] = found.pop(group)
    if found:
        metadata["entry-points"] = found
    return f"extras of {', '.join(dropped)} left out: no installer honours them" if dropped else ""


def split_extra(key: str) -> tuple[str, str]:
    """``dev:python_version<'3.9'`` is the extra ``dev`` with a marker; ``:marker`` is no extra at all."""
    extra, colon, marker = key.partition(":")
    return extra.strip(), marker.strip() if colon else ""


def with_marker(text: str, marker: str) -> str:
    """A requirement that also needs ``marker``."""
    if not marker:
        return text
    plain, semicolon, old = text.partition(";")
    both = f"({old.strip()}) and ({marker})" if semicolon else marker
    return f"{plain.strip()} ; {both}"
