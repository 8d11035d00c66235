"""Package indexes as ``[[tool.uv.index]]`` holds them: named, and without secrets."""

from __future__ import annotations

import re

from trueup.read.manifests._direct import without_credentials

_PYPI = ("pypi.org", "pypi.python.org", "pypi.io")


def is_pypi(url: str) -> bool:
    """Whether an index is PyPI itself, which uv uses unasked."""
    from urllib.parse import urlsplit

    return urlsplit(url).hostname in _PYPI


def index_name(url: str) -> str:
    """A name for an index: its host, and the last part of its path that says something."""
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    host = re.sub(r"^(www|download)\.", "", parts.hostname or "")
    said = [part for part in parts.path.split("/") if part and part not in ("simple", "whl", "pypi", "-", "api")]
    words = [host.removesuffix(".org").removesuffix(".com"), *said[-1:]] if host else said[-1:]
    return re.sub(r"[^a-z0-9]+", "-", "-".join(words).lower()).strip("-") or "index"


def index(url: str, *, name: str = "", default: bool = False) -> tuple[dict[str, object], str]:
    """The table for an index, and a note about what it does not hold."""
    clean, secret = without_credentials(url)
    called = name or index_name(clean)
    table: dict[str, object] = {"name": called, "url": clean}
    if default:
        table["default"] = True
    variable = re.sub(r"[^A-Z0-9]", "_", called.upper())
    note = f"credentials go into UV_INDEX_{variable}_USERNAME and UV_INDEX_{variable}_PASSWORD" if secret else ""
    return table, note


def flat_index(place: str) -> dict[str, object]:
    """The table for a directory or page of links (``--find-links``)."""
    name = index_name(place) if "://" in place else re.sub(r"[^a-z0-9]+", "-", place.lower()).strip("-")
    return {"name": name or "links", "url": without_credentials(place)[0], "format": "flat"}
