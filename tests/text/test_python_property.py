"""Random projects, run before and after their modules get new names: same output, bindings and exceptions.

``TRUEUP_LONG=1`` tries thousands instead of some hundreds.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.util
import os
import sys
import types
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trueup.model.span import splice
from trueup.model.tree import MemoryTree
from trueup.text.python import ModuleNames, rename_imports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

CASES = 5000 if os.environ.get("TRUEUP_LONG") else 300
MODULES = (
    "main.py",
    "models/__init__.py",
    "models/user.py",
    "models/item.py",
    "models/deep/__init__.py",
    "models/deep/base.py",
    "config.py",
    "modelsx.py",
    "routers/users.py",
    "routers/items.py",
)
# {m} a module, {t} its first part, {p} its package, {n} its last part, {m2} another module, {k} a fresh number
STATEMENTS = (
    "import {m}",
    "import {m}",
    "import {m}  # noqa: F401",
    "import {m} as x{k}",
    "import {m} as {t}",
    "import os, {m}, sys",
    "import {m}, {m2}",
    "import {m}, {m2} as y{k}",
    "from {m} import VALUE as v{k}",
    "from {m} import (\n    VALUE,\n    f as f{k},  # why\n)",
    "from \\\n    {m} import C",
    "from {p} import {n}",
    "from {p} import {n} as z{k}",
    "def fn{k}():\n    import {m}\n    return {m}.VALUE\nprobe(fn{k})",
    "def fn{k}():\n    probe(lambda: {t}.VALUE)\n    import {m}\n    return {m}.VALUE\nprobe(fn{k})",
    "def fn{k}():\n    global {t}\n    import {m}\nprobe(fn{k})",
    "def fn{k}({t}=None):\n    return {t}\nprobe(fn{k})",
    "if True: import {m}; w{k} = 1",
    "w{k} = 2; import {m}; w{k} = 3",
    "import \\\n    {m}",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import {m}",
    "def an{k}(x: '{m}.C') -> None: ...\nprobe(lambda: get_type_hints(an{k}))",
    "{t} = 'local'",
    "probe(lambda: {m}.VALUE)",
    "probe(lambda: {m})",
    "probe(lambda: {t}.NAME)",
    "probe(lambda: [{t} for {t} in (1, 2)])",
    "probe(lambda: f'{{{m}.VALUE}} {{{t}.NAME!r}}')",
    "try:\n    del {t}\nexcept NameError:\n    pass",
)
# Modules that fail halfway, and stars; but then no name that the new package's name could clash with: where
# both meet, `import shop.a.b as a` differs from `import shop.a.b` for a package that failed and is tried again.
FAILING = (
    "from {m} import *",
    "from . import {n}",
    "from .{n} import VALUE as r{k}",
    "from .. import {n} as u{k}",
    "from ..{m} import VALUE as w{k}",
    "try:\n    import {m}\nexcept ImportError:\n    {t} = None",
    "try:\n    import {m}, absent\nexcept ImportError as error:\n    say(type(error).__name__)",
    "try:\n    import {m}, {m2}.absent\nexcept ImportError as error:\n    say(type(error).__name__)",
    "try:\n    from {m} import nope\nexcept ImportError:\n    nope = 1",
    "with suppress(ImportError):\n    import {m}, {m2}, absent",
)
CLASHING = (
    "{new} = 5",
    "probe(lambda: {new} + 1)",
    "def fn{k}({new}=3):\n    import {m}\n    return {m}.VALUE + {new}\nprobe(fn{k})",
    "class K{k}:\n    import {m}\n    NAMES = sorted(name for name in locals() if name[0] != '_')\nsay(K{k}.NAMES)",
)
HEADER = "VALUE = {number}\nNAME = {name!r}\nclass C: pass\ndef f(): return VALUE\n"


class Case(NamedTuple):
    """A project: old path -> source, and the module that is run."""

    files: dict[str, str]
    names: ModuleNames
    entry: str


class Outcome(NamedTuple):
    """What a run said, how it ended, and what every loaded module's names were bound to."""

    said: list[str]
    error: str
    bindings: dict[str, dict[str, str]]


def dotted(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def path_of(module: str, *, package: bool) -> str:
    return module.replace(".", "/") + ("/__init__.py" if package else ".py")


@st.composite
def projects(draw: st.DrawFn) -> Case:
    """A few modules; each a few statements on own modules. With ``acyclic``, only later ones are imported."""
    kind = draw(st.sampled_from(["nest", "swap", "unify"]))
    prefix, new = {"nest": ("", "shop"), "swap": ("src.", "shop"), "unify": ("", "app")}[kind]
    acyclic = draw(st.booleans())
    statements = STATEMENTS + (CLASHING if acyclic and draw(st.booleans()) else FAILING)
    if prefix:  # through a star, a module lends even the name src, which is not followed
        statements = tuple(text for text in statements if not text.endswith("import *"))
    paths = draw(st.lists(st.sampled_from(MODULES[1:]), min_size=2, max_size=6, unique=True))
    paths = [MODULES[0], *paths]
    modules = [prefix + dotted(path) for path in paths]
    files = {"src/__init__.py": "NAME = 'src'\n"} if prefix else {}
    for index, (path, module) in enumerate(zip(paths, modules, strict=True)):
        others = modules[index + 1 :] if acyclic else modules
        depth = module.count(".") + path.endswith("__init__.py")
        lines = draw(st.lists(_statement(statements, others, new, depth), max_size=7)) if others else []
        files[prefix.replace(".", "/") + path] = HEADER.format(number=index, name=module) + "".join(
            line.replace("{k}", str(number)) + "\n" for number, line in enumerate(lines)
        )
    known = frozenset(dotted(path) for path in files)
    renames = (
        {"src": "shop"} if prefix else {name: f"{new}.{name}" for name in sorted({m.split(".")[0] for m in known})}
    )
    return Case(files, ModuleNames(renames, known, known if acyclic else frozenset()), modules[0])


def _statement(statements: Sequence[str], modules: Sequence[str], new: str, depth: int) -> st.SearchStrategy[str]:
    """``depth`` is how many packages the importing module lies in: relative imports climb no higher."""
    templates = [text for text in statements if len(text) - len(text.removeprefix("from ").lstrip(".")) - 5 <= depth]

    def fill(template: str, module: str, other: str) -> str:
        package, _, last = module.rpartition(".")
        words = {"m": module, "m2": other, "t": module.split(".")[0], "p": package or module, "n": last, "new": new}
        return template.format(k="{k}", **words)

    return st.builds(fill, st.sampled_from(templates), st.sampled_from(modules), st.sampled_from(modules))


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports own modules from a tree in memory, and nothing else that bears one of their names."""

    def __init__(self, tree: MemoryTree, extras: Mapping[str, object]) -> None:
        self.tree = tree
        self.extras = extras
        self.tops = {path.partition("/")[0].removesuffix(".py") for path in tree.entries}

    def find_spec(self, name: str, path: object = None, target: object = None) -> Any:
        if name.split(".")[0] not in self.tops | {"absent"}:
            return None
        for package in (True, False):
            if self.tree.has(path_of(name, package=package)):
                return importlib.util.spec_from_loader(name, self, is_package=package)
        if self.tree.has_dir(name.replace(".", "/")):  # a namespace package
            return importlib.util.spec_from_loader(name, None, is_package=True)
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    def create_module(self, spec: Any) -> None:
        return None

    def exec_module(self, module: types.ModuleType) -> None:
        name = module.__name__
        path = path_of(name, package=hasattr(module, "__path__"))
        module.__dict__.update(self.extras)
        exec(compile(self.tree.read(path), path, "exec", dont_inherit=True), module.__dict__)


def run(files: Mapping[str, bytes | str], entry: str, rename: Callable[[str], str]) -> Outcome:
    """Import ``entry``; everything that is told is told under the names that ``rename`` gives."""
    said: list[str] = []

    def probe(action: Callable[[], object]) -> None:
        try:
            said.append(_describe(action(), rename))
        except Exception as error:  # noqa: BLE001 - whatever it is, it must be the same afterwards
            said.append(_failure(error, rename))

    extras = {"say": lambda value: said.append(_describe(value, rename)), "probe": probe, **HELPERS}
    finder = Finder(MemoryTree(files), extras)
    sys.meta_path.insert(0, finder)
    error = ""
    try:
        importlib.import_module(entry)
    except Exception as problem:  # noqa: BLE001 - see above
        error = _failure(problem, rename)
    finally:
        sys.meta_path.remove(finder)
        own = {name: sys.modules.pop(name) for name in list(sys.modules) if name.split(".")[0] in finder.tops}
    bindings = {rename(name): dict(_bindings(module, extras, rename)) for name, module in own.items()}
    return Outcome(said, error, bindings)


def _bindings(
    module: types.ModuleType, extras: Mapping[str, object], rename: Callable[[str], str]
) -> Iterator[tuple[str, str]]:
    for name, value in vars(module).items():
        if not (name.startswith("__") and name.endswith("__")) and name not in extras:
            yield name, _describe(value, rename)


def _describe(value: object, rename: Callable[[str], str]) -> str:
    match value:
        case types.ModuleType():
            return f"module {rename(value.__name__)}"
        case type() | types.FunctionType():
            return f"{rename(value.__module__)}:{value.__qualname__}"
        case dict():
            return str({key: _describe(each, rename) for key, each in value.items()})
        case _:
            return repr(value)


def _failure(error: Exception, rename: Callable[[str], str]) -> str:
    named = rename(getattr(error, "name", None) or "") if isinstance(error, ImportError) else ""
    return f"{type(error).__name__} {named}"


def _helpers() -> dict[str, object]:
    from contextlib import suppress
    from typing import get_type_hints

    return {"suppress": suppress, "get_type_hints": get_type_hints}


HELPERS = _helpers()


def rewritten(case: Case) -> dict[str, bytes]:
    """The files at their new paths, with their imports rewritten. No file may be refused."""
    files: dict[str, bytes] = {}
    for path, text in case.files.items():
        module, package = dotted(path), path.endswith("__init__.py")
        source = text.encode()
        answer = rename_imports(source, case.names, module=module, is_package=package)
        assert not answer.error, (answer.error, text)
        files[path_of(case.names.new(module), package=package)] = splice(source, list(answer.edits))
    return files


def show(files: Mapping[str, bytes | str]) -> str:
    return "\n".join(
        f"--- {path}\n{text.decode() if isinstance(text, bytes) else text}" for path, text in files.items()
    )


@settings(max_examples=CASES, suppress_health_check=[HealthCheck.too_slow])
@given(projects())
def test_a_renamed_project_behaves_as_before(case: Case) -> None:
    before = run(case.files, case.entry, case.names.new)
    files = rewritten(case)
    after = run(files, case.names.new(case.entry), str)
    told = show(case.files) + "\n=== afterwards\n" + show(files)
    failed = next((at for at, line in enumerate(before.said) if line.startswith("ImportError")), None)
    if failed is not None:  # what a second try meets is what the failed one left in sys.modules: CPython's business
        assert after.said[: failed + 1] == before.said[: failed + 1], told
        return
    assert after.said == before.said, told
    swallowed = any("except ImportError" in text or "suppress(ImportError" in text for text in case.files.values())
    if swallowed and before.error.startswith("ImportError"):  # again a second try, whose first said nothing
        assert after.error.startswith("ImportError"), told
        return
    assert after.error == before.error, told
    added = {name.split(".")[0] for name in case.names.renames.values()}
    for module, bound in before.bindings.items():
        now = after.bindings[module]
        expected = {case.names.renames.get(name, name) if name not in now else name: v for name, v in bound.items()}
        surplus = {name for name in now.keys() - expected.keys() if name in added and now[name] == f"module {name}"}
        assert {name: value for name, value in now.items() if name not in surplus} == expected, told
