"""What Alembic sees, before and after."""

from collections.abc import Callable
from hashlib import sha256

import pytest
from shops import MIGRATIONS

from trueup.verify import Context
from trueup.verify.baseline import Baseline
from trueup.verify.migrations import Migrations, check, compared, look

ADDRESS = sha256(b"sqlite:///./shop.db").hexdigest()
SEEN = Migrations(("a1 after None", "b2 after a1"), (), ("item()",), {"compare_type": "True", "url": ADDRESS})
LOST = "ModuleNotFoundError: No module named 'lib'"
BARE = SEEN._replace(tables=(), options={}, env="KeyError: 'DATABASE_URL'")


@pytest.mark.parametrize(
    ("before", "now", "status", "message"),
    [
        (SEEN, SEEN, "passed", "2 revisions, as before, and env.py says the same of 1 tables"),
        (BARE, BARE, "passed", "2 revisions, as before, and env.py finds what it imports"),
        (BARE, SEEN, "passed", "2 revisions, as before, and env.py finds what it imports"),
        (SEEN, BARE, "failed", "env.py: KeyError: 'DATABASE_URL'; it ran before"),
        (SEEN, SEEN._replace(tables=("item()", "x()")), "failed", "x(): new in the metadata of env.py"),
        (SEEN, SEEN._replace(tables=()), "failed", "item(): lost from the metadata of env.py"),
        (SEEN, SEEN._replace(options={"url": ADDRESS}), "failed", "env.py: compare_type is not what it was"),
        (SEEN, SEEN._replace(revisions=SEEN.revisions[:1]), "failed", "b2 after a1: revision lost"),
        (SEEN._replace(revisions=()), Migrations(("a1 after None",)), "failed", "a1 after None: new revision"),
        (SEEN, SEEN._replace(broken=("ImportError: x",)), "failed", "env.py: ImportError: x"),
        (SEEN, Migrations(problem="no"), "failed", "Alembic cannot read its revisions: no; it could before"),
        (
            SEEN._replace(broken=("E",)),
            SEEN._replace(broken=("E",)),
            "unchecked",
            "before, an import of env.py failed: E",
        ),
    ],
)
def test_a_difference_is_named(before: Migrations, now: Migrations, status: str, message: str) -> None:
    outcome = compared(before, now)
    assert (outcome.status, outcome.message) == (status, message)


def test_alembic_is_asked(project: Callable[..., Context]) -> None:
    context = project(MIGRATIONS, requires="alembic")
    assert look(context.root, context.venv, context.environ) == Migrations(SEEN.revisions, (LOST,) * 2, env=LOST)
    main = context.root / "src" / "shop" / "main.py"
    main.write_text("app = 1\n", "utf-8")
    assert look(context.root, context.venv, context.environ) == SEEN
    statuses = {}
    for before in (SEEN, Migrations(), Migrations(problem="no database")):
        outcome = check(context._replace(baseline=Baseline(migrations=before)))
        assert outcome is not None
        statuses[before.problem or str(len(before.revisions))] = outcome.status
    assert statuses == {"2": "passed", "0": "failed", "no database": "unchecked"}
    (context.root / "alembic.ini").unlink()
    gone = check(context._replace(baseline=Baseline(migrations=SEEN)))
    assert gone is not None
    assert gone.message == "alembic.ini is not there any more"


@pytest.mark.parametrize(
    ("name", "text", "status", "message"),
    [
        ("src/shop/main.py", "app = 1\n", "passed", "2 revisions can be read, and env.py finds what it imports"),
        ("src/shop/main.py", "import gone\n", "failed", "env.py: ModuleNotFoundError: No module named 'gone'"),
        (
            "src/shop/main.py",
            "import os\nos.environ['SHOP_URL']\n",
            "unchecked",
            "variables (SHOP_URL): hand them over",
        ),
        ("src/shop/main.py", "raise ValueError('odd')\n", "unchecked", "env.py: ValueError: odd"),
        ("migrations/env.py", "def (\n", "failed", "Alembic cannot read its revisions: SyntaxError"),
        ("migrations/env.py", "try:\n    import gone\nexcept ImportError:\n    gone = 0\n", "passed", "can be read"),
        (
            "migrations/env.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import gone\ndef f():\n    import lost\n",
            "passed",
            "can be read",
        ),
        (
            "migrations/env.py",
            "import sys\nsys.path.insert(0, 'lib')\nimport gone\n",
            "unchecked",
            "env.py: without what env.py does to sys.path ModuleNotFoundError: No module named 'gone'",
        ),
    ],
)
def test_without_a_before_the_imports_are_tried(
    name: str, text: str, status: str, message: str, project: Callable[..., Context]
) -> None:
    marks = {"migrations/env.py": MIGRATIONS["migrations/env.py"] + "open('ran', 'w')\n"}
    context = project({**MIGRATIONS, **marks, "src/shop/main.py": "app = 1\n", name: text}, requires="alembic")
    outcome = check(context)
    assert outcome is not None
    assert (outcome.status, message in outcome.message) == (status, True), outcome
    assert not (context.root / "ran").exists()


def test_without_alembic_nothing_is_known(project: Callable[..., Context]) -> None:
    outcome = check(project(MIGRATIONS))
    assert outcome is not None
    assert outcome[1:3] == ("unchecked", "Alembic is not in the environment")


def test_an_old_environment_that_could_not_be_made_is_told(project: Callable[..., Context]) -> None:
    before = Baseline(reason="the old environment could not be made: no network")
    context = project(sync=False)._replace(baseline=before)
    assert check(context) is None
    (context.root / "alembic.ini").write_text(MIGRATIONS["alembic.ini"], "utf-8")
    outcome = check(context)
    assert outcome is not None
    assert outcome[1:3] == ("unchecked", f"before, {before.reason}")


def test_what_cannot_be_read_says_why(project: Callable[..., Context]) -> None:
    context = project(MIGRATIONS)
    assert look(context.root, context.venv, context.environ) == Migrations(
        problem="ModuleNotFoundError: No module named 'alembic'"
    )
    (context.root / "alembic.ini").unlink()
    assert look(context.root, context.venv, context.environ) is None


def test_without_an_environment_nothing_is_asked(project: Callable[..., Context]) -> None:
    context = project(MIGRATIONS, sync=False)
    for before in (Baseline(migrations=SEEN), None):
        outcome = check(context._replace(baseline=before))
        assert outcome is not None
        assert outcome.status == "unchecked"
