"""The shop: a small project with a build backend of its own, and a world of wheels on disk, so that it needs no network."""

from __future__ import annotations

import sys
from types import MappingProxyType
from typing import TYPE_CHECKING

from wheels import make_bridge, make_wheel, offline_uv

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from trueup.tools.uv import Uv

# A build backend that needs nothing: packs src/, without the files that EXCLUDE names.
BACKEND = """
import base64, gzip, hashlib, io, os, pathlib, tarfile, zipfile
EXCLUDE = ()
LEFT_OUT = ()
MORE = {}

def line(path, text):
    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
    return f"{path},sha256={digest},{len(text.encode())}\\n"

def build_wheel(directory, config_settings=None, metadata_directory=None):
    pathlib.Path("left-by-the-build").touch()
    return pack(directory)

def pack(directory):
    name = "shop-1.0-py3-none-any.whl"
    info = {
        "shop-1.0.dist-info/METADATA": "Metadata-Version: 2.1\\nName: shop\\nVersion: 1.0\\nRequires-Dist: lib\\n",
        "shop-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
        "shop-1.0.dist-info/entry_points.txt": "[console_scripts]\\nserve = shop.serve:main\\n",
    }
    files = {p.relative_to("src").as_posix(): p.read_text() for p in pathlib.Path("src").rglob("*") if p.is_file()}
    files = {path: text for path, text in files.items() if "__pycache__" not in path and path not in EXCLUDE} | info
    files["shop-1.0.dist-info/RECORD"] = "".join(map(line, files, files.values())) + "shop-1.0.dist-info/RECORD,,\\n"
    with zipfile.ZipFile(pathlib.Path(directory, name), "w") as archive:
        for path, text in files.items():
            archive.writestr(zipfile.ZipInfo(path), text)
    return name

def build_sdist(directory, config_settings=None):
    name = "shop-1.0.tar.gz"
    kept = {p.as_posix(): p.read_bytes() for p in pathlib.Path().rglob("*") if p.is_file() and not p.match(".*/**/*")}
    kept = {path: data for path, data in kept.items() if path.startswith(("src/", "backend", "py")) and path not in LEFT_OUT}
    kept |= {path: text.encode() for path, text in MORE.items()}
    with gzip.GzipFile(pathlib.Path(directory, name), "wb", mtime=0) as packed, tarfile.open(fileobj=packed, mode="w") as archive:
        for path, data in sorted(kept.items()):
            if "__pycache__" not in path or path in MORE:
                member = tarfile.TarInfo("shop-1.0/" + path)
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
    return name

def build_editable(directory, config_settings=None, metadata_directory=None):
    name = "shop-1.0-py3-none-any.whl"
    pack(directory)
    with zipfile.ZipFile(pathlib.Path(directory, name)) as archive:
        kept = {path: archive.read(path).decode() for path in archive.namelist() if ".dist-info/" in path}
    kept["shop.pth"] = str(pathlib.Path("src").resolve())
    kept.pop("shop-1.0.dist-info/RECORD")
    kept["shop-1.0.dist-info/RECORD"] = "".join(map(line, kept, kept.values())) + "shop-1.0.dist-info/RECORD,,\\n"
    with zipfile.ZipFile(pathlib.Path(directory, name), "w") as archive:
        for path, text in kept.items():
            archive.writestr(zipfile.ZipInfo(path), text)
    return name
"""
MANIFEST = """[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "shop"
version = "1.0"
requires-python = ">=3.11"
dependencies = ["lib"]

[project.scripts]
serve = "shop.serve:main"

[dependency-groups]
dev = ["bridge"]
"""
# A server that needs no framework: `application` is what /openapi.json answers.
SERVE = """
import json, os, sys
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        from shop.main import app
        body = json.dumps(app.document).encode() if self.path == app.openapi_url else b"no"
        self.send_response(app.status if self.path == app.openapi_url else 404)
        self.end_headers()
        self.wfile.write(body)

def main():
    if sys.argv[1:] == ["--help"]:
        sys.exit("usage: serve" if "HELPLESS" in globals() else 0)
    HTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Handler).serve_forever()
"""
MAIN = """import lib

class App:
    openapi_url = "/openapi.json"
    status = 200
    document = {"openapi": "3.1.0", "paths": {"/a": {}, "/b": {}}}

app = App()
"""
FILES = {
    "src/shop/__init__.py": "",
    "src/shop/main.py": MAIN,
    "src/shop/serve.py": SERVE,
    "src/shop/page.html": "<p>",
    "tests/test_shop.py": "def test_it():\n    import shop.main\n",
}


def write(root: Path, files: dict[str, str]) -> None:
    """Write files below ``root``."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")


# As much of Alembic as is asked: a folder of revisions, each with the one before it, and an env.py that is run.
ALEMBIC = {
    "alembic/__init__.py": "",
    "alembic/context.py": "now = []\ndef configure(**said):\n    now[-1].configure(**said)\n",
    "alembic/runtime/environment.py": """
from alembic import context

class EnvironmentContext:
    def __init__(self, config, script, **told):
        assert told["as_sql"]

    def __enter__(self):
        if type(self) is EnvironmentContext:  # alembic.context speaks for no other class
            context.now.append(self)

    def __exit__(self, *problem):
        context.now.pop()

    def configure(self, **said):
        pass
""",
    "alembic/config.py": "class Config:\n    def __init__(self, path):\n        open(path).close()\n",
    "alembic/script.py": """
import pathlib, types

class ScriptDirectory:
    dir = "migrations"

    @classmethod
    def from_config(cls, config):
        return cls()

    def walk_revisions(self):
        for path in pathlib.Path(self.dir, "versions").glob("*.py"):
            found = {}
            exec(path.read_text(), found)
            yield types.SimpleNamespace(**found)

    def run_env(self):
        exec(pathlib.Path(self.dir, "env.py").read_text(), {})
""",
}
ENV = """
from alembic import context
from alembic.config import Config
from shop import main
import shop.main
class Table:
    columns = ()
class MetaData:
    tables = {"item": Table}
context.configure(url="sqlite:///./shop.db", target_metadata=MetaData, compare_type=True)
"""
MIGRATIONS = {
    "alembic.ini": "[alembic]\nscript_location = migrations\n",
    "migrations/script.py.mako": "",
    "migrations/env.py": ENV,
    "migrations/versions/a1.py": "revision = 'a1'\ndown_revision = None\n",
    "migrations/versions/b2.py": "revision = 'b2'\ndown_revision = 'a1'\n",
}


def world(folder: Path) -> Uv:
    """The real uv, which knows a few distributions: ``lib``, ``spare``, a little ``alembic``, and ``bridge``, which
    brings pytest."""
    make_wheel(folder / "house", "alembic", "1.0", files=ALEMBIC)
    for name, version in (("lib", "1.0"), ("lib", "2.0"), ("spare", "1.0")):
        make_wheel(folder / "house", name, version)
    make_bridge(folder / "house")
    return offline_uv(folder / "house", folder / "cache", UV_PYTHON=sys.executable)


def make_shop(
    root: Path,
    files: Mapping[str, str] = MappingProxyType({}),
    *,
    exclude: tuple[str, ...] = (),
    left_out: tuple[str, ...] = (),
    more: Mapping[str, str] = MappingProxyType({}),
    requires: tuple[str, ...] = ("lib",),
) -> None:
    """Write the shop, with files replaced or added.

    Its build backend leaves the files of ``exclude`` out of the wheel, those of ``left_out`` out of the sdist, and
    puts those of ``more`` into the sdist.
    """
    backend = BACKEND.replace("EXCLUDE = ()", f"EXCLUDE = {exclude!r}")
    backend = backend.replace("LEFT_OUT = ()", f"LEFT_OUT = {left_out!r}").replace(
        "MORE = {}", f"MORE = {dict(more)!r}"
    )
    wanted = ", ".join(f'"{item}"' for item in requires)
    manifest = MANIFEST.replace('["lib"]', f"[{wanted}]")
    write(root, {**FILES, "pyproject.toml": manifest, "backend.py": backend, **files})
