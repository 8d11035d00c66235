"""Ways of breaking an application's start, and what it holds inside: the rest of the table of ``sabotage``."""

from __future__ import annotations

from sabotage import Case, breaks

from trueup.verify.scripts import Help, Scripts


@breaks("start", "an entry point that raises")
def _(case: Case) -> None:
    case.edit("src/shop/serve.py", "    HTTPServer", "    raise RuntimeError('broken')\n    HTTPServer")


@breaks("start", "an application that answers 500")
def _(case: Case) -> None:
    case.edit("src/shop/main.py", "status = 200", "status = 500")


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


@breaks("references", "a Procfile that starts a module that is gone")
def _(case: Case) -> None:
    case.edit("Procfile", "shop.main:app", "shop.server:app")


@breaks("references", "an image that copies a file that is gone")
def _(case: Case) -> None:
    case.edit("Dockerfile", "COPY pyproject.toml", "COPY pyproject.toml settings.ini")


@breaks("scripts", "a console script that is gone")
def _(case: Case) -> Case:
    scripts = Scripts({**case.baseline.scripts.answers, "report": Help(0)})
    return case._replace(baseline=case.baseline._replace(scripts=scripts))


@breaks("scripts", "a console script that fails at its help")
def _(case: Case) -> None:
    case.edit("src/shop/serve.py", "import json, os, sys", "import json, os, sys\nHELPLESS = True")


TWICE = """
import os
import sys

sys.path.append(os.path.dirname(os.path.abspath(__file__)))
import extra
import shop.extra
"""
