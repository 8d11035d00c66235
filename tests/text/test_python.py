"""Import statements, form by form: what stands there, and what stands there afterwards."""

import pytest

from trueup.model.span import splice
from trueup.text.python import Doubt, ModuleNames, Rewrite, rename_imports

KNOWN = frozenset(
    {"main", "models", "models.user", "models.deep.base", "routers.users", "routers.items", "schemas", "shopping"}
)
NEST = ModuleNames({name: f"shop.{name}" for name in ("main", "models", "routers", "schemas")}, KNOWN)
CALM = ModuleNames(NEST.renames, KNOWN, acyclic=KNOWN)
SWAP = ModuleNames({"src": "shop"}, frozenset({"src", "src.db", "src.api.v1"}))
UNIFY = ModuleNames(
    {"models": "app.models"}, frozenset({"app", "app.models", "app.models.user", "models", "models.user"})
)
TWICE = ModuleNames({"shop": "shop.shop"}, frozenset({"shop", "shop.cart"}))
PARTED = ModuleNames(
    {"app.db": "core.db", "app.old": "app.new"}, frozenset({"app", "app.db", "app.old", "app.x", "core"})
)


def rewritten(source: str | bytes, names: ModuleNames = NEST, *, module: str = "", is_package: bool = False) -> bytes:
    """The file afterwards; the test fails where it is refused."""
    data = source.encode() if isinstance(source, str) else source
    answer = rename_imports(data, names, module=module, is_package=is_package)
    assert answer.error == ""
    return splice(data, list(answer.edits))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import models", "from shop import models"),
        ("import models as m", "from shop import models as m"),
        ("import models as models", "from shop import models as models"),
        ("import models, schemas as s\n", "from shop import models, schemas as s\n"),
        ("import os, models, sys", "import os, shop.models as models, sys"),
        ("import models.user as u", "import shop.models.user as u"),
        ("import models.user", "import shop.models.user\nfrom shop import models"),
        ("import models.user\r\nx = 1", "import shop.models.user\r\nfrom shop import models\r\nx = 1"),
        ("if x:\n\timport models.user\n", "if x:\n\timport shop.models.user\n\tfrom shop import models\n"),
        ("import models.user  # why\n", "import shop.models.user\nfrom shop import models  # why\n"),
        (
            "import models.user  # noqa: F401\n",
            "import shop.models.user  # noqa: F401\nfrom shop import models  # noqa: F401\n",
        ),
        (
            "import models.user\nimport models.deep.base\nimport models\n",
            "import shop.models.user\nfrom shop import models\nimport shop.models.deep.base\nfrom shop import models\n",
        ),
        (
            "import models.user\nmodels = 1\nimport models.deep.base\n",
            (
                "import shop.models.user\nfrom shop import models\nmodels = 1\n"
                "import shop.models.deep.base\nfrom shop import models\n"
            ),
        ),
        ("x = 1; import models.user; y = 2", "x = 1; import shop.models.user, shop.models as models; y = 2"),
        ("if x: import models.user", "if x: import shop.models.user, shop.models as models"),
        ("import \\\n  models.user", "import \\\n  shop.models.user, shop.models as models"),
        ("if x: \\\n  import models.user", "if x: \\\n  import shop.models.user, shop.models as models"),
        ("import models.user, os", "import shop.models.user, shop.models as models, os"),
        ("import models.user;\n", "import shop.models.user, shop.models as models;\n"),
        ("from models import User", "from shop.models import User"),
        ("from models import *", "from shop.models import *"),
        ("from models.user import a as b, c", "from shop.models.user import a as b, c"),
        ("from routers import users, items as i", "from shop.routers import users, items as i"),
        ("from models import (\n    a,  # one\n    b,\n)\n", "from shop.models import (\n    a,  # one\n    b,\n)\n"),
        ("from \\\n  models \\\n  import a", "from \\\n  shop.models \\\n  import a"),
        ("from models . user import a", "from shop.models.user import a"),
        ("def f():\n  from models import a; return a", "def f():\n  from shop.models import a; return a"),
        ("try:\n    import models\nexcept ImportError:\n    models = None", "try:\n    from shop import models\nexcept ImportError:\n    models = None"),
        (
            "try:\n    import models, schemas\nexcept ImportError: ...",
            "try:\n    import shop.models as models, shop.schemas as schemas\nexcept ImportError: ...",
        ),
        ("def f(models): return models\nimport models", "def f(models): return models\nfrom shop import models"),
        ("models = {'models': 1}", "models = {'models': 1}"),
        ("import shopping, modelsx\nfrom main_page import main", "import shopping, modelsx\nfrom main_page import main"),
        ("'''\nimport models\n'''\n# import models", "'''\nimport models\n'''\n# import models"),
        ("from shop import models\nimport shop.models.user", "from shop import models\nimport shop.models.user"),
    ],
)  # fmt: skip
def test_modules_get_a_parent_and_every_binding_stays(before: str, after: str) -> None:
    assert rewritten(before) == after.encode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("shop = 1\nimport models.user", "shop = 1\nimport shop.models.user as models\nfrom shop import models"),
        ("def f(shop):\n  import models.user", "def f(shop):\n  import shop.models.user as models\n  from shop import models"),
        ("import models.user\nx = [shop for shop in y]", "import shop.models.user as models\nfrom shop import models\nx = [shop for shop in y]"),
        ("class A:\n  import models.user", "class A:\n  import shop.models.user as models\n  from shop import models"),
        ("import shop.x\nimport models.user", "import shop.x\nimport shop.models.user\nfrom shop import models"),
    ],
)  # fmt: skip
def test_the_name_of_the_new_package_hides_nothing(before: str, after: str) -> None:
    assert rewritten(before) == after.encode()


def test_a_package_inside_one_of_its_own_name() -> None:
    before = "import shop\nimport shop.cart\nimport shop.cart as c\nfrom shop import cart\nshop.cart.x"
    after = (
        "from shop import shop\nimport shop.shop.cart as shop\nfrom shop import shop\n"
        "import shop.shop.cart as c\nfrom shop.shop import cart\nshop.cart.x"
    )
    assert rewritten(before, TWICE) == after.encode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import models, schemas", "import shop.models as models, shop.schemas as schemas"),
        ("import models", "from shop import models"),
    ],
)
def test_a_module_that_may_be_seen_half_loaded_binds_name_by_name(before: str, after: str) -> None:
    assert rewritten(before, NEST, module="main") == after.encode()
    assert rewritten(before, CALM, module="main").startswith(b"from shop import models")


def test_a_file_that_handles_sys_modules_loads_what_is_there() -> None:
    before = "import sys\ndel sys.modules['main']\nimport main\nimport main as m\n"
    after = "import sys\ndel sys.modules['main']\nimport shop.main as main\nimport shop.main as m\n"
    assert rewritten(before) == after.encode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import src\nsrc.x", "import shop\nshop.x"),
        ("import src.db\nsrc.db.x(f'{src.db.y}')", "import shop.db\nshop.db.x(f'{shop.db.y}')"),
        ("import os, src.db as d", "import os, shop.db as d"),
        ("from src import db\nfrom src.api.v1 import x", "from shop import db\nfrom shop.api.v1 import x"),
        ("import src as s\ns.db", "import shop as s\ns.db"),
        ("import src.db\ndef f(src): ...", "import shop.db\nimport shop as src\ndef f(src): ..."),
        ("import src.db\nx: 'src.db.X'", "import shop.db\nimport shop as src\nx: 'src.db.X'"),
        ("import src.db\nx: Literal['src.db']\nsrc.db", "import shop.db\nx: Literal['src.db']\nshop.db"),
        ("import src.db\nprint(globals())", "import shop.db\nimport shop as src\nprint(globals())"),
        ("import src.db\nfrom x import *", "import shop.db\nimport shop as src\nfrom x import *"),
        ("import src.db\n__all__ = ['src']", "import shop.db\nimport shop as src\n__all__ = ['src']"),
        ("import src.db\nshop = 1", "import shop.db as src\nimport shop as src\nshop = 1"),
        ("import os, src.db\nsrc = 1", "import os, shop.db, shop as src\nsrc = 1"),
        ("import src\nsrc = 1", "import shop as src\nsrc = 1"),
        ("class A:\n  import src", "class A:\n  import shop as src"),
    ],
)
def test_a_package_gets_another_name_and_its_uses_too_where_that_is_sure(before: str, after: str) -> None:
    assert rewritten(before, SWAP) == after.encode()


@pytest.mark.parametrize(
    "source",
    [
        "def src(): ...",
        "async def src(): ...",
        "class src: ...",
        "for src in x: ...",
        "try: ...\nexcept E as src: ...",
        "def f():\n  global src\n  src = 1",
        "match x:\n  case {'a': 1, **src}: ...",
        "match x:\n  case [*src]: ...",
        "from x import src",
        "import x as src",
        "def f(x: 'src.db.X') -> 'src.db.Y': ...",
        "y = cast('src.db.X', x)",
    ],
)
def test_uses_keep_their_name_where_it_may_mean_something_else(source: str) -> None:
    assert rewritten(f"{source}\nimport src.db\n", SWAP) == f"{source}\nimport shop.db\nimport shop as src\n".encode()


def test_one_file_under_two_names_gets_one() -> None:
    before = (
        "import models\nimport models.user\nfrom models.user import U\nfrom app import models as m\napp = FastAPI()\n"
    )
    after = (
        "from app import models\nimport app.models.user as models\nfrom app import models\n"
        "from app.models.user import U\nfrom app import models as m\napp = FastAPI()\n"
    )
    assert rewritten(before, UNIFY) == after.encode()


@pytest.mark.parametrize(
    ("module", "package", "before", "after"),
    [
        ("routers.users", False, "from . import items", "from . import items"),
        ("routers.users", False, "from .items import x", "from .items import x"),
        ("routers", True, "from .items import x", "from .items import x"),
        ("routers.users", False, "from .. import x", "from .. import x"),
        ("", False, "from .items import x", "from .items import x"),
        ("main", False, "from . import models", "from . import models"),
    ],
)
def test_relative_imports_move_with_their_package(module: str, package: bool, before: str, after: str) -> None:
    assert rewritten(before, module=module, is_package=package) == after.encode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from .x import y", "from app.x import y"),
        ("from .import x", "from app import x"),
        ("from. import x", "from app import x"),
        ("from . import old", "from app import new as old"),
        ("from .old import y", "from app.new import y"),
    ],
)
def test_relative_imports_become_absolute_where_the_modules_part(before: str, after: str) -> None:
    assert rewritten(before, PARTED, module="app.db") == after.encode()


def test_a_relative_import_beyond_the_top_is_told() -> None:
    answer = rename_imports(b"import os\nfrom .models import x\n", NEST, module="main")
    assert answer == Rewrite(
        doubts=(Doubt(2, "from .models", "fails today outside a package; afterwards it finds 'shop.models'"),)
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from app import db", "from core import db"),
        ("from app import db as d", "from core import db as d"),
        ("from app import old", "from app import new as old"),
        ("import app.db as d", "import core.db as d"),
        ("from app import x", "from app import x"),
    ],
)
def test_a_module_may_leave_its_package(before: str, after: str) -> None:
    assert rewritten(before, PARTED) == after.encode()


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("import os\nfrom app import db, x", "line 2: the names imported from 'app' go to different packages"),
        ("import app.db", "line 1: 'app' and 'app.db' part ways, and 'app.db' is bound as one name"),
    ],
)
def test_what_cannot_be_right_is_refused(source: str, why: str) -> None:
    assert rename_imports(source.encode(), PARTED) == Rewrite(error=why)


def test_a_module_that_becomes_top_level_cannot_come_from_its_package() -> None:
    names = ModuleNames({"app.db": "db"}, frozenset({"app", "app.db"}))
    assert rename_imports(b"from app import db", names).error == "line 1: 'app.db' becomes a top-level module"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"\xef\xbb\xbfimport models\r\n", b"\xef\xbb\xbffrom shop import models\r\n"),
        (b"import models\rimport schemas\r", b"from shop import models\rfrom shop import schemas\r"),
        (b"\x0cimport models\n", b"\x0cfrom shop import models\n"),
        (b"x = 1\n\x0c\nimport models.user", b"x = 1\n\x0c\nimport shop.models.user\nfrom shop import models"),
        (
            b"# coding: latin-1\nx = '\xe9'; import models; y = '\xe9'",
            b"# coding: latin-1\nx = '\xe9'; from shop import models; y = '\xe9'",
        ),
        (
            b"#!/usr/bin/python\n# -*- coding: cp1252 -*-\nx = '\x80\x93'; import models",
            b"#!/usr/bin/python\n# -*- coding: cp1252 -*-\nx = '\x80\x93'; from shop import models",
        ),
        (
            "# coding: shift-jis\nx = '表'; import models".encode("shift-jis"),
            "# coding: shift-jis\nx = '表'; from shop import models".encode("shift-jis"),
        ),
        ("x = 'é'; import models".encode(), "x = 'é'; from shop import models".encode()),
        (b"# coding: utf8\nimport models", b"# coding: utf8\nfrom shop import models"),
        (b"x = '''\n\xc3\xa9'''; import models", b"x = '''\n\xc3\xa9'''; from shop import models"),
    ],
)  # fmt: skip
def test_bytes_around_stay(before: bytes, after: bytes) -> None:
    assert rewritten(before) == after


def test_a_name_that_the_encoding_cannot_hold_is_refused() -> None:
    names = ModuleNames({"models": "größe.models"})
    answer = rename_imports(b"# coding: ascii\nimport models", names)
    assert answer == Rewrite(error="'from größe ' cannot be written in ascii")
    assert rewritten("import models", names) == "from größe import models".encode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import models\ntry: ...\nexcept A, B: ...\n", "from shop import models\ntry: ...\nexcept A, B: ...\n"),
        ("print 'x'\nimport models.user\n", "print 'x'\nimport shop.models.user, shop.models as models\n"),
        ("print shop\nimport models.user", "print shop\nimport shop.models.user as models, shop.models as models"),
        ("print 'x'\nfrom models import (  # (\n  a,\n)", "print 'x'\nfrom shop.models import (  # (\n  a,\n)"),
        ("print '''\nimport models\n'''\nimport models", "print '''\nimport models\n'''\nfrom shop import models"),
        ("print x, [\n'\\''\n]\nif x:\n\timport models as m # it's", "print x, [\n'\\''\n]\nif x:\n\tfrom shop import models as m # it's"),
        ("print 'a\\\nb'\nfrom \\\n models import x\n", "print 'a\\\nb'\nfrom \\\n shop.models import x\n"),
        ("{% if x %}\r\nimport models; x = 1\r\n", "{% if x %}\r\nfrom shop import models; x = 1\r\n"),
    ],
)  # fmt: skip
def test_files_of_another_python_are_rewritten_line_by_line(before: str, after: str) -> None:
    assert rewritten(before) == after.encode()
    answer = rename_imports(before.encode(), NEST)
    assert [doubt.why.partition(" (")[0] for doubt in answer.doubts] == ["this Python cannot parse the file"]


def test_another_python_with_a_byte_order_mark() -> None:
    assert rewritten(b"\xef\xbb\xbfimport models\nprint 1") == b"\xef\xbb\xbffrom shop import models\nprint 1"


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (b"print 'x'; import models", "line 1: an import that is no statement of its own"),
        (b"print 1\nimport src.models\nx = import models", "line 3: an import that is no statement of its own"),
        (b"import models\nprint it's", "line 2: a quote that nothing closes"),
        (b"import models\nprint (", "a bracket that nothing closes"),
        (b"import models\nprint '''", "line 2: a quote that nothing closes"),
        (b"print 1\nx = '\xe9'\nimport models, d\xe9", "line 3: an import that is no statement of its own"),
        (b"import models\n" + b"#" * 1_000_000, "too large to look at"),
    ],
)
def test_other_pythons_are_refused_where_an_import_is_not_certain(source: bytes, why: str) -> None:
    answer = rename_imports(source, NEST)
    assert (answer.edits, answer.doubts) == ((), ())
    assert answer.error.startswith(why)
    assert "this Python cannot parse the file" in answer.error


@pytest.mark.parametrize(
    "source",
    [b"print 'models'", b"import os\nprint models", b"\x00models", b"", b"(" * 5000 + b"models", b"x = '\xff models'"],
)
def test_what_has_nothing_to_rewrite_is_left_alone_whatever_it_is(source: bytes) -> None:
    answer = rename_imports(source, NEST)
    assert answer.edits == ()


def test_undecodable_bytes_do_not_hide_a_certain_import() -> None:
    assert rewritten(b"x = '\xff'\nimport models\n") == b"x = '\xff'\nfrom shop import models\n"
