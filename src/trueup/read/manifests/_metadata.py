"""Metadata of older formats as PEP 621 has it."""

from __future__ import annotations

import re

from trueup.model.pattern import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_PERSON = lazy(r"\s*(?P<name>[^<>]*?)\s*(?:<(?P<email>[^<>\s]+@[^<>\s]+)>)?\s*")
# SPDX identifiers by what people write; compared in lower case without "licen[sc]e", "the" and punctuation.
_LICENCES = {
    "mit": "MIT",
    "apache 20": "Apache-2.0",
    "apache2": "Apache-2.0",
    "apache20": "Apache-2.0",
    "apache software 20": "Apache-2.0",
    "apache version 20": "Apache-2.0",
    "bsd 3clause": "BSD-3-Clause",
    "bsd3clause": "BSD-3-Clause",
    "new bsd": "BSD-3-Clause",
    "bsd 2clause": "BSD-2-Clause",
    "bsd2clause": "BSD-2-Clause",
    "simplified bsd": "BSD-2-Clause",
    "isc": "ISC",
    "mpl 20": "MPL-2.0",
    "mpl20": "MPL-2.0",
    "mozilla public 20": "MPL-2.0",
    "gplv3": "GPL-3.0-only",
    "gpl30only": "GPL-3.0-only",
    "gpl30orlater": "GPL-3.0-or-later",
    "gpl20only": "GPL-2.0-only",
    "gpl20orlater": "GPL-2.0-or-later",
    "agpl30only": "AGPL-3.0-only",
    "agpl30orlater": "AGPL-3.0-or-later",
    "lgpl30orlater": "LGPL-3.0-or-later",
    "unlicense": "Unlicense",
    "zpl 21": "ZPL-2.1",
    "psf20": "PSF-2.0",
    "0bsd": "0BSD",
    "bsl10": "BSL-1.0",
}


def people(listed: Iterable[str]) -> list[dict[str, str]]:
    """``Name <email>`` strings as PEP 621 tables; what is neither stays a name."""
    found: list[dict[str, str]] = []
    for text in listed:
        match = _PERSON.fullmatch(text)
        person = {key: value for key, value in (match.groupdict() if match else {"name": text}).items() if value}
        if person:
            found.append(person)
    return found


def person(name: object, email: object) -> list[dict[str, str]]:
    """An author from two separate keys."""
    return [found] if (found := {k: str(v) for k, v in (("name", name), ("email", email)) if v}) else []


def licence(text: str) -> str:
    """The SPDX expression for a licence as people write it.

    What is no known licence becomes a ``LicenseRef`` (PEP 639), so that build backends accept it and
    nothing is claimed.
    """
    text = re.sub(r"^SPDX-License-Identifier:\s*", "", text.strip(), flags=re.IGNORECASE)
    plain = re.sub(r"\b(licen[sc]e|the|version)\b|[^\w\s]", "", text.lower())
    known = _LICENCES.get(" ".join(plain.split()))
    if known:
        return known
    return "LicenseRef-" + (re.sub(r"[^A-Za-z0-9.]+", "-", text).strip("-") or "Unknown")
