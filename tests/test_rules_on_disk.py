"""What a drawn tree cannot show: an environment on disk whose interpreter is gone, and what a finding never repeats."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from trueup.model.indexes import UNREADABLE, credentials, host_of, masked
from trueup.model.settings import Settings
from trueup.model.tree import MemoryTree
from trueup.read.project import load, of
from trueup.rules import find

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "s3cr3t-t0ken-0f-ann-0815"


def test_environment_without_its_interpreter_is_broken(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("print()\n", encoding="utf-8")
    (tmp_path / ".venv" / "lib" / "python3.12" / "site-packages").mkdir(parents=True)
    (tmp_path / ".venv" / "pyvenv.cfg").write_text("home = /gone\nversion_info = 3.12.4\n", encoding="utf-8")
    broken = list(find(load(tmp_path, Settings(select=("ISO105",)))))
    assert [(finding.path, finding.subject) for finding in broken] == [(".venv", "broken")]
    assert "its interpreter is gone" in broken[0].message
    (tmp_path / ".venv" / "bin").mkdir()
    (tmp_path / ".venv" / "bin" / "python").touch()
    assert list(find(load(tmp_path, Settings(select=("ISO105",))))) == []


def test_settings_of_a_linter_may_be_a_link_to_what_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("import fastapi\napp = fastapi.FastAPI()\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\nversion = "1"\n', encoding="utf-8")
    only = Settings(select=("CFG105",))
    assert [finding.subject for finding in find(load(tmp_path, only))] == ["linter"]
    (tmp_path / "ruff.toml").symlink_to(".configs/ruff.toml")
    assert list(find(load(tmp_path, only))) == []


def test_a_list_that_is_a_link_is_told(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("import fastapi\napp = fastapi.FastAPI()\n", encoding="utf-8")
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "dev.txt").write_text("pytest\n", encoding="utf-8")
    (tmp_path / "requirements-dev.txt").symlink_to("lists/dev.txt")
    (tmp_path / "notes.txt").symlink_to("lists/dev.txt")
    (found,) = find(load(tmp_path, Settings(select=("DEP106",))))
    assert (found.path, found.subject, found.severity) == ("requirements-dev.txt", "link", "warning")


@pytest.mark.parametrize("where", [f"ann:{SECRET}@", f"{SECRET}@", f"ann:{SECRET}/x@", f"{SECRET}:@"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_secret_of_an_index_is_never_repeated(where: str, scheme: str) -> None:
    url = f"{scheme}://{where}pypi.example.org/simple"
    lock = f'version = 1\n[[package]]\nname = "idna"\nversion = "3"\nsource = {{ registry = "{url}" }}\n'
    strategy = f'[tool.uv]\nindex-strategy = "unsafe-best-match"\nextra-index-url = ["{url}", "{url}"]\n'
    tree = MemoryTree(
        {
            "pyproject.toml": f'[project]\nname = "shop"\nversion = "1"\n\n{strategy}',
            "uv.lock": lock,
            "Pipfile": f'[[source]]\nurl = "{url}"\nname = "own"\n',
            "pip.conf": f"[global]\nextra-index-url = {url}\n",
            "requirements.txt": f"--extra-index-url {url}\nidna==3\n",
        }
    )
    findings = list(find(of(tree, Settings(select=("LCK",)))))
    assert {"LCK108", "LCK109"} <= {finding.code for finding in findings}
    assert [finding for finding in findings if SECRET in f"{finding.message} {finding.subject}"] == []


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Files.Example.org:8443/simple", "files.example.org"),
        ("https://ann:x@files.example.org", "files.example.org"),
        ("http://[::1]:3141/root", "::1"),
        ("file:///srv/wheels", ""),
        ("../wheels", ""),
        ("https://ann:x/y@files.example.org", UNREADABLE),
    ],
)
def test_host_of_an_address(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("url", "bears"),
    [
        ("https://ann:x1@host/", True),
        ("https://a1b2c3d4e5f6a7b8@host/", True),
        ("https://ann@host/", False),
        ("https://VssSessionToken@host/", False),
        ("https://ann:${TOKEN}@host/", False),
        ("https://ann:<token>@host/", False),
        ("https://ann:****@host/", False),
        ("https://host/a@b", False),
    ],
)
def test_address_bears_credentials(url: str, bears: bool) -> None:
    assert credentials(url) is bears


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("`pip -i https://bob:hunter2@h.io/s uv`", "`pip -i https://***@h.io/s uv`"),
        ("`pip -i https://bob:hun` installs", "`pip -i https://***` installs"),
        ("pip -i https://bob:hun", "pip -i https://***"),
        ("pip -i https://ghp0123456789abcdef@h.io/s", "pip -i https://***@h.io/s"),
        ("pip -i https://${USER}:${TOKEN}@h.io/s", "pip -i https://${USER}:${TOKEN}@h.io/s"),
        ("git+ssh://git@github.com/a/b", "git+ssh://git@github.com/a/b"),
        ("http://h.io:8000", "http://h.io:8000"),
        ("`curl http://h.io:8000` and https://h.io/a@b:c", "`curl http://h.io:8000` and https://h.io/a@b:c"),
    ],
)
def test_what_is_shown_of_an_address(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_a_finding_shows_no_secret() -> None:
    files = {
        "main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
        "pyproject.toml": '[project]\nname = "shop"\nversion = "1.0"\n[build-system]\nrequires = []\n',
        "run.sh": f"sudo pip install -i https://bob:{SECRET}@h.io/simple shop\n",
        "a.ipynb": f'{{"source": ["!sudo pip install -i https://bob:{SECRET}@h.io/simple shop"]}}\n',
        "Dockerfile": f"RUN uv sync --locked --no-install-project\nCMD TOKEN={SECRET} uv run shop\n",
    }
    rules = ("ISO101", "ISO102", "AUT112")
    found = list(find(of(MemoryTree(files), Settings(select=rules))))
    assert {item.code for item in found} == {*rules}
    assert SECRET[:8] not in repr(found)
