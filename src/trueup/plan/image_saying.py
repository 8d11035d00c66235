"""What uv is told in an image in the place of another manager's command."""

from __future__ import annotations

from trueup.model.noun import NamedTuple
from trueup.model.span import Edit
from trueup.plan.image_stages import launcher

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.text.shell import Command


PUTS_IN = {True: "uv pip install ", False: "pip install "}  # by whether an environment is kept


class Having(NamedTuple):
    """A stage, as a command of it finds that: the text of its image, where ``uv sync`` makes an environment (``""``:
    it makes none), whether one is there by then or at all, and whether it is taken along from beside the code."""

    text: str
    place: str
    filled: bool
    fills: bool
    keeps: bool


def saying(words: Command, said: str, here: Having) -> Edit:
    """The edit that puts uv's words in the place of a command; what a manager ran goes to where the programs are."""
    start, end = words[0].start - len(words[0].quote), words[-1].end + len(words[-1].quote)
    started = [word for word in words[at + 1 :] if word.text != "--"] if (at := run_at(words)) else []
    if here.filled and said.startswith("uv add ") and not any(word.text.startswith("-") for word in words):
        end = words[2].start - len(words[2].quote)  # an image needs it installed, and not declared
        said = f"uv pip install --python {here.place} " if here.place else PUTS_IN[here.keeps]
    elif said.startswith("uv pip ") and here.place and here.filled:  # which looks for no UV_PROJECT_ENVIRONMENT
        verb = said.split()[2]
        end = next((word.end for word in words if word.text == verb), end)  # its arguments stay as they are written
        said = f"{said if end == words[-1].end else f'uv pip {verb}'} --python {here.place}"
    elif said.startswith(("uv run ", "uv pip ")) and started and here.fills:
        end = started[0].start - len(started[0].quote)
        said = launcher(started[0].text) if here.place or not here.keeps else "uv run --no-sync "
    elif said == "uv build" and ".whl" in here.text and ".tar.gz" not in here.text:
        said = "uv build --wheel"  # an sdist would have all of the folder in it
    return Edit(start, end, said.encode())


def run_at(words: Command) -> int:
    """Where ``run`` stands behind a manager; 0 where that is told something else."""
    return next((at for at, word in enumerate(words[:4]) if at and word.text == "run"), 0)


def added(words: list[str], place: str) -> bytes:
    """What follows the last sync of a stage: the installation of what pip was told besides the lists."""
    into = f" --python {place}" if place else ""
    return f" && uv pip install{into} {' '.join(words)}".encode("latin-1") if words else b""
