"""The tree on disk: what is listed, what is not, and what is never opened."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from trueup.errors import ProjectError
from trueup.model.tree import Entry
from trueup.plan.config_namers import rename
from trueup.read.disk import KEPT_BYTES, DiskTree
from trueup.read.project import of


def make(folder: Path, *names: str) -> Path:
    """Make empty files; the folder."""
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    return folder


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)


def test_lists_files_sorted_with_size_and_mode(tmp_path: Path) -> None:
    make(tmp_path, "b/c.py", "b.py", "a.py")
    (tmp_path / "a.py").write_bytes(b"x = 1\n")
    (tmp_path / "a.py").chmod(0o644)
    tree = DiskTree(tmp_path)
    assert list(tree.entries) == ["a.py", "b.py", "b/c.py"]
    assert tree.entries["a.py"] == Entry("file", 6, 0o644)
    assert tree.read("a.py") == b"x = 1\n"


def test_small_files_are_read_once(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"x = 1\n")
    (tmp_path / "big.py").write_bytes(b"#" * (KEPT_BYTES - 6) + b"\n")
    tree = DiskTree(tmp_path)
    assert tree.read("a.py") == tree.read("a.py")
    assert len(tree.read("big.py")) == KEPT_BYTES - 5
    (tmp_path / "a.py").write_bytes(b"x = 2\n")
    (tmp_path / "big.py").write_bytes(b"")
    assert tree.read("a.py") == b"x = 1\n"
    assert tree.read("big.py") == b""  # there was no room for it


def test_what_tools_made_is_not_listed(tmp_path: Path) -> None:
    made = [
        "__pycache__/a.pyc",
        "node_modules/x/y.py",
        ".tox/x",
        "x.egg-info/PKG-INFO",
        ".git/config",
        "lib/site-packages/y.py",
    ]
    make(tmp_path, "a.py", "buildings/b.py", "lib/own.py", *made)
    assert list(DiskTree(tmp_path).entries) == ["a.py", "buildings/b.py", "lib/own.py"]


@pytest.mark.parametrize(
    "inside",
    ["pyvenv.cfg", "Lib/site-packages/x.py", "lib/python3.12/site-packages/x.py", "conda-meta/history", ".git/config"],
)
def test_environments_and_other_repositories_are_one_entry(tmp_path: Path, inside: str) -> None:
    make(tmp_path, "a.py", f"shopenv/{inside}", "shopenv/x.py")
    tree = DiskTree(tmp_path)
    assert tree.entries["shopenv"] == Entry("dir")
    assert list(tree.files()) == ["a.py"]
    assert tree.has_dir("shopenv")


def test_build_folder_of_setuptools_is_one_entry_and_a_package_is_not(tmp_path: Path) -> None:
    make(tmp_path, "build/lib/x.py", "app/build/__init__.py", "app/build/lib.py")
    assert list(DiskTree(tmp_path).entries) == ["app/build/__init__.py", "app/build/lib.py", "build"]


def test_an_environment_that_ignores_itself(tmp_path: Path) -> None:
    make(tmp_path, "a.py", ".venv/pyvenv.cfg", ".venv/bin/x", "venv/pyvenv.cfg")
    (tmp_path / ".venv/.gitignore").write_text("*\n", encoding="utf-8")
    tree = DiskTree(tmp_path)
    assert tree.entries[".venv"] == Entry("dir", ignored=True)
    assert tree.entries["venv"] == Entry("dir", ignored=False)


def test_ignored_files_and_folders(tmp_path: Path) -> None:
    make(tmp_path, "a.py", ".env", "data/x.db", "data/deep/y", "app/z.log", "app/keep.log")
    (tmp_path / ".gitignore").write_text("/data/\n.env\n*.log\n", encoding="utf-8")
    (tmp_path / "app/.gitignore").write_text("!keep.log\n", encoding="utf-8")
    tree = DiskTree(tmp_path)
    ignored = {path: entry.kind for path, entry in tree.entries.items() if entry.ignored}
    assert ignored == {".env": "file", "app/z.log": "file", "data": "dir"}
    assert list(tree.files()) == [".gitignore", "a.py", "app/.gitignore", "app/keep.log"]


def test_what_git_tracks_is_never_ignored(tmp_path: Path) -> None:
    make(tmp_path, "models/user.py", "models/cache.py", "other/x.py", "debug.log")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "models/user.py", "debug.log")
    (tmp_path / ".gitignore").write_text("models/\nother/\n*.log\n", encoding="utf-8")
    tree = DiskTree(tmp_path, tmp_path)
    assert list(tree.files()) == [".gitignore", "debug.log", "models/user.py"]
    assert tree.entries["models/cache.py"].ignored
    assert tree.entries["other"] == Entry("dir", ignored=True)


def test_exclude_file_of_the_repository(tmp_path: Path) -> None:
    make(tmp_path, "a.py", "notes.txt")
    git(tmp_path, "init", "-q")
    (tmp_path / ".git/info").mkdir(exist_ok=True)
    (tmp_path / ".git/info/exclude").write_text("notes.txt\n", encoding="utf-8")
    assert list(DiskTree(tmp_path, tmp_path).files()) == ["a.py"]


def test_links_are_listed_and_never_followed(tmp_path: Path) -> None:
    make(tmp_path, "project/a.py", "outside/secret.py")
    (tmp_path / "project/link.py").symlink_to(tmp_path / "outside/secret.py")
    (tmp_path / "project/folder").symlink_to(tmp_path / "outside", target_is_directory=True)
    tree = DiskTree(tmp_path / "project")
    assert {path: entry.kind for path, entry in tree.entries.items()} == {
        "a.py": "file",
        "folder": "link",
        "link.py": "link",
    }
    with pytest.raises(KeyError):
        tree.read("link.py")


def test_pipes_are_not_opened(tmp_path: Path) -> None:
    make(tmp_path, "a.py")
    os.mkfifo(tmp_path / "pipe.py")
    tree = DiskTree(tmp_path)
    assert tree.entries["pipe.py"].kind == "other"
    with pytest.raises(KeyError):
        tree.read("pipe.py")


def test_a_file_that_became_a_pipe_or_a_link_is_refused(tmp_path: Path) -> None:
    make(tmp_path, "a.py", "b.py")
    tree = DiskTree(tmp_path)
    (tmp_path / "a.py").unlink()
    os.mkfifo(tmp_path / "a.py")
    (tmp_path / "b.py").unlink()
    (tmp_path / "b.py").symlink_to(tmp_path / "c.py")
    with pytest.raises(KeyError):
        tree.read("a.py")
    with pytest.raises(ProjectError, match=r"b\.py cannot be read"):
        tree.read("b.py")


def test_a_file_that_is_gone_is_one_clear_line(tmp_path: Path) -> None:
    make(tmp_path, "a.py")
    tree = DiskTree(tmp_path)
    (tmp_path / "a.py").unlink()
    with pytest.raises(ProjectError, match=r"^a\.py cannot be read: No such file or directory: mend"):
        tree.read("a.py")
    with pytest.raises(KeyError):
        tree.read("never.py")


def test_a_folder_that_cannot_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a.py", "closed/b.py")
    scandir = os.scandir

    def guarded(folder: Path) -> object:
        if Path(folder).name == "closed":
            raise PermissionError(folder)
        return scandir(folder)

    monkeypatch.setattr("os.scandir", guarded)
    assert DiskTree(tmp_path).entries["closed"] == Entry("other")


def test_what_speaks_of_a_project_in_a_sub_folder(tmp_path: Path) -> None:
    repository = make(
        tmp_path,
        *(
            "docker-compose.yml",
            "README.md",
            ".env",
            "notes.txt",
            "top.py",
            ".github/workflows/ci.yml",
            ".github/x/y.py",
        ),
        *("services/api/main.py", "services/api/README.md", "services/Makefile", "services/web/README.md"),
        *("frontend/package.json", "frontend/src/Dockerfile", "venv/pyvenv.cfg", "venv/run.sh", "ignored/Makefile"),
    )
    git(repository, "init", "-q")
    (repository / ".gitignore").write_text("ignored/\n.env\n", encoding="utf-8")
    tree = DiskTree(repository / "services/api", repository)
    outer = ["../../.github/workflows/ci.yml", "../../.github/x/y.py", "../../.gitignore", "../../README.md"]
    outer += ["../../docker-compose.yml", "../../frontend/package.json", "../Makefile"]
    assert list(tree.outer()) == outer
    assert tree.entries["../../.env"].ignored
    assert list(tree.files()) == ["README.md", "main.py"]
    assert tree.read("../Makefile") == b""


def test_folders_between_the_repository_and_the_project(tmp_path: Path) -> None:
    make(tmp_path, "a/b/c/main.py", "a/b/Makefile", "a/Makefile", "a/b/other/Makefile", "a/b/c/x.log", "a/b/c/y.log")
    (tmp_path / "a/.gitignore").write_text("*.log\n", encoding="utf-8")
    (tmp_path / "a/b/c/.gitignore").write_text("!y.log\n", encoding="utf-8")
    git(tmp_path, "init", "-q")
    tree = DiskTree(tmp_path / "a/b/c", tmp_path)
    assert list(tree.outer()) == ["../../.gitignore", "../../Makefile", "../Makefile"]
    assert list(tree.files()) == [".gitignore", "main.py", "y.log"]


def test_what_starts_a_project_may_lie_deep_in_a_folder_for_that(tmp_path: Path) -> None:
    make(tmp_path, "docker/web/entry/start.sh", "docker/notes.txt", "other/web/start.sh", "app/main.py")
    git(tmp_path, "init", "-q")
    assert list(DiskTree(tmp_path / "app", tmp_path).outer()) == ["../docker/web/entry/start.sh"]
    make(tmp_path, "deploy/api/run.sh", "deploy/web/run.sh")
    assert "../run.sh" not in DiskTree(tmp_path / "deploy/api", tmp_path).outer()
    assert list(DiskTree(tmp_path / "deploy/api", tmp_path).files()) == ["run.sh"]


def test_a_file_of_ruff_around_the_project_that_names_it_is_seen(tmp_path: Path) -> None:
    for path, text in {
        "app/ruff.toml": "line-length = 99\n",
        "worker/ruff.toml": 'extend = "../app/ruff.toml"\n',
        "worker/pyproject.toml": "",
        "other/ruff.toml": "line-length = 98\n",
        "other/pyproject.toml": "",
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    tree = DiskTree(tmp_path / "app", tmp_path)
    assert [path for path in tree.outer() if path.endswith("ruff.toml")] == ["../worker/ruff.toml"]
    project = of(tree)
    project.repository = "app"
    lowered = rename(project, tree, "ruff.toml", ("--config",))
    assert lowered.blocked == ("../worker/ruff.toml", 1)
