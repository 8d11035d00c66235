"""Whether Python is read without a parse as ``ast`` reads it: ``python benchmarks/lexer.py [PROJECT ...]``.

Source distributions from PyPI that were not looked at when the lexer (``trueup.read.skim``) was written go into a
temporary folder. Every Python file is read both ways. **wrong**: the imports, the asynchronous tests, the words for
calls, the main guard or the newest syntax are not those that ``ast`` finds; this must be 0. **unsure**: the lexer left
the file to ``ast``. **unparsable**: ``ast`` rejects the file; **read otherwise**: the lexer did not notice, and found
other facts than the line-by-line reading of such files does. **time**: the lexer's, as a multiple of ``ast.parse`` of
the same files. The exit code is 1 where a file was wrong.
"""

import ast
import gc
import io
import json
import sys
import tarfile
import tempfile
import time
import urllib.request
import warnings
from pathlib import Path
from typing import NamedTuple

from trueup.read.python_source import read_source
from trueup.read.skim import Skimmed, skim
from trueup.read.skim_words import WORDS

PROJECTS = (
    *("attrs", "black", "boltons", "click", "docutils", "fabric", "httpx", "ipython", "isort", "jedi", "jinja2"),
    *("marshmallow", "mypy", "networkx", "paramiko", "peewee", "pygments", "pylint", "pytest", "requests", "rich"),
    *("scrapy", "setuptools", "sphinx", "tornado", "tox", "trio", "twisted", "urllib3", "werkzeug"),
)
KIND = "application/vnd.pypi.simple.v1+json"
CAP = 1_000_000


class Count(NamedTuple):
    """What came of the files of one project."""

    files: int = 0
    wrong: int = 0
    unsure: int = 0
    unparsable: int = 0
    unnoticed: int = 0
    lexing: float = 0.0
    parsing: float = 0.0


def fetch(project: str, folder: Path) -> Path:
    """The newest source distribution of a project, unpacked."""
    request = urllib.request.Request(f"https://pypi.org/simple/{project}/", headers={"Accept": KIND})
    with urllib.request.urlopen(request, timeout=60) as answer:
        files = json.load(answer)["files"]
    newest = [file for file in files if file["filename"].endswith(".tar.gz") and not file.get("yanked")][-1]
    with urllib.request.urlopen(newest["url"], timeout=300) as answer:
        data = io.BytesIO(answer.read())
    with tarfile.open(fileobj=data) as archive:
        archive.extractall(folder / project, filter="data")
    return folder / project


def differs(found: Skimmed, data: bytes) -> bool:
    """Whether a file was read otherwise than ``ast`` reads it."""
    wanted = read_source("x.py", data)
    floor = key(wanted.floor[0]) > key(found.newest)
    calls = any(call.name not in found.words for call in wanted.calls if call.name in WORDS or "sys.path" in call.name)
    made = bool(wanted.factories) and "application" not in found.words
    made = made or (wanted.main_guard > 0 and not found.guarded)
    return found.imports != wanted.imports or found.async_tests != wanted.async_tests or floor or calls or made


def key(version: str) -> tuple[int, ...]:
    """A version as numbers; none is 3.9."""
    return tuple(map(int, (version or "3.9").split(".")))


def counted(folder: Path) -> Count:
    """Read every file of a folder both ways."""
    count = Count()
    for path in sorted(folder.rglob("*.py")):
        if not path.is_file() or path.is_symlink() or path.stat().st_size > CAP:
            continue
        data = path.read_bytes()
        begun = time.perf_counter()
        found = skim(data)
        middle = time.perf_counter()
        try:
            ast.parse(data)
            valid = True
        except (SyntaxError, ValueError, RecursionError):
            valid = False
        ended = time.perf_counter()
        other = found is not None and differs(found, data)
        wrong = other and valid
        if wrong:
            print(f"  wrong: {path.relative_to(folder)}")
        count = Count(
            count.files + 1,
            count.wrong + wrong,
            count.unsure + (found is None),
            count.unparsable + (not valid),
            count.unnoticed + (other and not valid),
            count.lexing + middle - begun,
            count.parsing + ended - middle,
        )
    return count


def main() -> int:
    """Print a row a project, and their sum."""
    warnings.simplefilter("ignore")
    gc.disable()
    total = Count()
    with tempfile.TemporaryDirectory() as scratch:
        for project in sys.argv[1:] or PROJECTS:
            count = counted(fetch(project, Path(scratch)))
            total = Count(*(one + other for one, other in zip(total, count, strict=True)))
            show(project, count)
    show("all", total)
    return int(total.wrong > 0)


def show(name: str, count: Count) -> None:
    """One row."""
    print(
        f"{name:12} {count.files:6} files, {count.wrong} wrong, {count.unsure:4} unsure "
        f"({count.unsure / max(count.files, 1):5.1%}), {count.unparsable:3} unparsable "
        f"({count.unnoticed} read otherwise), time {count.lexing / max(count.parsing, 1e-9):.3f}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
