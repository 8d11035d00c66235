"""Where units of systemd, and programs of supervisor, have the project."""

from __future__ import annotations

from trueup.model.pattern import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.read.referring import File

DIRECTORY = lazy(r"(?m)^(?:WorkingDirectory|directory)[ \t]*=[ \t]*(/\S*\w)/?[ \t]*\r?$")
STARTED = lazy(
    r"(?m)^(?:Exec\w+|command)[ \t]*=.*?[ \t](?:([A-Za-z_][\w.]*):[A-Za-z_]|-m[ \t]+([\w.]+)|([\w./-]+\.py)\b)"
)


def units(file: File) -> Iterator[tuple[str, str]]:
    """Where a unit of systemd, or supervisor, has the project, if a module or script of it is started there."""
    is_unit = file.path.endswith(".service") or "supervisor" in file.path
    folder = DIRECTORY.search(file.text) if is_unit else None
    if not folder:
        return
    root = next((root for root in file.own.roots if root and folder[1].endswith(f"/{root}")), "")
    place = folder[1].removesuffix(f"/{root}")
    for server, module, script in STARTED.findall(file.text):
        inside = script.removeprefix(f"{place}/") if script.startswith("/") else f"{root}/{script}".lstrip("/")
        if file.own.module(server or module) if server or module else inside in file.own.files:
            yield place, ""
            return
