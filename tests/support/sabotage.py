"""Ways of breaking exactly one thing of a true project, and which checks notice.

Each ``Sabotage`` is the work of one check: that check must come out as ``caught`` and no other may fail. Checks that
cannot be made any more because of it are ``blind``, which is allowed and told.
"""

from __future__ import annotations

import json
import re
import socketserver
import sys
import threading
from contextlib import contextmanager
from hashlib import sha256
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from osv import advisory
from shops import MIGRATIONS, make_shop, write

from trueup.read import project as reader
from trueup.read.hashes import fixed_hashes
from trueup.steps.proof import context as facts_of
from trueup.tools.uv import Uv, venv_program, venv_python
from trueup.verify import Context, checks, verify
from trueup.verify.baseline import Baseline
from trueup.verify.inside import Inside
from trueup.verify.installed import site_packages
from trueup.verify.migrations import Migrations
from trueup.verify.scripts import Help, Scripts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from trueup.verify import Depth

MARKS = {"passed": ".", "failed": "X", "unchecked": "?"}
NOWHERE = "sys_platform == 'plan9'"  # locked, and installed on no machine
# A package of PyPI, so that there is something that hashes, hosts and advisories speak of.
FILES = "https://files.pythonhosted.org/packages"
REMOTE = f"""[[package]]
name = "idna"
version = "3.6"
source = {{ registry = "https://pypi.org/simple" }}
sdist = {{ url = "{FILES}/bf/idna-3.6.tar.gz", hash = "sha256:{"9e" * 32}", size = 175426 }}
wheels = [
    {{ url = "{FILES}/c2/idna-3.6-py3-none-any.whl", hash = "sha256:{"c0" * 32}", size = 61567 }},
]

"""
IGNORED = ".venv\n__pycache__\n*.db\ngenerated.py\n"
TESTS = {
    **MIGRATIONS,
    "tests/test_shop.py": "import shop\nfrom shop.price import price\ndef test_price():\n    assert price() == 7\n",
    "tests/test_data.py": "from pathlib import Path\ndef test_data():\n    assert (Path(__file__).parent / 'data.txt').exists()\n",
    "tests/data.txt": "7",
    "src/shop/price.py": "def price():\n    return 7\n",
    "src/shop/extra.py": "",
    ".gitignore": IGNORED,
    "src/shop/worker.py": "class Queue:\n    tasks = []\nworker = Queue()\ndef send():\n    return 7\n",
    "Procfile": "web: uvicorn shop.main:app\nworker: celery -A shop.worker:worker worker\n",
    "Dockerfile": "FROM python:3.12-slim\nWORKDIR /app\nCOPY pyproject.toml ./\nCOPY src ./src\n",
}
BEFORE = {"tests/test_shop.py::test_price": "passed", "tests/test_data.py::test_data": "passed"}


WORKER = Inside(public={"src/shop/__init__.py": [], "src/shop/worker.py": ["Queue", "send", "worker"]})
OPTIONS = {"compare_type": "True", "url": sha256(b"sqlite:///./shop.db").hexdigest()}


class Case(NamedTuple):
    """A true project, ready to be broken; ``alive`` is the port of a server on this machine."""

    root: Path
    uv: Uv
    alive: int
    baseline: Baseline
    advisories: Path
    alone: bool = False  # nothing is known of before

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace text in a file, where it must stand."""
        text = (self.root / name).read_text("utf-8")
        assert old in text, (name, old)
        (self.root / name).write_text(text.replace(old, new), "utf-8")

    @property
    def site(self) -> Path:
        """Where its packages are installed."""
        return site_packages(self.root / ".venv")[0]


class Sabotage(NamedTuple):
    """One way of breaking what one check looks at. ``blind`` are checks that cannot be made any more; ``exclude`` and
    ``left_out`` is what the build backend leaves out of wheel and sdist."""

    check: str
    what: str
    do: Callable[[Case], Case | None]
    caught: str = "failed"
    blind: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The row's name."""
        return f"{self.check or 'healthy'}: {self.what}"


class Row(NamedTuple):
    """What the checks said of one project, by their names."""

    title: str
    statuses: Mapping[str, str]
    messages: Mapping[str, str]
    wrong: tuple[str, ...]


SABOTAGES: list[Sabotage] = []
WITHOUT_LOCK = (
    "wheel",
    "start outside the tree",
    "tests outside the tree",
    "clean checkout",
    "original files",
    "pip-audit",
)


def breaks(
    check: str,
    what: str,
    caught: str = "failed",
    blind: Sequence[str] = (),
    exclude: tuple[str, ...] = (),
    left_out: tuple[str, ...] = (),
) -> Callable[[Callable[[Case], Case | None]], Callable[[Case], Case | None]]:
    """Enter a function into the table."""

    def enter(do: Callable[[Case], Case | None]) -> Callable[[Case], Case | None]:
        SABOTAGES.append(Sabotage(check, what, do, caught, tuple(blind), exclude, left_out))
        return do

    return enter


@breaks("lock", "a declared dependency that was not locked", blind=("environment", *WITHOUT_LOCK))
def _(case: Case) -> None:
    case.edit("pyproject.toml", '"spare"', '"spare>=0.5"')


@breaks(
    "lock", "no lock", blind=("lock sources", "environment", "installed files", "advisories", "packages", *WITHOUT_LOCK)
)
def _(case: Case) -> None:
    (case.root / "uv.lock").unlink()


@breaks("lock sources", "a hash taken out")
def _(case: Case) -> None:
    case.edit("uv.lock", f', hash = "sha256:{"c0" * 32}"', "")


@breaks("lock sources", "a file on another host")
def _(case: Case) -> None:
    case.edit("uv.lock", f"{FILES}/c2", "https://files.pythonhosted.org.example.net/c2")


@breaks("packages", "a dependency of the old manifests that is lost")
def _(case: Case) -> Case:
    before = case.baseline._replace(declared=("lib", "old"), packages={"lib": "2.0", "old": "1.0"})
    return case._replace(baseline=before)


@breaks("packages", "a dependency that nobody missed is declared no more")
def _(case: Case) -> None:
    case.edit("pyproject.toml", ', "spare"', "")
    text = (case.root / "uv.lock").read_text("utf-8")
    text = re.sub(r'\[\[package\]\]\nname = "spare".*?(\n\n|\Z)', "", text, flags=re.DOTALL)
    text = re.sub(r'.*\{ name = "spare"[^}]*\},\n', "", text)
    (case.root / "uv.lock").write_text(text, "utf-8")
    case.uv.sync(case.root)


@breaks("environment", "another version installed", blind=("original files",))
def _(case: Case) -> None:
    case.uv.pip_install(venv_python(case.root / ".venv"), "lib==1.0", cwd=case.root)


@breaks("environment", "a package uninstalled that no test needs")
def _(case: Case) -> None:
    case.uv.call("pip", "uninstall", "--python", venv_python(case.root / ".venv"), "spare", cwd=case.root)


@breaks("installed files", "a file of a dependency edited")
def _(case: Case) -> None:
    (case.site / "spare.py").write_text("__version__ = '1.0'  # and more\n", "utf-8")


@breaks("installed files", "a file of a dependency deleted")
def _(case: Case) -> None:
    (case.site / "spare.py").unlink()


@breaks("installed files", "a stray start-up file")
def _(case: Case) -> None:
    (case.site / "stray.pth").write_text("import sys\n", "utf-8")


@breaks("installed files", "a program of the environment edited")
def _(case: Case) -> None:
    script = venv_program(case.root / ".venv", "serve")
    script.write_bytes(script.read_bytes() + b"\n# and more\n")


@breaks("installed files", "a sitecustomize.py")
def _(case: Case) -> None:
    (case.site / "sitecustomize.py").write_text("", "utf-8")


@breaks("tests", "a regression in the code")
def _(case: Case) -> None:
    case.edit("src/shop/price.py", "7", "8")


@breaks("tests", "a test that is gone")
def _(case: Case) -> None:
    (case.root / "tests" / "test_data.py").unlink()


@breaks("tests", "a deprecation that the code did not meet before")
def _(case: Case) -> None:
    warns = "import warnings\ndef price():\n    warnings.warn('old', DeprecationWarning)\n"
    case.edit("src/shop/price.py", "def price():\n", warns)


def only_mine(case: Case, test: str, **mine: str) -> Case:
    """The project with a test that passed, and what it needs in its user's environment."""
    write(case.root, {"tests/test_mine.py": test})
    passed = {**case.baseline.outcomes, "tests/test_mine.py::test_mine": "passed"}
    uv = Uv(case.uv.executable, case.uv.version, {**case.uv.environ, **mine})
    return case._replace(uv=uv, baseline=case.baseline._replace(outcomes=passed))


@breaks("tests", "a test that needs the home folder of who runs it")
def _(case: Case) -> Case:
    home = case.root.parent / "home"
    write(home, {"probe": ""})
    test = "import pathlib\ndef test_mine():\n    assert (pathlib.Path.home() / 'probe').exists()\n"
    return only_mine(case, test, HOME=str(home), USERPROFILE=str(home))


@breaks("tests", "a test that needs a variable of who runs it")
def _(case: Case) -> Case:
    return only_mine(case, "import os\ndef test_mine():\n    assert os.environ['MINE']\n", MINE="x")


@breaks("wheel", "a module that the backend leaves out", exclude=("shop/extra.py",))
def _(case: Case) -> None:
    """The backend does it."""


@breaks("wheel", "an application that imports beside its source only", blind=("start outside the tree",))
def _(case: Case) -> None:
    beside = "import pathlib\nassert pathlib.Path(__file__).parents[2].joinpath('pyproject.toml').exists(), 'lost'\n"
    (case.root / "src/shop/main.py").write_text(beside + (case.root / "src/shop/main.py").read_text("utf-8"), "utf-8")


@breaks("sdist", "a file that the sdist lacks", left_out=("src/shop/page.html",))
def _(case: Case) -> None:
    """The backend does it."""


@breaks("sdist", "a .env in the package")
def _(case: Case) -> None:
    write(case.root, {"src/shop/.env": "PASSWORD=x\n"})


@breaks("sdist", "a database in the package")
def _(case: Case) -> None:
    write(case.root, {"src/shop/local.db": "x"})


@breaks("tests outside the tree", "a test that reads the source", caught="unchecked")
def _(case: Case) -> None:
    test = "from pathlib import Path\ndef test_page():\n    assert (Path(__file__).parents[1] / 'src/shop/page.html').exists()\n"
    write(case.root, {"tests/test_page.py": test})


@breaks("tests outside the tree", "a data file that the wheel lacks", caught="unchecked", exclude=("shop/page.html",))
def _(case: Case) -> None:
    test = "from importlib.resources import files\ndef test_page():\n    assert files('shop').joinpath('page.html').is_file()\n"
    write(case.root, {"tests/test_page.py": test})


@breaks("tests outside the tree", "a second copy of the package beside the tests")
def _(case: Case) -> None:
    hack = "import sys, pathlib\nsys.path.insert(0, str(pathlib.Path(__file__).parent / 'vendored'))\n"
    copied = {f"tests/vendored/shop/{name}": TESTS[f"src/shop/{name}"] for name in ("price.py", "extra.py")}
    write(case.root, {"tests/conftest.py": hack, "tests/vendored/shop/__init__.py": "", **copied})


@breaks("clean checkout", "a test that needs an ignored database")
def _(case: Case) -> None:
    test = "from pathlib import Path\ndef test_db():\n    assert (Path(__file__).parents[1] / 'local.db').exists()\n"
    write(case.root, {"local.db": "x", "tests/test_db.py": test})


@breaks("clean checkout", "a module that git ignores")
def _(case: Case) -> None:
    test = "import shop.generated\ndef test_generated():\n    assert shop.generated.x\n"
    write(case.root, {"src/shop/generated.py": "x = 1\n", "tests/test_generated.py": test})


@breaks("working directory", "a test that passes from the root only")
def _(case: Case) -> None:
    write(case.root, {"tests/test_root.py": "def test_root():\n    open('pyproject.toml').close()\n"})


@breaks("working directory", "a test that imports what lies in the working directory")
def _(case: Case) -> None:
    write(
        case.root,
        {"toolbox.py": "x = 1\n", "tests/test_toolbox.py": "import toolbox\ndef test_x():\n    assert toolbox.x\n"},
    )


@breaks("network", "a test that asks a server")
def _(case: Case) -> None:
    test = f"import socket\ndef test_server():\n    socket.create_connection(('127.0.0.1', {case.alive}), 5).close()\n"
    write(case.root, {"tests/test_server.py": test})


@breaks("network", "a conftest.py that asks a server")
def _(case: Case) -> None:
    write(
        case.root,
        {"tests/conftest.py": f"import socket\nsocket.create_connection(('127.0.0.1', {case.alive}), 5).close()\n"},
    )


def nothing(_case: Case) -> None:
    """A true project."""


def annotated(case: Case) -> None:
    """True all the same: what only looks broken."""
    files = {
        "src/shop/.env.example": "PASSWORD=\n",
        "src/shop/tests/test_in.py": "def test_in():\n    pass\n",
        "src/shop/tests/fixture.db3": "x",
        "tests/helper.py": "x = 1\n",
        "tests/test_help.py": "import helper\nimport shop\ndef test_help():\n    assert helper.x\n",
        "unused.db": "x",
        "README.md": "# shop\n",
    }
    write(case.root, files)


HEALTHY = (
    Sabotage("", "a true project", nothing),
    Sabotage("", "what only looks broken", annotated),
)


@contextmanager
def server() -> Iterator[int]:
    """A port on which somebody accepts."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as listening:
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield listening.server_address[1]
        listening.shutdown()


def locked(root: Path, uv: Uv) -> None:
    """Lock without a network, with a package of PyPI that no machine installs."""
    uv.lock(root)
    text = (root / "uv.lock").read_text("utf-8")
    (root / "pyproject.toml").write_text(
        (root / "pyproject.toml").read_text("utf-8").replace('["lib"', f'["idna==3.6 ; {NOWHERE}", "lib"'), "utf-8"
    )
    entry = f'    {{ name = "idna", marker = "{NOWHERE}" }},\n'
    text = text.replace("dependencies = [\n", f"dependencies = [\n{entry}", 1)
    text = text.replace(
        "requires-dist = [\n", "requires-dist = [\n" + entry.replace(" }", ', specifier = "==3.6" }'), 1
    )
    (root / "uv.lock").write_text(
        text.replace("[[package]]", f"{REMOTE}[[package]]", 2).replace(REMOTE, "", 1), "utf-8"
    )
    uv.lock_check(root)


def broken(sabotage: Sabotage, folder: Path, uv: Uv, alive: int, depth: Depth = "deep") -> Row:
    """Make a true project in ``folder``, break it, and ask every check."""
    root, known = folder / "shop", folder / "export"
    online = Uv(uv.executable, uv.version, {name: text for name, text in uv.environ.items() if name != "UV_NO_INDEX"})
    wanted = ("lib", "spare", "alembic")
    make_shop(root, TESTS, exclude=sabotage.exclude, left_out=sabotage.left_out, requires=wanted)
    locked(root, online)
    online.sync(root)
    known.mkdir()
    (known / "OTHER-1.json").write_text(json.dumps(advisory("OTHER-1", "other", {"introduced": "0"})), "utf-8")
    before = Baseline(
        BEFORE,
        packages={"lib": "2.0", "spare": "1.0"},
        declared=("lib", "spare"),
        inside=Inside(public={"src/shop/main.py": ["App", "app"]}),
        scripts=Scripts({"serve": Help(0)}),
        programs={"src/shop/worker.py:worker": WORKER},
        migrations=Migrations(("a1 after None", "b2 after a1"), (), ("item()",), OPTIONS),
    )
    says = (
        "import pathlib, sys\nsaid = pathlib.Path(sys.argv[0]).with_name('pip-audit.json').read_text()\n"
        "sys.stdout.write(said)\nsys.exit('PYSEC' in said)\n"
    )
    clean = {"dependencies": [{"name": "idna", "version": "3.6", "vulns": []}]}
    write(folder, {"pip-audit.py": says, "pip-audit.json": json.dumps(clean)})
    case = Case(root, online, alive, before, known)
    case = sabotage.do(case) or case
    project = reader.load(root)
    facts = facts_of(project, case.uv, env={}, progress=lambda _: None)
    context: Context = facts._replace(
        package="shop",
        app="shop.main:app",
        script="serve",
        baseline=None if case.alone else case.baseline,
        advisories=str(known),
        depth=depth,
        fixed=fixed_hashes(project.tree),
        auditor=(sys.executable, str(folder / "pip-audit.py")),
    )
    outcomes = verify(context)
    statuses = {outcome.check: outcome.status for outcome in outcomes}
    return Row(
        sabotage.title,
        statuses,
        {outcome.check: outcome.message for outcome in outcomes},
        tuple(mistakes(sabotage, statuses)),
    )


def mistakes(sabotage: Sabotage, statuses: Mapping[str, str]) -> Iterator[str]:
    """The checks that say something else than they should."""
    if sabotage.check and statuses.get(sabotage.check) != sabotage.caught:
        yield sabotage.check
    for name, status in statuses.items():
        if name != sabotage.check and status != "passed" and (status, name in sabotage.blind) != ("unchecked", True):
            yield name


def table(rows: Sequence[Row]) -> str:
    """Rows are what was done, columns the checks: ``X`` failed, ``?`` could not be checked, ``.`` passed."""
    names = [check.NAME for check in checks()]
    width = max(len(row.title) for row in rows)
    lines = [f"{number:2} {name}" for number, name in enumerate(names, 1)]
    lines += ["", " " * width + " " + "".join(f"{number:3}" for number in range(1, len(names) + 1))]
    for row in rows:
        marks = "".join(f"{MARKS.get(row.statuses.get(name, ''), '-'):>3}" for name in names)
        wrong = f"   wrong: {', '.join(row.wrong)}" if row.wrong else ""
        lines.append(f"{row.title:{width}} {marks}{wrong}")
    return "\n".join(lines)


for rest in ("sabotage_app", "sabotage_supply"):  # the rest of the table, entered by ``breaks``
    import_module(rest)
