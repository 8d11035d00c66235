"""Formats are loaded only where a file is that they read."""

from importlib import import_module

import pytest

from trueup.model.project import Lock
from trueup.model.tree import MemoryTree
from trueup.read import manifests

FILES = {
    "pyproject.toml": """
[project]
name = "x"
version = "1"
dependencies = ["a"]
[project.scripts]
x = "x:main"
[build-system]
requires = ["flit_core"]
[tool.poetry.dependencies]
b = "*"
[tool.pdm.dev-dependencies]
test = ["c"]
[tool.rye]
dev-dependencies = ["k"]
[tool.hatch.envs.default]
dependencies = ["d"]
[tool.flit.metadata]
module = "x"
requires = ["e"]
""",
    "pdm.lock": '[[package]]\nname = "c"\nversion = "1"\n',
    "Pipfile": '[packages]\nf = "*"\n',
    "Pipfile.lock": '{"_meta": {}, "default": {"f": {"version": "==1"}}, "develop": {}}',
    "poetry.lock": '[[package]]\nname = "b"\nversion = "1"\n',
    "setup.cfg": "[options]\ninstall_requires =\n    g\n",
    "setup.py": "from setuptools import setup\nsetup(install_requires=['h'])\n",
    "uv.lock": 'version = 1\n[[package]]\nname = "a"\nversion = "1"\nsource = { registry = "https://pypi.org/simple" }\n',
    "requirements.txt": "i\n",
    "environment.yml": "dependencies:\n- j\n",
}


def read(name: str, files: dict[str, str]) -> list[object]:
    """What one format reads, loaded whether its file is there or not."""
    form, tree = import_module(f"{manifests.__name__}.{name}"), MemoryTree(files)
    return [item for read in ("read", "read_lock") if hasattr(form, read) for item in getattr(form, read)(tree)]


@pytest.mark.parametrize("name", manifests.formats())
def test_a_format_reads_nothing_without_the_files_that_it_needs(name: str) -> None:
    """Else a row of ``NEEDS`` would hide a manifest; with one of them it reads something."""
    needs = manifests.NEEDS.get(name, ())
    assert read(name, FILES)
    assert not needs or not read(name, {path: text for path, text in FILES.items() if path not in needs})
    for path in needs:
        assert read(name, {path: FILES[path]}), path


def test_every_row_of_needs_is_a_format() -> None:
    """A row of a format that was renamed would do nothing."""
    assert set(manifests.NEEDS) <= set(manifests.formats())


def test_pipenv_pins_a_package_once() -> None:
    """Pipenv locks its categories one by one; what runs decides."""
    entry = '"A_b": {"version": "==%s"}'
    text = f'{{"_meta": {{}}, "default": {{{entry % 2}}}, "develop": {{{entry.lower() % 1}}}}}'
    found = read("pipfile_lock", {"Pipfile.lock": text})
    assert [(item.name, item.version) for lock in found if isinstance(lock, Lock) for item in lock.packages] == [
        ("a-b", "2")
    ]
