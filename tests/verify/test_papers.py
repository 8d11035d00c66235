"""A bill of materials and a lock for others, written where they are asked for and nowhere else."""

import json
import os
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from trueup.errors import UsageError
from trueup.model.report import Outcome
from trueup.tools.uv import Export, Uv, UvError
from trueup.verify import Context
from trueup.verify.papers import PAPERS, put, refuse, write

Make = Callable[..., Context]
SBOM = b'{"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [{}, {}]}'
LOCK = b'lock-version = "1.0"\n[[packages]]\nname = "a"\n'


class Told(Uv):
    """A uv that exports what it is told, or fails."""

    answer: bytes | UvError | None

    def export_to(self, root: Path, form: Export, path: Path, *, default_groups: bool, python: str = "") -> None:
        if isinstance(self.answer, UvError):
            raise self.answer
        if self.answer is not None:
            path.write_bytes(self.answer)


def told(root: Path, answer: bytes | UvError | None) -> Context:
    """A context with such a uv."""
    uv = Told("uv", "0.9.1", {})
    uv.answer = answer
    return Context(root, uv)


@pytest.mark.parametrize(("name", "answer", "count"), [("sbom", SBOM, 2), ("pylock", LOCK, 1)])
def test_a_paper_is_written_and_counted(tmp_path: Path, name: str, answer: bytes, count: int) -> None:
    target = tmp_path / "paper"
    outcome = write(told(tmp_path, answer), name, target, [])
    assert outcome[:3] == (name, "passed", f"{count} packages, {PAPERS[name].form}, written to {target}")
    assert target.read_bytes() == answer
    assert [path.name for path in tmp_path.iterdir()] == ["paper"]


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("sbom", b"<html>", "not written: what uv made cannot be read: Expecting value"),
        ("sbom", b"[]", "not written: what uv made is no cyclonedx1.5"),
        ("sbom", b'{"bomFormat": "CycloneDX", "specVersion": "1.6"}', "not written: what uv made is no cyclonedx1.5"),
        ("pylock", b"lock-version = '2.0'", "not written: what uv made is no pylock.toml"),
        ("pylock", b"\xff", "not written: what uv made cannot be read: "),
        ("pylock", None, "not written: what uv made cannot be read: "),
        ("sbom", UvError("other", "no", output="error: invalid value 'cyclonedx1.5' for '--format <FORMAT>'"),
         "not written: uv 0.9.1 does not know cyclonedx1.5"),
        ("pylock", UvError("stale", "uv.lock does not fit", "run uv lock"), "not written: uv.lock does not fit: run uv"),
    ],
)  # fmt: skip
def test_what_uv_does_not_give_is_never_written(
    tmp_path: Path, name: str, answer: bytes | UvError | None, said: str
) -> None:
    (tmp_path / "paper").write_text("before", "utf-8")
    outcome = write(told(tmp_path, answer), name, tmp_path / "paper", [])
    assert (outcome.status, outcome.message[: len(said)]) == ("unchecked", said)
    assert (tmp_path / "paper").read_text("utf-8") == "before"


def test_a_lock_that_is_not_true_gives_no_paper(tmp_path: Path) -> None:
    outcomes = [Outcome("lock", "failed", ""), Outcome("lock sources", "failed", ""), Outcome("tests", "failed", "")]
    outcome = write(told(tmp_path, SBOM), "sbom", tmp_path / "paper", outcomes)
    assert outcome[1:3] == ("unchecked", "not written, since lock and lock sources failed")
    assert write(told(tmp_path, SBOM), "sbom", tmp_path / "paper", outcomes[2:]).status == "passed"


def test_a_file_is_replaced_at_once_and_keeps_its_mode(tmp_path: Path) -> None:
    target = tmp_path / "paper"
    target.write_text("before", "utf-8")
    target.chmod(0o640)
    twin = tmp_path / "twin"
    twin.hardlink_to(target)
    put(b"after", target)
    assert (target.read_bytes(), twin.read_bytes()) == (b"after", b"before")
    assert os.name == "nt" or target.stat().st_mode & 0o777 == 0o640


def link(place: Path) -> Path:
    (place / "real").write_text("x", "utf-8")
    (place / "pylock.toml").symlink_to(place / "real")
    return place / "pylock.toml"


def dangling(place: Path) -> Path:
    (place / "pylock.toml").symlink_to(place / "nowhere")
    return place / "pylock.toml"


def folder(place: Path) -> Path:
    (place / "pylock.toml").mkdir()
    return place / "pylock.toml"


def homeless(place: Path) -> Path:
    return place / "nowhere" / "pylock.toml"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (link, "it is a symbolic link"),
        (dangling, "it is a symbolic link"),
        (folder, "it is no file"),
        (homeless, "its folder is not there"),
    ],
)
def test_what_must_not_be_replaced_is_refused(tmp_path: Path, make: Callable[[Path], Path], said: str) -> None:
    target = make(tmp_path)
    for name in PAPERS:
        with pytest.raises(UsageError) as caught:
            refuse(name, target)
        assert str(caught.value).endswith(f"{said}: name a file that may be replaced")
    outcome = write(told(tmp_path, LOCK), "pylock", target, [])
    assert outcome[1:3] == ("unchecked", f"not written: {said}")
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    ("name", "fits"),
    [("pylock.toml", True), ("pylock.prod.toml", True), ("lock.toml", False), ("pylock.a.b.toml", False)],
)
def test_a_lock_has_the_name_that_others_look_for(tmp_path: Path, name: str, fits: bool) -> None:
    refuse("sbom", tmp_path / name)
    if fits:
        refuse("pylock", tmp_path / name)
        return
    with pytest.raises(UsageError, match="is no name of a lock"):
        refuse("pylock", tmp_path / name)


def test_what_lies_in_the_way_stays(tmp_path: Path) -> None:
    beside = tmp_path / f".other.{os.getpid()}"
    beside.write_text("mine", "utf-8")
    outcome = write(told(tmp_path, SBOM), "sbom", tmp_path / "other", [])
    assert outcome[1:3] == ("unchecked", "not written: File exists")
    assert not (tmp_path / "other").exists()


def test_uv_writes_both(project: Make, tmp_path: Path) -> None:
    context = project()
    before = {path.name for path in context.root.iterdir()}
    for name, target in (("sbom", tmp_path / "bom.json"), ("pylock", tmp_path / "pylock.toml")):
        outcome = write(context, name, target, [])
        assert outcome.status == "passed", outcome
    bom = json.loads((tmp_path / "bom.json").read_text("utf-8"))
    lock = tomllib.loads((tmp_path / "pylock.toml").read_text("utf-8"))
    assert "lib" in {item["name"] for item in bom["components"]}
    assert "bridge" not in {item["name"] for item in bom["components"]}
    assert {"lib", "bridge"} <= {item["name"] for item in lock["packages"]}
    assert str(tmp_path / "pylock.toml") not in (tmp_path / "pylock.toml").read_text("utf-8")
    assert {path.name for path in context.root.iterdir()} == before
