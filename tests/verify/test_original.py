"""The lock, installed once more, against what is installed."""

import hashlib
from collections.abc import Callable

import pytest

from trueup.verify import Context, original
from trueup.verify.installed import encoded, site_packages

LIB = {"lib.py": "sha256=a", "lib-2.0.dist-info/METADATA": "sha256=b"}


@pytest.mark.parametrize(
    ("here", "again", "status", "message"),
    [
        (
            {"lib 2.0": LIB},
            {"lib 2.0": LIB, "more 1": {}},
            "passed",
            "2 files of 1 packages are those of the locked wheels",
        ),
        (
            {"lib 2.0": LIB},
            {"lib 2.0": {**LIB, "lib.py": "sha256=c"}},
            "failed",
            "lib 2.0: lib.py is not what the locked wheel holds",
        ),
        ({"lib 2.0": {**LIB, "x.py": ""}}, {"lib 2.0": LIB}, "failed", "lib 2.0: x.py is not in the locked wheel"),
        ({"lib 2.0": LIB}, {"lib 2.0": {**LIB, "x.py": ""}}, "failed", "lib 2.0: x.py is missing"),
        ({"lib 2.0": LIB, "more 1": {}}, {"lib 2.0": LIB}, "unchecked", "not installed again: more 1"),
    ],
)
def test_a_difference_is_named(
    here: dict[str, dict[str, str]], again: dict[str, dict[str, str]], status: str, message: str
) -> None:
    outcome = original.compared(here, again)
    assert (outcome.status, outcome.message) == (status, message)


def test_an_edit_that_its_record_covers_is_seen(project: Callable[..., Context]) -> None:
    context = project()
    assert original.check(context).message.endswith(" packages are those of the locked wheels")
    site = site_packages(context.venv)[0]
    (site / "lib.py").write_text("__version__ = '6.6'\n", "utf-8")
    digest = encoded(hashlib.sha256((site / "lib.py").read_bytes()).digest())
    record = site / "lib-2.0.dist-info" / "RECORD"
    lines = [
        f"lib.py,sha256={digest},20" if line.startswith("lib.py,") else line for line in record.read_text().splitlines()
    ]
    record.write_text("\n".join(lines) + "\n", "utf-8")
    outcome = original.check(context)
    assert outcome[1:3] == ("failed", "lib 2.0: lib.py is not what the locked wheel holds")


def test_what_cannot_be_compared_says_so(project: Callable[..., Context]) -> None:
    context = project()
    lock = context.root / "uv.lock"
    text = lock.read_text("utf-8")
    lock.write_text(text.replace("lib-2.0-py3", "lib-9.0-py3"), "utf-8")
    assert original.check(context).message.startswith("the lock could not be installed again: ")
    lock.write_text(text.replace("wheels = [", "others = ["), "utf-8")
    assert original.check(context).message == "uv.lock names no wheel of a package index"
    lock.unlink()
    assert original.check(context).status == "unchecked"


def test_without_an_environment_nothing_is_asked(project: Callable[..., Context]) -> None:
    assert original.check(project(sync=False)).status == "unchecked"
