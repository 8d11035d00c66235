"""Who moves code without breaking it, and how fast: ``python benchmarks/moves.py [ROUNDS]``.

The same two trees are given to trueup, to rope's MoveModule, to LibCST's RenameCommand and to a regular expression
over the lines that begin with ``import`` or ``from`` (what people do by hand). All get the same job: the
modules at the root become modules of the package ``shop``. **Right** means that a case, run before and after in a
process of its own, prints the same; the cases stand below. Times are whole processes on a tree of 50 modules and some
8,000 lines, with bytecode written, interleaved, medians, as ratios of the regular expression's. Needs uv and PyPI
(for rope and LibCST).
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = "shop"
PEERS = ("rope==1.14.0", "libcst==1.8.2")
TOOLS = ("trueup", "rope", "libcst", "re.sub")
MANIFEST = f'[project]\nname = "{PACKAGE}"\nversion = "1"\ndependencies = ["fastapi"]\n'

SHARED = {
    "config.py": "VALUE = 'configured'\ndef send():\n    return 'sent'\n",
    "configuration.py": "VALUE = 'looks alike'\n",
    "models/__init__.py": "from models.user import User\nKIND = 'package'\n",
    "models/user.py": "class User:\n    name = 'user'\n",
    "models/deep/__init__.py": "",
    "models/deep/inner.py": "DEPTH = 3\nfrom . import twin\nTWIN = twin.X\n",
    "models/deep/twin.py": "X = 'twin'\n",
}
# Each case is a module of its own; what it prints is compared.
CASES = {
    "import a": "import config\nprint(config.VALUE)\n",
    "import a.b, used in full": "import models.user\nprint(models.user.User.name, models.KIND)\n",
    "import a.b.c, used in full": "import models.deep.inner\nprint(models.deep.inner.DEPTH)\n",
    "import a.b as c": "import models.user as u\nprint(u.User.name)\n",
    "import a, b": "import os, config, sys\nprint(config.VALUE, os.sep)\n",
    "two statements on a line": "import config; print(config.VALUE)\n",
    "from a import b": "from config import VALUE\nprint(VALUE)\n",
    "from a import *": "from models.deep.inner import *\nprint(DEPTH, TWIN)\n",
    "from a import (b, c)": "from config import (  # why\n    VALUE,\n    send as s,\n)\nprint(VALUE, s())\n",
    "from a import module": "from models import user\nprint(user.User.name)\n",
    "in a function": "def f():\n    import config\n    return config.VALUE\nprint(f(), 'config' in globals())\n",
    "in try": "try:\n    import config\nexcept ImportError:\n    config = None\nprint(config is not None)\n",
    "in try, of what is not there": "try:\n    import nothing, config\nexcept ImportError:\n    config = None\n"
    "print(config)\n",
    "in a function, late": "import sys\ndef f():\n    import config\n    return config.VALUE\n"
    "print([name for name in sys.modules if name.endswith('config')], f())\n",
    "below a change of the path": "import sys\nsys.path.insert(0, 'nowhere')\nimport config\n"
    "print(config.VALUE, sys.path[0])\n",
    "under TYPE_CHECKING": "from __future__ import annotations\n"
    "from typing import TYPE_CHECKING, get_type_hints\nimport models\nif TYPE_CHECKING:\n"
    "    from models.user import User\ndef f(x: models.user.User): ...\n"
    "print(get_type_hints(f)['x'].name)\n",
    "an annotation in quotes": "import models\nfrom typing import get_type_hints\ndef f(x: 'models.User'): ...\n"
    "print(get_type_hints(f)['x'].name)\n",
    "a local name hides it": "import config\ndef f(config):\n    return config.upper()\nprint(f('x'), config.VALUE)\n",
    "an attribute of that name": "class A:\n    config = 'mine'\nprint(A.config, A().config)\n",
    "a name that looks alike": "import configuration\nprint(configuration.VALUE)\n",
    "a continued line": "from config import \\\n    VALUE\nprint(VALUE)\n",
    "a semicolon in front": "x = 1; import config; y = config.VALUE\nprint(x, y)\n",
    "an order that matters": "import sys\nsys.marker = 1\nimport config\nassert sys.marker\nprint(config.VALUE)\n",
    "import_module('a')": "import importlib\nprint(importlib.import_module('config').VALUE)\n",
    "patch('a.b')": "from unittest import mock\nimport config\nwith mock.patch('config.send', return_value='mocked'):\n"
    "    print(config.send())\n",
    "sys.modules['a']": "import sys, config\nprint(sys.modules['config'].VALUE)\n",
    "global in a function": "def f():\n    global config\n    import config\nf()\nprint(config.VALUE)\n",
    "del": "import config\nx = config.VALUE\ndel config\nprint(x, 'config' in globals())\n",
    "f-string": "import config\nprint(f'{config.VALUE!r:>20}')\n",
}


def small(case: str) -> dict[str, str]:
    """The small tree: the shared modules, an application, and one case."""
    app = "from fastapi import FastAPI\nimport case, config, configuration, models\napp = FastAPI()\n"
    return {**SHARED, "case.py": case, "main.py": app, "pyproject.toml": MANIFEST}


def many() -> dict[str, str]:
    """The large tree: 50 modules of 160 lines that import one another."""
    files = {
        "main.py": "from fastapi import FastAPI\n"
        + "".join(f"import part_{n}\n" for n in range(50))
        + "app = FastAPI()\n"
    }
    for number in range(50):
        head = [f"import part_{other}" for other in range(max(0, number - 2), number)]
        head += [f"from part_{other} import work_0 as w{other}" for other in range(max(0, number - 2), number)]
        body = [
            line
            for n in range(38)
            for line in (f"def work_{n}(x):", f'    """Work {n} times."""', f"    return x * {n}", "")
        ]
        files[f"part_{number}.py"] = "\n".join(["import os", *head, "", *body]) + "\n"
    return {**files, "pyproject.toml": MANIFEST}


def write(folder: Path, files: dict[str, str]) -> Path:
    """A tree on disk."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return folder


def tops(folder: Path) -> list[str]:
    """What moves: the modules and packages at the root."""
    return sorted(path.name for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists())


def by_trueup(folder: Path) -> None:
    """The structural part of a plan, written to the disk."""
    from trueup.apply.perform import perform
    from trueup.model.operation import Relocate
    from trueup.model.relocation import propose
    from trueup.model.settings import Settings
    from trueup.plan.relocate import relocate
    from trueup.read.disk import DiskTree
    from trueup.read.project import of

    tree = DiskTree(folder)
    project = of(tree, Settings(package=PACKAGE), str(folder))
    proposal = propose(project)
    if not isinstance(proposal, Relocate):
        raise SystemExit(str(proposal))
    perform(folder, relocate(project, tree, proposal).changes)


def by_rope(folder: Path) -> None:
    """MoveModule, once for each module."""
    from rope.base.project import Project  # type: ignore[import-not-found]
    from rope.refactor.move import MoveModule  # type: ignore[import-not-found]

    (folder / PACKAGE).mkdir()
    (folder / PACKAGE / "__init__.py").write_text("")
    project = Project(str(folder), ropefolder=None)
    for name in tops(folder):
        if name != PACKAGE:
            target = project.get_resource(PACKAGE)
            project.do(MoveModule(project, project.get_resource(name)).get_changes(target))
    project.close()


def by_libcst(folder: Path) -> None:
    """RenameCommand on every file for each module, then the files moved."""
    import libcst  # type: ignore[import-not-found]
    from libcst.codemod import CodemodContext  # type: ignore[import-not-found]
    from libcst.codemod.commands.rename import RenameCommand  # type: ignore[import-not-found]

    names = [name.removesuffix(".py") for name in tops(folder)]
    for path in sorted(folder.rglob("*.py")):
        tree = libcst.parse_module(path.read_bytes())
        text = path.read_text("utf-8")
        for name in names:
            if name in text:
                command = RenameCommand(CodemodContext(), old_name=name, new_name=f"{PACKAGE}.{name}")
                tree = command.transform_module(tree)
        path.write_bytes(tree.bytes)
    into_package(folder, names)


def by_pattern(folder: Path) -> None:
    """One regular expression over the import lines, then the files moved."""
    names = [name.removesuffix(".py") for name in tops(folder)]
    pattern = re.compile(rf"(?m)^([ \t]*(?:from|import)[ \t]+)({'|'.join(names)})\b")
    for path in sorted(folder.rglob("*.py")):
        before = path.read_bytes().decode()
        after = pattern.sub(rf"\g<1>{PACKAGE}.\g<2>", before)
        if after != before:
            path.write_bytes(after.encode())
    into_package(folder, names)


def into_package(folder: Path, names: list[str]) -> None:
    """Move files as ``git mv`` would."""
    (folder / PACKAGE).mkdir()
    (folder / PACKAGE / "__init__.py").write_text("")
    for name in names:
        old = folder / name if (folder / name).is_dir() else folder / f"{name}.py"
        shutil.move(old, folder / PACKAGE / old.name)


BY: dict[str, Callable[[Path], None]] = {
    "trueup": by_trueup,
    "rope": by_rope,
    "libcst": by_libcst,
    "re.sub": by_pattern,
}


def move(tool: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """One tool on one tree, in a process of its own."""
    argv = [sys.executable, __file__, "--move", tool, str(folder)]
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=1200, env=environ)


def printed(folder: Path, module: str) -> str:
    """What a module prints when it is imported from ``folder``; ``""`` where it raises."""
    code = f"import sys; sys.path.insert(0, {str(folder)!r}); import importlib; importlib.import_module({module!r})"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False, timeout=60)
    return done.stdout if done.returncode == 0 else ""


def broken(tool: str, case: str, scratch: Path) -> bool:
    """Whether a tool stops at a case, or what it prints is another thing afterwards."""
    before, after = (write(Path(tempfile.mkdtemp(dir=scratch)), small(case)) for _ in range(2))
    if move(tool, after).returncode:
        return True
    home = after / "src" if (after / "src").is_dir() else after
    return printed(home, f"{PACKAGE}.case") != printed(before, "case")


def seconds(tool: str, scratch: Path) -> float:
    """One whole process on the large tree."""
    folder = write(Path(tempfile.mkdtemp(dir=scratch)), many())
    begun = time.perf_counter()
    done = move(tool, folder)
    assert done.returncode == 0, done.stderr
    return time.perf_counter() - begun


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if sys.argv[1:] else 3
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        lost = {tool: [name for name, case in CASES.items() if broken(tool, case, scratch)] for tool in TOOLS}
        taken: dict[str, list[float]] = {tool: [] for tool in TOOLS}
        for _ in range(rounds):
            for tool in TOOLS:
                taken[tool].append(seconds(tool, scratch))
    middle = {tool: statistics.median(times) for tool, times in taken.items()}
    print(f"{'':8}{'right':>9}{'time':>9}   broken ({len(CASES)} cases; {rounds} rounds, time as a multiple of re.sub)")
    for tool in TOOLS:
        right = len(CASES) - len(lost[tool])
        print(f"{tool:8}{right:>6}/{len(CASES)}{middle[tool] / middle['re.sub']:>8.1f}x   {'; '.join(lost[tool])}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--move"]:
        BY[sys.argv[2]](Path(sys.argv[3]))
    elif "--with-peers" in sys.argv:
        sys.argv.remove("--with-peers")
        main()
    else:
        peers = [word for peer in PEERS for word in ("--with", peer)]
        again = ["uv", "run", "--project", str(ROOT), *peers, "python", __file__, *sys.argv[1:], "--with-peers"]
        sys.exit(subprocess.run(again, check=False).returncode)
