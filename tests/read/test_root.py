"""Which folder is the project, and which files only seem to say so."""

from pathlib import Path

import pytest

from trueup.read.root import find_root

APP = "from fastapi import FastAPI\ndef create_application():\n    return FastAPI()\n"
MANIFEST = '[project]\nname = "shop"\nversion = "1"\n'


def written(root: Path, files: dict[str, str]) -> Path:
    """A repository with these files."""
    (root / ".git").mkdir()
    (root / ".git" / "HEAD").write_text("ref: refs/heads/main\n", "utf-8")
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return root


@pytest.mark.parametrize(
    ("setup", "project"),
    [
        (APP, ""),
        ("def setup():\n    pass\n\n\nsetup()\n", ""),
        ("from setuptools import setup\nsetup(name='core')\n", "src/app/core"),
        ("import skbuild\nskbuild.setup (name='core')\n", "src/app/core"),
    ],
)
def test_a_module_called_setup_declares_no_project(tmp_path: Path, setup: str, project: str) -> None:
    files = {"pyproject.toml": MANIFEST, "src/app/core/setup.py": setup, "src/app/core/web.py": APP}
    root = written(tmp_path, files)
    assert find_root(root).project == root / project
    inside = root / "src" / "app" / "core"
    (inside / "__init__.py").touch()
    assert find_root(inside).project == (inside if project else root)


@pytest.mark.parametrize(
    ("path", "text", "project"),
    [
        ("Procfile", "web: uvicorn api.app.main:app --port $PORT\n", ""),
        ("compose.yml", "services:\n  api:\n    command: gunicorn api.app.main:app\n", ""),
        ("Procfile", "web: uvicorn app.main:app\n", "api"),
        ("Procfile", "web: uvicorn my-api.app.main:app\n", "api"),
        ("api/Procfile", "web: uvicorn api.app.main:app\n", "api"),
        ("notes.txt", "uvicorn api.app.main:app\n", "api"),
    ],
)
def test_a_folder_that_is_started_as_a_package_belongs_to_the_one_above(
    tmp_path: Path, path: str, text: str, project: str
) -> None:
    files = {"api/requirements.txt": "fastapi\n", "api/__init__.py": "", "api/app/main.py": APP, path: text}
    assert find_root(written(tmp_path, files)).project == tmp_path / project


def test_a_project_holds_others_in_it(tmp_path: Path) -> None:
    files = {"backend/pyproject.toml": MANIFEST, "backend/service/main.py": APP, "backend/ai/requirements.txt": ""}
    root = written(tmp_path, {**files, "backend/ai/main.py": APP})
    assert find_root(root).project == tmp_path / "backend"
    (tmp_path / "web").mkdir()
    for name, text in {"requirements.txt": "", "main.py": APP}.items():
        (tmp_path / "web" / name).write_text(text, "utf-8")
    assert find_root(root).reason == "several projects lie in it: backend, backend/ai, web"


def test_a_workspace_is_not_narrowed_to_its_one_application(tmp_path: Path) -> None:
    members = {f"libs/{name}/pyproject.toml": MANIFEST for name in ("api", "core")}
    files = {**members, "libs/api/web.py": APP, "libs/core/a.py": "", "pyproject.toml": MANIFEST}
    assert find_root(written(tmp_path, files)).project == tmp_path / "libs" / "api"
    (tmp_path / "pyproject.toml").write_text(f"{MANIFEST}[tool.uv.workspace]\nmembers = ['libs/*']\n", "utf-8")
    found = find_root(tmp_path)
    assert (found.project, found.reason) == (tmp_path, "several projects lie in it: libs/api, libs/core")
    (tmp_path / "libs" / "core" / "a.py").unlink()
    assert find_root(tmp_path).project == tmp_path / "libs" / "api"


@pytest.mark.parametrize(
    ("files", "project"),
    [
        ({}, "worker"),
        ({"worker/app/pyproject.toml": MANIFEST}, "worker"),  # as it is imported
        ({"worker/app/web.py": f"import db\n{APP}"}, "worker/app"),
        ({"worker/app/web.py": f"import application\n{APP}"}, "worker/app"),
        ({"worker/app/web.py": f"from .db import x\n{APP}"}, "worker"),
        ({"worker/app/app/db.py": ""}, "worker/app"),  # `app` is in it
        ({"worker/src/app/web.py": f"from app import db\n{APP}", "worker/src/app/requirements.txt": ""}, "worker"),
    ],
)
def test_a_list_in_a_package_belongs_to_the_folder_that_it_is_imported_from(
    tmp_path: Path, files: dict[str, str], project: str
) -> None:
    package = {
        "worker/app/__init__.py": "",
        "worker/app/web.py": f"from app.db import x\n{APP}",
        "worker/app/db.py": "",
        "worker/app/requirements.txt": "fastapi\n",
    }
    moved = {name: text for name, text in package.items() if "worker/src/app/web.py" not in files}
    assert find_root(written(tmp_path, {**moved, **files})).project == tmp_path / project


SERVICE = {"__init__.py": "", "web.py": f"from .db import x\n{APP}", "db.py": "", "requirements.txt": "fastapi\n"}


@pytest.mark.parametrize(
    ("files", "project"),
    [
        ({}, ""),
        ({"api/Dockerfile": "FROM python\n"}, "api"),
        ({"api/dev.containerfile": "FROM python\n"}, "api"),
        ({"api/requirements.txt": "-r lists/base.txt\n"}, "api"),
        ({"api/requirements.txt": "-c ../constraints.txt\n"}, "api"),
        ({"api/requirements-dev.txt": "-r requirements.txt\n"}, ""),
        ({"api/requirements.txt": "-e ../shared\n"}, "api"),
        ({"api/requirements.txt": "./wheels/x.whl\n"}, "api"),
        ({"bot/__init__.py": "", "bot/a.py": "from .b import x\n", "bot/requirements.txt": "redis\n"}, "api"),
    ],
)
def test_a_list_stays_where_it_would_not_be_found_from_above(
    tmp_path: Path, files: dict[str, str], project: str
) -> None:
    package = {f"api/{name}": text for name, text in SERVICE.items()}
    assert find_root(written(tmp_path, {**package, **files})).project == tmp_path / project
