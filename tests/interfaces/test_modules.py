"""The modules of an audit are kept in one file: taken from there they are what the import system makes of them."""

import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

import trueup
from trueup.interfaces import kept
from trueup.interfaces.modules import Loader, Modules


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """A package with a module and another package in it."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "kept_here" / "inner").mkdir(parents=True)
    (tmp_path / "kept_here" / "__init__.py").touch()
    (tmp_path / "kept_here" / "one.py").write_text('"""One."""\n\nVALUE = 1\n')
    (tmp_path / "kept_here" / "inner" / "__init__.py").touch()
    (tmp_path / "kept_here" / "inner" / "two.py").write_text("def which():\n    return __file__\n")
    yield importlib.import_module("kept_here")
    forget()
    del sys.modules["kept_here"]


def forget() -> None:
    """Let everything of the package be imported anew."""
    for name in [name for name in sys.modules if name.startswith("kept_here.")]:
        del sys.modules[name]
    importlib.invalidate_caches()


def keeping(package: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Modules:
    """What finds the modules of the package from here on; none of them is imported."""
    forget()
    modules = Modules(kept.beside(package, ".modules"), package)
    monkeypatch.setattr(sys, "meta_path", [modules, *sys.meta_path])
    return modules


def attributes(name: str) -> dict[str, object]:
    """What the import system says of a module."""
    module = importlib.import_module(name)
    said = {
        key: value for key, value in vars(module).items() if key in ("__file__", "__cached__", "__doc__", "__path__")
    }
    spec = module.__spec__
    assert spec
    return said | {"origin": spec.origin, "places": spec.submodule_search_locations, "cached": spec.cached}


NAMES = ("kept_here.one", "kept_here.inner", "kept_here.inner.two")


def test_a_module_that_is_kept_is_the_same(package: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    first = keeping(package, monkeypatch)
    before = {name: attributes(name) for name in NAMES}
    first.keep()
    second = keeping(package, monkeypatch)
    assert set(second.known) == {*NAMES}
    assert {name: attributes(name) for name in NAMES} == before
    assert {type(sys.modules[name].__loader__) for name in NAMES} == {Loader}
    assert sys.modules["kept_here.inner.two"].which() == before["kept_here.inner.two"]["__file__"]


def test_what_changed_is_imported_and_kept_anew(package: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    first = keeping(package, monkeypatch)
    for name in NAMES:
        importlib.import_module(name)
    first.keep()
    one = Path(package.__path__[0], "one.py")
    one.write_text("VALUE = 22\n")
    second = keeping(package, monkeypatch)
    assert importlib.import_module("kept_here.one").VALUE == 22
    assert type(sys.modules["kept_here.one"].__loader__) is SourceFileLoader
    second.keep()
    third = keeping(package, monkeypatch)
    assert importlib.import_module("kept_here.one").VALUE == 22
    assert type(sys.modules["kept_here.one"].__loader__) is Loader
    assert set(third.known) == {*NAMES}


def test_a_module_that_is_gone_is_not_found(package: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    first = keeping(package, monkeypatch)
    importlib.import_module("kept_here.one")
    first.keep()
    Path(package.__path__[0], "one.py").unlink()
    keeping(package, monkeypatch)
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("kept_here.one")


def test_a_package_of_another_place_is_another(package: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    first = keeping(package, monkeypatch)
    importlib.import_module("kept_here.one")
    first.keep()
    elsewhere = ModuleType("kept_here")
    elsewhere.__path__ = [str(Path(package.__path__[0]).parent)]
    assert Modules(first.path, elsewhere).known == {}


def test_nothing_is_kept_where_python_keeps_no_bytecode(package: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    modules = keeping(package, monkeypatch)
    importlib.import_module("kept_here.one")
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    modules.keep()
    assert not Path(modules.path).exists()
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.chdir(package.__path__[0])
    modules.path = kept.beside(ModuleType("without_a_place"), ".modules")
    modules.keep()
    assert not list(Path().glob(".*"))


def test_an_audit_says_the_same_with_kept_modules(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("from fastapi import FastAPI\n\napp = FastAPI()\n")
    (tmp_path / "requirements.txt").write_text("fastapi\n")
    argv = [sys.executable, "-m", "trueup", "audit", "--format", "json", "--no-cache", str(tmp_path)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(tmp_path / "bytecode")
    said = [subprocess.run(argv, capture_output=True, env=environment, check=False) for _ in range(3)]
    assert [done.stderr for done in said] == [b"", b"", b""]
    assert b'"findings"' in said[0].stdout
    assert len({done.stdout for done in said}) == 1
    (found,) = (tmp_path / "bytecode").rglob("*.modules")
    stamp = (sys.version, *trueup.__path__)
    names = set(kept.read(str(found), stamp))
    assert {"trueup.steps", "trueup.rules.dep101_floating_dependency", "trueup.interfaces.cli"} <= names
    assert not [name for name in names if name.startswith("trueup.plan")]
