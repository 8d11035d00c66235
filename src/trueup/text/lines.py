"""Text files as text, and back to the same bytes: encoding, byte order mark and newlines stay."""

from __future__ import annotations

from trueup.model.noun import NamedTuple

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


class Text(NamedTuple):
    """A decoded file; newlines are as they stand in it."""

    text: str
    encoding: str = "utf-8"
    mark: bytes = b""

    @property
    def newline(self) -> str:
        """The newline that the file uses."""
        return newline_of(self.text)

    def bytes(self, text: str) -> bytes:
        """``text`` as this file stores it; ``ValueError`` where its encoding lacks a character."""
        return self.mark + text.encode(self.encoding)


def decode(data: bytes) -> Text:
    """UTF-8, UTF-16 with a byte order mark, else Latin-1, in which every byte is a character."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return Text(data[len(mark) :].decode(encoding), encoding, mark)
            except UnicodeDecodeError:
                break
    try:
        return Text(data.decode())
    except UnicodeDecodeError:
        return Text(data.decode("latin-1"), "latin-1")


def newline_of(text: str) -> str:
    """``\\r\\n`` where the text uses it, else ``\\n``."""
    return "\r\n" if "\r\n" in text else "\n"


def split(text: str) -> list[str]:
    """The lines of ``text`` with their newlines; only ``\\n`` ends a line, as in every tool that counts them."""
    parts = text.split("\n")
    return [part + "\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def append(text: str, line: str) -> str:
    """``text`` with one more line, the last line before it ended."""
    newline = newline_of(text)
    ended = text if not text or text.endswith("\n") else text + newline
    return ended + line + newline
