"""Wheels made on the spot and fake programs, so that tests of what runs uv need no network."""

from __future__ import annotations

import base64
import hashlib
import os
import sys
import sysconfig
import zipfile
from typing import TYPE_CHECKING

from trueup.tools.uv import Uv, find_uv

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# Hands the distributions of the interpreter that runs these tests (pytest among them) to an environment.
BRIDGE = "bridge"


def make_wheel(
    house: Path, name: str, version: str, *requires: str, files: Mapping[str, str] | None = None, python: str = ">=3"
) -> None:
    """Write the wheel of a pure distribution into ``house``; by default it holds one module of its name."""
    house.mkdir(parents=True, exist_ok=True)
    info = f"{name}-{version}.dist-info"
    metadata = [
        "Metadata-Version: 2.1",
        f"Name: {name}",
        f"Version: {version}",
        f"Requires-Python: {python}",
        *(f"Requires-Dist: {text}" for text in requires),
    ]
    contents = {
        **(files or {f"{name.replace('-', '_')}.py": f'__version__ = "{version}"\n'}),
        f"{info}/METADATA": "\n".join(metadata) + "\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    contents[f"{info}/RECORD"] = record(contents) + f"{info}/RECORD,,\n"
    with zipfile.ZipFile(house / f"{name.replace('-', '_')}-{version}-py3-none-any.whl", "w") as archive:
        for path, text in contents.items():
            archive.writestr(path, text)


def record(contents: Mapping[str, str]) -> str:
    """The lines of a ``RECORD`` for files with these texts."""
    digests = {path: hashlib.sha256(text.encode()).digest() for path, text in contents.items()}
    hashes = {path: base64.urlsafe_b64encode(digest).rstrip(b"=").decode() for path, digest in digests.items()}
    return "".join(f"{path},sha256={hashes[path]},{len(text.encode())}\n" for path, text in contents.items())


def make_bridge(house: Path) -> None:
    """Write the wheel ``bridge``, through which an environment sees what is installed here."""
    make_wheel(house, BRIDGE, "1.0", files={"bridge.pth": sysconfig.get_path("purelib") + "\n"})


def offline_uv(house: Path, cache: Path, **extra: str) -> Uv:
    """The real uv, with the wheels of ``house`` as its whole world."""
    house.mkdir(parents=True, exist_ok=True)
    world = {
        "UV_OFFLINE": "1",
        "UV_NO_INDEX": "1",
        "UV_FIND_LINKS": str(house),
        "UV_CACHE_DIR": str(cache),
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_LINK_MODE": "copy",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    plain = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
    return find_uv(plain, {**world, **extra})


def fake_program(directory: Path, name: str, source: str) -> Path:
    """A program that runs Python ``source``; on Windows a batch file."""
    directory.mkdir(parents=True, exist_ok=True)
    script = directory / f"{name}.py"
    script.write_text(source, "utf-8")
    if os.name == "nt":
        program = directory / f"{name}.cmd"
        program.write_text(f'@"{sys.executable}" "{script}" %*\r\n', "utf-8")
    else:
        program = directory / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{script}" "$@"\n', "utf-8")
        program.chmod(0o755)
    return program
