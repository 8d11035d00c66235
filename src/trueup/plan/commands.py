"""The plan written out for a person: the same changes as ordered commands, for Bash and for PowerShell.

The commands end at the same tree as ``trueup apply``; what they lack is the stage, the comparison of
test outcomes and the way back.
"""

from __future__ import annotations

import base64
import shlex
from posixpath import dirname
from typing import TYPE_CHECKING, Protocol

from trueup.model.change import Change, Move, Remove, Run, Write, apply_to_path
from trueup.model.noun import NamedTuple
from trueup.model.plan import Command

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trueup.model.plan import Pin
    from trueup.model.project import Project

PHASES = ("clean slate", "structural realignment", "declarative manifest", "bootstrap", "validation")
END = "TRUEUP_END"
ASIDE = ".venv.before-trueup"


class Net(NamedTuple):
    """Changes without the steps in between: what goes at once, moves with what goes after them, final contents."""

    gone: tuple[Remove, ...]
    moves: tuple[Move | Remove, ...]
    writes: tuple[Write, ...]


def commands(
    changes: Sequence[Change], project: Project, pins: Sequence[Pin], python: str
) -> Mapping[str, tuple[Command, ...]]:
    """The ordered commands by shell; ``project`` is the project as it will be."""
    return {
        "bash": tuple(written(changes, project, pins, python, Bash())),
        "powershell": tuple(written(changes, project, pins, python, PowerShell())),
    }


def written(
    changes: Sequence[Change], project: Project, pins: Sequence[Pin], python: str, shell: Shell
) -> Iterable[Command]:
    """The commands of one shell, phase by phase."""
    clean, structure, manifest, boot, validation = PHASES
    made = net(changes)
    if project.environment is not None and project.environment.path == ".venv":
        yield Command(clean, shell.move(".venv", ASIDE), "the old environment is kept until the new one works")
    for gone in made.gone:
        yield Command(clean, shell.remove(gone.path), "what it says stands elsewhere now")
    yield from _structured(structure, made.moves, shell)
    moved = {change.target for change in made.moves if isinstance(change, Move)}
    for phase, is_code in ((structure, True), (manifest, False)):
        for write in made.writes:
            if is_code == (write.path.endswith(".py") or any(_within(write.path, target) for target in moved)):
                parent = dirname(write.path)
                first = f"{shell.make_directory(parent)}\n" if parent and write.path not in moved else ""
                yield Command(phase, first + shell.write(write), "")
    yield from bootstrap(boot, pins, python)
    yield from validate(validation, project)


def _structured(phase: str, moves: Iterable[Move | Remove], shell: Shell) -> Iterable[Command]:
    """The moves in their order; a folder that one of them brings is not made before it, or it would land inside."""
    there = {""}
    for change in moves:
        if isinstance(change, Remove):
            yield Command(phase, shell.remove(change.path), "nothing but bytecode is left in it")
            continue
        parent = dirname(change.target)
        if parent not in there:
            yield Command(phase, shell.make_directory(parent), "")
        there |= {parent, change.target}
        yield Command(phase, shell.move(change.source, change.target), "")


def bootstrap(phase: str, pins: Sequence[Pin], python: str) -> Iterable[Command]:
    """Lock with the versions that were pinned, then make the environment."""
    chosen = f" --python {python}" if python else ""
    kept = "".join(f" --upgrade-package {pin.name}=={pin.version}" for pin in pins if not pin.marker)
    why = "the versions that the old manifests pinned stay" if kept else ""
    yield Command(phase, f"uv lock{chosen}{kept}", why)
    yield Command(phase, f"uv sync --locked{chosen}", "")


def validate(phase: str, project: Project) -> Iterable[Command]:
    """What ``trueup verify`` checks, by hand."""
    yield Command(phase, "uv lock --check", "the lock answers the manifest")
    if any(project.is_test(path) for path in project.sources):
        yield Command(phase, "uv run --locked python -m pytest", "never a pytest from PATH")
    if project.app is not None:
        yield Command(
            phase, f'uv run --locked python -c "import {project.app.module}"', "the application is importable"
        )
    yield Command(phase, "uv build --wheel", "what ships can be built")


def net(changes: Sequence[Change]) -> Net:
    """The changes reduced to what remains of them, in an order that gives the same tree."""
    moves = [change for change in changes if isinstance(change, Move)]
    touched = [path for move in moves for path in (move.source, move.target)]
    gone: list[Remove] = []
    ordered: list[Move | Remove] = []
    contents: dict[str, Write] = {}
    for index, change in enumerate(changes):
        match change:
            case Move():
                ordered.append(change)
            case Remove(path):
                contents.pop(path, None)
                near = any(_within(path, other) or _within(other, path) for other in touched)
                (ordered if near else gone).append(change)
            case Write(path):
                final = _followed(path, changes[index + 1 :])
                if final is not None:
                    contents[final] = change._replace(path=final)
            case Run():
                pass
    return Net(tuple(gone), tuple(ordered), tuple(contents[path] for path in sorted(contents)))


def _within(path: str, other: str) -> bool:
    return path == other or path.startswith(f"{other}/")


def _followed(path: str, later: Iterable[Change]) -> str | None:
    """Where a written file is in the end; ``None`` when it is removed again."""
    current: str | None = path
    for change in later:
        current = apply_to_path(current, change) if current is not None else None
    return current


class Shell(Protocol):
    """How a shell says the four things; paths have ``/`` and are relative to the project's root."""

    def make_directory(self, path: str) -> str:
        """Make a directory and its parents."""

    def move(self, source: str, target: str) -> str:
        """Rename a file or directory."""

    def remove(self, path: str) -> str:
        """Remove a file or directory."""

    def write(self, change: Write) -> str:
        """Write a file, byte for byte."""


class Bash:
    """POSIX tools."""

    def make_directory(self, path: str) -> str:
        return f"mkdir -p {_quoted(path)}"

    def move(self, source: str, target: str) -> str:
        return f"mv {_quoted(source)} {_quoted(target)}"

    def remove(self, path: str) -> str:
        return f"rm -r {_quoted(path)}"

    def write(self, change: Write) -> str:
        text = _plain(change.content)
        if text is None or END in text:
            return f"base64 -d > {_quoted(change.path)} <<< {base64.b64encode(change.content).decode() or chr(39) * 2}"
        return f"cat > {_quoted(change.path)} <<'{END}'\n{text}{END}"


class PowerShell:
    """Windows PowerShell 5.1 and later; .NET writes what cmdlets would re-encode."""

    def make_directory(self, path: str) -> str:
        return f"New-Item -ItemType Directory -Force -Path {_single(path)} | Out-Null"

    def move(self, source: str, target: str) -> str:
        return f"Move-Item -LiteralPath {_single(source)} -Destination {_single(target)}"

    def remove(self, path: str) -> str:
        return f"Remove-Item -Recurse -LiteralPath {_single(path)}"

    def write(self, change: Write) -> str:
        target = f"(Join-Path $PWD {_single(change.path)})"
        text = _plain(change.content)
        if text is None or "\n'@" in f"\n{text}" or not text.isascii() or not text:
            encoded = base64.b64encode(change.content).decode()
            return f"[IO.File]::WriteAllBytes({target}, [Convert]::FromBase64String('{encoded}'))"
        return f'[IO.File]::WriteAllText({target}, (@\'\n{text}\n\'@ -replace "`r`n", "`n"))'


def _plain(content: bytes) -> str | None:
    """Content that a heredoc can hold as it is: UTF-8 lines, each ended by a line feed."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    simple = not text or (text.endswith("\n") and "\r" not in text and "\0" not in text)
    return text if simple and not text.startswith("\ufeff") else None


def _quoted(path: str) -> str:
    return shlex.quote(path if not path.startswith("-") else f"./{path}")


def _single(path: str) -> str:
    return "'" + path.replace("'", "''") + "'"
