"""Bytes to text, whatever wrote them: pip, PowerShell, an old editor."""

from __future__ import annotations

import codecs

from trueup.model.pattern import lazy

LARGEST = 1_000_000  # bytes; nobody writes a manifest beyond that by hand

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_COOKIE = lazy(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", words=(b"coding",))


def decode(data: bytes) -> str:
    """The text: by byte order mark, by NUL bytes (UTF-16 without a mark), by coding cookie, UTF-8, else Latin-1.

    Raises ``ValueError`` for what is no text: a damaged UTF-16 file, or one that is larger than 1 MB.
    """
    if len(data) > LARGEST:
        raise ValueError(f"larger than {LARGEST:,} bytes")
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if "\0" not in text:
            return text
    raise ValueError("is not text")


def _encodings(data: bytes) -> list[str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return [encoding]
    if b"\0" in data[:200]:
        return ["utf-16-le" if data[1:2] == b"\0" else "utf-16-be"]
    cookies = [found[1].decode("ascii") for line in data.splitlines()[:2] if (found := _COOKIE.match(line))]
    return [*cookies[:1], "utf-8", "latin-1"]
