"""A virtual environment, read from its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from trueup.model.project import Distribution, Environment
from trueup.read.disk import DiskTree
from trueup.read.environment import direct_url, read_environment

if TYPE_CHECKING:
    from pathlib import Path


def make(
    root: Path, name: str = ".venv", packages: str = "lib/python3.12/site-packages", python: str = "bin/python"
) -> Path:
    """An environment with an interpreter; its site-packages."""
    folder = root / name
    for place in (packages, "bin", "Scripts"):
        (folder / place).mkdir(parents=True)
    (folder / python).touch()
    (folder / "pyvenv.cfg").write_text(
        "home = /usr/bin\nversion_info = 3.12.4\ninclude-system-site-packages = false\n", encoding="utf-8"
    )
    return folder / packages


def install(packages: Path, folder: str, installer: str = "uv\n", url: str = "") -> None:
    (packages / folder).mkdir()
    (packages / folder / "INSTALLER").write_text(installer, encoding="utf-8")
    if url:
        (packages / folder / "direct_url.json").write_text(url, encoding="utf-8")


def read(root: Path) -> Environment | None:
    return read_environment(root, DiskTree(root))


def test_none(tmp_path: Path) -> None:
    (tmp_path / "venv").mkdir()
    (tmp_path / "venv/x.py").touch()
    assert read(tmp_path) is None


def test_what_is_installed(tmp_path: Path) -> None:
    packages = make(tmp_path)
    install(packages, "FastAPI_Users-12.1.dist-info")
    install(packages, "shop-1.0.dist-info", "pip", '{"url": "file:///shop", "dir_info": {"editable": true}}')
    install(packages, "old-0.1-py3.12.egg-info", "")
    (packages / "six.py").touch()
    assert read(tmp_path) == Environment(
        ".venv",
        "3.12.4",
        "/usr/bin",
        distributions=(
            Distribution("fastapi-users", "12.1", "uv"),
            Distribution("old", "0.1"),
            Distribution("shop", "1.0", "pip", editable=True, direct_url="file:///shop"),
        ),
        tracked=True,
    )


def test_ignored_by_git(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / ".gitignore").write_text(".venv\n", encoding="utf-8")
    found = read(tmp_path)
    assert found is not None
    assert not found.tracked


def test_of_windows_with_another_name_and_system_packages(tmp_path: Path) -> None:
    make(tmp_path, "shopenv", "Lib/site-packages", "Scripts/python.exe")
    (tmp_path / "shopenv/pyvenv.cfg").write_text(
        "version = 3.11.1\r\nInclude-System-Site-Packages = True\r\n", encoding="utf-8"
    )
    assert read(tmp_path) == Environment("shopenv", "3.11.1", system_site=True, tracked=True)


def test_the_usual_name_wins(tmp_path: Path) -> None:
    make(tmp_path, "aenv")
    make(tmp_path, ".venv")
    found = read(tmp_path)
    assert found is not None
    assert found.path == ".venv"


def test_broken(tmp_path: Path) -> None:
    packages = make(tmp_path)
    python = tmp_path / ".venv/bin/python"
    python.unlink()
    python.symlink_to(tmp_path / "gone")
    found = read(tmp_path)
    assert found is not None
    assert found.broken == "its interpreter is gone"
    python.unlink()
    python.touch()
    packages.rmdir()
    found = read(tmp_path)
    assert found is not None
    assert found.broken == "it has no site-packages"
    assert found.distributions == ()


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    make(tmp_path / "elsewhere")
    project = tmp_path / "project"
    project.mkdir()
    (project / ".venv").symlink_to(tmp_path / "elsewhere/.venv", target_is_directory=True)
    assert read(project) == Environment(".venv", broken="it is a link, which is not followed")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", ("", False)),
        (b"{", ("", False)),
        (b"[" * 100_000, ("", False)),
        (b"\xff", ("", False)),
        (b"[]", ("", False)),
        (b'{"url": 1}', ("", False)),
        (b'{"url": "git+https://h/r", "vcs_info": {}}', ("git+https://h/r", False)),
        (b'{"url": "file:///x", "dir_info": []}', ("file:///x", False)),
        (b'{"url": "file:///x", "dir_info": {"editable": "yes"}}', ("file:///x", False)),
        (b'{"url": "file:///x", "dir_info": {"editable": true}}', ("file:///x", True)),
    ],
)
def test_direct_url(data: bytes, expected: tuple[str, bool]) -> None:
    assert direct_url(data) == expected
