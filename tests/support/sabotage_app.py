"""Ways of breaking an application's start, and what it holds inside: the rest of the table of ``sabotage``."""

from __future__ import annotations

from sabotage import Case, breaks

from trueup.verify.scripts import Help, Scripts


@breaks("start", "an entry point that raises", blind=("start outside the tree",))
def _(case: Case) -> None:
    case.edit("src/shop/serve.py", "    HTTPServer", "    raise RuntimeError('broken')\n    HTTPServer")


@breaks("start", "an entry point that exits at once", blind=("start outside the tree",))
def _(case: Case) -> None:
    case.edit("src/shop/serve.py", "    HTTPServer", "    return\n    HTTPServer")


@breaks("start", "an application that answers 500", blind=("start outside the tree",))
def _(case: Case) -> None:
    case.edit("src/shop/main.py", "status = 200", "status = 500")


@breaks("start outside the tree", "a data file that is read at the start", exclude=("shop/page.html",))
def _(case: Case) -> None:
    reads = "    __import__('pathlib').Path(__file__).with_name('page.html').read_text()\n    HTTPServer"
    case.edit("src/shop/serve.py", "    HTTPServer", reads)


@breaks("start outside the tree", "a route that hangs on a data file", exclude=("shop/page.html",))
def _(case: Case) -> None:
    page = "__import__('pathlib').Path(__file__).with_name('page.html').exists()"
    case.edit("src/shop/main.py", "app = App()", f"app = App()\nif {page}:\n    app.document['paths']['/c'] = {{}}")


@breaks("start outside the tree", "a file beside the package that is read at the start", caught="unchecked")
def _(case: Case) -> None:
    reads = "    __import__('pathlib').Path(__file__).parents[2].joinpath('pyproject.toml').read_text()\n    HTTPServer"
    case.edit("src/shop/serve.py", "    HTTPServer", reads)


@breaks("inside", "a route that nobody asked for")
def _(case: Case) -> None:
    main = case.root / "src" / "shop" / "main.py"
    main.write_text(
        main.read_text("utf-8") + "\n\nclass Route:\n    path = '/new'\n\n\napp.routes = [Route]\n", "utf-8"
    )


@breaks("inside", "a module under two names")
def _(case: Case) -> None:
    main = case.root / "src" / "shop" / "main.py"
    main.write_text(main.read_text("utf-8") + TWICE, "utf-8")


@breaks("inside", "a class that others import, under another name")
def _(case: Case) -> None:
    case.edit("src/shop/main.py", "class App:", "class Application:")
    case.edit("src/shop/main.py", "app = App()", "app = Application()")


@breaks("migrations", "a revision that is lost")
def _(case: Case) -> None:
    (case.root / "migrations" / "versions" / "b2.py").unlink()


@breaks("migrations", "an env.py that imports what is gone")
def _(case: Case) -> None:
    case.edit("migrations/env.py", "from shop import main", "from shop import models")


@breaks("migrations", "a table that env.py does not see")
def _(case: Case) -> None:
    case.edit("migrations/env.py", 'tables = {"item": Table}', "tables = {}")


@breaks("migrations", "a database by another address")
def _(case: Case) -> None:
    case.edit("migrations/env.py", "./shop.db", "./src/shop.db")


@breaks("migrations", "an env.py that imports what is gone, where nothing is known of before")
def _(case: Case) -> Case:
    case.edit("migrations/env.py", "from shop import main", "from shop import models")
    return case._replace(alone=True)


@breaks("programs", "a worker that asks for a module that is gone")
def _(case: Case) -> None:
    case.edit("src/shop/worker.py", "class Queue", "import shop.tasks\nclass Queue")


@breaks("programs", "a worker whose task is gone")
def _(case: Case) -> None:
    case.edit("src/shop/worker.py", "def send", "def sent")


@breaks("references", "a Procfile that starts a module that is gone")
def _(case: Case) -> None:
    case.edit("Procfile", "shop.main:app", "shop.server:app")


@breaks("references", "an image that copies a file that is gone")
def _(case: Case) -> None:
    case.edit("Dockerfile", "COPY pyproject.toml", "COPY pyproject.toml settings.ini")


@breaks("references", "a file that code reads from another folder than the one it is started in", caught="unchecked")
def _(case: Case) -> None:
    case.edit(
        "src/shop/worker.py",
        "worker = Queue()",
        "from pathlib import Path\nPAGE = Path('shop/page.html')\nworker = Queue()",
    )


@breaks("references", "a compose file that mounts a file which is gone", caught="unchecked")
def _(case: Case) -> None:
    mounts = "services:\n  web:\n    build: .\n    volumes: ['./nginx.conf:/etc/nginx.conf']\n"
    (case.root / "compose.yml").write_text(mounts, "utf-8")


@breaks("scripts", "a console script that is gone")
def _(case: Case) -> Case:
    scripts = Scripts({**case.baseline.scripts.answers, "report": Help(0)})
    return case._replace(baseline=case.baseline._replace(scripts=scripts))


@breaks("scripts", "a console script that fails at its help")
def _(case: Case) -> None:
    case.edit("src/shop/serve.py", "import json, os, sys", "import json, os, sys\nHELPLESS = True")


@breaks("scripts", "a console script that says another thing at its help")
def _(case: Case) -> None:
    case.edit("src/shop/serve.py", "        sys.exit(", "        print('--unheard-of')\n        sys.exit(")


TWICE = """
import os
import sys

sys.path.append(os.path.dirname(os.path.abspath(__file__)))
import extra
import shop.extra
"""
