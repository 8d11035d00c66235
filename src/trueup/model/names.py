"""Names of distributions, as they are compared (PEP 503), and of files that have no other suffix."""

from __future__ import annotations

import re

from trueup.model.pattern import lazy

# `Dockerfile`, `api.Dockerfile`, `Dockerfile.dev`, `DockerfileApi`; what a build ignores, and a document, is none.
DOCKERFILE = lazy(r"(?:.*\.)?(?:docker|container)file(?!(?:.*\.)?(?:dockerignore|md)$).*", re.IGNORECASE)


def normal(name: str) -> str:
    """``Foo_Bar.baz`` as ``foo-bar-baz``."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirement_name(text: str) -> str:
    """The normalised name at the start of a PEP 508 requirement."""
    return normal(re.split(r"[^A-Za-z0-9._-]", text.strip(), maxsplit=1)[0])


def valid(name: str) -> str:
    """A name as [project] takes it: letters, digits and ``.-_`` between them; normal where it is another, if any is
    left."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("._-")
    return name if plain == name else normal(plain)
