"""Package indexes: who serves whose files, and what an address says."""

from __future__ import annotations

import re

from trueup.model.packages import facts
from trueup.model.pattern import lazy

PYPI = "https://pypi.org/simple"
UNREADABLE = "an address that cannot be read"
# Up to the `@`; or, where the text was cut off, to its end behind a colon that begins no port.
SECRET = lazy(
    r"(://)(?![^/@\s\"'`]*[${])(?:(?:[^/@\s\"'`:]*:[^/@\s\"'`]+|[\w.-]{16,})(@)"
    r"|[^/@\s\"'`:]*:(?!\d*(?:[/`]|$))[^/@\s\"'`]*(?=`|$))"
)
ADDRESS = lazy(r"(?<!\w)\w+://[^\s\"'<>;,)\]}]+")


def masked(text: str) -> str:
    """``text`` without the credentials of addresses, whole or cut off at the end; a variable is none."""
    return SECRET.sub(r"\1***\2", text) if "://" in text else text


def host_of(url: str) -> str:
    """The host of an address in lower case, without user and port; ``""`` for a path on this machine.

    What is no host, such as half of a password with a slash in it, is never given back.
    """
    scheme, found, rest = url.partition("://")
    if not found or scheme.lower() == "file":
        return ""
    host = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2]
    found_host = re.fullmatch(r"(?:\[([0-9A-Fa-f:.]+)\]|([\w.-]+))(?::\d*)?", host)
    return (found_host[1] or found_host[2]).lower() if found_host else UNREADABLE


def hosts_in(text: str) -> set[str]:
    """The hosts of all addresses in a text."""
    return {host_of(url) for url in ADDRESS.findall(text)} - {""}


def file_hosts(host: str) -> tuple[str, ...]:
    """The hosts on which the files of an index are known to lie, beside its own."""
    rows = facts("indexes")["index"]
    return tuple(name for row in rows if row["host"] == host for name in row["files"])


def credentials(url: str) -> bool:
    """Whether an address bears a password or a token itself, not a variable or a placeholder for one."""
    _, found, rest = url.partition("://")
    user, at, _ = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")
    if not (found and at):
        return False
    name, _, password = user.partition(":")
    secret = password or (name if re.fullmatch(r"(?=.*\d)(?=.*[A-Za-z])[\w.-]{16,}", name) else "")
    return bool(secret) and not re.search(r"[${}<>%]|^\*+$|^x+$", re.sub(r"%[0-9A-Fa-f]{2}", "", secret), re.IGNORECASE)
