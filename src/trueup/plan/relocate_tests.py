"""Tests that ``manage.py test`` finds by itself: it goes down from the working directory through packages alone.

``src`` is none, so that it finds no test of what moved below it, and calls that success.
Source: https://docs.djangoproject.com/en/stable/topics/testing/overview/#running-tests
"""

from __future__ import annotations

import re
from posixpath import dirname

from trueup.model.span import Edit
from trueup.plan.image_files import runs_tools
from trueup.plan.moves import SRC
from trueup.plan.relocate_docker import Dockerfile, dockerfiles
from trueup.text.naming import rename_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.plan.moves import Mover

STARTED = "manage.py"
ASKED = re.compile(rb"manage\.py((?P<quote>[\"']?),?\s+(?P=quote))test(?=(?P=quote)(?:[\s,\];&)]|$))")
FOUND = re.compile(r"(?:(?P<folder>.+)/)?test[^/]*\.py")  # Django's default pattern
KEEPS = re.compile(r".+/(?:conftest\.py|pytest\.ini|\.?pytest\.toml)")
COLLECTED = re.compile(r"(?:^|/)(?:tests?|test_[^/]*|[^/]*_tests?)\.py$")
VALUED: tuple[str, ...] = (
    "-v",
    "--verbosity",
    "-k",
    "-p",
    "--pattern",
    "-t",
    "--top-level-directory",
    "--settings",
    "--pythonpath",
)
VALUED += ("--tag", "--exclude-tag", "--testrunner", "--parallel", "--durations", "--shuffle")


def label_tests(mover: Mover, path: str, data: bytes) -> Iterator[Edit]:
    """The edits that name the folder of the tests in the commands of one file."""
    label = _label(mover)
    if not label or STARTED.encode() not in data:
        return
    known = {item.start for item in mover.project.references if item.path == path}
    for command in mover.project.commands:
        asked = ASKED.search(data, command.start, command.end) if command.path == path else None
        if not asked or command.folder != ".":
            continue
        named = _labels(command.argv)
        if not named:
            between = asked[1].decode("latin-1")
            yield Edit(asked.end(), asked.end(), "".join(between + word for word in label.split()).encode())
        for word in named:
            new = rename_module(word, mover.modules)
            there = re.compile(rb"(?<![\w./-])" + re.escape(word.encode()) + rb"(?![\w./-])")
            found = there.search(data, asked.end(), command.end) if new else None
            if new and found and found.start() not in known:
                yield Edit(*found.span(), new.encode())


def tell_left(mover: Mover) -> None:
    """Tell commands that have pytest look for tests in ``src``, where some leave it."""
    new = next(
        (new for old, new in mover.moves if old.startswith("src/") and not new.startswith(("src/", "pytest."))), ""
    )
    for command in mover.project.commands if new else ():
        words = [word.strip("\"'").removeprefix("./").rstrip("/") for word in command.argv]
        if words[-1:] == ["src"] and any("pytest" in word.lower() for word in words[:3]):
            mover.ask(f"tests leave src for {new}: name that, too", command.path, command.line)


def tell_bereft(mover: Mover) -> None:
    """Tell of settings and fixtures of a folder that stay there, where tests move out of it."""
    staying = (path for path in mover.tree.files() if KEEPS.fullmatch(path) and not mover.is_moved(path))
    for path in staying:
        folder = dirname(path) + "/"
        below = (test for test in mover.project.sources if test.startswith(folder) and COLLECTED.search(test))
        left = [test for test in below if not mover.new(test).startswith(folder)]
        if left:
            more = f" and {len(left) - 1} more" if len(left) > 1 else ""
            text = f"{left[0]}{more} moves to {mover.new(left[0])}: pytest takes nothing of this file for it there"
            mover.ask(text, path)


def tell_untested(mover: Mover) -> None:
    """Tell of tests that leave the folder which an image copies, where it is run with them."""
    leaving = {path: mover.new(path) for path in mover.project.sources if COLLECTED.search(path)}
    leaving = {old: new for old, new in leaving.items() if old != new and not new.startswith(f"{SRC}/")}
    for path in dockerfiles(mover) if leaving else ():
        file = Dockerfile(mover, path, mover.tree.read(path))
        copies = [copy for copy in file.image.copies if not copy.origin]
        if not runs_tools(mover.project, path) or any(map(file.holds_project, copies)):
            continue
        for copy in copies:
            folders = [f"{found}/" for each in copy.paths if (found := file.context.locate(each))]
            taken = next(((old, new) for old, new in leaving.items() if old.startswith(tuple(folders))), None)
            if taken:
                text = f"{taken[0]} moves to {taken[1]}, which this does not copy: tests in the image need that, too"
                mover.ask(text, path, copy.instruction.line)


def tell_tests(mover: Mover) -> None:
    """Tell who types it, where no other runner is declared."""
    declared = any(item.name.startswith("pytest") for item in mover.project.requirements)
    if (label := _label(mover)) and not declared:
        mover.ask(f"`manage.py test` goes through packages, and src is none: say `manage.py test {label}`", STARTED)


def _labels(argv: tuple[str, ...]) -> list[str]:
    """The tests that a command names."""
    words = argv[argv.index("test") + 1 :] if "test" in argv else ()
    pairs = zip(("", *words), words, strict=False)
    return [word for before, word in pairs if not word.startswith("-") and before not in VALUED]


def _label(mover: Mover) -> str:
    """Where tests are looked for afterwards; nothing where those that were found are found."""
    tree, found = mover.tree, [path for path in mover.project.sources if _is_found(mover, path)]
    if not tree.has(STARTED) or mover.is_moved(STARTED) or not any(map(mover.is_moved, found)):
        return ""
    return "src" if all(map(mover.is_moved, found)) else ". src"


def _is_found(mover: Mover, path: str) -> bool:
    """Whether Django finds a test file from the project's root: all folders above it are packages."""
    match = FOUND.fullmatch(path)
    folders = (match["folder"] or "").split("/") if match else []
    inside = ["/".join(folders[: number + 1]) for number in range(len(folders)) if folders[0]]
    return match is not None and all(mover.tree.has(f"{folder}/__init__.py") for folder in inside)
