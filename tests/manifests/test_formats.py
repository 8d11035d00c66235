"""Formats are loaded only where a file is that they read."""

from importlib import import_module

import pytest

from trueup.model.project import Lock
from trueup.model.tree import MemoryTree
from trueup.read import manifests
from trueup.read.manifests import rye
from trueup.read.manifests._poetry_versions import of_python

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


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (">=  3.9", ">=  3.9"),
        ("3.9", "3.9.*"),
        ("== 3.9", "== 3.9.*"),
        (">=3.8,  <  3.12", ">=3.8,  <  3.12"),
        ("~3.9 || 3.11", "~3.9 || 3.11.*"),
        ("3.9.1", "3.9.1"),
        ("!= 3.9", "!= 3.9"),
        ("3.*", "3.*"),
    ],
)
def test_a_lone_minor_of_python_is_every_patch_of_it(before: str, after: str) -> None:
    assert of_python(before) == after


def test_what_rye_takes_from_a_place_is_uvs_source() -> None:
    text = (
        '[project]\nname = "shop"\n[tool.rye]\ndev-dependencies = [\n    "foo @ git+https://github.com/x/foo@v1",\n'
        '    "bar @ file:///${PROJECT_ROOT}/libs/bar",\n    "pytest",\n]\n'
        '[[tool.rye.sources]]\nname = "links"\nurl = "https://a.b/page"\ntype = "find-links"\n'
        '[[tool.rye.sources]]\nname = "own"\nurl = "https://a.b/simple"\nusername = "bob"\nverify-ssl = false\n'
    )
    (manifest,) = rye.read(MemoryTree({"pyproject.toml": text, "libs/bar/setup.py": ""}))
    assert [(item.text, dict(item.source)) for item in manifest.requirements] == [
        ("foo", {"git": "https://github.com/x/foo", "tag": "v1"}),
        ("bar", {"path": "libs/bar"}),
        ("pytest", {}),
    ]
    assert manifest.uv["index"] == [
        {"name": "links", "url": "https://a.b/page", "format": "flat"},
        {"name": "own", "url": "https://a.b/simple"},
    ]
    told = " ".join(line.reason for line in manifest.lines)
    assert "UV_INDEX_OWN_USERNAME" in told
    assert "allow-insecure-host" in told
